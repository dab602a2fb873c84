//! Definitions: names for conditions and values that expressions use like functions.
//!
//! A definition is checked once, against the types of its arguments. Where it is used, what it means takes its place
//! with the arguments put in, so that it says, and costs, what it would if it were written there.

use std::sync::Arc;

use super::ast::{Each, Expr};
use super::check::{Checker, Variables, whole};
use super::error::{Error, did_you_mean};
use super::limits::{MAX_DEPTH, MAX_NODES};
use super::plan::IndexPlan;
use super::signature::FUNCTIONS;
use super::syntax::Node;
use super::types::Type;
use crate::records::Catalog;

/// What a name stands for.
#[derive(Debug)]
pub struct Definition {
    pub name: String,
    /// What it means, as it is written.
    pub source: String,
    arguments: Vec<Argument>,
    root: Node,
}

#[derive(Debug)]
pub struct Argument {
    name: String,
    kind: Type,
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
        let error =
            |message: String, help: String| Err(Error { span: at..at + written.len(), message, help });
        let (kind, name) = match written.split_once(" as ") {
            Some((kind, name)) => (kind.trim(), name.trim().to_owned()),
            None => (written, written.rsplit(['.', ' ']).next().unwrap_or(written).replace('-', "_")),
        };
        let Some(kind) = kind_of(kind, catalog) else {
            let help = did_you_mean(kind, &catalog.names().collect::<Vec<_>>()).unwrap_or_else(|| {
                "write a kind, a field of one such as `worker.travel`, or a type such as `date`".to_owned()
            });
            return error(format!("there is no kind or type `{kind}`"), help);
        };
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !plain || is_variable(&name) || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return error(
                format!("`{name}` is no name for an argument"),
                "give it another name with `as`".to_owned(),
            );
        }
        if arguments.iter().any(|argument| argument.name == name) {
            return error(
                format!("two arguments are called `{name}`"),
                "give one of them another name with `as`".to_owned(),
            );
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

/// Checks a definition. Its name must be one that it can have.
pub fn define(
    name: &str,
    arguments: Vec<Argument>,
    source: &str,
    variables: &Variables<'_>,
    plan: &mut IndexPlan,
) -> Result<Definition, Error> {
    let root = whole(source)?;
    let mut checker = Checker::new(variables, plan);
    let bind = |argument: &Argument| checker.bind(&argument.name, argument.kind.clone());
    checker.locals = arguments.iter().map(bind).collect();
    checker.expr(&root)?;
    if let Some(unread) = checker.locals.iter().find(|local| !local.read) {
        let message = format!("the argument `{}` is never read", unread.name);
        return Err(checker.error(&root, message, "leave it out, or use it"));
    }
    Ok(Definition { name: name.to_owned(), source: source.to_owned(), arguments, root })
}

/// A name that is bound inside an expression.
pub(super) struct Local {
    pub(super) name: String,
    pub(super) value: Expr,
    pub(super) kind: Type,
    pub(super) cost: Cost,
    pub(super) read: bool,
}

/// How much is compiled for a part of an expression, once definitions are put in.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) nodes: usize,
    pub(super) depth: usize,
}

impl Checker<'_, '_> {
    /// A name for the values of a slot of its own.
    pub(super) fn bind(&mut self, name: &str, kind: Type) -> Local {
        self.slots += 1;
        let cost = Cost::default();
        Local { name: name.to_owned(), value: Expr::Slot(self.slots - 1), kind, cost, read: false }
    }

    /// A part, and how much is compiled for it.
    pub(super) fn measured(&mut self, at: &Node) -> Result<(Expr, Type, Cost), Error> {
        let (nodes, deepest) = (self.nodes, std::mem::replace(&mut self.deepest, self.depth));
        let (expr, kind) = self.expr(at)?;
        let cost = Cost { nodes: self.nodes - nodes, depth: self.deepest - self.depth };
        self.deepest = self.deepest.max(deepest);
        Ok((expr, kind, cost))
    }

    /// Counts what is compiled; fails when there was too much of it.
    pub(super) fn spend(&mut self, at: &Node, cost: Cost) -> Result<(), Error> {
        self.nodes += cost.nodes;
        self.deepest = self.deepest.max(self.depth + cost.depth);
        let message = if self.nodes > MAX_NODES {
            format!("more than {MAX_NODES} parts, with what its definitions mean")
        } else if self.deepest > MAX_DEPTH {
            format!("nested deeper than {MAX_DEPTH} levels, with what its definitions mean")
        } else {
            return Ok(());
        };
        Err(self.error(at, message, "split it into several checks"))
    }

    /// What a definition means for these arguments.
    pub(super) fn defined(
        &mut self,
        at: &Node,
        definition: &Arc<Definition>,
        given: &[&Node],
    ) -> Result<(Expr, Type), Error> {
        if given.len() != definition.arguments.len() {
            let message = format!("`{}` takes other arguments", definition.name);
            return Err(self.error(at, message, format!("use it as `{}`", definition.signature())));
        }
        let mut locals = Vec::with_capacity(given.len());
        for (argument, node) in definition.arguments.iter().zip(given) {
            let (value, kind, cost) = self.measured(node)?;
            if let (Type::Text(_), Type::Text(_)) = (&kind, &argument.kind) {
                self.may_equal(node, &kind, &argument.kind)?;
            }
            if !kind.fits(&argument.kind) {
                let message = format!("`{}` takes another `{}`", definition.name, argument.name);
                let help = match (&kind, &argument.kind) {
                    (Type::Object(_), Type::Object(_)) => {
                        format!("compare what `{}` is for", definition.signature())
                    }
                    (given, wanted) => format!("this is {given}, not {wanted}"),
                };
                return Err(self.error(node, message, help));
            }
            let (name, kind) = (argument.name.clone(), argument.kind.clone());
            locals.push(Local { name, value, kind, cost, read: false });
        }
        if !self.definitions.iter().any(|used| Arc::ptr_eq(used, definition)) {
            self.definitions.push(Arc::clone(definition));
        }
        let outside = std::mem::replace(&mut self.locals, locals);
        let meaning = self.expr(&definition.root);
        self.locals = outside;
        // What is wrong with a definition was said where it stands: here, it is too large.
        meaning.map_err(|error| Error { span: at.span.clone(), ..error })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::policy::expr::{Literal, compile};

    /// The tree of an expression over a worker, and its plan.
    fn compiled(source: &str, definitions: &[Arc<Definition>]) -> String {
        let catalog = Catalog::new(Vec::new()).expect("the native kinds");
        let worker = Type::Object(Arc::clone(&catalog.get(catalog.find("worker").expect("a kind")).shape));
        let parameters = BTreeMap::from([("days".to_owned(), Literal::Int(3))]);
        let variables = Variables {
            catalog: &catalog,
            subject: Some(("worker".to_owned(), worker)),
            parameters: &parameters,
            definitions,
        };
        let mut plan = IndexPlan::default();
        let compiled = compile(source, &variables, &mut plan, None).map_err(|e| e.message).expect(source);
        let parameters: Vec<&str> = compiled.parameters().collect();
        format!("{:?} {} {parameters:?} {plan:?}", compiled.root, compiled.slots)
    }

    #[test]
    fn a_definition_is_what_it_means_with_its_arguments_put_in() {
        let catalog = Catalog::new(Vec::new()).expect("the native kinds");
        let parameters = BTreeMap::from([("days".to_owned(), Literal::Int(3))]);
        let mut definitions = Vec::new();
        for (name, of, means) in [
            ("is_recent", "date as day", "age_days(day) <= params.days"),
            (
                "has_recent_login",
                "worker",
                "related('login', 'worker', worker.id).exists(l, is_recent(l.logged_in_on))",
            ),
            ("same", "text as one, text as other", "one == other"),
        ] {
            let variables = Variables {
                catalog: &catalog,
                subject: None,
                parameters: &parameters,
                definitions: &definitions,
            };
            let arguments = arguments(of, &catalog).expect("types");
            let made = define(name, arguments, means, &variables, &mut IndexPlan::default()).expect(means);
            definitions.push(Arc::new(made));
        }
        for (named, written) in [
            ("is_recent(worker.start_on)", "age_days(worker.start_on) <= params.days"),
            (
                "worker.privileged && has_recent_login(worker)",
                "worker.privileged && related('login', 'worker', worker.id).exists(l, age_days(l.logged_in_on) <= params.days)",
            ),
            (
                "related('worker', 'vendor', worker.vendor).all(w, same(w.name, worker.name) || has_recent_login(w))",
                "related('worker', 'vendor', worker.vendor).all(w, w.name == worker.name || related('login', 'worker', w.id).exists(l, age_days(l.logged_in_on) <= params.days))",
            ),
            ("['a'].exists(one, same(worker.name, one))", "['a'].exists(one, worker.name == one)"),
        ] {
            assert_eq!(compiled(named, &definitions), compiled(written, &[]), "{named}");
        }
    }
}
