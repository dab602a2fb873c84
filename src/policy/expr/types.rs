//! Types of expressions, taken from the shapes of records.

use std::fmt;
use std::sync::Arc;

use crate::records::{FieldType, Format, Shape};

#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    Bool,
    Int,
    Number,
    /// With the only values it can have; empty when it can be any text.
    Text(Vec<String>),
    Date,
    DateTime,
    List(Box<Type>),
    Object(Arc<Shape>),
    /// Nothing is known before it is read.
    Any,
}

impl Type {
    pub fn of(shape: &Arc<Shape>) -> Self {
        match &shape.form {
            FieldType::Bool => Type::Bool,
            FieldType::Integer => Type::Int,
            FieldType::Number => Type::Number,
            FieldType::Text { format: Some(Format::Date), .. } => Type::Date,
            FieldType::Text { format: Some(Format::DateTime), .. } => Type::DateTime,
            FieldType::Text { format: None, values } => Type::Text(values.clone()),
            FieldType::List(items) => Type::List(Box::new(Type::of(items))),
            FieldType::Object(_) => Type::Object(Arc::clone(shape)),
            FieldType::Any => Type::Any,
        }
    }

    pub fn list(item: Type) -> Self {
        Type::List(Box::new(item))
    }

    pub fn text() -> Self {
        Type::Text(Vec::new())
    }

    pub fn is_numeric(&self) -> bool {
        matches!(self, Type::Int | Type::Number | Type::Any)
    }

    pub fn is_text(&self) -> bool {
        matches!(self, Type::Text(_) | Type::Date | Type::DateTime | Type::Any)
    }

    /// Whether a value of one could equal a value of the other.
    pub fn comparable(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Any, _) | (_, Type::Any) => true,
            (Type::Text(a), Type::Text(b)) => a.is_empty() || b.is_empty() || a.iter().any(|v| b.contains(v)),
            (Type::List(a), Type::List(b)) => a.comparable(b),
            (a, b) if a.is_numeric() && b.is_numeric() => true,
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }

    /// Whether a value of this type may be given where another one is declared.
    pub fn fits(&self, declared: &Type) -> bool {
        match (self, declared) {
            (Type::Object(a), Type::Object(b)) => Arc::ptr_eq(a, b) || has_fields_of(a, b),
            (Type::List(a), Type::List(b)) => a.fits(b),
            (Type::Number, Type::Int) => false,
            (a, b) => a.comparable(b),
        }
    }

    /// The type that both are, or [`Type::Any`].
    pub fn join(self, other: Type) -> Type {
        match (self, other) {
            (a, b) if a == b => a,
            (Type::Text(mut a), Type::Text(b)) => {
                if a.is_empty() || b.is_empty() {
                    return Type::text();
                }
                a.extend(b);
                a.dedup();
                Type::Text(a)
            }
            (a, b) if a.is_numeric() && b.is_numeric() => Type::Number,
            _ => Type::Any,
        }
    }
}

/// Whether a shape has every field of the other, of a type that fits.
fn has_fields_of(given: &Shape, declared: &Shape) -> bool {
    let FieldType::Object(fields) = &declared.form else { return false };
    fields.iter().all(|wanted| {
        given.field(&wanted.name).is_some_and(|field| Type::of(&field.shape).fits(&Type::of(&wanted.shape)))
    })
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Bool => f.write_str("bool"),
            Type::Int => f.write_str("int"),
            Type::Number => f.write_str("number"),
            Type::Text(_) => f.write_str("text"),
            Type::Date => f.write_str("date"),
            Type::DateTime => f.write_str("date-time"),
            Type::List(item) => write!(f, "list of {item}"),
            Type::Object(_) => f.write_str("object"),
            Type::Any => f.write_str("any"),
        }
    }
}
