//! What a comparison leaves unknown, in sentences that every report with a comparison says.
//!
//! Removing records makes findings disappear and fixes nothing. The exit status rests on gaps that are there,
//! so what is no longer looked at, and what is not assessed any more, has to be said.

use super::{Assessment, Change, Finding, Outcome, Reason};
use crate::text::{count, verb};

/// Findings that the present state cannot assess, and that the earlier one could or did not have.
pub fn is_newly_unassessed(finding: &Finding) -> bool {
    finding.outcome == Outcome::NotAssessed
        && matches!(finding.change, Some(Change::New | Change::Worsened | Change::Unassessed))
}

/// A sentence for each thing that nobody knows any more; none where there is nothing to compare with.
pub fn unknown(assessment: &Assessment) -> Vec<String> {
    let Some(baseline) = &assessment.baseline else { return Vec::new() };
    let mut sentences = Vec::new();
    let removed = &baseline.removed;
    if !removed.is_empty() {
        let because = |reason: Reason| removed.iter().all(|f| f.reasons.contains(&reason));
        let why = if because(Reason::RecordRemoved) {
            "records were removed"
        } else if because(Reason::RecordNotRead) {
            "records were not read"
        } else if because(Reason::PolicyChanged) {
            "checks were removed"
        } else {
            "records or checks are not read any more"
        };
        let gaps = removed.iter().filter(|f| f.outcome == Outcome::Gap).count();
        let whose = verb(removed.len(), "its", "their");
        let not_closed = match gaps {
            0 => String::new(),
            1 => " That does not close the gap among them.".to_owned(),
            n => format!(" That does not close the {n} gaps among them."),
        };
        let these = are(removed.len(), "finding");
        sentences.push(format!("{these} no longer looked at: {whose} {why}.{not_closed}"));
    }
    let lost = assessment.findings.iter().filter(|f| f.change == Some(Change::Unassessed)).count();
    if lost > 0 {
        let these = are(lost, "gap");
        let they = verb(lost, "it is", "they are");
        sentences.push(format!("{these} not assessed any more: it is not known whether {they} fixed."));
    }
    let fresh = assessment.findings.iter().filter(|f| is_newly_unassessed(f)).count() - lost;
    if fresh > 0 {
        let these = are(fresh, "finding");
        sentences.push(format!("{these} newly not assessed: it is not known whether there is a gap."));
    }
    if !sentences.is_empty() {
        sentences.push("None of this counts for the exit status.".to_owned());
    }
    sentences
}

/// `1 gap is`, `2 gaps are`.
fn are(n: usize, thing: &str) -> String {
    format!("{} {}", count(n, thing), verb(n, "is", "are"))
}
