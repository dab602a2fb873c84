//! Evaluation in three values: true or false, and unknown with the paths that are missing.

use std::rc::Rc;

use super::ast::{Comparison, Each, Expr, Function, Literal, Name, OfSubject, Operator, Shared};
use super::functions;
use super::machine::{Machine, Scope};
use super::plan::IndexPlan;
use super::usage::Usage;
use super::value::{Absence, Absent, Failure, Item, Value, merge, number, order};
use crate::records::KindId;

/// Leaves the function with the value if it is unknown.
macro_rules! known {
    ($value:expr) => {
        match $value {
            Value::Unknown(absent) => return Ok(Value::Unknown(absent)),
            value => value,
        }
    };
}

/// One evaluation of an expression.
pub(super) struct Evaluator<'a> {
    pub(super) machine: Machine<'a>,
    slots: Vec<Value<'a>>,
}

type Evaluated<'a> = Result<Value<'a>, Failure>;

impl<'a> Evaluator<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, subject: Value<'a>, slots: usize) -> Self {
        let size = match &subject {
            Value::List(items) => items.len(),
            _ => 0,
        };
        let mut all = Vec::with_capacity(slots);
        all.push(subject);
        all.resize(slots.max(1), Value::Bool(false));
        Evaluator { machine: Machine::new(scope, size), slots: all }
    }

    pub(super) fn eval(&mut self, expr: &'a Expr) -> Evaluated<'a> {
        if !matches!(expr, Expr::Shared(_) | Expr::OfSubject(_)) {
            self.machine.spend(1)?;
        }
        match expr {
            Expr::Shared(part) => self.shared(part),
            Expr::OfSubject(part) => self.of_subject(part),
            Expr::Literal(literal) => Ok(literal_value(literal)),
            Expr::Slot(slot) => Ok(self.slots[*slot].clone()),
            Expr::Organization => Ok(self.machine.organization()),
            Expr::AsOf => Ok(Value::date(self.machine.today())),
            Expr::Field(of, name) => {
                let of = known!(self.eval(of)?);
                self.machine.field(&of, &name.text, name.slot)
            }
            Expr::RawDay(of, name) => {
                let of = known!(self.eval(of)?);
                self.machine.raw_day(&of, name)
            }
            Expr::Has(of, name) => self.has(of, name),
            Expr::Index(of, index) => self.index(of, index),
            Expr::Not(of) => match self.eval(of)? {
                Value::Bool(b) => Ok(Value::Bool(!b)),
                Value::Unknown(absent) => Ok(Value::Unknown(absent)),
                other => Err(Failure::Type(other.type_name())),
            },
            Expr::Negate(of) => match known!(self.eval(of)?) {
                Value::Int(i) => {
                    i.checked_neg().map(Value::Int).ok_or(Failure::Arithmetic("a number too large"))
                }
                Value::Float(f) => Ok(Value::Float(-f)),
                other => Err(Failure::Type(other.type_name())),
            },
            Expr::And(a, b) => self.logic(a, b, false),
            Expr::Or(a, b) => self.logic(a, b, true),
            Expr::If(condition, yes, no) => match known!(self.eval(condition)?) {
                Value::Bool(true) => self.eval(yes),
                Value::Bool(false) => self.eval(no),
                other => Err(Failure::Type(other.type_name())),
            },
            Expr::Compare(how, a, b) => self.compare(*how, a, b),
            Expr::Arithmetic(how, a, b) => {
                let a = known!(self.eval(a)?);
                let b = known!(self.eval(b)?);
                arithmetic(*how, &a, &b)
            }
            Expr::In(item, list) => {
                let item = known!(self.eval(item)?);
                // A list that the policy states can be long: it is not copied for each record.
                if let Expr::Literal(Literal::List(stated)) = &**list {
                    return self.machine.contains_in(stated.iter().map(literal_value), &item);
                }
                let list = known!(self.eval(list)?);
                self.machine.contains(&list, &item)
            }
            Expr::List(items) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    list.push(known!(self.eval(item)?));
                }
                Ok(Value::list(list))
            }
            Expr::Each { kind: Each::Exists, of, slot, body } => match self.holds_id(of, *slot, body)? {
                Some(found) => Ok(found),
                None => self.each(Each::Exists, of, *slot, body),
            },
            Expr::Each { kind, of, slot, body } => self.each(*kind, of, *slot, body),
            Expr::Call(function, args) => self.call(function, args),
        }
    }

    fn has(&mut self, of: &'a Expr, name: &Name) -> Evaluated<'a> {
        let of = known!(self.eval(of)?);
        Ok(match self.machine.field(&of, &name.text, name.slot)? {
            Value::Unknown(absent) if absent.iter().all(|a| a.why == Absence::Missing) => Value::Bool(false),
            Value::Unknown(absent) => Value::Unknown(absent),
            _ => Value::Bool(true),
        })
    }

    fn index(&mut self, list: &'a Expr, index: &'a Expr) -> Evaluated<'a> {
        let of = known!(self.eval(list)?);
        let index = known!(self.eval(index)?);
        let Value::Int(index) = index else {
            return Err(Failure::Type(index.type_name()));
        };
        let element = match usize::try_from(index) {
            Ok(i) => self.machine.elements(&of)?.nth(i),
            Err(_) => None,
        };
        Ok(element.unwrap_or_else(|| {
            let absent = self.machine.absent_in(&of, Absence::Empty, &format!("[{index}]"));
            self.nothing_in(list, absent)
        }))
    }

    /// `absorbing` is the value that decides alone: false for `&&`, true for `||`.
    fn logic(&mut self, a: &'a Expr, b: &'a Expr, absorbing: bool) -> Evaluated<'a> {
        let a = match self.eval(a)? {
            Value::Bool(value) if value == absorbing => return Ok(Value::Bool(absorbing)),
            Value::Bool(_) => None,
            Value::Unknown(absent) => Some(absent),
            other => return Err(Failure::Type(other.type_name())),
        };
        match (a, self.eval(b)?) {
            (_, Value::Bool(value)) if value == absorbing => Ok(Value::Bool(absorbing)),
            (None, Value::Bool(value)) => Ok(Value::Bool(value)),
            (Some(absent), Value::Bool(_)) | (None, Value::Unknown(absent)) => Ok(Value::Unknown(absent)),
            (Some(a), Value::Unknown(b)) => Ok(Value::Unknown(merge(a, &b))),
            (_, other) => Err(Failure::Type(other.type_name())),
        }
    }

    fn compare(&mut self, how: Comparison, a: &'a Expr, b: &'a Expr) -> Evaluated<'a> {
        let (a, b) = match (self.eval(a)?, self.eval(b)?) {
            (Value::Unknown(a), Value::Unknown(b)) => return Ok(Value::Unknown(merge(a, &b))),
            (Value::Unknown(absent), _) | (_, Value::Unknown(absent)) => return Ok(Value::Unknown(absent)),
            known => known,
        };
        Ok(Value::Bool(match how {
            Comparison::Equal => self.machine.equal(&a, &b)?,
            Comparison::NotEqual => !self.machine.equal(&a, &b)?,
            Comparison::Less => order(&a, &b)?.is_lt(),
            Comparison::LessOrEqual => order(&a, &b)?.is_le(),
            Comparison::Greater => order(&a, &b)?.is_gt(),
            Comparison::GreaterOrEqual => order(&a, &b)?.is_ge(),
        }))
    }

    /// Evaluates a part, or takes what is kept of it.
    // Not inlined: it would only make the frame of every evaluation larger.
    #[inline(never)]
    fn shared(&mut self, part: &'a Shared) -> Evaluated<'a> {
        let kept = self.machine.kept(part.number);
        let key = if kept.is_dear() { self.machine.key(&part.inputs, &self.slots) } else { None };
        if let Some(answer) = key.as_ref().and_then(|key| kept.get(key)) {
            self.machine.take(answer.usage)?;
            return Ok(answer.value());
        }
        let before = self.machine.begin();
        let value = self.eval(&part.expr);
        let usage = self.machine.since(before);
        let value = value?;
        kept.keep(&value, usage, || key.or_else(|| self.machine.key(&part.inputs, &self.slots)));
        Ok(value)
    }

    /// Evaluates what a definition says of the subject, or takes what is kept of it.
    #[inline(never)]
    fn of_subject(&mut self, part: &'a OfSubject) -> Evaluated<'a> {
        let Some(Value::Item(subject)) = self.slots.first() else { return self.eval(&part.expr) };
        let record = subject.record;
        if let Some((answer, steps)) = self.machine.told(part.number, record) {
            self.machine.take(Usage { steps, ..Usage::default() })?;
            return Ok(Value::Bool(answer));
        }
        let before = self.machine.begin();
        let value = self.eval(&part.expr);
        let usage = self.machine.since(before);
        if let Ok(Value::Bool(answer)) = value {
            self.machine.tell(part.number, record, answer, usage);
        }
        value
    }

    /// `related(…).exists(r, r.id == …)`: answered by the index, because the list can be long. `None` where it is
    /// another question, or ids do not decide it.
    #[inline(never)]
    fn holds_id(&mut self, of: &'a Expr, slot: usize, body: &'a Expr) -> Result<Option<Value<'a>>, Failure> {
        let (Expr::Call(Function::Related(index), args), Expr::Compare(Comparison::Equal, a, b)) = (of, body)
        else {
            return Ok(None);
        };
        let [value] = args.as_slice() else { return Ok(None) };
        if !matches!(&**a, Expr::Field(of, name) if name.text == "id" && matches!(**of, Expr::Slot(s) if s == slot))
            || !is_outside(b, slot)
        {
            return Ok(None);
        }
        let value = match self.eval(value)? {
            Value::Text(text) => text,
            Value::Unknown(absent) => return Ok(Some(Value::Unknown(absent))),
            _ => return Ok(None),
        };
        if !self.machine.has_related(*index, &value) {
            return Ok(Some(Value::Bool(false)));
        }
        Ok(match self.eval(b)? {
            Value::Text(id) => self.machine.is_related(*index, &value, &id).map(Value::Bool),
            Value::Unknown(absent) => Some(Value::Unknown(absent)),
            _ => None,
        })
    }

    fn each(&mut self, kind: Each, of: &'a Expr, slot: usize, body: &'a Expr) -> Evaluated<'a> {
        let of = known!(self.eval(of)?);
        let mut unknown: Option<Rc<Vec<Absent>>> = None;
        let mut out = Vec::new();
        let mut hits = 0_usize;
        for element in self.machine.elements(&of)? {
            self.machine.spend(1)?;
            self.slots[slot] = element.clone();
            let value =
                if let Value::Unknown(absent) = element { Value::Unknown(absent) } else { self.eval(body)? };
            match (kind, value) {
                (Each::Map, Value::Unknown(absent)) => return Ok(Value::Unknown(absent)),
                (Each::Map, value) => out.push(value),
                (_, Value::Unknown(absent)) => {
                    unknown = Some(match unknown {
                        None => absent,
                        Some(before) => merge(before, &absent),
                    });
                }
                (Each::All, Value::Bool(false)) => return Ok(Value::Bool(false)),
                (Each::Exists, Value::Bool(true)) => return Ok(Value::Bool(true)),
                (Each::ExistsOne, Value::Bool(true)) => hits += 1,
                (Each::Filter, Value::Bool(true)) => out.push(self.slots[slot].clone()),
                (_, Value::Bool(_)) => {}
                (_, other) => return Err(Failure::Type(other.type_name())),
            }
        }
        if let Some(absent) = unknown {
            // Two certain hits already decide that there is not exactly one.
            if kind == Each::ExistsOne && hits > 1 {
                return Ok(Value::Bool(false));
            }
            return Ok(Value::Unknown(absent));
        }
        Ok(match kind {
            Each::All => Value::Bool(true),
            Each::Exists => Value::Bool(false),
            Each::ExistsOne => Value::Bool(hits == 1),
            Each::Map | Each::Filter => Value::list(out),
        })
    }

    /// The elements that a condition on all of a list refuses.
    pub(super) fn refused(&mut self, expr: &'a Expr, found: &mut Vec<Item<'a>>) -> Result<(), Failure> {
        match expr {
            Expr::Shared(part) => self.refused(&part.expr, found),
            Expr::And(a, b) => {
                self.refused(a, found)?;
                self.refused(b, found)
            }
            Expr::Each { kind: Each::All, of, slot, body } => {
                let of = self.eval(of)?;
                if let Value::Unknown(_) = of {
                    return Ok(());
                }
                for element in self.machine.elements(&of)? {
                    self.machine.spend(1)?;
                    let Value::Item(item) = element else { continue };
                    self.slots[*slot] = Value::Item(item);
                    if let Value::Bool(false) = self.eval(body)? {
                        found.push(item);
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn call(&mut self, function: &'a Function, args: &'a [Expr]) -> Evaluated<'a> {
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            values.push(known!(self.eval(arg)?));
        }
        let value = functions::call(&mut self.machine, function, &values)?;
        match (function, args, &value) {
            (Function::AgeDays, [Expr::Field(of, name)], Value::Unknown(why))
                if why.iter().all(|absent| absent.why == Absence::Future) =>
            {
                let of = self.eval(of)?;
                Ok(self.machine.absent_in(&of, Absence::Future, &name.text))
            }
            (Function::Min | Function::Max, [list], Value::Unknown(_)) => Ok(self.nothing_in(list, value)),
            _ => Ok(value),
        }
    }

    /// An unknown for an element of a list that a record does not hold, with what the list is made of.
    fn nothing_in(&self, list: &Expr, value: Value<'a>) -> Value<'a> {
        let made = |absent: &Absent| absent.why == Absence::Empty && absent.record.is_none();
        match &value {
            Value::Unknown(absent) if absent.iter().all(made) => {}
            _ => return value,
        }
        match origin(self.machine.plan(), list) {
            Some(Origin::Kind(kind)) => {
                Value::unknown(Absence::Empty, None, format!("[{}]", self.machine.kind_name(kind)))
            }
            Some(Origin::Field(name)) => Value::unknown(Absence::Empty, None, name),
            None => value,
        }
    }
}

/// Whether an expression names a field, an element or a value, and not of this variable.
fn is_outside(expr: &Expr, slot: usize) -> bool {
    match expr {
        Expr::Literal(_) => true,
        Expr::Slot(s) => *s != slot,
        Expr::Field(of, _) => is_outside(of, slot),
        Expr::Index(of, index) => is_outside(of, slot) && is_outside(index, slot),
        _ => false,
    }
}

/// Where the elements of a list come from.
enum Origin<'e> {
    Kind(KindId),
    Field(&'e str),
}

/// Where the elements of the list that an expression makes come from, where that can be told.
fn origin<'e>(plan: &IndexPlan, list: &'e Expr) -> Option<Origin<'e>> {
    let kind = match list {
        Expr::Field(_, name) => return Some(Origin::Field(&name.text)),
        Expr::Shared(part) => return origin(plan, &part.expr),
        Expr::OfSubject(part) => return origin(plan, &part.expr),
        Expr::Each { of, .. } | Expr::Index(of, _) => return origin(plan, of),
        Expr::Call(Function::Distinct, of) => return origin(plan, of.first()?),
        Expr::Call(Function::Related(index), _) => plan.fields.get(*index)?.0,
        Expr::Call(Function::RelatedWithin(index), _) => plan.dated.get(*index)?.0,
        Expr::Call(Function::People(kind), _) => *kind,
        Expr::Call(Function::Near(index), _) => *plan.places.get(*index)?,
        _ => return None,
    };
    Some(Origin::Kind(kind))
}

fn literal_value(literal: &Literal) -> Value<'_> {
    match literal {
        Literal::Bool(b) => Value::Bool(*b),
        Literal::Int(i) => Value::Int(*i),
        Literal::Float(f) => Value::Float(*f),
        Literal::Text(t) => Value::text(t),
        Literal::List(items) => Value::list(items.iter().map(literal_value).collect()),
    }
}

fn arithmetic<'a>(how: Operator, a: &Value<'a>, b: &Value<'a>) -> Evaluated<'a> {
    const TOO_LARGE: Failure = Failure::Arithmetic("a number too large");
    const BY_ZERO: Failure = Failure::Arithmetic("a division by zero");
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => {
            let (a, b) = (*a, *b);
            if b == 0 && matches!(how, Operator::Divide | Operator::Remainder) {
                return Err(BY_ZERO);
            }
            let result = match how {
                Operator::Add => a.checked_add(b),
                Operator::Subtract => a.checked_sub(b),
                Operator::Multiply => a.checked_mul(b),
                Operator::Divide => a.checked_div(b),
                Operator::Remainder => a.checked_rem(b),
            };
            result.map(Value::Int).ok_or(TOO_LARGE)
        }
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            let (a, b) = (number(a), number(b));
            let result = match how {
                Operator::Add => a + b,
                Operator::Subtract => a - b,
                Operator::Multiply => a * b,
                Operator::Divide => a / b,
                Operator::Remainder => a % b,
            };
            if result.is_finite() { Ok(Value::Float(result)) } else { Err(BY_ZERO) }
        }
        (a, _) => Err(Failure::Type(a.type_name())),
    }
}
