//! Shapes: what a JSON Schema says about a record, in the form the rest of duly asks for it.
//!
//! A *shape* types plain scalars, places the fields a policy may name, and marks what is personal
//! data (*class*) and what points to another record (*reference*) or to a document (*evidence*).

use std::sync::Arc;

use serde_json::Value;

use crate::text::{Node, NodeId, Tag, Tree};

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
    /// The kind of the record whose id stands here.
    pub reference: Option<String>,
    /// A path or URI of a document.
    pub evidence: bool,
}

impl Shape {
    /// A value nothing is known about.
    pub fn any() -> Self {
        Shape {
            form: Form::Any,
            description: String::new(),
            sensitive: None,
            reference: None,
            evidence: false,
        }
    }

    /// The shape a schema describes. Local `$ref`s are followed; recursion ends in [`Form::Any`].
    pub fn of(schema: &Value) -> Self {
        build(schema, schema, 0)
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

    /// Types the plain scalars below `id` as this shape asks: text keeps the text it was written as.
    pub fn apply(&self, tree: &mut Tree, id: NodeId) {
        match &self.form {
            Form::Text { .. } => tree.make_text(id),
            Form::Object(_) | Form::List(_) => {
                let mut todo = Vec::new();
                self.text_nodes(tree.node(id), &mut todo);
                for id in todo {
                    tree.make_text(id);
                }
            }
            _ => {}
        }
    }

    fn text_nodes(&self, node: Node<'_>, found: &mut Vec<NodeId>) {
        match (&self.form, node.tag()) {
            (Form::Text { .. }, Tag::Bool | Tag::Int | Tag::Float) => found.push(node.id()),
            (Form::Object(_), Tag::Map) => {
                for child in node.children() {
                    if let Some(field) = self.field(child.key()) {
                        field.shape.text_nodes(child, found);
                    }
                }
            }
            (Form::List(items), Tag::Seq) => {
                for child in node.children() {
                    items.text_nodes(child, found);
                }
            }
            _ => {}
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

/// Deeper than any schema of ours; ends recursive ones.
const MAX_DEPTH: usize = 32;

fn build(root: &Value, schema: &Value, depth: usize) -> Shape {
    if depth > MAX_DEPTH {
        return Shape::any();
    }
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let base = text("$ref")
        .and_then(|r| r.strip_prefix('#'))
        .and_then(|pointer| root.pointer(pointer))
        .map(|target| build(root, target, depth + 1));
    let mut shape = base.unwrap_or_else(|| Shape { form: form(root, schema, depth), ..Shape::any() });
    if let Some(description) = text("description") {
        description.clone_into(&mut shape.description);
    }
    if let Some(class) = text("x-duly-sensitive").and_then(Class::parse) {
        shape.sensitive = Some(class);
    }
    if let Some(kind) = text("x-duly-ref") {
        shape.reference = Some(kind.to_owned());
    }
    if schema.get("x-duly-evidence") == Some(&Value::Bool(true)) {
        shape.evidence = true;
    }
    shape
}

fn form(root: &Value, schema: &Value, depth: usize) -> Form {
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
                            shape: Arc::new(build(root, schema, depth + 1)),
                        })
                        .collect(),
                ),
            }
        }
        Some("array") => {
            let items = schema.get("items").map(|items| build(root, items, depth + 1));
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
