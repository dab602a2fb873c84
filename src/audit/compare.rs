//! A state against an earlier one: what differs between them, and what that did to the findings.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::snapshot::Snapshot;
use super::{Earlier, Request, inputs};
use crate::assessment::{self, Baseline, Before, Finding, Judgement, Problem, Reason};
use crate::diagnostics::{Code, Place};
use crate::engine::{self, JudgedAgain};
use crate::policy::expr::Watch;
use crate::policy::{Check, Measure, Pack, PolicySet};
use crate::records::{RecordRef, twins};
use crate::text::count;
use jiff::civil::Date;

/// Audits the present state and compares it with an earlier one.
pub(super) fn against(
    request: &Request<'_>,
    present: &mut Snapshot,
    earlier: &Earlier,
) -> (Judgement, Baseline) {
    let (before, as_of) = (&earlier.snapshot, earlier.as_of);
    let (coverage, problems) = present.take();
    let present: &Snapshot = present;
    let shared = Shared::of(present, before);
    let dates = (request.as_of != as_of).then(|| request.as_of.min(as_of));
    let mut watch = Watch::new(&present.policies.plan, present.policies.catalog.iter().count());
    shared.watch(&mut watch, present, before, present, dates);
    let judged = engine::judge(inputs(present, request, Some(&watch), coverage, problems));
    // The same policies have the same plan and kinds, so that what differs is called the same.
    let same_policies = Arc::ptr_eq(&present.policies, &before.policies);
    let own_watch = (!same_policies).then(|| {
        let mut watch = Watch::new(&before.policies.plan, before.policies.catalog.iter().count());
        shared.watch(&mut watch, present, before, before, dates);
        watch
    });
    let mut again = engine::judge_again(&engine::Earlier {
        world: before.world(as_of),
        watch: own_watch.as_ref().unwrap_or(&watch),
        present: same_policies.then_some((&judged, shared.twins.as_slice())),
        findings: true,
    });
    let mut judgement = judged.judgement;
    let lost = lost(&judgement, &mut again, present, before, &shared);
    explain(&mut judgement, &mut again, present, before);
    let revision = before.state.named(&before.digests);
    let compared = assessment::compare(
        &mut judgement,
        Before {
            name: revision.name.clone(),
            revision: Some(revision),
            as_of: as_of.into(),
            findings: again.findings,
            lost,
            same: again.same,
        },
    );
    if let Some(baseline) = &present.baseline {
        baseline.apply_since(before.baseline.as_ref(), &mut judgement);
    }
    incomplete(before, &mut judgement);
    (judgement, compared)
}

/// What of the earlier state could not be read may make findings look new.
fn incomplete(before: &Snapshot, judgement: &mut Judgement) {
    let unread = before.problems.iter().filter(|p| p.is_incomplete()).count();
    if unread > 0 {
        judgement.problems.push(Problem::new(
            Code::BaselineIncomplete,
            Place::file("."),
            format!(
                "`{}` has {} of its own: what could not be read there may look new here",
                before.state.revision.name,
                count(unread, "problem")
            ),
            "audit it with --rev to see them",
        ));
    }
}

/// What two states have in common.
pub(super) struct Shared {
    /// For each record of the earlier state, its twin.
    pub twins: Vec<Option<RecordRef>>,
    /// Records of the present state without a twin.
    unpaired: Vec<RecordRef>,
}

impl Shared {
    pub(super) fn of(present: &Snapshot, before: &Snapshot) -> Self {
        let twins = twins(&before.set, &present.set);
        let mut paired = vec![false; present.set.len()];
        for twin in twins.iter().flatten() {
            paired[twin.0 as usize] = true;
        }
        let unpaired =
            (0..present.set.len() as u32).map(RecordRef).filter(|r| !paired[r.0 as usize]).collect();
        Shared { twins, unpaired }
    }

    /// Adds everything that differs, in the terms of one of the two.
    pub(super) fn watch(
        &self,
        watch: &mut Watch,
        present: &Snapshot,
        before: &Snapshot,
        of: &Snapshot,
        dates: Option<Date>,
    ) {
        let plan = &of.policies.plan;
        let catalog = &of.policies.catalog;
        let gone = (0..before.set.len() as u32).map(RecordRef).filter(|r| self.twins[r.0 as usize].is_none());
        let all = self.unpaired.iter().map(|r| (present, *r)).chain(gone.map(|r| (before, r)));
        let gone = |r: &RecordRef| self.twins[r.0 as usize].is_none() && is_gone(before, present, *r);
        let mut removed = Watch::new(plan, catalog.iter().count());
        let mut any = false;
        for record in (0..before.set.len() as u32).map(RecordRef).filter(gone) {
            if let Some(kind) = catalog.find(kind_of(before, record)) {
                removed.add(plan, kind, &before.set, record);
                any = true;
            }
        }
        watch.gone = any.then(|| Box::new(removed));
        for (snapshot, record) in all {
            let set = &snapshot.set;
            if let Some(kind) = catalog.find(kind_of(snapshot, record)) {
                watch.add(plan, kind, set, record);
            }
        }
        watch.lists.extend(present.references.differing(&before.references).map(str::to_owned));
        let named = present.evidence.union(&before.evidence);
        let differing = named.filter(|path| present.digests.get(*path) != before.digests.get(*path));
        watch.evidence.extend(differing.cloned());
        watch.earliest = watch.earliest.into_iter().chain(dates).min();
    }
}

fn kind_of(snapshot: &Snapshot, record: RecordRef) -> &str {
    &snapshot.set.catalog.get(snapshot.set.get(record).kind).name
}

/// Whether a record of a state is not in another one.
fn is_gone(of: &Snapshot, other: &Snapshot, record: RecordRef) -> bool {
    let kind = other.set.catalog.find(kind_of(of, record));
    kind.is_none_or(|kind| other.set.find(kind, &of.set.get(record).id).is_none())
}

/// Tells what became of the records of earlier findings, edited or gone; says for each finding whether nobody
/// looks at it any more, should it be no more.
fn lost(
    judgement: &Judgement,
    again: &mut JudgedAgain,
    present: &Snapshot,
    before: &Snapshot,
    shared: &Shared,
) -> Vec<bool> {
    let stated: BTreeSet<(&str, &str)> = (judgement.measures.iter())
        .flat_map(|m| m.checks.iter().map(|c| (m.id.as_str(), c.id.as_str())))
        .collect();
    let of = |finding: &mut Finding| {
        let (mut gone, mut edited) = (false, finding.records.is_empty());
        for record in &finding.records {
            let Some(kind) = before.set.catalog.find(&record.kind) else { continue };
            let Some(there) = before.set.find(kind, &record.id) else { continue };
            let is_gone = is_gone(before, present, there);
            gone |= is_gone;
            edited |= !is_gone && shared.twins[there.0 as usize].is_none();
        }
        let related = finding.reasons.contains(&Reason::RecordRemoved);
        if gone {
            finding.reasons.retain(|reason| edited || *reason != Reason::RecordChanged);
            finding.reasons.push(Reason::RecordRemoved);
        }
        let checked = stated.contains(&(finding.measure.as_str(), finding.check.as_str()));
        gone || !checked || related && !finding.reasons.contains(&Reason::RecordChanged)
    };
    again.findings.iter_mut().map(of).collect()
}

/// Adds what policies and configuration have to do with findings.
fn explain(judgement: &mut Judgement, again: &mut JudgedAgain, present: &Snapshot, before: &Snapshot) {
    let (stated, stated_before) = if Arc::ptr_eq(&present.policies, &before.policies) {
        (BTreeMap::new(), BTreeMap::new())
    } else {
        (statements(&present.policies), statements(&before.policies))
    };
    let measures: BTreeSet<&str> = judgement
        .measures
        .iter()
        .filter(|m| (m.outcome == assessment::Outcome::NotApplicable) != again.not_applicable.contains(&m.id))
        .map(|m| m.id.as_str())
        .collect();
    let is_record = |reason: &Reason| matches!(reason, Reason::RecordChanged | Reason::RecordRemoved);
    let add = |finding: &mut Finding, other: &Snapshot, own: &Snapshot| {
        let key = (finding.measure.as_str(), finding.check.as_str());
        finding.reasons.extend(restated(stated.get(&key), stated_before.get(&key)));
        if finding.reasons.is_empty() && measures.contains(finding.measure.as_str()) {
            finding.reasons.push(Reason::RelatedRecordChanged);
        }
        if own.configuration_sha256 != other.configuration_sha256
            && finding.reasons.iter().any(is_record)
            && finding.records.iter().any(|record| unread_there(record, own, other))
        {
            finding.reasons.retain(|reason| !is_record(reason));
            finding.reasons.push(Reason::ConfigurationChanged);
        }
    };
    for (i, finding) in judgement.findings.iter_mut().enumerate() {
        if !again.same.get(i).copied().unwrap_or_default() {
            add(finding, before, present);
        }
    }
    for finding in &mut again.findings {
        add(finding, present, before);
    }
}

/// Whether another state has the file of a record as it is here, and does not read the record from it.
fn unread_there(record: &assessment::RecordRef, own: &Snapshot, other: &Snapshot) -> bool {
    let kind = other.set.catalog.find(&record.kind);
    if kind.is_some_and(|kind| other.set.find(kind, &record.id).is_some()) {
        return false;
    }
    let id = |snapshot: &Snapshot| snapshot.state.listing.find(&record.place.path)?.hash();
    id(other).is_some_and(|there| id(own) == Some(there))
}

/// How a policy states a check.
struct Statement<'p> {
    text: &'p str,
    measure: &'p Measure,
    check: &'p Check,
}

fn statements(policies: &PolicySet) -> BTreeMap<(&str, &str), Statement<'_>> {
    let mut all = BTreeMap::new();
    for (pack, measure) in policies.measures() {
        for check in &measure.checks {
            let text = lines(pack, check).unwrap_or_default();
            all.insert((measure.id.as_str(), check.id.as_str()), Statement { text, measure, check });
        }
    }
    all
}

/// The text of a check in its file.
fn lines<'p>(pack: &'p Pack, check: &Check) -> Option<&'p str> {
    let tree = pack.sources.get(&check.place.path)?;
    let root = tree.node(tree.documents().first()?.root);
    let mut checks = root.get("checks")?.children();
    let node = checks.find(|node| node.get("id").is_some_and(|id| id.text() == check.id))?;
    let span = node.span();
    tree.text().get(span.start as usize..span.end as usize)
}

/// What became of the statement of a check.
fn restated(now: Option<&Statement<'_>>, before: Option<&Statement<'_>>) -> Vec<Reason> {
    let (now, before) = match (now, before) {
        (None, None) => return Vec::new(),
        (Some(now), Some(before)) => (now, before),
        _ => return vec![Reason::PolicyChanged],
    };
    let mut reasons = Vec::new();
    if now.text != before.text || now.check.severity != before.check.severity {
        reasons.push(Reason::PolicyChanged);
    }
    for (name, parameter) in &now.measure.parameters {
        let earlier = before.measure.parameters.get(name);
        if now.text.contains(&format!("params.{name}")) && earlier.is_some_and(|e| e.value != parameter.value)
        {
            let configured =
                parameter.changed_from.is_some() || earlier.is_some_and(|e| e.changed_from.is_some());
            reasons.push(if configured { Reason::ParameterChanged } else { Reason::PolicyChanged });
        }
    }
    reasons
}
