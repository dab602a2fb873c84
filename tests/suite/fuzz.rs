//! The fuzz targets of `fuzz/` over their committed seeds, without a fuzzer.
//!
//! `UPDATE_SEEDS=1` makes the saved assessments anew, after their format changed.

pub(crate) mod bodies;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::support::{AS_OF, Repo, duly};
use crate::repository::root;

fn corpus(target: &str) -> PathBuf {
    root().join("fuzz/corpus").join(target)
}

/// The seeds of a target: what a fuzzer adds to the folder has no extension.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let mut seeds: Vec<_> = fs::read_dir(corpus(target))
        .expect("the corpus is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some())
        .map(|path| (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), path))
        .map(|(name, path)| (name, fs::read(path).expect("a seed")))
        .collect();
    seeds.sort();
    seeds
}

/// Runs the seeds of a target; those that it must accept are named `ok-…`, the others it must refuse.
fn run(target: &str) {
    let seeds = seeds(target);
    assert!((10..=40).contains(&seeds.len()), "{target} has {} seeds", seeds.len());
    for (name, bytes) in seeds {
        assert!(bytes.len() <= 64 << 10, "{name} is large for a seed");
        let accepted = bodies::run(target, &bytes);
        assert_eq!(accepted, !name.starts_with("refused-"), "{target}: {name} says what becomes of it");
    }
}

#[test]
fn seeds_of_the_yaml_reader() {
    run("yaml_reader");
}

#[test]
fn seeds_of_expressions() {
    run("expression");
}

#[test]
fn seeds_of_saved_assessments() {
    if std::env::var_os("UPDATE_SEEDS").is_some() {
        for (name, text) in made() {
            fs::write(corpus("saved_assessment").join(name), text).expect("the seed is written");
        }
    }
    run("saved_assessment");
}

#[test]
fn seeds_of_report_markup() {
    run("report_markup");
}

/// A promise is broken by what breaks it: the functions that hold the promises are no empty words.
#[test]
fn what_the_targets_hold_can_fail() {
    let fails = |text: &str| std::panic::catch_unwind(|| bodies::defused("markdown", text)).is_err();
    assert!(fails("see <b>") && fails("ask @team") && fails("`open") && !fails("ask `@team` about **it**"));
}

#[test]
fn every_target_has_a_body_a_corpus_and_a_binary() {
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(root().join(folder)).expect("the folder is there");
        entries
            .map(|e| {
                e.expect("an entry").path().file_stem().unwrap_or_default().to_string_lossy().into_owned()
            })
            .collect()
    };
    let targets: BTreeSet<String> = bodies::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("fuzz/fuzz_targets"), targets);
    assert_eq!(names("fuzz/corpus"), targets);
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("the manifest");
    for target in targets {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "fuzz/Cargo.toml lacks {target}");
        let source =
            fs::read_to_string(root().join(format!("fuzz/fuzz_targets/{target}.rs"))).expect("a target");
        assert!(source.contains(&format!("bodies::run(\"{target}\"")), "{target}.rs runs another body");
    }
}

/// The assessment of the small organisation, with a part of everything that no audit fills by itself.
fn everything() -> Value {
    let repo = Repo::new();
    repo.copy("small-org");
    let output = duly(&repo, &["audit", ".", "--as-of", AS_OF, "--report", "json"]);
    let mut json: Value = serde_json::from_str(&output.stdout).expect("JSON");
    let finding = json["findings"][0].clone();
    let fingerprint = finding["fingerprint"].clone();
    let (measure, check) = (finding["measure"].clone(), finding["check"].clone());
    let pack = json["run"]["packs"][0].clone();
    json["plan"] = json!([
        {"id": "P-1", "measure": measure, "weakness": "Parcels without a signature", "findings": [fingerprint],
         "owner": "it-operations", "resources": "a carrier", "remediation": "Change the carrier",
         "decision": "Approve the budget", "detected_on": "2026-01-10", "due_on": "2026-06-01",
         "milestones": [{"title": "Tender", "due_on": "2026-03-01", "done_on": "2026-02-20"}],
         "date_changes": [{"from": "2026-04-01", "to": "2026-06-01", "changed_on": "2026-03-30",
            "reason": "The carrier was late"}],
         "status": "open", "status_on": "2026-06-02", "severity": "critical", "adjusted_severity": "high",
         "ticket": "T-7", "closure_evidence": "minutes"},
    ]);
    json["waivers"] = json!([
        {"id": "WV-1", "check": check, "reason": "The contract ends", "approver": "CISO",
         "compensating_control": "no access", "granted_on": "2026-05-01", "ends_on": "2026-08-01",
         "findings": [fingerprint]},
    ]);
    json["history"] = json!([
        {"name": "2026-Q1", "as_of": "2026-03-31", "measures": {"gap": 3, "satisfied": 1},
         "packs": [{"name": pack["name"], "version": pack["version"], "sha256": pack["sha256"]}]},
    ]);
    json["baseline"] = json!({"name": "main", "as_of": "2026-03-31", "fixed": [finding],
        "revision": json["run"]["revision"]});
    json["findings"][0]["change"] = "new".into();
    json["findings"][1]["change"] = "worsened".into();
    json
}

/// The seeds of saved assessments that follow the format: everything, and less or worse of it.
fn made() -> Vec<(&'static str, String)> {
    let everything = everything();
    let mut empty = everything.clone();
    for key in ["plan", "waivers", "history", "baseline"] {
        empty.as_object_mut().expect("an object").remove(key);
    }
    for key in ["findings", "measures", "problems"] {
        empty[key] = json!([]);
    }
    empty["coverage"] = json!({"files": [], "records": {}, "unchecked": {}});
    let with = |base: &Value, pointer: &str, value: Value| {
        let mut changed = base.clone();
        *changed.pointer_mut(pointer).unwrap_or_else(|| panic!("there is no {pointer}")) = value;
        changed
    };
    let findings = json!([everything["findings"][0]]);
    let orphan = with(&empty, "/findings", findings);
    let one = with(&orphan, "/measures", json!([everything["measures"][0]]));
    let mut large = one.clone();
    enlarge(&mut large, "");
    let mut placeless = with(&one, "/findings/0/records", json!([]));
    placeless["findings"][0]
        .as_object_mut()
        .expect("an object")
        .retain(|key, _| key != "place" && key != "snippet");
    let mut unknown = one.clone();
    unknown["later"] = json!({"a": [1]});
    let hostile = "\u{202e}<b>\u{0} ::error::x ##[error]y".into();
    let all = [
        ("everything.json", everything),
        ("empty.json", empty),
        ("finding-without-measure.json", orphan),
        ("hostile-text.json", with(&one, "/findings/0/message", hostile)),
        ("large-numbers.json", large),
        ("unknown-fields.json", unknown),
        ("without-place.json", placeless),
        ("refused-line.json", with(&one, "/findings/0/place/line", json!(-1))),
        ("refused-outcome.json", with(&one, "/findings/0/outcome", "passed".into())),
        ("refused-version.json", with(&one, "/version", json!(1u64 << 32))),
        ("one-measure.json", one),
    ];
    all.into_iter().map(|(name, json)| (name, format!("{json}\n"))).collect()
}

/// Sets every number but the version to the largest of 32 bits.
fn enlarge(value: &mut Value, key: &str) {
    match value {
        Value::Number(_) if key != "exit_status" && key != "version" => *value = u32::MAX.into(),
        Value::Array(members) => members.iter_mut().for_each(|m| enlarge(m, key)),
        Value::Object(map) => map.iter_mut().for_each(|(k, v)| enlarge(v, k)),
        _ => {}
    }
}
