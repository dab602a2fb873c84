//! Places on the earth: positions, and addresses as keys.

use super::super::machine::Machine;
use super::super::value::{Absence, Value};
use super::address::squeeze;
use super::arguments::{Answer, Arguments};
use crate::records::{Position, haversine_km};
use crate::reference::postal_position;

/// Where a place is: its own latitude and longitude, or the centroid of its ZIP code.
fn position(place: &Value<'_>) -> Result<Position, (Absence, &'static str)> {
    let Value::Item(item) = place else {
        return Err((Absence::Unreadable, "a place"));
    };
    let field = |name: &str| item.node.get(name).filter(|n| !n.is_invalid());
    if let (Some(latitude), Some(longitude)) = (field("latitude"), field("longitude")) {
        return match (latitude.as_f64(), longitude.as_f64()) {
            (Some(latitude), Some(longitude)) => Ok(Position { latitude, longitude }),
            _ => Err((Absence::Unreadable, "latitude")),
        };
    }
    let Some(country) = field("country") else {
        return Err((Absence::Missing, "country"));
    };
    let Some(code) = field("postal_code") else {
        return Err((Absence::Missing, "postal_code"));
    };
    if country.text() != "US" {
        return Err((Absence::NoReference, "postal_code"));
    }
    postal_position(code.text()).ok_or((Absence::NoReference, "postal_code"))
}

pub(super) fn near<'a>(machine: &mut Machine<'a>, index: usize, args: Arguments<'_, 'a>) -> Answer<'a> {
    let (place, metres) = (args.get(0)?, args.int(1)?);
    match position(place) {
        Ok(position) => machine.near(index, position, metres),
        Err((why, path)) => Ok(machine.absent_in(place, why, named(machine, place, path))),
    }
}

/// The field to name where a place is not recorded: one that its schema has.
fn named<'n>(machine: &Machine<'_>, place: &Value<'_>, field: &'n str) -> &'n str {
    let Value::Item(item) = place else { return field };
    let has = |name: &str| machine.has_field(item, name);
    if !has(field) && has("latitude") { "latitude" } else { field }
}

pub(super) fn place_key<'a>(machine: &mut Machine<'a>, index: usize, args: Arguments<'_, 'a>) -> Answer<'a> {
    Ok(match machine.cluster(index, args.item(0)?.record) {
        Some(first) => Value::text(first),
        None => machine.absent_in(args.get(0)?, Absence::Missing, "latitude"),
    })
}

pub(super) fn distance_km<'a>(machine: &Machine<'a>, args: Arguments<'_, 'a>) -> Answer<'a> {
    let (a, b) = (args.get(0)?, args.get(1)?);
    Ok(match (position(a), position(b)) {
        (Ok(a), Ok(b)) => Value::Float(haversine_km(a, b)),
        (Err((why, path)), _) => machine.absent_in(a, why, named(machine, a, path)),
        (_, Err((why, path))) => machine.absent_in(b, why, named(machine, b, path)),
    })
}

/// An address in one spelling; `key` makes that of its street and unit.
pub(super) fn address<'a>(
    machine: &Machine<'a>,
    args: Arguments<'_, 'a>,
    key: impl Fn(&str, &str) -> String,
) -> Answer<'a> {
    let (address, item) = (args.get(0)?, args.item(0)?);
    for (name, needed) in [
        ("street", true),
        ("unit", false),
        ("city", true),
        ("region", false),
        ("postal_code", true),
        ("country", true),
    ] {
        match item.node.get(name) {
            Some(node) if node.is_invalid() => return Ok(machine.absent_in(address, Absence::Invalid, name)),
            None if needed => return Ok(machine.absent_in(address, Absence::Missing, name)),
            _ => {}
        }
    }
    let part = |name: &str| item.node.get(name).map_or("", |node| node.text());
    let (key, country) = (key(part("street"), part("unit")), part("country"));
    let postal = squeeze(part("postal_code"));
    // ZIP+4 and ZIP are one place.
    let postal = if country == "US" { postal.chars().take(5).collect() } else { postal };
    Ok(Value::Text(format!("{key}|{postal}|{country}").into()))
}
