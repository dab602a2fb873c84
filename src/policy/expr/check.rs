//! From source to compiled expression: names against the schemas, types against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ast::{Comparison, Each, Expr, Literal};
use super::definition::{Cost, Definition, Local};
use super::error::{Error, did_you_mean};
use super::limits::MAX_SOURCE_BYTES;
use super::plan::IndexPlan;
use super::resolve::Call;
use super::signature::FUNCTIONS;
use super::syntax::{Kind, Node};
use super::types::Type;
use super::{Expression, parse, shared};
use crate::records::{Catalog, Field, FieldType, Shape};
use crate::text::date;

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
        && !(result == *wanted || result == Type::Any)
    {
        return Err(checker.error(
            &root,
            format!("this is {result}, not {wanted}"),
            "compare it with something",
        ));
    }
    if !checker.reads {
        return Err(checker.error(
            &root,
            "reads nothing that is recorded".to_owned(),
            "a condition that does not depend on a record proves nothing: name a field",
        ));
    }
    let Checker { slots, parameters, definitions, plan, .. } = checker;
    shared::mark(&mut root_expr, plan);
    Ok(Expression { source: source.to_owned(), result, root: root_expr, slots, parameters, definitions })
}

/// The syntax of a source that is not too long.
pub(super) fn whole(source: &str) -> Result<Node, Error> {
    if source.len() > MAX_SOURCE_BYTES {
        return Err(Error {
            span: 0..0,
            message: format!("an expression of {} bytes; at most {MAX_SOURCE_BYTES} are read", source.len()),
            help: "split it into several checks".to_owned(),
        });
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
    /// Definitions that are used, also by one another.
    pub(super) definitions: Vec<Arc<Definition>>,
    pub(super) nodes: usize,
    pub(super) depth: usize,
    /// The deepest that was reached.
    pub(super) deepest: usize,
}

type Typed = (Expr, Type);

impl<'c, 'v> Checker<'c, 'v> {
    pub(super) fn new(variables: &'c Variables<'v>, plan: &'c mut IndexPlan) -> Self {
        Checker {
            variables,
            plan,
            locals: Vec::new(),
            slots: 1,
            reads: false,
            parameters: BTreeSet::new(),
            definitions: Vec::new(),
            nodes: 0,
            depth: 0,
            deepest: 0,
        }
    }

    pub(super) fn error(&self, at: &Node, message: String, help: impl Into<String>) -> Error {
        Error { span: at.span.clone(), message, help: help.into() }
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
            Kind::Null => {
                Err(self.error(at, "nothing is ever null here".to_owned(), "ask `has(record.field)`"))
            }
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
        let kind = self.field(at, &kind, name)?;
        Ok((Expr::Field(Box::new(of), name.to_owned()), kind))
    }

    fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|local| local.name == name)
    }

    fn list(&mut self, elements: &[Node]) -> Result<Typed, Error> {
        let mut items = Vec::new();
        let mut kind: Option<Type> = None;
        for element in elements {
            let (item, item_kind) = self.expr(element)?;
            items.push(item);
            kind = Some(match kind {
                None => item_kind,
                Some(before) => before.join(item_kind),
            });
        }
        Ok((Expr::List(items), Type::list(kind.unwrap_or(Type::Any))))
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
        let help = did_you_mean(name, &known).unwrap_or_else(|| format!("known here: {}", known.join(", ")));
        Err(self.error(at, format!("`{name}` is not known here"), help))
    }

    fn parameter(&mut self, at: &Node, name: &str) -> Result<Typed, Error> {
        let parameters = self.variables.parameters;
        let Some(literal) = parameters.get(name) else {
            let known: Vec<&str> = parameters.keys().map(String::as_str).collect();
            let help =
                did_you_mean(name, &known).unwrap_or_else(|| "declare it under `parameters`".to_owned());
            return Err(self.error(at, format!("the parameter `{name}` is not declared"), help));
        };
        let typed = (Expr::Literal(literal.clone()), literal_type(literal));
        self.parameters.insert(name.to_owned());
        Ok(typed)
    }

    fn field(&self, at: &Node, of: &Type, name: &str) -> Result<Type, Error> {
        match of {
            Type::Object(shape) => match shape.field(name) {
                Some(Field { shape, .. }) => Ok(Type::of(shape)),
                None => Err(self.unknown_field(at, shape, name)),
            },
            Type::Any => Ok(Type::Any),
            other => Err(self.error(
                at,
                format!("{other} has no field `{name}`"),
                "fields belong to records and objects; use `.exists(x, …)` to look into a list",
            )),
        }
    }

    fn unknown_field(&self, at: &Node, shape: &Shape, name: &str) -> Error {
        let known: Vec<&str> = match &shape.form {
            FieldType::Object(fields) => fields.iter().map(|f| f.name.as_str()).collect(),
            _ => Vec::new(),
        };
        let help =
            did_you_mean(name, &known).unwrap_or_else(|| format!("known fields: {}", known.join(", ")));
        self.error(at, format!("there is no field `{name}`"), help)
    }

    fn method(&mut self, at: &Node, target: &Node, name: &str, arguments: &[Node]) -> Result<Typed, Error> {
        let Some(each) = Each::named(name) else {
            // A method is the function with its target in front.
            let all: Vec<&Node> = std::iter::once(target).chain(arguments).collect();
            return self.call(at, name, &all);
        };
        let [variable, body] = arguments else {
            return Err(self.error(
                at,
                "takes a name and a condition".to_owned(),
                "write `list.all(x, x.field == …)`",
            ));
        };
        let Kind::Name(name) = &variable.kind else {
            return Err(self.error(variable, "a name is expected here".to_owned(), "write `list.all(x, …)`"));
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
            let known: Vec<&str> = FUNCTIONS.iter().map(|f| f.name).chain(macros).chain(defined).collect();
            let help = did_you_mean(name, &known)
                .unwrap_or_else(|| "`duly explain functions` lists them".to_owned());
            return Err(self.error(at, format!("there is no function `{name}`"), help));
        };
        let help = function.signature;
        if arguments.len() != function.literals + function.parameters.len() {
            return Err(self.error(at, format!("`{name}` takes other arguments"), help));
        }
        let mut words = Vec::new();
        for argument in &arguments[..function.literals] {
            let (Expr::Literal(Literal::Text(word)), _) = self.expr(argument)? else {
                return Err(self.error(argument, "this must be written out as a text".to_owned(), help));
            };
            words.push(word);
        }
        let (mut values, mut types) = (Vec::new(), Vec::new());
        for (argument, wanted) in arguments[function.literals..].iter().zip(function.parameters) {
            let (value, kind) = self.expr(argument)?;
            if !wanted.accepts(&kind) {
                let message = format!("{kind} is not {}", wanted.name());
                return Err(self.error(argument, message, help));
            }
            values.push(value);
            types.push(kind);
        }
        self.reads |= function.function.reads_records();
        let catalog = self.variables.catalog;
        let mut call = Call { catalog, plan: self.plan, at, arguments, words, values, types };
        let (resolved, result) = call.resolve(function.function)?;
        Ok((Expr::Call(resolved, call.values), result))
    }

    fn has(&mut self, field: &Node) -> Result<Typed, Error> {
        let Kind::Select(of, name) = &field.kind else {
            return Err(self.error(field, "`has` asks for a field".to_owned(), "write `has(record.field)`"));
        };
        let (of, kind) = self.expr(of)?;
        self.field(field, &kind, name)?;
        Ok((Expr::Has(Box::new(of), name.clone()), Type::Bool))
    }

    fn index(&mut self, at: &Node, a: &Node, b: &Node) -> Result<Typed, Error> {
        let (of, kind) = self.expr(a)?;
        let (index, index_kind) = self.expr(b)?;
        let item = match (kind, index_kind) {
            (Type::List(item), Type::Int | Type::Any) => *item,
            (Type::Any, _) => Type::Any,
            (kind, _) => {
                return Err(self.error(
                    at,
                    format!("{kind} has no numbered elements"),
                    "only lists are indexed, by number",
                ));
            }
        };
        Ok((Expr::Index(Box::new(of), Box::new(index)), item))
    }

    fn contains(&mut self, at: &Node, a: &Node, b: &Node) -> Result<Typed, Error> {
        let (item, item_kind) = self.expr(a)?;
        let (list, list_kind) = self.expr(b)?;
        match &list_kind {
            Type::List(of) => {
                self.may_equal(at, &item_kind, of)?;
                // A list written out is checked word by word.
                if let (Type::Text(values), Expr::List(items)) = (&item_kind, &list)
                    && !values.is_empty()
                {
                    for item in items {
                        if let Expr::Literal(Literal::Text(word)) = item
                            && !values.contains(word)
                        {
                            return Err(self.never(b, word, values));
                        }
                    }
                }
                if let (Type::Text(values), Expr::Literal(Literal::List(words))) = (&item_kind, &list)
                    && !values.is_empty()
                {
                    for word in words {
                        if let Literal::Text(word) = word
                            && !values.contains(word)
                        {
                            return Err(self.never(b, word, values));
                        }
                    }
                }
            }
            Type::Any => {}
            other => {
                return Err(self.error(
                    b,
                    format!("`in` looks into a list, not {other}"),
                    "for text, use `.contains(…)`",
                ));
            }
        }
        Ok((Expr::In(Box::new(item), Box::new(list)), Type::Bool))
    }

    fn never(&self, at: &Node, word: &str, values: &[String]) -> Error {
        let known: Vec<&str> = values.iter().map(String::as_str).collect();
        let help =
            did_you_mean(word, &known).unwrap_or_else(|| format!("it is one of: {}", known.join(", ")));
        self.error(at, format!("it can never be `{word}`"), help)
    }

    pub(super) fn may_equal(&self, at: &Node, a: &Type, b: &Type) -> Result<(), Error> {
        if a.comparable(b) {
            return Ok(());
        }
        if let (Type::Text(a), Type::Text(b)) = (a, b) {
            let (word, values) = if b.len() == 1 { (&b[0], a) } else { (&a[0], b) };
            return Err(self.never(at, word, values));
        }
        Err(self.error(
            at,
            format!("{a} and {b} can never be equal"),
            "compare values of one type; `date(…)` makes a date of a date-time",
        ))
    }

    fn compare(&mut self, at: &Node, how: Comparison, a: &Node, b: &Node) -> Result<Typed, Error> {
        let (mut left, left_kind) = self.expr(a)?;
        let (mut right, right_kind) = self.expr(b)?;
        match (&left, &right) {
            (Expr::AsOf, _) => right = raw_days(right),
            (_, Expr::AsOf) => left = raw_days(left),
            _ => {}
        }
        let left_kind = self.as_date(a, left_kind, &right_kind)?;
        let right_kind = self.as_date(b, right_kind, &left_kind)?;
        self.may_equal(at, &left_kind, &right_kind)?;
        let ordered = |kind: &Type| kind.is_numeric() || kind.is_text();
        let needs_order = !matches!(how, Comparison::Equal | Comparison::NotEqual);
        if needs_order && !(ordered(&left_kind) && ordered(&right_kind)) {
            return Err(self.error(
                at,
                format!("{left_kind} has no order"),
                "only numbers, dates and texts have one",
            ));
        }
        Ok((Expr::Compare(how, Box::new(left), Box::new(right)), Type::Bool))
    }

    /// A text literal beside a date must be a date itself.
    fn as_date(&self, at: &Node, kind: Type, other: &Type) -> Result<Type, Error> {
        match (&kind, other) {
            (Type::Text(values), Type::Date) if values.len() == 1 => {
                if date::parse(&values[0]).is_some() {
                    return Ok(Type::Date);
                }
                Err(self.error(at, format!("`{}` is no date", values[0]), "write YYYY-MM-DD"))
            }
            _ => Ok(kind),
        }
    }

    fn numeric(&mut self, at: &Node) -> Result<Typed, Error> {
        let (expr, kind) = self.expr(at)?;
        if kind.is_numeric() {
            return Ok((expr, kind));
        }
        Err(self.error(
            at,
            format!("{kind} is no number"),
            "for dates use add_days, days_between or age_days",
        ))
    }

    fn bool(&mut self, at: &Node) -> Result<Expr, Error> {
        let (expr, kind) = self.expr(at)?;
        if matches!(kind, Type::Bool | Type::Any) {
            return Ok(expr);
        }
        Err(self.error(
            at,
            format!("{kind} is neither true nor false"),
            "compare it with something, or ask has(…)",
        ))
    }

    fn each(&mut self, target: &Node, kind: Each, variable: &str, body: &Node) -> Result<Typed, Error> {
        let (of, of_kind) = self.expr(target)?;
        let item = match of_kind {
            Type::List(item) => *item,
            Type::Any => Type::Any,
            other => {
                return Err(self.error(target, format!("{other} is no list"), "only lists are gone through"));
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

/// What is held against the date of the audit: a day that lies ahead is compared, not taken for unknown.
fn raw_days(expr: Expr) -> Expr {
    match expr {
        Expr::Field(of, name) => Expr::RawDay(of, name),
        Expr::If(condition, yes, no) => {
            Expr::If(condition, Box::new(raw_days(*yes)), Box::new(raw_days(*no)))
        }
        other => other,
    }
}

fn literal_type(literal: &Literal) -> Type {
    match literal {
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Float(_) => Type::Number,
        Literal::Text(text) => Type::Text(vec![text.clone()]),
        Literal::List(items) => {
            let kind = items.iter().map(literal_type).reduce(Type::join);
            Type::list(kind.unwrap_or(Type::Any))
        }
    }
}
