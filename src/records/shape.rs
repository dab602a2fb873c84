//! Shapes: what a JSON Schema says about a record, in the form the rest of duly asks for it.
//!
//! A *shape* types plain scalars, places the fields a policy may name, and marks what is personal
//! data (*class*), what points to another record (*reference*) or to a document (*evidence*), and dates that may
//! lie *ahead* of an audit; all others are days of what has happened.
//!
//! A shape describes what `type`, `properties`, `items`, local `$ref`s and `allOf` say. Whatever else of JSON
//! Schema may mark or not mark a value is looked through by `shape/marks.rs`; what cannot be followed is
//! *covered*: described, perhaps, but never shown.

mod build;
mod marks;

use std::sync::Arc;

use serde_json::Value;

use super::spelling::{Spelling, is_placeholder, names_no_source};
use crate::tree::{Node, NodeId, Tag, Tree};

/// Kinds of personal data, as marked by `x-duly-sensitive`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Name,
    Email,
    Phone,
    Address,
    DocumentNumber,
    BirthDate,
    Bank,
    Ip,
    Coordinates,
    FreeText,
    Hash,
}

impl Class {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "name" => Class::Name,
            "email" => Class::Email,
            "phone" => Class::Phone,
            "address" => Class::Address,
            "document-number" => Class::DocumentNumber,
            "birth-date" => Class::BirthDate,
            "bank" => Class::Bank,
            "ip" => Class::Ip,
            "coordinates" => Class::Coordinates,
            "free-text" => Class::FreeText,
            "hash" => Class::Hash,
            _ => return None,
        })
    }
}

/// Formats of text that policies treat as more than text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Date,
    DateTime,
}

#[derive(Debug, Clone, PartialEq)]
pub enum FieldType {
    Object(Vec<Field>),
    List(Arc<Shape>),
    /// With the only values allowed; empty when any text is.
    Text {
        format: Option<Format>,
        values: Vec<String>,
    },
    Integer,
    Number,
    Bool,
    /// The schema does not say.
    Any,
}

/// What becomes of a value when its record is read.
#[derive(Debug, Default, PartialEq)]
struct Change {
    /// It is taken for not recorded.
    says_nothing: bool,
    /// It is the day of something that has happened.
    past_only: bool,
    /// It is a text, written as something else.
    typed: bool,
    /// Another spelling of the identifier.
    spelled: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: String,
    pub required: bool,
    pub shape: Arc<Shape>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub form: FieldType,
    pub description: String,
    pub sensitive: Option<Class>,
    /// Never shown, because its schema may mark it in a way that is not followed.
    pub covered: bool,
    /// The kind of the record whose id stands here.
    pub reference: Option<String>,
    /// A path or URI of a document.
    pub evidence: bool,
    /// A date that may lie after the date of an audit, such as the end of a permission.
    pub may_be_future: bool,
    /// A text of any form: one that says nothing is not recorded.
    pub is_open: bool,
    /// The identifier that stands here, in its one spelling.
    pub spelling: Option<Spelling>,
    /// The text names who or what was asked: one that denies it is not recorded.
    pub names_source: bool,
    /// A list of what was found: an empty one says that nothing was looked at.
    pub inventory: bool,
    /// Values of an enumeration that say that it is not known: they are not recorded, and no policy can name them.
    pub unknown_values: Vec<String>,
}

impl Shape {
    /// A value nothing is known about.
    pub fn any() -> Self {
        Shape {
            form: FieldType::Any,
            description: String::new(),
            sensitive: None,
            covered: false,
            reference: None,
            evidence: false,
            may_be_future: false,
            is_open: false,
            spelling: None,
            names_source: false,
            inventory: false,
            unknown_values: Vec::new(),
        }
    }

    /// Whether a scalar of this shape may be shown as it is.
    pub fn is_shown(&self) -> bool {
        let scalar = matches!(
            self.form,
            FieldType::Text { .. } | FieldType::Integer | FieldType::Number | FieldType::Bool
        );
        scalar && self.sensitive.is_none() && !self.covered
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().iter().find(|f| f.name == name)
    }

    /// The fields of an object; none of anything else.
    pub fn fields(&self) -> &[Field] {
        match &self.form {
            FieldType::Object(fields) => fields,
            _ => &[],
        }
    }

    /// The shape at a dotted path; lists are stepped into.
    pub fn at(&self, path: &str) -> Option<&Shape> {
        let mut shape = self;
        for part in path.split('.') {
            while let FieldType::List(items) = &shape.form {
                shape = items;
            }
            shape = &shape.field(part)?.shape;
        }
        Some(shape)
    }

    /// Dotted path of a node inside its record, `devices[1].os`. Keys that the shape does not know are `*`: they
    /// are what someone wrote.
    pub fn path(&self, root: Node<'_>, target: NodeId) -> String {
        let mut path = String::new();
        let mut shape = Some(self);
        let mut current = root;
        while current.id() != target {
            let Some((i, child)) = current.child_towards(target) else { break };
            if current.tag() == Tag::Map {
                let field = shape.and_then(|shape| shape.field(child.key()));
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(field.map_or("*", |field| &field.name));
                shape = field.map(|field| &*field.shape);
            } else {
                path.push_str(&format!("[{i}]"));
                shape = match shape.map(|shape| &shape.form) {
                    Some(FieldType::List(items)) => Some(items),
                    _ => None,
                };
            }
            current = child;
        }
        path
    }

    /// Whether a date stands here that lies in the past, or the record says of it what cannot be known yet.
    pub fn is_past_only(&self) -> bool {
        matches!(self.form, FieldType::Text { format: Some(_), .. }) && !self.may_be_future
    }

    /// Types the plain scalars below `id` as this shape asks: text keeps the text it was written as, and identifiers
    /// get their one spelling. Marks the days of what has happened. What says nothing is taken for not recorded, save
    /// at `id_field`, and is returned.
    pub fn apply(&self, tree: &mut Tree, id: NodeId, id_field: &str) -> Vec<NodeId> {
        let mut found = Vec::new();
        let named = tree.node(id).at(id_field).map(|node| node.id());
        self.walk(tree.node(id), &mut |shape, node| {
            let change = shape.change(node);
            if change != Change::default() && (!change.says_nothing || Some(node.id()) != named) {
                found.push((node.id(), change));
            }
        });
        let mut nothing = Vec::new();
        for (id, change) in found {
            if change.says_nothing {
                tree.make_null(id);
                nothing.push(id);
                continue;
            }
            tree.make_text(id);
            if change.past_only {
                tree.mark_past_only(id);
            }
            if let Some(spelled) = change.spelled {
                tree.respell(id, spelled);
            }
        }
        nothing
    }

    /// Whether a text is neither a name, nor prose, nor a document. An account may be called `system` or `test`.
    fn is_plain(&self) -> bool {
        let is_account = self.spelling == Some(Spelling::Account);
        is_account || (!self.evidence && !matches!(self.sensitive, Some(Class::Name | Class::FreeText)))
    }

    /// What becomes of a value of this shape.
    fn change(&self, node: Node<'_>) -> Change {
        let scalar = !matches!(node.tag(), Tag::Null | Tag::Seq | Tag::Map);
        match &self.form {
            FieldType::List(_) => Change {
                says_nothing: self.inventory && node.tag() == Tag::Seq && node.children().next().is_none(),
                ..Change::default()
            },
            FieldType::Text { .. } if scalar => Change {
                says_nothing: self.unknown_values.iter().any(|value| value == node.text())
                    || (self.is_open && is_placeholder(node.text(), self.is_plain()))
                    || (self.names_source && names_no_source(node.text()))
                    || self.spelling.is_some_and(|spelling| spelling.says_nothing(node.text())),
                past_only: self.is_past_only(),
                typed: node.tag() != Tag::Str,
                spelled: self.spelling.and_then(|spelling| spelling.of(node.text())),
            },
            _ => Change::default(),
        }
    }

    /// How a value is written, for people; empty where any text will do.
    pub fn in_words(&self) -> String {
        match &self.form {
            FieldType::Text { format: Some(Format::Date), .. } => "YYYY-MM-DD".to_owned(),
            FieldType::Text { format: Some(Format::DateTime), .. } => "YYYY-MM-DDThh:mm:ssZ".to_owned(),
            FieldType::Text { values, .. } if !values.is_empty() => values.join(" | "),
            FieldType::Text { .. } if self.evidence => "path of the document".to_owned(),
            FieldType::Text { .. } => match &self.reference {
                Some(kind) => format!("id of a {kind}"),
                None => String::new(),
            },
            FieldType::Bool => "true | false".to_owned(),
            FieldType::Integer => "whole number".to_owned(),
            FieldType::Number => "number".to_owned(),
            FieldType::List(items) => match (items.in_words(), &items.form) {
                (_, FieldType::Object(_)) => String::new(),
                (form, _) if form.is_empty() => "[…, …]".to_owned(),
                (form, _) => format!("[{form}, …]"),
            },
            FieldType::Object(_) | FieldType::Any => String::new(),
        }
    }

    /// Calls `visit` with every node of a record that this shape knows.
    pub fn walk<'a>(&'a self, node: Node<'a>, visit: &mut impl FnMut(&'a Shape, Node<'a>)) {
        visit(self, node);
        match &self.form {
            FieldType::Object(_) => {
                for child in node.children() {
                    if let Some(field) = self.field(child.key()) {
                        field.shape.walk(child, visit);
                    }
                }
            }
            FieldType::List(items) => {
                for child in node.children() {
                    items.walk(child, visit);
                }
            }
            _ => {}
        }
    }
}

/// Marks of personal data that are no class, as sentences.
pub(super) fn unknown_marks(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        // A field of that name holds a schema, which is no text.
        match value.get(MARK) {
            Some(Value::Object(_)) | None => {}
            Some(mark) if mark.as_str().and_then(Class::parse).is_some() => {}
            Some(mark) => found.push(format!("`{MARK}: {mark}` is no class of personal data")),
        }
        open.extend(value.as_object().into_iter().flat_map(|o| o.values()));
        open.extend(value.as_array().into_iter().flatten());
    }
    found.sort();
    found.dedup();
    found
}

/// The keyword that marks personal data.
const MARK: &str = "x-duly-sensitive";

/// The part of `root` that a local `$ref` names by its path.
fn resolve<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    let pointer = reference.strip_prefix('#')?;
    // A path in percent signs is another spelling that schemas do not need.
    if pointer.contains('%') { None } else { root.pointer(pointer) }
}
