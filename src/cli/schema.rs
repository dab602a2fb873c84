//! `duly schema`: the JSON Schemas of records, of every other file that people write, and of the assessment.

mod files;
mod records;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use self::files::FILES;
use super::output::{self, UserError};
use super::rules::{self, RuleArguments, in_short};
use crate::policy::{AskedField, PolicySet};
use crate::records::{FieldType, Shape, kinds};
use crate::report::terminal::wrap;
use crate::text::{count, escape};

/// Print the JSON Schema of a record kind or of a file, for editors, or list them
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Record kind, or a file: `records`, `config`, `measure`…; lists them all when absent
    #[arg(value_name = "KIND")]
    kind: Option<String>,
    /// Write every schema to this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["kind", "brief"])]
    all: Option<PathBuf>,
    /// Print a table instead: each field with its type, its meaning and the profile that asks for it
    #[arg(long, requires = "kind")]
    brief: bool,
    #[command(flatten)]
    rules: RuleArguments,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    if let Some(folder) = &arguments.all {
        write_all(folder, &known_kinds(&arguments.rules)?)?;
        return Ok(0);
    }
    let Some(name) = &arguments.kind else {
        output::print(&list())?;
        return Ok(0);
    };
    if arguments.brief {
        let policies = arguments.rules.load()?;
        output::print(&table(&policies, name)?)?;
        return Ok(0);
    }
    let kinds = known_kinds(&arguments.rules)?;
    let file = FILES.iter().find(|file| file.name == name).map(|file| file.schema(&kinds));
    let kind = || kinds.iter().find(|(kind, _)| kind == name).map(|(_, schema)| schema.clone());
    let schema = file.or_else(kind).ok_or_else(|| {
        let names = kinds.iter().map(|(kind, _)| kind.as_str());
        rules::no_kind(name, &names.chain(FILES.iter().map(|file| file.name)).collect::<Vec<_>>())
    })?;
    output::print(&text_of(&schema))?;
    Ok(0)
}

/// The kinds by group, and the files.
fn list() -> String {
    let mut text = String::new();
    let mut group = "";
    for kind in kinds::KINDS {
        if kind.group != group {
            group = kind.group;
            text.push_str(&format!("{group}\n"));
        }
        text.push_str(&format!("  {:<26} {}\n", kind.name, kind.title));
    }
    text.push_str("\n`duly schema KIND` prints its JSON Schema, for validation and editors. There is also one for each of these files:\n\n");
    for file in FILES {
        text.push_str(&format!("- {:<26} {}\n", file.name, file.title));
    }
    text.push_str("\n`duly schema --all DIR` writes them all to a folder.\n");
    text
}

/// The kinds of records with their schemas: those of duly, in their order, and those that packs other than the default one
/// bring.
fn known_kinds(rules: &RuleArguments) -> Result<Vec<(String, Value)>, UserError> {
    let mut kinds: Vec<(String, Value)> =
        kinds::KINDS.iter().map(|kind| (kind.name.to_owned(), kind.schema().into())).collect();
    if rules.has_other_packs() {
        let policies = rules.load()?;
        let brought = policies.catalog.iter().filter(|(_, kind)| kinds::schema(&kind.name).is_none());
        kinds.extend(brought.map(|(_, kind)| (kind.name.clone(), kind.schema.clone())));
    }
    Ok(kinds)
}

/// Writes every schema to a file of its name.
fn write_all(folder: &Path, kinds: &[(String, Value)]) -> Result<(), UserError> {
    fs::create_dir_all(folder).map_err(|error| output::cannot_write(folder, &error))?;
    let files = FILES.iter().map(|file| (file.name, file.schema(kinds)));
    let all = kinds.iter().map(|(name, schema)| (name.as_str(), schema.clone())).chain(files);
    let mut written = 0;
    for (name, schema) in all {
        // A pack may call its kind anything.
        if !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
            let what = format!("the kind `{}` has a name that no file can have", escape(name));
            return Err(UserError::new(what, "use letters, digits, `-` and `_`"));
        }
        let path = folder.join(format!("{name}.json"));
        output::write_file(&path, |out| out.write_all(text_of(&schema).as_bytes()))
            .map_err(|error| output::cannot_write(&path, &error))?;
        written += 1;
    }
    let _ = writeln!(
        anstream::stderr().lock(),
        "{} written to {}",
        count(written, "schema"),
        escape(&folder.to_string_lossy())
    );
    Ok(())
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
fn text_of(schema: &Value) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
