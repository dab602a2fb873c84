//! The number of gaps is one number: every format says the same of an assessment, and nothing that people decide
//! makes it smaller.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use super::html::text_of;
use super::support::{AS_OF, Audit, Call, Repo, audit, audit_with, duly, flat, items, says, word};

/// The example of a company in its first week, which has known gaps, waived ones and new ones: the first 30 are in the
/// baseline file, the next three are waived.
fn decided() -> (Repo, Audit) {
    let repo = week_one();
    let before = audit(&repo);
    let gaps = gaps(&before);
    decide(&repo, &gaps[..30], &gaps[30..33]);
    let after = audit(&repo);
    (repo, after)
}

fn week_one() -> Repo {
    let repo = Repo::new();
    repo.copy_example("first-audit/week-one");
    repo
}

/// Fingerprints and checks of the gaps.
fn gaps(audit: &Audit) -> Vec<(String, String)> {
    let gaps = audit.findings().iter().filter(|finding| finding["outcome"] == "gap");
    let of = |finding: &Value| {
        let check = format!("{}/{}", word(&finding["measure"]), word(&finding["check"]));
        (word(&finding["fingerprint"]).to_owned(), check)
    };
    gaps.map(of).collect()
}

/// Puts gaps into the baseline file, and waives others.
fn decide(repo: &Repo, known: &[(String, String)], waived: &[(String, String)]) {
    let written = duly(repo, &["baseline", "write", "--as-of", "2026-03-31"]);
    assert_eq!(written.status, 0, "{}", written.stderr);
    let file: serde_yaml::Value = serde_yaml::from_str(&repo.text("duly-baseline.yaml")).expect("YAML");
    let is_known = |entry: &serde_yaml::Value| known.iter().any(|(f, _)| entry["fingerprint"] == f.as_str());
    let entries = file["findings"].as_sequence().expect("entries");
    let kept: Vec<serde_yaml::Value> = entries.iter().filter(|entry| is_known(entry)).cloned().collect();
    let mut file = file.clone();
    file["findings"] = kept.into();
    repo.write("duly-baseline.yaml", serde_yaml::to_string(&file).expect("YAML"));
    let config = repo.text("duly.yaml");
    if !config.contains("waivers:") {
        repo.write("duly.yaml", format!("{config}\nwaivers:\n  approvers: [counsel]\n"));
    }
    let waiver = |(i, (fingerprint, check)): (usize, &(String, String))| {
        format!(
            "- {{ kind: waiver, id: WV-{i}, type: risk-accepted, check: {check}, findings: ['{fingerprint}'], reason: It \
             is closed in July., approver: counsel, approved_on: 2026-06-01, from: 2026-06-01, until: 2026-08-31 }}\n"
        )
    };
    let waivers: String = waived.iter().enumerate().map(waiver).collect();
    if !waivers.is_empty() {
        repo.write("records/waivers-of-the-test.yaml", waivers);
    }
}

fn report(repo: &Repo, format: &str) -> String {
    let args = ["audit", ".", "--as-of", AS_OF, "--report", format];
    // Annotations are commands.
    Call::new(repo.root()).args(args).coloured().run().stdout
}

/// What a format says: `all`, `new`, `known`, `waived`, and severities.
type Row = BTreeMap<&'static str, usize>;

const COLUMNS: [&str; 8] = ["all", "new", "known", "waived", "critical", "high", "medium", "low"];

fn of_json(audit: &Audit) -> Row {
    let gaps = &audit.json["summary"]["all_gaps"];
    let number = |column: &'static str| {
        let value = if gaps[column].is_null() { &gaps["severities"][column] } else { &gaps[column] };
        (column, value.as_u64().unwrap_or_default() as usize)
    };
    COLUMNS.into_iter().map(number).collect()
}

/// The first sentence of a text that counts gaps: `40 gaps: 7 new, 30 known since 2026-03-31, 3 waived; 7 critical`.
#[track_caller]
fn of_sentence(text: &str) -> Row {
    let text = flat(text);
    let sentence =
        regex::Regex::new(r"\b(\d+) gaps?: ([^.()|]*?(?:critical|high|medium|low)\b[^.;()|a-z]*[^.;()|]*)");
    let found = sentence.expect("a pattern").captures(&text).unwrap_or_else(|| panic!("no count in {text}"));
    let mut row: Row = COLUMNS.into_iter().map(|column| (column, 0)).collect();
    row.insert("all", found[1].parse().expect("a number"));
    let part = regex::Regex::new(r"(\d+) (new|known|waived|critical|high|medium|low)\b").expect("a pattern");
    for part in part.captures_iter(&found[2]) {
        let column = COLUMNS.into_iter().find(|column| *column == &part[2]).expect("a column");
        row.insert(column, part[1].parse().expect("a number"));
    }
    row
}

fn of_csv(text: &str) -> Row {
    let mut row: Row = COLUMNS.into_iter().map(|column| (column, 0)).collect();
    let mut table = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let head = table.headers().expect("a head").clone();
    let at = |name: &str| head.iter().position(|column| column == name).expect("a column");
    let (outcome, disposition, severity) = (at("outcome"), at("disposition"), at("severity"));
    for record in table.records().map(|record| record.expect("a row")) {
        if &record[outcome] == "gap" {
            let decided = if &record[disposition] == "open" { "new" } else { &record[disposition] };
            for column in COLUMNS.into_iter().filter(|c| [decided, &record[severity], "all"].contains(c)) {
                *row.entry(column).or_default() += 1;
            }
        }
    }
    row
}

/// Cases that fail are new; those that are skipped say what was decided.
fn of_junit(text: &str) -> Row {
    let n = |pattern: &str| regex::Regex::new(pattern).expect("a pattern").find_iter(text).count();
    let known = n("<skipped message=\"known since ");
    let waived = n("<skipped message=\"waived until ");
    let new = n("<failure ");
    Row::from([("all", known + waived + new), ("new", new), ("known", known), ("waived", waived)])
}

fn of_gitlab(text: &str) -> Row {
    let entries: Vec<Value> = serde_json::from_str(text).expect("JSON");
    let n = |is: &dyn Fn(&Value) -> bool| entries.iter().filter(|entry| is(entry)).count();
    let says = |entry: &Value, part: &str| word(&entry["description"]).contains(part);
    let (known, waived) = (n(&|e| says(e, "; known since ")), n(&|e| says(e, "; waived until ")));
    let all = entries.len();
    Row::from([("all", all), ("new", all - known - waived), ("known", known), ("waived", waived)])
}

#[test]
fn every_format_says_the_same_numbers() {
    let (repo, audit) = decided();
    let json = of_json(&audit);
    assert_eq!((json["known"], json["waived"]), (30, 3));
    assert_eq!(json["all"], json["new"] + json["known"] + json["waived"]);
    let mut rows = vec![("json", json.clone())];
    for format in
        ["terminal", "summary", "markdown", "github-summary", "pull-request", "github", "sarif", "sarif-full"]
    {
        rows.push((format, of_sentence(&report(&repo, format))));
    }
    rows.push(("html", of_sentence(&text_of(&report(&repo, "html")))));
    rows.push(("csv", of_csv(&report(&repo, "csv"))));
    rows.push(("gitlab", of_gitlab(&report(&repo, "gitlab"))));
    for format in ["junit", "junit-gitlab"] {
        rows.push((format, of_junit(&report(&repo, format))));
    }
    let mut table = format!("| format | {} |\n", COLUMNS.join(" | "));
    for (format, row) in &rows {
        for (column, n) in row {
            assert_eq!(n, &json[column], "{format} {column}");
        }
        let cell = |column: &str| row.get(column).map_or_else(|| "–".to_owned(), usize::to_string);
        table.push_str(&format!("| {format} | {} |\n", COLUMNS.map(cell).join(" | ")));
    }
    insta::assert_snapshot!("numbers_per_format", table);
}

#[test]
fn a_page_of_known_gaps_shows_them_everywhere() {
    let repo = week_one();
    let before = audit(&repo);
    let all = gaps(&before);
    decide(&repo, &all, &[]);
    let known = audit(&repo);
    assert_eq!(known.status, 0);
    let n = all.len();
    let since = format!("{n} known since 2026-03-31");
    let page = text_of(&report(&repo, "html"));
    says(&page, &[&since, &format!("Gaps {n} in "), "duly-baseline.yaml as of 2026-03-31"]);
    says(&page, &[&format!("{n} of {n} entries have no reason")]);
    for not in ["There is no gap", "Gaps 0 ", "nothing has to be closed"] {
        assert!(!page.contains(not), "{not}");
    }
    for format in ["markdown", "pull-request", "terminal", "summary"] {
        says(&flat(&report(&repo, format)), &[&since]);
    }
    says(&report(&repo, "markdown"), &["| Baseline file | duly-baseline.yaml as of 2026-03-31: "]);
    // As many workers have a gap as before, and leadership is asked the same.
    assert_eq!(known.json["summary"]["all_gaps"]["records"], before.json["summary"]["all_gaps"]["records"]);
    let asked = |repo: &Repo| {
        let page = text_of(&report(repo, "html-summary"));
        page.matches("Asked: ").count()
    };
    assert_eq!(asked(&repo), 5);
}

#[test]
fn an_entry_says_why_who_and_since_when() {
    let repo = week_one();
    let args = [
        "baseline",
        "write",
        "--as-of",
        "2026-03-31",
        "--reason",
        "Closed in July.",
        "--owner",
        "it-operations",
    ];
    assert_eq!(duly(&repo, &args).status, 0);
    says(
        &repo.text("duly-baseline.yaml"),
        &["since: 2026-03-31", "reason: Closed in July.", "owner: it-operations"],
    );
    let audited = audit(&repo);
    let known =
        &audited.findings().iter().find(|f| f["disposition"] == "known").expect("a known gap")["known"];
    assert_eq!(
        known,
        &serde_json::json!({ "since": "2026-03-31", "reason": "Closed in July.", "owner": "it-operations" })
    );
    says(
        &text_of(&report(&repo, "html")),
        &["known since 2026-03-31: Closed in July.; owner: it-operations"],
    );
    assert!(!audited.text.contains("have no reason"), "{}", audited.text);
    // What the file said stays, also where it is brought up to date later.
    let later = duly(&repo, &["baseline", "update", "--as-of", "2026-06-30", "--reason", "Another."]);
    assert_eq!(later.status, 0, "{}", later.stderr);
    assert!(!repo.text("duly-baseline.yaml").contains("Another."), "nothing was added");
    let of_known = |audit: &Audit| {
        items(&audit.json["findings"]).iter().map(|f| f["known"]["since"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of_known(&audit(&repo)), of_known(&audited));
    for (flag, text, why) in [
        ("--owner", "Jane Roe", "an owner is a role or the id of an employee"),
        ("--reason", " ", "a reason is a text of at most 1,000 characters"),
    ] {
        let refused = duly(&repo, &["baseline", "update", "--as-of", "2026-06-30", flag, text]);
        assert_eq!(refused.status, 2);
        says(&refused.stderr, &[why]);
    }
}

#[test]
fn an_attestation_lowers_no_number_of_gaps() {
    let repo = week_one();
    let full = |repo: &Repo| audit_with(repo, &["--profile", "full"]);
    let before = full(&repo);
    let checks = items(&before.json["measures"]).iter().flat_map(|measure| items(&measure["checks"]));
    let asked: Vec<&str> = checks.filter(|c| !c["question"].is_null()).map(|c| word(&c["id"])).collect();
    assert!(asked.len() > 5, "{asked:?}");
    repo.write("evidence/look.md", "Ten of ten were in order.\n");
    let attestation = |(i, check): (usize, &&str)| {
        format!(
            "- {{ kind: attestation, id: AT-{i}, check: {check}, statement: Ten of ten were in order., attested_by: W-01, \
             confirmed_by: W-02, attested_on: 2026-06-20, valid_until: 2026-07-10, document: {{ ref: evidence/look.md }} }}\n"
        )
    };
    repo.write("attestations.yaml", asked.iter().enumerate().map(attestation).collect::<String>());
    let after = full(&repo);
    let checks = items(&after.json["measures"]).iter().flat_map(|measure| items(&measure["checks"]));
    let attested = checks.filter(|c| !c["attested"].is_null()).count();
    assert!(attested > 5, "{attested} of {}: {}", asked.len(), after.text);
    let (before, after) = (of_json(&before), of_json(&after));
    assert!(COLUMNS.iter().all(|column| after[column] >= before[column]), "{before:?} {after:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_decision_lowers_the_number_of_gaps(known in 0_usize..40, waived in 0_usize..12, seed in any::<u64>()) {
        let repo = week_one();
        let before = audit(&repo);
        let mut all = gaps(&before);
        // Which gaps they are depends on the seed.
        let by = |gap: &(String, String)| u64::from_str_radix(&gap.0[..15], 16).unwrap_or_default() ^ (seed >> 4);
        all.sort_by_key(by);
        let known = known.min(all.len());
        let waived = waived.min(all.len() - known);
        decide(&repo, &all[..known], &all[known..known + waived]);
        let after = audit(&repo);
        let (before, after) = (of_json(&before), of_json(&after));
        prop_assert!(after["all"] >= before["all"], "{:?} {:?}", before, after);
        for severity in ["critical", "high", "medium", "low"] {
            prop_assert!(after[severity] >= before[severity], "{}", severity);
        }
        prop_assert_eq!(after["known"], known);
        prop_assert_eq!(after["waived"], waived);
        prop_assert_eq!(of_sentence(&text_of(&report(&repo, "html"))), after);
    }
}
