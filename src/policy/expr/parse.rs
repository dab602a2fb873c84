//! Source to syntax tree, by the two parsers of the `cel` crate.
//!
//! The *full* one leaves `has`, `all` and the like as the calls they are written as, and knows where every
//! part stands. The *quick* one is many times faster, knows no places, and writes those calls out as loops,
//! which are read back here. Both give the same compiled expression; tests hold them to it.

use cel::common::ast::{ComprehensionExpr, Expr as Cel, IdedExpr, LiteralValue, operators as op};
use cel::parser::PrattParser;

use super::ast::Each;

pub(super) fn quickly(source: &str) -> Result<IdedExpr, cel::ParseErrors> {
    PrattParser::new().parse(source)
}

pub(super) fn fully(source: &str) -> Result<cel::Program, cel::ParseErrors> {
    cel::Env::default().with_optional_support(false).compile(source)
}

/// The call a loop was written as: what it does, the name of its element, and its body.
pub(super) fn each(written_out: &ComprehensionExpr) -> Option<(Each, &str, &IdedExpr)> {
    let variable = written_out.iter_var.as_str();
    let Cel::Call(step) = &written_out.loop_step.expr else {
        return None;
    };
    let start = &written_out.accu_init.expr;
    let (kind, body) = match (step.func_name.as_str(), step.args.as_slice()) {
        (op::LOGICAL_AND, [_, body]) => (Each::All, body),
        (op::LOGICAL_OR, [_, body]) => (Each::Exists, body),
        (op::CONDITIONAL, [body, _, _]) if matches!(start, Cel::Literal(LiteralValue::Int(_))) => {
            (Each::ExistsOne, body)
        }
        // Both put something into a list: a filter the element itself.
        (op::CONDITIONAL, [body, added, _]) => match &appended(added)?.expr {
            Cel::Ident(name) if name == variable => (Each::Filter, body),
            _ => return None,
        },
        (op::ADD, _) => (Each::Map, appended(&written_out.loop_step)?),
        _ => return None,
    };
    Some((kind, variable, body))
}

/// The element that `list + [element]` appends.
fn appended(sum: &IdedExpr) -> Option<&IdedExpr> {
    let Cel::Call(call) = &sum.expr else {
        return None;
    };
    match (call.func_name.as_str(), call.args.as_slice()) {
        (op::ADD, [_, IdedExpr { expr: Cel::List(list), .. }]) => match list.elements.as_slice() {
            [element] => Some(element),
            _ => None,
        },
        _ => None,
    }
}
