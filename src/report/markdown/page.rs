//! The gap report as a page, for a wiki or the summary of a CI job.
//!
//! The page has a size; what does not fit is counted where it would have stood.

use std::io::{self, Write};

use super::super::facts::{Facts, shape};
use super::super::trend::{SEVERITIES, trend};
use super::markup::{code, link, text};
use super::{entry, place, was};
use crate::assessment::{
    Assessment, Change, Check, Finding, Impact, Measure, Outcome, PlanStatus, Severity, notes,
};
use crate::text::{count, no_commands};

/// Bytes of a report for a wiki: code hosts stop rendering files not far beyond.
pub(in crate::report) const PAGE_BYTES: usize = 500_000;
/// Bytes of a job summary: GitHub drops one of more than 1 MiB.
pub(in crate::report) const SUMMARY_BYTES: usize = 1_000_000;

pub(in crate::report) fn write(assessment: &Assessment, limit: usize, out: &mut dyn Write) -> io::Result<()> {
    let facts = Facts::new(assessment);
    let mut page = Page { facts: &facts, text: String::new(), limit, left_out: false };
    page.write();
    out.write_all(no_commands(&page.text).as_bytes())?;
    out.flush()
}

struct Page<'a> {
    facts: &'a Facts<'a>,
    text: String,
    limit: usize,
    left_out: bool,
}

impl<'a> Page<'a> {
    fn write(&mut self) {
        self.head();
        self.numbers();
        self.trend();
        self.measures();
        // Each section leaves room for those behind it.
        self.findings(Outcome::Gap, self.limit / 100 * 65);
        self.fixed(self.limit / 100 * 68);
        self.removed(self.limit / 100 * 70);
        self.findings(Outcome::Review, self.limit / 100 * 80);
        self.not_assessed(self.limit / 100 * 85);
        self.attested(self.limit / 100 * 87);
        self.waivers(self.limit / 100 * 88);
        self.problems(self.limit / 100 * 95);
        self.sources();
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Writes entries while they fit below `end` bytes, and counts the rest.
    fn entries(&mut self, entries: impl Iterator<Item = String>, end: usize, thing: &str) {
        let mut left_out = 0;
        for entry in entries {
            if left_out == 0 && self.text.len() + entry.len() < end {
                self.line(&entry);
            } else {
                left_out += 1;
            }
        }
        if left_out > 0 {
            self.left_out = true;
            self.line(&format!("- … and {} left out for the size of this page", count(left_out, thing)));
        }
    }

    fn head(&mut self) {
        let run = &self.facts.assessment.run;
        match &run.organization {
            Some(name) => self.line(&format!("# Gap report: {}", text(name))),
            None => self.line("# Gap report"),
        }
        self.line(&format!("\n{}\n", text(&run.classification)));
        self.line(&format!("As of {}, {}{}.\n", run.as_of, text(&run.rules_in_words()), self.revision()));
        self.line(&format!("**{}**\n", text(&self.facts.assessment.summary.verdict)));
        for part in notes(self.facts.assessment) {
            self.line(&format!("**{}**\n", part.title));
            for sentence in part.sentences {
                self.line(&format!("- {}", text(&sentence)));
            }
            self.line("");
        }
        self.line(
            "An assessment of records, not an approval by anyone. What is to review is a prompt to look, not \
             proof.\n",
        );
    }

    fn revision(&self) -> String {
        let revision = &self.facts.assessment.run.revision;
        let mut out = String::new();
        if let Some(commit) = &revision.commit {
            let short: String = commit.chars().take(12).collect();
            out.push_str(&format!(", commit {}", code(&short)));
        }
        if let Some(branch) = &revision.branch {
            out.push_str(&format!(" of {}", code(branch)));
        }
        if revision.dirty == Some(true) {
            out.push_str(" with changes that are not committed");
        }
        out
    }

    fn numbers(&mut self) {
        let assessment = self.facts.assessment;
        let summary = &assessment.summary;
        let of = |outcome: Outcome| summary.measures.get(&outcome).copied().unwrap_or_default();
        let applicable = assessment.measures.len().saturating_sub(of(Outcome::NotApplicable));
        self.line("| | |\n| --- | --- |");
        self.line(&format!("| Measures satisfied | {} of {applicable} applicable |", of(Outcome::Satisfied)));
        let assessed = applicable.saturating_sub(of(Outcome::NotAssessed));
        self.line(&format!("| Measures assessed | {assessed} of {applicable} applicable |"));
        let gaps = self.facts.gap_count();
        self.line(&format!("| Gaps | {} |", text(&gaps.in_words())));
        if let Some(file) = &assessment.run.baseline_file {
            self.line(&format!("| Baseline file | {} |", text(&file.in_words())));
        }
        if let Some(baseline) = &assessment.baseline {
            let changed = |change: Change| {
                let due =
                    assessment.findings.iter().filter(|f| f.is_unwaived_gap() && self.facts.is_fresh(f));
                due.filter(|f| f.change == Some(change)).count()
            };
            let lost = self.facts.lost_gaps().count();
            let lost = if lost > 0 { format!(", {lost} no longer assessed") } else { String::new() };
            let fixed = baseline.fixed.iter().filter(|finding| finding.is_unwaived_gap()).count();
            self.line(&format!(
                "| Gaps since {} ({}) | {} new, {} worsened, {fixed} closed{lost} |",
                code(&baseline.name),
                text(&baseline.dates_in_words()),
                changed(Change::New),
                changed(Change::Worsened)
            ));
        }
        let reviews = summary.findings.get(&Outcome::Review).copied().unwrap_or_default();
        self.line(&format!("| To review | {reviews} |"));
        let open = || assessment.plan.iter().filter(|item| item.status == PlanStatus::Open);
        let late = open().filter(|item| item.due_on.is_some_and(|due| due < assessment.run.as_of)).count();
        let plan = match assessment.plan.len() {
            0 => "none is kept".to_owned(),
            _ => format!("{}, {late} overdue", count(open().count(), "open item")),
        };
        self.line(&format!("| Plan | {plan} |"));
        let in_force = assessment.waivers.iter().filter(|waiver| waiver.is_in_force(assessment.run.as_of));
        self.line(&format!("| Waivers in force | {} |", in_force.count()));
        let with_gaps: Vec<String> = gaps.records.iter().map(|(kind, n)| text(&count(*n, kind))).collect();
        let with_gaps = if with_gaps.is_empty() { "none".to_owned() } else { with_gaps.join(", ") };
        self.line(&format!("| Records with a gap | {with_gaps} |"));
    }

    /// The periods, if there are earlier ones.
    fn trend(&mut self) {
        let Some(trend) = trend(self.facts.assessment) else { return };
        self.line("\n## Trend\n");
        self.line("All gaps by severity (new, known and waived), and measures by outcome.\n");
        self.line(
            "| Period | As of | Commit | Critical | High | Medium | Low | Measures: gap | Review | Not assessed \
             | Satisfied | Not applicable |\n\
             | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        );
        for period in &trend.periods {
            let gaps = match period.gaps {
                Some(gaps) => gaps.map(|n| n.to_string()).join(" | "),
                None => ["not recorded"; SEVERITIES.len()].join(" | "),
            };
            let notes: String = period.notes.iter().map(|note| format!(" ({note})")).collect();
            self.line(&format!(
                "| {}{notes} | {} | {} | {gaps} | {} |",
                period.label,
                period.as_of,
                text(&period.commit_in_words()),
                period.measures.map(|n| n.to_string()).join(" | ")
            ));
        }
        if trend.left_out > 0 {
            self.line(&format!("\n{} left out.", count(trend.left_out, "older period")));
        }
    }

    fn measures(&mut self) {
        self.line("\n## Measures\n");
        self.line("| Measure | Outcome | Title | Checks | Owner |\n| --- | --- | --- | --- | --- |");
        let rows = self.facts.assessment.measures.iter().map(|measure| {
            let checks: Vec<String> =
                measure.checks_by_outcome.iter().rev().map(|(outcome, n)| format!("{n} {outcome}")).collect();
            format!(
                "| {} | {} {} | {} | {} | {} |",
                text(&measure.id),
                shape(measure.outcome),
                measure.outcome,
                text(&measure.title),
                checks.join(", "),
                text(self.facts.owner(&measure.owner)),
            )
        });
        let rows: Vec<String> = rows.collect();
        let (fits, end) = (rows.len(), self.limit / 4);
        let shown = rows.iter().take_while(|row| {
            self.text.len() + row.len() < end && {
                self.text.push_str(row);
                self.text.push('\n');
                true
            }
        });
        let left_out = fits - shown.count();
        if left_out > 0 {
            self.left_out = true;
            self.line(&format!("\n{} left out for the size of this page.", count(left_out, "measure")));
        }
    }

    /// The gaps, or what is to review, by measure: the measure with the most severe one first.
    fn findings(&mut self, outcome: Outcome, end: usize) {
        let facts = self.facts;
        let wanted = |finding: &&Finding| match outcome {
            Outcome::Gap => finding.is_unwaived_gap(),
            _ => finding.outcome == outcome,
        };
        let all: Vec<&Finding> = facts.assessment.findings.iter().filter(wanted).collect();
        let (title, thing, none) = match outcome {
            Outcome::Gap => ("Gaps", "gap", "No open gap was found."),
            _ => ("To review: prompts to look, not proof", "finding", "There is nothing to review."),
        };
        self.line(&format!("\n## {title}\n"));
        if all.is_empty() {
            return self.line(none);
        }
        let mut measures: Vec<(Option<Severity>, &Measure)> = Vec::new();
        for measure in &facts.assessment.measures {
            let worst = all.iter().filter(|f| f.measure == measure.id).map(|f| f.severity).max();
            measures.push((worst, measure));
        }
        measures.retain(|(worst, _)| worst.is_some());
        measures.sort_by_key(|(worst, _)| std::cmp::Reverse(*worst));
        let mut left_out = 0;
        for (_, measure) in measures {
            let of_measure: Vec<&Finding> = all.iter().filter(|f| f.measure == measure.id).copied().collect();
            // A heading with its first entries, or nothing.
            if self.text.len() + 4_000 > end {
                left_out += of_measure.len();
                continue;
            }
            self.line(&format!("### {} {} {}\n", shape(outcome), text(&measure.id), text(&measure.title)));
            self.line(&format!(
                "{}, {}, item {}. Owner: {}.\n",
                text(&measure.document),
                text(&measure.section),
                measure.item,
                text(self.facts.owner(&measure.owner))
            ));
            for check in &measure.checks {
                let of_check: Vec<&Finding> =
                    of_measure.iter().filter(|f| f.check == check.id).copied().collect();
                if of_check.is_empty() {
                    continue;
                }
                self.of_check(check, &of_check, outcome, end, thing);
                if outcome == Outcome::Gap {
                    self.steps(&check.remediation);
                }
            }
        }
        if left_out > 0 {
            self.left_out = true;
            self.line(&format!("… and {} left out for the size of this page.", count(left_out, thing)));
        }
    }

    fn of_check(
        &mut self,
        check: &Check,
        findings: &[&'a Finding],
        outcome: Outcome,
        end: usize,
        thing: &str,
    ) {
        let severity = if outcome == Outcome::Gap { format!("{}, ", check.severity) } else { String::new() };
        self.line(&format!(
            "**{}** ({severity}{}; {})\n",
            text(&check.title),
            code(&check.id),
            text(&check.reason)
        ));
        let facts = self.facts;
        // Steps follow the entries, and need their room.
        let end = end.saturating_sub(1_500);
        self.entries(findings.iter().map(|finding| entry(facts, finding)), end, thing);
        if let Some(pattern) = &check.pattern {
            self.line(&format!("\nRule out first: {}", text(pattern)));
        }
        self.line("");
    }

    fn steps(&mut self, steps: &[String]) {
        if steps.is_empty() {
            return;
        }
        self.line("To do:\n");
        for (i, step) in steps.iter().enumerate() {
            self.line(&format!("{}. {}", i + 1, text(step)));
        }
        self.line("");
    }

    fn fixed(&mut self, end: usize) {
        let Some(baseline) = &self.facts.assessment.baseline else { return };
        self.line(&format!("\n## Closed since {}\n", code(&baseline.name)));
        if baseline.fixed.is_empty() {
            return self.line("Nothing.");
        }
        let facts = self.facts;
        self.entries(baseline.fixed.iter().map(|finding| entry(facts, finding)), end, "finding");
    }

    fn removed(&mut self, end: usize) {
        let Some(baseline) = &self.facts.assessment.baseline else { return };
        if baseline.removed.is_empty() {
            return;
        }
        self.line(&format!("\n## No longer looked at since {}\n", code(&baseline.name)));
        self.entries(baseline.removed.iter().map(was), end, "finding");
    }

    fn not_assessed(&mut self, end: usize) {
        self.line("\n## Not assessed\n");
        let groups = &self.facts.assessment.not_assessed;
        if groups.is_empty() {
            return self.line("Every check in scope was assessed.");
        }
        let facts = self.facts;
        let entries = groups.iter().flat_map(|group| {
            let asked = group.checks.iter().filter_map(|waits| {
                let question = facts.question(group, waits)?;
                Some(format!("  - {} {}: {}", text(&waits.measure), code(&waits.check), text(question)))
            });
            let waiting = group.waiting_in_words().map_or_else(String::new, |w| format!(" · {}", text(&w)));
            std::iter::once(format!("- {}{waiting}", text(&group.text))).chain(asked).collect::<Vec<_>>()
        });
        self.entries(entries, end, "line");
    }

    /// Checks that a person attests.
    fn attested(&mut self, end: usize) {
        let mut entries = Vec::new();
        for measure in &self.facts.assessment.measures {
            for check in measure.checks.iter().filter(|check| check.attested.is_some()) {
                entries.push(format!("- {} {}: {}", text(&measure.id), code(&check.id), text(&check.reason)));
            }
        }
        if !entries.is_empty() {
            self.line("\n## Attested\n");
            self.entries(entries.into_iter(), end, "check");
        }
    }

    fn waivers(&mut self, end: usize) {
        let waivers = &self.facts.assessment.waivers;
        if waivers.is_empty() {
            return;
        }
        self.line("\n## Waivers\n");
        let entries = waivers.iter().map(|waiver| {
            let what = match &waiver.refused {
                Some(why) => format!("does not count: {}", text(why)),
                None => format!("covers {}", count(waiver.findings.len(), "finding")),
            };
            let met =
                waiver.condition.as_ref().map_or_else(String::new, |met| format!(" where {}", code(met)));
            format!(
                "- {} for {}{met}: {}; approved by {}, ends {}, {what}",
                text(&waiver.id),
                code(&waiver.check),
                text(&waiver.reason),
                text(&waiver.approver),
                waiver.ends_on,
            )
        });
        self.entries(entries, end, "waiver");
    }

    fn problems(&mut self, end: usize) {
        let facts = self.facts;
        let problems = &facts.assessment.problems;
        if problems.is_empty() {
            return;
        }
        self.line("\n## Problems with the input\n");
        let entries = problems.iter().map(|problem| {
            let word = match problem.impact {
                Impact::Error | Impact::Incomplete => "problem",
                Impact::Notice => "notice",
            };
            let (place, what) = (place(facts, &problem.place), text(&problem.message));
            format!(
                "- {word} {} {place}: {what}; to do: {}",
                code(problem.code.as_str()),
                text(&problem.help)
            )
        });
        self.entries(entries, end, "problem");
    }

    fn sources(&mut self) {
        let assessment = self.facts.assessment;
        self.line("\n## Sources and method\n");
        for document in assessment.run.packs.iter().flat_map(|pack| &pack.documents) {
            self.line(&format!(
                "- {}: {}, {}, {}. {}",
                text(&document.id),
                text(&document.title),
                text(&document.publisher),
                document.dated_on,
                link(&document.url)
            ));
        }
        let coverage = &assessment.coverage;
        let read = coverage.with_records();
        let records: usize = coverage.records.values().fold(0, |sum, n| sum.saturating_add(*n));
        let cut = if self.left_out {
            " This page leaves something out; the JSON and CSV reports are whole."
        } else {
            ""
        };
        self.line(&format!(
            "\n{} {}, {} in {}, manifest {}. Outcomes start as not assessed; satisfied is what an evaluated \
             record shows. Personal data is masked.{cut}",
            text(&assessment.run.tool.name),
            text(&assessment.run.tool.version),
            count(records, "record"),
            count(read, "file"),
            code(&assessment.run.manifest_sha256.chars().take(16).collect::<String>()),
        ));
    }
}
