//! Documents that records refer to.

use super::super::machine::{Document, Machine};
use super::super::value::{Absence, Value};
use super::arguments::{Answer, Arguments};
use super::dates::unreadable;
use crate::text::date::day;

/// Files of duly itself, which are no evidence of anything.
pub const NO_EVIDENCE: [&str; 2] = ["duly.yaml", "duly-baseline.yaml"];

/// The path of the repository in a reference to a document.
pub fn evidence_path(reference: &str) -> &str {
    let path = reference.trim_start_matches("./");
    path.split('#').next().unwrap_or(path)
}

pub(super) fn evidence_ok<'a>(machine: &mut Machine<'a>, args: Arguments<'_, 'a>) -> Answer<'a> {
    let (evidence, item) = (args.get(0)?, args.item(0)?);
    let field = |name: &str| item.node.get(name);
    let Some(reference) = field("ref") else {
        return Ok(machine.absent_in(evidence, Absence::Missing, "ref"));
    };
    for name in ["ref", "sha256"] {
        if field(name).is_some_and(|n| n.is_invalid()) {
            return Ok(machine.absent_in(evidence, Absence::Invalid, name));
        }
    }
    if field("dated_on").is_some()
        && let unknown @ Value::Unknown(_) = machine.field(evidence, "dated_on", None)?
    {
        return Ok(unknown);
    }
    let stated = field("sha256").map(|n| n.text());
    if reference.text().contains("://") {
        return Ok(match stated {
            Some(_) => Value::Bool(true),
            None => machine.absent_in(evidence, Absence::Missing, "sha256"),
        });
    }
    let path = evidence_path(reference.text());
    Ok(Value::Bool(match machine.document(path, item.record) {
        // What a record says is not shown by the record.
        Document::Own | Document::NotThere => false,
        Document::There(_) if NO_EVIDENCE.contains(&path) => false,
        Document::There(actual) => stated.is_none_or(|stated| actual.eq_ignore_ascii_case(stated)),
    }))
}

/// Whether the date on a document lies between two days, where one is recorded.
pub(super) fn dated_between<'a>(machine: &mut Machine<'a>, args: Arguments<'_, 'a>) -> Answer<'a> {
    let evidence = args.get(0)?;
    if args.item(0)?.node.get("dated_on").is_none() {
        return Ok(Value::Bool(true));
    }
    let dated = machine.field(evidence, "dated_on", None)?;
    let Some(text) = dated.as_text() else {
        return Ok(dated);
    };
    Ok(match (day(text), day(args.text(1)?), day(args.text(2)?)) {
        (Some(dated), Some(first), Some(last)) => Value::Bool(first <= dated && dated <= last),
        _ => unreadable(),
    })
}

/// The keys of all documents that a record or a part of it names.
pub(super) fn document_keys<'a>(machine: &mut Machine<'a>, args: Arguments<'_, 'a>) -> Answer<'a> {
    let item = args.item(0)?;
    let mut keys = Vec::new();
    for node in item.node.tree().below(item.node.id()) {
        machine.spend(1)?;
        let Some(reference) = node.get("ref").filter(|n| n.as_str().is_some() && !n.is_invalid()) else {
            continue;
        };
        let stated = node.get("sha256").filter(|n| n.as_str().is_some() && !n.is_invalid());
        let key = match (stated, machine.document(evidence_path(reference.text()), item.record)) {
            (_, Document::There(actual)) => Value::Text(actual.to_ascii_lowercase().into()),
            (Some(stated), _) => Value::text(stated.text()),
            (None, _) => Value::text(reference.text()),
        };
        keys.push(key);
    }
    Ok(Value::list(keys))
}
