//! What a report says beside its findings: how old evidence is, what concerns a subject, and since when a finding is
//! known.

use serde_json::Value;

use super::history::History;
use super::html::text_of;
use super::packs::{each, pack};
use super::support::{AS_OF, Call, Repo, items, says, word};

/// An observation that names documents, each with the day that the record gives.
fn observation(documents: &[(&str, &str)]) -> String {
    let entry = |(path, day): &(&str, &str)| {
        let day = if day.is_empty() { String::new() } else { format!(", dated_on: {day}") };
        format!("  - {{ ref: {path}{day} }}\n")
    };
    "kind: observation\nid: O-1\nred_flag: claimed-location\ndocuments:\n".to_owned()
        + &documents.iter().map(entry).collect::<String>()
}

fn json(folder: &Repo, more: &[&str]) -> Value {
    let args = [&["audit", ".", "--as-of", AS_OF, "--report", "json"], more].concat();
    let output = Call::new(folder.root()).args(args).run();
    serde_json::from_str(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", output.stderr))
}

fn report(folder: &Repo, format: &str, more: &[&str]) -> String {
    let args = [&["audit", ".", "--as-of", AS_OF, "--report", format], more].concat();
    Call::new(folder.root()).args(args).run().stdout
}

/// Of each document: its path, its day and what that is from, its age, its commit or why there is none, whether it was
/// changed on disk.
fn documents(json: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let row = |file: &Value| {
        let commit = match &file["commit"] {
            Value::Null => text(&file["no_commit"]),
            commit => format!("{} {}", &word(&commit["id"])[..7], word(&commit["committed_on"])),
        };
        let age = file["age_days"].as_u64().map_or_else(|| "-".to_owned(), |days| days.to_string());
        let changed = if file["changed"] == true { " changed" } else { "" };
        let (path, day) = (word(&file["path"]), text(&file["dated_on"]));
        format!("{path} {day} {} {age} {commit}{changed}", text(&file["dated_by"]))
    };
    items(&json["coverage"]["evidence"]).iter().map(row).collect()
}

#[test]
fn evidence_has_its_age_and_its_last_commit() {
    let records = observation(&[
        ("e/dated.md", "2026-06-01"),
        ("e/plain.md", ""),
        ("e/plain.md", ""),
        ("e/later.md", "2026-07-01"),
        ("e/edited.md", ""),
        ("e/new.md", ""),
        ("e/none.md", ""),
    ]);
    let files = ["e/dated.md", "e/plain.md", "e/later.md", "e/edited.md"].map(|path| (path, "seen by A. B."));
    let history = History::with(&[&[("records.yaml", records.as_str())], &files[..]].concat());
    let first = history.git.head().expect("a commit").peel_to_commit().expect("a commit").id().to_string();
    let second = history.write("e/dated.md", "seen by C. D.").commit("second", 40).to_string();
    history.write("e/edited.md", "other").write("e/new.md", "seen");
    let (first, second) = (&first[..7], &second[..7]);
    let found = json(&history.repo, &[]);
    assert_eq!(
        documents(&found),
        [
            format!("e/dated.md 2026-06-01 record 29 {second} 2026-02-10"),
            format!("e/edited.md - - - {first} 2026-01-01 changed"),
            format!("e/later.md 2026-07-01 record - {first} 2026-01-01"),
            "e/new.md - - - not-committed".to_owned(),
            format!("e/plain.md 2026-01-01 commit 180 {first} 2026-01-01"),
        ]
    );
    let plain = items(&found["coverage"]["evidence"]).iter().find(|file| file["path"] == "e/plain.md");
    assert_eq!(plain.expect("it is there")["named"], 2);
    // An earlier revision has what it had then.
    assert_eq!(
        documents(&json(&history.repo, &["--rev", "HEAD~1"]))[0],
        format!("e/dated.md 2026-06-01 record 29 {first} 2026-01-01")
    );
    let text = text_of(&report(&history.repo, "html", &[]));
    says(
        &text,
        &[
            "Documents of the folder that records name: 5, the oldest first",
            "e/plain.md 180 days 2026-01-01, commit",
            "e/dated.md 29 days 2026-06-01, record",
            "of 2026-01-01, changed on disk since",
            "e/later.md dated after 2026-06-30",
            "e/new.md not known not recorded not committed",
        ],
    );
}

#[test]
fn without_git_no_commit_is_invented() {
    let records = observation(&[("e/dated.md", "2026-06-01"), ("e/plain.md", "")]);
    let repo = Repo::with(&[("records.yaml", &records), ("e/dated.md", "seen"), ("e/plain.md", "seen")]);
    let found = json(&repo, &[]);
    assert_eq!(documents(&found), ["e/dated.md 2026-06-01 record 29 -", "e/plain.md - - - -"]);
    let text = text_of(&report(&repo, "html", &[]));
    says(
        &text,
        &["e/dated.md 29 days 2026-06-01, record no commit", "e/plain.md not known not recorded no commit"],
    );
}

#[test]
fn a_shallow_history_dates_nothing() {
    let records = observation(&[("e/old.md", ""), ("e/new.md", "")]);
    let history = History::with(&[("records.yaml", &records), ("e/old.md", "seen"), ("e/new.md", "seen")]);
    let edge = history.write("e/new.md", "seen twice").commit("second", 10).to_string();
    let last = history.write("e/new.md", "seen again").commit("third", 20).to_string();
    std::fs::write(history.git.path().join("shallow"), format!("{edge}\n")).expect("a file");
    let found = documents(&json(&history.repo, &[]));
    assert_eq!(
        found,
        [
            format!("e/new.md 2026-01-21 commit 160 {} 2026-01-21", &last[..7]),
            "e/old.md - - - shallow-history".to_owned()
        ]
    );
    says(&text_of(&report(&history.repo, "html", &[])), &["e/old.md not known", "the clone is shallow"]);
}

/// The part of the page about a subject, from its name to the next one.
fn about<'t>(text: &'t str, id: &str) -> &'t str {
    let start = text.find(&format!("{id}: ")).or_else(|| text.find(&format!("{id}, ")));
    let rest = &text[start.unwrap_or_else(|| panic!("no {id} in {text}"))..];
    let end = rest.match_indices(" to look at").nth(1).map_or(rest.len(), |(at, _)| at);
    &rest[..end]
}

#[test]
fn a_subject_has_what_names_it() {
    let checks =
        each("vendor-active", "vendor", "vendor.status != 'active'", "vendor {{ vendor.id }} is bad", &[])
            + &each(
                "grant-ended",
                "grant",
                "grant.status == 'revoked'",
                "grant {{ grant.id }} is not revoked",
                &[],
            )
            + &each("device-lost", "device", "device.status == 'lost'", "device {{ device.id }} is bad", &[])
            + &each("login-blocked", "login", "login.country == 'KR'", "login {{ login.id }} is bad", &[])
            + &each(
                "parcel-lost",
                "shipment",
                "shipment.status == 'lost'",
                "parcel {{ shipment.id }} is bad",
                &[],
            );
    let records = "\
kind: vendor
id: V-1
name: Acme
status: ended
---
kind: worker
id: W-09
name: Jane Doe
vendor: V-1
engagement: vendor-supplied
status: active
---
kind: worker
id: W-10
name: John Roe
referred_by: W-09
engagement: contractor
status: active
---
kind: device
id: D-1
status: in-use
assigned_to: W-09
---
kind: login
id: L-1
worker: W-10
device: D-1
country: US
---
kind: grant
id: G-1
worker: W-09
resource: R-1
status: active
---
kind: grant
id: G-2
worker: W-10
resource: R-1
status: revoked
---
kind: shipment
id: S-1
worker: W-09
status: delivered
";
    let repo = Repo::with(&[("records.yaml", records)]);
    pack(&repo, &checks);
    let found = json(&repo, &["--pack", "pack"]);
    let subject = |id: &str| {
        let of = items(&found["subjects"]).iter().find(|subject| subject["id"] == id);
        of.unwrap_or_else(|| panic!("no {id} in {}", found["subjects"]))
    };
    assert_eq!(subject("W-09")["name"], "J. D.");
    let (grants, devices) = (&subject("W-09")["found"]["grant"], &subject("W-09")["found"]["device"]);
    assert_eq!((items(grants), items(devices)), (&["G-1".into()][..], &["D-1".into()][..]));
    // The login of another worker on the device concerns the device, its holder and the vendor.
    assert_eq!(subject("D-1")["found"]["login"][0], "L-1");
    // Who was referred by someone is a worker of their own.
    assert!(subject("W-09")["found"].get("worker").is_none(), "{}", subject("W-09"));
    // A grant without a finding is counted.
    assert_eq!(subject("W-10")["records"], serde_json::json!({ "grant": 1, "login": 1 }));
    assert_eq!(subject("V-1")["records"]["worker"], 1);
    let page = report(&repo, "html", &["--pack", "pack"]);
    let text = text_of(page.split_once("<section id=\"subjects\"").expect("subjects").1);
    let said = about(&text, "W-09");
    says(
        said,
        &["W-09, J. D.: 4 to close, 0 to look at", "On record: ", "1 grant", "1 shipment", "1 device"],
    );
    for message in ["grant G-1 is not revoked", "device D-1 is bad", "parcel S-1 is bad", "login L-1 is bad"]
    {
        says(said, &[message]);
        says(about(&text, "V-1"), &[message]);
    }
    says(about(&text, "W-10"), &["W-10, J. R.: 1 to close", "login L-1 is bad"]);
    says(about(&text, "D-1"), &["D-1: 2 to close", "login L-1 is bad", "device D-1 is bad"]);
}

/// A pack and vendors in four commits: `V-1` is a gap from the second commit on, `V-2` in the first, in the third and
/// later, `V-3` since the last edit, which is not committed.
fn with_history() -> History {
    let history = History::new();
    pack(
        &history.repo,
        &each("ended", "vendor", "vendor.status == 'ended'", "vendor {{ vendor.id }} is not ended", &[]),
    );
    let write = |states: [&str; 3]| {
        let record =
            |(n, status): (usize, &&str)| format!("kind: vendor\nid: V-{n}\nname: N\nstatus: {status}\n");
        let records: Vec<String> = states.iter().enumerate().map(|(i, s)| record((i + 1, s))).collect();
        history.write("records.yaml", &records.join("---\n"));
    };
    write(["ended", "active", "ended"]);
    let first = history.commit("first", 0);
    write(["active", "ended", "ended"]);
    let second = history.commit("second", 30);
    write(["active", "active", "ended"]);
    let third = history.commit("third", 60);
    write(["active", "active", "active"]);
    for (name, commit) in [("r1", first), ("r2", second), ("r3", third)] {
        history.tag(name, commit);
    }
    history
}

fn seen(json: &Value) -> Vec<String> {
    let row = |finding: &Value| format!("{} {}", word(&finding["records"][0]["id"]), finding["first_seen"]);
    items(&json["findings"]).iter().map(row).collect()
}

#[test]
fn findings_have_the_day_they_were_first_seen() {
    let history = with_history();
    let repo = &history.repo;
    let past = ["--pack", "pack", "--history", "r1", "--history", "r2", "--history", "r3"];
    assert_eq!(
        seen(&json(repo, &past)),
        [
            "V-1 {\"on\":\"2026-01-31\"}",
            // It was closed in between.
            "V-2 {\"on\":\"2026-03-02\"}",
            "V-3 {\"on\":\"2026-06-30\"}"
        ]
    );
    // The order they are given in changes nothing.
    let order = ["--pack", "pack", "--history", "r3", "--history", "r1", "--history", "r2"];
    assert_eq!(seen(&json(repo, &order)), seen(&json(repo, &past)));
    let html = text_of(&report(repo, "html", &past));
    says(&html, &["gap, violated · since 2026-01-31", "gap, violated · since 2026-06-30"]);
    let markdown = report(repo, "markdown", &past);
    says(&markdown, &["first seen 2026-01-31"]);
    report(repo, "csv=findings.csv", &past);
    let csv = repo.text("findings.csv");
    assert!(
        csv.lines()
            .next()
            .is_some_and(|head| head.ends_with(",first_seen,known_since,known_reason,known_owner")),
        "{csv}"
    );
    assert!(csv.lines().any(|row| row.contains("V-2") && row.ends_with(",2026-03-02,,,")), "{csv}");
}

#[test]
fn a_base_says_what_is_known_and_nothing_else_does() {
    let history = with_history();
    let repo = &history.repo;
    let base = ["--pack", "pack", "--base", "r2"];
    let known = seen(&json(repo, &base));
    assert_eq!(
        known,
        [
            "V-1 {\"known_at\":\"2026-06-30\"}",
            "V-2 {\"new_since\":\"2026-06-30\"}",
            "V-3 {\"new_since\":\"2026-06-30\"}"
        ]
    );
    let html = text_of(&report(repo, "html", &base));
    says(&html, &["gap, violated · known at 2026-06-30", "gap, violated · new"]);
    says(&report(repo, "markdown", &base), &["known at 2026-06-30"]);
    let both = [&base[..], &["--history", "r2", "--history", "r3"]].concat();
    assert_eq!(seen(&json(repo, &both))[1], "V-2 {\"on\":\"2026-03-02\"}");
    // The base is one state more: what it has was not first seen today, and what it lacks was closed then.
    let known = [&["--pack", "pack", "--base", "r2", "--history", "r1"][..]].concat();
    assert_eq!(seen(&json(repo, &known))[0], "V-1 {\"on\":\"2026-01-31\"}");
    let closed = [&["--pack", "pack", "--base", "r2", "--history", "r1", "--history", "r3"][..]].concat();
    assert_eq!(seen(&json(repo, &closed))[1], "V-2 {\"on\":\"2026-03-02\"}");
    // Without either nothing is said.
    let alone = json(repo, &["--pack", "pack"]);
    assert!(items(&alone["findings"]).iter().all(|finding| finding.get("first_seen").is_none()));
    let html = text_of(&report(repo, "html", &["--pack", "pack"]));
    assert!(!html.contains("since 2026") && !html.contains("known at"), "{html}");
}
