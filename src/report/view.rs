//! What a report shows, worked out from an assessment: counts, sentences, orders and cuts, so that templates
//! only lay out. Texts are those of the assessment, unescaped: whoever writes them escapes them.
//!
//! An *anchor* is a name made of letters, digits and hyphens that links inside one page lead to. A *look* is
//! an outcome as it is shown: a class for its colour and shape, and its word.

mod changes;
mod charts;
mod front;
mod list;
mod measures;
mod plan;
mod scope;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::assessment::{Assessment, Check, Disposition, Finding, Measure, Outcome};

/// An outcome, or what people decided about it, as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Look {
    /// One letter: the class that gives colour and shape.
    pub class: &'static str,
    pub word: &'static str,
}

impl Look {
    const WAIVED: Look = Look { class: "w", word: "waived" };

    fn of(outcome: Outcome) -> Look {
        let (class, word) = match outcome {
            Outcome::Gap => ("g", "gap"),
            Outcome::NotAssessed => ("n", "not assessed"),
            Outcome::Review => ("r", "review"),
            Outcome::Satisfied => ("s", "satisfied"),
            Outcome::NotApplicable => ("a", "not applicable"),
        };
        Look { class, word }
    }

    fn of_finding(finding: &Finding) -> Look {
        if finding.disposition == Disposition::Waived { Look::WAIVED } else { Look::of(finding.outcome) }
    }
}

/// Outcomes in the order they are read: what needs somebody first.
const READ: [Outcome; 5] =
    [Outcome::Gap, Outcome::Review, Outcome::NotAssessed, Outcome::Satisfied, Outcome::NotApplicable];

/// A page.
#[derive(Debug, Serialize)]
pub(super) struct Page<'a> {
    tool: &'a str,
    classification: &'a str,
    organization: Option<&'a str>,
    period: String,
    as_of: &'a str,
    front: front::Front<'a>,
    /// Whether gaps can have a date they are due on.
    plan_kept: bool,
    groups: Vec<measures::GroupRow<'a>>,
    measures: Vec<measures::MeasureView<'a>>,
    patterns: Vec<list::Pattern<'a>>,
    list: list::List<'a>,
    plan: plan::Plan<'a>,
    waivers: Vec<plan::WaiverRow<'a>>,
    scope: scope::Scope<'a>,
}

/// Works out the page.
pub(super) fn page<'a>(assessment: &'a Assessment, names: &'a Names<'a>) -> Page<'a> {
    Page {
        tool: &assessment.run.tool.version,
        classification: &assessment.run.classification,
        organization: assessment.run.organization.as_deref(),
        period: period(&assessment.run.as_of),
        as_of: &assessment.run.as_of,
        front: front::front(assessment, names),
        plan_kept: !assessment.plan.is_empty(),
        groups: measures::groups(assessment),
        measures: measures::measures(assessment, names),
        patterns: list::patterns(assessment, names),
        list: list::list(assessment, names),
        plan: plan::plan(assessment, names),
        waivers: plan::waivers(assessment, names),
        scope: scope::scope(assessment),
    }
}

/// The quarter a date lies in: `2026-Q2`.
fn period(as_of: &str) -> String {
    let month = as_of.get(5..7).and_then(|m| m.parse::<u32>().ok()).filter(|m| (1..=12).contains(m));
    match (as_of.get(..4), month) {
        (Some(year), Some(month)) => format!("{year}-Q{}", month.div_ceil(3)),
        _ => String::new(),
    }
}

/// Days from one date to another; none when one is no date.
fn days(from: &str, to: &str) -> Option<i32> {
    let from: jiff::civil::Date = from.parse().ok()?;
    let to: jiff::civil::Date = to.parse().ok()?;
    to.since(from).ok().map(|span| span.get_days())
}

/// `1 gap`, `2 gaps`.
fn count(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {}", plural(one)) }
}

fn plural(one: &str) -> String {
    match one.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{stem}ies"),
        _ if one.ends_with("rules") => one.to_owned(),
        _ => format!("{one}s"),
    }
}

/// Names that links and readers use, worked out once.
pub(super) struct Names<'a> {
    /// By position of the measure.
    measures: Vec<String>,
    /// By position of the finding: the shortest start of the fingerprint that tells all findings apart.
    findings: Vec<String>,
    /// Position of the measure of a check, by measure id and check id.
    checks: BTreeMap<(&'a str, &'a str), (usize, &'a Check)>,
    /// Who answers for each role.
    owners: BTreeMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn new(assessment: &'a Assessment) -> Self {
        let mut taken = BTreeSet::new();
        let measures = assessment.measures.iter().enumerate().map(|(i, measure)| {
            let plain = !measure.id.is_empty()
                && measure.id.len() <= 40
                && measure.id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            let anchor = if plain { format!("m-{}", measure.id) } else { format!("m.{i}") };
            if taken.insert(anchor.clone()) { anchor } else { format!("m.{i}") }
        });
        let measures = measures.collect();
        let mut checks = BTreeMap::new();
        for (i, measure) in assessment.measures.iter().enumerate() {
            for check in &measure.checks {
                checks.entry((measure.id.as_str(), check.id.as_str())).or_insert((i, check));
            }
        }
        let named = |m: &'a Measure| Some((m.owner.as_str(), m.owner_name.as_deref()?));
        Names {
            measures,
            findings: short_fingerprints(&assessment.findings),
            checks,
            owners: assessment.measures.iter().filter_map(named).collect(),
        }
    }

    fn owner(&self, role: &'a str) -> &'a str {
        self.owners.get(role).copied().unwrap_or(role)
    }

    fn check(&self, finding: &Finding) -> Option<(usize, &'a Check)> {
        self.checks.get(&(finding.measure.as_str(), finding.check.as_str())).copied()
    }

    /// Anchor of the measure with an id; none when there is no such measure.
    fn measure(&self, assessment: &Assessment, id: &str) -> Option<String> {
        let at = assessment.measures.iter().position(|m| m.id == id)?;
        self.measures.get(at).cloned()
    }
}

/// At least eight digits of each fingerprint. What is no fingerprint, or stands twice, gets its position.
fn short_fingerprints(findings: &[Finding]) -> Vec<String> {
    let is_hex =
        |f: &Finding| f.fingerprint.len() >= 8 && f.fingerprint.bytes().all(|b| b.is_ascii_hexdigit());
    for length in [8, 12, 16, 32] {
        let start = |f: &Finding| f.fingerprint.get(..length).map(str::to_ascii_lowercase);
        let starts: BTreeSet<_> = findings.iter().map(start).collect();
        if starts.len() == findings.len() && findings.iter().all(|f| is_hex(f) && start(f).is_some()) {
            return findings.iter().filter_map(start).collect();
        }
    }
    (1..=findings.len()).map(|n| format!("n{n}")).collect()
}

/// An open gap.
fn is_open_gap(finding: &Finding) -> bool {
    finding.outcome == Outcome::Gap && finding.disposition == Disposition::Open
}

/// A sum of counts; those of a saved assessment can be anything.
fn sum(counts: impl IntoIterator<Item = usize>) -> usize {
    counts.into_iter().fold(0, usize::saturating_add)
}

/// A link that may be followed: an `https:` address without anything that could end an attribute.
fn link(url: &str) -> Option<&str> {
    let plain =
        url.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '<' | '>' | '`' | '\\'));
    (plain && url.starts_with("https://")).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_and_days() {
        assert_eq!(period("2026-06-30"), "2026-Q2");
        assert_eq!(period("2026-10-01"), "2026-Q4");
        assert_eq!(period("today"), "");
        assert_eq!(days("2026-02-27", "2026-03-02"), Some(3));
        assert_eq!(days("2026-03-02", "2025-03-02"), Some(-365));
        assert_eq!(days("x", "2026-03-02"), None);
    }

    #[test]
    fn counts_are_words() {
        assert_eq!(count(1, "gap"), "1 gap");
        assert_eq!(count(0, "policy"), "0 policies");
        assert_eq!(count(2, "day"), "2 days");
        assert_eq!(count(2, "hiring-rules"), "2 hiring-rules");
    }

    #[test]
    fn only_https_is_a_link() {
        assert_eq!(
            link("https://www.ic3.gov/PSA/2023/PSA231018"),
            Some("https://www.ic3.gov/PSA/2023/PSA231018")
        );
        for url in
            ["http://a", "javascript:alert(1)", "https://a\"onclick=b", "https://a b", "HTTPS://\u{202e}", ""]
        {
            assert_eq!(link(url), None, "{url}");
        }
    }
}
