//! Definitions: names for conditions and values that expressions use like functions.
//!
//! A definition is checked once, against the types of its arguments. Where it is used it is inlined with its
//! arguments, so that it means, and costs, what it would if it were written there.

use std::sync::Arc;

use super::ast::{Each, Expr};
use super::error::{Error, error};
use super::signature::FUNCTIONS;
use super::syntax::Node;
use super::types::Type;
use crate::diagnostics::did_you_mean;
use crate::records::Catalog;

/// What a name stands for.
#[derive(Debug)]
pub struct Definition {
    pub name: String,
    /// What it means, as it is written.
    pub source: String,
    pub(super) arguments: Vec<Argument>,
    pub(super) root: Node,
}

#[derive(Debug)]
pub struct Argument {
    pub(super) name: String,
    pub(super) kind: Type,
}

impl Definition {
    /// The name with its arguments: `is_at(location, day)`.
    pub fn signature(&self) -> String {
        let names: Vec<&str> = self.arguments.iter().map(|argument| argument.name.as_str()).collect();
        format!("{}({})", self.name, names.join(", "))
    }
}

/// Why a definition cannot have this name; none if it can.
pub fn refused_name(name: &str, catalog: &Catalog, definitions: &[Arc<Definition>]) -> Option<String> {
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !plain || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Some("a name is lower-case words with `_` between them".to_owned());
    }
    let what = if name == "has" || Each::named(name).is_some() || FUNCTIONS.iter().any(|f| f.name == name) {
        "a function"
    } else if is_variable(name) || catalog.iter().any(|(_, kind)| kind.variable() == name) {
        "a variable"
    } else if definitions.iter().any(|definition| definition.name == name) {
        "another definition"
    } else {
        return None;
    };
    Some(format!("`{name}` is the name of {what}"))
}

fn is_variable(name: &str) -> bool {
    matches!(name, "organization" | "as_of" | "params" | "group" | "true" | "false" | "null" | "in")
}

/// Reads the arguments of a definition: types separated by commas, each a kind, a field of a kind by its path (an
/// element of it, where it is a list), or `bool`, `int`, `number`, `text`, `date`, `date-time`, `list of …`; with `as`
/// and a name where it is not to be called by its last word.
pub fn arguments(source: &str, catalog: &Catalog) -> Result<Vec<Argument>, Error> {
    let mut arguments: Vec<Argument> = Vec::new();
    let mut start = 0;
    for part in source.split(',') {
        let written = part.trim();
        let at = start + part.len() - part.trim_start().len();
        start += part.len() + 1;
        let refuse = |message: String, help: &str| Err(error(at..at + written.len(), message, help));
        let (kind, name) = match written.split_once(" as ") {
            Some((kind, name)) => (kind.trim(), name.trim().to_owned()),
            None => (written, written.rsplit(['.', ' ']).next().unwrap_or(written).replace('-', "_")),
        };
        let Some(kind) = kind_of(kind, catalog) else {
            let help = did_you_mean(kind, catalog.names(), || {
                "write a kind, a field of one such as `worker.travel`, or a type such as `date`".to_owned()
            });
            return refuse(format!("there is no kind or type `{kind}`"), &help);
        };
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !plain || is_variable(&name) || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let message = format!("`{name}` is not a name for an argument");
            return refuse(message, "give it another name with `as`");
        }
        if arguments.iter().any(|argument| argument.name == name) {
            let message = format!("two arguments are called `{name}`");
            return refuse(message, "give one of them another name with `as`");
        }
        arguments.push(Argument { name, kind });
    }
    Ok(arguments)
}

fn kind_of(written: &str, catalog: &Catalog) -> Option<Type> {
    Some(match written {
        "bool" => Type::Bool,
        "int" => Type::Int,
        "number" => Type::Number,
        "text" => Type::text(),
        "date" => Type::Date,
        "date-time" => Type::DateTime,
        _ => {
            if let Some(item) = written.strip_prefix("list of ") {
                return kind_of(item.trim(), catalog).map(Type::list);
            }
            let (kind, path) = written.split_once('.').unwrap_or((written, ""));
            let mut kind = Type::Object(Arc::clone(&catalog.get(catalog.find(kind)?).shape));
            for part in path.split('.').filter(|_| !path.is_empty()) {
                let Type::Object(shape) = kind else { return None };
                kind = Type::of(&shape.field(part)?.shape);
                while let Type::List(item) = kind {
                    kind = *item;
                }
            }
            kind
        }
    })
}

/// A name that is bound inside an expression.
pub(super) struct Local {
    pub(super) name: String,
    pub(super) value: Expr,
    pub(super) kind: Type,
    pub(super) cost: Cost,
    pub(super) read: bool,
}

/// How much is compiled for a part of an expression, once definitions are inlined.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) nodes: usize,
    pub(super) depth: usize,
}
