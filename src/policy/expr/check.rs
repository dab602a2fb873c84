//! From source to compiled expression: names against the schemas, types against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ast::{Each, Expr, Literal, Name};
use super::definition::{Cost, Definition, Local};
use super::error::{Error, error};
use super::limits::MAX_SOURCE_BYTES;
use super::plan::{IndexPlan, address};
use super::resolve::Call;
use super::signature::FUNCTIONS;
use super::syntax::{Kind, Node};
use super::types::Type;
use super::{Expression, parse, shared};
use crate::diagnostics::did_you_mean;
use crate::records::{Catalog, Class, Field, Shape, Slot};

/// The names an expression may use.
pub struct Variables<'c> {
    pub catalog: &'c Catalog,
    /// Name and type of the subject; `None` where only the organisation is in view.
    pub subject: Option<(String, Type)>,
    pub parameters: &'c BTreeMap<String, Literal>,
    pub definitions: &'c [Arc<Definition>],
}

/// Compiles and checks `source`. `wanted` is the type its value must have.
pub fn compile(
    source: &str,
    variables: &Variables<'_>,
    plan: &mut IndexPlan,
    wanted: Option<&Type>,
) -> Result<Expression, Error> {
    let root = whole(source)?;
    let mut checker = Checker::new(variables, plan);
    let (mut root_expr, result) = checker.expr(&root)?;
    if let Some(wanted) = wanted
        && !result.fits(wanted)
    {
        return root.refuse(format!("this is {result}, not {wanted}"), "compare it with something");
    }
    if !checker.reads {
        let help = "a condition that does not depend on a record proves nothing: name a field";
        return root.refuse("this reads nothing that is recorded", help);
    }
    let Checker { slots, parameters, fields, definitions, plan, .. } = checker;
    shared::mark(&mut root_expr, plan);
    Ok(Expression { source: source.to_owned(), root: root_expr, slots, parameters, fields, definitions })
}

/// The syntax of a source that is not too long.
pub(super) fn whole(source: &str) -> Result<Node, Error> {
    if source.len() > MAX_SOURCE_BYTES {
        let message = format!("an expression of {} bytes; at most {MAX_SOURCE_BYTES} are read", source.len());
        return Err(error(0..0, message, "split it into several checks"));
    }
    parse::parse(source)
}

pub(super) struct Checker<'c, 'v> {
    pub(super) variables: &'c Variables<'v>,
    pub(super) plan: &'c mut IndexPlan,
    /// Names bound by `all`, `map` and the like, or arguments of a definition; innermost last.
    pub(super) locals: Vec<Local>,
    pub(super) slots: usize,
    pub(super) reads: bool,
    /// Names of the parameters that are read.
    parameters: BTreeSet<String>,
    /// Where the shapes of the fields stand that are named.
    pub(super) fields: BTreeSet<usize>,
    /// Definitions that are used, also by one another.
    pub(super) definitions: Vec<Arc<Definition>>,
    pub(super) nodes: usize,
    pub(super) depth: usize,
    /// The deepest that was reached.
    pub(super) deepest: usize,
}

/// A compiled part, and its type.
pub(super) type Typed = (Expr, Type);

impl<'c, 'v> Checker<'c, 'v> {
    pub(super) fn new(variables: &'c Variables<'v>, plan: &'c mut IndexPlan) -> Self {
        Checker {
            variables,
            plan,
            locals: Vec::new(),
            slots: 1,
            reads: false,
            parameters: BTreeSet::new(),
            fields: BTreeSet::new(),
            definitions: Vec::new(),
            nodes: 0,
            depth: 0,
            deepest: 0,
        }
    }

    pub(super) fn expr(&mut self, at: &Node) -> Result<Typed, Error> {
        self.depth += 1;
        self.spend(at, Cost { nodes: 1, depth: 0 })?;
        let typed = self.part(at);
        self.depth -= 1;
        typed
    }

    fn part(&mut self, at: &Node) -> Result<Typed, Error> {
        match &at.kind {
            Kind::Literal(literal) => Ok((Expr::Literal(literal.clone()), literal_type(literal))),
            Kind::Null => at.refuse("`null` is not used in policies", "ask `has(record.field)`"),
            Kind::Name(name) => self.name(at, name),
            Kind::Select(of, name) => self.select(at, of, name),
            Kind::List(items) => self.list(items),
            Kind::Index(of, index) => self.index(at, of, index),
            Kind::Call { target: Some(target), name, arguments } => self.method(at, target, name, arguments),
            Kind::Call { target: None, name, arguments } => match (name.as_str(), arguments.as_slice()) {
                ("has", [field]) => self.has(field),
                _ => self.call(at, name, &arguments.iter().collect::<Vec<_>>()),
            },
            Kind::Not(of) => Ok((Expr::Not(Box::new(self.bool(of)?)), Type::Bool)),
            Kind::Negate(of) => {
                let (of, kind) = self.numeric(of)?;
                Ok((Expr::Negate(Box::new(of)), kind))
            }
            Kind::And(operands) => self.chain(operands, Expr::And),
            Kind::Or(operands) => self.chain(operands, Expr::Or),
            Kind::Conditional(condition, yes, no) => {
                let condition = self.bool(condition)?;
                let (yes, yes_kind) = self.expr(yes)?;
                let (no, no_kind) = self.expr(no)?;
                let expr = Expr::If(Box::new(condition), Box::new(yes), Box::new(no));
                Ok((expr, yes_kind.join(no_kind)))
            }
            Kind::Compare(how, a, b) => self.compare(at, *how, a, b),
            Kind::Arithmetic(how, a, b) => {
                let (left, left_kind) = self.numeric(a)?;
                let (right, right_kind) = self.numeric(b)?;
                let expr = Expr::Arithmetic(*how, Box::new(left), Box::new(right));
                Ok((expr, left_kind.join(right_kind)))
            }
            Kind::In(item, list) => self.contains(at, item, list),
        }
    }

    fn select(&mut self, at: &Node, of: &Node, name: &str) -> Result<Typed, Error> {
        if matches!(&of.kind, Kind::Name(of) if of == "params" && !self.is_local(of)) {
            return self.parameter(at, name);
        }
        let (of, kind) = self.expr(of)?;
        let field = self.field(at, &kind, name)?;
        Ok((Expr::Field(Box::new(of), self.slot(&kind, name)), field))
    }

    fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|local| local.name == name)
    }

    fn list(&mut self, elements: &[Node]) -> Result<Typed, Error> {
        let typed = elements.iter().map(|element| self.expr(element)).collect::<Result<Vec<_>, _>>()?;
        let (items, kinds): (Vec<Expr>, Vec<Type>) = typed.into_iter().unzip();
        Ok((Expr::List(items), list_of(kinds.into_iter())))
    }

    /// Operands that are joined two by two, so that a long chain is not deep.
    fn chain(&mut self, operands: &[Node], join: fn(Box<Expr>, Box<Expr>) -> Expr) -> Result<Typed, Error> {
        let mut parts = operands.iter().map(|operand| self.bool(operand)).collect::<Result<Vec<_>, _>>()?;
        while parts.len() > 1 {
            let mut joined = Vec::with_capacity(parts.len().div_ceil(2));
            let mut rest = parts.into_iter();
            while let Some(a) = rest.next() {
                joined.push(match rest.next() {
                    Some(b) => join(Box::new(a), Box::new(b)),
                    None => a,
                });
            }
            parts = joined;
        }
        let whole = parts.pop().unwrap_or(Expr::Literal(Literal::Bool(true)));
        Ok((whole, Type::Bool))
    }

    fn name(&mut self, at: &Node, name: &str) -> Result<Typed, Error> {
        if let Some(local) = self.locals.iter_mut().rev().find(|local| local.name == name) {
            local.read = true;
            let (typed, cost) = ((local.value.clone(), local.kind.clone()), local.cost);
            self.spend(at, cost)?;
            return Ok(typed);
        }
        if let Some((subject, kind)) = &self.variables.subject
            && subject == name
        {
            self.reads = true;
            return Ok((Expr::Slot(0), kind.clone()));
        }
        if name == "organization" {
            self.reads = true;
            let catalog = self.variables.catalog;
            let shape = catalog.find("organization").map(|id| Arc::clone(&catalog.get(id).shape));
            return Ok((Expr::Organization, shape.map_or(Type::Any, Type::Object)));
        }
        if name == "as_of" {
            return Ok((Expr::AsOf, Type::Date));
        }
        let mut known: Vec<&str> = vec!["organization", "as_of", "params"];
        known.extend(self.variables.subject.iter().map(|(n, _)| n.as_str()));
        known.extend(self.locals.iter().map(|local| local.name.as_str()));
        let help = did_you_mean(name, known.iter().copied(), || format!("known here: {}", known.join(", ")));
        at.refuse(format!("`{name}` is not known here"), help)
    }

    fn parameter(&mut self, at: &Node, name: &str) -> Result<Typed, Error> {
        let parameters = self.variables.parameters;
        let Some(literal) = parameters.get(name) else {
            let known = parameters.keys().map(String::as_str);
            let help = did_you_mean(name, known, || "declare it under `parameters`".to_owned());
            return at.refuse(format!("the parameter `{name}` is not declared"), help);
        };
        let typed = (Expr::Literal(literal.clone()), literal_type(literal));
        self.parameters.insert(name.to_owned());
        Ok(typed)
    }

    fn field(&mut self, at: &Node, of: &Type, name: &str) -> Result<Type, Error> {
        match of {
            Type::Object(shape) => match shape.field(name) {
                Some(Field { shape, .. }) => {
                    self.plan.names(shape);
                    self.fields.insert(address(shape));
                    Ok(Type::of(shape))
                }
                None => {
                    let known: Vec<&str> = shape.fields().iter().map(|f| f.name.as_str()).collect();
                    let otherwise = || format!("known fields: {}", known.join(", "));
                    let help = did_you_mean(name, known.iter().copied(), otherwise);
                    at.refuse(format!("there is no field `{name}`"), help)
                }
            },
            Type::Any => Ok(Type::Any),
            other => at.refuse(
                format!("{other} has no field `{name}`"),
                "fields belong to records and objects; use `.exists(x, …)` to look into a list",
            ),
        }
    }

    /// The name of a field, with its slot where the fields are those of a record.
    fn slot(&self, of: &Type, name: &str) -> Name {
        let catalog = self.variables.catalog;
        let slot = match of {
            Type::Object(shape) => catalog.kind_of(shape).and_then(|kind| Slot::of(catalog, kind, name)),
            _ => None,
        };
        Name { text: name.to_owned(), slot }
    }

    fn method(&mut self, at: &Node, target: &Node, name: &str, arguments: &[Node]) -> Result<Typed, Error> {
        let Some(each) = Each::named(name) else {
            // A method is the function with its target in front.
            let all: Vec<&Node> = std::iter::once(target).chain(arguments).collect();
            return self.call(at, name, &all);
        };
        let [variable, body] = arguments else {
            return at.refuse(
                format!("`{name}` takes a name and a condition"),
                "write `list.all(x, x.field == …)`",
            );
        };
        let Kind::Name(name) = &variable.kind else {
            return variable.refuse("a name is expected here", "write `list.all(x, …)`");
        };
        self.each(target, each, name, body)
    }

    /// A call: what a definition means, or a function with its arguments against its signature.
    fn call(&mut self, at: &Node, name: &str, arguments: &[&Node]) -> Result<Typed, Error> {
        let definitions = self.variables.definitions;
        if let Some(definition) = definitions.iter().find(|definition| definition.name == name) {
            return self.defined(at, definition, arguments);
        }
        let Some(function) = FUNCTIONS.iter().find(|f| f.name == name) else {
            let macros = ["all", "exists", "exists_one", "filter", "has", "map"];
            let defined = definitions.iter().map(|definition| definition.name.as_str());
            let known = FUNCTIONS.iter().map(|f| f.name).chain(macros).chain(defined);
            let help = did_you_mean(name, known, || "`duly explain functions` lists them".to_owned());
            return at.refuse(format!("there is no function `{name}`"), help);
        };
        let help = function.signature;
        if arguments.len() != function.literals + function.parameters.len() {
            return at.refuse(format!("`{name}` takes other arguments"), help);
        }
        let mut words = Vec::new();
        for argument in &arguments[..function.literals] {
            let (Expr::Literal(Literal::Text(word)), _) = self.expr(argument)? else {
                return argument.refuse("this must be a text in quotes", help);
            };
            words.push(word);
        }
        let (mut values, mut types) = (Vec::new(), Vec::new());
        for (argument, wanted) in arguments[function.literals..].iter().zip(function.parameters) {
            let (value, kind) = self.expr(argument)?;
            if !wanted.accepts(&kind) {
                return argument.refuse(format!("{kind} is not {}", wanted.name()), help);
            }
            // A function that takes an object reads all that is in it.
            if let Type::Object(shape) = &kind
                && self.variables.catalog.kind_of(shape).is_none()
            {
                let fields = || shape.fields().iter().map(|field| &field.shape);
                // Of a document, where it is kept and its hash.
                let is_document = fields().any(|field| field.evidence);
                let is_read =
                    |f: &&Arc<Shape>| !is_document || f.evidence || f.sensitive == Some(Class::Hash);
                self.fields.extend(fields().filter(is_read).map(|field| address(field)));
            }
            values.push(value);
            types.push(kind);
        }
        self.reads |= function.function.reads_records();
        let catalog = self.variables.catalog;
        let fields = &mut self.fields;
        let mut call = Call { catalog, plan: self.plan, fields, at, arguments, words, values, types };
        let (resolved, result) = call.resolve(function.function)?;
        Ok((Expr::Call(resolved, call.values), result))
    }

    fn has(&mut self, field: &Node) -> Result<Typed, Error> {
        let Kind::Select(of, name) = &field.kind else {
            return field.refuse("`has` asks for a field", "write `has(record.field)`");
        };
        let (of, kind) = self.expr(of)?;
        self.field(field, &kind, name)?;
        Ok((Expr::Has(Box::new(of), self.slot(&kind, name)), Type::Bool))
    }

    fn index(&mut self, at: &Node, a: &Node, b: &Node) -> Result<Typed, Error> {
        let (of, kind) = self.expr(a)?;
        let (index, index_kind) = self.expr(b)?;
        let item = match (kind, index_kind) {
            (Type::List(item), Type::Int | Type::Any) => *item,
            (Type::Any, _) => Type::Any,
            (kind, _) => {
                let message = format!("{kind} has no numbered elements");
                return at.refuse(message, "only lists are indexed, by number");
            }
        };
        Ok((Expr::Index(Box::new(of), Box::new(index)), item))
    }

    fn each(&mut self, target: &Node, kind: Each, variable: &str, body: &Node) -> Result<Typed, Error> {
        let (of, of_kind) = self.expr(target)?;
        let item = match of_kind {
            Type::List(item) => *item,
            Type::Any => Type::Any,
            other => {
                let help = "`all`, `exists`, `map` and the like ask about the elements of a list";
                return target.refuse(format!("{other} is not a list"), help);
            }
        };
        let slot = self.slots;
        let local = self.bind(variable, item.clone());
        self.locals.push(local);
        let body =
            if kind == Each::Map { self.expr(body) } else { self.bool(body).map(|body| (body, Type::Bool)) };
        self.locals.pop();
        let (body, body_kind) = body?;
        let result = match kind {
            Each::All | Each::Exists | Each::ExistsOne => Type::Bool,
            Each::Map => Type::list(body_kind),
            Each::Filter => Type::list(item),
        };
        Ok((Expr::Each { kind, of: Box::new(of), slot, body: Box::new(body) }, result))
    }
}

fn literal_type(literal: &Literal) -> Type {
    match literal {
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Float(_) => Type::Number,
        Literal::Text(text) => Type::Text(vec![text.clone()]),
        Literal::List(items) => list_of(items.iter().map(literal_type)),
    }
}

/// The type of a list whose elements have these types.
fn list_of(kinds: impl Iterator<Item = Type>) -> Type {
    Type::list(kinds.reduce(Type::join).unwrap_or(Type::Any))
}
