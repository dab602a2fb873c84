//! Waivers beside what a change brings: no change approves itself.
//!
//! A waiver that the change adds or edits covers nothing that the change makes new or worse: who writes a waiver writes
//! the name of its approver, too; what the base holds has been merged by someone. And a condition that the base holds
//! covers no record that the change edits: who edits a record can make it meet the condition.

use std::collections::{BTreeMap, BTreeSet};

use crate::assessment::{Change, Disposition, Finding, Judgement};
use crate::diagnostics::{Code, Place, Problem};
use crate::engine::in_words;
use crate::records::{RecordRef, RecordSet};
use crate::text::{count, verb};

/// What a waiver does not cover, and what to do about it.
struct Limit {
    /// Ends the message of the finding.
    so: &'static str,
    why: &'static str,
    help: &'static str,
}

const ADDED: Limit = Limit {
    so: "; the waiver is of this change, too, so it counts",
    why: "a waiver covers what is new or worse only if the base holds it",
    help: "have the waiver merged first, by someone who may approve it, or close what it is about",
};

const EDITED: Limit = Limit {
    so: "; this change edits the record that meets the condition of the waiver, so it counts",
    why: "the condition of a waiver covers no record that the same change edits",
    help: "have the record listed under `records` of a waiver that is merged first, or close the gap",
};

/// In a comparison with a base: opens what waivers would cover and the change brings. `changed` are the records that
/// the change adds or edits, `before` those of the base.
pub(crate) fn refuse_added(
    judgement: &mut Judgement,
    set: &RecordSet,
    before: &RecordSet,
    changed: &[RecordRef],
) {
    let Some(kind) = set.catalog.find("waiver") else { return };
    if judgement.waivers.is_empty() {
        return;
    }
    let places: BTreeMap<String, (RecordRef, Place)> = set
        .of_kind(kind)
        .map(|record| {
            let root = set.root(record);
            (in_words(&set.get(record).id), (record, set.place_of(set.get(record), root)))
        })
        .collect();
    let added: BTreeSet<RecordRef> = changed.iter().copied().collect();
    let edited: BTreeSet<(&str, &str)> = changed
        .iter()
        .map(|record| set.get(*record))
        .map(|record| (set.catalog.get(record.kind).name.as_str(), &*record.id))
        .filter(|(kind, id)| before.catalog.find(kind).is_some_and(|kind| before.find(kind, id).is_some()))
        .collect();
    let by_fingerprint: BTreeMap<String, usize> =
        judgement.findings.iter().enumerate().map(|(i, f)| (f.fingerprint.clone(), i)).collect();
    let mut waivers = std::mem::take(&mut judgement.waivers);
    for waiver in waivers.iter_mut().filter(|waiver| waiver.refused.is_none()) {
        let Some((record, place)) = places.get(&waiver.id) else { continue };
        let is_added = added.contains(record);
        let limit = if is_added { ADDED } else { EDITED };
        let is_edited =
            |finding: &Finding| finding.records.iter().any(|r| edited.contains(&(&r.kind, &r.id)));
        let all = waiver.findings.len();
        waiver.findings.retain(|fingerprint| {
            let Some(finding) = by_fingerprint.get(fingerprint).map(|i| &mut judgement.findings[*i]) else {
                return true;
            };
            let is_brought = matches!(finding.change, Some(Change::New | Change::Worsened));
            let is_limited = is_added || waiver.condition.is_some() && is_edited(finding);
            if is_brought && is_limited {
                finding.disposition = Disposition::Open;
                finding.message.push_str(limit.so);
            }
            !(is_brought && is_limited)
        });
        let n = all - waiver.findings.len();
        if n > 0 {
            let gaps = count(n, "gap");
            let are = verb(n, "is", "are");
            let message =
                format!("{}: {gaps} that this change brings {are} not waived: {}", waiver.id, limit.why);
            judgement.problems.push(Problem::new(Code::WaiverRefused, place.clone(), message, limit.help));
        }
    }
    judgement.waivers = waivers;
}
