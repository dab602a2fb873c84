//! Rules on paper: what the organisation's written rules demand of shipping, hiring, background checks and records.
//!
//! Each field states one demand: `true` if the text makes it, `false` if it does not. Leave out what no one has read up.
//! A rule is declared evidence only; the records of workers, devices and shipments show the practice.

use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// Written rules on shipping devices (DD-09).
#[derive(JsonSchema)]
#[schemars(example = device_shipping_rules_example())]
pub struct DeviceShippingRules {
    /// Always `device-shipping-rules`.
    #[schemars(extend("const" = "device-shipping-rules"))]
    pub kind: String,
    /// Unique id of these rules, without spaces or `@`.
    pub id: RecordId,
    #[schemars(flatten)]
    pub head: RuleHead,
    /// True if the rules require a signature on delivery for every company device.
    pub signature_required: Option<bool>,
    /// Signatures on delivery that the rules accept.
    pub accepted_signatures: Option<Vec<Signature>>,
    /// True if the rules allow shipping to designated work locations only.
    pub designated_locations_only: Option<bool>,
    /// True if the rules require a location to be designated and approved before anything is shipped there.
    pub designated_before_shipping: Option<bool>,
    /// Employee id or role of the person who approves locations.
    pub locations_approved_by: Option<Person>,
    /// True if the rules require further documents for an address different from the one on the identity document.
    pub other_address_documented: Option<bool>,
    /// True if the rules require redirecting, holding and forwarding of parcels to be blocked with the carrier.
    pub redirects_prevented: Option<bool>,
    /// True if the rules prohibit mailbox stores, private mailboxes and freight forwarders unless approved.
    pub mail_drops_prohibited: Option<bool>,
    /// True if the rules require anyone who collects a parcel at a pick-up point to show an identity document.
    pub pickup_identity_check: Option<bool>,
    /// True if the rules allow shipping only after the worker's checks are complete.
    pub checks_before_shipping: Option<bool>,
    /// True if the rules require the worker to confirm the serial number.
    pub serial_confirmed: Option<bool>,
    /// Settings at carriers that enforce these rules, one entry per carrier.
    pub carriers: Option<Vec<CarrierSetting>>,
}

/// Settings at a carrier.
#[derive(JsonSchema)]
pub struct CarrierSetting {
    /// Name of the carrier.
    pub carrier: Option<String>,
    /// Signature on delivery that is ordered by default.
    pub default_signature: Option<Signature>,
    /// True if the recipient cannot redirect parcels.
    pub redirects_blocked: Option<bool>,
    /// Date the settings were read or exported.
    pub observed_on: Option<Date>,
    /// How strong the evidence is. A document says so (`declared`), a setting exists (`configured`), the setting is
    /// assigned and in force (`enforced`), or a shipment shows it (`observed`).
    pub grade: Option<Grade>,
    /// Evidence of the settings, such as an export of the carrier account.
    pub document: Option<Evidence>,
}

/// Written rules on hiring and verifying people (DD-04, DD-05, DD-10, DD-11, DD-15, DD-16 and the red flags).
#[derive(JsonSchema)]
#[schemars(example = hiring_rules_example())]
pub struct HiringRules {
    /// Always `hiring-rules`.
    #[schemars(extend("const" = "hiring-rules"))]
    pub kind: String,
    /// Unique id of these rules, without spaces or `@`.
    pub id: RecordId,
    #[schemars(flatten)]
    pub head: RuleHead,
    /// Rules on bank documents and payment (DD-04, DD-05, RF-07, RF-09).
    pub bank: Option<BankRules>,
    /// Rules on proof of identity (DD-10).
    pub identity: Option<IdentityRules>,
    /// Rules on video verification (DD-11).
    pub video: Option<VideoRules>,
    /// Rules on freelance platforms (DD-15).
    pub platforms: Option<PlatformRules>,
    /// Rules on IT competitions (DD-16).
    pub competitions: Option<CompetitionRules>,
    /// True if the rules require everyone's online profiles to be compared with the résumé (RF-04).
    pub online_profiles_reviewed: Option<bool>,
    /// True if the rules require every claimed degree to be verified directly with the institution (RF-06).
    pub education_verified_directly: Option<bool>,
    /// True if the rules require past employment to be verified directly with the employer.
    pub employment_verified_directly: Option<bool>,
    /// True if the rules require contact details for these verifications to be looked up independently.
    pub contacts_found_independently: Option<bool>,
    /// True if the rules require at least two people to assess coding tests and interviews on a form (RF-03).
    pub assessments_structured: Option<bool>,
    /// True if the rules require a refused camera to be noted and followed up, with an accommodation where due
    /// (RF-01).
    pub camera_refusal_followed_up: Option<bool>,
    /// True if the rules allow asking everyone in a role class for a meeting in person or a drug test, with an
    /// alternative (RF-02).
    pub attendance_requests_uniform: Option<bool>,
    /// True if the rules require a search for contact details and résumés that several applicants share.
    pub duplicates_searched: Option<bool>,
    /// True if the rules ask the same of everyone in a role class.
    pub uniform: Option<bool>,
    /// True if the rules forbid decisions based on nationality, ethnicity, language, accent or appearance.
    pub forbids_discrimination: Option<bool>,
}

/// Rules on bank documents and payment.
#[derive(JsonSchema)]
pub struct BankRules {
    /// True if the rules require a voided check or certified documentation from the bank for everyone who is paid
    /// (DD-04).
    pub document_required: Option<bool>,
    /// Bank documents that the rules accept (DD-04).
    pub accepted_documents: Option<Vec<BankDocumentType>>,
    /// True if the rules require the document before the first payment (DD-04).
    pub document_before_payment: Option<bool>,
    /// True if the rules require a new document when the account changes (DD-04).
    pub document_on_change: Option<bool>,
    /// True if the rules require the account holder to be the verified person (DD-04).
    pub holder_verified: Option<bool>,
    /// True if the rules require check numbers to be verified against an actual bank (DD-05).
    pub check_numbers_verified: Option<bool>,
    /// True if the rules require routing numbers to be verified against an actual bank (DD-05).
    pub routing_numbers_verified: Option<bool>,
    /// True if the rules exclude accounts at money service businesses (DD-05).
    pub money_service_businesses_excluded: Option<bool>,
    /// True if the rules require a search for accounts that several workers share (DD-05).
    pub shared_accounts_searched: Option<bool>,
    /// True if the rules prohibit payment in virtual currency.
    pub virtual_currency_prohibited: Option<bool>,
    /// True if the rules prohibit payment to third parties.
    pub third_party_payees_prohibited: Option<bool>,
    /// True if the rules prohibit payment before delivery or require approval for it (RF-07).
    pub prepayment_restricted: Option<bool>,
    /// True if the rules require repeated changes of account or payment method to be reviewed (RF-09).
    pub changes_reviewed: Option<bool>,
}

/// Rules on proof of identity (DD-10).
#[derive(JsonSchema)]
pub struct IdentityRules {
    /// True if the rules require a notarized proof of identity.
    pub notarized_required: Option<bool>,
    /// Role classes the requirement applies to, as in `role_class` of workers. Leave it out if it applies to all.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub role_classes: Option<Vec<String>>,
    /// True if the rules accept remote online notarization.
    pub remote_online_accepted: Option<bool>,
    /// True if the rules require the notary's commission to be confirmed in the register.
    pub commission_verified: Option<bool>,
    /// True if the rules require the proof before the first access.
    pub before_access: Option<bool>,
    /// True if the rules require a new proof after a change of identity or a re-hire.
    pub renewed_on_change: Option<bool>,
}

/// Rules on video verification (DD-11).
#[derive(JsonSchema)]
pub struct VideoRules {
    /// True if the rules require video verification.
    pub required: Option<bool>,
    /// Role classes the requirement applies to, as in `role_class` of workers. Leave it out if it applies to all.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub role_classes: Option<Vec<String>>,
    /// True if the rules require the person to physically hold an identity document up to the camera.
    pub document_held_to_camera: Option<bool>,
    /// Types of identity document that the rules accept.
    pub accepted_documents: Option<Vec<IdentityDocumentType>>,
    /// True if the rules require the person to show their location.
    pub location_shown: Option<bool>,
    /// True if the rules ask for the camera to be pointed outside.
    pub camera_directed_outside: Option<bool>,
    /// Decision not to ask for the location or for the camera pointed outside, with the reason. Leave it out if the
    /// rules ask for both.
    pub location_decision: Option<Decision>,
    /// True if the rules exclude the recruiter and anyone from the vendor as verifier.
    pub independent_verifier: Option<bool>,
    /// True if the rules require the verification before the first access.
    pub before_access: Option<bool>,
    /// Number of days after which the verification must be repeated.
    #[schemars(range(min = 1))]
    pub repeat_every_days: Option<u32>,
}

/// Rules on freelance platforms (DD-15).
#[derive(JsonSchema)]
pub struct PlatformRules {
    /// True if the rules allow approved platforms only.
    pub approved_only: Option<bool>,
    /// True if the rules approve only platforms with robust verification of identity.
    pub identity_verification_required: Option<bool>,
    /// True if the rules approve only platforms with robust verification of qualifications.
    pub skills_verification_required: Option<bool>,
    /// True if the rules require the reputation of a platform to be reviewed.
    pub reputation_reviewed: Option<bool>,
    /// True if the rules prohibit moving payment or communication off the platform, or require approval for it.
    pub off_platform_restricted: Option<bool>,
    /// Maximum number of days between two reviews of a platform.
    #[schemars(range(min = 1))]
    pub review_every_days: Option<u32>,
}

/// Rules on IT competitions (DD-16).
#[derive(JsonSchema)]
pub struct CompetitionRules {
    /// True if the rules avoid recruiting freelancers directly through IT competitions.
    pub direct_recruiting_avoided: Option<bool>,
    /// True if the rules require additional identity verification for people met at a competition.
    pub reinforced_checks_required: Option<bool>,
    /// Additional verifications that such people must pass.
    pub reinforced_checks: Option<Vec<ReinforcedCheckType>>,
    /// Channels through which the organisation recruits.
    pub recruiting_channels: Option<Vec<super::worker::SourceType>>,
}

/// Written rules on background checks (DD-01, DD-02, DD-03).
#[derive(JsonSchema)]
#[schemars(example = background_check_rules_example())]
pub struct BackgroundCheckRules {
    /// Always `background-check-rules`.
    #[schemars(extend("const" = "background-check-rules"))]
    pub kind: String,
    /// Unique id of these rules, without spaces or `@`.
    pub id: RecordId,
    #[schemars(flatten)]
    pub head: RuleHead,
    /// True if the rules require every vendor to document its background-check process (DD-01).
    pub vendor_documentation_required: Option<bool>,
    /// Number of days within which the documentation must arrive to count as readily provided (DD-01).
    #[schemars(range(min = 1))]
    pub vendor_response_days: Option<u32>,
    /// True if the rules treat undocumented vendor checks as not performed, so that the organisation makes its own
    /// (DD-01).
    pub assumed_not_performed: Option<bool>,
    /// Number of days after which a vendor must renew its documentation (DD-01).
    #[schemars(range(min = 1))]
    pub vendor_documentation_max_days: Option<u32>,
    /// True if the rules require vendors to be searched on sanctions lists.
    pub vendors_screened: Option<bool>,
    /// True if the rules require the organisation's own check on each person that a vendor provides (DD-02).
    pub individuals_checked: Option<bool>,
    /// True if the rules say that a check by a vendor or its affiliate never replaces the organisation's own (DD-02).
    pub vendor_checks_insufficient: Option<bool>,
    /// True if the rules require a complete check before the start or the first access (DD-02).
    pub before_access: Option<bool>,
    /// True if the rules require a new check when one person replaces another (DD-02).
    pub substitutes_checked: Option<bool>,
    /// What the check must cover.
    #[schemars(length(min = 1))]
    pub scope: Option<Vec<CheckScope>>,
    /// Number of days after which a check must be renewed.
    #[schemars(range(min = 1))]
    pub check_max_days: Option<u32>,
    /// True if the rules refuse documents from untrusted or unknown authorities (DD-03).
    pub untrusted_issuers_refused: Option<bool>,
    /// True if the rules require a reviewed list of trusted issuers (DD-03).
    pub issuers_registered: Option<bool>,
    /// True if the rules require trust to be decided by review instead of by country (DD-03).
    pub issuers_judged_by_review: Option<bool>,
    /// True if the rules provide a release form that lets the organisation make the check itself (DD-03).
    pub release_form_provided: Option<bool>,
    /// Blank release form (DD-03).
    pub release_form: Option<Evidence>,
    /// True if the rules require the legal disclosure to be given before the check.
    pub disclosure_given: Option<bool>,
    /// True if the rules ask the same of everyone in a role class.
    pub uniform: Option<bool>,
}

/// Written rules on keeping records of interactions (DD-06).
#[derive(JsonSchema)]
#[schemars(example = record_keeping_rules_example())]
pub struct RecordKeepingRules {
    /// Always `record-keeping-rules`.
    #[schemars(extend("const" = "record-keeping-rules"))]
    pub kind: String,
    /// Unique id of these rules, without spaces or `@`.
    pub id: RecordId,
    #[schemars(flatten)]
    pub head: RuleHead,
    /// True if the rules require records of all interactions with potential employees to be kept.
    pub all_interactions_kept: Option<bool>,
    /// True if the rules require video interviews to be recorded and the recordings kept.
    pub video_interviews_recorded: Option<bool>,
    /// True if the rules also cover candidates who are not hired.
    pub covers_rejected_candidates: Option<bool>,
    /// True if the rules require consent to recording.
    pub consent_required: Option<bool>,
    /// What is done when a person declines to be recorded, such as written notes by two people.
    pub declined_recording_procedure: Option<FreeText>,
    /// True if the rules require counsel to decide on requests for deletion, and the decision to be documented.
    pub deletion_requests_decided: Option<bool>,
    /// Minimum number of interviews before an offer.
    pub min_interviews: Option<u32>,
    /// Retention period of each type of interaction.
    pub retention: Option<Vec<Retention>>,
    /// True if the rules limit access to the records to named roles.
    pub access_limited: Option<bool>,
    /// True if the rules require a hash of each recording to be kept.
    pub hashes_kept: Option<bool>,
    /// Maximum number of days between two sample reviews of the records.
    #[schemars(range(min = 1))]
    pub sample_every_days: Option<u32>,
    /// Date of the latest sample review.
    pub sampled_on: Option<Date>,
    /// Employee id or role of the person who did the sample review.
    pub sampled_by: Option<Person>,
    /// Results of the latest sample review.
    pub sample: Option<Evidence>,
}

/// Retention period of one type of interaction.
#[derive(JsonSchema)]
pub struct Retention {
    /// Type of interaction.
    pub interaction_type: super::interaction::InteractionType,
    /// Number of days the record is kept, counted from the date of the interaction.
    pub days: u32,
}

fn device_shipping_rules_example() -> Value {
    example(
        r#"{
  "kind": "device-shipping-rules", "id": "shipping", "title": "Shipping of devices", "status": "in-force",
  "document": {"ref": "policies/shipping.md"}, "adopted_on": "2025-03-01", "reviewed_on": "2026-03-01", "approved_by": "cio",
  "applies_to": ["employee", "contractor", "freelancer", "vendor-supplied"], "signature_required": true,
  "accepted_signatures": ["adult", "direct"], "designated_locations_only": true, "designated_before_shipping": true,
  "redirects_prevented": true, "mail_drops_prohibited": true, "pickup_identity_check": true, "checks_before_shipping": true,
  "carriers": [{"carrier": "Example Parcel", "default_signature": "adult", "redirects_blocked": true, "observed_on": "2026-05-01",
    "grade": "enforced"}]
}"#,
    )
}

fn hiring_rules_example() -> Value {
    example(
        r#"{
  "kind": "hiring-rules", "id": "hiring", "title": "Hiring and verification", "status": "in-force",
  "document": {"ref": "policies/hiring.md"}, "adopted_on": "2025-03-01", "reviewed_on": "2026-03-01",
  "approved_by": "chief-people-officer", "applies_to": ["contractor", "freelancer", "vendor-supplied"],
  "bank": {"document_required": true, "accepted_documents": ["voided-check", "certified-letter"], "document_before_payment": true,
    "document_on_change": true, "check_numbers_verified": true, "routing_numbers_verified": true,
    "money_service_businesses_excluded": true},
  "identity": {"notarized_required": true, "role_classes": ["engineering-contractor"], "before_access": true},
  "video": {"required": true, "document_held_to_camera": true, "location_shown": true, "camera_directed_outside": true,
    "independent_verifier": true, "repeat_every_days": 365},
  "platforms": {"approved_only": true, "identity_verification_required": true, "skills_verification_required": true},
  "competitions": {"direct_recruiting_avoided": true, "reinforced_checks_required": true,
    "reinforced_checks": ["own-check", "notarized-identity", "independent-references"], "recruiting_channels": ["direct", "vendor"]},
  "education_verified_directly": true, "online_profiles_reviewed": true, "uniform": true, "forbids_discrimination": true
}"#,
    )
}

fn background_check_rules_example() -> Value {
    example(
        r#"{
  "kind": "background-check-rules", "id": "background-checks", "title": "Background checks", "status": "in-force",
  "document": {"ref": "policies/background-checks.md"}, "adopted_on": "2025-03-01", "reviewed_on": "2026-03-01",
  "approved_by": "chief-people-officer", "applies_to": ["contractor", "freelancer", "vendor-supplied"],
  "vendor_documentation_required": true, "vendor_response_days": 14, "assumed_not_performed": true, "individuals_checked": true,
  "vendor_checks_insufficient": true, "before_access": true, "substitutes_checked": true, "check_max_days": 730,
  "untrusted_issuers_refused": true, "issuers_registered": true, "release_form_provided": true,
  "release_form": {"ref": "policies/forms/release.pdf"}, "uniform": true
}"#,
    )
}

fn record_keeping_rules_example() -> Value {
    example(
        r#"{
  "kind": "record-keeping-rules", "id": "records", "title": "Keeping records of interactions", "status": "in-force",
  "document": {"ref": "policies/records.md"}, "adopted_on": "2025-03-01", "reviewed_on": "2026-03-01", "approved_by": "general-counsel",
  "all_interactions_kept": true, "video_interviews_recorded": true, "covers_rejected_candidates": true, "consent_required": true,
  "min_interviews": 2, "retention": [{"interaction_type": "video-interview", "days": 1095}], "access_limited": true,
  "sample_every_days": 92, "sampled_on": "2026-05-12", "sampled_by": "internal-audit"
}"#,
    )
}
