//! What goes along while packs are loaded: mistakes, and which overrides were used.

use std::collections::BTreeSet;

use super::super::expr;
use super::super::set::{Override, Overrides};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::text::escape;
use crate::tree::Located;

/// What goes along while packs are loaded.
pub(super) struct Loader<'o> {
    pub errors: Vec<Diagnostic>,
    pub overrides: &'o Overrides,
    /// Overrides that changed something: measure and parameter.
    pub used: BTreeSet<(String, String)>,
}

impl Loader<'_> {
    pub fn error(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(Diagnostic::new(Code::Policy, place, message, help));
    }

    /// A mistake in an expression, at its place inside the text.
    pub fn refuse(&mut self, located: &Located<'_>, path: &[&str], source: &str, error: expr::Error) {
        let place = located.place_inside(path, source, error.span.start);
        let part = source.get(error.span.clone()).unwrap_or("").trim();
        let message = if part.is_empty() || part.len() > 80 || error.message.contains(part) {
            error.message
        } else {
            format!("{}, in `{}`", error.message, escape(&part.replace('\n', " ")))
        };
        self.error(place, message, error.help);
    }
}

/// An error in the configuration's value of a parameter.
pub(super) fn configured(over: &Override, message: String, help: String) -> Diagnostic {
    Diagnostic::new(Code::Configuration, over.place.clone(), message, help)
}
