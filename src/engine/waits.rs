//! What findings that are not assessed wait for, gathered by field and kind while they are judged.
//!
//! There can be as many such findings as records times checks, so a finding leaves no text here, only its record.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::verdict::{Evaluated, Verdict};
use crate::assessment::{NotKnown, Unassessed, WaitingCheck};
use crate::policy::expr::{Absence, Absent};
use crate::records::{KindId, RecordRef, RecordSet};
use crate::words::Outcome;

/// What is not known, whatever the record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key<T> {
    why: NotKnown,
    /// Of the records.
    kind: KindId,
    field: Option<T>,
    wanted: Option<T>,
}

/// What one check waits for.
#[derive(Debug, Default)]
pub(super) struct Waits(Vec<(Key<String>, Of)>);

/// The records that something is not known of, and how many findings wait for that.
#[derive(Debug, Default)]
struct Of {
    records: Vec<RecordRef>,
    findings: usize,
}

/// What the findings of a check wait for.
pub(super) fn waits(set: &RecordSet, evaluated: &Evaluated) -> Waits {
    let mut all: HashMap<Key<Cow<'_, str>>, Of> = HashMap::new();
    for (about, verdict) in &evaluated.verdicts {
        if verdict.outcome != Outcome::NotAssessed {
            continue;
        }
        let Some(&first) = about.first() else { continue };
        let mut add = |key: Key<_>, records: &[RecordRef]| {
            let of = all.entry(key).or_default();
            of.records.extend_from_slice(records);
            of.findings += 1;
        };
        let mut known = true;
        for absent in verdict.absent().iter().filter(|absent| absent.why != Absence::More) {
            known = false;
            match absent.record {
                Some(record) => add(key(set, record, absent), &[record]),
                None => add(key(set, first, absent), about),
            }
        }
        if known {
            let why = why_not(verdict);
            add(Key { why, kind: set.get(first).kind, field: None, wanted: None }, about);
        }
    }
    let owned = |text: Cow<'_, str>| text.into_owned();
    let all = all.into_iter().map(|(key, of)| {
        let Key { why, kind, field, wanted } = key;
        (Key { why, kind, field: field.map(owned), wanted: wanted.map(owned) }, of)
    });
    Waits(all.collect())
}

fn why_not(verdict: &Verdict) -> NotKnown {
    if verdict.failure().is_some() { NotKnown::NotEvaluated } else { NotKnown::NotRecorded }
}

fn key<'v>(set: &RecordSet, record: RecordRef, absent: &'v Absent) -> Key<Cow<'v, str>> {
    let kind = set.get(record).kind;
    let of = |why, field, wanted| Key { why, kind, field, wanted };
    let path = absent.path.as_str();
    let field = || (!path.is_empty()).then(|| without_positions(path));
    match absent.why {
        Absence::Missing | Absence::More => of(NotKnown::NotRecorded, field(), None),
        Absence::Invalid => of(NotKnown::NotValid, field(), None),
        Absence::Future => of(NotKnown::AfterAudit, field(), None),
        Absence::NoReference => of(NotKnown::NoReference, field(), None),
        Absence::Unreadable => of(NotKnown::NotReadable, field(), None),
        Absence::Ambiguous => of(NotKnown::SameId, None, None),
        Absence::NoRecord => of(NotKnown::NoRecord, None, Some(path.into())),
        // `[shipment]` is the first of the shipments, `[0]` the first element of a list of unknown origin.
        Absence::Empty if path.starts_with('[') => {
            let kind = path.trim_matches(['[', ']']);
            let is_kind = kind.contains(char::is_alphabetic);
            of(NotKnown::NoRecord, None, is_kind.then(|| kind.into()))
        }
        Absence::Empty => of(NotKnown::NotRecorded, field(), None),
    }
}

/// `changes[3].on` is `changes[].on`: the same is to be done, whatever the position.
fn without_positions(path: &str) -> Cow<'_, str> {
    if !path.contains('[') {
        return path.into();
    }
    let mut inside = false;
    let kept = path.chars().filter(|c| {
        let digit = inside && c.is_ascii_digit();
        inside = *c == '[' || digit;
        !digit
    });
    kept.collect::<String>().into()
}

/// What all checks wait for. Checks come in the order of the measures.
#[derive(Debug, Default)]
pub(super) struct AllWaits(BTreeMap<Key<String>, (Vec<RecordRef>, Vec<WaitingCheck>)>);

impl AllWaits {
    pub(super) fn add(&mut self, measure: &str, check: &str, waits: Waits) {
        for (key, of) in waits.0 {
            let (records, checks) = self.0.entry(key).or_default();
            records.extend(of.records);
            records.sort_unstable();
            records.dedup();
            checks.push(WaitingCheck {
                measure: measure.to_owned(),
                check: check.to_owned(),
                findings: of.findings,
            });
        }
    }

    pub(super) fn groups(self, set: &RecordSet) -> Vec<Unassessed> {
        let group = |(key, (records, checks)): (Key<String>, (Vec<RecordRef>, Vec<WaitingCheck>))| {
            let mut records: Vec<Arc<str>> = records.iter().map(|r| Arc::clone(&set.get(*r).id)).collect();
            records.sort_unstable();
            records.dedup();
            Unassessed {
                text: String::new(),
                why: key.why,
                kind: Some(set.catalog.get(key.kind).name.clone()),
                field: key.field,
                wanted: key.wanted,
                records,
                checks,
            }
        };
        self.0.into_iter().map(group).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::without_positions;

    #[test]
    fn positions_in_lists_are_left_out() {
        for (path, field) in
            [("a.b", "a.b"), ("a[12].b[0]", "a[].b[]"), ("a1[2]", "a1[]"), ("[7].x9", "[].x9")]
        {
            assert_eq!(without_positions(path), field);
        }
    }
}
