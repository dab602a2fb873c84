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

/// Id of a record, unique within its kind, 1 to 128 characters without spaces or `@`. Reports show ids, so use
/// neither a name nor an e-mail address.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct RecordId(
    #[schemars(length(min = 1, max = 128), regex(pattern = r"^[^\s@\x00-\x1f\x7f]+$"))] pub String,
);

/// Calendar date, `YYYY-MM-DD`.
#[derive(JsonSchema)]
#[schemars(inline, extend("format" = "date"))]
pub struct Date(pub String);

/// Calendar date, `YYYY-MM-DD`, that may be in the future, such as an expiry date. Any other date later than the date
/// of the audit is treated as not recorded.
#[derive(JsonSchema)]
#[schemars(inline, extend("format" = "date", "x-duly-ahead" = true))]
pub struct DayAhead(pub String);

/// Date and time with the offset from UTC, such as `2026-06-01T10:00:00Z` (RFC 3339).
#[derive(JsonSchema)]
#[schemars(inline, extend("format" = "date-time"))]
pub struct Timestamp(pub String);

/// Employee id or role of a person in the organisation, or the name if there is neither.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "name"))]
pub struct Person(#[schemars(length(min = 1))] pub String);

/// Name of a person, or of an account that contains one. Reports mask it.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "name"))]
pub struct Name(#[schemars(length(min = 1))] pub String);

/// Account name as the system shows it. Letter case, a leading domain and a company's e-mail domain are ignored when
/// accounts are compared.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "name", "x-duly-spelling" = "account"))]
pub struct Account(#[schemars(length(min = 1))] pub String);

/// Name of the source that was consulted, or of the body that vouches. If there was none, leave the field out rather
/// than writing `none`.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-source" = true))]
pub struct SourceName(pub String);

/// E-mail address. Reports mask it.
#[derive(JsonSchema)]
#[schemars(inline, extend("format" = "email", "x-duly-sensitive" = "email", "x-duly-spelling" = "email"))]
pub struct Email(pub String);

/// Telephone number in international form, such as `+1-202-555-0100`. Reports mask it.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "phone", "x-duly-spelling" = "phone"))]
pub struct Phone(#[schemars(length(min = 1))] pub String);

/// Free text that states facts. Never write nationality, origin, language, accent or appearance.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "free-text"))]
pub struct FreeText(pub String);

/// Number of a commission, report or other official document, as printed on it.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "document-number", "x-duly-spelling" = "number"))]
pub struct DocumentNumber(#[schemars(length(min = 1))] pub String);

/// Keyed hash (HMAC) that `duly hash` makes of a value. Equal values give equal hashes; never write the value itself.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "hash", "x-duly-spelling" = "hash"))]
pub struct KeyedHash(
    #[schemars(length(min = 16, max = 128), regex(pattern = r"^[A-Za-z0-9+/=_-]+$"))] pub String,
);

/// SHA-256 of the file, 64 lower-case hexadecimal digits.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "hash", "x-duly-spelling" = "hash"))]
pub struct Sha256(#[schemars(regex(pattern = r"^[0-9a-f]{64}$"))] pub String);

/// Detail of a bank account or of the bank that holds it. Reports mask it.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "bank"))]
pub struct BankText(#[schemars(length(min = 1))] pub String);

/// Keyed hash (HMAC) that `duly hash` makes of an account number. Never write the number itself.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "bank", "x-duly-spelling" = "hash"))]
pub struct AccountHash(
    #[schemars(length(min = 16, max = 128), regex(pattern = r"^[A-Za-z0-9+/=_-]+$"))] pub String,
);

/// Web address of a page that names a person. Reports mask it.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "name", "x-duly-spelling" = "web-address"))]
pub struct WebAddress(#[schemars(length(min = 1))] pub String);

/// Part of a postal address. Reports mask it.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "address"))]
pub struct AddressText(#[schemars(length(min = 1))] pub String);

/// IPv4 or IPv6 address. Reports mask it.
#[derive(JsonSchema)]
#[schemars(inline, extend("format" = "ip", "x-duly-sensitive" = "ip", "x-duly-spelling" = "ip"))]
pub struct IpAddress(pub String);

/// Country code of a place, two capital letters (ISO 3166-1), such as `US`. It says where something is, never where
/// someone comes from.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct Country(#[schemars(regex(pattern = r"^[A-Z]{2}$"))] pub String);

/// Latitude in decimal degrees, -90 to 90; north is positive.
#[derive(JsonSchema)]
#[schemars(inline, extend("x-duly-sensitive" = "coordinates"))]
pub struct Latitude(#[schemars(range(min = -90, max = 90))] pub f64);

/// Longitude in decimal degrees, -180 to 180; east is positive.
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

/// Reference to a document that serves as evidence: where it is kept and its SHA-256. The document itself stays where
/// it is.
#[derive(JsonSchema)]
pub struct Evidence {
    /// Path from the root of the audited folder, or the address of the document in a document store, such as
    /// `store://checks/17`.
    #[schemars(length(min = 1), extend("x-duly-evidence" = true), example = "evidence/vendors/acme-screening.pdf")]
    pub r#ref: String,
    /// SHA-256 of the file, 64 lower-case hexadecimal digits. It shows whether the file was changed; a document
    /// outside the audited folder counts only with it.
    pub sha256: Option<Sha256>,
    /// Date that the document itself bears, such as the date of a letter or an export.
    pub dated_on: Option<Date>,
    /// Short description of the document, such as `signed contract`.
    pub description: Option<FreeText>,
}

/// Postal address.
#[derive(JsonSchema)]
pub struct Address {
    /// House number and street, as written on mail.
    pub street: Option<AddressText>,
    /// Flat, suite, floor or private mailbox number. Leave it out if the address has none.
    pub unit: Option<AddressText>,
    /// Name on the care-of line, if someone else receives mail there for the addressee.
    pub care_of: Option<AddressText>,
    /// City or town.
    pub city: Option<AddressText>,
    /// State or province in its postal form, such as `IL`.
    pub region: Option<String>,
    /// Postal code; in the US a ZIP code of five digits, or ZIP+4.
    pub postal_code: Option<AddressText>,
    /// Country of the address, two capital letters, such as `US`.
    pub country: Option<Country>,
}

/// Result of checking an address, by a postal-address service or by a person (DD-09, RF-05).
#[derive(JsonSchema)]
pub struct AddressCheck {
    /// Date the address was checked.
    pub checked_on: Option<Date>,
    /// Name of the address service that was used, or how a person checked the address.
    pub method: Option<SourceName>,
    /// True if the address is a commercial mail receiving agency, such as a mailbox store; false if the check ruled
    /// that out.
    pub commercial_mail_agency: Option<bool>,
    /// True if the address is a private mailbox (PMB) or a post-office box; false if the check ruled that out.
    pub private_mailbox: Option<bool>,
    /// True if the address is a freight forwarder; false if the check ruled that out.
    pub freight_forwarder: Option<bool>,
    /// True if the building is vacant; false if the check ruled that out.
    pub vacant: Option<bool>,
    /// True if the address is residential; false if the check found that it is not.
    pub residential: Option<bool>,
    /// Output of the address service, or notes of the check.
    pub document: Option<Evidence>,
}

/// Information given to a worker about a rule or measure, and the worker's acknowledgement.
#[derive(JsonSchema)]
pub struct Notice {
    /// Date the worker was informed.
    pub given_on: Option<Date>,
    /// Date the worker acknowledged the notice. Leave it out until then.
    pub acknowledged_on: Option<Date>,
    /// Notice as signed or acknowledged by the worker.
    pub document: Option<Evidence>,
}

/// Permission to depart from a rule for a limited time. Without an owner, a reason or an expiry date it is reported
/// as a gap.
#[derive(JsonSchema)]
pub struct Exception {
    /// Business reason for the exception.
    pub reason: Option<FreeText>,
    /// Employee id or role of the person responsible for the exception.
    pub owner: Option<Person>,
    /// Employee id or role of the person who approved the exception.
    pub approved_by: Option<Person>,
    /// Date the exception was approved.
    pub approved_on: Option<Date>,
    /// Last day the exception applies; it may be in the future.
    pub expires_on: Option<DayAhead>,
    /// Written approval of the exception.
    pub document: Option<Evidence>,
}

/// One step of the response to an incident: when it was done, by whom, or why it was not needed.
#[derive(JsonSchema)]
pub struct Step {
    /// Date and time the step was completed.
    pub done_at: Option<Timestamp>,
    /// Employee id or role of the person who completed the step.
    pub done_by: Option<Person>,
    /// Evidence that the step was completed.
    pub document: Option<Evidence>,
    /// Reason the step was not needed. Leave it out if the step was completed or is still open.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub not_needed_reason: Option<FreeText>,
    /// Employee id or role of the person who decided that the step was not needed.
    pub decided_by: Option<Person>,
    /// Date of the decision that the step was not needed.
    pub decided_on: Option<Date>,
}

/// Decision of a named person, with its reason.
#[derive(JsonSchema)]
pub struct Decision {
    /// Reason for the decision.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub reason: Option<FreeText>,
    /// Employee id or role of the person who decided.
    pub decided_by: Option<Person>,
    /// Date of the decision.
    pub decided_on: Option<Date>,
}

/// How a person is engaged: `employee`; `contractor` (has a contract with the organisation); `freelancer` (hired per
/// job, often through a platform); `vendor-supplied` (provided by a staffing firm or outsourcing company).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Engagement {
    Employee,
    Contractor,
    Freelancer,
    VendorSupplied,
}

/// How strong the evidence is: `declared` (a document says so), `configured` (a setting exists), `enforced` (the
/// setting is assigned and in force), `observed` (a device, shipment or log shows it).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Grade {
    Declared,
    Configured,
    Enforced,
    Observed,
}

/// State of a technical control: `enforced`, `report-only` (it logs but does not block), `disabled` or `unknown`.
/// Only `enforced` counts.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", extend("x-duly-unknown" = ["unknown"]))]
pub enum RuleState {
    Enforced,
    ReportOnly,
    Disabled,
    Unknown,
}

/// Type of network an IP address belongs to: `corporate` (the organisation's own network or VPN), `residential`,
/// `mobile`, `commercial-vpn`, `anonymizing-proxy`, `tor`, `private-relay`, `data-center` or `unknown`.
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

/// Type of identity document. Any of these is acceptable; never require a particular one.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum IdentityDocumentType {
    DriversLicense,
    Passport,
    IdentityCard,
    ResidencePermit,
    OtherOfficial,
}

/// What a background check covers.
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

/// Signature required on delivery: `adult` (an adult at the address, age checked), `direct` (someone at the address),
/// `indirect` (a neighbour's signature or a signed door tag is enough), `signature` (a plain signature service, which
/// a neighbour or building manager can satisfy), `none`, `service-default` (whatever the carrier's service includes)
/// or `unknown`.
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

/// Type of bank document: `voided-check`; `certified-letter` or `certified-statement` (certified by the bank);
/// `plain-statement`, `screenshot` or `app-document` (not certified); or `none`.
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

/// Additional verification of a person: `own-check` (background check by the organisation or its agency),
/// `in-person-meeting`, `notarized-identity`, `video-verification`, `independent-references`,
/// `supervised-work-sample`, `second-identity-document`.
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

/// Type of red flag: `camera` (RF-01), `drug-test-or-in-person` (RF-02), `assessment-cheating` (RF-03),
/// `online-profiles` (RF-04), `delivery-address` (RF-05), `education-claim` (RF-06; a claimed degree could not be
/// confirmed with the institution, whose country is not recorded), `prepayment` (RF-07), `extortion-threat` (RF-08),
/// `account-or-payment-changes` (RF-09), `claimed-location` (RF-10; the claimed location does not fit the evidence,
/// and language is never recorded) or `other` (described in the summary).
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

/// Details that every set of written rules has.
#[derive(JsonSchema)]
pub struct RuleHead {
    /// Title of the rules, as on the document.
    pub title: Option<String>,
    /// Status of the rules. Only rules with the status `in-force` count.
    pub status: Option<RuleStatus>,
    /// Document that contains the rules.
    pub document: Option<Evidence>,
    /// Date the rules were adopted, as the document says.
    pub adopted_on: Option<Date>,
    /// Date of the latest review of the rules. Leave it out if they were not reviewed since adoption.
    pub reviewed_on: Option<Date>,
    /// Employee id or role of the person who approved the rules.
    pub approved_by: Option<Person>,
    /// Employee id or role of the person responsible for keeping the rules up to date.
    pub owner: Option<Person>,
    /// Groups of people the rules apply to, by how they are engaged.
    #[schemars(length(min = 1))]
    pub applies_to: Option<Vec<Engagement>>,
    /// Other relevant facts about the rules, as free text.
    pub notes: Option<FreeText>,
}

/// Status of written rules: `draft`, `in-force` or `retired`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum RuleStatus {
    Draft,
    InForce,
    Retired,
}
