//! What verifies a worker's claims: live video, education, employment, references, online profiles.
//!
//! A *verification* has a result: `passed`, `not-passed`, or `inconclusive`. *Directly* means with the institution or employer itself;
//! *found independently* means by contact details that the organisation looked up and did not get from the person.
//! The same is asked of everyone in a role class.

use super::common::*;
use schemars::JsonSchema;

/// Result of a verification: `passed`, `not-passed`, `inconclusive`, `waiting`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum VerificationResult {
    Passed,
    NotPassed,
    Inconclusive,
    Waiting,
}

/// Verification of a person by live video (DD-11). The latest one; the first stands in `first_verified_on`.
#[derive(JsonSchema)]
pub struct VideoVerification {
    /// Day of the latest verification.
    pub verified_on: Option<Date>,
    /// Day of the first verification, if there were several. It counts if its recording or an interaction of that day shows it.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub first_verified_on: Option<Date>,
    /// The recording of the first verification, if there were several.
    pub first_recording: Option<Evidence>,
    /// Who verified: a staff member who is not the recruiter and not of the vendor.
    pub verifier: Option<Person>,
    /// The verifier's part in the hiring.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub verifier_role: Option<VerifierRole>,
    /// True if the person physically held an identity document up to the camera.
    pub document_held_to_camera: Option<bool>,
    /// Types of document held up. Any official document will do.
    pub document_types: Option<Vec<IdentityDocumentType>>,
    /// Keyed hash of the document's number, to compare with `identity.document_hash`.
    pub document_hash: Option<KeyedHash>,
    /// True if the verifier found the person to be the one on the document.
    pub face_match: Option<bool>,
    /// True if the person showed where they are.
    pub location_shown: Option<bool>,
    /// How the location was shown.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub location_shown_how: Option<LocationShown>,
    /// True if what was shown fits the claimed residence.
    pub location_matches_residence: Option<bool>,
    /// Why the location was not shown.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub location_not_shown_reason: Option<FreeText>,
    /// Who decided that it need not be shown.
    pub location_decided_by: Option<Person>,
    /// Day of that decision.
    pub location_decided_on: Option<Date>,
    /// True if the camera was directed outside.
    pub camera_directed_outside: Option<bool>,
    /// Movements asked for against altered video.
    pub gestures: Option<Vec<Gesture>>,
    /// What it came to.
    pub result: Option<VerificationResult>,
    /// The recording, where it is kept (DD-06).
    pub recording: Option<Evidence>,
    /// The interaction it was part of.
    pub interaction: Option<InteractionRef>,
}

/// Part of the verifier in the hiring.
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

/// How a location was shown: `camera-directed-outside`, `surroundings`, `dated-local-object` (such as post or a newspaper), `other`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum LocationShown {
    CameraDirectedOutside,
    Surroundings,
    DatedLocalObject,
    Other,
}

/// Movement asked for on video.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Gesture {
    HandBeforeFace,
    HeadTurned,
    StandUp,
    Other,
}

/// Verification of one claimed degree or job. Neither the institution nor its place is written down.
#[derive(JsonSchema)]
pub struct ClaimVerification {
    /// Which claim of the résumé, e.g. `degree-1`. No name or place of an institution.
    pub claim: Option<String>,
    /// True if it was verified with the institution or employer itself.
    pub verified_directly: Option<bool>,
    /// True if the contact details were found independently of the person.
    pub contact_found_independently: Option<bool>,
    /// Day of the verification.
    pub verified_on: Option<Date>,
    /// Who verified.
    pub verified_by: Option<Person>,
    /// What it came to.
    pub result: Option<VerificationResult>,
    /// What shows it.
    pub document: Option<Evidence>,
}

/// A reference contact.
#[derive(JsonSchema)]
pub struct Reference {
    /// Name of the contact.
    pub name: Option<Name>,
    /// E-mail address of the contact.
    pub email: Option<Email>,
    /// Telephone number of the contact.
    pub phone: Option<Phone>,
    /// Keyed hash of e-mail address or telephone number, to find one contact that speaks for several workers.
    pub contact_hash: Option<KeyedHash>,
    /// True if the contact uses a free mail service instead of the employer's own domain.
    pub free_mail: Option<bool>,
    /// True if the contact details were found independently of the person.
    pub contact_found_independently: Option<bool>,
    /// Day the contact was reached.
    pub contacted_on: Option<Date>,
    /// Who reached the contact.
    pub contacted_by: Option<Person>,
    /// What it came to.
    pub result: Option<VerificationResult>,
}

/// The résumé, as received.
#[derive(JsonSchema)]
pub struct Resume {
    /// Where it is kept.
    pub document: Option<Evidence>,
    /// Day it was received.
    pub received_on: Option<Date>,
    /// Keyed hash of its normalised text, to find the same résumé from several people.
    pub content_hash: Option<KeyedHash>,
}

/// Extra verification performed on a person (DD-16).
#[derive(JsonSchema)]
pub struct ReinforcedCheck {
    /// What was done.
    pub r#type: Option<ReinforcedCheckType>,
    /// Day it was completed.
    pub completed_on: Option<Date>,
    /// Who performed it.
    pub performed_by: Option<Person>,
    /// What it came to.
    pub result: Option<VerificationResult>,
    /// What shows it.
    pub document: Option<Evidence>,
}

/// Form comparing online profiles with the résumé (RF-04). Filled in by a person. A profile without a picture means nothing by itself.
#[derive(JsonSchema)]
pub struct OnlineProfileReview {
    /// Day of the review.
    pub reviewed_on: Option<Date>,
    /// Who reviewed.
    pub reviewed_by: Option<Person>,
    /// Profiles that were compared.
    #[schemars(length(min = 1))]
    pub profiles: Option<Vec<OnlineProfile>>,
    /// True if dates agree with the résumé.
    pub dates_match: Option<bool>,
    /// True if employers agree with the résumé.
    pub employers_match: Option<bool>,
    /// True if education agrees with the résumé.
    pub education_matches: Option<bool>,
    /// True if several profiles claim to be this person and contradict each other.
    pub contradicting_profiles: Option<bool>,
    /// What it came to.
    pub result: Option<VerificationResult>,
    /// Explanation by the person, or why a mismatch is harmless.
    pub explanation: Option<FreeText>,
    /// Day the matter was closed.
    pub closed_on: Option<Date>,
}

/// An online profile.
#[derive(JsonSchema)]
pub struct OnlineProfile {
    /// Its address.
    pub url: Option<WebAddress>,
    /// True if it agrees with the résumé.
    pub matches_resume: Option<bool>,
    /// The saved page.
    pub document: Option<Evidence>,
}
