//! The functions of policies: few, pure, and documented here.

mod address;
mod docs;

use super::ast::{Expr, Function, Literal};
use super::check::{Checker, did_you_mean};
use super::error::Error;
use super::eval::{Absence, Evaluator, Failure, Value, order};
use super::syntax::Node;
use super::types::Type;
use super::watch::{Touched, Watch};
use crate::records::{Position, RecordRef, haversine_km};
use crate::reference::{Coverage, postal_position};
use address::squeeze;
pub use address::{address_key, building_key};
pub use docs::{FUNCTIONS, FunctionDoc};

/// What an argument must be.
#[derive(Clone, Copy)]
enum Wanted {
    Day,
    Int,
    Text,
    List,
    Object,
}

impl Wanted {
    fn accepts(self, kind: &Type) -> bool {
        match (self, kind) {
            (_, Type::Any) => true,
            (Wanted::Day, Type::Date | Type::DateTime) => true,
            (Wanted::Day, Type::Text(values)) => {
                values.iter().any(|v| v.parse::<jiff::civil::Date>().is_ok())
            }
            (Wanted::Int, Type::Int) => true,
            (Wanted::Text, kind) => kind.is_text(),
            (Wanted::List, Type::List(_)) => true,
            (Wanted::Object, Type::Object(_)) => true,
            _ => false,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Wanted::Day => "a date",
            Wanted::Int => "a whole number",
            Wanted::Text => "a text",
            Wanted::List => "a list",
            Wanted::Object => "a record or object",
        }
    }
}

/// Resolves a call: its function, its arguments, its result.
pub(super) fn check(
    checker: &mut Checker<'_, '_>,
    at: &Node,
    name: &str,
    args: &[&Node],
) -> Result<(Expr, Type), Error> {
    use Wanted::{Day, Int, List, Object, Text};
    let Some(doc) = FUNCTIONS.iter().find(|f| f.name == name) else {
        let known: Vec<&str> = FUNCTIONS
            .iter()
            .map(|f| f.name)
            .chain(["all", "exists", "exists_one", "filter", "has", "map"])
            .collect();
        let help =
            did_you_mean(name, &known).unwrap_or_else(|| "`duly explain functions` lists them".to_owned());
        return Err(checker.error(at, format!("there is no function `{name}`"), help));
    };
    // Literal arguments in front, then values: how many of each.
    let (literals, wanted): (usize, &[Wanted]) = match name {
        "age_days" | "date" => (0, &[Day]),
        "days_between" => (0, &[Day, Day]),
        "add_days" => (0, &[Day, Int]),
        "lookup" | "known" | "listed" | "in_networks" => (1, &[Text]),
        "related" => (2, &[Text]),
        "related_within" => (3, &[Text, Day, Int]),
        "count" => (1, &[]),
        "near" | "place_key" => (1, &[Object, Int]),
        "distance_km" => (0, &[Object, Object]),
        "address_key" | "building_key" | "evidence_ok" => (0, &[Object]),
        "routing_number_ok" | "routing_checksum_ok" | "lowerAscii" => (0, &[Text]),
        "ip_in" => (0, &[Text, List]),
        "contains" | "startsWith" | "endsWith" | "matches" => (0, &[Text, Text]),
        "distinct" | "min" | "max" => (0, &[List]),
        _ => (0, &[]),
    };
    let any_size = name == "size" && args.len() == 1;
    if !any_size && args.len() != literals + wanted.len() {
        return Err(checker.error(at, format!("`{name}` takes other arguments"), doc.signature));
    }
    let mut words = Vec::new();
    for arg in &args[..literals] {
        match checker.expr(arg)? {
            (Expr::Literal(Literal::Text(word)), _) => words.push(word),
            _ => {
                return Err(checker.error(
                    arg,
                    "this must be written out as a text".to_owned(),
                    doc.signature,
                ));
            }
        }
    }
    let mut values = Vec::new();
    let mut kinds = Vec::new();
    for (i, arg) in args[literals..].iter().enumerate() {
        let (value, kind) = checker.expr(arg)?;
        if let Some(wanted) = wanted.get(i)
            && !wanted.accepts(&kind)
        {
            let message = format!("{kind} is not {}", wanted.name());
            return Err(checker.error(arg, message, doc.signature));
        }
        values.push(value);
        kinds.push(kind);
    }
    let (function, result) = resolve(checker, at, name, args, &words, &mut values, &kinds)?;
    Ok((Expr::Call(function, values), result))
}

fn resolve(
    checker: &mut Checker<'_, '_>,
    at: &Node,
    name: &str,
    args: &[&Node],
    words: &[String],
    values: &mut Vec<Expr>,
    kinds: &[Type],
) -> Result<(Function, Type), Error> {
    let catalog = checker.variables.catalog;
    let kind_of = |checker: &Checker<'_, '_>, index: usize| {
        let word = &words[index];
        catalog.find(word).ok_or_else(|| {
            let known: Vec<&str> = catalog.names().collect();
            let help = did_you_mean(word, &known).unwrap_or_else(|| format!("kinds: {}", known.join(", ")));
            checker.error(args[index], format!("there is no kind `{word}`"), help)
        })
    };
    if matches!(name, "count" | "known" | "lookup" | "related" | "related_within") {
        checker.reads = true;
    }
    Ok(match name {
        "age_days" => (Function::AgeDays, Type::Int),
        "days_between" => (Function::DaysBetween, Type::Int),
        "add_days" => (Function::AddDays, Type::Date),
        "date" => (Function::Date, Type::Date),
        "lookup" => {
            let kind = kind_of(checker, 0)?;
            (Function::Lookup(kind), Type::Object(catalog.get(kind).shape.clone()))
        }
        "known" => (Function::Known(kind_of(checker, 0)?), Type::Bool),
        "count" => (Function::Count(kind_of(checker, 0)?), Type::Int),
        "related" | "related_within" => {
            let kind = kind_of(checker, 0)?;
            let shape = &catalog.get(kind).shape;
            for (i, field) in words.iter().enumerate().skip(1) {
                if shape.at(field).is_none() {
                    let message = format!("`{}` has no field `{field}`", words[0]);
                    let help = format!("`duly schema {}` lists them", words[0]);
                    return Err(checker.error(args[i], message, help));
                }
            }
            let function = match words {
                [_, field, date] => Function::RelatedWithin(checker.plan.dated(kind, field, date)),
                _ => Function::Related(checker.plan.field(kind, &words[1])),
            };
            (function, Type::list(Type::Object(shape.clone())))
        }
        "near" => {
            let kind = kind_of(checker, 0)?;
            let shape = &catalog.get(kind).shape;
            if shape.field("latitude").is_none() || shape.field("longitude").is_none() {
                let message = format!("`{}` has no latitude and longitude", words[0]);
                return Err(checker.error(
                    args[0],
                    message,
                    "name a kind with a position, such as geolocation",
                ));
            }
            let index = checker.plan.place(kind);
            (Function::Near(index), Type::list(Type::Object(shape.clone())))
        }
        "place_key" => {
            let kind = kind_of(checker, 0)?;
            let shape = &catalog.get(kind).shape;
            let Some(Expr::Literal(Literal::Int(metres @ 1..=1000))) = values.pop() else {
                return Err(checker.error(
                    args[2],
                    "the metres must be written out, from 1 to 1000".to_owned(),
                    "place_key('kind', record, 100)",
                ));
            };
            if !matches!(&kinds[0], Type::Object(of) if of == shape) {
                let message = format!("this is no record of the kind `{}`", words[0]);
                return Err(checker.error(args[1], message, "place_key('kind', record, 100)"));
            }
            (Function::PlaceKey(checker.plan.cluster(kind, metres)), Type::text())
        }
        "distance_km" => (Function::DistanceKm, Type::Number),
        "address_key" => (Function::AddressKey, Type::text()),
        "building_key" => (Function::BuildingKey, Type::text()),
        "routing_number_ok" => (Function::RoutingNumberOk, Type::Bool),
        "routing_checksum_ok" => (Function::RoutingChecksumOk, Type::Bool),
        "listed" => (Function::Listed(words[0].clone()), Type::Bool),
        "in_networks" => (Function::InNetworks(words[0].clone()), Type::Bool),
        "ip_in" => (Function::IpIn, Type::Bool),
        "evidence_ok" => (Function::EvidenceOk, Type::Bool),
        "size" => match &kinds[0] {
            Type::List(_) | Type::Text(_) | Type::Any => (Function::Size, Type::Int),
            other => {
                return Err(checker.error(at, format!("{other} has no size"), "lists and texts have one"));
            }
        },
        "contains" => (Function::Contains, Type::Bool),
        "startsWith" => (Function::StartsWith, Type::Bool),
        "endsWith" => (Function::EndsWith, Type::Bool),
        "lowerAscii" => (Function::LowerAscii, Type::text()),
        "matches" => {
            let Some(Expr::Literal(Literal::Text(pattern))) = values.pop() else {
                return Err(checker.error(
                    args[1],
                    "the expression must be written out".to_owned(),
                    "text.matches('regex')",
                ));
            };
            let regex = regex::RegexBuilder::new(&pattern).size_limit(1 << 20).build();
            let regex = regex.map_err(|_| {
                checker.error(
                    args[1],
                    "not a regular expression".to_owned(),
                    "the syntax is that of the regex crate",
                )
            })?;
            (Function::Matches(regex), Type::Bool)
        }
        "distinct" => (Function::Distinct, kinds[0].clone()),
        _ => {
            let item = match &kinds[0] {
                Type::List(item) => (**item).clone(),
                _ => Type::Any,
            };
            if !(item.is_numeric() || item.is_text()) {
                return Err(checker.error(at, format!("{item} has no order"), "numbers and dates have one"));
            }
            (if name == "min" { Function::Min } else { Function::Max }, item)
        }
    })
}

/// Remembers whether a function looks at something that differs between the states that are compared.
pub(super) fn touch(evaluator: &mut Evaluator<'_>, function: &Function, args: &[Value<'_>]) {
    let text = args.first().and_then(|value| value.as_text()).unwrap_or_default();
    match function {
        Function::AgeDays => evaluator.touch(Touched::DATE, Watch::date),
        Function::Lookup(kind) | Function::Known(kind) => {
            evaluator.touch(Touched::RELATED, |watch| watch.record(*kind, text));
        }
        Function::Count(kind) => evaluator.touch(Touched::RELATED, |watch| watch.kind(*kind)),
        Function::Related(index) => evaluator.touch(Touched::RELATED, |watch| watch.field(*index, text)),
        Function::RelatedWithin(index) => {
            evaluator.touch(Touched::RELATED, |watch| watch.dated(*index, text));
            if let Some(latest) = evaluator.scope.indexes.dated(*index).latest(text) {
                evaluator.touch(Touched::DATE, |watch| watch.lies_ahead(latest));
            }
        }
        Function::Near(index) => evaluator.touch(Touched::RELATED, |watch| watch.place(*index)),
        Function::PlaceKey(index) => evaluator.touch(Touched::RELATED, |watch| watch.cluster(*index)),
        Function::Listed(list) | Function::InNetworks(list) => {
            evaluator.touch(Touched::EVIDENCE, |watch| watch.lists.contains(list));
        }
        Function::EvidenceOk => {
            if let Some(Value::Item(item)) = args.first()
                && let Some(reference) = item.node.get("ref")
            {
                let path = evidence_path(reference.text());
                evaluator.touch(Touched::EVIDENCE, |watch| watch.evidence.contains(path));
            }
        }
        Function::DaysBetween
        | Function::AddDays
        | Function::Date
        | Function::DistanceKm
        | Function::AddressKey
        | Function::BuildingKey
        | Function::RoutingNumberOk
        | Function::RoutingChecksumOk
        | Function::IpIn
        | Function::Size
        | Function::Contains
        | Function::StartsWith
        | Function::EndsWith
        | Function::LowerAscii
        | Function::Matches(_)
        | Function::Distinct
        | Function::Min
        | Function::Max => {}
    }
}

/// Files of duly itself, which are no evidence of anything.
pub const NO_EVIDENCE: [&str; 2] = ["duly.yaml", "duly-baseline.yaml"];

/// The path of the repository in a reference to a document.
pub fn evidence_path(reference: &str) -> &str {
    let path = reference.trim_start_matches("./");
    path.split('#').next().unwrap_or(path)
}

/// Calls a function with known arguments.
pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'a>,
    function: &'a Function,
    args: &[Value<'a>],
) -> Result<Value<'a>, Failure> {
    let scope = evaluator.scope;
    let text = |i: usize| match &args[i] {
        Value::Text(text) => Ok(text.as_ref()),
        other => Err(Failure::Type(other.type_name())),
    };
    let records = |found: &[RecordRef]| Value::list(found.iter().map(|r| Value::record(scope, *r)).collect());
    if scope.watch.is_some() {
        touch(evaluator, function, args);
    }
    Ok(match function {
        Function::AgeDays => match day(text(0)?) {
            Some(day) if day > scope.as_of => Value::unknown(Absence::Future, None, ""),
            Some(day) => Value::Int(days(day, scope.as_of)),
            None => unreadable("a date"),
        },
        Function::DaysBetween => match (day(text(0)?), day(text(1)?)) {
            (Some(a), Some(b)) => Value::Int(days(a, b)),
            _ => unreadable("a date"),
        },
        Function::AddDays => {
            let Value::Int(n) = args[1] else {
                return Err(Failure::Type(args[1].type_name()));
            };
            let later = day(text(0)?).and_then(|d| d.checked_add(jiff::Span::new().try_days(n).ok()?).ok());
            later.map_or_else(|| unreadable("a date"), |d| Value::Text(d.to_string().into()))
        }
        Function::Date => {
            day(text(0)?).map_or_else(|| unreadable("a date"), |d| Value::Text(d.to_string().into()))
        }
        Function::Lookup(kind) => {
            let id = text(0)?;
            match scope.set.find(*kind, id) {
                Some(record) if scope.set.get(record).ambiguous => Value::unknown(
                    Absence::Ambiguous,
                    Some(record),
                    scope.set.catalog.get(*kind).name.clone(),
                ),
                Some(record) => Value::record(scope, record),
                None => {
                    let name = &scope.set.catalog.get(*kind).name;
                    Value::unknown(Absence::NoRecord, None, name.clone())
                }
            }
        }
        Function::Known(kind) => Value::Bool(scope.set.find(*kind, text(0)?).is_some()),
        Function::Count(kind) => Value::Int(scope.set.count(*kind) as i64),
        Function::Related(index) => {
            let found = scope.indexes.field(*index).get(text(0)?);
            evaluator.spend(found.len())?;
            records(found)
        }
        Function::RelatedWithin(index) => {
            let Value::Int(days) = args[2] else {
                return Err(Failure::Type(args[2].type_name()));
            };
            let Some(around) = day(text(1)?) else {
                return Ok(unreadable("a date"));
            };
            // More days than any calendar has are no more than that.
            let reach = jiff::Span::new().days(days.clamp(0, 4_000_000));
            let (first, last) = (around.saturating_sub(reach), around.saturating_add(reach));
            let found = scope.indexes.dated(*index).get(text(0)?, first, last);
            evaluator.spend(found.len())?;
            records(&found)
        }
        Function::Near(index) => {
            let Value::Int(metres) = args[1] else {
                return Err(Failure::Type(args[1].type_name()));
            };
            match position(&args[0]) {
                Ok(position) => {
                    let found = scope.indexes.place(*index).near(position, metres);
                    evaluator.spend(found.len())?;
                    records(&found)
                }
                Err((why, path)) => evaluator.absent_in(&args[0], why, path),
            }
        }
        Function::PlaceKey(index) => {
            let Value::Item(item) = &args[0] else { return Err(Failure::Type(args[0].type_name())) };
            match scope.indexes.cluster(*index).get(item.record) {
                Some(first) => Value::Text(scope.set.get(first).id.to_string().into()),
                None => evaluator.absent_in(&args[0], Absence::Missing, "latitude"),
            }
        }
        Function::DistanceKm => match (position(&args[0]), position(&args[1])) {
            (Ok(a), Ok(b)) => Value::Float(haversine_km(a, b)),
            (Err((why, path)), _) => evaluator.absent_in(&args[0], why, path),
            (_, Err((why, path))) => evaluator.absent_in(&args[1], why, path),
        },
        Function::AddressKey => key(evaluator, &args[0], true)?,
        Function::BuildingKey => key(evaluator, &args[0], false)?,
        Function::RoutingNumberOk => Value::Bool(routing_number_ok(text(0)?)),
        Function::RoutingChecksumOk => Value::Bool(routing_checksum_ok(text(0)?)),
        Function::Listed(list) => match scope.references.names(list, text(0)?) {
            Coverage::Known(hit) => Value::Bool(hit),
            Coverage::NotConfigured => no_list(list),
        },
        Function::InNetworks(list) => match text(0)?.parse() {
            Ok(ip) => match scope.references.networks(list, ip) {
                Coverage::Known(hit) => Value::Bool(hit),
                Coverage::NotConfigured => no_list(list),
            },
            Err(_) => unreadable("an IP address"),
        },
        Function::IpIn => {
            let Ok(ip) = text(0)?.parse::<std::net::IpAddr>() else {
                return Ok(unreadable("an IP address"));
            };
            let mut unknown = None;
            for element in evaluator.elements(&args[1])? {
                evaluator.spend(1)?;
                match element.as_text().and_then(|t| t.parse::<ipnet::IpNet>().ok()) {
                    Some(net) if net.contains(&ip) => return Ok(Value::Bool(true)),
                    Some(_) => {}
                    None => unknown = Some(unreadable("a network in CIDR form")),
                }
            }
            unknown.unwrap_or(Value::Bool(false))
        }
        Function::EvidenceOk => evidence_ok(evaluator, &args[0])?,
        Function::Size => match &args[0] {
            Value::Text(text) => Value::Int(text.chars().count() as i64),
            list => Value::Int(list.elements(scope)?.count() as i64),
        },
        Function::Contains => Value::Bool(text(0)?.contains(text(1)?)),
        Function::StartsWith => Value::Bool(text(0)?.starts_with(text(1)?)),
        Function::EndsWith => Value::Bool(text(0)?.ends_with(text(1)?)),
        Function::LowerAscii => Value::Text(text(0)?.to_ascii_lowercase().into()),
        Function::Matches(regex) => Value::Bool(regex.is_match(text(0)?)),
        Function::Distinct => distinct(evaluator, &args[0])?,
        Function::Min | Function::Max => {
            let largest = matches!(function, Function::Max);
            let mut best: Option<Value<'a>> = None;
            for element in evaluator.elements(&args[0])? {
                evaluator.spend(1)?;
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
            best.unwrap_or_else(|| evaluator.absent_in(&args[0], Absence::Empty, "[0]"))
        }
    })
}

fn unreadable<'a>(what: &str) -> Value<'a> {
    Value::unknown(Absence::Unreadable, None, what)
}

fn no_list<'a>(list: &str) -> Value<'a> {
    Value::unknown(Absence::NoReference, None, list)
}

/// The calendar date in front of a date or date-time.
pub(super) fn day(text: &str) -> Option<jiff::civil::Date> {
    let head = text.get(..10)?;
    let dashes = head.as_bytes()[4] == b'-' && head.as_bytes()[7] == b'-';
    if !dashes { None } else { head.parse().ok() }
}

fn days(from: jiff::civil::Date, to: jiff::civil::Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

fn distinct<'a>(evaluator: &mut Evaluator<'a>, list: &Value<'a>) -> Result<Value<'a>, Failure> {
    let mut seen = std::collections::HashSet::new();
    let mut out = Vec::new();
    for element in evaluator.elements(list)? {
        evaluator.spend(1)?;
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

fn key<'a>(evaluator: &Evaluator<'a>, address: &Value<'a>, unit: bool) -> Result<Value<'a>, Failure> {
    let Value::Item(item) = address else {
        return Err(Failure::Type(address.type_name()));
    };
    let mut parts = Vec::new();
    for (name, needed) in [
        ("street", true),
        ("unit", false),
        ("city", true),
        ("region", false),
        ("postal_code", true),
        ("country", true),
    ] {
        match item.node.get(name) {
            Some(node) if node.is_invalid() => {
                return Ok(evaluator.absent_in(address, Absence::Invalid, name));
            }
            Some(node) => parts.push((name, node.text())),
            None if needed => return Ok(evaluator.absent_in(address, Absence::Missing, name)),
            None => {}
        }
    }
    let part = |name: &str| parts.iter().find(|(n, _)| *n == name).map_or("", |(_, text)| *text);
    let street = part("street");
    let key = if unit { address_key(street, part("unit")) } else { building_key(street) };
    let postal = squeeze(part("postal_code"));
    // ZIP+4 and ZIP are one place.
    let postal = if part("country") == "US" { postal.chars().take(5).collect() } else { postal };
    Ok(Value::Text(format!("{key}|{postal}|{}", part("country")).into()))
}

/// Nine digits with the ABA check digit: 3(d1+d4+d7) + 7(d2+d5+d8) + (d3+d6+d9) divisible by ten.
pub fn routing_checksum_ok(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 9 || !bytes.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let weights = [3, 7, 1, 3, 7, 1, 3, 7, 1];
    let sum: u32 = bytes.iter().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    sum > 0 && sum.is_multiple_of(10)
}

/// A valid checksum behind a prefix that the Federal Reserve assigns: 01–12, 21–32, 61–72, 80, and 00 for
/// the government.
pub fn routing_number_ok(text: &str) -> bool {
    let prefix = text.get(..2).and_then(|p| p.parse::<u32>().ok());
    routing_checksum_ok(text) && matches!(prefix, Some(0..=12 | 21..=32 | 61..=72 | 80))
}

fn evidence_ok<'a>(evaluator: &Evaluator<'a>, evidence: &Value<'a>) -> Result<Value<'a>, Failure> {
    let Value::Item(item) = evidence else {
        return Err(Failure::Type(evidence.type_name()));
    };
    let field = |name: &str| item.node.get(name);
    let Some(reference) = field("ref") else {
        return Ok(evaluator.absent_in(evidence, Absence::Missing, "ref"));
    };
    for name in ["ref", "sha256"] {
        if field(name).is_some_and(|n| n.is_invalid()) {
            return Ok(evaluator.absent_in(evidence, Absence::Invalid, name));
        }
    }
    let stated = field("sha256").map(|n| n.text());
    if reference.text().contains("://") {
        return Ok(match stated {
            Some(_) => Value::Bool(true),
            None => evaluator.absent_in(evidence, Absence::Missing, "sha256"),
        });
    }
    let path = evidence_path(reference.text());
    // What a record says is not shown by the record.
    if path == evaluator.scope.set.path(evaluator.scope.set.get(item.record)) || NO_EVIDENCE.contains(&path) {
        return Ok(Value::Bool(false));
    }
    Ok(Value::Bool(match (evaluator.scope.files.get(path), stated) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(actual), Some(stated)) => actual.eq_ignore_ascii_case(stated),
    }))
}
