//! Interactions: every contact with a worker or candidate, as the organisation kept it.
//!
//! An *interaction* is one interview, call, test, message or meeting. *Retained until* is the day its record may be
//! deleted. A sign or mismatch is what a named person noted, an occasion to look closer and never a verdict.

use super::common::*;
use super::hiring::VerificationResult;
use schemars::JsonSchema;
use serde_json::Value;

/// One contact with a worker or candidate (DD-06, RF-01, RF-02, RF-03).
#[derive(JsonSchema)]
#[schemars(example = interaction_example())]
pub struct Interaction {
    /// Always `interaction`.
    #[schemars(extend("const" = "interaction"))]
    pub kind: String,
    /// Unique id of the interaction, without spaces or `@`.
    pub id: RecordId,
    /// Id of the worker or candidate.
    pub worker: Option<WorkerRef>,
    /// Type of interaction.
    pub r#type: Option<InteractionType>,
    /// Date the interaction took place.
    pub held_on: Option<Date>,
    /// Stage at which it took place: `hiring` is before the start, `onboarding` the first 30 days. If it contradicts
    /// the worker's start date, the start date decides.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub stage: Option<Stage>,
    /// Where it took place. `platform` is the chat or call of a freelance platform, `company` means company systems,
    /// and `private` any other account.
    pub channel: Option<Channel>,
    /// Employee ids or roles of those who took part for the organisation.
    pub participants: Option<Vec<Person>>,
    /// Use of the camera in a video interview or meeting (RF-01).
    pub camera: Option<Camera>,
    /// Recording of the interaction, as a reference (DD-06). The file itself stays where it is kept.
    pub recording: Option<Recording>,
    /// Consent of the person to being recorded.
    pub recording_consent: Option<Consent>,
    /// Notes, chat log, e-mail or form kept from the interaction (DD-06).
    pub document: Option<Evidence>,
    /// Last day the record of the interaction is kept; it may be in the future.
    pub retained_until_on: Option<DayAhead>,
    /// Date the record was deleted. Leave it out while it is kept.
    pub deleted_on: Option<Date>,
    /// Legal request that required the organisation to delete the record early.
    pub deletion_request: Option<Evidence>,
    /// Request for a drug test or a meeting in person (RF-02).
    pub request: Option<AttendanceRequest>,
    /// Observations of the assessors at a coding test, questionnaire or interview (RF-03).
    pub assessment: Option<Assessment>,
    /// Other relevant facts about the interaction, as free text.
    pub notes: Option<FreeText>,
}

/// Type of interaction.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum InteractionType {
    FirstContact,
    Application,
    Email,
    Message,
    PhoneCall,
    VideoInterview,
    VideoMeeting,
    CodingTest,
    Questionnaire,
    InPersonMeeting,
    DrugTestRequest,
    InPersonRequest,
    ReferenceCall,
    Offer,
    PaymentDiscussion,
}

/// Stage at which an interaction took place: `hiring` (before the start), `onboarding` (first 30 days), `engaged` or
/// `ended`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Stage {
    Hiring,
    Onboarding,
    Engaged,
    Ended,
}

/// Where an interaction took place: `platform` (chat or call of a freelance platform), `company` (company systems),
/// `private` (other accounts) or `in-person`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Channel {
    Platform,
    Company,
    Private,
    InPerson,
}

/// Use of the camera in a video interview or meeting.
#[derive(JsonSchema)]
pub struct Camera {
    /// Whether the camera was used. `failed` means that it was tried and did not work.
    pub outcome: Option<CameraOutcome>,
    /// True if an accommodation was agreed. A refusal then means nothing, provided that the agreement is on file.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub accommodation: Option<bool>,
    /// Agreement on the accommodation, without the medical or personal reason.
    pub accommodation_document: Option<Evidence>,
    /// What did not fit earlier facts. `time` is daylight or a clock, and `location` the surroundings, against the
    /// claimed place; `person` is a different individual from the one seen before or on the document.
    pub mismatches: Option<Vec<CameraMismatch>>,
    /// Employee ids or roles of those who noted a mismatch. Two people make it worth a review.
    pub mismatch_noted_by: Option<Vec<Person>>,
}

/// Whether the camera was used: `used`, `refused`, `failed` (it was tried and did not work) or `not-requested`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum CameraOutcome {
    Used,
    Refused,
    Failed,
    NotRequested,
}

/// What did not fit earlier facts: `time` (daylight or clock against the claimed place), `location` (surroundings
/// against the claimed place) or `person` (a different individual than in an earlier contact or on the document).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum CameraMismatch {
    Time,
    Location,
    Person,
}

/// Recording of an interaction.
#[derive(JsonSchema)]
pub struct Recording {
    /// True if the interaction was recorded.
    pub made: Option<bool>,
    /// Recording, as a reference to where it is kept, with its SHA-256.
    pub document: Option<Evidence>,
    /// Reason the interaction was not recorded.
    pub not_made_reason: Option<FreeText>,
}

/// Consent to being recorded.
#[derive(JsonSchema)]
pub struct Consent {
    /// Answer of the person.
    pub outcome: Option<ConsentOutcome>,
    /// Date the person answered.
    pub answered_on: Option<Date>,
    /// Evidence of the answer, such as the signed form or the recorded reply.
    pub document: Option<Evidence>,
}

/// Answer to a request for consent: `given`, `refused` or `withdrawn`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ConsentOutcome {
    Given,
    Refused,
    Withdrawn,
}

/// A request to take a drug test or to meet in person, where lawful (RF-02).
#[derive(JsonSchema)]
pub struct AttendanceRequest {
    /// What was requested.
    pub r#type: Option<AttendanceType>,
    /// Date of the request.
    pub requested_on: Option<Date>,
    /// True if counsel or policy confirmed that everyone in the role class may be asked.
    pub lawful: Option<bool>,
    /// Answer of the person. `alternative-agreed` means that both sides agreed on another way.
    pub outcome: Option<AttendanceOutcome>,
    /// True if the organisation offered an alternative.
    pub alternative_offered: Option<bool>,
    /// Category of the reason the person gave, without details. A medical or travel reason closes the matter.
    pub reason: Option<AttendanceReason>,
    /// Date the request was closed.
    pub closed_on: Option<Date>,
}

/// What was requested: `drug-test` or `in-person-meeting`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum AttendanceType {
    DrugTest,
    InPersonMeeting,
}

/// Answer to a request: `attended`, `agreed`, `declined`, `alternative-agreed` or `no-answer`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum AttendanceOutcome {
    Attended,
    Agreed,
    Declined,
    AlternativeAgreed,
    NoAnswer,
}

/// Category of a reason.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum AttendanceReason {
    Medical,
    Travel,
    Accommodation,
    Other,
    NoneGiven,
}

/// Form completed by the people who assessed a test or interview, never by software that analyses video (RF-03).
#[derive(JsonSchema)]
pub struct Assessment {
    /// Employee ids or roles of the assessors. An item noted by two people is worth a review.
    pub assessors: Option<Vec<Person>>,
    /// Signs that the assessors noted.
    pub items: Option<Vec<AssessmentItem>>,
    /// Result of the assessment. `waiting` means not complete yet.
    pub result: Option<VerificationResult>,
}

/// One sign that was noted.
#[derive(JsonSchema)]
pub struct AssessmentItem {
    /// Sign that was noted.
    pub item: AssessmentSign,
    /// Employee ids or roles of those who noted it.
    pub noted_by: Option<Vec<Person>>,
}

/// Sign noted by an assessor.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum AssessmentSign {
    LongPauses,
    Stalling,
    ReadingAnswers,
    PlausibleButWrongAnswers,
    OutsideHelp,
    CopiedWork,
    CannotExplainOwnWork,
}

fn interaction_example() -> Value {
    example(
        r#"{
  "kind": "interaction", "id": "int-0001", "worker": "w-1001", "type": "video-interview", "held_on": "2026-01-20",
  "stage": "hiring", "channel": "company", "participants": ["staff-011", "staff-012"], "camera": {"outcome": "used"},
  "recording": {"made": true, "document": {"ref": "store://recordings/int-0001",
    "sha256": "0000000000000000000000000000000000000000000000000000000000000001"}},
  "recording_consent": {"outcome": "given", "answered_on": "2026-01-20"}, "retained_until_on": "2029-01-20"
}"#,
    )
}
