//! Parts of an expression that many subjects have in common.
//!
//! A part that joins records, such as `related('hiring-rules', 'status', 'in-force').exists(r, …)`, says the same of
//! all subjects that agree in its *inputs*: the few fields it reads of them. Once such a part has turned out to be
//! *dear*, what it says is kept by the values of its inputs. A thousand records beside a hundred rules then cost
//! a thousand looks and a hundred, not their product.

use super::ast::{Each, Expr, Function, Input, Shared};
use super::plan::IndexPlan;

/// Inputs a part may have; with more of them hardly two subjects agree.
const MAX_INPUTS: usize = 8;

/// Marks the parts of an expression that may be kept. Returns whether it joins records.
pub(super) fn mark(expr: &mut Expr, plan: &mut IndexPlan) -> bool {
    let mut joins = matches!(
        expr,
        Expr::Call(
            Function::People(_) | Function::Related(_) | Function::RelatedWithin(_) | Function::Near(_),
            _
        )
    );
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

pub(super) fn children(expr: &mut Expr, visit: &mut dyn FnMut(&mut Expr)) {
    match expr {
        Expr::Literal(_) | Expr::Slot(_) | Expr::Organization | Expr::AsOf => {}
        Expr::Field(of, _) | Expr::RawDay(of, _) | Expr::Has(of, _) | Expr::Not(of) | Expr::Negate(of) => {
            visit(of)
        }
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
        Expr::OfSubject(part) => visit(&mut part.expr),
    }
}

/// Adds what an expression reads of variables from outside it; false where more than fields is read.
fn gather<'e>(expr: &'e Expr, bound: &mut Vec<usize>, inputs: &mut Vec<Input>) -> bool {
    let free = |of: &'e Expr, bound: &[usize]| path_of(of).filter(|(slot, _)| !bound.contains(slot));
    match expr {
        Expr::Literal(_) | Expr::Organization | Expr::AsOf => true,
        Expr::Slot(_) | Expr::Field(..) | Expr::RawDay(..) if path_of(expr).is_some() => {
            free(expr, bound).is_none_or(|(slot, path)| add(inputs, slot, &path, false))
        }
        Expr::Has(of, name) if path_of(of).is_some() => free(of, bound).is_none_or(|(slot, mut path)| {
            path.push(&name.text);
            add(inputs, slot, &path, true)
        }),
        Expr::Slot(_) => false,
        Expr::Field(of, _) | Expr::RawDay(of, _) | Expr::Has(of, _) | Expr::Not(of) | Expr::Negate(of) => {
            gather(of, bound, inputs)
        }
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
        Expr::OfSubject(part) => gather(&part.expr, bound, inputs),
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
        Expr::Field(of, name) | Expr::RawDay(of, name) => {
            let (slot, mut path) = path_of(of)?;
            path.push(&name.text);
            Some((slot, path))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
