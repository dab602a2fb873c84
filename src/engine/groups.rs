//! Checks on groups: records that belong together by a *key*.
//!
//! A record whose key, or whose place in the scope of the check, is not known is *unplaced*: it could belong to any group. A
//! group is satisfied only if it would be with such a record too.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::verdict::{Evaluated, Trace, Verdict, in_scope, requirement, subject, unknown};
use crate::policy::expr::{Absent, Expression, Failure, Reads, Scope, Usage, Value};
use crate::policy::{Check, Subject};
use crate::records::RecordRef;
use crate::words::Outcome;

/// Keys that a check may group its records under: so many, and so many more for each record.
const KEYS_AT_LEAST: usize = 200_000;
const KEYS_EACH: usize = 20;

/// The keys a record in scope is grouped under.
#[derive(Default)]
struct Keys {
    known: Vec<String>,
    /// What it means that its key, one of its keys, or whether it is in scope is not known.
    not_known: Option<Verdict>,
}

impl From<Verdict> for Keys {
    fn from(verdict: Verdict) -> Self {
        Keys { known: Vec::new(), not_known: Some(verdict) }
    }
}

pub(super) fn groups<'a>(scope: &'a Scope<'a>, check: &'a Check, rule: &'a Subject) -> Evaluated {
    let Some(group_by) = &rule.group_by else {
        return Evaluated::default();
    };
    let all: Vec<RecordRef> = scope.set.of_kind(rule.kind).collect();
    let limit = KEYS_AT_LEAST + KEYS_EACH * all.len();
    let (keys, too_many) = keys_of_all(scope, check, rule, group_by, &all, limit);
    let mut out = Evaluated { total: all.len(), ..Evaluated::default() };
    let mut grouped: BTreeMap<String, Vec<RecordRef>> = BTreeMap::new();
    let mut outcomes: BTreeMap<RecordRef, Outcome> = BTreeMap::new();
    let mut read: BTreeMap<RecordRef, Reads> = BTreeMap::new();
    let mut unplaced: Vec<(RecordRef, Vec<Absent>)> = Vec::new();
    for (record, (keys, Usage { reads, steps })) in all.into_iter().zip(keys) {
        out.steps += steps;
        if reads.is_any() {
            read.insert(record, reads);
        }
        let left_out = |verdict: &Verdict| verdict.is_left_out(check);
        let keys =
            keys.filter(|keys| !keys.known.is_empty() || !keys.not_known.as_ref().is_some_and(left_out));
        let Some(Keys { known, not_known }) = keys else {
            out.out_of_scope += 1;
            continue;
        };
        let not_known = not_known.filter(|verdict| !left_out(verdict));
        let not_known = match not_known {
            None if too_many => Some(Verdict::failed(Failure::Keys(limit))),
            other => other,
        };
        outcomes.insert(record, not_known.as_ref().map_or(Outcome::Satisfied, |verdict| verdict.outcome));
        if let Some(verdict) = not_known {
            if verdict.failure().is_none() {
                unplaced.push((record, verdict.absent().to_vec()));
            }
            out.verdicts.push((vec![record], verdict.reading(reads)));
        }
        for key in known.into_iter().filter(|_| !too_many) {
            let members = grouped.entry(key).or_default();
            if members.last() != Some(&record) {
                members.push(record);
            }
        }
    }
    let grouped: Vec<Vec<RecordRef>> = grouped.into_values().collect();
    let verdicts = verdicts_of_groups(scope, check, rule, &grouped, &read, &unplaced);
    let mut found: Vec<(Vec<RecordRef>, Verdict)> = Vec::new();
    // Groups that a record of unknown key would change: one finding for all of them.
    let mut open: Option<(Vec<RecordRef>, Verdict)> = None;
    for (members, GroupVerdict { verdict, steps, open: is_open }) in grouped.into_iter().zip(verdicts) {
        out.steps += steps;
        if verdict.reads.is_any() {
            for member in &members {
                let reads = read.entry(*member).or_default();
                *reads = reads.and(verdict.reads);
            }
        }
        if verdict.outcome == Outcome::Satisfied {
            continue;
        }
        for member in &members {
            let outcome = outcomes.entry(*member).or_insert(verdict.outcome);
            *outcome = (*outcome).max(verdict.outcome);
        }
        match (&mut open, is_open) {
            (_, false) => found.push((members, verdict)),
            (None, true) => open = Some((members, verdict)),
            (Some((all, _)), true) => all.extend(members),
        }
    }
    if let Some((mut members, verdict)) = open {
        members.sort_unstable();
        members.dedup();
        found.push((members, verdict));
    }
    // Several keys can bring the same records together: that is one finding.
    found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.outcome.cmp(&a.1.outcome)));
    found.dedup_by(|later, first| later.0 == first.0);
    out.verdicts.extend(found);
    out.verdicts.sort_by(|a, b| a.0.cmp(&b.0));
    out.records = outcomes.into_iter().collect();
    out.reads = read.into_iter().collect();
    out
}

/// The keys of each record, and what it took to find them; and whether there are more than `limit` in all.
fn keys_of_all<'a>(
    scope: &'a Scope<'a>,
    check: &'a Check,
    rule: &'a Subject,
    group_by: &'a Expression,
    all: &[RecordRef],
    limit: usize,
) -> (Vec<(Option<Keys>, Usage)>, bool) {
    let spent = AtomicUsize::new(0);
    let keys = all
        .par_iter()
        .with_min_len(64)
        .map(|record| {
            let mut trace = Trace::new(scope);
            let keys = in_scope(rule.when.as_ref(), &mut trace, *record).map(|scoped| match scoped {
                Err(verdict) => verdict.into(),
                Ok(()) => keys_of(&mut trace, check, group_by, *record),
            });
            let count = keys.as_ref().map_or(0, |keys| keys.known.len());
            // Too many in all: the rest need not be kept.
            match spent.fetch_add(count, Ordering::Relaxed) + count > limit {
                true => (keys.map(|keys| Keys { known: Vec::new(), ..keys }), trace.usage),
                false => (keys, trace.usage),
            }
        })
        .collect();
    (keys, spent.into_inner() > limit)
}

/// What a check says about a group.
struct GroupVerdict {
    verdict: Verdict,
    steps: u64,
    /// It would not be satisfied if a record whose key is unknown belonged to it.
    open: bool,
}

/// Records of unknown key that are tried in each group.
const UNPLACED_TRIED: usize = 4;

/// What the check says about each group. `read` is what the keys of records rest on; the `unplaced` are records
/// that could belong to any group, for what decides that is not known.
fn verdicts_of_groups<'a>(
    scope: &'a Scope<'a>,
    check: &'a Check,
    rule: &'a Subject,
    grouped: &[Vec<RecordRef>],
    read: &BTreeMap<RecordRef, Reads>,
    unplaced: &[(RecordRef, Vec<Absent>)],
) -> Vec<GroupVerdict> {
    let tried = &unplaced[..unplaced.len().min(UNPLACED_TRIED)];
    grouped
        .par_iter()
        .with_min_len(16)
        .map(|members| {
            let group = |more: &[(RecordRef, Vec<Absent>)]| {
                let others = more.iter().map(|(record, _)| record).filter(|record| !members.contains(record));
                let records = members.iter().chain(others);
                Value::list(records.map(|r| subject(scope, *r)).collect())
            };
            let mut trace = Trace::new(scope);
            let mut verdict = requirement(&mut trace, check, rule, group(&[]));
            let mut open = false;
            if verdict.outcome == Outcome::Satisfied {
                let whole = (tried.len() > 1).then_some(tried);
                open = tried.chunks(1).chain(whole).any(|more| {
                    requirement(&mut trace, check, rule, group(more)).outcome != Outcome::Satisfied
                });
                if open {
                    let absent: Vec<Absent> = tried.iter().flat_map(|(_, absent)| absent.clone()).collect();
                    verdict = Verdict::not_assessed(&absent);
                }
            }
            // Which records stand together rests on what their keys rest on.
            let keys = members.iter().filter_map(|member| read.get(member));
            let reads = keys.fold(trace.usage.reads, |all, one| all.and(*one));
            GroupVerdict { verdict: verdict.reading(reads), steps: trace.usage.steps, open }
        })
        .collect()
}

fn keys_of<'a>(trace: &mut Trace<'a>, check: &Check, group_by: &'a Expression, record: RecordRef) -> Keys {
    let scope = trace.scope;
    let value = match group_by.traced(scope, subject(scope, record), &mut trace.usage) {
        Ok(Value::Unknown(absent)) => return unknown(check.missing, &absent).into(),
        Ok(value) => value,
        Err(failure) => return Verdict::failed(failure).into(),
    };
    let text = |value: &Value<'_>| match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Int(i) => Some(i.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    };
    if let Some(key) = text(&value) {
        return Keys { known: vec![key], not_known: None };
    }
    let mut keys = Keys::default();
    match scope.elements(&value, &mut trace.usage.reads) {
        Ok(elements) => {
            for element in elements {
                match (&element, text(&element)) {
                    (_, Some(key)) => keys.known.push(key),
                    (Value::Unknown(absent), _) => keys.not_known = Some(unknown(check.missing, absent)),
                    (other, _) => return Verdict::failed(Failure::Type(other.type_name())).into(),
                }
            }
            keys
        }
        Err(failure) => Verdict::failed(failure).into(),
    }
}
