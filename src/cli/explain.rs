//! `duly explain`: what a measure or check asks, why, and what satisfies it.

use std::path::Path;

use clap::Args;

use super::output::{self, UserError};
use crate::config::DEFAULT_PACK;
use crate::diagnostics::{Code, Place, suggestion};
use crate::policy::expr::FUNCTIONS;
use crate::policy::{self, Check, Form, Measure, OnMissing, Pack, PolicySet, Selection, Tailoring};
use crate::report::terminal::wrap;

/// Explain a measure or check: what it asks, why, and which records satisfy it
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Measure such as DD-09, check such as shipment-without-signature, code of a problem such as unknown-field, or
    /// `functions`; lists the measures when absent
    id: Option<String>,
    /// Look in this policy pack instead of the default one; may be repeated
    #[arg(long, value_name = "PACK")]
    pack: Vec<String>,
    /// Explain the checks of this profile only
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    let packs =
        if arguments.pack.is_empty() { vec![DEFAULT_PACK.to_owned()] } else { arguments.pack.clone() };
    let selection = match &arguments.profile {
        Some(profile) => Selection::Profile(profile.clone(), Place::command_line()),
        None => Selection::Everything,
    };
    let tailoring = Tailoring { selection, ..Tailoring::default() };
    let policies = policy::load(&packs, Path::new("."), &tailoring)?;
    let text = match arguments.id.as_deref() {
        None => list(&policies),
        Some("functions") => functions(),
        Some(id) => one(&policies, id)?,
    };
    output::print(&text)?;
    Ok(0)
}

fn list(policies: &PolicySet) -> String {
    let mut text = String::new();
    for (_, measure) in policies.measures() {
        text.push_str(&format!("{:<6} {:<8} {}\n", measure.id, measure.severity, measure.title));
    }
    text.push_str("\n`duly explain ID` explains a measure or a check.\n");
    text
}

fn functions() -> String {
    let mut text = String::new();
    for function in FUNCTIONS {
        text.push_str(&format!("{}\n", function.signature));
        text.push_str(&paragraph(function.meaning, "    "));
    }
    text
}

fn one(policies: &PolicySet, id: &str) -> Result<String, UserError> {
    let (of, short) = id.rsplit_once('/').map_or((None, id), |(of, id)| (Some(of), id));
    let of = of.map(|of| of.rsplit_once('/').map_or(of, |(_, of)| of));
    let mut elsewhere = None;
    for (pack, measure) in policies.measures() {
        if measure.id.eq_ignore_ascii_case(short) && of.is_none_or(|of| of == pack.name) {
            return Ok(explain_measure(policies, pack, measure));
        }
        if let Some(check) = measure.checks.iter().find(|c| c.id == short) {
            if of.is_none_or(|of| measure.id.eq_ignore_ascii_case(of) || pack.name == of) {
                return Ok(explain_check(policies, measure, check, true));
            }
            elsewhere = Some(format!("{}/{}", measure.id, check.id));
        }
    }
    if let Some(code) = Code::find(id) {
        return Ok(format!("{code}\n{}", paragraph(code.description(), "  ")));
    }
    let ids =
        policies.measures().flat_map(|(_, m)| m.checks.iter().map(|c| c.id.as_str()).chain([m.id.as_str()]));
    let help = elsewhere.as_deref().or_else(|| suggestion(short, ids)).map_or_else(
        || "`duly explain` lists the measures".to_owned(),
        |close| format!("did you mean `{close}`?"),
    );
    Err(UserError::new(format!("there is no measure or check `{}`", crate::text::escape(id)), help))
}

fn paragraph(text: &str, indent: &str) -> String {
    wrap(text, output::width(), indent, indent)
}

fn heading(text: &str) -> String {
    format!("\n{text}\n")
}

fn explain_measure(policies: &PolicySet, pack: &Pack, measure: &Measure) -> String {
    let mut text = format!("{} {}\n", measure.id, measure.title);
    let document = pack.documents.iter().find(|d| d.id == measure.source.document);
    let source = document.map_or_else(String::new, |d| {
        let section = d.sections.get(&measure.source.section).unwrap_or(&measure.source.section);
        format!(
            "{}, {}, {}: {section}, item {}. {}",
            d.publisher, d.id, d.dated_on, measure.source.item, d.url
        )
    });
    text.push_str(&paragraph(&source, "  "));
    text.push_str(&format!(
        "  severity {}, owner {}, evidence renewed every {} days\n",
        measure.severity, measure.owner, measure.cadence_days
    ));
    text.push_str(&heading("What it asks"));
    for ask in &measure.asks {
        text.push_str(&wrap(&ask.text, output::width(), "  - ", "    "));
    }
    text.push_str(&heading("Why"));
    text.push_str(&paragraph(&measure.rationale, "  "));
    if let Some(reason) = &measure.not_scored {
        text.push_str(&heading("Why this is not scored"));
        text.push_str(&paragraph(reason, "  "));
    }
    text.push_str(&heading("Checks"));
    for check in &measure.checks {
        text.push_str(&explain_check(policies, measure, check, false));
    }
    if let Some((when, reason)) = &measure.applicable {
        text.push_str(&heading("Not applicable when this is false"));
        text.push_str(&paragraph(&when.source, "  "));
        text.push_str(&paragraph(reason, "  "));
    }
    if !measure.parameters.is_empty() {
        text.push_str(&heading("Parameters (duly.yaml may change them)"));
        for (name, parameter) in &measure.parameters {
            text.push_str(&wrap(
                &format!("{name} = {}: {}", parameter.value, parameter.description),
                output::width(),
                "  ",
                "    ",
            ));
        }
    }
    text.push_str(&heading("What to do about a gap"));
    for (i, step) in measure.remediation.iter().enumerate() {
        text.push_str(&wrap(step, output::width(), &format!("  {}. ", i + 1), "     "));
    }
    if !measure.mappings.is_empty() {
        text.push_str(&heading("Related controls"));
        for (standard, controls) in &measure.mappings {
            text.push_str(&format!("  {standard}: {}\n", controls.join(", ")));
        }
    }
    text
}

fn explain_check(policies: &PolicySet, measure: &Measure, check: &Check, alone: bool) -> String {
    let mut text = format!("  {} ({})\n", check.id, check.severity);
    text.push_str(&paragraph(&check.title, "    "));
    let kind = |id| policies.catalog.get(id).name.clone();
    let mut conditions: Vec<(&str, String)> = Vec::new();
    match &check.form {
        Form::Each(subject) => {
            conditions.push(("looks at", format!("every {}", kind(subject.kind))));
            conditions.extend(subject.when.as_ref().map(|e| ("when", e.source.clone())));
            conditions.extend(subject.group_by.as_ref().map(|e| ("grouped by", e.source.clone())));
            conditions.push(("requires", subject.require.source.clone()));
            conditions.extend(subject.fresh.as_ref().map(|e| ("fresh", e.source.clone())));
        }
        Form::Exists { kind: id, matching, fresh, binding } => {
            conditions.push(("needs", format!("at least one {}", kind(*id))));
            conditions.extend(matching.as_ref().map(|e| ("where", e.source.clone())));
            conditions.extend(binding.as_deref().map(|b| ("for each of", b.everyone.source.clone())));
            conditions.extend(binding.as_deref().map(|b| ("as it binds", b.binds.source.clone())));
            conditions.extend(fresh.as_ref().map(|e| ("fresh", e.source.clone())));
        }
        Form::Schema { kind: id, when, .. } => {
            conditions.push(("looks at", format!("every {}", kind(*id))));
            conditions.extend(when.as_ref().map(|e| ("when", e.source.clone())));
            conditions.push(("requires", "the JSON Schema in the policy".to_owned()));
        }
        Form::Attest { question, valid_days, .. } => {
            conditions.push(("a person says", question.clone()));
            conditions.push(("valid for", format!("{valid_days} days")));
        }
    }
    for (name, meaning) in check.definitions() {
        conditions.push(("where", format!("{name} means {meaning}")));
    }
    if check.missing == OnMissing::Gap {
        conditions.push(("if absent", "what it needs and is not recorded is a gap".to_owned()));
    }
    if check.missing == OnMissing::NotApplicable {
        let left_out = "a record without what it needs is left out, in this profile";
        conditions.push(("if absent", left_out.to_owned()));
    }
    if let Some(pattern) = &check.pattern {
        conditions.push(("rule out first", pattern.clone()));
    }
    if let Some(grade) = check.grade {
        conditions.push((
            "evidence",
            format!(
                "{grade}, tests the {}",
                if check.tests.as_str() == "design" { "rules on paper" } else { "practice" }
            ),
        ));
    }
    for (word, value) in conditions {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        text.push_str(&wrap(&value, output::width(), &format!("    {word:<15}"), "                   "));
    }
    if alone {
        text.push_str(&format!("    {:<15}{} {}\n", "measure", measure.id, measure.title));
        text.push_str(&format!("    {:<15}{}\n", "policy", check.place));
        text.push_str("    what to do\n");
        for step in &check.remediation {
            text.push_str(&wrap(step, output::width(), "      - ", "        "));
        }
    }
    text
}
