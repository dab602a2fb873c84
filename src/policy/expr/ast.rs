//! The compiled form of an expression: names resolved, types checked, indexes planned.

use std::sync::OnceLock;

use regex::Regex;

use super::shared::{Answers, Shared};
use crate::records::{ClusterIndex, DatedIndex, FieldIndex, KindId, PlaceIndex, RecordSet};

#[derive(Debug, Clone, PartialEq)]
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
    Shared(Box<Shared>),
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
    /// Parts of expressions whose answers may be kept.
    parts: usize,
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

    pub(super) fn part(&mut self) -> usize {
        self.parts += 1;
        self.parts - 1
    }

    /// Builds every planned index over a record set, as it is known on a day.
    pub fn build<'p>(&'p self, set: &'p RecordSet, as_of: jiff::civil::Date) -> Indexes<'p> {
        use rayon::prelude::*;
        let indexes = self.on_demand(set, as_of);
        let all = |n: usize| (0..n).into_par_iter();
        rayon::join(
            || all(self.fields.len()).for_each(|i| _ = indexes.field(i)),
            || all(self.places.len()).for_each(|i| _ = indexes.place(i)),
        );
        all(self.dated.len()).for_each(|i| _ = indexes.dated(i));
        all(self.clusters.len()).for_each(|i| _ = indexes.cluster(i));
        indexes
    }

    /// Indexes that are built when they are first looked into: for evaluations of which few are left. What
    /// builds them must not wait for other threads, which could be waiting for it.
    pub fn on_demand<'p>(&'p self, set: &'p RecordSet, as_of: jiff::civil::Date) -> Indexes<'p> {
        fn empty<T>(n: usize) -> Vec<OnceLock<T>> {
            (0..n).map(|_| OnceLock::new()).collect()
        }
        Indexes {
            plan: self,
            set,
            as_of,
            fields: empty(self.fields.len()),
            dated: empty(self.dated.len()),
            places: empty(self.places.len()),
            clusters: empty(self.clusters.len()),
            answers: (0..self.parts).map(|_| Answers::default()).collect(),
        }
    }
}

/// Indexes in the order of their plan.
#[derive(Debug)]
pub struct Indexes<'p> {
    plan: &'p IndexPlan,
    set: &'p RecordSet,
    as_of: jiff::civil::Date,
    fields: Vec<OnceLock<FieldIndex>>,
    dated: Vec<OnceLock<DatedIndex>>,
    places: Vec<OnceLock<PlaceIndex>>,
    clusters: Vec<OnceLock<ClusterIndex>>,
    answers: Vec<Answers>,
}

/// Where the elements of a list come from.
pub(super) enum Origin<'e> {
    Kind(KindId),
    Field(&'e str),
}

impl Indexes<'_> {
    pub(super) fn field(&self, i: usize) -> &FieldIndex {
        let (kind, field) = &self.plan.fields[i];
        self.fields[i].get_or_init(|| FieldIndex::build(self.set, *kind, field))
    }

    pub(super) fn dated(&self, i: usize) -> &DatedIndex {
        let (kind, field, date) = &self.plan.dated[i];
        let build = || DatedIndex::build(self.set, *kind, field, date, self.as_of, super::functions::day);
        self.dated[i].get_or_init(build)
    }

    pub(super) fn place(&self, i: usize) -> &PlaceIndex {
        self.places[i].get_or_init(|| PlaceIndex::build(self.set, self.plan.places[i]))
    }

    pub(super) fn cluster(&self, i: usize) -> &ClusterIndex {
        let (kind, metres) = self.plan.clusters[i];
        self.clusters[i].get_or_init(|| ClusterIndex::build(self.set, kind, metres))
    }

    pub(super) fn answers(&self, part: usize) -> &Answers {
        &self.answers[part]
    }

    /// The kind of the records in the index of a field.
    pub(super) fn kind_of_field(&self, i: usize) -> KindId {
        self.plan.fields[i].0
    }

    /// Where the elements of the list that an expression makes come from, where that can be told.
    pub(super) fn origin<'e>(&self, list: &'e Expr) -> Option<Origin<'e>> {
        match list {
            Expr::Field(_, name) => Some(Origin::Field(name)),
            Expr::Shared(part) => self.origin(&part.expr),
            Expr::Each { of, .. } | Expr::Index(of, _) => self.origin(of),
            Expr::Call(Function::Distinct, of) => self.origin(of.first()?),
            Expr::Call(Function::Related(index), _) => {
                self.plan.fields.get(*index).map(|(kind, ..)| Origin::Kind(*kind))
            }
            Expr::Call(Function::RelatedWithin(index), _) => {
                self.plan.dated.get(*index).map(|(kind, ..)| Origin::Kind(*kind))
            }
            Expr::Call(Function::Near(index), _) => self.plan.places.get(*index).copied().map(Origin::Kind),
            _ => None,
        }
    }
}
