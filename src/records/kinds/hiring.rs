//! What verifies a worker's claims: live video, education, employment, references, online profiles.
//!
//! A *verification* has a result: `passed`, `not-passed`, or `inconclusive`. *Directly* means with the institution or employer itself;
//! *found independently* means by contact details that the organisation looked up and did not get from the person.
//! The same is asked of everyone in a role class.

use super::common::*;
use schemars::JsonSchema;

/// Result of a verification: `passed`, `not-passed`, `inconclusive` or `waiting` (not complete yet).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum VerificationResult {
    Passed,
    NotPassed,
    Inconclusive,
    Waiting,
}

/// Verification of a person by live video (DD-11). Record the latest one here and the date of the first in
/// `first_verified_on`.
#[derive(JsonSchema)]
pub struct VideoVerification {
    /// Date of the latest verification.
    pub verified_on: Option<Date>,
    /// Date of the first verification, if there were several. It counts only if its recording or an interaction of
    /// that date shows it.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub first_verified_on: Option<Date>,
    /// Recording of the first verification, if there were several.
    pub first_recording: Option<Evidence>,
    /// Employee id or role of the person who verified; neither the recruiter nor anyone from the vendor.
    pub verifier: Option<Person>,
    /// Role of the verifier in the hiring.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub verifier_role: Option<VerifierRole>,
    /// True if the person physically held an identity document up to the camera.
    pub document_held_to_camera: Option<bool>,
    /// Types of identity document held up. Any official document is acceptable.
    pub document_types: Option<Vec<IdentityDocumentType>>,
    /// Keyed hash of the document number, made with `duly hash`. It is compared with `identity.document_hash`.
    pub document_hash: Option<KeyedHash>,
    /// True if the verifier confirmed that the person is the one pictured on the document.
    pub face_match: Option<bool>,
    /// True if the person showed their location on camera.
    pub location_shown: Option<bool>,
    /// How the location was shown. A `dated-local-object` is, for example, mail or a newspaper.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub location_shown_how: Option<LocationShown>,
    /// True if what was shown fits the claimed residence.
    pub location_matches_residence: Option<bool>,
    /// Reason the location was not shown. Leave it out if it was.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub location_not_shown_reason: Option<FreeText>,
    /// Employee id or role of the person who decided that the location need not be shown.
    pub location_decided_by: Option<Person>,
    /// Date of the decision that the location need not be shown.
    pub location_decided_on: Option<Date>,
    /// True if the camera was pointed outside.
    pub camera_directed_outside: Option<bool>,
    /// Movements the person was asked to make, to detect altered video.
    pub gestures: Option<Vec<Gesture>>,
    /// Result of the verification. `waiting` means not complete yet.
    pub result: Option<VerificationResult>,
    /// Recording of the latest verification, as a reference to where it is kept (DD-06).
    pub recording: Option<Evidence>,
    /// Id of the interaction in which the verification took place.
    pub interaction: Option<InteractionRef>,
}

/// Role of a verifier in the hiring.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum VerifierRole {
    HumanResources,
    Security,
    HiringManager,
    Recruiter,
    Vendor,
    VerificationService,
    Other,
}

/// How a location was shown: `camera-directed-outside`, `surroundings`, `dated-local-object` (such as mail or a
/// newspaper) or `other`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum LocationShown {
    CameraDirectedOutside,
    Surroundings,
    DatedLocalObject,
    Other,
}

/// Movement that a person was asked to make on video.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Gesture {
    HandBeforeFace,
    HeadTurned,
    StandUp,
    Other,
}

/// Verification of one claimed degree or job. Record neither the name nor the place of the institution.
#[derive(JsonSchema)]
pub struct ClaimVerification {
    /// Label of the claim in the résumé, such as `degree-1`, without the name or place of an institution.
    pub claim: Option<String>,
    /// True if the claim was verified with the institution or employer itself.
    pub verified_directly: Option<bool>,
    /// True if the organisation looked up the contact details itself instead of using those the person gave.
    pub contact_found_independently: Option<bool>,
    /// Date of the verification.
    pub verified_on: Option<Date>,
    /// Employee id or role of the person who verified the claim.
    pub verified_by: Option<Person>,
    /// Result of the verification. `waiting` means not complete yet.
    pub result: Option<VerificationResult>,
    /// Answer from the institution or employer, or other evidence of the verification.
    pub document: Option<Evidence>,
}

/// A reference contact that the person named.
#[derive(JsonSchema)]
pub struct Reference {
    /// Name of the contact.
    pub name: Option<Name>,
    /// E-mail address of the contact.
    pub email: Option<Email>,
    /// Telephone number of the contact, in international form.
    pub phone: Option<Phone>,
    /// Keyed hash of the contact's e-mail address or telephone number, made with `duly hash`. It shows when one
    /// contact vouches for several workers.
    pub contact_hash: Option<KeyedHash>,
    /// True if the contact uses a free e-mail service instead of the employer's domain.
    pub free_mail: Option<bool>,
    /// True if the organisation looked up the contact details itself instead of using those the person gave.
    pub contact_found_independently: Option<bool>,
    /// Date the contact was reached. Leave it out until then.
    pub contacted_on: Option<Date>,
    /// Employee id or role of the person who reached the contact.
    pub contacted_by: Option<Person>,
    /// Result of the reference check. `waiting` means not complete yet.
    pub result: Option<VerificationResult>,
}

/// The résumé as received.
#[derive(JsonSchema)]
pub struct Resume {
    /// Résumé, as a reference to where it is kept.
    pub document: Option<Evidence>,
    /// Date the résumé was received.
    pub received_on: Option<Date>,
    /// Keyed hash of the résumé's normalised text. It shows when several people submit the same résumé.
    pub content_hash: Option<KeyedHash>,
}

/// An additional verification of a person (DD-16).
#[derive(JsonSchema)]
pub struct ReinforcedCheck {
    /// Type of verification. `own-check` is a background check by the organisation or its agency.
    pub r#type: Option<ReinforcedCheckType>,
    /// Date the verification was completed.
    pub completed_on: Option<Date>,
    /// Employee id or role of the person who performed the verification.
    pub performed_by: Option<Person>,
    /// Result of the verification. `waiting` means not complete yet.
    pub result: Option<VerificationResult>,
    /// Evidence of the verification.
    pub document: Option<Evidence>,
}

/// Review form that compares online profiles with the résumé, completed by a person (RF-04). A missing profile
/// picture means nothing by itself.
#[derive(JsonSchema)]
pub struct OnlineProfileReview {
    /// Date of the review.
    pub reviewed_on: Option<Date>,
    /// Employee id or role of the reviewer.
    pub reviewed_by: Option<Person>,
    /// Online profiles that were compared with the résumé.
    #[schemars(length(min = 1))]
    pub profiles: Option<Vec<OnlineProfile>>,
    /// True if the dates in the profiles agree with the résumé.
    pub dates_match: Option<bool>,
    /// True if the employers in the profiles agree with the résumé.
    pub employers_match: Option<bool>,
    /// True if the education in the profiles agrees with the résumé.
    pub education_matches: Option<bool>,
    /// True if several profiles claim to be this person and contradict each other.
    pub contradicting_profiles: Option<bool>,
    /// Result of the review. `waiting` means not complete yet.
    pub result: Option<VerificationResult>,
    /// Explanation given by the person, or why a difference is harmless.
    pub explanation: Option<FreeText>,
    /// Date the review was closed.
    pub closed_on: Option<Date>,
}

/// An online profile that was compared with the résumé.
#[derive(JsonSchema)]
pub struct OnlineProfile {
    /// Web address of the profile.
    pub url: Option<WebAddress>,
    /// True if the profile agrees with the résumé.
    pub matches_resume: Option<bool>,
    /// Saved copy of the profile page.
    pub document: Option<Evidence>,
}
