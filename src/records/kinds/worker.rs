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

/// A person who works, or may work, for the organisation. Never record nationality, origin, language, age or
/// appearance.
#[derive(JsonSchema)]
#[schemars(example = worker_example())]
pub struct Worker {
    /// Always `worker`.
    #[schemars(extend("const" = "worker"))]
    pub kind: String,
    /// Unique id of the worker, without spaces or `@`; neither a name nor an e-mail address. Other records refer to
    /// it.
    pub id: RecordId,
    /// Name of the person. It may be left out.
    pub name: Option<Name>,
    /// How the person is engaged. A `contractor` has a contract with the organisation, a `freelancer` is hired per
    /// job, often through a platform, and a `vendor-supplied` person comes from a staffing firm or outsourcing
    /// company.
    pub engagement: Option<Engagement>,
    /// Status of the relationship with the person. The organisation decides on `rejected`, the person on `withdrawn`.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub status: Option<WorkerStatus>,
    /// Job title or task, such as `backend developer`.
    pub role: Option<String>,
    /// Class of people who undergo the same verification, such as `engineering-contractor`. Uneven verification
    /// within one class is reported.
    pub role_class: Option<String>,
    /// True if the role has privileged access. Some checks are then renewed sooner.
    pub privileged: Option<bool>,
    /// True if the person works outside the organisation's premises.
    pub remote: Option<bool>,
    /// True if the work is IT work; if it is left out, it counts as IT work. `false` counts only while the person has
    /// no access, account or device.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub it_work: Option<bool>,
    /// Country where the work is agreed to be done, two capital letters.
    pub work_country: Option<Country>,
    /// Employee id or role of the person who directs the work; not anyone from the vendor.
    pub manager: Option<Person>,
    /// Employee id or role of the person who recruited the worker. It must not be the person who verifies.
    pub recruiter: Option<Person>,
    /// Date of the first contact with the person.
    pub first_contact_on: Option<Date>,
    /// Date of the offer.
    pub offer_on: Option<Date>,
    /// First day of work; it may be in the future.
    pub start_on: Option<DayAhead>,
    /// Last day of work; it may be in the future. Leave it out while no end is agreed.
    pub end_on: Option<DayAhead>,
    /// First day after a re-hire. Leave it out if the person was never re-hired.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub rehired_on: Option<DayAhead>,
    /// Date the person first accessed a company system.
    pub first_access_on: Option<Date>,
    /// Date of the first payment. Leave it out until the person is paid.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub first_payment_on: Option<Date>,
    /// Id of the vendor that supplies the person (DD-01, DD-02). Leave it out if none does.
    pub vendor: Option<VendorRef>,
    /// Work order or contract number with the vendor.
    pub work_order: Option<String>,
    /// Id of the worker whom this person replaced under the same work order (DD-02).
    pub replaces: Option<WorkerRef>,
    /// How the organisation found the person (DD-15, DD-16).
    pub source: Option<Source>,
    /// E-mail address that the person uses with the organisation during hiring.
    pub email: Option<Email>,
    /// Telephone number of the person, in international form.
    pub phone: Option<Phone>,
    /// Type of telephone line. `voip` is over the internet.
    pub phone_type: Option<PhoneType>,
    /// Changes of e-mail address or telephone number, one entry per change.
    pub contact_changes: Option<Vec<ContactChange>>,
    /// Names of the person's accounts in company systems.
    pub accounts: Option<Vec<Account>>,
    /// Address where the person says that they live and work (DD-12).
    pub residence: Option<Address>,
    /// Date since which the person has lived there.
    pub residence_since_on: Option<Date>,
    /// Result of checking the residence with an address service (RF-05).
    pub residence_check: Option<AddressCheck>,
    /// Latitude of the residence in decimal degrees, if the organisation determined it (DD-12).
    pub residence_latitude: Option<Latitude>,
    /// Longitude of the residence in decimal degrees, if the organisation determined it (DD-12).
    pub residence_longitude: Option<Longitude>,
    /// True if the residence is the address on the identity document.
    pub residence_matches_identity: Option<bool>,
    /// Date the residence was verified.
    pub residence_verified_on: Option<Date>,
    /// Evidence that verifies the residence, such as a lease or a utility bill.
    pub residence_document: Option<Evidence>,
    /// Changes of residence or delivery address, oldest first (RF-05).
    pub residence_changes: Option<Vec<ResidenceChange>>,
    /// Ids of workers known to live in the same household, recorded for both. It explains a shared address or
    /// account.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub household_with: Option<Vec<WorkerRef>>,
    /// Proof of identity (DD-10).
    pub identity: Option<Identity>,
    /// Background check that the organisation made on the person (DD-02, DD-03).
    pub own_check: Option<OwnCheck>,
    /// Background-check documents submitted by the worker or another party (DD-03).
    pub supplied_checks: Option<Vec<SuppliedCheck>>,
    /// Form by which the person allows the organisation to make a background check (DD-03).
    pub release_form: Option<ReleaseForm>,
    /// Who pays the person; it must agree with the account, payments and payment method on this record. `vendor` is
    /// the worker's vendor, `platform` the one the worker was found on, and `unpaid` means not paid so far.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub paid_by: Option<PaidBy>,
    /// How the person is paid; `payroll` means by a payroll provider into a bank account.
    pub payment_method: Option<PaymentMethod>,
    /// Bank account into which the person is paid (DD-04, DD-05).
    pub bank: Option<Bank>,
    /// Requests for money outside the agreed schedule, one entry per request (RF-07).
    pub payment_requests: Option<Vec<PaymentRequest>>,
    /// Changes of payment method or payee, requested or made (RF-09).
    pub payment_method_changes: Option<Vec<PaymentMethodChange>>,
    /// Verification by live video (DD-11).
    pub video_verification: Option<VideoVerification>,
    /// Verifications of claimed degrees with the institution, asked of everyone alike (RF-06).
    pub education_verifications: Option<Vec<ClaimVerification>>,
    /// Verifications of claimed jobs with the employer.
    pub employment_verifications: Option<Vec<ClaimVerification>>,
    /// Reference contacts that the person named.
    pub references: Option<Vec<Reference>>,
    /// The résumé as received.
    pub resume: Option<Resume>,
    /// Review of social-media and other online profiles (RF-04).
    pub online_profile_review: Option<OnlineProfileReview>,
    /// Additional verifications, such as for people met at a competition (DD-16).
    pub reinforced_checks: Option<Vec<ReinforcedCheck>>,
    /// Notice that commercial VPNs must be shut off when company networks are accessed (DD-13).
    pub commercial_vpn_notice: Option<Notice>,
    /// True if the person reaches company systems through the corporate VPN.
    pub corporate_vpn: Option<bool>,
    /// Notice that remote desktop applications are prohibited for work (DD-07).
    pub remote_desktop_notice: Option<Notice>,
    /// Notice that the device is monitored (DD-08).
    pub monitoring_notice: Option<Notice>,
    /// Notice that the device is located (DD-12).
    pub geolocation_notice: Option<Notice>,
    /// Agreed stays away from the residence, one entry per stay (DD-12).
    pub travel: Option<Vec<Travel>>,
    /// Other relevant facts about the worker, as free text. Never write nationality, origin, language, accent or
    /// appearance.
    pub notes: Option<FreeText>,
}

/// Status of the relationship with a person: `candidate`, `offered`, `active`, `suspended`, `ended`, `rejected` (by
/// the organisation) or `withdrawn` (by the person).
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

/// Type of telephone line: `mobile`, `landline`, `voip` (over the internet) or `unknown`.
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
    /// How the person was found. `direct` means that the person applied or was approached; a `competition` is a
    /// hackathon, coding contest or bug bounty.
    pub r#type: Option<SourceType>,
    /// Id of the freelance platform (DD-15).
    pub platform: Option<PlatformRef>,
    /// True if the person's own account shows the platform's verified badge.
    pub verified_badge: Option<bool>,
    /// Date the badge was last seen.
    pub verified_badge_on: Option<Date>,
    /// Saved profile page that shows the badge.
    pub verified_badge_document: Option<Evidence>,
    /// Contract on the platform.
    pub contract: Option<Evidence>,
    /// Date the person moved payment or communication off the platform, or asked to (DD-15, RF-09). Leave it out if
    /// that never happened.
    pub moved_off_platform_on: Option<Date>,
    /// Date the platform account was suspended or replaced by another (RF-09). Leave it out if that never happened.
    pub account_changed_on: Option<Date>,
    /// Name of the competition (DD-16).
    pub competition: Option<String>,
    /// True if the person was recruited directly from the competition (DD-16).
    pub recruited_from_competition: Option<bool>,
    /// Id of the worker who referred the person.
    pub referred_by: Option<WorkerRef>,
    /// Employee id or role of the staff member who referred the person.
    pub referred_by_staff: Option<Person>,
}

/// How a person was found.
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
    /// Date of the change.
    pub changed_on: Option<Date>,
    /// Contact detail that changed.
    pub changed: Option<ContactType>,
    /// Reason given for the change.
    pub reason: Option<FreeText>,
}

/// Type of contact detail: `email` or `phone`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ContactType {
    Email,
    Phone,
}

/// A change of residence or delivery address.
#[derive(JsonSchema)]
pub struct ResidenceChange {
    /// Date of the change or of the request for it.
    pub changed_on: Option<Date>,
    /// Address before the change.
    pub from: Option<Address>,
    /// Address after the change.
    pub to: Option<Address>,
    /// Reason given for the change.
    pub reason: Option<FreeText>,
    /// Date the new address was verified.
    pub verified_on: Option<Date>,
    /// Employee id or role of the person who verified the new address.
    pub verified_by: Option<Person>,
    /// Evidence that verifies the new address.
    pub document: Option<Evidence>,
}

/// An agreed stay away from the residence.
#[derive(JsonSchema)]
pub struct Travel {
    /// First day of the stay; it may be in the future.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub start_on: Option<DayAhead>,
    /// Last day of the stay; it may be in the future.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub end_on: Option<DayAhead>,
    /// Country of the stay, two capital letters.
    pub country: Option<Country>,
    /// State or province of the stay.
    pub region: Option<String>,
    /// Postal code of the stay.
    pub postal_code: Option<AddressText>,
    /// Reason for the stay, in a few words.
    pub reason: Option<FreeText>,
    /// Employee id or role of the person who approved the stay.
    pub approved_by: Option<Person>,
    /// Date the stay was approved.
    pub approved_on: Option<Date>,
    /// Written approval of the stay.
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
