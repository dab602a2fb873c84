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
