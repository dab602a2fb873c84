//! The compiled form of an expression: names resolved, types checked, indexes planned.

use serde::Deserialize;

pub(super) use super::signature::Function;
use crate::records::Slot;

/// A value that is written out, or that of a parameter.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Literal {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Literal>),
}

#[derive(Debug, Clone)]
pub(super) enum Expr {
    Literal(Literal),
    /// A variable by its slot; 0 is the subject.
    Slot(usize),
    Organization,
    AsOf,
    Field(Box<Expr>, Name),
    /// A field that is compared with the date of the audit: a later day is used as recorded.
    RawDay(Box<Expr>, Name),
    Has(Box<Expr>, Name),
    Index(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    Arithmetic(Operator, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Box<Expr>),
    List(Vec<Expr>),
    Each {
        kind: Each,
        of: Box<Expr>,
        slot: usize,
        body: Box<Expr>,
    },
    Call(Function, Vec<Expr>),
    Shared(Box<Shared>),
    OfSubject(Box<OfSubject>),
}

/// The name of a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Name {
    pub(super) text: String,
    /// Where the field is one of a record itself.
    pub(super) slot: Option<Slot>,
}

/// What a definition says of the subject and nothing else: the same in every expression that asks it.
#[derive(Debug, Clone)]
pub(super) struct OfSubject {
    /// Number of what is kept of it in the plan.
    pub(super) number: usize,
    pub(super) expr: Expr,
}

/// A part that says the same of all subjects that agree in its inputs.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    /// Number of what is kept of it in the plan.
    pub(super) number: usize,
    pub(super) inputs: Vec<Input>,
    pub(super) expr: Expr,
}

/// A field of a variable, or the variable itself if the path is empty.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Input {
    pub slot: usize,
    pub path: Vec<String>,
    /// Only whether it is recorded is asked.
    pub presence: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Each {
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
}

impl Each {
    /// The one that a method of this name is.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "all" => Each::All,
            "exists" => Each::Exists,
            "exists_one" | "existsOne" => Each::ExistsOne,
            "map" => Each::Map,
            "filter" => Each::Filter,
            _ => return None,
        })
    }
}
