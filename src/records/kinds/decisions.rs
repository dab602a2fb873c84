//! Decisions: what named people state, accept and plan about the outcome of an audit.
//!
//! An *attestation* answers a check that only a person can answer. A *waiver* accepts a gap for a time; the gap stays a
//! gap. A *statement* says that there was nothing to report in a period. A *plan item* says who closes a gap, and by
//! when. Reasons and titles of waivers and plan items are shown in reports as they are written.

use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// Id of a check, alone or after its measure, such as `carrier-practice-not-looked-at` or
/// `DD-09/carrier-practice-not-looked-at`. Reports and `duly explain` show it.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct CheckId(
    #[schemars(length(min = 1, max = 160), regex(pattern = r"^([A-Z]+-[0-9]+/)?[a-z0-9-]+$"))] pub String,
);

/// Text that reports show as written, up to 1000 characters. Do not name people in it.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct ShownText(#[schemars(length(min = 1, max = 1000))] pub String);

/// Employee id, or a role as in `owners` of `duly.yaml`, without spaces or `@`; not a name.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct OwnerId(
    #[schemars(length(min = 1, max = 128), regex(pattern = r"^[^\s@\x00-\x1f\x7f]+$"))] pub String,
);

/// Fingerprint of a finding, 32 hexadecimal digits, as in the JSON and CSV reports.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct Fingerprint(#[schemars(regex(pattern = r"^[0-9a-f]{32}$"))] pub String);

/// A named person's answer to a check that records alone cannot answer.
#[derive(JsonSchema)]
#[schemars(example = attestation_example())]
pub struct Attestation {
    /// Always `attestation`.
    #[schemars(extend("const" = "attestation"))]
    pub kind: String,
    /// Unique id of the attestation, without spaces or `@`.
    pub id: RecordId,
    /// Id of the check that the attestation answers, such as `DD-09/carrier-practice-not-looked-at`.
    /// `duly explain CHECK` shows its question.
    pub check: CheckId,
    /// Answer to the question of the check, in a sentence that states what was found.
    pub statement: FreeText,
    /// Employee of the organisation who attests it, preferably by employee id.
    pub attested_by: Person,
    /// Second employee who confirms it, if the check asks for two people.
    pub confirmed_by: Option<Person>,
    /// Date of the attestation.
    pub attested_on: Date,
    /// Last day the attestation is valid, within the number of days that the check allows.
    pub valid_until: DayAhead,
    /// Document that shows what the person examined.
    pub document: Evidence,
}

/// A gap that an approver accepts for a limited time. It remains a gap and is counted separately.
#[derive(JsonSchema)]
#[schemars(example = waiver_example())]
pub struct Waiver {
    /// Always `waiver`.
    #[schemars(extend("const" = "waiver"))]
    pub kind: String,
    /// Unique id of the waiver, without spaces or `@`.
    pub id: RecordId,
    /// Why the gap is accepted for now. `compensating-control` means that another control lowers the risk, `disputed`
    /// that the result is considered incorrect.
    pub r#type: WaiverType,
    /// Id of the check whose gaps the waiver covers, such as `DD-09/shipment-without-signature`.
    pub check: CheckId,
    /// Ids of the records the waiver covers. A finding about several records is covered only if all of them are
    /// listed.
    #[schemars(length(min = 1))]
    pub records: Option<Vec<RecordId>>,
    /// Fingerprints of the findings it covers, for gaps that have no record because something required does not
    /// exist.
    #[schemars(length(min = 1))]
    pub findings: Option<Vec<Fingerprint>>,
    /// Expression that selects the records it covers, instead of a list, such as
    /// `worker.engagement == 'contractor' && worker.vendor == 'V-7'`. Reports show it, so it must not contain
    /// personal data.
    pub condition: Option<ShownText>,
    /// Reason the gap is accepted. Reports show it.
    pub reason: ShownText,
    /// Control that lowers the risk in the meantime; required for `compensating-control`. Reports show it.
    pub compensating_control: Option<ShownText>,
    /// Person who approved the waiver, as listed under `waivers: approvers:` in `duly.yaml`. It must be neither the
    /// owner of the measure nor the person concerned.
    pub approver: Person,
    /// Date the waiver was approved.
    pub approved_on: Date,
    /// First day the waiver applies; it may be in the future.
    pub from: DayAhead,
    /// Last day the waiver applies; it may be in the future.
    pub until: DayAhead,
    /// Written approval of the waiver.
    pub document: Option<Evidence>,
}

/// Why a gap is accepted for now: `risk-accepted`, `compensating-control` (another control lowers the risk) or
/// `disputed` (the result is considered incorrect).
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
    /// Unique id of the statement, without spaces or `@`.
    pub id: RecordId,
    /// What there was none of. `observations` are red flags recorded by people.
    pub subject: StatementSubject,
    /// First day of the period.
    pub from: Date,
    /// Last day of the period.
    pub until: Date,
    /// Employee of the organisation who makes the statement, preferably by employee id.
    pub declared_by: Person,
    /// Date of the statement, on or after the last day of the period.
    pub declared_on: Date,
}

/// What there was none of: `observations` (red flags recorded by people) or `incidents`.
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
    /// Unique id of the plan item, without spaces or `@`.
    pub id: RecordId,
    /// Id of the check whose gaps the item closes, such as `DD-10/worker-without-notarized-proof`.
    pub check: CheckId,
    /// Ids of the records the item covers. Leave it out if the item covers all gaps of the check.
    #[schemars(length(min = 1))]
    pub records: Option<Vec<RecordId>>,
    /// Fingerprints of the findings the item covers. Leave it out if the item covers all gaps of the check.
    #[schemars(length(min = 1))]
    pub findings: Option<Vec<Fingerprint>>,
    /// What is wrong, in one sentence. If it is left out, reports show the title of the check.
    pub weakness: Option<ShownText>,
    /// Employee id or role of the person who closes the gap, without spaces or `@`; not a name.
    pub owner: OwnerId,
    /// What will be done to close the gap. Reports show it.
    pub remediation: Option<ShownText>,
    /// People, money or systems needed. Reports show it.
    pub resources: Option<ShownText>,
    /// Decision that leadership is asked to make. Reports show it.
    pub decision: Option<ShownText>,
    /// Date the gap was found.
    pub detected_on: Date,
    /// Date by which the gap is to be closed, as currently agreed.
    pub due_on: DayAhead,
    /// Intermediate steps with their due dates.
    pub milestones: Option<Vec<Milestone>>,
    /// Changes of the due date, oldest first. Leave it out if the date was never changed.
    pub date_changes: Option<Vec<DateChange>>,
    /// Id of the ticket that tracks the work, without spaces or `@`.
    pub ticket: Option<OwnerId>,
    /// Status of the item.
    pub status: PlanItemStatus,
    /// Date the item got its current status.
    pub status_on: Option<Date>,
    /// Evidence that the gap was closed.
    pub document: Option<Evidence>,
}

/// An intermediate step of a plan item.
#[derive(JsonSchema)]
#[schemars(rename = "PlanMilestone")]
pub struct Milestone {
    /// What is done in this step. Reports show it.
    pub title: ShownText,
    /// Date the step is due.
    pub due_on: Option<DayAhead>,
    /// Date the step was completed. Leave it out until then.
    pub done_on: Option<Date>,
}

/// A change of a due date.
#[derive(JsonSchema)]
#[schemars(rename = "PlanDateChange")]
pub struct DateChange {
    /// Due date before the change.
    pub from: DayAhead,
    /// Due date after the change.
    pub to: DayAhead,
    /// Date the due date was changed.
    pub changed_on: Date,
    /// Reason for the change. Reports show it.
    pub reason: ShownText,
}

/// Status of a plan item: `open` or `closed`.
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
