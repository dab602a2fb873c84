//! What establishes who a worker is and how the worker is paid: identity, background checks, bank and payments.
//!
//! *Notarized* means that a notary certified the proof of identity. The *own check* is a background check that the
//! organisation, or an agency it engaged, made itself. A *supplied check* is one that someone else handed in. Account and
//! document numbers are never written down, only their salted keyed hashes; check reports stay where they are.

use super::common::*;
use super::hiring::VerificationResult;
use schemars::JsonSchema;

/// Proof of identity (DD-10). Kept apart from employment-eligibility forms.
#[derive(JsonSchema)]
pub struct Identity {
    /// Type of the document shown; any official one will do.
    pub document_type: Option<IdentityDocumentType>,
    /// Keyed hash of the document's number, to find one document used by several workers.
    pub document_hash: Option<KeyedHash>,
    /// Last day the document is valid.
    pub document_expires_on: Option<DayAhead>,
    /// Type of a second document, if one was shown.
    pub second_document_type: Option<IdentityDocumentType>,
    /// Keyed hash of the second document's number.
    pub second_document_hash: Option<KeyedHash>,
    /// True if the name on the document is the worker's, spelled the same everywhere.
    pub name_matches: Option<bool>,
    /// Day the identity was verified.
    pub verified_on: Option<Date>,
    /// Who verified it.
    pub verified_by: Option<Person>,
    /// Day the identity (name or document) last changed; calls for new proof.
    pub changed_on: Option<Date>,
    /// The notarized proof.
    pub notarized: Option<Notarized>,
}

/// A notarized proof of identity (DD-10).
#[derive(JsonSchema)]
pub struct Notarized {
    /// Day of the notarization.
    pub act_on: Option<Date>,
    /// The notarized document.
    pub document: Option<Evidence>,
    /// Day of the first notarization, if there were several. It counts if its document shows it.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub first_act_on: Option<Date>,
    /// The first notarized document, if there were several.
    pub first_document: Option<Evidence>,
    /// Name of the notary.
    pub notary_name: Option<Name>,
    /// State or province that commissioned the notary.
    pub commission_region: Option<String>,
    /// Country that commissioned the notary.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub commission_country: Option<Country>,
    /// Number of the commission.
    pub commission_number: Option<DocumentNumber>,
    /// Last day of the commission; absent where the law appoints notaries without one.
    pub commission_expires_on: Option<DayAhead>,
    /// True if the organisation looked the commission up in its register.
    pub commission_verified: Option<bool>,
    /// Extract of that register.
    pub commission_document: Option<Evidence>,
    /// True if the act was done by remote online notarization.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub remote_online: Option<bool>,
    /// Provider of the remote online notarization.
    pub provider: Option<String>,
    /// Journal entry or recording of the remote act.
    pub journal: Option<Evidence>,
    /// True if the name in the act is the worker's.
    pub name_matches: Option<bool>,
    /// Why there is no notarized proof, when the organisation accepted its absence.
    pub exception: Option<Exception>,
}

/// A background check on the individual made by the organisation (DD-02). No report contents.
#[derive(JsonSchema)]
pub struct OwnCheck {
    /// Who performed it.
    pub performed_by: Option<CheckPerformer>,
    /// The vendor, if a vendor performed it; it is then not the organisation's own.
    pub performed_by_vendor: Option<VendorRef>,
    /// The issuer of the result (DD-03).
    pub issuer: Option<IssuerRef>,
    /// Who handed the result in.
    pub supplied_by: Option<Supplier>,
    /// Who ordered it; not the person, and not someone from the vendor.
    pub ordered_by: Option<Person>,
    /// Day the person received the legal disclosure.
    pub disclosed_on: Option<Date>,
    /// Day it was ordered; not before the release form was signed.
    pub ordered_on: Option<Date>,
    /// Day it was completed.
    pub completed_on: Option<Date>,
    /// What it looked at.
    #[schemars(length(min = 1))]
    pub scope: Option<Vec<CheckScope>>,
    /// What it came to.
    pub result: Option<VerificationResult>,
    /// The result, where it is kept.
    pub document: Option<Evidence>,
    /// Work order it was made for; a new person under the same order needs a new check.
    pub work_order: Option<String>,
    /// Why the person works here although the check was not passed.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub decision: Option<CheckDecision>,
}

/// A written decision on a background check that was not passed (DD-02).
#[derive(JsonSchema)]
pub struct CheckDecision {
    /// Why the person may work here.
    pub reason: Option<FreeText>,
    /// Who decided; not the person, and not someone from the vendor.
    pub decided_by: Option<Person>,
    /// Day of the decision.
    pub decided_on: Option<Date>,
    /// Day the person received the result and could answer, before the decision.
    pub person_heard_on: Option<Date>,
    /// The decision itself.
    pub document: Option<Evidence>,
}

/// Who performed a check: `own-organization`, `own-check-agency` (engaged by the organisation), `vendor`, `vendor-affiliate`,
/// `local-authority` (engaged by the person), `worker`, `platform`, `unknown`. Only the first two are the organisation's own.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", extend("x-duly-unknown" = ["unknown"]))]
pub enum CheckPerformer {
    OwnOrganization,
    OwnCheckAgency,
    Vendor,
    VendorAffiliate,
    LocalAuthority,
    Worker,
    Platform,
    Unknown,
}

/// Who handed a document in: `issuer` (straight from its author), `worker`, `vendor`, `platform`, `other`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Supplier {
    Issuer,
    Worker,
    Vendor,
    Platform,
    Other,
}

/// Background-check documentation that the worker or another party handed in (DD-03).
#[derive(JsonSchema)]
pub struct SuppliedCheck {
    /// Who handed it in.
    pub supplied_by: Option<Supplier>,
    /// Day it was handed in.
    pub supplied_on: Option<Date>,
    /// Its issuer, if known to the registry of issuers.
    pub issuer: Option<IssuerRef>,
    /// True if the organisation relied on it.
    pub accepted: Option<bool>,
    /// Who decided; not the person, and not someone from the vendor.
    pub decided_by: Option<Person>,
    /// The document.
    pub document: Option<Evidence>,
}

/// The form by which a person allows the organisation to make a background check (DD-03).
#[derive(JsonSchema)]
pub struct ReleaseForm {
    /// Day it was offered.
    pub offered_on: Option<Date>,
    /// Day it was signed.
    pub signed_on: Option<Date>,
    /// Day the person declined to sign.
    pub declined_on: Option<Date>,
    /// The signed form.
    pub document: Option<Evidence>,
}

/// Who pays a person: `organization`, `vendor` (the worker's vendor), `platform` (the one the worker was found on), or
/// `unpaid` (not paid so far).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum PaidBy {
    Organization,
    Vendor,
    Platform,
    Unpaid,
}

/// How a person is paid: `bank-transfer`, `check`, `payroll` (by a payroll provider into a bank account), `platform`,
/// `payment-app`, `virtual-currency`, `prepaid-card`, `other`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum PaymentMethod {
    BankTransfer,
    Check,
    Payroll,
    Platform,
    PaymentApp,
    VirtualCurrency,
    PrepaidCard,
    Other,
}

/// A bank account and what verifies it (DD-04, DD-05).
#[derive(JsonSchema)]
pub struct Bank {
    /// Day the organisation asked for the document; not after the first payment.
    pub requested_on: Option<Date>,
    /// Kind of document received.
    pub document_type: Option<BankDocumentType>,
    /// Day the document bears.
    pub document_on: Option<Date>,
    /// The document.
    pub document: Option<Evidence>,
    /// Routing number of the institution: nine digits, written in quotes. US accounts only.
    #[schemars(example = "011000015")]
    pub routing_number: Option<BankText>,
    /// Number of the voided check.
    pub check_number: Option<BankText>,
    /// True if the check number was verified with the institution.
    pub check_number_verified: Option<bool>,
    /// True if the routing number was found to belong to the institution.
    pub routing_number_verified: Option<bool>,
    /// Country of the account; the US if left out. A routing number contradicts any other.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub account_country: Option<Country>,
    /// True if the check digits of the IBAN were found right, for an account in a country that has IBANs. The IBAN itself is not written down.
    pub iban_verified: Option<bool>,
    /// Name of the institution, as on the document.
    pub institution: Option<BankText>,
    /// What the institution is.
    pub institution_type: Option<InstitutionType>,
    /// True if the account was found to belong to a money service business; false if that was checked and ruled out.
    pub money_service_business: Option<bool>,
    /// Lists and registers that were searched for the institution.
    #[schemars(extend("x-duly-inventory" = true))]
    pub money_service_business_sources: Option<Vec<SourceName>>,
    /// Name of the account holder, as on the document; compared with the name of the worker or vendor, and with the holders of the same account.
    pub holder: Option<BankText>,
    /// True if the holder is the person whose identity was verified.
    pub holder_matches_identity: Option<bool>,
    /// Salted keyed hash of routing and account number, to find one account used by several workers.
    pub account_hash: Option<AccountHash>,
    /// Who is paid.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub payee_type: Option<PayeeType>,
    /// What shows that a company that is paid is the worker's own, such as an extract from the register.
    pub company_document: Option<Evidence>,
    /// Who verified the account; not the worker, nor anyone at the vendor.
    pub verified_by: Option<Person>,
    /// Day it was last verified.
    pub verified_on: Option<Date>,
    /// Day it was verified first, where it was verified again since.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub first_verified_on: Option<Date>,
    /// What shows the first verification.
    pub first_verification_document: Option<Evidence>,
    /// How it was verified.
    pub verification_method: Option<BankVerificationMethod>,
    /// What shows the verification.
    pub verification_document: Option<Evidence>,
    /// Changes of the account, oldest first.
    pub changes: Option<Vec<BankChange>>,
}

/// What an institution is: `bank`, `credit-union`, `money-service-business`, `payment-app`, `virtual-currency-exchange`, `unknown`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", extend("x-duly-unknown" = ["unknown"]))]
pub enum InstitutionType {
    Bank,
    CreditUnion,
    MoneyServiceBusiness,
    PaymentApp,
    VirtualCurrencyExchange,
    Unknown,
}

/// Who is paid: `worker`, `workers-company` (a company shown to be the worker's), `vendor`, `platform`, `third-party`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum PayeeType {
    Worker,
    WorkersCompany,
    Vendor,
    Platform,
    ThirdParty,
}

/// How an account was verified: `institution-contacted` (by contact details found independently), `routing-directory`,
/// `verification-service`, `test-deposit`, `document-only`, `not-verified`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum BankVerificationMethod {
    InstitutionContacted,
    RoutingDirectory,
    VerificationService,
    TestDeposit,
    DocumentOnly,
    NotVerified,
}

/// A change of bank account (DD-04, RF-09).
#[derive(JsonSchema)]
pub struct BankChange {
    /// Day of the change.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub changed_on: Option<Date>,
    /// Reason given.
    pub reason: Option<FreeText>,
    /// Kind of the new document.
    pub document_type: Option<BankDocumentType>,
    /// Day the new document bears.
    pub document_on: Option<Date>,
    /// The new document.
    pub document: Option<Evidence>,
    /// Keyed hash of the account before the change.
    pub previous_account_hash: Option<AccountHash>,
    /// Keyed hash of the account after the change.
    pub account_hash: Option<AccountHash>,
    /// Day the new account was verified.
    pub verified_on: Option<Date>,
    /// Who verified it.
    pub verified_by: Option<Person>,
}

/// A request for money outside the agreed schedule (RF-07).
#[derive(JsonSchema)]
pub struct PaymentRequest {
    /// Day of the request.
    pub requested_on: Option<Date>,
    /// What was asked for.
    pub r#type: Option<PaymentRequestType>,
    /// True if it came before the milestone or delivery it was for.
    pub before_milestone: Option<bool>,
    /// What the organisation answered.
    pub outcome: Option<PaymentRequestOutcome>,
    /// How the person took a denial, as a named person noted it.
    pub reaction: Option<Reaction>,
    /// Who noted it.
    pub noted_by: Option<Person>,
    /// The interaction in which it happened.
    pub interaction: Option<InteractionRef>,
}

/// What was asked for.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum PaymentRequestType {
    Prepayment,
    AdditionalPayment,
    EarlyPayment,
    SplitPayments,
}

/// Answer to a request for money.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum PaymentRequestOutcome {
    Granted,
    Denied,
    Pending,
}

/// How a denial was taken: `accepted`, `repeated` (asked again), `angry`, `threatening` (then also record an incident).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Reaction {
    Accepted,
    Repeated,
    Angry,
    Threatening,
}

/// A change of payment method or payee, asked for or made (RF-09).
#[derive(JsonSchema)]
pub struct PaymentMethodChange {
    /// Day of the request.
    pub requested_on: Option<Date>,
    /// Day of the change; absent if it was not made.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub changed_on: Option<Date>,
    /// Method before.
    pub from: Option<PaymentMethod>,
    /// Method after.
    pub to: Option<PaymentMethod>,
    /// Who would be paid after the change.
    pub payee_type: Option<PayeeType>,
    /// Other company or platform that the person asked to work or be paid through.
    pub through_company: Option<Name>,
    /// True if the reason given was trouble with an account at a provider.
    pub account_trouble: Option<bool>,
    /// Reason given.
    pub reason: Option<FreeText>,
    /// Who approved it.
    pub approved_by: Option<Person>,
    /// Day the new method was verified.
    pub verified_on: Option<Date>,
}
