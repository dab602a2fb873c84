//! What changed since a baseline: the new and the worsened with their lines, the rest in a line each.

use std::collections::HashMap;
use std::io;

use super::{Detail, Report, SHOWN, color, shape, wrap};
use crate::assessment::{Baseline, Change, Finding, Outcome, Reason, Revision, RevisionKind, gate, unknown};
use crate::text::escape;

impl<'a> Report<'a> {
    /// The whole report of a comparison.
    pub(super) fn changes(&mut self, baseline: &Baseline) -> io::Result<()> {
        self.sides(baseline)?;
        let counts = self.counts(baseline);
        let counts = self.bold(&counts);
        writeln!(self.out, "{counts}")?;
        let judged = self.judged();
        write!(self.out, "{}", wrap(&judged, self.options.width, "", ""))?;
        for sentence in unknown(self.assessment) {
            for line in wrap(&sentence, self.options.width, "", "").lines() {
                let line = self.bold(line);
                writeln!(self.out, "{line}")?;
            }
        }
        if self.options.detail == Detail::Verdict {
            return Ok(());
        }
        for (change, title) in [(Change::New, "New"), (Change::Worsened, "Worsened")] {
            self.with_lines(change, title)?;
        }
        let improved: Vec<&Finding> = self.of(Change::Improved).collect();
        self.in_lines("Improved", &improved, Change::Improved)?;
        let lost: Vec<&Finding> = self.of(Change::Unassessed).collect();
        self.in_lines("Not assessed any more", &lost, Change::Unassessed)?;
        let removed: Vec<&Finding> = baseline.removed.iter().collect();
        self.in_lines("No longer looked at", &removed, Change::Removed)?;
        self.in_lines("Fixed", &baseline.fixed.iter().collect::<Vec<_>>(), Change::Fixed)?;
        self.unchanged()?;
        self.problems()
    }

    fn of(&self, change: Change) -> impl Iterator<Item = &'a Finding> + use<'a> {
        let assessment = self.assessment;
        assessment.findings.iter().filter(move |f| f.change == Some(change))
    }

    /// What is compared with what.
    fn sides(&mut self, baseline: &Baseline) -> io::Result<()> {
        let run = &self.assessment.run;
        let name = run.organization.as_deref().map_or_else(String::new, |n| format!("{}, ", escape(n)));
        let packs: Vec<String> = run.packs.iter().map(|p| format!("{} {}", p.name, p.version)).collect();
        let from = baseline.revision.as_ref().map_or_else(|| escape(&baseline.name).into_owned(), side);
        let dates = if baseline.as_of == run.as_of {
            format!("both as of {}", run.as_of)
        } else {
            format!("as of {} and {}", baseline.as_of, run.as_of)
        };
        writeln!(self.out, "{}", escape(&format!("{name}{}", packs.join(", "))))?;
        writeln!(self.out, "{from} → {}, {dates}", side(&run.revision))
    }

    fn counts(&self, baseline: &Baseline) -> String {
        let counts = [
            (self.of(Change::New).count(), "new"),
            (self.of(Change::Worsened).count(), "worsened"),
            (self.of(Change::Improved).count(), "improved"),
            (baseline.fixed.len(), "fixed"),
            (self.of(Change::Unchanged).count(), "unchanged"),
        ];
        let lost = [
            (self.of(Change::Unassessed).count(), "not assessed any more"),
            (baseline.removed.len(), "no longer looked at"),
        ];
        let lost = lost.iter().filter(|(n, _)| *n > 0);
        let parts: Vec<String> = counts.iter().chain(lost).map(|(n, word)| format!("{n} {word}")).collect();
        format!("{}.", parts.join(", "))
    }

    /// What the exit status rests on.
    fn judged(&self) -> String {
        let fail_on = self.assessment.run.fail_on;
        let gate = gate(self.assessment, fail_on);
        let gaps = |n: usize| if n == 1 { "1 open gap".to_owned() } else { format!("{n} open gaps") };
        let mut text = match gate.gaps {
            0 => format!("No open gap of severity {fail_on} or above is new or worse"),
            n => format!("{} of severity {fail_on} or above new or worse (exit status 1)", gaps(n)),
        };
        if gate.gaps == 0 && !unknown(self.assessment).is_empty() {
            text.push_str(", as far as anybody knows");
        }
        if gate.old > 0 {
            let remain = if gate.old == 1 { "remains" } else { "remain" };
            text.push_str(&format!("; {} from before {remain}", gaps(gate.old)));
        }
        if gate.known > 0 {
            text.push_str(&format!("; {} known from duly-baseline.yaml", gate.known));
        }
        if gate.unread > 0 {
            let problems =
                if gate.unread == 1 { "1 problem".to_owned() } else { format!("{} problems", gate.unread) };
            text.push_str(&format!(". The audit is incomplete: {problems} (exit status 3)"));
        } else if gate.assessed == 0 {
            text.push_str(". Nothing was assessed (exit status 3)");
        }
        text.push('.');
        text
    }

    /// Findings with the lines of their records; those that could not be assessed have none to show.
    fn with_lines(&mut self, change: Change, title: &str) -> io::Result<()> {
        let all: Vec<&Finding> = self.of(change).collect();
        if all.is_empty() {
            return Ok(());
        }
        self.heading(&format!("{title} ({})", all.len()))?;
        let (unknown, found): (Vec<&Finding>, Vec<&Finding>) =
            all.into_iter().partition(|f| f.outcome == Outcome::NotAssessed);
        let mut text = Vec::new();
        let mut report = Report {
            assessment: self.assessment,
            options: self.options,
            findings: HashMap::new(),
            out: &mut text,
        };
        for measure in &self.assessment.measures {
            for check in &measure.checks {
                let of_check: Vec<&&Finding> =
                    found.iter().filter(|f| f.check == check.id && f.measure == measure.id).collect();
                let shown = if self.options.detail == Detail::Everything { of_check.len() } else { SHOWN };
                for finding in of_check.iter().take(shown) {
                    report.finding(finding, measure, check)?;
                }
                if of_check.len() > shown {
                    let more = of_check.len() - shown;
                    writeln!(report.out, "   … and {more} more of {}; --verbose shows all\n", check.id)?;
                }
            }
        }
        // The heading behind it brings its own empty line.
        let text = String::from_utf8_lossy(&text);
        if !text.is_empty() {
            writeln!(self.out, "{}", text.trim_end())?;
        }
        self.lines(&unknown, change)
    }

    fn in_lines(&mut self, title: &str, findings: &[&Finding], change: Change) -> io::Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        self.heading(&format!("{title} ({})", findings.len()))?;
        self.lines(findings, change)
    }

    /// A finding a line: what it was or is, where, and why that changed.
    fn lines(&mut self, findings: &[&Finding], change: Change) -> io::Result<()> {
        let most = if self.options.detail == Detail::Everything { findings.len() } else { 10 * SHOWN };
        for finding in findings.iter().take(most) {
            let fixed = change == Change::Fixed;
            let outcome = if fixed { Outcome::Satisfied } else { finding.outcome };
            let mark = self.paint(color(outcome), shape(outcome));
            let word = match finding.outcome {
                Outcome::Gap => finding.severity.as_str(),
                other => other.as_str(),
            };
            let place = finding.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
            let why = why(&finding.reasons).map_or_else(String::new, |why| format!(" ({why})"));
            let text = format!(
                "{word}[{}/{}] {place}{}{why}",
                finding.measure,
                finding.check,
                escape(&finding.message)
            );
            let text = wrap(&text, self.options.width.saturating_sub(4), "", "    ");
            write!(self.out, "  {mark} {text}")?;
        }
        if findings.len() > most {
            writeln!(self.out, "  … and {} more; --verbose shows all", findings.len() - most)?;
        }
        Ok(())
    }

    fn unchanged(&mut self) -> io::Result<()> {
        let of = |outcome: Outcome| self.of(Change::Unchanged).filter(|f| f.outcome == outcome).count();
        let counts = [
            (of(Outcome::Gap), "with a gap"),
            (of(Outcome::Review), "to review"),
            (of(Outcome::NotAssessed), "not assessed"),
        ];
        let parts: Vec<String> =
            counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
        if parts.is_empty() {
            return Ok(());
        }
        self.heading(&format!("Unchanged ({})", self.of(Change::Unchanged).count()))?;
        writeln!(self.out, "  {}; `duly audit` without a baseline lists them", parts.join(", "))
    }
}

/// What changed, in words.
pub(super) fn why(reasons: &[Reason]) -> Option<String> {
    let words: Vec<&str> = reasons.iter().map(|reason| reason.words()).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// A state: its name, commit and date.
fn side(revision: &Revision) -> String {
    let short = |commit: &String| commit.chars().take(8).collect::<String>();
    let on_disk = revision.kind == RevisionKind::WorkTree;
    let name = if on_disk { "files on disk".to_owned() } else { escape(&revision.name).into_owned() };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(revision.commit.as_ref().map(|c| {
        let short = short(c);
        match revision.dirty {
            Some(true) => format!("{short} and changes"),
            _ => short,
        }
    }));
    parts.extend(revision.committed_on.clone());
    if parts.is_empty() { name } else { format!("{name} ({})", parts.join(", ")) }
}
