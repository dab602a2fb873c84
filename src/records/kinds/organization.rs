//! The organisation itself: what it does and does not do, its legal duties, and how it handles red flags and incidents.
//!
//! What it *engages in* decides which measures apply. A declared `false` should carry a reason; it is checked against the
//! records where that is possible. A *red flag* is a sign that a person must look at.

use super::cases::Authority;
use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// The organisation being audited. Write exactly one record of this kind.
#[derive(JsonSchema)]
#[schemars(example = organization_example())]
pub struct Organization {
    /// Always `organization`.
    #[schemars(extend("const" = "organization"))]
    pub kind: String,
    /// Id of the organisation, without spaces or `@`.
    pub id: RecordId,
    /// Name of the organisation, as reports should show it.
    pub name: Option<String>,
    /// What the organisation does. A measure applies unless the entry it depends on is false, so an absent entry
    /// counts as true.
    pub engages: Option<Engages>,
    /// Reason for each entry of `engages` that is false, under the same name.
    pub engages_reasons: Option<EngagesReasons>,
    /// Date the organisation adopted these measures, if later than the announcement. The profile `core` reports gaps
    /// that can no longer be closed, such as a parcel delivered without a signature, only for events from this date
    /// on.
    pub adopted_on: Option<Date>,
    /// Employee id or role of the person who made these declarations.
    pub declared_by: Option<Person>,
    /// Date these declarations were made.
    pub declared_on: Option<Date>,
    /// Date these declarations were last reviewed.
    pub reviewed_on: Option<Date>,
    /// Legal duties in the countries where the organisation operates, as counsel determined them.
    pub legal_duties: Option<LegalDuties>,
    /// Process for recording, reviewing and closing red flags (RF-01 to RF-10).
    pub red_flag_process: Option<RedFlagProcess>,
    /// Process for responding to incidents (RF-08).
    pub incident_process: Option<IncidentProcess>,
    /// Other relevant facts about the organisation, as free text.
    pub notes: Option<FreeText>,
}

/// What the organisation does. Write false, with a reason in `engages_reasons`, only for what it does not do.
#[derive(JsonSchema)]
pub struct Engages {
    /// True if staffing firms or outsourcing companies supply people or software (DD-01, DD-02).
    pub staffing_vendors: Option<bool>,
    /// True if the organisation engages freelancers (DD-13, DD-15).
    pub freelancers: Option<bool>,
    /// True if the organisation engages contractors directly.
    pub contractors: Option<bool>,
    /// True if anyone works remotely for the organisation (DD-11, DD-12).
    pub remote_workers: Option<bool>,
    /// True if the organisation finds people on freelance platforms (DD-15).
    pub platforms: Option<bool>,
    /// True if the organisation runs, sponsors or recruits at IT competitions (DD-16).
    pub competitions: Option<bool>,
    /// True if the organisation provides devices for work (DD-07, DD-08).
    pub company_devices: Option<bool>,
    /// True if the organisation ships devices to workers (DD-09).
    pub ships_devices: Option<bool>,
    /// True if anyone works on a personal device.
    pub personal_devices: Option<bool>,
    /// True if the organisation provides hosted desktops, which people reach by remote desktop.
    pub virtual_desktops: Option<bool>,
    /// True if the organisation pays workers directly (DD-04, DD-05).
    pub pays_workers: Option<bool>,
    /// True if the organisation interviews candidates by video (DD-06).
    pub video_interviews: Option<bool>,
}

/// Reasons for the entries of `engages` that are false. Each is one sentence, such as `all staff work on site`.
#[derive(JsonSchema)]
pub struct EngagesReasons {
    /// Reason no staffing firms or outsourcing companies are used.
    pub staffing_vendors: Option<FreeText>,
    /// Reason no freelancers are engaged.
    pub freelancers: Option<FreeText>,
    /// Reason no contractors are engaged.
    pub contractors: Option<FreeText>,
    /// Reason there is no remote work.
    pub remote_workers: Option<FreeText>,
    /// Reason no freelance platforms are used.
    pub platforms: Option<FreeText>,
    /// Reason the organisation does not run, sponsor or recruit at IT competitions.
    pub competitions: Option<FreeText>,
    /// Reason no company devices are provided.
    pub company_devices: Option<FreeText>,
    /// Reason no devices are shipped, such as hand-over at the office.
    pub ships_devices: Option<FreeText>,
    /// Reason no hosted desktops are provided.
    pub virtual_desktops: Option<FreeText>,
    /// Reason no workers are paid directly.
    pub pays_workers: Option<FreeText>,
}

/// Legal duties as counsel determined them.
#[derive(JsonSchema)]
pub struct LegalDuties {
    /// Countries whose law was examined, two capital letters each: every country where the organisation or its people
    /// work (RP-02).
    #[schemars(extend("x-duly-inventory" = true, "x-duly-relaxes" = true))]
    pub countries: Option<Vec<Country>>,
    /// True if the law requires consent to record an interview (DD-06).
    pub recording_consent: Option<bool>,
    /// True if the law requires telling workers about monitoring (DD-08).
    pub monitoring_notice: Option<bool>,
    /// True if the law requires telling workers about geolocation (DD-12).
    pub geolocation_notice: Option<bool>,
    /// True if the law requires a disclosure and an authorisation before a background check (DD-03).
    pub background_check_disclosure: Option<bool>,
    /// True if the law allows asking for a drug test (RF-02).
    pub drug_tests_lawful: Option<bool>,
    /// Employee id or role of the person who determined the duties, usually counsel.
    pub determined_by: Option<Person>,
    /// Date the duties were determined.
    pub determined_on: Option<Date>,
    /// Legal opinion that states the duties.
    pub document: Option<Evidence>,
}

/// Process for recording, reviewing and closing red flags.
#[derive(JsonSchema)]
pub struct RedFlagProcess {
    /// Document that describes the process.
    pub document: Option<Evidence>,
    /// Date the process was adopted.
    pub adopted_on: Option<Date>,
    /// Date the process was last reviewed.
    pub reviewed_on: Option<Date>,
    /// Employee id or role of the person who approved the process.
    pub approved_by: Option<Person>,
    /// Employee id or role of the person responsible for the process.
    pub owner: Option<Person>,
    /// Types of red flag that the process covers.
    pub covers: Option<Vec<RedFlag>>,
    /// True if the process requires each observation to be recorded by a named person.
    pub records_observations: Option<bool>,
    /// True if the process requires a review by someone other than the observer.
    pub second_person_reviews: Option<bool>,
    /// True if the process requires a reason for closing an observation.
    pub closes_with_reason: Option<bool>,
    /// Number of days within which an observation must be reviewed.
    #[schemars(range(min = 1))]
    pub review_within_days: Option<u32>,
    /// True if the process says that no single red flag decides about a person.
    pub no_automatic_rejection: Option<bool>,
    /// True if the process forbids using nationality, ethnicity, language, accent or appearance.
    pub forbids_discrimination: Option<bool>,
    /// Job roles trained on the process, such as `recruiter` or `hiring manager`.
    #[schemars(extend("x-duly-inventory" = true))]
    pub trained_roles: Option<Vec<String>>,
    /// Date of the latest training.
    pub trained_on: Option<Date>,
}

/// Process for responding to incidents.
#[derive(JsonSchema)]
pub struct IncidentProcess {
    /// Document that describes the process.
    pub document: Option<Evidence>,
    /// Employee id or role of the person responsible for the process.
    pub owner: Option<Person>,
    /// Date the process was adopted.
    pub adopted_on: Option<Date>,
    /// Date the process was last reviewed.
    pub reviewed_on: Option<Date>,
    /// Date the process was last rehearsed.
    pub tested_on: Option<Date>,
    /// Notes of the latest rehearsal.
    pub test_document: Option<Evidence>,
    /// True if the process covers threats to publish source code or data (RF-08).
    pub covers_extortion: Option<bool>,
    /// True if the process requires access to be revoked immediately.
    pub revokes_access: Option<bool>,
    /// True if the process requires payments to be stopped.
    pub stops_payments: Option<bool>,
    /// True if the process requires evidence to be preserved.
    pub preserves_evidence: Option<bool>,
    /// True if the process requires calling counsel, including on sanctions.
    pub calls_counsel: Option<bool>,
    /// True if the process says that the person is not confronted or tipped off before access is revoked.
    pub no_confrontation: Option<bool>,
    /// Authorities that the process names for reports (RP-01, RP-02).
    pub reports_to: Option<Vec<Authority>>,
    /// True if a well-founded suspicion is enough to report under the process (RP-01).
    pub reports_suspicion: Option<bool>,
}

fn organization_example() -> Value {
    example(
        r#"{
  "kind": "organization", "id": "example-org", "name": "Example Organisation",
  "engages": {"staffing_vendors": true, "freelancers": true, "contractors": true, "remote_workers": true, "platforms": true,
    "competitions": false, "company_devices": true, "ships_devices": true, "personal_devices": false, "virtual_desktops": false,
    "pays_workers": true, "video_interviews": true},
  "engages_reasons": {"competitions": "we neither run nor sponsor contests"}, "declared_by": "chief-people-officer",
  "declared_on": "2026-01-04", "reviewed_on": "2026-04-01",
  "legal_duties": {"countries": ["US"], "recording_consent": true, "monitoring_notice": true, "geolocation_notice": true, "determined_by": "general-counsel",
    "determined_on": "2026-01-04"},
  "red_flag_process": {"document": {"ref": "policies/red-flags.md"}, "adopted_on": "2025-09-01", "owner": "security",
    "covers": ["camera", "online-profiles", "prepayment", "extortion-threat"], "records_observations": true,
    "second_person_reviews": true, "closes_with_reason": true, "review_within_days": 14, "no_automatic_rejection": true},
  "incident_process": {"document": {"ref": "policies/incidents.md"}, "owner": "ciso", "tested_on": "2026-02-20", "covers_extortion": true,
    "revokes_access": true, "stops_payments": true, "preserves_evidence": true, "calls_counsel": true, "reports_to": ["ic3"],
    "reports_suspicion": true}
}"#,
    )
}
