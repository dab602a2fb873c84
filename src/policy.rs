//! Policies: packs of measures, their checks and expressions.
//!
//! A *pack* is a folder of measures for one guidance document, a *measure* one thing the document asks,
//! a *check* one testable requirement of a measure. Everything is compiled and checked when it is
//! loaded; what loads can be evaluated.

mod asked;
mod built_in;
mod check;
pub mod expr;
mod file;
mod find;
mod message;
mod pack;
mod schema;
mod set;

pub use asked::AskedField;
pub use built_in::{built_in_names, is_built_in};
pub use check::{Attested, Binding, Check, Form, OnMissing, Otherwise, Second, Since, Stated, Subject};
pub use file::{Ask, Citation, Expected, Group, Parameter, Profile, SourceDocument, TestCase, TestFile};
pub use find::{PackSource, is_modified};
pub use message::{Message, Part};
pub use pack::{load, load_from};
pub use schema::{measure_schema, pack_schema, test_schema};
pub use set::{Measure, Override, Overrides, Pack, PolicySet, Selection, Tailoring};
