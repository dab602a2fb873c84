//! What became of the findings of an earlier state.
//!
//! Findings are the same when their fingerprints are: a fingerprint has no path and no line, so files can be
//! moved and renamed. The fingerprint of a group has all its members; a group that gained or lost some is
//! matched with the finding of the same check that shares most members. Each finding is matched once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::assessment::{Baseline, Finding, Judgement, Outcome, Reason, RecordRef, Revision};
use crate::text::Day;
use crate::words::Change;

/// The earlier state.
#[derive(Debug)]
pub(super) struct Before {
    /// The revision as the user named it.
    pub name: String,
    pub revision: Option<Revision>,
    /// The date it was judged at.
    pub as_of: Day,
    /// Its findings, without those that `same` says are still there.
    pub findings: Vec<Finding>,
    /// For each of them, whether a record it rested on, or its check, is gone.
    pub lost: Vec<bool>,
    /// For each finding of the present state, whether the earlier one had the very same.
    pub same: Vec<bool>,
}

/// Says of every finding what became of it, and keeps those that are no more. The reasons that findings bring
/// along are all that differs in what they rest on; those of findings that did not change are dropped,
/// unless they have another cause.
pub(super) fn compare(present: &mut Judgement, before: Before) -> Baseline {
    let mut earlier: Vec<Option<Finding>> = before.findings.into_iter().map(Some).collect();
    let mut matches: Vec<Option<Finding>> = present.findings.iter().map(|_| None).collect();
    let mut by_fingerprint: HashMap<String, usize> = HashMap::new();
    for (i, finding) in earlier.iter().enumerate() {
        by_fingerprint.extend(finding.iter().map(|f| (f.fingerprint.clone(), i)));
    }
    let settled = |i: usize| before.same.get(i).copied().unwrap_or_default();
    for (i, finding) in present.findings.iter().enumerate().filter(|(i, _)| !settled(*i)) {
        if let Some(there) = by_fingerprint.get(&finding.fingerprint) {
            matches[i] = earlier[*there].take();
        }
    }
    let open: Vec<usize> =
        (0..present.findings.len()).filter(|i| !settled(*i) && matches[*i].is_none()).collect();
    for (here, there) in overlapping(&present.findings, &open, &earlier) {
        matches[here] = earlier[there].take();
    }
    for (i, (finding, earlier)) in present.findings.iter_mut().zip(matches).enumerate() {
        let change = match &earlier {
            _ if settled(i) => Change::Unchanged,
            None => Change::New,
            Some(earlier) => became(earlier, finding),
        };
        let mut same_cause = true;
        if let Some(earlier) = earlier {
            same_cause = earlier.cause == finding.cause;
            finding.reasons.extend(earlier.reasons);
        }
        finding.change = Some(change);
        let all = std::mem::take(&mut finding.reasons);
        if change != Change::Unchanged || !same_cause {
            finding.reasons = reasons(all);
        }
    }
    let (mut fixed, mut removed) = (Vec::new(), Vec::new());
    for (i, finding) in earlier.into_iter().enumerate() {
        let Some(mut finding) = finding else { continue };
        let lost = before.lost.get(i).copied().unwrap_or_default();
        let change = if lost { Change::Removed } else { Change::Fixed };
        finding.change = Some(change);
        finding.reasons = reasons(finding.reasons);
        if lost { removed.push(finding) } else { fixed.push(finding) }
    }
    Baseline {
        name: before.name,
        revision: before.revision,
        as_of: before.as_of,
        fixed,
        removed,
        fail_on: None,
        rules: Vec::new(),
        lost: Vec::new(),
        unread: 0,
    }
}

/// In order and once each; time is a reason only where nothing was edited.
fn reasons(all: Vec<Reason>) -> Vec<Reason> {
    let mut all: BTreeSet<Reason> = all.into_iter().collect();
    if all.len() > 1 {
        all.remove(&Reason::Aged);
    }
    all.into_iter().collect()
}

/// Worse in any respect is worsened, whatever else is better; of a gap that is not assessed any more no one
/// knows either.
fn became(earlier: &Finding, now: &Finding) -> Change {
    if (earlier.outcome, now.outcome) == (Outcome::Gap, Outcome::NotAssessed) {
        return Change::Unassessed;
    }
    let members = |finding: &Finding| -> BTreeSet<(String, String)> {
        finding.records.iter().map(|r| (r.kind.clone(), r.id.clone())).collect()
    };
    let (before, after) = (members(earlier), members(now));
    let outcome = now.outcome.cmp(&earlier.outcome);
    let severity = now.severity.cmp(&earlier.severity);
    if outcome.is_gt() || severity.is_gt() || after.difference(&before).next().is_some() {
        Change::Worsened
    } else if outcome.is_lt() || severity.is_lt() || before.difference(&after).next().is_some() {
        Change::Improved
    } else {
        Change::Unchanged
    }
}

/// Pairs of findings of one check that share records: those that share most first, then in their order.
fn overlapping(present: &[Finding], open: &[usize], earlier: &[Option<Finding>]) -> Vec<(usize, usize)> {
    type Key<'f> = (&'f str, &'f str, &'f str, &'f str);
    fn key<'f>(finding: &'f Finding, record: &'f RecordRef) -> Key<'f> {
        (&finding.measure, &finding.check, &record.kind, &record.id)
    }
    let mut by_record: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (there, finding) in earlier.iter().enumerate() {
        let Some(finding) = finding else { continue };
        for record in &finding.records {
            by_record.entry(key(finding, record)).or_default().push(there);
        }
    }
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for &here in open {
        for record in &present[here].records {
            for &there in by_record.get(&key(&present[here], record)).into_iter().flatten() {
                *shared.entry((here, there)).or_default() += 1;
            }
        }
    }
    let mut pairs: Vec<((usize, usize), usize)> = shared.into_iter().collect();
    pairs.sort_by_key(|(pair, shared)| (std::cmp::Reverse(*shared), *pair));
    let (mut used_here, mut used_there) = (BTreeSet::new(), BTreeSet::new());
    let mut once = |(here, there): &(usize, usize)| {
        let free = !used_here.contains(here) && !used_there.contains(there);
        free && used_here.insert(*here) && used_there.insert(*there)
    };
    pairs.into_iter().map(|(pair, _)| pair).filter(|pair| once(pair)).collect()
}
