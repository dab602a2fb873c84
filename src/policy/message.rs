//! Messages of findings: text with fields between `{{` and `}}`, read once when a policy is loaded.
//!
//! A message inserts fields and does nothing else: filters, loops and calculations have no bound on what they make.

use std::collections::BTreeMap;

use super::expr::{Error, Literal, error};
use crate::diagnostics::suggestion;
use crate::records::Shape;
use crate::text::escape;

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(String),
    /// A field of the record, by its dotted path.
    Field(String),
    /// A parameter of the measure, by its name.
    Parameter(String),
    /// The ids of a group.
    Ids,
    /// The number of records in a group.
    Count,
    /// The date of the audit.
    AsOf,
}

/// A message whose insertions are all known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message(Vec<Part>);

/// What a message is about, which decides what it may insert.
#[derive(Debug, Clone, Copy)]
pub(super) enum About<'a> {
    /// One record, by its variable.
    Record(&'a str, &'a Shape),
    Group,
    Nothing,
}

const HELP: &str = "insert fields as `{{ record.field }}`";
/// Characters of an insertion that an error repeats.
const SHOWN: usize = 40;

impl Message {
    /// Reads a message without the white space around it. The errors have their spans in `text`.
    pub(super) fn parse(
        text: &str,
        about: About<'_>,
        parameters: &BTreeMap<String, Literal>,
    ) -> Result<Self, Vec<Error>> {
        let mut parts = Vec::new();
        let mut errors = Vec::new();
        let end = text.trim_end().len();
        let mut at = text.len() - text.trim_start().len();
        while at < end {
            let rest = &text[at..end];
            let tag = ["{{", "{%", "{#"].iter().filter_map(|open| rest.find(open)).min();
            let words = &rest[..tag.unwrap_or(rest.len())];
            if !words.is_empty() {
                parts.push(Part::Text(words.to_owned()));
            }
            let Some(start) = tag.map(|tag| at + tag) else { break };
            let (name, after) = match insertion(text, start, end) {
                Ok(found) => found,
                Err(error) => {
                    errors.push(error);
                    break;
                }
            };
            match part(&text[name.clone()], about, parameters) {
                Some(part) => parts.push(part),
                None => errors.push(unknown(&text[name.clone()], name, about)),
            }
            at = after;
        }
        if errors.is_empty() { Ok(Message(parts)) } else { Err(errors) }
    }

    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Names of the parameters that it inserts.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Parameter(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

/// The bytes of the name in the tag that starts at `start`, and where the text goes on.
fn insertion(text: &str, start: usize, end: usize) -> Result<(std::ops::Range<usize>, usize), Error> {
    let tag = &text[start..end];
    let beyond = || {
        let line = tag.lines().next().unwrap_or_default();
        let shown: String = line.chars().take(SHOWN).collect();
        let message = format!("a message inserts fields and does nothing else, unlike `{}`", escape(&shown));
        Err(error(start..start + shown.len(), message, HELP))
    };
    let broken = |span, why: &str| Err(error(span, format!("the message is broken: {why}"), HELP));
    let Some(inside) = tag.strip_prefix("{{") else {
        return beyond();
    };
    let Some((inside, _)) = inside.split_once("}}") else {
        return broken(start..start + 2, "`{{` is not closed by `}}`");
    };
    let after = start + inside.len() + 4;
    let name = inside.trim_matches(' ');
    if name.is_empty() {
        return broken(start..after, "nothing is named between `{{` and `}}`");
    }
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')) {
        return beyond();
    }
    let from = start + 2 + inside.len() - inside.trim_start_matches(' ').len();
    Ok((from..from + name.len(), after))
}

fn part(name: &str, about: About<'_>, parameters: &BTreeMap<String, Literal>) -> Option<Part> {
    let (head, rest) = name.split_once('.').unwrap_or((name, ""));
    match (head, about) {
        ("ids", About::Group) if name == head => Some(Part::Ids),
        ("count", About::Group) if name == head => Some(Part::Count),
        ("as_of", _) if name == head => Some(Part::AsOf),
        ("params", _) if parameters.contains_key(rest) => Some(Part::Parameter(rest.to_owned())),
        (_, About::Record(variable, shape)) if head == variable && !rest.is_empty() => {
            shape.at(rest).map(|_| Part::Field(rest.to_owned()))
        }
        _ => None,
    }
}

fn unknown(name: &str, span: std::ops::Range<usize>, about: About<'_>) -> Error {
    let help = match about {
        About::Group => "a message about a group has `ids`, `count`, `params` and `as_of`".to_owned(),
        About::Nothing => "a message about no record has `params` and `as_of`".to_owned(),
        About::Record(variable, shape) => {
            let fields = shape.fields().iter().map(|f| f.name.as_str());
            suggestion(name.split_once('.').map_or("", |(_, rest)| rest), fields).map_or_else(
                || format!("a message has `{variable}`, `params` and `as_of`"),
                |field| format!("did you mean `{variable}.{field}`?"),
            )
        }
    };
    error(span, format!("the message names `{name}`, which is not there"), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, about: About<'_>) -> Result<Message, Vec<Error>> {
        Message::parse(text, about, &BTreeMap::from([("days".to_owned(), Literal::Int(3))]))
    }

    #[test]
    fn a_message_is_its_words_and_what_it_inserts() {
        let message = read("  {{count}} of { them }}: {{ ids }}, {{ params.days }} days\n", About::Group);
        let text = |words: &str| Part::Text(words.to_owned());
        let parts = [
            Part::Count,
            text(" of { them }}: "),
            Part::Ids,
            text(", "),
            Part::Parameter("days".to_owned()),
            text(" days"),
        ];
        assert_eq!(message.as_ref().map(Message::parts), Ok(&parts[..]));
        assert_eq!(message.map(|m| m.parameters().count()), Ok(1));
    }

    #[test]
    fn every_error_has_its_span_in_the_text_as_it_is_written() {
        for (text, spans) in [
            (" zoë {{ name }}, {{ other }}", vec!["name", "other"]),
            ("a {{ params.day }}", vec!["params.day"]),
            ("a {{ count }} {{ ids", vec!["{{"]),
            ("a {{ }}", vec!["{{ }}"]),
            ("a {{ ids }} {% if x %}", vec!["{% if x %}"]),
            ("a {{ ids | upper }}", vec!["{{ ids | upper }}"]),
            ("a {# ids #}", vec!["{# ids #}"]),
            ("{{ ids.first }}", vec!["ids.first"]),
        ] {
            let errors = read(text, About::Group).map_err(|errors| {
                errors.iter().map(|e| text[e.place.clone()].to_owned()).collect::<Vec<_>>()
            });
            assert_eq!(errors, Err(spans.into_iter().map(str::to_owned).collect()), "{text}");
        }
        assert!(read("{{ ids }}", About::Nothing).is_err());
    }
}
