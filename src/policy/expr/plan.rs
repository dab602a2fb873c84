//! The indexes that expressions ask: planned when a policy is loaded, built over the records of a state.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use regex::Regex;

use super::definition::Definition;
use super::documents::DocumentIndex;
use super::kept::{Answers, ByRecord};
use crate::records::{
    ClusterIndex, DatedIndex, FieldIndex, KindId, PeopleIndex, PlaceIndex, RecordSet, Shape,
};

/// The indexes the expressions of a policy set need; built once before evaluation.
#[derive(Debug, Default)]
pub struct IndexPlan {
    /// Kind and field.
    pub(super) fields: Vec<(KindId, String)>,
    /// Kind, field and date field.
    pub(super) dated: Vec<(KindId, String, String)>,
    pub(super) places: Vec<KindId>,
    /// Kind and metres.
    pub(super) clusters: Vec<(KindId, i64)>,
    /// The kind of people, if it is asked whom a text names.
    pub(super) people: Option<KindId>,
    /// Names of the reference lists that are looked into.
    lists: BTreeSet<String>,
    /// Parts of expressions whose answers may be kept.
    parts: usize,
    /// Where the shapes of the fields stand that expressions name.
    fields_named: HashSet<usize>,
    /// Regular expressions by how they are written.
    regexes: HashMap<String, Regex>,
    /// Definitions that are asked of a subject: with the kind of that, and the other arguments.
    of_subject: Vec<(Arc<Definition>, KindId, String)>,
}

/// Where something wanted stands; it is added if it is not there.
fn position<T: PartialEq>(all: &mut Vec<T>, wanted: T) -> usize {
    all.iter().position(|one| *one == wanted).unwrap_or_else(|| {
        all.push(wanted);
        all.len() - 1
    })
}

/// Where a shape stands: what tells the field that has it in the catalog from others of the same form.
pub(super) fn address(shape: &Shape) -> usize {
    std::ptr::from_ref(shape) as usize
}

impl IndexPlan {
    pub(super) fn field(&mut self, kind: KindId, field: &str) -> usize {
        position(&mut self.fields, (kind, field.to_owned()))
    }

    pub(super) fn dated(&mut self, kind: KindId, field: &str, date: &str) -> usize {
        position(&mut self.dated, (kind, field.to_owned(), date.to_owned()))
    }

    pub(super) fn place(&mut self, kind: KindId) -> usize {
        position(&mut self.places, kind)
    }

    pub(super) fn cluster(&mut self, kind: KindId, metres: i64) -> usize {
        position(&mut self.clusters, (kind, metres))
    }

    /// Notes that it is asked which records of a kind a text names.
    pub(super) fn people(&mut self, kind: KindId) {
        self.people = Some(kind);
    }

    /// Notes that a reference list is looked into, and gives back its name.
    pub(super) fn list(&mut self, name: String) -> String {
        self.lists.insert(name.clone());
        name
    }

    /// Names of the reference lists that are looked into.
    pub fn lists(&self) -> impl Iterator<Item = &str> {
        self.lists.iter().map(String::as_str)
    }

    /// Notes that an expression names a field of this shape.
    pub(super) fn names(&mut self, shape: &Shape) {
        self.fields_named.insert(address(shape));
    }

    /// Whether an expression names the field that has this shape in the catalog.
    pub fn reads(&self, shape: &Shape) -> bool {
        self.fields_named.contains(&address(shape))
    }

    /// Whether what was compiled asks about other records than the one that it is evaluated over, or about lists.
    pub fn looks_beyond_the_subject(&self) -> bool {
        let indexes = self.fields.len() + self.dated.len() + self.places.len() + self.clusters.len();
        indexes + self.lists.len() > 0 || self.people.is_some()
    }

    pub(super) fn part(&mut self) -> usize {
        self.parts += 1;
        self.parts - 1
    }

    /// The number of a definition that is asked of a subject of a kind, with other arguments that are written out.
    pub(super) fn of_subject(&mut self, definition: &Arc<Definition>, kind: KindId, others: String) -> usize {
        let same = |(other, of, with): &(Arc<Definition>, KindId, String)| {
            Arc::ptr_eq(other, definition) && *of == kind && *with == others
        };
        self.of_subject.iter().position(same).unwrap_or_else(|| {
            self.of_subject.push((Arc::clone(definition), kind, others));
            self.of_subject.len() - 1
        })
    }

    /// A regular expression, compiled once however often a definition that asks it is used.
    pub(super) fn regex(&mut self, pattern: &str) -> Result<Regex, regex::Error> {
        if let Some(known) = self.regexes.get(pattern) {
            return Ok(known.clone());
        }
        let regex = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build()?;
        self.regexes.insert(pattern.to_owned(), regex.clone());
        Ok(regex)
    }

    /// Builds every planned index over a record set, as it is known on a day.
    pub fn build<'p>(&'p self, set: &'p RecordSet, as_of: Date) -> Indexes<'p> {
        use rayon::prelude::*;
        let indexes = self.on_demand(set, as_of);
        let all = |n: usize| (0..n).into_par_iter();
        rayon::join(
            || all(self.fields.len()).for_each(|i| _ = indexes.field(i)),
            || all(self.places.len()).for_each(|i| _ = indexes.place(i)),
        );
        if self.people.is_some() {
            indexes.people();
        }
        all(self.dated.len()).for_each(|i| _ = indexes.dated(i));
        all(self.clusters.len()).for_each(|i| _ = indexes.cluster(i));
        indexes
    }

    /// Indexes that are built when they are first looked into: for evaluations of which few are left. What
    /// builds them must not wait for other threads, which could be waiting for it.
    pub fn on_demand<'p>(&'p self, set: &'p RecordSet, as_of: Date) -> Indexes<'p> {
        fn empty<T>(n: usize) -> Vec<OnceLock<T>> {
            (0..n).map(|_| OnceLock::new()).collect()
        }
        Indexes {
            plan: self,
            set,
            as_of,
            fields: empty(self.fields.len()),
            dated: empty(self.dated.len()),
            places: empty(self.places.len()),
            clusters: empty(self.clusters.len()),
            people: OnceLock::new(),
            documents: OnceLock::new(),
            answers: (0..self.parts).map(|_| Answers::default()).collect(),
            by_record: self.of_subject.iter().map(|_| ByRecord::default()).collect(),
        }
    }
}

/// Indexes in the order of their plan.
#[derive(Debug)]
pub struct Indexes<'p> {
    pub(super) plan: &'p IndexPlan,
    set: &'p RecordSet,
    as_of: Date,
    fields: Vec<OnceLock<FieldIndex>>,
    dated: Vec<OnceLock<DatedIndex>>,
    places: Vec<OnceLock<PlaceIndex>>,
    clusters: Vec<OnceLock<ClusterIndex>>,
    people: OnceLock<PeopleIndex>,
    documents: OnceLock<DocumentIndex>,
    answers: Vec<Answers>,
    by_record: Vec<ByRecord>,
}

impl Indexes<'_> {
    pub(super) fn field(&self, i: usize) -> &FieldIndex {
        let (kind, field) = &self.plan.fields[i];
        self.fields[i].get_or_init(|| FieldIndex::build(self.set, *kind, field))
    }

    pub(super) fn dated(&self, i: usize) -> &DatedIndex {
        let (kind, field, date) = &self.plan.dated[i];
        self.dated[i].get_or_init(|| DatedIndex::build(self.set, *kind, field, date, self.as_of))
    }

    pub(super) fn place(&self, i: usize) -> &PlaceIndex {
        self.places[i].get_or_init(|| PlaceIndex::build(self.set, self.plan.places[i]))
    }

    pub(super) fn cluster(&self, i: usize) -> &ClusterIndex {
        let (kind, metres) = self.plan.clusters[i];
        self.clusters[i].get_or_init(|| ClusterIndex::build(self.set, kind, metres))
    }

    pub(super) fn people(&self) -> &PeopleIndex {
        self.people.get_or_init(|| match self.plan.people {
            Some(kind) => PeopleIndex::build(self.set, kind),
            None => PeopleIndex::default(),
        })
    }

    pub(super) fn documents(&self, files: &HashMap<String, String>) -> &DocumentIndex {
        self.documents.get_or_init(|| DocumentIndex::build(self.set, files))
    }

    pub(super) fn answers(&self, part: usize) -> &Answers {
        &self.answers[part]
    }

    pub(super) fn by_record(&self, definition: usize) -> &ByRecord {
        &self.by_record[definition]
    }
}
