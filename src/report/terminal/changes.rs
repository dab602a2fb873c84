//! What changed since a baseline: the new and the worsened with their lines, the rest in a line each.

use super::super::facts::{level, shape, why};
use super::{Detail, Report, SHOWN, color, wrap};
use crate::assessment::{Baseline, Change, Finding, Outcome, Revision, RevisionKind, gate, notes, short_id};
use crate::text::{count, escape, verb};

impl<'a> Report<'a> {
    /// The whole report of a comparison.
    pub(super) fn changes(&mut self, baseline: &Baseline) {
        self.sides(baseline);
        for section in notes(self.facts.assessment) {
            self.strong(section.title);
            for sentence in section.sentences {
                self.wrapped(&escape(&sentence), "  - ", "    ");
            }
        }
        let counts = self.counts(baseline);
        self.line(&self.paint(anstyle::Style::new().bold(), &counts));
        let gaps = self.facts.gap_count();
        if gaps.all > 0 {
            self.wrapped(&format!("{}.", gaps.in_words()), "", "");
        }
        self.wrapped(&self.judged(), "", "");
        if self.options.detail == Detail::Verdict {
            return;
        }
        self.trend();
        for (change, title) in [(Change::New, "New"), (Change::Worsened, "Worsened")] {
            self.with_lines(change, title);
        }
        let improved: Vec<&Finding> = self.facts.changed(Change::Improved).collect();
        self.in_lines("Improved", &improved, Change::Improved);
        let lost: Vec<&Finding> = self.facts.changed(Change::Unassessed).collect();
        self.in_lines("Not assessed any more", &lost, Change::Unassessed);
        let removed: Vec<&Finding> = baseline.removed.iter().collect();
        self.in_lines("No longer looked at", &removed, Change::Removed);
        self.in_lines("Fixed", &baseline.fixed.iter().collect::<Vec<_>>(), Change::Fixed);
        self.unchanged();
        self.problems();
    }

    /// What is compared with what.
    fn sides(&mut self, baseline: &Baseline) {
        let run = &self.facts.assessment.run;
        let from = baseline.revision.as_ref().map_or_else(|| escape(&baseline.name).into_owned(), side);
        let dates = if baseline.as_of == run.as_of {
            format!("both as of {}", run.as_of)
        } else {
            format!("as of {} and {}", baseline.as_of, run.as_of)
        };
        self.line(&escape(&format!("{}{}", self.organization(), self.packs())));
        self.line(&format!("{from} → {}, {}", side(&run.revision), escape(&dates)));
    }

    fn counts(&self, baseline: &Baseline) -> String {
        let of = |change| self.facts.changed(change).count();
        let counts = [
            (of(Change::New), "new"),
            (of(Change::Worsened), "worsened"),
            (of(Change::Improved), "improved"),
            (baseline.fixed.len(), "fixed"),
            (of(Change::Unchanged), "unchanged"),
        ];
        let lost = [
            (of(Change::Unassessed), "not assessed any more"),
            (baseline.removed.len(), "no longer looked at"),
        ];
        let lost = lost.iter().filter(|(n, _)| *n > 0);
        let parts: Vec<String> = counts.iter().chain(lost).map(|(n, word)| format!("{n} {word}")).collect();
        format!("{}.", parts.join(", "))
    }

    /// What the exit status rests on.
    fn judged(&self) -> String {
        let assessment = self.facts.assessment;
        let fail_on = assessment.run.fail_on;
        let gate = gate(assessment, fail_on);
        let gaps = |n: usize| count(n, "open gap");
        let mut text = match gate.gaps {
            0 => format!("No open gap of severity {fail_on} or above is new or worse"),
            n => format!("{} of severity {fail_on} or above new or worse (exit status 1)", gaps(n)),
        };
        if gate.lost > 0 {
            let lost = count(gate.lost, "loss");
            text.push_str(&match assessment.run.allow_lost {
                true => format!("; {lost} of assurance allowed by --allow-lost"),
                false => format!("; {lost} of assurance (exit status 1)"),
            });
        }
        if gate.old > 0 {
            text.push_str(&format!(
                "; {} from before {}",
                gaps(gate.old),
                verb(gate.old, "remains", "remain")
            ));
        }
        if gate.known > 0 {
            text.push_str(&format!("; {} known from duly-baseline.yaml", gate.known));
        }
        if gate.unread > 0 {
            let problems = count(gate.unread, "problem");
            text.push_str(&format!(". The audit is incomplete: {problems} (exit status 3)"));
        } else if gate.assessed == 0 {
            text.push_str(". Nothing was assessed (exit status 3)");
        }
        text.push('.');
        text
    }

    /// Findings with the lines of their records; those that could not be assessed have none to show.
    fn with_lines(&mut self, change: Change, title: &str) {
        let all: Vec<&Finding> = self.facts.changed(change).collect();
        if all.is_empty() {
            return;
        }
        self.heading(&format!("{title} ({})", all.len()));
        for measure in &self.facts.assessment.measures {
            for check in &measure.checks {
                let of_check = self.facts.findings(measure, check).iter().copied();
                let shown = |f: &&Finding| f.change == Some(change) && f.outcome != Outcome::NotAssessed;
                let of_check: Vec<&Finding> = of_check.filter(shown).collect();
                self.first_of(&of_check, check);
            }
        }
        // The heading behind it brings its own empty line.
        self.text.truncate(self.text.trim_end().len());
        self.line("");
        let unknown: Vec<&Finding> = all.into_iter().filter(|f| f.outcome == Outcome::NotAssessed).collect();
        self.lines(&unknown, change);
    }

    fn in_lines(&mut self, title: &str, findings: &[&Finding], change: Change) {
        if !findings.is_empty() {
            self.heading(&format!("{title} ({})", findings.len()));
            self.lines(findings, change);
        }
    }

    /// A finding a line: what it was or is, where, and why that changed.
    fn lines(&mut self, findings: &[&Finding], change: Change) {
        let most = if self.is_verbose() { findings.len() } else { 10 * SHOWN };
        for finding in findings.iter().take(most) {
            let fixed = change == Change::Fixed;
            let outcome = if fixed { Outcome::Satisfied } else { finding.outcome };
            let mark = self.paint(color(outcome), shape(outcome));
            let place = finding.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
            let why = why(finding).map_or_else(String::new, |why| format!(" ({why})"));
            let text = format!(
                "{}[{}/{}] {place}{}{why}",
                level(finding),
                finding.measure,
                finding.check,
                escape(&finding.message)
            );
            let text = wrap(&text, self.options.width.saturating_sub(4), "", "    ");
            self.text.push_str(&format!("  {mark} {text}"));
        }
        if findings.len() > most {
            self.line(&format!("  … and {} more; --verbose shows all", findings.len() - most));
        }
    }

    fn unchanged(&mut self) {
        let all: Vec<&Finding> = self.facts.changed(Change::Unchanged).collect();
        let of = |outcome: Outcome| all.iter().filter(|f| f.outcome == outcome).count();
        let counts = [
            (of(Outcome::Gap), "with a gap"),
            (of(Outcome::Review), "to review"),
            (of(Outcome::NotAssessed), "not assessed"),
        ];
        let parts: Vec<String> =
            counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
        if !parts.is_empty() {
            self.heading(&format!("Unchanged ({})", all.len()));
            self.line(&format!("  {}; `duly audit` without a baseline lists them", parts.join(", ")));
        }
    }
}

/// A state: its name, commit and date.
fn side(revision: &Revision) -> String {
    let on_disk = revision.kind == RevisionKind::WorkTree;
    let name = if on_disk { "files on disk".to_owned() } else { escape(&revision.name).into_owned() };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(revision.commit.as_ref().map(|c| {
        let short = short_id(c);
        match revision.dirty {
            Some(true) => format!("{short} and changes"),
            _ => short,
        }
    }));
    parts.extend(revision.committed_on.map(|day| day.to_string()));
    if parts.is_empty() { name } else { format!("{name} ({})", parts.join(", ")) }
}
