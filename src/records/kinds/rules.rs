//! Rules on paper: what the organisation's written rules demand of shipping, hiring, background checks and records.
//!
//! Each field states one demand: `true` if the text makes it, `false` if it does not. Leave out what no one has read up.
//! A rule is declared evidence only; the records of workers, devices and shipments show the practice.

use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// What the organisation demands about shipping devices (DD-09).
#[derive(JsonSchema)]
#[schemars(example = device_shipping_rules_example())]
pub struct DeviceShippingRules {
    /// Always `device-shipping-rules`.
    #[schemars(extend("const" = "device-shipping-rules"))]
    pub kind: String,
    /// Id of the rules.
    pub id: RecordId,
    #[schemars(flatten)]
    pub head: RuleHead,
    /// True if every company device must be delivered against signature.
    pub signature_required: Option<bool>,
    /// Signatures that will do.
    pub accepted_signatures: Option<Vec<Signature>>,
    /// True if devices are sent to designated work locations only.
    pub designated_locations_only: Option<bool>,
    /// True if a location must be designated and approved before anything is shipped there.
    pub designated_before_shipping: Option<bool>,
    /// Who approves locations.
    pub locations_approved_by: Option<Person>,
    /// True if another address than the one on the identity document needs further documents.
    pub other_address_documented: Option<bool>,
    /// True if redirecting, holding or forwarding a parcel is ruled out with the carrier.
    pub redirects_prevented: Option<bool>,
    /// True if mailbox stores, private mailboxes and freight forwarders are ruled out unless approved.
    pub mail_drops_prohibited: Option<bool>,
    /// True if a person who collects at a pick-up point must show an identity document.
    pub pickup_identity_check: Option<bool>,
    /// True if nothing is shipped before the worker's checks are complete.
    pub checks_before_shipping: Option<bool>,
    /// True if the worker must confirm the serial number.
    pub serial_confirmed: Option<bool>,
    /// Settings at carriers that put these rules into force.
    pub carriers: Option<Vec<CarrierSetting>>,
}

/// Setting at a carrier.
#[derive(JsonSchema)]
pub struct CarrierSetting {
    /// Name of the carrier.
    pub carrier: Option<String>,
    /// Signature ordered by default.
    pub default_signature: Option<Signature>,
    /// True if redirects by the recipient are blocked.
    pub redirects_blocked: Option<bool>,
    /// Day it was seen.
    pub observed_on: Option<Date>,
    /// How strong the evidence is.
    pub grade: Option<Grade>,
    /// What shows it.
    pub document: Option<Evidence>,
}

/// What the organisation demands about hiring and verifying people (DD-04, DD-05, DD-10, DD-11, DD-15, DD-16 and the red flags).
#[derive(JsonSchema)]
#[schemars(example = hiring_rules_example())]
pub struct HiringRules {
    /// Always `hiring-rules`.
    #[schemars(extend("const" = "hiring-rules"))]
    pub kind: String,
    /// Id of the rules.
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
    /// True if online profiles are compared with the résumé for everyone (RF-04).
    pub online_profiles_reviewed: Option<bool>,
    /// True if every claimed degree is verified with the institution itself (RF-06).
    pub education_verified_directly: Option<bool>,
    /// True if employment is verified with the employers themselves.
    pub employment_verified_directly: Option<bool>,
    /// True if contact details for that are looked up independently.
    pub contacts_found_independently: Option<bool>,
    /// True if coding tests and interviews are assessed on a form by at least two people (RF-03).
    pub assessments_structured: Option<bool>,
    /// True if refusing the camera is noted and followed up, with accommodation where due (RF-01).
    pub camera_refusal_followed_up: Option<bool>,
    /// True if a meeting in person or drug test may be asked of everyone in a class, with an alternative (RF-02).
    pub attendance_requests_uniform: Option<bool>,
    /// True if applicants are compared with each other for shared contact details and résumés.
    pub duplicates_searched: Option<bool>,
    /// True if the same is asked of everyone in a role class.
    pub uniform: Option<bool>,
    /// True if deciding by nationality, ethnicity, language, accent or appearance is forbidden.
    pub forbids_discrimination: Option<bool>,
}

/// Rules on bank documents and payment.
#[derive(JsonSchema)]
pub struct BankRules {
    /// True if a voided check or certified documentation from the institution is requested of everyone paid (DD-04).
    pub document_required: Option<bool>,
    /// Documents that will do (DD-04).
    pub accepted_documents: Option<Vec<BankDocumentType>>,
    /// True if the document must be in hand before the first payment (DD-04).
    pub document_before_payment: Option<bool>,
    /// True if a change of account needs a new document (DD-04).
    pub document_on_change: Option<bool>,
    /// True if the account holder must be the verified person (DD-04).
    pub holder_verified: Option<bool>,
    /// True if check numbers are verified against an actual bank (DD-05).
    pub check_numbers_verified: Option<bool>,
    /// True if routing numbers are verified against an actual bank (DD-05).
    pub routing_numbers_verified: Option<bool>,
    /// True if accounts of money service businesses are ruled out (DD-05).
    pub money_service_businesses_excluded: Option<bool>,
    /// True if accounts are compared to find one used by several workers (DD-05).
    pub shared_accounts_searched: Option<bool>,
    /// True if payment in virtual currency is ruled out.
    pub virtual_currency_prohibited: Option<bool>,
    /// True if payment to third parties is ruled out.
    pub third_party_payees_prohibited: Option<bool>,
    /// True if payment before delivery is ruled out or needs approval (RF-07).
    pub prepayment_restricted: Option<bool>,
    /// True if repeated changes of account or method are reviewed (RF-09).
    pub changes_reviewed: Option<bool>,
}

/// Rules on proof of identity (DD-10).
#[derive(JsonSchema)]
pub struct IdentityRules {
    /// True if notarized proof of identity is required.
    pub notarized_required: Option<bool>,
    /// Role classes it is required of; absent if of all.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub role_classes: Option<Vec<String>>,
    /// True if remote online notarization will do.
    pub remote_online_accepted: Option<bool>,
    /// True if the notary's commission must be looked up.
    pub commission_verified: Option<bool>,
    /// True if it must be there before the first access.
    pub before_access: Option<bool>,
    /// True if a changed identity or a re-hire needs new proof.
    pub renewed_on_change: Option<bool>,
}

/// Rules on video verification (DD-11).
#[derive(JsonSchema)]
pub struct VideoRules {
    /// True if video verification is required.
    pub required: Option<bool>,
    /// Role classes it is required of; absent if of all.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub role_classes: Option<Vec<String>>,
    /// True if the person must physically hold an identity document up to the camera.
    pub document_held_to_camera: Option<bool>,
    /// Types of document that will do.
    pub accepted_documents: Option<Vec<IdentityDocumentType>>,
    /// True if the person must show where they are.
    pub location_shown: Option<bool>,
    /// True if directing the camera outside is asked for.
    pub camera_directed_outside: Option<bool>,
    /// Why the rules do not ask for the location or for the camera directed outside, where that was considered.
    pub location_decision: Option<Decision>,
    /// True if the verifier may not be the recruiter or of the vendor.
    pub independent_verifier: Option<bool>,
    /// True if it must be done before the first access.
    pub before_access: Option<bool>,
    /// Days after which it must be repeated.
    #[schemars(range(min = 1))]
    pub repeat_every_days: Option<u32>,
}

/// Rules on freelance platforms (DD-15).
#[derive(JsonSchema)]
pub struct PlatformRules {
    /// True if only approved platforms may be used.
    pub approved_only: Option<bool>,
    /// True if approval needs robust verification of identity.
    pub identity_verification_required: Option<bool>,
    /// True if approval needs robust verification of qualifications.
    pub skills_verification_required: Option<bool>,
    /// True if the reputation of a platform is checked.
    pub reputation_reviewed: Option<bool>,
    /// True if moving payment or communication off the platform is ruled out or needs approval.
    pub off_platform_restricted: Option<bool>,
    /// Longest time between two reviews of a platform, in days.
    #[schemars(range(min = 1))]
    pub review_every_days: Option<u32>,
}

/// Rules on IT competitions (DD-16).
#[derive(JsonSchema)]
pub struct CompetitionRules {
    /// True if recruiting freelancers directly through IT competitions is avoided.
    pub direct_recruiting_avoided: Option<bool>,
    /// True if people met at a competition get reinforced verification of identity.
    pub reinforced_checks_required: Option<bool>,
    /// Verification that such people must pass.
    pub reinforced_checks: Option<Vec<ReinforcedCheckType>>,
    /// Channels the organisation recruits by.
    pub recruiting_channels: Option<Vec<super::worker::SourceType>>,
}

/// What the organisation demands about background checks (DD-01, DD-02, DD-03).
#[derive(JsonSchema)]
#[schemars(example = background_check_rules_example())]
pub struct BackgroundCheckRules {
    /// Always `background-check-rules`.
    #[schemars(extend("const" = "background-check-rules"))]
    pub kind: String,
    /// Id of the rules.
    pub id: RecordId,
    #[schemars(flatten)]
    pub head: RuleHead,
    /// True if documentation of its process is requested of every vendor (DD-01).
    pub vendor_documentation_required: Option<bool>,
    /// Days within which it must come to count as readily provided (DD-01).
    #[schemars(range(min = 1))]
    pub vendor_response_days: Option<u32>,
    /// True if, without it, checks are assumed not performed and the organisation makes its own (DD-01).
    pub assumed_not_performed: Option<bool>,
    /// Days after which the documentation must be renewed (DD-01).
    #[schemars(range(min = 1))]
    pub vendor_documentation_max_days: Option<u32>,
    /// True if vendors are searched on sanctions lists.
    pub vendors_screened: Option<bool>,
    /// True if the organisation makes its own check on each individual that a vendor provides (DD-02).
    pub individuals_checked: Option<bool>,
    /// True if a vendor's or its affiliate's check never counts as that (DD-02).
    pub vendor_checks_insufficient: Option<bool>,
    /// True if the check is complete before start or first access (DD-02).
    pub before_access: Option<bool>,
    /// True if a replaced person needs a new check (DD-02).
    pub substitutes_checked: Option<bool>,
    /// What the check must look at.
    #[schemars(length(min = 1))]
    pub scope: Option<Vec<CheckScope>>,
    /// Days after which a check must be renewed.
    #[schemars(range(min = 1))]
    pub check_max_days: Option<u32>,
    /// True if documentation from untrusted or unknown authorities is refused (DD-03).
    pub untrusted_issuers_refused: Option<bool>,
    /// True if a list of trusted issuers is kept and reviewed (DD-03).
    pub issuers_registered: Option<bool>,
    /// True if trust is decided by review and not by country (DD-03).
    pub issuers_judged_by_review: Option<bool>,
    /// True if a release form is provided so that the organisation makes the check itself (DD-03).
    pub release_form_provided: Option<bool>,
    /// The release form (DD-03).
    pub release_form: Option<Evidence>,
    /// True if the legal disclosure is given first.
    pub disclosure_given: Option<bool>,
    /// True if the same is asked of everyone in a role class.
    pub uniform: Option<bool>,
}

/// What the organisation demands about keeping records of interactions (DD-06).
#[derive(JsonSchema)]
#[schemars(example = record_keeping_rules_example())]
pub struct RecordKeepingRules {
    /// Always `record-keeping-rules`.
    #[schemars(extend("const" = "record-keeping-rules"))]
    pub kind: String,
    /// Id of the rules.
    pub id: RecordId,
    #[schemars(flatten)]
    pub head: RuleHead,
    /// True if records of all interactions with potential employees are kept.
    pub all_interactions_kept: Option<bool>,
    /// True if video interviews are recorded and the recordings kept.
    pub video_interviews_recorded: Option<bool>,
    /// True if that holds for candidates who are not hired too.
    pub covers_rejected_candidates: Option<bool>,
    /// True if consent to recording is asked for.
    pub consent_required: Option<bool>,
    /// What is done when a person declines to be recorded, e.g. written notes by two people.
    pub declined_recording_procedure: Option<FreeText>,
    /// True if requests for deletion are decided by counsel and documented.
    pub deletion_requests_decided: Option<bool>,
    /// Least number of interviews before an offer.
    pub min_interviews: Option<u32>,
    /// Days each kind of record is kept.
    pub retention: Option<Vec<Retention>>,
    /// True if only named roles can see the records.
    pub access_limited: Option<bool>,
    /// True if a hash of each recording is kept.
    pub hashes_kept: Option<bool>,
    /// Longest time between two samples, in days.
    #[schemars(range(min = 1))]
    pub sample_every_days: Option<u32>,
    /// Day of the last sample.
    pub sampled_on: Option<Date>,
    /// Who took it.
    pub sampled_by: Option<Person>,
    /// What it found.
    pub sample: Option<Evidence>,
}

/// How long one kind of record is kept.
#[derive(JsonSchema)]
pub struct Retention {
    /// Kind of interaction.
    pub interaction_type: super::interaction::InteractionType,
    /// Days it is kept, counted from the interaction.
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
