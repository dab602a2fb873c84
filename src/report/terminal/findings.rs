//! Findings with the lines of their records and what to do, and what was not assessed.

use std::cmp::Reverse;
use std::collections::HashMap;

use anstyle::{AnsiColor, Style};

use super::super::facts::{level, why};
use super::snippet::{Pen, digits};
use super::{Report, SHOWN, color};
use crate::assessment::{Check, Disposition, Finding, Measure, Outcome};
use crate::text::{count, escape, escape_block, list, verb};

/// Measures that are named of checks that wait for the same.
const MEASURES: usize = 6;

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
            Disposition::Open | Disposition::Attested => "",
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

    pub(super) fn not_assessed(&mut self) {
        let measures = &self.facts.assessment.measures;
        let checks: Vec<(&Measure, &Check)> = measures
            .iter()
            .flat_map(|m| m.checks.iter().map(move |c| (m, c)))
            .filter(|(_, c)| c.outcome == Outcome::NotAssessed || c.counts.not_assessed > 0)
            .collect();
        if checks.is_empty() {
            return;
        }
        self.heading("Not assessed");
        let (asked, rest): (Vec<_>, Vec<_>) = checks.into_iter().partition(|(_, c)| c.question.is_some());
        let mut left_out = 0;
        // Checks that wait for the same, in the order of the first.
        let mut groups: Vec<(String, Vec<(&Measure, &Check)>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (measure, check) in rest {
            let all = self.found(measure, check, Outcome::NotAssessed);
            if self.is_verbose() {
                match all.is_empty() {
                    true => self.not_assessed_line(&format!(
                        "{} {}: {}",
                        measure.id,
                        check.id,
                        escape(&check.reason)
                    )),
                    false => self.first_of(&all, check),
                }
                continue;
            }
            let first = all.first().map_or(check.reason.as_str(), |f| f.message.as_str());
            let more = all.len().saturating_sub(1);
            left_out += more;
            let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
            let text = format!("{}{more}", escape(first));
            let place = *places.entry(text.clone()).or_insert(groups.len());
            if place == groups.len() {
                groups.push((text, Vec::new()));
            }
            groups[place].1.push((measure, check));
        }
        for (text, checks) in groups {
            if let [(measure, check)] = checks.as_slice() {
                self.not_assessed_line(&format!("{} {}: {text}", measure.id, check.id));
                continue;
            }
            let mut measures: Vec<&str> = checks.iter().map(|(measure, _)| measure.id.as_str()).collect();
            measures.dedup();
            let of = list(measures.iter().copied(), MEASURES, ", ");
            self.not_assessed_line(&format!("{} of {of}: {text}", count(checks.len(), "check")));
        }
        if left_out > 0 {
            let more = count(left_out, "more finding");
            let are = verb(left_out, "is", "are");
            self.wrapped(&format!("… {more} {are} not assessed; --verbose shows each"), "  ", "  ");
        }
        if self.is_verbose() {
            for (measure, check) in asked {
                let question = escape(check.question.as_deref().unwrap_or_default());
                self.not_assessed_line(&format!(
                    "{} {}: a person has to attest: {question}",
                    measure.id, check.id
                ));
            }
        } else if !asked.is_empty() {
            self.not_assessed_line(&format!(
                "{} {} a person's attestation; --verbose lists them",
                count(asked.len(), "check"),
                verb(asked.len(), "needs", "need")
            ));
        }
    }

    fn not_assessed_line(&mut self, text: &str) {
        self.wrapped(text, "  ◆ ", "      ");
    }
}
