//! Diagnostics: everything duly says about its input, in one shape.
//!
//! A *diagnostic* names a *code*, a *place*, what is wrong, and what to do. Its *impact* says what it does to the
//! audit. A *problem* is a diagnostic of an audit that took place; a diagnostic with the impact *error* is why
//! there was none. While a file is being read, the place is an offset or a range in its text; whoever knows the
//! file turns it into a [`Place`].

mod code;
mod list;
mod place;
mod suggestion;

use serde::{Deserialize, Serialize};

pub use code::{Code, reference_page};
pub use list::ProblemList;
pub use place::{Inside, Place, Region};
pub use suggestion::{did_you_mean, suggestion};

/// What a diagnostic does to the audit.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// There is no audit: usage, configuration, policy or baseline file. Exit status 2.
    Error,
    /// Something in scope could not be read or evaluated: the audit is incomplete.
    Incomplete,
    /// Worth knowing; what was in scope was still assessed.
    Notice,
}

/// Something wrong with the input. Ordered by place.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[schemars(rename = "Problem")]
#[serde(bound(deserialize = "P: Deserialize<'de>"))]
pub struct Diagnostic<P = Place> {
    pub place: P,
    /// Kebab-case name of the problem, stable between versions.
    pub code: Code,
    pub impact: Impact,
    /// What is wrong. Never holds a value of a record unless its schema calls the value harmless.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Other places that belong to it: the first of two duplicates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<P>,
    /// Where in its file a code host shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

/// A diagnostic of an audit.
pub type Problem = Diagnostic;

impl<P> Diagnostic<P> {
    /// A diagnostic with the impact that its code usually has.
    pub fn new(code: Code, place: P, message: impl Into<String>, help: impl Into<String>) -> Self {
        Diagnostic {
            place,
            code,
            impact: code.impact(),
            message: message.into(),
            help: help.into(),
            related: Vec::new(),
            region: None,
        }
    }

    /// The same with another place that belongs to it.
    pub fn with_related(mut self, place: P) -> Self {
        self.related.push(place);
        self
    }

    /// The same with its places in other terms.
    pub fn map_places<Q>(self, mut to: impl FnMut(P) -> Q) -> Diagnostic<Q> {
        Diagnostic {
            place: to(self.place),
            code: self.code,
            impact: self.impact,
            message: self.message,
            help: self.help,
            related: self.related.into_iter().map(to).collect(),
            region: self.region,
        }
    }

    /// Whether it leaves the audit incomplete.
    pub fn is_incomplete(&self) -> bool {
        self.impact == Impact::Incomplete
    }
}
