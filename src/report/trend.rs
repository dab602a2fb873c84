//! The trend: the periods of the history and the present state, as every report shows them.

use std::collections::BTreeMap;

use super::facts::READ;
use crate::assessment::{Assessment, Gaps, PackVersion, RevisionKind, Severity, short_id};
use crate::text::Day;

/// Periods that a table shows, the present one included: the last ones.
const LISTED: usize = 40;

/// The severities in the order they are read: the worst first.
pub(super) const SEVERITIES: [Severity; 4] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];

/// The periods, oldest first, the present one last.
pub(super) struct Trend<'a> {
    pub periods: Vec<Period<'a>>,
    /// How many older ones are left out.
    pub left_out: usize,
}

/// The numbers of one state at one date.
#[derive(Debug)]
pub(super) struct Period<'a> {
    /// Its quarter, or its day where another period lies in the same quarter.
    pub label: String,
    pub as_of: Day,
    /// The revision as the user named it; none for files on disk.
    pub revision: Option<&'a str>,
    commit: Option<&'a str>,
    committed_on: Option<Day>,
    /// Whether files on disk differ from the commit.
    is_changed: bool,
    /// All gaps, whatever was decided about them, in the order of [`SEVERITIES`]; none where they were not counted.
    pub gaps: Option<[usize; 4]>,
    /// Measures by outcome, in the order of [`READ`].
    pub measures: [usize; 5],
    packs: Vec<PackVersion>,
    /// What a reader has to know before comparing it with the period before.
    pub notes: Vec<&'static str>,
    /// Whether the policy differs from the period before.
    pub is_policy_changed: bool,
}

impl Period<'_> {
    /// The commit with its own day: `1a2b3c4d of 2026-03-31`.
    pub(super) fn commit_in_words(&self) -> String {
        let Some(id) = self.commit else { return "none".to_owned() };
        let day = self.committed_on.map_or_else(String::new, |day| format!(" of {day}"));
        format!("{}{day}", short_id(id))
    }
}

/// The trend; nothing where there is no earlier period.
pub(super) fn trend(assessment: &Assessment) -> Option<Trend<'_>> {
    if assessment.history.is_empty() {
        return None;
    }
    let mut periods: Vec<Period<'_>> = assessment.history.iter().map(earlier).collect();
    // A saved assessment of an earlier version has them in the order that the user gave.
    periods.sort_by_key(|period| (period.as_of, period.committed_on));
    periods.push(present(assessment));
    let left_out = periods.len().saturating_sub(LISTED);
    periods.drain(..left_out);
    let days: Vec<Day> = periods.iter().map(|period| period.as_of).collect();
    for (period, label) in periods.iter_mut().zip(labels(&days)) {
        period.label = label;
    }
    for i in 1..periods.len() {
        let (before, rest) = periods.split_at_mut(i);
        if let (Some(before), Some(period)) = (before.last(), rest.first_mut()) {
            period.follows(before);
        }
    }
    Some(Trend { periods, left_out })
}

impl Period<'_> {
    fn follows(&mut self, before: &Period<'_>) {
        self.is_policy_changed = before.packs != self.packs;
        if self.is_policy_changed {
            self.notes.push("policy changed: not comparable with the period before");
        }
        if self.is_changed {
            self.notes.push("with changes that are not committed");
        } else if self.commit.is_some() && self.commit == before.commit {
            self.notes.push("the same commit as the period before");
        }
    }
}

fn earlier(period: &crate::assessment::Period) -> Period<'_> {
    let gaps = period.gaps.as_ref();
    Period {
        label: String::new(),
        as_of: period.as_of,
        revision: Some(&period.name),
        commit: period.commit.as_deref(),
        committed_on: period.committed_on,
        is_changed: false,
        gaps: gaps.map(|gaps| SEVERITIES.map(|severity| of(gaps, &severity))),
        measures: READ.map(|outcome| of(&period.measures, &outcome)),
        packs: period.packs.clone(),
        notes: Vec::new(),
        is_policy_changed: false,
    }
}

fn of<T: Ord>(counts: &BTreeMap<T, usize>, key: &T) -> usize {
    counts.get(key).copied().unwrap_or(0)
}

fn present(assessment: &Assessment) -> Period<'_> {
    let run = &assessment.run;
    let gaps = Gaps::of(assessment);
    let measures = |outcome| assessment.measures.iter().filter(|m| m.outcome == outcome).count();
    let is_commit = run.revision.kind == RevisionKind::Commit;
    Period {
        label: String::new(),
        as_of: run.as_of,
        revision: is_commit.then_some(run.revision.name.as_str()),
        commit: run.revision.commit.as_deref(),
        committed_on: run.revision.committed_on,
        is_changed: run.revision.dirty == Some(true),
        gaps: Some(SEVERITIES.map(|severity| gaps.of_severity(severity))),
        measures: READ.map(measures),
        packs: run.pack_versions(),
        notes: Vec::new(),
        is_policy_changed: false,
    }
}

/// The last period before the present one, as the trend labels it.
pub(super) fn last_label(assessment: &Assessment) -> Option<String> {
    let trend = trend(assessment)?;
    trend.periods.into_iter().rev().nth(1).map(|period| period.label)
}

/// What each day is called: its quarter, where no other of them lies in it.
fn labels(days: &[Day]) -> Vec<String> {
    let mut in_quarter: BTreeMap<String, usize> = BTreeMap::new();
    for day in days {
        *in_quarter.entry(day.quarter()).or_default() += 1;
    }
    let label = |day: &Day| match in_quarter.get(&day.quarter()) {
        Some(1) => day.quarter(),
        _ => day.to_string(),
    };
    days.iter().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::{Day, labels};

    #[test]
    fn a_period_is_called_by_its_quarter_unless_it_shares_it() {
        let labels = |days: &[&str]| {
            let days: Result<Vec<Day>, _> = days.iter().map(|day| day.parse()).collect();
            labels(&days.expect("days"))
        };
        assert_eq!(labels(&["2025-09-30", "2025-12-31", "2026-03-31"]), ["2025-Q3", "2025-Q4", "2026-Q1"]);
        assert_eq!(
            labels(&["2025-12-31", "2026-04-01", "2026-06-30", "2026-06-30"]),
            ["2025-Q4", "2026-04-01", "2026-06-30", "2026-06-30"]
        );
    }
}
