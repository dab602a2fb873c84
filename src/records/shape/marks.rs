//! Marks: which values of a shape a schema calls personal, by whatever way it says so.
//!
//! Every subschema that could apply to a value is looked at, whether it would apply or not: all branches of
//! `anyOf`, `oneOf`, `if` and `not`, patterns of names, positions in lists. One mark is enough. What a schema
//! says in a way that is not followed covers the value it may be said about, and all below it.

use std::sync::Arc;

use serde_json::Value;

use super::{Class, FieldType, MARK, Shape, resolve};

/// Subschemas looked at for one schema, before the rest is covered unseen.
const MAX_LOOKS: usize = 100_000;
/// Schemas inside one another; ends those that refer to themselves.
const MAX_DEPTH: usize = 128;

/// Keywords whose value is a schema for the same value.
const ONE: [&str; 4] = ["if", "then", "else", "not"];
/// Keywords whose value is a list of such schemas.
const LISTED: [&str; 3] = ["allOf", "anyOf", "oneOf"];
/// Keywords whose value holds such schemas by name.
const NAMED: [&str; 2] = ["dependentSchemas", "dependencies"];
/// Keywords whose value is a schema, or a list of schemas, for elements of a list.
const ELEMENTS: [&str; 5] = ["items", "prefixItems", "additionalItems", "contains", "unevaluatedItems"];
/// Keywords whose value is a schema for fields that `properties` does not name.
const OTHER_FIELDS: [&str; 2] = ["additionalProperties", "unevaluatedProperties"];

/// Marks a shape with what its schema says.
pub(super) fn apply(shape: &mut Shape, schema: &Value) {
    if embeds(schema) {
        shape.covered = true;
    }
    Marker { root: schema, left: MAX_LOOKS }.mark(shape, schema, 0);
    inherit(shape);
}

/// Whether another schema with a name of its own stands inside: it moves what references mean.
fn embeds(root: &Value) -> bool {
    let old = root.get("$schema").and_then(Value::as_str).is_some_and(|name| name.contains("draft-04"));
    let name = if old { "id" } else { "$id" };
    let mut open: Vec<&Value> = root.as_object().into_iter().flat_map(|o| o.values()).collect();
    open.extend(root.as_array().into_iter().flatten());
    while let Some(value) = open.pop() {
        if value.get(name).is_some_and(Value::is_string) {
            return true;
        }
        open.extend(value.as_object().into_iter().flat_map(|o| o.values()));
        open.extend(value.as_array().into_iter().flatten());
    }
    false
}

struct Marker<'s> {
    root: &'s Value,
    left: usize,
}

impl Marker<'_> {
    fn mark(&mut self, shape: &mut Shape, schema: &Value, depth: usize) {
        let Some(keywords) = schema.as_object() else {
            return;
        };
        let dynamic = keywords.contains_key("$dynamicRef") || keywords.contains_key("$recursiveRef");
        if depth > MAX_DEPTH || self.left == 0 || dynamic {
            shape.covered = true;
            return;
        }
        self.left -= 1;
        if let Some(mark) = keywords.get(MARK) {
            match mark.as_str().and_then(Class::parse) {
                Some(class) => shape.sensitive = shape.sensitive.or(Some(class)),
                None => shape.covered = true,
            }
        }
        if let Some(reference) = keywords.get("$ref") {
            match reference.as_str().and_then(|reference| resolve(self.root, reference)) {
                Some(target) => self.mark(shape, target, depth + 1),
                None => shape.covered = true,
            }
        }
        let one = ONE.iter().filter_map(|key| keywords.get(*key));
        let listed = LISTED.iter().filter_map(|key| keywords.get(*key)?.as_array()).flatten();
        let named = NAMED.iter().filter_map(|key| keywords.get(*key)?.as_object()).flat_map(|o| o.values());
        for part in one.chain(listed).chain(named) {
            self.mark(shape, part, depth + 1);
        }
        match &mut shape.form {
            FieldType::Object(fields) => {
                for field in fields {
                    self.field(Arc::make_mut(&mut field.shape), &field.name, schema, depth);
                }
            }
            FieldType::List(items) => {
                let items = Arc::make_mut(items);
                for part in ELEMENTS.iter().filter_map(|key| keywords.get(*key)) {
                    for part in part.as_array().map_or(std::slice::from_ref(part), Vec::as_slice) {
                        self.mark(items, part, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn field(&mut self, shape: &mut Shape, name: &str, schema: &Value, depth: usize) {
        let own = schema.get("properties").and_then(|fields| fields.get(name));
        if let Some(part) = own {
            self.mark(shape, part, depth + 1);
        }
        for (pattern, part) in
            schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten()
        {
            // A pattern we cannot read may match every name.
            if regex::Regex::new(pattern).map_or(true, |pattern| pattern.is_match(name)) {
                self.mark(shape, part, depth + 1);
            }
        }
        if own.is_none() {
            for part in OTHER_FIELDS.iter().filter_map(|key| schema.get(*key)) {
                self.mark(shape, part, depth + 1);
            }
        }
    }
}

/// What a container is, all inside it is, unless it is marked itself.
fn inherit(shape: &mut Shape) {
    let (class, covered) = (shape.sensitive, shape.covered);
    let down = |inner: &mut Arc<Shape>| {
        let inner = Arc::make_mut(inner);
        inner.sensitive = inner.sensitive.or(class);
        inner.covered |= covered;
        inherit(inner);
    };
    match &mut shape.form {
        FieldType::Object(fields) => fields.iter_mut().for_each(|field| down(&mut field.shape)),
        FieldType::List(items) => down(items),
        _ => {}
    }
}
