//! Measures as bars and columns: of one date, and over time.

use serde::Serialize;

use super::look::{Look, READ, sum};
use crate::assessment::{Assessment, Outcome, PackVersion};
use crate::text::Day;

/// A part of a bar that is 1000 wide.
#[derive(Debug, Serialize)]
pub(super) struct Segment {
    #[serde(flatten)]
    look: Look,
    n: usize,
    x: usize,
    width: usize,
}

/// The parts of a bar, without the empty ones; `all` fills it.
pub(super) fn bar(all: usize, n: &dyn Fn(Outcome) -> usize) -> Vec<Segment> {
    let mut before = 0;
    let mut bar = Vec::new();
    for outcome in READ {
        let of = n(outcome);
        let x = before * 1000 / all.max(1);
        before += of;
        if of > 0 {
            let end = before * 1000 / all.max(1);
            bar.push(Segment { look: Look::of(outcome), n: of, x, width: end - x });
        }
    }
    bar
}

/// Periods the trend shows, this one included.
const PERIODS: usize = 8;

/// One period of the trend.
#[derive(Debug, Serialize)]
pub(super) struct Column<'a> {
    name: &'a str,
    as_of: Day,
    /// Left edge of the column, and its parts upside down: from 0 at the bottom to 100.
    x: usize,
    parts: Vec<Part>,
    counts: Vec<usize>,
    /// The policy differs from the period before.
    policy_changed: bool,
}

#[derive(Debug, Serialize)]
struct Part {
    class: &'static str,
    y: usize,
    height: usize,
}

pub(super) fn trend(assessment: &Assessment) -> Vec<Column<'_>> {
    if assessment.history.is_empty() {
        return Vec::new();
    }
    let n = |outcome| assessment.measures.iter().filter(|m| m.outcome == outcome).count();
    let now: [usize; 5] = READ.map(n);
    let skip = assessment.history.len().saturating_sub(PERIODS - 1);
    let packs = assessment.run.pack_versions();
    let mut columns: Vec<(&str, Day, [usize; 5], &[PackVersion])> = assessment
        .history
        .iter()
        .skip(skip)
        .map(|p| {
            let counts = READ.map(|o| p.measures.get(&o).copied().unwrap_or(0));
            (p.name.as_str(), p.as_of, counts, p.packs.as_slice())
        })
        .collect();
    columns.push(("now", assessment.run.as_of, now, &packs));
    let most = columns.iter().map(|c| sum(c.2)).max().unwrap_or(0).max(1);
    // Counts of a saved assessment can be anything.
    let height = |n: usize| (n as u128 * 100 / most as u128) as usize;
    let mut before: Option<&[PackVersion]> = None;
    columns
        .into_iter()
        .enumerate()
        .map(|(i, (name, as_of, counts, pack))| {
            let mut below = 0;
            // Satisfied is at the bottom, and what needs attention is on top of it.
            let parts = READ.iter().zip(counts).rev().filter(|(_, n)| *n > 0).map(|(outcome, n)| {
                let from = height(below);
                below = below.saturating_add(n);
                let to = height(below);
                Part { class: Look::of(*outcome).class, y: 100 - to, height: to - from }
            });
            let parts = parts.collect();
            let policy_changed = before.is_some_and(|b| b != pack);
            before = Some(pack);
            Column { name, as_of, x: i * 100, parts, counts: counts.to_vec(), policy_changed }
        })
        .collect()
}
