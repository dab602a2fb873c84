//! Findings: the whole list once, the worst first, and patterns across records.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::look::{Look, headline};
use super::names::Names;
use crate::assessment::{
    Change, Disposition, Finding, FirstSeen, Known, Measure, Outcome, PlanStatus, RecordRef, Severity,
    Snippet,
};
use crate::text::{Day, count};

/// Findings shown with the lines they point to and a link to their measure; the rest names them.
pub(super) const SNIPPETS: usize = 250;
/// Up to so many findings the page lists all.
pub(super) const FULL_LIST: usize = 25_000;
/// Findings listed of one pattern.
const FOUND: usize = 10;
/// Records named of one finding.
const RECORDS: usize = 12;

#[derive(Debug, Serialize)]
pub(super) struct List<'a> {
    all: usize,
    /// How many there are, and how many gaps of each kind, in words.
    counted: String,
    rows: Vec<Row<'a>>,
    /// Vendors that rows name by their position, from 0.
    vendors: Vec<&'a str>,
    /// Counts of what the page leaves out, by severity; empty when it lists all.
    left_out: Vec<(&'static str, usize)>,
    /// Whether rows say since when they are known.
    dated: bool,
    /// More findings than are shown with their lines.
    snippets_cut: bool,
    snippets: usize,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    id: &'a str,
    /// Whether links lead to it. In a long list only the first rows and those that are named elsewhere have
    /// an anchor; the script finds the others by their id.
    anchored: bool,
    #[serde(flatten)]
    look: Look,
    cause: Option<&'static str>,
    /// `new` or `worsened`; others are not worth a word in a row.
    change: Option<&'static str>,
    /// Since when it is there, or known, and what the baseline file says of it.
    seen: Option<String>,
    severity: Severity,
    /// Anchor of the measure.
    anchor: Option<&'a str>,
    measure: &'a str,
    check: &'a str,
    records: Vec<Record<'a>>,
    more_records: usize,
    place: Option<String>,
    message: &'a str,
    owner: &'a str,
    vendors: Vec<usize>,
    due: Option<Day>,
    overdue: bool,
    ticket: Option<&'a str>,
    lines: Option<Lines<'a>>,
}

#[derive(Debug, Serialize)]
struct Record<'a> {
    kind: &'a str,
    id: &'a str,
    subject: Option<&'a str>,
}

/// The lines a finding points to, with the part it is about apart.
#[derive(Debug, Serialize)]
struct Lines<'a> {
    /// Number, as wide as the one below it, and text of the line that names the record.
    head: Option<(String, &'a str)>,
    number: String,
    before: String,
    marked: String,
    after: String,
    label: &'a str,
}

pub(super) fn list<'a>(names: &'a Names<'a>) -> List<'a> {
    let assessment = names.facts.assessment;
    let order = |f: &Finding| match (Look::of_finding(f).class, f.outcome) {
        ("w", _) => 3,
        (_, Outcome::Gap) => 0,
        (_, Outcome::Review) => 1,
        _ => 2,
    };
    // What is not assessed is grouped elsewhere, save what was assessed before.
    let mut findings: Vec<(usize, &'a Finding)> =
        assessment.findings.iter().enumerate().filter(|(_, f)| is_listed(f)).collect();
    findings.sort_by_cached_key(|(i, f)| (order(f), Reverse(f.severity), names.position(&f.measure), *i));
    let all = findings.len();
    let mut left_out = Vec::new();
    if all > FULL_LIST {
        let (kept, rest): (Vec<_>, Vec<_>) =
            findings.into_iter().partition(|(_, f)| f.severity >= Severity::High);
        let (kept, more) = kept.split_at(kept.len().min(FULL_LIST));
        for severity in Severity::ALL.iter().rev() {
            let n = rest.iter().chain(more).filter(|(_, f)| f.severity == *severity).count();
            if n > 0 {
                left_out.push((severity.as_str(), n));
            }
        }
        findings = kept.to_vec();
    }
    let mut due_of = BTreeMap::new();
    for item in assessment.plan.iter().filter(|item| item.status == PlanStatus::Open) {
        for fingerprint in &item.findings {
            due_of.entry(fingerprint.as_str()).or_insert(item);
        }
    }
    let waived: BTreeSet<&str> =
        assessment.waivers.iter().flat_map(|w| &w.findings).map(String::as_str).collect();
    let vendors: BTreeSet<&str> = findings.iter().flat_map(|(_, f)| &f.vendors).map(String::as_str).collect();
    let vendors: Vec<&str> = vendors.into_iter().collect();
    let row = |(n, (i, finding)): (usize, (usize, &'a Finding))| {
        let item = due_of.get(finding.fingerprint.as_str());
        let due = item.and_then(|item| item.due_on);
        let late = due.map(|due| due.days_until(assessment.run.as_of));
        let check = names.facts.check(finding);
        Row {
            id: names.findings.get(i).map_or("", String::as_str),
            anchored: n < SNIPPETS
                || is_news(finding.change)
                || waived.contains(finding.fingerprint.as_str())
                || check.is_some_and(|(_, check)| check.pattern.is_some()),
            look: Look::of_finding(finding),
            cause: finding.cause.map(|c| c.as_str()),
            change: finding.change.filter(|_| is_news(finding.change)).map(Change::as_str),
            seen: finding.known.as_ref().map(Known::in_words).or_else(|| finding.first_seen.and_then(seen)),
            severity: finding.severity,
            anchor: check.filter(|_| n < SNIPPETS).and_then(|(measure, _)| names.measure(&measure.id)),
            measure: &finding.measure,
            check: &finding.check,
            records: records(finding),
            more_records: finding.records.len().saturating_sub(RECORDS),
            place: finding.place.as_ref().map(|p| format!("{}:{}", p.path, p.line)),
            message: &finding.message,
            owner: names.facts.owner(&finding.owner),
            vendors: finding.vendors.iter().filter_map(|v| vendors.binary_search(&v.as_str()).ok()).collect(),
            due,
            overdue: late.is_some_and(|late| late > 0),
            ticket: item.and_then(|item| item.ticket.as_deref()),
            lines: finding.snippet.as_ref().filter(|_| n < SNIPPETS).map(lines),
        }
    };
    let gaps = names.facts.gap_count();
    let others = all - gaps.all.min(all);
    let counted = match (gaps.all, others) {
        (0, others) => format!("{} that a person must look at", count(others, "finding")),
        (_, 0) => gaps.in_words(),
        (_, others) => {
            format!("{}; and {} that a person must look at", gaps.in_words(), count(others, "finding"))
        }
    };
    List {
        all,
        counted,
        dated: assessment.findings.iter().any(|f| f.first_seen.is_some()),
        rows: findings.into_iter().enumerate().map(row).collect(),
        vendors: vendors.clone(),
        left_out,
        snippets_cut: all > SNIPPETS,
        snippets: SNIPPETS,
    }
}

/// Since when it is known, in a few words; what is new since the baseline says so already.
fn seen(first: FirstSeen) -> Option<String> {
    match first {
        FirstSeen::On(day) => Some(format!("since {day}")),
        FirstSeen::KnownAt(day) => Some(format!("known at {day}")),
        FirstSeen::NewSince(_) => None,
    }
}

/// Whether the list of findings has it.
pub(super) fn is_listed(finding: &Finding) -> bool {
    finding.outcome != Outcome::NotAssessed
        || is_news(finding.change)
        || finding.disposition != Disposition::Open
}

/// A change that someone has to know.
pub(super) fn is_news(change: Option<Change>) -> bool {
    matches!(change, Some(Change::New | Change::Worsened | Change::Unassessed))
}

fn records(finding: &Finding) -> Vec<Record<'_>> {
    finding.records.iter().take(RECORDS).map(record).collect()
}

fn record(record: &RecordRef) -> Record<'_> {
    Record { kind: &record.kind, id: &record.id, subject: record.subject.as_deref() }
}

/// A snippet taken apart at its label. Columns of a saved assessment can be anything.
fn lines(snippet: &Snippet) -> Lines<'_> {
    let from = snippet.column.saturating_sub(1) as usize;
    let to = from.saturating_add(snippet.width as usize);
    let part = |from: usize, n: usize| snippet.line.text.chars().skip(from).take(n).collect::<String>();
    let number = snippet.line.number.to_string();
    let width = number.len();
    let head = (snippet.head.number != snippet.line.number)
        .then(|| (format!("{:>width$}", snippet.head.number), snippet.head.text.as_str()));
    Lines {
        head,
        number,
        before: part(0, from),
        marked: part(from, to - from),
        after: part(to, usize::MAX),
        label: &snippet.label,
    }
}

/// Signs that several records give together, for review.
#[derive(Debug, Serialize)]
pub(super) struct Pattern<'a> {
    #[serde(flatten)]
    look: Look,
    severity: Severity,
    anchor: &'a str,
    measure: &'a str,
    check: &'a str,
    /// What is the case: what was found first.
    headline: String,
    /// What should be so.
    title: &'a str,
    innocent: &'a str,
    found: Vec<Found<'a>>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct Found<'a> {
    message: &'a str,
    records: Vec<Record<'a>>,
    more_records: usize,
    row: Option<&'a str>,
}

pub(super) fn patterns<'a>(names: &'a Names<'a>) -> Vec<Pattern<'a>> {
    let assessment = names.facts.assessment;
    let linked = assessment.findings.len() <= FULL_LIST;
    let asks = |f: &Finding| matches!(f.outcome, Outcome::Gap | Outcome::Review);
    let mut patterns = Vec::new();
    for (at, measure) in assessment.measures.iter().enumerate() {
        for check in &measure.checks {
            let Some(innocent) = check.pattern.as_deref() else { continue };
            let of = |f: &Finding, m: &Measure| f.measure == m.id && f.check == check.id && asks(f);
            let all = assessment.findings.iter().enumerate();
            let settled = |f: &Finding| f.disposition == Disposition::Attested;
            let mut of: Vec<(usize, &Finding)> = all.filter(|(_, f)| of(f, measure) && !settled(f)).collect();
            of.sort_by_key(|(_, f)| (Reverse(f.severity), Reverse(f.outcome)));
            // What was found says how bad it is; the check may have been undecided about other records.
            let Some((_, worst)) = of.first().copied() else { continue };
            let more = of.len().saturating_sub(FOUND);
            of.truncate(FOUND);
            let found = of.into_iter().map(|(i, f)| Found {
                message: &f.message,
                records: records(f),
                more_records: f.records.len().saturating_sub(RECORDS),
                row: names.findings.get(i).map(String::as_str).filter(|_| linked),
            });
            let found = found.collect();
            patterns.push(Pattern {
                more,
                look: Look::of_finding(worst),
                severity: worst.severity,
                anchor: names.measures.get(at).map_or("", String::as_str),
                measure: &measure.id,
                check: &check.id,
                headline: headline(worst),
                title: &check.title,
                innocent,
                found,
            });
        }
    }
    patterns.sort_by_key(|p| Reverse(p.severity));
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::SnippetLine;

    #[test]
    fn a_snippet_is_cut_at_its_label_whatever_the_columns_say() {
        let line = SnippetLine { number: 7, text: "né: ▒▒▒".to_owned() };
        let mut snippet = Snippet { head: line.clone(), line, column: 1, width: 2, label: "x".to_owned() };
        let cut = |s: &Snippet| {
            let l = lines(s);
            (l.before, l.marked, l.after)
        };
        assert_eq!(cut(&snippet), (String::new(), "né".to_owned(), ": ▒▒▒".to_owned()));
        snippet.column = 5;
        snippet.width = u32::MAX;
        assert_eq!(cut(&snippet), ("né: ".to_owned(), "▒▒▒".to_owned(), String::new()));
        snippet.column = 0;
        snippet.width = 0;
        assert_eq!(cut(&snippet), (String::new(), String::new(), "né: ▒▒▒".to_owned()));
    }
}
