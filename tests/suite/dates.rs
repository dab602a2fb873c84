//! Dates of what has happened that lie after the date of an audit: unknown, never fresh, never a gap.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::history::History;
use crate::packs::{each, pack};
use crate::support::{AS_OF, Repo, at, audit, duly, says, word};

/// Dates that may lie ahead, and so stay as they are.
const AHEAD: [&str; 8] = [
    "expires_on",
    "document_expires_on",
    "commission_expires_on",
    "accreditation_expires_on",
    "retained_until_on",
    "start_on",
    "end_on",
    "rehired_on",
];

/// Moves every date of what has happened in the records of an example to 2062.
fn moved(example: &str) -> Repo {
    let repo = Repo::new();
    repo.copy_example(example);
    let date = regex::Regex::new(r#"(\w+_(?:on|at))("?: *"?)\d{4}(-\d\d-\d\d)"#).expect("a pattern");
    let mut folders = vec![repo.root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let records = path.extension().is_some_and(|e| e == "yaml" || e == "json");
            if !records || path.file_name().is_some_and(|name| name == "duly.yaml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a file of records");
            let text = date.replace_all(&text, |found: &regex::Captures<'_>| {
                if AHEAD.contains(&&found[1]) {
                    return found[0].to_owned();
                }
                format!("{}{}2062{}", &found[1], &found[2], &found[3])
            });
            std::fs::write(path, text.as_bytes()).expect("a file");
        }
    }
    repo
}

fn assessment(repo: &Repo, as_of: &str) -> Value {
    let run = duly(repo, &["audit", ".", "--as-of", as_of, "--report", "json"]);
    serde_json::from_str(&run.stdout).expect("an assessment")
}

/// Checks that are satisfied, with the lines of the policy that say what they ask.
fn satisfied(assessment: &Value) -> BTreeSet<(String, String)> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (list(&assessment["measures"]).iter())
        .flat_map(|measure| list(&measure["checks"]))
        .filter(|check| check["outcome"] == "satisfied")
        .map(|check| (text(&check["id"]), text(&check["policy_lines"])))
        .collect()
}

/// Whether a condition is about how old something is.
fn asks_for_age(check: &(String, String)) -> bool {
    check.1.contains("age_days(")
}

#[test]
fn dates_of_the_future_satisfy_nothing() {
    let example = Repo::new();
    example.copy_example("clean-harbor");
    let before = satisfied(&assessment(&example, AS_OF));
    assert!(before.iter().any(asks_for_age), "the example has checks that are satisfied by fresh evidence");
    let later = satisfied(&assessment(&moved("clean-harbor"), AS_OF));
    let gained: Vec<_> = later.difference(&before).collect();
    assert!(gained.is_empty(), "{gained:#?}");
    let aged: Vec<_> = later.iter().filter(|check| asks_for_age(check)).collect();
    assert!(aged.is_empty(), "{aged:#?}");
    assert!(later.len() * 3 < before.len() * 2, "{} of {} rest on no date", later.len(), before.len());
    // To an audit of 2010 the dates of the example are of the future just so.
    let early = satisfied(&assessment(&example, "2010-01-01"));
    let gained: Vec<_> = early.difference(&before).collect();
    assert!(gained.is_empty(), "{gained:#?}");
    let aged: Vec<_> = early.iter().filter(|check| asks_for_age(check)).collect();
    assert!(aged.is_empty(), "{aged:#?}");
}

#[test]
fn a_date_of_the_future_is_named_with_its_place() {
    let repo = Repo::with(&[("device.yaml", "kind: device\nid: D-1\nlast_seen_on: 2062-01-01\n")]);
    let more = ["missing: gap", "at: status"];
    let check = each("silent", "device", "age_days(device.last_seen_on) <= 30", "{{ device.id }}", &more);
    pack(&repo, &check);
    let audit = audit(&repo);
    let found = audit.of("silent");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["outcome"], "not-assessed", "what cannot be known yet is no gap");
    says(word(&found[0]["message"]), &["`last_seen_on` lies after the date of the audit"]);
    assert_eq!(at(&repo, &found[0]["place"]), "2062-01-01");
}

#[test]
fn two_dates_of_one_state_are_judged_as_each_alone() {
    let history = History::new();
    history.repo.copy_example("clean-harbor");
    history.commit("as published", 0);
    let earlier = "2026-05-01";
    let args = ["diff", "HEAD", "--as-of", AS_OF, "--base-as-of", earlier, "--report", "json"];
    let both: Value = serde_json::from_str(&duly(&history.repo, &args).stdout).expect("an assessment");
    let fingerprints = |findings: &Value, wanted: &dyn Fn(&Value) -> bool| -> BTreeSet<String> {
        let findings = findings.as_array().cloned().unwrap_or_default();
        (findings.iter().filter(|f| wanted(f)))
            .map(|f| f["fingerprint"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let alone = fingerprints(&assessment(&history.repo, earlier)["findings"], &|_| true);
    assert!(!alone.is_empty(), "much of the example had not happened by then");
    let mut told = fingerprints(&both["baseline"]["fixed"], &|_| true);
    told.extend(fingerprints(&both["findings"], &|finding| finding["change"] != "new"));
    assert_eq!(told, alone);
}
