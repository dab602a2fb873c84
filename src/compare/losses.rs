//! Assurance that is lost: what the base said of a record and the present state says no more.
//!
//! Good or bad, what was decided and is undecided now is a loss: a gap that is not looked at any more is not closed,
//! and a record that is gone is not clean. What only time took out of a check's scope is none.

use std::collections::{BTreeMap, BTreeSet};

use super::reassess::{Outcomes, Reassessment, outcome_of};
use crate::assessment::{Acceptance, Finding, Judgement, Loss, LossKind};
use crate::diagnostics::Code;
use crate::engine::{Judged, Kept, named};
use crate::losses::Entry;
use crate::policy::Form;
use crate::records::{KindId, RecordRef};
use crate::snapshot::Snapshot;
use crate::text::{Day, date};
use crate::tree::Node;
use crate::words::{Outcome, Severity};

/// What a state says of a check of the base's policies.
#[derive(Clone, Copy)]
enum Said<'a> {
    /// It has no such check.
    NotAsked,
    /// The measure is not applicable.
    NotApplicable,
    Outcomes(Outcome, &'a [(RecordRef, Outcome)]),
}

/// Adds the findings of the base whose record a check no longer looks at: they are lost, and not fixed.
pub(super) fn mark_lost(lost: &[Loss], findings: &[Finding], gone: &mut [bool]) {
    let records = lost.iter().filter_map(|loss| Some((loss.record.as_ref()?, &loss.checks)));
    let pairs: BTreeSet<(&str, &str, &str)> = records
        .flat_map(|(record, checks)| checks.iter().map(move |c| (&*record.kind, &*record.id, &**c)))
        .collect();
    for (finding, gone) in findings.iter().zip(gone) {
        let check = format!("{}/{}", finding.measure, finding.check);
        *gone |= finding.records.iter().any(|r| pairs.contains(&(&*r.kind, &*r.id, &*check)));
    }
}

/// The present files, as they are judged by some rules.
pub(super) struct Side<'a> {
    snapshot: &'a Snapshot,
    /// By check of the base's policies.
    said: Vec<Said<'a>>,
    /// For each record of the base, the same record here; none where it is gone or says something else.
    unchanged: &'a [Option<RecordRef>],
    /// Whether all records are those of the base.
    is_unchanged: bool,
}

impl<'a> Side<'a> {
    /// By the present rules. `positions` says where the base's checks stand in the present policies, where those differ.
    pub(super) fn own(
        snapshot: &'a Snapshot,
        judged: &'a Judged,
        positions: Option<&[Option<usize>]>,
        unchanged: &'a [Option<RecordRef>],
    ) -> Self {
        let at = |position: usize| match judged.checks.get(position) {
            Some(Some(Kept { evaluated, .. })) => Said::Outcomes(outcome_of(evaluated), &evaluated.records),
            _ => Said::NotApplicable,
        };
        let said = match positions {
            None => (0..judged.checks.len()).map(at).collect(),
            Some(positions) => positions.iter().map(|p| p.map_or(Said::NotAsked, at)).collect(),
        };
        Side::new(snapshot, said, unchanged)
    }

    /// By the rules of the base.
    pub(super) fn under_base(
        snapshot: &'a Snapshot,
        reassessed: &'a Reassessment,
        unchanged: &'a [Option<RecordRef>],
    ) -> Self {
        let of = |outcomes: &'a Option<Outcomes>| match outcomes {
            Some(Outcomes { outcome: Some(outcome), records, .. }) => Said::Outcomes(*outcome, records),
            _ => Said::NotApplicable,
        };
        Side::new(snapshot, reassessed.checks.iter().map(of).collect(), unchanged)
    }

    fn new(snapshot: &'a Snapshot, said: Vec<Said<'a>>, unchanged: &'a [Option<RecordRef>]) -> Self {
        let same = unchanged.len() == snapshot.set.len() && unchanged.iter().all(Option::is_some);
        Side { snapshot, said, unchanged, is_unchanged: same }
    }

    /// How a check on whether there is any record is lost, if it is.
    fn loses_check(&self, position: usize, kind: KindId, before: &Snapshot) -> Option<LossKind> {
        let dates = self.snapshot.as_of != before.as_of;
        let of_kind = || before.set.of_kind(kind).all(|record| self.unchanged[record.0 as usize].is_some());
        match self.said[position] {
            Said::NotAsked => Some(LossKind::NotAsked),
            Said::NotApplicable => (!(dates && self.is_unchanged)).then_some(LossKind::OutOfScope),
            Said::Outcomes(outcome, _) if is_decided(outcome) || dates && of_kind() => None,
            Said::Outcomes(Outcome::NotApplicable, _) => Some(LossKind::OutOfScope),
            Said::Outcomes(..) => Some(LossKind::NotAssessed),
        }
    }

    /// How a record is lost for a check, if it is. `by_date`: all that differs of what the check read is the date.
    fn loses(
        &self,
        position: usize,
        record: RecordRef,
        by_date: bool,
        before: &Snapshot,
    ) -> Option<LossKind> {
        let (same, unchanged) = match self.unchanged[record.0 as usize] {
            Some(same) => (Some(same), true),
            None => (find(before, record, self.snapshot), false),
        };
        let Some(same) = same else {
            let unread = self.snapshot.is_unread(before.set.path(before.set.get(record)));
            return Some(if unread { LossKind::Unread } else { LossKind::RecordRemoved });
        };
        match self.said[position] {
            Said::NotAsked => Some(LossKind::NotAsked),
            Said::NotApplicable => (!(by_date && self.is_unchanged)).then_some(LossKind::OutOfScope),
            Said::Outcomes(_, records) => {
                let found = records.binary_search_by_key(&same, |(r, _)| *r).ok().map(|i| records[i].1);
                match found {
                    Some(outcome) if is_decided(outcome) => None,
                    _ if by_date && unchanged => None,
                    Some(_) => Some(LossKind::NotAssessed),
                    None => Some(LossKind::OutOfScope),
                }
            }
        }
    }
}

fn is_decided(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Satisfied | Outcome::Gap | Outcome::Review)
}

/// The record, how it is lost, and the check where there is no record.
type Key = (Option<RecordRef>, LossKind, usize);

/// Everything that is lost on any side.
pub(super) fn losses(before: &Snapshot, earlier: &Reassessment, sides: &[Side<'_>]) -> Vec<Loss> {
    // Of those without a record, each check is a loss of its own.
    let mut found: BTreeMap<Key, (Vec<String>, Severity)> = BTreeMap::new();
    let checks = before.policies.measures().flat_map(|(_, m)| m.checks.iter().map(move |check| (m, check)));
    for (i, ((measure, check), outcomes)) in checks.zip(&earlier.checks).enumerate() {
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
                if outcomes.outcome.is_some_and(is_decided)
                    && let Some(how) = sides.iter().find_map(|side| side.loses_check(i, *kind, before))
                {
                    lose(None, how);
                }
            }
            Form::Each(_) | Form::Schema { .. } => {
                let mut reads = outcomes.reads.iter().peekable();
                for (record, _) in outcomes.records.iter().filter(|(_, outcome)| is_decided(*outcome)) {
                    while reads.next_if(|(r, _)| r < record).is_some() {}
                    let by_date = reads.peek().is_some_and(|(r, reads)| {
                        r == record && reads.date && !reads.related && !reads.evidence
                    });
                    if let Some(how) = sides.iter().find_map(|side| side.loses(i, *record, by_date, before)) {
                        lose(Some(*record), how);
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

/// Accepts losses that the present state's file names and nothing in the base contradicts.
/// With a record, what follows from its loss is accepted: unchanged records that name it and are out of scope or not
/// assessed now.
pub(super) fn accept(
    losses: &mut [Loss],
    present: &Snapshot,
    before: &Snapshot,
    unchanged: &[Option<RecordRef>],
    judgement: &mut Judgement,
) {
    let follows = |entry: &Entry, loss: &Loss| {
        let (Some((_, id)), Some(record)) = (entry.record(), &loss.record) else { return false };
        let found = before.set.catalog.find(&record.kind).and_then(|kind| before.set.find(kind, &record.id));
        matches!(loss.kind, LossKind::OutOfScope | LossKind::NotAssessed)
            && found.is_some_and(|record| {
                unchanged[record.0 as usize].is_some()
                    && below(before, record).any(|node| node.as_str() == Some(id))
            })
    };
    for entry in &present.losses {
        let old = before.losses.iter().any(|other| entry.is(other));
        if !losses.iter().any(|loss| entry.is_about(loss)) {
            if !old {
                let help = "take the entry out, or fix its kind and id";
                judgement.problems.push(entry.problem(Code::UnusedLoss, "nothing is lost of it", help));
            }
            continue;
        }
        match contradiction(entry, old, present, before) {
            Some(why) => {
                let help =
                    "have someone else approve it, on or after the last day that the base has for the record";
                judgement.problems.push(entry.problem(Code::LossContradicted, &why, help));
            }
            None => {
                let covered = losses.iter_mut().filter(|loss| entry.is_about(loss) || follows(entry, loss));
                covered.for_each(|loss| loss.accepted = Some(entry.acceptance()));
            }
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
