//! The JSON Schemas of the files that people write, and of the saved assessment.
//!
//! Those of files follow from the types that duly reads them with, so that an editor takes what duly takes. The schema
//! `records` is for every file of records, in each of its forms: one record, a list, or a list under `records`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::assessment::Assessment;
use crate::records::kinds;
use crate::{baseline, config, losses, policy};

/// A file that people write, or that duly saves.
pub(super) struct FileSchema {
    pub name: &'static str,
    pub title: &'static str,
    make: fn() -> Value,
}

/// Files beside the records of one kind.
pub(super) const FILES: [FileSchema; 8] = [
    FileSchema {
        name: "records",
        title: "A file of records of any kind, in any of its forms",
        make: records,
    },
    FileSchema { name: "config", title: "The configuration, duly.yaml", make: config::schema },
    FileSchema {
        name: "baseline",
        title: "The file of known gaps, duly-baseline.yaml",
        make: baseline::schema,
    },
    FileSchema {
        name: "losses",
        title: "The file of accepted losses, duly-losses.yaml",
        make: losses::schema,
    },
    FileSchema { name: "pack", title: "The head of a pack, pack.yaml", make: policy::pack_schema },
    FileSchema {
        name: "measure",
        title: "A measure of a pack, with its checks",
        make: policy::measure_schema,
    },
    FileSchema { name: "pack-test", title: "Tests of the checks of a measure", make: policy::test_schema },
    FileSchema { name: "assessment", title: "The saved JSON report", make: assessment },
];

/// The schema of a kind, or of a file.
pub(super) fn named(name: &str) -> Option<Value> {
    let file = FILES.iter().find(|file| file.name == name).map(FileSchema::schema);
    file.or_else(|| kinds::schema(name).map(Value::from))
}

/// Names of all schemas: of files, then of kinds.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|file| file.name).chain(kinds::KINDS.iter().map(|kind| kind.name))
}

impl FileSchema {
    fn schema(&self) -> Value {
        let mut schema = (self.make)();
        if let Some(object) = schema.as_object_mut() {
            object.insert("$id".to_owned(), format!("urn:duly:schema:v1:{}", self.name).into());
            object.insert("title".to_owned(), self.title.into());
        }
        schema
    }
}

fn assessment() -> Value {
    schemars::schema_for!(Assessment).into()
}

/// A file of records: which kind a record is of decides what else belongs there.
fn records() -> Value {
    let mut definitions: Map<String, Value> = Map::new();
    let mut by_kind = Vec::new();
    let names: Vec<&str> = kinds::KINDS.iter().map(|kind| kind.name).collect();
    // Two kinds can have a part of the same name that differs.
    let mut parts: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for kind in kinds::KINDS {
        let mut schema: Value = kind.schema().into();
        let Some(object) = schema.as_object_mut() else { continue };
        object.remove("$schema");
        object.remove("$id");
        object.remove("examples");
        let own = object.remove("$defs").and_then(|own| own.as_object().cloned()).unwrap_or_default();
        let mut renamed: BTreeMap<String, String> = BTreeMap::new();
        for (name, part) in &own {
            let known = parts.entry(name.clone()).or_default();
            let at = known.iter().position(|other| other == part).unwrap_or_else(|| {
                known.push(part.clone());
                known.len() - 1
            });
            let unique = if at == 0 { name.clone() } else { format!("{name}{}", at + 1) };
            renamed.insert(format!("#/$defs/{name}"), format!("#/$defs/{unique}"));
        }
        for (name, mut part) in own {
            refer(&mut part, &renamed);
            let unique = renamed[&format!("#/$defs/{name}")].trim_start_matches("#/$defs/").to_owned();
            definitions.insert(unique, part);
        }
        refer(&mut schema, &renamed);
        definitions.insert(kind.name.to_owned(), schema);
        by_kind.push(json!({
            "if": { "properties": { "kind": { "const": kind.name } }, "required": ["kind"] },
            "then": { "$ref": format!("#/$defs/{}", kind.name) },
        }));
    }
    let described: Vec<&str> = kinds::KINDS.iter().map(|kind| kind.title).collect();
    definitions.insert(
        "record".to_owned(),
        json!({
            "title": "Record",
            "type": "object",
            "required": ["kind", "id"],
            "properties": {
                "kind": { "description": "What the record is of.", "enum": names, "enumDescriptions": described },
                "id": { "description": "Id of the record, unique within its kind.", "type": "string" },
            },
            "allOf": by_kind,
        }),
    );
    let list = json!({ "type": "array", "items": { "$ref": "#/$defs/record" } });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "if": { "type": "array" },
        "then": list,
        "else": {
            // A waiver has a field of this name.
            "if": { "type": "object", "required": ["records"], "not": { "required": ["kind"] } },
            "then": {
                "type": "object",
                "properties": { "records": list },
                "additionalProperties": false,
            },
            "else": { "$ref": "#/$defs/record" },
        },
        "$defs": definitions,
    })
}

/// Points references to parts that were renamed.
fn refer(schema: &mut Value, renamed: &BTreeMap<String, String>) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(target) if key == "$ref" => {
                        if let Some(unique) = renamed.get(target) {
                            target.clone_from(unique);
                        }
                    }
                    other => refer(other, renamed),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, renamed)),
        _ => {}
    }
}
