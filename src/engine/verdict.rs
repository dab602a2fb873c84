//! What one check says about one record or group, and what every form of check asks first: whether a record is in scope, and
//! whether what is required holds.

use crate::policy::expr::{Absence, Absent, Expression, Failure, Item, Reads, Scope, Usage, Value};
use crate::policy::{Check, OnMissing, Otherwise, Subject};
use crate::records::RecordRef;
use crate::words::{Cause, Outcome};

/// What one check says about one record or group. Small, because there are as many as records.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub outcome: Outcome,
    pub cause: Option<Cause>,
    /// What it rests on, besides its records, that other states have otherwise.
    pub reads: Reads,
    why: Option<Box<Why>>,
}

/// What decided, beyond true and false.
#[derive(Debug, Clone)]
pub(super) enum Why {
    /// What is unknown.
    Absent(Vec<Absent>),
    /// The expression could not be evaluated.
    Failed(Failure),
    /// What a JSON Schema check refused, as dotted path and reason.
    Refused(String, String),
    /// Those for whom no record that matches holds.
    NotBound(Vec<String>),
}

impl Verdict {
    pub(super) fn plain(outcome: Outcome) -> Self {
        Verdict { outcome, cause: None, reads: Reads::default(), why: None }
    }

    pub(super) fn gap(cause: Cause) -> Self {
        Verdict { cause: Some(cause), ..Verdict::plain(Outcome::Gap) }
    }

    pub(super) fn not_assessed(absent: &[Absent]) -> Self {
        Verdict::plain(Outcome::NotAssessed).because(Why::Absent(absent.to_vec()))
    }

    pub(super) fn failed(failure: Failure) -> Self {
        Verdict::plain(Outcome::NotAssessed).because(Why::Failed(failure))
    }

    pub(super) fn because(self, why: Why) -> Self {
        Verdict { why: Some(Box::new(why)), ..self }
    }

    pub(super) fn reading(self, reads: Reads) -> Self {
        Verdict { reads, ..self }
    }

    pub(crate) fn absent(&self) -> &[Absent] {
        match self.why.as_deref() {
            Some(Why::Absent(absent)) => absent,
            _ => &[],
        }
    }

    /// Whether it is about a record that a check leaves out for what is not recorded in it, or has nothing to compare with.
    pub(super) fn is_left_out(&self, check: &Check) -> bool {
        let absent = self.absent();
        check.missing == OnMissing::NotApplicable
            && self.outcome == Outcome::NotAssessed
            && !absent.is_empty()
            && absent.iter().all(|a| a.why.is_not_recorded() || a.why == Absence::NoReference)
    }

    pub(crate) fn failure(&self) -> Option<&Failure> {
        match self.why.as_deref() {
            Some(Why::Failed(failure)) => Some(failure),
            _ => None,
        }
    }

    /// Those for whom no record that matches holds, where others have one.
    pub(crate) fn not_bound(&self) -> &[String] {
        match self.why.as_deref() {
            Some(Why::NotBound(names)) => names,
            _ => &[],
        }
    }

    pub(crate) fn refused(&self) -> Option<(&str, &str)> {
        match self.why.as_deref() {
            Some(Why::Refused(path, reason)) => Some((path, reason)),
            _ => None,
        }
    }
}

/// What a check says about all its records.
#[derive(Debug, Default)]
pub(crate) struct Evaluated {
    /// Records in scope with their outcome; in the order of ids.
    pub records: Vec<(RecordRef, Outcome)>,
    /// Records out of scope.
    pub out_of_scope: usize,
    /// Those of them that tell of what happened before the day from which the check asks.
    pub before: usize,
    /// Records of the kind there are.
    pub total: usize,
    /// There is no record of the kind, and the check is not asked only of what is recorded.
    pub lacks_records: bool,
    /// What is not satisfied: the records it is about, and why.
    pub verdicts: Vec<(Vec<RecordRef>, Verdict)>,
    /// Records whose outcome rests on something that other states have otherwise, in the order of ids.
    pub reads: Vec<(RecordRef, Reads)>,
    /// Where there is no record: the statement that there was none to record.
    pub stated: Option<RecordRef>,
    /// Steps of all its expressions: what it cost.
    pub steps: u64,
}

/// A condition in three values.
pub(super) enum Truth {
    True,
    False,
    Unknown(Vec<Absent>),
    Failed(Failure),
}

/// A scope, and what evaluations in it read and cost so far.
pub(super) struct Trace<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) usage: Usage,
    /// Whether the record turned out to lie before the day from which the check asks.
    pub(super) is_before: bool,
}

impl<'a> Trace<'a> {
    pub(super) fn new(scope: &'a Scope<'a>) -> Self {
        Trace { scope, usage: Usage::default(), is_before: false }
    }
}

pub(super) fn truth<'a>(expression: &'a Expression, trace: &mut Trace<'a>, subject: Value<'a>) -> Truth {
    match expression.traced(trace.scope, subject, &mut trace.usage) {
        Ok(Value::Bool(true)) => Truth::True,
        Ok(Value::Bool(false)) => Truth::False,
        Ok(Value::Unknown(absent)) => Truth::Unknown(absent.to_vec()),
        Ok(other) => Truth::Failed(Failure::Type(other.type_name())),
        Err(failure) => Truth::Failed(failure),
    }
}

pub(super) fn subject<'a>(scope: &'a Scope<'a>, record: RecordRef) -> Value<'a> {
    Value::Item(Item { node: scope.set.root(record), record })
}

/// `None` when the record is out of scope.
pub(super) fn in_scope<'a>(
    when: Option<&'a Expression>,
    trace: &mut Trace<'a>,
    record: RecordRef,
) -> Option<Result<(), Verdict>> {
    let scope = trace.scope;
    if scope.set.get(record).ambiguous {
        let name = scope.set.catalog.get(scope.set.get(record).kind).name.clone();
        let absent = Absent { why: Absence::Ambiguous, record: Some(record), path: name };
        return Some(Err(Verdict::not_assessed(&[absent])));
    }
    let Some(when) = when else {
        return Some(Ok(()));
    };
    match truth(when, trace, subject(scope, record)) {
        Truth::True => Some(Ok(())),
        Truth::False => None,
        Truth::Unknown(absent) => Some(Err(Verdict::not_assessed(&absent))),
        Truth::Failed(failure) => Some(Err(Verdict::failed(failure))),
    }
}

pub(super) fn requirement<'a>(
    trace: &mut Trace<'a>,
    check: &Check,
    rule: &'a Subject,
    subject: Value<'a>,
) -> Verdict {
    match truth(&rule.require, trace, subject.clone()) {
        Truth::False => match check.otherwise {
            Otherwise::Gap => Verdict::gap(Cause::Violated),
            Otherwise::Review => Verdict::plain(Outcome::Review),
        },
        Truth::Unknown(absent) => unknown(check.missing, &absent),
        Truth::Failed(failure) => Verdict::failed(failure),
        Truth::True => match rule.fresh.as_ref().map(|fresh| truth(fresh, trace, subject)) {
            None | Some(Truth::True) => Verdict::plain(Outcome::Satisfied),
            Some(Truth::False) => Verdict::gap(Cause::Stale),
            Some(Truth::Unknown(absent)) => unknown(check.missing, &absent),
            Some(Truth::Failed(failure)) => Verdict::failed(failure),
        },
    }
}

/// Absent evidence is a gap only where the policy says so and everything unknown is merely not recorded.
pub(super) fn unknown(missing: OnMissing, absent: &[Absent]) -> Verdict {
    let not_recorded = absent.iter().all(|a| a.why.is_not_recorded());
    if missing == OnMissing::Gap && not_recorded {
        return Verdict::gap(Cause::Missing).because(Why::Absent(absent.to_vec()));
    }
    Verdict::not_assessed(absent)
}
