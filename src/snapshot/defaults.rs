//! Defaults of the configuration: how many records each fills, and which do nothing.

use crate::assessment::{DefaultCoverage, Problem};
use crate::diagnostics::Code;
use crate::records::{FieldDefault, KindId, RecordSet};
use crate::text::escape;

/// Each default with how many records have it.
pub(super) fn coverage(set: &RecordSet) -> Vec<DefaultCoverage> {
    let filled = |(kind, default): (KindId, FieldDefault<'_>)| DefaultCoverage {
        kind: set.catalog.get(kind).name.clone(),
        field: default.field().to_owned(),
        value: escape(&default.value()).into_owned(),
        place: default.place(),
        records: set.filled(kind, default.field()),
    };
    set.catalog.defaults().iter().map(filled).collect()
}

/// Defaults that fill no record.
pub(super) fn unused(defaults: &[DefaultCoverage], problems: &mut Vec<Problem>) {
    for DefaultCoverage { kind, field, place, .. } in defaults.iter().filter(|default| default.records == 0) {
        let message =
            format!("the default of `{}` fills no record of the kind `{}`", escape(field), escape(kind));
        let help = "remove it, or leave the field out of the records that it is meant for";
        problems.push(Problem::new(Code::UnusedDefault, place.clone(), message, help));
    }
}
