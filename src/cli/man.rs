//! `duly man`: the manual page of duly or of one command, in roff.

use clap::{Args, Command};

use super::output::{self, UserError};
use crate::text::escape;

/// Print the manual page of duly, or of one of its commands
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Such as audit; without it, the page of duly itself
    command: Option<String>,
}

pub(super) fn run(arguments: &Arguments, mut duly: Command) -> Result<u8, UserError> {
    duly.build();
    let page = match &arguments.command {
        None => duly,
        Some(name) => match duly.find_subcommand(name) {
            Some(command) => command.clone(),
            None => {
                let names: Vec<&str> = duly.get_subcommands().map(Command::get_name).collect();
                return Err(UserError::new(
                    format!("there is no command `{}`", escape(name)),
                    format!("commands: {}", names.join(", ")),
                ));
            }
        },
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .source(concat!("duly ", env!("CARGO_PKG_VERSION")))
        .render(&mut text)
        .map_err(|e| UserError::new(format!("cannot write the page: {e}"), ""))?;
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(0)
}
