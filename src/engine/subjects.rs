//! Which vendor, worker or device a record belongs to, by the references that its kind declares.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::finding::{named, named_in};
use crate::assessment::{Finding, Subject};
use crate::records::{KindId, RecordRef, RecordSet};
use crate::words::Outcome;

/// The kinds that people ask about. A device can belong to a worker, and both to a vendor; all other kinds can belong to
/// each of them.
const SUBJECTS: [&str; 3] = ["vendor", "worker", "device"];

/// A record that names more of one kind is about a rule, not about each of them.
const NAMED: usize = 20;

/// The subjects of gaps and reviews in the order of kind and id, with what is on record of each.
pub(super) fn subjects(set: &RecordSet, findings: &[Finding]) -> Vec<Subject> {
    let mut found: HashSet<RecordRef> = HashSet::new();
    for finding in findings.iter().filter(|f| matches!(f.outcome, Outcome::Gap | Outcome::Review)) {
        let find =
            |record: &crate::assessment::RecordRef| set.find(set.catalog.find(&record.kind)?, &record.id);
        found.extend(finding.records.iter().filter_map(find));
    }
    let kinds = SUBJECTS.map(|name| set.catalog.find(name));
    let mut subjects: BTreeMap<(usize, RecordRef), Subject> = BTreeMap::new();
    let mut counts: BTreeMap<(usize, RecordRef), BTreeMap<KindId, usize>> = BTreeMap::new();
    for (kind, definition) in set.catalog.iter().filter(|_| !found.is_empty()) {
        for record in set.of_kind(kind) {
            let own = kinds.iter().position(|subject| *subject == Some(kind)).map(|at| (at, record));
            let above = above(set, &kinds, record);
            let is_found = found.contains(&record);
            for subject in above.iter().copied().chain(own.filter(|_| is_found)) {
                if Some(subject) != own {
                    *counts.entry(subject).or_default().entry(kind).or_default() += 1;
                }
                if !is_found {
                    continue;
                }
                let of = subjects.entry(subject).or_insert_with(|| {
                    let named = named(set, subject.1);
                    let (kind, id, name) = (named.kind, named.id, named.subject);
                    Subject { kind, id, name, records: BTreeMap::new(), found: BTreeMap::new() }
                });
                if Some(subject) != own {
                    let ids = of.found.entry(definition.name.clone()).or_default();
                    ids.push(set.get(record).id.to_string());
                }
            }
        }
    }
    for (subject, counts) in counts {
        if let Some(of) = subjects.get_mut(&subject) {
            let name = |kind: KindId| set.catalog.get(kind).name.clone();
            of.records = counts.into_iter().map(|(kind, n)| (name(kind), n)).collect();
        }
    }
    subjects.into_values().collect()
}

/// The subjects that a record belongs to: those that it names, and those that these belong to.
fn above(set: &RecordSet, kinds: &[Option<KindId>; 3], record: RecordRef) -> BTreeSet<(usize, RecordRef)> {
    let mut all = BTreeSet::new();
    let mut from = vec![record];
    while let Some(record) = from.pop() {
        let own = set.get(record).kind;
        let below = kinds.iter().position(|kind| *kind == Some(own)).unwrap_or(kinds.len());
        for (at, (kind, name)) in kinds.iter().zip(SUBJECTS).enumerate().take(below) {
            let Some(kind) = kind else { continue };
            let ids = named_in(set, record, name);
            if ids.len() > NAMED {
                continue;
            }
            for subject in ids.iter().filter_map(|id| set.find(*kind, id.text())) {
                if all.insert((at, subject)) {
                    from.push(subject);
                }
            }
        }
    }
    all
}
