//! What reports ask of an assessment: the check behind a finding, its owner, its path from the root of the
//! repository, the order of gaps, and what of a comparison no one knows.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::assessment::{
    Assessment, Change, Check, Disposition, Finding, Gaps, Impact, Known, Loss, Measure, NotKnown, Outcome,
    Place, Problem, RuleChange, Severity, SourceDocument, Unassessed, WaitingCheck, Waiver,
};
use crate::text;

/// An assessment with its checks, findings, owners and waivers at hand.
pub(super) struct Facts<'a> {
    pub assessment: &'a Assessment,
    /// By measure and check.
    checks: HashMap<(&'a str, &'a str), (&'a Measure, &'a Check)>,
    findings: HashMap<(&'a str, &'a str), Vec<&'a Finding>>,
    /// Names by role.
    owners: HashMap<&'a str, &'a str>,
    /// By the fingerprint of the finding.
    waivers: HashMap<&'a str, &'a Waiver>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(assessment: &'a Assessment) -> Self {
        let (mut checks, mut owners, mut findings) = (HashMap::new(), HashMap::new(), HashMap::new());
        for measure in &assessment.measures {
            owners.extend(measure.owner_name.as_deref().map(|name| (measure.owner.as_str(), name)));
            for check in &measure.checks {
                checks.entry((&*measure.id, &*check.id)).or_insert((measure, check));
            }
        }
        for finding in &assessment.findings {
            let of_check = findings.entry((&*finding.measure, &*finding.check));
            of_check.or_insert_with(Vec::new).push(finding);
        }
        let waived = |waiver: &'a Waiver| waiver.findings.iter().map(move |finding| (&**finding, waiver));
        let waivers = assessment.waivers.iter().flat_map(waived).collect();
        Facts { assessment, checks, findings, owners, waivers }
    }

    /// The measure and check that a finding is of.
    pub(super) fn check(&self, finding: &Finding) -> Option<(&'a Measure, &'a Check)> {
        self.checks.get(&(&*finding.measure, &*finding.check)).copied()
    }

    /// A measure and its check by their ids.
    pub(super) fn check_named(&self, measure: &str, check: &str) -> Option<(&'a Measure, &'a Check)> {
        self.checks.get(&(measure, check)).copied()
    }

    /// What a person has to attest for a check that waits for it.
    pub(super) fn question(&self, group: &Unassessed, waits: &WaitingCheck) -> Option<&'a str> {
        if group.why != NotKnown::Attestation {
            return None;
        }
        let (_, check) = self.check_named(&waits.measure, &waits.check)?;
        check.question.as_deref()
    }

    /// The findings of a check, in the order of the assessment.
    pub(super) fn findings(&self, measure: &'a Measure, check: &'a Check) -> &[&'a Finding] {
        self.findings.get(&(&*measure.id, &*check.id)).map_or(&[], Vec::as_slice)
    }

    /// The gaps of a check that are to be closed: those that no one waived.
    pub(super) fn gaps_to_close(
        &self,
        measure: &'a Measure,
        check: &'a Check,
    ) -> impl Iterator<Item = &'a Finding> {
        self.findings(measure, check).iter().copied().filter(|finding| finding.is_unwaived_gap())
    }

    /// The gaps, counted.
    pub(super) fn gap_count(&self) -> Gaps {
        Gaps::of(self.assessment)
    }

    /// The guidance document that a measure comes from.
    pub(super) fn document(&self, measure: &Measure) -> Option<&'a SourceDocument> {
        let pack = self.assessment.run.packs.iter().find(|pack| pack.name == measure.pack)?;
        pack.documents.iter().find(|document| document.id == measure.document)
    }

    /// The waiver that covers a finding.
    pub(super) fn waiver(&self, finding: &Finding) -> Option<&'a Waiver> {
        self.waivers.get(&*finding.fingerprint).copied()
    }

    /// What the check of a finding requires; the check's id when the assessment does not hold the check.
    pub(super) fn requirement<'f>(&self, finding: &'f Finding) -> &'f str
    where
        'a: 'f,
    {
        self.check(finding).map_or(&finding.check, |(_, check)| &check.title)
    }

    /// Who answers for a role, of a measure, finding or plan item: the name of the configuration, else the role.
    pub(super) fn owner<'r>(&self, role: &'r str) -> &'r str
    where
        'a: 'r,
    {
        self.owners.get(role).copied().unwrap_or(role)
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

    /// Gaps that no one waived, the most severe first, else in the order of the assessment.
    pub(super) fn gaps(&self) -> Vec<&'a Finding> {
        let mut gaps: Vec<&Finding> =
            self.assessment.findings.iter().filter(|finding| finding.is_unwaived_gap()).collect();
        gaps.sort_by_key(|finding| Reverse(finding.severity));
        gaps
    }

    /// Findings that the comparison says this of.
    pub(super) fn changed(&self, change: Change) -> impl Iterator<Item = &'a Finding> + use<'a> {
        self.assessment.findings.iter().filter(move |finding| finding.change == Some(change))
    }

    /// Whether there is something to compare with.
    pub(super) fn compared(&self) -> bool {
        self.assessment.baseline.is_some()
    }

    /// Whether nothing is decided about a finding and, where there is something to compare with, it is this change's
    /// doing.
    pub(super) fn is_fresh(&self, finding: &Finding) -> bool {
        let was_there = matches!(finding.change, Some(Change::Unchanged | Change::Improved));
        finding.under_base_rules
            || finding.disposition == Disposition::Open && !(self.compared() && was_there)
    }

    /// What was decided about a finding, for people: known since when and why, or waived until when; none where nothing
    /// was.
    pub(super) fn decided(&self, finding: &Finding) -> Option<String> {
        match finding.disposition {
            Disposition::Open => None,
            Disposition::Known => {
                Some(finding.known.as_ref().map_or_else(|| "known".to_owned(), Known::in_words))
            }
            Disposition::Waived => Some(match self.waiver(finding) {
                Some(waiver) => format!("waived until {} ({})", waiver.ends_on, waiver.id),
                None => "waived".to_owned(),
            }),
            Disposition::Attested => Some("attested".to_owned()),
        }
    }

    /// All gaps, the open ones first and the most severe of each first, else in the order of the assessment.
    pub(super) fn all_gaps(&self) -> Vec<&'a Finding> {
        let all = self.assessment.findings.iter().filter(|finding| finding.outcome == Outcome::Gap);
        let mut gaps: Vec<&Finding> = all.collect();
        gaps.sort_by_key(|f| (f.disposition != Disposition::Open, Reverse(f.severity)));
        gaps
    }

    /// Rules that are not those of the base.
    pub(super) fn rules(&self) -> impl Iterator<Item = &'a RuleChange> + use<'a> {
        self.assessment.baseline.iter().flat_map(|baseline| &baseline.rules)
    }

    /// Losses that make the exit status 1.
    pub(super) fn losses(&self) -> impl Iterator<Item = &'a Loss> + use<'a> {
        let allowed = self.assessment.run.allow_lost;
        let all = self.assessment.baseline.iter().filter(move |_| !allowed);
        all.flat_map(|baseline| {
            let from = baseline.fail_on.unwrap_or(Severity::Low);
            baseline.lost.iter().filter(move |loss| loss.accepted.is_none() && loss.severity >= from)
        })
    }

    /// Where a loss is shown: at its record as the base has it, or with what should exist and does not.
    pub(super) fn loss_place(&self, loss: &Loss) -> Place {
        let record = loss.record.as_ref().map(|record| record.place.clone());
        record
            .unwrap_or_else(|| Place::file(self.assessment.coverage.anchor().map_or(".", |file| &file.path)))
    }

    /// What was lost, in a sentence.
    pub(super) fn loss_sentence(&self, loss: &Loss) -> String {
        format!(
            "{} {}: {}",
            loss.subject(),
            loss.kind.words(),
            text::list(loss.checks.iter().cloned(), 10, ", ")
        )
    }

    /// Findings of the baseline that no one looks at any more.
    pub(super) fn removed(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        self.assessment.baseline.iter().flat_map(|baseline| &baseline.removed)
    }

    /// Gaps of the baseline of which no one knows any more: not looked at, or not assessed.
    pub(super) fn lost_gaps(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        self.removed().filter(|finding| finding.is_unwaived_gap()).chain(self.changed(Change::Unassessed))
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

/// Outcomes in the order they are read: what needs someone first.
pub(super) const READ: [Outcome; 5] =
    [Outcome::Gap, Outcome::Review, Outcome::NotAssessed, Outcome::Satisfied, Outcome::NotApplicable];

/// The shape that goes with an outcome's word.
pub(super) fn shape(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Gap => "▲",
        Outcome::NotAssessed => "◆",
        Outcome::Review => "▶",
        Outcome::Satisfied => "●",
        Outcome::NotApplicable => "○",
    }
}

/// How bad a finding is, in a word: the severity of a gap, else the outcome.
pub(super) fn level(finding: &Finding) -> &'static str {
    match finding.outcome {
        Outcome::Gap => finding.severity.as_str(),
        other => other.as_str(),
    }
}

/// Numbers by severity, the worst first, without those that are none: `2 critical, 1 low`.
pub(super) fn by_severity(of: impl Fn(Severity) -> Option<usize>) -> String {
    let counts = Severity::ALL.iter().rev().filter_map(|severity| Some((severity, of(*severity)?)));
    counts.map(|(severity, n)| format!("{n} {severity}")).collect::<Vec<_>>().join(", ")
}

/// What brought a change about, in words; none where nothing is known of it.
pub(super) fn why(finding: &Finding) -> Option<String> {
    let words: Vec<&str> = finding.reasons.iter().map(|reason| reason.words()).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// The ids of a finding's records, at most `shown` of them.
pub(super) fn ids(finding: &Finding, shown: usize) -> String {
    text::list(finding.records.iter().map(|record| &*record.id), shown, ", ")
}

/// A link that may be followed: a plain `https` address of fewer than 500 characters, none of which could end
/// an attribute, an element or a link of Markdown.
pub(super) fn is_plain_https(url: &str) -> bool {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-._~/?#=&%+,:".contains(c);
    url.starts_with("https://") && url.len() < 500 && url.chars().all(harmless)
}

#[cfg(test)]
mod tests {
    use super::is_plain_https;

    #[test]
    fn only_plain_https_is_a_link() {
        assert!(is_plain_https("https://www.ic3.gov/PSA/2023/PSA231018"));
        for url in [
            "",
            "http://a.example",
            "HTTPS://a.example",
            "javascript:alert(1)",
            "https://a\"onclick=b",
            "https://a.example/><b>",
            "https://a b",
            "https://a\u{202e}",
            &format!("https://{}", "a".repeat(500)),
        ] {
            assert!(!is_plain_https(url), "{url}");
        }
    }
}
