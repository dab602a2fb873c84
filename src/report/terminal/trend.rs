//! The trend: a line for each period.

use std::fmt::Display;

use super::super::facts::{READ, shape};
use super::super::trend::{SEVERITIES, Trend, trend};
use super::{Report, color};
use crate::text::{count, escape};

/// Columns of a number under the name of a severity, in the order of [`SEVERITIES`], and under the shape of an outcome.
const SEVERITY: [usize; 4] = [9, 5, 7, 4];
const OUTCOME: usize = 4;
/// Columns of a label and of a date.
const DATE: usize = 10;

/// What stands in a line of the table, by how much room there is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    /// Everything.
    Whole,
    /// The date of a period below its line, where it says more than the rest.
    DateBelow,
}

impl Report<'_> {
    /// The periods, if there are earlier ones: a table, or one by one where the terminal is too narrow for it.
    pub(super) fn trend(&mut self) {
        let Some(trend) = trend(self.facts.assessment) else { return };
        self.heading("Trend: all gaps by severity, and measures by outcome");
        if trend.left_out > 0 {
            self.line(&format!("  … and {}", count(trend.left_out, "older period")));
        }
        let commits: Vec<String> =
            trend.periods.iter().map(|period| escape(&period.commit_in_words()).into_owned()).collect();
        let commit = commits.iter().map(|text| text.chars().count()).max().unwrap_or_default();
        let least = 2 + DATE + 1 + commit + SEVERITY.iter().sum::<usize>() + READ.len() * OUTCOME;
        match self.options.width {
            width if width > least + DATE => self.table(&trend, &commits, commit, Lines::Whole),
            width if width >= least => self.table(&trend, &commits, commit, Lines::DateBelow),
            _ => self.one_by_one(&trend, &commits),
        }
        let words: Vec<String> =
            READ.map(|outcome| format!("{} {}", shape(outcome), outcome.as_str().replace('-', " "))).to_vec();
        self.wrapped(
            &format!("{}. All gaps are counted: new, known and waived.", words.join(", ")),
            "  ",
            "  ",
        );
    }

    fn table(&mut self, trend: &Trend<'_>, commits: &[String], wide: usize, lines: Lines) {
        let number = |text: &dyn Display, width: usize| format!("{text:>width$}");
        let head = |label: &str, as_of: &str, commit: &str| match lines {
            Lines::Whole => format!("  {label:<DATE$} {as_of:<DATE$} {commit:<wide$}"),
            Lines::DateBelow => format!("  {label:<DATE$} {commit:<wide$}"),
        };
        let severities: String = SEVERITIES
            .iter()
            .zip(SEVERITY)
            .map(|(severity, width)| number(&severity.as_str(), width))
            .collect();
        let outcomes: String =
            READ.iter().map(|o| self.paint(color(*o), &number(&shape(*o), OUTCOME))).collect();
        self.line(&format!("{}{severities}{outcomes}", head("period", "as of", "commit")));
        for (period, commit) in trend.periods.iter().zip(commits) {
            let gaps: String = match period.gaps {
                Some(gaps) => gaps.iter().zip(SEVERITY).map(|(n, width)| number(n, width)).collect(),
                None => number(&"not recorded", SEVERITY.iter().sum()),
            };
            let measures: String = period.measures.iter().map(|n| number(n, OUTCOME)).collect();
            let as_of = period.as_of.to_string();
            self.line(&format!("{}{gaps}{measures}", head(&period.label, &as_of, commit)));
            if lines == Lines::DateBelow && as_of != period.label && !commit.ends_with(&as_of) {
                self.below(&format!("as of {as_of}"));
            }
            period.notes.iter().for_each(|note| self.below(note));
        }
    }

    fn one_by_one(&mut self, trend: &Trend<'_>, commits: &[String]) {
        for (period, commit) in trend.periods.iter().zip(commits) {
            let gaps = period.gaps.map_or_else(
                || "gaps not recorded".to_owned(),
                |gaps| {
                    let all = SEVERITIES.iter().zip(gaps).map(|(severity, n)| format!("{n} {severity}"));
                    all.collect::<Vec<_>>().join(", ")
                },
            );
            let measures = READ.iter().zip(period.measures).map(|(o, n)| format!("{}{n}", shape(*o)));
            let measures = measures.collect::<Vec<_>>().join(" ");
            self.line(&format!("  {}", period.label));
            let text = format!("as of {}, commit {commit}: {gaps}; measures {measures}", period.as_of);
            self.wrapped(&text, "    ", "    ");
            period.notes.iter().for_each(|note| self.below(note));
        }
    }

    fn below(&mut self, note: &str) {
        self.wrapped(note, "             ", "             ");
    }
}
