//! `duly schema`: the JSON Schemas of records and of the assessment.

use clap::Args;

use super::output::{self, UserError};
use crate::assessment::Assessment;
use crate::diagnostics::suggestion;
use crate::records::kinds;

/// Print the JSON Schema of a record kind, or list the kinds
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Record kind, or `assessment` for the saved JSON report; lists the kinds when absent
    kind: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
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
        text.push_str("\n`duly schema KIND` prints its JSON Schema, for validation and editors.\n");
        output::print(&text)?;
        return Ok(0);
    };
    let schema: serde_json::Value = if name == "assessment" {
        assessment_schema()
    } else {
        let names = || kinds::KINDS.iter().map(|k| k.name);
        match kinds::schema(name) {
            Some(schema) => schema.into(),
            None => {
                let help = suggestion(name, names()).map_or_else(
                    || format!("kinds: {}", names().collect::<Vec<_>>().join(", ")),
                    |close| format!("did you mean `{close}`?"),
                );
                return Err(UserError::new(
                    format!("there is no kind `{}`", crate::text::escape(name)),
                    help,
                ));
            }
        }
    };
    output::print(&text_of(&schema))?;
    Ok(0)
}

/// The schema of the saved assessment.
pub(super) fn assessment_schema() -> serde_json::Value {
    let mut schema: serde_json::Value = schemars::schema_for!(Assessment).into();
    if let Some(object) = schema.as_object_mut() {
        object.insert("$id".to_owned(), "urn:duly:schema:v1:assessment".into());
    }
    schema
}

/// A schema as it is printed and committed.
pub(super) fn text_of(schema: &serde_json::Value) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
