//! `duly test`: the tests of a policy pack.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::output::{self, UserError};
use crate::testkit;
use crate::text::escape;

/// Run the tests of a policy pack, and say which outcomes no test expects
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder of the pack
    path: PathBuf,
    /// Only the tests of this measure
    #[arg(long, value_name = "MEASURE")]
    measure: Option<String>,
    /// Also print the messages that the tests give, one for each check and outcome
    #[arg(long)]
    messages: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    let results = testkit::run(&arguments.path, arguments.measure.as_deref())?;
    let mut text = String::new();
    for failure in &results.failures {
        let _ = writeln!(
            text,
            "failed: {} › {}\n    {}",
            escape(&failure.file),
            escape(&failure.test),
            escape(&failure.what)
        );
    }
    for (check, outcome) in &results.uncovered {
        let _ = writeln!(text, "no test: {check} is never expected to be {outcome}");
    }
    if arguments.messages {
        for (check, outcome, message) in &results.messages {
            let _ = writeln!(text, "{check} ({outcome}): {}", escape(message));
        }
    }
    let _ = writeln!(
        text,
        "{} tests, {} failed; {} outcomes without a test",
        results.tests,
        results.failures.len(),
        results.uncovered.len()
    );
    output::print(&text)?;
    Ok(u8::from(!results.failures.is_empty() || !results.uncovered.is_empty()))
}
