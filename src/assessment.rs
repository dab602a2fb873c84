//! The assessment: everything one audit found, as plain data.
//!
//! It is self-contained: titles, requirements, messages and snippets are copied in, masked, so that any
//! report can be made from it later without the records. This module is also the format `duly-assessment`
//! version 2: within a version, fields are only ever added.

mod assurance;
mod change;
mod conclude;
mod coverage;
mod decisions;
mod evidence;
mod gaps;
mod gate;
mod known;
mod load;
mod notes;
mod seen;
mod unassessed;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::text::{Day, count};

pub use crate::diagnostics::{Impact, Place, Problem, Region};
pub use crate::words::{Cause, Change, Disposition, Grade, Outcome, PlanStatus, Severity, Tests};
pub use assurance::{Acceptance, Loss, LossKind, RuleChange};
pub use change::{Baseline, Reason, Revision, RevisionKind, short_id};
pub use conclude::Judgement;
pub use coverage::{Coverage, DefaultCoverage, FileCoverage, FileUse};
pub use decisions::{Attested, DateChange, Milestone, PackVersion, Period, PlanItem, Waiver};
pub use evidence::{DatedBy, EvidenceFile, LastCommit, NoCommit};
pub use gaps::{Earlier, Gaps};
pub use gate::{Gate, Status, gate};
pub use known::{BaselineFile, Known};
pub use load::{LoadError, parse};
pub use notes::{Section, is_newly_unassessed, notes};
pub use seen::{FirstSeen, Subject};
pub use unassessed::{NotKnown, Unassessed, WaitingCheck};

/// Name of the format.
pub const FORMAT: &str = "duly-assessment";
/// Version of the format.
pub const VERSION: u32 = 2;

/// One audit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Assessment {
    /// Always `duly-assessment`.
    pub format: String,
    /// Version of the format.
    pub version: u32,
    pub run: Run,
    pub summary: Summary,
    /// Every measure of every pack, in the order of the packs.
    pub measures: Vec<Measure>,
    /// Every outcome that is not satisfied or not-applicable, ordered by measure, check, record.
    pub findings: Vec<Finding>,
    /// What is not assessed, grouped by what it waits for: fields of records by how many findings wait for them, then
    /// kinds without a record, then attestations.
    #[serde(default)]
    pub not_assessed: Vec<Unassessed>,
    /// Vendors, workers and devices with a gap or a review, with the records that belong to them, by kind and id.
    #[serde(default)]
    pub subjects: Vec<Subject>,
    /// What is wrong with the input, ordered by place.
    pub problems: Vec<Problem>,
    pub coverage: Coverage,
    /// Waivers on record: those in force, and those that do not count.
    #[serde(default)]
    pub waivers: Vec<Waiver>,
    /// Items of the remediation plan on record.
    #[serde(default)]
    pub plan: Vec<PlanItem>,
    /// Earlier assessments, oldest first. Empty until a history is kept.
    #[serde(default)]
    pub history: Vec<Period>,
    /// What this assessment is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
}

/// What the assessment was made from: the same inputs give the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Run {
    pub tool: Tool,
    /// The date everything is judged at.
    pub as_of: Day,
    /// Name of the organisation, from the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// How the report may be passed on.
    pub classification: String,
    pub revision: Revision,
    /// SHA-256 over the sorted lines `sha256  path` of every file that was read.
    pub manifest_sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_sha256: Option<String>,
    /// The file of known gaps, where the folder has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_file: Option<BaselineFile>,
    pub packs: Vec<PackIdentity>,
    /// Parameters whose value is not the pack's.
    pub parameters_changed: Vec<ParameterChange>,
    /// Gaps at or above this severity make the exit status 1.
    pub fail_on: Severity,
    /// Whether lost assurance does not make the exit status 1.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_lost: bool,
    /// Reference lists that were at hand.
    pub references: Vec<ReferenceList>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Tool {
    pub name: String,
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PackIdentity {
    pub name: String,
    pub version: String,
    pub title: String,
    pub sha256: String,
    /// Whether it has the name and the version of a pack of the binary, and other content.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub modified: bool,
    /// Which of its checks were asked, where it has profiles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileInUse>,
    pub documents: Vec<SourceDocument>,
    pub groups: Vec<Group>,
}

/// The selection of a pack's checks that was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProfileInUse {
    pub id: String,
    pub title: String,
    /// Checks that were asked.
    pub asked: usize,
    /// Checks that the pack has.
    pub of: usize,
    /// The profile that asks them all.
    pub whole: String,
    /// Answers that were not asked for, because they are about what happened before [`Self::since`].
    #[serde(default, skip_serializing_if = "crate::text::is_zero")]
    pub before: usize,
    /// The day of the document, or the later day on which the organisation adopted its measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
}

impl ProfileInUse {
    /// What was asked, and how the others are: "profile core: 118 of 494 checks, `--profile full` asks the others".
    pub fn in_words(&self) -> String {
        let Self { id, asked, of, whole, before, since, title: _ } = self;
        let mut text = match asked == of {
            true if *of == 1 => format!("profile {id}: its only check"),
            true => format!("profile {id}: all {of} checks"),
            false => format!("profile {id}: {asked} of {of} checks, `--profile {whole}` asks the others"),
        };
        if let Some(since) = since.filter(|_| *before > 0) {
            let about = count(*before, "result");
            text += &format!(", and about what happened before {since} ({about})");
        }
        text
    }
}

impl Run {
    /// What it was judged by, for people: packs, and lists that replace those of the binary.
    pub fn rules_in_words(&self) -> String {
        let lists = self.references.iter().filter(|list| list.modified);
        let lists = lists.map(|list| format!("list {} replaced by {}", list.name, list.origin));
        self.packs.iter().map(PackIdentity::in_words).chain(lists).collect::<Vec<_>>().join(", ")
    }

    /// The packs it was judged by.
    pub fn pack_versions(&self) -> Vec<PackVersion> {
        self.packs.iter().map(PackIdentity::pack_version).collect()
    }
}

impl PackIdentity {
    /// `fbi-i-101823-psa 1.0.0`, whether it is what it says, and which of its checks were asked.
    pub fn in_words(&self) -> String {
        let sha256: String = self.sha256.chars().take(12).collect();
        let modified = if self.modified { format!(", modified (SHA-256 {sha256})") } else { String::new() };
        let profile = self.profile.as_ref().map_or_else(String::new, |p| format!(", {}", p.in_words()));
        format!("{} {}{modified}{profile}", self.name, self.version)
    }

    fn pack_version(&self) -> PackVersion {
        PackVersion { name: self.name.clone(), version: self.version.clone(), sha256: self.sha256.clone() }
    }
}

/// A guidance document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SourceDocument {
    pub id: String,
    pub title: String,
    pub publisher: String,
    pub dated_on: Day,
    pub url: String,
    pub sections: BTreeMap<String, String>,
}

/// A heading measures are listed under.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Group {
    pub id: String,
    pub title: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ParameterChange {
    pub measure: String,
    pub parameter: String,
    pub from: serde_json::Value,
    pub to: serde_json::Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReferenceList {
    pub name: String,
    /// `built-in`, or the path in the repository.
    pub origin: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated_on: Option<Day>,
    pub entries: usize,
    /// Whether it stands in place of a list of the binary, and says something else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub modified: bool,
}

/// The numbers a reader wants first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Summary {
    /// One sentence.
    pub verdict: String,
    /// What the exit status of the run is.
    pub exit_status: u8,
    /// Measures by outcome.
    pub measures: BTreeMap<Outcome, usize>,
    /// Open gaps by severity.
    pub gaps: BTreeMap<Severity, usize>,
    /// Findings by outcome.
    pub findings: BTreeMap<Outcome, usize>,
    /// Records with at least one open gap, by kind.
    pub records_with_gaps: BTreeMap<String, usize>,
    /// All gaps, whatever was decided about them: what reports show.
    #[serde(default)]
    pub all_gaps: Gaps,
}

/// How many records have each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Counts {
    pub satisfied: usize,
    pub gap: usize,
    pub review: usize,
    pub not_assessed: usize,
    pub waived: usize,
    /// Out of the check's scope.
    pub not_applicable: usize,
    /// Those of them that tell of what happened before the document, or before the organisation adopted the measures, and
    /// that the profile therefore does not ask.
    #[serde(default, skip_serializing_if = "crate::text::is_zero")]
    pub before: usize,
}

impl Counts {
    /// Everything in scope.
    pub fn in_scope(&self) -> usize {
        // Those of a saved assessment can be anything.
        [self.gap, self.review, self.not_assessed, self.waived]
            .iter()
            .fold(self.satisfied, |sum, n| sum.saturating_add(*n))
    }

    pub fn add(&mut self, other: &Counts) {
        self.satisfied += other.satisfied;
        self.gap += other.gap;
        self.review += other.review;
        self.not_assessed += other.not_assessed;
        self.waived += other.waived;
        self.not_applicable += other.not_applicable;
        self.before += other.before;
    }
}

/// One thing the guidance asks, with what the evidence says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Measure {
    /// `DD-09`.
    pub id: String,
    pub pack: String,
    pub title: String,
    pub document: String,
    pub section: String,
    pub item: u32,
    pub group: String,
    pub severity: Severity,
    /// Role that answers for it.
    pub owner: String,
    /// Who that is, from the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_name: Option<String>,
    pub cadence_days: u32,
    pub outcome: Outcome,
    /// Why, in one sentence.
    pub reason: String,
    /// Checks by outcome.
    pub checks_by_outcome: BTreeMap<Outcome, usize>,
    /// The strongest evidence behind a satisfied operation check, or design check if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    pub asks: Vec<Ask>,
    pub rationale: String,
    pub remediation: Vec<String>,
    pub mappings: BTreeMap<String, Vec<String>>,
    /// Why no machine scores this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_scored: Option<String>,
    pub checks: Vec<Check>,
}

/// One requirement of a measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Ask {
    pub id: String,
    pub text: String,
}

/// One testable requirement with its outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Check {
    pub id: String,
    /// What holds when it is satisfied.
    pub title: String,
    pub asks: Vec<String>,
    pub tests: Tests,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    pub severity: Severity,
    pub outcome: Outcome,
    /// Why, in one sentence.
    pub reason: String,
    /// The kind of record it looks at; none where a person attests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    pub counts: Counts,
    /// Ids of the records it is satisfied for.
    pub satisfied: Vec<Arc<str>>,
    /// The innocent explanation to rule out, for a pattern across records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// What to do about a gap, one step an entry.
    pub remediation: Vec<String>,
    /// What a person is asked, where an attestation is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// The attestation that answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attested: Option<Attested>,
    /// The day from which the profile asks it, where it leaves out what happened before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
    /// How many findings that are not assessed are members of [`Assessment::not_assessed`] and are not in the list of findings.
    /// There are any only where thousands of records wait for the same.
    #[serde(default, skip_serializing_if = "crate::text::is_zero")]
    pub unlisted: usize,
    /// Where the policy states it.
    pub policy: Place,
    /// The lines of the policy that state it.
    pub policy_lines: String,
}

/// A check and a record, or a group of records, with its outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Finding {
    /// Stable between audits: from the check, the identity of the records and the field.
    pub fingerprint: String,
    pub measure: String,
    pub check: String,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    pub disposition: Disposition,
    /// What the baseline file says of it, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Known>,
    /// What became of it since the base; none without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// Since when it is known; none where no earlier state was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<FirstSeen>,
    /// What brought the change about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// Whether it is new or worse, and bad enough to count, under the rules of the base: it counts, whatever the
    /// present rules say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub under_base_rules: bool,
    pub severity: Severity,
    pub owner: String,
    /// Ids of the vendors that the records belong to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vendors: Vec<String>,
    /// What was found, masked.
    pub message: String,
    /// The record, or the members of the group; empty when something that should exist does not.
    pub records: Vec<RecordRef>,
    /// Dotted path of the field it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Where to look; none when something that should exist does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Where a code host shows it: at the label of the snippet, or at the line that names the record when
    /// that one can be told from other lines and the label's cannot. Without a place, in the file that
    /// [`Coverage::anchor`] names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet>,
    /// What is not recorded and would decide it: for the list of requests, which is made of an audit and not of a
    /// saved report.
    #[serde(skip)]
    pub missing: Box<[Missing]>,
}

/// Something that is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The kind of record that it belongs to.
    pub kind: String,
    /// The record that it should stand in; none where there is no record of the kind.
    pub record: Option<RecordRef>,
    /// Dotted path of the field, without the numbers of lists; none where the record itself is missing.
    pub field: Option<String>,
}

impl Finding {
    /// A gap about which nothing is decided: it counts for the exit status, where it is bad enough.
    pub fn is_open_gap(&self) -> bool {
        self.outcome == Outcome::Gap && self.disposition == Disposition::Open
    }

    /// A gap that is still to be closed: an open one, or one that is known or attested and does not count for the
    /// exit status. Only a waiver takes it off the list.
    pub fn is_unwaived_gap(&self) -> bool {
        self.outcome == Outcome::Gap && self.disposition != Disposition::Waived
    }
}

/// A record as reports name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RecordRef {
    pub kind: String,
    pub id: String,
    /// Whom or what it is about, masked: the initials of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    pub place: Place,
}

/// Lines of a record with everything covered that may not be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Snippet {
    /// The line that names the record.
    pub head: SnippetLine,
    /// The line the finding is about; the same as the head when they are one.
    pub line: SnippetLine,
    /// Column of the label in the text of `line`, from 1, in characters; of a long line only the part
    /// around it is there, and the place says where it stands.
    pub column: u32,
    /// Its width in characters, at least 1.
    pub width: u32,
    /// What the label says.
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SnippetLine {
    pub number: u32,
    pub text: String,
}
