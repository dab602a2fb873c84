//! One check over its records.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::attest;
use super::groups::groups;
use super::stated;
use super::verdict::{Evaluated, Trace, Truth, Verdict, Why, in_scope, requirement, subject, truth, unknown};
use crate::diagnostics::Code;
use crate::policy::expr::{Absent, Adoption, Expression, Failure, Scope, Usage, Value};
use crate::policy::{Binding, Check, Form, OnMissing, Otherwise, Since, Subject};
use crate::records::{KindId, RecordRef, TreeValidator, violations};
use crate::text::Day;
use crate::words::{Cause, Outcome};

/// What a check says about all records of its kind.
pub(crate) fn evaluate<'a>(scope: &'a Scope<'a>, check: &'a Check) -> Evaluated {
    let all = check.form.kind().map(|kind| scope.set.of_kind(kind).collect()).unwrap_or_default();
    evaluate_some(scope, check, all)
}

/// What a check says about these records, in the order of ids. A check on groups, or on whether there is
/// such a record, looks at all of them.
pub(crate) fn evaluate_some<'a>(scope: &'a Scope<'a>, check: &'a Check, some: Vec<RecordRef>) -> Evaluated {
    let evaluated = match &check.form {
        Form::Each(subject) if subject.group_by.is_some() => groups(scope, check, subject),
        Form::Each(subject) => records(scope, some, |trace, record| one(trace, check, subject, record)),
        Form::Schema { when, validator, .. } => {
            records(scope, some, |trace, record| schema(trace, when.as_ref(), validator, record))
        }
        Form::Exists { kind, matching, fresh, binding } => {
            exists(scope, check, *kind, matching.as_ref(), fresh.as_ref(), binding.as_deref())
        }
        Form::Attest { .. } => attest::evaluate(scope, check),
    };
    Evaluated {
        lacks_records: check.needs_records() && evaluated.total == 0,
        stated: stated::statement(scope, check),
        ..evaluated
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
        Traced {
            verdict: verdict.map(|verdict| verdict.reading(trace.usage.reads)),
            usage: trace.usage,
            is_before: trace.is_before,
        }
    };
    // An expression without end is found out on the first records, not on each of them.
    let (first, rest) = all.split_at(all.len().min(TRIED_FIRST));
    let mut verdicts: Vec<Traced> = Vec::with_capacity(all.len());
    for record in first {
        let verdict = judge(*record);
        if let Some(Some(Failure::Steps(_))) = verdict.verdict.as_ref().map(Verdict::failure) {
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

/// What a check says about a record.
#[derive(Clone)]
struct Traced {
    /// None where the record is out of scope.
    verdict: Option<Verdict>,
    /// What that rests on, and what it cost.
    usage: Usage,
    is_before: bool,
}

fn gather(all: Vec<RecordRef>, verdicts: Vec<Traced>) -> Evaluated {
    let mut out = Evaluated { total: all.len(), ..Evaluated::default() };
    for (record, Traced { verdict, usage, is_before }) in all.into_iter().zip(verdicts) {
        out.before += usize::from(is_before);
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
    let verdict = match in_scope(rule.when.as_ref(), trace, record)? {
        Ok(()) => requirement(trace, check, rule, subject(trace.scope, record)),
        Err(verdict) => verdict,
    };
    // What is satisfied is shown, however long ago it was.
    let asked = verdict.outcome == Outcome::Satisfied || verdict.failure().is_some();
    if let Some(since) = rule.since.as_ref().filter(|_| !asked) {
        trace.is_before = is_before(trace, since, record);
    }
    (!trace.is_before && !verdict.is_left_out(check)).then_some(verdict)
}

/// Whether a record is known to tell of what happened before the day from which a check asks.
fn is_before<'a>(trace: &mut Trace<'a>, since: &'a Since, record: RecordRef) -> bool {
    let subject = subject(trace.scope, record);
    day(trace, &since.event, subject).is_some_and(|event| event < starts(trace, since))
}

/// The day from which a check asks.
pub(super) fn starts<'a>(trace: &mut Trace<'a>, since: &'a Since) -> Day {
    let adopted = match trace.scope.adoption {
        Adoption::OnRecord => day(trace, &since.adopted, Value::Bool(true)),
        Adoption::Stated(day) => day,
    };
    let adopted = adopted.filter(|adopted| *adopted <= Day(trace.scope.as_of));
    adopted.map_or(since.document, |adopted| adopted.max(since.document))
}

/// The day that an expression gives; none where it is not known.
fn day<'a>(trace: &mut Trace<'a>, expression: &'a Expression, subject: Value<'a>) -> Option<Day> {
    match expression.traced(trace.scope, subject, &mut trace.usage) {
        Ok(Value::Text(text)) => text.parse().ok().map(Day),
        _ => None,
    }
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
    binding: Option<&'a Binding>,
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
    let unbound = match binding {
        Some(binding) if !satisfied.is_empty() => {
            let found =
                Found { satisfied: &satisfied, stale: &stale, unknowns: &unknowns, violated: &violated };
            not_bound(trace, check, binding, &found)
        }
        _ => None,
    };
    let reads = trace.usage.reads;
    if reads.is_any() {
        out.reads = scope.set.of_kind(kind).take(1).map(|record| (record, reads)).collect();
    }
    out.steps = trace.usage.steps;
    if unbound.is_none() && !satisfied.is_empty() {
        out.out_of_scope = out.total - satisfied.len();
        out.records = satisfied.into_iter().map(|r| (r, Outcome::Satisfied)).collect();
        return out;
    }
    let (about, verdict) = if let Some(unbound) = unbound {
        unbound
    } else if let Some((record, failure)) = failed {
        (vec![record], Verdict::failed(failure))
    } else if !stale.is_empty() {
        (stale, Verdict::gap(Cause::Stale))
    } else if let Some((record, absent)) = unknowns.into_iter().next() {
        (vec![record], unknown(check.missing, &absent))
    } else if out.total == 0 {
        // No record says as much as one that leaves everything out; where there is no record of any kind, nothing was
        // looked at.
        match check.missing {
            OnMissing::NotApplicable => return out,
            _ if scope.set.is_empty() => (Vec::new(), Verdict::plain(Outcome::NotAssessed)),
            OnMissing::Gap => (Vec::new(), Verdict::gap(Cause::Missing)),
            OnMissing::NotAssessed => (Vec::new(), Verdict::plain(Outcome::NotAssessed)),
        }
    } else if check.otherwise == Otherwise::Review {
        (violated, Verdict::plain(Outcome::Review))
    } else {
        (violated, Verdict::gap(Cause::Violated))
    };
    if verdict.is_left_out(check) {
        out.out_of_scope = out.total;
        return out;
    }
    out.out_of_scope = out.total - about.len();
    out.records = about.iter().map(|r| (*r, verdict.outcome)).collect();
    out.verdicts.push((about, verdict.reading(reads)));
    out
}

/// What became of the records that a check with `exists` looked at.
struct Found<'f> {
    satisfied: &'f [RecordRef],
    stale: &'f [RecordRef],
    unknowns: &'f [(RecordRef, Vec<Absent>)],
    violated: &'f [RecordRef],
}

/// Those for whom no record that matches holds: the records that do hold for them, and what that makes of the check.
/// None where each has one.
fn not_bound<'a>(
    trace: &mut Trace<'a>,
    check: &'a Check,
    binding: &'a Binding,
    found: &Found<'_>,
) -> Option<(Vec<RecordRef>, Verdict)> {
    let scope = trace.scope;
    let everyone = match texts(&binding.everyone, trace, Value::Bool(true)) {
        Ok(Texts::Known(everyone)) => everyone,
        Ok(Texts::Unknown(absent)) => {
            return Some((found.satisfied.to_vec(), unknown(check.missing, &absent)));
        }
        Err(failure) => return Some((found.satisfied.to_vec(), Verdict::failed(failure))),
    };
    let mut holds_for: BTreeMap<RecordRef, Option<BTreeSet<String>>> = BTreeMap::new();
    let unknown_records = found.unknowns.iter().map(|(record, _)| record);
    for record in found.satisfied.iter().chain(found.stale).chain(found.violated).chain(unknown_records) {
        match texts(&binding.binds, trace, subject(scope, *record)) {
            Ok(Texts::Known(names)) => holds_for.insert(*record, Some(names)),
            // What is not recorded limits nothing; what its schema refuses is not known.
            Ok(Texts::Unknown(absent)) if absent.iter().all(|a| a.why.is_not_recorded()) => {
                holds_for.insert(*record, None)
            }
            Ok(Texts::Unknown(absent)) => return Some((vec![*record], Verdict::not_assessed(&absent))),
            Err(failure) => return Some((vec![*record], Verdict::failed(failure))),
        };
    }
    let holds = |record: &RecordRef, name: &str| {
        holds_for.get(record).is_some_and(|names| names.as_ref().is_none_or(|names| names.contains(name)))
    };
    let of = |records: &[RecordRef], name: &str| -> Vec<RecordRef> {
        records.iter().copied().filter(|record| holds(record, name)).collect()
    };
    let without: Vec<String> =
        everyone.into_iter().filter(|name| of(found.satisfied, name).is_empty()).collect();
    let first = without.first()?;
    // The worst there is for one of them.
    for name in &without {
        if of(found.stale, name).is_empty() && !found.unknowns.iter().any(|(record, _)| holds(record, name)) {
            let their_own = of(found.violated, name);
            let about = if their_own.is_empty() { found.satisfied.to_vec() } else { their_own };
            let verdict = match check.otherwise {
                Otherwise::Gap => Verdict::gap(Cause::Violated),
                Otherwise::Review => Verdict::plain(Outcome::Review),
            };
            return Some((about, verdict.because(Why::NotBound(without))));
        }
    }
    let stale = of(found.stale, first);
    if !stale.is_empty() {
        return Some((stale, Verdict::gap(Cause::Stale)));
    }
    let (record, absent) = found.unknowns.iter().find(|(record, _)| holds(record, first))?;
    Some((vec![*record], unknown(check.missing, absent)))
}

/// A list of texts, or what of it is not known.
enum Texts {
    Known(BTreeSet<String>),
    Unknown(Vec<Absent>),
}

fn texts<'a>(
    expression: &'a Expression,
    trace: &mut Trace<'a>,
    subject: Value<'a>,
) -> Result<Texts, Failure> {
    let scope = trace.scope;
    let value = expression.traced(scope, subject, &mut trace.usage)?;
    if let Value::Unknown(absent) = &value {
        return Ok(Texts::Unknown(absent.to_vec()));
    }
    let mut known = BTreeSet::new();
    for element in scope.elements(&value, &mut trace.usage.reads)? {
        match element {
            Value::Text(text) => {
                known.insert(text.into_owned());
            }
            Value::Unknown(absent) => return Ok(Texts::Unknown(absent.to_vec())),
            other => return Err(Failure::Type(other.type_name())),
        }
    }
    Ok(Texts::Known(known))
}
