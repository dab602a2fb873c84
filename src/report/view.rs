//! What a report shows, worked out from an assessment: counts, sentences, orders and cuts, so that templates
//! only lay out. Texts are those of the assessment, unescaped: whoever writes them escapes them.
//!
//! An *anchor* is a name made of letters, digits and hyphens that links inside one page lead to. A *look* is
//! an outcome as it is shown: a class for its colour and shape, and its word.

mod changes;
mod charts;
mod front;
mod list;
mod look;
mod measures;
mod names;
mod numbers;
mod plan;
mod scope;

use serde::Serialize;

pub(super) use names::Names;

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
pub(super) fn page<'a>(names: &'a Names<'a>) -> Page<'a> {
    let assessment = names.facts.assessment;
    Page {
        tool: &assessment.run.tool.version,
        classification: &assessment.run.classification,
        organization: assessment.run.organization.as_deref(),
        period: period(&assessment.run.as_of),
        as_of: &assessment.run.as_of,
        front: front::front(names),
        plan_kept: !assessment.plan.is_empty(),
        groups: measures::groups(assessment),
        measures: measures::measures(names),
        patterns: list::patterns(names),
        list: list::list(names),
        plan: plan::plan(names),
        waivers: plan::waivers(names),
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

#[cfg(test)]
mod tests {
    use super::look::days;
    use super::period;

    #[test]
    fn quarters_and_days() {
        assert_eq!(period("2026-06-30"), "2026-Q2");
        assert_eq!(period("2026-10-01"), "2026-Q4");
        assert_eq!(period("today"), "");
        assert_eq!(days("2026-02-27", "2026-03-02"), Some(3));
        assert_eq!(days("2026-03-02", "2025-03-02"), Some(-365));
        assert_eq!(days("x", "2026-03-02"), None);
    }
}
