//! An earlier state judged from what is known of the present one.
//!
//! A record is *unchanged* when the present state holds the same. A check says the same of unchanged records, unless
//! something else that it read differs: then, and for all other records, it is evaluated.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::assessment::{Finding, Outcome, Problem};
use crate::engine::{Evaluated, Judged, Verdict, World, evaluate, evaluate_some, measure, organization};
use crate::policy::expr::{Compared, Dependency, Reads, Scope, StateDiff, Value};
use crate::policy::{Check, Form};
use crate::records::{KindId, RecordRef};

/// An earlier state and what it shares with the present one.
pub(super) struct EarlierState<'a> {
    pub world: World<'a>,
    /// The present state; none where the policies differ.
    pub present: Option<Present<'a>>,
    /// For the base, whose findings are wanted: what differs, in the terms of its own policies. None for a state of
    /// the history, of which only the numbers are.
    pub base: Option<&'a StateDiff>,
}

/// What is known of the present state, and what it shares with an earlier one.
#[derive(Clone, Copy)]
pub(super) struct Present<'a> {
    pub judged: &'a Judged,
    /// For each record of the earlier state, the same record here; none where it is gone or says something else.
    pub unchanged: &'a [Option<RecordRef>],
    /// What the present state was judged in view of: all that differs from the base, or from the history.
    pub diff: &'a StateDiff,
}

/// What an earlier state says.
#[derive(Debug, Default)]
pub(super) struct Reassessment {
    /// Findings that were evaluated.
    pub findings: Vec<Finding>,
    /// For each finding of the present state, whether this one has the same.
    pub same: Vec<bool>,
    pub measures: BTreeMap<Outcome, usize>,
    /// Measures that are not applicable.
    pub not_applicable: BTreeSet<String>,
}

/// What one check says about an earlier state.
#[derive(Default)]
struct Reassessed {
    outcome: Option<Outcome>,
    /// Evaluated verdicts that are not satisfied.
    own: Vec<(Vec<RecordRef>, Verdict)>,
    /// Indexes of verdicts of the present state that stand.
    taken: Vec<usize>,
}

/// Judges an earlier state.
pub(super) fn reassess(earlier: &EarlierState<'_>) -> Reassessment {
    let world = earlier.world;
    let indexes = world.policies.plan.on_demand(world.set, world.as_of);
    let mut unused: Vec<Problem> = Vec::new();
    let organization = organization(world.set, &mut unused);
    let scope = world.scope(&indexes, organization, Compared { base: earlier.base, history: None });
    let present = earlier.present.as_ref();
    let mut out = Reassessment {
        same: vec![false; present.map_or(0, |p| p.judged.judgement.findings.len())],
        ..Reassessment::default()
    };
    let mut position = 0;
    for (pack, measure) in world.policies.measures() {
        let positions = position..position + measure.checks.len();
        position = positions.end;
        let applicable =
            measure.applicable.as_ref().map(|(when, _)| when.evaluate(&scope, Value::Bool(true)));
        if let Some(Ok(Value::Bool(false))) = applicable {
            out.not_applicable.insert(measure.id.clone());
            *out.measures.entry(Outcome::NotApplicable).or_default() += 1;
            continue;
        }
        let judged: Vec<Reassessed> = (measure.checks.par_iter())
            .zip(positions.clone())
            .map(|(check, i)| one(&scope, check, present.and_then(|p| Some((p, p.kept(i)?)))))
            .collect();
        let outcome = measure::worst(judged.iter().filter_map(|check| check.outcome));
        *out.measures.entry(outcome).or_default() += 1;
        for ((check, i), judged) in measure.checks.iter().zip(positions).zip(judged) {
            if let Some(first) = present.and_then(|p| p.first(i)) {
                for taken in judged.taken {
                    out.same[first + taken] = true;
                }
            }
            if earlier.base.is_some() && !judged.own.is_empty() {
                let evaluated = Evaluated { verdicts: judged.own, ..Evaluated::default() };
                out.findings.extend(measure::findings(&scope, pack, measure, check, &evaluated));
            }
        }
    }
    out
}

impl Present<'_> {
    /// What the present state says of the check at a position; nothing where the measure is not applicable.
    fn kept(&self, position: usize) -> Option<&Evaluated> {
        self.judged.checks.get(position)?.as_ref().map(|kept| &kept.evaluated)
    }

    /// Whether a verdict cannot be taken over, by what it read: of the differences from the base where there is one.
    fn is_read(scope: &Scope<'_>, reads: Reads) -> bool {
        if scope.compared.base.is_some() { reads.base() } else { reads.history }
    }

    /// Where the check's findings start.
    fn first(&self, position: usize) -> Option<usize> {
        self.judged.checks.get(position)?.as_ref().map(|kept| kept.first)
    }
}

fn outcome_of(evaluated: &Evaluated) -> Outcome {
    let satisfied = evaluated.records.iter().any(|(_, outcome)| *outcome == Outcome::Satisfied);
    let worst = evaluated.verdicts.iter().map(|(_, verdict)| verdict.outcome).max();
    measure::check_outcome(worst, satisfied, evaluated.total)
}

fn one<'a>(
    scope: &'a Scope<'a>,
    check: &'a Check,
    present: Option<(&Present<'_>, &Evaluated)>,
) -> Reassessed {
    let Some((present, before)) = present else {
        return alone(scope, check);
    };
    let Some(kind) = check.form.kind() else {
        return Reassessed { outcome: Some(outcome_of(before)), ..Reassessed::default() };
    };
    let read = before.reads.iter().any(|(_, reads)| Present::is_read(scope, *reads));
    if !read && !present.diff.has(Dependency::Kind(kind)) {
        return Reassessed {
            outcome: Some(outcome_of(before)),
            own: Vec::new(),
            taken: (0..before.verdicts.len()).collect(),
        };
    }
    match &check.form {
        Form::Each(subject) if subject.group_by.is_none() => each(scope, check, kind, present, before),
        Form::Schema { .. } => each(scope, check, kind, present, before),
        _ => alone(scope, check),
    }
}

/// Evaluated from the start.
fn alone<'a>(scope: &'a Scope<'a>, check: &'a Check) -> Reassessed {
    let evaluated = evaluate(scope, check);
    Reassessed { outcome: Some(outcome_of(&evaluated)), own: evaluated.verdicts, taken: Vec::new() }
}

/// Record by record: those unchanged whose verdict read nothing that differs keep it, the others are evaluated.
fn each<'a>(
    scope: &'a Scope<'a>,
    check: &'a Check,
    kind: KindId,
    present: &Present<'_>,
    before: &Evaluated,
) -> Reassessed {
    let mut judged = Reassessed::default();
    let mut rest = Vec::new();
    let (mut satisfied, mut worst) = (false, None);
    // Records, verdicts and unchanged records are all in the order of ids.
    let mut outcomes = before.records.iter().peekable();
    let mut verdicts = before.verdicts.iter().enumerate().peekable();
    let mut reads = before.reads.iter().peekable();
    for record in scope.set.of_kind(kind) {
        let Some(same) = present.unchanged[record.0 as usize] else {
            rest.push(record);
            continue;
        };
        while reads.next_if(|(r, _)| *r < same).is_some() {}
        if reads.peek().is_some_and(|(r, reads)| *r == same && Present::is_read(scope, *reads)) {
            rest.push(record);
            continue;
        }
        while outcomes.next_if(|(r, _)| *r < same).is_some() {}
        let Some((_, outcome)) = outcomes.next_if(|(r, _)| *r == same) else {
            continue;
        };
        if *outcome == Outcome::Satisfied {
            satisfied = true;
            continue;
        }
        worst = worst.max(Some(*outcome));
        let behind = |about: &[RecordRef]| about.first().map_or(Ordering::Less, |r| r.cmp(&same));
        while verdicts.next_if(|(_, (about, _))| behind(about).is_lt()).is_some() {}
        if let Some((i, _)) = verdicts.next_if(|(_, (about, _))| behind(about).is_eq()) {
            judged.taken.push(i);
        }
    }
    let evaluated = evaluate_some(scope, check, rest);
    satisfied |= evaluated.records.iter().any(|(_, outcome)| *outcome == Outcome::Satisfied);
    worst = worst.max(evaluated.verdicts.iter().map(|(_, verdict)| verdict.outcome).max());
    judged.outcome = Some(measure::check_outcome(worst, satisfied, scope.set.count(kind)));
    judged.own = evaluated.verdicts;
    judged
}
