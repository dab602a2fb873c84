//! Documents that records name as evidence: how old each is, and which commit changed it last.

use serde::{Deserialize, Serialize};

use crate::text::Day;

/// A document of the repository that records name as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EvidenceFile {
    pub path: String,
    /// How many times records name it.
    pub named: usize,
    /// The day it is from: the earliest that a record gives, else the day of the last commit that changed it. None where
    /// neither is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated_on: Option<Day>,
    /// What that day was taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated_by: Option<DatedBy>,
    /// Days from that day to the date of the audit; none for a later one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_days: Option<u64>,
    /// The last commit that changed it, up to the audited state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<LastCommit>,
    /// Why no commit is named, where git knows the folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_commit: Option<NoCommit>,
    /// Whether the file on disk has other bytes than the commit that is checked out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub changed: bool,
}

/// A commit that changed a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LastCommit {
    /// Its full id.
    pub id: String,
    /// Its day, YYYY-MM-DD in UTC.
    pub committed_on: Day,
}

/// What the day of a document was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DatedBy {
    /// A record that names it gives the day.
    Record,
    /// The last commit that changed it.
    Commit,
}

/// Why the last commit of a document is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoCommit {
    /// The document is not in the commit.
    NotCommitted,
    /// The clone is shallow: its history ends before.
    ShallowHistory,
    /// The document did not change in the last 10,000 commits that lead to it.
    LongHistory,
    /// A partial clone does not hold what older commits have.
    NotFetched,
}

impl NoCommit {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            NoCommit::NotCommitted => "not committed",
            NoCommit::ShallowHistory => "not known: the clone is shallow",
            NoCommit::LongHistory => "not known: older than the last 10,000 commits",
            NoCommit::NotFetched => "not known: the clone does not hold older commits",
        }
    }
}
