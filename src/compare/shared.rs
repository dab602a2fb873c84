//! What two states have in common, and what not.

use crate::policy::expr::{Presence, StateDiff};
use crate::records::{RecordRef, unchanged};
use crate::snapshot::Snapshot;

/// What two states have in common.
pub(super) struct Shared {
    /// For each record of the earlier state, the same record in the present one.
    pub unchanged: Vec<Option<RecordRef>>,
    /// Records of the present state that the earlier one has not, or has otherwise.
    pub changed: Vec<RecordRef>,
}

impl Shared {
    pub(super) fn of(present: &Snapshot, before: &Snapshot) -> Self {
        let unchanged = unchanged(&before.set, &present.set);
        let mut is_unchanged = vec![false; present.set.len()];
        for record in unchanged.iter().flatten() {
            is_unchanged[record.0 as usize] = true;
        }
        let changed = (0..present.set.len() as u32).map(RecordRef).filter(|r| !is_unchanged[r.0 as usize]);
        Shared { changed: changed.collect(), unchanged }
    }

    /// Adds the date, and every record, list and document that differs, in the terms of the policies `of` one of the two.
    pub(super) fn add_to(&self, diff: &mut StateDiff, present: &Snapshot, before: &Snapshot, of: &Snapshot) {
        diff.add_dates(present.as_of, before.as_of);
        let policies = &of.policies;
        let mut add = |snapshot: &Snapshot, record: RecordRef, now: Presence| {
            if let Some(kind) = policies.catalog.find(kind_of(snapshot, record)) {
                diff.add(&policies.plan, kind, &snapshot.set, record, now);
            }
        };
        for record in &self.changed {
            add(present, *record, Presence::There);
        }
        for record in (0..before.set.len() as u32).map(RecordRef) {
            if self.unchanged[record.0 as usize].is_none() {
                add(before, record, presence(before, present, record));
            }
        }
        diff.lists.extend(present.references.differing(&before.references).map(str::to_owned));
        let named = present.evidence.union(&before.evidence);
        let differing = named.filter(|path| present.digests.get(*path) != before.digests.get(*path));
        diff.evidence.extend(differing.cloned());
    }
}

/// Adds the record of the organisation, which counts as differing where another state is judged by another day of adoption.
pub(super) fn add_organization(diff: &mut StateDiff, present: &Snapshot) {
    let Some(kind) = present.set.catalog.find("organization") else { return };
    for record in present.set.of_kind(kind) {
        diff.add(&present.policies.plan, kind, &present.set, record, Presence::There);
    }
}

fn kind_of(snapshot: &Snapshot, record: RecordRef) -> &str {
    &snapshot.set.catalog.get(snapshot.set.get(record).kind).name
}

/// Whether another state has a record of a state. It is removed only where its file was read, or is not there.
pub(super) fn presence(of: &Snapshot, other: &Snapshot, record: RecordRef) -> Presence {
    let kind = other.set.catalog.find(kind_of(of, record));
    let record = of.set.get(record);
    if kind.is_some_and(|kind| other.set.find(kind, &record.id).is_some()) {
        Presence::There
    } else if other.is_unread(of.set.path(record)) {
        Presence::NotRead
    } else {
        Presence::Removed
    }
}

/// An earlier state and what it has in common with the present one.
pub(super) struct Other<'e> {
    pub snapshot: &'e Snapshot,
    pub shared: Shared,
}

impl<'e> Other<'e> {
    pub(super) fn of(present: &Snapshot, snapshot: &'e Snapshot) -> Self {
        Other { snapshot, shared: Shared::of(present, snapshot) }
    }
}

/// No difference yet, in the terms of a state's policies.
pub(super) fn empty(of: &Snapshot) -> StateDiff {
    StateDiff::new(&of.policies.plan, of.policies.catalog.iter().count())
}
