//! The six numbers of the front page, with what each is a part of and how it changed.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::Serialize;

use super::super::facts::by_severity;
use super::super::trend::last_label;
use super::look::{READ, sum};
use crate::assessment::{Assessment, Gaps, Outcome, Period, PlanStatus};
use crate::text::{count, plural};

/// Measures by outcome.
pub(super) struct Fractions {
    pub applicable: usize,
    pub satisfied: usize,
    pub gap: usize,
    pub not_assessed: usize,
    pub review: usize,
}

impl Fractions {
    pub(super) fn of(assessment: &Assessment) -> Self {
        let n = |outcome| assessment.measures.iter().filter(|m| m.outcome == outcome).count();
        Fractions {
            applicable: assessment.measures.len() - n(Outcome::NotApplicable),
            satisfied: n(Outcome::Satisfied),
            gap: n(Outcome::Gap),
            not_assessed: n(Outcome::NotAssessed),
            review: n(Outcome::Review),
        }
    }
}

/// Open items of the plan past their date.
pub(super) struct Overdue {
    open: usize,
    pub items: usize,
    /// Days the oldest is late.
    oldest: i64,
}

pub(super) fn overdue(assessment: &Assessment) -> Overdue {
    let open: Vec<_> = assessment.plan.iter().filter(|i| i.status == PlanStatus::Open).collect();
    let late: Vec<i64> = open
        .iter()
        .filter_map(|i| Some(i.due_on?.days_until(assessment.run.as_of)))
        .filter(|late| *late > 0)
        .collect();
    Overdue { open: open.len(), items: late.len(), oldest: late.iter().copied().max().unwrap_or(0) }
}

/// One of the six numbers.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Number {
    pub label: String,
    pub value: String,
    /// What it is a part of.
    pub of: String,
    /// Parts, thresholds, and the change since the last period.
    pub notes: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(in crate::report) struct Numbers {
    pub list: Vec<Number>,
    /// Why no change is shown; empty when one is.
    no_comparison: &'static str,
}

pub(super) fn numbers(assessment: &Assessment, n: &Fractions, overdue: &Overdue) -> Numbers {
    let last = assessment.history.last();
    let last_label = last_label(assessment).unwrap_or_default();
    let packs = assessment.run.pack_versions();
    let same_pack = last.filter(|p| p.packs == packs);
    let delta = |now: usize, then: &dyn Fn(&Period) -> usize| match (same_pack, last) {
        (Some(p), _) => vec![format!("{} since {}", signed(now, then(p)), last_label)],
        (None, Some(_)) => vec![format!("not comparable with {last_label}: another version of the policy")],
        (None, None) => Vec::new(),
    };
    let period = |p: &Period, o: Outcome| p.measures.get(&o).copied().unwrap_or(0);
    let assessed = n.applicable - n.not_assessed;
    let then_assessed = |p: &Period| {
        let of = |o: &&Outcome| !matches!(o, Outcome::NotApplicable | Outcome::NotAssessed);
        sum(READ.iter().filter(of).map(|o| period(p, *o)))
    };
    let gaps = Gaps::of(assessment);
    let mut gap_notes = vec![by_severity(|severity| Some(gaps.of_severity(severity)))];
    gap_notes.extend(gaps.decided());
    if let Some(baseline) = &assessment.baseline {
        let fixed = baseline.fixed.iter().filter(|f| f.is_unwaived_gap()).count();
        gap_notes.push(format!("{fixed} closed since {}", baseline.name));
    }
    gap_notes.push(format!("threshold: {} and above", assessment.run.fail_on));
    let mut satisfied = delta(n.satisfied, &|p| period(p, Outcome::Satisfied));
    satisfied.insert(0, "shown by records, fresh where an age is set".to_owned());
    let mut seen = delta(assessed, &then_assessed);
    seen.insert(0, "the rest lacks records, or waits for a person".to_owned());
    let list = vec![
        Number {
            label: "Measures satisfied".to_owned(),
            value: n.satisfied.to_string(),
            of: format!("of {} applicable", n.applicable),
            notes: satisfied,
        },
        Number {
            label: "Measures assessed".to_owned(),
            value: assessed.to_string(),
            of: format!("of {} applicable", n.applicable),
            notes: seen,
        },
        Number {
            label: "Gaps".to_owned(),
            value: gaps.all.to_string(),
            of: format!("in {}", count(n.gap, "measure")),
            notes: gap_notes,
        },
        plan_number(assessment, overdue),
        waiver_number(assessment),
        scope_number(assessment, &gaps),
    ];
    let compared = last.is_some() || assessment.baseline.is_some() || assessment.run.baseline_file.is_some();
    let no_comparison =
        if compared { "" } else { "No base and no earlier period were given, so no change is shown." };
    Numbers { list, no_comparison }
}

fn signed(now: usize, then: usize) -> String {
    match now.cmp(&then) {
        std::cmp::Ordering::Equal => "no change".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", now - then),
        std::cmp::Ordering::Less => format!("−{}", then - now),
    }
}

fn plan_number(assessment: &Assessment, overdue: &Overdue) -> Number {
    let (value, of, notes) = if assessment.plan.is_empty() {
        ("–".to_owned(), "no plan is kept".to_owned(), vec!["due dates come from a plan".to_owned()])
    } else {
        let oldest = if overdue.items > 0 {
            vec![format!("the oldest by {}", count(overdue.oldest.unsigned_abs() as usize, "day"))]
        } else {
            Vec::new()
        };
        (overdue.items.to_string(), format!("of {} open", overdue.open), oldest)
    };
    Number { label: "Remediation overdue".to_owned(), value, of, notes }
}

fn waiver_number(assessment: &Assessment) -> Number {
    let left: Vec<i64> = assessment
        .waivers
        .iter()
        .filter(|w| w.refused.is_none())
        .map(|w| assessment.run.as_of.days_until(w.ends_on))
        .filter(|left| *left >= 0)
        .collect();
    let soon = left.iter().filter(|left| **left <= 90).count();
    let notes = if left.is_empty() { Vec::new() } else { vec![format!("ending within 90 days: {soon}")] };
    let of = if assessment.waivers.is_empty() { "none is recorded" } else { "in force" };
    Number { label: "Waivers".to_owned(), value: left.len().to_string(), of: of.to_owned(), notes }
}

/// Kinds of records that people ask about first, where there is one of them.
const FIRST: [&str; 3] = ["worker", "vendor", "device"];

/// How many records of the most important kind have a gap, and of up to two further kinds.
fn scope_number(assessment: &Assessment, gaps: &Gaps) -> Number {
    let with_gap = |kind: &str| gaps.records.get(kind).copied().unwrap_or_default();
    let all = |kind: &str| assessment.coverage.records.get(kind).copied().unwrap_or(0);
    let kinds = kinds(assessment, &with_gap);
    let first = kinds.first().copied().unwrap_or("record");
    let notes = kinds.iter().skip(1).filter(|kind| all(kind) > 0).take(2);
    let mut label = plural(first);
    if let Some(initial) = label.get_mut(..1) {
        initial.make_ascii_uppercase();
    }
    let none = all(first) == 0;
    Number {
        label: format!("{label} with a gap"),
        value: if none { "–".to_owned() } else { with_gap(first).to_string() },
        of: if none { "none is recorded".to_owned() } else { format!("of {} on record", all(first)) },
        notes: notes.map(|kind| format!("{} of {}", with_gap(kind), count(all(kind), kind))).collect(),
    }
}

/// The kinds that checks look at or that are recorded: those of `FIRST` if there is one, else those with most gaps
/// first.
fn kinds<'a>(assessment: &'a Assessment, with_gap: &dyn Fn(&str) -> usize) -> Vec<&'a str> {
    let checks = assessment.measures.iter().flat_map(|measure| &measure.checks);
    let mut kinds: BTreeSet<&str> = checks.filter_map(|check| check.kind.as_deref()).collect();
    kinds.extend(assessment.coverage.records.keys().map(String::as_str));
    let first: Vec<&str> = FIRST.into_iter().filter(|kind| kinds.contains(kind)).collect();
    if !first.is_empty() {
        return first;
    }
    let mut kinds: Vec<&str> = kinds.into_iter().collect();
    kinds.sort_by_key(|kind| Reverse(with_gap(kind)));
    kinds
}
