//! What the report ends with: problems with the input, what was looked at, what to do next.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};

use super::{Report, SHOWN};
use crate::assessment::{DefaultCoverage, FileUse, Impact, Problem, gate};
use crate::text::{count, escape, verb};

impl Report<'_> {
    pub(super) fn problems(&mut self) {
        let problems = &self.facts.assessment.problems;
        if problems.is_empty() {
            return;
        }
        self.heading("Problems with the input");
        let mut by_code: BTreeMap<(Impact, &str), Vec<&Problem>> = BTreeMap::new();
        for problem in problems {
            by_code.entry((problem.impact, problem.code.as_str())).or_default().push(problem);
        }
        for ((_, code), problems) in by_code {
            let shown = if self.is_verbose() { problems.len() } else { 2 * SHOWN };
            problems.iter().take(shown).for_each(|problem| self.problem(problem));
            if problems.len() > shown {
                let more = problems.len() - shown;
                self.wrapped(&format!("… and {more} more {code}; --verbose shows all"), "  ", "  ");
            }
        }
    }

    fn problem(&mut self, problem: &Problem) {
        let (word, color) = match problem.impact {
            Impact::Error | Impact::Incomplete => ("problem", AnsiColor::Red),
            Impact::Notice => ("notice", AnsiColor::Cyan),
        };
        let style = Style::new().bold().fg_color(Some(color.into()));
        let word = self.paint(style, &format!("{word}[{}]", problem.code));
        self.line(&format!("  {word} {}", problem.place));
        self.wrapped(&escape(&problem.message), "    ", "    ");
        for first in &problem.related {
            self.line(&format!("    first: {first}"));
        }
        self.wrapped(&escape(&problem.help), "    help: ", "          ");
    }

    pub(super) fn next(&mut self) {
        self.looked_at();
        self.heading("Next");
        let assessment = self.facts.assessment;
        let gate = gate(assessment, assessment.run.fail_on);
        let first = assessment.measures.first().map_or("MEASURE".into(), |measure| escape(&measure.id));
        let steps = [
            (
                gate.unread > 0,
                format!(
                    "fix the {} above: until then the audit is incomplete (exit status 3)",
                    count(gate.unread, "problem")
                ),
            ),
            (
                gate.assessed == 0,
                format!("write the records the measures ask for: `duly explain {first}` says which"),
            ),
            (
                gate.gaps > 0,
                match gate.gaps {
                    1 => format!(
                        "close the open gap of severity {} or above (exit status 1)",
                        assessment.run.fail_on
                    ),
                    n => format!(
                        "close the {} of severity {} or above (exit status 1), the most severe first",
                        count(n, "open gap"),
                        assessment.run.fail_on
                    ),
                },
            ),
            (
                gate.known > 0,
                format!(
                    "{} {} known from duly-baseline.yaml and {} not count; `duly baseline show` lists {}",
                    count(gate.known, "gap"),
                    verb(gate.known, "is", "are"),
                    verb(gate.known, "does", "do"),
                    verb(gate.known, "it", "them")
                ),
            ),
            (true, "`duly explain CHECK` says what a check asks and which fields satisfy it".to_owned()),
        ];
        for (_, step) in steps.iter().filter(|(wanted, _)| *wanted) {
            self.wrapped(step, "  - ", "    ");
        }
    }

    fn looked_at(&mut self) {
        let coverage = &self.facts.assessment.coverage;
        let used = |u: FileUse| coverage.files.iter().filter(|f| f.used_as == u).count();
        let records = coverage.records.values().fold(0_usize, |sum, n| sum.saturating_add(*n));
        self.heading("Looked at");
        let mut text = format!(
            "{} of {} in {}",
            count(records, "record"),
            count(coverage.records.len(), "kind"),
            count(coverage.with_records(), "file")
        );
        for (n, things, which) in [
            (used(FileUse::Evidence), "evidence document", ""),
            (used(FileUse::Ignored), "file", " ignored by rule"),
            (used(FileUse::OtherTool), "file", " of other tools"),
            (used(FileUse::Unclaimed), "file", " no source matches"),
            (used(FileUse::Unreadable), "file", " unreadable"),
        ] {
            if n > 0 {
                text.push_str(&format!(", {}{which}", count(n, things)));
            }
        }
        let measures = &self.facts.assessment.measures;
        let asked = |kind: &str| {
            measures.iter().flat_map(|m| &m.checks).any(|check| check.kind.as_deref() == Some(kind))
        };
        let named = |of_asked: bool| -> Vec<String> {
            let kinds = coverage.unchecked.iter().filter(|(kind, _)| asked(kind) == of_asked);
            kinds.map(|(kind, n)| if of_asked { count(*n, kind) } else { format!("{kind} ({n})") }).collect()
        };
        let (out_of_scope, not_asked) = (named(true), named(false));
        if !out_of_scope.is_empty() {
            text.push_str(&format!(
                "; by their status or date, no check applies to: {}",
                out_of_scope.join(", ")
            ));
        }
        if !not_asked.is_empty() {
            text.push_str(&format!("; no check of the profile is about: {}", not_asked.join(", ")));
        }
        let filled = coverage.defaults.iter().fold(0_usize, |sum, d| sum.saturating_add(d.records));
        if filled > 0 {
            text.push_str(&format!("; {} from `defaults` of the configuration", count(filled, "value")));
        }
        self.wrapped(&text, "  ", "  ");
        if self.is_verbose() {
            let said: Vec<String> = coverage.defaults.iter().map(DefaultCoverage::in_words).collect();
            said.iter().for_each(|default| self.wrapped(&escape(default), "  ", "    "));
        }
    }
}
