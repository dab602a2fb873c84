//! An earlier state judged again, from what is known of the present one.
//!
//! A record of the earlier state has a *twin* when the present state holds the same. A check says the same of
//! twins, unless what it touched besides them differs: then, and for records without a twin, it is evaluated.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::evaluate::{Evaluated, Verdict, evaluate, evaluate_some};
use super::{Judged, World, measure};
use crate::assessment::{Finding, Outcome, Problem, Reason};
use crate::policy::expr::{Scope, Touched, Value, Watch};
use crate::policy::{Check, Form};
use crate::records::{KindId, RecordRef, RecordSet};

/// An earlier state and what it shares with the present one.
pub struct Earlier<'a> {
    pub world: World<'a>,
    pub watch: &'a Watch,
    /// The present state and, for each record of this set, its twin there; none where the policies differ.
    pub present: Option<(&'a Judged, &'a [Option<RecordRef>])>,
    /// Whether its findings are wanted, or only its numbers.
    pub findings: bool,
}

/// What an earlier state says.
#[derive(Debug, Default)]
pub struct JudgedAgain {
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
struct Again {
    outcome: Option<Outcome>,
    /// Evaluated verdicts that are not satisfied.
    own: Vec<(Vec<RecordRef>, Verdict)>,
    /// Indexes of verdicts of the present state that stand.
    taken: Vec<usize>,
}

/// Judges an earlier state.
pub fn judge_again(earlier: &Earlier<'_>) -> JudgedAgain {
    let world = earlier.world;
    let indexes = world.policies.plan.on_demand(world.set, world.as_of);
    let mut unused: Vec<Problem> = Vec::new();
    let organization = super::organization(world.set, &mut unused);
    let scope = world.scope(&indexes, organization, Some(earlier.watch));
    let present = earlier.present.map(|(judged, twins)| Present { judged, twins });
    let mut out = JudgedAgain {
        same: vec![false; present.as_ref().map_or(0, |p| p.judged.judgement.findings.len())],
        ..JudgedAgain::default()
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
        let judged: Vec<Again> = (measure.checks.par_iter())
            .zip(positions.clone())
            .map(|(check, i)| one(&scope, check, present.as_ref().and_then(|p| Some((p, p.kept(i)?)))))
            .collect();
        let outcome = measure::worst(judged.iter().filter_map(|again| again.outcome));
        *out.measures.entry(outcome).or_default() += 1;
        for ((check, i), again) in measure.checks.iter().zip(positions).zip(judged) {
            if let Some(first) = present.as_ref().and_then(|p| p.first(i)) {
                for taken in again.taken {
                    out.same[first + taken] = true;
                }
            }
            if earlier.findings && !again.own.is_empty() {
                let evaluated = Evaluated { verdicts: again.own, ..Evaluated::default() };
                out.findings.extend(measure::findings(&scope, pack, measure, check, &evaluated));
            }
        }
    }
    out
}

struct Present<'a> {
    judged: &'a Judged,
    twins: &'a [Option<RecordRef>],
}

impl Present<'_> {
    /// What the present state says of the check at a position; nothing where the measure is not applicable.
    fn kept(&self, position: usize) -> Option<&Evaluated> {
        self.judged.checks.get(position)?.as_ref().map(|kept| &kept.evaluated)
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

fn one<'a>(scope: &'a Scope<'a>, check: &'a Check, present: Option<(&Present<'_>, &Evaluated)>) -> Again {
    let Some((present, before)) = present else {
        return alone(scope, check);
    };
    let Some(kind) = check.form.kind() else {
        return Again { outcome: Some(outcome_of(before)), ..Again::default() };
    };
    if before.touched.is_empty() && !scope.watch.is_some_and(|watch| watch.kind(kind)) {
        return Again {
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
fn alone<'a>(scope: &'a Scope<'a>, check: &'a Check) -> Again {
    let evaluated = evaluate(scope, check);
    Again { outcome: Some(outcome_of(&evaluated)), own: evaluated.verdicts, taken: Vec::new() }
}

/// Record by record: twins that touched nothing keep their verdict, the others are evaluated.
fn each<'a>(
    scope: &'a Scope<'a>,
    check: &'a Check,
    kind: KindId,
    present: &Present<'_>,
    before: &Evaluated,
) -> Again {
    let mut again = Again::default();
    let mut rest = Vec::new();
    let (mut satisfied, mut worst) = (false, None);
    // Records, verdicts and twins are all in the order of ids.
    let mut outcomes = before.records.iter().peekable();
    let mut verdicts = before.verdicts.iter().enumerate().peekable();
    let mut touched = before.touched.iter().peekable();
    for record in scope.set.of_kind(kind) {
        let Some(twin) = present.twins[record.0 as usize] else {
            rest.push(record);
            continue;
        };
        while touched.next_if(|t| **t < twin).is_some() {}
        if touched.peek() == Some(&&twin) {
            rest.push(record);
            continue;
        }
        while outcomes.next_if(|(r, _)| *r < twin).is_some() {}
        let Some((_, outcome)) = outcomes.next_if(|(r, _)| *r == twin) else {
            continue;
        };
        if *outcome == Outcome::Satisfied {
            satisfied = true;
            continue;
        }
        worst = worst.max(Some(*outcome));
        let behind = |about: &[RecordRef]| about.first().map_or(Ordering::Less, |r| r.cmp(&twin));
        while verdicts.next_if(|(_, (about, _))| behind(about).is_lt()).is_some() {}
        if let Some((i, _)) = verdicts.next_if(|(_, (about, _))| behind(about).is_eq()) {
            again.taken.push(i);
        }
    }
    let evaluated = evaluate_some(scope, check, rest);
    satisfied |= evaluated.records.iter().any(|(_, outcome)| *outcome == Outcome::Satisfied);
    worst = worst.max(evaluated.verdicts.iter().map(|(_, verdict)| verdict.outcome).max());
    again.outcome = Some(measure::check_outcome(worst, satisfied, scope.set.count(kind)));
    again.own = evaluated.verdicts;
    again
}

/// Why a finding could differ from that of another state: what of its records and of all it rests on does.
pub(super) fn touches(
    watch: &Watch,
    set: &RecordSet,
    check: &Check,
    records: &[RecordRef],
    touched: Touched,
) -> Vec<Reason> {
    let differs = |record: &RecordRef| watch.record(set.get(*record).kind, &set.get(*record).id);
    let any = match &check.form {
        Form::Exists { kind, .. } => watch.kind(*kind),
        _ => records.iter().any(differs),
    };
    let reasons = [
        (any, Reason::RecordChanged),
        (touched.has(Touched::REMOVED), Reason::RecordRemoved),
        (touched.has(Touched::RELATED), Reason::RelatedRecordChanged),
        (touched.has(Touched::EVIDENCE), Reason::EvidenceChanged),
        (touched.has(Touched::DATE), Reason::Aged),
    ];
    reasons.into_iter().filter_map(|(holds, reason)| holds.then_some(reason)).collect()
}
