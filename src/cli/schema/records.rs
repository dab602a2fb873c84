//! The schema of a file of records in each of its forms, for editors: a record, a list of records, or a list under
//! `records:`. An editor holds each document of a file to it by itself.
//!
//! The kind of a record decides which fields it has: a chain of conditions, because an editor then names the very key that
//! is wrong, where a choice of all kinds would only say that none fits.

use serde_json::{Map, Value, json};

use crate::policy;

/// The schema of a file of records, with the schemas of the kinds by name.
pub(super) fn schema(kinds: &[(String, Value)]) -> Value {
    let list = json!({ "type": "array", "items": { "$ref": "#/$defs/record" } });
    let mut definitions = definitions(kinds, true);
    definitions.insert(
        "list".to_owned(),
        json!({
            "type": "object",
            "properties": { "records": with(list.clone(), "description", "The records of this file.".into()) },
            "required": ["records"],
            "additionalProperties": false,
        }),
    );
    definitions.insert(
        "start".to_owned(),
        json!({
            "type": "object",
            "properties": {
                "kind": definitions["record"]["properties"]["kind"],
                "id": { "type": ["string", "number"], "description": "Id of the record, unique within its kind." },
                "records": with(list.clone(), "description", "The records of this file, in place of a single one.".into()),
            },
            "required": ["kind", "id"],
        }),
    );
    json!({
        "description": "A record, a list of records, or `records:` with a list of them.",
        "if": { "type": "array" },
        "then": list,
        "else": {
            "if": { "required": ["kind"] },
            "then": { "$ref": "#/$defs/record" },
            "else": {
                "if": { "required": ["records"] },
                "then": { "$ref": "#/$defs/list" },
                "else": { "$ref": "#/$defs/start" },
            },
        },
        "$defs": definitions,
    })
}

/// The schema of the tests of a measure, with the fields of the records in them. A pack may bring kinds of its own, so
/// another kind is no mistake, and a test may need a record with a mistake, so a missing field is none either.
pub(super) fn test_schema(kinds: &[(String, Value)]) -> Value {
    let mut schema: Value = policy::test_schema().into();
    if let Some(records) = schema.pointer_mut("/$defs/TestCase/properties/records") {
        records["items"] = json!({ "$ref": "#/$defs/record" });
    }
    let own = schema.get_mut("$defs").and_then(Value::as_object_mut);
    if let Some(own) = own {
        own.extend(definitions(kinds, false));
    }
    schema
}

/// `record`, each kind by its name, and what they refer to. The names of kinds are lower-case and those of types are not.
fn definitions(kinds: &[(String, Value)], is_strict: bool) -> Map<String, Value> {
    let names: Vec<&str> = kinds.iter().map(|(name, _)| name.as_str()).collect();
    let by_kind = |name: &&str| {
        json!({
            "if": { "properties": { "kind": { "const": name } }, "required": ["kind"] },
            "then": { "$ref": format!("#/$defs/{name}") },
        })
    };
    let kind = match is_strict {
        true => json!({ "enum": names, "description": "Kind of the record." }),
        false => json!({ "type": "string", "examples": names, "description": "Kind of the record." }),
    };
    let mut definitions = Map::new();
    definitions.insert(
        "record".to_owned(),
        json!({
            "type": "object",
            "properties": { "kind": kind },
            "required": ["kind"],
            "allOf": names.iter().map(by_kind).collect::<Vec<_>>(),
        }),
    );
    for (name, schema) in kinds {
        let mut schema = schema.clone();
        plain_values(&mut schema, is_strict);
        let Value::Object(mut own) = schema else { continue };
        own.remove("$schema");
        own.remove("$id");
        let mut inner = match own.remove("$defs") {
            Some(Value::Object(inner)) => inner,
            _ => Map::new(),
        };
        // Types of one name are one type; a pack may have others.
        let clash = inner.iter().any(|(key, value)| definitions.get(key).is_some_and(|known| known != value));
        let mut own = Value::Object(own);
        if clash {
            let prefix = format!("#/$defs/{name}.");
            refer(&mut own, &prefix);
            inner = inner.into_iter().map(|(key, value)| (format!("{name}.{key}"), value)).collect();
            inner.values_mut().for_each(|value| refer(value, &prefix));
        }
        definitions.insert(name.clone(), own);
        definitions.extend(inner);
    }
    definitions
}

fn with(mut schema: Value, key: &str, value: Value) -> Value {
    schema[key] = value;
    schema
}

/// Lets references begin with `prefix`.
fn refer(schema: &mut Value, prefix: &str) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value.as_str().and_then(|text| text.strip_prefix("#/$defs/"))) {
                    ("$ref", Some(name)) => *value = format!("{prefix}{name}").into(),
                    _ => refer(value, prefix),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, prefix)),
        _ => {}
    }
}

/// Keywords that say which texts, numbers and lists will do.
const LIMITS: &[&str] =
    &["maximum", "maxItems", "maxLength", "minimum", "minItems", "minLength", "pattern", "required"];

/// Lets a text be written as a number, which duly reads as the text that stands there: `os_version: 14.5`.
/// Where what is written need not be right, any text and any list will do.
fn plain_values(schema: &mut Value, is_strict: bool) {
    match schema {
        Value::Object(fields) => {
            let is_free = ["enum", "const", "format"].iter().all(|key| !fields.contains_key(*key));
            if is_free && fields.get("type").is_some_and(|of| of == "string") {
                fields.insert("type".to_owned(), json!(["string", "number"]));
            }
            if !is_strict {
                fields.retain(|key, limit| limit.is_object() || !LIMITS.contains(&key.as_str()));
            }
            for (key, value) in fields {
                if key != "examples" {
                    plain_values(value, is_strict);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| plain_values(item, is_strict)),
        _ => {}
    }
}
