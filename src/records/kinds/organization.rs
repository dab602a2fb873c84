//! The organisation itself: what it does and does not do, its legal duties, and how it handles red flags and incidents.
//!
//! What it *engages in* decides which measures apply. A declared `false` should carry a reason; it is checked against the
//! records where that is possible. A *red flag* is a sign that a person must look at.

use super::cases::Authority;
use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// The organisation being audited. One record.
#[derive(JsonSchema)]
#[schemars(example = organization_example())]
pub struct Organization {
    /// Always `organization`.
    #[schemars(extend("const" = "organization"))]
    pub kind: String,
    /// Id of the organisation.
    pub id: RecordId,
    /// Its name.
    pub name: Option<String>,
    /// What it does. A measure applies unless the matching entry is false.
    pub engages: Option<Engages>,
    /// Why an entry of `engages` is false, under the same name.
    pub engages_reasons: Option<EngagesReasons>,
    /// Day it adopted the measures of the announcement, if later than the announcement. In the profile `core`, what can
    /// not be mended any more, such as how a parcel was delivered, is asked only of what happened from this day on.
    pub adopted_on: Option<Date>,
    /// Who made these declarations.
    pub declared_by: Option<Person>,
    /// Day they were made.
    pub declared_on: Option<Date>,
    /// Day they were last reviewed.
    pub reviewed_on: Option<Date>,
    /// Duties that the law where it works puts on it.
    pub legal_duties: Option<LegalDuties>,
    /// How red flags are recorded, reviewed and closed (RF-01 to RF-10).
    pub red_flag_process: Option<RedFlagProcess>,
    /// How incidents are handled (RF-08).
    pub incident_process: Option<IncidentProcess>,
    /// Remarks.
    pub notes: Option<FreeText>,
}

/// What an organisation does.
#[derive(JsonSchema)]
pub struct Engages {
    /// True if staffing firms or outsourcing companies supply it with people or software (DD-01, DD-02).
    pub staffing_vendors: Option<bool>,
    /// True if it engages freelancers (DD-13, DD-15).
    pub freelancers: Option<bool>,
    /// True if it engages contractors.
    pub contractors: Option<bool>,
    /// True if people work for it remotely (DD-11, DD-12).
    pub remote_workers: Option<bool>,
    /// True if it finds people on freelance platforms (DD-15).
    pub platforms: Option<bool>,
    /// True if it runs, sponsors or recruits at IT competitions (DD-16).
    pub competitions: Option<bool>,
    /// True if it gives out company devices (DD-07, DD-08).
    pub company_devices: Option<bool>,
    /// True if it ships devices (DD-09).
    pub ships_devices: Option<bool>,
    /// True if work is done on personal devices.
    pub personal_devices: Option<bool>,
    /// True if it provides hosted desktops, which are reached by remote desktop.
    pub virtual_desktops: Option<bool>,
    /// True if it pays workers directly (DD-04, DD-05).
    pub pays_workers: Option<bool>,
    /// True if it interviews by video (DD-06).
    pub video_interviews: Option<bool>,
}

/// Reasons for what an organisation does not do.
#[derive(JsonSchema)]
pub struct EngagesReasons {
    /// Why no staffing vendors.
    pub staffing_vendors: Option<FreeText>,
    /// Why no freelancers.
    pub freelancers: Option<FreeText>,
    /// Why no contractors.
    pub contractors: Option<FreeText>,
    /// Why no remote workers.
    pub remote_workers: Option<FreeText>,
    /// Why no freelance platforms.
    pub platforms: Option<FreeText>,
    /// Why no competitions.
    pub competitions: Option<FreeText>,
    /// Why no company devices.
    pub company_devices: Option<FreeText>,
    /// Why no shipping of devices.
    pub ships_devices: Option<FreeText>,
    /// Why no hosted desktops.
    pub virtual_desktops: Option<FreeText>,
    /// Why workers are not paid directly.
    pub pays_workers: Option<FreeText>,
}

/// Duties by law, as counsel determined them.
#[derive(JsonSchema)]
pub struct LegalDuties {
    /// Countries whose law was examined: every one where the organisation or its people work (RP-02).
    #[schemars(extend("x-duly-inventory" = true, "x-duly-relaxes" = true))]
    pub countries: Option<Vec<Country>>,
    /// True if recording an interview needs consent (DD-06).
    pub recording_consent: Option<bool>,
    /// True if monitoring needs a notice (DD-08).
    pub monitoring_notice: Option<bool>,
    /// True if geolocation needs a notice (DD-12).
    pub geolocation_notice: Option<bool>,
    /// True if background checks need a disclosure and an authorisation (DD-03).
    pub background_check_disclosure: Option<bool>,
    /// True if drug tests may be asked for (RF-02).
    pub drug_tests_lawful: Option<bool>,
    /// Who determined this.
    pub determined_by: Option<Person>,
    /// Day it was determined.
    pub determined_on: Option<Date>,
    /// The opinion.
    pub document: Option<Evidence>,
}

/// The process by which red flags are recorded, reviewed and closed.
#[derive(JsonSchema)]
pub struct RedFlagProcess {
    /// The written process.
    pub document: Option<Evidence>,
    /// Day it was adopted.
    pub adopted_on: Option<Date>,
    /// Day it was last reviewed.
    pub reviewed_on: Option<Date>,
    /// Who approved it.
    pub approved_by: Option<Person>,
    /// Who answers for it.
    pub owner: Option<Person>,
    /// Red flags it covers.
    pub covers: Option<Vec<RedFlag>>,
    /// True if observations are written down by a named person.
    pub records_observations: Option<bool>,
    /// True if someone other than the observer reviews each.
    pub second_person_reviews: Option<bool>,
    /// True if each is closed with a reason.
    pub closes_with_reason: Option<bool>,
    /// Days within which an observation must be reviewed.
    #[schemars(range(min = 1))]
    pub review_within_days: Option<u32>,
    /// True if no single red flag decides about a person.
    pub no_automatic_rejection: Option<bool>,
    /// True if it forbids using nationality, ethnicity, language, accent or appearance.
    pub forbids_discrimination: Option<bool>,
    /// Roles that were trained on it.
    #[schemars(extend("x-duly-inventory" = true))]
    pub trained_roles: Option<Vec<String>>,
    /// Day of the last training.
    pub trained_on: Option<Date>,
}

/// The process for incidents.
#[derive(JsonSchema)]
pub struct IncidentProcess {
    /// The written process.
    pub document: Option<Evidence>,
    /// Who answers for it.
    pub owner: Option<Person>,
    /// Day it was adopted.
    pub adopted_on: Option<Date>,
    /// Day it was last reviewed.
    pub reviewed_on: Option<Date>,
    /// Day it was last exercised.
    pub tested_on: Option<Date>,
    /// Notes of that exercise.
    pub test_document: Option<Evidence>,
    /// True if it covers threats to publish source code or data (RF-08).
    pub covers_extortion: Option<bool>,
    /// True if access is revoked at once.
    pub revokes_access: Option<bool>,
    /// True if payments are stopped.
    pub stops_payments: Option<bool>,
    /// True if evidence is preserved.
    pub preserves_evidence: Option<bool>,
    /// True if counsel is called, also about sanctions.
    pub calls_counsel: Option<bool>,
    /// True if the person is not confronted or tipped off before that.
    pub no_confrontation: Option<bool>,
    /// Authorities it names for reports (RP-01, RP-02).
    pub reports_to: Option<Vec<Authority>>,
    /// True if a well-founded suspicion is enough for a report (RP-01).
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
