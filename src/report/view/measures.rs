//! Measures: by heading, and each with its source, requirements and checks.

use serde::Serialize;

use super::charts::{Segment, bar};
use super::list::is_listed;
use super::look::{Look, READ, link};
use super::names::Names;
use super::scope::{Parameter, parameter};
use crate::assessment::{Assessment, Cause, Check, Finding, Measure, Outcome, PlanStatus, Severity, Tests};
use crate::text::Day;
use crate::text::{count, verb};

/// A heading with its measures by outcome, in the order of `READ`.
#[derive(Debug, Serialize)]
pub(super) struct GroupRow<'a> {
    title: &'a str,
    counts: [usize; 5],
    bar: Vec<Segment>,
}

pub(super) fn groups(assessment: &Assessment) -> Vec<GroupRow<'_>> {
    let mut groups = Vec::new();
    for pack in &assessment.run.packs {
        for group in &pack.groups {
            let n = |outcome| {
                let of = |m: &&Measure| m.pack == pack.name && m.group == group.id && m.outcome == outcome;
                assessment.measures.iter().filter(of).count()
            };
            groups.push((group.title.as_str(), READ.map(n)));
        }
    }
    groups.retain(|(_, counts)| counts.iter().any(|n| *n > 0));
    // Bars are as long as their group is large.
    let most = groups.iter().map(|(_, counts)| counts.iter().sum()).max().unwrap_or(0);
    groups
        .into_iter()
        .map(|(title, counts)| {
            let n = |outcome| READ.iter().position(|o| *o == outcome).map_or(0, |at| counts[at]);
            GroupRow { title, counts, bar: bar(most, &n) }
        })
        .collect()
}

#[derive(Debug, Serialize)]
pub(super) struct MeasureView<'a> {
    anchor: &'a str,
    id: &'a str,
    title: &'a str,
    #[serde(flatten)]
    look: Look,
    severity: Severity,
    /// Of its worst gap, or of what a person must look at; none where there is neither.
    worst: Option<Severity>,
    owner: &'a str,
    /// Document and item: `I-101823-PSA, item 9`.
    cited: String,
    source: Source<'a>,
    reason: &'a str,
    /// Checks by outcome, in the order of `READ`.
    counts: [usize; 5],
    waived: usize,
    findings: usize,
    /// What kinds of gap: rules on paper or practice; contradicted, missing or too old.
    gaps: String,
    grade: Option<&'a str>,
    cadence: String,
    next_due: Option<Day>,
    asks: Vec<&'a str>,
    /// Why it is asked; where there is nothing to do, `duly explain` has it.
    rationale: Option<&'a str>,
    /// What to do; empty where there is no gap.
    steps: &'a [String],
    mappings: Vec<(&'a str, &'a [String])>,
    not_scored: Option<&'a str>,
    parameters: Vec<Parameter<'a>>,
    checks: Vec<Checks<'a>>,
    waivers: Vec<&'a str>,
}

/// Where the guidance says it.
#[derive(Debug, Serialize)]
struct Source<'a> {
    id: &'a str,
    title: &'a str,
    publisher: &'a str,
    dated_on: String,
    section: &'a str,
    item: u32,
    href: Option<&'a str>,
}

/// The checks of a measure with one outcome.
#[derive(Debug, Serialize)]
struct Checks<'a> {
    #[serde(flatten)]
    look: Look,
    list: Vec<CheckLine<'a>>,
}

#[derive(Debug, Serialize)]
struct CheckLine<'a> {
    id: &'a str,
    title: &'a str,
    /// Records it holds for, or why it says nothing; empty where the outcome says it all.
    counts: String,
    question: Option<&'a str>,
    /// By whom it is attested, and until when.
    attested: Option<&'a str>,
}

pub(super) fn measures<'a>(names: &'a Names<'a>) -> Vec<MeasureView<'a>> {
    let assessment = names.facts.assessment;
    let view = |(i, measure): (usize, &'a Measure)| {
        let of = |f: &&Finding| f.measure == measure.id;
        let n = |outcome| measure.checks.iter().filter(|c| c.outcome == outcome).count();
        let is_gap = measure.checks.iter().any(|c| c.outcome == Outcome::Gap);
        MeasureView {
            anchor: names.measures.get(i).map_or("", String::as_str),
            id: &measure.id,
            title: &measure.title,
            look: Look::of(measure.outcome),
            severity: measure.severity,
            worst: worst(names, measure),
            owner: names.facts.owner(&measure.owner),
            cited: format!("{}, item {}", measure.document, measure.item),
            source: source(names, measure),
            reason: &measure.reason,
            counts: READ.map(n),
            waived: measure.checks.iter().filter(|c| c.counts.waived > 0).count(),
            findings: assessment.findings.iter().filter(of).filter(|f| is_listed(f)).count(),
            gaps: kinds_of_gap(names, measure),
            grade: measure.grade.map(|g| g.as_str()),
            cadence: count(measure.cadence_days as usize, "day"),
            next_due: assessment
                .plan
                .iter()
                .filter(|item| item.measure == measure.id && item.status == PlanStatus::Open)
                .filter_map(|item| item.due_on)
                .min(),
            asks: measure.asks.iter().map(|a| a.text.as_str()).collect(),
            rationale: Some(measure.rationale.as_str())
                .filter(|_| matches!(measure.outcome, Outcome::Gap | Outcome::Review)),
            steps: if is_gap { &measure.remediation } else { &[] },
            mappings: measure.mappings.iter().map(|(k, v)| (k.as_str(), v.as_slice())).collect(),
            not_scored: measure.not_scored.as_deref(),
            parameters: assessment
                .run
                .parameters_changed
                .iter()
                .filter(|p| p.measure == measure.id)
                .map(parameter)
                .collect(),
            checks: checks(measure),
            waivers: assessment
                .waivers
                .iter()
                .filter(|w| measure.checks.iter().any(|c| c.id == w.check))
                .map(|w| w.id.as_str())
                .collect(),
        }
    };
    assessment.measures.iter().enumerate().map(view).collect()
}

/// The severity of the worst finding with the outcome of its measure.
fn worst(names: &Names<'_>, measure: &Measure) -> Option<Severity> {
    let findings = measure.checks.iter().flat_map(|check| names.facts.findings(measure, check));
    let asks = matches!(measure.outcome, Outcome::Gap | Outcome::Review);
    findings
        .filter(|finding| asks && finding.outcome == measure.outcome)
        .map(|finding| finding.severity)
        .max()
}

fn source<'a>(names: &Names<'a>, measure: &'a Measure) -> Source<'a> {
    let document = names.facts.document(measure);
    Source {
        id: &measure.document,
        title: document.map_or("", |d| &d.title),
        publisher: document.map_or("", |d| &d.publisher),
        dated_on: document.map_or_else(String::new, |d| d.dated_on.to_string()),
        section: document.and_then(|d| d.sections.get(&measure.section)).unwrap_or(&measure.section),
        item: measure.item,
        href: document.and_then(|d| link(&d.url)),
    }
}

fn kinds_of_gap(names: &Names<'_>, measure: &Measure) -> String {
    let gaps = |check| names.facts.gaps_to_close(measure, check);
    let all: Vec<&Finding> = measure.checks.iter().flat_map(gaps).collect();
    if all.is_empty() {
        return String::new();
    }
    let of_tests = |tests| {
        measure.checks.iter().filter(|check| check.tests == tests && gaps(check).next().is_some()).count()
    };
    let of_cause = |cause| all.iter().filter(|f| f.cause == Some(cause)).count();
    let parts =
        [(of_tests(Tests::Design), "in the rules on paper"), (of_tests(Tests::Operation), "in practice")];
    let where_: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, w)| format!("{} {w}", count(*n, "check"))).collect();
    let parts = [
        (of_cause(Cause::Violated), "contradicts the requirement", "contradict the requirement"),
        (of_cause(Cause::Missing), "lacks the evidence", "lack the evidence"),
        (of_cause(Cause::Stale), "has evidence that is too old", "have evidence that is too old"),
    ];
    let parts = parts.iter().filter(|(n, ..)| *n > 0);
    let why: Vec<String> = parts.map(|(n, one, many)| format!("{n} {}", verb(*n, one, many))).collect();
    format!("{}; of {}, {}", where_.join(", "), count(all.len(), "finding"), why.join(", "))
}

fn checks(measure: &Measure) -> Vec<Checks<'_>> {
    let mut groups = Vec::new();
    for outcome in READ {
        let list: Vec<CheckLine> = measure
            .checks
            .iter()
            .filter(|c| c.outcome == outcome)
            .map(|c| CheckLine {
                id: &c.id,
                title: &c.title,
                counts: counts(c),
                question: c.question.as_deref().filter(|_| outcome == Outcome::NotAssessed),
                attested: c.attested.as_ref().map(|_| c.reason.as_str()),
            })
            .collect();
        if !list.is_empty() {
            groups.push(Checks { look: Look::of(outcome), list });
        }
    }
    groups
}

/// `3 of 5 workers`: how many records show it.
fn counts(check: &Check) -> String {
    match (&check.kind, check.counts.in_scope()) {
        (Some(kind), all) if all > 0 => format!("{} of {}", check.counts.satisfied, count(all, kind)),
        _ => String::new(),
    }
}
