//! Every function: its name, what it takes and what it means, in the words of `duly explain functions` and the
//! documentation.

use regex::Regex;

use super::types::Type;
use crate::records::KindId;
use crate::text::date;

/// What an argument must be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parameter {
    Any,
    Day,
    Int,
    Text,
    List,
    Object,
}

impl Parameter {
    pub(super) fn accepts(self, kind: &Type) -> bool {
        match (self, kind) {
            (Parameter::Any, _) | (_, Type::Any) => true,
            (Parameter::Day, Type::Date | Type::DateTime) => true,
            (Parameter::Day, Type::Text(values)) => values.iter().any(|value| date::day(value).is_some()),
            (Parameter::Int, Type::Int) => true,
            (Parameter::Text, kind) => kind.is_text(),
            (Parameter::List, Type::List(_)) => true,
            (Parameter::Object, Type::Object(_)) => true,
            _ => false,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Parameter::Any => "a value",
            Parameter::Day => "a date",
            Parameter::Int => "a whole number",
            Parameter::Text => "a text",
            Parameter::List => "a list",
            Parameter::Object => "a record or object",
        }
    }
}

/// A function as the checker, `duly explain functions` and the documentation know it.
#[derive(Debug)]
pub struct Signature {
    pub name: &'static str,
    /// Arguments and result as they are written.
    pub signature: &'static str,
    pub meaning: &'static str,
    pub(super) function: Name,
    /// Arguments in front that must be written out as texts.
    pub(super) literals: usize,
    /// What the arguments behind them must be.
    pub(super) parameters: &'static [Parameter],
}

/// One row for each function: variant, what its literal arguments become, name, number of literal arguments, the other
/// arguments, how it is written, meaning.
macro_rules! functions {
    ($($variant:ident $([$of:ty])? $name:literal ($literals:literal $($parameter:ident)*) $signature:literal $meaning:literal)*) => {
        /// A function by its name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Name { $($variant),* }

        /// A function with what its literal arguments were resolved to: a number is that of an index in the plan.
        #[derive(Debug, Clone)]
        pub(super) enum Function { $($variant $(($of))?),* }

        /// Every function, by name.
        pub const FUNCTIONS: &[Signature] = &[$(Signature {
            name: $name,
            signature: $signature,
            meaning: $meaning,
            function: Name::$variant,
            literals: $literals,
            parameters: &[$(Parameter::$parameter),*],
        }),*];
    };
}

functions! {
    AddDays "add_days" (0 Day Int)
        "add_days(date, int) -> date"
        "The date that many days later, or earlier when negative."
    AddressKey "address_key" (0 Object)
        "address_key(address) -> text"
        "The address in one spelling, unit included: equal keys are one place."
    AgeDays "age_days" (0 Day)
        "age_days(date) -> int"
        "Days from the date to the as-of date; unknown for a date after it."
    BuildingKey "building_key" (0 Object)
        "building_key(address) -> text"
        "As address_key, without the unit: equal keys are one building."
    Contains "contains" (0 Text Text)
        "text.contains(text) -> bool"
        "Whether the text contains the other."
    Count [KindId] "count" (1)
        "count('kind') -> int"
        "How many records of the kind there are."
    Date "date" (0 Day)
        "date(date-time) -> date"
        "The calendar date of a date-time, as it is written."
    DatedBetween "dated_between" (0 Object Day Day)
        "dated_between(evidence, date, date) -> bool"
        "Whether the date that a document bears lies from the first date to the second; true where none is recorded, unknown where it lies after the as-of date."
    DaysBetween "days_between" (0 Day Day)
        "days_between(date, date) -> int"
        "Days from the first date to the second."
    DistanceKm "distance_km" (0 Object Object)
        "distance_km(place, place) -> number"
        "Great-circle distance. A place has latitude and longitude, or is a US address whose ZIP code is in the Census table (its centroid; unknown otherwise)."
    Distinct "distinct" (0 List)
        "list.distinct() -> list"
        "Each value once."
    DocumentKeys "document_keys" (0 Object)
        "document_keys(record) -> list"
        "What tells the documents that a record or object names from others: the SHA-256 of each, else its address. Equal keys are one document."
    DocumentUses "document_uses" (0 Object)
        "document_uses(object) -> list"
        "For each document of the record or object that several fields of any records name: those fields, as `worker.bank.document`, in order and parted by blanks."
    DocumentsAt "documents_at" (0 Object List)
        "documents_at(object, list) -> list"
        "The keys of the documents that the record or object names below these fields (dotted paths), each once for a field."
    EndsWith "endsWith" (0 Text Text)
        "text.endsWith(text) -> bool"
        "Whether the text ends with the other."
    EvidenceOk "evidence_ok" (0 Object)
        "evidence_ok(evidence) -> bool"
        "Whether the document exists: a path in the repository must exist, not be the record's own file or duly.yaml, and match its sha256 if one is given; a document kept elsewhere counts only with a sha256, and is unknown without. Unknown too where the document bears a date after the as-of date."
    FirmKey "firm_key" (0 Text)
        "firm_key(text) -> text"
        "The name of a firm in one spelling: case, blanks, punctuation and legal forms do not count."
    InNetworks [String] "in_networks" (1 Text)
        "in_networks('list', text) -> bool"
        "Whether the IP address is in a network of the reference list; unknown when the list is not configured."
    IpIn "ip_in" (0 Text List)
        "ip_in(text, list) -> bool"
        "Whether the IP address is in one of the networks, written as CIDR."
    Known [KindId] "known" (1 Text)
        "known('kind', text) -> bool"
        "Whether a record of the kind has the id."
    Listed [String] "listed" (1 Text)
        "listed('list', text) -> bool"
        "Whether the name is on the reference list, whatever its case and punctuation; unknown when the list is not configured."
    Lookup [KindId] "lookup" (1 Text)
        "lookup('kind', text) -> record"
        "The record with the id; unknown when there is none."
    LowerAscii "lowerAscii" (0 Text)
        "text.lowerAscii() -> text"
        "The text with A to Z in lower case."
    Matches [Regex] "matches" (0 Text Text)
        "text.matches('regex') -> bool"
        "Whether the regular expression is found in the text."
    Max "max" (0 List)
        "list.max() -> value"
        "The largest number or latest date; unknown for an empty list."
    Min "min" (0 List)
        "list.min() -> value"
        "The smallest number or earliest date; unknown for an empty list."
    MixesScripts "mixes_scripts" (0 Text)
        "mixes_scripts(text) -> bool"
        "Whether a word of the text mixes letters of the Latin script with letters of another that look the same."
    SpelledAlike "name_key" (0 Text)
        "name_key(text) -> text"
        "The name of a person or firm in one spelling: case, accents, punctuation, titles, legal forms and the order of its words do not count."
    Names "names" (0 Text Text)
        "names(text, text) -> bool"
        "Whether the first text names the person or firm of the second: in any spelling that same_person accepts, also among other words; for an e-mail address, by it or another address at its domain, unless anyone can have one there."
    Near [usize] "near" (1 Object Int)
        "near('kind', place, int) -> list"
        "Records of the kind with latitude and longitude within that many metres (at most 1000), the record itself included."
    People [KindId] "people" (0 Text)
        "people(text) -> list"
        "The workers that a text names: by id, account or e-mail address, whatever their case and with or without a domain, or by name in any spelling that same_person accepts; alone, or among other names and words."
    PlaceKey [usize] "place_key" (1 Object Int)
        "place_key('kind', record, 100) -> text"
        "One text for all records of the kind that are close together, within about that many metres (written out, at most 1000) of a neighbour: a key to group by. Unknown without latitude and longitude."
    Recorded "recorded" (0 Any)
        "recorded(value) -> bool"
        "True where the value is recorded; where it is not, unknown and never false."
    Related [usize] "related" (2 Text)
        "related('kind', 'field', text) -> list"
        "Records of the kind whose field, a dotted path, has the value; for a list, as an element."
    RelatedWithin [usize] "related_within" (3 Text Day Int)
        "related_within('kind', 'field', 'date field', text, date, int) -> list"
        "As related, but only records dated at most that many days before or after the date; those whose date is unknown are included."
    RoutingChecksumOk "routing_checksum_ok" (0 Text)
        "routing_checksum_ok(text) -> bool"
        "Nine digits with a valid ABA check digit, whatever their prefix."
    RoutingNumberOk "routing_number_ok" (0 Text)
        "routing_number_ok(text) -> bool"
        "Nine digits with a Federal Reserve prefix and a valid ABA check digit."
    SamePerson "same_person" (0 Text Text)
        "same_person(text, text) -> bool"
        "Whether two names can be two spellings of one person's: in another order, with initials, a title or a usual short form."
    Size "size" (0 Any)
        "list.size() -> int"
        "Elements of a list, characters of a text."
    StartsWith "startsWith" (0 Text Text)
        "text.startsWith(text) -> bool"
        "Whether the text starts with the other."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_told_in_the_order_of_their_names_with_as_many_arguments_as_they_take() {
        assert!(FUNCTIONS.is_sorted_by(|a, b| a.name < b.name));
        for function in FUNCTIONS {
            let (head, _) = function.signature.split_once(" -> ").expect("a result");
            let (before, arguments) = head.split_once('(').expect("arguments");
            let target = usize::from(before != function.name);
            assert!(before.ends_with(function.name), "{head}");
            let written = arguments.trim_end_matches(')').split(", ").filter(|a| !a.is_empty()).count();
            assert_eq!(target + written, function.literals + function.parameters.len(), "{head}");
            let words = arguments.split(", ").filter(|a| a.starts_with('\'')).count();
            assert!(function.literals <= words, "{head}");
        }
    }
}
