//! Several earlier states: how many measures had which outcome then.

use std::sync::Arc;

use super::shared::{Other, empty};
use crate::assessment::{PackVersion, Period};
use crate::audit::request::Request;
use crate::audit::snapshot::Snapshot;
use crate::engine::{self, Judged, Present};
use crate::policy::Pack;
use crate::policy::expr::StateDiff;

/// What differs between the present state and any of those that are judged by the same policies.
pub(super) fn differences(request: &Request<'_>, present: &Snapshot, history: &[Other<'_>]) -> StateDiff {
    let mut diff = empty(present);
    for Other { earlier, shared } in history {
        if Arc::ptr_eq(&present.policies, &earlier.snapshot.policies) {
            shared.add_to(&mut diff, present, &earlier.snapshot, present);
            diff.add_dates(request.as_of, earlier.as_of);
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
    let period = |Other { earlier, shared }: &Other<'_>| {
        let snapshot = &earlier.snapshot;
        let policies = &snapshot.policies;
        let known = Present { judged, unchanged: &shared.unchanged, diff };
        let reassessed = engine::reassess(&engine::Earlier {
            world: snapshot.world(earlier.as_of),
            present: Arc::ptr_eq(&present.policies, policies).then_some(known),
            base: None,
        });
        Period {
            name: snapshot.state.revision.name.clone(),
            as_of: earlier.as_of.into(),
            measures: reassessed.measures,
            packs: policies.packs.iter().map(pack_version).collect(),
        }
    };
    history.iter().map(period).collect()
}

fn pack_version(pack: &Pack) -> PackVersion {
    PackVersion { name: pack.name.clone(), version: pack.version.clone(), sha256: pack.digest.clone() }
}
