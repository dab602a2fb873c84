//! The records of one audit.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::catalog::{Catalog, KindId};
use super::defaults::FieldDefault;
use super::members::{Found, Members, Slot};
use crate::diagnostics::Place;
use crate::tree::{Node, NodeId, Tree};

/// A file that was read, with its tree.
#[derive(Debug)]
pub struct Source {
    /// Relative to the audited folder, with `/`.
    pub path: String,
    /// Shared with the same file of another state.
    pub tree: Arc<Tree>,
}

/// One fact-bearing object.
#[derive(Debug, Clone)]
pub struct Record {
    pub kind: KindId,
    /// Shared with whoever names the record.
    pub id: Arc<str>,
    /// Index of its file among the sources.
    pub source: u32,
    pub root: NodeId,
    /// Another record of its kind has the same id: nothing can be said about either.
    pub ambiguous: bool,
}

/// Index of a record in its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordRef(pub u32);

/// Every record of an audit, ordered by kind and id.
#[derive(Debug)]
pub struct RecordSet {
    pub catalog: Arc<Catalog>,
    pub sources: Vec<Source>,
    records: Vec<Record>,
    /// Where each kind's records start; one more entry than kinds.
    starts: Vec<u32>,
    members: Members,
    /// Records that have the default of a field, by kind and field; without those that fill none.
    filled: BTreeMap<(KindId, String), usize>,
}

impl RecordSet {
    /// Orders the records. Of records with one kind and id, the first by path and place stays and is
    /// marked ambiguous; the second value names the others with the place of the first.
    pub fn new(
        catalog: Arc<Catalog>,
        sources: Vec<Source>,
        mut records: Vec<Record>,
    ) -> (Self, Vec<(Record, Place)>) {
        // A record with defaults has its nodes behind those of the others.
        let start = |record: &Record| sources[record.source as usize].tree.node(record.root).start();
        records.sort_by(|a, b| {
            let order = (a.kind, &a.id, a.source).cmp(&(b.kind, &b.id, b.source));
            order.then_with(|| (start(a), a.root).cmp(&(start(b), b.root)))
        });
        let mut kept: Vec<Record> = Vec::with_capacity(records.len());
        let mut twice = Vec::new();
        for record in records {
            match kept.last_mut() {
                Some(last) if last.kind == record.kind && last.id == record.id => {
                    last.ambiguous = true;
                    twice.push((record, last.clone()));
                }
                _ => kept.push(record),
            }
        }
        kept.shrink_to_fit();
        let kinds = catalog.iter().count();
        let starts =
            (0..=kinds).map(|k| kept.partition_point(|r| usize::from(r.kind.0) < k) as u32).collect();
        let root = |record: &Record| (record.kind, sources[record.source as usize].tree.node(record.root));
        let members = Members::of(&catalog, &kept.iter().map(root).collect::<Vec<_>>());
        let mut set = RecordSet { catalog, sources, records: kept, starts, members, filled: BTreeMap::new() };
        set.filled = set.count_filled();
        let twice = twice
            .into_iter()
            .map(|(other, first)| {
                let place = set.place_of(&first, set.tree(&first).node(first.root));
                (other, place)
            })
            .collect();
        (set, twice)
    }

    fn count_filled(&self) -> BTreeMap<(KindId, String), usize> {
        let has = |record: RecordRef, field: &str| self.root(record).get(field).is_some_and(|n| n.is_added());
        let count = |(kind, default): (KindId, FieldDefault<'_>)| {
            let records = self.of_kind(kind).filter(|record| has(*record, default.field())).count();
            ((kind, default.field().to_owned()), records)
        };
        self.catalog.defaults().iter().map(count).filter(|(_, records)| *records > 0).collect()
    }

    /// How many records of a kind have the default of a field.
    pub fn filled(&self, kind: KindId, field: &str) -> usize {
        self.filled.get(&(kind, field.to_owned())).copied().unwrap_or_default()
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    pub fn get(&self, record: RecordRef) -> &Record {
        &self.records[record.0 as usize]
    }

    /// The records of a kind, in the order of their ids.
    pub fn of_kind(&self, kind: KindId) -> impl ExactSizeIterator<Item = RecordRef> + Clone {
        let kind = usize::from(kind.0);
        (self.starts[kind]..self.starts[kind + 1]).map(RecordRef)
    }

    /// The index of a record among those of its kind, and how many there are.
    pub fn position(&self, record: RecordRef) -> (usize, usize) {
        let kind = usize::from(self.get(record).kind.0);
        let (start, end) = (self.starts[kind], self.starts[kind + 1]);
        ((record.0 - start) as usize, (end - start) as usize)
    }

    pub fn count(&self, kind: KindId) -> usize {
        self.of_kind(kind).len()
    }

    pub fn find(&self, kind: KindId, id: &str) -> Option<RecordRef> {
        let start = self.starts[usize::from(kind.0)];
        let records = &self.records[start as usize..self.starts[usize::from(kind.0) + 1] as usize];
        records.binary_search_by(|r| (*r.id).cmp(id)).ok().map(|i| RecordRef(start + i as u32))
    }

    pub fn tree(&self, record: &Record) -> &Tree {
        &self.sources[record.source as usize].tree
    }

    pub fn root(&self, record: RecordRef) -> Node<'_> {
        let record = self.get(record);
        self.tree(record).node(record.root)
    }

    /// The member `name` of a node that belongs to a record, unless it is absent or null. `slot` is that of the field,
    /// where one is known: it finds the members of the record itself at once.
    pub fn member<'s>(
        &'s self,
        of: Node<'s>,
        record: RecordRef,
        name: &str,
        slot: Option<Slot>,
    ) -> Option<Node<'s>> {
        let owner = self.get(record);
        match slot {
            Some(slot) if owner.root == of.id() && owner.kind == slot.kind => {
                match self.members.find(record.0 as usize, owner.root, slot) {
                    Found::At(id) => Some(of.tree().node(id)),
                    Found::Absent => None,
                    Found::Unknown => of.get(name),
                }
            }
            _ => of.get(name),
        }
    }

    pub fn path(&self, record: &Record) -> &str {
        &self.sources[record.source as usize].path
    }

    /// The place of a node of a record: its value, or its key where the value is empty or a container.
    pub fn place_of(&self, record: &Record, node: Node<'_>) -> Place {
        let (line, column) = node.tree().line_column(node.label_span().start);
        Place::at(self.path(record).to_owned(), (line, column))
    }

    /// Dotted path of a node inside its record: `devices[1].os`; see [`Shape::path`](super::Shape::path).
    pub fn path_inside(&self, record: RecordRef, node: NodeId) -> String {
        self.catalog.get(self.get(record).kind).shape.path(self.root(record), node)
    }
}
