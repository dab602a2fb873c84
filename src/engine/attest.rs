//! Attestations: whether a named person answers a check that no record can answer.
//!
//! An attestation counts for its check from the day it was made until its last day, which is no later than the check
//! allows. It is made by the organisation's own people, and a document shows what they looked at.

use super::fields::{Fields, in_words};
use super::verdict::{Evaluated, Trace, Truth, subject, truth};
use crate::assessment::Attested;
use crate::diagnostics::{Code, Problem, did_you_mean};
use crate::policy::expr::Scope;
use crate::policy::{Check, Form, Measure, PolicySet, Second};
use crate::records::RecordRef;
use crate::text::{Day, count};
use crate::words::Outcome;

/// Why an attestation does not count.
struct Refused {
    field: &'static str,
    why: String,
    help: String,
    /// Whether all that speaks against it is that its time is over.
    is_expired: bool,
}

impl Refused {
    fn because(field: &'static str, why: impl Into<String>, help: impl Into<String>) -> Self {
        Refused { field, why: why.into(), help: help.into(), is_expired: false }
    }
}

/// Whether a text of a record names a check: by its id, alone or behind that of its measure.
pub(crate) fn names_check(text: &str, measure: &str, check: &str) -> bool {
    match text.split_once('/') {
        Some((of, id)) => of == measure && id == check,
        None => text == check,
    }
}

/// The attestations of a check that count.
pub(super) fn evaluate<'a>(scope: &'a Scope<'a>, check: &'a Check) -> Evaluated {
    let mut out = Evaluated::default();
    let trace = &mut Trace::new(scope);
    for fields in of_check(scope, check) {
        if accept(trace, check, &fields).is_ok() {
            out.records.push((fields.record, Outcome::Satisfied));
        }
    }
    out.total = out.records.len();
    out.steps = trace.usage.steps;
    out
}

fn of_check<'a>(scope: &'a Scope<'a>, check: &'a Check) -> impl Iterator<Item = Fields<'a>> {
    let measure = match &check.form {
        Form::Attest { attested, .. } => attested.measure.as_str(),
        _ => "",
    };
    Fields::all(scope.set, "attestation")
        .filter(move |f| f.text("check").is_some_and(|text| names_check(text, measure, &check.id)))
}

/// What a report says of the attestation that counts longest.
pub(super) fn attested(scope: &Scope<'_>, evaluated: &Evaluated) -> Option<Attested> {
    let last = |record: &RecordRef| Fields::of(scope.set, *record).day("valid_until");
    let record = evaluated.records.iter().map(|(record, _)| *record).max_by_key(last)?;
    let fields = Fields::of(scope.set, record);
    Some(Attested {
        id: fields.id().to_owned(),
        by: match fields.shown("confirmed_by") {
            Some(second) => format!("{} and {second}", fields.shown("attested_by")?),
            None => fields.shown("attested_by")?,
        },
        attested_on: fields.day("attested_on")?,
        valid_until: fields.day("valid_until")?,
        place: fields.place("id"),
    })
}

/// Why a check that waits for a person is as it is.
pub(super) fn reason<'a>(scope: &'a Scope<'a>, check: &'a Check, attested: Option<&Attested>) -> String {
    if let Some(Attested { by, attested_on, valid_until, .. }) = attested {
        return format!("attested by {by} on {attested_on}, until {valid_until}");
    }
    let trace = &mut Trace::new(scope);
    let why = of_check(scope, check).find_map(|fields| {
        let refused = accept(trace, check, &fields).err()?;
        Some(format!("{} does not count: {}", in_words(fields.id()), refused.why))
    });
    match why {
        Some(why) => format!("it needs a person's attestation, and {why}"),
        None => "it needs a person's attestation, and there is none".to_owned(),
    }
}

fn accept<'a>(trace: &mut Trace<'a>, check: &'a Check, fields: &Fields<'a>) -> Result<(), Refused> {
    let Form::Attest { valid_days, attested, .. } = &check.form else { return Ok(()) };
    let scope = trace.scope;
    let as_of = Day(scope.as_of);
    if fields.is_ambiguous() {
        let why = "another attestation has the same id";
        return Err(Refused::because("id", why, "give each attestation an id of its own"));
    }
    let needed = ["statement", "attested_by", "attested_on", "valid_until", "document"];
    if let Some(field) = fields.first_unknown(&needed) {
        let why = format!("`{field}` is not recorded");
        return Err(Refused::because(field, why, "`duly schema attestation` says what belongs there"));
    }
    let (Some(on), Some(until)) = (fields.day("attested_on"), fields.day("valid_until")) else {
        return Err(Refused::because("attested_on", "its dates cannot be read", "write YYYY-MM-DD"));
    };
    if on > as_of {
        let why = format!("it is dated {on}, after the date of the audit");
        return Err(Refused::because("attested_on", why, "correct the date, or audit on a later day"));
    }
    if until < on {
        let why = format!("it ends on {until}, before it was made");
        return Err(Refused::because("valid_until", why, "correct the date"));
    }
    let days = on.days_until(until);
    if days > i64::from(*valid_days) {
        let allowed = count(*valid_days as usize, "day");
        let why = format!("it is valid for {}, and the check allows {allowed}", count(days as usize, "day"));
        let help = format!("end it at most {allowed} after it was made");
        return Err(Refused::because("valid_until", why, help));
    }
    match truth(&attested.from_outside, trace, subject(scope, fields.record)) {
        Truth::False => {}
        Truth::True => {
            let why = "the person who attests it is not an employee of the organisation";
            return Err(Refused::because("attested_by", why, "let an employee look and attest it"));
        }
        Truth::Unknown(_) | Truth::Failed(_) => {
            let why = "it is not known whether the person who attests it is an employee";
            return Err(Refused::because("attested_by", why, "record how that person is engaged"));
        }
    }
    if let Some(second) = &attested.second {
        confirmed(trace, second, fields)?;
    }
    match truth(&attested.evidence, trace, subject(scope, fields.record)) {
        Truth::True => {}
        Truth::Unknown(_) => {
            let why = "its document cannot be verified";
            return Err(Refused::because("document", why, "name a file of the folder, or add its `sha256`"));
        }
        Truth::False | Truth::Failed(_) => {
            let why = "its document is not on file, is empty, or was changed";
            return Err(Refused::because("document", why, "keep what the person looked at, and name it"));
        }
    }
    if until < as_of {
        let help = "have it attested again";
        let expired = Refused::because("valid_until", format!("it expired on {until}"), help);
        return Err(Refused { is_expired: true, ..expired });
    }
    Ok(())
}

/// Whether a second person of the organisation, and not the first one again, confirms it.
fn confirmed<'a>(trace: &mut Trace<'a>, second: &'a Second, fields: &Fields<'a>) -> Result<(), Refused> {
    let refused = |why: &str, help: &str| Err(Refused::because("confirmed_by", why, help));
    let about = subject(trace.scope, fields.record);
    if fields.first_unknown(&["confirmed_by"]).is_some() {
        let why = "the check asks for two people, and `confirmed_by` is not recorded";
        return refused(why, "have a second employee look, and name that person");
    }
    if !matches!(truth(&second.is_the_first, trace, about.clone()), Truth::False) {
        let why = "the check asks for two people, and both are the same or not told apart";
        return refused(why, "have another employee look, and name that person");
    }
    match truth(&second.from_outside, trace, about) {
        Truth::False => Ok(()),
        Truth::True => {
            let why = "the second person is not an employee of the organisation";
            refused(why, "let an employee confirm it")
        }
        Truth::Unknown(_) | Truth::Failed(_) => {
            let why = "it is not known whether the second person is an employee";
            refused(why, "record how that person is engaged")
        }
    }
}

/// What is to be told of attestations: those that do not count, and those for what is no such check.
pub(super) fn problems(scope: &Scope<'_>, policies: &PolicySet) -> Vec<Problem> {
    let mut problems = Vec::new();
    let checks =
        || policies.measures().flat_map(|(_, m)| m.checks.iter().chain(&m.left_out).map(move |c| (m, c)));
    for fields in Fields::all(scope.set, "attestation") {
        // What its schema refuses is told when it is read.
        let Some(text) = fields.text("check") else { continue };
        let mut found: Vec<(&Measure, &Check)> =
            checks().filter(|(measure, check)| names_check(text, &measure.id, &check.id)).collect();
        if found.is_empty() {
            let ids =
                checks().filter(|(_, c)| matches!(c.form, Form::Attest { .. })).map(|(_, c)| c.id.as_str());
            let id = text.rsplit('/').next().unwrap_or(text);
            let help =
                did_you_mean(id, ids, || "`duly explain MEASURE` lists the checks of a measure".to_owned());
            let why = format!("there is no check `{}`", in_words(text));
            problems.push(fields.problem(Code::AttestationRefused, "check", why, help));
            continue;
        }
        found.retain(|(_, check)| matches!(check.form, Form::Attest { .. }));
        if found.is_empty() {
            let why = format!("`{}` is answered by records, not by an attestation", in_words(text));
            let help = "record what the check asks for; `duly explain` says what it reads";
            problems.push(fields.problem(Code::AttestationRefused, "check", why, help));
        }
        for (_, check) in found {
            let Err(refused) = accept(&mut Trace::new(scope), check, &fields) else { continue };
            // A later one took its place.
            let renewed =
                || of_check(scope, check).any(|f| accept(&mut Trace::new(scope), check, &f).is_ok());
            if !(refused.is_expired && renewed()) {
                let why = format!("the attestation does not count, because {}", refused.why);
                problems.push(fields.problem(Code::AttestationRefused, refused.field, why, refused.help));
            }
        }
    }
    problems
}
