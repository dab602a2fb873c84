//! What establishes who a worker is and how the worker is paid: identity, background checks, bank and payments.
//!
//! *Notarized* means that a notary certified the proof of identity. The *own check* is a background check that the
//! organisation, or an agency it engaged, made itself. A *supplied check* is one that someone else handed in. Account and
//! document numbers are never written down, only their salted keyed hashes; check reports stay where they are.

use super::common::*;
use super::hiring::VerificationResult;
use schemars::JsonSchema;

/// Proof of identity (DD-10). Keep it apart from employment-eligibility forms.
#[derive(JsonSchema)]
pub struct Identity {
    /// Type of identity document shown. Any official document is acceptable.
    pub document_type: Option<IdentityDocumentType>,
    /// Keyed hash of the document number, made with `duly hash`. It shows when several workers use one document.
    pub document_hash: Option<KeyedHash>,
    /// Last day the document is valid; it may be in the future.
    pub document_expires_on: Option<DayAhead>,
    /// Type of the second document. Leave it out if none was shown.
    pub second_document_type: Option<IdentityDocumentType>,
    /// Keyed hash of the second document's number, made with `duly hash`.
    pub second_document_hash: Option<KeyedHash>,
    /// True if the name on the document is the worker's name, spelled the same everywhere.
    pub name_matches: Option<bool>,
    /// Date the identity was verified.
    pub verified_on: Option<Date>,
    /// Employee id or role of the person who verified the identity.
    pub verified_by: Option<Person>,
    /// Date the name or the identity document last changed, which requires new proof. Leave it out if nothing
    /// changed.
    pub changed_on: Option<Date>,
    /// Notarized proof of identity.
    pub notarized: Option<Notarized>,
}

/// A notarized proof of identity (DD-10).
#[derive(JsonSchema)]
pub struct Notarized {
    /// Date of the latest notarization, as the notary certified it.
    pub act_on: Option<Date>,
    /// Notarized document.
    pub document: Option<Evidence>,
    /// Date of the first notarization, if there were several. It counts only if its document shows it.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub first_act_on: Option<Date>,
    /// Document of the first notarization, if there were several.
    pub first_document: Option<Evidence>,
    /// Name of the notary, as on the document.
    pub notary_name: Option<Name>,
    /// State or province that commissioned the notary, such as `IL`.
    pub commission_region: Option<String>,
    /// Country that commissioned the notary, two capital letters.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub commission_country: Option<Country>,
    /// Number of the notary's commission, as on the document.
    pub commission_number: Option<DocumentNumber>,
    /// Last day of the notary's commission. Leave it out where the law appoints notaries without an expiry date.
    pub commission_expires_on: Option<DayAhead>,
    /// True if the organisation confirmed the commission in the official register of notaries.
    pub commission_verified: Option<bool>,
    /// Extract from the register of notaries.
    pub commission_document: Option<Evidence>,
    /// True if the notarization was done online, by remote online notarization; false if in person.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub remote_online: Option<bool>,
    /// Name of the provider of the remote online notarization.
    pub provider: Option<String>,
    /// Journal entry or recording of the remote online notarization.
    pub journal: Option<Evidence>,
    /// True if the name in the notarization is the worker's name.
    pub name_matches: Option<bool>,
    /// Permission to accept the worker without a notarized proof.
    pub exception: Option<Exception>,
}

/// Background check that the organisation made on the person (DD-02). Do not copy the contents of the report.
#[derive(JsonSchema)]
pub struct OwnCheck {
    /// Who performed the check. Only `own-organization` and `own-check-agency` (engaged by the organisation) count as
    /// the organisation's own; `local-authority` was engaged by the person.
    pub performed_by: Option<CheckPerformer>,
    /// Id of the vendor that performed the check, if one did. The check is then not the organisation's own.
    pub performed_by_vendor: Option<VendorRef>,
    /// Id of the issuer that wrote the result (DD-03).
    pub issuer: Option<IssuerRef>,
    /// Who submitted the result; `issuer` means that it came directly from its author.
    pub supplied_by: Option<Supplier>,
    /// Employee id or role of the person who ordered the check; neither the worker nor anyone from the vendor.
    pub ordered_by: Option<Person>,
    /// Date the person received the legal disclosure.
    pub disclosed_on: Option<Date>,
    /// Date the check was ordered, on or after the date the release form was signed.
    pub ordered_on: Option<Date>,
    /// Date the check was completed. Leave it out until then.
    pub completed_on: Option<Date>,
    /// What the check covered.
    #[schemars(length(min = 1))]
    pub scope: Option<Vec<CheckScope>>,
    /// Result of the check. `waiting` means not complete yet.
    pub result: Option<VerificationResult>,
    /// Result of the check, as a reference to where it is kept.
    pub document: Option<Evidence>,
    /// Work order that the check was made for. A new person under the same order needs a new check.
    pub work_order: Option<String>,
    /// Decision to let the person work although the check was not passed.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub decision: Option<CheckDecision>,
}

/// A written decision on a background check that was not passed (DD-02).
#[derive(JsonSchema)]
pub struct CheckDecision {
    /// Reason the person may work here.
    pub reason: Option<FreeText>,
    /// Employee id or role of the person who decided; neither the worker nor anyone from the vendor.
    pub decided_by: Option<Person>,
    /// Date of the decision.
    pub decided_on: Option<Date>,
    /// Date the person received the result and could respond to it, on or before the date of the decision.
    pub person_heard_on: Option<Date>,
    /// The written decision.
    pub document: Option<Evidence>,
}

/// Who performed a check: `own-organization`, `own-check-agency` (engaged by the organisation), `vendor`,
/// `vendor-affiliate`, `local-authority` (engaged by the person), `worker`, `platform` or `unknown`. Only the first
/// two count as the organisation's own.
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

/// Who submitted a document: `issuer` (directly from its author), `worker`, `vendor`, `platform` or `other`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Supplier {
    Issuer,
    Worker,
    Vendor,
    Platform,
    Other,
}

/// Background-check document submitted by the worker or another party (DD-03).
#[derive(JsonSchema)]
pub struct SuppliedCheck {
    /// Who submitted the document; `issuer` means that it came directly from its author.
    pub supplied_by: Option<Supplier>,
    /// Date the document was submitted.
    pub supplied_on: Option<Date>,
    /// Id of the issuer that wrote the document. Leave it out if the issuer has no record.
    pub issuer: Option<IssuerRef>,
    /// True if the organisation relied on the document; false if it refused it.
    pub accepted: Option<bool>,
    /// Employee id or role of the person who decided; neither the worker nor anyone from the vendor.
    pub decided_by: Option<Person>,
    /// Document as submitted.
    pub document: Option<Evidence>,
}

/// Form by which a person allows the organisation to make a background check (DD-03).
#[derive(JsonSchema)]
pub struct ReleaseForm {
    /// Date the form was offered to the person.
    pub offered_on: Option<Date>,
    /// Date the person signed the form. Leave it out until then.
    pub signed_on: Option<Date>,
    /// Date the person declined to sign. Leave it out if they did not.
    pub declined_on: Option<Date>,
    /// Signed form.
    pub document: Option<Evidence>,
}

/// Who pays a person: `organization`, `vendor` (the worker's vendor), `platform` (the one the worker was found on) or
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
/// `payment-app`, `virtual-currency`, `prepaid-card` or `other`.
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

/// A bank account and the evidence that verifies it (DD-04, DD-05).
#[derive(JsonSchema)]
pub struct Bank {
    /// Date the organisation requested the bank document, on or before the first payment.
    pub requested_on: Option<Date>,
    /// Type of bank document received. Certified means certified by the bank; `plain-statement`, `screenshot` and
    /// `app-document` are not certified.
    pub document_type: Option<BankDocumentType>,
    /// Date that the bank document bears.
    pub document_on: Option<Date>,
    /// Bank document as received.
    pub document: Option<Evidence>,
    /// Routing number of the bank, nine digits in quotes. For US accounts only.
    #[schemars(example = "011000015")]
    pub routing_number: Option<BankText>,
    /// Number on the voided check, in quotes.
    pub check_number: Option<BankText>,
    /// True if the check number was verified with the bank.
    pub check_number_verified: Option<bool>,
    /// True if the routing number was confirmed to belong to the bank.
    pub routing_number_verified: Option<bool>,
    /// Country of the account, two capital letters. If it is left out, the account counts as a US account; only US
    /// accounts have a routing number.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub account_country: Option<Country>,
    /// True if the check digits of the IBAN are correct, for an account in a country that uses IBANs. Do not record
    /// the IBAN itself.
    pub iban_verified: Option<bool>,
    /// Name of the bank or other institution, as on the document.
    pub institution: Option<BankText>,
    /// Type of institution that holds the account.
    pub institution_type: Option<InstitutionType>,
    /// True if the account belongs to a money service business; false if that was checked and ruled out.
    pub money_service_business: Option<bool>,
    /// Names of the lists and registers that were searched for the institution.
    #[schemars(extend("x-duly-inventory" = true))]
    pub money_service_business_sources: Option<Vec<SourceName>>,
    /// Name of the account holder, as on the document. It is compared with the name of the worker or vendor and with
    /// other holders of the same account.
    pub holder: Option<BankText>,
    /// True if the holder is the person whose identity was verified.
    pub holder_matches_identity: Option<bool>,
    /// Keyed hash of the routing and account number, made with `duly hash`. It shows when several workers use one
    /// account.
    pub account_hash: Option<AccountHash>,
    /// Who receives the payments. `workers-company` is a company shown to be the worker's own.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub payee_type: Option<PayeeType>,
    /// Evidence that the company paid is the worker's own, such as an extract from the company register.
    pub company_document: Option<Evidence>,
    /// Employee id or role of the person who verified the account; neither the worker nor anyone from the vendor.
    pub verified_by: Option<Person>,
    /// Date the account was last verified.
    pub verified_on: Option<Date>,
    /// Date the account was first verified, if it was verified again later.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub first_verified_on: Option<Date>,
    /// Evidence of the first verification.
    pub first_verification_document: Option<Evidence>,
    /// How the account was verified; `institution-contacted` means by contact details found independently.
    pub verification_method: Option<BankVerificationMethod>,
    /// Evidence of the latest verification.
    pub verification_document: Option<Evidence>,
    /// Changes of the account, oldest first.
    pub changes: Option<Vec<BankChange>>,
}

/// Type of institution: `bank`, `credit-union`, `money-service-business`, `payment-app`, `virtual-currency-exchange`
/// or `unknown`.
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

/// Who receives the payments: `worker`, `workers-company` (a company shown to be the worker's own), `vendor`,
/// `platform` or `third-party`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum PayeeType {
    Worker,
    WorkersCompany,
    Vendor,
    Platform,
    ThirdParty,
}

/// How an account was verified: `institution-contacted` (by contact details found independently),
/// `routing-directory`, `verification-service`, `test-deposit`, `document-only` or `not-verified`.
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
    /// Date payments switched to the new account.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub changed_on: Option<Date>,
    /// Reason given for the change.
    pub reason: Option<FreeText>,
    /// Type of the new bank document.
    pub document_type: Option<BankDocumentType>,
    /// Date that the new document bears.
    pub document_on: Option<Date>,
    /// New bank document.
    pub document: Option<Evidence>,
    /// Keyed hash of the account before the change, made with `duly hash`.
    pub previous_account_hash: Option<AccountHash>,
    /// Keyed hash of the account after the change, made with `duly hash`.
    pub account_hash: Option<AccountHash>,
    /// Date the new account was verified.
    pub verified_on: Option<Date>,
    /// Employee id or role of the person who verified the new account.
    pub verified_by: Option<Person>,
}

/// A request for money outside the agreed schedule (RF-07).
#[derive(JsonSchema)]
pub struct PaymentRequest {
    /// Date of the request.
    pub requested_on: Option<Date>,
    /// Type of payment requested.
    pub r#type: Option<PaymentRequestType>,
    /// True if the request came before the milestone or delivery it was for.
    pub before_milestone: Option<bool>,
    /// Answer of the organisation.
    pub outcome: Option<PaymentRequestOutcome>,
    /// Reaction to a denial, as a named person noted it. `repeated` means that the person asked again; for
    /// `threatening`, also record an incident.
    pub reaction: Option<Reaction>,
    /// Employee id or role of the person who noted the reaction.
    pub noted_by: Option<Person>,
    /// Id of the interaction in which the request was made.
    pub interaction: Option<InteractionRef>,
}

/// Type of payment requested.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum PaymentRequestType {
    Prepayment,
    AdditionalPayment,
    EarlyPayment,
    SplitPayments,
}

/// Answer to a request for money: `granted`, `denied` or `pending`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum PaymentRequestOutcome {
    Granted,
    Denied,
    Pending,
}

/// Reaction to a denial: `accepted`, `repeated` (asked again), `angry` or `threatening` (then also record an
/// incident).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Reaction {
    Accepted,
    Repeated,
    Angry,
    Threatening,
}

/// A change of payment method or payee, requested or made (RF-09).
#[derive(JsonSchema)]
pub struct PaymentMethodChange {
    /// Date of the request.
    pub requested_on: Option<Date>,
    /// Date of the change. Leave it out if the change was not made.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub changed_on: Option<Date>,
    /// Payment method before the change.
    pub from: Option<PaymentMethod>,
    /// Payment method after the change.
    pub to: Option<PaymentMethod>,
    /// Who would receive the payments after the change.
    pub payee_type: Option<PayeeType>,
    /// Name of another company or platform that the person asked to work or be paid through.
    pub through_company: Option<Name>,
    /// True if the person gave trouble with an account at a provider as the reason.
    pub account_trouble: Option<bool>,
    /// Reason given for the change.
    pub reason: Option<FreeText>,
    /// Employee id or role of the person who approved the change.
    pub approved_by: Option<Person>,
    /// Date the new method was verified.
    pub verified_on: Option<Date>,
}
