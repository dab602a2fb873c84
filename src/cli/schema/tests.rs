//! The schemas of files have the keys that their readers take, in every mapping.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::files::FILES;
use crate::baseline::BaselineFile;
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic};
use crate::losses::{self, LossesFile};
use crate::policy::{Measure, Pack, TestFile};
use crate::tree::typed;

/// What a reader says of a text that it refuses.
type Refusal = fn(&str) -> Vec<Diagnostic>;
/// A mapping of a schema by its name, and a file with the key `zzzzz` in it; the file itself has no name.
type Mapping = (&'static str, &'static str);

fn typed<T: DeserializeOwned>(text: &str) -> Vec<Diagnostic> {
    typed::read_text::<T>("a.yaml", text.to_owned(), Code::Usage, "").map(|_| ()).expect_err(text)
}

fn config(text: &str) -> Vec<Diagnostic> {
    Config::parse(text.into()).map(|_| ()).expect_err(text)
}

fn losses_file(text: &str) -> Vec<Diagnostic> {
    losses::parse(text.into()).map(|_| ()).expect_err(text)
}

/// Of each schema: its reader, and its mappings.
const MAPPINGS: &[(&str, Refusal, &[Mapping])] = &[
    (
        "config",
        config,
        &[
            ("", "zzzzz: 1"),
            ("SourceFile", "sources: [{ zzzzz: 1 }]"),
            ("IgnoreFile", "ignore: [{ zzzzz: 1 }]"),
            ("WaiverRules", "waivers: { zzzzz: 1 }"),
            ("PlanRules", "plan: { zzzzz: 1 }"),
            ("GraceDays", "plan: { grace_days: { zzzzz: 1 } }"),
            ("ReferenceFile", "reference: [{ zzzzz: 1 }]"),
        ],
    ),
    ("baseline", typed::<BaselineFile>, &[("", "zzzzz: 1"), ("Entry", "findings: [{ zzzzz: 1 }]")]),
    ("losses", losses_file, &[("", "zzzzz: 1"), ("EntryFile", "losses: [{ zzzzz: 1 }]")]),
    ("losses", typed::<LossesFile>, &[("", "zzzzz: 1"), ("EntryFile", "losses: [{ zzzzz: 1 }]")]),
    (
        "pack",
        typed::<Pack>,
        &[
            ("", "zzzzz: 1"),
            ("SourceDocument", "documents: [{ zzzzz: 1 }]"),
            ("Group", "groups: [{ zzzzz: 1 }]"),
            ("Profile", "profiles: [{ zzzzz: 1 }]"),
            ("DefinitionFile", "define: [{ zzzzz: 1 }]"),
            ("KindFile", "kinds: [{ zzzzz: 1 }]"),
        ],
    ),
    (
        "measure",
        typed::<Measure>,
        &[
            ("", "zzzzz: 1"),
            ("Citation", "source: { zzzzz: 1 }"),
            ("Ask", "asks: [{ zzzzz: 1 }]"),
            ("Parameter", "parameters: { a: { zzzzz: 1 } }"),
            ("DefinitionFile", "define: [{ zzzzz: 1 }]"),
            ("ApplicableFile", "applicable: { zzzzz: 1 }"),
            ("CheckFile", "checks: [{ zzzzz: 1 }]"),
        ],
    ),
    ("pack-test", typed::<TestFile>, &[("", "zzzzz: 1"), ("TestCase", "tests: [{ zzzzz: 1 }]")]),
];

fn schema(name: &str) -> Value {
    FILES.iter().find(|file| file.name == name).expect("a schema").schema(&[])
}

fn keys(mapping: &Value) -> Option<BTreeSet<String>> {
    Some(mapping.get("properties")?.as_object()?.keys().cloned().collect())
}

#[test]
fn the_keys_of_every_mapping_are_those_that_the_reader_takes() {
    for (name, refusal, mappings) in MAPPINGS {
        let schema = schema(name);
        for (mapping, text) in *mappings {
            let described = if mapping.is_empty() { &schema } else { &schema["$defs"][mapping] };
            let errors = refusal(text);
            let [error] = errors.as_slice() else { panic!("{name}: {errors:?}") };
            assert!(error.message.contains("unknown key `zzzzz`"), "{name}: {text}: {error:?}");
            let read = error.help.strip_prefix("known here: ").expect("the keys");
            let read: BTreeSet<String> = read.split(", ").map(str::to_owned).collect();
            assert_eq!(keys(described), Some(read), "{name}: {text}");
        }
        let listed: BTreeSet<&str> = mappings.iter().map(|(mapping, _)| *mapping).collect();
        for (mapping, described) in schema["$defs"].as_object().into_iter().flatten() {
            // The records of a test are read as records are.
            let is_other = keys(described).is_none() || mapping == "record";
            let is_read = is_other || listed.contains(mapping.as_str());
            assert!(is_read, "{name}: `{mapping}` is in the schema, and not in this test");
        }
    }
    let tested: BTreeSet<&str> = MAPPINGS.iter().map(|(name, ..)| *name).collect();
    let untested: Vec<&str> =
        FILES.iter().map(|file| file.name).filter(|name| !tested.contains(name)).collect();
    assert_eq!(untested, ["records", "assessment"]);
}

#[test]
fn every_key_has_a_description_and_every_mapping_is_closed() {
    for file in FILES.iter().filter(|file| !["records", "assessment"].contains(&file.name)) {
        let schema = file.schema(&[]);
        let mut open = vec![&schema];
        while let Some(value) = open.pop() {
            if let Some(properties) = value.get("properties").and_then(Value::as_object)
                && value.get("additionalProperties").is_some()
            {
                assert_eq!(value["additionalProperties"], false, "{}: {value}", file.name);
                for (key, property) in properties {
                    let text = property["description"].as_str().unwrap_or_default();
                    assert!(text.len() > 3 && !text.contains("]("), "{}: {key}: {text}", file.name);
                }
            }
            open.extend(value.as_object().into_iter().flat_map(|o| o.values()));
            open.extend(value.as_array().into_iter().flatten());
        }
    }
}
