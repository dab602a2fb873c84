//! Expressions: the conditions of a policy, in CEL.
//!
//! The grammar is the part of CEL that policies may use; the `cel` crate is the oracle of its tests. An audit needs
//! what no evaluator of CEL has: a third value for what is not recorded, carrying the paths that are missing; a
//! type check against the record schemas when the policy is loaded; a bound on steps; a place for every mistake; and
//! values read straight from the tree of a file.
//!
//! *Unknown* is that third value. `false && unknown` is false, `true || unknown` is true, and
//! everything else that needs an unknown is unknown. `has(a.b)` asks whether `b` is recorded; it is
//! unknown when `a` itself is not.

mod ast;
mod check;
mod compare;
mod define;
mod definition;
mod diff;
mod documents;
mod error;
mod eval;
mod functions;
mod kept;
mod limits;
mod machine;
mod observer;
mod parse;
mod plan;
mod resolve;
mod shared;
mod signature;
mod syntax;
mod token;
mod types;
mod usage;
mod value;

pub use ast::Literal;
pub use check::{Variables, compile};
pub use define::define;
pub use definition::{Argument, Definition, arguments, refused_name};
pub use diff::{Dependency, Presence, StateDiff};
pub use documents::{NO_EVIDENCE, evidence_path};
pub use error::Error;
pub(super) use error::error;
pub use functions::{address_key, building_key, routing_number_ok};
pub use limits::{MAX_DEPTH, MAX_NODES, MAX_SOURCE_BYTES, MAX_STEPS};
pub use machine::{Adoption, Scope};
pub use observer::Compared;
pub use plan::{IndexPlan, Indexes};
pub use signature::{FUNCTIONS, Signature};
pub use types::Type;
pub use usage::{Reads, Usage};
pub use value::{Absence, Absent, Elements, Failure, Item, Value, View};

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::records::Shape;
use ast::{Expr, Function};
use eval::Evaluator;

/// A compiled, type-checked expression.
#[derive(Debug)]
pub struct Expression {
    pub source: String,
    root: Expr,
    slots: usize,
    parameters: BTreeSet<String>,
    fields: BTreeSet<usize>,
    definitions: Vec<Arc<Definition>>,
}

impl Expression {
    /// Names of the parameters that it reads.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.parameters.iter().map(String::as_str)
    }

    /// Whether it reads the field that has this shape in the catalog.
    pub fn reads(&self, shape: &Shape) -> bool {
        self.fields.contains(&plan::address(shape))
    }

    /// The definitions that it uses, and those that these use.
    pub fn definitions(&self) -> &[Arc<Definition>] {
        &self.definitions
    }

    /// Whether it can be false: what only asks that something is recorded is true or unknown.
    pub fn can_be_false(&self) -> bool {
        fn can(expr: &Expr) -> bool {
            match expr {
                Expr::And(a, b) => can(a) || can(b),
                Expr::Shared(part) => can(&part.expr),
                Expr::OfSubject(part) => can(&part.expr),
                Expr::Call(Function::Recorded, _) => false,
                _ => true,
            }
        }
        can(&self.root)
    }

    /// Evaluates over a subject: a record, or a group of records.
    pub fn evaluate<'a>(&'a self, scope: &'a Scope<'a>, subject: Value<'a>) -> Result<Value<'a>, Failure> {
        self.traced(scope, subject, &mut Usage::default())
    }

    /// Of a condition that all elements of a list must meet, the elements of the record that do not.
    pub fn refused<'a>(&'a self, scope: &'a Scope<'a>, subject: Value<'a>) -> Vec<Item<'a>> {
        let mut found = Vec::new();
        let mut evaluator = Evaluator::new(scope, subject, self.slots);
        // What cannot be evaluated refuses no element.
        if evaluator.refused(&self.root, &mut found).is_err() {
            found.clear();
        }
        found
    }

    /// As [`Expression::evaluate`], and adds what it read and cost.
    pub fn traced<'a>(
        &'a self,
        scope: &'a Scope<'a>,
        subject: Value<'a>,
        usage: &mut Usage,
    ) -> Result<Value<'a>, Failure> {
        let mut evaluator = Evaluator::new(scope, subject, self.slots);
        let result = evaluator.eval(&self.root);
        usage.reads = usage.reads.and(evaluator.machine.reads());
        usage.steps += evaluator.machine.cost();
        result
    }
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
