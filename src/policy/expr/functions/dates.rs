//! Days between dates.

use jiff::{Span, civil::Date};

use super::super::machine::Machine;
use super::super::value::{Absence, Value};
use super::arguments::{Answer, Arguments};
use crate::text::date::day;

/// An unknown for a text that is not a date.
pub(super) fn unreadable<'a>() -> Value<'a> {
    Value::unreadable("a date")
}

fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

pub(super) fn age_days<'a>(machine: &mut Machine<'a>, args: Arguments<'_, 'a>) -> Answer<'a> {
    let today = machine.today();
    Ok(match day(args.text(0)?) {
        Some(day) if day > today => Value::unknown(Absence::Future, None, ""),
        Some(day) => Value::Int(days(day, today)),
        None => unreadable(),
    })
}

pub(super) fn days_between<'a>(args: Arguments<'_, 'a>) -> Answer<'a> {
    Ok(match (day(args.text(0)?), day(args.text(1)?)) {
        (Some(a), Some(b)) => Value::Int(days(a, b)),
        _ => unreadable(),
    })
}

pub(super) fn add_days<'a>(args: Arguments<'_, 'a>) -> Answer<'a> {
    let span = Span::new().try_days(args.int(1)?).ok();
    let later = day(args.text(0)?).and_then(|day| day.checked_add(span?).ok());
    Ok(later.map_or_else(unreadable, Value::date))
}

pub(super) fn date<'a>(args: Arguments<'_, 'a>) -> Answer<'a> {
    Ok(day(args.text(0)?).map_or_else(unreadable, Value::date))
}
