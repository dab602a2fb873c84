//! Annotations of a GitHub workflow: commands on standard output, the worst ten of each kind.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest, so one of the notices
//! counts the gaps and says how many more there are. Where there is a base, only what this change made worse is
//! annotated; known gaps are counted only.

use std::io::{self, Write};

use super::facts::Facts;
use crate::assessment::{Assessment, Finding, Outcome, Problem, Severity, is_newly_unassessed, notes};
use crate::text::{count, escape, no_commands};

/// Annotations of a kind that GitHub shows of one step.
const SHOWN: usize = 10;

pub(super) fn write(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let facts = Facts::new(assessment);
    let notes = notes(assessment);
    let first = |counts: bool| notes.iter().filter(|section| section.counts == counts).count();
    let mut kinds = [
        Kind { name: "error", room: SHOWN - first(true), lines: Vec::new(), left_out: 0 },
        Kind { name: "warning", room: SHOWN - first(false), lines: Vec::new(), left_out: 0 },
        // The last notice says what is left out.
        Kind { name: "notice", room: SHOWN - 1, lines: Vec::new(), left_out: 0 },
    ];
    for section in &notes {
        let name = if section.counts { "error" } else { "warning" };
        let text = data(&section.sentences.join(" "));
        writeln!(out, "::{name} title=duly%3A {}::{text}", section.title)?;
    }
    for problem in facts.unread() {
        kinds[0].add(|| of_problem(&facts, problem));
    }
    for finding in facts.gaps().into_iter().filter(|finding| facts.is_fresh(finding)) {
        let kind = match finding.severity {
            Severity::Critical | Severity::High => 0,
            Severity::Medium => 1,
            Severity::Low => 2,
        };
        kinds[kind].add(|| of_finding(&facts, finding));
    }
    let reviews = assessment.findings.iter().filter(|finding| finding.outcome == Outcome::Review);
    for finding in reviews.filter(|finding| facts.is_fresh(finding)) {
        kinds[2].add(|| of_finding(&facts, finding));
    }
    for finding in assessment.findings.iter().filter(|finding| is_newly_unassessed(finding)) {
        kinds[2].add(|| of_finding(&facts, finding));
    }
    let left_out: Vec<String> = kinds
        .iter()
        .filter(|kind| kind.left_out > 0)
        .map(|kind| count(kind.left_out, &format!("more {}", kind.name)))
        .collect();
    for kind in &mut kinds {
        // By file, the worst stay the worst.
        kind.lines.sort();
        for line in &kind.lines {
            writeln!(out, "::{}{}", kind.name, line.command())?;
        }
    }
    let gaps = facts.gap_count();
    let mut said = Vec::new();
    if gaps.all > 0 {
        said.push(gaps.in_words());
    }
    if !left_out.is_empty() {
        said.push(format!(
            "not annotated: {}; the summary and the other reports list them",
            left_out.join(", ")
        ));
    }
    if !said.is_empty() {
        writeln!(out, "::notice title=duly::{}", data(&said.join(". ")))?;
    }
    out.flush()
}

struct Kind {
    name: &'static str,
    room: usize,
    lines: Vec<Annotation>,
    left_out: usize,
}

impl Kind {
    fn add(&mut self, make: impl FnOnce() -> Annotation) {
        if self.lines.len() < self.room {
            self.lines.push(make());
        } else {
            self.left_out += 1;
        }
    }
}

/// Ordered by file and place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Annotation {
    file: String,
    /// Line, column, and the column behind the last; 0 where the whole line or file is meant.
    at: (u32, u32, u32),
    title: String,
    message: String,
}

impl Annotation {
    fn command(&self) -> String {
        let (line, column, end) = self.at;
        let mut properties =
            vec![format!("file={}", file(&self.file)), format!("line={line}"), format!("endLine={line}")];
        if end > column {
            properties.push(format!("col={column}"));
            properties.push(format!("endColumn={end}"));
        }
        properties.push(format!("title={}", property(&self.title)));
        format!(" {}::{}", properties.join(","), data(&self.message))
    }
}

fn of_finding(facts: &Facts<'_>, finding: &Finding) -> Annotation {
    let place = facts.place(finding);
    let at = match &finding.region {
        Some(region) => (region.line, region.column, region.end_column),
        None => (place.line.max(1), 0, 0),
    };
    let cause = finding.cause.map_or_else(String::new, |cause| format!(" ({cause})"));
    let prompt = match finding.outcome {
        Outcome::Review => "to review, no proof: ",
        Outcome::NotAssessed => "not assessed: ",
        _ => "",
    };
    Annotation {
        file: facts.path(&place.path),
        at,
        title: format!("{}/{}", finding.measure, finding.check),
        message: format!("{prompt}{}{cause}; owner: {}", finding.message, facts.owner(&finding.owner)),
    }
}

fn of_problem(facts: &Facts<'_>, problem: &Problem) -> Annotation {
    let (place, text) = facts.problem_place(problem);
    let region = problem.region.as_ref().filter(|_| place.path == problem.place.path);
    let at = region.map_or((place.line.max(1), 0, 0), |r| (r.line, r.column, r.end_column));
    Annotation {
        file: facts.path(&place.path),
        at,
        title: format!("input/{}", problem.code),
        message: format!("{text}; to do: {}", problem.help),
    }
}

/// The text of a command: one line, in which nothing is a command.
fn data(text: &str) -> String {
    no_commands(&escape(text)).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A path as GitHub knows it, as the value of a property. Nothing is escaped but what the runner turns back, so that
/// the annotation finds its file; control characters would act on whoever reads the log.
fn file(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' => out.push_str("%3A"),
            ',' => out.push_str("%2C"),
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_one_that_github_knows() {
        for (path, value) in [
            ("a:b,c%d.yaml", "a%3Ab%2Cc%25d.yaml"),
            ("::a/##[b]\n.yaml", "%3A%3Aa/##[b]%0A.yaml"),
            ("Müller \u{200d}x.yaml", "Müller \u{200d}x.yaml"),
            ("a\u{1b}[2J", "a\\u{1b}[2J"),
        ] {
            assert_eq!(file(path), value);
        }
    }

    #[test]
    fn texts_end_no_property_and_no_command() {
        assert_eq!(property("a,b:c%d\n::error::x"), "a%2Cb%3Ac%25d\\u{a}%3A%3Aerror%3A%3Ax");
        assert_eq!(data("50%\r\n##[x]"), "50%25\\u{d}\\u{a}\\u{23}#[x]");
    }
}
