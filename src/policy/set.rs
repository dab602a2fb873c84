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

/// One thing that a guidance document asks, with its checks.
// Its file has the fields that are not skipped.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Id of the measure, unique in the pack.
    #[serde(rename = "measure")]
    pub id: String,
    /// The measure in one line.
    pub title: String,
    /// Where in its document it is found.
    pub source: Citation,
    /// Id of a group of pack.yaml.
    pub group: String,
    /// How much a gap matters.
    pub severity: Severity,
    /// The role that answers for it.
    pub owner: String,
    /// How often the evidence must be renewed, in days.
    pub cadence_days: u32,
    /// Every requirement of the document, in your own words; each needs a check.
    pub asks: Vec<Ask>,
    /// Why it matters, in your own words.
    pub rationale: String,
    /// What to do about a gap, one step an entry.
    pub remediation: Vec<String>,
    /// By standard: the controls that it corresponds to.
    #[serde(default)]
    pub mappings: BTreeMap<String, Vec<String>>,
    /// Why no machine scores it.
    pub not_scored: Option<String>,
    /// By name: numbers, words and lists that its checks read and a configuration may change.
    #[serde(default)]
    pub parameters: BTreeMap<String, Parameter>,
    /// Conditions and values that its expressions may use by name.
    #[serde(default)]
    pub(super) define: Vec<DefinitionFile>,
    /// When it applies; always where it is not said.
    #[serde(rename = "applicable")]
    pub(super) written_applicable: Option<ApplicableFile>,
    /// What is tested.
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

/// The head of a folder of measures.
// Its `pack.yaml` has the fields that are not skipped.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Name of the pack.
    pub name: String,
    /// Version of the pack.
    pub version: String,
    /// Its title in reports.
    pub title: String,
    /// What it is about.
    #[serde(default)]
    pub description: String,
    /// The guidance documents that its measures come from.
    #[serde(default)]
    pub documents: Vec<SourceDocument>,
    /// Headings that measures are listed under, in the order of the report.
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
    /// Kinds of records that the pack brings.
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
