//! Files into records: forms, encodings, and what is refused with its place while the rest is read.

use serde_json::Value;

use super::packs::{active, each, pack};
use super::support::{Audit, Repo, at, audit, place, says, word};

/// Two vendors, one of them ended. Not all of it is ASCII, so that columns prove to be characters.
const VENDORS: &str = "\
# Zoë's list
kind: vendor
id: v-good
status: active
---
kind: vendor
id: v-bad
name: 김 & Söhne
reviewed_on: 2027-01-01 # é
status: ended
";

fn one(path: &str, bytes: impl AsRef<[u8]>) -> (Repo, Audit) {
    let repo = Repo::new();
    active(&repo);
    repo.write(path, bytes);
    let audit = audit(&repo);
    (repo, audit)
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(unit).collect()
}

#[test]
fn every_encoding_gives_the_same_findings_at_the_same_places() {
    let (_, plain) = one("v.yaml", VENDORS);
    assert_eq!(plain.ids("vendor-not-active", "gap"), ["v-bad"]);
    assert_eq!(place(&plain.of("vendor-not-active")[0]["place"]), "v.yaml:10:9");
    let crlf = VENDORS.replace('\n', "\r\n");
    let variants = [
        ("UTF-8 with a byte-order mark", [b"\xef\xbb\xbf", VENDORS.as_bytes()].concat()),
        ("CRLF", crlf.clone().into_bytes()),
        ("CRLF with a byte-order mark", [b"\xef\xbb\xbf", crlf.as_bytes()].concat()),
        ("UTF-16LE", utf16(VENDORS, u16::to_le_bytes)),
        ("UTF-16BE", utf16(VENDORS, u16::to_be_bytes)),
        ("UTF-16LE with CRLF", utf16(&crlf, u16::to_le_bytes)),
        ("no line break at the end", VENDORS.trim_end().as_bytes().to_vec()),
    ];
    for (name, bytes) in variants {
        let (_, other) = one("v.yaml", bytes);
        assert_eq!(other.status, 1, "{name}");
        assert_eq!(other.json["findings"], plain.json["findings"], "{name}");
        assert_eq!(other.json["measures"], plain.json["measures"], "{name}");
        assert_eq!(other.problems(), plain.problems(), "{name}");
        assert_eq!(other.text, plain.text, "{name}");
    }
}

#[test]
fn every_form_of_a_file_gives_the_same_records() {
    let block = "kind: vendor\nid: v-good\nstatus: active\n---\nkind: vendor\nid: v-bad\nstatus: ended\n";
    let forms: [(&str, &str); 10] = [
        ("v.yaml", block),
        ("v.yml", block),
        (
            "v.yaml",
            "- kind: vendor\n  id: v-good\n  status: active\n-\n  kind: vendor\n  id: v-bad\n  status: ended\n",
        ),
        (
            "v.yaml",
            "records:\n- {kind: vendor, id: v-good, status: active}\n- {kind: vendor, id: v-bad, status: ended}\n",
        ),
        (
            "v.yaml",
            "---\nkind: vendor\nid: v-good\nstatus: active\n...\n---\n- kind: vendor\n  id: v-bad\n  status: ended\n...\n",
        ),
        (
            "v.yaml",
            "- kind: &k vendor\n  id: \"v-good\"\n  status: 'active'\n- kind: *k\n  id: v-bad\n  status: ended\n",
        ),
        (
            "v.json",
            r#"[{"kind":"vendor","id":"v-good","status":"active"},{"kind":"vendor","id":"v-bad","status":"ended"}]"#,
        ),
        (
            "v.json",
            "{\n\t\"records\": [\n\t\t{\"kind\": \"vendor\", \"id\": \"v-good\", \"status\": \"active\"},\n\t\t\
             {\"kind\": \"vendor\",\n\t\t \"id\": \"v\\u002dbad\",\n\t\t \"status\": \"ended\"}\n\t]\n}\n",
        ),
        (
            "v.json",
            "\u{feff}{\"records\":[\r\n{\"kind\":\"vendor\",\"id\":\"v-good\",\"status\":\"active\"},\r\n\
             {\"kind\":\"vendor\",\"id\":\"v-bad\",\"status\":\"ended\"}]}\r\n",
        ),
        (
            "v.yaml",
            "%YAML 1.2\n---\nkind: vendor\nid: >-\n  v-good\nstatus: active\n---\nkind: vendor\n\
             ? id\n: v-bad\nstatus:\n  ended\n",
        ),
    ];
    let mut fingerprints = None;
    for (path, text) in forms {
        let (repo, audit) = one(path, text);
        assert_eq!(audit.status, 1, "{text}\n{}", audit.text);
        assert_eq!(audit.satisfied("vendor-not-active"), ["v-good"], "{text}");
        assert_eq!(audit.ids("vendor-not-active", "gap"), ["v-bad"], "{text}");
        let finding = audit.of("vendor-not-active")[0];
        let value = at(&repo, &finding["place"]);
        assert!(value.trim_matches('"').starts_with("ended"), "{value} in {text}");
        let fingerprint = word(&finding["fingerprint"]).to_owned();
        assert_eq!(*fingerprints.get_or_insert(fingerprint.clone()), fingerprint, "{text}");
    }
}

#[test]
fn the_configuration_says_which_files_are_records() {
    let repo = Repo::new();
    active(&repo);
    repo.write(
        "duly.yaml",
        "packs: [pack]\nsources:\n  - { name: vendors, files: ['in/**/*.JSON', 'in/*.rec'] }\n\
         ignore:\n  - { files: ['old/**'], reason: kept for the archive }\n  - { files: ['*.bak'], reason: none }\n",
    );
    repo.write("in/deep/a.JSON", r#"{"kind": "vendor", "id": "a", "status": "active"}"#);
    repo.write("in/b.rec", "kind: vendor\nid: b\nstatus: active\n");
    repo.write("in/c.yaml", "kind: vendor\nid: c\nstatus: ended\n");
    repo.write("old/d.yaml", "kind: [");
    let audit = audit(&repo);
    assert_eq!((audit.status, audit.satisfied("vendor-not-active")), (0, vec!["a", "b"]));
    let notice = audit.problem("unclaimed-files");
    assert_eq!((word(&notice["impact"]), word(&notice["place"]["path"])), ("notice", "in"));
    says(word(&notice["message"]), &["1 file below it was not read"]);
    says(word(&audit.problem("unused-ignore-rule")["message"]), &["*.bak"]);
    let used = |path: &str| {
        let files = audit.json["coverage"]["files"].as_array().expect("a list");
        let file = files.iter().find(|f| f["path"] == path).expect("the file is in the report");
        (word(&file["use"]).to_owned(), word(&file["reason"]).to_owned())
    };
    assert_eq!(used("old/d.yaml"), ("ignored".into(), "kept for the archive".into()));
    assert_eq!(used("in/c.yaml"), ("unclaimed".into(), String::new()));
    assert_eq!(used("in/b.rec").0, "records");
    assert_eq!(used("pack/T-01.yaml").0, "policy");
    assert_eq!(used("duly.yaml").0, "configuration");
}

/// What a reader refuses: the document between two good ones, the code, the place, and words.
struct Refused {
    text: &'static str,
    code: &'static str,
    line: u32,
    column: u32,
    words: &'static str,
    /// The document behind it is read, too.
    recovers: bool,
}

const fn refused(
    text: &'static str,
    code: &'static str,
    place: (u32, u32),
    words: &'static str,
    recovers: bool,
) -> Refused {
    Refused { text, code, line: place.0, column: place.1, words, recovers }
}

/// Lines count from the first of the text.
const REFUSED: &[Refused] = &[
    refused("kind: vendor\nid: x\nid: y\n", "duplicate-key", (3, 1), "duplicate key `id`", true),
    refused("kind: vendor\nid: x\nbank: {a: 1, a: 2}\n", "duplicate-key", (3, 14), "duplicate key `a`", true),
    refused("kind: vendor\n<<: {id: x}\n", "merge-key", (2, 1), "merge key", true),
    refused("kind: vendor\n12: x\n", "key-not-text", (2, 1), "this key is not text", true),
    refused("kind: vendor\ntrue: x\n", "key-not-text", (2, 1), "this key is not text", true),
    refused("kind: vendor\n~: x\n", "key-not-text", (2, 1), "this key is not text", true),
    refused("kind: vendor\n? [a, b]\n: x\n", "key-not-text", (2, 3), "a key that is not text", true),
    refused("kind: vendor\nid: !secret x\n", "tag", (2, 13), "tag", true),
    refused("kind: vendor\nid: !!binary eA==\n", "tag", (2, 14), "tag", true),
    refused("kind: vendor\nid: x\nfee: .inf\n", "not-a-finite-number", (3, 6), "infinite", true),
    refused("kind: vendor\nid: x\nfee: -.INF\n", "not-a-finite-number", (3, 6), "infinite", true),
    refused("kind: vendor\nid: x\nfee: .nan\n", "not-a-finite-number", (3, 6), "infinite or undefined", true),
    refused("kind: vendor\nid: x\nfee: 1e999\n", "not-a-finite-number", (3, 6), "infinite", true),
    refused("kind: vendor\nbank:\n\trouting: x\n", "invalid-yaml", (3, 2), "tab", false),
    refused("kind: vendor\nid: \"x\nstatus: active\n", "invalid-yaml", (2, 5), "quoted scalar", false),
    refused("kind: vendor\nid: 'x\nstatus: active\n", "invalid-yaml", (2, 5), "quoted scalar", false),
    refused("kind: vendor\nid: *nobody\n", "invalid-yaml", (2, 5), "unknown anchor", false),
    refused("kind: vendor\nid: a: b\n", "invalid-yaml", (2, 6), "mapping values are not allowed", false),
    refused("kind: vendor\nid: [x\nstatus: active\n", "invalid-yaml", (3, 7), "", false),
    refused("kind: vendor\nid: @x\n", "invalid-yaml", (2, 5), "unexpected character", false),
    refused("kind: vendor\nid: \"\\q\"\n", "invalid-yaml", (2, 5), "unknown escape", false),
    refused("just words\n", "not-a-record", (1, 1), "`kind` and `id`", true),
    refused("- 3\n", "not-a-record", (1, 3), "`kind` and `id`", true),
    refused("id: x\n", "not-a-record", (1, 1), "no `kind`", true),
];

#[test]
fn what_cannot_be_read_one_way_is_refused_and_the_rest_is_read() {
    let good = |id: &str| format!("kind: vendor\nid: {id}\nstatus: active\n");
    for case in REFUSED {
        let repo = Repo::new();
        active(&repo);
        repo.write("a.yaml", good("elsewhere"));
        repo.write("v.yaml", format!("{}---\n{}---\n{}", good("before"), case.text, good("behind")));
        let audit = audit(&repo);
        assert_eq!(audit.status, 3, "{}", case.text);
        let problem = audit.problem(case.code);
        let wanted = format!("v.yaml:{}:{}", case.line + 4, case.column);
        assert_eq!(place(&problem["place"]), wanted, "{}\n{problem}", case.text);
        says(word(&problem["message"]), &[case.words]);
        says(&audit.text, &[&format!("problem[{}] {wanted}", case.code), "help: "]);
        let satisfied = audit.satisfied("vendor-not-active");
        assert!(satisfied.contains(&"before") && satisfied.contains(&"elsewhere"), "{}", case.text);
        if case.recovers {
            assert!(satisfied.contains(&"behind"), "{}", case.text);
        }
        assert!(!satisfied.contains(&"x"), "what is refused satisfies nothing: {}", case.text);
        let refused_behind = !satisfied.contains(&"behind");
        says(word(&problem["help"]), if refused_behind { &["was not assessed"] } else { &[""] });
    }
}

#[test]
fn a_duplicate_key_names_both_places() {
    let (_, audit) = one("v.yaml", "kind: vendor\nid: x\nstatus: active\nname: a\nstatus: ended\n");
    let problem = audit.problem("duplicate-key");
    assert_eq!(place(&problem["place"]), "v.yaml:5:1");
    assert_eq!(place(&problem["related"][0]), "v.yaml:3:1");
    says(&audit.text, &["v.yaml:5:1", "first: v.yaml:3:1"]);
    // Among very many keys, too.
    let many: String = (0..200).map(|i| format!("k{i}: 1\n")).collect();
    let (_, audit) = one("v.yaml", format!("{many}k7: 2\n"));
    assert_eq!(place(&audit.problem("duplicate-key")["related"][0]), "v.yaml:8:1");
}

#[test]
fn what_is_no_json_is_refused_where_it_stops_being_json() {
    let cases: [(&str, (u32, u32), &str); 8] = [
        ("{\"kind\": \"vendor\",\n \"id\": \"x\",}\n", (2, 12), "key must be a string"),
        ("{\"kind\": \"vendor\", // the kind\n \"id\": \"x\"}\n", (1, 20), "key must be a string"),
        ("[1, 2,]", (1, 7), ""),
        ("{'kind': 'vendor'}", (1, 2), "key must be a string"),
        ("{\"kind\": \"vendor\", \"id\": NaN}", (1, 26), "expected value"),
        ("{\"kind\": \"vendor\", \"id\": \"x", (1, 27), "EOF while parsing a string"),
        ("{\"kind\": \"vendor\"} {}", (1, 20), "trailing characters"),
        ("kind: vendor\nid: x\n", (1, 1), "expected value"),
    ];
    for (text, (line, column), words) in cases {
        let repo = Repo::with(&[("a.yaml", "kind: vendor\nid: elsewhere\nstatus: active\n")]);
        active(&repo);
        repo.write("v.json", text);
        let audit = audit(&repo);
        assert_eq!((audit.status, audit.satisfied("vendor-not-active")), (3, vec!["elsewhere"]), "{text}");
        let problem = audit.problem("invalid-json");
        assert_eq!(place(&problem["place"]), format!("v.json:{line}:{column}"), "{text}");
        says(word(&problem["message"]), &["not valid JSON", words]);
        says(word(&problem["help"]), &["nothing in it was assessed"]);
    }
}

#[test]
fn json_is_read_as_json_is_written() {
    // Escapes and white space as encoders of other systems write them.
    let name = r#""A \ud83d\ude00 \/ \u0041 \"q\" \b\f\t""#;
    let text = format!(
        "{{\"kind\"\n:\t\"vendor\",\"id\":\"x\",\"status\":\"active\",\"name\":{name},\n\t\"reviewed_on\":null}}"
    );
    let (_, audit) = one("v.json", text);
    assert_eq!((audit.status, audit.satisfied("vendor-not-active")), (0, vec!["x"]), "{}", audit.text);
}

#[test]
fn bytes_that_are_no_text_are_a_problem_with_their_place() {
    let cases: [(&[u8], (u32, u32), &str); 5] = [
        (b"kind: vendor\nid: x\nname: Zo\xeb\n", (3, 9), "0xeb"),
        (b"kind: vendor\nid: \xe9\xa9\n", (2, 5), "0xe9"),
        (b"\xff\xfek\0i\0n", (1, 1), "UTF-16LE"),
        (b"\xfe\xff\xd8\x00\0k", (1, 1), "UTF-16BE"),
        (b"\x89PNG\r\n\x1a\n", (1, 1), "0x89"),
    ];
    for (bytes, (line, column), words) in cases {
        let repo = Repo::with(&[("a.yaml", "kind: vendor\nid: elsewhere\nstatus: active\n")]);
        active(&repo);
        repo.write("v.yaml", bytes);
        let audit = audit(&repo);
        assert_eq!((audit.status, audit.satisfied("vendor-not-active")), (3, vec!["elsewhere"]));
        let problem = audit.problem("not-text");
        assert_eq!(place(&problem["place"]), format!("v.yaml:{line}:{column}"), "{problem}");
        says(word(&problem["message"]), &[words]);
        says(word(&problem["help"]), &["UTF-8", "duly.yaml"]);
    }
}

#[test]
fn text_stays_the_text_it_was_written_as() {
    let ids = [
        "011000015",
        "12",
        "-3",
        "1.10",
        "1e5",
        "0x1F",
        "true",
        "No",
        "2026-06-30",
        "12:30:00",
        ".5",
        "1_000",
        "99999999999999999999",
        "+1",
        "''",
        "\"null\"",
    ];
    let repo = Repo::new();
    active(&repo);
    let text: Vec<String> =
        ids.iter().map(|id| format!("kind: vendor\nid: {id}\nstatus: active\n")).collect();
    repo.write("v.yaml", text.join("---\n"));
    let audit = audit(&repo);
    let mut wanted: Vec<&str> =
        ids.iter().map(|id| id.trim_matches(['"', '\''])).filter(|id| !id.is_empty()).collect();
    wanted.sort_unstable();
    assert_eq!(audit.satisfied("vendor-not-active"), wanted);
    // The empty id is refused; nothing is made up for it.
    assert!(!audit.coded("invalid-value").is_empty());
    assert_eq!(audit.status, 3);
}

#[test]
fn a_routing_number_keeps_its_zero() {
    let repo = Repo::new();
    let require =
        "worker.bank.routing_number == '011000015' && routing_number_ok(worker.bank.routing_number)";
    pack(&repo, &each("number", "worker", require, "m", &[]));
    for (id, number) in [("plain", "011000015"), ("quoted", "'011000015'"), ("lost", "11000015")] {
        repo.write(
            format!("{id}.yaml"),
            format!("kind: worker\nid: {id}\nbank: {{routing_number: {number}}}\n"),
        );
    }
    let audit = audit(&repo);
    assert_eq!(audit.satisfied("number"), ["plain", "quoted"]);
    assert_eq!(audit.ids("number", "gap"), ["lost"]);
}

#[test]
fn files_without_records_are_named_and_harm_nothing() {
    let repo = Repo::with(&[("a.yaml", "kind: vendor\nid: x\nstatus: active\n")]);
    active(&repo);
    for (path, text) in [
        ("empty.yaml", ""),
        ("comments.yaml", "# nothing\n\n# here\n"),
        ("null.yaml", "---\n~\n"),
        ("markers.yaml", "---\n---\n"),
        ("list.yaml", "[]\n"),
        ("records.yaml", "records: []\n"),
        ("mark.yaml", "\u{feff}"),
    ] {
        repo.write(path, text);
    }
    let audit = audit(&repo);
    assert_eq!((audit.status, audit.satisfied("vendor-not-active")), (0, vec!["x"]), "{}", audit.text);
    let named: Vec<&str> = audit.coded("empty-file").iter().map(|p| word(&p["place"]["path"])).collect();
    assert!(audit.coded("empty-file").iter().all(|p| p["impact"] == "notice"));
    for path in
        ["comments.yaml", "empty.yaml", "list.yaml", "mark.yaml", "markers.yaml", "null.yaml", "records.yaml"]
    {
        assert!(named.contains(&path), "{path} holds nothing, and nobody says so");
    }
}

#[test]
fn what_stands_beside_records_is_a_problem() {
    let (_, audit) =
        one("v.yaml", "version: 3\nrecords:\n  - {kind: vendor, id: x, status: active}\nowner: me\n");
    assert_eq!((audit.status, audit.satisfied("vendor-not-active")), (3, vec!["x"]));
    let places: Vec<String> = audit.coded("unknown-field").iter().map(|p| place(&p["place"])).collect();
    assert_eq!(places.len(), 2, "{places:?}");
    says(&audit.text, &["beside `records`"]);
}

#[test]
fn aliases_stand_for_their_values() {
    let text = "- kind: vendor\n  id: a\n  status: &s ended\n- kind: vendor\n  id: b\n  status: *s\n";
    let (_, audit) = one("v.yaml", text);
    assert_eq!(audit.ids("vendor-not-active", "gap"), ["a", "b"]);
    let places: Vec<String> = audit.of("vendor-not-active").iter().map(|f| place(&f["place"])).collect();
    assert_eq!(places[0], "v.yaml:3:14");
    assert!(places[1].starts_with("v.yaml:6:"), "a finding points into its own record: {places:?}");
    let (_, cycle) = one("v.yaml", "kind: vendor\nid: a\nbank: &b\n  routing_number: *b\n");
    assert_eq!(cycle.status, 3);
    assert_eq!(place(&cycle.problem("alias-cycle")["place"]), "v.yaml:4:19");
}

#[test]
fn a_long_line_still_shows_what_a_finding_is_about() {
    let filler = "x".repeat(600);
    let texts = [
        format!(r#"[{{"kind":"vendor","id":"bad","name":"{filler}","status":"ended","notes":"{filler}"}}]"#),
        format!(r#"{{"kind": "vendor", "id": "bad", "status": "ended", "name": "{filler}"}}"#),
        format!(r#"{{"name": "{filler}", "kind": "vendor", "id": "bad", "status": "ended"}}"#),
    ];
    for text in texts {
        let (repo, audit) = one("v.json", &text);
        let finding = audit.of("vendor-not-active")[0];
        assert!(at(&repo, &finding["place"]).starts_with("ended"));
        assert_eq!(labelled(&finding["snippet"]), "ended", "{text}");
        says(&audit.text, &["\"ended\"", "━━━━━"]);
    }
}

/// What the label of a snippet stands under.
fn labelled(snippet: &Value) -> String {
    let number = |key: &str| snippet[key].as_u64().expect("a number") as usize;
    let text = word(&snippet["line"]["text"]);
    text.chars().skip(number("column") - 1).take(number("width")).collect()
}
