//! Rules of the configuration that do nothing are told, each with its place and with what was meant.

use super::packs::{HEAD, active};
use super::support::{AS_OF, Audit, Repo, at, audit, duly, place, says, word};

const SHIPMENT: &str = "kind: shipment\nid: S-1\nworker: W-1\nstatus: delivered\nsignature: adult\n";
const WORKER: &str = "kind: worker\nid: W-1\nstatus: active\n";

/// A worker and a shipment in folders of their own, with a configuration. Every check is asked: these records say too little
/// for those of `core`.
fn repo(config: &str) -> Repo {
    let config = format!("{config}profile: full\n");
    Repo::with(&[("workers/w.yaml", WORKER), ("shipments/s.yaml", SHIPMENT), ("duly.yaml", &config)])
}

fn sources(patterns: &str) -> Repo {
    repo(&format!(
        "sources:\n  - {{ name: workers, files: [workers/*.yaml] }}\n  - {{ name: all, files: [{patterns}] }}\n"
    ))
}

/// The problem of a code: where it stands, and whether it leaves the audit incomplete.
#[track_caller]
fn told<'a>(
    repo: &Repo,
    audit: &'a Audit,
    code: &str,
    stands: &str,
    incomplete: bool,
    words: &[&str],
) -> &'a str {
    let problem = audit.problem(code);
    let found = at(repo, &problem["place"]);
    assert!(found.starts_with(stands), "{code} stands at {found:?}\n{}", audit.text);
    assert_eq!(word(&problem["impact"]), if incomplete { "incomplete" } else { "notice" }, "{problem}");
    assert_eq!(audit.status == 3, incomplete, "{}", audit.text);
    says(&format!("{} {}", word(&problem["message"]), word(&problem["help"])), words);
    word(&problem["help"])
}

#[test]
fn a_source_that_matches_nothing_leaves_the_audit_incomplete() {
    for (pattern, words) in [
        ("./shipments/*.yaml", ["did you mean `shipments/*.yaml`?", "starts with `./`"]),
        ("/shipments/*.yaml", ["did you mean `shipments/*.yaml`?", "starts with `/`"]),
        ("shipments/", ["did you mean `shipments/**`?", "ends with `/`"]),
        ("shipments", ["did you mean `shipments/**`?", "names a folder"]),
        ("'shipments\\*.yaml'", ["did you mean `shipments/*.yaml`?", "has `\\`"]),
        (
            "Shipments/*.yaml",
            ["did you mean `shipments/*.yaml`?", "upper and lower case from `shipments/s.yaml`"],
        ),
        ("shipments/*.yml", ["did you mean `shipments/*.yaml`?", "matches no file"]),
        ("shipmnts/*.yaml", ["did you mean `shipments/*.yaml`?", "matches no file"]),
        ("devices/*.csv", ["fix its patterns, or remove it", "the source `all` matches no file"]),
    ] {
        let repo = sources(pattern);
        let audit = audit(&repo);
        told(&repo, &audit, "unused-source", pattern.trim_matches('\''), true, &words);
    }
}

#[test]
fn a_pattern_of_several_that_matches_nothing_is_told() {
    let repo = sources("shipments/*.yaml, devices/*.csv");
    let first = audit(&repo);
    told(
        &repo,
        &first,
        "unused-source",
        "devices/*.csv",
        false,
        &["the pattern `devices/*.csv` of the source `all`"],
    );
    // Files that are there and were meant are missing from the audit.
    let repo = repo_with_two();
    let second = audit(&repo);
    told(&repo, &second, "unused-source", "Shipments/*.yaml", true, &["did you mean `shipments/*.yaml`?"]);
}

fn repo_with_two() -> Repo {
    repo("sources:\n  - name: all\n    files:\n      - workers/*.yaml\n      - Shipments/*.yaml\n")
}

#[test]
fn a_source_that_takes_nothing_is_told() {
    let first =
        repo("sources:\n  - { name: a, files: ['**/*.yaml'] }\n  - { name: b, files: [shipments/*.yaml] }\n");
    told(
        &first,
        &audit(&first),
        "shadowed-source",
        "b,",
        false,
        &["the source `b` takes no file", "source `a` above"],
    );
    let other = repo(
        "sources:\n  - { name: a, files: ['**/*.yaml'] }\n  - { name: b, files: [shipments/*.yaml], reader: json-lines }\n",
    );
    told(&other, &audit(&other), "shadowed-source", "b,", true, &["the source `a` above it takes"]);
    let ignored = repo(
        "sources:\n  - { name: a, files: [workers/*] }\n  - { name: b, files: [shipments/*] }\n\
         ignore:\n  - { files: ['ship*/**'], reason: none }\n",
    );
    told(
        &ignored,
        &audit(&ignored),
        "shadowed-source",
        "b,",
        true,
        &["the ignore rule for `ship*/**` leaves out"],
    );
}

#[test]
fn ignore_rules_are_told_pattern_by_pattern() {
    let repo = repo("ignore:\n  - { files: ['*.md', Workers/**], reason: x }\n");
    repo.write("README.md", "x");
    let help = audit(&repo);
    told(
        &repo,
        &help,
        "unused-ignore-rule",
        "Workers/**",
        false,
        &["`workers/w.yaml`", "did you mean `workers/**`?"],
    );
    repo.write(
        "duly.yaml",
        "ignore:\n  - { files: ['*.md'], reason: x }\n  - { files: [README.md], reason: y }\nprofile: full\n",
    );
    told(&repo, &audit(&repo), "unused-ignore-rule", "files: [README.md]", false, &["a rule above it does"]);
}

#[test]
fn names_that_nothing_has_are_told() {
    let repo = repo("owners:\n  treasury: T. Reed\n  security: S. Holt\n");
    told(
        &repo,
        &audit(&repo),
        "unused-owner",
        "treasury",
        false,
        &["no measure has the owner `treasury`", "security"],
    );
    repo.write("lists/a.txt", "198.51.100.0/24\n")
        .write("duly.yaml", "reference:\n  - { list: badges, file: lists/a.txt }\nprofile: full\n");
    told(
        &repo,
        &audit(&repo),
        "unused-reference-list",
        "badges",
        false,
        &["no check reads", "commercial-vpn"],
    );
    repo.write("duly.yaml", "reference:\n  - { list: comercial-vpn, file: lists/a.txt }\n");
    told(
        &repo,
        &audit(&repo),
        "unused-reference-list",
        "comercial-vpn",
        true,
        &["did you mean `commercial-vpn`?"],
    );
    repo.write("duly.yaml", "reference:\n  - { list: commercial-vpn, file: Lists/A.txt }\n");
    told(
        &repo,
        &audit(&repo),
        "reference-list-missing",
        "Lists/A.txt",
        true,
        &["did you mean `lists/a.txt`?", "case"],
    );
}

#[test]
fn parameters_that_change_nothing_are_told() {
    let repo = repo("parameters:\n  DD-09: { review_days: 365 }\n");
    told(
        &repo,
        &audit(&repo),
        "unused-parameter",
        "review_days",
        false,
        &["the value that it has in the pack"],
    );
    repo.write("duly.yaml", "parameters:\n  DD-09: {}\nprofile: full\n");
    told(&repo, &audit(&repo), "unused-parameter", "DD-09", false, &["no parameter of `DD-09` is set"]);
    repo.write("duly.yaml", "parameters:\n  DD-09: { review_days: 90 }\nprofile: full\n");
    assert!(audit(&repo).coded("unused-parameter").is_empty());
}

#[test]
fn what_can_never_mean_anything_is_refused_with_its_place() {
    let repo = repo("");
    for (config, words) in [
        ("parameters:\n  DD-09: { review_days: -1 }\n", ["cannot be less than 0", "duly.yaml:2:12"]),
        ("packs: [fbi-i-101823-psa, fbi-i-101823-psa]\n", ["is named twice", "duly.yaml:1:27"]),
        ("packs: [fbi-i-101823-pas]\n", ["did you mean `fbi-i-101823-psa`?", "duly.yaml:1:9"]),
        (
            "reference:\n  - { list: a, file: x }\n  - { list: a, file: y }\n",
            ["the reference list `a` is named twice", "duly.yaml:3:7"],
        ),
        (
            "sources:\n  - { name: a, files: [x] }\n  - { name: a, files: [y] }\n",
            ["two sources have the name `a`", "duly.yaml:3:7"],
        ),
    ] {
        repo.write("duly.yaml", config);
        let output = duly(&repo, &["audit", ".", "--as-of", AS_OF]);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{config}");
        says(&output.stderr, &words);
    }
}

#[test]
fn a_pattern_that_takes_in_what_cannot_be_records_says_so_once() {
    let repo = sources("'**'");
    repo.write("evidence/a.pdf", b"%PDF-1.7\xff")
        .write("evidence/b.png", b"\x89PNG")
        .write("c.xlsx", b"PK\x03\x04");
    let whole = audit(&repo);
    told(
        &repo,
        &whole,
        "cannot-be-records",
        "**'",
        true,
        &["3 files that cannot be records", "`c.xlsx`", "`**/*.yaml`"],
    );
    assert_eq!(whole.coded("unclaimed-files").len() + whole.coded("not-text").len(), 0, "{}", whole.text);
    // As evidence they are what they should be.
    let names = |path: &str| format!("{SHIPMENT}document: {{ ref: {path}, dated_on: 2026-06-01 }}\n");
    repo.remove("evidence/b.png").remove("c.xlsx").write("shipments/s.yaml", names("evidence/a.pdf"));
    let named = audit(&repo);
    assert!(named.coded("cannot-be-records").is_empty(), "{}", named.text);
    assert_eq!(place(&whole.problem("cannot-be-records")["place"]), "duly.yaml:3:27");
}

#[test]
fn parts_of_a_pack_that_nothing_has_are_told() {
    let repo = Repo::with(&[("v.yaml", "kind: vendor\nid: v\nstatus: active\n")]);
    active(&repo);
    let head = HEAD.replace("groups:\n", "groups:\n  - { id: spare, title: Spare }\n");
    assert_ne!(head, HEAD, "the head has groups in block form");
    repo.write("pack/pack.yaml", head);
    let parameters = "parameters:\n  days: { value: 5, description: Days. }\nchecks:\n";
    let measure = repo.text("pack/T-01.yaml").replace("checks:\n", parameters);
    repo.write("pack/T-01.yaml", measure);
    let audit = audit(&repo);
    let parts: Vec<(String, &str)> = audit
        .coded("unused-policy-part")
        .iter()
        .map(|p| (at(&repo, &p["place"]), word(&p["message"])))
        .collect();
    assert_eq!((audit.status, parts.len()), (0, 2), "{parts:?}");
    says(parts[0].1, &["no check of T-01 reads the parameter `days`"]);
    says(parts[1].1, &["no measure is in the group `spare`"]);
    assert!(parts[1].0.starts_with("spare"), "{parts:?}");
}

#[test]
fn ignored_files_that_hold_records_are_named() {
    let repo = repo("ignore:\n  - { files: ['old/**'], reason: for people }\n");
    repo.write("old/login.yaml", "kind: login\nid: LOG-1\n")
        .write("old/notes.yaml", "kind: Deployment\nname: x\n")
        .write("old/notes.md", "kind: login\n");
    let whole = audit(&repo);
    let words =
        ["1 file that the configuration ignores holds records: old/login.yaml", "a source reads them"];
    let problem = whole.problem("ignored-records");
    assert_eq!(word(&problem["impact"]), "notice", "{problem}");
    says(&format!("{} {}", word(&problem["message"]), word(&problem["help"])), &words);
}
