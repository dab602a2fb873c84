//! Findings and the remediation plan as CSV (RFC 4180): one row a finding, one row a plan item. What is not assessed has
//! one row for all records and checks that wait for the same.
//!
//! In a comparison, the first rows are notes with what has to be known of it: changed rules, lost assurance.
//!
//! The bytes begin with the mark of UTF-8, without which Excel takes them for those of the machine's code page.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula. Such a cell gets a `'` in
//! front, which a reader sees and a spreadsheet does not act on. The plan has the columns of the FedRAMP
//! plan of action and milestones; a proposed item is one that no one has planned yet.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

use super::facts::Facts;
use crate::assessment::{
    Assessment, Check, Finding, FirstSeen, Known, Measure, Outcome, PlanItem, Unassessed,
    is_newly_unassessed, notes,
};
use crate::text::{self, count, escape, no_commands};

/// The mark of UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Names in one cell, and messages, before the rest is counted.
const SHOWN: usize = 50;
const MESSAGES: usize = 5;
/// Records in one cell of a group; a spreadsheet holds 32,767 characters in one.
const MEMBERS: usize = 500;

const FINDINGS: &[&str] = &[
    "fingerprint",
    "measure",
    "check",
    "requirement",
    "source",
    "outcome",
    "cause",
    "disposition",
    "change",
    "severity",
    "owner",
    "owner_name",
    "kinds",
    "records",
    "subjects",
    "vendors",
    "message",
    "field",
    "path",
    "line",
    "column",
    "waiver",
    "remediation",
    "as_of",
    "first_seen",
    "known_since",
    "known_reason",
    "known_owner",
];

const PLAN: &[&str] = &[
    "POAM ID",
    "Controls",
    "Weakness Name",
    "Weakness Description",
    "Weakness Detector Source",
    "Weakness Source Identifier",
    "Asset Identifier",
    "Point of Contact",
    "Resources Required",
    "Overall Remediation Plan",
    "Original Detection Date",
    "Scheduled Completion Date",
    "Planned Milestones",
    "Milestone Changes",
    "Status Date",
    "Vendor Dependency",
    "Last Vendor Check-in Date",
    "Vendor Dependent Product Name",
    "Original Risk Rating",
    "Adjusted Risk Rating",
    "Risk Adjustment",
    "False Positive",
    "Operational Requirement",
    "Deviation Rationale",
    "Supporting Documents",
    "Comments",
    "Auto-Approve",
];

pub(super) fn findings(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let facts = Facts::new(assessment);
    let mut table = Table::new(out, FINDINGS)?;
    for section in notes(assessment) {
        for sentence in section.sentences {
            table.row(&note(assessment, section.title, sentence))?;
        }
    }
    // The worst first; those alike in the order of the assessment.
    let mut rows: Vec<&Finding> = assessment.findings.iter().filter(is_a_row).collect();
    rows.sort_by_key(|finding| (Reverse(finding.outcome), Reverse(finding.severity)));
    for finding in rows {
        let check = facts.check(finding);
        let of_records = |part: fn(&crate::assessment::RecordRef) -> Option<&str>| {
            list(finding.records.iter().filter_map(part))
        };
        let kinds: BTreeSet<&str> = finding.records.iter().map(|record| &*record.kind).collect();
        let number = |n: Option<u32>| n.filter(|n| *n > 0).map_or_else(String::new, |n| n.to_string());
        let place = finding.place.as_ref();
        let known = |part: &dyn Fn(&Known) -> Option<String>| {
            finding.known.as_ref().and_then(part).unwrap_or_default()
        };
        table.row(&[
            finding.fingerprint.clone(),
            finding.measure.clone(),
            finding.check.clone(),
            facts.requirement(finding).to_owned(),
            check.map_or_else(String::new, |(measure, _)| source(measure)),
            finding.outcome.to_string(),
            finding.cause.map_or_else(String::new, |cause| cause.to_string()),
            finding.disposition.to_string(),
            finding.change.map_or_else(String::new, |change| change.to_string()),
            finding.severity.to_string(),
            finding.owner.clone(),
            check.and_then(|(measure, _)| measure.owner_name.clone()).unwrap_or_default(),
            list(kinds),
            of_records(|record| Some(&record.id)),
            of_records(|record| record.subject.as_deref()),
            list(finding.vendors.iter().map(String::as_str)),
            finding.message.clone(),
            finding.field.clone().unwrap_or_default(),
            place.map_or_else(String::new, |place| facts.path(&place.path)),
            number(place.map(|place| place.line)),
            number(place.map(|place| place.column)),
            facts.waiver(finding).map_or_else(String::new, |waiver| waiver.id.clone()),
            check.map_or_else(String::new, |(_, check)| steps(&check.remediation)),
            assessment.run.as_of.to_string(),
            finding.first_seen.map_or_else(String::new, first_seen),
            known(&|known| Some(known.since.to_string())),
            known(&|known| known.reason.clone()),
            known(&|known| known.owner.clone()),
        ])?;
    }
    for group in &assessment.not_assessed {
        for row in unassessed(&facts, group) {
            table.row(&row)?;
        }
    }
    table.end()
}

/// A day that sorts, where the history has one.
fn first_seen(seen: FirstSeen) -> String {
    match seen {
        FirstSeen::On(day) => day.to_string(),
        other => other.in_words(),
    }
}

/// What is not assessed has rows by what it waits for, save what was assessed before: that is news.
fn is_a_row(finding: &&Finding) -> bool {
    finding.outcome != Outcome::NotAssessed || is_newly_unassessed(finding)
}

/// The rows of what is not known: one, or one for every so many records.
fn unassessed(facts: &Facts<'_>, group: &Unassessed) -> Vec<Vec<String>> {
    let checks: Vec<_> =
        group.checks.iter().filter_map(|w| facts.check_named(&w.measure, &w.check)).collect();
    let severity = checks.iter().map(|(_, check)| check.severity).max();
    let owners: BTreeSet<&str> = checks.iter().map(|(measure, _)| &*measure.owner).collect();
    let names: BTreeSet<&str> = owners.iter().map(|owner| facts.owner(owner)).collect();
    let all = |names: Vec<&str>| names.join("; ");
    let row = |records: &[Arc<str>]| {
        let cell = |column: &&str| match *column {
            "measure" => all(group.measures()),
            "check" => all(group.checks.iter().map(|waits| &*waits.check).collect()),
            "outcome" => Outcome::NotAssessed.to_string(),
            "cause" => group.why.as_str().to_owned(),
            "severity" => severity.map_or_else(String::new, |severity| severity.to_string()),
            "owner" => all(owners.iter().copied().collect()),
            "owner_name" => all(names.iter().copied().collect()),
            "kinds" => group.kind.clone().or_else(|| group.wanted.clone()).unwrap_or_default(),
            "records" => all(records.iter().map(|id| &**id).collect()),
            "message" => group.text.clone(),
            "field" => group.field.clone().unwrap_or_default(),
            "as_of" => facts.assessment.run.as_of.to_string(),
            _ => String::new(),
        };
        FINDINGS.iter().map(cell).collect()
    };
    if group.records.is_empty() { vec![row(&[])] } else { group.records.chunks(MEMBERS).map(row).collect() }
}

/// A row for what has to be known of a comparison first.
fn note(assessment: &Assessment, title: &str, sentence: String) -> Vec<String> {
    let cell = |column: &&str| match *column {
        "requirement" => title.to_owned(),
        "outcome" => "note".to_owned(),
        "message" => sentence.clone(),
        "as_of" => assessment.run.as_of.to_string(),
        _ => String::new(),
    };
    FINDINGS.iter().map(cell).collect()
}

pub(super) fn plan(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let facts = Facts::new(assessment);
    let mut table = Table::new(out, PLAN)?;
    for item in &assessment.plan {
        table.row(&planned(&facts, item))?;
    }
    let covered: BTreeSet<&str> =
        assessment.plan.iter().flat_map(|item| item.findings.iter().map(String::as_str)).collect();
    let mut items = Vec::new();
    for measure in &assessment.measures {
        for check in &measure.checks {
            let planned = |finding: &&Finding| covered.contains(&*finding.fingerprint);
            let of_check = facts.findings(measure, check).iter().copied();
            let mut of_check: Vec<&Finding> =
                of_check.filter(|f| f.is_unwaived_gap() && !planned(f)).collect();
            of_check.sort_by_key(|finding| Reverse(finding.severity));
            if !of_check.is_empty() {
                items.push((check.severity, proposed(&facts, measure, check, &of_check)));
            }
        }
    }
    items.sort_by_key(|(severity, _)| Reverse(*severity));
    for (_, item) in &items {
        table.row(item)?;
    }
    table.end()
}

fn planned(facts: &Facts<'_>, item: &PlanItem) -> [String; 27] {
    let of_item: Vec<&Finding> =
        facts.assessment.findings.iter().filter(|f| item.findings.contains(&f.fingerprint)).collect();
    let measure = facts.assessment.measures.iter().find(|measure| measure.id == item.measure);
    let milestones = item.milestones.iter().map(|milestone| {
        let due = milestone.due_on.as_ref().map_or_else(String::new, |date| format!(" due {date}"));
        let done = milestone.done_on.as_ref().map_or_else(String::new, |date| format!(" done {date}"));
        format!("{}{due}{done}", milestone.title)
    });
    let changes = item
        .date_changes
        .iter()
        .map(|change| format!("{}: {} to {}, {}", change.changed_on, change.from, change.to, change.reason));
    let documents = item.ticket.iter().chain(&item.closure_evidence).map(String::as_str);
    let checks: BTreeSet<&str> = of_item.iter().map(|finding| &*finding.check).collect();
    let adjusted = item.adjusted_severity.filter(|adjusted| *adjusted != item.severity);
    Row {
        id: item.id.clone(),
        controls: measure.map_or_else(|| item.measure.clone(), controls),
        name: item.weakness.clone(),
        description: messages(&of_item),
        identifier: list(checks),
        owner: item.owner.clone(),
        resources: item.resources.clone().unwrap_or_default(),
        remediation: item.remediation.clone().unwrap_or_default(),
        detected_on: item.detected_on.to_string(),
        due_on: item.due_on.map_or_else(String::new, |day| day.to_string()),
        milestones: milestones.collect::<Vec<_>>().join("; "),
        changes: changes.collect::<Vec<_>>().join("; "),
        status_on: item.status_on.map_or_else(String::new, |day| day.to_string()),
        severity: item.severity.to_string(),
        adjusted: adjusted.map_or_else(String::new, |severity| severity.to_string()),
        documents: list(documents),
        comments: item.decision.as_ref().map_or_else(
            || item.status.as_str().to_owned(),
            |decision| format!("{}; decision asked: {decision}", item.status.as_str()),
        ),
    }
    .cells(facts, &of_item)
}

/// What no one has planned yet, for someone to take up.
fn proposed(facts: &Facts<'_>, measure: &Measure, check: &Check, of_check: &[&Finding]) -> [String; 27] {
    let as_of = facts.assessment.run.as_of.to_string();
    Row {
        id: format!("proposed/{}/{}", measure.id, check.id),
        controls: controls(measure),
        name: format!("Not shown: {}", check.title),
        description: format!("{}: {}", count(of_check.len(), "gap"), messages(of_check)),
        identifier: check.id.clone(),
        owner: facts.owner(&measure.owner).to_owned(),
        remediation: steps(&check.remediation),
        detected_on: as_of.clone(),
        status_on: as_of,
        severity: check.severity.to_string(),
        comments: "proposed: not in the plan; the dates are those of this audit".to_owned(),
        ..Row::default()
    }
    .cells(facts, of_check)
}

/// What a plan item and a proposed one say differently.
#[derive(Default)]
struct Row {
    id: String,
    controls: String,
    name: String,
    description: String,
    identifier: String,
    owner: String,
    resources: String,
    remediation: String,
    detected_on: String,
    due_on: String,
    milestones: String,
    changes: String,
    status_on: String,
    severity: String,
    adjusted: String,
    documents: String,
    comments: String,
}

impl Row {
    fn cells(self, facts: &Facts<'_>, findings: &[&Finding]) -> [String; 27] {
        let tool = &facts.assessment.run.tool;
        let records: BTreeSet<&str> =
            findings.iter().flat_map(|f| f.records.iter().map(|record| &*record.id)).collect();
        let vendors: BTreeSet<&str> =
            findings.iter().flat_map(|f| f.vendors.iter().map(String::as_str)).collect();
        let reasons: BTreeSet<&str> =
            findings.iter().filter_map(|f| facts.waiver(f)).map(|waiver| &*waiver.reason).collect();
        let yes_no = |yes: bool| if yes { "Yes" } else { "No" }.to_owned();
        let is_adjusted = !self.adjusted.is_empty();
        [
            self.id,
            self.controls,
            self.name,
            self.description,
            format!("{} {}", tool.name, tool.version),
            self.identifier,
            list(records),
            self.owner,
            self.resources,
            self.remediation,
            self.detected_on,
            self.due_on,
            self.milestones,
            self.changes,
            self.status_on,
            yes_no(!vendors.is_empty()),
            String::new(),
            list(vendors),
            self.severity,
            self.adjusted,
            yes_no(is_adjusted),
            yes_no(false),
            yes_no(false),
            list(reasons),
            self.documents,
            self.comments,
            yes_no(false),
        ]
    }
}

pub(super) fn source(measure: &Measure) -> String {
    format!("{}, {}, item {}", measure.document, measure.section, measure.item)
}

/// The measure, and the controls of other catalogues that it serves.
fn controls(measure: &Measure) -> String {
    let mapped = measure.mappings.iter().map(|(catalogue, ids)| format!("{catalogue}: {}", ids.join(", ")));
    std::iter::once(measure.id.clone()).chain(mapped).collect::<Vec<_>>().join("; ")
}

fn steps(steps: &[String]) -> String {
    let numbered = steps.iter().enumerate().map(|(i, step)| format!("{}. {step}", i + 1));
    numbered.collect::<Vec<_>>().join(" ")
}

fn messages(findings: &[&Finding]) -> String {
    text::list(findings.iter().map(|finding| &*finding.message), MESSAGES, "; ")
}

pub(super) fn list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    text::list(items, SHOWN, "; ")
}

/// Rows of as many cells as the header has, each of them harmless.
pub(super) struct Table<'a> {
    writer: csv::Writer<&'a mut dyn Write>,
}

impl<'a> Table<'a> {
    pub(super) fn new(out: &'a mut dyn Write, header: &[&str]) -> io::Result<Self> {
        out.write_all(MARK)?;
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        writer.write_record(header).map_err(io::Error::other)?;
        Ok(Table { writer })
    }

    pub(super) fn row(&mut self, cells: &[String]) -> io::Result<()> {
        self.writer.write_record(cells.iter().map(|cell| harmless(cell))).map_err(io::Error::other)
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// One line of text that no spreadsheet computes.
fn harmless(cell: &str) -> String {
    let text = escape(cell);
    // The forms of full width count in some spreadsheets, and white space before them is dropped by some.
    let formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let quoted = if formula { format!("'{text}") } else { text.into_owned() };
    no_commands(&quoted).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_a_command() {
        for (from, to) in [
            ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
            ("+1", "'+1"),
            (" -1", "' -1"),
            ("@SUM(1)", "'@SUM(1)"),
            ("＝1", "'＝1"),
            ("\t=1", "\\u{9}=1"),
            ("a\r\n=b", "a\\u{d}\\u{a}=b"),
            ("::error::x", "\\u{3a}:error::x"),
            ("a = b", "a = b"),
        ] {
            assert_eq!(harmless(from), to, "{from:?}");
        }
    }
}
