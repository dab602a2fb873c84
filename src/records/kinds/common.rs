//! Words that many kinds share.
//!
//! *Evidence* names a document; an *address* is a postal address; a *place* is coordinates. A *person* is a member of
//! the organisation's staff, best written as an employee id or a role. A *notice* is something a worker was told and
//! acknowledged; an *exception* is a dated permission to depart from a rule, with an owner and an end.
//! Dates are calendar days and end in `_on`; timestamps have a time and an offset and end in `_at`.

use schemars::JsonSchema;
use serde_json::Value;

/// The example of a kind, from its JSON text.
pub fn example(text: &str) -> Value {
    serde_json::from_str(text).expect("the example of a kind is JSON")
}

/// Id of a record: unique within its kind, without blanks and `@`: no name and no e-mail address.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct RecordId(
    #[schemars(length(min = 1, max = 128), regex(pattern = r"^[^\s@\x00-\x1f\x7f]+$"))] pub String,
);

/// Calendar day, `YYYY-MM-DD`.
#[derive(JsonSchema)]
#[schemars(inline, extend("format" = "date"))]
pub struct Date(pub String);

/// Calendar day that may lie ahead, such as the end of a permission: `YYYY-MM-DD`. Every other day is one on which
/// something has happened, and unknown as long as it lies after the date of the audit.
#[derive(JsonSchema)]
#[schemars(inline, extend("format" = "date", "x-duly-ahead" = true))]
pub struct DayAhead(pub String);

/// Date and time with offset (RFC 3339).
#[derive(JsonSchema)]
#[schemars(inline, extend("format" = "date-time"))]
pub struct Timestamp(pub String);

/// A person of the organisation: employee id or role where possible, else the name.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "name"))]
pub struct Person(#[schemars(length(min = 1))] pub String);

/// Name of a natural person, or an account that names one.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "name"))]
pub struct Name(#[schemars(length(min = 1))] pub String);

/// Name of an account, as the system has it: case, a domain in front and the domain of a company behind it do not count.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "name", "x-duly-spelling" = "account"))]
pub struct Account(#[schemars(length(min = 1))] pub String);

/// Name of a source that was searched or asked, or of a body that vouches. That none was is not written here.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-source" = true))]
pub struct SourceName(pub String);

/// E-mail address.
#[derive(JsonSchema)]
#[schemars(inline, extend("format" = "email", "x-duly-sensitive" = "email", "x-duly-spelling" = "email"))]
pub struct Email(pub String);

/// Telephone number in international form (`+1…`).
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "phone", "x-duly-spelling" = "phone"))]
pub struct Phone(#[schemars(length(min = 1))] pub String);

/// Prose. Write facts only; never nationality, origin, language, accent or appearance.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "free-text"))]
pub struct FreeText(pub String);

/// Number of an official document or commission.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "document-number", "x-duly-spelling" = "number"))]
pub struct DocumentNumber(#[schemars(length(min = 1))] pub String);

/// Salted keyed hash (HMAC), equal for equal inputs within the organisation. Never the input itself.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "hash", "x-duly-spelling" = "hash"))]
pub struct KeyedHash(
    #[schemars(length(min = 16, max = 128), regex(pattern = r"^[A-Za-z0-9+/=_-]+$"))] pub String,
);

/// SHA-256 of a file, 64 lower-case hexadecimal digits.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "hash", "x-duly-spelling" = "hash"))]
pub struct Sha256(#[schemars(regex(pattern = r"^[0-9a-f]{64}$"))] pub String);

/// Detail of a bank account or of the institution that keeps it.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "bank"))]
pub struct BankText(#[schemars(length(min = 1))] pub String);

/// Salted keyed hash (HMAC) of an account number. Never the number itself.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "bank", "x-duly-spelling" = "hash"))]
pub struct AccountHash(
    #[schemars(length(min = 16, max = 128), regex(pattern = r"^[A-Za-z0-9+/=_-]+$"))] pub String,
);

/// Address of a page on the web that names a person.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "name", "x-duly-spelling" = "web-address"))]
pub struct WebAddress(#[schemars(length(min = 1))] pub String);

/// Part of a postal address.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "address"))]
pub struct AddressText(#[schemars(length(min = 1))] pub String);

/// IPv4 or IPv6 address.
#[derive(JsonSchema)]
#[schemars(inline, extend("format" = "ip", "x-duly-sensitive" = "ip", "x-duly-spelling" = "ip"))]
pub struct IpAddress(pub String);

/// Country of a place: two capital letters (ISO 3166-1). Where something is, never where someone comes from.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct Country(#[schemars(regex(pattern = r"^[A-Z]{2}$"))] pub String);

/// Degrees north, -90 to 90.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "coordinates"))]
pub struct Latitude(#[schemars(range(min = -90, max = 90))] pub f64);

/// Degrees east, -180 to 180.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "coordinates"))]
pub struct Longitude(#[schemars(range(min = -180, max = 180))] pub f64);

/// Id of a `vendor` record.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-ref" = "vendor"))]
pub struct VendorRef(#[schemars(length(min = 1, max = 128))] pub String);

/// Id of a `worker` record.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-ref" = "worker"))]
pub struct WorkerRef(#[schemars(length(min = 1, max = 128))] pub String);

/// Id of an `interaction` record.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-ref" = "interaction"))]
pub struct InteractionRef(#[schemars(length(min = 1, max = 128))] pub String);

/// Id of a `background-check-issuer` record.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-ref" = "background-check-issuer"))]
pub struct IssuerRef(#[schemars(length(min = 1, max = 128))] pub String);

/// Id of a `platform` record.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-ref" = "platform"))]
pub struct PlatformRef(#[schemars(length(min = 1, max = 128))] pub String);

/// Id of a `device` record.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-ref" = "device"))]
pub struct DeviceRef(#[schemars(length(min = 1, max = 128))] pub String);

/// Id of a `shipment` record.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-ref" = "shipment"))]
pub struct ShipmentRef(#[schemars(length(min = 1, max = 128))] pub String);

/// Id of a `location` record.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-ref" = "location"))]
pub struct LocationRef(#[schemars(length(min = 1, max = 128))] pub String);

/// Id of a `resource` record.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-ref" = "resource"))]
pub struct ResourceRef(#[schemars(length(min = 1, max = 128))] pub String);

/// Id of an `observation` record.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-ref" = "observation"))]
pub struct ObservationRef(#[schemars(length(min = 1, max = 128))] pub String);

/// Id of an `incident` record.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-ref" = "incident"))]
pub struct IncidentRef(#[schemars(length(min = 1, max = 128))] pub String);

/// A document that shows something: where it is kept and, better, its hash. The document itself stays where it is.
#[derive(JsonSchema)]
pub struct Evidence {
    /// Path relative to the root of the audited repository, or a URI in the document store.
    #[schemars(length(min = 1), extend("x-duly-evidence" = true), example = "evidence/vendors/acme-screening.pdf")]
    pub r#ref: String,
    /// SHA-256 of the file, so that a change or loss shows.
    pub sha256: Option<Sha256>,
    /// Day the document bears.
    pub dated_on: Option<Date>,
    /// What the document is, in a few words.
    pub description: Option<FreeText>,
}

/// Postal address.
#[derive(JsonSchema)]
pub struct Address {
    /// House number and street.
    pub street: Option<AddressText>,
    /// Flat, suite, floor or private mailbox number.
    pub unit: Option<AddressText>,
    /// Care-of line: the name of the person who receives post there for the addressee.
    pub care_of: Option<AddressText>,
    /// City or town.
    pub city: Option<AddressText>,
    /// State or province, as the post writes it.
    pub region: Option<String>,
    /// Postal code; a US ZIP code has five digits or ZIP+4.
    pub postal_code: Option<AddressText>,
    /// Country of the address, two capital letters.
    pub country: Option<Country>,
}

/// What a postal-address service or a person found out about an address (DD-09, RF-05).
#[derive(JsonSchema)]
pub struct AddressCheck {
    /// Day of the check.
    pub checked_on: Option<Date>,
    /// Service that was asked, or how it was checked.
    pub method: Option<SourceName>,
    /// True if it is a commercial mail receiving agency (a mailbox store).
    pub commercial_mail_agency: Option<bool>,
    /// True if it is a private mailbox (PMB) or post-office box.
    pub private_mailbox: Option<bool>,
    /// True if it is a freight forwarder.
    pub freight_forwarder: Option<bool>,
    /// True if the building stands vacant.
    pub vacant: Option<bool>,
    /// True if it is a residential delivery point.
    pub residential: Option<bool>,
    /// Output of the check.
    pub document: Option<Evidence>,
}

/// A notice given to a worker and the worker's acknowledgement.
#[derive(JsonSchema)]
pub struct Notice {
    /// Day the notice was given.
    pub given_on: Option<Date>,
    /// Day the worker acknowledged it.
    pub acknowledged_on: Option<Date>,
    /// The signed or acknowledged text.
    pub document: Option<Evidence>,
}

/// A dated permission to depart from a rule. One without an owner, a reason or an end is a gap.
#[derive(JsonSchema)]
pub struct Exception {
    /// Why it is needed.
    pub reason: Option<FreeText>,
    /// Who answers for it.
    pub owner: Option<Person>,
    /// Who approved it.
    pub approved_by: Option<Person>,
    /// Day of approval.
    pub approved_on: Option<Date>,
    /// Last day it holds.
    pub expires_on: Option<DayAhead>,
    /// The written approval.
    pub document: Option<Evidence>,
}

/// Whether a duty holds at a point of time: by whom a step was done, when, and what shows it.
#[derive(JsonSchema)]
pub struct Step {
    /// Moment the step was done.
    pub done_at: Option<Timestamp>,
    /// Who did it.
    pub done_by: Option<Person>,
    /// What shows it.
    pub document: Option<Evidence>,
    /// Why the step does not apply, if so.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub not_needed_reason: Option<FreeText>,
    /// Who decided that it does not apply.
    pub decided_by: Option<Person>,
    /// Day of that decision.
    pub decided_on: Option<Date>,
}

/// A decision of a named person: what was considered, and why it was decided so.
#[derive(JsonSchema)]
pub struct Decision {
    /// Why it was decided so.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub reason: Option<FreeText>,
    /// Who decided.
    pub decided_by: Option<Person>,
    /// Day of the decision.
    pub decided_on: Option<Date>,
}

/// How a person is engaged: `employee`; `contractor` (own contract with the organisation); `freelancer` (by the job,
/// often by a platform); `vendor-supplied` (provided by a staffing firm or outsourcing company).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Engagement {
    Employee,
    Contractor,
    Freelancer,
    VendorSupplied,
}

/// How strong evidence is: `declared` (a text says so), `configured` (a setting exists), `enforced` (it is assigned
/// and in force), `observed` (a device, shipment or log shows it).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Grade {
    Declared,
    Configured,
    Enforced,
    Observed,
}

/// State of a technical rule: `enforced`, `report-only` (it only logs), `disabled`, or `unknown`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", extend("x-duly-unknown" = ["unknown"]))]
pub enum RuleState {
    Enforced,
    ReportOnly,
    Disabled,
    Unknown,
}

/// What kind of network an address belongs to: `corporate` (the organisation's own exit or VPN), `residential`,
/// `mobile`, `commercial-vpn`, `anonymizing-proxy`, `tor`, `private-relay`, `data-center`, or `unknown`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", extend("x-duly-unknown" = ["unknown"]))]
pub enum Network {
    Corporate,
    Residential,
    Mobile,
    CommercialVpn,
    AnonymizingProxy,
    Tor,
    PrivateRelay,
    DataCenter,
    Unknown,
}

/// Type of identity document. Any of these is acceptable: never require a particular one.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum IdentityDocumentType {
    DriversLicense,
    Passport,
    IdentityCard,
    ResidencePermit,
    OtherOfficial,
}

/// What a background check looked at.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum CheckScope {
    Identity,
    WorkEligibility,
    CriminalRecord,
    EmploymentHistory,
    Education,
    References,
    Sanctions,
    AddressHistory,
}

/// Signature on delivery: `adult` (an adult at the address, age checked), `direct` (someone at the address),
/// `indirect` (a neighbour or a door tag will do), `signature` (a plain signature service, which a neighbour or
/// building manager can satisfy), `none`, `service-default` (whatever the carrier does), `unknown`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", extend("x-duly-unknown" = ["unknown"]))]
pub enum Signature {
    Adult,
    Direct,
    Indirect,
    Signature,
    None,
    ServiceDefault,
    Unknown,
}

/// Kind of document about a bank account: `voided-check`; `certified-letter` or `certified-statement` (certified by
/// the institution); `plain-statement`, `screenshot` and `app-document` are not certified; `none`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum BankDocumentType {
    VoidedCheck,
    CertifiedLetter,
    CertifiedStatement,
    PlainStatement,
    Screenshot,
    AppDocument,
    None,
}

/// Extra verification of a person: `own-check` (background check by us or our agency), `in-person-meeting`,
/// `notarized-identity`, `video-verification`, `independent-references`, `supervised-work-sample`, `second-identity-document`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ReinforcedCheckType {
    OwnCheck,
    InPersonMeeting,
    NotarizedIdentity,
    VideoVerification,
    IndependentReferences,
    SupervisedWorkSample,
    SecondIdentityDocument,
}

/// What a red flag is about. `camera` RF-01, `drug-test-or-in-person` RF-02, `assessment-cheating` RF-03,
/// `online-profiles` RF-04, `delivery-address` RF-05, `education-claim` RF-06 (a claimed degree could not be confirmed
/// with the institution; where it lies is not recorded), `prepayment` RF-07, `extortion-threat` RF-08,
/// `account-or-payment-changes` RF-09, `claimed-location` RF-10 (the place a person claims does not fit the evidence;
/// language is never recorded), `other` (any other sign, as the summary says).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum RedFlag {
    Camera,
    DrugTestOrInPerson,
    AssessmentCheating,
    OnlineProfiles,
    DeliveryAddress,
    EducationClaim,
    Prepayment,
    ExtortionThreat,
    AccountOrPaymentChanges,
    ClaimedLocation,
    Other,
}

/// The head of every set of written rules.
#[derive(JsonSchema)]
pub struct RuleHead {
    /// Title of the rules.
    pub title: Option<String>,
    /// `draft`, `in-force` or `retired`.
    pub status: Option<RuleStatus>,
    /// The written text.
    pub document: Option<Evidence>,
    /// Day the rules were adopted. Cases before it are judged by the policy's own date rule.
    pub adopted_on: Option<Date>,
    /// Day the rules were last reviewed.
    pub reviewed_on: Option<Date>,
    /// Who approved the rules.
    pub approved_by: Option<Person>,
    /// Who answers for the rules.
    pub owner: Option<Person>,
    /// Whom the rules bind.
    #[schemars(length(min = 1))]
    pub applies_to: Option<Vec<Engagement>>,
    /// Remarks.
    pub notes: Option<FreeText>,
}

/// Standing of written rules: `draft`, `in-force` or `retired`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum RuleStatus {
    Draft,
    InForce,
    Retired,
}
