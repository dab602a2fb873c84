//! From source to compiled expression: names against the schemas, types against each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use cel::common::ast::{CallExpr, Expr as Cel, IdedExpr, LiteralValue, SourceInfo, operators as op};

use super::ast::{Comparison, Each, Expr, IndexPlan, Literal, Operator};
use super::{Expression, MAX_DEPTH, MAX_SOURCE_BYTES, Type, functions, parse};
use crate::diagnostics::suggestion;
use crate::records::{Catalog, Field, Form, Shape};

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Bytes of the source it is about.
    pub span: std::ops::Range<usize>,
    pub message: String,
    pub help: String,
}

/// The names an expression may use.
pub struct Variables<'c> {
    pub catalog: &'c Catalog,
    /// Name and type of the subject; `None` where only the organisation is in view.
    pub subject: Option<(String, Type)>,
    pub parameters: &'c BTreeMap<String, Literal>,
}

/// Stack for the grammar's recursion on the longest source allowed.
const STACK_BYTES: usize = 256 << 20;

/// Compiles and checks `source`. `wanted` is the type its value must have.
pub fn compile(
    source: &str,
    variables: &Variables<'_>,
    plan: &mut IndexPlan,
    wanted: Option<&Type>,
) -> Result<Expression, Error> {
    if source.len() > MAX_SOURCE_BYTES {
        return Err(Error {
            span: 0..0,
            message: format!("an expression of {} bytes; at most {MAX_SOURCE_BYTES} are read", source.len()),
            help: "split it into several checks".to_owned(),
        });
    }
    // A long chain of operators recurses as deep as it is long, long before it is clear how deep.
    if source.len() > 512 {
        return std::thread::scope(|scope| {
            let work = || compile_here(source, variables, plan, wanted);
            let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
            match thread.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(result)) => result,
                _ => Err(Error {
                    span: 0..source.len(),
                    message: "the expression is too large to be read".to_owned(),
                    help: "split it into several checks".to_owned(),
                }),
            }
        });
    }
    compile_here(source, variables, plan, wanted)
}

fn compile_here(
    source: &str,
    variables: &Variables<'_>,
    plan: &mut IndexPlan,
    wanted: Option<&Type>,
) -> Result<Expression, Error> {
    // Nearly every expression has no mistake, and the quick parser is some twenty times faster than the
    // full one. It says nothing of places, so what is refused is read again by the one that does.
    if let Ok(root) = parse::quickly(source)
        && let Ok(expression) = checked(source, &root, &SourceInfo::default(), variables, plan, wanted)
    {
        return Ok(expression);
    }
    let program = parse::fully(source).map_err(|errors| syntax(source, &errors))?;
    checked(source, program.expression(), program.source_info(), variables, plan, wanted)
}

/// What a syntax tree says, whichever parser read it.
pub(super) fn checked(
    source: &str,
    root: &IdedExpr,
    info: &SourceInfo,
    variables: &Variables<'_>,
    plan: &mut IndexPlan,
    wanted: Option<&Type>,
) -> Result<Expression, Error> {
    let mut checker =
        Checker { source, info, variables, plan, locals: Vec::new(), slots: 1, depth: 0, reads: false };
    let (root_expr, result) = checker.expr(root)?;
    if let Some(wanted) = wanted
        && !(result == *wanted || result == Type::Any)
    {
        return Err(checker.error(
            root,
            format!("this is {result}, not {wanted}"),
            "compare it with something",
        ));
    }
    if !checker.reads {
        return Err(checker.error(
            root,
            "reads nothing that is recorded".to_owned(),
            "a condition that does not depend on a record proves nothing: name a field",
        ));
    }
    let slots = checker.slots;
    Ok(Expression { source: source.to_owned(), result, root: root_expr, slots })
}

/// The grammar's complaint in words a policy author can use.
fn syntax(source: &str, errors: &cel::ParseErrors) -> Error {
    let Some(first) = errors.errors.first() else {
        return Error { span: 0..0, message: "not an expression".to_owned(), help: String::new() };
    };
    let (line, column) = (first.pos.0.max(1) as usize, first.pos.1.max(1) as usize);
    let start: usize = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let at = (start + column - 1).min(source.len());
    let at = (0..=at).rev().find(|&i| source.is_char_boundary(i)).unwrap_or(0);
    let rest = source[at..].split_whitespace().next().unwrap_or("");
    let message = if first.msg.contains("Recursion limit") {
        "the expression is nested too deeply".to_owned()
    } else if rest.is_empty() {
        "the expression ends too early".to_owned()
    } else {
        let token: String = rest.chars().take(20).collect();
        format!("`{}` is not expected here", crate::text::escape(&token))
    };
    Error {
        span: at..at + rest.len(),
        message,
        help: "an expression is CEL: see docs/policies.md".to_owned(),
    }
}

pub(super) struct Checker<'c, 'v> {
    source: &'c str,
    info: &'c SourceInfo,
    pub(super) variables: &'c Variables<'v>,
    pub(super) plan: &'c mut IndexPlan,
    /// Names bound by `all`, `map` and the like, innermost last.
    locals: Vec<(String, usize, Type)>,
    slots: usize,
    depth: usize,
    pub(super) reads: bool,
}

type Typed = (Expr, Type);

impl Checker<'_, '_> {
    pub(super) fn error(&self, at: &IdedExpr, message: String, help: impl Into<String>) -> Error {
        Error { span: self.span(at), message, help: help.into() }
    }

    /// The bytes of a part. The grammar keeps one token a node: an operator, a dot, a parenthesis.
    fn span(&self, at: &IdedExpr) -> std::ops::Range<usize> {
        let (start, stop) = self.info.offset_for(at.id).unwrap_or((0, 0));
        let (mut start, mut end) = (start as usize, stop as usize + 1);
        if let Cel::Call(call) = &at.expr
            && call.target.is_none()
        {
            // Of a function's call the parenthesis is kept: the name stands before it.
            let before = self.source.get(..start).unwrap_or_default().trim_end();
            start = before.strip_suffix(&call.func_name).map_or(start, str::len);
        }
        let mut widen = |part: &IdedExpr| {
            let inner = self.span(part);
            (start, end) = (start.min(inner.start), end.max(inner.end));
        };
        match &at.expr {
            Cel::Select(select) => {
                widen(&select.operand);
                end = end.max(stop as usize + 1 + select.field.len());
            }
            Cel::Call(call) => call.target.as_deref().into_iter().chain(&call.args).for_each(widen),
            _ => {}
        }
        let boundary =
            |i: usize| (0..=i.min(self.source.len())).rev().find(|&i| self.source.is_char_boundary(i));
        boundary(start).unwrap_or(0)..boundary(end).unwrap_or(self.source.len())
    }

    pub(super) fn expr(&mut self, at: &IdedExpr) -> Result<Typed, Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(
                at,
                format!("nested deeper than {MAX_DEPTH} levels"),
                "split it into several checks; long `||` chains read better as `in [...]`",
            ));
        }
        let typed = self.expr_inside(at);
        self.depth -= 1;
        typed
    }

    fn expr_inside(&mut self, at: &IdedExpr) -> Result<Typed, Error> {
        match &at.expr {
            Cel::Literal(literal) => self.literal(at, literal),
            Cel::Ident(name) => self.name(at, name),
            Cel::Comprehension(loop_) => match parse::each(loop_) {
                Some((kind, variable, body)) => self.each(&loop_.iter_range, kind, variable, body),
                None => Err(self.error(at, "not a loop that policies use".to_owned(), "")),
            },
            Cel::Select(select) if select.test => self.has(at),
            Cel::Select(select) => {
                if let Cel::Ident(name) = &select.operand.expr
                    && name == "params"
                    && !self.locals.iter().any(|(n, ..)| n == name)
                {
                    return self.parameter(at, &select.field);
                }
                let (of, kind) = self.expr(&select.operand)?;
                let kind = self.field(at, &kind, &select.field)?;
                Ok((Expr::Field(Box::new(of), select.field.clone()), kind))
            }
            Cel::List(list) => {
                let mut items = Vec::new();
                let mut kind: Option<Type> = None;
                for element in &list.elements {
                    let (item, item_kind) = self.expr(element)?;
                    items.push(item);
                    kind = Some(match kind {
                        None => item_kind,
                        Some(before) => before.join(item_kind),
                    });
                }
                Ok((Expr::List(items), Type::list(kind.unwrap_or(Type::Any))))
            }
            Cel::Call(call) => self.call(at, call),
            Cel::Map(_) | Cel::Struct(_) => {
                Err(self.error(at, "objects cannot be made in a policy".to_owned(), "name fields of records"))
            }
            _ => Err(self.error(at, "this cannot be used in a policy".to_owned(), "see docs/policies.md")),
        }
    }

    fn literal(&self, at: &IdedExpr, literal: &LiteralValue) -> Result<Typed, Error> {
        Ok(match literal {
            LiteralValue::Boolean(b) => (Expr::Literal(Literal::Bool(*b.inner())), Type::Bool),
            LiteralValue::Int(i) => (Expr::Literal(Literal::Int(*i.inner())), Type::Int),
            LiteralValue::Double(f) => (Expr::Literal(Literal::Float(*f.inner())), Type::Number),
            LiteralValue::String(s) => {
                let text = s.inner().to_owned();
                (Expr::Literal(Literal::Text(text.clone())), Type::Text(vec![text]))
            }
            LiteralValue::Null => {
                return Err(self.error(
                    at,
                    "nothing is ever null here".to_owned(),
                    "ask `has(record.field)`",
                ));
            }
            _ => {
                return Err(self.error(
                    at,
                    "this kind of literal is not used in policies".to_owned(),
                    "write a text or a number",
                ));
            }
        })
    }

    fn name(&mut self, at: &IdedExpr, name: &str) -> Result<Typed, Error> {
        if let Some((_, slot, kind)) = self.locals.iter().rev().find(|(n, ..)| n == name) {
            return Ok((Expr::Slot(*slot), kind.clone()));
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
        known.extend(self.locals.iter().map(|(n, ..)| n.as_str()));
        let help = did_you_mean(name, &known).unwrap_or_else(|| format!("known here: {}", known.join(", ")));
        Err(self.error(at, format!("`{name}` is not known here"), help))
    }

    fn parameter(&mut self, at: &IdedExpr, name: &str) -> Result<Typed, Error> {
        let parameters = self.variables.parameters;
        let Some(literal) = parameters.get(name) else {
            let known: Vec<&str> = parameters.keys().map(String::as_str).collect();
            let help =
                did_you_mean(name, &known).unwrap_or_else(|| "declare it under `parameters`".to_owned());
            return Err(self.error(at, format!("the parameter `{name}` is not declared"), help));
        };
        Ok((Expr::Literal(copy(literal)), literal_type(literal)))
    }

    fn field(&self, at: &IdedExpr, of: &Type, name: &str) -> Result<Type, Error> {
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

    fn unknown_field(&self, at: &IdedExpr, shape: &Shape, name: &str) -> Error {
        let known: Vec<&str> = match &shape.form {
            Form::Object(fields) => fields.iter().map(|f| f.name.as_str()).collect(),
            _ => Vec::new(),
        };
        let help =
            did_you_mean(name, &known).unwrap_or_else(|| format!("known fields: {}", known.join(", ")));
        self.error(at, format!("there is no field `{name}`"), help)
    }

    fn call(&mut self, at: &IdedExpr, call: &CallExpr) -> Result<Typed, Error> {
        let name = call.func_name.as_str();
        if let Some(target) = &call.target {
            let each = match name {
                op::ALL => Some(Each::All),
                op::EXISTS => Some(Each::Exists),
                op::EXISTS_ONE | "existsOne" => Some(Each::ExistsOne),
                op::MAP => Some(Each::Map),
                op::FILTER => Some(Each::Filter),
                _ => None,
            };
            if let Some(each) = each {
                let [variable, body] = call.args.as_slice() else {
                    return Err(self.error(
                        at,
                        "takes a name and a condition".to_owned(),
                        "write `list.all(x, x.field == …)`",
                    ));
                };
                let Cel::Ident(name) = &variable.expr else {
                    return Err(self.error(
                        variable,
                        "a name is expected here".to_owned(),
                        "write `list.all(x, …)`",
                    ));
                };
                return self.each(target, each, name, body);
            }
            return self.function(at, name, Some(target), &call.args);
        }
        match (name, call.args.as_slice()) {
            (op::LOGICAL_NOT, [a]) => Ok((Expr::Not(Box::new(self.bool(a)?)), Type::Bool)),
            (op::LOGICAL_AND, [a, b]) => {
                Ok((Expr::And(Box::new(self.bool(a)?), Box::new(self.bool(b)?)), Type::Bool))
            }
            (op::LOGICAL_OR, [a, b]) => {
                Ok((Expr::Or(Box::new(self.bool(a)?), Box::new(self.bool(b)?)), Type::Bool))
            }
            (op::CONDITIONAL, [c, a, b]) => {
                let condition = self.bool(c)?;
                let (yes, yes_kind) = self.expr(a)?;
                let (no, no_kind) = self.expr(b)?;
                let expr = Expr::If(Box::new(condition), Box::new(yes), Box::new(no));
                Ok((expr, yes_kind.join(no_kind)))
            }
            (op::NEGATE, [a]) => {
                let (of, kind) = self.numeric(a)?;
                Ok((Expr::Negate(Box::new(of)), kind))
            }
            (op::IN, [a, b]) => self.contains(at, a, b),
            (op::INDEX, [a, b]) => self.index(at, a, b),
            (op::HAS, [field]) => self.has(field),
            (_, [a, b]) => {
                if let Some(how) = comparison(name) {
                    return self.compare(at, how, a, b);
                }
                if let Some(how) = operator(name) {
                    return self.arithmetic(how, a, b);
                }
                self.function(at, name, None, &call.args)
            }
            _ => self.function(at, name, None, &call.args),
        }
    }

    fn has(&mut self, field: &IdedExpr) -> Result<Typed, Error> {
        let Cel::Select(select) = &field.expr else {
            return Err(self.error(field, "`has` asks for a field".to_owned(), "write `has(record.field)`"));
        };
        let (of, kind) = self.expr(&select.operand)?;
        self.field(field, &kind, &select.field)?;
        Ok((Expr::Has(Box::new(of), select.field.clone()), Type::Bool))
    }

    fn index(&mut self, at: &IdedExpr, a: &IdedExpr, b: &IdedExpr) -> Result<Typed, Error> {
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

    fn contains(&mut self, at: &IdedExpr, a: &IdedExpr, b: &IdedExpr) -> Result<Typed, Error> {
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

    fn never(&self, at: &IdedExpr, word: &str, values: &[String]) -> Error {
        let known: Vec<&str> = values.iter().map(String::as_str).collect();
        let help =
            did_you_mean(word, &known).unwrap_or_else(|| format!("it is one of: {}", known.join(", ")));
        self.error(at, format!("it can never be `{word}`"), help)
    }

    fn may_equal(&self, at: &IdedExpr, a: &Type, b: &Type) -> Result<(), Error> {
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

    fn compare(
        &mut self,
        at: &IdedExpr,
        how: Comparison,
        a: &IdedExpr,
        b: &IdedExpr,
    ) -> Result<Typed, Error> {
        let (left, left_kind) = self.expr(a)?;
        let (right, right_kind) = self.expr(b)?;
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
    fn as_date(&self, at: &IdedExpr, kind: Type, other: &Type) -> Result<Type, Error> {
        match (&kind, other) {
            (Type::Text(values), Type::Date) if values.len() == 1 => {
                if values[0].parse::<jiff::civil::Date>().is_ok() && values[0].len() == 10 {
                    return Ok(Type::Date);
                }
                Err(self.error(at, format!("`{}` is no date", values[0]), "write YYYY-MM-DD"))
            }
            _ => Ok(kind),
        }
    }

    fn arithmetic(&mut self, how: Operator, a: &IdedExpr, b: &IdedExpr) -> Result<Typed, Error> {
        let (left, left_kind) = self.numeric(a)?;
        let (right, right_kind) = self.numeric(b)?;
        Ok((Expr::Arithmetic(how, Box::new(left), Box::new(right)), left_kind.join(right_kind)))
    }

    fn numeric(&mut self, at: &IdedExpr) -> Result<Typed, Error> {
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

    pub(super) fn bool(&mut self, at: &IdedExpr) -> Result<Expr, Error> {
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

    fn each(
        &mut self,
        target: &IdedExpr,
        kind: Each,
        variable: &str,
        body: &IdedExpr,
    ) -> Result<Typed, Error> {
        let (of, of_kind) = self.expr(target)?;
        let item = match of_kind {
            Type::List(item) => *item,
            Type::Any => Type::Any,
            other => {
                return Err(self.error(target, format!("{other} is no list"), "only lists are gone through"));
            }
        };
        let slot = self.slots;
        self.slots += 1;
        self.locals.push((variable.to_owned(), slot, item.clone()));
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

    fn function(
        &mut self,
        at: &IdedExpr,
        name: &str,
        target: Option<&IdedExpr>,
        args: &[IdedExpr],
    ) -> Result<Typed, Error> {
        // A method is the function with its target in front.
        let all: Vec<&IdedExpr> = target.into_iter().chain(args).collect();
        functions::check(self, at, name, &all)
    }
}

pub(super) fn did_you_mean(word: &str, known: &[&str]) -> Option<String> {
    suggestion(word, known.iter().copied()).map(|s| format!("did you mean `{s}`?"))
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        op::EQUALS => Comparison::Equal,
        op::NOT_EQUALS => Comparison::NotEqual,
        op::LESS => Comparison::Less,
        op::LESS_EQUALS => Comparison::LessOrEqual,
        op::GREATER => Comparison::Greater,
        op::GREATER_EQUALS => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn operator(name: &str) -> Option<Operator> {
    Some(match name {
        op::ADD => Operator::Add,
        op::SUBSTRACT => Operator::Subtract,
        op::MULTIPLY => Operator::Multiply,
        op::DIVIDE => Operator::Divide,
        op::MODULO => Operator::Remainder,
        _ => return None,
    })
}

pub(super) fn literal_type(literal: &Literal) -> Type {
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

fn copy(literal: &Literal) -> Literal {
    match literal {
        Literal::Bool(b) => Literal::Bool(*b),
        Literal::Int(i) => Literal::Int(*i),
        Literal::Float(f) => Literal::Float(*f),
        Literal::Text(t) => Literal::Text(t.clone()),
        Literal::List(items) => Literal::List(items.iter().map(copy).collect()),
    }
}
