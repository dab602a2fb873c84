//! `duly completions`: what a shell needs to complete duly's commands and options.

use clap::{Args, Command};
use clap_complete::Shell;

use super::output::{self, UserError};

/// Print the completions of a shell, for its folder of completions
#[derive(Debug, Args)]
pub(super) struct Arguments {
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, mut command: Command) -> Result<u8, UserError> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "duly", &mut text);
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(0)
}
