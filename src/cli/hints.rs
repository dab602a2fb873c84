//! What to do about an option that a command does not have: the option that is meant, or the command that has it.

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::output::UserError;
use crate::report::Format;
use crate::text::{escape, list};

/// What other tools call an option, and what duly calls it.
const CALLED: [(&[&str], &str); 3] = [
    (
        &["--format", "--output-format", "-f"],
        "the format is chosen with --report FORMAT, such as --report html",
    ),
    (
        &["--output", "--output-file", "--out", "-o"],
        "a file is written with --report FORMAT=FILE, such as --report html=report.html",
    ),
    (&["--date", "--asof", "--as_of", "--on"], "the date of the audit is given with --as-of YYYY-MM-DD"),
];

/// The error about an unknown option; none where something else is wrong.
pub(super) fn unknown_option(error: &clap::Error, commands: &Command) -> Option<UserError> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let ContextValue::String(argument) = error.get(ContextKind::InvalidArg)? else { return None };
    let option = argument.split([' ', '=']).next().unwrap_or(argument);
    let long = option.strip_prefix("--").unwrap_or_default();
    let called = CALLED.iter().find(|(names, _)| names.contains(&option)).map(|(_, hint)| (*hint).to_owned());
    let format = || Format::named(long).map(|f| format!("a format is chosen with --report {}", f.name));
    let elsewhere = || {
        let has = |command: &&Command| {
            let own =
                command.get_arguments().chain(command.get_subcommands().flat_map(Command::get_arguments));
            own.into_iter().any(|argument| argument.get_long() == Some(long))
        };
        let having = commands.get_subcommands().filter(has).map(|c| format!("`duly {}`", c.get_name()));
        let having: Vec<String> = having.collect();
        (!having.is_empty() && !long.is_empty())
            .then(|| format!("--{long} is an option of {}", list(having.into_iter(), 5, ", ")))
    };
    let meant = || match error.get(ContextKind::SuggestedArg)? {
        ContextValue::String(meant) => Some(format!("did you mean `{meant}`?")),
        _ => None,
    };
    let help = called.or_else(format).or_else(elsewhere).or_else(meant);
    let help = help.unwrap_or_else(|| "`duly COMMAND --help` lists the options of a command".to_owned());
    Some(UserError::new(format!("there is no option `{}` here", escape(option)), help))
}
