//! Several earlier states: how many measures had which outcome then, and since when each finding is known.

use std::collections::HashMap;
use std::sync::Arc;

use super::reassess::{self, Present, Wanted, reassess};
use super::shared::{Other, empty};
use crate::assessment::{Finding, FirstSeen, Outcome, PackVersion, Period};
use crate::engine::Judged;
use crate::policy::Pack;
use crate::policy::expr::StateDiff;
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
        }
    }
    diff
}

/// The findings that an earlier state has.
pub(super) struct Seen {
    /// The day of its commit.
    committed_on: Option<Day>,
    as_of: Day,
    /// For each finding of the present state, whether this one has the very same.
    same: Vec<bool>,
    /// The outcomes of the others by fingerprint.
    others: HashMap<String, Outcome>,
}

impl Seen {
    /// The day of its commit, by which states have an order.
    pub(super) fn day(&self) -> Day {
        self.committed_on.unwrap_or(self.as_of)
    }

    /// Whether the finding at a position of the present state is one of this state. What was not assessed then is not
    /// known since then to be a gap.
    fn has(&self, position: usize, finding: &Finding) -> bool {
        let was =
            |outcome: &Outcome| *outcome != Outcome::NotAssessed || finding.outcome == Outcome::NotAssessed;
        self.same.get(position).copied().unwrap_or_default()
            || self.others.get(&finding.fingerprint).is_some_and(was)
    }
}

/// Says of each finding since when it is there without a break. `history` is in the order of time.
pub(super) fn date(findings: &mut [Finding], history: &[Seen], as_of: Day) {
    for (position, finding) in findings.iter_mut().enumerate() {
        let unbroken = history.iter().rev().take_while(|seen| seen.has(position, finding));
        let first = unbroken.last().map(Seen::day);
        finding.first_seen = Some(FirstSeen::On(first.unwrap_or(as_of)));
    }
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
            as_of: snapshot.as_of.into(),
            measures: reassessed.measures,
            packs: policies.packs.iter().map(pack_version).collect(),
        };
        let committed_on = snapshot.state.revision.committed_on;
        let (same, others) = (reassessed.same, reassessed.seen);
        (period, Seen { committed_on, as_of: snapshot.as_of.into(), same, others })
    };
    history.iter().map(period).unzip()
}

fn pack_version(pack: &Pack) -> PackVersion {
    PackVersion { name: pack.name.clone(), version: pack.version.clone(), sha256: pack.digest.clone() }
}
