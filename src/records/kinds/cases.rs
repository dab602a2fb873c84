//! Cases: red flags that named people recorded, and incidents.
//!
//! An *observation* says what a named person saw and what came of the review; it never says that someone is guilty of
//! anything. An *incident* is an event the organisation responded to, such as a threat to publish source code.

use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// A red flag that a named person recorded (RF-01 to RF-10). No single one is proof.
#[derive(JsonSchema)]
#[schemars(example = observation_example())]
pub struct Observation {
    /// Always `observation`.
    #[schemars(extend("const" = "observation"))]
    pub kind: String,
    /// Id of the observation.
    pub id: RecordId,
    /// What it is about.
    pub red_flag: RedFlag,
    /// The worker or candidate.
    pub worker: Option<WorkerRef>,
    /// The interaction in which it was seen.
    pub interaction: Option<InteractionRef>,
    /// The shipment it is about.
    pub shipment: Option<ShipmentRef>,
    /// Where it stands.
    pub status: Option<CaseStatus>,
    /// Day it was seen.
    pub observed_on: Option<Date>,
    /// Day it was written down.
    pub recorded_on: Option<Date>,
    /// Who saw it.
    pub recorded_by: Option<Person>,
    /// Others who saw it too.
    pub confirmed_by: Option<Vec<Person>>,
    /// What was seen. Facts only; never origin, language, accent or appearance.
    pub summary: Option<FreeText>,
    /// Innocent explanations that were considered.
    pub explanations: Option<Vec<InnocentExplanation>>,
    /// Who reviewed it; not who recorded it.
    pub reviewed_by: Option<Person>,
    /// Day of the review.
    pub reviewed_on: Option<Date>,
    /// What came of it.
    pub outcome: Option<ObservationOutcome>,
    /// Why.
    pub outcome_reason: Option<FreeText>,
    /// Who closed it.
    pub closed_by: Option<Person>,
    /// Day it was closed.
    pub closed_on: Option<Date>,
    /// The incident it became part of.
    pub incident: Option<IncidentRef>,
    /// What shows it.
    pub documents: Option<Vec<Evidence>>,
}

/// Where a case stands: `opened`, `reviewed` (a second person looked), `closed`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum CaseStatus {
    Opened,
    Reviewed,
    Closed,
}

/// An innocent explanation to rule in or out.
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

/// What came of an observation: `explained`, `not-confirmed`, `further-verification` (the person was verified again),
/// `ended` (the engagement ended for a documented reason), `incident`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ObservationOutcome {
    Explained,
    NotConfirmed,
    FurtherVerification,
    Ended,
    Incident,
}

/// An incident, the response to it (RF-08) and the reports about it (RP-01, RP-02). Stop, do not confront, call counsel, report.
#[derive(JsonSchema)]
#[schemars(example = incident_example())]
pub struct Incident {
    /// Always `incident`.
    #[schemars(extend("const" = "incident"))]
    pub kind: String,
    /// Id of the incident.
    pub id: RecordId,
    /// What happened.
    pub r#type: Option<IncidentType>,
    /// Where it stands.
    pub status: Option<CaseStatus>,
    /// Workers it is about.
    #[schemars(extend("x-duly-inventory" = true))]
    pub workers: Option<Vec<WorkerRef>>,
    /// Why no worker is named, if no one knows who is behind it.
    pub workers_unknown: Option<Decision>,
    /// Why an incident of the type `other` is not about a person: a server that failed, a flood.
    pub not_about_people: Option<Decision>,
    /// Countries where those harmed are, or where the work was done (RP-02).
    #[schemars(extend("x-duly-inventory" = true))]
    pub countries: Option<Vec<Country>>,
    /// Vendor that supplied them.
    pub vendor: Option<VendorRef>,
    /// Devices it is about.
    pub devices: Option<Vec<DeviceRef>>,
    /// Observations that led to it.
    pub observations: Option<Vec<ObservationRef>>,
    /// Who answers for the response.
    pub owner: Option<Person>,
    /// Moment the organisation learned of it.
    pub detected_at: Option<Timestamp>,
    /// Day it was opened.
    pub opened_on: Option<Date>,
    /// Day it was closed.
    pub closed_on: Option<Date>,
    /// What happened, in facts.
    pub summary: Option<FreeText>,
    /// The threat, if there was one (RF-08).
    pub threat: Option<Threat>,
    /// What was done.
    pub response: Option<Response>,
    /// Reports to authorities.
    pub reports: Option<Vec<Report>>,
    /// The written process that was followed.
    pub process: Option<Evidence>,
    /// What was learned, and what changed for it.
    pub lessons: Option<FreeText>,
    /// Day of the look back.
    pub reviewed_on: Option<Date>,
}

/// What happened.
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
    /// Day it was received.
    pub received_on: Option<Date>,
    /// What it threatens.
    pub material: Option<ThreatMaterial>,
    /// True if additional payment was demanded.
    pub payment_demanded: Option<bool>,
    /// True if the organisation paid.
    pub paid: Option<bool>,
    /// The message.
    pub document: Option<Evidence>,
}

/// What a threat would publish.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ThreatMaterial {
    SourceCode,
    Data,
    Credentials,
    Other,
}

/// Steps of the response.
#[derive(JsonSchema)]
pub struct Response {
    /// All access was revoked.
    pub access_revoked: Option<Step>,
    /// Sessions were ended and secrets changed.
    pub secrets_changed: Option<Step>,
    /// Payments were stopped.
    pub payments_stopped: Option<Step>,
    /// Evidence was preserved.
    pub evidence_preserved: Option<Step>,
    /// Counsel was called, also about sanctions.
    pub counsel_called: Option<Step>,
    /// Devices were isolated or recovered.
    pub devices_recovered: Option<Step>,
    /// The vendor or platform was told.
    pub vendor_told: Option<Step>,
    /// Leadership was told.
    pub leadership_told: Option<Step>,
    /// True if the person was not confronted or tipped off before access was revoked.
    pub not_confronted: Option<bool>,
}

/// A report to an authority.
#[derive(JsonSchema)]
pub struct Report {
    /// To whom.
    pub authority: Authority,
    /// Day of the report.
    pub reported_on: Option<Date>,
    /// Who reported.
    pub reported_by: Option<Person>,
    /// Reference number given by the authority.
    pub reference: Option<DocumentNumber>,
    /// Copy of the report.
    pub document: Option<Evidence>,
    /// Why no report was made, if so; decided with counsel.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub not_reported_reason: Option<FreeText>,
    /// Counsel who decided against the report.
    pub decided_by: Option<Person>,
    /// Day of that decision.
    pub decided_on: Option<Date>,
}

/// To whom a report goes: `ic3` (FBI Internet Crime Complaint Center), `fbi-field-office`, `nis-kr` (National Intelligence
/// Service, 111), `police-kr` (National Police Agency, 112), `ofac`, `ofsi-uk`, `financial-regulator`, `data-protection`, `other`.
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
