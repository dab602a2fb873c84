//! What differs between two states that are compared.

use std::collections::HashSet;

use jiff::civil::Date;

use super::plan::IndexPlan;
use crate::records::{FieldIndex, KindId, PeopleIndex, RecordRef, RecordSet};

/// Something besides its subject that an evaluation looks at.
#[derive(Debug, Clone, Copy)]
pub enum Dependency<'d> {
    /// A record by its id, whether there is one or not.
    Record { kind: KindId, id: &'d str },
    /// How many records of a kind there are, or which.
    Kind(KindId),
    /// Records by the value of a field: the number of the index in the plan.
    Field { index: usize, value: &'d str },
    /// The same, of those around a date.
    Dated { index: usize, value: &'d str },
    /// People by a key that a text has for them.
    Person(&'d str),
    /// Records around a place: the number of the index in the plan.
    Place(usize),
    /// Records that lie together: the number of the index in the plan.
    Cluster(usize),
    /// A reference list.
    List(&'d str),
    /// A document by its path.
    Document(&'d str),
    /// The fields that name a document.
    Uses,
    /// The date of the audit.
    Today,
    /// Whether a day lies before or after the date of the audit.
    Day(Date),
}

/// Whether the present state has a record of an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    There,
    Removed,
    /// It may be in a file that was not read.
    NotRead,
}

/// What differs in any of the states that are compared with the present one.
#[derive(Debug, Default)]
pub struct StateDiff {
    records: Differing,
    /// The same of records alone that the present state has no more.
    removed: Differing,
    /// The same of records alone that the present state may have in a file that was not read.
    not_read: Differing,
    places: Vec<KindId>,
    clusters: Vec<KindId>,
    /// Reference lists that are not the same.
    pub lists: HashSet<String>,
    /// Paths of evidence documents that are not the same.
    pub evidence: HashSet<String>,
    /// The earliest of the dates, where they are not the same.
    earliest: Option<Date>,
}

/// Records that are not the same in all states.
#[derive(Debug, Default)]
struct Differing {
    /// Their ids by kind.
    ids: Vec<HashSet<Box<str>>>,
    /// By field index: values under which one stands in any state.
    fields: Vec<HashSet<Box<str>>>,
    /// The same by dated index, whatever the dates.
    dated: Vec<HashSet<Box<str>>>,
    /// Keys of people.
    people: HashSet<Box<str>>,
}

impl Differing {
    fn none(plan: &IndexPlan, kinds: usize) -> Self {
        let empty = |n: usize| vec![HashSet::new(); n];
        Differing {
            ids: empty(kinds),
            fields: empty(plan.fields.len()),
            dated: empty(plan.dated.len()),
            people: HashSet::new(),
        }
    }

    fn add(&mut self, plan: &IndexPlan, kind: KindId, set: &RecordSet, record: RecordRef) {
        self.ids[usize::from(kind.0)].insert((*set.get(record).id).into());
        if plan.people == Some(kind) {
            self.people.extend(PeopleIndex::keys_of(set, record).into_iter().map(Into::into));
        }
        let fields = plan.fields.iter().map(|(of, field)| (of, field)).zip(&mut self.fields);
        let dated = plan.dated.iter().map(|(of, field, _)| (of, field)).zip(&mut self.dated);
        for ((of, field), values) in fields.chain(dated) {
            if *of == kind {
                FieldIndex::values_of(set, record, field, &mut |value| {
                    values.insert(value.into());
                });
            }
        }
    }

    fn has_any(&self) -> bool {
        self.ids.iter().any(|ids| !ids.is_empty())
    }

    fn has_kind(&self, kind: KindId) -> bool {
        !self.ids[usize::from(kind.0)].is_empty()
    }
}

impl StateDiff {
    /// Nothing differs yet.
    pub fn new(plan: &IndexPlan, kinds: usize) -> Self {
        StateDiff {
            records: Differing::none(plan, kinds),
            removed: Differing::none(plan, kinds),
            not_read: Differing::none(plan, kinds),
            places: plan.places.clone(),
            clusters: plan.clusters.iter().map(|(kind, _)| *kind).collect(),
            ..StateDiff::default()
        }
    }

    /// A record that another state has not, or has otherwise; `now` says whether it is in the present one. `kind` is
    /// its kind in the catalog of the policies that the difference is for.
    pub fn add(&mut self, plan: &IndexPlan, kind: KindId, set: &RecordSet, record: RecordRef, now: Presence) {
        self.records.add(plan, kind, set, record);
        match now {
            Presence::There => {}
            Presence::Removed => self.removed.add(plan, kind, set, record),
            Presence::NotRead => self.not_read.add(plan, kind, set, record),
        }
    }

    /// The dates of two states.
    pub fn add_dates(&mut self, present: Date, other: Date) {
        if present != other {
            self.earliest = self.earliest.into_iter().chain([present, other]).min();
        }
    }

    /// Whether the dates differ.
    pub fn has_dates(&self) -> bool {
        self.earliest.is_some()
    }

    /// Whether it differs.
    pub fn has(&self, what: Dependency<'_>) -> bool {
        match what {
            Dependency::List(list) => self.lists.contains(list),
            Dependency::Document(path) => self.evidence.contains(path),
            Dependency::Uses => self.records.has_any() || !self.evidence.is_empty(),
            Dependency::Today => self.has_dates(),
            // Where it is in the future in one of the states, another may have passed it.
            Dependency::Day(day) => self.earliest.is_some_and(|earliest| day > earliest),
            _ => self.among(&self.records, what),
        }
    }

    /// Whether it differs by a record that the present state has no more.
    pub fn has_removed(&self, what: Dependency<'_>) -> bool {
        self.among(&self.removed, what)
    }

    /// Whether it differs by a record that the present state may have in a file that was not read.
    pub fn has_not_read(&self, what: Dependency<'_>) -> bool {
        self.among(&self.not_read, what)
    }

    fn among(&self, records: &Differing, what: Dependency<'_>) -> bool {
        match what {
            Dependency::Record { kind, id } => records.ids[usize::from(kind.0)].contains(id),
            Dependency::Kind(kind) => records.has_kind(kind),
            Dependency::Field { index, value } => records.fields[index].contains(value),
            Dependency::Dated { index, value } => records.dated[index].contains(value),
            Dependency::Person(key) => records.people.contains(key),
            Dependency::Place(index) => records.has_kind(self.places[index]),
            Dependency::Cluster(index) => records.has_kind(self.clusters[index]),
            Dependency::Uses => records.has_any(),
            Dependency::List(_) | Dependency::Document(_) | Dependency::Today | Dependency::Day(_) => false,
        }
    }
}
