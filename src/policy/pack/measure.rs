//! Measures: one policy file into a compiled measure, its parameters and checks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::check::{Check, Form, OnMissing, Otherwise, Subject};
use super::super::expr::{self, Definition, Expression, IndexPlan, Literal, Type, Variables};
use super::super::file::{CheckFile, MeasureFile, OnMissingFile, OtherwiseFile, PackFile};
use super::super::message::{About, Message};
use super::super::set::{Measure, Parameter};
use super::define::Definer;
use super::loader::{Loader, configured};
use crate::diagnostics::suggestion;
use crate::records::{Catalog, KindId, compile};
use crate::text::escape;
use crate::tree::Located;
use crate::words::Severity;

/// What a measure is compiled with.
pub(super) struct MeasureLoader<'l, 'o, 'c> {
    pub loader: &'l mut Loader<'o>,
    pub located: &'c Located<'c>,
    pub catalog: &'c Catalog,
    pub plan: &'c mut IndexPlan,
    pub head: &'c PackFile,
    /// Values of the measure's parameters.
    pub parameters: BTreeMap<String, Literal>,
    /// Those of the pack, then those of the measure; none where one has a mistake.
    pub definitions: Option<Vec<Arc<Definition>>>,
    /// Names of the definitions that its expressions use.
    pub used: BTreeSet<String>,
}

impl MeasureLoader<'_, '_, '_> {
    fn error(&mut self, path: &[&str], message: impl Into<String>, help: impl Into<String>) {
        let place = self.located.place(path);
        self.loader.error(place, message, help);
    }

    pub fn measure(&mut self, file: MeasureFile) -> Measure {
        if !self.head.documents.iter().any(|d| d.id == file.source.document) {
            self.error(
                &["source", "document"],
                format!("the pack names no document `{}`", escape(&file.source.document)),
                "list it under `documents` in pack.yaml",
            );
        }
        if !self.head.groups.iter().any(|g| g.id == file.group) {
            self.error(
                &["group"],
                format!("the pack has no group `{}`", escape(&file.group)),
                "list it under `groups` in pack.yaml",
            );
        }
        let mut literals = BTreeMap::new();
        let mut parameters = BTreeMap::new();
        for (name, parameter) in &file.parameters {
            let over = self.loader.overrides.get(&file.measure).and_then(|p| p.get(name));
            if over.is_some() {
                self.loader.used.insert((file.measure.clone(), name.clone()));
            }
            let Some(own) = literal(&parameter.value) else {
                self.error(
                    &["parameters", name, "value"],
                    format!("the parameter `{}` is no text, number, boolean or list of those", escape(name)),
                    "write a plain value",
                );
                continue;
            };
            let fits = |value: &Literal| std::mem::discriminant(&own) == std::mem::discriminant(value);
            let value = match over.map(|over| (over, literal(&over.value))) {
                None => own,
                Some((_, Some(value))) if fits(&value) => value,
                Some((over, _)) => {
                    let message = format!(
                        "the parameter `{}` of {} must be of the type it has in the pack",
                        escape(name),
                        escape(&file.measure)
                    );
                    let help = "compare `duly explain`".to_owned();
                    self.loader.errors.push(configured(over, message, help));
                    own
                }
            };
            parameters.insert(
                name.clone(),
                Parameter {
                    value: over.map_or(&parameter.value, |over| &over.value).clone(),
                    description: parameter.description.clone(),
                    changed_from: over
                        .filter(|o| o.value != parameter.value)
                        .map(|_| parameter.value.clone()),
                },
            );
            literals.insert(name.clone(), value);
        }
        let mut own = Definer {
            loader: self.loader,
            located: self.located,
            catalog: self.catalog,
            plan: self.plan,
            parameters: &literals,
        };
        self.definitions = self.definitions.take().and_then(|shared| own.all(&file.define, &shared));
        self.parameters = literals;
        let applicable = file.applicable.and_then(|a| {
            let expression = self.expression(&["applicable", "when"], &a.when, None, Some(&Type::Bool))?;
            Some((expression, a.otherwise))
        });
        // A check with a mistake still covers what it names: one mistake is one error.
        let covered: BTreeSet<String> = file.checks.iter().flat_map(|c| c.asks.iter().cloned()).collect();
        let mut checks: Vec<Check> = Vec::new();
        for (i, check) in file.checks.into_iter().enumerate() {
            let index = i.to_string();
            for ask in &check.asks {
                if !file.asks.iter().any(|a| a.id == *ask) {
                    self.error(
                        &["checks", &index, "asks"],
                        format!("the measure asks no `{}`", escape(ask)),
                        "name one of `asks`",
                    );
                }
            }
            let defaults = (file.severity, file.remediation.as_slice());
            if let Some(check) = self.check(&index, check, defaults) {
                if checks.iter().any(|c| c.id == check.id) {
                    self.error(
                        &["checks", &index, "id"],
                        format!("the check `{}` is defined twice", escape(&check.id)),
                        "rename one of the two",
                    );
                }
                checks.push(check);
            }
        }
        for (i, ask) in file.asks.iter().enumerate() {
            if !covered.contains(&ask.id) {
                self.error(
                    &["asks", &i.to_string(), "id"],
                    format!("no check covers `{}`", escape(&ask.id)),
                    "every requirement needs a check; `attest` for what no machine can test",
                );
            }
        }
        self.loader.unused_definitions(&file.define, &self.used, self.located);
        Measure {
            place: self.located.place(&["measure"]),
            id: file.measure,
            title: file.title,
            source: file.source,
            group: file.group,
            severity: file.severity,
            owner: file.owner,
            cadence_days: file.cadence_days,
            asks: file.asks,
            rationale: file.rationale.trim().to_owned(),
            remediation: file.remediation,
            mappings: file.mappings,
            not_scored: file.not_scored.map(|t| t.trim().to_owned()),
            parameters,
            applicable,
            checks,
        }
    }

    fn expression(
        &mut self,
        path: &[&str],
        source: &str,
        subject: Option<&(String, Type)>,
        wanted: Option<&Type>,
    ) -> Option<Expression> {
        let variables = Variables {
            catalog: self.catalog,
            subject: subject.cloned(),
            parameters: &self.parameters,
            definitions: self.definitions.as_ref()?,
        };
        match expr::compile(source, &variables, self.plan, wanted) {
            Ok(expression) => {
                self.used.extend(expression.definitions().iter().map(|used| used.name.clone()));
                Some(expression)
            }
            Err(error) => {
                self.loader.refuse(self.located, path, source, error);
                None
            }
        }
    }

    fn kind(&mut self, path: &[&str], name: &str) -> Option<KindId> {
        let kind = self.catalog.find(name);
        if kind.is_none() {
            let help = suggestion(name, self.catalog.names()).map_or_else(
                || "`duly schema` lists the kinds".to_owned(),
                |s| format!("did you mean `{s}`?"),
            );
            self.error(path, format!("there is no record kind `{}`", escape(name)), help);
        }
        kind
    }

    fn check(
        &mut self,
        index: &str,
        file: CheckFile,
        (severity, remediation): (Severity, &[String]),
    ) -> Option<Check> {
        let at = |key: &'static str| ["checks", index, key];
        let kebab = |id: &str| {
            !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if !kebab(&file.id) {
            self.error(
                &at("id"),
                "a check id is lower-case words with hyphens",
                "name the problem, such as `shipment-without-signature`",
            );
        }
        let forms = [file.for_kind.is_some(), file.exists.is_some(), file.attest.is_some()];
        if forms.iter().filter(|f| **f).count() != 1 {
            self.error(
                &["checks", index, "id"],
                "a check has exactly one of `for`, `exists`, `attest`",
                "docs/policies.md describes the forms",
            );
            return None;
        }
        let misplaced = [
            ("where", file.where_.is_some() && file.exists.is_none()),
            ("none", file.none.is_some() && file.exists.is_none()),
            ("valid_days", file.valid_days.is_some() != file.attest.is_some()),
            ("require", file.require.is_some() && file.for_kind.is_none()),
            ("schema", file.schema.is_some() && (file.for_kind.is_none() || file.require.is_some())),
            ("group_by", file.group_by.is_some() && file.require.is_none()),
            ("when", file.when.is_some() && file.for_kind.is_none()),
            ("fresh", file.fresh.is_some() && (file.attest.is_some() || file.schema.is_some())),
            ("stale", file.stale.is_some() != file.fresh.is_some()),
            ("message", file.message.is_none() && file.attest.is_none()),
            ("grade", file.grade.is_none() && file.attest.is_none()),
            ("at", file.at.is_some() && file.attest.is_some()),
        ];
        for (key, wrong) in misplaced {
            if wrong {
                self.error(
                    &at(key),
                    format!("`{key}` does not fit this form of check, or is missing from it"),
                    "docs/policies.md describes the forms",
                );
            }
        }
        let on_missing = |m: Option<OnMissingFile>| match m {
            Some(OnMissingFile::Gap) => OnMissing::Gap,
            _ => OnMissing::NotAssessed,
        };
        let (form, shape) = if let Some(name) = &file.for_kind {
            let kind = self.kind(&at("for"), name)?;
            let definition = self.catalog.get(kind);
            let record = (definition.variable(), Type::Object(definition.shape.clone()));
            let one = Some(&record);
            let when = match &file.when {
                Some(source) => Some(self.expression(&at("when"), source, one, Some(&Type::Bool))?),
                None => None,
            };
            if let Some(schema) = &file.schema {
                match compile(schema) {
                    Ok(validator) => {
                        (Form::Schema { kind, when, validator: Box::new(validator) }, &definition.shape)
                    }
                    Err(error) => {
                        self.error(
                            &at("schema"),
                            format!("not a JSON Schema: {}", escape(&error)),
                            "draft 2020-12",
                        );
                        return None;
                    }
                }
            } else {
                let Some(require) = &file.require else {
                    self.error(&at("for"), "`for` needs `require` or `schema`", "say what must hold");
                    return None;
                };
                let group_by = match &file.group_by {
                    Some(source) => Some(self.expression(&at("group_by"), source, one, None)?),
                    None => None,
                };
                let group = ("group".to_owned(), Type::list(record.1.clone()));
                let subject = if group_by.is_some() { Some(&group) } else { one };
                let require = self.expression(&at("require"), require, subject, Some(&Type::Bool))?;
                let fresh = match &file.fresh {
                    Some(source) => {
                        Some(self.expression(&at("fresh"), source, subject, Some(&Type::Bool))?)
                    }
                    None => None,
                };
                let subject = Subject { kind, when, group_by, require, fresh };
                (Form::Each(Box::new(subject)), &definition.shape)
            }
        } else if let Some(name) = &file.exists {
            let kind = self.kind(&at("exists"), name)?;
            let definition = self.catalog.get(kind);
            let record = (definition.variable(), Type::Object(definition.shape.clone()));
            let subject = Some(&record);
            let matching = match &file.where_ {
                Some(source) => Some(self.expression(&at("where"), source, subject, Some(&Type::Bool))?),
                None => None,
            };
            let fresh = match &file.fresh {
                Some(source) => Some(self.expression(&at("fresh"), source, subject, Some(&Type::Bool))?),
                None => None,
            };
            (Form::Exists { kind, matching, fresh, none: on_missing(file.none) }, &definition.shape)
        } else {
            let form = Form::Attest {
                question: file.attest.clone().unwrap_or_default().trim().to_owned(),
                valid_days: file.valid_days.unwrap_or_default(),
            };
            let messages = self.messages(index, &file, About::Nothing);
            return Some(self.finish(index, file, form, messages, (severity, remediation)));
        };
        let shape = Arc::clone(shape);
        if let Some(path) = &file.at
            && shape.at(path).is_none()
        {
            self.error(
                &at("at"),
                format!("there is no field `{}`", escape(path)),
                "a dotted path of the record's schema",
            );
        }
        let variable = form.kind().map(|k| self.catalog.get(k).variable()).unwrap_or_default();
        let about = if form.is_group() { About::Group } else { About::Record(&variable, &shape) };
        let messages = self.messages(index, &file, about);
        Some(self.finish(index, file, form, messages, (severity, remediation)))
    }

    /// The message and the stale message of a check.
    fn messages(&mut self, index: &str, file: &CheckFile, about: About<'_>) -> [Option<Message>; 2] {
        [("message", &file.message), ("stale", &file.stale)].map(|(key, text)| {
            let text = text.as_ref()?;
            let errors = match Message::parse(text, about, &self.parameters) {
                Ok(message) => return Some(message),
                Err(errors) => errors,
            };
            for error in errors {
                self.loader.refuse(self.located, &["checks", index, key], text, error);
            }
            None
        })
    }

    fn finish(
        &mut self,
        index: &str,
        file: CheckFile,
        form: Form,
        [message, stale]: [Option<Message>; 2],
        (severity, remediation): (Severity, &[String]),
    ) -> Check {
        let requirement = ["require", "where", "schema", "exists", "attest"];
        let key = requirement.iter().find(|key| self.located.node(&["checks", index, key]).is_some());
        Check {
            place: self.located.place(&["checks", index, "id"]),
            require_place: self.located.place(&["checks", index, key.unwrap_or(&"id")]),
            id: file.id,
            title: file.title,
            asks: file.asks,
            tests: file.tests,
            grade: file.grade,
            severity: file.severity.unwrap_or(severity),
            remediation: file.remediation.unwrap_or_else(|| remediation.to_vec()),
            form,
            at: file.at,
            missing: match file.missing {
                Some(OnMissingFile::Gap) => OnMissing::Gap,
                _ => OnMissing::NotAssessed,
            },
            otherwise: match file.otherwise {
                Some(OtherwiseFile::Review) => Otherwise::Review,
                _ => Otherwise::Gap,
            },
            pattern: file.pattern.map(|t| t.trim().to_owned()),
            message: message.unwrap_or_default(),
            stale,
        }
    }
}

pub(super) fn clip(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(40).chain(['…']).collect() }
}

fn literal(value: &serde_json::Value) -> Option<Literal> {
    Some(match value {
        serde_json::Value::Bool(b) => Literal::Bool(*b),
        serde_json::Value::Number(n) => match n.as_i64() {
            Some(i) => Literal::Int(i),
            None => Literal::Float(n.as_f64().filter(|f| f.is_finite())?),
        },
        serde_json::Value::String(s) => Literal::Text(s.clone()),
        serde_json::Value::Array(items) => Literal::List(items.iter().map(literal).collect::<Option<_>>()?),
        _ => return None,
    })
}
