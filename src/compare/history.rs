//! Several earlier states: how many measures had which outcome then.

use std::sync::Arc;

use super::reassess::{self, Present, Wanted, reassess};
use super::shared::{Other, empty};
use crate::assessment::{PackVersion, Period};
use crate::engine::Judged;
use crate::policy::Pack;
use crate::policy::expr::StateDiff;
use crate::snapshot::Snapshot;

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

/// The numbers of each earlier state.
pub(super) fn periods(
    present: &Snapshot,
    history: &[Other<'_>],
    judged: &Judged,
    diff: &StateDiff,
) -> Vec<Period> {
    let period = |Other { snapshot, shared }: &Other<'_>| {
        let policies = &snapshot.policies;
        let known = Present { judged, unchanged: &shared.unchanged, diff, checks: None };
        let reassessed = reassess(&reassess::OtherState {
            world: snapshot.world(),
            present: Arc::ptr_eq(&present.policies, policies).then_some(known),
            base: None,
            wanted: Wanted::Numbers,
        });
        Period {
            name: snapshot.state.revision.name.clone(),
            as_of: snapshot.as_of.into(),
            measures: reassessed.measures,
            packs: policies.packs.iter().map(pack_version).collect(),
        }
    };
    history.iter().map(period).collect()
}

fn pack_version(pack: &Pack) -> PackVersion {
    PackVersion { name: pack.name.clone(), version: pack.version.clone(), sha256: pack.digest.clone() }
}
