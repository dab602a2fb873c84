//! What a change does to the rules it is judged by, and what it leaves unknown.
//!
//! The *rules* are packs, parameters, sources, ignore rules, lists, the threshold and known gaps: everything that
//! decides what is read and what counts. A *loss* is something that the base said of a record and that the
//! present state says no more, whether it was good or bad.

use serde::{Deserialize, Serialize};

use super::{Place, RecordRef, Severity};
use crate::text::{Day, count, list, verb};

/// A rule that the present state has otherwise than the base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RuleChange {
    /// What was changed: `raises fail_on from low to critical`.
    pub what: String,
    /// Where the present rule stands, or stood in the base.
    pub place: Place,
    /// Gaps that are new or worse under the base's rule and that the present rule does not show.
    #[serde(default, skip_serializing_if = "is_none")]
    pub hidden: usize,
}

impl RuleChange {
    /// What was changed, and what it hides.
    pub fn sentence(&self) -> String {
        let place = if self.place.path.is_empty() { String::new() } else { format!(" ({})", self.place) };
        let hides = match self.hidden {
            0 => "It hides no gap of this change".to_owned(),
            n => {
                let (gaps, are) = (count(n, "gap"), verb(n, "is", "are"));
                format!(
                    "Under the base's rule, {gaps} {are} new or worse and {} here",
                    verb(n, "counts", "count")
                )
            }
        };
        format!("This change {}{place}. {hides}.", self.what)
    }
}

fn is_none(n: &usize) -> bool {
    *n == 0
}

/// How assurance was lost.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum LossKind {
    /// The record is there, and not enough is recorded to assess it.
    NotAssessed,
    /// The record is there, and the checks do not apply to it.
    OutOfScope,
    /// The record is there, and the checks are not asked.
    NotAsked,
    /// The file is there, and is not read.
    Unread,
    /// The record is gone.
    RecordRemoved,
}

impl LossKind {
    /// For people, after the record.
    pub fn words(self) -> &'static str {
        match self {
            LossKind::NotAssessed => "is no longer assessed",
            LossKind::OutOfScope => "is out of scope",
            LossKind::NotAsked => "is no longer checked",
            LossKind::Unread => "is no longer read",
            LossKind::RecordRemoved => "was removed",
        }
    }
}

/// Checks that the base could decide for a record and the present state cannot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Loss {
    pub kind: LossKind,
    /// The record as the base has it; none for checks on whether there is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordRef>,
    /// `DD-09/shipment-without-signature`, in the order of the policies.
    pub checks: Vec<String>,
    /// The highest severity of these.
    pub severity: Severity,
    /// Who accepted it, and why; none where no one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Acceptance>,
}

impl Loss {
    /// `device D-7`, or the checks where there is no record.
    pub fn subject(&self) -> String {
        match &self.record {
            Some(record) => format!("{} {}", record.kind, record.id),
            None => list(self.checks.iter().cloned(), 5, ", "),
        }
    }
}

/// A loss that someone accepted in `duly-losses.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Acceptance {
    pub reason: String,
    pub approved_by: String,
    pub approved_on: Day,
    pub place: Place,
}
