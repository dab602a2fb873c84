//! Shapes from JSON Schemas.

use std::sync::Arc;

use serde_json::Value;

use super::super::spelling::Spelling;
use super::{Field, FieldType, Format, Shape, marks, resolve};

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
            shape.may_be_future = true;
        }
        if schema.get("x-duly-inventory") == Some(&Value::Bool(true)) {
            shape.inventory = true;
        }
        if schema.get("x-duly-source") == Some(&Value::Bool(true)) {
            shape.names_source = true;
        }
        if let Some(unknown) = schema.get("x-duly-unknown").and_then(Value::as_array) {
            shape.unknown_values.extend(unknown.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        if let FieldType::Text { values, .. } = &mut shape.form {
            values.retain(|value| !shape.unknown_values.contains(value));
        }
        shape.spelling = text("x-duly-spelling").and_then(Spelling::parse).or(shape.spelling);
        shape.is_open |= is_open_text(schema);
        shape
    }

    fn form(&mut self, schema: &'s Value, depth: usize) -> FieldType {
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
                    None => FieldType::Any,
                    Some(fields) => FieldType::Object(
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
                FieldType::List(Arc::new(items.unwrap_or_else(Shape::any)))
            }
            Some("string") => FieldType::Text {
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
            Some("integer") => FieldType::Integer,
            Some("number") => FieldType::Number,
            Some("boolean") => FieldType::Bool,
            _ => match text("const") {
                Some(value) => FieldType::Text { format: None, values: vec![value.to_owned()] },
                None => FieldType::Any,
            },
        }
    }
}

/// Whether any text will do: the schema names neither its form nor a record.
fn is_open_text(schema: &Value) -> bool {
    let is_text = schema.get("type").is_some_and(|kind| kind == "string");
    is_text
        && ["enum", "const", "format", "pattern", "x-duly-ref"].iter().all(|key| schema.get(key).is_none())
}

impl Shape {
    /// The shape a schema describes. Local `$ref`s are followed; recursion ends in [`FieldType::Any`].
    pub fn of(schema: &Value) -> Self {
        let mut shape = Builder { root: schema, left: MAX_SHAPES, following: Vec::new() }.build(schema, 0);
        marks::apply(&mut shape, schema);
        shape
    }
}

/// What another schema says about the same value, where the first is silent.
fn adopt(shape: &mut Shape, other: Shape) {
    match (&mut shape.form, other.form) {
        (form @ FieldType::Any, other) => *form = other,
        (FieldType::Object(fields), FieldType::Object(others)) => {
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
    if shape.spelling.is_none() {
        shape.spelling = other.spelling;
    }
    shape.inventory |= other.inventory;
    shape.unknown_values.extend(other.unknown_values);
    shape.is_open |= other.is_open;
    shape.evidence |= other.evidence;
    shape.may_be_future |= other.may_be_future;
}
