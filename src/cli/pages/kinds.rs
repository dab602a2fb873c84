//! `docs/kinds.md`: every kind of record with its fields, from the schemas.
//!
//! Fields inside a field are rows with a dotted name, unless the same fields stand in several places: these parts come once, at the
//! end of the page.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::markdown::{anchor, cell, table};
use crate::records::kinds::{KINDS, Kind};

/// A definition that fields share.
struct Part {
    schema: Value,
    /// How many fields of all kinds are of it.
    uses: usize,
}

impl Part {
    /// Whether it has fields of its own, and not words to choose from.
    fn has_fields(&self) -> bool {
        self.schema["properties"].is_object()
    }

    /// Whether it comes once at the end of the page, and not where it is used.
    fn is_shared(&self) -> bool {
        self.has_fields() && self.uses > 1
    }
}

/// The definitions of all schemas by name: two of one name are the same.
type Parts = BTreeMap<String, Part>;

/// The page, in Markdown.
pub(super) fn page() -> String {
    let schemas: Vec<(&Kind, Value)> = KINDS.iter().map(|kind| (kind, kind.schema().into())).collect();
    let parts = parts(&schemas);
    let mut text = String::from(
        "# Kinds of records\n\nMade from the schemas. `duly new KIND` prints a record to fill in with the fields that the checks of \
         the profile ask for, `duly schema KIND --brief` which profile asks for which field, and `duly schema KIND` the JSON Schema. \
         [Writing records](records.md) has the rules that all kinds share.\n\n\
         - A **required** field that is absent is a problem, and the audit is incomplete. Every other field may be left out: then \
         the checks that need it are not assessed, or it is a gap.\n\
         - **masked** names the kind of personal data in a field; [reports](reports.md#sharing-reports) shorten or withhold it.\n\
         - A field marked † can take a record out of a check. It counts only where other records support it.\n\
         - A list marked ‡ counts as not recorded when it is empty.\n\n",
    );
    let rows = schemas.iter().map(|(kind, schema)| {
        let about = schema["description"].as_str().unwrap_or_default();
        [cell(kind.group), format!("[`{0}`](#{0})", kind.name), cell(about)]
    });
    text.push_str(&table(["group", "kind", "what it is"], rows));
    for (kind, schema) in &schemas {
        let about = cell(schema["description"].as_str().unwrap_or_default());
        text.push_str(&format!("\n## {}\n\n{about}\n\n", kind.name));
        text.push_str(&fields(schema, &parts));
    }
    text.push_str("\n## Parts\n\nFields that stand in several places.\n");
    for (name, part) in parts.iter().filter(|(_, part)| part.is_shared()) {
        let about = cell(part.schema["description"].as_str().unwrap_or_default());
        text.push_str(&format!("\n### {}\n\n{about}\n\n", words(name)));
        text.push_str(&fields(&part.schema, &parts));
    }
    text
}

fn parts(schemas: &[(&Kind, Value)]) -> Parts {
    let mut parts = Parts::new();
    for (_, schema) in schemas {
        for (name, part) in schema["$defs"].as_object().into_iter().flatten() {
            parts.entry(name.clone()).or_insert_with(|| Part { schema: part.clone(), uses: 0 });
        }
    }
    // A part within a part is one field, however often the outer one is used.
    let inner: Vec<Value> = parts.values().map(|part| part.schema.clone()).collect();
    for schema in schemas.iter().map(|(_, schema)| schema).chain(&inner) {
        for field in schema["properties"].as_object().into_iter().flat_map(Map::values) {
            if let Some(part) = part_of(field).and_then(|name| parts.get_mut(name)) {
                part.uses += 1;
            }
        }
    }
    parts
}

/// The definition that a field, or each of its items, is of.
fn part_of(field: &Value) -> Option<&str> {
    let reference = field["$ref"].as_str().or_else(|| field["items"]["$ref"].as_str())?;
    reference.strip_prefix("#/$defs/")
}

/// The table of the fields of a schema.
fn fields(schema: &Value, parts: &Parts) -> String {
    let mut rows = Vec::new();
    collect(schema, "", parts, &mut rows);
    table(["field", "type", "masked", "meaning"], rows)
}

/// A row for each field, and for each of the fields in it.
fn collect(schema: &Value, prefix: &str, parts: &Parts, rows: &mut Vec<[String; 4]>) {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, written) in schema["properties"].as_object().into_iter().flatten() {
        let part = part_of(written).and_then(|name| parts.get_key_value(name));
        let field = Field::of(written, part);
        let path = format!("{prefix}{name}");
        let is_required = if required.contains(&name.as_str()) { ", **required**" } else { "" };
        rows.push([
            format!("`{path}`{}", field.marks()),
            format!("{}{is_required}", field.sort()),
            field.first("x-duly-sensitive").unwrap_or_default().to_owned(),
            field.meaning(),
        ]);
        if let Some((_, part)) = part.filter(|(_, part)| part.has_fields() && !part.is_shared()) {
            let items = if field.is_list { "[]." } else { "." };
            collect(&part.schema, &format!("{path}{items}"), parts, rows);
        }
    }
}

/// A field of a schema: what is written of it, of its items where it is a list, and of the part that these are of.
struct Field<'a> {
    written: &'a Value,
    item: &'a Value,
    part: Option<(&'a str, &'a Part)>,
    is_list: bool,
}

impl<'a> Field<'a> {
    fn of(written: &'a Value, part: Option<(&'a String, &'a Part)>) -> Self {
        let is_list = written["items"].is_object();
        let item = if is_list { &written["items"] } else { written };
        Field { written, item, part: part.map(|(name, part)| (name.as_str(), part)), is_list }
    }

    /// What the first of the three says under a key.
    fn first(&self, key: &str) -> Option<&'a str> {
        let of_part = self.part.map(|(_, part)| &part.schema);
        [Some(self.written), Some(self.item), of_part].into_iter().flatten().find_map(|at| at[key].as_str())
    }

    /// The words that it takes; none where any text or another type will do.
    fn words(&self) -> Option<&'a Vec<Value>> {
        self.item["enum"].as_array().or_else(|| self.part?.1.schema["enum"].as_array())
    }

    fn marks(&self) -> String {
        let marks = [("x-duly-relaxes", "†"), ("x-duly-inventory", "‡")];
        marks.iter().filter(|(key, _)| self.written[*key] == true).map(|(_, mark)| *mark).collect()
    }

    /// Its type in a word or two.
    fn sort(&self) -> String {
        let one = match self.part {
            Some((name, part)) if part.is_shared() => {
                format!("[{0}](#{1})", words(name), anchor(&words(name)))
            }
            Some((_, part)) if part.has_fields() => "fields".to_owned(),
            _ if self.words().is_some() || self.item["const"].is_string() => "word".to_owned(),
            _ => scalar(self.item),
        };
        if self.is_list { format!("list: {one}") } else { one }
    }

    /// What it means, with the words that it takes unless the description has them.
    fn meaning(&self) -> String {
        let mut text = cell(self.first("description").unwrap_or_default());
        let words: Vec<String> = self
            .words()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|word| format!("`{word}`"))
            .collect();
        if !words.iter().all(|word| text.contains(word.as_str())) {
            text.push_str(&format!(" One of {}.", words.join(", ")));
        }
        text
    }
}

/// The type of a field that has no fields and no list of words.
fn scalar(item: &Value) -> String {
    let format = item["format"].as_str();
    match (item["type"].as_str(), item["x-duly-ref"].as_str()) {
        (_, Some(kind)) => format!("id of a [{kind}](#{})", anchor(kind)),
        (Some("boolean"), _) => "true or false".to_owned(),
        (Some("integer"), _) => "whole number".to_owned(),
        (Some("number"), _) => "number".to_owned(),
        (Some("string"), _) if format == Some("date") => "date".to_owned(),
        (Some("string"), _) if format == Some("date-time") => "date and time".to_owned(),
        (Some("string"), _) => "text".to_owned(),
        _ => "any".to_owned(),
    }
}

/// The name of a part in words: `address check` of `AddressCheck`.
fn words(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(c.to_lowercase());
    }
    text
}
