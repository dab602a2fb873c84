//! What is done about gaps: the remediation plan, or what one would hold, and waivers.

use std::collections::BTreeSet;

use serde::Serialize;

use super::list::is_listed;
use super::look::headline;
use super::names::Names;
use crate::assessment::{Check, DateChange, Finding, Milestone, PlanItem, PlanStatus, Severity};
use crate::text::Day;

/// Records named of one proposed item.
const RECORDS: usize = 20;

#[derive(Debug, Serialize)]
pub(super) struct Plan<'a> {
    open: Vec<Item<'a>>,
    closed: Vec<Item<'a>>,
    /// What a plan would hold, where none is kept.
    proposed: Vec<Proposed<'a>>,
    proposed_items: usize,
    /// Open gaps that no open item covers, where a plan is kept.
    uncovered: usize,
}

#[derive(Debug, Serialize)]
struct Item<'a> {
    id: &'a str,
    measure: &'a str,
    anchor: &'a str,
    weakness: &'a str,
    findings: usize,
    owner: &'a str,
    resources: Option<&'a str>,
    remediation: Option<&'a str>,
    detected: Day,
    due: Option<Day>,
    /// Days past the date it was due on.
    late: i64,
    milestones: &'a [Milestone],
    changes: &'a [DateChange],
    status: &'a str,
    status_on: Option<Day>,
    severity: Severity,
    adjusted: Option<Severity>,
    ticket: Option<&'a str>,
    evidence: Option<&'a str>,
    waivers: Vec<&'a str>,
}

/// The proposed items of a measure.
#[derive(Debug, Serialize)]
struct Proposed<'a> {
    measure: &'a str,
    anchor: &'a str,
    title: &'a str,
    owner: &'a str,
    items: Vec<ProposedItem<'a>>,
}

#[derive(Debug, Serialize)]
struct ProposedItem<'a> {
    check: &'a str,
    severity: Severity,
    /// What is the case: what was found first.
    weakness: String,
    /// What should be so.
    required: &'a str,
    findings: usize,
    records: Vec<&'a str>,
    more_records: usize,
    /// What to do about it.
    steps: &'a [String],
}

pub(super) fn plan<'a>(names: &'a Names<'a>) -> Plan<'a> {
    let assessment = names.facts.assessment;
    let item = |item: &'a PlanItem| {
        let late = item.due_on.map(|due| due.days_until(assessment.run.as_of)).unwrap_or(0);
        Item {
            id: &item.id,
            measure: &item.measure,
            anchor: names.measure(&item.measure).unwrap_or_default(),
            weakness: &item.weakness,
            findings: item.findings.len(),
            owner: names.facts.owner(&item.owner),
            resources: item.resources.as_deref(),
            remediation: item.remediation.as_deref(),
            detected: item.detected_on,
            due: item.due_on,
            late: if item.status == PlanStatus::Closed { 0 } else { late.max(0) },
            milestones: &item.milestones,
            changes: &item.date_changes,
            status: item.status.as_str(),
            status_on: item.status_on,
            severity: item.severity,
            adjusted: item.adjusted_severity,
            ticket: item.ticket.as_deref(),
            evidence: item.closure_evidence.as_deref(),
            waivers: assessment
                .waivers
                .iter()
                .filter(|w| w.findings.iter().any(|f| item.findings.contains(f)))
                .map(|w| w.id.as_str())
                .collect(),
        }
    };
    let (closed, open): (Vec<_>, Vec<_>) =
        assessment.plan.iter().partition(|i| i.status == PlanStatus::Closed);
    let proposed = if assessment.plan.is_empty() { proposed(names) } else { Vec::new() };
    let covered: BTreeSet<&str> = open.iter().flat_map(|i| &i.findings).map(String::as_str).collect();
    let gaps = assessment.findings.iter().filter(|f| f.is_unwaived_gap());
    Plan {
        uncovered: gaps.filter(|f| !covered.contains(f.fingerprint.as_str())).count(),
        open: open.into_iter().map(item).collect(),
        closed: closed.into_iter().map(item).collect(),
        proposed_items: proposed.iter().map(|p| p.items.len()).sum(),
        proposed,
    }
}

fn proposed<'a>(names: &'a Names<'a>) -> Vec<Proposed<'a>> {
    let mut measures = Vec::new();
    for (at, measure) in names.facts.assessment.measures.iter().enumerate() {
        let item = |check: &'a Check| {
            let of: Vec<&'a Finding> = names.facts.gaps_to_close(measure, check).collect();
            let ids: BTreeSet<&'a str> = of.iter().flat_map(|f| &f.records).map(|r| r.id.as_str()).collect();
            (!of.is_empty()).then(|| ProposedItem {
                check: &check.id,
                severity: check.severity,
                weakness: of.first().map_or_else(|| check.title.clone(), |worst| headline(worst)),
                required: &check.title,
                findings: of.len(),
                more_records: ids.len().saturating_sub(RECORDS),
                records: ids.into_iter().take(RECORDS).collect(),
                steps: &check.remediation,
            })
        };
        let mut items: Vec<ProposedItem> = measure.checks.iter().filter_map(item).collect();
        items.sort_by_key(|i| std::cmp::Reverse(i.severity));
        if !items.is_empty() {
            measures.push(Proposed {
                measure: &measure.id,
                anchor: names.measures.get(at).map_or("", String::as_str),
                title: &measure.title,
                owner: names.facts.owner(&measure.owner),
                items,
            });
        }
    }
    measures
}

#[derive(Debug, Serialize)]
pub(super) struct WaiverRow<'a> {
    id: &'a str,
    check: &'a str,
    condition: Option<&'a str>,
    reason: &'a str,
    control: Option<&'a str>,
    approver: &'a str,
    granted: Day,
    ends: Day,
    /// Days since it ended.
    expired: i64,
    matches: Vec<&'a str>,
    n: usize,
    /// Why it does not count.
    refused: Option<&'a str>,
}

pub(super) fn waivers<'a>(names: &'a Names<'a>) -> Vec<WaiverRow<'a>> {
    let assessment = names.facts.assessment;
    let listed = |f: &Finding, fingerprint: &str| f.fingerprint == fingerprint && is_listed(f);
    let at = |fingerprint: &str| assessment.findings.iter().position(|f| listed(f, fingerprint));
    assessment
        .waivers
        .iter()
        .map(|w| WaiverRow {
            id: &w.id,
            check: &w.check,
            condition: w.condition.as_deref(),
            reason: &w.reason,
            control: w.compensating_control.as_deref(),
            approver: &w.approver,
            granted: w.granted_on,
            ends: w.ends_on,
            expired: w.ends_on.days_until(assessment.run.as_of).max(0),
            matches: w
                .findings
                .iter()
                .take(RECORDS)
                .filter_map(|f| names.findings.get(at(f)?).map(String::as_str))
                .collect(),
            n: w.findings.len(),
            refused: w.refused.as_deref(),
        })
        .collect()
}
