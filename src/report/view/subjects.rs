//! Vendors, workers and devices, each with all that was found about it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::list::is_listed;
use super::look::Look;
use super::names::Names;
use crate::assessment::{Disposition, Finding, Outcome, RecordRef, Severity, Subject as About};
use crate::text::{self, count};

/// The kinds that people ask about, in the order they are listed.
const KINDS: [(&str, &str); 3] = [("vendor", "Vendors"), ("worker", "Workers"), ("device", "Devices")];
/// Subjects listed of one kind, those with the most severe findings first.
const SUBJECTS: usize = 40;
/// Findings listed of one subject.
const FINDINGS: usize = 12;
/// Kinds of records counted of one subject, those with most records first.
const RECORDS: usize = 12;

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
    /// What is on record of it: `2 devices, 1 shipment`.
    records: String,
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

/// A kind and an id.
type Key<'a> = (&'a str, &'a str);

pub(super) fn subjects<'a>(names: &'a Names<'a>) -> Vec<Subjects<'a>> {
    let mut on_record: HashMap<Key<'_>, &About> = HashMap::new();
    let mut belongs: HashMap<Key<'_>, Vec<&About>> = HashMap::new();
    for about in &names.facts.assessment.subjects {
        on_record.insert((&about.kind, &about.id), about);
        for (kind, ids) in &about.found {
            for id in ids {
                belongs.entry((kind, id)).or_default().push(about);
            }
        }
    }
    let by_kind = KINDS.iter().map(|(kind, title)| {
        let mut subjects: BTreeMap<&str, (Option<&str>, Vec<&Finding>)> = BTreeMap::new();
        for finding in names.facts.assessment.findings.iter().filter(|f| concerns(f)) {
            let of_kind = |record: &&RecordRef| record.kind == *kind;
            let mut of: BTreeMap<&str, Option<&str>> = BTreeMap::new();
            for record in finding.records.iter().filter(of_kind) {
                of.insert(&record.id, record.subject.as_deref());
            }
            // What is found about its records, its people and their records concerns a subject, too.
            let related = finding.records.iter().filter_map(|r| belongs.get(&(&*r.kind, &*r.id))).flatten();
            for about in related.filter(|about| about.kind == *kind) {
                of.entry(&about.id).or_insert(about.name.as_deref());
            }
            for vendor in finding.vendors.iter().filter(|_| *kind == "vendor") {
                of.entry(vendor).or_default();
            }
            for (id, named) in of {
                let (name, found) = subjects.entry(id).or_default();
                *name = name.or(named);
                found.push(finding);
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
        let about = |id| on_record.get(&(*kind, id)).copied();
        let list = list.into_iter().take(SUBJECTS);
        let list = list.map(|(id, (name, found))| subject(names, id, name, found, about(id)));
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

/// What is on record of a subject.
fn records(about: &About) -> String {
    let mut kinds: Vec<(&String, &usize)> = about.records.iter().collect();
    kinds.sort_by_key(|(_, n)| Reverse(**n));
    text::list(kinds.into_iter().map(|(kind, n)| count(*n, kind)), RECORDS, ", ")
}

fn subject<'a>(
    names: &'a Names<'a>,
    id: &'a str,
    name: Option<&'a str>,
    mut found: Vec<&'a Finding>,
    about: Option<&About>,
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
        records: about.map_or_else(String::new, records),
        found: found.iter().take(FINDINGS).map(row).collect(),
        more: found.len().saturating_sub(FINDINGS),
    }
}
