//! Why findings are not what they were: records that are gone, policies and configuration that changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::reassess::Reassessment;
use super::shared::{Shared, presence};
use crate::assessment::{self, Baseline, Change, Finding, Judgement, Reason};
use crate::policy::expr::Presence;
use crate::policy::{Check, Measure, Pack, PolicySet};
use crate::snapshot::Snapshot;

/// Tells what became of the records of earlier findings, edited or removed; says for each finding whether no one
/// looks at it any more, should it be no more.
pub(super) fn mark_removed(
    judgement: &Judgement,
    earlier: &mut Reassessment,
    present: &Snapshot,
    before: &Snapshot,
    shared: &Shared,
) -> Vec<bool> {
    let stated: BTreeSet<(&str, &str)> = (judgement.measures.iter())
        .flat_map(|m| m.checks.iter().map(|c| (m.id.as_str(), c.id.as_str())))
        .collect();
    let of = |finding: &mut Finding| {
        let (mut removed, mut not_read, mut edited) = (false, false, finding.records.is_empty());
        for record in &finding.records {
            let Some(kind) = before.set.catalog.find(&record.kind) else { continue };
            let Some(there) = before.set.find(kind, &record.id) else { continue };
            match presence(before, present, there) {
                Presence::There => edited |= shared.unchanged[there.0 as usize].is_none(),
                Presence::Removed => removed = true,
                Presence::NotRead => not_read = true,
            }
        }
        let gone = removed || not_read;
        let related = finding.reasons.iter().any(is_gone);
        if gone {
            finding.reasons.retain(|reason| edited || *reason != Reason::RecordChanged);
        }
        finding.reasons.extend(removed.then_some(Reason::RecordRemoved));
        finding.reasons.extend(not_read.then_some(Reason::RecordNotRead));
        let checked = stated.contains(&(finding.measure.as_str(), finding.check.as_str()));
        gone || !checked || related && !finding.reasons.contains(&Reason::RecordChanged)
    };
    earlier.findings.iter_mut().map(of).collect()
}

fn is_gone(reason: &Reason) -> bool {
    matches!(reason, Reason::RecordRemoved | Reason::RecordNotRead)
}

/// Adds what policies and configuration have to do with findings.
pub(super) fn explain(
    judgement: &mut Judgement,
    earlier: &mut Reassessment,
    present: &Snapshot,
    before: &Snapshot,
) {
    let (stated, stated_before) = if Arc::ptr_eq(&present.policies, &before.policies) {
        (BTreeMap::new(), BTreeMap::new())
    } else {
        (statements(&present.policies), statements(&before.policies))
    };
    let measures: BTreeSet<&str> = judgement
        .measures
        .iter()
        .filter(|m| {
            (m.outcome == assessment::Outcome::NotApplicable) != earlier.not_applicable.contains(&m.id)
        })
        .map(|m| m.id.as_str())
        .collect();
    let is_record = |reason: &Reason| *reason == Reason::RecordChanged || is_gone(reason);
    let add = |finding: &mut Finding, other: &Snapshot, own: &Snapshot| {
        let key = (finding.measure.as_str(), finding.check.as_str());
        finding.reasons.extend(policy_change(stated.get(&key), stated_before.get(&key)));
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
        if !earlier.same.get(i).copied().unwrap_or_default() {
            add(finding, before, present);
        }
    }
    for finding in &mut earlier.findings {
        add(finding, present, before);
    }
}

/// Where nothing that a group rests on differs, others joined or left it.
pub(super) fn explain_groups(
    judgement: &mut Judgement,
    compared: &mut Baseline,
    present: &Snapshot,
    before: &Snapshot,
) {
    let groups: BTreeSet<(&str, &str)> = (present.policies.measures().chain(before.policies.measures()))
        .flat_map(|(_, measure)| measure.checks.iter().map(move |check| (measure, check)))
        .filter(|(_, check)| check.form.is_group())
        .map(|(measure, check)| (measure.id.as_str(), check.id.as_str()))
        .collect();
    let ended = compared.fixed.iter_mut().chain(&mut compared.removed);
    for finding in judgement.findings.iter_mut().chain(ended) {
        if finding.change != Some(Change::Unchanged)
            && finding.reasons.is_empty()
            && groups.contains(&(finding.measure.as_str(), finding.check.as_str()))
        {
            finding.reasons.push(Reason::RelatedRecordChanged);
        }
    }
}

/// Whether another state has the file of a record as it is here, and does not read the record from it.
fn unread_there(record: &assessment::RecordRef, own: &Snapshot, other: &Snapshot) -> bool {
    let kind = other.set.catalog.find(&record.kind);
    if kind.is_some_and(|kind| other.set.find(kind, &record.id).is_some()) {
        return false;
    }
    if !other.is_read_for_records(&record.place.path).unwrap_or(true) {
        return true;
    }
    let id = |snapshot: &Snapshot| snapshot.state.listing.find(&record.place.path)?.hash();
    id(other).is_some_and(|there| id(own) == Some(there))
}

/// How a policy states a check.
pub(super) struct Statement<'p> {
    text: &'p str,
    measure: &'p Measure,
    check: &'p Check,
}

pub(super) fn statements(policies: &PolicySet) -> BTreeMap<(&str, &str), Statement<'_>> {
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
pub(super) fn policy_change(now: Option<&Statement<'_>>, before: Option<&Statement<'_>>) -> Vec<Reason> {
    let (now, before) = match (now, before) {
        (None, None) => return Vec::new(),
        (Some(now), Some(before)) => (now, before),
        _ => return vec![Reason::PolicyChanged],
    };
    let mut reasons = Vec::new();
    // A text can refer to another place of its file by an alias.
    let sources = |check: &Check| -> Vec<String> {
        check.expressions().map(|expression| expression.source.clone()).collect()
    };
    let document = |check: &Check| check.since().map(|since| since.document);
    if now.text != before.text
        || document(now.check) != document(before.check)
        || sources(now.check) != sources(before.check)
        || now.check.severity != before.check.severity
        || now.check.definitions() != before.check.definitions()
    {
        reasons.push(Reason::PolicyChanged);
    }
    let read = now.check.parameters();
    for (name, parameter) in now.measure.parameters.iter().filter(|(name, _)| read.contains(name.as_str())) {
        let earlier = before.measure.parameters.get(name);
        if earlier.is_some_and(|e| e.value != parameter.value) {
            let configured =
                parameter.changed_from.is_some() || earlier.is_some_and(|e| e.changed_from.is_some());
            reasons.push(if configured { Reason::ParameterChanged } else { Reason::PolicyChanged });
        }
    }
    reasons
}
