//! Another state judged from what is known of the present one: an earlier one, or the present one under other rules.
//!
//! A record is *unchanged* when the present state holds the same. A check says the same of unchanged records, unless
//! something else that it read differs: then, and for all other records, it is evaluated.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::assessment::{Finding, Outcome, Problem};
use crate::engine::{
    Evaluated, Judged, Kept, Verdict, World, evaluate, evaluate_some, fingerprint, measure, organization,
};
use crate::policy::expr::{Compared, Dependency, Reads, Scope, StateDiff, Value};
use crate::policy::{Check, Form};
use crate::records::{KindId, RecordRef};
use crate::words::Severity;

/// A state and what it shares with the present one.
pub(super) struct OtherState<'a> {
    pub world: World<'a>,
    /// The present state; none where records mean something else there.
    pub present: Option<Present<'a>>,
    /// For the base: what differs, in the terms of its own policies.
    pub base: Option<&'a StateDiff>,
    pub wanted: Wanted,
}

/// What is asked of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wanted {
    /// How many measures have which outcome, and which findings there are.
    Numbers,
    /// The findings as well, and the outcomes of what was evaluated.
    Findings,
    /// The outcomes of all records as well.
    Outcomes,
}

/// What is known of the present state, and what it shares with an earlier one.
#[derive(Clone, Copy)]
pub(super) struct Present<'a> {
    pub judged: &'a Judged,
    /// For each record of the earlier state, the same record here; none where it is gone or says something else.
    pub unchanged: &'a [Option<RecordRef>],
    /// What the present state was judged in view of: all that differs from the base, or from the history.
    pub diff: &'a StateDiff,
    /// For each check of the other state's policies, in their order, the same check here; none where the policies
    /// are the same.
    pub checks: Option<&'a [Option<usize>]>,
}

/// What a state says.
#[derive(Debug, Default)]
pub(super) struct Reassessment {
    /// Findings that were evaluated.
    pub findings: Vec<Finding>,
    /// Of findings that were evaluated for their number, the outcome by fingerprint.
    pub seen: HashMap<String, Outcome>,
    /// For each finding of the present state, whether this one has the same.
    pub same: Vec<bool>,
    pub measures: BTreeMap<Outcome, usize>,
    /// All gaps, whatever was decided about them.
    pub gaps: BTreeMap<Severity, usize>,
    /// Measures that are not applicable.
    pub not_applicable: BTreeSet<String>,
    /// By check, in the order of the policies, where that is wanted; none where the measure is not applicable.
    pub checks: Vec<Option<Outcomes>>,
}

/// What a check says about records.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    /// Of all its records together.
    pub outcome: Option<Outcome>,
    /// Record by record in the order of ids: all, or those that were evaluated.
    pub records: Vec<(RecordRef, Outcome)>,
    /// What records read that differs, in the order of ids.
    pub reads: Vec<(RecordRef, Reads)>,
}

/// What one check says about a state.
#[derive(Default)]
struct Reassessed {
    outcomes: Outcomes,
    /// Evaluated verdicts that are not satisfied.
    own: Vec<(Vec<RecordRef>, Verdict)>,
    /// Indexes of verdicts of the present state that stand.
    taken: Vec<usize>,
}

impl Reassessed {
    /// How many of its verdicts are gaps; `before` is what the present state says.
    fn gaps(&self, before: Option<&Evaluated>) -> usize {
        let taken = self.taken.iter().filter_map(|i| before?.verdicts.get(*i));
        self.own.iter().chain(taken).filter(|(_, verdict)| verdict.outcome == Outcome::Gap).count()
    }
}

/// Judges another state.
pub(super) fn reassess(other: &OtherState<'_>) -> Reassessment {
    let world = other.world;
    let indexes = world.policies.plan.on_demand(world.set, world.as_of);
    let mut unused: Vec<Problem> = Vec::new();
    let organization = organization(world.set, &mut unused);
    let scope = world.scope(&indexes, organization, Compared { base: other.base, history: None });
    let present = other.present.as_ref();
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
            out.checks.extend(positions.map(|_| None));
            continue;
        }
        let judged: Vec<Reassessed> = (measure.checks.par_iter())
            .zip(positions.clone())
            .map(|(check, i)| one(&scope, other.wanted, check, present.and_then(|p| Some((p, p.kept(i)?)))))
            .collect();
        let outcome = measure::worst(judged.iter().filter_map(|check| check.outcomes.outcome));
        *out.measures.entry(outcome).or_default() += 1;
        for ((check, i), judged) in measure.checks.iter().zip(positions).zip(judged) {
            let gaps = judged.gaps(present.and_then(|p| p.kept(i)));
            if gaps > 0 {
                *out.gaps.entry(check.severity).or_default() += gaps;
            }
            if let Some(first) = present.and_then(|p| p.first(i)) {
                for taken in judged.taken {
                    out.same[first + taken] = true;
                }
            }
            if other.wanted == Wanted::Numbers {
                let seen = judged.own.iter().map(|(records, verdict)| {
                    (fingerprint(&pack.name, check, world.set, records), verdict.outcome)
                });
                out.seen.extend(seen);
            }
            if other.wanted >= Wanted::Findings && !judged.own.is_empty() {
                let evaluated = Evaluated { verdicts: judged.own, ..Evaluated::default() };
                out.findings.extend(measure::findings(&scope, pack, measure, check, &evaluated, usize::MAX));
            }
            if other.wanted >= Wanted::Findings {
                out.checks.push(Some(judged.outcomes));
            }
        }
    }
    out
}

impl Present<'_> {
    /// What the present state says of the check at a position of the other one's policies; nothing where the measure
    /// is not applicable, or there is no such check.
    fn kept(&self, position: usize) -> Option<&Evaluated> {
        self.at(position).map(|kept| &kept.evaluated)
    }

    fn at(&self, position: usize) -> Option<&Kept> {
        let position = self.checks.map_or(Some(position), |checks| *checks.get(position)?)?;
        self.judged.checks.get(position)?.as_ref()
    }

    /// Whether a verdict cannot be taken over, by what it read: of the differences from the base where there is one.
    fn is_read(scope: &Scope<'_>, reads: Reads) -> bool {
        if scope.compared.base.is_some() { reads.base() } else { reads.history }
    }

    /// Where the check's findings start.
    fn first(&self, position: usize) -> Option<usize> {
        self.at(position).map(|kept| kept.first)
    }
}

/// The outcome of a check.
pub(super) fn outcome_of(evaluated: &Evaluated) -> Outcome {
    let satisfied = evaluated.records.iter().any(|(_, outcome)| *outcome == Outcome::Satisfied);
    let worst = evaluated.verdicts.iter().map(|(_, verdict)| verdict.outcome).max();
    measure::check_outcome(worst, satisfied, evaluated)
}

fn one<'a>(
    scope: &'a Scope<'a>,
    wanted: Wanted,
    check: &'a Check,
    present: Option<(&Present<'_>, &Evaluated)>,
) -> Reassessed {
    let Some((present, before)) = present else {
        return alone(scope, check);
    };
    let Some(kind) = check.form.kind() else {
        return alone(scope, check);
    };
    // With nothing on record, what was stated decides.
    if check.stated.is_some() && scope.set.count(kind) == 0 {
        return alone(scope, check);
    }
    let read = before.reads.iter().any(|(_, reads)| Present::is_read(scope, *reads));
    if !read && !present.diff.has(Dependency::Kind(kind)) {
        let mut outcomes = Outcomes { outcome: Some(outcome_of(before)), ..Outcomes::default() };
        if wanted == Wanted::Outcomes {
            let there = |same: RecordRef| {
                before.records.binary_search_by_key(&same, |(r, _)| *r).ok().map(|i| before.records[i].1)
            };
            let outcome = |r: RecordRef| Some((r, there(present.unchanged[r.0 as usize]?)?));
            outcomes.records = scope.set.of_kind(kind).filter_map(outcome).collect();
        }
        return Reassessed { outcomes, own: Vec::new(), taken: (0..before.verdicts.len()).collect() };
    }
    match &check.form {
        Form::Each(subject) if subject.group_by.is_none() => {
            each(scope, wanted, check, kind, (present, before))
        }
        Form::Schema { .. } => each(scope, wanted, check, kind, (present, before)),
        _ => alone(scope, check),
    }
}

/// Evaluated from the start.
fn alone<'a>(scope: &'a Scope<'a>, check: &'a Check) -> Reassessed {
    let evaluated = evaluate(scope, check);
    let outcome = Some(outcome_of(&evaluated));
    let Evaluated { records, reads, verdicts: own, .. } = evaluated;
    Reassessed { outcomes: Outcomes { outcome, records, reads }, own, taken: Vec::new() }
}

/// Record by record: those unchanged whose verdict read nothing that differs keep it, the others are evaluated.
fn each<'a>(
    scope: &'a Scope<'a>,
    wanted: Wanted,
    check: &'a Check,
    kind: KindId,
    (present, before): (&Present<'_>, &Evaluated),
) -> Reassessed {
    let mut judged = Reassessed::default();
    let (mut rest, mut kept) = (Vec::new(), Vec::new());
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
        if wanted == Wanted::Outcomes {
            kept.push((record, *outcome));
        }
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
    let outcome = Some({
        let total = scope.set.count(kind);
        let all = Evaluated {
            total,
            lacks_records: check.needs_records() && total == 0,
            stated: evaluated.stated,
            ..Evaluated::default()
        };
        measure::check_outcome(worst, satisfied, &all)
    });
    kept.extend(evaluated.records);
    kept.sort_unstable();
    judged.outcomes = Outcomes { outcome, records: kept, reads: evaluated.reads };
    judged.own = evaluated.verdicts;
    judged
}
