//! Messages of findings, over masked values.

use jiff::civil::Date;
use serde_json::Value as Json;

use crate::policy::expr::{Absence, Absent};
use crate::policy::{Measure, Message, Part};
use crate::records::{FieldType, RecordRef, RecordSet, Shape, show};
use crate::text::{IN_A_SENTENCE, escape, shorten};
use crate::tree::{Node, NodeId, Tag};

/// What an absent field reads as in a message.
const NOT_RECORDED: &str = "(not recorded)";
/// Ids of a group, or elements of a list, that a message names before it counts the rest.
const NAMED_IDS: usize = 12;

/// A message about records, over masked values.
pub(super) fn render(
    message: &Message,
    set: &RecordSet,
    measure: &Measure,
    as_of: Date,
    records: &[RecordRef],
    refused: &[NodeId],
) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Field(path) => records.first().map_or_else(
            || NOT_RECORDED.to_owned(),
            |record| {
                field_text(&set.catalog.get(set.get(*record).kind).shape, set.root(*record), path, refused)
            },
        ),
        Part::Parameter(name) => measure
            .parameters
            .get(name)
            .map_or_else(String::new, |parameter| parameter_text(&parameter.value)),
        Part::Ids => ids(set, records),
        Part::Count => records.len().to_string(),
        Part::AsOf => as_of.to_string(),
    };
    message.parts().iter().map(part).collect()
}

fn parameter_text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(parameter_text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// A field as it may be shown. Of a field in the elements of a list, those of the elements that the check refused, or of all
/// where it refused none.
fn field_text(shape: &Shape, root: Node<'_>, path: &str, refused: &[NodeId]) -> String {
    if let Some((list, inside)) = list_on_the_way(root, path) {
        let elements = || {
            let is_meant = |child: &Node<'_>| refused.is_empty() || refused.contains(&child.id());
            list.children().filter(is_meant)
        };
        let element = |child: Node<'_>| match child.at(inside) {
            Some(node) => scalar_text(shape.at(path), node),
            None => NOT_RECORDED.to_owned(),
        };
        let mut texts: Vec<String> = elements().take(NAMED_IDS).map(element).collect();
        let more = elements().skip(NAMED_IDS).count();
        if more > 0 {
            texts.push(format!("and {more} more"));
        }
        return if texts.is_empty() { NOT_RECORDED.to_owned() } else { texts.join(", ") };
    }
    let Some(node) = root.at(path) else {
        return NOT_RECORDED.to_owned();
    };
    let shape = shape.at(path);
    match node.tag() {
        Tag::Seq => {
            let items = shape.and_then(|s| match &s.form {
                FieldType::List(items) => Some(items),
                _ => None,
            });
            let mut texts: Vec<String> = node
                .children()
                .take(NAMED_IDS)
                .map(|child| match child.tag() {
                    Tag::Seq | Tag::Map => "(several fields)".to_owned(),
                    _ => scalar_text(items.map(|items| &**items), child),
                })
                .collect();
            let more = node.children().skip(NAMED_IDS).count();
            if more > 0 {
                texts.push(format!("and {more} more"));
            }
            if texts.is_empty() { "(an empty list)".to_owned() } else { texts.join(", ") }
        }
        Tag::Map => "(several fields)".to_owned(),
        _ => scalar_text(shape, node),
    }
}

/// The first list on the way to a field, and the path of the field in its elements.
fn list_on_the_way<'r, 'p>(root: Node<'r>, path: &'p str) -> Option<(Node<'r>, &'p str)> {
    path.match_indices('.').find_map(|(i, _)| {
        let list = root.at(&path[..i]).filter(|node| node.tag() == Tag::Seq)?;
        Some((list, &path[i + 1..]))
    })
}

fn scalar_text(shape: Option<&Shape>, node: Node<'_>) -> String {
    show(shape, node).map_or_else(String::new, |text| escape(&shorten(&text, IN_A_SENTENCE)).into_owned())
}

/// The ids of records, the first ones by name.
pub(super) fn ids(set: &RecordSet, records: &[RecordRef]) -> String {
    let mut named: Vec<String> =
        records.iter().take(NAMED_IDS).map(|r| escape(&set.get(*r).id).into_owned()).collect();
    if records.len() > NAMED_IDS {
        named.push(format!("and {} more", records.len() - NAMED_IDS));
    }
    named.join(", ")
}

/// What is unknown, in words.
pub(super) fn absences(set: &RecordSet, about: &[RecordRef], absent: &[Absent]) -> String {
    let parts: Vec<String> = absent.iter().map(|a| absence(set, about, a)).collect();
    parts.join("; ")
}

fn absence(set: &RecordSet, about: &[RecordRef], absent: &Absent) -> String {
    let path = escape(&absent.path);
    let whose = match absent.record {
        Some(record) if about.len() != 1 || about[0] != record => {
            let record = set.get(record);
            format!(" of {} {}", set.catalog.get(record.kind).name, escape(&record.id))
        }
        _ => String::new(),
    };
    match absent.why {
        Absence::Missing => format!("`{path}`{whose} is not recorded"),
        Absence::Invalid => format!("`{path}`{whose} is not valid, see the problems"),
        Absence::NoRecord => format!("there is no {path} record to look at"),
        Absence::Ambiguous => format!("several {path} records have the same id, see the problems"),
        Absence::Empty if path.starts_with('[') && path.contains(char::is_alphabetic) => {
            format!("there is no {} record to take the value from", path.trim_matches(['[', ']']))
        }
        Absence::Empty if path.starts_with('[') => "no record was found to take the value from".to_owned(),
        Absence::Empty => format!("`{path}`{whose} is not recorded: the list is too short"),
        Absence::NoReference => format!("no reference data covers `{path}`{whose}"),
        Absence::Future if path.is_empty() => "a date lies after the date of the audit".to_owned(),
        Absence::Future => format!("`{path}`{whose} lies after the date of the audit"),
        Absence::More => "and more".to_owned(),
        Absence::Unreadable => format!("a value cannot be read as {path}"),
    }
}

/// The message about records whose evidence is not recorded.
pub(super) fn missing(set: &RecordSet, about: &[RecordRef], absent: &[Absent]) -> String {
    let subject = match about {
        [record] => {
            let record = set.get(*record);
            format!("{} {}", set.catalog.get(record.kind).name, escape(&record.id))
        }
        many => format!("{} records ({})", many.len(), ids(set, many)),
    };
    if absent.is_empty() {
        return format!("{subject}: evidence is not recorded");
    }
    format!("{subject}: {}", absences(set, about, absent))
}
