//! The comment on a pull request: verdict, what changed, the worst gaps.
//!
//! Its first line is a marker by which the next run finds the comment and replaces it. A comment has a limit;
//! what is shed first is what the reader of a change needs least.

use std::io::{self, Write};

use super::lookup::{Lookup, count, is_due, lost_gaps};
use super::markdown::{by_severity, entry, place, was};
use super::markup::{code, text};
use crate::assessment::{Assessment, Change, Finding, Outcome, Severity, is_newly_unassessed, unknown};
use crate::text::no_commands;

/// GitHub refuses a comment of more than 65,536 characters.
const CHARACTERS: usize = 60_000;

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

pub(super) fn write(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let view = Lookup::new(assessment);
    let mut comment = String::new();
    for extent in STEPS {
        comment = no_commands(&render(&view, *extent)).into_owned();
        if comment.chars().count() <= CHARACTERS {
            break;
        }
    }
    out.write_all(comment.as_bytes())?;
    out.flush()
}

fn render(view: &Lookup<'_>, extent: Extent) -> String {
    let assessment = view.assessment;
    let run = &assessment.run;
    let mut lines = vec![marker(assessment)];
    lines.push(match &run.organization {
        Some(name) => format!("### duly: {}\n", text(name)),
        None => "### duly\n".to_owned(),
    });
    let packs: Vec<String> =
        run.packs.iter().map(|pack| text(&format!("{} {}", pack.name, pack.version))).collect();
    lines.push(format!(
        "**{}** As of {}, {}.\n",
        text(&assessment.summary.verdict),
        text(&run.as_of),
        packs.join(", ")
    ));
    lines.extend(unknown(assessment).iter().map(|sentence| format!("**{}**\n", text(sentence))));
    table(view, &mut lines);
    gaps(view, extent, &mut lines);
    lost(view, extent, &mut lines);
    closed(view, extent, &mut lines);
    reviews(view, extent, &mut lines);
    problems(view, extent, &mut lines);
    satisfied(view, extent, &mut lines);
    lines.push("An assessment of records, not an approval by anybody.".to_owned());
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

fn table(view: &Lookup<'_>, lines: &mut Vec<String>) {
    let assessment = view.assessment;
    let open = |severity: Severity| assessment.summary.gaps.get(&severity).copied().unwrap_or_default();
    let Some(baseline) = &assessment.baseline else {
        let total: usize = assessment.summary.gaps.values().fold(0, |sum, n| sum.saturating_add(*n));
        return lines.push(format!("Open gaps: {total}{}.\n", by_severity(|severity| Some(open(severity)))));
    };
    let of = |findings: &[Finding], severity: Severity, change: Option<Change>| {
        let due = findings.iter().filter(|f| is_due(f) && f.severity == severity);
        due.filter(|f| change.is_none() || f.change == change && view.is_fresh(f)).count()
    };
    lines.push(format!("Compared with {}:\n", code(&baseline.name)));
    lines.push(
        "| Severity | New | Worsened | Closed | Nobody knows any more | In total |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |"
            .to_owned(),
    );
    for severity in Severity::ALL.iter().rev() {
        lines.push(format!(
            "| {severity} | {} | {} | {} | {} | {} |",
            of(&assessment.findings, *severity, Some(Change::New)),
            of(&assessment.findings, *severity, Some(Change::Worsened)),
            of(&baseline.fixed, *severity, None),
            lost_gaps(assessment).filter(|f| f.severity == *severity).count(),
            of(&assessment.findings, *severity, None),
        ));
    }
    lines.push(String::new());
}

fn gaps(view: &Lookup<'_>, extent: Extent, lines: &mut Vec<String>) {
    let all = view.gaps();
    let (fresh, old): (Vec<&Finding>, Vec<&Finding>) = all.into_iter().partition(|f| view.is_fresh(f));
    let title = if view.compared() { "New and worsened gaps" } else { "Open gaps, the most severe first" };
    if !fresh.is_empty() {
        lines.push(format!("#### {title}\n"));
        let listed = fresh.iter().filter(|finding| finding.severity >= extent.least).take(extent.shown);
        let mut shown = 0;
        for finding in listed {
            shown += 1;
            lines.push(format!("{} · {}", entry(view, finding), finding.severity));
            if extent.details {
                lines.push(details(view, finding));
            }
        }
        if fresh.len() > shown {
            lines.push(format!("- … and {}, in the other reports", count(fresh.len() - shown, "more gap")));
        }
        lines.push(String::new());
    } else if view.compared() {
        let known = if unknown(view.assessment).is_empty() { "" } else { ", as far as anybody knows" };
        lines.push(format!("No gap is new or worse{known}.\n"));
    }
    if !old.is_empty() {
        lines.push(format!("{} that were there before remain.\n", count(old.len(), "gap")));
    }
}

fn details(view: &Lookup<'_>, finding: &Finding) -> String {
    let step = view.check(finding).and_then(|(_, check)| check.remediation.first());
    let step = step.map_or_else(String::new, |step| format!(" To do: {}", text(step)));
    format!(
        "  {} {}: {}. Owner: {}.{step}",
        text(&finding.measure),
        code(&finding.check),
        text(view.requirement(finding)),
        text(view.owner(finding)),
    )
}

/// What nobody knows any more; a few at least, however much is shed.
fn lost(view: &Lookup<'_>, extent: Extent, lines: &mut Vec<String>) {
    let assessment = view.assessment;
    let removed = assessment.baseline.iter().flat_map(|baseline| &baseline.removed);
    let removed: Vec<String> = removed.map(was).collect();
    let unassessed = assessment.findings.iter().filter(|finding| is_newly_unassessed(finding));
    let unassessed: Vec<String> = unassessed.map(|finding| entry(view, finding)).collect();
    let shown = extent.shown.max(5);
    for (title, entries) in [("No longer looked at", removed), ("Newly not assessed", unassessed)] {
        if entries.is_empty() {
            continue;
        }
        lines.push(format!("#### {title}\n"));
        lines.extend(entries.iter().take(shown).cloned());
        if entries.len() > shown {
            lines.push(format!(
                "- … and {}, in the other reports",
                count(entries.len() - shown, "more finding")
            ));
        }
        lines.push(String::new());
    }
}

fn closed(view: &Lookup<'_>, extent: Extent, lines: &mut Vec<String>) {
    let fixed = view.assessment.baseline.iter().flat_map(|baseline| &baseline.fixed);
    let fixed: Vec<&Finding> = fixed.filter(|finding| is_due(finding)).collect();
    if fixed.is_empty() {
        return;
    }
    lines.push("#### Closed\n".to_owned());
    for finding in fixed.iter().take(extent.shown) {
        lines.push(format!(
            "- {} {}: {}",
            text(&finding.measure),
            code(&finding.check),
            text(&finding.message)
        ));
    }
    if fixed.len() > extent.shown {
        lines.push(format!("- … and {}", count(fixed.len() - extent.shown, "more gap")));
    }
    lines.push(String::new());
}

fn reviews(view: &Lookup<'_>, extent: Extent, lines: &mut Vec<String>) {
    let reviews = view.assessment.findings.iter().filter(|f| f.outcome == Outcome::Review);
    let reviews: Vec<&Finding> = reviews.filter(|finding| view.is_fresh(finding)).collect();
    if reviews.is_empty() {
        return;
    }
    lines.push("#### To review: prompts to look, not proof\n".to_owned());
    let shown = extent.shown / 2;
    for finding in reviews.iter().take(shown) {
        lines.push(entry(view, finding));
        let pattern = view.check(finding).and_then(|(_, check)| check.pattern.as_deref());
        if let (Some(pattern), true) = (pattern, extent.details) {
            lines.push(format!("  Rule out first: {}", text(pattern)));
        }
    }
    if reviews.len() > shown {
        lines.push(format!("- … and {} more, in the other reports", reviews.len() - shown));
    }
    lines.push(String::new());
}

fn problems(view: &Lookup<'_>, extent: Extent, lines: &mut Vec<String>) {
    let problems: Vec<_> = view.unread().collect();
    if problems.is_empty() {
        return;
    }
    lines.push("#### The audit is incomplete\n".to_owned());
    let shown = extent.shown / 2;
    for problem in problems.iter().take(shown) {
        let at = place(view, &problem.place);
        lines.push(format!("- {at}: {}; to do: {}", text(&problem.message), text(&problem.help)));
    }
    if problems.len() > shown {
        lines.push(format!("- … and {}", count(problems.len() - shown, "more problem")));
    }
    lines.push(String::new());
}

fn satisfied(view: &Lookup<'_>, extent: Extent, lines: &mut Vec<String>) {
    let measures = &view.assessment.measures;
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
