//! The command line: arguments in, reports and an exit status out.

mod attest;
mod audit;
mod baseline;
mod completions;
mod decide;
mod diff;
mod explain;
mod hash;
mod hints;
mod man;
mod new;
mod output;
pub mod pages;
mod render;
mod reports;
mod requests;
mod rules;
mod schema;
mod test;
mod waive;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Audits a repository of organisational facts against the due-diligence measures and red flags of
/// FBI PSA I-101823-PSA, and says what is satisfied, what is a gap and what was not looked at.
#[derive(Debug, Parser)]
#[command(name = "duly", version, max_term_width = 100, after_help = EXIT_STATUS)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_STATUS: &str = "Exit status:\n  \
    0  no open gap at or above the threshold\n  \
    1  there is one\n  \
    2  usage, configuration or policy error\n  \
    3  the audit is incomplete: something in scope could not be read or evaluated,\n     \
    or nothing was assessed; 3 beats 1, and the report is still written";

#[derive(Debug, Subcommand)]
enum Command {
    Audit(audit::Arguments),
    Diff(diff::Arguments),
    Baseline(baseline::Arguments),
    Attest(attest::Arguments),
    Waive(waive::Arguments),
    Requests(requests::Arguments),
    Explain(explain::Arguments),
    Render(render::Arguments),
    Schema(schema::Arguments),
    New(new::Arguments),
    Hash(hash::Arguments),
    Test(test::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Usage, configuration or policy error.
const FAILURE: u8 = 2;

/// Runs duly with the arguments of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            if let Some(error) = hints::unknown_option(&error, &Cli::command()) {
                error.print();
                return ExitCode::from(FAILURE);
            }
            // Help and version are no errors; a broken pipe is none either.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { FAILURE } else { 0 });
        }
    };
    let result = match cli.command {
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Baseline(arguments) => baseline::run(&arguments),
        Command::Attest(arguments) => attest::run(&arguments),
        Command::Waive(arguments) => waive::run(&arguments),
        Command::Requests(arguments) => requests::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Render(arguments) => render::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Hash(arguments) => hash::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments, Cli::command()),
        Command::Man(arguments) => man::run(&arguments, Cli::command()),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            error.print();
            ExitCode::from(FAILURE)
        }
    }
}
