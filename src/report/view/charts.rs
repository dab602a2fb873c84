//! Measures as a bar.

use serde::Serialize;

use super::look::{Look, READ};
use crate::assessment::Outcome;

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
