//! What is not assessed: by what it waits for, with the records and checks.

use serde::Serialize;

use super::names::Names;
use crate::assessment::{Outcome, Unassessed, WaitingCheck};
use crate::text::count;

/// Groups listed; what most findings wait for comes first.
const GROUPS: usize = 500;
/// Records, and checks, named of one group.
const MEMBERS: usize = 50;

#[derive(Debug, Serialize)]
pub(super) struct NotAssessed<'a> {
    groups: Vec<Group<'a>>,
    more_groups: usize,
    /// Findings with this outcome.
    findings: usize,
}

#[derive(Debug, Serialize)]
struct Group<'a> {
    text: &'a str,
    records: Vec<&'a str>,
    more_records: usize,
    /// How many checks wait, in words.
    counted: String,
    checks: Vec<Waiting<'a>>,
    more_checks: usize,
}

#[derive(Debug, Serialize)]
struct Waiting<'a> {
    anchor: Option<&'a str>,
    /// Said once for the checks of a measure that follow one another.
    measure: Option<&'a str>,
    /// What a person is asked about it stands with its measure.
    check: &'a str,
}

pub(super) fn unassessed<'a>(names: &'a Names<'a>) -> NotAssessed<'a> {
    let assessment = names.facts.assessment;
    let waiting = |group: &'a Unassessed, i: usize, waits: &'a WaitingCheck| {
        let before = i.checked_sub(1).and_then(|before| group.checks.get(before));
        let is_first = before.is_none_or(|before| before.measure != waits.measure);
        Waiting {
            anchor: names.measure(&waits.measure).filter(|_| is_first),
            measure: is_first.then_some(&*waits.measure),
            check: &waits.check,
        }
    };
    let group = |group: &'a Unassessed| Group {
        text: &group.text,
        records: group.records.iter().take(MEMBERS).map(|id| &**id).collect(),
        more_records: group.records.len().saturating_sub(MEMBERS),
        counted: count(group.checks.len(), "check"),
        checks: group.checks.iter().take(MEMBERS).enumerate().map(|(i, w)| waiting(group, i, w)).collect(),
        more_checks: group.checks.len().saturating_sub(MEMBERS),
    };
    NotAssessed {
        groups: assessment.not_assessed.iter().take(GROUPS).map(group).collect(),
        more_groups: assessment.not_assessed.len().saturating_sub(GROUPS),
        findings: assessment.summary.findings.get(&Outcome::NotAssessed).copied().unwrap_or_default(),
    }
}
