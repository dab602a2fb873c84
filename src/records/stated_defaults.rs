//! Defaults as they are stated: read from the configuration, and held to the kinds like the fields of a record.
//!
//! What can only be said of one record is refused: whom it names, what it shows, what happened to it and when.

use std::collections::{BTreeMap, BTreeSet};

use super::catalog::{Catalog, KindDefinition};
use super::defaults::{Defaults, KEY, StatedDefaults};
use super::kind_id::KindId;
use super::kinds::DECISIONS;
use super::shape::{Field, FieldType, Shape};
use super::validate::violations;
use crate::diagnostics::{Code, Diagnostic, Place, did_you_mean};
use crate::text::{count, escape, named};
use crate::tree::{Node, NodeId, Tag, Tree, parse};

/// Values that the defaults of one kind may have together.
const MOST_VALUES: usize = 64;

/// What is stated, held to the kinds of a catalog.
pub fn read_defaults(stated: &StatedDefaults, catalog: &Catalog) -> Result<Defaults, Vec<Diagnostic>> {
    let StatedDefaults { path, text } = stated;
    let (tree, _) = parse(path, text.clone());
    let mut reading = Reading { path, catalog, tree, errors: Vec::new() };
    let kinds: Vec<NodeId> = (reading.tree.documents().first())
        .and_then(|document| reading.tree.node(document.root).get(KEY))
        .map(|kinds| kinds.children().map(|kind| kind.id()).collect())
        .unwrap_or_default();
    let mut by_kind = BTreeMap::new();
    for kind in kinds {
        let found = reading.kind(kind);
        by_kind.extend(found.filter(|(_, fields)| !fields.is_empty()));
    }
    match reading.errors.is_empty() {
        true => Ok(Defaults::new(path.clone(), reading.tree, by_kind)),
        false => Err(reading.errors),
    }
}

/// Reads what is stated.
struct Reading<'r> {
    path: &'r str,
    catalog: &'r Catalog,
    tree: Tree,
    errors: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn error(&mut self, place: Place, message: String, help: impl Into<String>) {
        self.errors.push(Diagnostic::new(Code::Configuration, place, message, help));
    }

    fn kind(&mut self, node: NodeId) -> Option<(KindId, Vec<NodeId>)> {
        let (stated, catalog) = (self.tree.node(node), self.catalog);
        let place = stated.key_place(self.path);
        let Some(kind) = catalog.find(stated.key()) else {
            let message = format!("there is no kind {}", named(stated.key(), "that stands here"));
            let known = || "`duly schema` lists the kinds".to_owned();
            let help = did_you_mean(stated.key(), catalog.names(), known);
            self.error(place, message, help);
            return None;
        };
        let definition = catalog.get(kind);
        if definition.group == DECISIONS {
            let message = format!("no field of `{}` can have a default", definition.name);
            self.error(place, message, "a decision says in full what someone decided");
            return None;
        }
        let values = self.tree.below(node).count() - 1;
        if values > MOST_VALUES {
            let message = format!("the defaults of `{}` have {values} values", definition.name);
            self.error(place, message, format!("state at most {}", count(MOST_VALUES, "value")));
            return None;
        }
        let mut fields: Vec<NodeId> = stated.children().map(|field| field.id()).collect();
        fields.retain(|field| self.field(definition, *field));
        self.validate(definition, node, &fields);
        Some((kind, fields))
    }

    /// Whether the default of a field can be used.
    fn field(&mut self, definition: &KindDefinition, id: NodeId) -> bool {
        let stated = self.tree.node(id);
        let place = stated.key_place(self.path);
        let Some(field) = definition.shape.field(stated.key()) else {
            let known = || format!("`duly schema {}` lists the fields", definition.name);
            let names = definition.shape.fields().iter().map(|field| field.name.as_str());
            let help = did_you_mean(stated.key(), names, known);
            let what = named(stated.key(), "this key");
            self.error(place, format!("{what} is not a field of `{}`", definition.name), help);
            return false;
        };
        if field.name == definition.id_field || definition.id_field.starts_with(&format!("{}.", field.name)) {
            self.refuse(place, &field.name, "it is the id, which names one record");
            return false;
        }
        if field.name == "kind" {
            self.refuse(place, &field.name, "it says of which kind a record is");
            return false;
        }
        if stated.tag() == Tag::Null {
            let message = format!("the default of `{}` has no value", escape(&field.name));
            self.error(
                place,
                message,
                "write the value that holds for every record that leaves the field out",
            );
            return false;
        }
        let before = self.errors.len();
        self.one_record_only(definition, field, id);
        if self.errors.len() == before {
            self.type_scalars(field, id);
        }
        self.errors.len() == before
    }

    fn refuse(&mut self, place: Place, field: &str, why: &str) {
        let message = format!("`{}` cannot have a default: {why}", escape(field));
        let help =
            "record it in each record; a default states a rule for all records, not what happened to one";
        self.error(place, message, help);
    }

    /// Refuses what can only be said of one record, and what the schema does not describe.
    fn one_record_only(&mut self, definition: &KindDefinition, field: &Field, id: NodeId) {
        let (mut found, mut described) = (Vec::new(), BTreeSet::new());
        field.shape.walk(self.tree.node(id), &mut |shape, node| {
            described.insert(node.id());
            found.extend(only_of_one(shape, node).map(|why| (node.id(), why)));
        });
        for (node, why) in found {
            let place = self.tree.node(node).place(self.path);
            let path = inside(field, self.tree.node(id), node);
            self.refuse(place, &path, why);
        }
        let other = self.tree.below(id).find(|node| !described.contains(&node.id()));
        if let Some(node) = other {
            let what = named(node.key(), "this part");
            let message = format!("{what} is not a field that the schema of `{}` describes", definition.name);
            let help = format!("`duly schema {}` lists the fields", definition.name);
            self.error(node.key_place(self.path), message, help);
        }
    }

    /// Types a value as in a record, and refuses one that says nothing.
    fn type_scalars(&mut self, field: &Field, id: NodeId) {
        for nothing in field.shape.apply(&mut self.tree, id, "") {
            let place = self.tree.node(nothing).place(self.path);
            let path = inside(field, self.tree.node(id), nothing);
            let message = format!("the default of `{}` says nothing", escape(&path));
            self.error(place, message, "write what holds for every record that leaves the field out");
        }
    }

    /// Holds values to the schema of their kind, as in a record. What else a record needs is none of theirs.
    fn validate(&mut self, definition: &KindDefinition, of_kind: NodeId, fields: &[NodeId]) {
        let validator = match definition.validator() {
            Ok(validator) => validator,
            Err(error) => {
                let place = self.tree.node(of_kind).key_place(self.path);
                let message = format!("the schema of `{}` is broken: {}", definition.name, escape(error));
                self.error(place, message, "fix the schema in its pack");
                return;
            }
        };
        for violation in violations(validator, &self.tree, of_kind) {
            let holds = |field: &&NodeId| self.tree.below(**field).any(|node| node.id() == violation.node);
            let Some(field) = fields.iter().find(holds) else { continue };
            let node = self.tree.node(violation.node);
            let place = match violation.unknown {
                Some(_) => node.key_place(self.path),
                None => node.place(self.path),
            };
            let path = definition.shape.path(self.tree.node(of_kind), violation.node);
            let message = match violation.code {
                Code::RequiredField => format!("the default of `{}`: {}", escape(&path), violation.message),
                _ => format!("the default of `{}` {}", escape(&path), violation.message),
            };
            let shape = definition.shape.field(self.tree.node(*field).key());
            let described = shape.map(|field| field.shape.description.replace('\n', " "));
            let help = match described.as_deref().and_then(|text| text.split(". ").next()) {
                Some(first) if !first.is_empty() => first.to_owned(),
                _ => format!("`duly schema {}` describes the fields", definition.name),
            };
            self.error(place, message, help);
        }
    }
}

/// The path of a node in the value of a field: `remote_access.rdp_enabled`.
fn inside(field: &Field, value: Node<'_>, node: NodeId) -> String {
    match field.shape.path(value, node) {
        path if path.is_empty() => field.name.clone(),
        path if path.starts_with('[') => format!("{}{path}", field.name),
        path => format!("{}.{path}", field.name),
    }
}

/// Why a value can only be said of one record.
fn only_of_one(shape: &Shape, node: Node<'_>) -> Option<&'static str> {
    if shape.reference.is_some() {
        return Some("it names another record");
    }
    if shape.evidence {
        return Some("it names a document, which shows what happened to one record");
    }
    if let FieldType::Text { format: Some(_), .. } = shape.form {
        return Some("it is the day or time of something that happened to one record");
    }
    if shape.names_source {
        return Some("it says what was asked about one record");
    }
    if shape.inventory {
        return Some("it lists what was found for one record");
    }
    let scalar = !matches!(node.tag(), Tag::Map | Tag::Seq);
    if shape.sensitive.is_some() || shape.covered || (scalar && !shape.is_shown()) {
        return Some("it is personal data, or could be");
    }
    None
}
