//! Names of people and firms, whatever way they are written.

use std::collections::BTreeSet;

use human_name::Name;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words beside a name: titles of people and legal forms of firms.
const BESIDE: &[&str] = &[
    "ab",
    "ag",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "dr",
    "gmbh",
    "inc",
    "incorporated",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "miss",
    "mr",
    "mrs",
    "ms",
    "nv",
    "oy",
    "plc",
    "prof",
    "professor",
    "pty",
    "sa",
    "sarl",
    "sas",
    "spa",
    "srl",
    "the",
];

/// A name in one spelling.
pub(super) fn name_key(name: &str) -> String {
    let plain: String = name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let words: BTreeSet<&str> =
        plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let core: Vec<&str> = words.iter().copied().filter(|word| BESIDE.binary_search(word).is_err()).collect();
    if core.is_empty() { words.into_iter().collect::<Vec<_>>().join(" ") } else { core.join(" ") }
}

/// Whether two texts can name one person.
pub(super) fn same_person(a: &str, b: &str) -> bool {
    if !a.trim().is_empty() && a.eq_ignore_ascii_case(b) {
        return true;
    }
    // Two spellings of one name have a word in common, by far the most names have none.
    if a.is_ascii() && b.is_ascii() && !share_word(a, b) {
        return false;
    }
    let (key, other) = (name_key(a), name_key(b));
    // A number tells ids apart, which no name has.
    if key == other || key.chars().chain(other.chars()).any(char::is_numeric) {
        return key == other && !key.is_empty();
    }
    match (Name::parse(a), Name::parse(b)) {
        (Some(a), Some(b)) => a.consistent_with(&b),
        _ => false,
    }
}

/// Whether two plain texts have a word of more than one letter in common.
fn share_word(a: &str, b: &str) -> bool {
    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 1)
    }
    words(a).any(|word| words(b).any(|other| word.eq_ignore_ascii_case(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_known_in_every_usual_spelling() {
        assert!(BESIDE.is_sorted());
        for (a, b) in [
            ("Zed Quill", "Quill, Zed"),
            ("Z. Quill", "Zed Quill"),
            ("Dr. Ruth A. Delgado", "ruth delgado"),
            ("José García", "JOSE GARCIA"),
            ("Maya Trent (security)", "Maya Trent"),
            ("Quill Zed", "Zed Quill"),
            ("staff-011", "STAFF-011"),
        ] {
            assert!(same_person(a, b) && same_person(b, a), "{a} and {b}");
        }
        for (a, b) in [
            ("Ruth Delgado", "Ruth Delgada"),
            ("A. Lee", "Bob Lee"),
            ("staff-011", "staff-012"),
            ("Head of Security", "Head of Finance"),
            ("", ""),
        ] {
            assert!(!same_person(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn one_firm_is_known_in_every_usual_spelling() {
        assert_eq!(name_key("Stonepine Staffing, LLC"), name_key("STONEPINE STAFFING"));
        assert_ne!(name_key("Stonepine Staffing"), name_key("Stonepine Studios"));
        assert_eq!(name_key("The Company"), "company the");
    }
}
