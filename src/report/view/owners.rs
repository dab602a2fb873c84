//! What each owner owes: open gaps by severity and check, what to look at, what their checks wait for, and by when.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::names::Names;
use crate::assessment::{Check, Outcome, PlanItem, PlanStatus, Severity};
use crate::text::Day;

/// Checks listed of one owner, the most severe first.
const CHECKS: usize = 40;

#[derive(Debug, Serialize)]
pub(super) struct Owner<'a> {
    name: &'a str,
    /// Open gaps by severity, the worst first.
    gaps: [usize; 4],
    reviews: usize,
    /// Checks that wait for records or for a person.
    waiting: usize,
    /// The first day that something is due on.
    due: Option<Day>,
    /// Open gaps with a due date that has passed.
    overdue: usize,
    owed: Vec<Owed<'a>>,
    more: usize,
}

/// A check with open gaps.
#[derive(Debug, Serialize)]
struct Owed<'a> {
    severity: Severity,
    anchor: &'a str,
    measure: &'a str,
    check: &'a str,
    /// What should be so and is not.
    title: &'a str,
    gaps: usize,
    step: Option<&'a str>,
    due: Option<Day>,
}

/// The owners, the one with the most severe gaps first.
pub(super) fn owners<'a>(names: &'a Names<'a>) -> Vec<Owner<'a>> {
    let assessment = names.facts.assessment;
    let open = assessment.plan.iter().filter(|item| item.status == PlanStatus::Open);
    let mut planned: HashMap<&str, &PlanItem> = HashMap::new();
    for item in open {
        for fingerprint in &item.findings {
            planned.entry(fingerprint).or_insert(item);
        }
    }
    // Two roles can be one person.
    let mut owners: BTreeMap<&str, Owner> = BTreeMap::new();
    for (at, measure) in assessment.measures.iter().enumerate() {
        let name = names.facts.owner(&measure.owner);
        let owner = owners.entry(name).or_insert(Owner {
            name,
            gaps: [0; 4],
            reviews: 0,
            waiting: 0,
            due: None,
            overdue: 0,
            owed: Vec::new(),
            more: 0,
        });
        for check in &measure.checks {
            let mut gaps = 0;
            let mut due: Option<Day> = None;
            for finding in names.facts.findings(measure, check) {
                if finding.outcome == Outcome::Review {
                    owner.reviews += 1;
                }
                if !finding.is_unwaived_gap() {
                    continue;
                }
                gaps += 1;
                let on = planned.get(finding.fingerprint.as_str()).and_then(|item| item.due_on);
                due = due.into_iter().chain(on).min();
                owner.overdue += usize::from(on.is_some_and(|on| on < assessment.run.as_of));
            }
            let waits = check.outcome == Outcome::NotAssessed || check.counts.not_assessed > 0;
            owner.waiting += usize::from(waits);
            owner.due = owner.due.into_iter().chain(due).min();
            if gaps == 0 {
                continue;
            }
            if let Some(of_severity) = owner.gaps.get_mut(column(check)) {
                *of_severity += gaps;
            }
            owner.owed.push(Owed {
                severity: check.severity,
                anchor: names.measures.get(at).map_or("", String::as_str),
                measure: &measure.id,
                check: &check.id,
                title: &check.title,
                gaps,
                step: check.remediation.first().map(String::as_str),
                due,
            });
        }
    }
    let mut owners: Vec<Owner> =
        owners.into_values().filter(|o| !o.owed.is_empty() || o.reviews > 0 || o.waiting > 0).collect();
    for owner in &mut owners {
        owner.owed.sort_by_key(|owed| (Reverse(owed.severity), owed.due.is_none(), owed.due));
        owner.more = owner.owed.len().saturating_sub(CHECKS);
        owner.owed.truncate(CHECKS);
    }
    owners.sort_by_key(|owner| Reverse(owner.gaps));
    owners
}

/// The place of a severity, the worst first.
fn column(check: &Check) -> usize {
    Severity::ALL.iter().rev().position(|severity| *severity == check.severity).unwrap_or(0)
}
