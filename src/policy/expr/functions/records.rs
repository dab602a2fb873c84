//! Records around a date, and reference lists.

use jiff::Span;

use super::super::machine::Machine;
use super::super::value::{Absence, Value};
use super::arguments::{Answer, Arguments};
use super::dates;
use crate::reference::Listed;
use crate::text::date::day;

pub(super) fn related_within<'a>(
    machine: &mut Machine<'a>,
    index: usize,
    args: Arguments<'_, 'a>,
) -> Answer<'a> {
    let days = args.int(2)?;
    let Some(around) = day(args.text(1)?) else {
        return Ok(dates::unreadable());
    };
    // More days than any calendar has are no more than that.
    let reach = Span::new().days(days.clamp(0, 4_000_000));
    machine.related_within(index, args.text(0)?, around.saturating_sub(reach), around.saturating_add(reach))
}

pub(super) fn listed<'a>(machine: &mut Machine<'a>, list: &str, args: Arguments<'_, 'a>) -> Answer<'a> {
    Ok(hit(machine.listed(list, args.text(0)?), list))
}

pub(super) fn in_networks<'a>(machine: &mut Machine<'a>, list: &str, args: Arguments<'_, 'a>) -> Answer<'a> {
    Ok(match args.text(0)?.parse() {
        Ok(ip) => hit(machine.in_networks(list, ip), list),
        Err(_) => Value::unreadable("an IP address"),
    })
}

fn hit<'a>(coverage: Listed, list: &str) -> Value<'a> {
    match coverage {
        Listed::Known(hit) => Value::Bool(hit),
        Listed::NotConfigured => Value::unknown(Absence::NoReference, None, list),
    }
}
