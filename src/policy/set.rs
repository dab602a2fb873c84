//! Packs and measures: what their files say, and when they are loaded everything compiled, with what a configuration
//! changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::check::Check;
use super::expr::{Expression, IndexPlan};
use super::file::{
    ApplicableFile, Ask, CheckFile, Citation, DefinitionFile, Group, KindFile, Parameter, Profile,
    SourceDocument,
};
use crate::diagnostics::Place;
use crate::records::{Catalog, StatedDefaults};
use crate::tree::Tree;
use crate::words::Severity;

/// Parameter values that replace those of a pack: by measure, then by name.
pub type Overrides = BTreeMap<String, BTreeMap<String, Override>>;

/// A parameter value that replaces that of a pack, and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    pub value: serde_json::Value,
    pub place: Place,
}

/// Which of the checks of packs are asked.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Selection {
    /// Those of each pack's first profile.
    #[default]
    Default,
    /// Those of the profile of this name, and of packs without profiles all; where it is written.
    Profile(String, Place),
    /// All.
    Everything,
}

/// What a configuration, or the command line, changes of packs: values of their parameters, the profile, and what
/// records have where they leave a field out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tailoring {
    pub parameters: Overrides,
    pub selection: Selection,
    pub defaults: StatedDefaults,
}

impl Tailoring {
    /// Every check, with the packs' own parameters.
    pub fn everything() -> Self {
        Tailoring { selection: Selection::Everything, ..Tailoring::default() }
    }
}

/// One thing a guidance document asks. Its file has the fields that are not skipped.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    #[serde(rename = "measure")]
    pub id: String,
    pub title: String,
    pub source: Citation,
    pub group: String,
    pub severity: Severity,
    pub owner: String,
    pub cadence_days: u32,
    pub asks: Vec<Ask>,
    pub rationale: String,
    pub remediation: Vec<String>,
    #[serde(default)]
    pub mappings: BTreeMap<String, Vec<String>>,
    pub not_scored: Option<String>,
    #[serde(default)]
    pub parameters: BTreeMap<String, Parameter>,
    /// Conditions and values that its expressions may use by name.
    #[serde(default)]
    pub(super) define: Vec<DefinitionFile>,
    #[serde(rename = "applicable")]
    pub(super) written_applicable: Option<ApplicableFile>,
    #[serde(rename = "checks")]
    pub(super) written_checks: Vec<CheckFile>,
    /// When false, the measure is not applicable, with the reason.
    #[serde(skip)]
    pub applicable: Option<(Expression, String)>,
    /// Those that are asked.
    #[serde(skip)]
    pub checks: Vec<Check>,
    /// Those that only another profile asks.
    #[serde(skip)]
    pub left_out: Vec<Check>,
    #[serde(skip, default = "Place::command_line")]
    pub place: Place,
}

/// A folder of measures. Its `pack.yaml` has the fields that are not skipped.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    pub name: String,
    pub version: String,
    pub title: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub documents: Vec<SourceDocument>,
    #[serde(default)]
    pub groups: Vec<Group>,
    /// From that with the fewest checks to that with all.
    #[serde(default)]
    pub profiles: Vec<Profile>,
    /// The profile whose checks are asked; none where it has no profiles, or all are.
    #[serde(skip)]
    pub profile: Option<usize>,
    /// Conditions and values that every measure may use by name.
    #[serde(default)]
    pub(super) define: Vec<DefinitionFile>,
    #[serde(default)]
    pub(super) kinds: Vec<KindFile>,
    /// Of its `pack.yaml`, in messages.
    #[serde(skip)]
    pub path: String,
    #[serde(skip)]
    pub measures: Vec<Measure>,
    /// SHA-256 over the sorted lines `sha256  path` of its files.
    #[serde(skip)]
    pub digest: String,
    /// Texts of the policy files by path, for snippets.
    #[serde(skip)]
    pub sources: BTreeMap<String, Tree>,
}

/// The JSON Schema of a `pack.yaml`.
pub fn pack_schema() -> serde_json::Value {
    schemars::schema_for!(Pack).into()
}

/// The JSON Schema of the file of a measure.
pub fn measure_schema() -> serde_json::Value {
    schemars::schema_for!(Measure).into()
}

impl Pack {
    /// The profile whose checks are asked; the last one where all are. None where the pack has no profiles.
    pub fn profile_in_use(&self) -> Option<&Profile> {
        self.profiles.get(self.profile.unwrap_or(self.profiles.len().saturating_sub(1)))
    }
}

/// Every pack of an audit, compiled.
#[derive(Debug)]
pub struct PolicySet {
    pub catalog: Arc<Catalog>,
    pub packs: Vec<Pack>,
    pub plan: IndexPlan,
    /// SHA-256 over everything it was made of: two with the same digest judge alike.
    pub digest: String,
}

impl PolicySet {
    pub fn measures(&self) -> impl Iterator<Item = (&Pack, &Measure)> {
        self.packs.iter().flat_map(|pack| pack.measures.iter().map(move |m| (pack, m)))
    }
}
