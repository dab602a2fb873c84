//! The JSON Schemas of the files of a pack, from the types that read them.

use schemars::Schema;
use serde_json::{Map, Value, json};

use super::file::TestFile;
use super::pack::check::FORMS;
use super::set::{Measure, Pack};
use crate::records::kinds;

/// The schema of `pack.yaml`.
pub fn pack_schema() -> Schema {
    kinds::generate::<Pack>()
}

/// The schema of the tests of a measure. It says nothing about their records.
pub fn test_schema() -> Schema {
    kinds::generate::<TestFile>()
}

/// The schema of a measure. Which keys a check has follows from the one that names its form.
pub fn measure_schema() -> Schema {
    let mut schema = kinds::generate::<Measure>();
    if let Some(check) = schema.pointer_mut("/$defs/CheckFile").and_then(Value::as_object_mut) {
        check.insert("allOf".to_owned(), forms());
    }
    schema
}

/// Of each form, the keys that it needs and those that do not fit it.
fn forms() -> Value {
    let keys = || FORMS.iter().flat_map(|(form, needs, fits)| [form].into_iter().chain(*needs).chain(*fits));
    let form = |(form, needs, fits): &(&str, &[&str], &[&str])| {
        let others = keys().filter(|key| *key != form && !needs.contains(key) && !fits.contains(key));
        let refused: Map<String, Value> = others.map(|key| ((*key).to_owned(), Value::Bool(false))).collect();
        json!({ "if": { "required": [form] }, "then": { "required": needs, "properties": refused } })
    };
    let mut all: Vec<Value> = FORMS.iter().map(form).collect();
    let one: Vec<Value> = FORMS.iter().map(|(form, ..)| json!({ "required": [form] })).collect();
    all.push(json!({ "anyOf": one }));
    all.into()
}
