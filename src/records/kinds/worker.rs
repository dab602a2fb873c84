//! A worker or candidate, from first contact to the last day.
//!
//! The *engagement* says how the person is engaged, the *source* how the organisation found them, the *role class*
//! which people must be treated alike. The *residence* is where the person says they live and work. What verifies the
//! person stands in `person.rs` (identity, background checks, bank) and `hiring.rs` (video, education, references).

use super::common::*;
use super::hiring::{
    ClaimVerification, OnlineProfileReview, Reference, ReinforcedCheck, Resume, VideoVerification,
};
use super::person::{
    Bank, Identity, OwnCheck, PaidBy, PaymentMethod, PaymentMethodChange, PaymentRequest, ReleaseForm,
    SuppliedCheck,
};
use schemars::JsonSchema;
use serde_json::Value;

/// A person who works for the organisation, or may. Never holds nationality, origin, language, age or appearance.
#[derive(JsonSchema)]
#[schemars(example = worker_example())]
pub struct Worker {
    /// Always `worker`.
    #[schemars(extend("const" = "worker"))]
    pub kind: String,
    /// Id of the worker, as other records name it; not an e-mail address or a name.
    pub id: RecordId,
    /// Name of the person. May be left out.
    pub name: Option<Name>,
    /// How the person is engaged.
    pub engagement: Option<Engagement>,
    /// Where the relation stands.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub status: Option<WorkerStatus>,
    /// Job title or task.
    pub role: Option<String>,
    /// Class of people the same verification is asked of, e.g. `engineering-contractor`. Uneven application within one class is reported.
    pub role_class: Option<String>,
    /// True if the role has privileged access; some checks are then renewed sooner.
    pub privileged: Option<bool>,
    /// True if the person works outside the organisation's premises.
    pub remote: Option<bool>,
    /// True if the work is IT work. `false` counts only while the person has no access, account or device.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub it_work: Option<bool>,
    /// Country the work is agreed to be done in.
    pub work_country: Option<Country>,
    /// Staff member who directs the work; not someone from the vendor.
    pub manager: Option<Person>,
    /// Staff member who recruited; must not be the one who verifies.
    pub recruiter: Option<Person>,
    /// Day of the first contact.
    pub first_contact_on: Option<Date>,
    /// Day of the offer.
    pub offer_on: Option<Date>,
    /// First day of work.
    pub start_on: Option<DayAhead>,
    /// Last day of work; absent while it goes on.
    pub end_on: Option<DayAhead>,
    /// Day of re-hire, if the person worked here before.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub rehired_on: Option<DayAhead>,
    /// Day of the first access to a company system.
    pub first_access_on: Option<Date>,
    /// Day of the first payment; absent while unpaid.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub first_payment_on: Option<Date>,
    /// The vendor that supplies the person (DD-01, DD-02).
    pub vendor: Option<VendorRef>,
    /// Work order or contract number with the vendor.
    pub work_order: Option<String>,
    /// The worker whom this person replaced under the same work order (DD-02).
    pub replaces: Option<WorkerRef>,
    /// How the organisation found the person (DD-15, DD-16).
    pub source: Option<Source>,
    /// E-mail address the person uses with the organisation during hiring.
    pub email: Option<Email>,
    /// Telephone number.
    pub phone: Option<Phone>,
    /// Kind of telephone line.
    pub phone_type: Option<PhoneType>,
    /// Changes of e-mail address or telephone number.
    pub contact_changes: Option<Vec<ContactChange>>,
    /// Account names of the person in company systems.
    pub accounts: Option<Vec<Account>>,
    /// Where the person lives and works, as claimed (DD-12).
    pub residence: Option<Address>,
    /// Since when.
    pub residence_since_on: Option<Date>,
    /// What an address service says about the residence (RF-05).
    pub residence_check: Option<AddressCheck>,
    /// Coordinates of the residence, if the organisation determined them (DD-12).
    pub residence_latitude: Option<Latitude>,
    /// Coordinates of the residence, if the organisation determined them (DD-12).
    pub residence_longitude: Option<Longitude>,
    /// True if the residence is the address on the identity document.
    pub residence_matches_identity: Option<bool>,
    /// Day the residence was verified.
    pub residence_verified_on: Option<Date>,
    /// What verifies the residence.
    pub residence_document: Option<Evidence>,
    /// Changes of residence or delivery address, oldest first (RF-05).
    pub residence_changes: Option<Vec<ResidenceChange>>,
    /// Workers known to share the household; explains a shared address.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub household_with: Option<Vec<WorkerRef>>,
    /// Proof of identity (DD-10).
    pub identity: Option<Identity>,
    /// The organisation's own background check on the person (DD-02, DD-03).
    pub own_check: Option<OwnCheck>,
    /// Background-check documents that others handed in (DD-03).
    pub supplied_checks: Option<Vec<SuppliedCheck>>,
    /// Form by which the person allows the organisation to make the check itself (DD-03).
    pub release_form: Option<ReleaseForm>,
    /// Who pays the person. An account, a payment or a way of payment on the same record can contradict it.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub paid_by: Option<PaidBy>,
    /// How the person is paid.
    pub payment_method: Option<PaymentMethod>,
    /// The account the person is paid on (DD-04, DD-05).
    pub bank: Option<Bank>,
    /// Requests for money outside the agreed schedule (RF-07).
    pub payment_requests: Option<Vec<PaymentRequest>>,
    /// Changes of payment method or payee asked for or made (RF-09).
    pub payment_method_changes: Option<Vec<PaymentMethodChange>>,
    /// Verification by live video (DD-11).
    pub video_verification: Option<VideoVerification>,
    /// Claimed degrees, verified with the institution itself (RF-06). Asked of everyone alike.
    pub education_verifications: Option<Vec<ClaimVerification>>,
    /// Claimed jobs, verified with the employer itself.
    pub employment_verifications: Option<Vec<ClaimVerification>>,
    /// Reference contacts.
    pub references: Option<Vec<Reference>>,
    /// The résumé.
    pub resume: Option<Resume>,
    /// Review of social-media and other online profiles (RF-04).
    pub online_profile_review: Option<OnlineProfileReview>,
    /// Extra verification, as for people met at a competition (DD-16).
    pub reinforced_checks: Option<Vec<ReinforcedCheck>>,
    /// The person was told to shut off commercial VPNs when accessing company networks (DD-13).
    pub commercial_vpn_notice: Option<Notice>,
    /// True if the person reaches company systems by the corporate VPN.
    pub corporate_vpn: Option<bool>,
    /// The person was told that remote desktop applications are prohibited for work (DD-07).
    pub remote_desktop_notice: Option<Notice>,
    /// The person was told of monitoring on the device (DD-08).
    pub monitoring_notice: Option<Notice>,
    /// The person was told of the geolocation of the device (DD-12).
    pub geolocation_notice: Option<Notice>,
    /// Agreed stays away from the residence (DD-12).
    pub travel: Option<Vec<Travel>>,
    /// Remarks.
    pub notes: Option<FreeText>,
}

/// Where the relation with a person stands: `candidate`, `offered`, `active`, `suspended`, `ended`, `rejected`, `withdrawn`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum WorkerStatus {
    Candidate,
    Offered,
    Active,
    Suspended,
    Ended,
    Rejected,
    Withdrawn,
}

/// Kind of telephone line: `mobile`, `landline`, `voip` (over the internet), `unknown`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", extend("x-duly-unknown" = ["unknown"]))]
pub enum PhoneType {
    Mobile,
    Landline,
    Voip,
    Unknown,
}

/// How the organisation found a person.
#[derive(JsonSchema)]
pub struct Source {
    /// `direct` (applied or was approached), `referral`, `vendor`, `platform` (freelance platform), `competition` (hackathon, coding contest, bug bounty), `job-board`, `agency`.
    pub r#type: Option<SourceType>,
    /// The platform (DD-15).
    pub platform: Option<PlatformRef>,
    /// True if the person's own account bears the platform's verified badge.
    pub verified_badge: Option<bool>,
    /// Day the badge was seen.
    pub verified_badge_on: Option<Date>,
    /// What shows the badge.
    pub verified_badge_document: Option<Evidence>,
    /// Contract on the platform.
    pub contract: Option<Evidence>,
    /// Day the person moved payment or communication off the platform, or asked to (DD-15, RF-09).
    pub moved_off_platform_on: Option<Date>,
    /// Day the platform account was suspended, or replaced by another (RF-09).
    pub account_changed_on: Option<Date>,
    /// Name of the competition (DD-16).
    pub competition: Option<String>,
    /// True if the person was recruited directly out of the competition (DD-16).
    pub recruited_from_competition: Option<bool>,
    /// The worker who referred the person.
    pub referred_by: Option<WorkerRef>,
    /// The staff member who referred the person.
    pub referred_by_staff: Option<Person>,
}

/// Way of finding a person.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum SourceType {
    Direct,
    Referral,
    Vendor,
    Platform,
    Competition,
    JobBoard,
    Agency,
}

/// A change of e-mail address or telephone number.
#[derive(JsonSchema)]
pub struct ContactChange {
    /// Day of the change.
    pub changed_on: Option<Date>,
    /// What changed: `email` or `phone`.
    pub changed: Option<ContactType>,
    /// Reason given.
    pub reason: Option<FreeText>,
}

/// Kind of contact detail.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ContactType {
    Email,
    Phone,
}

/// A change of residence or delivery address.
#[derive(JsonSchema)]
pub struct ResidenceChange {
    /// Day of the change, or of the request for it.
    pub changed_on: Option<Date>,
    /// Address before.
    pub from: Option<Address>,
    /// Address after.
    pub to: Option<Address>,
    /// Reason given.
    pub reason: Option<FreeText>,
    /// Day the new address was verified.
    pub verified_on: Option<Date>,
    /// Who verified it.
    pub verified_by: Option<Person>,
    /// What verifies it.
    pub document: Option<Evidence>,
}

/// An agreed stay away from the residence.
#[derive(JsonSchema)]
pub struct Travel {
    /// First day.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub start_on: Option<DayAhead>,
    /// Last day.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub end_on: Option<DayAhead>,
    /// Country of the stay.
    pub country: Option<Country>,
    /// State or province of the stay.
    pub region: Option<String>,
    /// Postal code of the stay.
    pub postal_code: Option<AddressText>,
    /// Reason.
    pub reason: Option<FreeText>,
    /// Who approved it.
    pub approved_by: Option<Person>,
    /// Day of approval.
    pub approved_on: Option<Date>,
    /// The written approval.
    pub document: Option<Evidence>,
}

fn worker_example() -> Value {
    example(
        r#"{
  "kind": "worker", "id": "w-1001", "name": "Example Person", "engagement": "vendor-supplied", "status": "active",
  "role": "backend developer", "role_class": "engineering-contractor", "privileged": false, "remote": true, "it_work": true,
  "work_country": "US", "manager": "staff-020", "recruiter": "staff-010", "first_contact_on": "2026-01-10",
  "offer_on": "2026-02-02", "start_on": "2026-02-16", "first_access_on": "2026-02-16", "first_payment_on": "2026-03-01",
  "vendor": "acme-staffing", "work_order": "WO-0042", "source": {"type": "vendor"},
  "email": "person@example.org", "phone": "+1-202-555-0100", "phone_type": "mobile",
  "residence": {"street": "1 Example Street", "city": "Springfield", "region": "IL", "postal_code": "62701", "country": "US"},
  "residence_since_on": "2023-05-01", "residence_matches_identity": true,
  "identity": {"document_type": "passport", "document_hash": "hmac-00000000000000000001", "verified_on": "2026-01-28",
    "verified_by": "staff-011", "name_matches": true,
    "notarized": {"act_on": "2026-01-27", "document": {"ref": "store://identity/w-1001-notarized"}, "notary_name": "Example Notary",
      "commission_region": "IL", "commission_number": "748213", "commission_expires_on": "2028-01-01",
      "remote_online": false, "name_matches": true}},
  "own_check": {"performed_by": "own-check-agency", "issuer": "example-screening", "ordered_on": "2026-01-29",
    "completed_on": "2026-02-06", "scope": ["identity", "employment-history", "education"], "result": "passed"},
  "release_form": {"offered_on": "2026-01-28", "signed_on": "2026-01-28", "document": {"ref": "store://checks/w-1001-release"}},
  "paid_by": "organization", "payment_method": "bank-transfer",
  "bank": {"document_type": "voided-check", "document_on": "2026-02-10", "document": {"ref": "store://bank/w-1001"},
    "routing_number": "011000015", "check_number": "0101", "check_number_verified": true, "institution": "Example National Bank",
    "institution_type": "bank", "money_service_business": false, "holder_matches_identity": true,
    "account_hash": "hmac-00000000000000000002", "payee_type": "worker", "verified_by": "staff-030",
    "verified_on": "2026-02-11", "verification_method": "institution-contacted"},
  "video_verification": {"verified_on": "2026-01-30", "verifier": "staff-011", "verifier_role": "human-resources",
    "document_held_to_camera": true, "document_types": ["passport"], "face_match": true, "location_shown": true,
    "location_shown_how": "camera-directed-outside", "recording": {"ref": "store://recordings/w-1001-video"}},
  "education_verifications": [{"claim": "degree-1", "verified_directly": true, "contact_found_independently": true,
    "verified_on": "2026-02-03", "verified_by": "staff-011", "result": "passed"}],
  "commercial_vpn_notice": {"given_on": "2026-02-16", "acknowledged_on": "2026-02-16"},
  "monitoring_notice": {"given_on": "2026-02-16", "acknowledged_on": "2026-02-16"},
  "geolocation_notice": {"given_on": "2026-02-16", "acknowledged_on": "2026-02-16"}
}"#,
    )
}
