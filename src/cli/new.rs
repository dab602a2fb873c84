//! `duly new`: a template of records to fill in.
//!
//! It has the fields that the checks in use read. Values are left empty, which counts as not recorded: a template that
//! no one filled in satisfies nothing.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::output::{self, UserError};
use super::rules::{self, RuleArguments, in_short};
use crate::policy::{AskedField, PolicySet};
use crate::records::{FieldType, KindId};
use crate::text::escape;

/// Print a record to fill in, with the fields that the checks of the profile read
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Record kinds, such as worker; `duly schema` lists them
    #[arg(value_name = "KIND", required = true)]
    kinds: Vec<String>,
    /// Write to this new file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    rules: RuleArguments,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    let policies = arguments.rules.load()?;
    let kinds: Vec<KindId> =
        arguments.kinds.iter().map(|name| rules::kind(&policies, name)).collect::<Result<_, _>>()?;
    let mut text = String::new();
    for (i, kind) in kinds.iter().enumerate() {
        let number = kinds[..i].iter().filter(|other| *other == kind).count() + 1;
        text.push_str(if i > 0 { "---\n" } else { "" });
        text.push_str(&template(&policies, *kind, number));
    }
    match &arguments.out {
        None => output::print(&text)?,
        Some(file) => {
            let written = std::fs::OpenOptions::new().write(true).create_new(true).open(file);
            written.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
                match error.kind() {
                    io::ErrorKind::AlreadyExists => UserError::new(
                        format!("{} is there already", escape(&file.to_string_lossy())),
                        "name a file that does not exist yet; nothing was written",
                    ),
                    _ => output::cannot_write(file, &error),
                }
            })?;
        }
    }
    Ok(0)
}

/// The column that meanings stand at, where a key does not reach it.
const MEANING: usize = 36;

/// A record of a kind to fill in; the `number` of them makes its id.
fn template(policies: &PolicySet, kind: KindId, number: usize) -> String {
    let definition = policies.catalog.get(kind);
    let title = definition.schema.get("title").and_then(|title| title.as_str()).unwrap_or_default();
    let fields = policies.asked(kind);
    let asked = fields.iter().any(|field| field.is_asked);
    let by = match rules::profile_in_words(policies) {
        Some(profile) => format!("the profile {profile}"),
        None => "the policies".to_owned(),
    };
    let mut text = format!("# {}: {}\n", definition.name, in_short(title));
    text.push_str(&match asked {
        true => format!(
            "# The fields that {by} reads. An empty field counts as not recorded. Lines behind `#` are optional:\n\
             # take the `#` away where you know the answer, and delete what does not apply.\n"
        ),
        false => format!("# No check of {by} reads records of this kind.\n"),
    });
    let mut writer = Writer { text, id_field: &definition.id_field };
    for field in &fields {
        let name = &field.field.name;
        if name == "kind" {
            writer.line(0, false, &format!("kind: {}", definition.name), "");
        } else if field.path == *writer.id_field {
            let meaning = format!("replace it: {}", in_short(&field.field.shape.description));
            writer.line(0, false, &format!("{name}: {}-{number}", definition.name), &meaning);
        } else {
            writer.field(field, 0, false);
        }
    }
    writer.text
}

struct Writer<'k> {
    text: String,
    id_field: &'k str,
}

impl Writer<'_> {
    fn line(&mut self, indent: usize, is_comment: bool, content: &str, meaning: &str) {
        let mark = if is_comment { "# " } else { "" };
        let line = format!("{mark}{}{content}", " ".repeat(indent));
        let line = match meaning.is_empty() {
            true => line,
            false => format!("{line:<MEANING$}  # {}", escape(meaning)),
        };
        self.text.push_str(&line);
        self.text.push('\n');
    }

    /// A field with those in it. Inside of what is commented out, everything is.
    fn field(&mut self, field: &AskedField<'_>, indent: usize, inside_comment: bool) {
        let shape = &field.field.shape;
        let is_needed = field.field.required || field.is_required;
        if !field.is_asked && !field.field.required {
            return;
        }
        // An object or a list that stands there with nothing in it would be an answer.
        let is_comment = inside_comment || !is_needed || !field.fields.is_empty();
        let name = &field.field.name;
        let (form, meaning) = (shape.in_words(), in_short(&shape.description));
        let meaning = match (form.is_empty(), meaning.is_empty()) {
            (false, false) => format!("{form}: {meaning}"),
            (false, true) => form,
            (true, _) => meaning,
        };
        self.line(indent, is_comment, &format!("{name}:"), &meaning);
        let in_list = matches!(shape.form, FieldType::List(_));
        let mut dash = in_list;
        for inner in &field.fields {
            let before = self.text.len();
            self.field(inner, if in_list { indent + 4 } else { indent + 2 }, is_comment);
            if dash && self.text.len() > before {
                // The first field of an element.
                let at = before + "# ".len() + indent + 2;
                self.text.replace_range(at..=at, "-");
                dash = false;
            }
        }
    }
}
