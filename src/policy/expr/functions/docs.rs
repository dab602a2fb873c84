//! What each function means, in the words of `duly explain functions` and the documentation.

/// A function as `duly explain functions` and the documentation show it.
pub struct FunctionDoc {
    pub name: &'static str,
    pub signature: &'static str,
    pub meaning: &'static str,
}

/// Every function, by name.
pub const FUNCTIONS: &[FunctionDoc] = &[
    FunctionDoc {
        name: "add_days",
        signature: "add_days(date, int) -> date",
        meaning: "The date so many days later; earlier when negative.",
    },
    FunctionDoc {
        name: "address_key",
        signature: "address_key(address) -> text",
        meaning: "The address in one spelling, unit included: equal keys are one place.",
    },
    FunctionDoc {
        name: "age_days",
        signature: "age_days(date) -> int",
        meaning: "Days from the date to the as-of date; unknown for a date after it.",
    },
    FunctionDoc {
        name: "building_key",
        signature: "building_key(address) -> text",
        meaning: "As address_key, without the unit: equal keys are one building.",
    },
    FunctionDoc {
        name: "contains",
        signature: "text.contains(text) -> bool",
        meaning: "Whether the text has the other inside.",
    },
    FunctionDoc {
        name: "count",
        signature: "count('kind') -> int",
        meaning: "How many records of the kind there are.",
    },
    FunctionDoc {
        name: "date",
        signature: "date(date-time) -> date",
        meaning: "The calendar date a time is written with.",
    },
    FunctionDoc {
        name: "days_between",
        signature: "days_between(date, date) -> int",
        meaning: "Days from the first date to the second.",
    },
    FunctionDoc {
        name: "distance_km",
        signature: "distance_km(place, place) -> number",
        meaning: "Great-circle distance. A place has latitude and longitude, or is a US address whose ZIP code is in the Census table (its centroid; unknown otherwise).",
    },
    FunctionDoc { name: "distinct", signature: "list.distinct() -> list", meaning: "Each value once." },
    FunctionDoc {
        name: "endsWith",
        signature: "text.endsWith(text) -> bool",
        meaning: "Whether the text ends so.",
    },
    FunctionDoc {
        name: "evidence_ok",
        signature: "evidence_ok(evidence) -> bool",
        meaning: "Whether the document is there: a path in the repository must exist, not be the record's own file or duly.yaml, and match its sha256 if one is given; a document kept elsewhere counts only with a sha256, and is unknown without.",
    },
    FunctionDoc {
        name: "in_networks",
        signature: "in_networks('list', text) -> bool",
        meaning: "Whether the IP address is in a network of the reference list; unknown when the list is not configured.",
    },
    FunctionDoc {
        name: "ip_in",
        signature: "ip_in(text, list) -> bool",
        meaning: "Whether the IP address is in one of the networks, written as CIDR.",
    },
    FunctionDoc {
        name: "known",
        signature: "known('kind', text) -> bool",
        meaning: "Whether a record of the kind has the id.",
    },
    FunctionDoc {
        name: "listed",
        signature: "listed('list', text) -> bool",
        meaning: "Whether the name is on the reference list, whatever its case and punctuation; unknown when the list is not configured.",
    },
    FunctionDoc {
        name: "lookup",
        signature: "lookup('kind', text) -> record",
        meaning: "The record with the id; unknown when there is none.",
    },
    FunctionDoc {
        name: "lowerAscii",
        signature: "text.lowerAscii() -> text",
        meaning: "The text with A to Z in lower case.",
    },
    FunctionDoc {
        name: "matches",
        signature: "text.matches('regex') -> bool",
        meaning: "Whether the regular expression is found in the text.",
    },
    FunctionDoc {
        name: "max",
        signature: "list.max() -> value",
        meaning: "The largest number or latest date; unknown for an empty list.",
    },
    FunctionDoc {
        name: "min",
        signature: "list.min() -> value",
        meaning: "The smallest number or earliest date; unknown for an empty list.",
    },
    FunctionDoc {
        name: "near",
        signature: "near('kind', place, int) -> list",
        meaning: "Records of the kind with latitude and longitude within so many metres (at most 1000), the record itself included.",
    },
    FunctionDoc {
        name: "place_key",
        signature: "place_key('kind', record, 100) -> text",
        meaning: "One text for all records of the kind that lie together, within about so many metres (written out, at most 1000) of a neighbour: a key to group by. Unknown without latitude and longitude.",
    },
    FunctionDoc {
        name: "related",
        signature: "related('kind', 'field', text) -> list",
        meaning: "Records of the kind whose field, a dotted path, has the value; for a list, as an element.",
    },
    FunctionDoc {
        name: "related_within",
        signature: "related_within('kind', 'field', 'date field', text, date, int) -> list",
        meaning: "As related, of the records whose date lies at most so many days before or after the date; those whose date is unknown are among them.",
    },
    FunctionDoc {
        name: "routing_checksum_ok",
        signature: "routing_checksum_ok(text) -> bool",
        meaning: "Nine digits with a valid ABA check digit, whatever their prefix.",
    },
    FunctionDoc {
        name: "routing_number_ok",
        signature: "routing_number_ok(text) -> bool",
        meaning: "Nine digits with a Federal Reserve prefix and a valid ABA check digit.",
    },
    FunctionDoc {
        name: "size",
        signature: "list.size() -> int",
        meaning: "Elements of a list, characters of a text.",
    },
    FunctionDoc {
        name: "startsWith",
        signature: "text.startsWith(text) -> bool",
        meaning: "Whether the text starts so.",
    },
];
