//! Policy files as they are written. `docs/policies.md` is their reference.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::check::{OnMissing, Otherwise};
use crate::text::Day;
use crate::words::{Basis, Cause, Grade, Outcome, Severity, Tests};

/// A guidance document.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceDocument {
    pub id: String,
    pub title: String,
    pub publisher: String,
    pub dated_on: Day,
    pub url: String,
    /// Headings of the document by the name measures cite them with.
    #[serde(default)]
    pub sections: BTreeMap<String, String>,
}

/// A heading measures are listed under.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub id: String,
    pub title: String,
}

/// A selection of the checks of a pack. Those of a pack are ordered: each has the checks of those above it, too.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub id: String,
    pub title: String,
    /// What it selects, in a sentence.
    pub description: String,
}

/// A kind of record that a pack brings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KindFile {
    pub kind: String,
    /// Path of its JSON Schema, relative to the pack.
    pub schema: String,
}

/// A name and what it means.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DefinitionFile {
    pub name: String,
    /// The types of its arguments, separated by commas.
    #[serde(rename = "for")]
    pub arguments: Option<String>,
    pub means: String,
}

/// Where in its document a measure is found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    pub document: String,
    pub section: String,
    pub item: u32,
}

/// One requirement of a measure in our own words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    pub id: String,
    pub text: String,
}

/// When a measure is applicable, and the reason why it is not.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicableFile {
    pub when: String,
    pub otherwise: String,
}

/// A number, word, or list that policies read and a configuration may change.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub value: serde_json::Value,
    /// By profile, the value that it has there in place of `value`.
    #[serde(default)]
    pub profiles: BTreeMap<String, serde_json::Value>,
    pub description: String,
    /// The pack's value, if the configuration changed it.
    #[serde(skip)]
    pub changed_from: Option<serde_json::Value>,
}

/// A check of any form: `pack::check` tells the forms apart.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckFile {
    pub id: String,
    pub title: String,
    pub asks: Vec<String>,
    pub tests: Tests,
    pub basis: Option<Basis>,
    pub profile: Option<String>,
    /// By profile, what an absent field makes of a record there in place of `missing`.
    #[serde(default)]
    pub missing_in: BTreeMap<String, OnMissing>,
    /// By profile, the day of what a record tells of: where that lies before the document, the record is not asked there.
    #[serde(default)]
    pub since_in: BTreeMap<String, String>,
    /// What a finding says where nothing is recorded; otherwise the fields that are not.
    pub absent: Option<String>,
    pub grade: Option<Grade>,
    pub severity: Option<Severity>,
    pub remediation: Option<Vec<String>>,
    #[serde(rename = "for")]
    pub for_kind: Option<String>,
    pub exists: Option<String>,
    pub attest: Option<String>,
    pub valid_days: Option<u32>,
    /// How many people attest it: one, or two.
    pub people: Option<u32>,
    pub group_by: Option<String>,
    pub when: Option<String>,
    #[serde(rename = "where")]
    pub matching: Option<String>,
    pub binds: Option<String>,
    pub everyone: Option<String>,
    pub require: Option<String>,
    pub schema: Option<serde_json::Value>,
    pub fresh: Option<String>,
    pub at: Option<String>,
    #[serde(default)]
    pub missing: OnMissing,
    #[serde(default)]
    pub otherwise: Otherwise,
    pub pattern: Option<String>,
    pub message: Option<String>,
    pub stale: Option<String>,
}

/// The JSON Schema of a file of tests.
pub fn test_schema() -> serde_json::Value {
    schemars::schema_for!(TestFile).into()
}

/// The tests of one measure.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestFile {
    pub measure: String,
    pub tests: Vec<TestCase>,
}

/// Records in, outcomes out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestCase {
    pub name: String,
    pub as_of: Option<Day>,
    #[serde(default)]
    pub parameters: BTreeMap<String, serde_json::Value>,
    /// Files of the repository by path, with their text.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Reference lists by name, with their entries.
    #[serde(default)]
    pub lists: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub records: Vec<serde_json::Value>,
    pub expect: BTreeMap<String, Expected>,
}

/// The outcome that a test expects of a check.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "must be an outcome, or a mapping with outcome, cause and records")]
pub enum Expected {
    Outcome(Outcome),
    #[serde(rename_all = "snake_case")]
    Full {
        outcome: Outcome,
        cause: Option<Cause>,
        records: Option<Vec<String>>,
    },
}
