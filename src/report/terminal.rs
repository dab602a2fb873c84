//! The terminal report: verdict, a line a measure, findings with the record's lines, problems, what next.
//!
//! Every text of a record is escaped and masked before it comes here; colour only repeats what words and
//! shapes already say.

mod changes;
mod closing;
mod decisions;
mod findings;
mod snippet;
mod summary;
mod trend;

use std::collections::HashMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::facts::{Facts, shape};
use crate::assessment::{Assessment, BaselineFile, Check, Measure, Outcome};
use crate::text::{escape, escape_block, no_commands};
use crate::words::Grade;

/// How much is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    Verdict,
    /// On two screens.
    Summary,
    #[default]
    Findings,
    Everything,
}

#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Columns to wrap at.
    pub width: usize,
    pub color: bool,
    pub detail: Detail,
}

/// For files and pipes.
impl Default for Options {
    fn default() -> Self {
        Options { width: 100, color: false, detail: Detail::default() }
    }
}

/// Findings shown of one check, and problems of one kind, before the rest is counted.
const SHOWN: usize = 5;

/// Columns a measure's title needs beside its id.
const NARROW: usize = 24;

/// Text wrapped to a width, each line ended. What could act on a terminal becomes visible: a saved assessment can
/// hold anything, in ids and dates as well.
pub fn wrap(text: &str, width: usize, first: &str, rest: &str) -> String {
    // Dates and ids are not broken at their hyphens.
    let options = textwrap::Options::new(width)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let mut out = String::new();
    for line in textwrap::wrap(&escape_block(text.trim()), options) {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// As [`wrap`], for a text whose first line goes on behind `columns` that are written already.
fn wrap_behind(columns: usize, text: &str, width: usize, rest: &str) -> String {
    let indent = " ".repeat(columns);
    let wrapped = wrap(text, width, &indent, rest);
    wrapped.strip_prefix(&indent).unwrap_or("\n").to_owned()
}

/// Writes the report.
pub(crate) fn write(assessment: &Assessment, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let facts = Facts::new(assessment);
    let mut report = Report { facts: &facts, options, text: String::new() };
    report.whole();
    out.write_all(no_commands(&report.text).as_bytes())?;
    out.flush()
}

struct Report<'a> {
    facts: &'a Facts<'a>,
    options: &'a Options,
    text: String,
}

fn color(outcome: Outcome) -> Style {
    let color = match outcome {
        Outcome::Gap => AnsiColor::Red,
        Outcome::NotAssessed => AnsiColor::Magenta,
        Outcome::Review => AnsiColor::Yellow,
        Outcome::Satisfied => AnsiColor::Green,
        Outcome::NotApplicable => AnsiColor::BrightBlack,
    };
    Style::new().fg_color(Some(color.into()))
}

impl<'a> Report<'a> {
    fn whole(&mut self) {
        if let Some(baseline) = &self.facts.assessment.baseline {
            self.changes(baseline);
            if !self.is_verbose() {
                return;
            }
            self.line("");
        }
        self.verdict();
        if self.options.detail == Detail::Verdict {
            return;
        }
        // A comparison has shown it already.
        if self.facts.assessment.baseline.is_none() {
            self.trend();
        }
        if self.options.detail == Detail::Summary {
            self.summary();
            self.decisions();
            self.problems();
            self.next();
            return;
        }
        self.measures();
        self.findings(Outcome::Gap, "Gaps");
        self.findings(Outcome::Review, "To review: indicators are prompts to look, not proof");
        self.not_assessed();
        self.decisions();
        self.problems();
        self.next();
        // The first lines are out of sight by now.
        self.line("");
        self.answer();
    }

    /// Whether everything is shown.
    fn is_verbose(&self) -> bool {
        self.options.detail == Detail::Everything
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn wrapped(&mut self, text: &str, first: &str, rest: &str) {
        self.text.push_str(&wrap(text, self.options.width, first, rest));
    }

    /// Lines in bold.
    fn strong(&mut self, text: &str) {
        for line in wrap(text, self.options.width, "", "").lines() {
            self.line(&self.paint(Style::new().bold(), line));
        }
    }

    fn heading(&mut self, text: &str) {
        self.line("");
        self.strong(text);
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.options.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Whose report it is, to stand before a comma or at the start of a line.
    fn organization(&self) -> String {
        let name = self.facts.assessment.run.organization.as_deref();
        name.map_or_else(String::new, |name| format!("{}, ", escape(name)))
    }

    /// Packs with their versions.
    fn packs(&self) -> String {
        self.facts.assessment.run.rules_in_words()
    }

    fn verdict(&mut self) {
        let assessment = self.facts.assessment;
        let line = format!("{}as of {}, {}", self.organization(), assessment.run.as_of, self.packs());
        self.wrapped(&escape(&line), "", "");
        self.answer();
    }

    /// The verdict, and the gaps counted.
    fn answer(&mut self) {
        let assessment = self.facts.assessment;
        self.strong(&assessment.summary.verdict);
        let gaps = self.facts.gap_count();
        if gaps.all > 0 {
            self.wrapped(&format!("{}.", gaps.in_words()), "", "");
        }
        if let Some(lacking) = assessment.run.baseline_file.as_ref().and_then(BaselineFile::lacking) {
            self.wrapped(&escape(&lacking), "", "");
        }
    }

    fn measures(&mut self) {
        let assessment = self.facts.assessment;
        let mut by_group: HashMap<(&str, &str), Vec<&Measure>> = HashMap::new();
        for measure in &assessment.measures {
            by_group.entry((&measure.pack, &measure.group)).or_default().push(measure);
        }
        for pack in &assessment.run.packs {
            for group in &pack.groups {
                let Some(measures) = by_group.get(&(pack.name.as_str(), group.id.as_str())) else {
                    continue;
                };
                self.heading(&group.title);
                for measure in measures {
                    self.measure(measure);
                    if self.is_verbose() {
                        measure.checks.iter().for_each(|check| self.check(check));
                    }
                }
            }
        }
    }

    fn measure(&mut self, measure: &Measure) {
        let word = format!("{} {:<14}", shape(measure.outcome), measure.outcome.as_str());
        let head = format!("  {} {}", self.paint(color(measure.outcome), &word), escape(&measure.id));
        let beside = 2 + 16 + 1 + measure.id.len() + 2;
        let grade = measure.grade.map_or_else(String::new, |g: Grade| format!(" · evidence {g}"));
        let reason = format!("{}{}{grade}", measure.reason, worst_counts(measure));
        // On a narrow terminal the title stands below.
        let width = self.options.width;
        let is_narrow = width < beside + NARROW;
        let spaces = " ".repeat(if is_narrow { 6 } else { beside });
        if is_narrow {
            self.line(&head);
            self.wrapped(&measure.title, &spaces, &spaces);
        } else {
            self.text.push_str(&format!("{head}  {}", wrap_behind(beside, &measure.title, width, &spaces)));
        }
        self.wrapped(&reason, &spaces, &spaces);
    }

    fn check(&mut self, check: &Check) {
        let mark = self.paint(color(check.outcome), shape(check.outcome));
        let text = format!("{:<14} {} — {}", check.outcome.as_str(), check.id, check.reason);
        let text = wrap_behind(8, &text, self.options.width, "          ");
        self.text.push_str(&format!("      {mark} {text}"));
        if !check.satisfied.is_empty() {
            let ids: Vec<_> = check.satisfied.iter().map(|id| escape(id)).collect();
            self.wrapped(&format!("satisfied: {}", ids.join(", ")), "          ", "          ");
        }
    }
}

/// The records behind a measure's outcome: of the check with most of them.
fn worst_counts(measure: &Measure) -> String {
    let open = |c: &Check| c.counts.gap.saturating_add(c.counts.review).saturating_add(c.counts.not_assessed);
    let worst = measure
        .checks
        .iter()
        .filter(|c| c.outcome == measure.outcome && c.counts.in_scope() > 0 && c.kind.is_some())
        .max_by_key(|c| (open(c), c.counts.in_scope()));
    worst.map_or_else(String::new, |c| format!("; {}", c.reason))
}
