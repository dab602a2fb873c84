//! Vendors, workers and devices, each with all that was found about it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::list::is_listed;
use super::look::Look;
use super::names::Names;
use crate::assessment::{Disposition, Finding, Outcome, RecordRef, Severity};

/// The kinds that people ask about, in the order they are listed.
const KINDS: [(&str, &str); 3] = [("vendor", "Vendors"), ("worker", "Workers"), ("device", "Devices")];
/// Subjects listed of one kind, those with the most severe findings first.
const SUBJECTS: usize = 40;
/// Findings listed of one subject.
const FINDINGS: usize = 12;

/// The subjects of one kind.
#[derive(Debug, Serialize)]
pub(super) struct Subjects<'a> {
    title: &'static str,
    list: Vec<Subject<'a>>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct Subject<'a> {
    id: &'a str,
    /// Its name, masked.
    name: Option<&'a str>,
    gaps: usize,
    reviews: usize,
    found: Vec<Found<'a>>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct Found<'a> {
    #[serde(flatten)]
    look: Look,
    severity: Severity,
    anchor: Option<&'a str>,
    measure: &'a str,
    message: &'a str,
}

pub(super) fn subjects<'a>(names: &'a Names<'a>) -> Vec<Subjects<'a>> {
    let by_kind = KINDS.iter().map(|(kind, title)| {
        let mut subjects: BTreeMap<&str, (Option<&str>, Vec<&Finding>)> = BTreeMap::new();
        for finding in names.facts.assessment.findings.iter().filter(|f| concerns(f)) {
            let of_kind = |record: &&RecordRef| record.kind == *kind;
            for record in finding.records.iter().filter(of_kind) {
                let (name, found) = subjects.entry(&record.id).or_default();
                *name = name.or(record.subject.as_deref());
                found.push(finding);
            }
            // What is found about its people and their records concerns a vendor.
            let own: BTreeSet<&str> =
                finding.records.iter().filter(of_kind).map(|record| &*record.id).collect();
            let vendors = finding.vendors.iter().filter(|_| *kind == "vendor");
            for vendor in vendors.filter(|vendor| !own.contains(vendor.as_str())) {
                subjects.entry(vendor).or_default().1.push(finding);
            }
        }
        let mut list: Vec<_> = subjects.into_iter().collect();
        list.sort_by_cached_key(|(_, (_, found))| {
            let gaps = found.iter().filter(|f| f.outcome == Outcome::Gap);
            let of = |severity| gaps.clone().filter(|f| f.severity == severity).count();
            Reverse((
                [3, 2, 1, 0].map(|i| Severity::ALL.get(i).map_or(0, |severity| of(*severity))),
                found.len(),
            ))
        });
        let more = list.len().saturating_sub(SUBJECTS);
        let list = list.into_iter().take(SUBJECTS).map(|(id, (name, found))| subject(names, id, name, found));
        Subjects { title, list: list.collect(), more }
    });
    by_kind.filter(|subjects| !subjects.list.is_empty()).collect()
}

/// A gap that is not waived, or something to look at.
fn concerns(finding: &Finding) -> bool {
    is_listed(finding)
        && finding.disposition != Disposition::Waived
        && matches!(finding.outcome, Outcome::Gap | Outcome::Review)
}

fn subject<'a>(
    names: &'a Names<'a>,
    id: &'a str,
    name: Option<&'a str>,
    mut found: Vec<&'a Finding>,
) -> Subject<'a> {
    found.sort_by_key(|f| (f.outcome != Outcome::Gap, Reverse(f.severity)));
    let of = |outcome| found.iter().filter(|f| f.outcome == outcome).count();
    let row = |finding: &&'a Finding| Found {
        look: Look::of_finding(finding),
        severity: finding.severity,
        anchor: names.measure(&finding.measure),
        measure: &finding.measure,
        message: &finding.message,
    };
    Subject {
        id,
        name,
        gaps: of(Outcome::Gap),
        reviews: of(Outcome::Review),
        found: found.iter().take(FINDINGS).map(row).collect(),
        more: found.len().saturating_sub(FINDINGS),
    }
}
