//! Known gaps: what `duly-baseline.yaml` says of the findings that it covers.

use serde::{Deserialize, Serialize};

use crate::text::{Day, count, list, verb};

/// What the file says of a finding that it covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Known {
    /// The day on which it was put into the file.
    pub since: Day,
    /// Why it is not fixed yet, as it is written there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who answers for it: a role, or the id of an employee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

impl Known {
    /// For people: `known since 2026-06-30: the carrier changes in July; owner: it-operations`.
    pub fn in_words(&self) -> String {
        let reason = self.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
        let owner = self.owner.as_ref().map_or_else(String::new, |owner| format!("; owner: {owner}"));
        format!("known since {}{reason}{owner}", self.since)
    }
}

/// The file of known gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BaselineFile {
    /// Path in the folder.
    pub path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The date of the audit it was last made from.
    pub as_of: Day,
    pub entries: usize,
    /// Entries that say no reason.
    pub without_reason: usize,
    /// Entries that name no owner.
    pub without_owner: usize,
}

impl BaselineFile {
    /// For people: `duly-baseline.yaml as of 2026-06-30: 90 entries, 90 without a reason, 90 without an owner`.
    pub fn in_words(&self) -> String {
        let lacks = [(self.without_reason, "a reason"), (self.without_owner, "an owner")];
        let lacks = lacks.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {n} without {what}"));
        let entries = count(self.entries, "entry");
        format!("{} as of {}: {entries}{}", self.path, self.as_of, lacks.collect::<String>())
    }

    /// What the file lacks, in a sentence; none where every entry has a reason and an owner.
    pub fn lacking(&self) -> Option<String> {
        let lacks = [(self.without_reason, "reason"), (self.without_owner, "owner")];
        let lacks = lacks.iter().filter(|(n, _)| *n > 0);
        let parts: Vec<String> = lacks
            .map(|(n, what)| {
                format!("{n} of {} {} no {what}", count(self.entries, "entry"), verb(*n, "has", "have"))
            })
            .collect();
        (!parts.is_empty()).then(|| format!("{}: {}.", self.path, list(parts.into_iter(), 2, ", ")))
    }
}
