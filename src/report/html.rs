//! The HTML report: one file that asks for nothing, works without its script, and can be printed.
//!
//! Templates lay out the page that `view` works out. Every value is escaped where it is written, whatever
//! template writes it: markup, characters that hide or reorder text, and what a CI system would take for a
//! command. The style and the script are the only ones the page's content security policy lets in.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::io::{self, Write};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior};

use super::view;
use crate::assessment::Assessment;
use crate::text::{digest, is_hidden, shorten};

/// The whole report, and its first screen alone.
const PAGE: &str = "report.html";
const SUMMARY: &str = "summary.html";
const STYLE: &str = "style.css";
const SCRIPT: &str = "script.js";

/// Templates in the binary.
const BUILT_IN: &[(&str, &str)] = &[
    (PAGE, include_str!("../../templates/report/report.html")),
    (SUMMARY, include_str!("../../templates/report/summary.html")),
    ("first.html", include_str!("../../templates/report/first.html")),
    ("front.html", include_str!("../../templates/report/front.html")),
    ("measures.html", include_str!("../../templates/report/measures.html")),
    ("findings.html", include_str!("../../templates/report/findings.html")),
    ("unassessed.html", include_str!("../../templates/report/unassessed.html")),
    ("views.html", include_str!("../../templates/report/views.html")),
    ("macros.html", include_str!("../../templates/report/macros.html")),
    ("plan.html", include_str!("../../templates/report/plan.html")),
    ("scope.html", include_str!("../../templates/report/scope.html")),
    (STYLE, include_str!("../../templates/report/style.css")),
    (SCRIPT, include_str!("../../templates/report/script.js")),
];

/// Steps a page may take, and more for each finding, measure and file: several times what ours takes.
const FUEL: u64 = 5_000_000;
const FUEL_EACH: u64 = 20_000;
/// Templates within templates.
const DEPTH: usize = 50;

/// Templates of a user, by name, in the place of those in the binary.
#[derive(Debug, Clone, Default)]
pub struct Templates(BTreeMap<String, String>);

impl Templates {
    /// Names of the templates that can be replaced.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// Takes the place of the template of that name; `false` when there is none.
    pub fn replace(&mut self, name: &str, text: String) -> bool {
        let known = Self::names().any(|n| n == name);
        if known {
            self.0.insert(name.to_owned(), text);
        }
        known
    }

    fn get(&self, name: &str) -> &str {
        let built_in = || BUILT_IN.iter().find(|(n, _)| *n == name).map_or("", |(_, text)| *text);
        self.0.get(name).map_or_else(built_in, String::as_str)
    }
}

/// A template that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{template}:{line}: {why}")]
pub struct TemplateError {
    /// Name of the template.
    pub template: String,
    /// The line, from 1.
    pub line: usize,
    pub why: String,
}

/// How much of the page goes to paper; the page itself has it all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Print {
    /// The pages for leadership and the tables, of which long ones with their first ten rows.
    #[default]
    Short,
    Full,
}

/// Writes the page; an error of a template is a [`TemplateError`] inside the error.
pub(super) fn write(
    assessment: &Assessment,
    templates: &Templates,
    print: Print,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = page(assessment, templates, print).map_err(io::Error::other)?;
    out.write_all(page.as_bytes())?;
    out.flush()
}

/// Writes the first screen as a page of its own, without a script.
pub(super) fn write_summary(
    assessment: &Assessment,
    templates: &Templates,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = laid_out(assessment, templates, Print::Full, SUMMARY).map_err(io::Error::other)?;
    out.write_all(page.as_bytes())?;
    out.flush()
}

/// The whole page.
pub fn page(assessment: &Assessment, templates: &Templates, print: Print) -> Result<String, TemplateError> {
    laid_out(assessment, templates, print, PAGE)
}

/// A page by the name of its template.
fn laid_out(
    assessment: &Assessment,
    templates: &Templates,
    print: Print,
    template: &str,
) -> Result<String, TemplateError> {
    let mut environment = Environment::new();
    environment.set_debug(false);
    environment.set_formatter(write_value);
    // Nothing from an assessment is markup, whatever a template thinks of it.
    environment.remove_filter("safe");
    environment.add_filter("join", |parts: Vec<String>, between: &str| parts.join(between));
    environment.add_filter("spans", |text: String| spans(&text));
    environment.add_filter("plain", |text: String| {
        spans(&text).into_iter().map(|(_, part)| part).collect::<String>()
    });
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_syntax(
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default(),
    );
    environment.set_recursion_limit(DEPTH);
    environment.set_fuel(Some(fuel(assessment)));
    for name in Templates::names().filter(|n| n.ends_with(".html")) {
        environment.add_template(name, templates.get(name)).map_err(|e| template_error(&e, name))?;
    }
    let style = resource(templates, STYLE, "</style")?;
    let script = resource(templates, SCRIPT, "</script")?;
    let names = view::Names::new(assessment);
    let sheet = sheet(assessment);
    let context = minijinja::context! {
        csp => policy(&[style, &sheet], script),
        sheet => Value::from_safe_string(sheet),
        print_full => print == Print::Full,
        style => Value::from_safe_string(style.to_owned()),
        script => Value::from_safe_string(script.to_owned()),
        ..Value::from(Serde(view::page(&names)))
    };
    let page = environment.get_template(template).map_err(|e| template_error(&e, template))?;
    page.render(context).map_err(|e| template_error(&e, template))
}

/// The parts of a text, and of each whether it stands between backticks. A text whose backticks do not pair is one part.
fn spans(text: &str) -> Vec<(bool, String)> {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return vec![(false, text.to_owned())];
    }
    let parts = parts.iter().enumerate().map(|(i, part)| (i % 2 == 1, (*part).to_owned()));
    parts.filter(|(_, part)| !part.is_empty()).collect()
}

fn fuel(assessment: &Assessment) -> u64 {
    let checks = assessment.measures.iter().map(|m| 10 + m.checks.len()).sum::<usize>();
    let others = assessment.not_assessed.len()
        + assessment.problems.len()
        + assessment.coverage.files.len()
        + assessment.plan.len();
    FUEL.saturating_add(FUEL_EACH.saturating_mul((assessment.findings.len() + checks + others) as u64))
}

/// The style or the script, as it goes between its tags.
fn resource<'t>(templates: &'t Templates, name: &str, end: &str) -> Result<&'t str, TemplateError> {
    let text = templates.get(name);
    let ends = |line: &str| line.to_ascii_lowercase().contains(end) || line.contains("<!--");
    match text.lines().position(ends) {
        None => Ok(text),
        Some(at) => Err(TemplateError {
            template: name.to_owned(),
            line: at + 1,
            why: format!("`{end}` and `<!--` cannot stand in it: they would end it in the page"),
        }),
    }
}

/// What stands on every printed page: whose report it is and of what day, how it may be passed on, and the number of
/// the page.
fn sheet(assessment: &Assessment) -> String {
    let run = &assessment.run;
    let whose = run.organization.as_deref().unwrap_or("Organisation not named");
    let head = css_string(&format!("{}: gap report as of {}", shorten(whose, 60), run.as_of));
    let foot = css_string(&shorten(&run.classification, 100));
    let look = "font-size:7pt;color:#444";
    format!(
        "@page{{@top-left{{content:{head};{look}}}@bottom-left{{content:{foot};{look}}}\
         @bottom-right{{content:\"Page \" counter(page) \" of \" counter(pages);{look}}}}}"
    )
}

/// A text as a string of CSS: what is no plain letter, digit, blank or full stop is written by its number.
fn css_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            ' ' | '.' | ',' | '-' => out.push(c),
            c if c.is_ascii_alphanumeric() => out.push(c),
            c if is_hidden(c) || c == '\0' => {}
            // The blank ends the number, and belongs to it.
            c => out.push_str(&format!("\\{:x} ", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// Lets in these styles and this script, and nothing else from anywhere.
fn policy(styles: &[&str], script: &str) -> String {
    let hash = |text: &&str| format!("'sha256-{}'", digest::base64_of(text.as_bytes()));
    let styles: Vec<String> = styles.iter().map(hash).collect();
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        styles.join(" "),
        hash(&script)
    )
}

fn template_error(error: &minijinja::Error, template: &str) -> TemplateError {
    // An error inside an included template is wrapped once for each level.
    let mut inner = error;
    while let Some(next) = inner.source().and_then(|e| e.downcast_ref::<minijinja::Error>()) {
        inner = next;
    }
    let why = match inner.kind() {
        ErrorKind::OutOfFuel => "it takes more steps than a report may".to_owned(),
        kind => inner.detail().map_or_else(|| kind.to_string(), |detail| format!("{kind}: {detail}")),
    };
    TemplateError {
        template: inner.name().unwrap_or(template).to_owned(),
        line: inner.line().unwrap_or(1),
        why,
    }
}

/// Writes a value into the page: as text, whatever the template has switched off.
fn write_value(out: &mut Output, _: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    let result = if value.is_undefined() || value.is_none() {
        Ok(())
    } else if let Some(text) = value.as_str() {
        if value.is_safe() { out.write_str(text) } else { write_text(out, text) }
    } else if value.is_number() {
        write!(out, "{value}")
    } else {
        write_text(out, &value.to_string())
    };
    result.map_err(minijinja::Error::from)
}

/// Text as HTML that has no effect in an element, in a quoted attribute, or in the log of a CI system.
fn write_text(out: &mut Output, text: &str) -> std::fmt::Result {
    let mut written = 0;
    let mut last = '\0';
    for (i, c) in text.char_indices() {
        let entity = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            ':' if last == ':' => "&#58;",
            '#' if last == '#' => "&#35;",
            _ => "",
        };
        last = c;
        if entity.is_empty() && !is_hidden(c) {
            continue;
        }
        out.write_str(&text[written..i])?;
        written = i + c.len_utf8();
        if entity.is_empty() {
            write!(out, "{}", c.escape_unicode())?;
        } else {
            out.write_str(entity)?;
        }
    }
    out.write_str(&text[written..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_no_effect() {
        let mut environment = Environment::new();
        environment.set_formatter(write_value);
        let shown = |text: &str| {
            let template = "{% autoescape false %}<i a=\"{{ x }}\">{% endautoescape %}";
            environment.render_str(template, minijinja::context! { x => text }).expect("it renders")
        };
        for (text, html) in [
            ("<script>'\"&", "&lt;script&gt;&#39;&quot;&amp;"),
            ("a\u{202e}b\n\0", "a\\u{202e}b\\u{a}\\u{0}"),
            ("::error::x", ":&#58;error:&#58;x"),
            ("##[x] ##vso[y]", "#&#35;[x] #&#35;vso[y]"),
            ("{{ 7 * 7 }}{% x %}", "{{ 7 * 7 }}{% x %}"),
            ("=1+1 né ▒", "=1+1 né ▒"),
        ] {
            assert_eq!(shown(text), format!("<i a=\"{html}\">"));
        }
    }

    #[test]
    fn what_stands_between_backticks_is_told_from_the_rest() {
        let part = |is_code: bool, text: &str| (is_code, text.to_owned());
        assert_eq!(
            spans("`own_check` is not recorded"),
            [part(true, "own_check"), part(false, " is not recorded")]
        );
        assert_eq!(spans("a ` alone"), [part(false, "a ` alone")]);
        assert_eq!(spans("``"), []);
    }

    #[test]
    fn a_string_of_css_ends_where_it_should() {
        assert_eq!(css_string("Meridian Labs, Inc.: x"), "\"Meridian Labs, Inc.\\3a  x\"");
        assert_eq!(css_string("a\"}</style>\u{202e}é"), r#""a\22 \7d \3c \2f style\3e \e9 ""#);
    }

    #[test]
    fn what_would_end_the_style_is_refused() {
        let mut templates = Templates::default();
        assert!(!templates.replace("other.html", String::new()));
        assert!(templates.replace(STYLE, "a{}\n</STYLE><script>".to_owned()));
        let error = resource(&templates, STYLE, "</style").expect_err("it would end the element");
        assert_eq!((error.template.as_str(), error.line), (STYLE, 2));
    }
}
