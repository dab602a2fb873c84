//! One check over its records.

use rayon::prelude::*;

use super::groups::groups;
use crate::diagnostics::Code;
use crate::policy::expr::{Absence, Absent, Expression, Failure, Item, Reads, Scope, Usage, Value};
use crate::policy::{Check, Form, OnMissing, Otherwise, Subject};
use crate::records::{KindId, RecordRef, TreeValidator, violations};
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
enum Why {
    /// What is unknown.
    Absent(Vec<Absent>),
    /// The expression could not be evaluated.
    Failed(Failure),
    /// What a JSON Schema check refused, as dotted path and reason.
    Refused(String, String),
}

impl Verdict {
    pub(super) fn plain(outcome: Outcome) -> Self {
        Verdict { outcome, cause: None, reads: Reads::default(), why: None }
    }

    fn gap(cause: Cause) -> Self {
        Verdict { cause: Some(cause), ..Verdict::plain(Outcome::Gap) }
    }

    pub(super) fn not_assessed(absent: &[Absent]) -> Self {
        Verdict::plain(Outcome::NotAssessed).because(Why::Absent(absent.to_vec()))
    }

    pub(super) fn failed(failure: Failure) -> Self {
        Verdict::plain(Outcome::NotAssessed).because(Why::Failed(failure))
    }

    fn because(self, why: Why) -> Self {
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

    pub(crate) fn failure(&self) -> Option<&Failure> {
        match self.why.as_deref() {
            Some(Why::Failed(failure)) => Some(failure),
            _ => None,
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
    /// Records of the kind there are.
    pub total: usize,
    /// What is not satisfied: the records it is about, and why.
    pub verdicts: Vec<(Vec<RecordRef>, Verdict)>,
    /// Records whose outcome rests on something that other states have otherwise, in the order of ids.
    pub reads: Vec<(RecordRef, Reads)>,
    /// Steps of all its expressions: what it cost.
    pub steps: u64,
}

/// A condition in three values.
enum Truth {
    True,
    False,
    Unknown(Vec<Absent>),
    Failed(Failure),
}

/// A scope, and what evaluations in it read and cost so far.
pub(super) struct Trace<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) usage: Usage,
}

impl<'a> Trace<'a> {
    pub(super) fn new(scope: &'a Scope<'a>) -> Self {
        Trace { scope, usage: Usage::default() }
    }
}

fn truth<'a>(expression: &'a Expression, trace: &mut Trace<'a>, subject: Value<'a>) -> Truth {
    match expression.traced(trace.scope, subject, &mut trace.usage) {
        Ok(Value::Bool(true)) => Truth::True,
        Ok(Value::Bool(false)) => Truth::False,
        Ok(Value::Unknown(absent)) => Truth::Unknown(absent.to_vec()),
        Ok(other) => Truth::Failed(Failure::Type(other.type_name())),
        Err(failure) => Truth::Failed(failure),
    }
}

/// What a check says about all records of its kind.
pub(crate) fn evaluate<'a>(scope: &'a Scope<'a>, check: &'a Check) -> Evaluated {
    let all = check.form.kind().map(|kind| scope.set.of_kind(kind).collect()).unwrap_or_default();
    evaluate_some(scope, check, all)
}

/// What a check says about these records, in the order of ids. A check on groups, or on whether there is
/// such a record, looks at all of them.
pub(crate) fn evaluate_some<'a>(scope: &'a Scope<'a>, check: &'a Check, some: Vec<RecordRef>) -> Evaluated {
    match &check.form {
        Form::Each(subject) if subject.group_by.is_some() => groups(scope, check, subject),
        Form::Each(subject) => records(scope, some, |trace, record| one(trace, check, subject, record)),
        Form::Schema { when, validator, .. } => {
            records(scope, some, |trace, record| schema(trace, when.as_ref(), validator, record))
        }
        Form::Exists { kind, matching, fresh } => {
            exists(scope, check, *kind, matching.as_ref(), fresh.as_ref())
        }
        Form::Attest { .. } => Evaluated::default(),
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

fn records<'a>(
    scope: &'a Scope<'a>,
    all: Vec<RecordRef>,
    judge: impl Fn(&mut Trace<'a>, RecordRef) -> Option<Verdict> + Sync,
) -> Evaluated {
    let judge = |record: RecordRef| {
        let mut trace = Trace::new(scope);
        let verdict = judge(&mut trace, record);
        (verdict.map(|verdict| verdict.reading(trace.usage.reads)), trace.usage)
    };
    // An expression without end is found out on the first records, not on each of them.
    let (first, rest) = all.split_at(all.len().min(TRIED_FIRST));
    let mut verdicts: Vec<Traced> = Vec::with_capacity(all.len());
    for record in first {
        let verdict = judge(*record);
        if let Some(Some(Failure::Steps(_))) = verdict.0.as_ref().map(Verdict::failure) {
            let verdict = verdict.clone();
            let verdicts = vec![verdict; all.len()];
            return gather(all, verdicts);
        }
        verdicts.push(verdict);
    }
    verdicts.extend(rest.par_iter().with_min_len(64).map(|record| judge(*record)).collect::<Vec<_>>());
    gather(all, verdicts)
}

/// Records evaluated one after the other before the others are evaluated at once.
const TRIED_FIRST: usize = 16;

/// What a check says about a record, or nothing if it is out of scope; what that rests on, and what it cost.
type Traced = (Option<Verdict>, Usage);

fn gather(all: Vec<RecordRef>, verdicts: Vec<Traced>) -> Evaluated {
    let mut out = Evaluated { total: all.len(), ..Evaluated::default() };
    for (record, (verdict, usage)) in all.into_iter().zip(verdicts) {
        out.steps += usage.steps;
        if usage.reads.is_any() {
            out.reads.push((record, usage.reads));
        }
        match verdict {
            None => out.out_of_scope += 1,
            Some(verdict) => {
                out.records.push((record, verdict.outcome));
                if verdict.outcome != Outcome::Satisfied {
                    out.verdicts.push((vec![record], verdict));
                }
            }
        }
    }
    out
}

fn one<'a>(trace: &mut Trace<'a>, check: &'a Check, rule: &'a Subject, record: RecordRef) -> Option<Verdict> {
    match in_scope(rule.when.as_ref(), trace, record)? {
        Ok(()) => Some(requirement(trace, check, rule, subject(trace.scope, record))),
        Err(verdict) => Some(verdict),
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

fn schema<'a>(
    trace: &mut Trace<'a>,
    when: Option<&'a Expression>,
    validator: &TreeValidator,
    record: RecordRef,
) -> Option<Verdict> {
    let scope = trace.scope;
    if let Err(verdict) = in_scope(when, trace, record)? {
        return Some(verdict);
    }
    let root = scope.set.root(record);
    let found = violations(validator, root.tree(), root.id());
    let Some(first) = found.first() else {
        return Some(Verdict::plain(Outcome::Satisfied));
    };
    let cause = if first.code == Code::RequiredField { Cause::Missing } else { Cause::Violated };
    let path = scope.set.path_inside(record, first.node);
    Some(Verdict::gap(cause).because(Why::Refused(path, first.message.clone())))
}

fn exists<'a>(
    scope: &'a Scope<'a>,
    check: &'a Check,
    kind: KindId,
    matching: Option<&'a Expression>,
    fresh: Option<&'a Expression>,
) -> Evaluated {
    let all: Vec<RecordRef> = scope.set.of_kind(kind).collect();
    let mut out = Evaluated { total: all.len(), ..Evaluated::default() };
    let mut unknowns: Vec<(RecordRef, Vec<Absent>)> = Vec::new();
    let mut failed = None;
    let mut stale = Vec::new();
    let mut satisfied = Vec::new();
    let mut violated = Vec::new();
    let trace = &mut Trace::new(scope);
    for record in all {
        let matches = match in_scope(None, trace, record) {
            Some(Err(verdict)) => {
                unknowns.push((record, verdict.absent().to_vec()));
                continue;
            }
            _ => matching.map_or(Truth::True, |m| truth(m, trace, subject(scope, record))),
        };
        match matches {
            Truth::False => violated.push(record),
            Truth::Unknown(absent) => unknowns.push((record, absent)),
            Truth::Failed(failure) => failed = Some((record, failure)),
            Truth::True => match fresh.map(|f| truth(f, trace, subject(scope, record))) {
                None | Some(Truth::True) => satisfied.push(record),
                Some(Truth::False) => stale.push(record),
                Some(Truth::Unknown(absent)) => unknowns.push((record, absent)),
                Some(Truth::Failed(failure)) => failed = Some((record, failure)),
            },
        }
    }
    let reads = trace.usage.reads;
    if reads.is_any() {
        out.reads = scope.set.of_kind(kind).take(1).map(|record| (record, reads)).collect();
    }
    out.steps = trace.usage.steps;
    if !satisfied.is_empty() {
        out.out_of_scope = out.total - satisfied.len();
        out.records = satisfied.into_iter().map(|r| (r, Outcome::Satisfied)).collect();
        return out;
    }
    let (about, verdict) = if let Some((record, failure)) = failed {
        (vec![record], Verdict::failed(failure))
    } else if !stale.is_empty() {
        (stale, Verdict::gap(Cause::Stale))
    } else if let Some((record, absent)) = unknowns.into_iter().next() {
        (vec![record], unknown(check.missing, &absent))
    } else if out.total == 0 {
        // No record says as much as one that leaves everything out.
        match check.missing {
            OnMissing::Gap => (Vec::new(), Verdict::gap(Cause::Missing)),
            OnMissing::NotAssessed => (Vec::new(), Verdict::plain(Outcome::NotAssessed)),
        }
    } else if check.otherwise == Otherwise::Review {
        (violated, Verdict::plain(Outcome::Review))
    } else {
        (violated, Verdict::gap(Cause::Violated))
    };
    out.out_of_scope = out.total - about.len();
    out.records = about.iter().map(|r| (*r, verdict.outcome)).collect();
    out.verdicts.push((about, verdict.reading(reads)));
    out
}
