//! Defaults that a check rests on: fields that it reads and records leave out.

use super::verdict::Evaluated;
use crate::policy::expr::Expression;
use crate::policy::{Check, Form};
use crate::records::{FieldDefault, FieldType, KindId, RecordRef, RecordSet, Shape};
use crate::text::{escape, list, verb};
use crate::words::Grade;

/// Defaults that a message names.
const NAMED: usize = 3;

/// The fields with a default that a check reads.
pub(super) struct ReadDefaults<'s> {
    set: &'s RecordSet,
    fields: Vec<(KindId, FieldDefault<'s>)>,
}

impl<'s> ReadDefaults<'s> {
    pub(super) fn by(set: &'s RecordSet, check: &Check) -> Self {
        let reads = |(kind, default): &(KindId, FieldDefault<'_>)| {
            let whole = matches!(&check.form, Form::Schema { kind: own, .. } if own == kind);
            let field = set.catalog.get(*kind).shape.field(default.field());
            let is_read = |field: &Shape| check.expressions().any(|expression| reads(expression, field));
            set.filled(*kind, default.field()) > 0 && (whole || field.is_some_and(|f| is_read(&f.shape)))
        };
        ReadDefaults { set, fields: set.catalog.defaults().iter().filter(reads).collect() }
    }

    fn has(&self, record: RecordRef, (kind, default): &(KindId, FieldDefault<'_>)) -> bool {
        self.set.get(record).kind == *kind
            && self.set.root(record).get(default.field()).is_some_and(|node| node.is_added())
    }

    /// What of a finding's records is a default that the check reads: "this rests on a default: `os` (duly.yaml:12:5)".
    pub(super) fn said(&self, records: &[RecordRef]) -> Option<String> {
        let is_of = |default: &&(KindId, _)| records.iter().any(|record| self.has(*record, default));
        let said = |(_, default): &(KindId, FieldDefault<'_>)| {
            format!("`{}` ({})", escape(default.field()), default.place())
        };
        let all: Vec<String> = self.fields.iter().filter(is_of).map(said).collect();
        let rests = format!("this rests on {}", verb(all.len(), "a default", "defaults"));
        (!all.is_empty()).then(|| format!("{rests}: {}", list(all, NAMED, ", ")))
    }

    /// How strong the evidence is that a check read: a default is no more than declared.
    pub(super) fn grade(&self, check: &Check, evaluated: &Evaluated) -> Option<Grade> {
        let own = check.form.kind();
        let rests = |default: &(KindId, FieldDefault<'_>)| {
            // Of another kind, it is not known which records were looked at.
            own != Some(default.0) || evaluated.records.iter().any(|(record, _)| self.has(*record, default))
        };
        match self.fields.iter().any(rests) {
            true => check.grade.map(|grade| grade.min(Grade::Declared)),
            false => check.grade,
        }
    }
}

/// Whether an expression reads a field, or something in it.
fn reads(expression: &Expression, shape: &Shape) -> bool {
    expression.reads(shape)
        || match &shape.form {
            FieldType::List(items) => reads(expression, items),
            FieldType::Object(fields) => fields.iter().any(|field| reads(expression, &field.shape)),
            _ => false,
        }
}
