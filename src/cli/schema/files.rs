//! The JSON Schemas of the files that people write for duly, and of the report that it saves, by name.

use serde_json::{Map, Value, json};

use super::records;
use crate::assessment::Assessment;
use crate::baseline::BaselineFile;
use crate::config;
use crate::losses::LossesFile;
use crate::policy;
use crate::records::kinds;

/// A schema that is of no single kind of record.
pub(in crate::cli) struct FileSchema {
    /// What `duly schema` calls it.
    pub name: &'static str,
    /// The files it is for.
    pub title: &'static str,
    build: fn(&[(String, Value)]) -> Value,
}

/// In the order in which they are listed.
pub(in crate::cli) const FILES: &[FileSchema] = &[
    FileSchema { name: "records", title: "File of records, in each of its forms", build: records::schema },
    FileSchema {
        name: "config",
        title: "Configuration of an audit: duly.yaml",
        build: |_| config::schema().into(),
    },
    FileSchema {
        name: "baseline",
        title: "Findings that are known: duly-baseline.yaml",
        build: |_| kinds::generate::<BaselineFile>().into(),
    },
    FileSchema {
        name: "losses",
        title: "Losses of assurance that someone accepted: duly-losses.yaml",
        build: |_| kinds::generate::<LossesFile>().into(),
    },
    FileSchema {
        name: "pack",
        title: "Head of a policy pack: pack.yaml",
        build: |_| policy::pack_schema().into(),
    },
    FileSchema {
        name: "measure",
        title: "Measure of a policy pack with its checks",
        build: |_| policy::measure_schema().into(),
    },
    FileSchema {
        name: "pack-test",
        title: "Tests of a measure of a policy pack",
        build: records::test_schema,
    },
    FileSchema {
        name: "assessment",
        title: "Saved JSON report of an audit",
        build: |_| schemars::schema_for!(Assessment).into(),
    },
];

impl FileSchema {
    /// The schema, with those of the kinds of records by name.
    pub(in crate::cli) fn schema(&self, kinds: &[(String, Value)]) -> Value {
        let built = (self.build)(kinds);
        let mut schema = Map::new();
        schema.insert("$schema".to_owned(), kinds::DRAFT.into());
        schema.insert("$id".to_owned(), json!(format!("{}{}", kinds::IDS, self.name)));
        schema.insert("title".to_owned(), self.title.into());
        if let Value::Object(rest) = built {
            for (key, value) in rest {
                schema.entry(key).or_insert(value);
            }
        }
        schema.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;
    use crate::policy::{Measure, Pack, TestFile};
    use crate::tree::typed;

    /// The keys of a mapping that a type reads, as the refusal of a key that no type has names them. `below` are the
    /// keys that lead to it.
    fn refusal<T: serde::de::DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
        let read = typed::read_text::<T>("a.yaml", text.to_owned(), Code::Usage, "");
        let errors = read.map(|(value, _)| value).expect_err(text);
        errors.iter().map(|error| format!("{} {}", error.message, error.help)).collect()
    }

    /// Each mapping of a schema that has keys of its own, with those keys.
    fn mappings(schema: &Value) -> Vec<(String, Vec<String>)> {
        let mut all = Vec::new();
        let keys = |object: &Value| -> Option<Vec<String>> {
            Some(object.get("properties")?.as_object()?.keys().cloned().collect())
        };
        all.extend(keys(schema).map(|keys| (String::new(), keys)));
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            all.extend(keys(definition).map(|keys| (name.clone(), keys)));
        }
        all
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

    #[test]
    fn the_readers_take_every_key_of_a_schema_and_no_other() {
        // A mapping with a key that is nowhere read is refused; one with all keys of the schema is not refused for
        // any of them.
        let files: [(&str, fn(&str) -> String); 6] = [
            ("config", config_refusal),
            ("baseline", refusal::<BaselineFile>),
            ("losses", refusal::<LossesFile>),
            ("pack", refusal::<Pack>),
            ("measure", refusal::<Measure>),
            ("pack-test", refusal::<TestFile>),
        ];
        for (name, refused) in files {
            let schema = FILES.iter().find(|file| file.name == name).expect("a schema").schema(&[]);
            let (_, keys) = &mappings(&schema)[0];
            for key in keys {
                // A list where there is none, a mapping where there is none: one of both is of the wrong type.
                let messages = [format!("{key}: {{ zz: {{ zz: [] }} }}\n"), format!("{key}: [[]]\n")]
                    .map(|text| refused(&text));
                assert!(
                    !messages.iter().any(|m| m.contains(&format!("unknown key `{key}`"))),
                    "{name}: {messages:?}"
                );
            }
            let message = refused("zzzzz: 1\n");
            assert!(message.contains("unknown key `zzzzz`"), "{name}: {message}");
            // The help of the refusal lists what is read, where it has no close name to offer.
            for listed in message.split('`').skip(3).step_by(2) {
                assert!(keys.iter().any(|key| key == listed), "{name}: `{listed}` is not in the schema");
            }
        }
    }

    fn config_refusal(text: &str) -> String {
        let errors = config::Config::parse(text.as_bytes().to_vec()).expect_err(text);
        errors.iter().map(|error| format!("{} {}", error.message, error.help)).collect()
    }
}
