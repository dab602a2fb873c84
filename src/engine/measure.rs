//! One measure: its checks evaluated, rolled up and put into words.

use crate::diagnostics::Code;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::attest;
use super::defaults::ReadDefaults;
use super::evaluate::{evaluate, starts};
use super::finding;
use super::message;
use super::stated;
use super::verdict::{Evaluated, Trace, Verdict, subject};
use super::waits::{Waits, waits};
use crate::assessment::{self as out, Counts, Finding, Outcome, Problem};
use crate::policy::expr::{Absence, Absent, Failure, Scope, Value};
use crate::policy::{Check, Form, Measure, Message, Pack, Part};
use crate::records::RecordRef;
use crate::text::count;
use crate::tree::NodeId;
use crate::words::{Cause, Grade, Tests};

pub(super) struct JudgedMeasure {
    pub measure: out::Measure,
    pub findings: Vec<Finding>,
    pub problems: Vec<Problem>,
    /// What each check waits for.
    pub waits: Vec<Waits>,
    /// Steps of all its checks.
    pub steps: u64,
    /// What each check says, and where its findings start; none where the measure is not applicable. Kept
    /// when other states are compared.
    pub kept: Vec<Option<Kept>>,
}

/// Which records were in the scope of a check; one place for all checks, because there are as many as records.
pub(crate) struct SeenRecords(Vec<AtomicBool>);

impl SeenRecords {
    pub(crate) fn none_of(records: usize) -> Self {
        SeenRecords((0..records).map(|_| AtomicBool::new(false)).collect())
    }

    fn at(&self, record: RecordRef) {
        self.0[record.0 as usize].store(true, Ordering::Relaxed);
    }

    pub(crate) fn has(&self, record: RecordRef) -> bool {
        self.0[record.0 as usize].load(Ordering::Relaxed)
    }
}

/// What a check says about every record, for judging other states.
#[derive(Debug)]
pub(crate) struct Kept {
    pub evaluated: Evaluated,
    /// Index of its first finding.
    pub first: usize,
}

struct JudgedCheck {
    check: out::Check,
    findings: Vec<Finding>,
    waits: Waits,
    problem: Option<Problem>,
    steps: u64,
    /// Kept when other states are compared.
    evaluated: Option<Evaluated>,
}

/// What all measures are judged with.
pub(super) struct Job<'a> {
    pub scope: &'a Scope<'a>,
    /// Who stands behind an owner's role.
    pub owners: &'a BTreeMap<String, String>,
    pub seen: &'a SeenRecords,
    /// Findings of a check that are not assessed and are listed one by one.
    pub listed: usize,
}

pub(super) fn judge(job: &Job<'_>, pack: &Pack, measure: &Measure) -> JudgedMeasure {
    let Job { scope, owners, .. } = *job;
    let mut problems = Vec::new();
    let not_applicable = measure.applicable.as_ref().and_then(|(when, reason)| {
        match when.evaluate(scope, Value::Bool(true)) {
            Ok(Value::Bool(false)) => Some(reason.as_str()),
            Ok(_) => None,
            Err(failure) => {
                problems.push(failed(&measure.place, &measure.id, &failure, 1));
                None
            }
        }
    });
    let checks: Vec<JudgedCheck> = measure
        .checks
        .par_iter()
        .map(|check| judge_check(job, pack, measure, check, not_applicable))
        .collect();
    let mut findings = Vec::new();
    let mut judged = Vec::new();
    let mut kept = Vec::new();
    let mut waits = Vec::new();
    let mut steps = 0;
    for check in checks {
        steps += check.steps;
        if let Some(evaluated) = check.evaluated {
            let evaluated = Kept { evaluated, first: findings.len() };
            kept.push(not_applicable.is_none().then_some(evaluated));
        }
        findings.extend(check.findings);
        problems.extend(check.problem);
        waits.push(check.waits);
        judged.push(check.check);
    }
    let outcome =
        not_applicable.map_or_else(|| worst(judged.iter().map(|c| c.outcome)), |_| Outcome::NotApplicable);
    let mut checks_by_outcome = BTreeMap::new();
    for check in &judged {
        *checks_by_outcome.entry(check.outcome).or_insert(0) += 1;
    }
    let reason = match not_applicable {
        Some(reason) => reason.to_owned(),
        None => measure_reason(outcome, &judged),
    };
    let strongest = |tests: Tests| {
        judged.iter().filter(|c| c.tests == tests && c.counts.satisfied > 0).filter_map(|c| c.grade).max()
    };
    let measure = out::Measure {
        outcome,
        checks_by_outcome,
        grade: strongest(Tests::Operation).or_else(|| strongest(Tests::Design)),
        checks: judged,
        ..unjudged_measure(pack, measure, owners, reason)
    };
    JudgedMeasure { measure, findings, problems, waits, steps, kept }
}

/// A measure of which nothing is judged, and why: it is not applicable, and has no checks.
pub(crate) fn unjudged_measure(
    pack: &Pack,
    measure: &Measure,
    owners: &BTreeMap<String, String>,
    reason: String,
) -> out::Measure {
    out::Measure {
        id: measure.id.clone(),
        pack: pack.name.clone(),
        title: measure.title.clone(),
        document: measure.source.document.clone(),
        section: measure.source.section.clone(),
        item: measure.source.item,
        group: measure.group.clone(),
        severity: measure.severity,
        owner: measure.owner.clone(),
        owner_name: owners.get(&measure.owner).cloned(),
        cadence_days: measure.cadence_days,
        outcome: Outcome::NotApplicable,
        reason,
        checks_by_outcome: BTreeMap::new(),
        grade: None,
        asks: measure.asks.iter().map(|a| out::Ask { id: a.id.clone(), text: a.text.clone() }).collect(),
        rationale: measure.rationale.clone(),
        remediation: measure.remediation.clone(),
        mappings: measure.mappings.clone(),
        not_scored: measure.not_scored.clone(),
        checks: Vec::new(),
    }
}

/// A check that is not judged, and why: it is not applicable.
pub(crate) fn unjudged_check(pack: &Pack, check: &Check, kind: Option<String>, reason: String) -> out::Check {
    out::Check {
        id: check.id.clone(),
        title: check.title.clone(),
        asks: check.asks.clone(),
        tests: check.tests,
        grade: check.grade,
        severity: check.severity,
        outcome: Outcome::NotApplicable,
        reason,
        kind,
        counts: Counts::default(),
        satisfied: Vec::new(),
        pattern: check.pattern.clone(),
        remediation: check.remediation.clone(),
        question: match &check.form {
            Form::Attest { question, .. } => Some(question.clone()),
            _ => None,
        },
        attested: None,
        since: None,
        unlisted: 0,
        policy: check.require_place.clone(),
        policy_lines: policy_lines(pack, check),
    }
}

fn judge_check(
    job: &Job<'_>,
    pack: &Pack,
    measure: &Measure,
    check: &Check,
    not_applicable: Option<&str>,
) -> JudgedCheck {
    let Job { scope, seen, listed, .. } = *job;
    let evaluated = if not_applicable.is_some() { Evaluated::default() } else { evaluate(scope, check) };
    let mut counts =
        Counts { not_applicable: evaluated.out_of_scope, before: evaluated.before, ..Counts::default() };
    let mut satisfied = Vec::new();
    for (record, outcome) in &evaluated.records {
        seen.at(*record);
        match outcome {
            Outcome::Satisfied => {
                counts.satisfied += 1;
                satisfied.push(Arc::clone(&scope.set.get(*record).id));
            }
            Outcome::Gap => counts.gap += 1,
            Outcome::Review => counts.review += 1,
            Outcome::NotAssessed => counts.not_assessed += 1,
            Outcome::NotApplicable => counts.not_applicable += 1,
        }
    }
    let outcome = if not_applicable.is_some() {
        Outcome::NotApplicable
    } else {
        let worst = evaluated.verdicts.iter().map(|(_, v)| v.outcome).max();
        check_outcome(worst, counts.satisfied > 0, &evaluated)
    };
    let is_attest = matches!(check.form, Form::Attest { .. });
    let attested = if is_attest { attest::attested(scope, &evaluated) } else { None };
    let kind = check.form.kind().map(|kind| scope.set.catalog.get(kind).name.clone());
    let reason = match not_applicable {
        Some(reason) => reason.to_owned(),
        None if is_attest => attest::reason(scope, check, attested.as_ref()),
        None if let Some(statement) = evaluated.stated => stated::reason(scope, statement),
        None => check_reason(check, kind.as_deref(), outcome, &counts, &evaluated),
    };
    let failures: Vec<&Failure> = evaluated.verdicts.iter().filter_map(|(_, v)| v.failure()).collect();
    let problem =
        failures.first().map(|first| failed(&check.require_place, &check.id, first, failures.len()));
    let findings = findings(scope, pack, measure, check, &evaluated, listed);
    JudgedCheck {
        check: out::Check {
            grade: match attested {
                Some(_) => Some(Grade::Attested),
                None => ReadDefaults::by(scope.set, check).grade(check, &evaluated),
            },
            outcome,
            counts,
            satisfied,
            attested,
            since: check.since().map(|since| starts(&mut Trace::new(scope), since)),
            unlisted: evaluated.verdicts.len() - findings.len(),
            ..unjudged_check(pack, check, kind, reason)
        },
        findings,
        waits: waits(scope.set, &evaluated),
        problem,
        steps: evaluated.steps,
        evaluated: scope.compared.is_any().then_some(evaluated),
    }
}

/// The outcome of a check from its worst verdict that is not satisfied, and from whether any is.
pub(crate) fn check_outcome(worst: Option<Outcome>, satisfied: bool, evaluated: &Evaluated) -> Outcome {
    match worst {
        Some(worst) => worst,
        None if satisfied => Outcome::Satisfied,
        None if evaluated.lacks_records && evaluated.stated.is_none() => Outcome::NotAssessed,
        None => Outcome::NotApplicable,
    }
}

/// The elements of a list of the record that the check refuses, where the message inserts a field in another.
fn refused(scope: &Scope<'_>, check: &Check, message: &Message, records: &[RecordRef]) -> Vec<NodeId> {
    let is_inside = |part: &Part| matches!(part, Part::Field(path) if path.contains('.'));
    match (&check.form, records) {
        (Form::Each(rule), [record]) if message.parts().iter().any(is_inside) => {
            let found = rule.require.refused(scope, subject(scope, *record));
            found.into_iter().filter(|item| item.record == *record).map(|item| item.node.id()).collect()
        }
        _ => Vec::new(),
    }
}

/// The findings of a check, and of those that are not assessed the first `listed`.
pub(crate) fn findings(
    scope: &Scope<'_>,
    pack: &Pack,
    measure: &Measure,
    check: &Check,
    evaluated: &Evaluated,
    listed: usize,
) -> Vec<Finding> {
    let render = |message: &Message, records: &[RecordRef]| {
        let refused = refused(scope, check, message, records);
        message::render(message, scope.set, measure, scope.as_of, records, &refused)
    };
    let text = |records: &[RecordRef], verdict: &Verdict| match (verdict.outcome, verdict.cause) {
        (_, Some(Cause::Stale)) => {
            check.stale.as_ref().map_or_else(|| check.title.clone(), |stale| render(stale, records))
        }
        (_, Some(Cause::Missing)) if !verdict.absent().is_empty() => match (&check.absent, records) {
            (_, []) => render(&check.message, records),
            (Some(absent), _) if lacks_what_it_points_to(check, verdict.absent()) => render(absent, records),
            _ => message::missing(scope.set, records, verdict.absent()),
        },
        (Outcome::NotAssessed, _) => match verdict.failure() {
            Some(failure) => format!("could not be evaluated: {failure}"),
            None if records.is_empty() => {
                let kind = check.form.kind().map_or("", |k| &scope.set.catalog.get(k).name);
                format!("there is no {kind} record to look at")
            }
            None => message::missing(scope.set, records, verdict.absent()),
        },
        _ if !verdict.not_bound().is_empty() => {
            format!("{} (not covered: {})", render(&check.message, records), verdict.not_bound().join(", "))
        }
        _ => match verdict.refused() {
            Some((path, reason)) => format!("{}: `{path}` {reason}", render(&check.message, records)),
            None => render(&check.message, records),
        },
    };
    let defaults = ReadDefaults::by(scope.set, check);
    let build = |found: &(Vec<RecordRef>, Verdict)| {
        let mut message = text(&found.0, &found.1);
        if let Some(said) = defaults.said(&found.0) {
            message = format!("{message}; {said}");
        }
        finding::build(scope, pack, measure, check, found, message)
    };
    let mut unassessed = 0;
    let is_listed = |(_, verdict): &&(Vec<RecordRef>, Verdict)| {
        unassessed += usize::from(verdict.outcome == Outcome::NotAssessed);
        verdict.outcome != Outcome::NotAssessed || unassessed <= listed
    };
    evaluated.verdicts.iter().filter(is_listed).map(build).collect()
}

/// Whether the field that a finding points to, or a mapping around it, is what is not recorded.
fn lacks_what_it_points_to(check: &Check, absent: &[Absent]) -> bool {
    let Some(at) = &check.at else { return false };
    let covers =
        |path: &str| at.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    absent.iter().any(|a| a.why == Absence::Missing && covers(&a.path))
}

fn failed(place: &crate::diagnostics::Place, check: &str, failure: &Failure, times: usize) -> Problem {
    let times = if times == 1 { String::new() } else { format!(" for {times} records") };
    Problem::new(
        Code::EvaluationFailed,
        place.clone(),
        format!("`{check}` could not be evaluated{times}: {failure}"),
        "fix the expression, or split it into several checks",
    )
}

/// The lines of the policy that state the requirement.
fn policy_lines(pack: &Pack, check: &Check) -> String {
    let Some(tree) = pack.sources.get(&check.require_place.path) else {
        return String::new();
    };
    let start = check.require_place.line;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let line = |n: u32| {
        let span = tree.line_span(n);
        &tree.text()[span.start as usize..span.end as usize]
    };
    let first = line(start);
    let mut lines = vec![first.trim_start()];
    // A folded expression goes on below, further in.
    for n in start + 1..start + 12 {
        let next = line(n);
        if next.trim().is_empty() || indent(next) <= indent(first) {
            break;
        }
        lines.push(next.trim_start());
    }
    lines.join("\n")
}

/// The worst outcome; not-assessed when there is nothing.
pub(crate) fn worst(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    outcomes.max().unwrap_or(Outcome::NotAssessed)
}

fn check_reason(
    check: &Check,
    kind: Option<&str>,
    outcome: Outcome,
    counts: &Counts,
    evaluated: &Evaluated,
) -> String {
    let kind = kind.unwrap_or_default();
    if evaluated.total == 0 {
        return match outcome {
            Outcome::Gap => format!("there is no {kind} record"),
            _ => format!("there is no {kind} record to look at"),
        };
    }
    if let Form::Exists { .. } = check.form {
        return match outcome {
            Outcome::Satisfied => format!("{} shows it", count(counts.satisfied, kind)),
            _ => format!("none of {} shows it", count(evaluated.total, kind)),
        };
    }
    if counts.in_scope() == 0 {
        return format!("none of {} is in its scope", count(evaluated.total, kind));
    }
    counted(counts, kind)
}

/// How many records of a kind have which outcome: "3 of 5 workers, 2 with a gap".
pub(crate) fn counted(counts: &Counts, kind: &str) -> String {
    let mut parts = vec![format!("{} of {}", counts.satisfied, count(counts.in_scope(), kind))];
    for (n, word) in [
        (counts.gap, "with a gap"),
        (counts.review, "to review"),
        (counts.waived, "waived"),
        (counts.not_assessed, "not assessed"),
    ] {
        if n > 0 {
            parts.push(format!("{n} {word}"));
        }
    }
    parts.join(", ")
}

fn measure_reason(outcome: Outcome, checks: &[out::Check]) -> String {
    let n = checks.iter().filter(|c| c.outcome == outcome).count();
    let total = checks.len();
    match outcome {
        Outcome::Gap => format!("{n} of {total} checks found a gap"),
        Outcome::NotAssessed => {
            format!("no gap found, and {n} of {total} checks could not be assessed")
        }
        Outcome::Review => format!("{n} of {total} checks ask a person to look"),
        Outcome::Satisfied => {
            let applicable = checks.iter().filter(|c| c.outcome != Outcome::NotApplicable).count();
            format!("all {applicable} checks in scope are satisfied")
        }
        Outcome::NotApplicable => "no record is in the scope of any check".to_owned(),
    }
}
