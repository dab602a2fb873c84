//! The comment on a pull request: verdict, what changed, the worst gaps.
//!
//! Its first line is a marker by which the next run finds the comment and replaces it. A comment has a limit;
//! what is shed first is what the reader of a change needs least.

use std::io::{self, Write};

use super::super::facts::Facts;
use super::markup::{code, text};
use super::{entry, place, was};
use crate::assessment::{
    Assessment, Change, Earlier, Finding, Outcome, Severity, is_newly_unassessed, notes,
};
use crate::text::{count, no_commands};

/// GitHub refuses a comment of more than 65,536 characters.
const CHARACTERS: usize = 60_000;

/// Gaps that are named though the change has nothing to do with them.
const KNOWN: usize = 5;

/// What is in the comment; each step of shedding takes something away.
#[derive(Debug, Clone, Copy)]
struct Extent {
    satisfied: bool,
    details: bool,
    /// The least severity that is listed.
    least: Severity,
    /// Entries of a list.
    shown: usize,
}

const STEPS: &[Extent] = &[
    Extent { satisfied: true, details: true, least: Severity::Low, shown: 20 },
    Extent { satisfied: false, details: true, least: Severity::Low, shown: 20 },
    Extent { satisfied: false, details: false, least: Severity::Low, shown: 20 },
    Extent { satisfied: false, details: false, least: Severity::Medium, shown: 20 },
    Extent { satisfied: false, details: false, least: Severity::High, shown: 20 },
    Extent { satisfied: false, details: false, least: Severity::High, shown: 5 },
    Extent { satisfied: false, details: false, least: Severity::High, shown: 0 },
];

pub(in crate::report) fn write(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let facts = Facts::new(assessment);
    let mut comment = String::new();
    for extent in STEPS {
        comment = no_commands(&render(&facts, *extent)).into_owned();
        if comment.chars().count() <= CHARACTERS {
            break;
        }
    }
    out.write_all(comment.as_bytes())?;
    out.flush()
}

fn render(facts: &Facts<'_>, extent: Extent) -> String {
    let assessment = facts.assessment;
    let run = &assessment.run;
    let mut lines = vec![marker(assessment)];
    lines.push(match &run.organization {
        Some(name) => format!("### duly: {}\n", text(name)),
        None => "### duly\n".to_owned(),
    });
    lines.push(format!(
        "**{}** As of {}, {}.\n",
        text(&assessment.summary.verdict),
        run.as_of,
        text(&run.rules_in_words())
    ));
    for part in notes(assessment) {
        lines.push(format!("**{}**\n", part.title));
        lines.extend(part.sentences.iter().map(|sentence| format!("- {}", text(sentence))));
        lines.push(String::new());
    }
    table(facts, &mut lines);
    gaps(facts, extent, &mut lines);
    lost(facts, extent, &mut lines);
    closed(facts, extent, &mut lines);
    reviews(facts, extent, &mut lines);
    problems(facts, extent, &mut lines);
    satisfied(facts, extent, &mut lines);
    lines.push("An assessment of records, not an approval by anyone.".to_owned());
    lines.join("\n") + "\n"
}

/// `<!-- duly:report:PACKS/FOLDER -->`, of characters that end no comment.
fn marker(assessment: &Assessment) -> String {
    let run = &assessment.run;
    let mut name: Vec<&str> = run.packs.iter().map(|pack| &*pack.name).collect();
    name.extend(Some(&*run.revision.folder).filter(|folder| !folder.is_empty()));
    let mut out = String::new();
    for c in name.join("/").chars().take(200) {
        let c = if c.is_ascii_alphanumeric() || "._/-".contains(c) { c } else { '_' };
        if !(c == '-' && out.ends_with('-')) {
            out.push(c);
        }
    }
    format!("<!-- duly:report:{out} -->")
}

fn table(facts: &Facts<'_>, lines: &mut Vec<String>) {
    let assessment = facts.assessment;
    let Some(baseline) = &assessment.baseline else {
        return lines.push(format!("{}.\n", text(&facts.gap_count().in_words())));
    };
    let of = |findings: &[Finding], severity: Severity, change: Option<Change>| {
        let due = findings.iter().filter(|f| f.is_unwaived_gap() && f.severity == severity);
        due.filter(|f| change.is_none() || f.change == change && facts.is_fresh(f)).count()
    };
    lines.push(format!("Compared with {} ({}):\n", code(&baseline.name), text(&baseline.dates_in_words())));
    lines.push(
        "| Severity | New | Worsened | Closed | No longer assessed | In total |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |"
            .to_owned(),
    );
    for severity in Severity::ALL.iter().rev() {
        lines.push(format!(
            "| {severity} | {} | {} | {} | {} | {} |",
            of(&assessment.findings, *severity, Some(Change::New)),
            of(&assessment.findings, *severity, Some(Change::Worsened)),
            of(&baseline.fixed, *severity, None),
            facts.lost_gaps().filter(|f| f.severity == *severity).count(),
            of(&assessment.findings, *severity, None),
        ));
    }
    lines.push(String::new());
}

/// A list with a title, unless it is empty: the first entries, and how many more there are of all.
fn section(
    lines: &mut Vec<String>,
    title: &str,
    (entries, all): (impl Iterator<Item = String>, usize),
    shown: usize,
    more: impl Fn(usize) -> String,
) {
    if all == 0 {
        return;
    }
    lines.push(format!("#### {title}\n"));
    let before = lines.len();
    lines.extend(entries.take(shown));
    let left_out = all - (lines.len() - before);
    if left_out > 0 {
        lines.push(format!("- … and {}", more(left_out)));
    }
    lines.push(String::new());
}

fn gaps(facts: &Facts<'_>, extent: Extent, lines: &mut Vec<String>) {
    let all = facts.gaps();
    let (fresh, old): (Vec<&Finding>, Vec<&Finding>) = all.into_iter().partition(|f| facts.is_fresh(f));
    if fresh.is_empty() && Earlier::of(facts.assessment) != Earlier::Nothing {
        lines.push("No gap is new or worse.\n".to_owned());
    }
    let title = if facts.compared() { "New and worsened gaps" } else { "Open gaps, the most severe first" };
    let listed = fresh.iter().filter(|finding| finding.severity >= extent.least).map(|finding| {
        let details = if extent.details { details(facts, finding) } else { String::new() };
        format!("{} · {}{details}", entry(facts, finding), finding.severity)
    });
    let more = |n| format!("{}, in the other reports", count(n, "more gap"));
    section(lines, title, (listed, fresh.len()), extent.shown, more);
    // A gap that is known or was there before is still a gap: the worst of them are named.
    let listed =
        old.iter().take(KNOWN).map(|finding| format!("{} · {}", entry(facts, finding), finding.severity));
    section(lines, "Gaps that were there before", (listed, old.len()), extent.shown.min(KNOWN), more);
}

fn details(facts: &Facts<'_>, finding: &Finding) -> String {
    let step = facts.check(finding).and_then(|(_, check)| check.remediation.first());
    let step = step.map_or_else(String::new, |step| format!(" To do: {}", text(step)));
    format!(
        "\n  {} {}: {}. Owner: {}.{step}",
        text(&finding.measure),
        code(&finding.check),
        text(facts.requirement(finding)),
        text(facts.owner(&finding.owner)),
    )
}

/// What no one knows any more; a few at least, however much is shed.
fn lost(facts: &Facts<'_>, extent: Extent, lines: &mut Vec<String>) {
    let shown = extent.shown.max(5);
    let more = |n| format!("{}, in the other reports", count(n, "more finding"));
    let removed = (facts.removed().map(was), facts.removed().count());
    section(lines, "No longer looked at", removed, shown, more);
    let unassessed = facts.assessment.findings.iter().filter(|finding| is_newly_unassessed(finding));
    let unassessed = (unassessed.clone().map(|finding| entry(facts, finding)), unassessed.count());
    section(lines, "Newly not assessed", unassessed, shown, more);
}

fn closed(facts: &Facts<'_>, extent: Extent, lines: &mut Vec<String>) {
    let fixed = facts.assessment.baseline.iter().flat_map(|baseline| &baseline.fixed);
    let fixed: Vec<&Finding> = fixed.filter(|finding| finding.is_unwaived_gap()).collect();
    let entries = fixed.iter().map(|finding| {
        format!("- {} {}: {}", text(&finding.measure), code(&finding.check), text(&finding.message))
    });
    section(lines, "Closed", (entries, fixed.len()), extent.shown, |n| count(n, "more gap"));
}

fn reviews(facts: &Facts<'_>, extent: Extent, lines: &mut Vec<String>) {
    let reviews = facts.assessment.findings.iter().filter(|f| f.outcome == Outcome::Review);
    let reviews: Vec<&Finding> = reviews.filter(|finding| facts.is_fresh(finding)).collect();
    let entries = reviews.iter().map(|finding| {
        let pattern = facts.check(finding).and_then(|(_, check)| check.pattern.as_deref());
        let pattern = pattern.filter(|_| extent.details);
        let pattern = pattern.map_or_else(String::new, |p| format!("\n  Rule out first: {}", text(p)));
        format!("{}{pattern}", entry(facts, finding))
    });
    let title = "To review: prompts to look, not proof";
    let more = |n| format!("{n} more, in the other reports");
    section(lines, title, (entries, reviews.len()), extent.shown / 2, more);
}

fn problems(facts: &Facts<'_>, extent: Extent, lines: &mut Vec<String>) {
    let entries = facts.unread().map(|problem| {
        let at = place(facts, &problem.place);
        format!("- {at}: {}; to do: {}", text(&problem.message), text(&problem.help))
    });
    let entries = (entries, facts.unread().count());
    section(lines, "The audit is incomplete", entries, extent.shown / 2, |n| count(n, "more problem"));
}

fn satisfied(facts: &Facts<'_>, extent: Extent, lines: &mut Vec<String>) {
    let measures = &facts.assessment.measures;
    let of = |outcome: Outcome| measures.iter().filter(move |measure| measure.outcome == outcome);
    let unassessed = of(Outcome::NotAssessed).count();
    if unassessed > 0 {
        lines.push(format!("{} not fully assessed.\n", count(unassessed, "measure")));
    }
    if extent.satisfied && of(Outcome::Satisfied).next().is_some() {
        lines.push("<details><summary>Satisfied measures</summary>\n".to_owned());
        lines.extend(of(Outcome::Satisfied).map(|m| format!("- {} {}", text(&m.id), text(&m.title))));
        lines.push("\n</details>\n".to_owned());
    }
}
