//! `duly schema`: the JSON Schemas of records, of the other files that people write, and of the assessment.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::output::{self, UserError};
use super::rules::{self, RuleArguments, in_short};
use super::schemas;
use crate::policy::{AskedField, PolicySet};
use crate::records::{FieldType, Shape, kinds};
use crate::report::terminal::wrap;
use crate::text::{count, escape};

/// Print the JSON Schema of a record kind or of a file, or list them
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Record kind, or a file: records, config, baseline, losses, pack, measure, pack-test or assessment; lists them when
    /// absent
    kind: Option<String>,
    /// Write every schema into this folder, for editors
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["kind", "brief"])]
    all: Option<PathBuf>,
    /// Print a table instead: each field with its type, its meaning and the profile that asks for it
    #[arg(long, requires = "kind")]
    brief: bool,
    #[command(flatten)]
    rules: RuleArguments,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    if let Some(folder) = &arguments.all {
        return write_all(folder);
    }
    let Some(name) = &arguments.kind else {
        let mut text = String::new();
        let mut group = "";
        for kind in kinds::KINDS {
            if kind.group != group {
                group = kind.group;
                text.push_str(&format!("{group}\n"));
            }
            text.push_str(&format!("  {:<26} {}\n", kind.name, kind.title));
        }
        text.push_str("files\n");
        for file in &schemas::FILES {
            text.push_str(&format!("  {:<26} {}\n", file.name, file.title));
        }
        text.push_str("\n`duly schema NAME` prints its JSON Schema; `duly schema --all FOLDER` writes all, for editors.\n");
        output::print(&text)?;
        return Ok(0);
    };
    if arguments.brief {
        let policies = arguments.rules.load()?;
        output::print(&table(&policies, name)?)?;
        return Ok(0);
    }
    let schema =
        schemas::named(name).ok_or_else(|| rules::no_kind(name, &schemas::names().collect::<Vec<_>>()))?;
    output::print(&text_of(&schema))?;
    Ok(0)
}

/// Writes every schema into a folder, which is made where it is not there.
fn write_all(folder: &Path) -> Result<u8, UserError> {
    fs::create_dir_all(folder).map_err(|error| output::cannot_write(folder, &error))?;
    let mut n = 0;
    for (name, schema) in schemas::names().filter_map(|name| Some((name, schemas::named(name)?))) {
        let file = folder.join(format!("{name}.json"));
        output::write_file(&file, |out| out.write_all(text_of(&schema).as_bytes()))
            .map_err(|error| output::cannot_write(&file, &error))?;
        n += 1;
    }
    output::say(&format!("wrote {} into {}\n", count(n, "schema"), escape(&folder.to_string_lossy())));
    Ok(0)
}

/// The fields of a kind, one a row.
fn table(policies: &PolicySet, name: &str) -> Result<String, UserError> {
    let kind = rules::kind(policies, name)?;
    let fields = policies.asked(kind);
    let has_profiles = policies.packs.iter().any(|pack| !pack.profiles.is_empty());
    let mut rows = Vec::new();
    collect(&fields, 0, &mut rows);
    let longest = |column: fn(&Row) -> &str, head: &str| {
        rows.iter().map(|row| column(row).chars().count()).max().unwrap_or(0).max(head.len())
    };
    let (first, second, third) =
        (longest(|r| &r.name, "field"), longest(|r| &r.sort, "type"), longest(|r| &r.asked, "asked by"));
    let line = |name: &str, sort: &str, asked: &str| {
        let asked = if has_profiles { format!("{asked:<third$}  ") } else { String::new() };
        format!("{name:<first$}  {sort:<second$}  {asked}")
    };
    let head = line("field", "type", "asked by");
    let indent = " ".repeat(head.chars().count());
    // On a narrow terminal a meaning stands below its field.
    let width = output::width().max(indent.len() + 40);
    let mut text = format!("{head}meaning\n");
    for row in &rows {
        text.push_str(&wrap(&row.meaning, width, &line(&row.name, &row.sort, &row.asked), &indent));
    }
    let mut others = Vec::new();
    unread(&fields, &mut others);
    if !others.is_empty() {
        text.push_str(&format!("\nNo check reads {}:\n", count(others.len(), "more field")));
        text.push_str(&wrap(&others.join(", "), output::width(), "  ", "  "));
    }
    if rows.iter().any(|row| matches!(row.sort.as_str(), "document" | "documents")) {
        text.push_str("\nA document is written as `{ ref: PATH, sha256: HASH, dated_on: YYYY-MM-DD }`.\n");
    }
    text.push_str(&format!("`duly new {name}` prints a record to fill in.\n"));
    Ok(text)
}

/// A row of the table.
struct Row {
    name: String,
    sort: String,
    asked: String,
    meaning: String,
}

fn collect(fields: &[AskedField<'_>], depth: usize, rows: &mut Vec<Row>) {
    for field in
        fields.iter().filter(|field| field.profile.is_some() || field.is_asked || field.field.required)
    {
        let shape = &field.field.shape;
        let values = match &shape.form {
            FieldType::Text { values, .. } if values.len() > 1 => format!(": {}", shape.in_words()),
            FieldType::List(items) => match &items.form {
                FieldType::Text { values, .. } if values.len() > 1 => format!(": {}", items.in_words()),
                _ => String::new(),
            },
            _ => String::new(),
        };
        let required = if field.field.required { " (required)" } else { "" };
        rows.push(Row {
            name: format!("{}{}", "  ".repeat(depth), escape(&field.field.name)),
            sort: if is_document(field) { document(shape).to_owned() } else { sort(shape) },
            asked: field.profile.unwrap_or("–").to_owned(),
            meaning: escape(&format!("{}{required}{values}", in_short(&shape.description))).into_owned(),
        });
        if !is_document(field) {
            collect(&field.fields, depth + 1, rows);
        }
    }
}

/// Whether it says where a document is kept, in the same fields as everywhere.
fn is_document(field: &AskedField<'_>) -> bool {
    let names = |name: &str| field.fields.iter().any(|inner| inner.field.name == name);
    field.fields.iter().any(|inner| inner.field.shape.evidence) && names("sha256")
}

fn document(shape: &Shape) -> &'static str {
    if matches!(shape.form, FieldType::List(_)) { "documents" } else { "document" }
}

/// The paths of fields that no check reads, without those in them.
fn unread(fields: &[AskedField<'_>], found: &mut Vec<String>) {
    for field in fields {
        match field.profile.is_some() || field.is_asked || field.field.required {
            true if !is_document(field) => unread(&field.fields, found),
            true => {}
            false => found.push(escape(&field.path).into_owned()),
        }
    }
}

/// The type of a field in a word or two.
fn sort(shape: &Shape) -> String {
    match &shape.form {
        FieldType::List(items) => format!("list of {}", plural(&sort(items))),
        FieldType::Object(_) => "fields".to_owned(),
        FieldType::Any => "any".to_owned(),
        FieldType::Text { values, .. } if !values.is_empty() => "word".to_owned(),
        FieldType::Text { format: Some(crate::records::Format::Date), .. } => "date".to_owned(),
        FieldType::Text { format: Some(crate::records::Format::DateTime), .. } => "date and time".to_owned(),
        FieldType::Text { .. } if shape.evidence => "document".to_owned(),
        FieldType::Text { .. } => match &shape.reference {
            Some(kind) => format!("{kind} id"),
            None => "text".to_owned(),
        },
        FieldType::Integer => "whole number".to_owned(),
        FieldType::Number => "number".to_owned(),
        FieldType::Bool => "true/false".to_owned(),
    }
}

fn plural(sort: &str) -> String {
    match sort {
        "fields" => "entries".to_owned(),
        "any" | "true/false" => sort.to_owned(),
        "date and time" => "times".to_owned(),
        sort => crate::text::plural(sort),
    }
}

/// A schema as it is printed and committed.
pub(super) fn text_of(schema: &serde_json::Value) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
