//! What differs between states that are compared, and whether an evaluation looked at it.
//!
//! An evaluation that *touched* nothing of what differs says the same in every state that has its subject, so
//! it need not be done again; and what it touched is why it says something else.

use std::collections::HashSet;

use super::ast::IndexPlan;
use crate::records::{FieldIndex, KindId, RecordRef, RecordSet};

/// What differs in any of the states that are compared.
#[derive(Debug, Default)]
pub struct Watch {
    /// By kind: ids of records that are not the same in all states.
    ids: Vec<HashSet<Box<str>>>,
    /// By field index: values under which such a record stands in any state.
    fields: Vec<HashSet<Box<str>>>,
    /// The same by dated index, whatever the dates.
    dated: Vec<HashSet<Box<str>>>,
    places: Vec<KindId>,
    clusters: Vec<KindId>,
    /// Reference lists that are not the same.
    pub lists: HashSet<String>,
    /// Paths of evidence documents that are not the same.
    pub evidence: HashSet<String>,
    /// The earliest of the dates, where they are not the same.
    pub earliest: Option<jiff::civil::Date>,
    /// The same of records alone that the later state has no more.
    pub gone: Option<Box<Watch>>,
}

impl Watch {
    /// Nothing differs yet.
    pub fn new(plan: &IndexPlan, kinds: usize) -> Self {
        Watch {
            ids: vec![HashSet::new(); kinds],
            fields: vec![HashSet::new(); plan.fields.len()],
            dated: vec![HashSet::new(); plan.dated.len()],
            places: plan.places.clone(),
            clusters: plan.clusters.iter().map(|(kind, _)| *kind).collect(),
            ..Watch::default()
        }
    }

    /// A record that another state has not, or has otherwise.
    /// `kind` is its kind in the catalog of the policies that are watched.
    pub fn add(&mut self, plan: &IndexPlan, kind: KindId, set: &RecordSet, record: RecordRef) {
        self.ids[usize::from(kind.0)].insert((*set.get(record).id).into());
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

    /// Whether the dates differ.
    pub fn date(&self) -> bool {
        self.earliest.is_some()
    }

    /// Whether a day lies ahead in one of the states, so that another may have passed it.
    pub fn lies_ahead(&self, day: jiff::civil::Date) -> bool {
        self.earliest.is_some_and(|earliest| day > earliest)
    }

    /// Whether the record differs.
    pub fn record(&self, kind: KindId, id: &str) -> bool {
        self.ids[usize::from(kind.0)].contains(id)
    }

    /// Whether any record of a kind differs.
    pub fn kind(&self, kind: KindId) -> bool {
        !self.ids[usize::from(kind.0)].is_empty()
    }

    pub(super) fn field(&self, index: usize, value: &str) -> bool {
        self.fields[index].contains(value)
    }

    pub(super) fn dated(&self, index: usize, value: &str) -> bool {
        self.dated[index].contains(value)
    }

    pub(super) fn place(&self, index: usize) -> bool {
        self.kind(self.places[index])
    }

    pub(super) fn cluster(&self, index: usize) -> bool {
        self.kind(self.clusters[index])
    }
}

/// What of the differing things an evaluation looked at, besides its subject.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Touched(u8);

impl Touched {
    pub const RELATED: Touched = Touched(1);
    /// A document or a reference list.
    pub const EVIDENCE: Touched = Touched(2);
    pub const DATE: Touched = Touched(4);
    /// Of what is related, a record that the later state has no more.
    pub const REMOVED: Touched = Touched(8);

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn has(self, other: Touched) -> bool {
        self.0 & other.0 != 0
    }

    pub fn and(self, other: Touched) -> Touched {
        Touched(self.0 | other.0)
    }
}
