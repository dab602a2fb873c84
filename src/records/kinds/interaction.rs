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
    /// Id of the interaction.
    pub id: RecordId,
    /// The worker or candidate.
    pub worker: Option<WorkerRef>,
    /// What it was.
    pub r#type: Option<InteractionType>,
    /// Day it took place.
    pub held_on: Option<Date>,
    /// When in the relation it took place. The worker's start decides where the two disagree.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub stage: Option<Stage>,
    /// Where it took place: `platform` (a freelance platform's own chat or call), `company` (company systems), `private` (other accounts), `in-person`.
    pub channel: Option<Channel>,
    /// Who of the organisation took part.
    pub participants: Option<Vec<Person>>,
    /// The camera, for a video interview or meeting (RF-01).
    pub camera: Option<Camera>,
    /// The recording (DD-06). The file itself stays in its store.
    pub recording: Option<Recording>,
    /// Consent to recording.
    pub recording_consent: Option<Consent>,
    /// Notes, chat log, e-mail or form kept of the contact (DD-06).
    pub document: Option<Evidence>,
    /// Day until which the record is kept.
    pub retained_until_on: Option<DayAhead>,
    /// Day the record was deleted, if it was.
    pub deleted_on: Option<Date>,
    /// The legal request that made the organisation delete it early.
    pub deletion_request: Option<Evidence>,
    /// A request for a drug test or a meeting in person (RF-02).
    pub request: Option<AttendanceRequest>,
    /// What assessors noted at a coding test, questionnaire or interview (RF-03).
    pub assessment: Option<Assessment>,
    /// Remarks.
    pub notes: Option<FreeText>,
}

/// What an interaction was.
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

/// When an interaction took place: `hiring` (before the start), `onboarding` (first 30 days), `engaged`, `ended`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Stage {
    Hiring,
    Onboarding,
    Engaged,
    Ended,
}

/// Where an interaction took place.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Channel {
    Platform,
    Company,
    Private,
    InPerson,
}

/// What happened with the camera.
#[derive(JsonSchema)]
pub struct Camera {
    /// `used`; `refused`; `failed` (it was tried and did not work); `not-requested`.
    pub outcome: Option<CameraOutcome>,
    /// True if an accommodation was agreed; the refusal then means nothing, if what was agreed is on file.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub accommodation: Option<bool>,
    /// What shows the agreed accommodation. No details of its reason.
    pub accommodation_document: Option<Evidence>,
    /// What did not fit when the camera was used. Only facts against earlier facts, never traits of the person.
    pub mismatches: Option<Vec<CameraMismatch>>,
    /// Who noted a mismatch; two people make it worth a review.
    pub mismatch_noted_by: Option<Vec<Person>>,
}

/// Outcome of using the camera.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum CameraOutcome {
    Used,
    Refused,
    Failed,
    NotRequested,
}

/// What did not fit: `time` (daylight or clock against the claimed place), `location` (surroundings against the claimed
/// place), `person` (not the same individual as in an earlier contact or on the document).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum CameraMismatch {
    Time,
    Location,
    Person,
}

/// A recording and its keeping.
#[derive(JsonSchema)]
pub struct Recording {
    /// True if the contact was recorded.
    pub made: Option<bool>,
    /// Where the recording is kept.
    pub document: Option<Evidence>,
    /// Why there is none.
    pub not_made_reason: Option<FreeText>,
}

/// Consent to being recorded.
#[derive(JsonSchema)]
pub struct Consent {
    /// `given`, `refused` or `withdrawn`.
    pub outcome: Option<ConsentOutcome>,
    /// Day of the answer.
    pub answered_on: Option<Date>,
    /// What shows it.
    pub document: Option<Evidence>,
}

/// Answer to a request for consent.
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
    /// `drug-test` or `in-person-meeting`.
    pub r#type: Option<AttendanceType>,
    /// Day of the request.
    pub requested_on: Option<Date>,
    /// True if counsel or policy confirmed that it may be asked of everyone in the role class.
    pub lawful: Option<bool>,
    /// The answer.
    pub outcome: Option<AttendanceOutcome>,
    /// True if the organisation offered another way.
    pub alternative_offered: Option<bool>,
    /// Class of the reason given; a medical or travel reason closes the matter. No details.
    pub reason: Option<AttendanceReason>,
    /// Day the matter was closed.
    pub closed_on: Option<Date>,
}

/// What was requested.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum AttendanceType {
    DrugTest,
    InPersonMeeting,
}

/// Answer to a request: `attended`, `agreed`, `declined`, `alternative-agreed`, `no-answer`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum AttendanceOutcome {
    Attended,
    Agreed,
    Declined,
    AlternativeAgreed,
    NoAnswer,
}

/// Class of a reason.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum AttendanceReason {
    Medical,
    Travel,
    Accommodation,
    Other,
    NoneGiven,
}

/// Form filled in by people who assessed a test or interview; never by software that analyses video (RF-03).
#[derive(JsonSchema)]
pub struct Assessment {
    /// Who assessed; two people make an item worth a review.
    pub assessors: Option<Vec<Person>>,
    /// What they noted.
    pub items: Option<Vec<AssessmentItem>>,
    /// What the assessment came to.
    pub result: Option<VerificationResult>,
}

/// One noted item.
#[derive(JsonSchema)]
pub struct AssessmentItem {
    /// What was noted.
    pub item: AssessmentSign,
    /// Who noted it.
    pub noted_by: Option<Vec<Person>>,
}

/// A sign noted by an assessor.
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
