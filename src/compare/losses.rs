//! Assurance that is lost: what the base said of a record and the present state says no more.
//!
//! Good or bad, what was decided and is undecided now is a loss: a gap that is not looked at any more is not closed,
//! and a record that is gone is not clean. What only time took out of a check's scope is none.

use std::collections::{BTreeMap, HashMap};

use super::reassess::{Outcomes, Reassessment, outcome_of};
use crate::assessment::{Acceptance, Judgement, Loss, LossKind};
use crate::diagnostics::Code;
use crate::engine::{Judged, Kept, named};
use crate::losses::Entry;
use crate::policy::Form;
use crate::records::RecordRef;
use crate::snapshot::Snapshot;
use crate::text::{Day, date};
use crate::tree::Node;
use crate::words::{Outcome, Severity};

/// What the present state says of a check of the base's policies; none where the measure is not applicable.
pub(super) type Said<'a> = Option<(Outcome, &'a [(RecordRef, Outcome)])>;

/// What the present state says by its own policies, where those are the base's.
pub(super) fn said(judged: &Judged) -> Vec<Said<'_>> {
    fn of(kept: &Kept) -> (Outcome, &[(RecordRef, Outcome)]) {
        (outcome_of(&kept.evaluated), &kept.evaluated.records)
    }
    judged.checks.iter().map(|kept| kept.as_ref().map(of)).collect()
}

/// What it says by the base's.
pub(super) fn said_under(reassessed: &Reassessment) -> Vec<Said<'_>> {
    fn of(outcomes: &Outcomes) -> Said<'_> {
        Some((outcomes.outcome?, &outcomes.records))
    }
    reassessed.checks.iter().map(|outcomes| outcomes.as_ref().and_then(of)).collect()
}

fn is_decided(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Satisfied | Outcome::Gap | Outcome::Review)
}

/// Everything lost. `unchanged` is, for each record of the base, the same record of `present`.
pub(super) fn losses(
    before: &Snapshot,
    earlier: &Reassessment,
    present: &Snapshot,
    said: &[Said<'_>],
    unchanged: &[Option<RecordRef>],
) -> Vec<Loss> {
    // Of those without a record, each check is a loss of its own.
    let mut found: BTreeMap<(Option<RecordRef>, LossKind, usize), (Vec<String>, Severity)> = BTreeMap::new();
    let mut there: HashMap<RecordRef, Option<RecordRef>> = HashMap::new();
    let checks = before.policies.measures().flat_map(|(_, m)| m.checks.iter().map(move |check| (m, check)));
    for (i, (((measure, check), outcomes), now)) in checks.zip(&earlier.checks).zip(said).enumerate() {
        let Some(outcomes) = outcomes else { continue };
        let mut lose = |record: Option<RecordRef>, how: LossKind| {
            let (checks, severity) = found
                .entry((record, how, if record.is_none() { i } else { 0 }))
                .or_insert_with(|| (Vec::new(), check.severity));
            checks.push(format!("{}/{}", measure.id, check.id));
            *severity = check.severity.max(*severity);
        };
        match &check.form {
            Form::Attest { .. } => {}
            Form::Exists { kind, .. } => {
                let aged = present.as_of != before.as_of
                    && before.set.of_kind(*kind).all(|record| unchanged[record.0 as usize].is_some());
                let outcome = now.as_ref().map_or(Outcome::NotApplicable, |(outcome, _)| *outcome);
                if outcomes.outcome.is_some_and(is_decided) && !is_decided(outcome) && !aged {
                    let applies = outcome != Outcome::NotApplicable;
                    lose(None, if applies { LossKind::NotAssessed } else { LossKind::OutOfScope });
                }
            }
            Form::Each(_) | Form::Schema { .. } => {
                let mut reads = outcomes.reads.iter().peekable();
                for (record, _) in outcomes.records.iter().filter(|(_, outcome)| is_decided(*outcome)) {
                    while reads.next_if(|(r, _)| r < record).is_some() {}
                    let aged = unchanged[record.0 as usize].is_some()
                        && reads.peek().is_some_and(|(r, reads)| {
                            r == record && reads.date && !reads.related && !reads.evidence
                        });
                    let same = *there.entry(*record).or_insert_with(|| find(before, *record, present));
                    let outcome = same.zip(*now).and_then(|(same, (_, records))| {
                        let i = records.binary_search_by_key(&same, |(r, _)| *r).ok()?;
                        Some(records[i].1)
                    });
                    match (same, outcome) {
                        (_, Some(outcome)) if is_decided(outcome) => {}
                        _ if aged => {}
                        (None, _) => lose(Some(*record), missing(before, *record, present)),
                        (Some(_), Some(_)) => lose(Some(*record), LossKind::NotAssessed),
                        (Some(_), None) => lose(Some(*record), LossKind::OutOfScope),
                    }
                }
            }
        }
    }
    let loss = |((record, kind, _), (checks, severity)): (_, (Vec<String>, Severity))| Loss {
        kind,
        record: Option::map(record, |record| named(&before.set, record)),
        checks,
        severity,
        accepted: None,
    };
    found.into_iter().map(loss).collect()
}

fn find(before: &Snapshot, record: RecordRef, present: &Snapshot) -> Option<RecordRef> {
    let record = before.set.get(record);
    let kind = present.set.catalog.find(&before.set.catalog.get(record.kind).name)?;
    present.set.find(kind, &record.id)
}

/// Why a record is not among those of the present state.
fn missing(before: &Snapshot, record: RecordRef, present: &Snapshot) -> LossKind {
    if present.is_unread(before.set.path(before.set.get(record))) {
        LossKind::Unread
    } else {
        LossKind::RecordRemoved
    }
}

/// Accepts losses that the present state's file names and nothing in the base contradicts.
pub(super) fn accept(losses: &mut [Loss], present: &Snapshot, before: &Snapshot, judgement: &mut Judgement) {
    for entry in &present.losses {
        let old = before.losses.iter().any(|other| entry.is(other));
        let mut about = losses.iter_mut().filter(|loss| entry.is_about(loss)).peekable();
        if about.peek().is_none() {
            if !old {
                let help = "take the entry out, or fix its kind and id";
                judgement.problems.push(entry.problem(Code::UnusedLoss, "nothing is lost of it", help));
            }
            continue;
        }
        match contradiction(entry, old, present, before) {
            Some(why) => {
                let help =
                    "let somebody else approve it, on a day after the last that the base has of the record";
                judgement.problems.push(entry.problem(Code::LossContradicted, &why, help));
            }
            None => about.for_each(|loss| loss.accepted = Some(entry.acceptance())),
        }
    }
}

/// What speaks against an entry.
fn contradiction(entry: &Entry, old: bool, present: &Snapshot, before: &Snapshot) -> Option<String> {
    let Acceptance { approved_by, approved_on, .. } = entry.acceptance();
    if old {
        return Some("the base has this entry and the record, so it is not about this change".to_owned());
    }
    if approved_on > Day(present.as_of) {
        return Some(format!("it was approved on {approved_on}, after the date of the audit"));
    }
    let (kind, id) = entry.record()?;
    if approved_by.eq_ignore_ascii_case(id) {
        return Some("the record approves it itself".to_owned());
    }
    let (path, last) = last_day(kind, id, before)?;
    (last > approved_on.0)
        .then(|| format!("it was approved on {approved_on}, and {path} has a day after that: {last}"))
}

fn below(of: &Snapshot, record: RecordRef) -> impl Iterator<Item = Node<'_>> {
    let root = of.set.root(record);
    root.tree().below(root.id())
}

/// The last day on which something happened to a record, by itself or by one that names it, and where that stands.
fn last_day(kind: &str, id: &str, before: &Snapshot) -> Option<(String, jiff::civil::Date)> {
    let about = |record: RecordRef| {
        let own = before.set.get(record);
        let is_it = before.set.catalog.get(own.kind).name == kind && *own.id == *id;
        is_it || below(before, record).any(|node| node.as_str() == Some(id))
    };
    let days = |record: RecordRef| {
        let past = below(before, record).filter(|node| node.is_past_only());
        let last = past.filter_map(|node| date::day(node.text())).filter(|day| *day <= before.as_of).max()?;
        Some((before.set.path(before.set.get(record)).to_owned(), last))
    };
    let all = (0..before.set.len() as u32).map(RecordRef).filter(|record| about(*record));
    all.filter_map(days).max_by_key(|(_, day)| *day)
}
