//! Parts of an expression that many subjects have in common.
//!
//! A part that joins records, such as `related('hiring-rules', 'status', 'in-force').exists(r, …)`, says the same of
//! all subjects that agree in its *inputs*: the few fields it reads of them. Once such a part has turned out to be
//! *dear*, what it says is kept by the values of its inputs. A thousand records beside a hundred rules then cost
//! a thousand looks and a hundred, not their product.

use std::collections::HashMap;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::ast::{Each, Expr, Function, IndexPlan};
use super::eval::{Evaluator, Failure, Value};
use super::watch::Touched;
use crate::tree::Tag;

/// Inputs a part may have; with more of them hardly two subjects agree.
const MAX_INPUTS: usize = 8;
/// Steps from which on a part is worth keeping.
const DEAR: u64 = 64;
/// Answers that are kept of one part.
const MAX_ANSWERS: usize = 4_096;

/// A part that may be kept.
#[derive(Debug)]
pub struct Shared {
    /// Index in the plan.
    number: usize,
    inputs: Vec<Input>,
    pub(super) expr: Expr,
}

/// A field of a variable, or the variable itself if the path is empty.
#[derive(Debug, PartialEq)]
struct Input {
    slot: usize,
    path: Vec<String>,
    /// Only whether it is recorded is asked.
    presence: bool,
}

/// Marks the parts of an expression that may be kept. Returns whether it joins records.
pub(super) fn mark(expr: &mut Expr, plan: &mut IndexPlan) -> bool {
    let mut joins =
        matches!(expr, Expr::Call(Function::Related(_) | Function::RelatedWithin(_) | Function::Near(_), _));
    children(expr, &mut |child| joins |= mark(child, plan));
    let small = match expr {
        Expr::Each { kind, .. } => matches!(kind, Each::All | Each::Exists | Each::ExistsOne),
        Expr::Call(function, _) => matches!(function, Function::Size | Function::Min | Function::Max),
        _ => false,
    };
    let mut inputs = Vec::new();
    if joins && small && gather(expr, &mut Vec::new(), &mut inputs) && inputs.len() <= MAX_INPUTS {
        let part = std::mem::replace(expr, Expr::AsOf);
        *expr = Expr::Shared(Box::new(Shared { number: plan.part(), inputs, expr: part }));
    }
    joins
}

fn children(expr: &mut Expr, visit: &mut dyn FnMut(&mut Expr)) {
    match expr {
        Expr::Literal(_) | Expr::Slot(_) | Expr::Organization | Expr::AsOf => {}
        Expr::Field(of, _) | Expr::Has(of, _) | Expr::Not(of) | Expr::Negate(of) => visit(of),
        Expr::Index(a, b)
        | Expr::And(a, b)
        | Expr::Or(a, b)
        | Expr::Compare(_, a, b)
        | Expr::Arithmetic(_, a, b)
        | Expr::In(a, b)
        | Expr::Each { of: a, body: b, .. } => {
            visit(a);
            visit(b);
        }
        Expr::If(a, b, c) => [a, b, c].into_iter().for_each(|part| visit(part)),
        Expr::List(items) | Expr::Call(_, items) => items.iter_mut().for_each(visit),
        Expr::Shared(part) => visit(&mut part.expr),
    }
}

/// Adds what an expression reads of variables from outside it; false where more than fields is read.
fn gather<'e>(expr: &'e Expr, bound: &mut Vec<usize>, inputs: &mut Vec<Input>) -> bool {
    let free = |of: &'e Expr, bound: &[usize]| path_of(of).filter(|(slot, _)| !bound.contains(slot));
    match expr {
        Expr::Literal(_) | Expr::Organization | Expr::AsOf => true,
        Expr::Slot(_) | Expr::Field(..) if path_of(expr).is_some() => {
            free(expr, bound).is_none_or(|(slot, path)| add(inputs, slot, &path, false))
        }
        Expr::Has(of, name) if path_of(of).is_some() => free(of, bound).is_none_or(|(slot, mut path)| {
            path.push(name);
            add(inputs, slot, &path, true)
        }),
        Expr::Slot(_) => false,
        Expr::Field(of, _) | Expr::Has(of, _) | Expr::Not(of) | Expr::Negate(of) => gather(of, bound, inputs),
        Expr::Index(a, b)
        | Expr::And(a, b)
        | Expr::Or(a, b)
        | Expr::Compare(_, a, b)
        | Expr::Arithmetic(_, a, b)
        | Expr::In(a, b) => gather(a, bound, inputs) && gather(b, bound, inputs),
        Expr::If(a, b, c) => [a, b, c].into_iter().all(|part| gather(part, bound, inputs)),
        Expr::List(items) => items.iter().all(|item| gather(item, bound, inputs)),
        Expr::Each { of, slot, body, .. } => {
            gather(of, bound, inputs) && {
                bound.push(*slot);
                let fields_only = gather(body, bound, inputs);
                bound.pop();
                fields_only
            }
        }
        Expr::Call(function, args) => args.iter().all(|arg| match (function, free(arg, bound)) {
            // Of a place these fields are read; what else takes a whole object looks at more than can be compared.
            (Function::Near(_) | Function::DistanceKm, Some((slot, path))) => {
                ["latitude", "longitude", "country", "postal_code"].into_iter().all(|name| {
                    let path: Vec<&str> = path.iter().copied().chain([name]).collect();
                    add(inputs, slot, &path, false)
                })
            }
            (Function::EvidenceOk | Function::PlaceKey(_), Some(_)) => false,
            _ => gather(arg, bound, inputs),
        }),
        Expr::Shared(part) => gather(&part.expr, bound, inputs),
    }
}

fn add(inputs: &mut Vec<Input>, slot: usize, path: &[&str], presence: bool) -> bool {
    let input = Input { slot, path: path.iter().map(|&name| name.to_owned()).collect(), presence };
    if !inputs.contains(&input) {
        inputs.push(input);
    }
    true
}

/// The variable and the path of its field that an expression names, if that is all it does.
fn path_of(expr: &Expr) -> Option<(usize, Vec<&str>)> {
    match expr {
        Expr::Slot(slot) => Some((*slot, Vec::new())),
        Expr::Field(of, name) => {
            let (slot, mut path) = path_of(of)?;
            path.push(name);
            Some((slot, path))
        }
        _ => None,
    }
}

/// What is kept of one part.
#[derive(Debug, Default)]
pub struct Answers {
    dear: AtomicBool,
    by_inputs: RwLock<HashMap<Vec<u8>, Answer>>,
}

#[derive(Debug, Clone)]
struct Answer {
    known: Known,
    touched: Touched,
    steps: u64,
}

/// A known value that belongs to no record.
#[derive(Debug, Clone)]
enum Known {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl Answers {
    fn get(&self, key: &[u8]) -> Option<Answer> {
        self.by_inputs.read().ok()?.get(key).cloned()
    }

    fn keep(&self, key: Vec<u8>, value: &Value<'_>, touched: Touched, steps: u64) {
        // What is unknown says of which record, and that is another one each time.
        let known = match value {
            Value::Bool(b) => Known::Bool(*b),
            Value::Int(i) => Known::Int(*i),
            Value::Float(f) => Known::Float(*f),
            Value::Text(text) => Known::Text(text.to_string()),
            Value::List(_) | Value::Item(_) | Value::Unknown(_) => return,
        };
        if let Ok(mut answers) = self.by_inputs.write()
            && answers.len() < MAX_ANSWERS
        {
            answers.insert(key, Answer { known, touched, steps });
        }
    }
}

impl<'a> Evaluator<'a> {
    /// Evaluates a part, or takes what is kept of it. An answer that is kept counts as many steps as it took, so
    /// that the limit does not depend on which record came first.
    // Not inlined: it would only make the frame of every evaluation larger.
    #[inline(never)]
    pub(super) fn shared(&mut self, part: &'a Shared) -> Result<Value<'a>, Failure> {
        let scope = self.scope;
        let answers = scope.indexes.answers(part.number);
        let key = if answers.dear.load(Ordering::Relaxed) { self.key(&part.inputs) } else { None };
        if let Some(answer) = key.as_ref().and_then(|key| answers.get(key)) {
            self.touched = self.touched.and(answer.touched);
            self.saved += answer.steps.saturating_sub(1);
            self.spend(answer.steps as usize)?;
            return Ok(match answer.known {
                Known::Bool(b) => Value::Bool(b),
                Known::Int(i) => Value::Int(i),
                Known::Float(f) => Value::Float(f),
                Known::Text(text) => Value::Text(text.into()),
            });
        }
        let before = (self.steps, std::mem::take(&mut self.touched));
        let value = self.eval(&part.expr);
        let (steps, touched) = (self.steps - before.0, self.touched);
        self.touched = touched.and(before.1);
        let value = value?;
        if steps >= DEAR {
            answers.dear.store(true, Ordering::Relaxed);
            if let Some(key) = key.or_else(|| self.key(&part.inputs)) {
                answers.keep(key, &value, touched, steps);
            }
        }
        Ok(value)
    }

    /// The values of the inputs; none where one of them is not a plain value.
    fn key(&self, inputs: &[Input]) -> Option<Vec<u8>> {
        let mut key = Vec::with_capacity(16 * inputs.len());
        for input in inputs {
            self.write(input, &mut key)?;
        }
        Some(key)
    }

    fn write(&self, input: &Input, key: &mut Vec<u8>) -> Option<()> {
        let mut text = |sort: u8, text: &[u8]| {
            key.push(sort);
            key.extend((text.len() as u64).to_le_bytes());
            key.extend(text);
        };
        match &self.slots[input.slot] {
            Value::Item(item) => {
                text(b'k', &self.scope.set.get(item.record).kind.0.to_le_bytes());
                let mut node = item.node;
                for (depth, name) in input.path.iter().enumerate() {
                    if node.is_invalid() || node.tag() != Tag::Map {
                        return None;
                    }
                    let Some(child) = node.get(name) else {
                        text(b'-', &depth.to_le_bytes());
                        return Some(());
                    };
                    node = child;
                }
                match node.tag() {
                    _ if node.is_invalid() => return None,
                    _ if input.presence && !node.has_happened() => text(b'+', &[]),
                    Tag::Seq | Tag::Map | Tag::Null => return None,
                    tag => text(tag as u8, node.text().as_bytes()),
                }
            }
            _ if !input.path.is_empty() => return None,
            Value::Bool(b) => text(b'b', &[u8::from(*b)]),
            Value::Int(i) => text(b'i', &i.to_le_bytes()),
            Value::Float(f) => text(b'f', &f.to_le_bytes()),
            Value::Text(value) => text(b't', value.as_bytes()),
            Value::List(_) | Value::Unknown(_) => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
