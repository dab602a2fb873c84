//! What became of findings since the baseline.

use serde::Serialize;

use super::list::{FULL_LIST, SNIPPETS, is_news};
use super::look::Look;
use super::names::Names;
use crate::assessment::{Change, Finding, Severity};

/// What became of findings since the baseline.
#[derive(Debug, Serialize)]
pub(super) struct Changes<'a> {
    baseline: &'a str,
    /// Its commit and its dates.
    dates: String,
    kinds: Vec<Kind<'a>>,
}

#[derive(Debug, Serialize)]
struct Kind<'a> {
    title: &'static str,
    n: usize,
    /// The worst of them.
    findings: Vec<Changed<'a>>,
}

#[derive(Debug, Serialize)]
struct Changed<'a> {
    /// Anchor of the row; none for a finding that is no more.
    id: Option<String>,
    #[serde(flatten)]
    look: Look,
    severity: Severity,
    measure: &'a str,
    check: &'a str,
    record: &'a str,
}

/// Findings listed of one kind of change.
const LISTED: usize = 100;

pub(super) fn changes<'a>(names: &Names<'a>) -> Option<Changes<'a>> {
    let assessment = names.facts.assessment;
    let baseline = assessment.baseline.as_ref()?;
    let changed = |finding: &'a Finding| Changed {
        id: None,
        look: Look::of_finding(finding),
        severity: finding.severity,
        measure: &finding.measure,
        check: &finding.check,
        record: finding.records.first().map_or("", |r| r.id.as_str()),
    };
    let kind = |title, mut findings: Vec<Changed<'a>>| {
        findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
        let n = findings.len();
        findings.truncate(LISTED);
        Kind { title, n, findings }
    };
    let mut kinds = Vec::new();
    for (title, change) in [
        ("New", Change::New),
        ("Worsened", Change::Worsened),
        ("Improved, still open", Change::Improved),
        ("Not assessed any more", Change::Unassessed),
        ("Unchanged", Change::Unchanged),
    ] {
        let of = assessment.findings.iter().enumerate().filter(|(_, f)| f.change == Some(change));
        // Where findings are cut out of the list there is no row to lead to, and in a long one no anchor.
        let all = assessment.findings.len();
        let linked = all <= SNIPPETS || all <= FULL_LIST && is_news(Some(change));
        let rows = of.map(|(i, f)| {
            let id = names.findings.get(i).filter(|_| linked).cloned();
            Changed { id, ..changed(f) }
        });
        kinds.push(kind(title, rows.collect()));
    }
    kinds.push(kind("Fixed", baseline.fixed.iter().map(changed).collect()));
    kinds.push(kind("No longer looked at", baseline.removed.iter().map(changed).collect()));
    Some(Changes { baseline: &baseline.name, dates: baseline.dates_in_words(), kinds })
}
