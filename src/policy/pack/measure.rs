//! Measures: the parameters, conditions and checks of one policy file, compiled.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::super::expr::{Literal, Type};
use super::super::file::Parameter;
use super::super::set::{Measure, Overrides, Pack};
use super::loader::FileLoader;
use crate::diagnostics::did_you_mean;
use crate::text::escape;

impl FileLoader<'_, '_> {
    /// Compiles a measure of the pack.
    pub(super) fn measure(&mut self, measure: &mut Measure, pack: &Pack) {
        measure.place = self.located.place(&["measure"]);
        self.measure.clone_from(&measure.id);
        self.cadence_days = measure.cadence_days;
        measure.rationale = measure.rationale.trim().to_owned();
        measure.not_scored = measure.not_scored.take().map(|reason| reason.trim().to_owned());
        self.document =
            pack.documents.iter().find(|d| d.id == measure.source.document).map(|document| document.dated_on);
        if self.document.is_none() {
            let message = format!("the pack names no document `{}`", escape(&measure.source.document));
            self.error(&["source", "document"], message, "list it under `documents` in pack.yaml");
        }
        if !pack.groups.iter().any(|g| g.id == measure.group) {
            let message = format!("the pack has no group `{}`", escape(&measure.group));
            self.error(&["group"], message, "list it under `groups` in pack.yaml");
        }
        self.configure(&measure.id, &mut measure.parameters, pack);
        self.define(&measure.define);
        measure.applicable = measure.written_applicable.take().and_then(|a| {
            let expression = self.expression(&["applicable", "when"], &a.when, None, Some(&Type::Bool))?;
            Some((expression, a.otherwise))
        });
        // A check with a mistake still covers what it names: one mistake is one error.
        let mut uncovered: BTreeSet<&str> = measure.asks.iter().map(|ask| ask.id.as_str()).collect();
        for (i, mut check) in std::mem::take(&mut measure.written_checks).into_iter().enumerate() {
            let index = i.to_string();
            for ask in &check.asks {
                uncovered.remove(ask.as_str());
                if !measure.asks.iter().any(|a| a.id == *ask) {
                    let message = format!("the measure has no requirement `{}`", escape(ask));
                    self.error(&["checks", &index, "asks"], message, "name one of `asks`");
                }
            }
            let profile = self.profile(&["checks", &index, "profile"], check.profile.as_deref(), pack);
            let missing_in = std::mem::take(&mut check.missing_in);
            for (name, missing) in &missing_in {
                let named = self.profile(&["checks", &index, "missing_in", name], Some(name), pack);
                if named.is_some() && named == pack.profile {
                    check.missing = *missing;
                }
            }
            let since_in = std::mem::take(&mut check.since_in);
            let mut since = None;
            for (name, event) in &since_in {
                let path = ["checks", index.as_str(), "since_in", name.as_str()];
                let named = self.profile(&path, Some(name), pack);
                let compiled = self.since(&path, event, &check);
                if named.is_some() && named == pack.profile {
                    since = compiled;
                }
            }
            let Some(check) = self.check(&index, check, since, measure.severity) else {
                continue;
            };
            match (profile, pack.profile) {
                (Some(first), Some(asked)) if first > asked => measure.left_out.push(check),
                _ => measure.checks.push(check),
            }
        }
        for (i, ask) in measure.asks.iter().enumerate().filter(|(_, ask)| uncovered.contains(ask.id.as_str()))
        {
            self.error(
                &["asks", &i.to_string(), "id"],
                format!("no check covers `{}`", escape(&ask.id)),
                "every requirement needs a check; `attest` for what needs a person's attestation",
            );
        }
        self.unused_definitions(&measure.define);
    }

    /// The profile of the pack that `path` names; the last one if no name is given.
    fn profile(&mut self, path: &[&str], named: Option<&str>, pack: &Pack) -> Option<usize> {
        let Some(name) = named else { return pack.profiles.len().checked_sub(1) };
        let found = pack.profiles.iter().position(|profile| profile.id == name);
        if pack.profiles.is_empty() {
            let message = "this is for packs with profiles";
            self.error(path, message, "list `profiles` in pack.yaml, or leave it out");
        } else if found.is_none() {
            let message = format!("the pack has no profile `{}`", escape(name));
            let known: Vec<&str> = pack.profiles.iter().map(|profile| profile.id.as_str()).collect();
            let help =
                did_you_mean(name, known.iter().copied(), || format!("profiles: {}", known.join(", ")));
            self.error(path, message, help);
        }
        found
    }

    /// Gives a parameter the value that it has in the profile in use.
    fn select_value(&mut self, name: &str, parameter: &mut Parameter, pack: &Pack) {
        let Ok(own) = Literal::deserialize(&parameter.value) else { return };
        for (profile, value) in &parameter.profiles {
            self.profile(&["parameters", name, "profiles", profile], Some(profile), pack);
            let is_of_type = Literal::deserialize(value)
                .is_ok_and(|other| std::mem::discriminant(&other) == std::mem::discriminant(&own));
            if !is_of_type {
                let message = format!("the parameter `{}` has a value of another type here", escape(name));
                self.error(&["parameters", name, "profiles", profile], message, "write it like `value`");
                return;
            }
        }
        let in_use = pack.profile.and_then(|index| pack.profiles.get(index));
        if let Some(value) = in_use.and_then(|profile| parameter.profiles.get(&profile.id)) {
            parameter.value = value.clone();
        }
    }

    /// Gives the parameters the values of the configuration, for expressions to read. One with a mistake is left out.
    fn configure(&mut self, measure: &str, parameters: &mut BTreeMap<String, Parameter>, pack: &Pack) {
        let all: &Overrides = &self.loader.tailoring.parameters;
        let overrides = all.get(measure);
        parameters.retain(|name, parameter| {
            let over = overrides.and_then(|overrides| overrides.get(name));
            if over.is_some() {
                self.loader.used.insert((measure.to_owned(), name.clone()));
            }
            self.select_value(name, parameter, pack);
            let Ok(mut value) = Literal::deserialize(&parameter.value) else {
                let message = format!(
                    "the parameter `{}` is not a text, number, boolean or list of those",
                    escape(name)
                );
                self.error(&["parameters", name, "value"], message, "write a plain value");
                return false;
            };
            if let Some(over) = over {
                if is_negative(&over.value) && !is_negative(&parameter.value) {
                    let message = format!(
                        "the parameter `{}` of {} cannot be less than 0",
                        escape(name),
                        escape(measure)
                    );
                    let help = format!("the pack has {}; write 0 or more, or leave it out", parameter.value);
                    self.loader.misconfigured(over, message, help);
                }
                match Literal::deserialize(&over.value) {
                    Ok(other) if std::mem::discriminant(&other) == std::mem::discriminant(&value) => {
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
    }
}

/// Whether a value is a number below 0, or a list with one.
fn is_negative(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Array(items) => items.iter().any(is_negative),
        value => value.as_f64().is_some_and(|number| number < 0.0),
    }
}
