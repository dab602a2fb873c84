//! Very many of anything, or one very long thing: the audit ends soon, lists what a reader can use, counts the
//! rest, and still does what it can. [`PATIENCE`](super::support::PATIENCE) ends what grows faster than its input.

use std::fmt::Write as _;

use super::packs::{active, each, pack};
use super::support::{AS_OF, Audit, Call, Output, Repo, audit, audit_with, says, word};

const MANY: usize = 100_000;
/// Problems of one kind in one file that are listed.
const LISTED: usize = 1000;

fn many(line: impl Fn(usize) -> String) -> String {
    (0..MANY).fold(String::new(), |mut text, i| {
        let _ = writeln!(text, "{}", line(i));
        text
    })
}

fn repo(name: &str, text: impl AsRef<[u8]>) -> Repo {
    let repo = Repo::with(&[("good.yaml", "kind: vendor\nid: good\nstatus: active\n")]);
    active(&repo);
    repo.write(name, text);
    repo
}

/// Of `count` problems of a code, the first are listed and the others counted.
#[track_caller]
fn counted(audit: &Audit, code: &str, count: usize) {
    let all = audit.coded(code);
    assert_eq!(all.len(), LISTED + 1, "{code}");
    let rest = format!("{} more of this kind in this file", count - LISTED);
    assert_eq!(all.iter().filter(|p| word(&p["message"]).contains(&rest)).count(), 1, "{code}: {rest}");
    assert_eq!(audit.status, 3);
    assert_eq!(audit.satisfied("vendor-not-active"), ["good"], "the rest is done");
}

#[test]
fn very_many_unknown_fields() {
    let repo = repo("v.yaml", format!("kind: worker\nid: w\n{}", many(|i| format!("statu{i}: {i}"))));
    let audit = audit_with(&repo, &["-v"]);
    counted(&audit, "unknown-field", MANY);
    says(&audit.text, &["did you mean `status`?"]);
}

#[test]
fn very_many_faults_in_one_record() {
    let repo =
        repo("v.yaml", format!("kind: worker\nid: w\naccounts:\n{}", many(|i| format!("- {{a: {i}}}"))));
    counted(&audit_with(&repo, &["-v"]), "invalid-type", MANY);
}

#[test]
fn very_many_values_that_are_no_records() {
    let audit = audit(&repo("v.yaml", many(|i| format!("- {i}"))));
    says(word(&audit.problem("not-a-record")["message"]), &[&format!("holds {MANY} entries and no record")]);
    // Beside a record each is told, as far as problems are listed.
    let mixed = format!("- {{kind: vendor, id: v}}\n{}", many(|i| format!("- {i}")));
    counted(&audit_with(&repo("v.yaml", mixed), &[]), "not-a-record", MANY);
}

#[test]
fn very_many_documents_that_are_no_yaml() {
    let audit = audit(&repo("v.yaml", many(|_| "---\nkind: [".to_owned())));
    counted(&audit, "invalid-yaml", MANY);
}

#[test]
fn very_many_unknown_kinds() {
    let audit = audit(&repo("v.yaml", many(|i| format!("- {{kind: vendro, id: v-{i}}}"))));
    counted(&audit, "unknown-kind", MANY);
}

#[test]
fn very_many_references_that_lead_nowhere() {
    let mut text = many(|i| format!("- {{kind: worker, id: w-{i}, vendor: nobody-{i}}}"));
    for i in 0..900 {
        let _ = writeln!(text, "- {{kind: vendor, id: somebody-{i}, status: active}}");
    }
    let repo = repo("w.yaml", text);
    let audit = audit(&repo);
    assert_eq!(audit.coded("broken-reference").len(), LISTED + 1);
    assert_eq!(audit.satisfied("vendor-not-active").len(), 901);
}

#[test]
fn very_many_records_with_few_ids() {
    let repo = repo("v.yaml", many(|i| format!("- {{kind: vendor, id: v-{}, status: ended}}", i % 10)));
    counted(&audit(&repo), "duplicate-id", MANY - 10);
}

#[test]
fn very_many_elements_each_of_which_is_asked() {
    // Each element lacks what is asked, and each path to one is put into words.
    let repo = Repo::new();
    let require = "worker.travel.all(t, t.end_on == as_of)";
    pack(&repo, &each("listed", "worker", require, "worker {{ worker.id }}", &[]));
    let text = (0..40_000).fold(String::from("kind: worker\nid: w\ntravel:\n"), |mut text, _| {
        text.push_str("- {country: US}\n");
        text
    });
    repo.write("w.yaml", text);
    let audit = audit(&repo);
    let finding = audit.of("listed");
    let message = finding.first().map(|f| word(&f["message"])).unwrap_or_default();
    says(message, &["travel[0].end_on", "and more"]);
    assert!(message.len() < 1000);
}

#[test]
fn a_very_long_key() {
    let key = "k".repeat(1_000_000);
    let repo = repo("a.yaml", format!("kind: vendor\nid: a\nstatus: ended\n? {key}\n: 1\n"));
    repo.write("b.yaml", format!("kind: vendor\nid: b\nstatus: ended\n{key}: 1\n"));
    repo.write("c.json", format!("{{\"kind\":\"vendor\",\"id\":\"c\",\"{key}\":1}}"));
    let audit = audit(&repo);
    assert_eq!(audit.status, 3);
    for name in ["a.yaml", "b.yaml", "c.json"] {
        let problem = audit.problems().iter().find(|p| p["place"]["path"] == name);
        assert!(problem.is_some(), "{name} is in {}", audit.text);
    }
    assert!(audit.text.len() < 10_000 && audit.raw.len() < 20_000, "the key is nowhere written out");
}

/// The terminal report alone, as a machine's would hold each finding.
fn terminal(repo: &Repo) -> Output {
    Call::new(repo.root()).args(["audit", ".", "--as-of", AS_OF, "--pack", "pack", "--all"]).run()
}

#[test]
fn a_line_without_end() {
    let long = "x".repeat(50_000_000);
    for text in [
        format!("kind: vendor\nid: v\nstatus: ended\nname: {long}"),
        format!("kind: vendor\nid: v\nstatus: ended # {long}"),
        format!("{{kind: vendor, name: {long}, id: v, status: ended}}"),
    ] {
        let output = terminal(&repo("v.yaml", text));
        assert_eq!(output.status, 1);
        says(&output.stdout, &["vendor v is ended"]);
        assert!(output.stdout.lines().all(|line| line.chars().count() <= 100), "no line is wider");
    }
}

#[test]
fn very_many_records_on_one_line() {
    let mut text = String::from("[");
    for i in 0..MANY {
        let comma = if i == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}{{\"kind\":\"vendor\",\"id\":\"v-{i}\",\"name\":\"{}\",\"status\":\"ended\"}}",
            "n".repeat(540)
        );
    }
    text.push(']');
    assert!(text.len() > 55_000_000);
    let output = terminal(&repo("v.json", text));
    assert_eq!(output.status, 1);
    says(&output.stdout, &["99995 more of vendor-not-active", "v.json:1:"]);
}

#[test]
fn very_many_findings_in_one_file() {
    let text = (0..2 * MANY).fold(String::new(), |mut text, i| {
        let _ = write!(text, "---\nkind: vendor\nid: v-{i}\nstatus: ended\n");
        text
    });
    let output = terminal(&repo("v.yaml", text));
    assert_eq!(output.status, 1);
    says(&output.stdout, &["199995 more of vendor-not-active"]);
}

#[test]
fn very_many_files_that_nobody_claims() {
    let repo = repo("x.txt", "x");
    for i in 0..5000 {
        repo.write(format!("f{i}.txt"), "x");
    }
    let output = terminal(&repo);
    assert_eq!(output.status, 0);
    says(&output.stdout, &["more unclaimed-files; --verbose shows all"]);
}

#[test]
fn an_id_without_end_is_refused() {
    let repo = Repo::new();
    pack(&repo, &each("c", "seat", "seat.id == 'x'", "seat {{ seat.id }}", &[]));
    let head = repo.text("pack/pack.yaml");
    repo.write("pack/pack.yaml", format!("{head}kinds: [{{ kind: seat, schema: seat.json }}]\n"));
    repo.write(
        "pack/seat.json",
        r#"{"type": "object", "properties": {"kind": {"type": "string"}, "id": {"type": "string"}}}"#,
    );
    repo.write("s.yaml", format!("kind: seat\nid: {}\n", "x".repeat(1_000_000)));
    let audit = audit(&repo);
    assert_eq!(audit.status, 3);
    says(word(&audit.problem("invalid-value")["message"]), &["1000000 bytes long", "at most 1024"]);
    assert!(audit.raw.len() < 20_000);
}
