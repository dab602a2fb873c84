//! Postal addresses in one spelling, so that two ways of writing one place compare equal.

/// Letters and digits only, in capitals.
pub(super) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Words of a street line that have a USPS abbreviation (Publication 28, appendices B and C).
const ABBREVIATIONS: &[(&str, &str)] = &[
    ("ALLEY", "ALY"),
    ("AVENUE", "AVE"),
    ("AV", "AVE"),
    ("BOULEVARD", "BLVD"),
    ("CIRCLE", "CIR"),
    ("COURT", "CT"),
    ("CROSSING", "XING"),
    ("DRIVE", "DR"),
    ("EXPRESSWAY", "EXPY"),
    ("FREEWAY", "FWY"),
    ("HEIGHTS", "HTS"),
    ("HIGHWAY", "HWY"),
    ("LANE", "LN"),
    ("PARKWAY", "PKWY"),
    ("PLACE", "PL"),
    ("PLAZA", "PLZ"),
    ("POINT", "PT"),
    ("ROAD", "RD"),
    ("SQUARE", "SQ"),
    ("STREET", "ST"),
    ("STR", "ST"),
    ("TERRACE", "TER"),
    ("TRAIL", "TRL"),
    ("TURNPIKE", "TPKE"),
    ("WAY", "WAY"),
    ("NORTH", "N"),
    ("SOUTH", "S"),
    ("EAST", "E"),
    ("WEST", "W"),
    ("NORTHEAST", "NE"),
    ("NORTHWEST", "NW"),
    ("SOUTHEAST", "SE"),
    ("SOUTHWEST", "SW"),
];

/// Words behind which a unit stands (Publication 28, appendix C2); `#` is taken as one.
const UNITS: &[&str] = &["APARTMENT", "APT", "FLOOR", "FL", "PMB", "ROOM", "RM", "STE", "SUITE", "UNIT"];

fn street_words(street: &str) -> (Vec<String>, Vec<String>) {
    let spaced = street.replace('#', " # ");
    let words: Vec<String> = spaced
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        .map(|w| {
            w.chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, '#' | '/' | '-'))
                .flat_map(char::to_uppercase)
                .collect::<String>()
        })
        .filter(|w| !w.is_empty())
        .collect();
    let cut = words.iter().skip(1).position(|w| w == "#" || UNITS.contains(&w.as_str()));
    let (street, unit) = match cut {
        Some(i) => (words[..=i].to_vec(), words[i + 1..].to_vec()),
        None => (words, Vec::new()),
    };
    let short =
        |w: String| ABBREVIATIONS.iter().find(|(long, _)| *long == w).map_or(w, |(_, s)| (*s).to_owned());
    (street.into_iter().map(short).collect(), unit)
}

/// A street line in one spelling, without its unit.
pub fn building_key(street: &str) -> String {
    street_words(street).0.join(" ")
}

/// A street line and unit in one spelling.
pub fn address_key(street: &str, unit: &str) -> String {
    let (street, inline) = street_words(street);
    let all = format!("{} {unit}", inline.join(" "));
    let unit: Vec<String> = all
        .replace('#', " ")
        .split_whitespace()
        .map(squeeze)
        .filter(|w| !w.is_empty() && !UNITS.contains(&w.as_str()))
        .collect();
    format!("{} #{}", street.join(" "), unit.join(" "))
}
