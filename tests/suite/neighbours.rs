//! What it costs that many records lie together. Counted in steps, which no machine and no other load changes.

use std::path::Path;
use std::sync::atomic::Ordering;

use duly::assessment::{Assessment, Outcome};
use duly::audit::{Progress, Request, run};

use crate::repository::root;
use crate::support::Repo;

#[path = "../../benches/audit/copy.rs"]
mod copy;

/// An assessment, and the steps it took.
fn audited_in(folder: &Path) -> (Assessment, u64) {
    let request = Request {
        root: folder,
        rev: None,
        with_ignored: false,
        as_of: "2026-06-30".parse().expect("a date"),
        base: None,
        history: Vec::new(),
        fail_on: None,
        allow_lost: false,
        packs: Vec::new(),
        profile: Some("full"),
        regions: false,
        every: true,
    };
    let progress = Progress::default();
    // Two threads can find the same answer at once, and then both have taken the steps.
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let assessment = one.install(|| run(&request, &progress)).expect("an audit");
    (assessment, progress.steps.load(Ordering::Relaxed))
}

/// Steps of an audit of so many copies of an example, and the findings of each outcome.
fn audited(copies: usize) -> (u64, [usize; 3]) {
    let folder = tempfile::tempdir().expect("a folder");
    let records = copy::write(&root().join("examples/meridian-labs"), folder.path(), copies).expect("copies");
    let (assessment, steps) = audited_in(folder.path());
    assert_eq!(assessment.coverage.records.values().sum::<usize>(), records);
    assert!(assessment.problems.is_empty(), "{:?}", assessment.problems.first());
    let count = |outcome| assessment.findings.iter().filter(|finding| finding.outcome == outcome).count();
    let findings = [Outcome::Gap, Outcome::Review, Outcome::NotAssessed].map(count);
    (steps, findings)
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

#[test]
fn an_office_with_a_worker_that_cannot_be_read_is_not_known_to_leave_anybody_out() {
    let repository = Repo::new();
    let workers = ["W-1", "W-2"]
        .map(|id| format!("- {{ kind: worker, id: {id}, engagement: contractor, status: active }}\n"));
    let laptops = ["1", "2"].map(|n| {
        format!(
            "- {{ kind: device, id: D-{n}, serial: EX{n}, type: laptop, ownership: company, status: in-use,
    assigned_to: W-{n}, assigned_on: 2026-02-01 }}
- {{ kind: geolocation, id: F-{n}, device: D-{n}, worker: W-{n}, observed_on: 2026-06-20, source: wifi,
    accuracy_km: 0.05, latitude: 39.8, longitude: -89.65, country: US }}\n"
        )
    });
    let office = |workers: &str| {
        format!(
            "- {{ kind: location, id: L-1, type: office, latitude: 39.8, longitude: -89.65, status: designated,
    approved_by: P-1, workers: [{workers}] }}\n"
        )
    };
    let outcome = |listed: &str| {
        let text = [workers.concat(), laptops.concat(), office(listed)].concat();
        repository.write("records.yaml", &text);
        let (assessment, _) = audited_in(repository.root());
        let checks = assessment.measures.iter().flat_map(|measure| &measure.checks);
        let mut check = checks.filter(|check| check.id == "laptops-together-without-shared-place");
        check.next().expect("the check").outcome
    };
    assert_eq!(outcome("W-1, W-2"), Outcome::Satisfied);
    assert_eq!(outcome("W-1"), Outcome::Review);
    assert_eq!(outcome("W-1, [W-2]"), Outcome::NotAssessed);
}
