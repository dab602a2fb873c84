//! The answer of an audit on two screens: a line a measure, the worst gaps, and how much else there is.

use super::super::facts::{by_severity, shape};
use super::{Report, color, wrap};
use crate::assessment::Outcome;
use crate::text::{count, escape, shorten};

/// Gaps that are named.
const WORST: usize = 10;
/// Things that are not known that are named.
const GROUPS: usize = 5;

impl<'a> Report<'a> {
    pub(super) fn summary(&mut self) {
        self.line("");
        for measure in &self.facts.assessment.measures {
            let word = format!("{} {:<14}", shape(measure.outcome), measure.outcome.as_str());
            let beside = 2 + 16 + 1 + measure.id.len() + 2;
            let title = shorten(&measure.title, self.options.width.saturating_sub(beside).max(20));
            let mark = self.paint(color(measure.outcome), &word);
            self.line(&format!("  {mark} {}  {}", escape(&measure.id), escape(&title)));
        }
        self.worst_gaps();
        self.others();
    }

    /// The open gaps first, then the others, the most severe of each first. What to do is said once for each check.
    fn worst_gaps(&mut self) {
        let facts = self.facts;
        let gaps = facts.all_gaps();
        if gaps.is_empty() {
            return;
        }
        let heading = if gaps.len() > WORST { "The most severe gaps" } else { "Gaps" };
        self.heading(heading);
        let mut before = None;
        for finding in gaps.iter().take(WORST) {
            let place = finding.place.as_ref().map_or_else(String::new, |place| format!(" {place}"));
            let head =
                format!("{:<8}  {}/{}{place}", finding.severity.as_str(), finding.measure, finding.check);
            for line in wrap(&head, self.options.width, "  ", "            ").lines() {
                self.line(&self.paint(color(Outcome::Gap), line));
            }
            let decided = facts.decided(finding).map_or_else(String::new, |decided| format!(" ({decided})"));
            let found = format!("{}{decided}", finding.message);
            self.wrapped(&escape(&found), "            ", "            ");
            let step = facts.check(finding).and_then(|(_, check)| check.remediation.first());
            if let Some(step) = step.filter(|_| before != Some(&finding.check)) {
                self.wrapped(&escape(&format!("to do: {step}")), "            ", "            ");
            }
            before = Some(&finding.check);
        }
        let rest = gaps.get(WORST..).unwrap_or_default();
        if !rest.is_empty() {
            let counts = by_severity(|severity| {
                Some(rest.iter().filter(|finding| finding.severity == severity).count()).filter(|n| *n > 0)
            });
            self.wrapped(&format!("… and {} ({counts})", count(rest.len(), "more gap")), "  ", "  ");
        }
    }

    /// What is counted only.
    fn others(&mut self) {
        let findings = &self.facts.assessment.findings;
        let of = |outcome: Outcome| findings.iter().filter(|f| f.outcome == outcome).count();
        let checks = self.facts.assessment.measures.iter().flat_map(|measure| &measure.checks);
        let open = checks.filter(|c| c.outcome == Outcome::NotAssessed || c.counts.not_assessed > 0).count();
        let mut parts = Vec::new();
        if of(Outcome::Review) > 0 {
            parts.push(format!("{} to review", count(of(Outcome::Review), "finding")));
        }
        if open > 0 {
            parts.push(format!("{} not assessed for want of records", count(open, "check")));
        }
        if !parts.is_empty() {
            self.line("");
            self.wrapped(&format!("Also {}.", parts.join(", and ")), "", "");
        }
        // What most findings wait for comes first.
        let groups = &self.facts.assessment.not_assessed;
        for group in groups.iter().take(GROUPS) {
            self.wrapped(&group.text, "  ◆ ", "    ");
        }
        if groups.len() > GROUPS {
            self.line(&format!("  … and {} more", groups.len() - GROUPS));
        }
        self.wrapped("--all shows the findings of every check with their lines, --verbose each one.", "", "");
    }
}
