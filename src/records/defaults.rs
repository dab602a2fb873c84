//! Defaults: values that the fields of a kind have where a record leaves them out, stated once in the configuration.
//!
//! A default is a rule for all records of its kind. What happened to one record, whom it names and what it shows cannot
//! be one. A default is held to the schema like the field of a record, and a value in a record always wins.

use std::collections::BTreeMap;

use serde_json::Value;

use super::kind_id::KindId;
use super::validate::to_value;
use crate::diagnostics::Place;
use crate::tree::{Node, NodeId, Tree};

/// Key of the configuration under which defaults stand, by kind.
pub const KEY: &str = "defaults";

/// Defaults as a configuration states them: its path and text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatedDefaults {
    pub path: String,
    /// Of the whole file; empty where it states none.
    pub text: String,
}

/// The defaults of all kinds.
#[derive(Debug, Default)]
pub struct Defaults {
    path: String,
    tree: Tree,
    by_kind: BTreeMap<KindId, Vec<NodeId>>,
}

/// The default of one field.
#[derive(Debug, Clone, Copy)]
pub struct FieldDefault<'d> {
    /// The value, under the name of the field.
    pub node: Node<'d>,
    path: &'d str,
}

impl FieldDefault<'_> {
    pub fn field(&self) -> &str {
        self.node.key()
    }

    /// Where it is stated.
    pub fn place(&self) -> Place {
        self.node.key_place(self.path)
    }

    /// The value: a text as it is, anything else as JSON. No default is personal data.
    pub fn value(&self) -> String {
        match to_value(self.node) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }
}

impl PartialEq for Defaults {
    /// Whether they fill the same, wherever and in whatever order they are stated.
    fn eq(&self, other: &Self) -> bool {
        let all = |defaults: &'_ Self| defaults.by_kind.values().map(Vec::len).sum::<usize>();
        let has = |(kind, own): (KindId, FieldDefault<'_>)| {
            let same = |theirs: FieldDefault<'_>| {
                own.field() == theirs.field() && to_value(own.node) == to_value(theirs.node)
            };
            other.of(kind).any(same)
        };
        all(self) == all(other) && self.iter().all(has)
    }
}

impl Defaults {
    pub fn is_empty(&self) -> bool {
        self.by_kind.is_empty()
    }

    /// Those of a kind, in the order in which they are stated.
    pub fn of(&self, kind: KindId) -> impl Iterator<Item = FieldDefault<'_>> {
        let nodes = self.by_kind.get(&kind).map_or(&[][..], Vec::as_slice);
        nodes.iter().map(|node| FieldDefault { node: self.tree.node(*node), path: &self.path })
    }

    /// All of them with their kinds.
    pub fn iter(&self) -> impl Iterator<Item = (KindId, FieldDefault<'_>)> {
        self.by_kind.keys().flat_map(|kind| self.of(*kind).map(|default| (*kind, default)))
    }

    pub(super) fn new(path: String, tree: Tree, by_kind: BTreeMap<KindId, Vec<NodeId>>) -> Self {
        Defaults { path, tree, by_kind }
    }
}
