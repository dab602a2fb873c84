//! Cases: red flags that named people recorded, and incidents.
//!
//! An *observation* says what a named person saw and what came of the review; it never says that someone is guilty of
//! anything. An *incident* is an event the organisation responded to, such as a threat to publish source code.

use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// A red flag recorded by a named person (RF-01 to RF-10). A single observation proves nothing.
#[derive(JsonSchema)]
#[schemars(example = observation_example())]
pub struct Observation {
    /// Always `observation`.
    #[schemars(extend("const" = "observation"))]
    pub kind: String,
    /// Unique id of the observation, without spaces or `@`.
    pub id: RecordId,
    /// Type of red flag. `education-claim` means that a claimed degree could not be confirmed, `claimed-location`
    /// that the claimed location does not fit the evidence, and `other` any sign that the summary describes.
    pub red_flag: RedFlag,
    /// Id of the worker or candidate concerned.
    pub worker: Option<WorkerRef>,
    /// Id of the interaction in which it was observed. Leave it out if there was none.
    pub interaction: Option<InteractionRef>,
    /// Id of the shipment concerned. Leave it out if there is none.
    pub shipment: Option<ShipmentRef>,
    /// Status of the observation. `reviewed` means by a second person.
    pub status: Option<CaseStatus>,
    /// Date the red flag was observed.
    pub observed_on: Option<Date>,
    /// Date the observation was written down.
    pub recorded_on: Option<Date>,
    /// Employee id or role of the person who observed it.
    pub recorded_by: Option<Person>,
    /// Employee ids or roles of others who observed it as well.
    pub confirmed_by: Option<Vec<Person>>,
    /// What was observed, as facts. Never write origin, language, accent or appearance.
    pub summary: Option<FreeText>,
    /// Innocent explanations that were considered.
    pub explanations: Option<Vec<InnocentExplanation>>,
    /// Employee id or role of the reviewer, who must not be the person who recorded it.
    pub reviewed_by: Option<Person>,
    /// Date of the review.
    pub reviewed_on: Option<Date>,
    /// Result of the review; leave it out until then. `further-verification` means that the person was verified
    /// again, `ended` that the engagement ended for a documented reason.
    pub outcome: Option<ObservationOutcome>,
    /// Reason for the outcome, in one or two sentences.
    pub outcome_reason: Option<FreeText>,
    /// Employee id or role of the person who closed the observation.
    pub closed_by: Option<Person>,
    /// Date the observation was closed.
    pub closed_on: Option<Date>,
    /// Id of the incident that the observation led to. Leave it out if there was none.
    pub incident: Option<IncidentRef>,
    /// Documents that show what was observed.
    pub documents: Option<Vec<Evidence>>,
}

/// Status of a case: `opened`, `reviewed` (by a second person) or `closed`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum CaseStatus {
    Opened,
    Reviewed,
    Closed,
}

/// Innocent explanation to confirm or rule out.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum InnocentExplanation {
    SharedHousehold,
    CoworkingSpace,
    Office,
    FamilyBank,
    Relocation,
    Travel,
    Medical,
    Accommodation,
    TechnicalFailure,
    Nervousness,
    NameChange,
    Other,
}

/// Result of reviewing an observation: `explained`, `not-confirmed`, `further-verification` (the person was verified
/// again), `ended` (the engagement ended for a documented reason) or `incident`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ObservationOutcome {
    Explained,
    NotConfirmed,
    FurtherVerification,
    Ended,
    Incident,
}

/// An incident, the response to it (RF-08) and the reports about it (RP-01, RP-02). Stop access and payments, do not
/// confront the person, call counsel, report.
#[derive(JsonSchema)]
#[schemars(example = incident_example())]
pub struct Incident {
    /// Always `incident`.
    #[schemars(extend("const" = "incident"))]
    pub kind: String,
    /// Unique id of the incident, without spaces or `@`.
    pub id: RecordId,
    /// Type of incident.
    pub r#type: Option<IncidentType>,
    /// Status of the incident. `reviewed` means by a second person.
    pub status: Option<CaseStatus>,
    /// Ids of the workers concerned.
    #[schemars(extend("x-duly-inventory" = true))]
    pub workers: Option<Vec<WorkerRef>>,
    /// Decision that explains why no worker is named, for an incident whose author is unknown.
    pub workers_unknown: Option<Decision>,
    /// Decision that an incident of type `other` does not concern a person, such as a server failure or a flood.
    pub not_about_people: Option<Decision>,
    /// Countries of those harmed and of the work affected, two capital letters each (RP-02).
    #[schemars(extend("x-duly-inventory" = true))]
    pub countries: Option<Vec<Country>>,
    /// Id of the vendor that supplied the workers. Leave it out if none did.
    pub vendor: Option<VendorRef>,
    /// Ids of the devices concerned.
    pub devices: Option<Vec<DeviceRef>>,
    /// Ids of the observations that led to the incident.
    pub observations: Option<Vec<ObservationRef>>,
    /// Employee id or role of the person responsible for the response.
    pub owner: Option<Person>,
    /// Date and time the organisation learned of the incident.
    pub detected_at: Option<Timestamp>,
    /// Date the incident was opened.
    pub opened_on: Option<Date>,
    /// Date the incident was closed. Leave it out while it is open.
    pub closed_on: Option<Date>,
    /// What happened, as facts in a few sentences.
    pub summary: Option<FreeText>,
    /// The threat that was received (RF-08). Leave it out if there was none.
    pub threat: Option<Threat>,
    /// Steps taken in response, each with the time, the person and the evidence.
    pub response: Option<Response>,
    /// Reports to authorities, and decisions not to report, one entry per authority.
    pub reports: Option<Vec<Report>>,
    /// Written incident process that was followed.
    pub process: Option<Evidence>,
    /// Lessons learned and the changes that followed.
    pub lessons: Option<FreeText>,
    /// Date of the review after the incident.
    pub reviewed_on: Option<Date>,
}

/// Type of incident.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum IncidentType {
    ExtortionThreat,
    DataTheft,
    UnauthorizedAccess,
    IdentityMisuse,
    DeviceDiverted,
    PaymentDiverted,
    SuspectedSanctionsViolation,
    Other,
}

/// A threat to publish source code or data unless money is paid (RF-08).
#[derive(JsonSchema)]
pub struct Threat {
    /// Date the threat was received.
    pub received_on: Option<Date>,
    /// What the threat says will be published.
    pub material: Option<ThreatMaterial>,
    /// True if the threat demanded an additional payment.
    pub payment_demanded: Option<bool>,
    /// True if the organisation paid.
    pub paid: Option<bool>,
    /// The message that contains the threat.
    pub document: Option<Evidence>,
}

/// What a threat says will be published.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ThreatMaterial {
    SourceCode,
    Data,
    Credentials,
    Other,
}

/// Steps taken in response to an incident.
#[derive(JsonSchema)]
pub struct Response {
    /// When and by whom all access was revoked.
    pub access_revoked: Option<Step>,
    /// When and by whom sessions were ended and passwords, keys and other secrets changed.
    pub secrets_changed: Option<Step>,
    /// When and by whom payments were stopped.
    pub payments_stopped: Option<Step>,
    /// When and by whom evidence, such as logs, images and messages, was preserved.
    pub evidence_preserved: Option<Step>,
    /// When and by whom counsel was called, including on sanctions.
    pub counsel_called: Option<Step>,
    /// When and by whom devices were isolated or recovered.
    pub devices_recovered: Option<Step>,
    /// When and by whom the vendor or platform was informed.
    pub vendor_told: Option<Step>,
    /// When and by whom leadership was informed.
    pub leadership_told: Option<Step>,
    /// True if the person was not confronted or tipped off before access was revoked.
    pub not_confronted: Option<bool>,
}

/// A report to an authority, or the decision not to report.
#[derive(JsonSchema)]
pub struct Report {
    /// Authority that receives the report. `ic3` is the FBI Internet Crime Complaint Center, `nis-kr` the South
    /// Korean National Intelligence Service (111), `police-kr` the South Korean National Police Agency (112).
    pub authority: Authority,
    /// Date of the report. Leave it out if no report was made.
    pub reported_on: Option<Date>,
    /// Employee id or role of the person who made the report.
    pub reported_by: Option<Person>,
    /// Reference number that the authority gave.
    pub reference: Option<DocumentNumber>,
    /// Copy of the report.
    pub document: Option<Evidence>,
    /// Reason no report was made, as decided with counsel. Leave it out if a report was made or is still due.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub not_reported_reason: Option<FreeText>,
    /// Counsel who decided against reporting, by employee id, role or name.
    pub decided_by: Option<Person>,
    /// Date of the decision not to report.
    pub decided_on: Option<Date>,
}

/// Authority that receives a report: `ic3` (FBI Internet Crime Complaint Center), `fbi-field-office`, `nis-kr`
/// (National Intelligence Service, 111), `police-kr` (National Police Agency, 112), `ofac`, `ofsi-uk`,
/// `financial-regulator`, `data-protection`, `other`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Authority {
    Ic3,
    FbiFieldOffice,
    NisKr,
    PoliceKr,
    Ofac,
    OfsiUk,
    FinancialRegulator,
    DataProtection,
    Other,
}

fn observation_example() -> Value {
    example(
        r#"{
  "kind": "observation", "id": "obs-7001", "red_flag": "camera", "worker": "w-1002", "interaction": "int-0002", "status": "closed",
  "observed_on": "2026-03-03", "recorded_on": "2026-03-03", "recorded_by": "staff-012", "summary": "camera stayed dark in two meetings",
  "explanations": ["technical-failure"], "reviewed_by": "staff-060", "reviewed_on": "2026-03-06", "outcome": "explained",
  "outcome_reason": "defective camera, replaced and verified again", "closed_by": "staff-060", "closed_on": "2026-03-10"
}"#,
    )
}

fn incident_example() -> Value {
    example(
        r#"{
  "kind": "incident", "id": "inc-8001", "type": "extortion-threat", "status": "closed", "workers": ["w-1003"], "owner": "ciso",
  "detected_at": "2026-04-02T08:10:00Z", "opened_on": "2026-04-02", "closed_on": "2026-05-02",
  "countries": ["US"], "threat": {"received_on": "2026-04-02", "material": "source-code", "payment_demanded": true, "paid": false,
    "document": {"ref": "store://incidents/inc-8001/message"}},
  "response": {"access_revoked": {"done_at": "2026-04-02T08:25:00Z", "done_by": "staff-061"},
    "payments_stopped": {"done_at": "2026-04-02T09:00:00Z", "done_by": "staff-030"},
    "evidence_preserved": {"done_at": "2026-04-02T09:30:00Z", "document": {"ref": "store://incidents/inc-8001/images"}},
    "counsel_called": {"done_at": "2026-04-02T08:40:00Z", "done_by": "ciso"},
    "vendor_told": {"not_needed_reason": "engaged directly", "decided_by": "ciso", "decided_on": "2026-04-02"}, "not_confronted": true},
  "reports": [{"authority": "ic3", "reported_on": "2026-04-02", "reported_by": "general-counsel", "reference": "EXAMPLE-REF"}],
  "process": {"ref": "policies/incidents.md"}
}"#,
    )
}
