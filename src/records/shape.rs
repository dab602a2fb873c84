//! Shapes: what a JSON Schema says about a record, in the form the rest of duly asks for it.
//!
//! A *shape* types plain scalars, places the fields a policy may name, and marks what is personal
//! data (*class*), what points to another record (*reference*) or to a document (*evidence*), and dates that may
//! lie *ahead* of an audit; all others are days of what has happened.
//!
//! A shape describes what `type`, `properties`, `items`, local `$ref`s and `allOf` say. Whatever else of JSON
//! Schema may mark or not mark a value is looked through by `shape/marks.rs`; what cannot be followed is
//! *covered*: described, perhaps, but never shown.

mod marks;

use std::sync::Arc;

use serde_json::Value;

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
pub enum Form {
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

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: String,
    pub required: bool,
    pub shape: Arc<Shape>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub form: Form,
    pub description: String,
    pub sensitive: Option<Class>,
    /// Never shown, because its schema may mark it in a way that is not followed.
    pub covered: bool,
    /// The kind of the record whose id stands here.
    pub reference: Option<String>,
    /// A path or URI of a document.
    pub evidence: bool,
    /// A date that may lie after the date of an audit, such as the end of a permission.
    pub ahead: bool,
}

impl Shape {
    /// A value nothing is known about.
    pub fn any() -> Self {
        Shape {
            form: Form::Any,
            description: String::new(),
            sensitive: None,
            covered: false,
            reference: None,
            evidence: false,
            ahead: false,
        }
    }

    /// The shape a schema describes. Local `$ref`s are followed; recursion ends in [`Form::Any`].
    pub fn of(schema: &Value) -> Self {
        let mut shape = Builder { root: schema, left: MAX_SHAPES, following: Vec::new() }.build(schema, 0);
        marks::apply(&mut shape, schema);
        shape
    }

    /// Whether a scalar of this shape may be shown as it is.
    pub fn is_shown(&self) -> bool {
        let scalar = matches!(self.form, Form::Text { .. } | Form::Integer | Form::Number | Form::Bool);
        scalar && self.sensitive.is_none() && !self.covered
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        match &self.form {
            Form::Object(fields) => fields.iter().find(|f| f.name == name),
            _ => None,
        }
    }

    /// The shape at a dotted path; lists are stepped into.
    pub fn at(&self, path: &str) -> Option<&Shape> {
        let mut shape = self;
        for part in path.split('.') {
            while let Form::List(items) = &shape.form {
                shape = items;
            }
            shape = &shape.field(part)?.shape;
        }
        Some(shape)
    }

    /// Dotted path of a node inside its record, `devices[1].os`. Keys that the shape does not know are `*`: they
    /// are what somebody wrote.
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
                    Some(Form::List(items)) => Some(items),
                    _ => None,
                };
            }
            current = child;
        }
        path
    }

    /// Whether a date stands here that lies in the past, or the record says of it what cannot be known yet.
    pub fn has_happened(&self) -> bool {
        matches!(self.form, Form::Text { format: Some(_), .. }) && !self.ahead
    }

    /// Types the plain scalars below `id` as this shape asks: text keeps the text it was written as. Marks the
    /// days of what has happened.
    pub fn apply(&self, tree: &mut Tree, id: NodeId) {
        let mut found = Vec::new();
        self.walk(tree.node(id), &mut |shape, node| {
            let scalar = !matches!(node.tag(), Tag::Null | Tag::Seq | Tag::Map);
            if scalar && matches!(shape.form, Form::Text { .. }) {
                let happened = shape.has_happened();
                if happened || node.tag() != Tag::Str {
                    found.push((node.id(), happened));
                }
            }
        });
        for (id, happened) in found {
            tree.make_text(id);
            if happened {
                tree.mark_happened(id);
            }
        }
    }

    /// Calls `visit` with every node of a record that this shape knows.
    pub fn walk<'a>(&'a self, node: Node<'a>, visit: &mut impl FnMut(&'a Shape, Node<'a>)) {
        visit(self, node);
        match &self.form {
            Form::Object(_) => {
                for child in node.children() {
                    if let Some(field) = self.field(child.key()) {
                        field.shape.walk(child, visit);
                    }
                }
            }
            Form::List(items) => {
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

/// Deeper than any schema of ours; ends recursive ones.
const MAX_DEPTH: usize = 32;
/// How often a schema is looked into inside itself.
const MAX_INSIDE_ITSELF: usize = 2;
/// Shapes of one schema; what is beyond is not described.
const MAX_SHAPES: usize = 10_000;

struct Builder<'s> {
    root: &'s Value,
    /// Shapes that may still be built.
    left: usize,
    /// Targets of the `$ref`s on the way to here.
    following: Vec<&'s Value>,
}

impl<'s> Builder<'s> {
    fn build(&mut self, schema: &'s Value, depth: usize) -> Shape {
        if depth > MAX_DEPTH || self.left == 0 {
            return Shape::any();
        }
        self.left -= 1;
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        let mut shape = Shape { form: self.form(schema, depth), ..Shape::any() };
        let target = text("$ref").and_then(|reference| resolve(self.root, reference));
        let all = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let known = |target: &&Value| self.following.iter().filter(|on| std::ptr::eq(**on, *target)).count();
        if let Some(target) = target.filter(|target| known(target) < MAX_INSIDE_ITSELF) {
            self.following.push(target);
            adopt(&mut shape, self.build(target, depth + 1));
            self.following.pop();
        }
        for part in all {
            adopt(&mut shape, self.build(part, depth + 1));
        }
        if let Some(description) = text("description") {
            description.clone_into(&mut shape.description);
        }
        if let Some(kind) = text("x-duly-ref") {
            shape.reference = Some(kind.to_owned());
        }
        if schema.get("x-duly-evidence") == Some(&Value::Bool(true)) {
            shape.evidence = true;
        }
        if schema.get("x-duly-ahead") == Some(&Value::Bool(true)) {
            shape.ahead = true;
        }
        shape
    }

    fn form(&mut self, schema: &'s Value, depth: usize) -> Form {
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        match text("type") {
            Some("object") => {
                let required: Vec<&str> = schema
                    .get("required")
                    .and_then(Value::as_array)
                    .map(|names| names.iter().filter_map(Value::as_str).collect())
                    .unwrap_or_default();
                let fields = schema.get("properties").and_then(Value::as_object);
                match fields {
                    None => Form::Any,
                    Some(fields) => Form::Object(
                        fields
                            .iter()
                            .map(|(name, schema)| Field {
                                name: name.clone(),
                                required: required.contains(&name.as_str()),
                                shape: Arc::new(self.build(schema, depth + 1)),
                            })
                            .collect(),
                    ),
                }
            }
            Some("array") => {
                let items = schema.get("items").map(|items| self.build(items, depth + 1));
                Form::List(Arc::new(items.unwrap_or_else(Shape::any)))
            }
            Some("string") => Form::Text {
                format: match text("format") {
                    Some("date") => Some(Format::Date),
                    Some("date-time") => Some(Format::DateTime),
                    _ => None,
                },
                values: match (schema.get("enum").and_then(Value::as_array), text("const")) {
                    (Some(values), _) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                    (None, Some(value)) => vec![value.to_owned()],
                    (None, None) => Vec::new(),
                },
            },
            Some("integer") => Form::Integer,
            Some("number") => Form::Number,
            Some("boolean") => Form::Bool,
            _ => match text("const") {
                Some(value) => Form::Text { format: None, values: vec![value.to_owned()] },
                None => Form::Any,
            },
        }
    }
}

/// The part of `root` that a local `$ref` names by its path.
fn resolve<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    let pointer = reference.strip_prefix('#')?;
    // A path in percent signs is another spelling that schemas do not need.
    if pointer.contains('%') { None } else { root.pointer(pointer) }
}

/// What another schema says about the same value, where the first is silent.
fn adopt(shape: &mut Shape, other: Shape) {
    match (&mut shape.form, other.form) {
        (form @ Form::Any, other) => *form = other,
        (Form::Object(fields), Form::Object(others)) => {
            for other in others {
                match fields.iter_mut().find(|f| f.name == other.name) {
                    None => fields.push(other),
                    Some(field) => {
                        field.required |= other.required;
                        if let Ok(other) = Arc::try_unwrap(other.shape) {
                            adopt(Arc::make_mut(&mut field.shape), other);
                        }
                    }
                }
            }
        }
        _ => {}
    }
    if shape.description.is_empty() {
        shape.description = other.description;
    }
    if shape.reference.is_none() {
        shape.reference = other.reference;
    }
    shape.evidence |= other.evidence;
    shape.ahead |= other.ahead;
}
