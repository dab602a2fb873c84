//! Planted frauds: a few lines that change `clean-harbor` so that an auditor would see a gap. Each is found: by which check, as
//! what, where, and in which words.

use std::collections::BTreeSet;
use std::fs;

use serde::Deserialize;

use crate::repository::root;
use crate::support::{Repo, audit, word};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fraud {
    name: String,
    /// The law of docs/policies.md that it breaks.
    law: u32,
    /// Whether the organisation has observations and an incident on record, and none of its statements of nothing to report.
    #[serde(default)]
    cases: bool,
    change: Vec<Edit>,
    expect: Vec<Expected>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: String,
    /// A text of the file, and what stands there instead.
    replace: Option<String>,
    with: Option<String>,
    /// Only where it stands first.
    #[serde(default)]
    first: bool,
    /// Text behind the end of the file, which may be new.
    append: Option<String>,
    #[serde(default)]
    delete: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    check: String,
    outcome: String,
    cause: Option<String>,
    /// Path of the place, and a text that stands on its line: `logins/2026-06.yaml: network: corporate`.
    at: Option<String>,
    /// Part of the message.
    message: Option<String>,
}

impl Edit {
    fn apply(&self, repo: &Repo, fraud: &str) {
        if self.delete {
            repo.remove(&self.file);
            return;
        }
        let path = repo.path(&self.file);
        let mut text = if path.exists() { repo.text(&self.file) } else { String::new() };
        if let Some(old) = &self.replace {
            let new = self.with.as_deref().unwrap_or_default();
            assert!(text.contains(old.as_str()), "{fraud}: {} has no {old:?}", self.file);
            text = if self.first {
                text.replacen(old.as_str(), new, 1)
            } else {
                text.replace(old.as_str(), new)
            };
        }
        text.push_str(self.append.as_deref().unwrap_or_default());
        repo.write(&self.file, text);
    }
}

fn frauds() -> Vec<Fraud> {
    let mut files: Vec<_> = fs::read_dir(root().join("tests/frauds"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).expect("a file");
            let frauds: Vec<Fraud> =
                serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            frauds
        })
        .collect()
}

/// What is wrong with what an audit says of a fraud, in words.
fn wrong(fraud: &Fraud) -> Vec<String> {
    let repo = Repo::new();
    if fraud.cases {
        repo.copy_answered_cases();
    } else {
        repo.copy_example("clean-harbor");
    }
    for edit in &fraud.change {
        edit.apply(&repo, &fraud.name);
    }
    let audit = audit(&repo);
    let mut wrong = Vec::new();
    if audit.status == 0 && fraud.expect.iter().any(|expected| expected.outcome == "gap") {
        wrong.push("the status is 0".to_owned());
    }
    for expected in &fraud.expect {
        let of_check = audit.of(&expected.check);
        let fits = |finding: &&&serde_json::Value| {
            let place = &finding["place"];
            let line = place["path"].as_str().filter(|path| repo.path(path).exists()).and_then(|path| {
                let line = place["line"].as_u64()? as usize;
                Some(format!("{path}: {}", repo.text(path).lines().nth(line - 1)?))
            });
            finding["outcome"] == expected.outcome.as_str()
                && expected.cause.as_deref().is_none_or(|cause| finding["cause"] == cause)
                && expected.message.as_deref().is_none_or(|part| word(&finding["message"]).contains(part))
                && expected.at.as_deref().is_none_or(|at| {
                    let (path, text) = at.split_once(": ").unwrap_or((at, ""));
                    line.as_deref()
                        .and_then(|line| line.split_once(": "))
                        .is_some_and(|(file, line)| file == path && line.contains(text))
                })
        };
        if of_check.iter().filter(fits).count() == 0 {
            let found: Vec<String> = of_check
                .iter()
                .map(|f| format!("{} {} {} {}", f["outcome"], f["cause"], f["place"], f["message"]))
                .collect();
            let found = if found.is_empty() { "nothing".to_owned() } else { found.join("\n      ") };
            wrong.push(format!("{expected:?}\n    found: {found}"));
        }
    }
    wrong
}

#[test]
fn every_planted_fraud_is_found() {
    let frauds = frauds();
    let names: BTreeSet<&str> = frauds.iter().map(|fraud| fraud.name.as_str()).collect();
    assert_eq!(names.len(), frauds.len(), "each has a name of its own");
    let wrong: Vec<String> = frauds
        .iter()
        .flat_map(|fraud| wrong(fraud).into_iter().map(|text| format!("{}: {text}", fraud.name)))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), frauds.len(), wrong.join("\n"));
}

#[test]
fn every_law_has_frauds_planted_against_it() {
    let frauds = frauds();
    assert!(frauds.len() >= 40, "{}", frauds.len());
    for law in 1..=8 {
        let count = frauds.iter().filter(|fraud| fraud.law == law).count();
        assert!(count >= 2, "law {law}: {count}");
    }
}
