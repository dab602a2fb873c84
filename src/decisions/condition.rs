//! Conditions of waivers: which records one covers, said by what is recorded of them.
//!
//! A condition is an expression of the policy language over one record of the kind that the check looks at. It covers a
//! gap when it holds for every record of the gap; what is not recorded meets no condition. One that compares
//! personal data, looks beyond the record, or holds for all records of the kind does not count.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::{Desk, Refused, refused};
use crate::assessment::Finding;
use crate::policy::expr::{self, Compared, Expression, IndexPlan, Item, Type, Value, Variables};
use crate::policy::{Check, Measure};
use crate::records::{FieldType, KindDefinition, KindId, RecordSet, Shape};
use crate::text::count;

/// The records that a condition holds for.
pub(super) struct Met<'s> {
    kind: &'s str,
    ids: BTreeSet<&'s str>,
}

impl Met<'_> {
    /// Whether the condition holds for every record of a gap.
    pub(super) fn covers(&self, finding: &Finding) -> bool {
        let is_met = |kind: &str, id: &str| kind == self.kind && self.ids.contains(id);
        !finding.records.is_empty() && finding.records.iter().all(|record| is_met(&record.kind, &record.id))
    }
}

/// Evaluates the condition of a waiver over all records of the kind that its checks look at.
pub(super) fn met<'s>(
    desk: &Desk<'s>,
    checks: &[(&Measure, &Check)],
    source: &str,
) -> Result<Met<'s>, Refused> {
    let set = desk.world.set;
    let kinds: BTreeSet<KindId> = checks.iter().filter_map(|(_, check)| check.form.kind()).collect();
    let mut kinds = kinds.into_iter();
    let (Some(kind), None) = (kinds.next(), kinds.next()) else {
        let help = "list fingerprints under `findings` instead";
        return refused("condition", "its check does not look at the records of one kind", help);
    };
    let definition = set.catalog.get(kind);
    let mut plan = IndexPlan::default();
    let condition = compiled(set, definition, source, &mut plan)?;
    let indexes = plan.on_demand(set, desk.world.as_of);
    let scope = desk.world.scope(&indexes, None, Compared::default());
    let mut ids = BTreeSet::new();
    for record in set.of_kind(kind) {
        let subject = Value::Item(Item { node: set.root(record), record });
        match condition.evaluate(&scope, subject) {
            Ok(Value::Bool(true)) => _ = ids.insert(&*set.get(record).id),
            Ok(_) => {}
            Err(failure) => {
                let why = format!("its condition cannot be evaluated: {failure}");
                return refused("condition", why, "compare a field of the record with a value");
            }
        }
    }
    let all = set.count(kind);
    if all > 1 && ids.len() == all {
        let records = count(all, "record");
        let why = format!("it is too broad: its condition holds for all {records} of the kind");
        return refused("condition", why, "say what tells these records from the others, or list their ids");
    }
    Ok(Met { kind: &definition.name, ids })
}

fn compiled(
    set: &RecordSet,
    definition: &KindDefinition,
    source: &str,
    plan: &mut IndexPlan,
) -> Result<Expression, Refused> {
    let variables = Variables {
        catalog: &set.catalog,
        subject: Some((definition.variable(), Type::Object(definition.shape.clone()))),
        parameters: &BTreeMap::new(),
        definitions: &[],
    };
    let compiled = expr::compile(source, &variables, plan, Some(&Type::Bool));
    let condition = compiled.or_else(|error| {
        let why = format!("its condition is not an expression over a {}: {}", definition.name, error.message);
        refused("condition", why, error.help.clone())
    })?;
    if plan.looks_beyond_the_subject() {
        let help = format!("compare fields of the {} with values", definition.name);
        return refused("condition", "its condition looks beyond the record", help);
    }
    if let Some(field) = hidden(&definition.shape, &condition, "") {
        let why = format!("its condition reads `{field}`, which reports do not show");
        return refused("condition", why, "list the ids of the records under `records`");
    }
    Ok(condition)
}

/// A field of personal data that a condition reads: what it is compared with would stand in the report.
fn hidden(shape: &Shape, condition: &Expression, path: &str) -> Option<String> {
    let is_hidden = shape.sensitive.is_some() || shape.covered || matches!(shape.form, FieldType::Any);
    if is_hidden && condition.reads(shape) {
        return Some(path.to_owned());
    }
    match &shape.form {
        FieldType::Object(fields) => fields.iter().find_map(|field| {
            let dot = if path.is_empty() { "" } else { "." };
            hidden(&field.shape, condition, &format!("{path}{dot}{}", field.name))
        }),
        FieldType::List(element) => hidden(element, condition, path),
        _ => None,
    }
}
