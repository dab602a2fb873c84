//! Findings with the lines of their records and what to do, and what was not assessed.

use std::cmp::Reverse;

use anstyle::{AnsiColor, Style};

use super::super::facts::{level, why};
use super::snippet::{Pen, digits};
use super::{Report, SHOWN, color};
use crate::assessment::{Check, Disposition, Finding, Measure, NotKnown, Outcome, Unassessed};
use crate::text::{count, escape, escape_block, list};

impl<'a> Report<'a> {
    pub(super) fn findings(&mut self, outcome: Outcome, title: &str) {
        let facts = self.facts;
        if !facts.assessment.findings.iter().any(|f| f.outcome == outcome) {
            return;
        }
        self.heading(title);
        let measures = &facts.assessment.measures;
        let mut checks: Vec<(&Measure, &Check)> = measures
            .iter()
            .flat_map(|measure| measure.checks.iter().map(move |check| (measure, check)))
            .collect();
        // The most severe first; those alike in the order of the measures.
        checks.sort_by_key(|(_, check)| Reverse(check.severity));
        for (measure, check) in checks {
            let found = self.found(measure, check, outcome);
            if found.is_empty() {
                continue;
            }
            self.first_of(&found, check);
            self.advice(check, outcome);
        }
    }

    /// The findings of a check with an outcome.
    fn found(&self, measure: &'a Measure, check: &'a Check, outcome: Outcome) -> Vec<&'a Finding> {
        self.facts.findings(measure, check).iter().copied().filter(|f| f.outcome == outcome).collect()
    }

    /// Some findings of a check, and how many more there are.
    pub(super) fn first_of(&mut self, findings: &[&Finding], check: &Check) {
        let shown = if self.is_verbose() { findings.len() } else { SHOWN };
        for finding in findings.iter().take(shown) {
            self.finding(finding, check);
        }
        if findings.len() > shown {
            let more = findings.len() - shown;
            self.wrapped(&format!("… and {more} more of {}; --verbose shows all", check.id), "   ", "   ");
            self.line("");
        }
    }

    fn finding(&mut self, finding: &Finding, check: &Check) {
        let cause = finding.cause.map_or_else(String::new, |c| format!(" ({c})"));
        let known = match finding.disposition {
            Disposition::Known => " (known)",
            Disposition::Waived => " (waived)",
            Disposition::Attested => " (attested)",
            Disposition::Open => "",
        };
        let title = format!("{}{cause}{known}", escape(&finding.message));
        let pen = Pen { width: self.options.width, color: self.options.color, style: color(finding.outcome) };
        let mut text =
            pen.title(&format!("{}[{}/{}]", level(finding), finding.measure, finding.check), &title);
        let mut gutter = 1;
        if let (Some(snippet), Some(place)) = (&finding.snippet, &finding.place) {
            gutter = digits(snippet.line.number.max(snippet.head.number));
            text.push_str(&pen.lines(&place.to_string(), snippet, gutter));
        }
        text.push_str(&pen.foot(&self.note(finding), gutter));
        if self.is_verbose() && !check.policy_lines.is_empty() {
            let note = Style::new().bold().fg_color(Some(AnsiColor::BrightGreen.into()));
            text.push_str(&format!("{}: required by the policy\n", self.paint(note, "note")));
            let lines = escape_block(&check.policy_lines);
            text.push_str(&pen.policy(&check.policy.to_string(), check.policy.line, &lines));
        }
        self.line(&text);
    }

    /// The other records of a finding, who answers for it, and why it changed.
    fn note(&self, finding: &Finding) -> String {
        let why = why(finding).map_or_else(String::new, |why| format!("; {why}"));
        let owner = format!("owner: {}{why}", escape(self.facts.owner(&finding.owner)));
        let others = finding.records.get(1..).unwrap_or_default();
        if others.is_empty() {
            return owner;
        }
        if self.is_verbose() {
            let named = others.iter().map(|r| format!("{} at {}", escape(&r.id), r.place));
            return format!("also: {}; {owner}", list(named, others.len(), ", "));
        }
        let more = if others.len() > SHOWN { " (--verbose lists them)" } else { "" };
        format!("also: {}{more}; {owner}", list(others.iter().map(|r| r.place.to_string()), SHOWN, ", "))
    }

    /// What to do, once for all findings of a check.
    fn advice(&mut self, check: &Check, outcome: Outcome) {
        if let Some(pattern) = &check.pattern {
            self.wrapped(&format!("rule out first: {pattern}"), "   ", "      ");
        }
        let steps: &[String] = if outcome == Outcome::Gap { &check.remediation } else { &[] };
        for (i, step) in steps.iter().enumerate() {
            let head = if i == 0 { "   to do: " } else { "          " };
            self.wrapped(&format!("{}. {step}", i + 1), head, "             ");
        }
        self.line("");
    }

    /// What is not assessed, by what it waits for.
    pub(super) fn not_assessed(&mut self) {
        let groups = &self.facts.assessment.not_assessed;
        if groups.is_empty() {
            return;
        }
        self.heading("Not assessed");
        for group in groups {
            self.group(group);
        }
        if self.is_verbose() {
            self.line("");
            for measure in &self.facts.assessment.measures {
                for check in &measure.checks {
                    self.first_of(&self.found(measure, check, Outcome::NotAssessed), check);
                    if check.unlisted > 0 {
                        let more = count(check.unlisted, "finding");
                        self.wrapped(
                            &format!("… and {more} of {} more, not listed one by one", check.id),
                            "   ",
                            "   ",
                        );
                        self.line("");
                    }
                }
            }
        }
    }

    /// One thing that is not known, and the checks that wait for it.
    fn group(&mut self, group: &Unassessed) {
        let waiting = group.waiting_in_words().map_or_else(String::new, |waiting| format!("; {waiting}"));
        if group.why != NotKnown::Attestation {
            return self.wrapped(&format!("{}{waiting}", group.text), "  ◆ ", "      ");
        }
        if !self.is_verbose() {
            return self.wrapped(&format!("{}; --verbose lists them", group.text), "  ◆ ", "      ");
        }
        self.wrapped(&group.text, "  ◆ ", "      ");
        for waits in &group.checks {
            let question = self.facts.question(group, waits).unwrap_or_default();
            let text = format!("{} {}: {question}", waits.measure, waits.check);
            self.wrapped(&escape(&text), "      ", "        ");
        }
    }
}
