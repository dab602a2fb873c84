//! How duly speaks: turns of phrase that no text for users has, and every message of the pack in one file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use super::repository::root;
use super::support::binary;

/// What is not plain business English, or has another word here.
const BANNED: &[&str] = &[
    r"\b(another|else) than\b",
    r"\bstands? at\b",
    r"\bas stated\b",
    r"\b([Nn]obody|[Ee]verybody|[Ss]omebody|[Aa]nybody|[Ww]hoever)\b",
    r"\b(was|is|be) looked at\b",
    r"\bcame by\b",
    r"\b(is|are|be) taken to\b",
    r"\blies ahead\b",
    r"\bnotarial act\b",
    r"\bno machine can\b",
    r"\bpayment (and|or) talk\b",
    r"\bNo [a-z ]+ that no\b",
    r"\bcan be the reason\b",
    r"\bno one can say\b",
    r"\bplace on record\b",
    r"\bperson (of the vendor|from outside|of the organisation)\b",
    r"\bhas not come\b",
    r"\b(found|file) as recorded\b",
    r"\bsecond look\b",
    r"\b[Nn]o day is on record\b",
    r"\b(bears no|a stated) day\b",
    r"\b[Rr]ecord the day\b",
    r"\breads like (a mailbox|a mail drop)\b",
    r"\b[Ww]rite into the rules\b",
    r"\b[Ll]ately\b",
    r"\bpaid on (an|the|one|its)\b",
    r"\bof (another|any other|whatever) sort\b",
    r"\bnot so\b",
    r"\bby the record\b",
    r"\bwhom (it|they) (is|are|concerns?)\b",
    r"\blooked (into|through|back)\b",
    r"\bpoor line\b",
    r"\bholds against\b",
    r"\b(has|have) run out\b",
    r"\brules? in force (demand|ask)s?\b",
    r"\b(is|are) adopted only on\b",
    r"\bin the way of\b",
    r"\bgoes without\b",
];

/// Characters of a title that a table of a report still shows.
const TITLE: usize = 95;

/// Texts that duly prints: those of the pack, the templates and the guides.
fn texts() -> Vec<PathBuf> {
    let mut all = Vec::new();
    for folder in ["policies/fbi-i-101823-psa", "templates/report", "docs"] {
        let entries = fs::read_dir(root().join(folder)).expect("a folder");
        all.extend(entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()));
    }
    all.push(root().join("README.md"));
    all.sort();
    all
}

/// A line without what is code: comments and ids of YAML, and words between backticks.
fn spoken(path: &Path, line: &str) -> String {
    let is_yaml = path.extension().is_some_and(|extension| extension == "yaml");
    let is_code = is_yaml && ["#", "- id:"].iter().any(|start| line.trim_start().starts_with(start));
    let line = if is_code { "" } else { line };
    line.split('`').step_by(2).collect()
}

#[test]
fn no_text_has_a_banned_turn() {
    let banned: Vec<Regex> = BANNED.iter().map(|turn| Regex::new(turn).expect("an expression")).collect();
    let mut found = Vec::new();
    let mut lines = 0;
    for path in texts() {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (i, line) in text.lines().enumerate() {
            lines += 1;
            let spoken = spoken(&path, line);
            if let Some(turn) = banned.iter().find_map(|turn| turn.find(&spoken)) {
                let name = path.strip_prefix(root()).expect("below the root").display();
                found.push(format!("{name}:{}: {}", i + 1, turn.as_str()));
            }
        }
    }
    assert!(lines > 10_000, "{lines}");
    assert!(found.is_empty(), "{} banned turns:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_check_of_the_pack_says_what_closes_its_finding() {
    let folder = root().join("policies/fbi-i-101823-psa");
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (mut checks, mut without) = (0, Vec::new());
    let mut steps: BTreeMap<String, usize> = BTreeMap::new();
    for file in files.filter(|file| file.is_file()) {
        let text = fs::read_to_string(&file).expect("a measure");
        let measure: serde_yaml::Value = serde_yaml::from_str(&text).expect("YAML");
        for check in measure["checks"].as_sequence().into_iter().flatten() {
            checks += 1;
            match check["remediation"].as_sequence().and_then(|steps| steps.first()?.as_str()) {
                Some(step) => *steps.entry(step.to_owned()).or_default() += 1,
                None => without.push(format!("{}: {:?}", file.display(), check["id"])),
            }
        }
    }
    assert!(checks > 1_000, "{checks}");
    assert!(without.is_empty(), "{}", without.join("\n"));
    // What closes one finding seldom closes another.
    let repeated: Vec<_> = steps.iter().filter(|(_, n)| **n > 12).collect();
    assert!(repeated.is_empty(), "{repeated:?}");
}

#[test]
fn a_message_is_a_sentence_and_a_title_is_short() {
    let mut found = Vec::new();
    let mut messages = 0;
    for path in texts() {
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a file");
        for (i, line) in text.lines().enumerate() {
            let place = || format!("{}:{}: {}", path.display(), i + 1, line.trim());
            let value = |key: &str| line.strip_prefix("    ")?.strip_prefix(key)?.strip_prefix(": ");
            let said = ["message", "absent", "stale"].iter().find_map(|key| value(key));
            if let Some(said) = said.map(|said| said.trim_matches(['"', '\''])) {
                messages += 1;
                if said.starts_with(char::is_lowercase) || said.ends_with('.') {
                    found.push(place());
                }
            }
            if value("title").is_some_and(|title| title.chars().count() > TITLE) {
                found.push(place());
            }
        }
    }
    assert!(messages > 1_000, "{messages}");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_help_of_every_command_has_no_banned_turn() {
    for command in ["audit", "diff", "baseline", "render", "explain", "schema", "test"] {
        let output = binary(&root()).args([command, "--help"]).output().expect("duly starts");
        let help = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(help.contains("Usage:"), "{help}");
        for turn in BANNED {
            assert!(!Regex::new(turn).expect("an expression").is_match(&help), "{turn} in {help}");
        }
    }
}

/// For whoever reviews the texts: one message of each check and outcome, as the tests of the pack give it.
#[test]
fn every_message_of_the_pack_can_be_read_in_one_file() {
    let output = binary(&root()).args(["test", "policies/fbi-i-101823-psa", "--messages"]).output();
    let text = String::from_utf8(output.expect("duly starts").stdout).expect("UTF-8");
    let messages: Vec<&str> = text.lines().filter(|line| line.contains("): ")).collect();
    assert!(messages.len() > 1_500, "{}", messages.len());
    insta::assert_snapshot!("messages", messages.join("\n"));
}
