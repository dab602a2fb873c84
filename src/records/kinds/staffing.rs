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
    /// Id of the vendor, as workers name it.
    pub id: RecordId,
    /// Registered name of the company.
    pub name: Option<String>,
    /// What it supplies.
    pub r#type: Option<VendorType>,
    /// Where the relation stands.
    pub status: Option<RelationStatus>,
    /// Who in the organisation answers for this vendor.
    pub owner: Option<Person>,
    /// The contract.
    pub contract: Option<VendorContract>,
    /// What the vendor showed of how it checks the people it supplies (DD-01).
    pub background_check: Option<VendorBackgroundCheck>,
    /// True if the vendor passes work on to other companies or people.
    pub subcontracts: Option<bool>,
    /// The companies it passes work on to.
    pub subcontractors: Option<Vec<VendorRef>>,
    /// True if the organisation may audit the vendor's checks.
    pub audit_right: Option<bool>,
    /// Day of the last audit of the vendor's checks.
    pub audited_on: Option<Date>,
    /// Vendors under the same control; a check by one of them is not the organisation's own (DD-02).
    pub affiliates: Option<Vec<VendorRef>>,
    /// Search for the vendor on sanctions lists.
    pub sanctions_screening: Option<SanctionsScreening>,
    /// Day the vendor was told of the FBI's warning and of what is expected of it.
    pub advised_on: Option<Date>,
    /// Registered address.
    pub address: Option<Address>,
    /// Address payments are sent to.
    pub remit_to: Option<Address>,
    /// Account the vendor is paid on, when it is paid for its workers (DD-04, DD-05).
    pub bank: Option<Bank>,
    /// Name of the contact at the vendor.
    pub contact_name: Option<Name>,
    /// E-mail address of the contact.
    pub contact_email: Option<Email>,
    /// Day the whole record was last reviewed.
    pub reviewed_on: Option<Date>,
    /// Remarks.
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

/// Where a relation stands: `prospective`, `active`, `suspended` or `ended`.
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
    /// First day.
    pub start_on: Option<DayAhead>,
    /// Last day.
    pub end_on: Option<DayAhead>,
    /// True if the contract runs until one side ends it; the contract itself must be on file.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub open_ended: Option<bool>,
    /// Day of the last renewal.
    pub renewed_on: Option<Date>,
    /// The contract itself.
    pub document: Option<Evidence>,
    /// True if it obliges the vendor to check its people.
    pub requires_background_checks: Option<bool>,
    /// True if the vendor must tell before another person takes over a work order.
    pub requires_substitution_notice: Option<bool>,
}

/// The vendor's documentation of its own background-check process (DD-01).
#[derive(JsonSchema)]
pub struct VendorBackgroundCheck {
    /// Day the organisation asked for the documentation.
    pub requested_on: Option<Date>,
    /// Day it arrived.
    pub received_on: Option<Date>,
    /// What came of the request.
    pub response: Option<VendorResponse>,
    /// The documentation.
    pub documentation: Option<Evidence>,
    /// The process in a few sentences.
    pub process_summary: Option<FreeText>,
    /// What the vendor's checks look at.
    #[schemars(length(min = 1))]
    pub scope: Option<Vec<CheckScope>>,
    /// True if subcontracted people are checked in the same way.
    pub covers_subcontractors: Option<bool>,
    /// Who in the organisation read the documentation; not someone from the vendor.
    pub reviewed_by: Option<Person>,
    /// Day it was read.
    pub reviewed_on: Option<Date>,
    /// True if the reader found the process adequate.
    pub adequate: Option<bool>,
    /// True if the organisation treats the vendor's checks as not performed and makes its own.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub assumed_not_performed: Option<bool>,
}

/// Response to a request for documentation: `provided`, `partly-provided`, `not-readily-provided`, `refused`, `waiting`.
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
    /// Day of the search.
    pub screened_on: Option<Date>,
    /// What it found.
    pub result: Option<ScreeningResult>,
    /// Who searched.
    pub screened_by: Option<Person>,
    /// Lists that were searched.
    #[schemars(length(min = 1))]
    pub lists: Option<Vec<String>>,
    /// Output of the search.
    pub document: Option<Evidence>,
}

/// Result of a search: `no-match`, `possible-match` (a person must look), `match`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ScreeningResult {
    NoMatch,
    PossibleMatch,
    Match,
}

/// A firm or authority that writes background checks, and whether the organisation trusts it (DD-03).
#[derive(JsonSchema)]
#[schemars(example = issuer_example())]
pub struct BackgroundCheckIssuer {
    /// Always `background-check-issuer`.
    #[schemars(extend("const" = "background-check-issuer"))]
    pub kind: String,
    /// Id of the issuer.
    pub id: RecordId,
    /// Name of the agency or authority.
    pub name: Option<String>,
    /// What it is.
    pub r#type: Option<IssuerType>,
    /// True if the organisation trusts its documents; decided by review, never by country.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub trusted: Option<bool>,
    /// Why it is trusted or not.
    pub trust_reason: Option<FreeText>,
    /// Body that accredited it.
    pub accredited_by: Option<SourceName>,
    /// Last day of the accreditation.
    pub accreditation_expires_on: Option<DayAhead>,
    /// True if the organisation found its contact details itself, not through a worker or vendor.
    pub contact_found_independently: Option<bool>,
    /// Vendors under the same control.
    pub affiliated_vendors: Option<Vec<VendorRef>>,
    /// Who reviewed the issuer; not someone from the issuer or a vendor.
    pub reviewed_by: Option<Person>,
    /// Day of the last review.
    pub reviewed_on: Option<Date>,
    /// What the review rests on.
    pub document: Option<Evidence>,
}

/// What an issuer is: `own-organization`, `own-check-agency` (engaged by the organisation), `vendor-agency` (engaged by a
/// vendor; trust in one is put to a person to confirm), `public-authority`, `court`, `other`.
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

/// An online freelance platform and what it does to verify people (DD-15).
#[derive(JsonSchema)]
#[schemars(example = platform_example())]
pub struct Platform {
    /// Always `platform`.
    #[schemars(extend("const" = "platform"))]
    pub kind: String,
    /// Id of the platform.
    pub id: RecordId,
    /// Its name.
    pub name: Option<String>,
    /// Where the relation stands.
    pub status: Option<RelationStatus>,
    /// True if workers may be engaged through it.
    pub approved: Option<bool>,
    /// Who approved it.
    pub approved_by: Option<Person>,
    /// Day of approval.
    pub approved_on: Option<Date>,
    /// How it verifies who a freelancer is.
    pub identity_verification: Option<PlatformVerification>,
    /// How it verifies what a freelancer can do.
    pub skills_verification: Option<PlatformVerification>,
    /// True if the organisation checked the platform's reputation and found it good.
    pub reputable: Option<bool>,
    /// What that finding rests on.
    pub reputation: Option<Evidence>,
    /// True if its terms forbid sharing, lending or selling accounts.
    pub forbids_account_sharing: Option<bool>,
    /// True if the organisation can report an account to it.
    pub takes_reports: Option<bool>,
    /// Who last reviewed the platform.
    pub reviewed_by: Option<Person>,
    /// Day of the last review.
    pub reviewed_on: Option<Date>,
    /// Remarks.
    pub notes: Option<FreeText>,
}

/// A verification that a platform performs.
#[derive(JsonSchema)]
pub struct PlatformVerification {
    /// True if the platform performs it.
    pub performed: Option<bool>,
    /// True if no one can work on the platform before passing it.
    pub mandatory: Option<bool>,
    /// True if official documents are checked.
    pub document_check: Option<bool>,
    /// True if the person is seen live.
    pub live_check: Option<bool>,
    /// What shows it.
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
