//! `duly explain`: what a measure or check asks, why, and what satisfies it.

use clap::Args;

use super::output::{self, UserError};
use super::rules::{self, RuleArguments, in_short};
use crate::diagnostics::{Code, suggestion};
use crate::policy::expr::{Expression, FUNCTIONS};
use crate::policy::{AskedField, Check, Form, Measure, OnMissing, Pack, PolicySet};
use crate::records::KindId;
use crate::report::terminal::wrap;
use crate::text::{count, list, verb};
use crate::words::Basis;

/// Explain a measure or check: what it asks, why, and which records satisfy it
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Measure such as DD-09, check such as shipment-without-signature or DD-09/2, code of a problem such as unknown-field, or
    /// `functions`; lists the measures when absent
    id: Option<String>,
    #[command(flatten)]
    rules: RuleArguments,
    /// Also print the conditions as the policy has them, in CEL, with reasons, parameters and related controls
    #[arg(long, short)]
    verbose: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    let policies = arguments.rules.load()?;
    let text = match arguments.id.as_deref() {
        None => all(&policies),
        Some("functions") => functions(),
        Some(id) => one(&policies, id, arguments.verbose)?,
    };
    output::print(&text)?;
    Ok(0)
}

/// The measures, each with how many checks it has in the profile.
fn all(policies: &PolicySet) -> String {
    let mut text = String::new();
    for (_, measure) in policies.measures() {
        let n = count(measure.checks.len(), "check");
        text.push_str(&format!("{:<6} {:<8} {n:>9}  {}\n", measure.id, measure.severity, measure.title));
    }
    text.push('\n');
    for pack in &policies.packs {
        let left_out: usize = pack.measures.iter().map(|measure| measure.left_out.len()).sum();
        let asked: usize = pack.measures.iter().map(|measure| measure.checks.len()).sum();
        if let Some(profile) = pack.profile_in_use() {
            let others = others(pack, left_out).map_or_else(String::new, |others| format!("; {others}"));
            text.push_str(&format!(
                "{}: {} in the profile {}{others}.\n",
                pack.name,
                count(asked, "check"),
                profile.id
            ));
        }
    }
    text.push_str("`duly explain ID` explains a measure or a check.\n");
    text
}

/// Where the checks are found that the profile in use does not have; none if it has them all.
fn others(pack: &Pack, left_out: usize) -> Option<String> {
    let last = pack.profiles.last().filter(|_| left_out > 0)?;
    Some(format!("`--profile {}` has {}", last.id, count(left_out, "more check")))
}

fn functions() -> String {
    let mut text = String::new();
    for function in FUNCTIONS {
        text.push_str(&format!("{}\n", function.signature));
        text.push_str(&paragraph(function.meaning, "    "));
    }
    text
}

fn one(policies: &PolicySet, id: &str, verbose: bool) -> Result<String, UserError> {
    let (of, short) = id.rsplit_once('/').map_or((None, id), |(of, id)| (Some(of), id));
    let of = of.map(|of| of.rsplit_once('/').map_or(of, |(_, of)| of));
    let mut elsewhere = None;
    for (pack, measure) in policies.measures() {
        if measure.id.eq_ignore_ascii_case(short) && of.is_none_or(|of| of == pack.name) {
            return Ok(explain_measure(policies, pack, measure, verbose));
        }
        // As the page of the measure numbers them.
        let numbered = of.filter(|of| measure.id.eq_ignore_ascii_case(of)).and_then(|_| short.parse().ok());
        if let Some(check) = numbered.and_then(|n: usize| measure.checks.get(n.checked_sub(1)?)) {
            return Ok(explain_check(policies, measure, check, verbose));
        }
        if let Some(check) = measure.checks.iter().chain(&measure.left_out).find(|c| c.id == short) {
            if of.is_none_or(|of| measure.id.eq_ignore_ascii_case(of) || pack.name == of) {
                return Ok(explain_check(policies, measure, check, verbose));
            }
            elsewhere = Some(format!("{}/{}", measure.id, check.id));
        }
    }
    if let Some(code) = Code::find(id) {
        return Ok(format!("{code}\n{}", paragraph(code.description(), "  ")));
    }
    let ids = policies
        .measures()
        .flat_map(|(_, m)| m.checks.iter().chain(&m.left_out).map(|c| c.id.as_str()).chain([m.id.as_str()]));
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

/// The page of a measure.
fn explain_measure(policies: &PolicySet, pack: &Pack, measure: &Measure, verbose: bool) -> String {
    let width = output::width();
    let mut text = wrap(&measure.title, width, &format!("{} ", measure.id), "      ");
    let document = pack.documents.iter().find(|d| d.id == measure.source.document);
    let source = document.map_or_else(String::new, |d| {
        let section = d.sections.get(&measure.source.section).unwrap_or(&measure.source.section);
        format!("{} of {}: {section}, item {}. {}", d.id, d.dated_on, measure.source.item, d.url)
    });
    text.push_str(&paragraph(&source, "  "));
    text.push_str(&format!(
        "  severity {}, owner {}, evidence renewed every {} days\n",
        measure.severity, measure.owner, measure.cadence_days
    ));
    text.push_str(&heading("What it asks"));
    for ask in &measure.asks {
        text.push_str(&wrap(&ask.text, width, "  - ", "    "));
    }
    if verbose {
        let title = document.map_or_else(String::new, |d| format!("{}: {}", d.publisher, d.title));
        text.push_str(&heading("Document"));
        text.push_str(&paragraph(&title, "  "));
        text.push_str(&heading("Why"));
        text.push_str(&paragraph(&measure.rationale, "  "));
    }
    if let Some(reason) = &measure.not_scored {
        text.push_str(&heading("Why this is not scored"));
        text.push_str(&paragraph(reason, "  "));
    }
    text.push_str(&match rules::profile_in_words(policies) {
        Some(profile) => heading(&format!("Checks of the profile {profile}, by number ({})", hint(measure))),
        None => heading(&format!("Checks, by number ({})", hint(measure))),
    });
    for (i, check) in measure.checks.iter().enumerate() {
        text.push_str(&line(policies, i + 1, check));
        if verbose {
            text.push_str(&labelled("check", &check.id, NEXT));
            text.push_str(&conditions(policies, check, NEXT));
        }
    }
    if measure.checks.is_empty() {
        text.push_str("  none\n");
    }
    if let Some(others) = others(pack, measure.left_out.len()) {
        text.push_str(&format!("  {others}.\n"));
    }
    if verbose {
        further(measure, &mut text);
    }
    text.push_str(&heading("What to do about a gap"));
    for (i, step) in measure.remediation.iter().enumerate() {
        text.push_str(&wrap(step, width, &format!("  {}. ", i + 1), "     "));
    }
    text
}

/// How to see one check.
fn hint(measure: &Measure) -> String {
    format!("`duly explain {}/1` explains the first", measure.id)
}

/// What only those want to read of a measure who work on its policy.
fn further(measure: &Measure, text: &mut String) {
    if let Some((when, reason)) = &measure.applicable {
        text.push_str(&heading("Applies when this is true"));
        text.push_str(&paragraph(&when.source, "  "));
        text.push_str(&paragraph(&format!("Otherwise: {reason}"), "  "));
    }
    if !measure.parameters.is_empty() {
        text.push_str(&heading("Parameters (duly.yaml may change them)"));
        for (name, parameter) in &measure.parameters {
            let line = format!("{name} = {}: {}", parameter.value, parameter.description);
            text.push_str(&wrap(&line, output::width(), "  ", "    "));
        }
    }
    if !measure.mappings.is_empty() {
        text.push_str(&heading("Related controls"));
        for (standard, controls) in &measure.mappings {
            text.push_str(&format!("  {standard}: {}\n", controls.join(", ")));
        }
    }
}

/// Fields of other records that a page names before it counts the rest.
const NAMED: usize = 12;
/// What stands below a line about a check.
const NEXT: &str = "               ";

/// A check in one line: severity, title and, as far as there is room, the fields that it requires something of.
fn line(policies: &PolicySet, number: usize, check: &Check) -> String {
    let first = format!("  {number:>2} {:<8}  ", check.severity.as_str());
    let width = output::width();
    let room = width.saturating_sub(first.chars().count() + check.title.chars().count() + " ()".len());
    let fields = match check.form.kind() {
        None => vec!["attested by a person".to_owned()],
        Some(kind) => {
            policies.read_by(kind, check.requirements()).into_iter().map(|field| field.path).collect()
        }
    };
    let fitting = (1..=fields.len()).rev().map(|n| list(fields.iter().cloned(), n, ", "));
    let fields = { fitting }.find(|names| names.chars().count() <= room);
    let fields = fields.map_or_else(String::new, |names| format!(" ({names})"));
    wrap(&format!("{}{fields}", check.title), width, &first, NEXT)
}

/// The page of a check: words first.
fn explain_check(policies: &PolicySet, measure: &Measure, check: &Check, verbose: bool) -> String {
    let width = output::width();
    let mut text = format!("{} ({})\n", check.id, check.severity);
    text.push_str(&paragraph(&check.title, "  "));
    let mut lines = vec![("measure", format!("{} {}", measure.id, measure.title))];
    let kind = check.form.kind();
    let name = |kind: KindId| policies.catalog.get(kind).name.as_str();
    lines.push(match (&check.form, kind) {
        (Form::Attest { question, .. }, _) => ("a person says", question.clone()),
        (Form::Exists { kind, .. }, _) => ("needs", format!("at least one {} that shows it", name(*kind))),
        (_, Some(kind)) if check.form.is_group() => {
            ("looks at", format!("all {} records together", name(kind)))
        }
        (_, Some(kind)) => ("looks at", format!("every {} it applies to", name(kind))),
        (_, None) => ("looks at", "nothing".to_owned()),
    });
    if let Form::Attest { valid_days, attested, .. } = &check.form {
        lines.push(("valid for", format!("{valid_days} days")));
        if attested.second.is_some() {
            lines.push(("people", "two employees".to_owned()));
        }
    }
    lines.push((
        "tests",
        match check.tests.as_str() {
            "design" => "the rules on paper".to_owned(),
            _ => "the practice".to_owned(),
        } + &check.grade.map_or_else(String::new, |grade| format!(", by {grade} evidence")),
    ));
    let basis = match check.basis {
        Basis::Announcement => "a sentence of the document",
        Basis::Safeguard => "good practice beside the document",
    };
    lines.push(("rests on", basis.to_owned()));
    if kind.is_some() {
        let absent = match check.missing {
            OnMissing::Gap => "what it needs and is not recorded is a gap",
            OnMissing::NotApplicable => "in this profile, a record without what it needs is left out",
            OnMissing::NotAssessed => "what it needs and is not recorded is not assessed",
        };
        lines.push(("if absent", absent.to_owned()));
    }
    if let Some(pattern) = &check.pattern {
        lines.push(("rule out first", pattern.clone()));
    }
    if measure.left_out.iter().any(|other| other.id == check.id) {
        lines.push(("profile", "not in the profile in use".to_owned()));
    }
    for (word, value) in lines {
        text.push_str(&labelled(word, &value, "  "));
    }
    if let Some(kind) = kind {
        text.push_str(&fields_to_record(policies, kind, check));
    }
    text.push_str("\nwhat to do\n");
    for step in &check.remediation {
        text.push_str(&wrap(step, width, "  - ", "    "));
    }
    match verbose {
        true => {
            text.push_str("\ncondition\n");
            text.push_str(&conditions(policies, check, "  "));
            text.push_str(&labelled("policy", &check.place.to_string(), "  "));
        }
        false => text.push_str("\n`--verbose` adds the condition as the policy has it.\n"),
    }
    text
}

fn labelled(word: &str, value: &str, indent: &str) -> String {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    wrap(&value, output::width(), &format!("{indent}{word:<15}"), &format!("{indent}{}", " ".repeat(15)))
}

/// The fields of the records that a check looks at, and those of others that it reads.
fn fields_to_record(policies: &PolicySet, kind: KindId, check: &Check) -> String {
    let own = policies.read_by(kind, check.expressions());
    let mut text = String::new();
    if !own.is_empty() {
        text.push_str("\nfields to record\n");
        let longest = own.iter().map(|f| f.path.chars().count()).max().unwrap_or(0).min(40);
        for field in &own {
            let form = field.field.shape.in_words();
            let form = if form.is_empty() { form } else { format!("{form}: ") };
            let meaning = format!("{form}{}", in_short(&field.field.shape.description));
            let indent = format!("  {}", " ".repeat(longest + 2));
            let first = format!("  {:<longest$}  ", field.path);
            text.push_str(&wrap(&meaning, output::width(), &first, &indent));
        }
        text.push_str(&example(policies, kind, &own));
    }
    let others =
        policies.catalog.iter().filter(|(other, _)| *other != kind).filter_map(|(other, definition)| {
            let fields = policies.read_by(other, check.expressions());
            let names = list(fields.iter().map(|f| f.path.as_str()), NAMED, ", ");
            (!fields.is_empty()).then(|| labelled(&definition.name, &names, "  "))
        });
    let others: String = others.collect();
    if !others.is_empty() {
        text.push_str(&format!("\nit also reads of other records\n{others}"));
    }
    text
}

/// How the fields are written: those of the example that the schema has of the kind.
fn example(policies: &PolicySet, kind: KindId, fields: &[AskedField<'_>]) -> String {
    let definition = policies.catalog.get(kind);
    let examples = definition.schema.get("examples").and_then(|all| all.as_array());
    let Some(whole) = examples.and_then(|all| all.first()).and_then(|one| one.as_object()) else {
        return String::new();
    };
    let tops: Vec<&str> = fields.iter().filter_map(|f| f.path.split('.').next()).collect();
    let part: serde_json::Map<String, serde_json::Value> = whole
        .iter()
        .filter(|(key, _)| matches!(key.as_str(), "kind" | "id") || tops.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if part.len() < 3 {
        return String::new();
    }
    let yaml = serde_yaml::to_string(&part).unwrap_or_default();
    let lines: String = yaml.lines().map(|line| format!("  {line}\n")).collect();
    format!("\nexample of how {} written\n{lines}", verb(part.len() - 2, "it is", "they are"))
}

/// What a check evaluates, as the policy has it.
fn conditions(policies: &PolicySet, check: &Check, indent: &str) -> String {
    let kind = |id| policies.catalog.get(id).name.clone();
    let source = |e: &Expression| e.source.clone();
    let mut conditions: Vec<(&str, String)> = Vec::new();
    match &check.form {
        Form::Each(subject) => {
            conditions.push(("for", kind(subject.kind)));
            conditions.extend(subject.when.as_ref().map(|e| ("when", source(e))));
            conditions.extend(subject.group_by.as_ref().map(|e| ("grouped by", source(e))));
            conditions.push(("requires", source(&subject.require)));
            conditions.extend(subject.fresh.as_ref().map(|e| ("fresh", source(e))));
        }
        Form::Exists { kind: id, matching, fresh, binding } => {
            conditions.push(("exists", kind(*id)));
            conditions.extend(matching.as_ref().map(|e| ("where", source(e))));
            conditions.extend(binding.as_deref().map(|b| ("for each of", source(&b.everyone))));
            conditions.extend(binding.as_deref().map(|b| ("as it binds", source(&b.binds))));
            conditions.extend(fresh.as_ref().map(|e| ("fresh", source(e))));
        }
        Form::Schema { kind: id, when, .. } => {
            conditions.push(("for", kind(*id)));
            conditions.extend(when.as_ref().map(|e| ("when", source(e))));
            conditions.push(("requires", "the JSON Schema in the policy".to_owned()));
        }
        Form::Attest { .. } => {}
    }
    for (name, meaning) in check.definitions() {
        conditions.push(("where", format!("{name} means {meaning}")));
    }
    conditions.iter().map(|(word, value)| labelled(word, value, indent)).collect()
}
