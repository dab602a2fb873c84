//! The checker's part in definitions: each is checked where it is written, and inlined where it is used.

use std::sync::Arc;

use super::ast::{Expr, OfSubject};
use super::check::{Checker, Variables, whole};
use super::compare::may_equal;
use super::definition::{Argument, Cost, Definition, Local};
use super::error::{Error, error};
use super::limits::{MAX_DEPTH, MAX_NODES};
use super::plan::{IndexPlan, address};
use super::syntax::Node;
use super::types::Type;
use crate::records::{FieldType, Shape};

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
        return root.refuse(message, "leave it out, or use it");
    }
    Ok(Definition { name: name.to_owned(), source: source.to_owned(), arguments, root })
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
        at.refuse(message, "split it into several checks")
    }

    /// The number of a definition whose arguments are the subject, which is a record, and values that are written out.
    fn of_subject(&mut self, definition: &Arc<Definition>, arguments: &[Local]) -> Option<usize> {
        let (_, Type::Object(shape)) = self.variables.subject.as_ref()? else { return None };
        let kind = self.variables.catalog.kind_of(shape)?;
        let mut others = String::new();
        for argument in arguments {
            match &argument.value {
                Expr::Slot(0) => others.push_str("subject,"),
                Expr::Literal(literal) => others.push_str(&format!("{literal:?},")),
                _ => return None,
            }
        }
        others.contains("subject,").then(|| self.plan.of_subject(definition, kind, others))
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
            return at.refuse(message, format!("use it as `{}`", definition.signature()));
        }
        let mut locals = Vec::with_capacity(given.len());
        let mut stands_for = Vec::new();
        for (argument, node) in definition.arguments.iter().zip(given) {
            let (value, kind, cost) = self.measured(node)?;
            if let (Type::Text(_), Type::Text(_)) = (&kind, &argument.kind) {
                may_equal(node, &kind, &argument.kind)?;
            }
            if !kind.fits(&argument.kind) {
                let message = format!("`{}` takes another `{}`", definition.name, argument.name);
                let help = match (&kind, &argument.kind) {
                    (Type::Object(_), Type::Object(_)) => {
                        format!("compare what `{}` is for", definition.signature())
                    }
                    (given, wanted) => format!("this is {given}, not {wanted}"),
                };
                return node.refuse(message, help);
            }
            stands_for
                .extend(shape_of(&argument.kind).zip(shape_of(&kind)).filter(|(a, b)| !Arc::ptr_eq(a, b)));
            let (name, kind) = (argument.name.clone(), argument.kind.clone());
            locals.push(Local { name, value, kind, cost, read: false });
        }
        if !self.definitions.iter().any(|used| Arc::ptr_eq(used, definition)) {
            self.definitions.push(Arc::clone(definition));
        }
        let number = self.of_subject(definition, &locals);
        let outside = std::mem::replace(&mut self.locals, locals);
        let read_outside = std::mem::take(&mut self.fields);
        let meaning = self.expr(&definition.root);
        self.locals = outside;
        // What is read of an argument is read of what stands in its place.
        for (declared, given) in &stands_for {
            self.read_alike(declared, given);
        }
        self.fields.extend(read_outside);
        let meaning = meaning.map(|(expr, kind)| match number {
            Some(number) if kind == Type::Bool => {
                (Expr::OfSubject(Box::new(OfSubject { number, expr })), kind)
            }
            _ => (expr, kind),
        });
        // Other mistakes are reported where the definition is written: here, it is too large.
        meaning.map_err(|refused| error(at.span.clone(), refused.message, refused.help))
    }
}

impl Checker<'_, '_> {
    /// Notes of a shape what was noted of another: itself, and the fields that both have.
    fn read_alike(&mut self, declared: &Shape, given: &Shape) {
        if self.fields.contains(&address(declared)) {
            self.fields.insert(address(given));
        }
        match (&declared.form, &given.form) {
            (FieldType::List(declared), FieldType::List(given)) => self.read_alike(declared, given),
            (FieldType::Object(fields), FieldType::Object(_)) => {
                for field in fields {
                    if let Some(other) = given.field(&field.name) {
                        self.read_alike(&field.shape, &other.shape);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The shape of an object, or of the elements of a list of objects.
fn shape_of(kind: &Type) -> Option<Arc<Shape>> {
    match kind {
        Type::Object(shape) => Some(Arc::clone(shape)),
        Type::List(item) => shape_of(item),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::definition::arguments;
    use super::*;
    use crate::policy::expr::{Literal, compile};
    use crate::records::Catalog;

    /// The tree of an expression over a worker, and its plan.
    fn compiled(catalog: &Catalog, source: &str, definitions: &[Arc<Definition>]) -> String {
        let worker = Type::Object(Arc::clone(&catalog.get(catalog.find("worker").expect("a kind")).shape));
        let parameters = BTreeMap::from([("days".to_owned(), Literal::Int(3))]);
        let variables = Variables {
            catalog,
            subject: Some(("worker".to_owned(), worker)),
            parameters: &parameters,
            definitions,
        };
        let mut plan = IndexPlan::default();
        let compiled = compile(source, &variables, &mut plan, None).map_err(|e| e.message).expect(source);
        let mut root = compiled.root.clone();
        written_out(&mut root);
        let parameters: Vec<&str> = compiled.parameters().collect();
        // Where the shapes of this catalog stand is not what it means.
        let plan = format!("{plan:?}");
        let plan = plan.split("fields_named").next().unwrap_or_default();
        format!("{root:?} {} {parameters:?} {plan}", compiled.slots)
    }

    /// Takes the marks of what is asked of the subject away.
    fn written_out(expr: &mut Expr) {
        while let Expr::OfSubject(part) = expr {
            *expr = part.expr.clone();
        }
        super::super::shared::children(expr, &mut written_out);
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
            assert_eq!(compiled(&catalog, named, &definitions), compiled(&catalog, written, &[]), "{named}");
        }
    }
}
