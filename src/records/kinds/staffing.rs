//! Staffing: the companies, platforms and issuers that stand between a worker and the organisation.
//!
//! A *vendor* supplies people or outsourced software work. A *platform* is a freelance marketplace. A
//! *background-check issuer* writes background checks; it is trusted because the organisation reviewed it, never
//! because of the country it is in.

use super::common::*;
use super::person::Bank;
use schemars::JsonSchema;
use serde_json::Value;

/// A staffing firm, outsourcing company or third-party software developer (DD-01, DD-02).
#[derive(JsonSchema)]
#[schemars(example = vendor_example())]
pub struct Vendor {
    /// Always `vendor`.
    #[schemars(extend("const" = "vendor"))]
    pub kind: String,
    /// Unique id of the vendor, without spaces or `@`. Workers refer to it.
    pub id: RecordId,
    /// Registered name of the company.
    pub name: Option<String>,
    /// What the vendor supplies.
    pub r#type: Option<VendorType>,
    /// Status of the business relationship.
    pub status: Option<RelationStatus>,
    /// Employee id or role of the person responsible for the vendor.
    pub owner: Option<Person>,
    /// Contract with the vendor.
    pub contract: Option<VendorContract>,
    /// What the vendor documented about checking the people it supplies (DD-01).
    pub background_check: Option<VendorBackgroundCheck>,
    /// True if the vendor passes work on to other companies or people.
    pub subcontracts: Option<bool>,
    /// Ids of the companies it passes work on to, each recorded as a vendor.
    pub subcontractors: Option<Vec<VendorRef>>,
    /// True if the organisation has the right to audit the vendor's checks.
    pub audit_right: Option<bool>,
    /// Date of the latest audit of the vendor's checks.
    pub audited_on: Option<Date>,
    /// Ids of vendors under the same control. A check by one of them is not the organisation's own (DD-02).
    pub affiliates: Option<Vec<VendorRef>>,
    /// Result of searching for the vendor on sanctions lists.
    pub sanctions_screening: Option<SanctionsScreening>,
    /// Date the vendor was informed of the FBI's warning and of what is expected of it.
    pub advised_on: Option<Date>,
    /// Registered address of the company.
    pub address: Option<Address>,
    /// Address to which payments are sent.
    pub remit_to: Option<Address>,
    /// Bank account into which the vendor is paid for its workers (DD-04, DD-05).
    pub bank: Option<Bank>,
    /// Name of the contact person at the vendor.
    pub contact_name: Option<Name>,
    /// E-mail address of the contact person at the vendor.
    pub contact_email: Option<Email>,
    /// Date the whole record was last reviewed.
    pub reviewed_on: Option<Date>,
    /// Other relevant facts about the vendor, as free text.
    pub notes: Option<FreeText>,
}

/// What a vendor supplies.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum VendorType {
    StaffingFirm,
    OutsourcingCompany,
    SoftwareDeveloper,
    EmployerOfRecord,
    Other,
}

/// Status of a business relationship: `prospective`, `active`, `suspended` or `ended`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum RelationStatus {
    Prospective,
    Active,
    Suspended,
    Ended,
}

/// Contract with a vendor.
#[derive(JsonSchema)]
pub struct VendorContract {
    /// First day of the contract.
    pub start_on: Option<DayAhead>,
    /// Last day of the contract; it may be in the future. Leave it out if the contract is open-ended.
    pub end_on: Option<DayAhead>,
    /// True if the contract runs until one side ends it. It counts only if the contract is on file.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub open_ended: Option<bool>,
    /// Date the contract was last renewed.
    pub renewed_on: Option<Date>,
    /// Signed contract.
    pub document: Option<Evidence>,
    /// True if the contract requires the vendor to check its people.
    pub requires_background_checks: Option<bool>,
    /// True if the contract requires notice before another person takes over a work order.
    pub requires_substitution_notice: Option<bool>,
}

/// Documentation of a vendor's own background-check process (DD-01).
#[derive(JsonSchema)]
pub struct VendorBackgroundCheck {
    /// Date the organisation requested the documentation.
    pub requested_on: Option<Date>,
    /// Date the documentation arrived.
    pub received_on: Option<Date>,
    /// Response of the vendor. `waiting` means no answer yet.
    pub response: Option<VendorResponse>,
    /// Documentation as the vendor provided it.
    pub documentation: Option<Evidence>,
    /// Summary of the vendor's process, in a few sentences.
    pub process_summary: Option<FreeText>,
    /// What the vendor's checks cover.
    #[schemars(length(min = 1))]
    pub scope: Option<Vec<CheckScope>>,
    /// True if people from subcontractors are checked in the same way.
    pub covers_subcontractors: Option<bool>,
    /// Employee id or role of the person who reviewed the documentation; not anyone from the vendor.
    pub reviewed_by: Option<Person>,
    /// Date the documentation was reviewed.
    pub reviewed_on: Option<Date>,
    /// True if the reviewer found the process adequate.
    pub adequate: Option<bool>,
    /// True if the organisation treats the vendor's checks as not performed and makes its own.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub assumed_not_performed: Option<bool>,
}

/// Response to a request for documentation: `provided`, `partly-provided`, `not-readily-provided`, `refused` or
/// `waiting` (no answer yet).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum VendorResponse {
    Provided,
    PartlyProvided,
    NotReadilyProvided,
    Refused,
    Waiting,
}

/// A search on sanctions lists.
#[derive(JsonSchema)]
pub struct SanctionsScreening {
    /// Date of the search.
    pub screened_on: Option<Date>,
    /// Result of the search. A person must review a `possible-match`.
    pub result: Option<ScreeningResult>,
    /// Employee id or role of the person who searched.
    pub screened_by: Option<Person>,
    /// Names of the sanctions lists that were searched.
    #[schemars(length(min = 1))]
    pub lists: Option<Vec<String>>,
    /// Output of the search.
    pub document: Option<Evidence>,
}

/// Result of a search: `no-match`, `possible-match` (a person must review it) or `match`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ScreeningResult {
    NoMatch,
    PossibleMatch,
    Match,
}

/// A firm or authority that issues background checks, and whether the organisation trusts it (DD-03).
#[derive(JsonSchema)]
#[schemars(example = issuer_example())]
pub struct BackgroundCheckIssuer {
    /// Always `background-check-issuer`.
    #[schemars(extend("const" = "background-check-issuer"))]
    pub kind: String,
    /// Unique id of the issuer, without spaces or `@`.
    pub id: RecordId,
    /// Name of the agency or authority.
    pub name: Option<String>,
    /// Type of issuer. An `own-check-agency` is engaged by the organisation, a `vendor-agency` by a vendor; a person
    /// must confirm trust in a vendor's agency.
    pub r#type: Option<IssuerType>,
    /// True if the organisation trusts documents from this issuer. The decision rests on a review, never on the
    /// country.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub trusted: Option<bool>,
    /// Reason the issuer is trusted or not.
    pub trust_reason: Option<FreeText>,
    /// Name of the body that accredited the issuer. Leave it out if there is none.
    pub accredited_by: Option<SourceName>,
    /// Last day of the accreditation; it may be in the future.
    pub accreditation_expires_on: Option<DayAhead>,
    /// True if the organisation looked up the issuer's contact details itself instead of getting them from a worker
    /// or vendor.
    pub contact_found_independently: Option<bool>,
    /// Ids of vendors under the same control as the issuer.
    pub affiliated_vendors: Option<Vec<VendorRef>>,
    /// Employee id or role of the reviewer; not anyone from the issuer or a vendor.
    pub reviewed_by: Option<Person>,
    /// Date of the latest review of the issuer.
    pub reviewed_on: Option<Date>,
    /// Evidence on which the review is based.
    pub document: Option<Evidence>,
}

/// Type of issuer: `own-organization`, `own-check-agency` (engaged by the organisation), `vendor-agency` (engaged by
/// a vendor; a person must confirm trust in one), `public-authority`, `court` or `other`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum IssuerType {
    OwnOrganization,
    OwnCheckAgency,
    VendorAgency,
    PublicAuthority,
    Court,
    Other,
}

/// An online freelance platform and how it verifies people (DD-15).
#[derive(JsonSchema)]
#[schemars(example = platform_example())]
pub struct Platform {
    /// Always `platform`.
    #[schemars(extend("const" = "platform"))]
    pub kind: String,
    /// Unique id of the platform, without spaces or `@`.
    pub id: RecordId,
    /// Name of the platform.
    pub name: Option<String>,
    /// Status of the business relationship.
    pub status: Option<RelationStatus>,
    /// True if workers may be engaged through the platform.
    pub approved: Option<bool>,
    /// Employee id or role of the person who approved the platform.
    pub approved_by: Option<Person>,
    /// Date the platform was approved.
    pub approved_on: Option<Date>,
    /// How the platform verifies the identity of freelancers.
    pub identity_verification: Option<PlatformVerification>,
    /// How the platform verifies the skills of freelancers.
    pub skills_verification: Option<PlatformVerification>,
    /// True if the organisation reviewed the platform's reputation and found it good.
    pub reputable: Option<bool>,
    /// Evidence on which that finding is based.
    pub reputation: Option<Evidence>,
    /// True if the platform's terms forbid sharing, lending or selling accounts.
    pub forbids_account_sharing: Option<bool>,
    /// True if the organisation can report a suspicious account to the platform.
    pub takes_reports: Option<bool>,
    /// Employee id or role of the person who last reviewed the platform.
    pub reviewed_by: Option<Person>,
    /// Date of the latest review of the platform.
    pub reviewed_on: Option<Date>,
    /// Other relevant facts about the platform, as free text.
    pub notes: Option<FreeText>,
}

/// A verification that a platform performs.
#[derive(JsonSchema)]
pub struct PlatformVerification {
    /// True if the platform performs this verification.
    pub performed: Option<bool>,
    /// True if freelancers must pass it before they can work on the platform.
    pub mandatory: Option<bool>,
    /// True if the platform checks official documents.
    pub document_check: Option<bool>,
    /// True if the platform sees the person live.
    pub live_check: Option<bool>,
    /// Evidence of the verification, such as the platform's terms or help page.
    pub document: Option<Evidence>,
}

fn vendor_example() -> Value {
    example(
        r#"{
  "kind": "vendor", "id": "acme-staffing", "name": "Acme Staffing Example Inc.", "type": "staffing-firm",
  "status": "active", "owner": "staff-007",
  "contract": {"start_on": "2025-01-01", "end_on": "2026-12-31", "requires_background_checks": true,
               "document": {"ref": "evidence/vendors/acme-contract.pdf"}},
  "background_check": {"requested_on": "2025-01-05", "received_on": "2025-01-12", "response": "provided",
    "documentation": {"ref": "evidence/vendors/acme-screening.pdf", "dated_on": "2025-01-02"},
    "scope": ["identity", "employment-history"], "reviewed_by": "staff-007", "reviewed_on": "2025-01-15", "adequate": true},
  "subcontracts": false, "audit_right": true, "affiliates": [],
  "sanctions_screening": {"screened_on": "2025-01-06", "result": "no-match", "screened_by": "staff-007"}
}"#,
    )
}

fn issuer_example() -> Value {
    example(
        r#"{
  "kind": "background-check-issuer", "id": "example-screening", "name": "Example Screening LLC", "type": "own-check-agency",
  "trusted": true, "accredited_by": "Example Association of Screeners", "accreditation_expires_on": "2027-03-31",
  "contact_found_independently": true, "reviewed_by": "staff-007", "reviewed_on": "2026-02-10"
}"#,
    )
}

fn platform_example() -> Value {
    example(
        r#"{
  "kind": "platform", "id": "example-freelance", "name": "Example Freelance", "status": "active", "approved": true,
  "approved_by": "staff-007", "approved_on": "2025-05-02", "reputable": true,
  "identity_verification": {"performed": true, "mandatory": true, "document_check": true, "live_check": true,
    "document": {"ref": "evidence/platforms/example-identity.pdf"}},
  "skills_verification": {"performed": true, "document": {"ref": "evidence/platforms/example-skills.pdf"}},
  "reviewed_by": "staff-007", "reviewed_on": "2026-03-01"
}"#,
    )
}
