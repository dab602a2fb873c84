//! Decisions: what people accepted and planned, laid over what the engine found.
//!
//! A pure step from records and a judgement to dispositions. An outcome is never changed: a waived gap stays a gap,
//! and is counted apart. What is decided and does not hold is told as a problem, and leaves the finding open.

mod added;
mod condition;
mod desk;
mod plan;
mod unplanned;
mod waivers;

use crate::assessment::Judgement;
use crate::config::{Config, WaiverRules};
use crate::engine::World;
pub(crate) use added::refuse_added;
use desk::Desk;
pub(crate) use unplanned::unplanned;
pub(crate) use waivers::recount;

/// Marks the findings that a waiver covers, fills in the plan, and tells what does not hold.
pub(crate) fn decide(
    judgement: &mut Judgement,
    world: World<'_>,
    config: &Config,
    base: Option<&WaiverRules>,
) {
    let desk = Desk { world, config, base };
    let decided = waivers::decide(&judgement.findings, &desk);
    waivers::apply(judgement, decided);
    let (plan, problems) = plan::plan(&judgement.findings, &desk);
    judgement.plan = plan;
    judgement.problems.extend(problems);
}
