//! The functions of policies: few, pure, and each told in [`super::signature`].
//!
//! What a function needs from outside its arguments it asks of the machine.

mod address;
mod arguments;
mod bank;
mod dates;
mod evidence;
mod lists;
mod places;
mod records;
mod text;

use super::ast::Function;
use super::machine::Machine;
use super::value::Value;
use crate::text::names;
use arguments::{Answer, Arguments};

pub use address::{address_key, building_key};
pub use bank::routing_number_ok;

/// Calls a function with known arguments.
pub(super) fn call<'a>(machine: &mut Machine<'a>, function: &'a Function, args: &[Value<'a>]) -> Answer<'a> {
    let args = Arguments::new(args);
    match function {
        Function::AgeDays => dates::age_days(machine, args),
        Function::DaysBetween => dates::days_between(args),
        Function::AddDays => dates::add_days(args),
        Function::Date => dates::date(args),
        Function::Lookup(kind) => Ok(machine.lookup(*kind, args.text(0)?)),
        Function::Known(kind) => Ok(Value::Bool(machine.is_known(*kind, args.text(0)?))),
        Function::Count(kind) => Ok(Value::Int(machine.count_of(*kind) as i64)),
        Function::Related(index) => machine.related(*index, args.text(0)?),
        Function::RelatedWithin(index) => records::related_within(machine, *index, args),
        Function::Near(index) => places::near(machine, *index, args),
        Function::PlaceKey(index) => places::place_key(machine, *index, args),
        Function::DistanceKm => places::distance_km(machine, args),
        Function::AddressKey => places::address(machine, args, address_key),
        Function::BuildingKey => places::address(machine, args, |street, _| building_key(street)),
        Function::RoutingNumberOk => Ok(Value::Bool(routing_number_ok(args.text(0)?))),
        Function::RoutingChecksumOk => Ok(Value::Bool(bank::routing_checksum_ok(args.text(0)?))),
        Function::Listed(list) => records::listed(machine, list, args),
        Function::InNetworks(list) => records::in_networks(machine, list, args),
        Function::IpIn => lists::ip_in(machine, args),
        Function::EvidenceOk => evidence::evidence_ok(machine, args),
        Function::DatedBetween => evidence::dated_between(machine, args),
        Function::DocumentUses => evidence::document_uses(machine, args),
        Function::DocumentsAt => evidence::documents_at(machine, args),
        Function::DocumentKeys => evidence::document_keys(machine, args),
        Function::FirmKey => Ok(Value::Text(names::firm_key(args.text(0)?).into())),
        Function::MixesScripts => Ok(Value::Bool(names::mixes_scripts(args.text(0)?))),
        Function::SpelledAlike => Ok(Value::Text(names::name_key(args.text(0)?).into())),
        Function::SamePerson => Ok(Value::Bool(names::same_person(args.text(0)?, args.text(1)?))),
        Function::Names => Ok(Value::Bool(names::names_other(args.text(0)?, args.text(1)?))),
        Function::People(_) => machine.people(args.text(0)?),
        // What is unknown never gets here.
        Function::Recorded => Ok(Value::Bool(true)),
        Function::Size => lists::size(machine, args),
        Function::Contains => text::compare(args, |text, other| text.contains(other)),
        Function::StartsWith => text::compare(args, |text, other| text.starts_with(other)),
        Function::EndsWith => text::compare(args, |text, other| text.ends_with(other)),
        Function::LowerAscii => Ok(Value::Text(args.text(0)?.to_ascii_lowercase().into())),
        Function::Matches(regex) => Ok(Value::Bool(regex.is_match(args.text(0)?))),
        Function::Distinct => lists::distinct(machine, args),
        Function::Min => lists::extreme(machine, args, false),
        Function::Max => lists::extreme(machine, args, true),
    }
}
