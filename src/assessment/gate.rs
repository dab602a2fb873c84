//! The gate: the only road from an assessment to an exit status.

use super::{Assessment, Change, Disposition, Finding, Impact, Outcome, Severity};

/// Exit statuses of an audit. A usage, configuration or policy error is status 2 and has no assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// No open gap at or above the threshold; with a baseline, none that is new or worsened, and nothing lost.
    Clean = 0,
    /// At least one.
    Gaps = 1,
    /// Something in scope could not be read or evaluated, or nothing was assessed. Beats [`Status::Gaps`].
    Incomplete = 3,
}

/// The decision with what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    pub status: Status,
    /// Open gaps at or above the threshold; with a baseline, the new and the worsened of them.
    pub gaps: usize,
    /// Open gaps at or above the threshold that the baseline has too, and that do not count.
    pub old: usize,
    /// Gaps at or above the threshold that are in the baseline file, and do not count.
    pub known: usize,
    /// Records and checks of which something is lost that the base knew, and that no one accepted.
    pub lost: usize,
    /// Problems that leave the audit incomplete.
    pub unread: usize,
    /// Checks that looked at something.
    pub assessed: usize,
}

/// Decides for an assessment and a threshold.
pub fn gate(assessment: &Assessment, fail_on: Severity) -> Gate {
    let compared = assessment.baseline.is_some();
    let counts = |finding: &&Finding| {
        let changed = matches!(finding.change, None | Some(Change::New | Change::Worsened));
        !compared || changed || finding.under_base_rules
    };
    let (gaps, old): (Vec<&Finding>, Vec<&Finding>) = (assessment.findings.iter())
        .filter(|f| f.is_open_gap() && (f.under_base_rules || f.severity >= fail_on))
        .partition(counts);
    let (gaps, old) = (gaps.len(), old.len());
    let known = assessment
        .findings
        .iter()
        .filter(|f| f.outcome == Outcome::Gap && f.disposition == Disposition::Known)
        .filter(|f| f.severity >= fail_on)
        .count();
    let lost = assessment.baseline.iter().flat_map(|baseline| {
        let from = baseline.fail_on.unwrap_or(fail_on);
        baseline.lost.iter().filter(move |loss| loss.accepted.is_none() && loss.severity >= from)
    });
    let lost = lost.count();
    let unread = assessment.problems.iter().filter(|p| p.impact == Impact::Incomplete).count();
    let assessed = assessment
        .measures
        .iter()
        .flat_map(|m| &m.checks)
        .filter(|c| {
            [c.counts.satisfied, c.counts.gap, c.counts.review, c.counts.waived].iter().any(|n| *n > 0)
        })
        .count();
    let status = if unread > 0 || assessed == 0 {
        Status::Incomplete
    } else if gaps > 0 || lost > 0 && !assessment.run.allow_lost {
        Status::Gaps
    } else {
        Status::Clean
    };
    Gate { status, gaps, old, known, lost, unread, assessed }
}
