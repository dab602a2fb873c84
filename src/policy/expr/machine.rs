//! What an evaluation works with: its budget, and the only doors to what it can see besides its subject.
//!
//! Every door tells the observer what is looked at. Functions get a [`Machine`] and never the scope behind it, so
//! that nothing they say can rest on something that was not noticed.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use jiff::civil::Date;

use super::ast::{Input, Name};
use super::diff::Dependency;
use super::kept::{Answers, key};
use super::limits::MAX_STEPS;
use super::observer::{Compared, Observer};
use super::plan::{IndexPlan, Indexes};
use super::usage::{Reads, Usage};
use super::value::{Absence, Elements, Failure, Item, Value, View, day_of, order};
use crate::records::{KindId, Position, RecordRef, RecordSet, Slot, to_value};
use crate::reference::{Listed, ReferenceLists};
use crate::text::Day;
use crate::tree::{Node, NodeId, Tag};

/// The day the organisation adopted the measures, from which some checks ask.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Adoption {
    /// As the record of the organisation says.
    #[default]
    OnRecord,
    /// As another state has it, whatever the record says.
    Stated(Option<Day>),
}

/// Everything an expression can see besides its subject.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub set: &'a RecordSet,
    pub indexes: &'a Indexes<'a>,
    pub references: &'a ReferenceLists,
    /// SHA-256 of every file of the repository by path, in hexadecimal.
    pub files: &'a HashMap<String, String>,
    pub organization: Option<RecordRef>,
    pub as_of: Date,
    pub adoption: Adoption,
    pub compared: Compared<'a>,
}

impl<'a> Scope<'a> {
    fn view(&self) -> View<'a> {
        View { set: self.set, as_of: self.as_of }
    }

    /// The elements of a list. Adds to `reads` what of them differs between states that are compared.
    pub fn elements<'l>(&self, list: &'l Value<'a>, reads: &mut Reads) -> Result<Elements<'l, 'a>, Failure> {
        let mut observer = Observer::new(self.compared);
        let elements = elements(self.view(), &mut observer, list);
        *reads = reads.and(observer.reads);
        elements
    }
}

fn elements<'l, 'a>(
    view: View<'a>,
    observer: &mut Observer<'_>,
    list: &'l Value<'a>,
) -> Result<Elements<'l, 'a>, Failure> {
    if let Value::Item(item) = list
        && observer.compares_dates()
    {
        item.node.children().for_each(|child| look_at_day(observer, child));
    }
    list.elements(view)
}

/// Whether the day of something that happened has passed is looked at.
fn look_at_day(observer: &mut Observer<'_>, node: Node<'_>) {
    if observer.compares_dates()
        && let Some(day) = day_of(node)
    {
        observer.looked_at(Dependency::Day(day));
    }
}

/// A document that a record refers to.
pub(super) enum Document<'a> {
    /// Where the record itself stands.
    Own,
    NotThere,
    /// Its SHA-256 in hexadecimal.
    There(&'a str),
}

pub(super) struct Machine<'a> {
    scope: &'a Scope<'a>,
    observer: Observer<'a>,
    steps: u64,
    /// Of the steps, those that a kept answer took when it was found.
    saved: u64,
    limit: u64,
    /// Long lists of texts that `in` has looked into: one look into each pays for all.
    members: HashMap<(RecordRef, NodeId), Members<'a>>,
}

/// The elements of a list, if they are texts and nothing else.
type Members<'a> = Option<HashSet<&'a str>>;

/// From so many elements on, a list is worth remembering.
const LONG_LIST: usize = 64;

impl<'a> Machine<'a> {
    /// `size`: records that the subject is a group of.
    pub(super) fn new(scope: &'a Scope<'a>, size: usize) -> Self {
        // Joins may walk what the audit holds a few times; groups their members.
        let limit = MAX_STEPS + 200 * size as u64 + 20 * scope.set.len() as u64;
        let observer = Observer::new(scope.compared);
        Machine { scope, observer, steps: 0, saved: 0, limit, members: HashMap::new() }
    }

    /// What was looked at so far.
    pub(super) fn reads(&self) -> Reads {
        self.observer.reads
    }

    /// Steps that were taken, without those that kept answers saved.
    pub(super) fn cost(&self) -> u64 {
        self.steps - self.saved
    }

    /// What is kept of a part of an expression.
    pub(super) fn kept(&self, part: usize) -> &'a Answers {
        self.scope.indexes.answers(part)
    }

    /// What a definition was found to say of a record, and the steps that took.
    pub(super) fn told(&self, definition: usize, record: RecordRef) -> Option<(bool, u64)> {
        self.scope.indexes.by_record(definition).get(self.scope.set.position(record).0)
    }

    /// Keeps what a definition says of a record. What rests on something that other states have otherwise is found
    /// anew each time.
    pub(super) fn tell(&self, definition: usize, record: RecordRef, answer: bool, usage: Usage) {
        if !usage.reads.is_any() {
            let (index, records) = self.scope.set.position(record);
            self.scope.indexes.by_record(definition).keep(index, records, answer, usage.steps);
        }
    }

    /// The values of inputs as a key; none where one of them is not a plain value.
    pub(super) fn key(&self, inputs: &[Input], slots: &[Value<'a>]) -> Option<Vec<u8>> {
        key(inputs, slots, self.scope.set)
    }

    /// Takes a kept answer for what it cost, so that the limit does not depend on which record came first.
    pub(super) fn take(&mut self, usage: Usage) -> Result<(), Failure> {
        self.observer.reads = self.observer.reads.and(usage.reads);
        self.saved += usage.steps.saturating_sub(1);
        self.spend(usage.steps as usize)
    }

    /// Starts a count of its own: what was read so far is given back and forgotten, with the steps so far.
    pub(super) fn begin(&mut self) -> Usage {
        Usage { reads: std::mem::take(&mut self.observer.reads), steps: self.steps }
    }

    /// What was read and spent since a beginning, which is remembered again.
    pub(super) fn since(&mut self, before: Usage) -> Usage {
        let reads = self.observer.reads;
        self.observer.reads = reads.and(before.reads);
        Usage { reads, steps: self.steps - before.steps }
    }

    /// What the policies plan; the same in every state that is judged by them.
    pub(super) fn plan(&self) -> &'a IndexPlan {
        self.scope.indexes.plan
    }

    /// The name of a kind.
    pub(super) fn kind_name(&self, kind: KindId) -> &'a str {
        &self.scope.set.catalog.get(kind).name
    }

    /// Counts work; fails when there was too much of it.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Failure> {
        self.steps += steps as u64;
        if self.steps > self.limit {
            return Err(Failure::Steps(self.limit));
        }
        Ok(())
    }

    /// The elements of a list.
    pub(super) fn elements<'l>(&mut self, list: &'l Value<'a>) -> Result<Elements<'l, 'a>, Failure> {
        elements(self.scope.view(), &mut self.observer, list)
    }

    /// How many elements a list has, whatever they are.
    pub(super) fn count(&self, list: &Value<'a>) -> Result<usize, Failure> {
        Ok(match list {
            Value::Item(item) if item.node.tag() == Tag::Seq => item.node.children().count(),
            list => list.elements(self.scope.view())?.count(),
        })
    }

    /// A field of a record or object.
    pub(super) fn field(
        &mut self,
        of: &Value<'a>,
        name: &str,
        slot: Option<Slot>,
    ) -> Result<Value<'a>, Failure> {
        let Value::Item(item) = of else {
            return Err(Failure::Type(of.type_name()));
        };
        match self.scope.set.member(item.node, item.record, name, slot) {
            Some(node) => {
                look_at_day(&mut self.observer, node);
                Ok(Value::of(Item { node, record: item.record }, self.scope.view()))
            }
            None => Ok(self.absent_in(of, Absence::Missing, name)),
        }
    }

    /// A field, and where it is the day of something that happened, that day even if it is in the future: a policy that
    /// itself holds it against the date of the audit is told what is recorded.
    pub(super) fn raw_day(&mut self, of: &Value<'a>, name: &Name) -> Result<Value<'a>, Failure> {
        if let Value::Item(item) = of
            && let Some(node) = self.scope.set.member(item.node, item.record, &name.text, name.slot)
            && !node.is_invalid()
            && day_of(node).is_some_and(|day| day > self.scope.as_of)
        {
            look_at_day(&mut self.observer, node);
            return Ok(Value::text(node.text()));
        }
        self.field(of, &name.text, name.slot)
    }

    /// An unknown for something absent inside `of`.
    /// Whether the schema of an object knows a field of this name.
    pub(super) fn has_field(&self, of: &Item<'_>, name: &str) -> bool {
        let set = self.scope.set;
        let inside = set.path_inside(of.record, of.node.id());
        // `travel[2]` as `travel`.
        let path = inside
            .split('[')
            .map(|part| part.split_once(']').map_or(part, |(_, rest)| rest))
            .collect::<String>();
        let shape = &set.catalog.get(set.get(of.record).kind).shape;
        let shape = if path.is_empty() { Some(&**shape) } else { shape.at(&path) };
        shape.is_some_and(|shape| shape.at(name).is_some())
    }

    pub(super) fn absent_in(&self, of: &Value<'a>, why: Absence, name: &str) -> Value<'a> {
        let Value::Item(item) = of else {
            return Value::unknown(why, None, name);
        };
        let inside = self.scope.set.path_inside(item.record, item.node.id());
        let path = match (inside.is_empty(), name.starts_with('[')) {
            (true, _) => name.to_owned(),
            (false, true) => format!("{inside}{name}"),
            (false, false) => format!("{inside}.{name}"),
        };
        Value::unknown(why, Some(item.record), path)
    }

    /// Whether a list has an element; unknown where it is not found and an element is unknown.
    pub(super) fn contains(&mut self, list: &Value<'a>, wanted: &Value<'a>) -> Result<Value<'a>, Failure> {
        if let (Value::Text(text), Value::Item(list)) = (wanted, list)
            && let Some(found) = self.member(text, *list)?
        {
            return Ok(Value::Bool(found));
        }
        let elements = self.elements(list)?;
        self.contains_in(elements, wanted)
    }

    /// The same of elements, one after the other.
    pub(super) fn contains_in(
        &mut self,
        elements: impl Iterator<Item = Value<'a>>,
        wanted: &Value<'a>,
    ) -> Result<Value<'a>, Failure> {
        let mut unknown = None;
        for element in elements {
            self.spend(1)?;
            match element {
                Value::Unknown(absent) => unknown = Some(absent),
                element if self.equal(wanted, &element)? => return Ok(Value::Bool(true)),
                _ => {}
            }
        }
        Ok(unknown.map_or(Value::Bool(false), Value::Unknown))
    }

    /// Whether a long list of texts has one; `None` for other lists, which have to be gone through.
    fn member(&mut self, text: &str, list: Item<'a>) -> Result<Option<bool>, Failure> {
        if list.node.tree().below(list.node.id()).size_hint().0 <= LONG_LIST {
            return Ok(None);
        }
        let key = (list.record, list.node.id());
        if !self.members.contains_key(&key) {
            let texts: Members<'a> = (list.node.children())
                .map(|child| child.as_str().filter(|_| !child.is_invalid() && !child.is_past_only()))
                .collect();
            self.spend(texts.as_ref().map_or(0, HashSet::len))?;
            self.members.insert(key, texts);
        }
        self.spend(1)?;
        Ok(self.members.get(&key).and_then(Option::as_ref).map(|texts| texts.contains(text)))
    }

    /// Whether two values are the same.
    pub(super) fn equal(&mut self, a: &Value<'a>, b: &Value<'a>) -> Result<bool, Failure> {
        match (a, b) {
            (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
            (Value::Text(a), Value::Text(b)) => Ok(a == b),
            (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
                Ok(order(a, b)? == Ordering::Equal)
            }
            (Value::Item(a), Value::Item(b)) if a.node.id() == b.node.id() => Ok(a.record == b.record),
            (Value::Item(a), Value::Item(b)) if a.node.tag() == Tag::Map => {
                Ok(b.node.tag() == Tag::Map && to_value(a.node) == to_value(b.node))
            }
            (Value::List(_) | Value::Item(_), Value::List(_) | Value::Item(_)) => {
                let (mut left, mut right) = (self.elements(a)?, self.elements(b)?);
                loop {
                    match (left.next(), right.next()) {
                        (None, None) => return Ok(true),
                        (Some(a), Some(b)) if self.equal(&a, &b)? => {}
                        _ => return Ok(false),
                    }
                }
            }
            (a, _) => Err(Failure::Type(a.type_name())),
        }
    }

    /// The date of the audit.
    pub(super) fn today(&mut self) -> Date {
        self.observer.looked_at(Dependency::Today);
        self.scope.as_of
    }

    /// The one organisation.
    pub(super) fn organization(&mut self) -> Value<'a> {
        if let Some(kind) = self.scope.set.catalog.find("organization") {
            self.observer.looked_at(Dependency::Kind(kind));
        }
        match self.scope.organization {
            Some(record) => Value::record(self.scope.set, record),
            None => Value::unknown(Absence::NoRecord, None, "organization"),
        }
    }

    /// The record with an id; unknown where there is none, or more than one.
    pub(super) fn lookup(&mut self, kind: KindId, id: &str) -> Value<'a> {
        self.observer.looked_at(Dependency::Record { kind, id });
        let set = self.scope.set;
        let name = self.kind_name(kind);
        match set.find(kind, id) {
            Some(record) if set.get(record).ambiguous => {
                Value::unknown(Absence::Ambiguous, Some(record), name)
            }
            Some(record) => Value::record(set, record),
            None => Value::unknown(Absence::NoRecord, None, name),
        }
    }

    /// Whether there is a record with an id.
    pub(super) fn is_known(&mut self, kind: KindId, id: &str) -> bool {
        self.observer.looked_at(Dependency::Record { kind, id });
        self.scope.set.find(kind, id).is_some()
    }

    /// How many records of a kind there are.
    pub(super) fn count_of(&mut self, kind: KindId) -> usize {
        self.observer.looked_at(Dependency::Kind(kind));
        self.scope.set.count(kind)
    }

    /// Records by the value of a field.
    pub(super) fn related(&mut self, index: usize, value: &str) -> Result<Value<'a>, Failure> {
        self.observer.looked_at(Dependency::Field { index, value });
        self.records(self.scope.indexes.field(index).get(value))
    }

    /// Whether a record of an id is among those with the value of a field, told by the index. None where ids do not
    /// decide it.
    pub(super) fn is_related(&mut self, index: usize, value: &str, id: &str) -> Option<bool> {
        let (set, indexes) = (self.scope.set, self.scope.indexes);
        self.observer.looked_at(Dependency::Field { index, value });
        let found = set.find(indexes.plan.fields[index].0, id);
        if found.is_some_and(|record| set.get(record).ambiguous) {
            return None;
        }
        let records = indexes.field(index).get(value);
        Some(found.is_some_and(|record| records.binary_search(&record).is_ok()))
    }

    /// Whether any record has the value of a field.
    pub(super) fn has_related(&mut self, index: usize, value: &str) -> bool {
        self.observer.looked_at(Dependency::Field { index, value });
        !self.scope.indexes.field(index).get(value).is_empty()
    }

    /// Records by the value of a field, of those whose date lies from `first` to `last` or is unknown.
    pub(super) fn related_within(
        &mut self,
        index: usize,
        value: &str,
        first: Date,
        last: Date,
    ) -> Result<Value<'a>, Failure> {
        self.observer.looked_at(Dependency::Dated { index, value });
        let dated = self.scope.indexes.dated(index);
        // One that is in the future is among those whose date is unknown.
        if let Some(latest) = dated.latest(value) {
            self.observer.looked_at(Dependency::Day(latest));
        }
        self.records(&dated.get(value, first, last))
    }

    /// The people that a text names.
    pub(super) fn people(&mut self, text: &str) -> Result<Value<'a>, Failure> {
        let indexes = self.scope.indexes;
        let observer = &mut self.observer;
        let found = indexes.people().get(text, &mut |key| observer.looked_at(Dependency::Person(key)));
        self.spend(text.len() / 8)?;
        self.records(&found)
    }

    /// Records within so many metres of a place.
    pub(super) fn near(
        &mut self,
        index: usize,
        position: Position,
        metres: i64,
    ) -> Result<Value<'a>, Failure> {
        self.observer.looked_at(Dependency::Place(index));
        self.records(&self.scope.indexes.place(index).near(position, metres))
    }

    fn records(&mut self, found: &[RecordRef]) -> Result<Value<'a>, Failure> {
        self.spend(found.len())?;
        let set = self.scope.set;
        Ok(Value::list(found.iter().map(|record| Value::record(set, *record)).collect()))
    }

    /// The id of the first record of those that lie together with one; none for a record without a position.
    pub(super) fn cluster(&mut self, index: usize, record: RecordRef) -> Option<&'a str> {
        self.observer.looked_at(Dependency::Cluster(index));
        let first = self.scope.indexes.cluster(index).get(record)?;
        Some(&self.scope.set.get(first).id)
    }

    /// Whether a name is on a reference list.
    pub(super) fn listed(&mut self, list: &str, name: &str) -> Listed {
        self.observer.looked_at(Dependency::List(list));
        self.scope.references.names(list, name)
    }

    /// Whether an address is in a network of a reference list.
    pub(super) fn in_networks(&mut self, list: &str, ip: IpAddr) -> Listed {
        self.observer.looked_at(Dependency::List(list));
        self.scope.references.networks(list, ip)
    }

    /// The document at a path that a record refers to.
    pub(super) fn document(&mut self, path: &str, record: RecordRef) -> Document<'a> {
        self.observer.looked_at(Dependency::Document(path));
        let set = self.scope.set;
        if path == set.path(set.get(record)) {
            return Document::Own;
        }
        self.scope.files.get(path).map_or(Document::NotThere, |digest| Document::There(digest))
    }

    /// The fields that name a document, parted by blanks; none where one field does.
    pub(super) fn uses_of_document(&mut self, key: &str) -> Option<String> {
        self.observer.looked_at(Dependency::Uses);
        let uses = self.scope.indexes.documents(self.scope.files).uses(key);
        if uses.len() < 2 { None } else { Some(uses.collect::<Vec<_>>().join(" ")) }
    }
}
