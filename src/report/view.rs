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
mod owners;
mod plan;
mod scope;
mod subjects;
mod trend;
mod unassessed;

use serde::Serialize;

use crate::text::Day;

pub(super) use front::{Asked, Front, front};
pub(super) use names::Names;

/// A page.
#[derive(Debug, Serialize)]
pub(super) struct Page<'a> {
    tool: &'a str,
    classification: &'a str,
    organization: Option<&'a str>,
    period: String,
    as_of: Day,
    front: Front<'a>,
    /// Whether gaps can have a date they are due on.
    plan_kept: bool,
    groups: Vec<measures::GroupRow<'a>>,
    measures: Vec<measures::MeasureView<'a>>,
    patterns: Vec<list::Pattern<'a>>,
    list: list::List<'a>,
    unassessed: unassessed::NotAssessed<'a>,
    owners: Vec<owners::Owner<'a>>,
    subjects: Vec<subjects::Subjects<'a>>,
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
        period: assessment.run.as_of.quarter(),
        as_of: assessment.run.as_of,
        front: front(names),
        plan_kept: !assessment.plan.is_empty(),
        groups: measures::groups(assessment),
        measures: measures::measures(names),
        patterns: list::patterns(names),
        list: list::list(names),
        unassessed: unassessed::unassessed(names),
        owners: owners::owners(names),
        subjects: subjects::subjects(names),
        plan: plan::plan(names),
        waivers: plan::waivers(names),
        scope: scope::scope(assessment),
    }
}
