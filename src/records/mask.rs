//! Masking: what of a record may leave the process.
//!
//! A value is shown only when its schema describes it and marks it as harmless. Personal data is
//! reduced by its class; what no schema describes, or what its schema refuses, is withheld.

use std::ops::Range;

use super::shape::{Class, FieldType, Shape};
use crate::text::is_hidden;
use crate::tree::{Node, Tag, Tree};

/// What is written in place of a value that may not be shown at all.
pub const WITHHELD: &str = "[withheld]";

/// The text of a value of this class, reduced to what a reader needs to tell records apart.
pub fn mask(class: Class, text: &str) -> String {
    match class {
        Class::Name => initials(text),
        Class::Email => email(text),
        Class::Phone => phone(text),
        Class::Address => "[address]".to_owned(),
        Class::DocumentNumber => "[document number]".to_owned(),
        Class::BirthDate => "[date of birth]".to_owned(),
        Class::Bank => "[bank data]".to_owned(),
        Class::Ip => "[IP address]".to_owned(),
        Class::Coordinates => "[coordinates]".to_owned(),
        Class::FreeText => "[free text]".to_owned(),
        Class::Hash => "[hash]".to_owned(),
    }
}

fn initials(text: &str) -> String {
    let words = || text.split(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | '_'));
    // The initials of words of one letter are the whole name.
    if words().all(|word| word.chars().filter(|c| c.is_alphabetic()).count() < 2) {
        return "[name]".to_owned();
    }
    let letters: Vec<char> =
        words().filter_map(|word| word.chars().find(|c| c.is_alphabetic())).take(3).collect();
    let parts: Vec<String> = letters.iter().map(|c| format!("{}.", c.to_uppercase())).collect();
    parts.join(" ")
}

fn email(text: &str) -> String {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return "[e-mail]".to_owned();
    };
    let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let Some(first) = local.chars().next().filter(|c| c.is_alphanumeric()) else {
        return "[e-mail]".to_owned();
    };
    if domain.is_empty() || !domain.chars().all(harmless) {
        return "[e-mail]".to_owned();
    }
    format!("{first}…@{domain}")
}

fn phone(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    match digits.as_slice() {
        [.., a, b] if digits.len() >= 7 => format!("[phone …{a}{b}]"),
        _ => "[phone]".to_owned(),
    }
}

/// Whether a text can be an id: no blank, no `@`, nothing that hides. Names of people and e-mail addresses are none.
pub fn is_plausible_id(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c == '@' || c.is_whitespace() || is_hidden(c))
}

/// Whether what stands where an id is asked is one: if not, it may be a name.
fn may_stand(shape: &Shape, node: Node<'_>) -> bool {
    shape.reference.is_none() || is_plausible_id(node.text())
}

/// The text of a scalar as it may be shown. `None` for containers.
pub fn show(shape: Option<&Shape>, node: Node<'_>) -> Option<String> {
    if matches!(node.tag(), Tag::Seq | Tag::Map) {
        return None;
    }
    Some(match shape {
        Some(shape) if !node.is_invalid() => match shape.sensitive {
            Some(class) if !shape.covered => mask(class, node.text()),
            None if shape.is_shown() && may_stand(shape, node) => node.text().to_owned(),
            _ => WITHHELD.to_owned(),
        },
        _ => WITHHELD.to_owned(),
    })
}

/// What covers a character that may not be shown, one for one, so that columns stay true.
const COVER: char = '▒';

/// Bytes of the source, inside one line, with everything covered that may not be shown: values by their
/// schema, keys no schema knows, comments, and whatever else is no YAML punctuation. As many characters as
/// there are in the source.
pub fn cover(tree: &Tree, shape: &Shape, root: Node<'_>, part: Range<u32>) -> String {
    let mut open: Vec<Range<u32>> = Vec::new();
    harmless(shape, root, &part, &mut open);
    open.sort_by_key(|r| r.start);
    let mut out = String::new();
    let mut next = 0;
    let mut in_comment = false;
    for (i, c) in tree.text()[part.start as usize..part.end as usize].char_indices() {
        let at = part.start + i as u32;
        while open.get(next).is_some_and(|r| r.end <= at) {
            next += 1;
        }
        let shown = open.get(next).is_some_and(|r| r.contains(&at));
        in_comment |= c == '#' && !shown;
        let punctuation = " \t-:[]{},\"'|>#".contains(c);
        out.push(if shown || (punctuation && !in_comment) || c == ' ' { c } else { COVER });
    }
    out
}

/// Collects the bytes within `part` that may be shown: keys the shape knows and values it calls harmless.
fn harmless(shape: &Shape, node: Node<'_>, part: &Range<u32>, open: &mut Vec<Range<u32>>) {
    if node.is_invalid() || node.is_aliased() {
        return;
    }
    let within = |span: &Range<u32>| span.start < part.end && part.start < span.end;
    match &shape.form {
        FieldType::Object(_) if node.tag() == Tag::Map => {
            for child in node.children_behind(part.start) {
                let key = child.key_span();
                if key.start >= part.end {
                    break;
                }
                if let Some(field) = shape.field(child.key()) {
                    if within(&key) {
                        open.push(key);
                    }
                    harmless(&field.shape, child, part, open);
                }
            }
        }
        FieldType::List(items) if node.tag() == Tag::Seq => {
            for child in node.children_behind(part.start) {
                if !child.is_aliased() && child.start() >= part.end {
                    break;
                }
                harmless(items, child, part, open);
            }
        }
        _ => {
            let scalar = !matches!(node.tag(), Tag::Seq | Tag::Map);
            let span = node.span();
            if scalar && shape.is_shown() && may_stand(shape, node) && within(&span) {
                open.push(span);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_no_ids() {
        for id in ["W-1042", "loc/7", "李-7", "a.b_c"] {
            assert!(is_plausible_id(id), "{id}");
        }
        for text in ["", "Jane Doe", "jane@mail.example", "W-\u{200b}1", "a\tb"] {
            assert!(!is_plausible_id(text), "{text:?}");
        }
    }

    #[test]
    fn each_class_keeps_no_more_than_it_must() {
        assert_eq!(mask(Class::Name, "Jane Q. Doe"), "J. Q. D.");
        assert_eq!(mask(Class::Name, "  "), "[name]");
        for whole in ["李 雷", "李_雷", "김", "J. D.", "X"] {
            assert_eq!(mask(Class::Name, whole), "[name]", "{whole}");
        }
        assert_eq!(mask(Class::Name, "김 민준"), "김. 민.");
        assert_eq!(mask(Class::Email, "jane.doe@example.com"), "j…@example.com");
        assert_eq!(mask(Class::Email, "jane doe"), "[e-mail]");
        assert_eq!(mask(Class::Phone, "+1 512 555 0142"), "[phone …42]");
        assert_eq!(mask(Class::Phone, "42"), "[phone]");
        for class in [Class::Address, Class::Bank, Class::Ip, Class::FreeText, Class::Hash] {
            assert!(!mask(class, "12 Oak Street").contains("12"));
        }
    }
}
