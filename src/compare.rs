//! A state against earlier ones: what differs between them, and what that did to the findings.
//!
//! What differs is known before anything is judged. The present state is then judged once, in view of all of it,
//! and each earlier state takes over what is the same there.

mod findings;
mod history;
mod reasons;
mod reassess;
mod shared;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::assessment::{Baseline, Judgement, Period, Problem};
use crate::diagnostics::{Code, Place};
use crate::engine::{self, Inputs, Judged};
use crate::policy::expr::{Compared, StateDiff};
use crate::snapshot::{Progress, Snapshot};
use crate::text::{count, escape};
use findings::Before;
use reassess::{Present, reassess};
use shared::{Other, empty};

/// What all states say.
pub(crate) struct Comparison {
    pub judgement: Judgement,
    pub baseline: Option<Baseline>,
    pub history: Vec<Period>,
}

/// Judges the present state, compares its findings with those of the base, and counts those of the history.
/// With `regions`, findings are located in their files.
pub(crate) fn judge(
    present: &mut Snapshot,
    base: Option<&Snapshot>,
    history: &[Snapshot],
    regions: bool,
    progress: &Progress,
) -> Comparison {
    let (coverage, mut problems) = present.take();
    problems.extend(not_fetched(base.into_iter().chain(history)));
    let present: &Snapshot = present;
    let base = base.map(|earlier| Other::of(present, earlier));
    let history: Vec<Other<'_>> = history.iter().map(|earlier| Other::of(present, earlier)).collect();
    let from_base = base.as_ref().map(|base| {
        let mut diff = empty(present);
        base.shared.add_to(&mut diff, present, base.snapshot, present);
        diff
    });
    let from_history = (!history.is_empty()).then(|| history::differences(present, &history));
    let judged = engine::judge(Inputs {
        world: present.world(),
        owners: &present.config.owners,
        coverage,
        problems,
        compared: Compared { base: from_base.as_ref(), history: from_history.as_ref() },
        regions,
        configuration_line: present.configuration_line.as_deref(),
    });
    progress.steps.fetch_add(judged.steps, Ordering::Relaxed);
    progress.judged.fetch_add(1 + history.len() + usize::from(base.is_some()), Ordering::Relaxed);
    let periods = match &from_history {
        Some(diff) => history::periods(present, &history, &judged, diff),
        None => Vec::new(),
    };
    let Some((base, diff)) = base.zip(from_base) else {
        let mut judgement = judged.judgement;
        if let Some(baseline) = &present.baseline {
            baseline.apply(&mut judgement);
        }
        return Comparison { judgement, baseline: None, history: periods };
    };
    let (judgement, baseline) = compare_with_base(present, &base, judged, &diff);
    Comparison { judgement, baseline: Some(baseline), history: periods }
}

/// Says of every finding what became of it since the base.
fn compare_with_base(
    present: &Snapshot,
    base: &Other<'_>,
    judged: Judged,
    diff: &StateDiff,
) -> (Judgement, Baseline) {
    let Other { snapshot: before, shared } = base;
    // The same policies have the same plan and kinds, so that what differs is called the same.
    let same_policies = Arc::ptr_eq(&present.policies, &before.policies);
    let own_diff = (!same_policies).then(|| {
        let mut own = empty(before);
        shared.add_to(&mut own, present, before, before);
        own
    });
    let known = Present { judged: &judged, unchanged: &shared.unchanged, diff };
    let mut reassessed = reassess(&reassess::EarlierState {
        world: before.world(),
        present: same_policies.then_some(known),
        base: Some(own_diff.as_ref().unwrap_or(diff)),
    });
    let mut judgement = judged.judgement;
    let lost = reasons::mark_removed(&judgement, &mut reassessed, present, before, shared);
    reasons::explain(&mut judgement, &mut reassessed, present, before);
    let revision = before.state.named(&before.digests);
    let mut compared = findings::compare(
        &mut judgement,
        Before {
            name: revision.name.clone(),
            revision: Some(revision),
            as_of: before.as_of.into(),
            findings: reassessed.findings,
            lost,
            same: reassessed.same,
        },
    );
    reasons::explain_groups(&mut judgement, &mut compared, present, before);
    if let Some(baseline) = &present.baseline {
        baseline.apply_since(before.baseline.as_ref(), &mut judgement);
    }
    incomplete(before, &mut judgement);
    (judgement, compared)
}

/// What of the earlier state could not be read may make findings look new.
fn incomplete(before: &Snapshot, judgement: &mut Judgement) {
    let revision = &before.state.revision;
    if before.state.is_folder_absent {
        judgement.problems.push(Problem::new(
            Code::BaselineEmpty,
            Place::file("."),
            format!("`{}` has no folder `{}`: every finding is new", revision.name, escape(&revision.folder)),
            "if it had another name then, compare with a later revision",
        ));
    }
    let unread = before.problems.iter().filter(|p| p.is_incomplete()).count();
    if unread > 0 {
        judgement.problems.push(Problem::new(
            Code::BaselineIncomplete,
            Place::file("."),
            format!(
                "`{}` has {} of its own: what could not be read there may look new here",
                revision.name,
                count(unread, "problem")
            ),
            "audit it with --rev to see them",
        ));
    }
}

/// What a partial clone does not hold of earlier states: nothing can be said of what became of it.
fn not_fetched<'s>(earlier: impl Iterator<Item = &'s Snapshot>) -> Vec<Problem> {
    let of = |snapshot: &'s Snapshot| {
        let lost = snapshot.problems.iter().filter(|problem| problem.code == Code::NotFetched);
        lost.map(|problem| {
            let message = format!("at `{}`: {}", snapshot.state.revision.name, problem.message);
            Problem { message, ..problem.clone() }
        })
    };
    earlier.flat_map(of).collect()
}
