//! Two states compared: what `diff` and `audit --base` call new, worsened, improved, fixed and unchanged, why,
//! and what that makes of the exit status.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::history::{History, write_tree};
use super::packs::{HEAD, each, measure};
use super::support::{AS_OF, Call, Output, at, flat, items, says, word};

/// Vendors must be active, workers' vendors too, documents must be there, reviews at most a year old, and no
/// two workers may share a job title.
pub(super) fn checks() -> String {
    let mut text =
        String::from("parameters:\n  days:\n    value: 365\n    description: Age of a review.\nchecks:\n");
    text += &each(
        "vendor-not-active",
        "vendor",
        "vendor.status == 'active'",
        "{{ vendor.id }} is {{ vendor.status }}",
        &["at: status"],
    );
    text += &each(
        "worker-of-inactive-vendor",
        "worker",
        "lookup('vendor', worker.vendor).status == 'active'",
        "the vendor of {{ worker.id }} is not active",
        &["when: has(worker.vendor)", "at: vendor"],
    );
    text += &each(
        "document-not-there",
        "vendor",
        "evidence_ok(vendor.background_check.documentation)",
        "the document of {{ vendor.id }} is not there",
        &["when: has(vendor.background_check)", "at: background_check"],
    );
    text += &each(
        "review-too-old",
        "vendor",
        "age_days(vendor.reviewed_on) <= params.days",
        "{{ vendor.id }} was reviewed too long ago",
        &["when: has(vendor.reviewed_on)", "at: reviewed_on"],
    );
    text += &each(
        "title-shared",
        "worker",
        "group.size() < 2",
        "{{ count }} workers are {{ ids }}",
        &["when: has(worker.role)", "group_by: worker.role", "at: role"],
    );
    measure("T-01", "high", "").replace("checks:\n", &text)
}

const CONFIGURATION: &str = "packs: [pack]\n";

/// A repository with the checks and these files in its first commit.
pub(super) fn repository(files: &[(&str, &str)]) -> History {
    let history = History::new();
    history
        .write("pack/pack.yaml", HEAD)
        .write("pack/T-01.yaml", &checks())
        .write("duly.yaml", CONFIGURATION);
    for (path, text) in files {
        history.write(path, text);
    }
    history.commit("first", 0);
    history
}

pub(super) fn vendor(id: &str, more: &str) -> String {
    format!("kind: vendor\nid: {id}\n{more}")
}

pub(super) fn worker(id: &str, more: &str) -> String {
    format!("kind: worker\nid: {id}\n{more}")
}

/// A comparison in both formats.
pub(super) struct Compared {
    pub(super) status: i32,
    pub(super) json: Value,
    pub(super) text: String,
}

pub(super) fn run(folder: &Path, args: &[&str]) -> Output {
    Call::new(folder).args(args).run()
}

fn compared(history: &History, args: &[&str]) -> Compared {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.json");
    let json = format!("json={}", file.display());
    let mut all = args.to_vec();
    all.extend(["--report", "terminal", "--report", &json]);
    if !args.contains(&"--as-of") {
        all.extend(["--as-of", AS_OF]);
    }
    let output = run(history.repo.root(), &all);
    assert_eq!(output.complaints(), "");
    let text = std::fs::read_to_string(&file).expect("the report was written");
    let json: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(json["summary"]["exit_status"], output.status);
    Compared { status: output.status, json, text: output.stdout }
}

/// The files on disk against `HEAD`.
pub(super) fn since_head(history: &History) -> Compared {
    compared(history, &["diff", "HEAD"])
}

impl Compared {
    /// Change, check, ids and reasons of every finding that is not as it was.
    pub(super) fn changes(&self) -> Vec<String> {
        let present = items(&self.json["findings"]);
        let fixed = items(&self.json["baseline"]["fixed"]);
        let removed = items(&self.json["baseline"]["removed"]);
        let line = |f: &Value| {
            let ids: Vec<&str> = items(&f["records"]).iter().map(|r| word(&r["id"])).collect();
            let reasons: Vec<&str> = items(&f["reasons"]).iter().map(word).collect();
            let words = [word(&f["change"]), word(&f["check"]), &ids.join("+"), &reasons.join(",")];
            words.join(" ").trim_end().to_owned()
        };
        present.iter().chain(fixed).chain(removed).filter(|f| f["change"] != "unchanged").map(line).collect()
    }

    fn unchanged(&self) -> usize {
        items(&self.json["findings"]).iter().filter(|f| f["change"] == "unchanged").count()
    }
}

#[test]
fn each_finding_is_new_fixed_or_unchanged() {
    let history = repository(&[
        ("a.yaml", &vendor("A", "status: ended\n")),
        ("b.yaml", &vendor("B", "status: active\n")),
        ("c.yaml", &vendor("C", "status: ended\n")),
        ("d.yaml", &vendor("D", "status: active\n")),
    ]);
    history
        .write("b.yaml", &vendor("B", "status: ended\n"))
        .write("c.yaml", &vendor("C", "status: active\n"));
    let diff = since_head(&history);
    assert_eq!(
        diff.changes(),
        ["new vendor-not-active B record-changed", "fixed vendor-not-active C record-changed"]
    );
    assert_eq!((diff.status, diff.unchanged()), (1, 1));
    // The new one with its lines, the fixed one in a line.
    let new = items(&diff.json["findings"]).iter().find(|f| f["change"] == "new").expect("a new finding");
    assert_eq!(at(&history.repo, &new["place"]), "ended");
    says(
        &diff.text,
        &[
            "1 new, 0 worsened, 0 improved, 1 fixed, 1 unchanged.",
            "1 open gap of severity low or above new or worse (exit status 1); 1 open gap from before remains.",
            "New (1)",
            "b.yaml:3:9",
            "3 │ status: ended",
            "Fixed (1)",
            "● high[T-01/vendor-not-active] c.yaml:3:9: C is ended (record changed)",
            "Unchanged (1)",
        ],
    );
    insta::assert_snapshot!("diff", diff.text.replace(&short(&history), "COMMIT"));
}

/// The first digits of `HEAD`, as reports print them.
fn short(history: &History) -> String {
    let head = history.git.head().and_then(|h| h.peel_to_commit()).expect("a commit");
    head.id().to_string()[..8].to_owned()
}

#[test]
fn only_new_and_worsened_gaps_open_the_gate() {
    let history = repository(&[
        ("a.yaml", &vendor("A", "status: ended\n")),
        ("b.yaml", &vendor("B", "status: active\n")),
    ]);
    assert_eq!(run(history.repo.root(), &["audit", "--as-of", AS_OF]).status, 1);
    let same = compared(&history, &["audit", "--base", "HEAD"]);
    assert_eq!(same.status, 0);
    says(
        &same.text,
        &["No open gap of severity low or above is new or worse; 1 open gap from before remains."],
    );
    history.write("b.yaml", &vendor("B", "status: ended\n"));
    assert_eq!(compared(&history, &["audit", "--base", "HEAD"]).status, 1);
    assert_eq!(compared(&history, &["audit", "--base", "HEAD", "--fail-on", "critical"]).status, 0);
    // What cannot be read leaves the audit incomplete, also where the base could not read it either.
    history.write("b.yaml", &vendor("B", "status: active\n")).write("odd.yaml", "kind: vendor\nid: [\n");
    assert_eq!(compared(&history, &["audit", "--base", "HEAD"]).status, 3);
    history.commit("odd", 1);
    let odd = compared(&history, &["audit", "--base", "HEAD"]);
    assert_eq!(odd.status, 3);
    says(
        &flat(&odd.text),
        &["The audit is incomplete", "notice[baseline-incomplete]", "`HEAD` has 1 problem of its own"],
    );
}

#[test]
fn a_cause_in_another_file_is_found() {
    let history = repository(&[
        ("v.yaml", &vendor("V", "status: active\n")),
        ("w.yaml", &worker("W", "vendor: V\n")),
        ("x.yaml", &worker("X", "vendor: V\n")),
    ]);
    history.write("v.yaml", &vendor("V", "status: ended\n"));
    let diff = since_head(&history);
    assert_eq!(
        diff.changes(),
        [
            "new vendor-not-active V record-changed",
            "new worker-of-inactive-vendor W related-record-changed",
            "new worker-of-inactive-vendor X related-record-changed",
        ]
    );
    // And the other way, with the related record gone.
    history.commit("ended", 1);
    history
        .remove("v.yaml")
        .write("w.yaml", &worker("W", "vendor: U\n"))
        .write("u.yaml", &vendor("U", "status: active\n"));
    let changes = since_head(&history).changes();
    assert!(
        changes.contains(
            &"fixed worker-of-inactive-vendor W record-changed,record-removed,related-record-changed"
                .to_owned()
        ),
        "{changes:?}"
    );
    assert!(
        changes.contains(
            &"unassessed worker-of-inactive-vendor X record-removed,related-record-changed".to_owned()
        ),
        "{changes:?}"
    );
    assert!(changes.contains(&"removed vendor-not-active V record-removed".to_owned()), "{changes:?}");
}

#[test]
fn moving_renaming_and_reformatting_change_nothing() {
    let two = format!("{}---\n{}", vendor("A", "status: ended\n"), vendor("B", "status: ended\n"));
    let history = repository(&[("a/two.yaml", &two), ("w.yaml", &worker("W", "vendor: A\n"))]);
    assert!(since_head(&history).changes().is_empty());
    history.rename("a/two.yaml", "b/c/renamed.yaml").rename("w.yaml", "x.yml");
    assert!(since_head(&history).changes().is_empty());
    // One file a record, other order, comments, JSON.
    history.remove("b/c/renamed.yaml");
    history.write("z.json", "[{\"status\": \"ended\", \"id\": \"B\", \"kind\": \"vendor\"}]");
    history.write("y.yaml", "# a comment\nstatus: 'ended'\n\nkind: vendor\nid: A\n");
    let diff = since_head(&history);
    assert!(diff.changes().is_empty(), "{:?}", diff.changes());
    assert_eq!((diff.status, diff.unchanged()), (0, 3));
}

#[test]
fn a_group_that_gains_or_loses_members_is_the_same_finding() {
    let title = |id: &str, title: &str| worker(id, &format!("role: {title}\n"));
    let history = repository(&[
        ("1.yaml", &title("A", "one")),
        ("2.yaml", &title("B", "one")),
        ("3.yaml", &title("C", "one")),
        ("4.yaml", &title("D", "two")),
        ("5.yaml", &title("E", "two")),
        ("6.yaml", &title("F", "three")),
        ("7.yaml", &title("G", "four")),
        ("8.yaml", &title("H", "four")),
    ]);
    history.write("3.yaml", &title("C", "two")).write("8.yaml", &title("H", "three"));
    let diff = since_head(&history);
    assert_eq!(
        diff.changes(),
        [
            "improved title-shared A+B record-changed",
            "worsened title-shared C+D+E record-changed",
            "worsened title-shared F+H record-changed",
        ],
        "G+H lost a member and F joined the one that left: one finding each, none new and fixed at once"
    );
    assert_eq!(diff.status, 1);
    // An entry is used once: of two groups that a group fell into, one is new.
    history.commit("moved", 1);
    for (file, id, to) in
        [("4.yaml", "D", "five"), ("5.yaml", "E", "five"), ("3.yaml", "C", "six"), ("6.yaml", "F", "six")]
    {
        history.write(file, &title(id, to));
    }
    assert_eq!(
        since_head(&history).changes(),
        ["worsened title-shared C+F record-changed", "improved title-shared D+E record-changed",]
    );
}

#[test]
fn reasons_name_what_changed() {
    let document =
        "status: active\nbackground_check: { documentation: { ref: doc.txt } }\nreviewed_on: 2026-01-15\n";
    let start = || {
        repository(&[
            ("v.yaml", &vendor("V", document)),
            ("doc.txt", "a document\n"),
            ("old.yaml", &vendor("O", "status: ended\n")),
        ])
    };
    let gone = start();
    gone.remove("doc.txt");
    assert_eq!(since_head(&gone).changes(), ["new document-not-there V evidence-changed"]);

    let parameter = start();
    parameter.write("duly.yaml", "packs: [pack]\nparameters: {T-01: {days: 30}}\n");
    assert_eq!(since_head(&parameter).changes(), ["new review-too-old V parameter-changed"]);

    let policy = start();
    let text = checks().replace("vendor.status == 'active'\n", "vendor.status == 'ended'\n");
    policy.write("pack/T-01.yaml", &text);
    assert_eq!(
        since_head(&policy).changes(),
        ["new vendor-not-active V policy-changed", "fixed vendor-not-active O policy-changed"]
    );
    let severe = start();
    severe.write("pack/T-01.yaml", &checks().replace("severity: high", "severity: critical"));
    assert_eq!(since_head(&severe).changes(), ["worsened vendor-not-active O policy-changed"]);

    let configuration = start();
    configuration.write("duly.yaml", "packs: [pack]\nignore: [{ files: [old.yaml], reason: gone }]\n");
    assert_eq!(since_head(&configuration).changes(), ["removed vendor-not-active O configuration-changed"]);

    let aged = start();
    let same = compared(&aged, &["diff", "HEAD", "--as-of", "2027-03-01"]);
    assert!(same.changes().is_empty(), "one date for both unless two are given");
    let aged = compared(&aged, &["diff", "HEAD", "--as-of", "2027-03-01", "--base-as-of", AS_OF]);
    assert_eq!(aged.changes(), ["new review-too-old V aged"]);
    assert_eq!(
        (&aged.json["run"]["as_of"], &aged.json["baseline"]["as_of"]),
        (&"2027-03-01".into(), &AS_OF.into())
    );
    says(&flat(&aged.text), &["as of 2026-06-30 and 2027-03-01", "time went by"]);
}

#[test]
fn a_parameter_is_a_reason_only_for_checks_that_read_it() {
    let parameters = "parameters:\n  days:\n    value: 365\n    description: Days.\n  \
        days_long:\n    value: 500\n    description: More days.\nchecks:\n";
    let long = each(
        "review-too-old",
        "vendor",
        "age_days(vendor.reviewed_on) <= params.days_long",
        "{{ vendor.id }} was reviewed too long ago",
        &["at: reviewed_on"],
    );
    let told = each(
        "vendor-not-active",
        "vendor",
        "vendor.status == 'active'",
        "{{ vendor.id }} is not active: {{ params.days }}",
        &["at: status"],
    );
    let history = repository(&[]);
    let whole = measure("T-01", "high", &(long + &told)).replace("checks:\n", parameters);
    history.write("pack/T-01.yaml", &whole);
    history.write("v.yaml", &vendor("V", "status: active\nreviewed_on: 2026-01-15\n"));
    history.commit("second", 1);
    history.write("v.yaml", &vendor("V", "status: ended\nreviewed_on: 2024-01-15\n"));
    history.write("duly.yaml", "packs: [pack]\nparameters: {T-01: {days: 30}}\n");
    assert_eq!(
        since_head(&history).changes(),
        ["new review-too-old V record-changed", "new vendor-not-active V record-changed,parameter-changed"]
    );
}

#[test]
fn ranges_mean_what_they_mean_in_git() {
    let history = repository(&[("a.yaml", &vendor("A", "status: active\n"))]);
    let fork = history.git.head().and_then(|h| h.peel_to_commit()).expect("a commit").id();
    history.branch("topic", fork);
    history.write("b.yaml", &vendor("B", "status: ended\n"));
    history.commit("main goes on", 1);
    history.checkout("topic");
    history.write("c.yaml", &vendor("C", "status: ended\n"));
    let topic = history.commit("topic", 2);
    let changes = |args: &[&str]| compared(&history, args).changes();
    let (removed, new) =
        ("removed vendor-not-active B record-removed", "new vendor-not-active C record-changed");
    assert_eq!(changes(&["diff", "main..topic"]), [new, removed]);
    assert_eq!(changes(&["diff", "main...topic"]), [new]);
    assert_eq!(changes(&["diff", "main..."]), [new]);
    assert_eq!(changes(&["diff", "main"]), [new, removed]);
    assert_eq!(changes(&["audit", "--base", "main..."]), [new]);
    assert_eq!(changes(&["audit", "--base", "main", "--rev", "topic"]), [new, removed]);
    assert_eq!(changes(&["diff", "topic..topic~1"]), ["removed vendor-not-active C record-removed"]);
    let names = compared(&history, &["diff", "main...topic"]).json;
    assert_eq!(names["baseline"]["revision"]["commit"], fork.to_string().as_str());
    assert_eq!(names["run"]["revision"]["commit"], topic.to_string().as_str());

    // After a merge, only what the merge itself brings is new.
    history.checkout("main");
    history.write("c.yaml", &vendor("C", "status: ended\n"));
    history.merge(topic, "merge", 3);
    assert_eq!(changes(&["diff", "HEAD^1..HEAD"]), [new]);
    assert_eq!(changes(&["diff", "HEAD^2..HEAD"]), ["new vendor-not-active B record-changed"]);

    for (args, words) in [
        (&["diff", "main..nowhere"][..], "there is not a revision `nowhere`"),
        (&["diff", "--output=x"], "is not a revision"),
        (&["diff", "main..topic..main"], "topic..main"),
        (&["audit", "--base-as-of", "2026-01-01"], "--base"),
    ] {
        let output = run(history.repo.root(), args);
        assert_eq!(output.status, 2, "{args:?}");
        says(&output.stderr, &[words]);
    }
    let tree = history.git.treebuilder(None).and_then(|t| t.write()).expect("a tree");
    history.git.set_head("refs/heads/other").expect("a branch");
    write_tree(&history.git, tree, "unrelated", 4, &[]);
    let output = run(history.repo.root(), &["diff", "main...other"]);
    says(&output.stderr, &["have no commit in common", "`..` instead of `...`"]);
}

#[test]
fn a_base_that_cannot_be_judged_is_named() {
    let history = repository(&[("a.yaml", &vendor("A", "status: active\n"))]);
    history.write("duly.yaml", "packs: [pack]\nno_such_key: 1\n");
    history.commit("broken", 1);
    history.write("duly.yaml", CONFIGURATION);
    let output = run(history.repo.root(), &["audit", "--base", "HEAD", "--as-of", AS_OF]);
    assert_eq!(output.status, 2);
    says(&output.stderr, &["at `HEAD`:", "no_such_key", "duly.yaml:2"]);
}

/// What two audits say that share nothing: the findings of each by fingerprint, with their outcome.
fn alone(folder: &Path, args: &[&str]) -> BTreeMap<String, String> {
    let mut all = vec!["audit", "--as-of", AS_OF, "--report", "json"];
    all.extend(args);
    let report: Value = serde_json::from_str(&run(folder, &all).stdout).expect("JSON");
    let finding = |f: &Value| (word(&f["fingerprint"]).to_owned(), word(&f["outcome"]).to_owned());
    items(&report["findings"]).iter().map(finding).collect()
}

#[test]
fn sharing_two_states_changes_no_verdict() {
    let history = History::new();
    history.repo.copy_example("meridian-labs");
    history.commit("as published", 0);
    let edit = |path: &str, from: &str, to: &str| {
        let text = history.repo.text(path);
        assert!(text.contains(from), "{from} is not in {path}");
        history.write(path, &text.replacen(from, to, 1));
    };
    type Edit<'e> = Box<dyn Fn() + 'e>;
    let edits: Vec<(&str, Edit<'_>)> = vec![
        (
            "a parcel without signature",
            Box::new(|| edit("shipments/2026-Q2.yaml", "signature: adult", "signature: none")),
        ),
        (
            "the organisation",
            Box::new(|| edit("company/organization.yaml", "ships_devices: true", "ships_devices: false")),
        ),
        (
            "and back",
            Box::new(|| edit("company/organization.yaml", "ships_devices: false", "ships_devices: true")),
        ),
        (
            "a worker left out",
            Box::new(|| {
                history.remove("workers/employees/W-101.yaml");
            }),
        ),
        (
            "a vendor ended",
            Box::new(|| edit("vendors/harborline-staffing.yaml", "status: active", "status: ended")),
        ),
        (
            "a moved folder",
            Box::new(|| {
                history.rename("shipments/2026-Q1.yaml", "shipments/old/q1.yaml");
            }),
        ),
        (
            "a duplicate",
            Box::new(|| {
                history.write("workers/copy.yaml", &history.repo.text("workers/employees/W-108.yaml"));
            }),
        ),
        (
            "a parameter",
            Box::new(|| edit("duly.yaml", "parameters:", "parameters:\n  DD-09: { review_days: 1 }")),
        ),
    ];
    for (name, change) in edits {
        change();
        let diff = compared(&history, &["diff", "HEAD"]);
        let before = alone(history.repo.root(), &["--rev", "HEAD"]);
        let after = alone(history.repo.root(), &[]);
        let mut found = BTreeMap::new();
        let mut still = 0;
        for finding in items(&diff.json["findings"]) {
            let (fingerprint, outcome) = (word(&finding["fingerprint"]), word(&finding["outcome"]));
            found.insert(fingerprint.to_owned(), outcome.to_owned());
            match word(&finding["change"]) {
                "unchanged" => {
                    assert_eq!(
                        before.get(fingerprint).map(String::as_str),
                        Some(outcome),
                        "{name}: {finding}"
                    );
                    still += 1;
                }
                "new" => assert_eq!(before.get(fingerprint), None, "{name}: {finding}"),
                _ => still += 1,
            }
            let explained = finding["change"] == "unchanged" || !items(&finding["reasons"]).is_empty();
            assert!(explained, "{name}: no reason for {finding}");
        }
        assert_eq!(found, after, "{name}: the present state is judged as without a base");
        let fixed: BTreeSet<&str> =
            items(&diff.json["baseline"]["fixed"]).iter().map(|f| word(&f["fingerprint"])).collect();
        assert!(fixed.iter().all(|f| before.contains_key(*f) && !after.contains_key(*f)), "{name}");
        assert_eq!(before.len(), fixed.len() + still, "{name}: every earlier finding is accounted for once");
        let past = format!("HEAD={AS_OF}");
        let trend = report(history.repo.root(), &["--history", &past]);
        let own = report(history.repo.root(), &["--rev", "HEAD"]);
        assert_eq!(trend["history"][0]["measures"], own["summary"]["measures"], "{name}");
        history.commit(name, 1);
    }
}

#[test]
fn earlier_commits_stand_beside_the_present_one() {
    let history = repository(&[("a.yaml", &vendor("A", "status: ended\nreviewed_on: 2025-06-15\n"))]);
    history.write("a.yaml", &vendor("A", "status: active\nreviewed_on: 2025-06-15\n"));
    history.commit("fixed", 100);
    let pack = &report(history.repo.root(), &[])["run"]["packs"][0];
    let pack =
        serde_json::json!([{ "name": pack["name"], "version": pack["version"], "sha256": pack["sha256"] }]);
    history.write("pack/T-01.yaml", &checks().replace("severity: high", "severity: low"));
    let json = report(
        history.repo.root(),
        &["--history", "HEAD~1", "--history", "HEAD", "--history", "HEAD=2026-06-20"],
    );
    let commit = |back: &str| history.git.revparse_single(back).expect("a commit").id().to_string();
    let period = |(name, committed_on): (&str, &str), as_of: &str, measures: Value, gaps: Value| serde_json::json!({ "name": name, "commit": commit(name), "committed_on": committed_on, "as_of": as_of, "measures": measures, "gaps": gaps, "packs": pack });
    let (first, last) = (("HEAD~1", "2026-01-01"), ("HEAD", "2026-04-11"));
    let gap = serde_json::json!({ "gap": 1 });
    // The measure has checks on what is not there.
    let fine = serde_json::json!({ "not-assessed": 1 });
    assert_eq!(
        json["history"],
        serde_json::json!([
            period(first, "2026-01-01", gap.clone(), serde_json::json!({ "high": 1 })),
            period(last, "2026-04-11", fine, serde_json::json!({})),
            period(last, "2026-06-20", gap, serde_json::json!({ "high": 1 })),
        ]),
        "each as of the day of its commit, unless a date is given, by its own pack"
    );
    assert_eq!(json.get("baseline"), None, "nothing is compared finding by finding");
    assert!(items(&json["findings"]).iter().all(|f| f.get("change").is_none() && f.get("reasons").is_none()));
    let both = report(history.repo.root(), &["--base", "HEAD", "--history", "HEAD~1"]);
    assert_eq!(both["history"][0], json["history"][0]);
    assert_eq!(both["baseline"]["name"], "HEAD");
}

/// The report of an audit.
fn report(folder: &Path, args: &[&str]) -> Value {
    let mut all = vec!["audit", "--as-of", AS_OF, "--report", "json"];
    all.extend(args);
    let output = run(folder, &all);
    assert_eq!(output.complaints(), "");
    serde_json::from_str(&output.stdout).expect("JSON")
}

#[test]
fn a_long_history_of_many_files_is_compared() {
    const FOLDERS: usize = 100;
    const FILES: usize = 100;
    let history = repository(&[]);
    let git = &history.git;
    let blob = |folder: usize, file: usize, status: &str| {
        let text = vendor(&format!("V-{folder}-{file}"), &format!("status: {status}\n"));
        git.blob(text.as_bytes()).expect("a blob")
    };
    let first = git.head().and_then(|h| h.peel_to_tree()).expect("a tree");
    let mut root = git.treebuilder(Some(&first)).expect("a tree");
    for folder in 0..FOLDERS {
        let mut tree = git.treebuilder(None).expect("a tree");
        for file in 0..FILES {
            tree.insert(format!("{file}.yaml"), blob(folder, file, "active"), 0o100_644).expect("a file");
        }
        root.insert(format!("v{folder}"), tree.write().expect("a tree"), 0o040_000).expect("a folder");
    }
    write_tree(git, root.write().expect("a tree"), "ten thousand", 1, &[]);
    // Each commit ends five vendors and fixes one of the five before.
    for round in 1..12 {
        let whole = git.head().and_then(|h| h.peel_to_tree()).expect("a tree");
        let mut root = git.treebuilder(Some(&whole)).expect("a tree");
        let mut set = |folder: usize, file: usize, status: &str| {
            let name = format!("v{folder}");
            let id = root.get(&name).expect("a tree").expect("a folder").id();
            let mut tree = git.treebuilder(Some(&git.find_tree(id).expect("a tree"))).expect("a tree");
            tree.insert(format!("{file}.yaml"), blob(folder, file, status), 0o100_644).expect("a file");
            root.insert(name, tree.write().expect("a tree"), 0o040_000).expect("a folder");
        };
        (0..5).for_each(|file| set(round, file, "ended"));
        if round > 1 {
            set(round - 1, 0, "active");
        }
        write_tree(git, root.write().expect("a tree"), "round", round as i64 + 1, &[]);
    }
    let counts = |args: &[&str]| {
        let mut all = vec!["diff"];
        all.extend(args);
        let diff = compared(&history, &all);
        let present = items(&diff.json["findings"]);
        let new = present.iter().filter(|f| f["change"] == "new").count();
        (new, items(&diff.json["baseline"]["fixed"]).len(), diff.unchanged())
    };
    assert_eq!(counts(&["HEAD~1..HEAD"]), (5, 1, 40));
    assert_eq!(counts(&["HEAD~11..HEAD"]), (45, 0, 0));
    assert_eq!(counts(&["HEAD..HEAD~4"]), (1, 17, 28));
    let as_of = |back: usize| format!("HEAD~{back}={AS_OF}");
    let revisions: Vec<String> = (0..12).rev().map(as_of).collect();
    let mut args = vec!["--rev", "HEAD"];
    args.extend(revisions.iter().flat_map(|revision| ["--history", revision.as_str()]));
    let periods = report(history.repo.root(), &args)["history"].clone();
    let outcomes: Vec<&Value> = items(&periods).iter().map(|p| &p["measures"]).collect();
    assert_eq!(outcomes.len(), 12);
    assert_eq!(outcomes[0], &serde_json::json!({ "not-assessed": 1 }));
    assert!(outcomes[1..].iter().all(|o| **o == serde_json::json!({ "gap": 1 })));
}

#[test]
fn a_trend_over_two_packs_is_one_as_long_as_both_stay() {
    let history = repository(&[("a.yaml", &vendor("A", "status: active\nreviewed_on: 2025-06-15\n"))]);
    for path in ["pack.yaml", "T-01.yaml"] {
        let text = history.repo.text(&format!("pack/{path}"));
        let other = match path {
            "pack.yaml" => text.replace("name: tiny", "name: other"),
            _ => text.replace("T-01", "T-02").replace("- id: ", "- id: other-"),
        };
        history.write(&format!("other/{}", path.replace("T-01", "T-02")), &other);
    }
    let config = history.repo.text("duly.yaml").replace("pack]", "pack, other]");
    history.write("duly.yaml", &config);
    history.commit("two packs", 100);
    let args = ["audit", "--as-of", AS_OF, "--history", "HEAD=2026-06-20", "--report", "html"];
    let page = || Call::new(history.repo.root()).args(args).run();
    assert!(!page().stdout.contains("not comparable"), "{}", page().stderr);
    history.write(
        "other/T-02.yaml",
        &history.repo.text("other/T-02.yaml").replace("severity: high", "severity: low"),
    );
    let page = page();
    assert!(
        page.stdout.contains("not comparable with 2026-06-20: another version of the policy"),
        "{}",
        page.stderr
    );
}
