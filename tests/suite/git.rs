//! Revisions: what `--rev` reads, what the report names, and what is said when it cannot be read.

use std::path::Path;

use serde_json::Value;

use super::history::{History, commit, init, write_tree};
use super::packs::active;
use super::support::{AS_OF, Call, Output, audit, duly, items, says, word};

const GOOD: &str = "kind: vendor\nid: V-1\nstatus: active\n";
const BAD: &str = "kind: vendor\nid: V-1\nstatus: ended\n";
const PACKS: &str = "packs: [pack]\n";

/// A repository whose only vendor went from good to bad.
fn good_then_bad() -> History {
    let history = History::new();
    active(&history.repo);
    history.write("duly.yaml", PACKS).write("v.yaml", GOOD);
    history.commit("good", 0);
    history.write("v.yaml", BAD);
    history.commit("bad: somebody left", 1);
    history
}

/// Audits with these arguments, and returns the status with the JSON report.
fn judge(folder: &Path, args: &[&str]) -> (i32, Value) {
    let output = call(folder, args);
    assert_ne!(output.status, 2, "{}", output.stderr);
    (output.status, serde_json::from_str(&output.stdout).expect("the report is JSON"))
}

fn call(folder: &Path, args: &[&str]) -> Output {
    let all = ["audit", "--as-of", AS_OF, "--report", "json"];
    Call::new(folder).args(all.iter().chain(args)).run()
}

/// The status of an audit of a revision.
fn status(history: &History, revision: &str) -> i32 {
    judge(history.repo.root(), &["--rev", revision]).0
}

/// Refused with these words.
#[track_caller]
fn refused(folder: &Path, args: &[&str], words: &[&str]) {
    let output = call(folder, args);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{}", output.stderr);
    says(&output.stderr, words);
}

fn codes(report: &Value) -> Vec<&str> {
    items(&report["problems"]).iter().map(|p| word(&p["code"])).collect()
}

#[test]
fn a_revision_is_read_by_any_of_its_names() {
    let history = good_then_bad();
    let first = history.git.revparse_single("HEAD~1").expect("a commit").id();
    history.branch("old", first);
    history.tag("v1", first);
    let hash = first.to_string();
    for name in ["HEAD~1", "HEAD^", "old", "v1", "refs/tags/v1", "main~1", &hash, &hash[..8], ":/good"] {
        let (status, report) = judge(history.repo.root(), &["--rev", name]);
        assert_eq!(status, 0, "{name}");
        let revision = &report["run"]["revision"];
        assert_eq!(revision["name"], name);
        assert_eq!(revision["commit"], hash.as_str());
        assert_eq!(revision["committed_on"], "2026-01-01");
        assert_eq!(revision.get("dirty"), None, "a revision is never dirty");
    }
    for name in ["HEAD", "main", ":/somebody left"] {
        assert_eq!(status(&history, name), 1, "{name}");
    }
    let (_, report) = judge(history.repo.root(), &["--rev", "old"]);
    assert_eq!(report["run"]["revision"]["branch"], "old");
}

#[test]
fn a_revision_and_its_checkout_give_the_same_report() {
    let history = good_then_bad();
    history.write("people/a.json", "{\"kind\": \"vendor\", \"id\": \"V-2\", \"status\": \"ended\"}");
    history.write("odd.yaml", "kind: vendor\r\nid: V-3\r\nstatus: [\r\n");
    history.commit("more", 2);
    let (_, mut disk) = judge(history.repo.root(), &[]);
    let (_, mut revision) = judge(history.repo.root(), &["--rev", "HEAD"]);
    assert_eq!(disk["run"]["revision"]["dirty"], false);
    assert_eq!(disk["run"]["revision"]["commit"], revision["run"]["revision"]["commit"]);
    disk["run"]["revision"] = Value::Null;
    revision["run"]["revision"] = Value::Null;
    assert_eq!(disk, revision);
}

#[test]
fn everything_comes_from_the_revision() {
    let history = History::new();
    active(&history.repo);
    history.write(
        "duly.yaml",
        "packs: [pack]\norganization: Then\nignore:\n  - { files: [x/**], reason: old }\n",
    );
    history.write("v.yaml", GOOD).write("x/a.yaml", "no: record\n");
    history.commit("then", 0);
    // Now the configuration is broken, the pack is gone, and the records are others.
    history.write("duly.yaml", "packs: 7\n").remove("pack/pack.yaml").write("v.yaml", BAD);
    let (status, report) = judge(history.repo.root(), &["--rev", "HEAD"]);
    assert_eq!((status, word(&report["run"]["organization"])), (0, "Then"));
    refused(history.repo.root(), &[], &["duly.yaml"]);
    history.write("duly.yaml", PACKS);
    refused(history.repo.root(), &[], &["no such policy pack"]);
    history.commit("now", 1);
    refused(history.repo.root(), &["--rev", "HEAD"], &["no such policy pack"]);
}

#[test]
fn reading_a_revision_changes_nothing_on_disk() {
    let history = good_then_bad();
    history.write("v.yaml", GOOD).write("new.yaml", BAD);
    let before = snapshot(history.repo.root());
    judge(history.repo.root(), &["--rev", "HEAD~1"]);
    judge(history.repo.root(), &[]);
    assert_eq!(before, snapshot(history.repo.root()));
}

/// Every file below a folder with its bytes and the time it was written.
fn snapshot(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>, std::time::SystemTime)> {
    let mut all = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.expect("it can be read");
        if entry.file_type().is_file() {
            let written = entry.metadata().expect("it is there").modified().expect("a time");
            all.push((entry.path().to_owned(), std::fs::read(entry.path()).expect("a file"), written));
        }
    }
    all
}

#[test]
fn a_work_tree_says_whether_it_is_the_commit() {
    let history = good_then_bad();
    history
        .write("other/note.txt", "outside\n")
        .write("records/v.yaml", GOOD)
        .write("duly.yaml", "packs: []\n");
    history.write("records/pack/pack.yaml", &history.repo.text("pack/pack.yaml"));
    history.write("records/pack/T-01.yaml", &history.repo.text("pack/T-01.yaml"));
    history.write("records/duly.yaml", PACKS).write(".gitignore", "*.secret.yaml\n*.log\n");
    history.commit("folders", 2);
    let dirty = || {
        let (_, report) = judge(history.repo.root(), &["records"]);
        let revision = report["run"]["revision"].clone();
        assert_eq!((&revision["name"], &revision["branch"]), (&"work-tree".into(), &"main".into()));
        assert_eq!(revision["folder"], "records");
        revision["dirty"].as_bool().expect("it is known")
    };
    assert!(!dirty());
    history.write("other/note.txt", "changed outside of the folder\n").write("other/new.txt", "");
    assert!(!dirty());
    history.write("records/v.yaml", BAD);
    assert!(dirty());
    history.write("records/v.yaml", GOOD);
    assert!(!dirty(), "the bytes count, not the time");
    history.write("records/new.yaml", "kind: vendor\nid: V-9\nstatus: active\n");
    assert!(dirty(), "a file that git does not know");
    history.remove("records/new.yaml").write("records/run.log", "not read\n");
    assert!(!dirty(), "git ignores it, and nobody reads it");
    history
        .remove("records/run.log")
        .write("records/v.secret.yaml", "kind: vendor\nid: V-9\nstatus: active\n");
    assert!(!dirty(), "git ignores it, and the audit leaves it out");
    let (_, report) = judge(history.repo.root(), &["records", "--no-git-ignore"]);
    assert_eq!(report["run"]["revision"]["dirty"], true, "git ignores it, but this audit reads it");
    history.remove("records/v.secret.yaml").remove("records/v.yaml");
    assert!(dirty(), "a file that is gone");
}

#[test]
fn outside_of_a_repository_no_commit_is_named() {
    let repo = super::support::Repo::with(&[("v.yaml", GOOD)]);
    active(&repo);
    let revision = audit(&repo).json["run"]["revision"].clone();
    assert_eq!(revision, serde_json::json!({ "kind": "work-tree", "name": "work-tree" }));
    refused(repo.root(), &["--rev", "HEAD"], &["is in no git repository"]);
}

#[test]
fn a_folder_of_a_repository_can_be_audited_at_a_revision() {
    let history = good_then_bad();
    history.write("a/b/v.yaml", GOOD).write("a/b/duly.yaml", PACKS);
    for file in ["pack.yaml", "T-01.yaml"] {
        history.write(&format!("a/b/pack/{file}"), &history.repo.text(&format!("pack/{file}")));
    }
    history.commit("folder", 2);
    let (status, report) = judge(history.repo.root(), &["a/b", "--rev", "HEAD"]);
    assert_eq!((status, word(&report["run"]["revision"]["folder"])), (0, "a/b"));
    let paths: Vec<&str> = items(&report["coverage"]["files"]).iter().map(|f| word(&f["path"])).collect();
    assert_eq!(paths, ["duly.yaml", "pack/T-01.yaml", "pack/pack.yaml", "v.yaml"]);
    refused(history.repo.root(), &["a/b", "--rev", "HEAD~1"], &["there is no folder `a/b` at `HEAD~1`"]);
    refused(history.repo.root(), &["v.yaml", "--rev", "HEAD"], &["there is no folder `v.yaml` at `HEAD`"]);
    // A folder that is gone from the disk is still in its revision.
    std::fs::remove_dir_all(history.repo.path("a")).expect("it is there");
    assert_eq!(judge(history.repo.root(), &["a/b", "--rev", "HEAD"]).0, 0);
}

#[test]
fn bare_repositories_and_linked_worktrees_are_read() {
    let history = good_then_bad();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let bare = elsewhere.path().join("org.git");
    git2::build::RepoBuilder::new()
        .bare(true)
        .clone(history.repo.root().to_str().expect("a path"), &bare)
        .expect("a clone");
    assert_eq!(judge(&bare, &["--rev", "main~1"]).0, 0);
    assert_eq!(judge(elsewhere.path(), &["org.git", "--rev", "main"]).0, 1);
    refused(&bare, &[], &["is a bare repository", "name the revision"]);
    let diff = Call::new(elsewhere.path()).args(["diff", "main", "org.git"]).run();
    assert_eq!(diff.status, 2);
    says(&diff.stderr, &["is a bare repository", "name the revision"]);
    assert!(!diff.stderr.contains("--rev"), "{}", diff.stderr);

    let linked = elsewhere.path().join("linked");
    history.git.worktree("linked", &linked, None).expect("a worktree");
    let (status, report) = judge(&linked, &[]);
    assert_eq!(status, 1);
    assert_eq!(report["run"]["revision"]["branch"], "linked");
    assert_eq!(report["run"]["revision"]["dirty"], false);
    assert_eq!(judge(&linked, &["--rev", "HEAD~1"]).0, 0);
}

#[test]
fn a_tag_that_was_moved_is_read_where_it_is_now() {
    let history = good_then_bad();
    let [new, old] = ["HEAD", "HEAD~1"].map(|r| history.git.revparse_single(r).expect("a commit").id());
    history.tag("release", old);
    assert_eq!(status(&history, "release"), 0);
    history.tag("release", new);
    let (status, report) = judge(history.repo.root(), &["--rev", "release"]);
    assert_eq!(status, 1);
    assert_eq!(report["run"]["revision"]["commit"], new.to_string().as_str());
}

#[test]
fn revisions_that_are_none_are_refused_with_help() {
    let history = good_then_bad();
    let root = history.repo.root();
    let first = history.git.revparse_single("HEAD~1").expect("a commit").id();
    history.branch("release-2026", first);
    let cases: &[(&str, &[&str])] = &[
        ("relase-2026", &["there is not a revision `relase-2026`", "did you mean `release-2026`?"]),
        ("nowhere", &["there is not a revision `nowhere`", "a branch, a tag, a hash"]),
        ("origin/main", &["there is not a revision `origin/main`"]),
        ("HEAD~7", &["there is not a revision `HEAD~7`"]),
        ("HEAD:v.yaml", &["`HEAD:v.yaml` names no commit"]),
        ("--upload-pack=touch x", &["is not a revision"]),
        ("-x", &["`-x` is not a revision"]),
        ("", &["`` is not a revision"]),
        ("HEAD~1..HEAD", &["HEAD~1..HEAD"]),
        ("a\u{1b}[31mb", &["is not a revision"]),
        ("0", &["there is not a revision"]),
    ];
    for (revision, words) in cases {
        refused(root, &["--rev", revision], words);
    }
    history.tag("release-2026", history.git.revparse_single("HEAD").expect("a commit").id());
    refused(root, &["--rev", "release-2026"], &["a branch and a tag", "refs/tags/release-2026"]);
    assert_eq!(status(&history, "refs/heads/release-2026"), 0);
    assert_eq!(status(&history, "refs/tags/release-2026"), 1);
}

#[test]
fn a_short_hash_of_two_commits_is_ambiguous() {
    let history = good_then_bad();
    let tree = history.git.head().and_then(|h| h.peel_to_tree()).expect("a tree").id();
    let mut seen = std::collections::BTreeMap::new();
    let prefix = (0..2000).find_map(|day| {
        let id = write_tree(&history.git, tree, "again", day, &[]).to_string();
        seen.insert(id[..4].to_owned(), ()).map(|()| id[..4].to_owned())
    });
    let prefix = prefix.expect("two of many hashes start with the same digits");
    refused(history.repo.root(), &["--rev", &prefix], &["is ambiguous", "more digits"]);
}

#[test]
fn an_unborn_branch_is_said_to_be_one() {
    let history = History::new();
    active(&history.repo);
    history.write("v.yaml", GOOD).write("duly.yaml", PACKS);
    refused(
        history.repo.root(),
        &["--rev", "HEAD"],
        &["the branch `main` has no commit yet", "commit first"],
    );
    let (status, report) = judge(history.repo.root(), &[]);
    assert_eq!(status, 0);
    assert_eq!(
        report["run"]["revision"],
        serde_json::json!({ "kind": "work-tree", "name": "work-tree", "branch": "main" })
    );
}

#[test]
fn a_shallow_clone_says_what_is_missing() {
    let history = good_then_bad();
    // What `git clone --depth 1` leaves: the first commit is not there, and a file says so.
    let head = history.git.revparse_single("HEAD").expect("a commit").id();
    let first = history.git.revparse_single("HEAD~1").expect("a commit").id().to_string();
    std::fs::write(history.git.path().join("shallow"), format!("{head}\n")).expect("a file");
    let object = history.git.path().join("objects").join(&first[..2]).join(&first[2..]);
    std::fs::remove_file(object).expect("a loose object");
    for revision in ["HEAD~1", "origin/main", &first] {
        let words = ["this clone is shallow", "git fetch --unshallow", "fetch-depth: 0"];
        refused(history.repo.root(), &["--rev", revision], &words);
    }
    assert_eq!(status(&history, "HEAD"), 1);
}

#[test]
fn submodules_are_problems() {
    let history = good_then_bad();
    let inner = History::with(&[("w.yaml", GOOD)]);
    let commit_id = inner.git.head().and_then(|h| h.peel_to_commit()).expect("a commit").id();
    let head = history.git.head().and_then(|h| h.peel_to_tree()).expect("a tree");
    let mut builder = history.git.treebuilder(Some(&head)).expect("a tree");
    builder.insert("people", commit_id, 0o160_000).expect("a submodule");
    let tree = builder.write().expect("a tree");
    write_tree(&history.git, tree, "submodule", 2, &[]);
    let (status, report) = judge(history.repo.root(), &["--rev", "HEAD"]);
    assert_eq!((status, codes(&report)), (3, vec!["submodule"]));
    assert_eq!(report["problems"][0]["place"]["path"], "people");

    // On disk, as after a clone without --recurse-submodules.
    history.checkout("main");
    std::fs::create_dir_all(history.repo.path("people")).expect("a folder");
    let (status, report) = judge(history.repo.root(), &[]);
    assert_eq!((status, codes(&report)), (3, vec!["submodule"]));
    let again = init(&history.repo.path("people"));
    history.repo.write("people/w.yaml", "kind: vendor\nid: V-2\nstatus: active\n");
    commit(&again, "inner", 0);
    let (status, report) = judge(history.repo.root(), &[]);
    assert_eq!((status, codes(&report)), (1, vec!["submodule-files"]));

    // Ignored with a reason, it is none.
    history.write(
        "duly.yaml",
        "packs: [pack]\nignore:\n  - { files: [\"people/**\"], reason: audited elsewhere }\n",
    );
    assert_eq!(judge(history.repo.root(), &[]).0, 1);
    assert_eq!(codes(&judge(history.repo.root(), &[]).1), ["ignored-records"]);
}

#[test]
fn pointers_of_git_lfs_are_no_files() {
    const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    let history = good_then_bad();
    history.write("more.yaml", POINTER);
    history.commit("pointer", 2);
    for args in [&["--rev", "HEAD"][..], &[]] {
        let (status, report) = judge(history.repo.root(), args);
        assert_eq!((status, codes(&report)), (3, vec!["lfs-pointer"]));
        assert_eq!(report["problems"][0]["place"]["path"], "more.yaml");
    }
}

#[test]
#[cfg(unix)]
fn links_are_treated_as_on_disk() {
    let history = good_then_bad();
    std::os::unix::fs::symlink("v.yaml", history.repo.path("link.yaml")).expect("a link");
    history.commit("link", 2);
    let (_, disk) = judge(history.repo.root(), &[]);
    let (_, revision) = judge(history.repo.root(), &["--rev", "HEAD"]);
    assert_eq!(codes(&revision), ["symbolic-link"]);
    assert_eq!(disk["problems"], revision["problems"]);
}

#[test]
#[cfg(unix)]
fn a_repository_of_somebody_else_is_not_trusted() {
    let history = good_then_bad();
    let mut all = vec![history.repo.root().to_owned()];
    all.extend(
        walkdir::WalkDir::new(history.repo.root()).into_iter().map(|e| e.expect("it is there").into_path()),
    );
    for path in all {
        if std::os::unix::fs::lchown(&path, Some(12_345), Some(12_345)).is_err() {
            // Only root can give files away: nothing to see for others.
            return;
        }
    }
    let words = ["belongs to someone else", "git config --global --add safe.directory"];
    refused(history.repo.root(), &["--rev", "HEAD"], &words);
    // The files themselves can be audited; the commit has no name.
    let (status, report) = judge(history.repo.root(), &[]);
    assert_eq!((status, codes(&report)), (1, vec!["commit-unknown"]));
    assert_eq!(report["run"]["revision"], serde_json::json!({ "kind": "work-tree", "name": "work-tree" }));
}

#[test]
fn a_broken_repository_is_no_panic() {
    let history = good_then_bad();
    std::fs::write(history.git.path().join("HEAD"), "junk\n").expect("a file");
    let output = duly(&history.repo, &["audit", ".", "--rev", "HEAD", "--as-of", AS_OF]);
    assert_eq!(output.status, 2);
    assert_eq!(duly(&history.repo, &["audit", ".", "--as-of", AS_OF]).status, 1);
}

#[test]
fn no_name_of_a_branch_makes_it_the_disk() {
    let history = History::new();
    history.write("duly.yaml", "packs: [./pack]\n").write("v.yaml", GOOD);
    let commit = history.commit("without the pack", 0);
    history.branch("other", commit);
    history.branch("work-tree", commit);
    // The pack is on disk, and in no commit.
    active(&history.repo);
    for branch in ["other", "work-tree"] {
        refused(history.repo.root(), &["--rev", branch], &["no such policy pack"]);
    }
    history.commit("with the pack", 1);
    let diff = Call::new(history.repo.root()).args(["diff", "work-tree..HEAD", "--as-of", AS_OF]).run();
    assert!(!diff.stdout.contains("files on disk"), "{}", diff.stdout);
}
