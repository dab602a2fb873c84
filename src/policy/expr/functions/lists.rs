//! Lists: their elements, once each, the least and the greatest.

use std::collections::HashSet;
use std::net::IpAddr;

use ipnet::IpNet;

use super::super::machine::Machine;
use super::super::value::{Absence, Failure, Value, order};
use super::arguments::{Answer, Arguments};

/// Elements of a list, characters of a text.
pub(super) fn size<'a>(machine: &Machine<'a>, args: Arguments<'_, 'a>) -> Answer<'a> {
    let size = match args.get(0)? {
        Value::Text(text) => text.chars().count(),
        list => machine.count(list)?,
    };
    Ok(Value::Int(size as i64))
}

pub(super) fn distinct<'a>(machine: &mut Machine<'a>, args: Arguments<'_, 'a>) -> Answer<'a> {
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for element in machine.elements(args.get(0)?)? {
        machine.spend(1)?;
        let key = match &element {
            Value::Bool(b) => format!("b{b}"),
            Value::Int(i) => format!("n{i}"),
            Value::Float(f) => format!("n{f}"),
            Value::Text(t) => format!("t{t}"),
            Value::Item(item) => format!("i{}/{}", item.record.0, item.node.id().0),
            Value::List(_) => return Err(Failure::Type("a list of lists")),
            Value::Unknown(_) => return Ok(element),
        };
        if seen.insert(key) {
            out.push(element);
        }
    }
    Ok(Value::list(out))
}

/// The largest element, or the smallest.
pub(super) fn extreme<'a>(machine: &mut Machine<'a>, args: Arguments<'_, 'a>, largest: bool) -> Answer<'a> {
    let list = args.get(0)?;
    let mut best: Option<Value<'a>> = None;
    for element in machine.elements(list)? {
        machine.spend(1)?;
        if matches!(element, Value::Unknown(_)) {
            return Ok(element);
        }
        let better = match &best {
            None => true,
            Some(best) => order(&element, best)?.is_gt() == largest,
        };
        if better {
            best = Some(element);
        }
    }
    Ok(best.unwrap_or_else(|| machine.absent_in(list, Absence::Empty, "[0]")))
}

pub(super) fn ip_in<'a>(machine: &mut Machine<'a>, args: Arguments<'_, 'a>) -> Answer<'a> {
    let Ok(ip) = args.text(0)?.parse::<IpAddr>() else {
        return Ok(Value::unreadable("an IP address"));
    };
    let mut unknown = None;
    for element in machine.elements(args.get(1)?)? {
        machine.spend(1)?;
        match element.as_text().and_then(|text| text.parse::<IpNet>().ok()) {
            Some(net) if net.contains(&ip) => return Ok(Value::Bool(true)),
            Some(_) => {}
            None => unknown = Some(Value::unreadable("a network in CIDR form")),
        }
    }
    Ok(unknown.unwrap_or(Value::Bool(false)))
}
