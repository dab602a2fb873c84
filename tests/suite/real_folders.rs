//! Folders of real organisations: what other tools keep there, evidence that looks like records, and names that are
//! nearly right.

use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;
use serde_json::Value;

use super::formats::reports;
use super::repository::root;
use super::support::{Audit, Repo, audit, audit_with, items, says, word};

/// A few records that can be assessed.
pub(crate) const RECORDS: &str = "kind: organization\nid: ORG\nname: Example Ltd\ndeclared_on: 2026-06-01\n\
    engages: { ships_devices: true, staffing_vendors: false, platforms: false }\n---\nkind: worker\nid: W-1\n\
    name: Jane Doe\nengagement: contractor\nstatus: active\nwork_country: US\n---\nkind: shipment\nid: S-1\n\
    worker: W-1\ndirection: outbound\nstatus: delivered\nshipped_on: 2026-05-04\nsignature: adult\n";

fn used_as<'a>(audit: &'a Audit, path: &str) -> &'a str {
    let files = items(&audit.json["coverage"]["files"]);
    files.iter().find(|f| f["path"] == path).map(|f| word(&f["use"])).expect("the file is in the report")
}

/// Every fenced YAML or JSON block of a page with the file name that the paragraph before it gives it.
fn set_ups(page: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = page.lines().collect();
    let mut found = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        if !matches!(line.trim(), "```yaml" | "```json" | "```yml") {
            continue;
        }
        let before = lines[i.saturating_sub(4)..i].join(" ");
        let is_file =
            |word: &&str| word.len() > 5 && [".yaml", ".yml", ".json"].iter().any(|end| word.ends_with(end));
        let Some(name) = before.split('`').skip(1).step_by(2).filter(is_file).last() else { continue };
        let block: Vec<&str> =
            lines[i + 1..].iter().copied().take_while(|line| line.trim() != "```").collect();
        found.push((name.to_owned(), format!("{}\n", block.join("\n"))));
    }
    found
}

#[test]
fn every_set_up_of_the_documentation_works_on_a_folder_without_configuration() {
    let mut tried = BTreeSet::new();
    for entry in fs::read_dir(root().join("docs")).expect("docs/") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        for (name, block) in set_ups(&fs::read_to_string(&path).expect("a page")) {
            // Tests of a policy stand in a pack, not in a folder of records.
            if name.starts_with("tests/") {
                continue;
            }
            let repo = Repo::with(&[("records.yaml", RECORDS), (&name, &block)]);
            let audit = audit(&repo);
            assert_eq!(audit.problems(), [Value::Null; 0], "{name} of {}", path.display());
            // A file of duly itself is what its name says.
            if !name.starts_with("duly") {
                assert_eq!(used_as(&audit, &name), "other-tool", "{name}");
                says(&audit.text, &["3 records of 3 kinds in 1 file, 1 file of other tools"]);
            }
            tried.insert(name);
        }
    }
    for name in [".github/workflows/duly.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml"] {
        assert!(tried.contains(name), "{name} was not tried: {tried:?}");
    }
}

#[test]
fn what_other_tools_keep_is_counted_and_no_problem() {
    let repo = Repo::with(&[("records.yaml", RECORDS)]);
    for (path, text) in [
        (".vscode/settings.json", "{ // a comment\n \"a\": 1 }"),
        (".github/workflows/ci.yml", "on: push\njobs: {}\n"),
        ("bitbucket-pipelines.yml", "pipelines: {}\n"),
        ("azure-pipelines.yml", "trigger: none\n"),
        ("package.json", "{\"name\": \"x\", \"scripts\": {}}"),
        (
            "duly-reports/assessment.json",
            "{\"format\": \"duly-assessment\", \"kind\": null, \"x\": {\"kind\": \"worker\"}}",
        ),
        ("duly-reports/gl-code-quality-report.json", "[{\"description\": \"x\"}]"),
    ] {
        repo.write(path, text);
    }
    let whole = audit(&repo);
    assert_eq!(whole.problems(), [Value::Null; 0], "{}", whole.text);
    says(&whole.text, &["in 1 file, 7 files of other tools"]);
    // What holds records is read wherever it stands, also with a mistake.
    repo.write(".hidden/more.yaml", "kind: worker\nid: W-2\nstatus: active\n");
    assert_eq!(used_as(&audit(&repo), ".hidden/more.yaml"), "records");
    repo.write(".hidden/more.yaml", "kind: worker\nid: [W-2\n");
    assert_eq!(audit(&repo).status, 3);
}

#[test]
fn where_most_files_are_no_records_one_sentence_says_so() {
    let repo = Repo::with(&[("people/a.yaml", RECORDS), ("people/b.yaml", "kind: vendor\nid: V-1\n")]);
    for i in 0..30 {
        repo.write(format!("k8s/{i}.yaml"), "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n");
    }
    let whole = audit(&repo);
    assert_eq!((whole.status, whole.problems().len()), (3, 1), "{}", whole.text);
    let problem = whole.problem("mostly-no-records");
    says(word(&problem["message"]), &["30 of 32 files hold no record", "`k8s/0.yaml`"]);
    let help = word(&problem["help"]);
    let lines = help.split('`').nth(1).expect("the lines to write");
    // What is printed works when pasted.
    repo.write("duly.yaml", format!("{lines}\nignore: [{{ files: ['k8s/**'], reason: manifests }}]\n"));
    let configured = audit(&repo);
    assert_eq!((configured.status, configured.problems().len()), (1, 0), "{lines}\n{}", configured.text);
    assert_eq!(configured.json["coverage"]["records"], whole.json["coverage"]["records"]);
}

#[test]
fn a_list_of_what_are_no_records_is_one_problem() {
    let devices: Vec<String> = (0..3000).map(|i| format!("{{\"serial\": \"A{i}\"}}")).collect();
    let repo =
        Repo::with(&[("records.yaml", RECORDS), ("devices.json", &format!("[{}]", devices.join(",\n")))]);
    let audit = audit(&repo);
    let problem = audit.problem("not-a-record");
    says(word(&problem["message"]), &["holds 3000 entries and no record"]);
    assert_eq!((audit.status, audit.problems().len()), (3, 1));
    let manifests = "apiVersion: v1\nkind: Service\n---\n".repeat(40);
    let repo = Repo::with(&[("records.yaml", RECORDS), ("k8s.yaml", &manifests)]);
    says(word(&self::audit(&repo).problem("not-a-record")["message"]), &["holds 40 entries of Kubernetes"]);
}

#[test]
fn files_of_other_formats_are_named_and_no_kind_is_guessed() {
    for (text, words) in [
        ("apiVersion: v1\nkind: Service\n", "is a file of Kubernetes"),
        ("apiVersion: backstage.io/v1alpha1\nkind: Location\n", "is a file of Backstage"),
        ("openapi: 3.1.0\ninfo: {}\n", "is a file of OpenAPI"),
        ("version: 4\nterraform_version: 1.9.0\nresources: []\n", "is a file of Terraform"),
    ] {
        let repo = Repo::with(&[("records.yaml", RECORDS), ("other.yaml", text)]);
        let audit = audit(&repo);
        let problem = audit.problem("not-a-record");
        says(word(&problem["message"]), &[words]);
        assert!(!word(&problem["help"]).contains("did you mean"), "{problem}");
        assert_eq!(audit.status, 3);
    }
}

#[test]
fn a_file_that_a_record_names_as_evidence_is_evidence() {
    let named = RECORDS.replace(
        "signature: adult",
        "signature: adult\ndocument: { ref: export.json, dated_on: 2026-06-01 }",
    );
    for (export, codes) in [
        ("[{\"serial\":\"A\"},{\"serial\":\"B\"}]", vec![]),
        ("{ not json", vec![]),
        ("", vec!["evidence-missing"]),
        ("\u{0}\u{1}", vec![]),
    ] {
        let repo = Repo::with(&[("records.yaml", &named), ("export.json", export)]);
        let audit = audit(&repo);
        let found: Vec<&str> = audit.problems().iter().map(|p| word(&p["code"])).collect();
        assert_eq!(found, codes, "{export:?}\n{}", audit.text);
        assert_eq!(used_as(&audit, "export.json"), "evidence");
        says(&audit.text, &["in 1 file, 1 evidence document"]);
    }
    // A file of records stays one, whoever names it.
    let repo =
        Repo::with(&[("records.yaml", &named), ("export.json", "{\"kind\": \"worker\", \"id\": 3, \"x\"}")]);
    assert_eq!(audit(&repo).status, 3);
}

#[test]
fn a_name_that_is_nearly_that_of_the_configuration_is_told() {
    for name in ["duly.yml", "Duly.yaml", ".duly.yaml", "duly.json", "duly.yaml.txt"] {
        let repo = Repo::with(&[("records.yaml", RECORDS), (name, "{\"fail_on\": \"critical\"}\n")]);
        let audit = audit(&repo);
        let problem = audit.problem("misnamed-configuration");
        assert_eq!((audit.status, audit.problems().len()), (3, 1), "{name}: {}", audit.text);
        says(word(&problem["help"]), &["rename it to `duly.yaml`"]);
        assert_eq!(problem["place"]["path"], name);
    }
    let repo =
        Repo::with(&[("records.yaml", RECORDS), ("duly.yaml", "fail_on: low\n"), ("duly.yaml.txt", "x\n")]);
    let both = audit(&repo);
    assert_eq!((both.status, word(&both.problem("misnamed-configuration")["impact"])), (1, "notice"));
}

#[test]
fn utf16_without_a_mark_is_told_by_its_name() {
    let bytes: Vec<u8> = "kind: worker\nid: W-2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let repo = Repo::with(&[("records.yaml", RECORDS)]);
    repo.write("w.yaml", bytes);
    let audit = audit(&repo);
    let problem = audit.problem("not-text");
    says(word(&problem["message"]), &["UTF-16LE without a byte-order mark"]);
    says(word(&problem["help"]), &["save the file as UTF-8"]);
}

/// The problem with evidence whose path and hash are these, with the document in the folder.
#[track_caller]
fn evidence(code: &str, path: &str, hash: &str, words: &[&str]) {
    let sha256 = if hash.is_empty() { String::new() } else { format!("sha256: {hash}, ") };
    let document = format!("document: {{ ref: '{path}', {sha256}dated_on: 2026-06-01 }}");
    let repo = Repo::with(&[("records.yaml", &RECORDS.replace("signature: adult", &document))]);
    repo.write("Evidence/Zo\u{eb}.txt", "one\r\ntwo\r\n");
    let audit = audit(&repo);
    let problem = audit.problem(code);
    says(&format!("{} {}", word(&problem["message"]), word(&problem["help"])), words);
}

#[test]
fn near_misses_of_evidence_say_what_differs() {
    let meant = "did you mean `Evidence/Zo\u{eb}.txt`?";
    for (path, why) in [
        ("evidence/zo\u{eb}.txt", "differs in upper and lower case"),
        ("Evidence\\Zo\u{eb}.txt", "has `\\` where paths have `/`"),
        ("Evidence/Zoe\u{308}.txt", "in another form of Unicode"),
    ] {
        evidence("evidence-missing", path, "", &[meant, why]);
    }
    let path = "Evidence/Zo\u{eb}.txt";
    let of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    evidence("placeholder", path, of_nothing, &["says nothing: it counts as not recorded"]);
    evidence("evidence-changed", path, LF, &["with the line ends LF"]);
    // Case and the name of the method are no part of a hash.
    for hash in [LF.to_uppercase(), format!("'sha256:{LF}'")] {
        evidence("evidence-changed", path, &hash, &["with the line ends LF"]);
    }
    for (hash, words) in [
        (LF[..32].to_owned(), "those of MD5"),
        (LF[..40].to_owned(), "those of SHA-1"),
        (LF.repeat(2), "those of SHA-512"),
    ] {
        evidence("invalid-value", path, &hash, &[words]);
    }
}

/// The SHA-256 of `one` and `two` on lines that end with LF.
const LF: &str = "c3f9c8c283a2b1f2f1896f27a01cbe3cddc0c9d93f752e4639035a0f5b36f6e8";

#[test]
fn what_is_equal_is_treated_alike_in_yaml_and_json() {
    let mut folders = 0;
    for example in ["clean-harbor", "meridian-labs"] {
        let repo = Repo::new();
        repo.copy_example(example);
        let yaml = audit(&repo);
        rewrite_as_json(&repo, repo.root());
        let config = repo.text("duly.yaml").replace(".yaml\"", ".json\"");
        repo.write("duly.yaml", config);
        let json = audit(&repo);
        let outcomes = |audit: &Audit| -> Vec<String> {
            let one =
                |f: &Value| format!("{} {} {} {}", f["fingerprint"], f["outcome"], f["cause"], f["message"]);
            audit.findings().iter().map(one).collect()
        };
        assert_eq!(yaml.status, json.status, "{}", json.text);
        assert_eq!(outcomes(&yaml), outcomes(&json));
        assert_eq!(yaml.json["coverage"]["records"], json.json["coverage"]["records"]);
        folders += 1;
    }
    assert_eq!(folders, 2);
}

/// Every YAML file of records below a folder, as JSON.
fn rewrite_as_json(repo: &Repo, folder: &std::path::Path) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let below = path.strip_prefix(repo.root()).expect("below the root").to_path_buf();
        if path.is_dir() {
            if !below.starts_with("evidence") && !below.starts_with("docs") {
                rewrite_as_json(repo, &path);
            }
        } else if path.extension().is_some_and(|e| e == "yaml") && !below.starts_with("duly.yaml") {
            repo.write(below.with_extension("json"), as_json(&fs::read_to_string(&path).expect("text")));
            fs::remove_file(&path).expect("the file is there");
        }
    }
}

/// The documents of a YAML text as one JSON list; those of a list one by one.
fn as_json(text: &str) -> String {
    let mut records = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        match serde::Deserialize::deserialize(document).expect("YAML") {
            Value::Array(list) => records.extend(list),
            Value::Object(map) if map.contains_key("records") => {
                records.extend(items(&map["records"]).to_vec())
            }
            Value::Null => {}
            one => records.push(one),
        }
    }
    Value::Array(records).to_string()
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(Value::from("")),
        Just(Value::from("active")),
        Just(Value::from("2026-06-01")),
        Just(Value::from("21000021")),
        any::<bool>().prop_map(Value::from),
        (-3i64..100).prop_map(Value::from),
        Just(Value::from(1.5)),
        Just(serde_json::json!([])),
        Just(serde_json::json!({})),
        Just(serde_json::json!(["active", 3])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_value_is_taken_alike_in_yaml_and_json(
        fields in proptest::collection::btree_map(
            prop_oneof![Just("id"), Just("name"), Just("status"), Just("work_country"), Just("bank"), Just("hired_on"), Just("odd")],
            value(),
            0..5,
        )
    ) {
        let mut record = serde_json::Map::from_iter([("kind".to_owned(), Value::from("worker"))]);
        record.extend(fields.into_iter().map(|(key, value)| (key.to_owned(), value)));
        let record = Value::Object(record);
        let yaml = Repo::with(&[("v.yaml", &serde_yaml::to_string(&record).expect("YAML"))]);
        let json = Repo::with(&[("v.json", &record.to_string())]);
        let (yaml, json) = (audit(&yaml), audit(&json));
        let told = |audit: &Audit| -> Vec<(String, String)> {
            let mut all: Vec<_> =
                audit.problems().iter().map(|p| (word(&p["code"]).to_owned(), word(&p["message"]).to_owned())).collect();
            all.sort();
            all
        };
        prop_assert_eq!(yaml.status, json.status);
        prop_assert_eq!(told(&yaml), told(&json));
        prop_assert_eq!(yaml.findings().len(), json.findings().len());
    }
}

#[test]
fn an_empty_file_is_one_in_every_format() {
    for name in ["e.yaml", "e.json"] {
        let repo = Repo::with(&[("records.yaml", RECORDS), (name, " \n")]);
        let audit = audit(&repo);
        assert_eq!((word(&audit.problem("empty-file")["impact"]), audit.status), ("notice", 1), "{name}");
    }
}

#[test]
fn tables_open_in_a_spreadsheet_with_their_letters() {
    let repo =
        Repo::with(&[("records.yaml", RECORDS), ("duly.yaml", "owners: { it-operations: B\u{fc}ro }\n")]);
    let out = tempfile::tempdir().expect("a folder");
    for format in ["csv", "plan-csv"] {
        let file = out.path().join(format);
        audit_with(&repo, &["--report", &format!("{format}={}", file.display())]);
        let bytes = fs::read(&file).expect("the table");
        assert!(bytes.starts_with(b"\xef\xbb\xbf"), "{format}");
        assert!(String::from_utf8(bytes).expect("UTF-8").contains("B\u{fc}ro"), "{format}");
    }
}

#[test]
fn an_annotation_has_the_path_that_github_knows() {
    let repo = Repo::with(&[("a:b, 100%/##[c] \u{fc}.yaml", RECORDS)]);
    let all = reports(&repo, &[]);
    says(all.text("github"), &["file=a%3Ab%2C 100%25/##[c] \u{fc}.yaml,"]);
}
