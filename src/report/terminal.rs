//! The terminal report: verdict, a line a measure, findings with the record's lines, problems, what next.
//!
//! Every text of a record is escaped and masked before it comes here; colour only repeats what words and
//! shapes already say.

mod changes;
mod snippet;

use std::collections::HashMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::assessment::{
    Assessment, Check, Disposition, FileUse, Finding, Impact, Measure, Outcome, Problem, Severity, gate,
};
use crate::text::{escape, escape_block, no_commands};
use crate::words::Grade;
use snippet::Pen;

/// How much is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    Verdict,
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

impl Options {
    /// For files and pipes.
    pub fn plain() -> Self {
        Options { width: 100, color: false, detail: Detail::Findings }
    }
}

/// Findings shown of one check, and problems of one kind, before the rest is counted.
const SHOWN: usize = 5;

/// Columns a measure's title needs beside its id.
const NARROW: usize = 24;

/// Text wrapped to a width, each line ended.
pub fn wrap(text: &str, width: usize, first: &str, rest: &str) -> String {
    // Dates and ids are not broken at their hyphens.
    let options = textwrap::Options::new(width)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let mut out = String::new();
    for line in textwrap::wrap(text.trim(), options) {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Writes the report.
pub fn write(assessment: &Assessment, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::new();
    Report { assessment, options, findings: by_check(assessment), out: &mut text }.write()?;
    out.write_all(no_commands(&String::from_utf8_lossy(&text)).as_bytes())?;
    out.flush()
}

struct Report<'a> {
    assessment: &'a Assessment,
    options: &'a Options,
    findings: ByCheck<'a>,
    out: &'a mut dyn Write,
}

/// Findings by measure, check and outcome, in their order.
type ByCheck<'a> = HashMap<(&'a str, &'a str, Outcome), Vec<&'a Finding>>;

fn by_check(assessment: &Assessment) -> ByCheck<'_> {
    let mut found: ByCheck<'_> = HashMap::new();
    for finding in &assessment.findings {
        found.entry((&finding.measure, &finding.check, finding.outcome)).or_default().push(finding);
    }
    found
}

/// The shape that goes with an outcome's word.
pub(super) fn shape(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Gap => "▲",
        Outcome::NotAssessed => "◆",
        Outcome::Review => "▶",
        Outcome::Satisfied => "●",
        Outcome::NotApplicable => "○",
    }
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
    fn write(&mut self) -> io::Result<()> {
        if let Some(baseline) = &self.assessment.baseline {
            self.changes(baseline)?;
            if self.options.detail != Detail::Everything {
                return Ok(());
            }
            writeln!(self.out)?;
        }
        self.verdict()?;
        if self.options.detail == Detail::Verdict {
            return Ok(());
        }
        self.measures()?;
        self.findings(Outcome::Gap, "Gaps")?;
        self.findings(Outcome::Review, "To review: indicators are prompts to look, not proof")?;
        self.not_assessed()?;
        self.problems()?;
        self.next()
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.options.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out)?;
        for line in wrap(text, self.options.width, "", "").lines() {
            let line = self.bold(line);
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    /// The findings of a check with an outcome.
    fn found(&self, measure: &'a Measure, check: &'a Check, outcome: Outcome) -> &[&'a Finding] {
        self.findings.get(&(measure.id.as_str(), check.id.as_str(), outcome)).map_or(&[], Vec::as_slice)
    }

    fn verdict(&mut self) -> io::Result<()> {
        let run = &self.assessment.run;
        let name = run.organization.as_deref().map_or_else(String::new, |n| format!("{}, ", escape(n)));
        let packs: Vec<String> = run.packs.iter().map(|p| format!("{} {}", p.name, p.version)).collect();
        let line = format!("{name}as of {}, {}", run.as_of, packs.join(", "));
        write!(self.out, "{}", wrap(&escape(&line), self.options.width, "", ""))?;
        for line in wrap(&self.assessment.summary.verdict, self.options.width, "", "").lines() {
            let line = self.bold(line);
            writeln!(self.out, "{line}")?;
        }
        let counts: Vec<String> = Severity::ALL
            .iter()
            .rev()
            .filter_map(|s| Some(format!("{} {s}", self.assessment.summary.gaps.get(s)?)))
            .collect();
        if !counts.is_empty() {
            let text = format!("Open gaps: {}.", counts.join(", "));
            write!(self.out, "{}", wrap(&text, self.options.width, "", ""))?;
        }
        let known = gate(self.assessment, self.assessment.run.fail_on).known;
        if known > 0 && self.options.detail == Detail::Verdict {
            let text = format!("{known} known from duly-baseline.yaml, which do not count.");
            write!(self.out, "{}", wrap(&text, self.options.width, "", ""))?;
        }
        Ok(())
    }

    fn measures(&mut self) -> io::Result<()> {
        let assessment = self.assessment;
        let mut by_group: HashMap<(&str, &str), Vec<&Measure>> = HashMap::new();
        for measure in &assessment.measures {
            by_group.entry((&measure.pack, &measure.group)).or_default().push(measure);
        }
        for pack in &assessment.run.packs {
            for group in &pack.groups {
                let Some(measures) = by_group.get(&(pack.name.as_str(), group.id.as_str())) else {
                    continue;
                };
                self.heading(&group.title)?;
                for measure in measures {
                    self.measure(measure)?;
                    if self.options.detail == Detail::Everything {
                        for check in &measure.checks {
                            self.check(check)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn measure(&mut self, measure: &Measure) -> io::Result<()> {
        let word = format!("{} {:<14}", shape(measure.outcome), measure.outcome.as_str());
        let head = format!("  {} {}", self.paint(color(measure.outcome), &word), measure.id);
        let beside = 2 + 16 + 1 + measure.id.len() + 2;
        let grade = measure.grade.map_or_else(String::new, |g: Grade| format!(" · evidence {g}"));
        let reason = format!("{}{}{grade}", measure.reason, self.worst_counts(measure));
        let width = self.options.width;
        // On a narrow terminal the title stands below.
        let indent = if width < beside + NARROW { 6 } else { beside };
        let spaces = " ".repeat(indent);
        let title = wrap(&measure.title, width, &spaces, &spaces);
        if indent == beside {
            write!(self.out, "{head}  {}", title.get(indent..).unwrap_or_default())?;
        } else {
            write!(self.out, "{head}\n{title}")?;
        }
        write!(self.out, "{}", wrap(&reason, width, &spaces, &spaces))
    }

    /// The records behind a measure's outcome: of the check with most of them.
    fn worst_counts(&self, measure: &Measure) -> String {
        let open =
            |c: &Check| c.counts.gap.saturating_add(c.counts.review).saturating_add(c.counts.not_assessed);
        let worst = measure
            .checks
            .iter()
            .filter(|c| c.outcome == measure.outcome && c.counts.in_scope() > 0 && c.kind.is_some())
            .max_by_key(|c| (open(c), c.counts.in_scope()));
        worst.map_or_else(String::new, |c| format!("; {}", c.reason))
    }

    fn check(&mut self, check: &Check) -> io::Result<()> {
        let mark = self.paint(color(check.outcome), shape(check.outcome));
        let text = format!("{:<14} {} — {}", check.outcome.as_str(), check.id, check.reason);
        let text = wrap(&text, self.options.width, "        ", "          ");
        write!(self.out, "      {mark} {}", text.get(8..).unwrap_or_default())?;
        if !check.satisfied.is_empty() {
            let ids: Vec<_> = check.satisfied.iter().map(|id| escape(id)).collect();
            let text = format!("satisfied: {}", ids.join(", "));
            write!(self.out, "{}", wrap(&text, self.options.width, "          ", "          "))?;
        }
        Ok(())
    }

    fn findings(&mut self, outcome: Outcome, title: &str) -> io::Result<()> {
        let assessment = self.assessment;
        if !assessment.findings.iter().any(|f| f.outcome == outcome) {
            return Ok(());
        }
        self.heading(title)?;
        for measure in &assessment.measures {
            for check in &measure.checks {
                let all = self.found(measure, check, outcome).to_vec();
                let count = all.len();
                if count == 0 {
                    continue;
                }
                let everything = self.options.detail == Detail::Everything;
                let shown = if everything { count } else { SHOWN.min(count) };
                for finding in all.into_iter().take(shown) {
                    self.finding(finding, measure, check)?;
                }
                if count > shown {
                    let text = format!("… and {} more of {}; --verbose shows all", count - shown, check.id);
                    writeln!(self.out, "{}", wrap(&text, self.options.width, "   ", "   "))?;
                }
                self.advice(check, outcome)?;
            }
        }
        Ok(())
    }

    fn finding(&mut self, finding: &Finding, measure: &Measure, check: &Check) -> io::Result<()> {
        let cause = finding.cause.map_or_else(String::new, |c| format!(" ({c})"));
        let known = if finding.disposition == Disposition::Known { " (known)" } else { "" };
        let title = format!("{}{cause}{known}", escape(&finding.message));
        let word = match finding.outcome {
            Outcome::Gap => finding.severity.as_str(),
            other => other.as_str(),
        };
        let pen = Pen { width: self.options.width, color: self.options.color, style: color(finding.outcome) };
        let mut text = pen.title(&format!("{word}[{}/{}]", finding.measure, finding.check), &title);
        let mut gutter = 1;
        if let (Some(snippet), Some(place)) = (&finding.snippet, &finding.place) {
            gutter = snippet::digits(snippet.line.number.max(snippet.head.number));
            text.push_str(&pen.lines(&place.to_string(), snippet, gutter));
        }
        text.push_str(&pen.foot(&self.note(finding, measure), gutter));
        if self.options.detail == Detail::Everything && !check.policy_lines.is_empty() {
            let note = Style::new().bold().fg_color(Some(AnsiColor::BrightGreen.into()));
            text.push_str(&format!("{}: required by the policy\n", self.paint(note, "note")));
            let lines = escape_block(&check.policy_lines);
            text.push_str(&pen.policy(&check.policy.to_string(), check.policy.line, &lines));
        }
        writeln!(self.out, "{text}")
    }

    fn note(&self, finding: &Finding, measure: &Measure) -> String {
        let owner = measure.owner_name.as_deref().map_or_else(|| finding.owner.clone().into(), escape);
        let why = changes::why(&finding.reasons).map_or_else(String::new, |why| format!("; {why}"));
        let owner = format!("{owner}{why}");
        let others = finding.records.get(1..).unwrap_or_default();
        if others.is_empty() {
            return format!("owner: {owner}");
        }
        let everything = self.options.detail == Detail::Everything;
        let shown = if everything { others.len() } else { SHOWN.min(others.len()) };
        let mut named: Vec<String> =
            others
                .iter()
                .take(shown)
                .map(|r| {
                    if everything { format!("{} at {}", escape(&r.id), r.place) } else { r.place.to_string() }
                })
                .collect();
        if others.len() > shown {
            named.push(format!("and {} more (--verbose lists them)", others.len() - shown));
        }
        format!("also: {}; owner: {owner}", named.join(", "))
    }

    /// What to do, once for all findings of a check.
    fn advice(&mut self, check: &Check, outcome: Outcome) -> io::Result<()> {
        let steps: &[String] = if outcome == Outcome::Gap { &check.remediation } else { &[] };
        if let Some(pattern) = &check.pattern {
            write!(
                self.out,
                "{}",
                wrap(&format!("rule out first: {pattern}"), self.options.width, "   ", "      ")
            )?;
        }
        for (i, step) in steps.iter().enumerate() {
            let head = if i == 0 { "   to do: " } else { "          " };
            write!(
                self.out,
                "{}",
                wrap(&format!("{}. {step}", i + 1), self.options.width, head, "             ")
            )?;
        }
        writeln!(self.out)
    }

    fn not_assessed(&mut self) -> io::Result<()> {
        let assessment = self.assessment;
        let everything = self.options.detail == Detail::Everything;
        let checks: Vec<(&Measure, &Check)> = assessment
            .measures
            .iter()
            .flat_map(|m| m.checks.iter().map(move |c| (m, c)))
            .filter(|(_, c)| c.outcome == Outcome::NotAssessed || c.counts.not_assessed > 0)
            .collect();
        if checks.is_empty() {
            return Ok(());
        }
        self.heading("Not assessed")?;
        let (asked, rest): (Vec<_>, Vec<_>) = checks.into_iter().partition(|(_, c)| c.question.is_some());
        let mut left_out = 0;
        for (measure, check) in rest {
            let all = self.found(measure, check, Outcome::NotAssessed).to_vec();
            if everything && !all.is_empty() {
                for finding in all {
                    self.finding(finding, measure, check)?;
                }
                continue;
            }
            let first = all.first().map_or(check.reason.as_str(), |f| f.message.as_str());
            let more = all.len().saturating_sub(1);
            left_out += more;
            let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
            let text = format!("{} {}: {}{more}", measure.id, check.id, escape(first));
            write!(self.out, "{}", wrap(&text, self.options.width, "  ◆ ", "      "))?;
        }
        if left_out > 0 {
            let text = format!("… {left_out} more findings are not assessed; --verbose shows each");
            write!(self.out, "{}", wrap(&text, self.options.width, "  ", "  "))?;
        }
        if everything {
            for (measure, check) in asked {
                let question = escape(check.question.as_deref().unwrap_or_default());
                let text = format!("{} {}: a person has to attest: {question}", measure.id, check.id);
                write!(self.out, "{}", wrap(&text, self.options.width, "  ◆ ", "      "))?;
            }
        } else if !asked.is_empty() {
            let text = format!(
                "{} checks that no machine can test wait for a person; --verbose lists them",
                asked.len()
            );
            write!(self.out, "{}", wrap(&text, self.options.width, "  ◆ ", "      "))?;
        }
        Ok(())
    }

    fn problems(&mut self) -> io::Result<()> {
        let problems = &self.assessment.problems;
        if problems.is_empty() {
            return Ok(());
        }
        self.heading("Problems with the input")?;
        let mut by_code: std::collections::BTreeMap<(Impact, &str), Vec<&Problem>> =
            std::collections::BTreeMap::new();
        for problem in problems {
            by_code.entry((problem.impact, problem.code.as_str())).or_default().push(problem);
        }
        for ((impact, code), problems) in by_code {
            let shown = if self.options.detail == Detail::Everything { problems.len() } else { 2 * SHOWN };
            for problem in problems.iter().take(shown) {
                let (word, style) = match impact {
                    Impact::Error | Impact::Incomplete => {
                        ("problem", Style::new().bold().fg_color(Some(AnsiColor::Red.into())))
                    }
                    Impact::Notice => ("notice", Style::new().bold().fg_color(Some(AnsiColor::Cyan.into()))),
                };
                let word = self.paint(style, &format!("{word}[{code}]"));
                writeln!(self.out, "  {word} {}", problem.place)?;
                write!(self.out, "{}", wrap(&escape(&problem.message), self.options.width, "    ", "    "))?;
                for first in &problem.related {
                    writeln!(self.out, "    first: {first}")?;
                }
                write!(
                    self.out,
                    "{}",
                    wrap(&escape(&problem.help), self.options.width, "    help: ", "          ")
                )?;
            }
            if problems.len() > shown {
                let text = format!("… and {} more {code}; --verbose shows all", problems.len() - shown);
                write!(self.out, "{}", wrap(&text, self.options.width, "  ", "  "))?;
            }
        }
        Ok(())
    }

    fn next(&mut self) -> io::Result<()> {
        let coverage = &self.assessment.coverage;
        let used = |u: FileUse| coverage.files.iter().filter(|f| f.used_as == u).count();
        let records = coverage.records.values().fold(0_usize, |sum, n| sum.saturating_add(*n));
        self.heading("Looked at")?;
        let mut text = format!(
            "{records} records of {} kinds in {} files",
            coverage.records.len(),
            used(FileUse::Records)
        );
        for (n, words) in [
            (used(FileUse::Evidence), "evidence documents"),
            (used(FileUse::Ignored), "files ignored by rule"),
            (used(FileUse::Unclaimed), "files nobody claims"),
            (used(FileUse::Unreadable), "files unreadable"),
        ] {
            if n > 0 {
                text.push_str(&format!(", {n} {words}"));
            }
        }
        let unchecked: Vec<String> =
            coverage.unchecked.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
        if !unchecked.is_empty() {
            text.push_str(&format!("; in the scope of no check: {}", unchecked.join(", ")));
        }
        write!(self.out, "{}", wrap(&text, self.options.width, "  ", "  "))?;
        self.heading("Next")?;
        let gate = gate(self.assessment, self.assessment.run.fail_on);
        let steps = [
            (
                gate.unread > 0,
                format!(
                    "mend the {} problems above: until then the audit is incomplete (exit status 3)",
                    gate.unread
                ),
            ),
            (
                gate.assessed == 0,
                "write the records the measures ask for: `duly explain DD-01` says which".to_owned(),
            ),
            (
                gate.gaps > 0,
                format!(
                    "close the {} open gaps of severity {} or above (exit status 1), the most severe first",
                    gate.gaps, self.assessment.run.fail_on
                ),
            ),
            (
                gate.known > 0,
                format!(
                    "{} gaps are known from duly-baseline.yaml and do not count; `duly baseline show` lists them",
                    gate.known
                ),
            ),
            (true, "`duly explain CHECK` says what a check asks and which fields satisfy it".to_owned()),
        ];
        for (_, step) in steps.iter().filter(|(wanted, _)| *wanted) {
            write!(self.out, "{}", wrap(step, self.options.width, "  - ", "    "))?;
        }
        Ok(())
    }
}
