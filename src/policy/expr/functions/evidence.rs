//! Documents that records refer to.

use super::super::documents::{NO_EVIDENCE, document_key, evidence_path};
use super::super::machine::{Document, Machine};
use super::super::value::{Absence, Failure, Value};
use super::arguments::{Answer, Arguments};
use super::dates::unreadable;
use crate::records::RecordRef;
use crate::text::date::day;
use crate::text::digest;
use crate::tree::{Node, Tag};

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
        // A file that says nothing shows nothing.
        Document::There(actual) if digest::is_of_nothing(actual) => false,
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
    Ok(Value::list(
        keys_below(machine, item.node, item.record)?.into_iter().map(|key| Value::Text(key.into())).collect(),
    ))
}

fn keys_below<'a>(
    machine: &mut Machine<'a>,
    node: Node<'a>,
    record: RecordRef,
) -> Result<Vec<String>, Failure> {
    let mut keys = Vec::new();
    for node in node.tree().below(node.id()) {
        machine.spend(1)?;
        keys.extend(key_of(machine, node, record));
    }
    Ok(keys)
}

fn key_of<'a>(machine: &mut Machine<'a>, node: Node<'a>, record: RecordRef) -> Option<String> {
    document_key(node, |path| match machine.document(path, record) {
        Document::There(actual) => Some(actual),
        Document::Own | Document::NotThere => None,
    })
}

/// The keys of the documents that a record names below some of its fields: each once for a field.
pub(super) fn documents_at<'a>(machine: &mut Machine<'a>, args: Arguments<'_, 'a>) -> Answer<'a> {
    let item = args.item(0)?;
    let mut keys = Vec::new();
    for path in machine.elements(args.get(1)?)? {
        let path = path.as_text().ok_or(Failure::Type(path.type_name()))?;
        let mut below = Vec::new();
        let mut open = vec![(item.node, path)];
        while let Some((node, path)) = open.pop() {
            machine.spend(1)?;
            if node.tag() == Tag::Seq {
                open.extend(node.children().map(|child| (child, path)));
            } else if path.is_empty() {
                below.extend(keys_below(machine, node, item.record)?);
            } else {
                let (name, rest) = path.split_once('.').unwrap_or((path, ""));
                open.extend(node.get(name).map(|child| (child, rest)));
            }
        }
        below.sort();
        below.dedup();
        keys.extend(below);
    }
    Ok(Value::list(keys.into_iter().map(|key| Value::Text(key.into())).collect()))
}

/// For each document of a record that several fields name: those fields, of any record, parted by blanks.
pub(super) fn document_uses<'a>(machine: &mut Machine<'a>, args: Arguments<'_, 'a>) -> Answer<'a> {
    let item = args.item(0)?;
    let mut keys = keys_below(machine, item.node, item.record)?;
    keys.sort();
    keys.dedup();
    let uses = keys.iter().filter_map(|key| machine.uses_of_document(key));
    Ok(Value::list(uses.map(|uses| Value::Text(uses.into())).collect()))
}
