//! Tests: our parser against the one of the `cel` crate, on the part of CEL that policies may use.

use std::fmt::Write;

use cel::common::ast::{Expr as Cel, IdedExpr, LiteralValue, operators as op};
use proptest::prelude::*;

use super::ast::{Comparison, Literal, Operator};
use super::parse::parse;
use super::syntax::{Kind, Node};

/// What the crate reads, with macros as the calls that they are written as.
fn theirs(source: &str) -> Option<cel::Program> {
    cel::Env::default().with_optional_support(false).compile(source).ok()
}

/// A tree as text; nothing if it holds what policies may not use.
fn shape(tree: &IdedExpr) -> Option<String> {
    let list = |parts: &[IdedExpr]| parts.iter().map(shape).collect::<Option<Vec<_>>>().map(|p| p.join(" "));
    Some(match &tree.expr {
        Cel::Literal(LiteralValue::Boolean(b)) => format!("{}", b.inner()),
        Cel::Literal(LiteralValue::Int(i)) => format!("{}", i.inner()),
        Cel::Literal(LiteralValue::Double(f)) => format!("{:?}f", f.inner()),
        Cel::Literal(LiteralValue::String(s)) => format!("{:?}", s.inner()),
        Cel::Literal(LiteralValue::Null) => "null".to_owned(),
        Cel::Ident(name) => name.clone(),
        Cel::Select(select) if !select.test => format!("(. {} {})", shape(&select.operand)?, select.field),
        Cel::List(items) if items.optional_indices.is_empty() => format!("[{}]", list(&items.elements)?),
        Cel::Call(call) => {
            let name = call.func_name.as_str();
            // Chains are joined in whatever order.
            if matches!(name, op::LOGICAL_AND | op::LOGICAL_OR) {
                let mut flat = String::new();
                chain(tree, name, &mut flat)?;
                return Some(format!("({name}{flat})"));
            }
            let target = match &call.target {
                Some(target) => format!("{} ", shape(target)?),
                None => String::new(),
            };
            format!("({name} {target}{})", list(&call.args)?)
        }
        _ => return None,
    })
}

fn chain(tree: &IdedExpr, of: &str, flat: &mut String) -> Option<()> {
    match &tree.expr {
        Cel::Call(call) if call.func_name == of => call.args.iter().try_for_each(|arg| chain(arg, of, flat)),
        _ => write!(flat, " {}", shape(tree)?).ok(),
    }
}

fn ours(node: &Node) -> String {
    let list = |parts: &[Node]| parts.iter().map(ours).collect::<Vec<_>>().join(" ");
    let flat = |parts: &[Node], of: &str| {
        let part = |part: &Node| match (&part.kind, of) {
            (Kind::And(_), op::LOGICAL_AND) | (Kind::Or(_), op::LOGICAL_OR) => {
                let inner = ours(part);
                inner[of.len() + 2..inner.len() - 1].to_owned()
            }
            _ => ours(part),
        };
        format!("({of} {})", parts.iter().map(part).collect::<Vec<_>>().join(" "))
    };
    match &node.kind {
        Kind::Literal(Literal::Bool(b)) => b.to_string(),
        Kind::Literal(Literal::Int(i)) => i.to_string(),
        Kind::Literal(Literal::Float(f)) => format!("{f:?}f"),
        Kind::Literal(Literal::Text(text)) => format!("{text:?}"),
        Kind::Literal(Literal::List(_)) => "a list is not a literal here".to_owned(),
        Kind::Null => "null".to_owned(),
        Kind::Name(name) => name.clone(),
        Kind::List(items) => format!("[{}]", list(items)),
        Kind::Select(of, name) => format!("(. {} {name})", ours(of)),
        Kind::Index(a, b) => format!("({} {} {})", op::INDEX, ours(a), ours(b)),
        Kind::Call { target: Some(target), name, arguments } => {
            format!("({name} {} {})", ours(target), list(arguments))
        }
        Kind::Call { target: None, name, arguments } => format!("({name} {})", list(arguments)),
        Kind::Not(of) => format!("({} {})", op::LOGICAL_NOT, ours(of)),
        Kind::Negate(of) => format!("({} {})", op::NEGATE, ours(of)),
        Kind::And(parts) => flat(parts, op::LOGICAL_AND),
        Kind::Or(parts) => flat(parts, op::LOGICAL_OR),
        Kind::Conditional(a, b, c) => format!("({} {} {} {})", op::CONDITIONAL, ours(a), ours(b), ours(c)),
        Kind::In(a, b) => format!("({} {} {})", op::IN, ours(a), ours(b)),
        Kind::Compare(how, a, b) => {
            let how = match how {
                Comparison::Equal => op::EQUALS,
                Comparison::NotEqual => op::NOT_EQUALS,
                Comparison::Less => op::LESS,
                Comparison::LessOrEqual => op::LESS_EQUALS,
                Comparison::Greater => op::GREATER,
                Comparison::GreaterOrEqual => op::GREATER_EQUALS,
            };
            format!("({how} {} {})", ours(a), ours(b))
        }
        Kind::Arithmetic(how, a, b) => {
            let how = match how {
                Operator::Add => op::ADD,
                Operator::Subtract => op::SUBSTRACT,
                Operator::Multiply => op::MULTIPLY,
                Operator::Divide => op::DIVIDE,
                Operator::Remainder => op::MODULO,
            };
            format!("({how} {} {})", ours(a), ours(b))
        }
    }
}

/// Spans lie in the source and in one another, and what stands on one reads as its node again.
fn spans_hold(source: &str, node: &Node) {
    let text = &source[node.span.clone()];
    assert_eq!(parse(text).map(|again| ours(&again)), Ok(ours(node)), "{text}");
    let inside = |part: &Node| {
        assert!(node.span.start <= part.span.start && part.span.end <= node.span.end, "{source}");
        spans_hold(source, part);
    };
    match &node.kind {
        Kind::Literal(_) | Kind::Null | Kind::Name(_) => {}
        Kind::List(parts) | Kind::And(parts) | Kind::Or(parts) => parts.iter().for_each(inside),
        Kind::Select(of, _) | Kind::Not(of) | Kind::Negate(of) => inside(of),
        Kind::Index(a, b) | Kind::Compare(_, a, b) | Kind::Arithmetic(_, a, b) | Kind::In(a, b) => {
            inside(a);
            inside(b);
        }
        Kind::Call { target, arguments, .. } => {
            target.iter().for_each(|target| inside(target));
            arguments.iter().for_each(inside);
        }
        Kind::Conditional(a, b, c) => [a, b, c].into_iter().for_each(|part| inside(part)),
    }
}

#[track_caller]
fn alike(source: &str) {
    let wanted = theirs(source).and_then(|program| shape(program.expression()));
    match (parse(source), wanted) {
        (Ok(node), Some(wanted)) => {
            assert_eq!(ours(&node), wanted, "{source}");
            spans_hold(source, &node);
        }
        (Err(error), Some(wanted)) if !error.message.starts_with("nested deeper") => {
            panic!("{source}: refused with {error:?}, but it is {wanted}")
        }
        (Ok(node), None) => panic!("{source}: taken for {}, but it is not CEL for policies", ours(&node)),
        _ => {}
    }
}

#[test]
fn sources_are_read_as_others_read_them() {
    for source in [
        "has(worker.bank) && !has(worker.bank.account_hash)",
        "worker.accounts.all(a, a != 'x') || worker.accounts.exists(b, b == 'y')",
        "a.exists_one(a, a == 'x') != a.existsOne(a, a == 'x')",
        "worker.privileged ? worker.accounts[0] == 'a' : !(worker.status == 'active' && true)",
        "a && b && (c || d || e) && !f || g && h",
        "a.size() - 1 - 2 * 0x10 % 3 < 7 // and a comment\n",
        "a.matches(r'^W-\\d+$') && b == 'é\\u00e9' && c == \"it's\" && d == '''a'b\n'''",
        "related('worker', 'vendor', worker.vendor)[0].start_on <= add_days(as_of, -30)",
        "-1 - -2 - - 3 + -a.b - -(4) + 1.5e3 + .5 + -0x7F",
        "a < b == c in d",
        "[1, 2, 3,].size() + [].size() + f() + g(h(1), 2)",
        "a ? b : c ? d : e",
        "-9223372036854775808 < 9223372036854775807",
    ] {
        assert!(theirs(source).is_some(), "{source}");
        alike(source);
    }
}

#[test]
fn what_is_not_used_in_policies_is_refused() {
    for source in [
        "{'a': 1}",
        "1u",
        "b'a'",
        "a.?b",
        ".a",
        "if",
        "a.b{c: 1}",
        "'a",
        "'\\q'",
        "1 +",
        "f(1,)",
        "9223372036854775808",
        "#",
        "",
    ] {
        let refused = parse(source).expect_err(source);
        assert!(!refused.message.is_empty() && refused.place.end <= source.len(), "{source}: {refused:?}");
    }
}

/// Expressions of every form.
fn expression() -> impl Strategy<Value = String> {
    let atom = prop_oneof![
        "[a-e]",
        "-?[0-9]{1,3}",
        "'[a-z ]{0,4}'",
        Just("true".to_owned()),
        Just("1.5".to_owned())
    ];
    atom.prop_recursive(5, 40, 3, |inner| {
        let signs = vec!["==", "!=", "<", ">=", "+", "-", "*", "%", "in", "&&", "||"];
        prop_oneof![
            (inner.clone(), proptest::sample::select(signs), inner.clone())
                .prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.clone().prop_map(|a| format!("({a}).name")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})[{b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("f({a}, {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}).m({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, {b}]")),
            (inner.clone(), inner.clone(), inner).prop_map(|(c, a, b)| format!("({c} ? {a} : {b})")),
        ]
    })
}

proptest! {
    #[test]
    fn any_source_is_read_as_others_read_it(
        source in "([a-z.()\\[\\]'\"0-9 <>=!&|?:,+*/%-]|worker| in |true|null|0x1f|1\\.5|has\\(a\\.b\\)|\\.all\\(x, |\\\\n|é|//){0,24}",
    ) {
        alike(&source);
    }

    #[test]
    fn any_expression_is_read_as_others_read_it(source in expression()) {
        assert!(theirs(&source).is_some(), "{}", source);
        alike(&source);
    }
}
