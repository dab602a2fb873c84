//! Source to syntax tree: operator precedence over tokens, for the part of CEL that policies may use.
//!
//! `has`, `all` and the like stay the calls that they are written as. Nesting is limited while it is read, so that
//! neither reading nor anything behind it can run out of stack.

use super::ast::{Comparison, Literal, Operator};
use super::error::{Error, error};
use super::limits::MAX_DEPTH;
use super::syntax::{Kind, Node, Span};
use super::token::{Token, tokens};

/// Words of CEL that no name may be.
const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "package",
    "return",
    "var",
    "void",
];
const SEE: &str = "an expression is CEL: see docs/policies.md";
const SPLIT: &str = "split it into several checks; long `||` chains read better as `in [...]`";

/// Reads a whole source.
pub(super) fn parse(source: &str) -> Result<Node, Error> {
    let tokens = tokens(source).map_err(|(span, message)| error(span, message, SEE))?;
    let mut parser = Parser { source, tokens, next: 0, depth: 0 };
    let node = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(node),
        _ => Err(parser.unexpected()),
    }
}

struct Parser<'s> {
    source: &'s str,
    tokens: Vec<(Token, Span)>,
    next: usize,
    /// Expressions that are open.
    depth: usize,
}

/// What joins two operands, and how tightly: 1 is the loosest.
#[derive(Clone, Copy)]
enum Infix {
    Compare(Comparison),
    In,
    Arithmetic(Operator),
}

impl Infix {
    fn of(token: &Token) -> Option<(Infix, u8)> {
        Some(match token {
            Token::Name(name) if name == "in" => (Infix::In, 1),
            Token::Sign(sign) => match *sign {
                "==" => (Infix::Compare(Comparison::Equal), 1),
                "!=" => (Infix::Compare(Comparison::NotEqual), 1),
                "<" => (Infix::Compare(Comparison::Less), 1),
                "<=" => (Infix::Compare(Comparison::LessOrEqual), 1),
                ">" => (Infix::Compare(Comparison::Greater), 1),
                ">=" => (Infix::Compare(Comparison::GreaterOrEqual), 1),
                "+" => (Infix::Arithmetic(Operator::Add), 2),
                "-" => (Infix::Arithmetic(Operator::Subtract), 2),
                "*" => (Infix::Arithmetic(Operator::Multiply), 3),
                "/" => (Infix::Arithmetic(Operator::Divide), 3),
                "%" => (Infix::Arithmetic(Operator::Remainder), 3),
                _ => return None,
            },
            _ => return None,
        })
    }

    fn join(self, a: Node, b: Node) -> Kind {
        let (a, b) = (Box::new(a), Box::new(b));
        match self {
            Infix::Compare(how) => Kind::Compare(how, a, b),
            Infix::Arithmetic(how) => Kind::Arithmetic(how, a, b),
            Infix::In => Kind::In(a, b),
        }
    }
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    /// The bytes of the next token.
    fn span(&self) -> Span {
        self.tokens[self.next].1.clone()
    }

    fn start(&self) -> usize {
        self.span().start
    }

    /// Where the token read last ends.
    fn end(&self) -> usize {
        self.next.checked_sub(1).map_or(0, |last| self.tokens[last].1.end)
    }

    fn advance(&mut self) {
        // The end stays the end.
        self.next = (self.next + 1).min(self.tokens.len() - 1);
    }

    fn is_next(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(next) if *next == sign)
    }

    /// Reads a sign if it is the next token.
    fn take(&mut self, sign: &str) -> bool {
        let is_next = self.is_next(sign);
        if is_next {
            self.advance();
        }
        is_next
    }

    fn expect(&mut self, sign: &str) -> Result<(), Error> {
        if self.take(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> Error {
        let span = self.span();
        let message = match self.peek() {
            Token::End => "the expression ends too early".to_owned(),
            _ => {
                let token: String = self.source[span.clone()].chars().take(20).collect();
                format!("`{}` is not expected here", crate::text::escape(&token))
            }
        };
        error(span, message, SEE)
    }

    /// A node from `start` to the token read last, unless it is nested too deeply.
    fn node(&self, start: usize, kind: Kind) -> Result<Node, Error> {
        let node = Node::new(start..self.end(), kind);
        if node.depth > MAX_DEPTH { Err(too_deep(node.span)) } else { Ok(node) }
    }

    fn expression(&mut self) -> Result<Node, Error> {
        if self.depth >= MAX_DEPTH {
            return Err(too_deep(self.span()));
        }
        self.depth += 1;
        let start = self.start();
        let mut node = self.alternatives()?;
        if self.take("?") {
            let yes = self.alternatives()?;
            self.expect(":")?;
            let no = self.expression()?;
            node = self.node(start, Kind::Conditional(Box::new(node), Box::new(yes), Box::new(no)))?;
        }
        self.depth -= 1;
        Ok(node)
    }

    fn alternatives(&mut self) -> Result<Node, Error> {
        self.chain("||", Self::conditions, Kind::Or)
    }

    fn conditions(&mut self) -> Result<Node, Error> {
        self.chain("&&", |parser| parser.joined(1), Kind::And)
    }

    /// Operands with a sign between them, or the one operand where there is no sign.
    fn chain(
        &mut self,
        sign: &str,
        operand: fn(&mut Self) -> Result<Node, Error>,
        kind: fn(Vec<Node>) -> Kind,
    ) -> Result<Node, Error> {
        let start = self.start();
        let first = operand(self)?;
        if !self.is_next(sign) {
            return Ok(first);
        }
        let mut operands = vec![first];
        while self.take(sign) {
            operands.push(operand(self)?);
        }
        self.node(start, kind(operands))
    }

    /// Operands joined at least as tightly as `least`, from left to right.
    fn joined(&mut self, least: u8) -> Result<Node, Error> {
        let start = self.start();
        let mut left = self.prefixed()?;
        while let Some((infix, tightness)) = Infix::of(self.peek()).filter(|(_, t)| *t >= least) {
            self.advance();
            let right = self.joined(tightness + 1)?;
            left = self.node(start, infix.join(left, right))?;
        }
        Ok(left)
    }

    fn prefixed(&mut self) -> Result<Node, Error> {
        let mut signs = Vec::new();
        while self.is_next("!") || self.is_next("-") {
            signs.push((self.start(), self.is_next("-")));
            self.advance();
        }
        let mut node = match signs.last() {
            // The sign in front of a number is a part of it.
            Some((start, true)) if matches!(self.peek(), Token::Int(_) | Token::Float(_)) => {
                let start = *start;
                signs.pop();
                let number = self.number(start, "-")?;
                self.members(start, number)?
            }
            _ => self.postfixed()?,
        };
        for (start, is_minus) in signs.into_iter().rev() {
            let of = Box::new(node);
            node = self.node(start, if is_minus { Kind::Negate(of) } else { Kind::Not(of) })?;
        }
        Ok(node)
    }

    /// A number with the sign that starts it.
    fn number(&mut self, start: usize, sign: &str) -> Result<Node, Error> {
        let literal = match self.peek() {
            Token::Float(f) => Literal::Float(if sign.is_empty() { *f } else { -f }),
            Token::Int(digits) => {
                let value = match digits.strip_prefix("0x") {
                    Some(hex) => i64::from_str_radix(&format!("{sign}{hex}"), 16),
                    None => format!("{sign}{digits}").parse(),
                };
                let too_large =
                    |_| error(self.span(), "this number is too large", "whole numbers have 64 bits");
                Literal::Int(value.map_err(too_large)?)
            }
            _ => return Err(self.unexpected()),
        };
        self.advance();
        self.node(start, Kind::Literal(literal))
    }

    fn postfixed(&mut self) -> Result<Node, Error> {
        let start = self.start();
        let node = self.primary()?;
        self.members(start, node)
    }

    /// Fields, methods and elements of a node.
    fn members(&mut self, start: usize, mut node: Node) -> Result<Node, Error> {
        loop {
            if self.take(".") {
                let Token::Name(name) = self.peek().clone() else { return Err(self.unexpected()) };
                self.advance();
                let target = Box::new(node);
                let kind = if self.take("(") {
                    Kind::Call { target: Some(target), name, arguments: self.list(")")? }
                } else {
                    Kind::Select(target, name)
                };
                node = self.node(start, kind)?;
            } else if self.take("[") {
                let index = self.expression()?;
                self.expect("]")?;
                node = self.node(start, Kind::Index(Box::new(node), Box::new(index)))?;
            } else {
                return Ok(node);
            }
        }
    }

    fn primary(&mut self) -> Result<Node, Error> {
        let start = self.start();
        let kind = match self.peek().clone() {
            Token::Int(_) | Token::Float(_) => return self.number(start, ""),
            Token::Text(text) => Kind::Literal(Literal::Text(text)),
            Token::Name(name) => match name.as_str() {
                "true" => Kind::Literal(Literal::Bool(true)),
                "false" => Kind::Literal(Literal::Bool(false)),
                "null" => Kind::Null,
                word if RESERVED.contains(&word) => {
                    return Err(self.unexpected());
                }
                _ => {
                    self.advance();
                    let kind = if self.take("(") {
                        Kind::Call { target: None, name, arguments: self.list(")")? }
                    } else {
                        Kind::Name(name)
                    };
                    return self.node(start, kind);
                }
            },
            Token::Sign("(") => {
                self.advance();
                let node = self.expression()?;
                self.expect(")")?;
                return Ok(node);
            }
            Token::Sign("[") => {
                self.advance();
                let items = self.list("]")?;
                return self.node(start, Kind::List(items));
            }
            Token::Sign("{") => {
                return Err(error(self.span(), "a policy cannot make objects", "name fields of records"));
            }
            Token::Sign(_) | Token::End => return Err(self.unexpected()),
        };
        self.advance();
        self.node(start, kind)
    }

    /// Expressions with commas between them, up to a closing sign. A list may end with a comma.
    fn list(&mut self, close: &str) -> Result<Vec<Node>, Error> {
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(self.expression()?);
            if !self.take(",") {
                self.expect(close)?;
                break;
            }
            if close == ")" && self.is_next(close) {
                return Err(self.unexpected());
            }
        }
        Ok(items)
    }
}

fn too_deep(span: Span) -> Error {
    error(span, format!("nested deeper than {MAX_DEPTH} levels"), SPLIT)
}
