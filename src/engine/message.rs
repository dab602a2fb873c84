//! Messages of findings, over masked values.

use serde_json::{Map, Value as Json};

use crate::policy::expr::{Absence, Absent};
use crate::policy::{Check, Measure};
use crate::records::{Form, RecordRef, RecordSet, Shape, show};
use crate::text::{IN_A_SENTENCE, escape, shorten};
use crate::tree::{Node, Tag};

/// What an absent field reads as in a message.
const NOT_RECORDED: &str = "(not recorded)";
/// Ids of a group, or elements of a list, that a message names before it counts the rest.
const NAMED_IDS: usize = 12;

/// A message template with the fields it names.
pub(super) struct Template<'t> {
    template: minijinja::Template<'t, 't>,
    names: Vec<String>,
    variable: String,
}

impl<'t> Template<'t> {
    /// `None` for a text that is no template; loading has refused those.
    pub(super) fn new(
        environment: &'t minijinja::Environment<'t>,
        text: &'t str,
        variable: String,
    ) -> Option<Self> {
        let template = environment.template_from_str(text).ok()?;
        let mut names: Vec<String> = template.undeclared_variables(true).into_iter().collect();
        names.sort();
        Some(Template { template, names, variable })
    }

    pub(super) fn render(
        &self,
        set: &RecordSet,
        measure: &Measure,
        as_of: &str,
        records: &[RecordRef],
    ) -> String {
        let mut context = Map::new();
        let mut fields = Map::new();
        for name in &self.names {
            let (head, rest) = name.split_once('.').unwrap_or((name, ""));
            if head == self.variable
                && let Some(record) = records.first()
            {
                let shape = &set.catalog.get(set.get(*record).kind).shape;
                insert(&mut fields, rest, field_text(shape, set.root(*record), rest));
            }
        }
        context.insert(self.variable.clone(), Json::Object(fields));
        context.insert("ids".to_owned(), Json::String(ids(set, records)));
        context.insert("count".to_owned(), Json::from(records.len()));
        context.insert("as_of".to_owned(), Json::from(as_of));
        let mut params = Map::new();
        for name in self.names.iter().filter_map(|name| name.strip_prefix("params.")) {
            if let Some(parameter) = measure.parameters.get(name) {
                params.insert(name.to_owned(), parameter_text(&parameter.value));
            }
        }
        context.insert("params".to_owned(), Json::Object(params));
        self.template
            .render(minijinja::value::Serde(context))
            .unwrap_or_else(|_| "the requirement does not hold".to_owned())
    }
}

fn parameter_text(value: &Json) -> Json {
    match value {
        Json::Array(items) => {
            let words: Vec<String> =
                items.iter().map(|i| i.as_str().map_or_else(|| i.to_string(), str::to_owned)).collect();
            Json::String(words.join(", "))
        }
        other => other.clone(),
    }
}

fn insert(fields: &mut Map<String, Json>, path: &str, text: String) {
    match path.split_once('.') {
        None => {
            fields.insert(path.to_owned(), Json::String(text));
        }
        Some((first, rest)) => {
            let inner = fields.entry(first).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(inner) = inner {
                insert(inner, rest, text);
            }
        }
    }
}

/// A field as it may be shown.
fn field_text(shape: &Shape, root: Node<'_>, path: &str) -> String {
    let Some(node) = root.at(path) else {
        return NOT_RECORDED.to_owned();
    };
    let shape = shape.at(path);
    match node.tag() {
        Tag::Seq => {
            let items = shape.and_then(|s| match &s.form {
                Form::List(items) => Some(items),
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

/// The message where the policy gives none for the case.
pub(super) fn missing(set: &RecordSet, check: &Check, about: &[RecordRef], absent: &[Absent]) -> String {
    let subject = match about {
        [] => return check.message.clone(),
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
