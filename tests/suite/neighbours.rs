//! What it costs that many records lie together. Counted in steps, which no machine and no other load changes.

use std::sync::atomic::Ordering;

use duly::assessment::Outcome;
use duly::audit::{Progress, Request, run};

use crate::repository::root;

#[path = "../../benches/audit/copy.rs"]
mod copy;

/// Steps of an audit of so many copies of an example, and the findings of each outcome.
fn audited(copies: usize) -> (u64, [usize; 3]) {
    let folder = tempfile::tempdir().expect("a folder");
    let records = copy::write(&root().join("examples/meridian-labs"), folder.path(), copies).expect("copies");
    let request = Request {
        root: folder.path(),
        rev: None,
        as_of: "2026-06-30".parse().expect("a date"),
        base: None,
        history: Vec::new(),
        fail_on: None,
        packs: Vec::new(),
        regions: false,
    };
    let progress = Progress::default();
    // Two threads can find the same answer at once, and then both have taken the steps.
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let assessment = one.install(|| run(&request, &progress)).expect("an audit");
    assert_eq!(assessment.coverage.records.values().sum::<usize>(), records);
    assert!(assessment.problems.is_empty(), "{:?}", assessment.problems.first());
    let count = |outcome| assessment.findings.iter().filter(|finding| finding.outcome == outcome).count();
    let findings = [Outcome::Gap, Outcome::Review, Outcome::NotAssessed].map(count);
    (progress.steps.load(Ordering::Relaxed), findings)
}

#[test]
fn twice_as_many_neighbours_take_about_twice_the_steps() {
    let (once, few) = audited(6);
    let (twice, many) = audited(12);
    assert!(once > 1_000_000, "{once} steps: not much was judged");
    assert!(twice * 10 <= once * 23, "{once} steps, and {twice} for twice the records");
    // Groups grow and do not become more, so that findings are at most twice as many.
    for (few, many) in few.iter().zip(many) {
        assert!(*few <= many && many <= 2 * few, "{few} findings, then {many}");
    }
}
