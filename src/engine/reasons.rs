//! Why a finding could differ from that of the state it is compared with.

use crate::assessment::Reason;
use crate::policy::expr::{Dependency, Reads, Scope};
use crate::policy::{Check, Form};
use crate::records::RecordRef;

/// What of a finding's records, and of all it rests on besides, differs from the base; nothing without a base.
pub(super) fn reasons(scope: &Scope<'_>, check: &Check, records: &[RecordRef], reads: Reads) -> Vec<Reason> {
    let Some(base) = scope.compared.base else {
        return Vec::new();
    };
    let differs = |record: &RecordRef| {
        let record = scope.set.get(*record);
        base.has(Dependency::Record { kind: record.kind, id: &record.id })
    };
    let changed = match &check.form {
        Form::Exists { kind, .. } => base.has(Dependency::Kind(*kind)),
        _ => records.iter().any(differs),
    };
    let reasons = [
        (changed, Reason::RecordChanged),
        (reads.removed, Reason::RecordRemoved),
        (reads.not_read, Reason::RecordNotRead),
        (reads.related, Reason::RelatedRecordChanged),
        (reads.evidence, Reason::EvidenceChanged),
        (reads.date, Reason::Aged),
    ];
    reasons.into_iter().filter_map(|(holds, reason)| holds.then_some(reason)).collect()
}
