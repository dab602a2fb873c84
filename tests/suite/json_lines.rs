//! A reader that is not the default one, end to end: JSON Lines of native records.

use super::history::History;
use super::packs::active;
use super::support::{AS_OF, Call, Repo, audit, duly, place, says, word};

const CONFIG: &str =
    "packs: [pack]\nsources:\n  - { name: vendors, files: ['exports/*.jsonl'], reader: json-lines }\n";
const LINES: &str = "{\"kind\":\"vendor\",\"id\":\"V-1\",\"status\":\"active\"}\r\n\n\
                     {\"kind\":\"vendor\",\"id\":\"V-2\",\"status\":\"ended\"}\n";

fn repo(lines: &str) -> Repo {
    let repo = Repo::with(&[("duly.yaml", CONFIG), ("exports/vendors.jsonl", lines)]);
    active(&repo);
    repo
}

#[test]
fn each_line_is_a_record_with_its_place_and_snippet() {
    let audit = audit(&repo(LINES));
    assert_eq!(audit.status, 1, "{}", audit.text);
    assert_eq!(audit.satisfied("vendor-not-active"), ["V-1"]);
    let finding = audit.of("vendor-not-active")[0];
    assert_eq!(place(&finding["place"]), "exports/vendors.jsonl:3:39");
    says(word(&finding["snippet"]["line"]["text"]), &["\"status\":\"ended\""]);
    says(&audit.text, &["exports/vendors.jsonl:3:39"]);
    let files = audit.json["coverage"]["files"].as_array().expect("files");
    let file = files.iter().find(|f| f["path"] == "exports/vendors.jsonl").expect("the file");
    assert_eq!((file["use"].as_str(), file["records"].as_u64()), (Some("records"), Some(2)));
}

#[test]
fn a_line_that_is_refused_leaves_the_others() {
    let audit = audit(&repo(&format!("{{\"kind\": \"vendor\",}}\n{LINES}[1]\n")));
    assert_eq!(audit.status, 3);
    assert_eq!(place(&audit.problem("invalid-json")["place"]), "exports/vendors.jsonl:1:19");
    assert_eq!(place(&audit.problem("not-a-record")["place"]), "exports/vendors.jsonl:5:2");
    assert_eq!(audit.satisfied("vendor-not-active"), ["V-1"]);
}

#[test]
fn the_same_bytes_are_read_as_each_source_says() {
    // One file under two names, read by two readers: what was read once must not stand for both.
    let history = History::new();
    active(&history.repo);
    let config = CONFIG.replace("sources:\n", "sources:\n  - { name: native, files: ['native/*'] }\n");
    let one_line = "{\"kind\":\"vendor\",\"id\":\"V-1\",\"status\":\"active\"}\n";
    history.write("duly.yaml", &config).write("exports/v.jsonl", LINES).write("native/v.yaml", "# none\n");
    history.commit("first", 0);
    history.write("native/v.yaml", &LINES.replace("V-", "N-")).write("exports/v.jsonl", one_line);
    let args = ["audit", "--as-of", AS_OF, "--base", "HEAD", "--report", "json"];
    let output = Call::new(history.repo.root()).args(args).run();
    let json: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
    // As YAML the lines are one document that is none.
    assert_eq!((output.status, word(&json["problems"][0]["code"])), (3, "invalid-yaml"), "{}", output.stdout);
    let removed = &json["baseline"]["removed"];
    assert_eq!(removed[0]["records"][0]["id"], "V-2", "{removed}");
}

#[test]
fn a_reader_that_does_not_exist_is_refused() {
    let repo = repo(LINES);
    repo.write("duly.yaml", CONFIG.replace("json-lines", "json-line"));
    let output = duly(&repo, &["audit", "--as-of", AS_OF]);
    assert_eq!(output.status, 2);
    says(&output.stderr, &["unknown value `json-line`", "duly.yaml:3:58", "did you mean `json-lines`?"]);
}
