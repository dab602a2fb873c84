//! A state against earlier ones: what differs between them, and what that did to the findings.
//!
//! What differs is known before anything is judged. The present state is then judged once, in view of all of it,
//! and each earlier state takes over what is the same there.

mod findings;
mod history;
mod losses;
mod reasons;
mod reassess;
mod rules;
mod shared;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::assessment::{Baseline, Judgement, Period, Problem};
use crate::decisions;
use crate::diagnostics::{Code, Place};
use crate::engine::{self, Inputs, Judged};
use crate::policy::expr::{Compared, StateDiff};
use crate::snapshot::{Progress, Snapshot};
use crate::text::{count, escape};
use crate::words::Severity;
use findings::Before;
use history::Past;
use losses::Side;
use reassess::{Present, Wanted, reassess};
use rules::Rules;
pub(crate) use rules::differ;
use shared::{Other, Shared, empty};

/// What all states say.
pub(crate) struct Comparison {
    pub judgement: Judgement,
    pub baseline: Option<Baseline>,
    pub history: Vec<Period>,
}

/// The states that are compared.
pub(crate) struct States<'s> {
    pub base: Option<&'s Snapshot>,
    /// The present files read by the rules of the base; none where those are the same.
    pub under_base: Option<&'s Snapshot>,
    /// Oldest first.
    pub history: &'s [Snapshot],
    /// Replaces the threshold of every state.
    pub fail_on: Option<Severity>,
    /// Whether findings are located in their files.
    pub regions: bool,
    /// Whether every finding that is not assessed is listed, however many there are of a check.
    pub every: bool,
}

/// Judges the present state, compares its findings with those of the base, and counts those of the history.
pub(crate) fn judge(states: &States<'_>, present: &mut Snapshot, progress: &Progress) -> Comparison {
    let (coverage, mut problems) = present.take();
    problems.extend(not_fetched(states.base.into_iter().chain(states.history)));
    let present: &Snapshot = present;
    let base = states.base.map(|earlier| Other::of(present, earlier));
    let under_base = states.under_base.map(|under| Other::of(present, under));
    let history: Vec<Other<'_>> = states.history.iter().map(|earlier| Other::of(present, earlier)).collect();
    let from_base = base.as_ref().map(|base| {
        let mut diff = empty(present);
        base.shared.add_to(&mut diff, present, base.snapshot, present);
        diff
    });
    let others = history.iter().chain(&under_base);
    let from_others = (!history.is_empty() || under_base.is_some())
        .then(|| history::differences(present, others, states.under_base));
    let compared = Compared { base: from_base.as_ref(), history: from_others.as_ref() };
    // What is compared is compared finding by finding.
    let alone = states.base.is_none() && history.is_empty() && present.baseline.is_none();
    let mut judged = engine::judge(Inputs {
        world: present.world(),
        owners: &present.config.owners,
        coverage,
        problems,
        compared,
        regions: states.regions,
        listed: if alone && !states.every { engine::LISTED } else { usize::MAX },
        configuration_line: present.configuration_line.as_deref(),
    });
    let base_rules = states.base.filter(|base| !base.state.is_folder_absent).map(|base| &base.config.waivers);
    decisions::decide(&mut judged.judgement, present.world(), &present.config, base_rules);
    progress.steps.fetch_add(judged.steps, Ordering::Relaxed);
    let all = 1 + history.len() + usize::from(base.is_some()) + usize::from(under_base.is_some());
    progress.judged.fetch_add(all, Ordering::Relaxed);
    let periods = match &from_others {
        Some(diff) => history::periods(present, &history, &judged, diff),
        None => (Vec::new(), Vec::new()),
    };
    let (periods, seen) = periods;
    let past = (!seen.is_empty()).then(|| Past::of(seen, &judged.judgement.findings));
    let Some((base, from_base)) = base.as_ref().zip(from_base.as_ref()) else {
        let mut judgement = judged.judgement;
        if let Some(baseline) = &present.baseline {
            baseline.apply(&mut judgement);
        }
        decisions::recount(&mut judgement);
        if let Some(past) = past {
            past.date(&mut judgement.findings, None, present.as_of.into());
        }
        unplanned(&mut judgement, present);
        return Comparison { judgement, baseline: None, history: periods };
    };
    let with_base = WithBase { present, base, from_base, under_base, from_others, fail_on: states.fail_on };
    let (mut judgement, baseline) = with_base.compare(judged);
    match past {
        Some(past) => {
            past.date(&mut judgement.findings, Some(history::day(base.snapshot)), present.as_of.into());
        }
        None => history::date_by_base(&mut judgement.findings, baseline.as_of),
    }
    unplanned(&mut judgement, present);
    Comparison { judgement, baseline: Some(baseline), history: periods }
}

fn unplanned(judgement: &mut Judgement, present: &Snapshot) {
    let entries_of = present.baseline.as_ref().map(|baseline| baseline.as_of);
    decisions::unplanned(judgement, &present.config.grace, present.as_of.into(), entries_of);
}

/// The present state and the base.
struct WithBase<'s> {
    present: &'s Snapshot,
    base: &'s Other<'s>,
    from_base: &'s StateDiff,
    under_base: Option<Other<'s>>,
    from_others: Option<StateDiff>,
    fail_on: Option<Severity>,
}

impl WithBase<'_> {
    /// Says of every finding what became of it since the base, by the rules of both.
    fn compare(&self, judged: Judged) -> (Judgement, Baseline) {
        let WithBase { present, base: Other { snapshot: before, shared }, .. } = *self;
        // The same policies have the same plan and kinds, so that what differs is called the same.
        let same_policies = Arc::ptr_eq(&present.policies, &before.policies);
        let own_diff = (!same_policies).then(|| {
            let mut own = empty(before);
            shared.add_to(&mut own, present, before, before);
            own
        });
        let checks = if same_policies { None } else { rules::same_checks(present, before) };
        let known = |unchanged, diff| {
            (same_policies || checks.is_some()).then_some(Present {
                judged: &judged,
                unchanged,
                diff,
                checks: checks.as_deref(),
            })
        };
        let mut earlier = reassess(&reassess::OtherState {
            world: before.world(),
            present: known(&shared.unchanged, self.from_base),
            base: Some(own_diff.as_ref().unwrap_or(self.from_base)),
            wanted: if same_policies && self.under_base.is_none() {
                Wanted::Findings
            } else {
                Wanted::Outcomes
            },
        });
        let threshold = |snapshot: &Snapshot| self.fail_on.unwrap_or(snapshot.config.fail_on);
        let under = self.under_base.as_ref().zip(self.from_others.as_ref()).map(|(under, diff)| {
            let reassessed = reassess(&reassess::OtherState {
                world: under.snapshot.world(),
                present: known(&under.shared.unchanged, diff),
                base: None,
                wanted: Wanted::Outcomes,
            });
            (under.snapshot, reassessed)
        });
        let positions = (!same_policies).then(|| rules::positions(present, before));
        let mut sides = vec![Side::own(present, &judged, positions.as_deref(), &shared.unchanged)];
        let under_unchanged = under.as_ref().map(|(snapshot, _)| Shared::of(snapshot, before).unchanged);
        let mut counted = Vec::new();
        if let Some(((snapshot, reassessed), unchanged)) = under.as_ref().zip(under_unchanged.as_ref()) {
            sides.push(Side::under_base(snapshot, reassessed, unchanged));
            counted = rules::counted(&judged.judgement, &earlier, reassessed, before, threshold(before));
        }
        let mut lost = losses::losses(before, &earlier, &sides);
        drop(sides);
        let mut judgement = judged.judgement;
        let mut gone = reasons::mark_removed(&judgement, &mut earlier, present, before, shared);
        losses::mark_lost(&lost, &earlier.findings, &mut gone);
        reasons::explain(&mut judgement, &mut earlier, present, before);
        let revision = before.state.named(&before.digests);
        let mut baseline = findings::compare(
            &mut judgement,
            Before {
                name: revision.name.clone(),
                revision: Some(revision),
                as_of: before.as_of.into(),
                // An empty base has no findings, not even of what it lacks.
                findings: if before.state.is_folder_absent { Vec::new() } else { earlier.findings },
                lost: gone,
                same: earlier.same,
            },
        );
        reasons::explain_groups(&mut judgement, &mut baseline, present, before);
        if let Some(known) = &present.baseline {
            known.apply_since(before.baseline.as_ref(), &mut judgement);
        }
        decisions::refuse_added(&mut judgement, &present.set, &before.set, &shared.changed);
        decisions::recount(&mut judgement);
        if under.is_some() {
            let rules = Rules::between(present, before);
            let own = threshold(present);
            baseline.rules = rules::count_under_base(&mut judgement, counted, rules, own, present, before);
            let unread = self.unread_under_base(&judgement);
            judgement.problems.extend(unread);
        }
        losses::accept(&mut lost, present, before, &shared.unchanged, &mut judgement);
        baseline.lost = lost;
        baseline.fail_on = Some(threshold(before));
        baseline.unread = unread(before);
        incomplete(before, &mut judgement);
        (judgement, baseline)
    }
}

impl WithBase<'_> {
    /// What cannot be read by the base's rules, and can by the present ones. What the base could not read either, and
    /// what is no file of records by now but one of rules, is left out.
    fn unread_under_base(&self, judgement: &Judgement) -> Vec<Problem> {
        let (before, present) = (self.base.snapshot, self.present);
        let key = |problem: &Problem| (problem.code, problem.place.clone());
        let known = judgement.problems.iter().filter(|p| p.is_incomplete()).chain(&before.problems);
        let known: BTreeSet<_> = known.map(key).collect();
        let under = self.under_base.iter().flat_map(|under| &under.snapshot.problems);
        let hidden = under.filter(|problem| {
            problem.is_incomplete() && !known.contains(&key(problem)) && !present.is_rule(&problem.place.path)
        });
        let said = |problem: &Problem| {
            let message = format!("by the rules of `{}`: {}", before.state.revision.name, problem.message);
            Problem { message, ..problem.clone() }
        };
        hidden.map(said).collect()
    }
}

/// Problems that kept parts of a state from being read. That there is nothing to read yet is none.
fn unread(state: &Snapshot) -> usize {
    state.problems.iter().filter(|p| p.is_incomplete() && p.code != Code::NoRecords).count()
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
    let unread = unread(before);
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
