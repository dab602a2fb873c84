//! What an assessment is made from and compared with: revisions and the baseline.
//!
//! A *baseline* is an earlier state whose findings are known: another revision of the repository, or a
//! committed baseline file. A *reason* says what brought a change about.

use serde::{Deserialize, Serialize};

use super::{Finding, Loss, RuleChange, Severity};
use crate::text::Day;

/// Whether files on disk were read, or those of a commit. No name tells: a branch can be called anything.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum RevisionKind {
    /// Files on disk.
    #[default]
    WorkTree,
    /// The files of a commit.
    Commit,
}

/// The state of the repository that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Revision {
    pub kind: RevisionKind,
    /// `work-tree` for files on disk, or the revision as the user named it.
    pub name: String,
    /// Full id of the commit: of the revision, or of `HEAD` for a work tree inside a repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The day of that commit, YYYY-MM-DD in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub committed_on: Option<Day>,
    /// The branch that `HEAD` names, for a work tree; the revision, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Whether files below the audited folder differ from the commit, unknown and ignored ones that were
    /// read included; none outside a repository and for a revision, which cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dirty: Option<bool>,
    /// The audited folder inside the repository, with `/`; empty at its root.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub folder: String,
}

impl Revision {
    /// Files on disk, outside any repository.
    pub fn work_tree() -> Self {
        Revision { name: "work-tree".to_owned(), ..Revision::default() }
    }
}

/// What brought a change about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A record the finding rests on was added or edited.
    RecordChanged,
    /// A record that it was about or that it was joined with is gone.
    RecordRemoved,
    /// Such a record is not gone, but its file was not read.
    RecordNotRead,
    /// A record that the finding's records are joined with was.
    RelatedRecordChanged,
    /// A document or a reference list was.
    EvidenceChanged,
    /// The pack states the check differently, or did not have it.
    PolicyChanged,
    /// A parameter of the configuration has another value.
    ParameterChanged,
    /// The configuration reads other files, or reads them otherwise.
    ConfigurationChanged,
    /// Nothing was edited: time went by between the two dates.
    Aged,
}

impl Reason {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Reason::RecordChanged => "record changed",
            Reason::RecordRemoved => "record removed",
            Reason::RecordNotRead => "record not read",
            Reason::RelatedRecordChanged => "related record changed",
            Reason::EvidenceChanged => "evidence changed",
            Reason::PolicyChanged => "policy changed",
            Reason::ParameterChanged => "parameter changed",
            Reason::ConfigurationChanged => "configuration changed",
            Reason::Aged => "time went by",
        }
    }
}

/// What an assessment is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Baseline {
    /// The revision as the user named it, or the path of the baseline file.
    pub name: String,
    /// The revision that was read; none for a baseline file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// The date it was judged at.
    pub as_of: Day,
    /// Findings of the baseline whose records are satisfied or out of scope now.
    pub fixed: Vec<Finding>,
    /// Findings of the baseline that no one looks at any more: a record they rested on, or their check, is gone or
    /// was not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Finding>,
    /// The threshold of the base: from which severity gaps and losses count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<Severity>,
    /// Rules that are not those of the base.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleChange>,
    /// What the base said of records and the present state says no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Loss>,
    /// Problems that kept parts of the base from being read.
    #[serde(default, skip_serializing_if = "crate::text::is_zero")]
    pub unread: usize,
}

impl Baseline {
    /// What it is, and of when: `HEAD~1 (commit 1a2b3c4d of 2026-03-31, judged as of 2026-06-30)`; the name as the user
    /// wrote it.
    pub fn in_words(&self) -> String {
        format!("{} ({})", self.name, self.dates_in_words())
    }

    /// Its commit and both its dates: `commit 1a2b3c4d of 2026-03-31, judged as of 2026-06-30`.
    pub fn dates_in_words(&self) -> String {
        let revision = self.revision.as_ref();
        let commit = revision.and_then(|r| commit_in_words(r.commit.as_deref()?, r.committed_on));
        commit.into_iter().chain([format!("judged as of {}", self.as_of)]).collect::<Vec<_>>().join(", ")
    }
}

/// A commit with its day, for people: `commit 1a2b3c4d of 2026-03-31`; nothing where it has no id.
fn commit_in_words(id: &str, day: Option<Day>) -> Option<String> {
    let day = day.map_or_else(String::new, |day| format!(" of {day}"));
    (!id.is_empty()).then(|| format!("commit {}{day}", short_id(id)))
}

/// The start of a commit's id.
pub fn short_id(id: &str) -> String {
    id.chars().take(SHORT_ID).collect()
}

/// Digits of a commit's id that tell it from others in a report.
const SHORT_ID: usize = 8;
