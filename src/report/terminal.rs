//! The terminal report: verdict, a line a measure, findings with the record's lines, problems, what next.
//!
//! Every text of a record is escaped and masked before it comes here; colour only repeats what words and
//! shapes already say.

use std::io::{self, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use anstyle::{AnsiColor, Style};

use crate::assessment::{
    Assessment, Check, FileUse, Finding, Impact, Measure, Outcome, Problem, Severity, gate,
};
use crate::text::{escape, no_commands};
use crate::words::Grade;

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

/// Text wrapped to a width, each line ended.
pub fn wrap(text: &str, width: usize, first: &str, rest: &str) -> String {
    let options = textwrap::Options::new(width).initial_indent(first).subsequent_indent(rest);
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
    Report { assessment, options, out: &mut text }.write()?;
    out.write_all(no_commands(&String::from_utf8_lossy(&text)).as_bytes())?;
    out.flush()
}

struct Report<'a> {
    assessment: &'a Assessment,
    options: &'a Options,
    out: &'a mut dyn Write,
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

impl Report<'_> {
    fn write(&mut self) -> io::Result<()> {
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
        let text = self.bold(text);
        writeln!(self.out, "\n{text}")
    }

    fn verdict(&mut self) -> io::Result<()> {
        let run = &self.assessment.run;
        let name = run.organization.as_deref().map_or_else(String::new, |n| format!("{}, ", escape(n)));
        let packs: Vec<String> = run.packs.iter().map(|p| format!("{} {}", p.name, p.version)).collect();
        let line = format!("{name}as of {}, {}", run.as_of, packs.join(", "));
        writeln!(self.out, "{}", escape(&line))?;
        let verdict = wrap(&self.assessment.summary.verdict, self.options.width, "", "");
        let verdict = self.bold(verdict.trim_end());
        writeln!(self.out, "{verdict}")?;
        let counts: Vec<String> = Severity::ALL
            .iter()
            .rev()
            .filter_map(|s| Some(format!("{} {s}", self.assessment.summary.gaps.get(s)?)))
            .collect();
        if !counts.is_empty() {
            writeln!(self.out, "Open gaps: {}.", counts.join(", "))?;
        }
        Ok(())
    }

    fn measures(&mut self) -> io::Result<()> {
        for pack in &self.assessment.run.packs {
            for group in &pack.groups {
                let of_group = |m: &&Measure| m.pack == pack.name && m.group == group.id;
                let measures: Vec<&Measure> = self.assessment.measures.iter().filter(of_group).collect();
                if measures.is_empty() {
                    continue;
                }
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
        let head = format!("  {} {}  ", self.paint(color(measure.outcome), &word), measure.id);
        let indent = 2 + 16 + 1 + measure.id.len() + 2;
        let title = wrap(&measure.title, self.options.width.saturating_sub(indent).max(20), "", "");
        for (i, line) in title.lines().enumerate() {
            if i == 0 {
                writeln!(self.out, "{head}{line}")?;
            } else {
                writeln!(self.out, "{:indent$}{line}", "")?;
            }
        }
        let grade = measure.grade.map_or_else(String::new, |g: Grade| format!(" · evidence {g}"));
        let text = format!("{}{}{grade}", measure.reason, self.worst_counts(measure));
        write!(self.out, "{}", wrap(&text, self.options.width, &" ".repeat(indent), &" ".repeat(indent)))
    }

    /// The records behind a measure's outcome: of the check with most of them.
    fn worst_counts(&self, measure: &Measure) -> String {
        let worst = measure
            .checks
            .iter()
            .filter(|c| c.outcome == measure.outcome && c.counts.in_scope() > 0 && c.kind.is_some())
            .max_by_key(|c| (c.counts.gap + c.counts.review + c.counts.not_assessed, c.counts.in_scope()));
        worst.map_or_else(String::new, |c| format!("; {}", c.reason))
    }

    fn check(&mut self, check: &Check) -> io::Result<()> {
        let mark = self.paint(color(check.outcome), shape(check.outcome));
        writeln!(self.out, "      {mark} {:<14} {} — {}", check.outcome.as_str(), check.id, check.reason)?;
        if !check.satisfied.is_empty() {
            let ids: Vec<_> = check.satisfied.iter().map(|id| escape(id)).collect();
            let text = format!("satisfied: {}", ids.join(", "));
            write!(self.out, "{}", wrap(&text, self.options.width, "          ", "          "))?;
        }
        Ok(())
    }

    fn findings(&mut self, outcome: Outcome, title: &str) -> io::Result<()> {
        let all: Vec<&Finding> = self.assessment.findings.iter().filter(|f| f.outcome == outcome).collect();
        if all.is_empty() {
            return Ok(());
        }
        self.heading(title)?;
        for measure in &self.assessment.measures {
            for check in &measure.checks {
                let of_check: Vec<&&Finding> =
                    all.iter().filter(|f| f.check == check.id && f.measure == measure.id).collect();
                if of_check.is_empty() {
                    continue;
                }
                let shown = if self.options.detail == Detail::Everything { of_check.len() } else { SHOWN };
                for finding in of_check.iter().take(shown) {
                    self.finding(finding, check)?;
                }
                if of_check.len() > shown {
                    writeln!(
                        self.out,
                        "   … and {} more of {}; --verbose shows all\n",
                        of_check.len() - shown,
                        check.id
                    )?;
                }
                self.advice(check, outcome)?;
            }
        }
        Ok(())
    }

    fn finding(&mut self, finding: &Finding, check: &Check) -> io::Result<()> {
        let cause = finding.cause.map_or_else(String::new, |c| format!(" ({c})"));
        let title = format!("{}{cause}", escape(&finding.message));
        let level = match (finding.outcome, finding.severity) {
            (Outcome::Gap, s) => Level::ERROR.with_name(s.as_str().to_owned()),
            _ => Level::WARNING.with_name("review"),
        };
        let mut source = String::new();
        let title = level.primary_title(title.as_str()).id(format!("{}/{}", finding.measure, finding.check));
        let mut report = Group::with_title(title);
        let path;
        if let (Some(snippet), Some(place)) = (&finding.snippet, &finding.place) {
            path = escape(&place.path).into_owned();
            let far = snippet.line.number.saturating_sub(snippet.head.number);
            let before = snippet.head.number < snippet.line.number && far < 400;
            let mut start = snippet.line.number;
            if before {
                start = snippet.head.number;
                source.push_str(&snippet.head.text);
                source.push_str(&"\n".repeat(far as usize));
            }
            let line_at = source.len();
            source.push_str(&snippet.line.text);
            let byte = |column: u32| {
                snippet
                    .line
                    .text
                    .char_indices()
                    .nth(column as usize)
                    .map_or(snippet.line.text.len(), |(i, _)| i)
            };
            let from = line_at + byte(snippet.column - 1);
            let to = line_at + byte(snippet.column - 1 + snippet.width);
            let mut element = Snippet::source(source.as_str())
                .line_start(start as usize)
                .path(path.as_str())
                .annotation(AnnotationKind::Primary.span(from..to.max(from)).label(snippet.label.as_str()));
            if before {
                let first = snippet.head.text.len() - snippet.head.text.trim_start().len();
                element = element.annotation(AnnotationKind::Visible.span(first..snippet.head.text.len()));
            }
            report = report.element(element);
        }
        let policy;
        let policy_path;
        let mut groups = vec![report.element(Level::NOTE.message(self.note(finding)))];
        if self.options.detail == Detail::Everything && !check.policy_lines.is_empty() {
            policy = check.policy_lines.clone();
            policy_path = escape(&check.policy.path).into_owned();
            groups.push(
                Level::NOTE.secondary_title("required by the policy").element(
                    Snippet::source(policy.as_str())
                        .line_start(check.policy.line as usize)
                        .path(policy_path.as_str())
                        .fold(false)
                        .annotation(
                            AnnotationKind::Primary.span(0..policy.find('\n').unwrap_or(policy.len())),
                        ),
                ),
            );
        }
        let renderer = if self.options.color { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Unicode).term_width(self.options.width);
        let text = renderer.render(&groups);
        writeln!(self.out, "{}\n", text.trim_end())
    }

    fn note(&self, finding: &Finding) -> String {
        let owner = self.owner(&finding.measure, &finding.owner);
        let others = finding.records.len().saturating_sub(1);
        if others == 0 {
            return format!("owner: {owner}");
        }
        let places: Vec<String> =
            finding.records.iter().skip(1).take(SHOWN).map(|r| r.place.to_string()).collect();
        let more = if others > SHOWN { format!(" and {} more", others - SHOWN) } else { String::new() };
        format!("also: {}{more}; owner: {owner}", places.join(", "))
    }

    fn owner(&self, measure: &str, role: &str) -> String {
        let measure = self.assessment.measures.iter().find(|m| m.id == measure);
        measure
            .and_then(|m| m.owner_name.as_deref())
            .map_or_else(|| role.to_owned(), |n| escape(n).into_owned())
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
        let checks: Vec<(&Measure, &Check)> = self
            .assessment
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
        for (measure, check) in rest {
            let findings = self.assessment.findings.iter().filter(|f| {
                f.check == check.id && f.measure == measure.id && f.outcome == Outcome::NotAssessed
            });
            let first = findings.clone().next().map_or(check.reason.as_str(), |f| f.message.as_str());
            let more = findings.count().saturating_sub(1);
            let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
            let text = format!("{} {}: {}{more}", measure.id, check.id, escape(first));
            write!(self.out, "{}", wrap(&text, self.options.width, "  ◆ ", "      "))?;
        }
        if self.options.detail == Detail::Everything {
            for (measure, check) in asked {
                let question = check.question.as_deref().unwrap_or_default();
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
            by_code.entry((problem.impact, &problem.code)).or_default().push(problem);
        }
        for ((impact, code), problems) in by_code {
            let shown = if self.options.detail == Detail::Everything { problems.len() } else { 2 * SHOWN };
            for problem in problems.iter().take(shown) {
                let (word, style) = match impact {
                    Impact::Incomplete => {
                        ("problem", Style::new().bold().fg_color(Some(AnsiColor::Red.into())))
                    }
                    Impact::Notice => ("notice", Style::new().bold().fg_color(Some(AnsiColor::Cyan.into()))),
                };
                let word = self.paint(style, &format!("{word}[{code}]"));
                writeln!(self.out, "  {word} {}", problem.place)?;
                write!(self.out, "{}", wrap(&escape(&problem.message), self.options.width, "    ", "    "))?;
                if let Some(first) = &problem.related {
                    writeln!(self.out, "    first: {first}")?;
                }
                write!(
                    self.out,
                    "{}",
                    wrap(&escape(&problem.help), self.options.width, "    help: ", "          ")
                )?;
            }
            if problems.len() > shown {
                writeln!(self.out, "  … and {} more {code}; --verbose shows all", problems.len() - shown)?;
            }
        }
        Ok(())
    }

    fn next(&mut self) -> io::Result<()> {
        let coverage = &self.assessment.coverage;
        let used = |u: FileUse| coverage.files.iter().filter(|f| f.used_as == u).count();
        let records: usize = coverage.records.values().sum();
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
            (true, "`duly explain CHECK` says what a check asks and which fields satisfy it".to_owned()),
        ];
        for (_, step) in steps.iter().filter(|(wanted, _)| *wanted) {
            write!(self.out, "{}", wrap(step, self.options.width, "  - ", "    "))?;
        }
        Ok(())
    }
}
