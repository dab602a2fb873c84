//! GitHub annotations, GitLab Code Quality and JUnit: what their readers document.

use std::collections::{BTreeMap, BTreeSet};

use duly::assessment::{self, Baseline, Change, Disposition, Outcome};
use serde_json::Value;

use super::formats::{Reports, example, hostile, rendered, reports};
use super::packs::active;
use super::support::{Call, Repo, items, says, word};

/// A workflow command: its name, properties and message.
fn command(line: &str) -> (String, BTreeMap<String, String>, String) {
    let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("no command: {line:?}"));
    let (head, message) = rest.split_once("::").expect("a message");
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let mut all = BTreeMap::new();
    for property in properties.split(',') {
        let (key, value) = property.split_once('=').unwrap_or_else(|| panic!("{property} in {line}"));
        assert!(["file", "line", "endLine", "col", "endColumn", "title"].contains(&key), "{key}");
        all.insert(key.to_owned(), value.to_owned());
    }
    for text in all.values().map(String::as_str).chain([message]) {
        let escapes: Vec<&str> = text.split('%').skip(1).collect();
        let known = |rest: &&str| ["25", "0D", "0A", "3A", "2C"].iter().any(|code| rest.starts_with(code));
        assert!(escapes.iter().all(known), "a percent sign that is no escape: {line}");
    }
    (name.to_owned(), all, message.to_owned())
}

fn annotations(text: &str) -> Vec<(String, BTreeMap<String, String>, String)> {
    let all: Vec<_> = text.lines().map(command).collect();
    for kind in ["error", "warning", "notice"] {
        assert!(all.iter().filter(|(name, ..)| name == kind).count() <= 10, "GitHub shows ten of a kind");
    }
    assert!(all.iter().all(|(name, ..)| ["error", "warning", "notice"].contains(&&**name)));
    for (_, properties, message) in &all {
        assert!(!message.is_empty());
        if let Some(file) = properties.get("file") {
            assert!(!file.starts_with('/') && !file.contains([':', ',']), "{file}");
            assert!(
                properties["line"].parse::<u32>().is_ok_and(|n| n > 0) && properties.contains_key("title")
            );
        }
    }
    all
}

#[test]
fn the_worst_ten_of_a_kind_are_annotated_and_the_rest_is_counted() {
    let all = reports(&example("meridian-labs"), &[]);
    let text = all.text("github");
    let commands = annotations(text);
    assert_eq!(commands.len(), 30);
    let critical: BTreeSet<String> = items(&all.json("json")["findings"])
        .iter()
        .filter(|f| f["outcome"] == "gap" && f["severity"] == "critical")
        .map(|f| format!("{}/{}", word(&f["measure"]), word(&f["check"])))
        .collect();
    for (_, properties, _) in commands.iter().filter(|(name, ..)| name == "error") {
        assert!(critical.contains(&properties["title"]), "{properties:?} is not among the worst");
    }
    let left_out: usize = commands[29]
        .2
        .split_once("not annotated: ")
        .expect("it says what is left out")
        .1
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse::<usize>().ok())
        .sum();
    let reviews = items(&all.json("json")["findings"]).iter().filter(|f| f["outcome"] == "review").count();
    assert_eq!(left_out + 29, all.gaps() + reviews);
}

#[test]
fn hostile_texts_are_no_commands_of_their_own() {
    let repo = hostile();
    let text = Call::new(repo.root())
        .args(["audit", ".", "--as-of", "2026-06-30", "--report", "github"])
        .coloured()
        .run()
        .stdout;
    let commands = annotations(&text);
    assert_eq!(commands.len(), 11, "ten errors and what is left out:\n{text}");
    for (name, properties, _) in &commands {
        assert!(name == "error" || name == "notice");
        assert!(properties.get("title").is_some_and(|title| !title.contains("::")));
    }
}

#[test]
fn only_what_got_worse_is_annotated_where_there_is_a_baseline() {
    let all = reports(&example("meridian-labs"), &[]);
    let mut data = assessment::parse(all.text("json")).expect("an assessment");
    let mut changes = [Change::New, Change::Worsened].into_iter();
    for finding in &mut data.findings {
        finding.change = Some(Change::Unchanged);
        if finding.outcome == Outcome::Gap {
            finding.disposition = Disposition::Known;
            if let Some(change) = changes.next() {
                (finding.change, finding.disposition) = (Some(change), Disposition::Open);
            }
        }
    }
    let fixed = vec![data.findings[0].clone()];
    data.baseline = Some(Baseline {
        name: "main".to_owned(),
        revision: None,
        as_of: data.run.as_of,
        fixed,
        removed: Vec::new(),
        fail_on: None,
        rules: Vec::new(),
        lost: Vec::new(),
        unread: 0,
    });
    data.run.revision.folder = "sub/folder".to_owned();
    let text = |format| rendered(&data, format);
    let commands = annotations(&text("github"));
    assert_eq!(commands.len(), 3, "the last one counts");
    says(&commands[2].2, &[&format!("{} gaps: 2 new, {} known", all.gaps(), all.gaps() - 2)]);
    assert!(commands[..2].iter().all(|(_, properties, _)| properties["file"].starts_with("sub/folder/")));
    let comment = text("pull-request");
    says(
        &comment,
        &[
            "Compared with `main` (judged as of ",
            "| Severity | New | Worsened | Closed | No longer assessed | In total |",
        ],
    );
    says(&comment, &["#### New and worsened gaps", "#### Closed", "`sub/folder/"]);
    says(&comment, &["#### Gaps that were there before", &format!("and {} more gaps", all.gaps() - 7)]);
    assert!(!comment.contains("#### To review"), "what is to review is no news");
    let junit = quick_junit::Report::deserialize_from_str(&text("junit")).expect("JUnit");
    assert_eq!(junit.failures, 2, "a known gap fails nobody");
    assert_eq!(items(&serde_json::from_str(&text("gitlab")).expect("JSON")).len(), all.gaps());
    says(&text("markdown"), &["1 new, 1 worsened, 1 closed", "## Closed since `main`"]);
}

fn code_quality(all: &Reports) {
    let text = all.text("gitlab");
    assert!(text.starts_with('['), "an array without a byte order mark");
    let entries = all.json("gitlab");
    let mut prints = BTreeSet::new();
    for entry in items(&entries) {
        assert!(!word(&entry["description"]).is_empty() && !word(&entry["check_name"]).is_empty());
        let print = word(&entry["fingerprint"]);
        assert!(print.len() == 32 && prints.insert(print), "GitLab merges {entry}");
        let severities = ["info", "minor", "major", "critical", "blocker"];
        assert!(severities.contains(&word(&entry["severity"])));
        let path = word(&entry["location"]["path"]);
        assert!(!path.is_empty() && !path.starts_with(['/', '.']), "{path}");
        assert!(entry["location"]["lines"]["begin"].as_u64() > Some(0));
    }
    assert_eq!(items(&entries).len(), all.gaps() + all.unread());
}

#[test]
fn code_quality_holds_each_gap_once() {
    for repo in [example("meridian-labs"), example("clean-harbor"), hostile(), Repo::new()] {
        code_quality(&reports(&repo, &[]));
    }
}

/// What both readers of JUnit ask.
fn junit(all: &Reports) {
    let json = all.json("json");
    for (name, strict) in [("junit", true), ("junit-gitlab", false)] {
        let text = all.text(name);
        assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"duly\""));
        assert!(!text.contains("<!DOCTYPE") && !text.contains("<script>"));
        let allowed =
            |c: char| matches!(c, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert_eq!(text.chars().find(|c| !allowed(*c)), None, "a character that XML forbids");
        let root = text.lines().nth(1).unwrap_or_default();
        assert_eq!(root.contains("skipped="), !strict, "{root}");
        assert!(!strict || !text.contains(" file=\""), "the schema that Jenkins uses refuses `file`");
        let report = quick_junit::Report::deserialize_from_str(text).expect("JUnit");
        let mut names = BTreeSet::new();
        let (mut failures, mut errors) = (0, 0);
        for suite in &report.test_suites {
            assert_eq!(suite.tests, suite.test_cases.len());
            failures += suite.failures;
            errors += suite.errors;
            for case in &suite.test_cases {
                let class = case.classname.as_ref().expect("a class").as_str().to_owned();
                assert!(names.insert((class, case.name.as_str().to_owned())), "{:?} stands twice", case.name);
            }
        }
        let open = |f: &&Value| f["outcome"] == "gap" && f["disposition"] == "open";
        assert_eq!(failures, items(&json["findings"]).iter().filter(open).count());
        assert_eq!((errors, report.failures), (all.unread(), failures));
        let satisfied: usize = items(&json["measures"])
            .iter()
            .flat_map(|m| items(&m["checks"]))
            .map(|c| items(&c["satisfied"]).len())
            .sum();
        assert_eq!(text.matches("<testcase").count(), report.tests);
        assert!(report.tests >= satisfied + failures + errors);
    }
}

#[test]
fn junit_has_a_case_for_each_check_and_record() {
    for repo in [example("meridian-labs"), example("clean-harbor"), hostile(), Repo::new()] {
        junit(&reports(&repo, &[]));
    }
    let repo = Repo::new();
    active(&repo);
    repo.write("v.yaml", "kind: vendor\nid: bad\nstatus: ended\n");
    repo.write("w.yaml", "kind: vendor\nid: good\nstatus: active\n");
    let all = reports(&repo, &["--pack", "pack"]);
    says(
        all.text("junit"),
        &[
            "<testcase name=\"vendor bad\" classname=\"T-01.vendor-not-active\">",
            "<failure message=\"vendor bad is ended\" type=\"violated\">v.yaml:3:9\n",
            "<testcase name=\"vendor good\" classname=\"T-01.vendor-not-active\"/>",
        ],
    );
    says(all.text("junit-gitlab"), &["classname=\"T-01.vendor-not-active\" file=\"v.yaml\">"]);
}
