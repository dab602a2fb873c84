//! What leadership reads: the verdict, six numbers, the bar and the trend, what is asked, what changed.

use std::cmp::Reverse;

use serde::Serialize;

use super::changes::{Changes, changes};
use super::charts::{Segment, bar};
use super::list::is_listed;
use super::look::headline;
use super::names::Names;
use super::numbers::{Fractions, Numbers, Overdue, numbers, overdue};
use super::trend::{TrendView, trend};
use crate::assessment::{
    Assessment, BaselineFile, Change, Check, Disposition, Earlier, Finding, Gaps, Measure, Outcome,
    PlanStatus, Severity, notes,
};
use crate::text::Day;
use crate::text::{count, verb};

#[derive(Debug, Serialize)]
pub(in crate::report) struct Front<'a> {
    /// The answer in one sentence.
    pub(in crate::report) verdict: String,
    /// What else has to be known at once, a sentence each.
    pub(in crate::report) also: Vec<String>,
    pub(in crate::report) numbers: Numbers,
    pub(super) bar: Vec<Segment>,
    pub(super) trend: Option<TrendView<'a>>,
    /// Why the box about reporting is shown, a sentence each; empty when it is not.
    pub(in crate::report) serious: Vec<String>,
    pub(in crate::report) asked: Vec<Asked<'a>>,
    /// Gaps, all of them.
    pub(in crate::report) gaps: usize,
    /// Findings in the list.
    pub(in crate::report) findings: usize,
    /// Measures that could not be fully assessed.
    pub(in crate::report) not_assessed: usize,
    /// What most checks wait for, where there is no gap to ask about.
    pub(in crate::report) unknown: Vec<&'a str>,
    pub(super) changes: Option<Changes<'a>>,
}

pub(in crate::report) fn front<'a>(names: &'a Names<'a>) -> Front<'a> {
    let assessment = names.facts.assessment;
    let overdue = overdue(assessment);
    let measures = Fractions::of(assessment);
    let asked = asked(names);
    let shown = if asked.is_empty() { ASKED } else { 0 };
    Front {
        unknown: assessment.not_assessed.iter().take(shown).map(|group| group.text.as_str()).collect(),
        verdict: verdict(assessment, &measures),
        also: also(names, &overdue),
        numbers: numbers(assessment, &measures, &overdue),
        bar: bar(assessment.measures.len(), &|outcome| {
            assessment.measures.iter().filter(|m| m.outcome == outcome).count()
        }),
        trend: trend(assessment),
        serious: serious(names),
        asked,
        gaps: names.facts.gap_count().all,
        findings: assessment.findings.iter().filter(|f| is_listed(f)).count(),
        not_assessed: measures.not_assessed,
        changes: changes(names),
    }
}

fn verdict(assessment: &Assessment, n: &Fractions) -> String {
    let of = format!("of {} applicable measures", n.applicable);
    if n.applicable == 0 {
        return "Nothing was assessed: every measure is out of scope.".to_owned();
    }
    if n.gap > 0 {
        let worst: Vec<String> = Severity::ALL
            .iter()
            .rev()
            .filter_map(|s| {
                let gaps = assessment.measures.iter().filter(|m| m.outcome == Outcome::Gap);
                let n = gaps.filter(|m| worst_gap(assessment, m) == Some(*s)).count();
                (n > 0).then(|| format!("{n}\u{a0}{s}"))
            })
            .collect();
        let worst = if worst.is_empty() { String::new() } else { format!(" ({})", worst.join(", ")) };
        let rest = if n.not_assessed > 0 {
            format!("; {} could not be fully assessed", n.not_assessed)
        } else {
            String::new()
        };
        return format!("{} {of} {} gaps{worst}{rest}.", n.gap, verb(n.gap, "has", "have"));
    }
    if n.not_assessed == n.applicable {
        return format!("The records do not say enough to fully assess any {of}.");
    }
    if n.not_assessed > 0 {
        return format!("{} {of} could not be fully assessed; the others have no gap.", n.not_assessed);
    }
    if n.review > 0 {
        return format!("A person must look at {} {of}; the others are satisfied.", n.review);
    }
    format!("All {} applicable measures are satisfied by the records.", n.applicable)
}

/// The severity of the worst gap of a measure, whatever was decided about it.
fn worst_gap(assessment: &Assessment, measure: &Measure) -> Option<Severity> {
    let gaps = assessment.findings.iter().filter(|f| f.outcome == Outcome::Gap && f.measure == measure.id);
    gaps.map(|f| f.severity).max()
}

fn also(names: &Names<'_>, overdue: &Overdue) -> Vec<String> {
    let assessment = names.facts.assessment;
    let mut also = Vec::new();
    let unread = names.facts.unread().count();
    if let (1, Some(problem)) = (unread, names.facts.unread().next()) {
        also.push(format!("The audit is incomplete: {}.", problem.message));
    } else if unread > 0 {
        also.push(format!(
            "The audit is incomplete: {} with the input left something in scope unread or undecided.",
            count(unread, "problem")
        ));
    }
    if let Some(baseline) = &assessment.baseline {
        let of = |change| names.facts.changed(change).count();
        also.push(format!(
            "Findings since {}: {} new, {} worsened, {} fixed.",
            baseline.in_words(),
            of(Change::New),
            of(Change::Worsened),
            baseline.fixed.len()
        ));
        for part in notes(assessment) {
            also.extend(part.sentences.iter().map(|sentence| format!("{}: {sentence}", part.title)));
        }
    }
    also.extend(assessment.run.baseline_file.as_ref().and_then(BaselineFile::lacking));
    if overdue.items > 0 {
        let are = verb(overdue.items, "is", "are");
        also.push(format!("{} {are} overdue.", count(overdue.items, "remediation item")));
    }
    also
}

/// Why someone should think of reporting: an incident is open, or a serious sign is, whether it is a gap or waits for a
/// person, and whether it is new or known.
fn serious(names: &Names<'_>) -> Vec<String> {
    let assessment = names.facts.assessment;
    let mut why = Vec::new();
    let coverage = &assessment.coverage;
    let recorded = coverage.records.get("incident").copied().unwrap_or_default();
    let incidents = coverage.open_incidents.unwrap_or(recorded);
    if incidents > 0 {
        why.push(format!("{} {} open.", count(incidents, "incident"), verb(incidents, "is", "are")));
    }
    let signs = assessment.findings.iter().filter(|finding| is_sign(names, finding)).count();
    if signs > 0 {
        let are = verb(signs, "is", "are");
        why.push(format!("{} of high or critical severity {are} open.", count(signs, "sign")));
    }
    why
}

/// A pattern across records, or a sign that a person must look at, of high severity or above and not settled.
fn is_sign(names: &Names<'_>, finding: &Finding) -> bool {
    let is_pattern = || names.facts.check(finding).is_some_and(|(_, check)| check.pattern.is_some());
    let is_open = matches!(finding.disposition, Disposition::Open | Disposition::Known);
    let shows = finding.outcome == Outcome::Review || finding.outcome == Outcome::Gap && is_pattern();
    is_open && shows && finding.severity >= Severity::High
}

/// Gaps and decisions on the first pages.
const ASKED: usize = 5;

/// Something leadership is asked.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Asked<'a> {
    pub(in crate::report) measure: &'a str,
    pub(in crate::report) anchor: &'a str,
    pub(in crate::report) severity: Severity,
    /// What is the case: what was found first, or the weakness that an item of the plan is about.
    pub(in crate::report) headline: String,
    /// What should be so.
    pub(in crate::report) required: Option<&'a str>,
    /// How many records it is about.
    pub(in crate::report) wrong: String,
    /// What was decided about its gaps: `74 known since 2026-06-30`.
    pub(in crate::report) decided: Option<String>,
    pub(in crate::report) owner: &'a str,
    pub(in crate::report) due: Option<Day>,
    pub(in crate::report) overdue: bool,
    pub(in crate::report) decision: Option<&'a str>,
    /// What comes first where no one wrote a decision.
    pub(in crate::report) first_step: Option<&'a str>,
}

/// Whether a check has a gap about which nothing is decided.
fn is_open<'a>(names: &Names<'a>, measure: &'a Measure, check: &'a Check) -> bool {
    names.facts.gaps_to_close(measure, check).any(Finding::is_open_gap)
}

fn asked<'a>(names: &'a Names<'a>) -> Vec<Asked<'a>> {
    let assessment = names.facts.assessment;
    let mut asked: Vec<Asked> = Vec::new();
    let mut open: Vec<_> =
        assessment.plan.iter().filter(|i| i.status == PlanStatus::Open && i.decision.is_some()).collect();
    open.sort_by_key(|i| (Reverse(i.adjusted_severity.unwrap_or(i.severity)), i.due_on, &i.id));
    for item in open.into_iter().take(ASKED) {
        let late = item.due_on.map(|due| due.days_until(assessment.run.as_of));
        asked.push(Asked {
            measure: &item.measure,
            anchor: names.measure(&item.measure).unwrap_or_default(),
            severity: item.adjusted_severity.unwrap_or(item.severity),
            headline: item.weakness.clone(),
            required: None,
            wrong: format!("{}; since {}", count(item.findings.len(), "finding"), item.detected_on),
            decided: None,
            owner: names.facts.owner(&item.owner),
            due: item.due_on,
            overdue: late.is_some_and(|late| late > 0),
            decision: item.decision.as_deref(),
            first_step: None,
        });
    }
    let mut gaps: Vec<(usize, &Measure, &Check, usize)> = Vec::new();
    for (i, measure) in assessment.measures.iter().enumerate() {
        let worst = measure
            .checks
            .iter()
            .map(|c| (c, names.facts.gaps_to_close(measure, c).count()))
            .filter(|(_, n)| *n > 0)
            .max_by(|(a, n), (b, m)| {
                let of = |check: &'a Check, n: usize| (check.severity, is_open(names, measure, check), n);
                of(a, *n).cmp(&of(b, *m)).then(b.id.cmp(&a.id))
            });
        gaps.extend(worst.map(|(check, n)| (i, measure, check, n)));
    }
    // Of gaps as severe, those that no one knows yet come first.
    gaps.sort_by_key(|(at, measure, check, n)| {
        (Reverse((check.severity, is_open(names, measure, check), *n)), *at)
    });
    for (i, measure, check, n) in gaps {
        if asked.len() >= ASKED || asked.iter().any(|a| a.measure == measure.id) {
            continue;
        }
        let wrong = match (&check.kind, check.counts.in_scope()) {
            (Some(kind), all) if all > 1 || check.counts.gap > 0 => {
                format!(
                    "{} of {} {} a gap",
                    check.counts.gap,
                    count(all, kind),
                    verb(check.counts.gap, "has", "have")
                )
            }
            _ => count(n, "gap"),
        };
        let item =
            assessment.plan.iter().find(|item| item.status == PlanStatus::Open && item.measure == measure.id);
        let due = item.and_then(|item| item.due_on);
        asked.push(Asked {
            measure: &measure.id,
            anchor: names.measures.get(i).map_or("", String::as_str),
            severity: check.severity,
            headline: names
                .facts
                .gaps_to_close(measure, check)
                .min_by_key(|finding| !finding.is_open_gap())
                .map_or_else(|| check.title.clone(), headline),
            required: Some(&check.title),
            wrong,
            decided: Gaps::among(names.facts.gaps_to_close(measure, check), Earlier::of(assessment))
                .decided(),
            owner: names.facts.owner(&measure.owner),
            due,
            overdue: due.map(|due| due.days_until(assessment.run.as_of)).is_some_and(|late| late > 0),
            decision: None,
            first_step: check.remediation.first().map(String::as_str),
        });
    }
    asked
}
