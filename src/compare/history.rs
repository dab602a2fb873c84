//! Several earlier states: how many measures had which outcome then, and since when each finding is known.

use std::collections::HashMap;
use std::sync::Arc;

use super::reassess::{self, Present, Wanted, reassess};
use super::shared::{self, Other, empty};
use crate::assessment::{Change, Finding, FirstSeen, Outcome, PackVersion, Period};
use crate::engine::Judged;
use crate::policy::Pack;
use crate::policy::expr::{Adoption, StateDiff};
use crate::snapshot::Snapshot;
use crate::text::Day;

/// What differs between the present state and any of those that are judged by the same policies, or are the present
/// files under others.
pub(super) fn differences<'o>(
    present: &Snapshot,
    others: impl Iterator<Item = &'o Other<'o>>,
    under_base: Option<&Snapshot>,
) -> StateDiff {
    let mut diff = empty(present);
    for Other { snapshot, shared } in others {
        let is_under = under_base.is_some_and(|under| std::ptr::eq(under, *snapshot));
        if is_under || Arc::ptr_eq(&present.policies, &snapshot.policies) {
            shared.add_to(&mut diff, present, snapshot, present);
            if is_under && snapshot.adoption != Adoption::Stated(present.adopted_on()) {
                shared::add_organization(&mut diff, present);
            }
        }
    }
    diff
}

/// The findings that an earlier state has.
pub(super) struct Seen {
    /// The day of its commit.
    day: Day,
    /// For each finding of the present state, whether this one has the very same.
    same: Vec<bool>,
    /// The outcomes of the others by fingerprint.
    others: HashMap<String, Outcome>,
}

impl Seen {
    /// Whether a finding of the present state is one of this state. What was not assessed then is not known since then
    /// to be a gap.
    fn has(&self, position: Option<usize>, finding: &Finding) -> bool {
        let was =
            |outcome: &Outcome| *outcome != Outcome::NotAssessed || finding.outcome == Outcome::NotAssessed;
        position.and_then(|position| self.same.get(position)).copied().unwrap_or_default()
            || self.others.get(&finding.fingerprint).is_some_and(was)
    }
}

/// The findings of all earlier states of the history.
pub(super) struct Past {
    states: Vec<Seen>,
    /// Where the present state has each finding before anything is added to it.
    positions: HashMap<String, usize>,
}

impl Past {
    pub(super) fn of(states: Vec<Seen>, present: &[Finding]) -> Self {
        let position = |(i, finding): (usize, &Finding)| (finding.fingerprint.clone(), i);
        Past { states, positions: present.iter().enumerate().map(position).collect() }
    }

    /// Says of each finding since when it is there without a break. A base, given with its day, is one state more;
    /// what became of findings since is known.
    pub(super) fn date(&self, findings: &mut [Finding], base: Option<Day>, as_of: Day) {
        let mut states: Vec<(Day, Option<&Seen>)> = self.states.iter().map(|s| (s.day, Some(s))).collect();
        states.extend(base.map(|day| (day, None)));
        states.sort_by_key(|(day, _)| *day);
        for finding in findings {
            let position = self.positions.get(&finding.fingerprint).copied();
            let has =
                |state: Option<&Seen>| state.map_or_else(|| is_known(finding), |s| s.has(position, finding));
            let unbroken = states.iter().rev().take_while(|(_, state)| has(*state));
            finding.first_seen = Some(FirstSeen::On(unbroken.last().map_or(as_of, |(day, _)| *day)));
        }
    }
}

/// Says of each finding whether the base has it.
pub(super) fn date_by_base(findings: &mut [Finding], as_of: Day) {
    for finding in findings {
        let known = is_known(finding);
        finding.first_seen = Some(if known { FirstSeen::KnownAt(as_of) } else { FirstSeen::NewSince(as_of) });
    }
}

/// Whether the base has a finding.
fn is_known(finding: &Finding) -> bool {
    !matches!(finding.change, None | Some(Change::New))
}

/// The numbers of each earlier state, and the findings that it has.
pub(super) fn periods(
    present: &Snapshot,
    history: &[Other<'_>],
    judged: &Judged,
    diff: &StateDiff,
) -> (Vec<Period>, Vec<Seen>) {
    let period = |Other { snapshot, shared }: &Other<'_>| {
        let policies = &snapshot.policies;
        let known = Present { judged, unchanged: &shared.unchanged, diff, checks: None };
        let reassessed = reassess(&reassess::OtherState {
            world: snapshot.world(),
            present: Arc::ptr_eq(&present.policies, policies).then_some(known),
            base: None,
            wanted: Wanted::Numbers,
        });
        let period = Period {
            name: snapshot.state.revision.name.clone(),
            commit: snapshot.state.revision.commit.clone(),
            committed_on: snapshot.state.revision.committed_on,
            as_of: snapshot.as_of.into(),
            measures: reassessed.measures,
            gaps: Some(reassessed.gaps),
            packs: policies.packs.iter().map(pack_version).collect(),
        };
        (period, Seen { day: day(snapshot), same: reassessed.same, others: reassessed.seen })
    };
    history.iter().map(period).unzip()
}

/// The day of a state's commit, by which states have an order.
pub(super) fn day(snapshot: &Snapshot) -> Day {
    snapshot.state.revision.committed_on.unwrap_or(snapshot.as_of.into())
}

fn pack_version(pack: &Pack) -> PackVersion {
    PackVersion { name: pack.name.clone(), version: pack.version.clone(), sha256: pack.digest.clone() }
}
