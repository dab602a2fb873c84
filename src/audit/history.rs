//! Several earlier states: how many measures had which outcome then.

use std::sync::Arc;

use super::compare::Shared;
use super::snapshot::Snapshot;
use super::{Earlier, Request, inputs};
use crate::assessment::{Coverage, Judgement, PackVersion, Period};
use crate::engine::{self, Judged};
use crate::policy::Pack;
use crate::policy::expr::Watch;

/// Audits the present state, with earlier ones beside it.
pub(super) fn beside(
    request: &Request<'_>,
    present: &mut Snapshot,
    earlier: &[Earlier],
) -> (Judgement, Vec<Period>) {
    let (coverage, problems) = present.take();
    let together = Together::of(request, present, earlier);
    let judged = engine::judge(inputs(present, request, Some(&together.watch), coverage, problems));
    let periods = together.periods(present, earlier, &judged);
    let mut judgement = judged.judgement;
    // Nothing is compared finding by finding.
    for finding in &mut judgement.findings {
        finding.reasons.clear();
    }
    if let Some(baseline) = &present.baseline {
        baseline.apply(&mut judgement);
    }
    (judgement, periods)
}

/// The numbers of earlier states alone.
pub(super) fn periods(request: &Request<'_>, present: &Snapshot, earlier: &[Earlier]) -> Vec<Period> {
    if earlier.is_empty() {
        return Vec::new();
    }
    let together = Together::of(request, present, earlier);
    let coverage = Coverage::default();
    let judged = engine::judge(inputs(present, request, Some(&together.watch), coverage, Vec::new()));
    together.periods(present, earlier, &judged)
}

/// What the states have in common.
struct Together {
    /// What differs in any of those that are judged by the present policies.
    watch: Watch,
    /// By earlier state.
    shared: Vec<Shared>,
}

impl Together {
    fn of(request: &Request<'_>, present: &Snapshot, earlier: &[Earlier]) -> Self {
        let policies = &present.policies;
        let mut watch = Watch::new(&policies.plan, policies.catalog.iter().count());
        let mut shared = Vec::new();
        for Earlier { snapshot, as_of } in earlier {
            let both = Shared::of(present, snapshot);
            if Arc::ptr_eq(policies, &snapshot.policies) {
                let dates = (request.as_of != *as_of).then(|| request.as_of.min(*as_of));
                both.watch(&mut watch, present, snapshot, present, dates);
            }
            shared.push(both);
        }
        Together { watch, shared }
    }

    fn periods(&self, present: &Snapshot, earlier: &[Earlier], judged: &Judged) -> Vec<Period> {
        let period = |(earlier, shared): (&Earlier, &Shared)| {
            let snapshot = &earlier.snapshot;
            let policies = &snapshot.policies;
            let same = Arc::ptr_eq(&present.policies, policies);
            let own = Watch::new(&policies.plan, policies.catalog.iter().count());
            let again = engine::judge_again(&engine::Earlier {
                world: snapshot.world(earlier.as_of),
                watch: if same { &self.watch } else { &own },
                present: same.then_some((judged, shared.twins.as_slice())),
                findings: false,
            });
            Period {
                name: snapshot.state.revision.name.clone(),
                as_of: earlier.as_of.into(),
                measures: again.measures,
                packs: policies.packs.iter().map(pack_version).collect(),
            }
        };
        earlier.iter().zip(&self.shared).map(period).collect()
    }
}

fn pack_version(pack: &Pack) -> PackVersion {
    PackVersion { name: pack.name.clone(), version: pack.version.clone(), sha256: pack.digest.clone() }
}
