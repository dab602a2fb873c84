//! Markdown: the gap report as a page, and as a comment on a pull request; what both say of a finding.
//!
//! Every text that is not written here goes through [`markup`].

pub(super) mod comment;
pub(super) mod markup;
pub(super) mod page;

use super::facts::{Facts, level, why};
use crate::assessment::{Finding, FirstSeen, Place};
use markup::{code, text};

/// Records named of one finding before the rest is counted.
const SHOWN: usize = 10;

/// A place below the root of the repository, as code.
fn place(facts: &Facts<'_>, place: &Place) -> String {
    code(&place.in_file(facts.path(&place.path)).to_string())
}

/// A finding of the baseline that no one looks at any more, in one line.
fn was(finding: &Finding) -> String {
    let why = why(finding).map_or_else(String::new, |why| format!(" ({why})"));
    let (measure, check) = (text(&finding.measure), code(&finding.check));
    format!("- {}, {measure} {check}: {}{why}", level(finding), text(&finding.message))
}

/// One finding in one line: what was found, where, about whom, and what became of it.
fn entry(facts: &Facts<'_>, finding: &Finding) -> String {
    let mut out = format!("- {}", text(&finding.message));
    if let Some(cause) = finding.cause {
        out.push_str(&format!(" ({cause})"));
    }
    if let Some(at) = &finding.place {
        out.push_str(&format!(", {}", place(facts, at)));
    }
    let names: Vec<String> = finding
        .records
        .iter()
        .take(SHOWN)
        .map(|record| match &record.subject {
            Some(subject) => format!("{} ({})", text(&record.id), text(subject)),
            None => text(&record.id),
        })
        .collect();
    if !names.is_empty() {
        out.push_str(&format!(" · {}", names.join(", ")));
    }
    if finding.records.len() > SHOWN {
        out.push_str(&format!(" and {} more", finding.records.len() - SHOWN));
    }
    if let Some(change) = finding.change {
        out.push_str(&format!(" · {change}"));
    }
    // Of one that is new since the base, the change says it already.
    if let Some(seen) = finding.first_seen.filter(|seen| !matches!(seen, FirstSeen::NewSince(_))) {
        out.push_str(&format!(" · {}", seen.in_words()));
    }
    if let Some(decided) = facts.decided(finding) {
        out.push_str(&format!(" · {}", text(&decided)));
    }
    out
}
