//! The baseline file: what it covers, what it never covers, and what its commands print.

use super::history::{History, init};
use super::packs::{active, each, pack};
use super::support::{AS_OF, Output, Repo, audit, duly, flat, says, word};

const BASELINE: &str = "duly-baseline.yaml";

fn vendor(id: &str, status: &str) -> String {
    format!("kind: vendor\nid: {id}\nstatus: {status}\n")
}

/// Two vendors with a gap, one without, and the check on each.
fn repo() -> Repo {
    let repo = Repo::new();
    active(&repo);
    repo.write("duly.yaml", "packs: [pack]\n");
    for (id, status) in [("A", "ended"), ("B", "ended"), ("C", "active")] {
        repo.write(format!("{id}.yaml"), vendor(id, status));
    }
    repo
}

fn baseline(repo: &Repo, args: &[&str]) -> Output {
    let mut all = vec!["baseline"];
    all.extend(args);
    all.extend(["--as-of", AS_OF]);
    duly(repo, &all)
}

/// A command that succeeds, and what it prints.
#[track_caller]
fn prints(repo: &Repo, args: &[&str]) -> String {
    let output = baseline(repo, args);
    assert_eq!((output.status, output.stderr.as_str()), (0, ""), "{args:?}");
    output.stdout
}

#[test]
fn known_gaps_do_not_open_the_gate_and_stay_gaps() {
    let repo = repo();
    let before = audit(&repo);
    assert_eq!(before.status, 1);
    assert_eq!(prints(&repo, &["write"]), "duly-baseline.yaml: 2 entries as of 2026-06-30\n");
    let after = audit(&repo);
    assert_eq!(after.status, 0);
    for id in ["A", "B"] {
        let finding = after.of("vendor-not-active").into_iter().find(|f| f["records"][0]["id"] == id);
        let finding = finding.expect("it is still found");
        assert_eq!((word(&finding["outcome"]), word(&finding["disposition"])), ("gap", "known"));
    }
    assert_eq!(after.check("vendor-not-active")["outcome"], "gap", "nothing is satisfied by being known");
    assert_eq!(after.check("vendor-not-active")["counts"], before.check("vendor-not-active")["counts"]);
    assert_eq!(after.json["summary"]["measures"], before.json["summary"]["measures"]);
    assert_eq!(after.json["summary"]["gaps"], serde_json::json!({}), "the summary counts open gaps");
    says(&after.text, &["(known)", "2 gaps are known from duly-baseline.yaml and do not count"]);
    let file =
        after.json["coverage"]["files"].as_array().expect("files").iter().find(|f| f["path"] == BASELINE);
    assert_eq!(file.expect("it is listed")["use"], "baseline");
    // A new gap counts.
    repo.write("C.yaml", vendor("C", "ended"));
    let new = audit(&repo);
    assert_eq!((new.status, &new.json["summary"]["gaps"]["high"]), (1, &1.into()));
}

#[test]
fn the_file_is_for_people_and_has_no_lines() {
    let repo = repo();
    prints(&repo, &["write"]);
    let text = repo.text(BASELINE);
    insta::assert_snapshot!("baseline", text);
    // Other lines, files and order: the same file.
    std::fs::remove_file(repo.path(BASELINE)).expect("it is there");
    repo.remove("A.yaml").remove("B.yaml");
    repo.write("x/all.yaml", format!("# moved\n\n{}---\n{}", vendor("B", "ended"), vendor("A", "ended")));
    prints(&repo, &["write"]);
    assert_eq!(repo.text(BASELINE), text);
    assert!(!text.contains(".yaml:") && !text.contains("line:"), "{text}");
}

#[test]
fn write_never_replaces_and_update_says_what_it_does() {
    let repo = repo();
    let missing = baseline(&repo, &["update"]);
    assert_eq!(missing.status, 2);
    says(&missing.stderr, &["there is no duly-baseline.yaml", "`duly baseline write` writes it"]);
    prints(&repo, &["write"]);
    let again = baseline(&repo, &["write"]);
    assert_eq!(again.status, 2);
    says(&again.stderr, &["is there already", "duly baseline update"]);
    let text = repo.text(BASELINE);
    assert_eq!(prints(&repo, &["update"]), "duly-baseline.yaml: nothing to add or drop\n");
    assert_eq!(repo.text(BASELINE), text);

    repo.write("A.yaml", vendor("A", "active")).write("C.yaml", vendor("C", "ended"));
    let audited = audit(&repo);
    let unused = audited.problem("unused-baseline-entry");
    assert_eq!(unused["impact"], "notice");
    says(word(&unused["message"]), &["there is no T-01/vendor-not-active of vendor/A any more"]);
    let line = unused["place"]["line"].as_u64().expect("a line") as usize;
    says(text.lines().nth(line - 1).expect("the line is there"), &["- measure: T-01"]);

    assert_eq!(
        prints(&repo, &["show"]),
        "duly-baseline.yaml: 2 entries as of 2026-06-30: 1 known, 0 worse, 1 gone\n\
         gone  high     T-01/vendor-not-active of vendor/A\n\
         known high     T-01/vendor-not-active of vendor/B  B.yaml:3:9\n"
    );
    assert_eq!(
        prints(&repo, &["update", "--prune"]),
        "- dropped high     T-01/vendor-not-active of vendor/A\nduly-baseline.yaml: 1 entry\n"
    );
    assert_eq!(audit(&repo).status, 1, "pruning takes nothing in");
    assert_eq!(
        prints(&repo, &["update"]),
        "+ added   high     T-01/vendor-not-active of vendor/C\nduly-baseline.yaml: 2 entries\n"
    );
    assert_eq!(audit(&repo).status, 0);
}

#[test]
fn an_entry_is_used_once() {
    let repo = repo();
    prints(&repo, &["write"]);
    // The same entry twice, as a bad merge leaves it, covers one finding and is reported.
    let text = repo.text(BASELINE);
    let at = text.find("- measure:").expect("an entry");
    let entry = &text[at..text[at + 1..].find("- measure:").map_or(text.len(), |i| at + 1 + i)];
    repo.write(BASELINE, format!("{text}{entry}"));
    let twice = audit(&repo);
    assert_eq!(twice.status, 0);
    says(word(&twice.problem("unused-baseline-entry")["message"]), &["vendor/A"]);
}

#[test]
fn what_got_worse_is_not_covered() {
    let repo = Repo::new();
    repo.write("duly.yaml", "packs: [pack]\n");
    let shared = |severity: &str, otherwise: &str| {
        let more = ["when: has(worker.role)", "group_by: worker.role", "at: role", severity, otherwise];
        let more: Vec<&str> = more.into_iter().filter(|line| !line.is_empty()).collect();
        pack(&repo, &each("role-shared", "worker", "group.size() < 2", "{{ ids }}", &more));
    };
    let worker = |id: &str, role: &str| {
        repo.write(format!("{id}.yaml"), format!("kind: worker\nid: {id}\nrole: {role}\n"));
    };
    shared("severity: medium", "otherwise: review");
    for id in ["A", "B", "C"] {
        worker(id, "one");
    }
    worker("D", "two");
    prints(&repo, &["write"]);
    assert_eq!(audit(&repo).of("role-shared")[0]["disposition"], "known");
    // Review to gap.
    shared("severity: medium", "");
    let worse = audit(&repo);
    assert_eq!((worse.status, word(&worse.of("role-shared")[0]["disposition"])), (1, "open"));
    says(&prints(&repo, &["show"]), &["0 known, 1 worse, 0 gone"]);
    assert_eq!(prints(&repo, &["update", "--prune"]), "duly-baseline.yaml: nothing to add or drop\n");
    assert_eq!(audit(&repo).status, 1);
    says(
        &prints(&repo, &["update"]),
        &["+ worse   medium   T-01/role-shared of worker/A, worker/B, worker/C"],
    );
    assert_eq!(audit(&repo).status, 0);
    // More severe.
    shared("severity: high", "");
    assert_eq!(audit(&repo).status, 1);
    shared("severity: low", "");
    assert_eq!(audit(&repo).status, 0);
    // A smaller group is still the known one; a larger one is not.
    worker("C", "three");
    let smaller = audit(&repo);
    assert_eq!((smaller.status, smaller.coded("unused-baseline-entry").len()), (0, 0));
    worker("D", "one");
    assert_eq!(audit(&repo).status, 1);
}

#[test]
fn what_could_not_be_assessed_is_not_dropped() {
    let repo = repo();
    prints(&repo, &["write"]);
    let text = repo.text(BASELINE);
    repo.write("A.yaml", "kind: vendor\nid: A\n");
    assert!(audit(&repo).coded("unused-baseline-entry").is_empty());
    assert_eq!(prints(&repo, &["update"]), "duly-baseline.yaml: nothing to add or drop\n");
    assert_eq!(repo.text(BASELINE), text);
}

#[test]
fn a_broken_file_is_refused_with_its_place() {
    let repo = repo();
    prints(&repo, &["write"]);
    let text = repo.text(BASELINE);
    for (from, to, words) in [
        ("version: 1", "version: 7", "version 7 is not 1"),
        ("severity: high", "severity: hihg", "hihg"),
        ("  fingerprint:", "  fingerprin:", "fingerprin"),
        ("findings:", "findings: [", "duly-baseline.yaml:"),
    ] {
        repo.write(BASELINE, text.replacen(from, to, 1));
        let output = duly(&repo, &["audit", "--as-of", AS_OF]);
        assert_eq!(output.status, 2, "{to}");
        says(&output.stderr, &[words, "duly-baseline.yaml"]);
    }
}

#[test]
fn a_revision_has_its_own_file_and_a_base_has_none() {
    let repo = repo();
    let git = init(repo.root());
    let history = History { repo, git };
    history.commit("gaps", 0);
    prints(&history.repo, &["write"]);
    history.commit("baseline", 1);
    let audit = |args: &[&str]| {
        let mut all = vec!["audit", "--as-of", AS_OF, "--report", "json"];
        all.extend(args);
        duly(&history.repo, &all)
    };
    assert_eq!(audit(&["--rev", "HEAD~1"]).status, 1);
    assert_eq!(audit(&["--rev", "HEAD"]).status, 0);
    // Known gaps are old to the base as well, and without the file they are not new.
    assert_eq!(audit(&["--base", "HEAD~1"]).status, 0);
    history.remove(BASELINE);
    assert_eq!(audit(&["--base", "HEAD"]).status, 0);
    assert_eq!(audit(&[]).status, 1);
}

#[test]
fn an_incomplete_audit_writes_nothing() {
    let repo = repo();
    repo.write("odd.yaml", "kind: vendor\nid: [\n");
    let write = baseline(&repo, &["write"]);
    assert_eq!((write.status, write.stdout.as_str()), (3, ""));
    says(&write.stderr, &["the audit is incomplete (1 problem to fix)", "is not written", "odd.yaml:"]);
    assert!(!repo.path(BASELINE).exists());
    repo.remove("odd.yaml");
    prints(&repo, &["write"]);
    let text = repo.text(BASELINE);
    repo.write("A.yaml", "kind: vendor\nid: [\n");
    for args in [&["update", "--prune"][..], &["update"]] {
        let update = baseline(&repo, args);
        assert_eq!((update.status, update.stdout.as_str()), (3, ""), "{args:?}");
        says(&update.stderr, &["the audit is incomplete", "would be lost"]);
        assert_eq!(repo.text(BASELINE), text);
    }
    // Nothing to read is nothing fixed.
    repo.remove("A.yaml").remove("B.yaml").remove("C.yaml");
    assert_eq!(baseline(&repo, &["update", "--prune"]).status, 3);
    assert_eq!(repo.text(BASELINE), text);
}

#[test]
fn a_change_cannot_make_its_own_gap_known() {
    let repo = repo();
    let git = init(repo.root());
    let history = History { repo, git };
    history.commit("gaps", 0);
    let repo = &history.repo;
    repo.write("C.yaml", vendor("C", "ended"));
    prints(repo, &["write"]);
    assert_eq!(audit(repo).status, 0, "without a base the file counts");
    let folder = tempfile::tempdir().expect("a folder");
    let against = |base: &str, format: &str| {
        let file = folder.path().join(format);
        let report = format!("{format}={}", file.display());
        let output = duly(repo, &["audit", "--as-of", AS_OF, "--base", base, "--report", &report]);
        (output.status, std::fs::read_to_string(&file).expect("the report was written"))
    };
    for format in
        ["terminal", "html", "json", "csv", "markdown", "pull-request", "github", "gitlab", "junit", "sarif"]
    {
        let (status, text) = against("HEAD", format);
        assert_eq!(status, 1, "{format}");
        says(&text, &["C is ended; added to the baseline by this change, so it counts"]);
    }
    says(&against("HEAD", "html").1, &["1 new, 2 known since 2026-06-30", ": 1 new, 0 worsened"]);
    says(&against("HEAD", "pull-request").1, &["| high | 1 | 0 | 0 | 0 | 3 |"]);
    says(&against("HEAD", "terminal").1, &["baseline-entry-added", "2 known from duly-baseline.yaml"]);
    // In the base, the same entries count.
    let with_file = history.commit("known", 1);
    repo.write("C.yaml", vendor("C", "active"));
    history.commit("fixed", 2);
    repo.write("C.yaml", vendor("C", "ended"));
    assert_eq!(against("HEAD", "terminal").0, 0, "an entry that the base has covers what comes back");
    assert_eq!(against(&with_file.to_string(), "terminal").0, 0);
}

#[test]
fn an_entry_covers_only_what_it_says() {
    let repo = repo();
    prints(&repo, &["write"]);
    let text = repo.text(BASELINE);
    for (from, to) in [("check: vendor-not-active", "check: other"), ("measure: T-01", "measure: T-09")] {
        repo.write(BASELINE, text.replacen(from, to, 1));
        let edited = audit(&repo);
        assert_eq!(edited.status, 1, "{to}");
        assert_eq!(edited.coded("unused-baseline-entry").len(), 1, "{to}");
    }
}

#[test]
fn errors_speak_of_the_file_and_not_of_the_program() {
    let repo = repo();
    for (text, words) in [
        ("- a\n", "must be a mapping with version, as_of and findings"),
        ("version: 1\nas_of: 2026-06-30\nfindings: [1]\n", "must be a mapping with measure"),
        ("version: [1]\nas_of: 2026-06-30\nfindings: []\n", "must be a whole number"),
        ("version: 1\nas_of: soon\nfindings: []\n", "`soon` is not a valid date"),
        ("version: 1\nas_of: 2026-02-30\nfindings: []\n", "duly-baseline.yaml:2:8"),
    ] {
        repo.write(BASELINE, text);
        let output = duly(&repo, &["audit", "--as-of", AS_OF]);
        assert_eq!(output.status, 2, "{text}");
        says(&output.stderr, &[words, "duly-baseline.yaml"]);
        assert!(!output.stderr.contains("struct") && !output.stderr.contains("u32"), "{}", output.stderr);
    }
}

#[test]
fn a_folder_or_a_link_of_that_name_is_an_error() {
    let repo = repo();
    std::fs::create_dir(repo.path(BASELINE)).expect("a folder");
    let refused = |words: &str| {
        for output in [duly(&repo, &["audit", "--as-of", AS_OF]), baseline(&repo, &["show"])] {
            assert_eq!(output.status, 2);
            says(&output.stderr, &[words, "duly-baseline.yaml"]);
        }
    };
    refused("is a folder");
    std::fs::remove_dir(repo.path(BASELINE)).expect("it is empty");
    #[cfg(unix)]
    {
        prints(&repo, &["write"]);
        std::fs::rename(repo.path(BASELINE), repo.path("other.yaml")).expect("a file");
        std::os::unix::fs::symlink("other.yaml", repo.path(BASELINE)).expect("a link");
        refused("is a link");
    }
}

#[test]
fn the_short_verdict_says_what_is_known() {
    let repo = repo();
    prints(&repo, &["write"]);
    let output = duly(&repo, &["audit", "-q", "--as-of", AS_OF]);
    says(
        &flat(&output.stdout),
        &["2 gaps: 2 known since 2026-06-30; 2 high.", "2 of 2 entries have no reason"],
    );
}
