//! What a change takes away: a record or a check that is gone fixes nothing, and nobody calls it fixed.

use super::diff::{checks, repository, run, since_head, vendor, worker};
use super::history::History;
use super::packs::each;
use super::support::{AS_OF, flat, items, says, word};

/// The whole report of a format, of the files on disk against `HEAD`.
fn written(history: &History, format: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report");
    let report = format!("{format}={}", file.display());
    let output =
        run(history.repo.root(), &["audit", "--base", "HEAD", "--as-of", AS_OF, "--report", &report]);
    assert_eq!(output.complaints(), "", "{format}");
    std::fs::read_to_string(&file).expect("the report was written")
}

#[test]
fn what_is_removed_is_not_fixed() {
    let history = repository(&[
        ("a.yaml", &vendor("A", "status: ended\n")),
        ("b.yaml", &vendor("B", "status: ended\n")),
        ("c.yaml", &vendor("C", "status: active\n")),
    ]);
    history.remove("a.yaml").write("b.yaml", &vendor("B", "status: active\n"));
    let diff = since_head(&history);
    assert_eq!(
        diff.changes(),
        ["fixed vendor-not-active B record-changed", "removed vendor-not-active A record-removed"]
    );
    assert_eq!(diff.status, 1, "what the base said of A is lost");
    says(&flat(&diff.text), &["Assurance lost", "vendor A: removed, with 1 check result of the base"]);
    let plain =
        "1 finding is no longer looked at: its records were removed. That does not close the gap among them.";
    says(&flat(&diff.text), &[plain, "1 fixed", "1 no longer looked at", "No longer looked at (1)"]);
    assert!(!diff.text.contains("● high[T-01/vendor-not-active] a.yaml"), "{}", diff.text);
    for format in ["pull-request", "markdown", "github-summary", "html", "github"] {
        says(&flat(&written(&history, format)), &[plain]);
    }
    let comment = written(&history, "pull-request");
    says(
        &comment,
        &["| high | 0 | 0 | 1 | 1 | 0 |", "#### No longer looked at\n\n- high, T-01 `vendor-not-active`: A"],
    );
    says(&written(&history, "markdown"), &["0 new, 0 worsened, 1 closed, 1 no longer assessed"]);
    says(&written(&history, "sarif-full"), &["\"absent\""]);
    let quiet = run(history.repo.root(), &["audit", "-q", "--base", "HEAD", "--as-of", AS_OF]);
    says(&flat(&quiet.stdout), &[plain]);
}

#[test]
fn a_check_that_is_gone_fixes_nothing() {
    let history = repository(&[("a.yaml", &vendor("A", "status: ended\n"))]);
    let gone = checks().replace("vendor-not-active", "vendor-still-active");
    history.write("pack/T-01.yaml", &gone);
    let diff = since_head(&history);
    assert_eq!(
        diff.changes(),
        ["new vendor-still-active A policy-changed", "removed vendor-not-active A policy-changed"]
    );
    says(&flat(&diff.text), &["1 finding is no longer looked at: its checks were removed."]);
}

#[test]
fn a_gap_behind_a_removed_record_is_not_fixed() {
    let history = repository(&[
        ("v.yaml", &vendor("V", "status: ended\n")),
        ("w.yaml", &worker("W", "vendor: V\n")),
        ("d.yaml", &worker("D", "role: one\n")),
        ("e.yaml", &worker("E", "role: one\n")),
    ]);
    history.remove("v.yaml").remove("d.yaml");
    let diff = since_head(&history);
    assert_eq!(
        diff.changes(),
        [
            "unassessed worker-of-inactive-vendor W record-removed,related-record-changed",
            "removed vendor-not-active V record-removed",
            "removed title-shared D+E record-removed",
        ]
    );
    says(&flat(&diff.text), &["1 gap is not assessed any more: it is not known whether it is fixed."]);
    says(&flat(&diff.text), &["0 improved, 0 fixed", "Not assessed any more (1)"]);
    assert!(!written(&history, "pull-request").contains("#### Closed"));
}

#[test]
fn what_is_newly_not_assessed_is_named() {
    let history = repository(&[
        ("a.yaml", &vendor("A", "status: active\n")),
        ("b.yaml", &vendor("B", "status: ended\n")),
        ("c.yaml", &vendor("C", "status: active\n")),
    ]);
    history.write("a.yaml", &vendor("A", "")).write("b.yaml", &vendor("B", ""));
    let diff = since_head(&history);
    assert_eq!(
        diff.changes(),
        ["new vendor-not-active A record-changed", "unassessed vendor-not-active B record-changed"]
    );
    assert_eq!(diff.status, 1, "what the base said of both is lost");
    let (lost, fresh) = ("1 gap is not assessed any more", "1 finding is newly not assessed");
    says(&flat(&diff.text), &[lost, fresh]);
    let comment = written(&history, "pull-request");
    says(&comment, &[lost, fresh, "#### Newly not assessed", "| high | 0 | 0 | 0 | 1 | 0 |"]);
    let annotations = written(&history, "github");
    assert_eq!(annotations.lines().filter(|l| l.starts_with("::notice file=")).count(), 2, "{annotations}");
    says(&annotations, &["not assessed: ", lost, fresh]);
    says(&written(&history, "github-summary"), &[lost, fresh]);
}

#[test]
fn a_gap_with_another_cause_says_what_changed() {
    let history = repository(&[("a.yaml", &vendor("A", "status: ended\n"))]);
    let check =
        each("status-known", "vendor", "vendor.status == 'active'", "{{ vendor.id }}", &["missing: gap"]);
    history.write("pack/T-01.yaml", &format!("{}{check}", checks())).commit("absent is a gap", 1);
    history.write("a.yaml", &vendor("A", ""));
    let diff = since_head(&history);
    let finding = items(&diff.json["findings"]).iter().find(|f| f["check"] == "status-known");
    let finding = finding.expect("it is there");
    assert_eq!((word(&finding["change"]), word(&finding["cause"])), ("unchanged", "missing"));
    assert_eq!(finding["reasons"], serde_json::json!(["record-changed"]));
}
