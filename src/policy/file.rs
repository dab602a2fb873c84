//! Policy files as they are written. `docs/policies.md` is their reference.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, json_schema};
use serde::Deserialize;

use super::check::{OnMissing, Otherwise};
use crate::text::Day;
use crate::words::{Basis, Cause, Grade, Outcome, Severity, Tests};

/// A guidance document.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceDocument {
    /// Name that measures cite it with.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// Day of the document.
    pub dated_on: Day,
    /// Where it is published.
    pub url: String,
    /// Headings of the document by the name measures cite them with.
    #[serde(default)]
    pub sections: BTreeMap<String, String>,
}

/// A heading measures are listed under.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Name that measures use.
    pub id: String,
    /// The heading.
    pub title: String,
}

/// A selection of the checks of a pack. Those of a pack are ordered: each has the checks of those above it, too.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name of the profile, as `--profile` and `duly.yaml` use it.
    pub id: String,
    /// Its title in reports.
    pub title: String,
    /// What it selects, in a sentence.
    pub description: String,
}

/// A kind of record that a pack brings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KindFile {
    /// Name of the kind.
    pub kind: String,
    /// Path of its JSON Schema, relative to the pack.
    pub schema: String,
}

/// A name and what it means.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DefinitionFile {
    /// Name, used like a function: lower-case words with `_`.
    pub name: String,
    /// The types of its arguments, separated by commas.
    #[serde(rename = "for")]
    pub arguments: Option<String>,
    /// An expression over its arguments, `organization`, `as_of`, `params` and the definitions above it.
    pub means: String,
}

/// Where in its document a measure is found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Id of a document of pack.yaml.
    pub document: String,
    /// Section of the document, as pack.yaml names it.
    pub section: String,
    /// Number of the item in its section.
    pub item: u32,
}

/// One requirement of a measure in our own words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Name that checks use.
    pub id: String,
    /// The requirement, in your own words.
    pub text: String,
}

/// When a measure is applicable, and the reason why it is not.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicableFile {
    /// An expression: when it is false, the measure is not applicable.
    pub when: String,
    /// The reason why it is not applicable then.
    pub otherwise: String,
}

/// A number, word, or list that policies read and a configuration may change.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// A text, number, boolean, or list of those.
    #[schemars(schema_with = "plain_value")]
    pub value: serde_json::Value,
    /// By profile, the value that it has there in place of `value`.
    #[serde(default)]
    pub profiles: BTreeMap<String, serde_json::Value>,
    /// What it means.
    pub description: String,
    /// The pack's value, if the configuration changed it.
    #[serde(skip)]
    pub changed_from: Option<serde_json::Value>,
}

/// A check: with `require`, `schema`, `exists` or `attest`, which says of what form it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckFile {
    /// Names the problem, such as `shipment-without-signature`; unique in the pack.
    pub id: String,
    /// What holds when it is satisfied.
    pub title: String,
    /// Ids of the requirements of the measure that it covers.
    pub asks: Vec<String>,
    /// Whether it tests the rules on paper (`design`) or the practice (`operation`).
    pub tests: Tests,
    /// What it rests on; `safeguard` where it is not said.
    pub basis: Option<Basis>,
    /// The first profile of the pack that asks it; the last one where it is not said.
    pub profile: Option<String>,
    /// By profile, what an absent field makes of a record there in place of `missing`.
    #[serde(default)]
    pub missing_in: BTreeMap<String, OnMissing>,
    /// By profile, the day of what a record tells of: where that lies before the document, the record is not asked there.
    #[serde(default)]
    pub since_in: BTreeMap<String, String>,
    /// What a finding says where nothing is recorded; otherwise the fields that are not.
    pub absent: Option<String>,
    /// How strong the evidence is that it reads.
    pub grade: Option<Grade>,
    /// How much a gap matters; the severity of the measure where it is not said.
    pub severity: Option<Severity>,
    /// What to do about a gap of this check, one step an entry.
    pub remediation: Option<Vec<String>>,
    /// The record kind that it looks at, one record at a time.
    #[serde(rename = "for")]
    pub for_kind: Option<String>,
    /// The record kind of which at least one record must match.
    pub exists: Option<String>,
    /// The question that a named person answers.
    pub attest: Option<String>,
    /// Days for which an attestation counts.
    pub valid_days: Option<u32>,
    /// How many people attest it: one, or two.
    pub people: Option<u32>,
    /// An expression over one record: records with the same value are looked at together.
    pub group_by: Option<String>,
    /// An expression: which records are in scope.
    pub when: Option<String>,
    /// An expression: which records match.
    #[serde(rename = "where")]
    pub matching: Option<String>,
    /// The field that says for whom a record holds.
    pub binds: Option<String>,
    /// An expression: those of whom each needs a record that matches.
    pub everyone: Option<String>,
    /// An expression that must be true.
    pub require: Option<String>,
    /// A JSON Schema that each record must follow.
    #[serde(default)]
    #[schemars(schema_with = "any_schema")]
    pub schema: Option<serde_json::Value>,
    /// An expression: when it is false, the evidence is stale.
    pub fresh: Option<String>,
    /// Dotted path of the field that a finding points to.
    pub at: Option<String>,
    /// What an absent field makes of a record; `not-assessed` where it is not said.
    #[serde(default)]
    pub missing: OnMissing,
    /// What a requirement that is not true makes of a record; `gap` where it is not said.
    #[serde(default)]
    pub otherwise: Otherwise,
    /// The innocent explanation to rule out.
    pub pattern: Option<String>,
    /// What a finding says.
    pub message: Option<String>,
    /// What a finding about stale evidence says.
    pub stale: Option<String>,
}

/// The tests of one measure.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestFile {
    /// Id of the measure.
    pub measure: String,
    /// The tests.
    pub tests: Vec<TestCase>,
}

/// Records in, outcomes out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestCase {
    /// What the test shows.
    pub name: String,
    /// Day of the audit; 2026-06-30 where it is not said.
    pub as_of: Option<Day>,
    /// Parameters of the measure that differ in this test.
    #[serde(default)]
    pub parameters: BTreeMap<String, serde_json::Value>,
    /// Files of the repository by path, with their text.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Reference lists by name, with their entries.
    #[serde(default)]
    pub lists: BTreeMap<String, Vec<String>>,
    /// The records of the test, written as in a file of records.
    #[serde(default)]
    pub records: Vec<serde_json::Value>,
    /// By id of the check: the outcome.
    pub expect: BTreeMap<String, Expected>,
}

/// The outcome that a test expects of a check.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "must be an outcome, or a mapping with outcome, cause and records"
)]
pub enum Expected {
    Outcome(Outcome),
    #[serde(rename_all = "snake_case")]
    Full {
        /// The outcome of the check.
        outcome: Outcome,
        /// Why it is a gap.
        cause: Option<Cause>,
        /// Ids of the records of the findings, all of them.
        records: Option<Vec<String>>,
    },
}

/// A text, number, boolean, or list of those.
fn plain_value(_: &mut schemars::SchemaGenerator) -> Schema {
    json_schema!({ "type": ["string", "number", "boolean", "array"], "items": { "type": ["string", "number", "boolean"] } })
}

fn any_schema(_: &mut schemars::SchemaGenerator) -> Schema {
    json_schema!({ "type": ["object", "boolean"] })
}
