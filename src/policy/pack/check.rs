//! Checks: the forms they have, and how each is compiled.

use super::super::check::{Attested, Binding, Check, Form, Second, Since, Stated, Subject};
use super::super::expr::{Expression, Type};
use super::super::file::CheckFile;
use super::super::message::{About, Message};
use super::loader::FileLoader;
use crate::diagnostics::did_you_mean;
use crate::records::{KindId, compile};
use crate::text::escape;
use crate::words::{Basis, Grade, Severity};

/// The key that names each form of check, the keys that the form needs, and those that also fit it. Keys that are
/// not here fit every form.
pub(in crate::policy) const FORMS: [(&str, &[&str], &[&str]); 4] = [
    ("require", &["for", "grade", "message"], &["when", "group_by", "fresh", "stale", "since_in", "at"]),
    ("schema", &["for", "grade", "message"], &["when", "at"]),
    ("exists", &["grade", "message"], &["where", "binds", "everyone", "fresh", "stale", "at"]),
    ("attest", &["valid_days"], &["people", "grade", "message"]),
];

/// Whether a field names a worker on record who is no employee, or one who speaks for a vendor.
fn from_outside(field: &str) -> String {
    format!(
        "people({field}).size() > 0
          ? people({field}).all(w, has(w.vendor) || !has(w.engagement) || w.engagement != 'employee')
          : related('vendor', 'kind', 'vendor').exists(v,
            (has(v.contact_name) && names({field}, v.contact_name))
            || (has(v.contact_email) && names({field}, v.contact_email)))"
    )
}

/// The day from which the organisation answers for what it does.
const ADOPTED: &str = "organization.adopted_on";
const EVIDENCE: &str = "evidence_ok(attestation.document)";
/// Whether the two people of an attestation are one: by their names, or by the worker on record whom both texts name.
const IS_THE_FIRST: &str = "names(attestation.confirmed_by, attestation.attested_by)
  || names(attestation.attested_by, attestation.confirmed_by)
  || people(attestation.confirmed_by).exists(p, people(attestation.attested_by).exists(q, q.id == p.id))";
const SEE_FORMS: &str = "docs/policies.md describes the forms";

impl FileLoader<'_, '_> {
    /// The check with this index; none after a mistake in its condition. Where it does not say its severity, it has that
    /// of its measure; where it does not say what to do about a gap, that follows from its title.
    pub(super) fn check(
        &mut self,
        index: &str,
        file: CheckFile,
        since: Option<Since>,
        severity: Severity,
    ) -> Option<Check> {
        let at = |key: &'static str| ["checks", index, key];
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if file.id.is_empty() || !file.id.chars().all(kebab) {
            let help = "name the problem, such as `shipment-without-signature`";
            self.error(&at("id"), "a check id is lower-case words with hyphens", help);
        }
        if file.grade == Some(Grade::Attested) {
            let help =
                "name the grade of the records that it reads: declared, configured, enforced or observed";
            self.error(&at("grade"), "the grade `attested` is that of an attestation", help);
        }
        let key = self.form_key(index)?;
        let form = self.form(index, &file, since)?;
        let stated = self.stated(index, &form)?;
        let kind = form.kind().map(|kind| self.catalog.get(kind));
        if let (Some(path), Some(kind)) = (&file.at, kind)
            && kind.shape.at(path).is_none()
        {
            let message = format!("there is no field `{}`", escape(path));
            self.error(&at("at"), message, "name a field of the record by its dotted path");
        }
        let variable = kind.map(|kind| kind.variable()).unwrap_or_default();
        let about = match kind {
            None => About::Nothing,
            Some(_) if form.is_group() => About::Group,
            Some(kind) => About::Record(&variable, &kind.shape),
        };
        let message = self.message(&at("message"), file.message.as_deref(), about);
        let stale = self.message(&at("stale"), file.stale.as_deref(), about);
        let absent = self.message(&at("absent"), file.absent.as_deref(), about);
        // What a check with `exists` requires is its `where`.
        let requirement = if file.matching.is_some() { "where" } else { key };
        // What is asked about a gap has to fit the check; the steps of the measure are about the measure.
        let remediation = file.remediation.unwrap_or_else(|| vec![format!("Make this true: {}", file.title)]);
        Some(Check {
            place: self.located.place(&at("id")),
            require_place: self.located.place(&at(requirement)),
            id: file.id,
            title: file.title,
            asks: file.asks,
            tests: file.tests,
            basis: file.basis.unwrap_or(Basis::Safeguard),
            profile: file.profile,
            grade: file.grade,
            severity: file.severity.unwrap_or(severity),
            remediation,
            form,
            stated,
            at: file.at,
            missing: file.missing,
            otherwise: file.otherwise,
            pattern: file.pattern.map(|t| t.trim().to_owned()),
            message: message.unwrap_or_default(),
            stale,
            absent,
        })
    }

    /// The key that names the form of a check; none where another key does not fit the form, or is missing.
    fn form_key(&mut self, index: &str) -> Option<&'static str> {
        let located = self.located;
        let has = |key: &str| located.node(&["checks", index, key]).is_some();
        let mut named = FORMS.iter().filter(|(key, ..)| has(key));
        let (Some((form, needs, fits)), None) = (named.next(), named.next()) else {
            let message = "a check has exactly one of `require`, `schema`, `exists`, `attest`";
            self.error(&["checks", index, "id"], message, SEE_FORMS);
            return None;
        };
        let before = self.loader.errors.len();
        for key in FORMS.iter().flat_map(|(_, needs, fits)| needs.iter().chain(*fits)) {
            if has(key) && !needs.contains(key) && !fits.contains(key) {
                let place = located.key_place(&["checks", index, key]);
                let message = format!("`{key}` does not fit a check with `{form}`");
                self.loader.error(place, message, SEE_FORMS);
            }
        }
        for key in needs.iter().filter(|key| !has(key)) {
            self.error(&["checks", index, "id"], format!("a check with `{form}` needs `{key}`"), SEE_FORMS);
        }
        let stale = "say when evidence is stale, and what to report";
        let bound = "say whom a record holds for, and of whom each needs one";
        for (key, other, help) in [
            ("fresh", "stale", stale),
            ("stale", "fresh", stale),
            ("binds", "everyone", bound),
            ("everyone", "binds", bound),
        ] {
            let fits_here = needs.contains(&key) || fits.contains(&key);
            if has(key) && fits_here && !has(other) {
                let message = format!("a check with `{key}` needs `{other}`");
                self.error(&["checks", index, key], message, help);
            }
        }
        (self.loader.errors.len() == before).then_some(*form)
    }

    /// From which day on a check asks, by the day of what a record tells of; none after a mistake.
    pub(super) fn since(&mut self, path: &[&str], event: &str, file: &CheckFile) -> Option<Since> {
        if file.group_by.is_some() {
            self.error(path, "`since_in` does not fit a check with `group_by`", SEE_FORMS);
            return None;
        }
        let (_, record) = self.subject(path, file.for_kind.as_deref()?)?;
        let event = self.expression(path, event, Some(&record), Some(&Type::Date))?;
        let adopted = self.expression(path, ADOPTED, None, Some(&Type::Date))?;
        Some(Since { event, adopted, document: self.document? })
    }

    fn form(&mut self, index: &str, file: &CheckFile, since: Option<Since>) -> Option<Form> {
        if let Some(question) = &file.attest {
            let valid_days = file.valid_days.unwrap_or_default();
            let attested = Box::new(self.attested(index, file.people)?);
            return Some(Form::Attest { question: question.trim().to_owned(), valid_days, attested });
        }
        if let Some(name) = &file.exists {
            let (kind, record) = self.subject(&["checks", index, "exists"], name)?;
            let matching = self.condition(&["checks", index, "where"], &file.matching, &record)?;
            let fresh = self.condition(&["checks", index, "fresh"], &file.fresh, &record)?;
            let binding = match (&file.binds, &file.everyone) {
                (Some(binds), Some(everyone)) => {
                    let list = Type::list(Type::text());
                    let binds =
                        self.expression(&["checks", index, "binds"], binds, Some(&record), Some(&list))?;
                    let everyone =
                        self.expression(&["checks", index, "everyone"], everyone, None, Some(&list))?;
                    Some(Box::new(Binding { binds, everyone }))
                }
                _ => None,
            };
            return Some(Form::Exists { kind, matching, fresh, binding });
        }
        let name = file.for_kind.as_deref().unwrap_or_default();
        let (kind, record) = self.subject(&["checks", index, "for"], name)?;
        let when = self.condition(&["checks", index, "when"], &file.when, &record)?;
        if let Some(schema) = &file.schema {
            let validator = compile(schema).map_err(|error| {
                let message = format!("not a JSON Schema: {}", escape(&error));
                self.error(&["checks", index, "schema"], message, "write a JSON Schema, draft 2020-12");
            });
            return Some(Form::Schema { kind, when, validator: Box::new(validator.ok()?) });
        }
        let group_by = match &file.group_by {
            Some(source) => {
                Some(self.expression(&["checks", index, "group_by"], source, Some(&record), None)?)
            }
            None => None,
        };
        let subject = match &group_by {
            Some(_) => ("group".to_owned(), Type::list(record.1)),
            None => record,
        };
        let require = self.condition(&["checks", index, "require"], &file.require, &subject)??;
        let fresh = self.condition(&["checks", index, "fresh"], &file.fresh, &subject)?;
        Some(Form::Each(Box::new(Subject { kind, when, group_by, require, fresh, since })))
    }

    /// A kind, and the variable that its records are read by.
    fn subject(&mut self, path: &[&str], name: &str) -> Option<(KindId, (String, Type))> {
        let Some(kind) = self.catalog.find(name) else {
            let help =
                did_you_mean(name, self.catalog.names(), || "`duly schema` lists the kinds".to_owned());
            self.error(path, format!("there is no record kind `{}`", escape(name)), help);
            return None;
        };
        let definition = self.catalog.get(kind);
        Some((kind, (definition.variable(), Type::Object(definition.shape.clone()))))
    }

    /// What can be stated of a check that looks at the records of one kind; none after a mistake.
    #[expect(clippy::option_option, reason = "a mistake is not the same as nothing to state")]
    fn stated(&mut self, index: &str, form: &Form) -> Option<Option<Box<Stated>>> {
        let (Form::Each(_) | Form::Schema { .. }, Some(kind)) = (form, form.kind()) else {
            return Some(None);
        };
        let name = &self.catalog.get(kind).name;
        let Some((kind, said)) = Stated::SUBJECTS.iter().copied().find(|(kind, _)| kind == name) else {
            return Some(None);
        };
        let path = ["checks", index, "for"];
        let (_, record) = self.subject(&path, "statement")?;
        let source = from_outside("statement.declared_by");
        let from_outside = self.expression(&path, &source, Some(&record), Some(&Type::Bool))?;
        Some(Some(Box::new(Stated { kind, subject: said, days: self.cadence_days, from_outside })))
    }

    /// What every attestation is asked, whatever the pack.
    fn attested(&mut self, index: &str, people: Option<u32>) -> Option<Attested> {
        if people.is_some_and(|people| !(1..=2).contains(&people)) {
            self.error(&["checks", index, "people"], "one or two people attest a check", "write 1 or 2");
        }
        let path = ["checks", index, "attest"];
        let (_, record) = self.subject(&path, "attestation")?;
        let mut compiled = |source: &str| self.expression(&path, source, Some(&record), Some(&Type::Bool));
        let (from_outside, evidence) =
            (compiled(&from_outside("attestation.attested_by"))?, compiled(EVIDENCE)?);
        let second = match people {
            Some(2) => Some(Second {
                from_outside: compiled(&self::from_outside("attestation.confirmed_by"))?,
                is_the_first: compiled(IS_THE_FIRST)?,
            }),
            _ => None,
        };
        Some(Attested { measure: self.measure.clone(), from_outside, evidence, second })
    }

    /// A condition that may be left out; none after a mistake.
    fn condition(
        &mut self,
        path: &[&str],
        source: &Option<String>,
        subject: &(String, Type),
    ) -> Option<Option<Expression>> {
        match source {
            Some(source) => self.expression(path, source, Some(subject), Some(&Type::Bool)).map(Some),
            None => Some(None),
        }
    }

    fn message(&mut self, path: &[&str], text: Option<&str>, about: About<'_>) -> Option<Message> {
        let text = text?;
        let errors = match Message::parse(text, about, &self.parameters) {
            Ok(message) => return Some(message),
            Err(errors) => errors,
        };
        errors.into_iter().find_map(|error| self.accept(path, text, Err(error)))
    }
}
