//! What several formats ask of an assessment: the check behind a finding, its owner, its path from the
//! root of the repository, and the order of gaps.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::assessment::{
    Assessment, Change, Check, Disposition, Finding, Impact, Measure, Outcome, Place, Problem, Waiver,
};

/// An assessment with its checks and waivers at hand.
pub(super) struct Lookup<'a> {
    pub assessment: &'a Assessment,
    checks: HashMap<(&'a str, &'a str), (&'a Measure, &'a Check)>,
    waivers: HashMap<&'a str, &'a Waiver>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(assessment: &'a Assessment) -> Self {
        let checks = assessment.measures.iter().flat_map(|measure| {
            measure.checks.iter().map(move |check| ((&*measure.id, &*check.id), (measure, check)))
        });
        let waivers = assessment
            .waivers
            .iter()
            .flat_map(|waiver| waiver.findings.iter().map(move |fingerprint| (&**fingerprint, waiver)));
        Lookup { assessment, checks: checks.collect(), waivers: waivers.collect() }
    }

    /// The measure and check that a finding is of.
    pub(super) fn check(&self, finding: &Finding) -> Option<(&'a Measure, &'a Check)> {
        self.checks.get(&(&*finding.measure, &*finding.check)).copied()
    }

    /// The waiver that covers a finding.
    pub(super) fn waiver(&self, finding: &Finding) -> Option<&'a Waiver> {
        self.waivers.get(&*finding.fingerprint).copied()
    }

    /// What the check of a finding requires; the check's id when the assessment does not hold the check.
    pub(super) fn requirement(&self, finding: &'a Finding) -> &'a str {
        self.check(finding).map_or(&finding.check, |(_, check)| &check.title)
    }

    /// Who answers for a finding: the name of the configuration, else the role.
    pub(super) fn owner(&self, finding: &'a Finding) -> &'a str {
        let name = self.check(finding).and_then(|(measure, _)| measure.owner_name.as_deref());
        name.unwrap_or(&finding.owner)
    }

    /// A path of the audited folder as the repository names it.
    pub(super) fn path(&self, path: &str) -> String {
        let folder = self.assessment.run.revision.folder.trim_matches('/');
        if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
    }

    /// The file at which something that should exist and does not is shown.
    pub(super) fn anchor(&self) -> &'a str {
        self.assessment.coverage.anchor().map_or("duly.yaml", |file| &file.path)
    }

    /// Where to look for a finding, below the audited folder; line 1 of the anchor when it has no place.
    pub(super) fn place(&self, finding: &Finding) -> Place {
        finding.place.clone().unwrap_or_else(|| Place::at(self.anchor(), (1, 1)))
    }

    /// Gaps that nobody waived, the most severe first, else in the order of the assessment.
    pub(super) fn gaps(&self) -> Vec<&'a Finding> {
        let mut gaps: Vec<&Finding> =
            self.assessment.findings.iter().filter(|finding| is_due(finding)).collect();
        gaps.sort_by_key(|finding| Reverse(finding.severity));
        gaps
    }

    /// Whether there is something to compare with.
    pub(super) fn compared(&self) -> bool {
        self.assessment.baseline.is_some()
    }

    /// Whether a gap is this change's doing; every gap is where there is nothing to compare with.
    pub(super) fn is_fresh(&self, finding: &Finding) -> bool {
        !self.compared()
            || (finding.disposition == Disposition::Open
                && !matches!(finding.change, Some(Change::Unchanged | Change::Improved)))
    }

    /// Problems that leave the audit incomplete.
    pub(super) fn unread(&self) -> impl Iterator<Item = &'a Problem> + use<'a> {
        self.assessment.problems.iter().filter(|problem| problem.impact == Impact::Incomplete)
    }

    /// Where a problem is shown: its place when that is a file of the audited folder, else line 1 of the
    /// anchor, with a text that names the place.
    pub(super) fn problem_place(&self, problem: &Problem) -> (Place, String) {
        let files = &self.assessment.coverage.files;
        if files.binary_search_by(|file| file.path.cmp(&problem.place.path)).is_ok() {
            return (problem.place.clone(), problem.message.clone());
        }
        let place = Place::at(self.anchor(), (1, 1));
        (place, format!("{}: {}", problem.place, problem.message))
    }
}

/// A gap that is still to be closed: nobody waived it.
pub(super) fn is_due(finding: &Finding) -> bool {
    finding.outcome == Outcome::Gap && finding.disposition != Disposition::Waived
}

/// Gaps of the baseline of which nobody knows any more: not looked at, or not assessed.
pub(super) fn lost_gaps(assessment: &Assessment) -> impl Iterator<Item = &Finding> {
    let removed = assessment.baseline.iter().flat_map(|baseline| &baseline.removed);
    let unassessed = assessment.findings.iter().filter(|f| f.change == Some(Change::Unassessed));
    removed.filter(|finding| is_due(finding)).chain(unassessed)
}

/// `1 gap`, `2 gaps`.
pub(super) fn count(n: usize, thing: &str) -> String {
    match n {
        1 => format!("1 {thing}"),
        n => format!("{n} {thing}s"),
    }
}

/// The ids of a finding's records, at most `shown` of them.
pub(super) fn ids(finding: &Finding, shown: usize) -> String {
    let mut ids: Vec<&str> = finding.records.iter().take(shown).map(|record| &*record.id).collect();
    let more = finding.records.len().saturating_sub(shown);
    let more_text = format!("and {more} more");
    if more > 0 {
        ids.push(&more_text);
    }
    ids.join(", ")
}

/// At most `limit` characters; what was cut is replaced by `…`.
pub(super) fn clip(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some(_) => {
            let mut out: String = text.chars().take(limit.saturating_sub(1)).collect();
            out.push('…');
            out
        }
    }
}
