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

    /// A mistake in an expression or message, at its place inside the text.
    pub fn refuse(&mut self, located: &Located<'_>, path: &[&str], source: &str, mut error: expr::Error) {
        let part = source.get(error.place.clone()).unwrap_or("").trim();
        if !(part.is_empty() || part.len() > 80 || error.message.contains(part)) {
            error.message = format!("{}, in `{}`", error.message, escape(&part.replace('\n', " ")));
        }
        self.errors.push(error.map_places(|span| located.place_inside(path, source, span.start)));
    }
}

/// An error in the configuration's value of a parameter.
pub(super) fn configured(over: &Override, message: String, help: String) -> Diagnostic {
    Diagnostic::new(Code::Configuration, over.place.clone(), message, help)
}
