//! Since when a finding is known, and what findings concern.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::Day;

/// Since when a finding is known, as far as the earlier states that were given say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FirstSeen {
    /// The day of the first revision of the history that has it, with every later one having it too; the date of the
    /// audit where the last one does not.
    On(Day),
    /// The base has it, judged at this date.
    KnownAt(Day),
    /// The base, judged at this date, does not have it.
    NewSince(Day),
}

impl FirstSeen {
    /// For people: `first seen 2026-03-31`, `known at 2026-03-31`, `new since 2026-03-31`.
    pub fn in_words(self) -> String {
        match self {
            FirstSeen::On(day) => format!("first seen {day}"),
            FirstSeen::KnownAt(day) => format!("known at {day}"),
            FirstSeen::NewSince(day) => format!("new since {day}"),
        }
    }
}

/// A vendor, worker or device that something was found about, with the records that belong to it: those that name it,
/// and those that name a worker or device of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Subject {
    /// `vendor`, `worker` or `device`.
    pub kind: String,
    pub id: String,
    /// Its name, masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many records belong to it, by kind.
    pub records: BTreeMap<String, usize>,
    /// Those of them with a gap or a review, by kind.
    pub found: BTreeMap<String, Vec<String>>,
}
