//! Findings: verdicts with their place, snippet, message and fingerprint.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::evaluate::Verdict;
use crate::assessment::{Disposition, Finding, RecordRef as Named, Snippet, SnippetLine};
use crate::policy::expr::Absence;
use crate::policy::{Check, Measure, Pack};
use crate::records::{Form, RecordRef, RecordSet, WITHHELD, cover, show};
use crate::text::{Node, Place, escape};
use crate::words::{Cause, Outcome};

/// Stable identity: check, records and field, never lines. 32 hexadecimal digits.
pub(super) fn fingerprint(pack: &str, check: &Check, set: &RecordSet, records: &[RecordRef]) -> String {
    let mut hasher = Sha256::new();
    let mut part = |text: &str| {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    part("duly/1");
    part(pack);
    part(&check.id);
    part(check.at.as_deref().unwrap_or(""));
    for record in records {
        let record = set.get(*record);
        part(&set.catalog.get(record.kind).name);
        part(&record.id);
    }
    let digest = hasher.finalize();
    digest.iter().take(16).map(|b| format!("{b:02x}")).collect()
}

pub(super) fn build(
    set: &RecordSet,
    pack: &Pack,
    measure: &Measure,
    check: &Check,
    (records, verdict): &(Vec<RecordRef>, Verdict),
    message: String,
) -> Finding {
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
            label(check, verdict, field.as_deref()),
        )
    });
    Finding {
        fingerprint: fingerprint(&pack.name, check, set, records),
        measure: measure.id.clone(),
        check: check.id.clone(),
        outcome: verdict.outcome,
        cause: verdict.cause,
        disposition: Disposition::Open,
        change: None,
        reasons: Vec::new(),
        severity: check.severity,
        owner: measure.owner.clone(),
        vendors: vendors(set, records),
        message,
        records: records.iter().map(|r| named(set, *r)).collect(),
        field: field.or_else(|| check.at.clone()),
        place,
        region: None,
        snippet,
    }
}

fn named(set: &RecordSet, record: RecordRef) -> Named {
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
        place: Place { path: set.path(record).to_owned(), line, column },
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
fn named_in<'s>(set: &'s RecordSet, record: RecordRef, kind: &str) -> Vec<Node<'s>> {
    let shape = &set.catalog.get(set.get(record).kind).shape;
    let mut found = Vec::new();
    for node in set.root(record).children() {
        let Some(field) = shape.field(node.key()) else { continue };
        if matches!(field.shape.form, Form::Object(_)) {
            continue;
        }
        field.shape.walk(node, &mut |shape, node| {
            if shape.reference.as_deref() == Some(kind) && node.as_str().is_some() && !node.is_invalid() {
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
    let node = path.as_deref().and_then(|path| deepest(root, path)).or_else(|| Some(id_node(set, record)));
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
            match node.children().find(|c| c.key() == key) {
                Some(child) => (node, moved) = (child, true),
                None => break,
            }
        }
        while let Some((index, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
            match index.parse().ok().and_then(|i| node.children().nth(i)) {
                Some(child) => node = child,
                None => break 'parts,
            }
            rest = after;
        }
    }
    moved.then_some(node)
}

fn label(check: &Check, verdict: &Verdict, field: Option<&str>) -> String {
    let field = field.map(|f| escape(f).into_owned());
    match (verdict.outcome, verdict.cause, field) {
        (_, Some(Cause::Missing), Some(field)) => format!("`{field}` is missing here"),
        (Outcome::NotAssessed, _, Some(field)) if !verdict.absent().is_empty() => {
            format!("needs `{field}`")
        }
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
    let shown = |offset: u32| {
        let part = tree.line_around(offset, REACH_BYTES);
        let mut text = escape(&cover(tree, shape, root, part.clone())).into_owned();
        let clipped = !tree.starts_line(part.start);
        if clipped {
            text.insert(0, '…');
        }
        let before = tree.text()[part.start as usize..offset as usize].chars().count() as u32;
        let line = SnippetLine { number: tree.line_column(offset).0, text };
        (line, before + u32::from(clipped) + 1, part.end)
    };
    let span = target.label_span();
    let (line, column, end) = shown(span.start);
    let end = end.min(span.end).max(span.start);
    let width = tree.text()[span.start as usize..end as usize].chars().count().max(1) as u32;
    let (head, ..) = shown(id_node(set, record).label_span().start);
    Snippet { head, line, column, width, label }
}

/// Of a long line, so many bytes before and behind the label are shown.
const REACH_BYTES: u32 = 120;
