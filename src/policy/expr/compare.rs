//! The checker's part in comparing: which values can be equal, have an order, count or hold.

use super::ast::{Comparison, Expr, Literal};
use super::check::{Checker, Typed};
use super::error::Error;
use super::syntax::Node;
use super::types::Type;
use crate::diagnostics::did_you_mean;
use crate::text::date;

impl Checker<'_, '_> {
    pub(super) fn contains(&mut self, at: &Node, a: &Node, b: &Node) -> Result<Typed, Error> {
        let (item, item_kind) = self.expr(a)?;
        let (list, list_kind) = self.expr(b)?;
        match &list_kind {
            Type::List(of) => {
                may_equal(at, &item_kind, of)?;
                if let Type::Text(values) = &item_kind
                    && let Some(word) = words(&list).find(|word| !values.is_empty() && !values.contains(word))
                {
                    return never(b, word, values);
                }
            }
            Type::Any => {}
            other => {
                let message = format!("`in` looks into a list, not {other}");
                return b.refuse(message, "for text, use `.contains(…)`");
            }
        }
        Ok((Expr::In(Box::new(item), Box::new(list)), Type::Bool))
    }

    pub(super) fn compare(&mut self, at: &Node, how: Comparison, a: &Node, b: &Node) -> Result<Typed, Error> {
        let (mut left, left_kind) = self.expr(a)?;
        let (mut right, right_kind) = self.expr(b)?;
        match (&left, &right) {
            (Expr::AsOf, _) => right = raw_days(right),
            (_, Expr::AsOf) => left = raw_days(left),
            _ => {}
        }
        let left_kind = as_date(a, left_kind, &right_kind)?;
        let right_kind = as_date(b, right_kind, &left_kind)?;
        may_equal(at, &left_kind, &right_kind)?;
        let ordered = |kind: &Type| kind.is_numeric() || kind.is_text();
        let needs_order = !matches!(how, Comparison::Equal | Comparison::NotEqual);
        if needs_order && !(ordered(&left_kind) && ordered(&right_kind)) {
            return at.refuse(format!("{left_kind} has no order"), "only numbers, dates and texts have one");
        }
        Ok((Expr::Compare(how, Box::new(left), Box::new(right)), Type::Bool))
    }

    pub(super) fn numeric(&mut self, at: &Node) -> Result<Typed, Error> {
        let (expr, kind) = self.expr(at)?;
        if kind.is_numeric() {
            return Ok((expr, kind));
        }
        at.refuse(format!("{kind} is not a number"), "for dates use add_days, days_between or age_days")
    }

    pub(super) fn bool(&mut self, at: &Node) -> Result<Expr, Error> {
        let (expr, kind) = self.expr(at)?;
        if matches!(kind, Type::Bool | Type::Any) {
            return Ok(expr);
        }
        at.refuse(format!("{kind} is neither true nor false"), "compare it with something, or ask has(…)")
    }
}

/// The texts of a list that is written out, or is a parameter.
fn words(list: &Expr) -> impl Iterator<Item = &String> {
    let (items, literals): (&[Expr], &[Literal]) = match list {
        Expr::List(items) => (items, &[]),
        Expr::Literal(Literal::List(literals)) => (&[], literals),
        _ => (&[], &[]),
    };
    let written = items.iter().filter_map(|item| match item {
        Expr::Literal(literal) => Some(literal),
        _ => None,
    });
    written.chain(literals).filter_map(|literal| match literal {
        Literal::Text(word) => Some(word),
        _ => None,
    })
}

fn never<T>(at: &Node, word: &str, values: &[String]) -> Result<T, Error> {
    let known = values.iter().map(String::as_str);
    let help = did_you_mean(word, known, || format!("it is one of: {}", values.join(", ")));
    at.refuse(format!("it can never be `{word}`"), help)
}

pub(super) fn may_equal(at: &Node, a: &Type, b: &Type) -> Result<(), Error> {
    match (a, b) {
        _ if a.comparable(b) => Ok(()),
        (Type::Text(a), Type::Text(b)) if b.len() == 1 => never(at, &b[0], a),
        (Type::Text(a), Type::Text(b)) => never(at, &a[0], b),
        _ => at.refuse(
            format!("{a} and {b} can never be equal"),
            "compare values of one type; `date(…)` makes a date of a date-time",
        ),
    }
}

/// A text literal beside a date must be a date itself.
fn as_date(at: &Node, kind: Type, other: &Type) -> Result<Type, Error> {
    match (&kind, other) {
        (Type::Text(values), Type::Date) if values.len() == 1 => match date::parse(&values[0]) {
            Some(_) => Ok(Type::Date),
            None => at.refuse(format!("`{}` is not a date", values[0]), "write YYYY-MM-DD"),
        },
        _ => Ok(kind),
    }
}

/// What is compared with the date of the audit: a later day is used as recorded, not taken for unknown.
fn raw_days(expr: Expr) -> Expr {
    match expr {
        Expr::Field(of, name) => Expr::RawDay(of, name),
        Expr::If(condition, yes, no) => {
            Expr::If(condition, Box::new(raw_days(*yes)), Box::new(raw_days(*no)))
        }
        other => other,
    }
}
