//! Statements of nothing to report: whether a named person states that there was none of what a check looks at.
//!
//! A statement takes a check out only where there is no record of its kind at all: what is on record is looked at.

use super::fields::{Fields, in_words};
use super::verdict::{Trace, Truth, subject, truth};
use crate::diagnostics::{Code, Problem};
use crate::policy::expr::Scope;
use crate::policy::{Check, PolicySet, Stated};
use crate::records::RecordRef;
use crate::text::{Day, count, date};

/// Why a statement does not count for a check.
struct Refused {
    field: &'static str,
    why: String,
    help: &'static str,
}

/// The statement that counts for a check, the one that reaches furthest.
pub(super) fn statement<'a>(scope: &'a Scope<'a>, check: &'a Check) -> Option<RecordRef> {
    let stated = check.stated.as_deref()?;
    let kind = check.form.kind().filter(|kind| scope.set.count(*kind) == 0)?;
    debug_assert!(scope.set.of_kind(kind).next().is_none());
    let all =
        Fields::all(scope.set, "statement").filter(|fields| fields.text("subject") == Some(stated.subject));
    let counts = all.filter(|fields| accept(scope, stated, fields).is_ok());
    counts.max_by_key(|fields| fields.day("until")).map(|fields| fields.record)
}

/// What a report says of a check that a statement takes out.
pub(super) fn reason(scope: &Scope<'_>, statement: RecordRef) -> String {
    let fields = Fields::of(scope.set, statement);
    let shown = |field: &str| fields.shown(field).unwrap_or_default();
    format!(
        "{} stated on {} that there was none between {} and {}",
        shown("declared_by"),
        shown("declared_on"),
        shown("from"),
        shown("until")
    )
}

fn accept<'a>(scope: &'a Scope<'a>, stated: &'a Stated, fields: &Fields<'a>) -> Result<(), Refused> {
    let refused = |field, why: String, help| Err(Refused { field, why, help });
    let as_of = Day(scope.as_of);
    if fields.is_ambiguous() {
        let why = "another statement has the same id".to_owned();
        return refused("id", why, "give each statement an id of its own");
    }
    if let Some(field) = fields.first_unknown(&["subject", "from", "until", "declared_by", "declared_on"]) {
        let why = format!("`{field}` is not recorded");
        return refused(field, why, "`duly schema statement` says what belongs there");
    }
    let days = (fields.day("from"), fields.day("until"), fields.day("declared_on"));
    let (Some(from), Some(until), Some(on)) = days else {
        return refused("from", "its dates cannot be read".to_owned(), "write YYYY-MM-DD");
    };
    if until < from {
        return refused("until", "its period ends before it begins".to_owned(), "correct the dates");
    }
    if on < until {
        let why = format!("it was made on {on}, before its period ends on {until}");
        return refused("declared_on", why, "state what was, not what will be");
    }
    if on > as_of {
        let why = format!("it is dated {on}, after the date of the audit");
        return refused("declared_on", why, "correct the date, or audit on a later day");
    }
    match truth(&stated.from_outside, &mut Trace::new(scope), subject(scope, fields.record)) {
        Truth::False => {}
        _ => {
            let why = "the person who makes it is not known to be an employee of the organisation".to_owned();
            return refused("declared_by", why, "let an employee state it");
        }
    }
    let old = until.days_until(as_of);
    if old > i64::from(stated.days) {
        let days = (count(old.unsigned_abs() as usize, "day"), count(stated.days as usize, "day"));
        let why = format!("its period ended {} ago, and it counts for {}", days.0, days.1);
        return refused("until", why, "state it again for the time since then");
    }
    Ok(())
}

/// What is to be told of statements: those that do not count, and those that a record contradicts.
pub(super) fn problems(scope: &Scope<'_>, policies: &PolicySet) -> Vec<Problem> {
    let mut problems = Vec::new();
    let checks =
        || policies.measures().flat_map(|(_, m)| &m.checks).filter_map(|check| check.stated.as_deref());
    for fields in Fields::all(scope.set, "statement") {
        let of = checks().filter(|stated| fields.text("subject") == Some(stated.subject));
        let Some(stated) = of.max_by_key(|stated| stated.days) else { continue };
        if let Err(refused) = accept(scope, stated, &fields) {
            let why = format!("the statement does not count, because {}", refused.why);
            problems.push(fields.problem(Code::StatementRefused, refused.field, why, refused.help));
            continue;
        }
        let (Some(from), Some(until)) = (fields.day("from"), fields.day("until")) else { continue };
        let inside = |other: &Fields<'_>| {
            DAYS.iter()
                .filter_map(|field| other.text(field))
                .filter_map(date::day)
                .map(Day)
                .next()
                .is_some_and(|day| from <= day && day <= until)
        };
        let mut against = Fields::all(scope.set, stated.kind).filter(inside);
        if let Some(first) = against.next() {
            let more = against.count();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let why = format!(
                "{}{more} on record between {from} and {until}, where it states none",
                in_words(first.id())
            );
            let help = "withdraw the statement, or make it for the time before or after";
            let problem = fields.problem(Code::StatementContradicted, "from", why, help);
            problems.push(problem.with_related(first.place("id")));
        }
    }
    problems
}

/// The days of an observation or an incident, the first that is recorded.
const DAYS: [&str; 4] = ["observed_on", "detected_at", "opened_on", "recorded_on"];
