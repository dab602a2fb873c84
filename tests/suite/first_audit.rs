//! `examples/first-audit`: what an ordinary company of twelve has in its first week, and what satisfies the profile `core`. Both
//! the findings and the work of writing the records down are held to a bound.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use duly::assessment::{Outcome, Severity, parse};
use serde::Deserialize;
use serde_json::Value;

use crate::repository::{audit_json, root, run};

const WEEK_ONE: &str = "examples/first-audit/week-one";
const CLEAN: &str = "examples/first-audit/clean";

/// The values that a record holds: every number, word, date and yes or no in it.
fn values(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields.values().map(values).sum(),
        Value::Array(items) => items.iter().map(values).sum(),
        _ => 1,
    }
}

/// The documents that a record points to.
fn documents(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(path)) = fields.get("ref") {
                found.insert(path.clone());
            }
            fields.values().for_each(|field| documents(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| documents(item, found)),
        _ => {}
    }
}

/// The records of a folder.
fn records(folder: &Path, found: &mut Vec<Value>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            records(&path, found);
        } else if path.extension().is_some_and(|e| e == "yaml") && !path.ends_with("duly.yaml") {
            let text = fs::read_to_string(&path).expect("a file");
            for document in serde_yaml::Deserializer::from_str(&text) {
                match Value::deserialize(document).expect("YAML") {
                    Value::Array(items) => found.extend(items),
                    record => found.push(record),
                }
            }
        }
    }
}

#[test]
fn week_one_has_few_findings_and_the_critical_ones_first() {
    let (status, assessment) = audit_json(WEEK_ONE);
    assert_eq!(status, 1);
    assert_eq!(assessment.problems, []);
    let open: Vec<_> = assessment
        .findings
        .iter()
        .filter(|finding| matches!(finding.outcome, Outcome::Gap | Outcome::Review))
        .collect();
    assert!(open.len() <= 40, "{} findings", open.len());
    assert!(open.iter().any(|finding| finding.severity == Severity::Critical));
    for finding in &open {
        let message = &finding.message;
        assert!(!message.contains(';') && !message.contains('`'), "one thing in plain words: {message}");
    }
    let output = run(&["audit", WEEK_ONE, "--as-of", "2026-06-30", "--all"]);
    let text = String::from_utf8(output.stdout).expect("text");
    let shown: Vec<Severity> = text
        .lines()
        .filter_map(|line| match line.split_once('[')?.0 {
            "critical" => Some(Severity::Critical),
            "high" => Some(Severity::High),
            "medium" => Some(Severity::Medium),
            "low" => Some(Severity::Low),
            _ => None,
        })
        .collect();
    assert_eq!(shown.first(), Some(&Severity::Critical));
    assert!(shown.windows(2).all(|pair| pair[0] >= pair[1]), "the most severe first: {shown:?}");
}

#[test]
fn the_clean_state_satisfies_every_measure_that_applies() {
    let (status, assessment) = audit_json(CLEAN);
    assert_eq!(status, 0);
    assert_eq!(assessment.problems, []);
    assert_eq!(assessment.findings.iter().map(|f| &f.message).collect::<Vec<_>>(), Vec::<&String>::new());
    let open: Vec<_> = assessment
        .measures
        .iter()
        .filter(|measure| !matches!(measure.outcome, Outcome::Satisfied | Outcome::NotApplicable))
        .map(|measure| (&measure.id, &measure.reason))
        .collect();
    assert_eq!(open, []);
    // No freelance platform, no competition, nobody in Korea.
    let not_applicable: Vec<&str> = assessment
        .measures
        .iter()
        .filter(|measure| measure.outcome == Outcome::NotApplicable)
        .map(|measure| measure.id.as_str())
        .collect();
    assert_eq!(not_applicable, ["DD-15", "DD-16", "RP-02"]);
}

#[test]
fn the_full_profile_asks_more_of_the_clean_state() {
    let output = run(&["audit", CLEAN, "--as-of", "2026-06-30", "--profile", "full", "--report", "json"]);
    let full = parse(&String::from_utf8(output.stdout).expect("text")).expect("an assessment");
    assert!(full.findings.iter().any(|finding| finding.outcome == Outcome::Gap), "core is not all there is");
}

#[test]
fn the_clean_state_is_little_to_write_down() {
    let mut all = Vec::new();
    records(&root().join(CLEAN), &mut all);
    let mut by_kind: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for record in &all {
        let text = |field: &str| record[field].as_str().unwrap_or_default().to_owned();
        let kind = match text("kind").as_str() {
            "worker" => text("engagement"),
            kind => kind.to_owned(),
        };
        by_kind.entry(kind).or_default().push(values(record));
        documents(record, &mut found);
    }
    let most = |kind: &str| by_kind[kind].iter().copied().max().unwrap_or_default();
    let count = |kind: &str| by_kind[kind].len();
    assert_eq!(
        (count("employee"), count("contractor"), count("vendor-supplied"), count("device")),
        (8, 1, 3, 10)
    );
    assert!(most("employee") <= 8, "{}", most("employee"));
    assert!(most("vendor-supplied") <= 30, "{}", most("vendor-supplied"));
    // Two sentences on bank details are about people whom the organisation pays itself, and cost him seven values.
    assert!(most("contractor") <= 33, "{}", most("contractor"));
    let outside: usize = by_kind["contractor"].iter().chain(&by_kind["vendor-supplied"]).sum();
    assert!(outside <= 4 * 30, "{outside}");
    // That remote desktop applications are prohibited takes a list of the software, and its date, to show.
    assert!(most("device") <= 13, "{}", most("device"));
    assert!(found.len() <= 40, "{}", found.len());
    for path in &found {
        assert!(root().join(CLEAN).join(path).is_file(), "{path}");
    }
}
