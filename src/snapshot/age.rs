//! How old the documents are that records name as evidence, and which commit changed each last.

use std::collections::BTreeMap;

use super::state::State;
use crate::assessment::{DatedBy, EvidenceFile, LastCommit, NoCommit};
use crate::policy::expr::{NO_EVIDENCE, evidence_path};
use crate::records::{EvidenceDocument, RecordSet};
use crate::repo::LastChange;
use crate::text::Day;

/// The documents of a state in the order of their paths, dated as of a day.
pub(super) fn evidence(
    set: &RecordSet,
    documents: &[(u32, EvidenceDocument)],
    state: &State,
    as_of: Day,
) -> Vec<EvidenceFile> {
    // By path, how many times it is named and the earliest day that is given.
    let mut named: BTreeMap<&str, (usize, Option<Day>)> = BTreeMap::new();
    for (source, document) in documents {
        let source = &set.sources[*source as usize];
        let path = evidence_path(source.tree.node(document.node).text());
        if path == source.path || NO_EVIDENCE.contains(&path) || state.listing.find(path).is_none() {
            continue;
        }
        let given = document.dated.and_then(|day| source.tree.node(day).text().parse().ok());
        let (count, day) = named.entry(path).or_default();
        *count += 1;
        *day = day.iter().copied().chain(given).min();
    }
    let paths: Vec<&str> = named.keys().copied().collect();
    let changes = if paths.is_empty() { None } else { state.last_changes(&paths) };
    let mut changes = changes.into_iter().flatten();
    let file = |(path, (named, given)): (&str, (usize, Option<Day>))| {
        let (commit, no_commit) = changes.next().map_or((None, None), commit);
        let changed = commit.is_some() && state.is_changed(path);
        // What was changed on disk is not of the day of its last commit.
        let committed = commit.as_ref().filter(|_| !changed).map(|commit| commit.committed_on);
        let dated_on = given.or(committed);
        EvidenceFile {
            path: path.to_owned(),
            named,
            dated_on,
            dated_by: dated_on.map(|_| if given.is_some() { DatedBy::Record } else { DatedBy::Commit }),
            age_days: dated_on.and_then(|day| day.days_until(as_of).try_into().ok()),
            commit,
            no_commit,
            changed,
        }
    };
    named.into_iter().map(file).collect()
}

fn commit(change: LastChange) -> (Option<LastCommit>, Option<NoCommit>) {
    match change {
        LastChange::Commit { id, committed_on } => (Some(LastCommit { id, committed_on }), None),
        LastChange::NotCommitted => (None, Some(NoCommit::NotCommitted)),
        LastChange::Shallow => (None, Some(NoCommit::ShallowHistory)),
        LastChange::TooOld => (None, Some(NoCommit::LongHistory)),
        LastChange::NotFetched => (None, Some(NoCommit::NotFetched)),
    }
}
