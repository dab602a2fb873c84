//! What was looked at, and what was not: files by their use, records by kind, defaults by the records that have them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evidence::EvidenceFile;
use crate::diagnostics::Place;
use crate::text::{IN_A_SENTENCE, count, shorten};

/// What was looked at, and what was not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Coverage {
    /// Every file of the repository, ordered by path.
    pub files: Vec<FileCoverage>,
    /// Files and folders on disk that git ignores and that were left out, ordered by path; a folder ends in `/`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub git_ignored: Vec<String>,
    /// Records by kind.
    pub records: BTreeMap<String, usize>,
    /// Values that fields have by default where records leave them out, by kind and field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defaults: Vec<DefaultCoverage>,
    /// Records that no check looked at, by kind: no check of the profile is about them, or their status or date puts them
    /// out of scope.
    pub unchecked: BTreeMap<String, usize>,
    /// Incidents on record that are not closed; none where a saved assessment does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_incidents: Option<usize>,
    /// Documents of the repository that records name as evidence, ordered by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceFile>,
}

impl Coverage {
    /// How many files hold records.
    pub fn with_records(&self) -> usize {
        self.files.iter().filter(|file| file.used_as == FileUse::Records && file.records > 0).count()
    }

    /// The file at which something is shown that should exist and does not: the configuration, else the
    /// first file of records, else the first file.
    pub fn anchor(&self) -> Option<&FileCoverage> {
        let first = |used_as: FileUse| self.files.iter().find(|file| file.used_as == used_as);
        first(FileUse::Configuration).or_else(|| first(FileUse::Records)).or_else(|| self.files.first())
    }
}

/// A value that a field has where a record leaves it out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DefaultCoverage {
    pub kind: String,
    pub field: String,
    /// A text as it is, anything else as JSON.
    pub value: String,
    /// Where the configuration states it.
    pub place: Place,
    /// Records that have it, because they leave the field out.
    pub records: usize,
}

impl DefaultCoverage {
    /// What it fills: "`ownership` of device is company by default in 9 records (duly.yaml:12:5)".
    pub fn in_words(&self) -> String {
        let Self { kind, field, value, place, records } = self;
        let value = shorten(value, IN_A_SENTENCE);
        format!("`{field}` of {kind} is {value} by default in {} ({place})", count(*records, "record"))
    }
}

/// Why a file was read, or not.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum FileUse {
    /// A source reads it.
    Records,
    Configuration,
    Policy,
    ReferenceList,
    /// Findings that are known, or losses that are accepted.
    Baseline,
    /// A record names it as evidence; its digest was taken.
    Evidence,
    Ignored,
    /// Another tool keeps it there, and it holds no record.
    OtherTool,
    /// Nothing claims it: not looked at.
    Unclaimed,
    /// It could not be read.
    Unreadable,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FileCoverage {
    pub path: String,
    #[serde(rename = "use")]
    pub used_as: FileUse,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Records read from it.
    #[serde(default, skip_serializing_if = "crate::text::is_zero")]
    pub records: usize,
    /// The written reason, for an ignored file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
