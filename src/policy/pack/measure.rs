//! Measures: one policy file into a compiled measure with its parameters.

use std::collections::{BTreeMap, BTreeSet};

use super::super::check::Check;
use super::super::expr::{Literal, Type};
use super::super::file::{MeasureFile, Parameter};
use super::super::set::{Measure, Overrides, Pack};
use super::loader::FileLoader;
use crate::text::escape;

impl FileLoader<'_, '_> {
    /// The measure of a file of the pack.
    pub fn measure(&mut self, file: MeasureFile, pack: &Pack) -> Measure {
        if !pack.documents.iter().any(|d| d.id == file.source.document) {
            let message = format!("the pack names no document `{}`", escape(&file.source.document));
            self.error(&["source", "document"], message, "list it under `documents` in pack.yaml");
        }
        if !pack.groups.iter().any(|g| g.id == file.group) {
            let message = format!("the pack has no group `{}`", escape(&file.group));
            self.error(&["group"], message, "list it under `groups` in pack.yaml");
        }
        let parameters = self.configured(&file.measure, file.parameters);
        self.define(&file.define);
        let applicable = file.applicable.and_then(|a| {
            let expression = self.expression(&["applicable", "when"], &a.when, None, Some(&Type::Bool))?;
            Some((expression, a.otherwise))
        });
        // A check with a mistake still covers what it names: one mistake is one error.
        let mut uncovered: BTreeSet<&str> = file.asks.iter().map(|ask| ask.id.as_str()).collect();
        let mut checks: Vec<Check> = Vec::new();
        for (i, check) in file.checks.into_iter().enumerate() {
            let index = i.to_string();
            for ask in &check.asks {
                uncovered.remove(ask.as_str());
                if !file.asks.iter().any(|a| a.id == *ask) {
                    let message = format!("the measure has no requirement `{}`", escape(ask));
                    self.error(&["checks", &index, "asks"], message, "name one of `asks`");
                }
            }
            checks.extend(self.check(&index, check, (file.severity, &file.remediation)));
        }
        for (i, ask) in file.asks.iter().enumerate().filter(|(_, ask)| uncovered.contains(ask.id.as_str())) {
            self.error(
                &["asks", &i.to_string(), "id"],
                format!("no check covers `{}`", escape(&ask.id)),
                "every requirement needs a check; `attest` for what no machine can test",
            );
        }
        self.unused_definitions(&file.define);
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

    /// The parameters with the values of the configuration, which expressions read from here on. One with a mistake
    /// is left out.
    fn configured(
        &mut self,
        measure: &str,
        mut parameters: BTreeMap<String, Parameter>,
    ) -> BTreeMap<String, Parameter> {
        let all: &Overrides = self.loader.overrides;
        let overrides = all.get(measure);
        parameters.retain(|name, parameter| {
            let over = overrides.and_then(|overrides| overrides.get(name));
            if over.is_some() {
                self.loader.used.insert((measure.to_owned(), name.clone()));
            }
            let Some(mut value) = literal(&parameter.value) else {
                let message = format!(
                    "the parameter `{}` is not a text, number, boolean or list of those",
                    escape(name)
                );
                self.error(&["parameters", name, "value"], message, "write a plain value");
                return false;
            };
            if let Some(over) = over {
                match literal(&over.value) {
                    Some(other) if std::mem::discriminant(&other) == std::mem::discriminant(&value) => {
                        value = other;
                    }
                    _ => {
                        let message = format!(
                            "the parameter `{}` of {} must be of the type it has in the pack",
                            escape(name),
                            escape(measure)
                        );
                        self.loader.misconfigured(
                            over,
                            message,
                            format!("see `duly explain {}`", escape(measure)),
                        );
                    }
                }
                if over.value != parameter.value {
                    let own = std::mem::replace(&mut parameter.value, over.value.clone());
                    parameter.changed_from = Some(own);
                }
            }
            self.parameters.insert(name.clone(), value);
            true
        });
        parameters
    }
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
