//! The compiled form of an expression: names resolved, types checked, indexes planned.

use regex::Regex;

use crate::records::{ClusterIndex, DatedIndex, FieldIndex, KindId, PlaceIndex, RecordSet};

#[derive(Debug)]
pub enum Literal {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Literal>),
}

#[derive(Debug)]
pub enum Expr {
    Literal(Literal),
    /// A variable by its slot; 0 is the subject.
    Slot(usize),
    Organization,
    AsOf,
    Field(Box<Expr>, String),
    Has(Box<Expr>, String),
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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
}

/// A function with what its literal arguments were resolved to.
#[derive(Debug)]
pub enum Function {
    AgeDays,
    DaysBetween,
    AddDays,
    Date,
    Lookup(KindId),
    Known(KindId),
    /// Index of a [`FieldIndex`] in the plan.
    Related(usize),
    /// Index of a [`DatedIndex`] in the plan.
    RelatedWithin(usize),
    Count(KindId),
    /// Index of a [`PlaceIndex`] in the plan.
    Near(usize),
    /// Index of a [`ClusterIndex`] in the plan.
    PlaceKey(usize),
    DistanceKm,
    AddressKey,
    BuildingKey,
    RoutingNumberOk,
    RoutingChecksumOk,
    Listed(String),
    InNetworks(String),
    IpIn,
    EvidenceOk,
    Size,
    Contains,
    StartsWith,
    EndsWith,
    LowerAscii,
    Matches(Regex),
    Distinct,
    Min,
    Max,
}

/// The indexes the expressions of a policy set need; built once before evaluation.
#[derive(Debug, Default)]
pub struct IndexPlan {
    pub(super) fields: Vec<(KindId, String)>,
    pub(super) dated: Vec<(KindId, String, String)>,
    pub(super) places: Vec<KindId>,
    pub(super) clusters: Vec<(KindId, i64)>,
}

impl IndexPlan {
    pub(super) fn field(&mut self, kind: KindId, field: &str) -> usize {
        let wanted = (kind, field.to_owned());
        self.fields.iter().position(|f| *f == wanted).unwrap_or_else(|| {
            self.fields.push(wanted);
            self.fields.len() - 1
        })
    }

    pub(super) fn dated(&mut self, kind: KindId, field: &str, date: &str) -> usize {
        let wanted = (kind, field.to_owned(), date.to_owned());
        self.dated.iter().position(|d| *d == wanted).unwrap_or_else(|| {
            self.dated.push(wanted);
            self.dated.len() - 1
        })
    }

    pub(super) fn place(&mut self, kind: KindId) -> usize {
        self.places.iter().position(|k| *k == kind).unwrap_or_else(|| {
            self.places.push(kind);
            self.places.len() - 1
        })
    }

    pub(super) fn cluster(&mut self, kind: KindId, metres: i64) -> usize {
        let wanted = (kind, metres);
        self.clusters.iter().position(|c| *c == wanted).unwrap_or_else(|| {
            self.clusters.push(wanted);
            self.clusters.len() - 1
        })
    }

    /// Builds every planned index over a record set, as it is known on a day.
    pub fn build(&self, set: &RecordSet, as_of: jiff::civil::Date) -> Indexes {
        use rayon::prelude::*;
        let (fields, places) = rayon::join(
            || self.fields.par_iter().map(|(k, f)| FieldIndex::build(set, *k, f)).collect(),
            || self.places.par_iter().map(|k| PlaceIndex::build(set, *k)).collect(),
        );
        let dated = (self.dated.par_iter())
            .map(|(k, field, date)| DatedIndex::build(set, *k, field, date, as_of, super::functions::day))
            .collect();
        let clusters = self.clusters.par_iter().map(|(k, m)| ClusterIndex::build(set, *k, *m)).collect();
        Indexes { fields, dated, places, clusters }
    }
}

/// Indexes in the order of their plan.
#[derive(Debug, Default)]
pub struct Indexes {
    pub(super) fields: Vec<FieldIndex>,
    pub(super) dated: Vec<DatedIndex>,
    pub(super) places: Vec<PlaceIndex>,
    pub(super) clusters: Vec<ClusterIndex>,
}
