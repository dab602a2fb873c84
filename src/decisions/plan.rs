//! The remediation plan: who closes which gaps, and by when.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::{Desk, Gaps, help_with_check, named};
use crate::assessment::{DateChange, Disposition, Finding, Milestone, PlanItem, PlanStatus};
use crate::diagnostics::{Code, Problem};
use crate::engine::{Fields, Part, in_words};
use crate::text::{Day, count};

/// The plan in the order of its items, and where it contradicts itself or the findings.
pub(super) fn plan(findings: &[Finding], desk: &Desk<'_>) -> (Vec<PlanItem>, Vec<Problem>) {
    let (mut plan, mut problems) = (Vec::new(), Vec::new());
    let records: Vec<Fields<'_>> = Fields::all(desk.world.set, "plan-item").collect();
    if records.is_empty() {
        return (plan, problems);
    }
    let gaps = Gaps::of(findings);
    let mut taken: BTreeMap<usize, &str> = BTreeMap::new();
    let mut items = Vec::new();
    for fields in &records {
        match item(desk, fields) {
            Ok(item) => items.push((fields, item)),
            Err(problem) => problems.push(*problem),
        }
    }
    // A gap belongs to one item: an open one, if there is any.
    for status in [PlanStatus::Open, PlanStatus::Closed] {
        for (fields, item) in items.iter_mut().filter(|(_, item)| item.status == status) {
            let mut covers = covered(&gaps, fields);
            let found = covers.len();
            let other = covers.iter().find_map(|i| taken.get(i)).copied();
            covers.retain(|i| !taken.contains_key(i));
            item.findings = covers.iter().map(|i| findings[*i].fingerprint.clone()).collect();
            let open = covers.iter().filter(|i| findings[**i].disposition != Disposition::Waived).count();
            problems.extend(contradictions(desk, fields, item, (found, open)));
            if let (PlanStatus::Open, Some(other)) = (status, other) {
                let why = format!("{} has some of the same gaps", in_words(other));
                let help = "give each gap one item: list `records`, or `findings`";
                problems.push(fields.problem(Code::PlanItemContradicted, "check", why, help));
            }
            taken.extend(covers.into_iter().map(|i| (i, fields.id())));
        }
    }
    plan.extend(items.into_iter().map(|(_, item)| item));
    (plan, problems)
}

fn item(desk: &Desk<'_>, fields: &Fields<'_>) -> Result<PlanItem, Box<Problem>> {
    let refused = |field: &str, why: String, help: String| {
        let why = format!("the plan does not hold the item, because {why}");
        Box::new(fields.problem(Code::PlanItemRefused, field, why, help))
    };
    if fields.is_ambiguous() {
        let why = "another plan item has the same id".to_owned();
        return Err(refused("id", why, "give each item an id of its own".to_owned()));
    }
    let needed = ["check", "owner", "detected_on", "due_on", "status"];
    if let Some(field) = fields.first_unknown(&needed) {
        let help = "`duly schema plan-item` says what belongs there".to_owned();
        return Err(refused(field, format!("`{field}` is not recorded"), help));
    }
    let text = |field: &str| fields.text(field).unwrap_or_default();
    let checks = named(desk.world.policies, text("check"));
    let Some((measure, check)) = checks.first() else {
        let why = format!("there is no check `{}`", in_words(text("check")));
        return Err(refused("check", why, help_with_check(desk.world.policies, text("check"))));
    };
    let (Some(detected_on), Some(due_on)) = (fields.day("detected_on"), fields.day("due_on")) else {
        return Err(refused("due_on", "its dates cannot be read".to_owned(), "write YYYY-MM-DD".to_owned()));
    };
    if detected_on > Day(desk.world.as_of) {
        let why = format!("the gap was found on {detected_on}, after the date of the audit");
        return Err(refused("detected_on", why, "correct the date, or audit on a later day".to_owned()));
    }
    let date_changes: Vec<DateChange> = fields.parts("date_changes").iter().filter_map(date_change).collect();
    let links = date_changes.iter().map(|change| change.from).skip(1).chain([due_on]);
    if let Some((change, next)) = date_changes.iter().zip(links).find(|(change, next)| change.to != *next) {
        let why = format!("its due date was moved to {}, and the date after that is {next}", change.to);
        let help = "record every change under `date_changes`; the last one ends at `due_on`".to_owned();
        return Err(refused("date_changes", why, help));
    }
    let shown = |field: &str| fields.shown(field);
    Ok(PlanItem {
        id: in_words(fields.id()),
        measure: measure.id.clone(),
        weakness: shown("weakness").unwrap_or_else(|| format!("Not so: {}", check.title)),
        findings: Vec::new(),
        owner: shown("owner").unwrap_or_default(),
        resources: shown("resources"),
        remediation: shown("remediation"),
        decision: shown("decision"),
        detected_on,
        due_on: Some(due_on),
        milestones: fields.parts("milestones").iter().filter_map(milestone).collect(),
        date_changes,
        status: if text("status") == "closed" { PlanStatus::Closed } else { PlanStatus::Open },
        status_on: fields.day("status_on"),
        severity: check.severity,
        adjusted_severity: None,
        ticket: shown("ticket"),
        closure_evidence: fields.shown("document.ref"),
    })
}

/// Indexes of the gaps that an item is about.
fn covered(gaps: &Gaps<'_>, fields: &Fields<'_>) -> BTreeSet<usize> {
    let check = fields.text("check").unwrap_or_default();
    if !fields.has("records") && !fields.has("findings") {
        return gaps.all(check);
    }
    let listed = |field: &str| fields.texts(field).into_iter().collect();
    gaps.listed(check, &listed("records"), &listed("findings"))
}

fn milestone(part: &Part<'_>) -> Option<Milestone> {
    let title = in_words(part.text("title")?);
    Some(Milestone { title, due_on: part.day("due_on"), done_on: part.day("done_on") })
}

fn date_change(part: &Part<'_>) -> Option<DateChange> {
    Some(DateChange {
        from: part.day("from")?,
        to: part.day("to")?,
        changed_on: part.day("changed_on")?,
        reason: in_words(part.text("reason")?),
    })
}

/// Where an item and the findings do not agree, and what is late. `found` are all gaps that it lists, `open` those of
/// them that no other item has and no one waived.
fn contradictions(
    desk: &Desk<'_>,
    fields: &Fields<'_>,
    item: &PlanItem,
    (found, open): (usize, usize),
) -> Vec<Problem> {
    let check = in_words(fields.text("check").unwrap_or_default());
    let mut problems = Vec::new();
    let mut problem = |code: Code, field: &str, why: String, help: &str| {
        problems.push(fields.problem(code, field, why, help));
    };
    match item.status {
        PlanStatus::Closed if open > 0 => {
            let why = format!("the item is closed, and `{check}` still has {}", count(open, "open gap"));
            problem(Code::PlanItemContradicted, "status", why, "open the item again, or close the gap");
        }
        PlanStatus::Open if found == 0 => {
            let why = format!("the item is open, and no gap of `{check}` is found of what it lists");
            problem(
                Code::PlanItemContradicted,
                "status",
                why,
                "close the item, or correct its check and records",
            );
        }
        _ => {}
    }
    if let (PlanStatus::Open, Some(due)) = (item.status, item.due_on)
        && due < Day(desk.world.as_of)
    {
        let days = count(due.days_until(Day(desk.world.as_of)).unsigned_abs() as usize, "day");
        let why = format!("the item was due on {due}, {days} ago");
        let help = "close the gap, or move the date and record the change under `date_changes`";
        problem(Code::PlanItemOverdue, "due_on", why, help);
    }
    problems
}
