//! The fields of a record that says what people decided, read one by one.
//!
//! What its schema refuses, and what says nothing, counts as not recorded.

use crate::diagnostics::{Code, Place, Problem};
use crate::records::{RecordRef, RecordSet, is_plausible_id, says_nothing, show};
use crate::text::{Day, IN_A_SENTENCE, escape, shorten};
use crate::tree::{Node, Tag};

/// Elements of a list that are read.
const MOST: usize = 10_000;

/// A record of a decision.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'s> {
    set: &'s RecordSet,
    pub(crate) record: RecordRef,
    root: Node<'s>,
}

impl<'s> Fields<'s> {
    pub(crate) fn of(set: &'s RecordSet, record: RecordRef) -> Self {
        Fields { set, record, root: set.root(record) }
    }

    /// The records of a kind.
    pub(crate) fn all(set: &'s RecordSet, kind: &str) -> impl Iterator<Item = Fields<'s>> {
        let records = set.catalog.find(kind).map(|kind| set.of_kind(kind));
        records.into_iter().flatten().map(move |record| Fields::of(set, record))
    }

    pub(crate) fn id(&self) -> &'s str {
        &self.set.get(self.record).id
    }

    /// Whether another record of the kind has the same id.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.set.get(self.record).ambiguous
    }

    fn plain(node: Node<'s>) -> Option<&'s str> {
        let is_scalar = !matches!(node.tag(), Tag::Seq | Tag::Map | Tag::Null) && !node.is_invalid();
        is_scalar.then(|| node.text())
    }

    fn scalar(node: Node<'s>) -> Option<&'s str> {
        Self::plain(node).filter(|text| !says_nothing(text))
    }

    /// The text of a field.
    pub(crate) fn text(&self, field: &str) -> Option<&'s str> {
        Self::scalar(self.root.at(field)?)
    }

    /// The day of a field.
    pub(crate) fn day(&self, field: &str) -> Option<Day> {
        self.text(field)?.parse().ok()
    }

    /// The texts of a list, whatever they say.
    pub(crate) fn texts(&self, field: &str) -> Vec<&'s str> {
        let Some(list) = self.root.get(field).filter(|list| list.tag() == Tag::Seq) else {
            return Vec::new();
        };
        list.children().take(MOST).filter_map(Self::plain).collect()
    }

    /// The mappings of a list.
    pub(crate) fn parts(&self, field: &str) -> Vec<Part<'s>> {
        let Some(list) = self.root.get(field).filter(|list| list.tag() == Tag::Seq) else {
            return Vec::new();
        };
        list.children().take(MOST).map(Part).collect()
    }

    pub(crate) fn has(&self, field: &str) -> bool {
        self.root.get(field).is_some()
    }

    /// The text of a field as it may be shown: of a person the initials, or the id of the record.
    pub(crate) fn shown(&self, field: &str) -> Option<String> {
        let text = self.text(field)?;
        let is_worker = || {
            let worker = self.set.catalog.find("worker");
            is_plausible_id(text) && worker.is_some_and(|worker| self.set.find(worker, text).is_some())
        };
        if is_worker() {
            return Some(in_words(text));
        }
        let shape = &self.set.catalog.get(self.set.get(self.record).kind).shape;
        let text = show(Some(shape.at(field)?), self.root.at(field)?)?;
        Some(escape(&text).into_owned())
    }

    /// Where a field stands; where the record names itself, if it is not there.
    pub(crate) fn place(&self, field: &str) -> Place {
        let id = &self.set.catalog.get(self.set.get(self.record).kind).id_field;
        let node = self.root.at(field).or_else(|| self.root.at(id)).unwrap_or(self.root);
        self.set.place_of(self.set.get(self.record), node)
    }

    /// What is to be told of the record, at one of its fields.
    pub(crate) fn problem(
        &self,
        code: Code,
        field: &str,
        message: impl std::fmt::Display,
        help: impl Into<String>,
    ) -> Problem {
        Problem::new(code, self.place(field), format!("{}: {message}", in_words(self.id())), help)
    }

    /// The first of some fields that is not recorded, or is not what its schema asks for.
    pub(crate) fn first_unknown(&self, fields: &[&'static str]) -> Option<&'static str> {
        fields.iter().copied().find(|field| match self.root.get(field) {
            Some(node) if node.tag() == Tag::Map => node.is_invalid(),
            _ => self.text(field).is_none(),
        })
    }
}

/// One mapping of a list.
#[derive(Clone, Copy)]
pub(crate) struct Part<'s>(Node<'s>);

impl<'s> Part<'s> {
    pub(crate) fn text(&self, field: &str) -> Option<&'s str> {
        Fields::scalar(self.0.get(field)?)
    }

    pub(crate) fn day(&self, field: &str) -> Option<Day> {
        self.text(field)?.parse().ok()
    }
}

/// A text of a record inside a sentence.
pub(crate) fn in_words(text: &str) -> String {
    escape(&shorten(text, IN_A_SENTENCE)).into_owned()
}
