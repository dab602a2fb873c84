//! What leadership reads: the verdict, six numbers, the bar and the trend, what is asked, what changed.

use serde::Serialize;

use super::changes::{Changes, changes};
use super::charts::{Column, Segment, bar, trend};
use super::{Names, READ, count, days, is_open_gap, sum};
use crate::assessment::{
    Assessment, Change, Check, Disposition, Finding, Impact, Measure, Outcome, Period, Severity, unknown,
};

#[derive(Debug, Serialize)]
pub(super) struct Front<'a> {
    /// The answer in one sentence.
    verdict: String,
    /// What else has to be known at once, a sentence each.
    also: Vec<String>,
    numbers: Numbers,
    bar: Vec<Segment>,
    trend: Vec<Column<'a>>,
    /// Why the box about reporting is shown, a sentence each; empty when it is not.
    serious: Vec<String>,
    asked: Vec<Asked<'a>>,
    /// Measures that could not be fully assessed.
    not_assessed: usize,
    changes: Option<Changes<'a>>,
}

pub(super) fn front<'a>(assessment: &'a Assessment, names: &Names<'a>) -> Front<'a> {
    let overdue = overdue(assessment);
    let measures = Fractions::of(assessment);
    Front {
        verdict: verdict(assessment, &measures),
        also: also(assessment, &overdue),
        numbers: numbers(assessment, &measures, &overdue),
        bar: bar(assessment.measures.len(), &|outcome| {
            assessment.measures.iter().filter(|m| m.outcome == outcome).count()
        }),
        trend: trend(assessment),
        serious: serious(assessment),
        asked: asked(assessment, names),
        not_assessed: measures.not_assessed,
        changes: changes(assessment, names),
    }
}

/// Measures by outcome.
struct Fractions {
    applicable: usize,
    satisfied: usize,
    gap: usize,
    not_assessed: usize,
    review: usize,
}

impl Fractions {
    fn of(assessment: &Assessment) -> Self {
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

fn verdict(assessment: &Assessment, n: &Fractions) -> String {
    let of = format!("of {} applicable measures", n.applicable);
    let have = |n: usize| if n == 1 { "has" } else { "have" };
    if n.applicable == 0 {
        return "No measure is applicable, so nothing was assessed.".to_owned();
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
        return format!("{} {of} {} gaps{worst}{rest}.", n.gap, have(n.gap));
    }
    if n.not_assessed == n.applicable {
        return format!("None {of} could be fully assessed; nothing is shown to be in order.");
    }
    if n.not_assessed > 0 {
        return format!("No gap was found, but {} {of} could not be fully assessed.", n.not_assessed);
    }
    if n.review > 0 {
        return format!("No gap was found; a person must look at {} {of}.", n.review);
    }
    format!("All {} applicable measures are satisfied by the records.", n.applicable)
}

/// The severity of the worst open gap of a measure.
fn worst_gap(assessment: &Assessment, measure: &Measure) -> Option<Severity> {
    let gaps = assessment.findings.iter().filter(|f| is_open_gap(f) && f.measure == measure.id);
    gaps.map(|f| f.severity).max()
}

fn also(assessment: &Assessment, overdue: &Overdue) -> Vec<String> {
    let mut also = Vec::new();
    let unread = assessment.problems.iter().filter(|p| p.impact == Impact::Incomplete).count();
    if unread > 0 {
        also.push(format!(
            "The audit is incomplete: {} with the input left something in scope unread or undecided.",
            count(unread, "problem")
        ));
    }
    if let Some(baseline) = &assessment.baseline {
        let of = |change| assessment.findings.iter().filter(|f| f.change == Some(change)).count();
        also.push(format!(
            "Findings since {} ({}): {} new, {} worsened, {} fixed.",
            baseline.name,
            baseline.as_of,
            of(Change::New),
            of(Change::Worsened),
            baseline.fixed.len()
        ));
        also.extend(unknown(assessment));
    }
    if overdue.items > 0 {
        let verb = if overdue.items == 1 { "is" } else { "are" };
        also.push(format!("{} {verb} overdue.", count(overdue.items, "remediation item")));
    }
    also
}

/// Open items of the plan past their date.
struct Overdue {
    open: usize,
    items: usize,
    /// Days the oldest is late.
    oldest: i32,
}

fn overdue(assessment: &Assessment) -> Overdue {
    let open: Vec<_> = assessment.plan.iter().filter(|i| i.status != "closed").collect();
    let late: Vec<i32> = open
        .iter()
        .filter_map(|i| days(i.due_on.as_deref()?, &assessment.run.as_of))
        .filter(|late| *late > 0)
        .collect();
    Overdue { open: open.len(), items: late.len(), oldest: late.iter().copied().max().unwrap_or(0) }
}

/// One of the six numbers.
#[derive(Debug, Serialize)]
struct Number {
    label: &'static str,
    value: String,
    /// What it is a part of.
    of: String,
    /// Parts, thresholds, and the change since the last period.
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Numbers {
    list: Vec<Number>,
    /// Why no change is shown; empty when one is.
    no_comparison: &'static str,
}

fn numbers(assessment: &Assessment, n: &Fractions, overdue: &Overdue) -> Numbers {
    let last = assessment.history.last();
    let packs = assessment.run.pack_versions();
    let same_pack = last.filter(|p| p.packs == packs);
    let delta = |now: usize, then: &dyn Fn(&Period) -> usize| match (same_pack, last) {
        (Some(p), _) => vec![format!("{} since {}", signed(now, then(p)), p.name)],
        (None, Some(p)) => vec![format!("not comparable with {}: another version of the policy", p.name)],
        (None, None) => Vec::new(),
    };
    let period = |p: &Period, o: Outcome| p.measures.get(&o).copied().unwrap_or(0);
    let assessed = n.applicable - n.not_assessed;
    let then_assessed = |p: &Period| {
        let of = |o: &&Outcome| !matches!(o, Outcome::NotApplicable | Outcome::NotAssessed);
        sum(READ.iter().filter(of).map(|o| period(p, *o)))
    };
    let gaps: Vec<&Finding> = assessment.findings.iter().filter(|f| is_open_gap(f)).collect();
    let mut gap_notes = vec![by_severity(&gaps)];
    gap_notes.push(format!("threshold: {} and above", assessment.run.fail_on));
    if let Some(baseline) = &assessment.baseline {
        let new = gaps.iter().filter(|f| f.change == Some(Change::New)).count();
        let fixed = baseline.fixed.iter().filter(|f| is_open_gap(f)).count();
        gap_notes.push(format!("{new} of them new, {fixed} closed since {}", baseline.name));
    }
    let mut satisfied = delta(n.satisfied, &|p| period(p, Outcome::Satisfied));
    satisfied.insert(0, "shown by records, fresh where an age is set".to_owned());
    let mut seen = delta(assessed, &then_assessed);
    seen.insert(0, "the rest lacks records, or waits for a person".to_owned());
    let list = vec![
        Number {
            label: "Measures satisfied",
            value: n.satisfied.to_string(),
            of: format!("of {} applicable", n.applicable),
            notes: satisfied,
        },
        Number {
            label: "Measures assessed",
            value: assessed.to_string(),
            of: format!("of {} applicable", n.applicable),
            notes: seen,
        },
        Number {
            label: "Open gaps",
            value: gaps.len().to_string(),
            of: format!("in {}", count(n.gap, "measure")),
            notes: gap_notes,
        },
        plan_number(assessment, overdue),
        waiver_number(assessment),
        scope_number(assessment, &gaps),
    ];
    let compared = last.is_some() || assessment.baseline.is_some();
    let no_comparison =
        if compared { "" } else { "No baseline and no earlier period were given, so no change is shown." };
    Numbers { list, no_comparison }
}

fn signed(now: usize, then: usize) -> String {
    match now.cmp(&then) {
        std::cmp::Ordering::Equal => "no change".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", now - then),
        std::cmp::Ordering::Less => format!("−{}", then - now),
    }
}

/// `2 critical, 1 low`.
fn by_severity(findings: &[&Finding]) -> String {
    let parts: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .map(|s| format!("{} {s}", findings.iter().filter(|f| f.severity == *s).count()))
        .collect();
    parts.join(", ")
}

fn plan_number(assessment: &Assessment, overdue: &Overdue) -> Number {
    let (value, of, notes) = if assessment.plan.is_empty() {
        ("–".to_owned(), "no plan is kept".to_owned(), vec!["so no gap has a date it is due on".to_owned()])
    } else {
        let oldest = if overdue.items > 0 {
            vec![format!("the oldest by {}", count(overdue.oldest.unsigned_abs() as usize, "day"))]
        } else {
            Vec::new()
        };
        (overdue.items.to_string(), format!("of {} open", overdue.open), oldest)
    };
    Number { label: "Remediation overdue", value, of, notes }
}

fn waiver_number(assessment: &Assessment) -> Number {
    let left: Vec<i32> = assessment
        .waivers
        .iter()
        .filter_map(|w| days(&assessment.run.as_of, &w.ends_on))
        .filter(|left| *left >= 0)
        .collect();
    let soon = left.iter().filter(|left| **left <= 90).count();
    let notes = if left.is_empty() { Vec::new() } else { vec![format!("ending within 90 days: {soon}")] };
    let of = if assessment.waivers.is_empty() { "none is recorded" } else { "in force" };
    Number { label: "Waivers", value: left.len().to_string(), of: of.to_owned(), notes }
}

/// Workers, then what else people ask about.
fn scope_number(assessment: &Assessment, gaps: &[&Finding]) -> Number {
    let with_gap = |kind: &str| {
        let ids: std::collections::BTreeSet<&str> =
            gaps.iter().flat_map(|f| &f.records).filter(|r| r.kind == kind).map(|r| r.id.as_str()).collect();
        ids.len()
    };
    let all = |kind: &str| assessment.coverage.records.get(kind).copied().unwrap_or(0);
    let notes = ["vendor", "device"]
        .iter()
        .filter(|kind| all(kind) > 0)
        .map(|kind| format!("{} of {}", with_gap(kind), count(all(kind), kind)))
        .collect();
    let workers = all("worker");
    Number {
        label: "Workers with a gap",
        value: if workers == 0 { "–".to_owned() } else { with_gap("worker").to_string() },
        of: if workers == 0 { "none is recorded".to_owned() } else { format!("of {workers} on record") },
        notes,
    }
}

/// Whether somebody should think of reporting: an incident is on record, or a serious sign is open.
fn serious(assessment: &Assessment) -> Vec<String> {
    let mut why = Vec::new();
    let incidents = assessment.coverage.records.get("incident").copied().unwrap_or(0);
    if incidents > 0 {
        let verb = if incidents == 1 { "is" } else { "are" };
        why.push(format!("{} {verb} on record.", count(incidents, "incident")));
    }
    let open = |f: &&Finding| f.outcome == Outcome::Review && f.disposition == Disposition::Open;
    let reviews = assessment.findings.iter().filter(open).filter(|f| f.severity >= Severity::High).count();
    if reviews > 0 {
        let verb = if reviews == 1 { "waits" } else { "wait" };
        why.push(format!("{} of high severity {verb} for a person to look.", count(reviews, "sign")));
    }
    why
}

/// Gaps and decisions on the first pages.
const ASKED: usize = 5;

/// Something leadership is asked.
#[derive(Debug, Serialize)]
struct Asked<'a> {
    measure: &'a str,
    anchor: String,
    severity: Severity,
    /// What the measure wants.
    title: &'a str,
    /// What the records show of it.
    wrong: String,
    owner: &'a str,
    due: Option<&'a str>,
    overdue: bool,
    decision: Option<&'a str>,
    /// What comes first where nobody wrote a decision.
    first_step: Option<&'a str>,
}

fn asked<'a>(assessment: &'a Assessment, names: &Names<'a>) -> Vec<Asked<'a>> {
    let mut asked: Vec<Asked> = Vec::new();
    let mut open: Vec<_> =
        assessment.plan.iter().filter(|i| i.status != "closed" && i.decision.is_some()).collect();
    open.sort_by_key(|i| (std::cmp::Reverse(i.adjusted_severity.unwrap_or(i.severity)), &i.due_on, &i.id));
    for item in open.into_iter().take(ASKED) {
        let late = item.due_on.as_deref().and_then(|due| days(due, &assessment.run.as_of));
        asked.push(Asked {
            measure: &item.measure,
            anchor: names.measure(assessment, &item.measure).unwrap_or_default(),
            severity: item.adjusted_severity.unwrap_or(item.severity),
            title: &item.weakness,
            wrong: format!("{}; since {}", count(item.findings.len(), "finding"), item.detected_on),
            owner: names.owner(&item.owner),
            due: item.due_on.as_deref(),
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
            .map(|c| (c, open_gaps(assessment, measure, c)))
            .filter(|(_, n)| *n > 0)
            .max_by(|(a, n), (b, m)| (a.severity, n).cmp(&(b.severity, m)).then(b.id.cmp(&a.id)));
        gaps.extend(worst.map(|(check, n)| (i, measure, check, n)));
    }
    gaps.sort_by(|a, b| (b.2.severity, b.3).cmp(&(a.2.severity, a.3)).then(a.0.cmp(&b.0)));
    for (i, measure, check, n) in gaps {
        if asked.len() >= ASKED || asked.iter().any(|a| a.measure == measure.id) {
            continue;
        }
        let wrong = match (&check.kind, check.counts.in_scope()) {
            (Some(kind), all) if all > 1 || check.counts.gap > 0 => {
                format!("not so for {} of {}", check.counts.gap, count(all, kind))
            }
            _ => format!("not shown: {}", count(n, "finding")),
        };
        let item = assessment.plan.iter().find(|item| item.status != "closed" && item.measure == measure.id);
        let due = item.and_then(|item| item.due_on.as_deref());
        asked.push(Asked {
            measure: &measure.id,
            anchor: names.measures.get(i).cloned().unwrap_or_default(),
            severity: check.severity,
            title: &check.title,
            wrong,
            owner: names.owner(&measure.owner),
            due,
            overdue: due.and_then(|due| days(due, &assessment.run.as_of)).is_some_and(|late| late > 0),
            decision: None,
            first_step: check.remediation.first().map(String::as_str),
        });
    }
    asked
}

/// Open gaps of a check.
fn open_gaps(assessment: &Assessment, measure: &Measure, check: &Check) -> usize {
    let of = |f: &&Finding| f.measure == measure.id && f.check == check.id && is_open_gap(f);
    assessment.findings.iter().filter(of).count()
}
