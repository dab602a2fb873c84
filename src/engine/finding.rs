//! Findings: verdicts with their place, snippet, message and fingerprint.

use std::collections::BTreeSet;
use std::ops::Range;

use super::message::absences;
use super::reasons::reasons;
use super::verdict::Verdict;
use crate::assessment::{Disposition, Finding, Missing, RecordRef as Named, Snippet, SnippetLine};
use crate::diagnostics::Place;
use crate::policy::expr::{Absence, Absent, Scope};
use crate::policy::{Check, Measure, Pack};
use crate::records::{RecordRef, RecordSet, WITHHELD, cover, is_plausible_id, show};
use crate::text::{digest, escape};
use crate::tree::Node;
use crate::words::{Cause, Outcome};

/// Stable identity: check, records and field, never lines. 32 hexadecimal digits.
pub(crate) fn fingerprint(pack: &str, check: &Check, set: &RecordSet, records: &[RecordRef]) -> String {
    let mut parts = vec!["duly/1", pack, &check.id, check.at.as_deref().unwrap_or("")];
    for record in records {
        let record = set.get(*record);
        parts.extend([set.catalog.get(record.kind).name.as_str(), &record.id]);
    }
    digest::fingerprint(&parts)
}

pub(super) fn build(
    scope: &Scope<'_>,
    pack: &Pack,
    measure: &Measure,
    check: &Check,
    (records, verdict): &(Vec<RecordRef>, Verdict),
    message: String,
) -> Finding {
    let set = scope.set;
    let (field, target) = target(set, check, records, verdict);
    let place = records.first().map(|record| {
        let root = set.root(*record);
        set.place_of(set.get(*record), target.unwrap_or(root))
    });
    let snippet = records.first().map(|record| {
        snippet(
            set,
            *record,
            target.unwrap_or_else(|| set.root(*record)),
            label(set, *record, check, verdict, field.as_deref()),
        )
    });
    Finding {
        fingerprint: fingerprint(&pack.name, check, set, records),
        measure: measure.id.clone(),
        check: check.id.clone(),
        outcome: verdict.outcome,
        cause: verdict.cause,
        disposition: Disposition::Open,
        known: None,
        change: None,
        first_seen: None,
        reasons: reasons(scope, check, records, verdict.reads),
        under_base_rules: false,
        severity: check.severity,
        owner: measure.owner.clone(),
        vendors: vendors(set, records),
        message,
        records: records.iter().map(|r| named(set, *r)).collect(),
        field: field.or_else(|| check.at.clone()),
        place,
        region: None,
        snippet,
        missing: missing(set, verdict),
    }
}

/// What a verdict lacks, as far as someone can write it down.
fn missing(set: &RecordSet, verdict: &Verdict) -> Box<[Missing]> {
    let of = |absent: &Absent| {
        if absent.why == Absence::NoRecord && set.catalog.find(&absent.path).is_some() {
            return Some(Missing { kind: absent.path.clone(), record: None, field: None });
        }
        let record = absent.record.filter(|_| absent.why.is_not_recorded() && !absent.path.is_empty())?;
        let kind = set.catalog.get(set.get(record).kind).name.clone();
        let field = without_numbers(&absent.path);
        Some(Missing { kind, record: Some(named(set, record)), field: Some(field) })
    };
    let is_gap_of_something_else = verdict.outcome == Outcome::Gap && verdict.cause != Some(Cause::Missing);
    let absent = if is_gap_of_something_else { &[] } else { verdict.absent() };
    absent.iter().filter_map(of).collect()
}

/// `changes[0].document` as `changes.document`.
fn without_numbers(path: &str) -> String {
    let mut parts = path.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.filter_map(|part| part.split_once(']')).fold(first, |path, (_, rest)| path + rest)
}

/// A record as reports name it.
pub(crate) fn named(set: &RecordSet, record: RecordRef) -> Named {
    let root = set.root(record);
    // The line of the id names a record best.
    let id = id_node(set, record);
    let (line, column) = root.tree().line_column(id.label_span().start);
    let subject = subject(set, record);
    let record = set.get(record);
    Named {
        kind: set.catalog.get(record.kind).name.clone(),
        id: record.id.to_string(),
        subject,
        place: Place::at(set.path(record).to_owned(), (line, column)),
    }
}

/// The name that a record carries, as far as it may be shown.
fn subject(set: &RecordSet, record: RecordRef) -> Option<String> {
    let shape = &set.catalog.get(set.get(record).kind).shape.field("name")?.shape;
    let text = show(Some(shape), set.root(record).get("name")?)?;
    (text != WITHHELD).then(|| escape(&text).into_owned())
}

/// Ids of the vendors that records name themselves or through their worker, in their order.
fn vendors(set: &RecordSet, records: &[RecordRef]) -> Vec<String> {
    let (Some(vendor), Some(worker)) = (set.catalog.find("vendor"), set.catalog.find("worker")) else {
        return Vec::new();
    };
    let mut found = BTreeSet::new();
    for &record in records {
        if set.get(record).kind == vendor {
            found.insert(set.get(record).id.to_string());
        }
        found.extend(named_in(set, record, "vendor").iter().map(|node| node.text().to_owned()));
        for node in named_in(set, record, "worker") {
            if let Some(worker) = set.find(worker, node.text()) {
                found.extend(named_in(set, worker, "vendor").iter().map(|node| node.text().to_owned()));
            }
        }
    }
    found.into_iter().collect()
}

/// The ids of records of a kind that a record names in its own fields, alone or in a list.
pub(crate) fn named_in<'s>(set: &'s RecordSet, record: RecordRef, kind: &str) -> Vec<Node<'s>> {
    let root = set.root(record);
    let mut found = Vec::new();
    for field in set.catalog.get(set.get(record).kind).naming_fields() {
        let Some(node) = root.member(&field.name) else { continue };
        field.shape.walk(node, &mut |shape, node| {
            if shape.reference.as_deref() == Some(kind)
                && node.as_str().is_some_and(is_plausible_id)
                && !node.is_invalid()
            {
                found.push(node);
            }
        });
    }
    found
}

/// Where a record is named: its id.
fn id_node(set: &RecordSet, record: RecordRef) -> Node<'_> {
    let root = set.root(record);
    root.at(&set.catalog.get(set.get(record).kind).id_field).unwrap_or(root)
}

/// The field a finding is about, and the deepest node of the first record on the way to it.
fn target<'s>(
    set: &'s RecordSet,
    check: &Check,
    records: &[RecordRef],
    verdict: &Verdict,
) -> (Option<String>, Option<Node<'s>>) {
    let Some(&record) = records.first() else {
        return (None, None);
    };
    let root = set.root(record);
    let own = verdict
        .absent()
        .iter()
        .find(|a| a.record == Some(record) && a.why != Absence::Ambiguous)
        .map(|a| a.path.clone());
    let path = match (&own, verdict.refused()) {
        (Some(path), _) => Some(path.clone()),
        (None, Some((path, _))) if !path.is_empty() => Some(path.to_owned()),
        _ => check.at.clone(),
    };
    // A default stands in another file.
    let own = path.as_deref().and_then(|path| deepest(root, path)).filter(|node| !node.is_added());
    let node = own.or_else(|| Some(id_node(set, record)));
    (path, node)
}

/// Follows `a.b[2].c` as far as it leads; `None` if not even its first step does.
fn deepest<'a>(root: Node<'a>, path: &str) -> Option<Node<'a>> {
    let mut node = root;
    let mut moved = false;
    'parts: for part in path.split('.') {
        let (key, mut rest) = match part.find('[') {
            Some(i) => part.split_at(i),
            None => (part, ""),
        };
        if !key.is_empty() {
            match node.member(key) {
                Some(child) => (node, moved) = (child, true),
                None => break,
            }
        }
        while let Some((index, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
            match index.parse().ok().and_then(|i| node.child(i)) {
                Some(child) => node = child,
                None => break 'parts,
            }
            rest = after;
        }
    }
    moved.then_some(node)
}

/// What the label under the quoted line says: of the record itself where the finding is about a field of it, else what
/// is not known of another.
fn label(
    set: &RecordSet,
    record: RecordRef,
    check: &Check,
    verdict: &Verdict,
    field: Option<&str>,
) -> String {
    let ahead = verdict.absent().iter().any(|absent| {
        absent.why == Absence::Future && !absent.path.is_empty() && Some(absent.path.as_str()) == field
    });
    let own =
        verdict.refused().is_some() || verdict.absent().iter().any(|absent| absent.record == Some(record));
    let elsewhere = || absences(set, &[record], &verdict.absent()[..1]);
    let field = field.map(|f| escape(f).into_owned());
    match (verdict.outcome, verdict.cause, field) {
        (_, Some(Cause::Missing), Some(field)) if own => format!("`{field}` is missing here"),
        (_, Some(Cause::Missing), _) if !verdict.absent().is_empty() => elsewhere(),
        (Outcome::NotAssessed, _, Some(field)) if ahead => {
            format!("`{field}` lies after the date of the audit")
        }
        (Outcome::NotAssessed, _, Some(field)) if own => format!("needs `{field}`"),
        (Outcome::NotAssessed, ..) if !verdict.absent().is_empty() => elsewhere(),
        (_, Some(Cause::Stale), _) => format!("too old to show: {}", check.title),
        (Outcome::Review, ..) => format!("to look at: {}", check.title),
        (Outcome::NotAssessed, ..) => format!("could not be tested: {}", check.title),
        _ => format!("required: {}", check.title),
    }
}

fn snippet(set: &RecordSet, record: RecordRef, target: Node<'_>, label: String) -> Snippet {
    let root = set.root(record);
    let shape = &set.catalog.get(set.get(record).kind).shape;
    let tree = root.tree();
    let part_at = |offset: u32| tree.line_around(offset, REACH_BYTES);
    let covered = |part: Range<u32>| {
        let clipped = if tree.starts_line(part.start) { "" } else { "…" };
        (clipped, cover(tree, shape, root, part))
    };
    let number = |offset: u32| tree.line_column(offset).0;
    let span = target.label_span();
    let part = part_at(span.start);
    let (clipped, text) = covered(part.clone());
    // The label stands under the characters as they are shown, which may be more than the source has.
    let end = part.end.min(span.end).max(span.start);
    let characters = |from: u32, to: u32| tree.text()[from as usize..to as usize].chars().count();
    let before = byte_of(&text, characters(part.start, span.start));
    let behind = byte_of(&text, characters(part.start, end));
    let (before, label_text, behind) =
        (visible(&text[..before]), visible(&text[before..behind]), visible(&text[behind..]));
    let column = clipped.chars().count() + before.chars().count() + 1;
    let width = label_text.chars().count().max(1);
    let cut = |part: &Range<u32>| if tree.ends_line(part.end) { "" } else { "…" };
    let shown = format!("{clipped}{before}{label_text}{behind}");
    let shown = format!("{}{}", shown.trim_end(), cut(&part));
    let line = SnippetLine { number: number(span.start), text: shown };
    let id = id_node(set, record).label_span().start;
    let part = part_at(id);
    let (clipped, text) = covered(part.clone());
    let text = format!("{clipped}{}", visible(&text));
    let head = SnippetLine { number: number(id), text: format!("{}{}", text.trim_end(), cut(&part)) };
    Snippet { head, line, column: column as u32, width: width as u32, label }
}

/// A part of a line as it is shown: tabs as two spaces, everything else that hides as an escape.
fn visible(text: &str) -> String {
    escape(&text.replace('\t', "  ")).into_owned()
}

/// Where the character with this index starts.
fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(i, _)| i)
}

/// Of a long line, so many bytes before and behind the label are shown.
const REACH_BYTES: u32 = 120;
