//! Decisions: what named people state, accept and plan about the outcome of an audit.
//!
//! An *attestation* answers a check that only a person can answer. A *waiver* accepts a gap for a time; the gap stays a
//! gap. A *statement* says that there was nothing to report in a period. A *plan item* says who closes a gap, and by
//! when. Reasons and titles of waivers and plan items are shown in reports as they are written.

use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// Id of a check, alone or behind its measure: `signature-practice-not-attested`, `DD-09/signature-practice-not-attested`.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct CheckId(
    #[schemars(length(min = 1, max = 160), regex(pattern = r"^([A-Z]+-[0-9]+/)?[a-z0-9-]+$"))] pub String,
);

/// Text that reports show as it is written. Name no person in it.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct ShownText(#[schemars(length(min = 1, max = 1000))] pub String);

/// Role, as `owners` of `duly.yaml` has it, or id of an employee: without blanks and `@`, so no name.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct OwnerId(
    #[schemars(length(min = 1, max = 128), regex(pattern = r"^[^\s@\x00-\x1f\x7f]+$"))] pub String,
);

/// Fingerprint of a finding, as the JSON and CSV reports have it: 32 hexadecimal digits.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct Fingerprint(#[schemars(regex(pattern = r"^[0-9a-f]{32}$"))] pub String);

/// A named person's answer to a check that no record can answer.
#[derive(JsonSchema)]
#[schemars(example = attestation_example())]
pub struct Attestation {
    /// Always `attestation`.
    #[schemars(extend("const" = "attestation"))]
    pub kind: String,
    /// Id of the attestation.
    pub id: RecordId,
    /// The check that it answers; `duly explain CHECK` shows its question.
    pub check: CheckId,
    /// What the person states, in a sentence.
    pub statement: FreeText,
    /// Who attests it: an employee of the organisation.
    pub attested_by: Person,
    /// The second employee, where the check asks for two people.
    pub confirmed_by: Option<Person>,
    /// Day of the attestation.
    pub attested_on: Date,
    /// Last day it counts: no later than the days that the check allows.
    pub valid_until: DayAhead,
    /// What the person looked at.
    pub document: Evidence,
}

/// A gap that an approver accepts for a time. It stays a gap, and is counted apart.
#[derive(JsonSchema)]
#[schemars(example = waiver_example())]
pub struct Waiver {
    /// Always `waiver`.
    #[schemars(extend("const" = "waiver"))]
    pub kind: String,
    /// Id of the waiver.
    pub id: RecordId,
    /// Why the gap may stay for now.
    pub r#type: WaiverType,
    /// The check whose gaps it covers.
    pub check: CheckId,
    /// Ids of the records it covers. A group of records is covered when all of them are listed.
    #[schemars(length(min = 1))]
    pub records: Option<Vec<RecordId>>,
    /// Findings it covers, where a gap has no record: something that should exist and does not.
    #[schemars(length(min = 1))]
    pub findings: Option<Vec<Fingerprint>>,
    /// Instead of a list: what is recorded of the records it covers, as an expression over one of them, such as
    /// `worker.engagement == 'contractor' && worker.vendor == 'V-7'`. Reports show it; it names no personal data.
    pub condition: Option<ShownText>,
    /// Why it is accepted. Reports show it.
    pub reason: ShownText,
    /// What lowers the risk meanwhile; required for `compensating-control`. Reports show it.
    pub compensating_control: Option<ShownText>,
    /// Who approved it: listed under `waivers: approvers:` of `duly.yaml`; neither the owner of the measure nor the person it is about.
    pub approver: Person,
    /// Day of the approval.
    pub approved_on: Date,
    /// First day it is in force.
    pub from: DayAhead,
    /// Last day it is in force.
    pub until: DayAhead,
    /// The written approval.
    pub document: Option<Evidence>,
}

/// Why a gap may stay: `risk-accepted`, `compensating-control` (something else lowers the risk), or `disputed` (the
/// result is held to be incorrect).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum WaiverType {
    RiskAccepted,
    CompensatingControl,
    Disputed,
}

/// A named person's statement that there was nothing to report in a period.
#[derive(JsonSchema)]
#[schemars(example = statement_example())]
pub struct Statement {
    /// Always `statement`.
    #[schemars(extend("const" = "statement"))]
    pub kind: String,
    /// Id of the statement.
    pub id: RecordId,
    /// What there was none of.
    pub subject: StatementSubject,
    /// First day of the period.
    pub from: Date,
    /// Last day of the period.
    pub until: Date,
    /// Who states it: an employee of the organisation.
    pub declared_by: Person,
    /// Day of the statement: the last day of the period, or later.
    pub declared_on: Date,
}

/// What there was none of: `observations` (red flags that people recorded) or `incidents`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum StatementSubject {
    Observations,
    Incidents,
}

/// An item of the remediation plan: who closes a gap, and by when.
#[derive(JsonSchema)]
#[schemars(example = plan_item_example())]
pub struct PlanItem {
    /// Always `plan-item`.
    #[schemars(extend("const" = "plan-item"))]
    pub kind: String,
    /// Id of the item.
    pub id: RecordId,
    /// The check whose gaps it closes.
    pub check: CheckId,
    /// Ids of the records it is about; absent if it is about all gaps of the check.
    #[schemars(length(min = 1))]
    pub records: Option<Vec<RecordId>>,
    /// Findings it is about; absent if it is about all gaps of the check.
    #[schemars(length(min = 1))]
    pub findings: Option<Vec<Fingerprint>>,
    /// What is wrong; the title of the check where absent. Reports show it.
    pub weakness: Option<ShownText>,
    /// Who closes it.
    pub owner: OwnerId,
    /// What will be done. Reports show it.
    pub remediation: Option<ShownText>,
    /// What it takes: people, money, systems. Reports show it.
    pub resources: Option<ShownText>,
    /// What leadership is asked to decide. Reports show it.
    pub decision: Option<ShownText>,
    /// Day the gap was found.
    pub detected_on: Date,
    /// Day it is to be closed by, as it stands today.
    pub due_on: DayAhead,
    /// Steps on the way.
    pub milestones: Option<Vec<Milestone>>,
    /// Due dates it had before, oldest first.
    pub date_changes: Option<Vec<DateChange>>,
    /// Ticket in the system where the work is tracked.
    pub ticket: Option<OwnerId>,
    /// `open` or `closed`.
    pub status: PlanItemStatus,
    /// Day of that status.
    pub status_on: Option<Date>,
    /// What shows that it was closed.
    pub document: Option<Evidence>,
}

/// A step of a plan item.
#[derive(JsonSchema)]
#[schemars(rename = "PlanMilestone")]
pub struct Milestone {
    /// What is done. Reports show it.
    pub title: ShownText,
    /// Day it is due.
    pub due_on: Option<DayAhead>,
    /// Day it was done.
    pub done_on: Option<Date>,
}

/// A due date that was moved.
#[derive(JsonSchema)]
#[schemars(rename = "PlanDateChange")]
pub struct DateChange {
    /// The date it had.
    pub from: DayAhead,
    /// The date it got.
    pub to: DayAhead,
    /// Day of the change.
    pub changed_on: Date,
    /// Why. Reports show it.
    pub reason: ShownText,
}

/// Whether the item is done with.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum PlanItemStatus {
    Open,
    Closed,
}

fn attestation_example() -> Value {
    example(
        r#"{
  "kind": "attestation", "id": "att-9001", "check": "DD-09/carrier-practice-not-looked-at",
  "statement": "Ten deliveries of the quarter were compared with the carrier's proofs; all were signed for by the worker.",
  "attested_by": "staff-060", "attested_on": "2026-04-10", "valid_until": "2026-07-09",
  "document": {"ref": "evidence/attestations/deliveries-2026-q1.md"}
}"#,
    )
}

fn waiver_example() -> Value {
    example(
        r#"{
  "kind": "waiver", "id": "wv-9101", "type": "compensating-control", "check": "DD-09/shipment-without-signature",
  "records": ["shp-4001"], "reason": "The carrier lost the signature; the worker showed the laptop on camera the next day.",
  "compensating_control": "The laptop is locked until its serial number was seen on camera.",
  "approver": "ciso", "approved_on": "2026-04-12", "from": "2026-04-12", "until": "2026-07-31"
}"#,
    )
}

fn statement_example() -> Value {
    example(
        r#"{
  "kind": "statement", "id": "st-9201", "subject": "observations", "from": "2026-01-01", "until": "2026-06-30",
  "declared_by": "staff-060", "declared_on": "2026-06-30"
}"#,
    )
}

fn plan_item_example() -> Value {
    example(
        r#"{
  "kind": "plan-item", "id": "pl-9301", "check": "DD-10/worker-without-notarized-proof", "records": ["w-1002"], "owner": "human-resources",
  "remediation": "Ask for a notarized proof of identity and pay for the notary.", "detected_on": "2026-05-04",
  "due_on": "2026-07-15", "milestones": [{"title": "Proof requested", "due_on": "2026-06-01", "done_on": "2026-05-28"}],
  "date_changes": [{"from": "2026-06-30", "to": "2026-07-15", "changed_on": "2026-06-20", "reason": "The notary is away until July."}],
  "ticket": "HR-214", "status": "open", "status_on": "2026-05-04"
}"#,
    )
}
