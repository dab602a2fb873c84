//! `duly render`: reports from a saved assessment, without the records.

use std::io::Read as _;
use std::path::PathBuf;

use clap::Args;

use super::output::UserError;
use super::reports;
use crate::assessment;
use crate::report::terminal::Detail;
use crate::text::escape;

/// A saved assessment has at most so many bytes: several times what 100,000 findings take.
const LONGEST: u64 = 1 << 30;

/// Write reports from a saved assessment, without the records
///
/// The assessment is the JSON report of an audit. Rendering is not auditing: the exit status is 0 when every
/// report was written, whatever the assessment says, and 2 when the file or a template cannot be used.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The saved assessment; `-` reads it from standard input
    assessment: PathBuf,
    #[arg(long, value_name = "FORMAT[=FILE]", help = reports::help())]
    report: Vec<String>,
    #[command(flatten)]
    page: reports::PageArguments,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    let reports = reports::parse(&arguments.report)?;
    let mut options = arguments.page.options(Detail::default())?;
    let path = escape(&arguments.assessment.to_string_lossy()).into_owned();
    let mut text = String::new();
    let read = if path == "-" {
        std::io::stdin().lock().take(LONGEST + 1).read_to_string(&mut text)
    } else {
        let file = std::fs::File::open(&arguments.assessment);
        file.and_then(|file| file.take(LONGEST + 1).read_to_string(&mut text))
    };
    read.map_err(|e| {
        UserError::new(format!("cannot read {path}: {e}"), "name the file that --report json=FILE wrote")
    })?;
    if text.len() as u64 > LONGEST {
        return Err(UserError::new(format!("{path} is larger than {LONGEST} bytes"), "no assessment is"));
    }
    let assessment = assessment::parse(&text).map_err(|e| {
        UserError::new(
            format!("{path}: {}", escape(&e.to_string())),
            "name the file that `duly audit --report json=FILE` wrote",
        )
    })?;
    arguments.page.write_and_say(&assessment, &reports, &mut options)?;
    Ok(0)
}
