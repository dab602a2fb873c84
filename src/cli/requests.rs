//! `duly requests`: what to ask of whom, so that an audit can be answered.

use clap::{Args, ValueEnum};

use super::baseline::{self, Of};
use super::output::{self, UserError};
use crate::assessment::{Status, gate};
use crate::records::Catalog;
use crate::report::requests;

/// List what to ask of each owner: fields and records that an audit does not find
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    of: Of,
    /// How the list is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Markdown)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Markdown,
    Csv,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    let assessment = baseline::assess(&arguments.of)?;
    // The native kinds, whose schemas say what a field means.
    let catalog = Catalog::new(Vec::new()).ok();
    let meaning = |kind: &str, field: &str| meaning(catalog.as_ref(), kind, field).unwrap_or_default();
    let mut bytes = Vec::new();
    let written = match arguments.format {
        Format::Markdown => requests::markdown(&assessment, &meaning, &mut bytes),
        Format::Csv => requests::csv(&assessment, &meaning, &mut bytes),
    };
    written.map_err(|e| output::not_written(format!("cannot write the list: {e}"), ""))?;
    output::print(&String::from_utf8_lossy(&bytes))?;
    // Nothing was assessed where nothing is recorded yet: then the list is the answer.
    let unread = assessment.problems.iter().any(|problem| problem.is_incomplete());
    if unread && gate(&assessment, assessment.run.fail_on).status == Status::Incomplete {
        output::notes(
            &["the audit is incomplete: fix the problems that `duly audit` lists first".to_owned()],
        );
        return Ok(Status::Incomplete as u8);
    }
    Ok(0)
}

/// How a field is written, and what it means: `YYYY-MM-DD: Date the parcel was shipped.`
fn meaning(catalog: Option<&Catalog>, kind: &str, field: &str) -> Option<String> {
    let catalog = catalog?;
    let shape = catalog.get(catalog.find(kind)?).shape.at(field)?;
    let parts = [
        shape.in_words().replace(" | ", ", "),
        shape.description.split_whitespace().collect::<Vec<_>>().join(" "),
    ];
    Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": "))
}
