//! The syntax tree of an expression: what is written, before it is known what it means. Every node has its span.

use std::ops::Range;

use super::ast::{Comparison, Literal, Operator};
use super::error::{Error, error};

/// Bytes of a source. Sources are short (`MAX_SOURCE_BYTES`).
pub(super) type Span = Range<usize>;

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub span: Span,
    pub kind: Kind,
    /// Nodes on the longest way down, itself included.
    pub depth: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Literal(Literal),
    Null,
    Name(String),
    List(Vec<Node>),
    Select(Box<Node>, String),
    Index(Box<Node>, Box<Node>),
    /// A function, or a method of a target.
    Call {
        target: Option<Box<Node>>,
        name: String,
        arguments: Vec<Node>,
    },
    Not(Box<Node>),
    Negate(Box<Node>),
    /// At least two operands, all of which must hold.
    And(Vec<Node>),
    /// At least two operands, one of which must hold.
    Or(Vec<Node>),
    Conditional(Box<Node>, Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    Arithmetic(Operator, Box<Node>, Box<Node>),
    In(Box<Node>, Box<Node>),
}

impl Node {
    pub(super) fn new(span: Span, kind: Kind) -> Self {
        let deepest = |nodes: &mut dyn Iterator<Item = &Node>| nodes.map(|node| node.depth).max();
        let below = match &kind {
            Kind::Literal(_) | Kind::Null | Kind::Name(_) => None,
            Kind::List(nodes) | Kind::And(nodes) | Kind::Or(nodes) => deepest(&mut nodes.iter()),
            Kind::Select(of, _) | Kind::Not(of) | Kind::Negate(of) => Some(of.depth),
            Kind::Index(a, b) | Kind::Compare(_, a, b) | Kind::Arithmetic(_, a, b) | Kind::In(a, b) => {
                Some(a.depth.max(b.depth))
            }
            Kind::Call { target, arguments, .. } => {
                deepest(&mut target.iter().map(|target| &**target).chain(arguments))
            }
            Kind::Conditional(a, b, c) => Some(a.depth.max(b.depth).max(c.depth)),
        };
        Node { span, kind, depth: 1 + below.unwrap_or_default() }
    }
    /// A mistake in this part.
    pub(super) fn error(&self, message: impl Into<String>, help: impl Into<String>) -> Error {
        error(self.span.clone(), message, help)
    }

    /// The same as a result.
    pub(super) fn refuse<T>(&self, message: impl Into<String>, help: impl Into<String>) -> Result<T, Error> {
        Err(self.error(message, help))
    }
}
