//! The example organisations: every planted finding is found and nothing else; the clean one is clean.

use std::collections::BTreeMap;
use std::fs;

use duly::assessment::{Outcome, parse};
use serde::Deserialize;

use crate::repository::{audit_json, root, run};

#[derive(Debug, Deserialize)]
struct Planted {
    check: String,
    outcome: String,
    cause: Option<String>,
    #[serde(default)]
    records: Vec<String>,
    why: String,
}

#[test]
fn meridian_labs_has_every_planted_finding_and_nothing_else() {
    let text = fs::read_to_string(root().join("examples/meridian-labs.expected.yaml")).expect("the list");
    let planted: Vec<Planted> = serde_yaml::from_str(&text).expect("a list of findings");
    assert!(planted.iter().all(|p| !p.why.trim().is_empty()), "every finding is explained");
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    for p in &planted {
        let mut records = p.records.clone();
        records.sort();
        let key =
            format!("{} {} {} {}", p.check, p.outcome, p.cause.as_deref().unwrap_or("-"), records.join(","));
        *wanted.entry(key).or_default() += 1;
    }
    let (status, assessment) = audit_json("examples/meridian-labs");
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for f in assessment.findings.iter().filter(|f| matches!(f.outcome, Outcome::Gap | Outcome::Review)) {
        let mut records: Vec<String> = f.records.iter().map(|r| r.id.clone()).collect();
        records.sort();
        let cause = f.cause.map_or("-", |c| c.as_str());
        let key = format!("{} {} {cause} {}", f.check, f.outcome, records.join(","));
        *found.entry(key).or_default() += 1;
    }
    let missing: Vec<_> = wanted.iter().filter(|(k, n)| found.get(*k) != Some(n)).collect();
    let extra: Vec<_> = found.iter().filter(|(k, n)| wanted.get(*k) != Some(n)).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "planted, not found: {missing:#?}\nfound, not planted: {extra:#?}"
    );
    assert_eq!(status, 1);
    assert_eq!(assessment.problems, []);
}

#[test]
fn clean_harbor_leaves_only_what_a_person_must_attest() {
    let (status, assessment) = audit_json("examples/clean-harbor");
    assert_eq!(assessment.problems, []);
    assert_eq!(assessment.findings.iter().map(|f| &f.message).collect::<Vec<_>>(), Vec::<&String>::new());
    for check in assessment.measures.iter().flat_map(|m| &m.checks) {
        match check.outcome {
            Outcome::Satisfied => assert!(check.counts.satisfied > 0, "{}", check.id),
            Outcome::NotAssessed => assert!(check.question.is_some(), "{}: {}", check.id, check.reason),
            Outcome::NotApplicable => {}
            other => panic!("{} is {other}", check.id),
        }
    }
    let satisfied =
        assessment.measures.iter().flat_map(|m| &m.checks).filter(|c| c.outcome == Outcome::Satisfied);
    assert!(satisfied.count() > 300);
    assert_eq!(status, 0);
}

#[test]
fn the_pack_passes_its_own_tests() {
    let output = run(&["test", "policies/fbi-i-101823-psa"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    assert!(text.contains(" 0 failed; 0 outcomes without a test"), "{text}");
}

#[test]
fn a_saved_assessment_is_read_back_whole() {
    let (_, assessment) = audit_json("examples/meridian-labs");
    let text = serde_json::to_string(&assessment).expect("JSON");
    assert_eq!(parse(&text).expect("the same"), assessment);
    assert!(parse("{\"format\":\"duly-assessment\",\"version\":2}").is_err());
    assert!(parse("[]").is_err());
}
