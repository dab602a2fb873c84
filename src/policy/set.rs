//! What packs are when they are loaded: everything compiled, and what a configuration changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::check::Check;
use super::expr::{Expression, IndexPlan};
use super::file::{Ask, Citation, DocumentFile, GroupFile};
use crate::diagnostics::Place;
use crate::records::Catalog;
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

/// A number, word, or list that policies read and a configuration may change.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub value: serde_json::Value,
    pub description: String,
    /// The pack's value, if the configuration changed it.
    pub changed_from: Option<serde_json::Value>,
}

/// One thing a guidance document asks.
#[derive(Debug)]
pub struct Measure {
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
    pub mappings: BTreeMap<String, Vec<String>>,
    pub not_scored: Option<String>,
    pub parameters: BTreeMap<String, Parameter>,
    /// When false, the measure is not applicable, with the reason.
    pub applicable: Option<(Expression, String)>,
    pub checks: Vec<Check>,
    pub place: Place,
}

/// A folder of measures.
#[derive(Debug)]
pub struct Pack {
    pub name: String,
    pub version: String,
    pub title: String,
    pub description: String,
    /// SHA-256 over the sorted lines `sha256  path` of its files.
    pub digest: String,
    pub documents: Vec<DocumentFile>,
    pub groups: Vec<GroupFile>,
    pub measures: Vec<Measure>,
    /// Texts of the policy files by path, for snippets.
    pub sources: BTreeMap<String, Tree>,
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
