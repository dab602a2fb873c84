//! The list of requests: what an audit needs to know and does not find, asked of those who answer for it.
//!
//! It is made of what is not assessed, and of gaps whose cause is that something is not recorded. One request is a field
//! of a kind, for all the records that lack it, or a kind of which there is no record; it says for which checks it is
//! asked and where the answer is written.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::csv::{Table, list as cell, source};
use super::facts::Facts;
use super::markdown::markup::{code, text};
use crate::assessment::{Assessment, Cause, Check, Disposition, Finding, Measure, Outcome, RecordRef};
use crate::text::{count, list, verb};
use crate::words::Severity;

/// Records, and checks, that a request names in Markdown before it counts the rest.
const RECORDS: usize = 12;
const CHECKS: usize = 3;

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    /// A field of records of a kind.
    Field { kind: String, field: String },
    /// A record of a kind of which there is none, or none that shows what is required.
    Record { kind: String },
    /// The answer of a named person to a question.
    Attestation { question: String },
}

/// One request to one owner.
struct Request<'a> {
    asked: Asked,
    severity: Severity,
    /// The checks that need it, in the order of the assessment.
    checks: Vec<(&'a Measure, &'a Check)>,
    records: BTreeSet<&'a RecordRef>,
}

/// The requests to each owner, the most severe first.
fn requests<'a>(facts: &Facts<'a>) -> BTreeMap<&'a str, Vec<Request<'a>>> {
    let mut by_owner: BTreeMap<&str, BTreeMap<Asked, Request<'a>>> = BTreeMap::new();
    let mut ask =
        |owner: &'a str, of: (&'a Measure, &'a Check), asked: Asked, record: Option<&'a RecordRef>| {
            let of_owner = by_owner.entry(owner).or_default();
            let (severity, checks, records) = (of.1.severity, Vec::new(), BTreeSet::new());
            let request =
                of_owner.entry(asked.clone()).or_insert(Request { asked, severity, checks, records });
            request.severity = request.severity.max(severity);
            if !request.checks.iter().any(|(_, other)| other.id == of.1.id) {
                request.checks.push(of);
            }
            request.records.extend(record);
        };
    for finding in facts.assessment.findings.iter().filter(|finding| is_open(finding)) {
        let Some(of) = facts.check(finding) else { continue };
        for (asked, record) in asks(finding, of.1) {
            ask(&finding.owner, of, asked, record);
        }
    }
    // Of what a check needs there may be nothing at all, and then there is nothing to find.
    for measure in &facts.assessment.measures {
        for check in &measure.checks {
            if check.outcome != Outcome::NotAssessed || !facts.findings(measure, check).is_empty() {
                continue;
            }
            let asked = match (&check.question, &check.kind) {
                (Some(question), _) => Asked::Attestation { question: question.clone() },
                (None, Some(kind)) => Asked::Record { kind: kind.clone() },
                (None, None) => continue,
            };
            ask(&measure.owner, (measure, check), asked, None);
        }
    }
    let sorted = |requests: BTreeMap<Asked, Request<'a>>| {
        let mut requests: Vec<Request<'_>> = requests.into_values().collect();
        requests.sort_by_key(|request| Reverse(request.severity));
        requests
    };
    by_owner.into_iter().map(|(owner, requests)| (owner, sorted(requests))).collect()
}

/// Whether an answer would still decide something.
fn is_open(finding: &Finding) -> bool {
    let lacks = finding.outcome == Outcome::NotAssessed
        || (finding.outcome == Outcome::Gap && finding.cause == Some(Cause::Missing));
    lacks && matches!(finding.disposition, Disposition::Open | Disposition::Known)
}

/// What a finding asks for, with the record that it should stand in.
fn asks<'a>(finding: &'a Finding, check: &Check) -> Vec<(Asked, Option<&'a RecordRef>)> {
    if !finding.missing.is_empty() {
        let of = |missing: &'a crate::assessment::Missing| {
            let kind = missing.kind.clone();
            let asked = match &missing.field {
                Some(field) => Asked::Field { kind, field: field.clone() },
                None => Asked::Record { kind },
            };
            (asked, missing.record.as_ref())
        };
        return finding.missing.iter().map(of).collect();
    }
    match (&check.question, &check.kind, finding.records.is_empty()) {
        (Some(question), None, _) => vec![(Asked::Attestation { question: question.clone() }, None)],
        (_, Some(kind), true) => vec![(Asked::Record { kind: kind.clone() }, None)],
        // Something else is in the way, such as a date that is in the future: the finding says what.
        _ => Vec::new(),
    }
}

/// Says of a field of a kind how it is written, and what it means; empty where nothing is known.
pub type Meaning<'m> = &'m dyn Fn(&str, &str) -> String;

fn how(meaning: Meaning<'_>, asked: &Asked) -> String {
    match asked {
        Asked::Field { kind, field } => meaning(kind, field),
        _ => String::new(),
    }
}

/// Where a request comes from: `DD-09; I-101823-PSA, due-diligence, item 9`.
fn citation(measure: &Measure) -> String {
    format!("{}; {}", measure.id, source(measure))
}

pub fn markdown(assessment: &Assessment, meaning: Meaning<'_>, out: &mut dyn Write) -> io::Result<()> {
    let facts = Facts::new(assessment);
    let all = requests(&facts);
    let run = &assessment.run;
    let of = run.organization.as_deref().map_or_else(String::new, |name| format!(" to {}", text(name)));
    writeln!(out, "# Requests for evidence{of}\n")?;
    writeln!(
        out,
        "As of {}, by {}. {}\n",
        run.as_of,
        text(&run.rules_in_words()),
        text(&run.classification)
    )?;
    let n: usize = all.values().map(Vec::len).sum();
    if n == 0 {
        return writeln!(out, "Nothing is asked: no check lacks a record or a field.");
    }
    writeln!(
        out,
        "{} to {}. A request is answered by a change to the file that it names; `duly new KIND` prints a record to \
         fill in.",
        count(n, "request"),
        count(all.len(), "owner")
    )?;
    for (owner, requests) in &all {
        let name = facts.owner(owner);
        let role = if name == *owner { String::new() } else { format!(" ({})", text(owner)) };
        writeln!(out, "\n## {}{role}: {}\n", text(name), count(requests.len(), "request"))?;
        for (i, request) in requests.iter().enumerate() {
            entry(&facts, meaning, i + 1, request, out)?;
        }
    }
    Ok(())
}

fn entry(
    facts: &Facts<'_>,
    meaning: Meaning<'_>,
    number: usize,
    request: &Request<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let ids = list(request.records.iter().map(|record| text(&record.id)), RECORDS, ", ");
    let n = request.records.len();
    let what = match &request.asked {
        Asked::Field { kind, field } => format!("{} of {} ({ids})", code(field), text(&count(n, kind))),
        Asked::Record { kind } => format!("a record of kind {}", code(kind)),
        Asked::Attestation { question } => format!("the attestation of a named person: {}", text(question)),
    };
    writeln!(out, "{number}. **{}**: {what}", request.severity)?;
    let checks = request.checks.iter();
    let why = checks.map(|(measure, check)| format!("{} ({})", text(&check.title), text(&citation(measure))));
    writeln!(out, "   - why: {}", list(why, CHECKS, "; "))?;
    let places = request.records.iter().map(|record| &record.place);
    let files: BTreeSet<String> = places.map(|place| facts.path(&place.path)).collect();
    let names = list(files.iter().map(|path| code(path)), RECORDS, ", ");
    match &request.asked {
        Asked::Field { field, .. } => {
            writeln!(out, "   - where: {} in {names}", code(field))?;
            let how = how(meaning, &request.asked);
            if !how.is_empty() {
                writeln!(out, "   - how: {}", text(&how))?;
            }
        }
        Asked::Record { kind } => writeln!(out, "   - where: a new file, from `duly new {}`", text(kind))?,
        Asked::Attestation { .. } => {
            let ids = list(request.checks.iter().map(|(_, check)| code(&check.id)), CHECKS, ", ");
            let checks = verb(request.checks.len(), "check", "checks");
            writeln!(out, "   - where: an attestation of the {checks} {ids}")?;
        }
    }
    Ok(())
}

const COLUMNS: &[&str] = &[
    "owner",
    "owner_name",
    "severity",
    "asked",
    "kind",
    "field",
    "how",
    "records",
    "record_ids",
    "files",
    "checks",
    "why",
    "source",
    "as_of",
];

pub fn csv(assessment: &Assessment, meaning: Meaning<'_>, out: &mut dyn Write) -> io::Result<()> {
    let facts = Facts::new(assessment);
    let mut table = Table::new(out, COLUMNS)?;
    for (owner, requests) in requests(&facts) {
        for request in requests {
            let (asked, kind, field) = match &request.asked {
                Asked::Field { kind, field } => ("field", kind.as_str(), field.as_str()),
                Asked::Record { kind } => ("record", kind.as_str(), ""),
                Asked::Attestation { .. } => ("attestation", "", ""),
            };
            let how = match &request.asked {
                Asked::Attestation { question } => question.clone(),
                asked => how(meaning, asked),
            };
            let files: BTreeSet<String> =
                request.records.iter().map(|record| facts.path(&record.place.path)).collect();
            let sources: BTreeSet<String> = request.checks.iter().map(|(m, _)| citation(m)).collect();
            let name = facts.owner(owner);
            table.row(&[
                owner.to_owned(),
                if name == owner { String::new() } else { name.to_owned() },
                request.severity.to_string(),
                asked.to_owned(),
                kind.to_owned(),
                field.to_owned(),
                how,
                request.records.len().to_string(),
                cell(request.records.iter().map(|record| &*record.id)),
                cell(files.iter().map(String::as_str)),
                cell(request.checks.iter().map(|(_, check)| &*check.id)),
                cell(request.checks.iter().map(|(_, check)| &*check.title)),
                cell(sources.iter().map(String::as_str)),
                assessment.run.as_of.to_string(),
            ])?;
        }
    }
    table.end()
}
