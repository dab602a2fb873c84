//! Gaps that are known for longer than their grace time and have no open plan item.
//!
//! How long a gap is known follows from what is compared: the history, the base, or the baseline file. Where none of them says,
//! nothing is told.

use std::collections::{BTreeMap, BTreeSet};

use crate::assessment::{Disposition, Finding, FirstSeen, Judgement, PlanStatus};
use crate::config::GraceDays;
use crate::diagnostics::{Code, Place, Problem};
use crate::engine::in_words;
use crate::text::{Day, count};

/// The gaps of one check.
struct Late<'f> {
    first: &'f Finding,
    gaps: usize,
    /// The day since which the oldest is known.
    since: Day,
}

/// Tells of the gaps that no open plan item covers; `entries_of` is the day of the baseline file.
pub(crate) fn unplanned(judgement: &mut Judgement, grace: &GraceDays, as_of: Day, entries_of: Option<Day>) {
    let open = judgement.plan.iter().filter(|item| item.status == PlanStatus::Open);
    let planned: BTreeSet<&str> = open.flat_map(|item| &item.findings).map(String::as_str).collect();
    let mut late: BTreeMap<(&str, &str), Late<'_>> = BTreeMap::new();
    for finding in judgement.findings.iter().filter(|finding| finding.is_unwaived_gap()) {
        let Some(since) = known_since(finding, entries_of) else { continue };
        let is_late = since.days_until(as_of) > i64::from(grace.of(finding.severity));
        if !is_late || planned.contains(finding.fingerprint.as_str()) {
            continue;
        }
        let of_check = late.entry((&finding.measure, &finding.check));
        let of_check = of_check.or_insert(Late { first: finding, gaps: 0, since });
        of_check.gaps += 1;
        of_check.since = of_check.since.min(since);
    }
    let problem = |((measure, check), Late { first, gaps, since }): ((&str, &str), Late<'_>)| {
        let (gaps, verb, known) = match gaps {
            1 => ("a gap".to_owned(), "has", format!("known since {since}")),
            more => (count(more, "gap"), "have", format!("the oldest known since {since}")),
        };
        let days = count(grace.of(first.severity) as usize, "day");
        Problem::new(
            Code::GapWithoutPlanItem,
            first.place.clone().unwrap_or_else(|| Place::file(".")),
            format!(
                "{gaps} of `{}/{}` {verb} no open plan item after {days}: {known}",
                in_words(measure),
                in_words(check)
            ),
            "close it, or record a `plan-item` that says who closes it by when (docs/decisions.md)",
        )
    };
    let problems: Vec<Problem> = late.into_iter().map(problem).collect();
    judgement.problems.extend(problems);
}

/// The day since which a gap is known for certain.
fn known_since(finding: &Finding, entries_of: Option<Day>) -> Option<Day> {
    let entry = entries_of.filter(|_| finding.disposition == Disposition::Known);
    let seen = match finding.first_seen {
        Some(FirstSeen::On(day) | FirstSeen::KnownAt(day)) => Some(day),
        Some(FirstSeen::NewSince(_)) | None => None,
    };
    entry.into_iter().chain(seen).min()
}
