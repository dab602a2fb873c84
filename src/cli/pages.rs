//! Pages of `docs/` that are made from the code: each function gives a page, or the part of one, in Markdown.
//! `tests/suite/fresh.rs` holds the committed pages to them.

mod checks;
mod commands;
mod configuration;
mod formats;
mod kinds;
mod markdown;

use clap::CommandFactory;

/// The page `docs/commands.md`.
pub fn commands() -> String {
    commands::page(super::Cli::command())
}

/// The page `docs/kinds.md`.
pub fn kinds() -> String {
    kinds::page()
}

/// The page `docs/checks.md`.
///
/// # Errors
///
/// The diagnostics of the default pack, where it cannot be loaded.
pub fn checks() -> Result<String, Vec<crate::diagnostics::Diagnostic>> {
    checks::page()
}

/// The table of report formats in `docs/formats.md`.
pub fn report_formats() -> String {
    formats::reports()
}

/// The table of readers in `docs/formats.md`.
pub fn readers() -> String {
    formats::readers()
}

/// The table of keys in `docs/configuration.md`.
pub fn configuration_keys() -> String {
    configuration::keys()
}
