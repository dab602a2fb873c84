//! What people decided about findings, and when: waivers, remediation plan, history.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Outcome, Place, PlanStatus, Severity};
use crate::text::Day;

/// An attestation that answers a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Attested {
    pub id: String,
    /// Who attests it, masked: the initials of a person.
    pub by: String,
    pub attested_on: Day,
    /// The last day it counts.
    pub valid_until: Day,
    pub place: Place,
}

/// An accepted gap. It stays a gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Waiver {
    pub id: String,
    pub check: String,
    /// `risk-accepted`, `compensating-control` or `disputed`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The condition that the records it covers meet, where it lists none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    pub reason: String,
    /// What lowers the risk meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compensating_control: Option<String>,
    pub approver: String,
    pub granted_on: Day,
    /// The last day it is in force.
    pub ends_on: Day,
    /// Findings it covers, by fingerprint; none when it matches nothing.
    pub findings: Vec<String>,
    /// Why it does not count; its gaps are open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

impl Waiver {
    /// Whether it counts on a day.
    pub fn is_in_force(&self, as_of: Day) -> bool {
        self.refused.is_none() && self.ends_on >= as_of
    }
}

/// A remediation item, in the terms of a plan of action and milestones (POA&M).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PlanItem {
    pub id: String,
    pub measure: String,
    /// What is wrong.
    pub weakness: String,
    /// Findings it covers, by fingerprint.
    pub findings: Vec<String>,
    pub owner: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<String>,
    /// What will be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remediation: Option<String>,
    /// What leadership is asked to decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// The day it was found; never changes.
    pub detected_on: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
    #[serde(default)]
    pub milestones: Vec<Milestone>,
    /// Due dates it had before, oldest first.
    #[serde(default)]
    pub date_changes: Vec<DateChange>,
    pub status: PlanStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_on: Option<Day>,
    pub severity: Severity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted_severity: Option<Severity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// What shows that it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closure_evidence: Option<String>,
}

/// A step of a remediation item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Milestone {
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_on: Option<Day>,
}

/// A due date that was moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DateChange {
    pub from: Day,
    pub to: Day,
    pub changed_on: Day,
    pub reason: String,
}

/// An earlier assessment in one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Period {
    /// The revision as the user named it.
    pub name: String,
    /// Full id of its commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The day of that commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub committed_on: Option<Day>,
    /// The date it was judged at.
    pub as_of: Day,
    pub measures: BTreeMap<Outcome, usize>,
    /// Gaps by severity, whatever was decided about them: new, known and waived ones. None where an earlier version of
    /// duly did not count them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gaps: Option<BTreeMap<Severity, usize>>,
    /// The packs it was judged by. Where they differ from the next one's, the two cannot be compared measure by
    /// measure.
    pub packs: Vec<PackVersion>,
}

/// Which pack, in which edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PackVersion {
    pub name: String,
    pub version: String,
    pub sha256: String,
}
