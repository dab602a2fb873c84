//! The rules of a SARIF log: a check, or a kind of problem with the input, as viewers show it.

use super::super::facts::is_plain_https;
use super::super::markdown::markup;
use super::format::{Component, Configuration, Help, Level, RuleProperties, Text};
use crate::assessment::{Check, Measure, Problem, Severity, SourceDocument};
use crate::text::{escape, shorten};

/// Characters of a description, and of a name, that GitHub takes.
const DESCRIPTION: usize = 1_024;
const NAME: usize = 255;

/// Id of a rule that only problems of the input have.
pub(super) fn problem_id(problem: &Problem) -> String {
    format!("input/{}", problem.code)
}

/// Id of the rule of a check.
pub(super) fn check_id(measure: &str, check: &str) -> String {
    escape(&format!("{measure}/{check}")).into_owned()
}

pub(super) fn level(severity: Severity) -> Level {
    match severity {
        Severity::Critical | Severity::High => Level::Error,
        Severity::Medium => Level::Warning,
        Severity::Low => Level::Note,
    }
}

/// GitHub's scale: critical is over 9.0, high from 7.0, medium from 4.0, low below.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}

/// The rule of a check.
pub(super) fn of_check(document: Option<&SourceDocument>, measure: &Measure, check: &Check) -> Component {
    let source = format!("{}, {}, item {}", measure.document, measure.section, measure.item);
    let title = sentence(&message(&check.title));
    let asks = measure.asks.iter().filter(|ask| check.asks.contains(&ask.id));
    let asks: Vec<String> = asks.map(|ask| ask.text.clone()).collect();
    let url = document.map(|document| document.url.clone()).filter(|url| is_plain_https(url));
    let full = format!("{title} {}, {} ({source}).", measure.id, measure.title);
    Component {
        id: check_id(&measure.id, &check.id),
        name: Some(pascal(&check.id)),
        short_description: description(&title),
        full_description: description(&message(&full)),
        help: help(&source, &title, &asks, check, &check.remediation),
        help_uri: url,
        configuration: Configuration { level: level(check.severity) },
        properties: RuleProperties {
            tags: vec!["security".to_owned(), "compliance".to_owned(), message(&measure.id)],
            precision: "very-high",
            problem_severity: match level(check.severity) {
                Level::Error => "error",
                Level::Warning => "warning",
                _ => "recommendation",
            },
            security_severity: Some(security_severity(check.severity)),
        },
    }
}

fn help(source: &str, title: &str, asks: &[String], check: &Check, steps: &[String]) -> Help {
    let mut text = vec![title.to_owned()];
    let mut markdown = vec![format!("**{}**", markup::text(title))];
    let mut list = |head: &str, items: &[String]| {
        if items.is_empty() {
            return;
        }
        let numbered = items.iter().enumerate();
        text.push(format!(
            "{head}:\n{}",
            numbered
                .clone()
                .map(|(i, item)| format!("{}. {}", i + 1, message(item)))
                .collect::<Vec<_>>()
                .join("\n")
        ));
        let lines = numbered.map(|(i, item)| format!("{}. {}", i + 1, markup::text(item)));
        markdown.push(format!("{head}:\n\n{}", lines.collect::<Vec<_>>().join("\n")));
    };
    list("Asked", asks);
    list("To do", steps);
    if let Some(pattern) = &check.pattern {
        list("Rule out first", std::slice::from_ref(pattern));
    }
    text.push(format!("Source: {}.", message(source)));
    markdown.push(format!("Source: {}.", markup::text(source)));
    Help { text: text.join("\n\n"), markdown: markdown.join("\n\n") }
}

/// The rule of a kind of problem.
pub(super) fn of_problem(problem: &Problem) -> Component {
    let title = format!("The input can be read and judged ({})", problem.code);
    Component::bare(&problem_id(problem), &title, Level::Error)
}

impl Component {
    /// A rule of which nothing is known but its id.
    pub(super) fn bare(id: &str, title: &str, level: Level) -> Self {
        let title = sentence(&message(title));
        Component {
            id: escape(id).into_owned(),
            name: Some(pascal(id)),
            short_description: description(&title),
            full_description: description(&title),
            help: Help { text: title.clone(), markdown: markup::text(&title) },
            help_uri: None,
            configuration: Configuration { level },
            properties: RuleProperties {
                tags: vec!["compliance".to_owned()],
                precision: "very-high",
                problem_severity: "error",
                security_severity: None,
            },
        }
    }
}

fn description(text: &str) -> Text {
    Text { text: shorten(text, DESCRIPTION).into_owned() }
}

/// `delivered-elsewhere` as `DeliveredElsewhere`.
fn pascal(id: &str) -> String {
    let words = id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            format!("{}{rest}", first.to_ascii_uppercase())
        })
        .collect();
    shorten(&name, NAME).into_owned()
}

/// One line in which a viewer finds no link.
pub(super) fn message(text: &str) -> String {
    escape(text).replace("](", "] (")
}

/// Ends with a full stop, so that GitHub takes the first sentence for the title of the alert.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '?', '!']) { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_messages_are_what_viewers_expect() {
        assert_eq!(pascal("input/not-text"), "InputNotText");
        assert_eq!(message("[x](https://a.example)\n"), "[x] (https://a.example)\\u{a}");
        assert_eq!((sentence("a. "), sentence("b")), ("a.".to_owned(), "b.".to_owned()));
    }
}
