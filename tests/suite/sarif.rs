//! SARIF: what the standard and GitHub code scanning ask, and that every place is where the finding is.

use std::collections::{BTreeMap, BTreeSet};

use duly::assessment::{self, Baseline, Change, Disposition, Outcome, Waiver};
use serde_json::Value;

use super::formats::{Reports, example, hostile, rendered, reports};
use super::packs::active;
use super::support::{Repo, items, word};

/// What SARIF 2.1.0 and GitHub ask of a log; the results.
fn valid(log: &Value, github: bool) -> Vec<Value> {
    assert_eq!(log["version"], "2.1.0");
    assert!(word(&log["$schema"]).ends_with("sarif-2.1.0.json"));
    let [run] = items(&log["runs"]) else { panic!("GitHub takes one run a file") };
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    assert!(word(&run["automationDetails"]["id"]).contains('/'));
    assert!(run["originalUriBaseIds"]["%SRCROOT%"].is_object());
    let driver = &run["tool"]["driver"];
    assert!(!word(&driver["name"]).is_empty() && !word(&driver["semanticVersion"]).is_empty());
    let rules = items(&driver["rules"]);
    let mut ids = BTreeSet::new();
    for rule in rules {
        let id = word(&rule["id"]);
        assert!(ids.insert(id), "the rule {id} stands twice");
        for part in ["shortDescription", "fullDescription"] {
            let text = word(&rule[part]["text"]);
            assert!(!text.is_empty() && text.chars().count() <= 1024, "{id}: {part}");
        }
        assert!(!word(&rule["help"]["text"]).is_empty() && !word(&rule["help"]["markdown"]).is_empty());
        assert!(word(&rule["name"]).len() <= 255);
        let properties = &rule["properties"];
        let tags: Vec<&str> = items(&properties["tags"]).iter().map(word).collect();
        assert!(tags.len() <= 10);
        if let Some(severity) = properties.get("security-severity") {
            let number: f64 = word(severity).parse().expect("a number in a string");
            assert!(number > 0.0 && number <= 10.0 && tags.contains(&"security"), "{id}");
        }
    }
    let results = items(&run["results"]);
    let mut alerts = BTreeSet::new();
    let mut own = BTreeSet::new();
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(result["ruleId"], rules[index]["id"], "the index of a rule is that of its id");
        assert!(!word(&result["message"]["text"]).is_empty());
        assert!(!word(&result["message"]["text"]).contains("]("), "a link in {result}");
        let [location] = items(&result["locations"]) else { panic!("one location: {result}") };
        let physical = &location["physicalLocation"];
        let uri = word(&physical["artifactLocation"]["uri"]);
        let harmless = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
        assert!(!uri.is_empty() && !uri.starts_with('/') && uri.chars().all(harmless), "{uri}");
        let number = |key: &str| physical["region"][key].as_u64().unwrap_or_default();
        assert!(number("startLine") >= 1 && number("startColumn") >= 1, "{result}");
        assert_eq!(number("startLine"), number("endLine"));
        assert!(number("endColumn") >= number("startColumn"));
        let prints = &result["partialFingerprints"];
        assert!(own.insert(word(&prints["duly/v1"])), "two results have one fingerprint: {result}");
        let line = word(&prints["primaryLocationLineHash"]);
        if github {
            assert!(result.get("suppressions").is_none() && result.get("kind").is_none());
            let alert = (word(&result["ruleId"]), uri, line);
            assert!(line.is_empty() || alerts.insert(alert), "GitHub merges {result}");
        } else {
            assert_eq!(line, "", "what GitHub hashes leaves with GitHub's report only");
            let kind = result.get("kind").map_or("fail", word);
            let kinds = ["fail", "review", "open", "pass", "notApplicable"];
            assert!(kinds.contains(&kind), "{kind}");
            assert_eq!(kind == "fail", result["level"] != "none", "{result}");
        }
        assert!(["none", "note", "warning", "error"].contains(&word(&result["level"])));
    }
    results.to_vec()
}

/// A relative URI as a path.
fn path(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&hex, 16).expect("two digits"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// The text of a file at the region of a result.
fn region(repo: &Repo, result: &Value) -> (String, String) {
    let physical = &result["locations"][0]["physicalLocation"];
    let number = |key: &str| physical["region"][key].as_u64().expect("a number") as usize;
    let text = repo.text(&path(word(&physical["artifactLocation"]["uri"])));
    let line = text.split('\n').nth(number("startLine") - 1).expect("the file has the line");
    let units: Vec<u16> = line.trim_end_matches('\r').encode_utf16().collect();
    let part = units.get(number("startColumn") - 1..number("endColumn") - 1);
    let part = part.unwrap_or_else(|| panic!("columns beyond the line: {result}"));
    (String::from_utf16(part).expect("whole characters"), line.to_owned())
}

/// Whether a text is another one with some characters covered.
fn covers(shown: &str, text: &str) -> bool {
    shown.chars().count() == text.chars().count()
        && shown.chars().zip(text.chars()).all(|(s, t)| s == '▒' || s == t)
}

/// GitHub's hash of a line, the plain way: every line is hashed, and equal ones counted.
fn plain_hash(text: &str, line: usize) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut seen = BTreeMap::new();
    let mut start = 0;
    for (i, part) in text.split('\n').enumerate() {
        let units = text[start..].chars().filter(|c| *c != ' ' && *c != '\t').collect::<String>();
        let units = units.encode_utf16().map(u64::from).chain([65_535]).chain(std::iter::repeat(0));
        let hash = units.take(100).fold(0u64, |hash, unit| hash.wrapping_mul(37).wrapping_add(unit));
        let n = seen.entry(hash).or_insert(0);
        *n += 1;
        if i == line {
            return format!("{hash:x}:{n}");
        }
        start += part.len() + 1;
    }
    panic!("there is no line {line}");
}

/// Every result is where the JSON report says, at the text that the snippet shows, with GitHub's own hash.
fn hold(repo: &Repo, all: &Reports) -> Vec<Value> {
    let results = valid(&all.json("sarif"), true);
    let json = all.json("json");
    let findings: BTreeMap<&str, &Value> =
        items(&json["findings"]).iter().map(|f| (word(&f["fingerprint"]), f)).collect();
    let mut lines = BTreeSet::new();
    for result in &results {
        let prints = &result["partialFingerprints"];
        let Some(finding) = findings.get(word(&prints["duly/v1"])) else {
            assert!(word(&result["ruleId"]).starts_with("input/"), "{result}");
            continue;
        };
        let (part, line) = region(repo, result);
        let snippet = &finding["snippet"];
        if snippet.is_object() {
            let number = |key: &str| snippet[key].as_u64().expect("a number") as usize;
            let shown: String = word(&snippet["line"]["text"])
                .chars()
                .skip(number("column") - 1)
                .take(number("width"))
                .collect();
            let head = word(&snippet["head"]["text"]).trim();
            // What stays within its line; a value of several lines is cut at the first.
            let label = part.chars().zip(shown.chars()).all(|(p, s)| s == '▒' || s == p);
            assert!((label && !part.is_empty()) || covers(head, &part), "{part:?}: {shown:?}, {head:?}");
        }
        let physical = &result["locations"][0]["physicalLocation"];
        let number = physical["region"]["startLine"].as_u64().expect("a line") as usize;
        let uri = word(&physical["artifactLocation"]["uri"]);
        let hash = word(&prints["primaryLocationLineHash"]).split('/').next().unwrap_or_default();
        if lines.insert((uri.to_owned(), number)) {
            assert_eq!(hash, plain_hash(&repo.text(&path(uri)), number - 1), "{uri}:{number} {line:?}");
        }
    }
    assert_eq!(results.len(), all.gaps() + all.unread());
    results
}

#[test]
fn results_are_the_gaps_at_their_places() {
    for folder in ["meridian-labs", "clean-harbor"] {
        let repo = example(folder);
        let all = reports(&repo, &[]);
        let results = hold(&repo, &all);
        for result in &results {
            let hash = word(&result["partialFingerprints"]["primaryLocationLineHash"]);
            let hash = hash.split(':').next().unwrap_or_default();
            let others = all.texts.iter().filter(|(name, _)| **name != "sarif");
            let holders: Vec<_> = others.filter(|(_, text)| text.contains(hash)).collect();
            assert!(hash.len() > 10 && holders.is_empty(), "what was covered could be guessed from {hash}");
        }
        let full = valid(&all.json("sarif-full"), false);
        let json = all.json("json");
        let count =
            |outcome: &str| items(&json["findings"]).iter().filter(|f| f["outcome"] == outcome).count();
        let of = |kind: &str| full.iter().filter(|r| r.get("kind").map_or("fail", word) == kind).count();
        assert_eq!((of("fail"), of("open")), (count("gap"), count("not-assessed")));
        let checks = items(&json["measures"]).iter().flat_map(|m| items(&m["checks"]));
        let asked = checks.filter(|c| c["outcome"] == "not-assessed" && c["question"].is_string()).count();
        assert!(asked > 10);
        assert_eq!(of("review"), count("review") + asked);
    }
}

#[test]
fn hostile_files_keep_their_places() {
    let repo = hostile();
    let all = reports(&repo, &[]);
    let results = valid(&all.json("sarif"), true);
    assert_eq!(results.len(), all.gaps() + all.unread());
    valid(&all.json("sarif-full"), false);
}

#[test]
fn columns_count_utf_16_units_and_hashes_do_not_mind_line_breaks() {
    let repo = Repo::new();
    active(&repo);
    repo.write("a.yaml", "- { kind: vendor, id: 😀a, name: 😀é, status: ended }\n");
    repo.write("b.yaml", "kind: vendor\r\nid: b\r\nname: \"x\"\r\nstatus:   ended\r\n");
    repo.write("c.json", "[{\"kind\":\"vendor\",\"id\":\"c\",\"status\":\"ended\"},\n{\"kind\":\"vendor\",\"id\":\"d\",\"status\":\"ended\"}]");
    let one_line: Vec<String> =
        (0..40).map(|i| format!("{{\"kind\":\"vendor\",\"id\":\"e{i}\",\"status\":\"ended\"}}")).collect();
    repo.write("e.json", format!("[{}]", one_line.join(",")));
    repo.write("f.yaml", "status: ended\nid: f\nkind: vendor\n---\nstatus: ended\nid: g\nkind: vendor\n");
    let all = reports(&repo, &["--pack", "pack"]);
    let results = hold(&repo, &all);
    assert_eq!(results.len(), 46);
    let parts: BTreeSet<String> = results.iter().map(|r| region(&repo, r).0).collect();
    assert!(parts.contains("ended"), "{parts:?}");
}

#[test]
fn a_line_like_another_gives_way_to_the_line_of_the_record() {
    let repo = Repo::new();
    active(&repo);
    // A hundred characters behind both labels are the same.
    let rest = "# the same words behind both of them, again\n".repeat(4);
    let record = |id: &str| format!("kind: vendor\nid: {id}\nstatus: ended\n{rest}");
    repo.write("v.yaml", format!("{}---\n{}", record("first"), record("second")));
    let all = reports(&repo, &["--pack", "pack"]);
    let results = hold(&repo, &all);
    let parts: Vec<String> = results.iter().map(|r| region(&repo, r).0).collect();
    assert_eq!(parts, ["id: first", "id: second"]);
}

#[test]
fn something_missing_points_at_the_configuration_else_at_a_file_of_records() {
    let check = "  - id: no-platform\n    title: There is a platform\n    asks: [ask]\n    tests: operation\n    grade: observed\n    exists: platform\n    missing: gap\n    message: no platform\n";
    let repo = Repo::new();
    super::packs::pack(&repo, check);
    repo.write("b/v.yaml", "kind: vendor\nid: v\n");
    repo.write("a.txt", "text");
    let place = |repo: &Repo, arguments: &[&str]| {
        let all = reports(repo, arguments);
        let results = hold(repo, &all);
        let [result] = &results[..] else { panic!("one gap: {results:?}") };
        let gitlab = all.json("gitlab");
        let physical = &result["locations"][0]["physicalLocation"];
        assert_eq!(gitlab[0]["location"]["path"], physical["artifactLocation"]["uri"]);
        assert_eq!(physical["region"]["startLine"], 1);
        assert!(result["partialFingerprints"]["primaryLocationLineHash"].is_string());
        word(&physical["artifactLocation"]["uri"]).to_owned()
    };
    assert_eq!(place(&repo, &["--pack", "pack"]), "b/v.yaml");
    repo.write("duly.yaml", "packs: [pack]\n");
    assert_eq!(place(&repo, &[]), "duly.yaml");
}

#[test]
fn an_audit_that_is_incomplete_says_so() {
    let repo = Repo::with(&[("bad.yaml", "kind: vendor\nid: [\n")]);
    active(&repo);
    repo.write("v.yaml", "kind: vendor\nid: v\nstatus: ended\n");
    let all = reports(&repo, &["--pack", "pack"]);
    assert_eq!(all.status, 3);
    let log = all.json("sarif");
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["exitCode"], 3);
    let errors = items(&invocation["toolExecutionNotifications"]).iter().filter(|n| n["level"] == "error");
    assert_eq!(errors.count(), all.unread());
    let results = valid(&log, true);
    let of_file = |r: &&Value| r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "bad.yaml";
    assert!(results.iter().filter(of_file).count() >= 1, "the alerts of the file must not pass for fixed");
}

#[test]
fn waivers_and_baselines_are_told_in_the_full_profile() {
    let repo = example("meridian-labs");
    let all = reports(&repo, &[]);
    let mut data = assessment::parse(all.text("json")).expect("an assessment");
    let gaps: Vec<usize> =
        (0..data.findings.len()).filter(|i| data.findings[*i].outcome == Outcome::Gap).collect();
    data.findings[gaps[0]].disposition = Disposition::Waived;
    data.waivers.push(Waiver {
        kind: None,
        condition: None,
        refused: None,
        id: "WV-1".to_owned(),
        check: data.findings[gaps[0]].check.clone(),
        reason: "a reason".to_owned(),
        compensating_control: None,
        approver: "somebody".to_owned(),
        granted_on: "2026-01-01".parse().expect("a day"),
        ends_on: "2026-12-31".parse().expect("a day"),
        findings: vec![data.findings[gaps[0]].fingerprint.clone()],
    });
    for finding in &mut data.findings {
        finding.change = Some(Change::Unchanged);
    }
    data.findings[gaps[1]].change = Some(Change::New);
    data.findings[gaps[2]].change = Some(Change::Worsened);
    let mut fixed = data.findings[gaps[3]].clone();
    fixed.fingerprint = "f".repeat(32);
    fixed.change = Some(Change::Fixed);
    data.baseline = Some(Baseline {
        name: "origin/main".to_owned(),
        revision: None,
        as_of: "2026-06-30".parse().expect("a day"),
        fixed: vec![fixed],
        removed: Vec::new(),
        fail_on: None,
        rules: Vec::new(),
        lost: Vec::new(),
        unread: 0,
    });
    data.run.revision.folder = "policy/records".to_owned();
    let log = |format| -> Value { serde_json::from_str(&rendered(&data, format)).expect("JSON") };
    let full = valid(&log("sarif-full"), false);
    let state = |state: &str| full.iter().filter(|r| r["baselineState"] == *state).count();
    assert_eq!((state("new"), state("updated"), state("absent")), (1, 1, 1));
    assert_eq!(state("unchanged"), full.len() - 3, "each result has a state, or none has");
    let waived: Vec<&Value> = full.iter().filter(|r| r.get("suppressions").is_some()).collect();
    assert_eq!(waived.len(), 1);
    assert_eq!(waived[0]["suppressions"][0]["justification"], "WV-1 until 2026-12-31: a reason");
    let github = valid(&log("sarif"), true);
    assert_eq!(github.len(), gaps.len() - 1, "all but the waived: GitHub compares by itself");
    for result in github.iter().chain(&full) {
        let uri = word(&result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]);
        assert!(uri.starts_with("policy/records/"), "{uri} is not from the root of the repository");
    }
}
