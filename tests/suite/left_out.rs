//! What git has and the folder has not, and the reverse: sparse checkouts, partial and shallow clones, bare
//! repositories, and files that git ignores.

use std::path::Path;

use git2::IndexEntryExtendedFlag;
use serde_json::Value;

use super::diff::{repository, run, since_head, vendor, worker};
use super::history::History;
use super::support::{AS_OF, Call, flat, items, says, word};

/// Audits with these arguments, and returns the status with the JSON report.
fn judge(folder: &Path, args: &[&str]) -> (i32, Value) {
    let all = ["audit", "--as-of", AS_OF, "--report", "json"];
    let output = run(folder, &all.into_iter().chain(args.iter().copied()).collect::<Vec<_>>());
    assert_ne!(output.status, 2, "{}", output.stderr);
    (output.status, serde_json::from_str(&output.stdout).expect("the report is JSON"))
}

#[track_caller]
fn refused(folder: &Path, args: &[&str], words: &[&str]) {
    let output = run(folder, &["audit", "--as-of", AS_OF].iter().chain(args).copied().collect::<Vec<_>>());
    assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{}", output.stderr);
    says(&flat(&output.stderr), words);
}

/// Message and help of the problems of a code.
fn told(report: &Value, code: &str) -> Vec<String> {
    let of_code = items(&report["problems"]).iter().filter(|p| p["code"] == code);
    of_code
        .map(|p| format!("{}: {} | {}", word(&p["place"]["path"]), word(&p["message"]), word(&p["help"])))
        .collect()
}

/// What one problem of a code says.
#[track_caller]
fn one(report: &Value, code: &str) -> String {
    match <[String; 1]>::try_from(told(report, code)) {
        Ok([one]) => one,
        Err(all) => panic!("{} problems {code}: {:#?}", all.len(), report["problems"]),
    }
}

/// What a report says but for the revision and the coverage.
fn verdicts(mut report: Value) -> Value {
    report["run"]["revision"] = Value::Null;
    let ignored = |p: &Value| p["code"] != "git-ignored";
    report["problems"] = items(&report["problems"]).iter().filter(|p| ignored(p)).cloned().collect();
    if let Some(coverage) = report["coverage"].as_object_mut() {
        coverage.remove("git_ignored");
    }
    report
}

fn three_folders() -> History {
    repository(&[
        ("a.yaml", &vendor("A", "status: active\n")),
        ("people/w.yaml", &worker("W", "vendor: A\n")),
        ("vendors/old/b.yaml", &vendor("B", "status: ended\n")),
        ("vendors/old/c.yaml", &vendor("C", "status: active\n")),
        ("vendors/d.yaml", &vendor("D", "status: active\n")),
    ])
}

/// Leaves files out of the work tree, as `git sparse-checkout set` does.
fn leave_out(history: &History, paths: &[&str]) {
    let mut index = history.git.index().expect("an index");
    for path in paths {
        let mut entry = index.get_path(Path::new(path), 0).expect("an entry");
        entry.flags_extended |= IndexEntryExtendedFlag::SKIP_WORKTREE.bits();
        index.add(&entry).expect("an index");
        history.remove(path);
    }
    index.write().expect("an index");
}

/// Removes the object of a path of `HEAD`, and notes in the configuration that the remote has it.
fn leave_at_remote(history: &History, remote: &str, revision: &str, path: &str) {
    let tree = history.git.revparse_single(revision).and_then(|o| o.peel_to_tree()).expect("a tree");
    let id =
        if path.is_empty() { tree.id() } else { tree.get_path(Path::new(path)).expect("it is there").id() };
    let id = id.to_string();
    let object = history.git.path().join("objects").join(&id[..2]).join(&id[2..]);
    std::fs::remove_file(object).expect("a loose object");
    let mut config = history.git.config().expect("a configuration");
    config.set_bool(&format!("remote.{remote}.promisor"), true).expect("it is set");
    config.set_str(&format!("remote.{remote}.partialclonefilter"), "blob:none").expect("it is set");
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_one_problem() {
    let history = three_folders();
    assert_eq!(judge(history.repo.root(), &[]).0, 1);
    leave_out(&history, &["vendors/old/b.yaml", "vendors/old/c.yaml", "people/w.yaml"]);
    let (status, report) = judge(history.repo.root(), &[]);
    assert_eq!(status, 3, "the gap of B is in a file that is not there");
    let problem = one(&report, "sparse-checkout");
    says(&problem, &["leaves out 3 files of the commit: people/ (1 file), vendors/old/ (2 files)"]);
    says(&problem, &["git sparse-checkout disable"]);

    // A folder below which nothing is left out, and files that an ignore rule covers, lack nothing.
    history.write("people/duly.yaml", "packs: [../pack]\n");
    let rule =
        "packs: [pack]\nignore:\n  - { files: [\"people/**\", \"vendors/old/**\"], reason: elsewhere }\n";
    history.write("duly.yaml", rule);
    let (status, report) = judge(history.repo.root(), &[]);
    assert_eq!((status, told(&report, "sparse-checkout")), (0, Vec::new()));
    assert_eq!(told(&report, "unused-ignore-rule"), Vec::<String>::new());
    assert_eq!(told(&judge(history.repo.root(), &["vendors"]).1, "sparse-checkout").len(), 1);
}

#[test]
fn a_sparse_index_hides_nothing() {
    let history = three_folders();
    let file = history.git.path().join("index");
    let mut bytes = std::fs::read(&file).expect("an index");
    let checksum = bytes.len() - 20;
    bytes.splice(checksum..checksum, *b"sdir\0\0\0\0");
    std::fs::write(&file, bytes).expect("an index");
    history.git.config().and_then(|mut c| c.set_bool("core.sparseCheckout", true)).expect("it is set");
    history.remove("vendors/old/b.yaml").remove("vendors/old/c.yaml");
    let (status, report) = judge(history.repo.root(), &[]);
    assert_eq!(status, 3);
    says(&one(&report, "sparse-checkout"), &["2 files of the commit: vendors/old/ (2 files)"]);
    says(&one(&report, "commit-unknown"), &["git sparse-checkout reapply --no-sparse-index"]);
    assert!(report["run"]["revision"]["commit"].is_string());
}

#[test]
fn a_file_that_git_is_told_to_skip_makes_a_difference() {
    let history = three_folders();
    leave_out(&history, &["a.yaml"]);
    history.write("a.yaml", &vendor("A", "status: ended\n"));
    let (_, report) = judge(history.repo.root(), &[]);
    assert_eq!(report["run"]["revision"]["dirty"], true, "git status does not look at it");
    assert_eq!(told(&report, "sparse-checkout"), Vec::<String>::new());
    history.write("a.yaml", &vendor("A", "status: active\n"));
    assert_eq!(judge(history.repo.root(), &[]).1["run"]["revision"]["dirty"], false);
}

#[test]
fn what_is_left_out_is_not_removed() {
    let history = repository(&[
        ("a.yaml", &vendor("A", "status: ended\n")),
        ("b.yaml", &vendor("B", "status: ended\n")),
        ("c.yaml", &vendor("C", "status: ended\n")),
        ("v.yaml", &vendor("V", "status: ended\n")),
        ("w.yaml", &worker("W", "vendor: V\n")),
    ]);
    leave_out(&history, &["a.yaml", "v.yaml"]);
    history.remove("b.yaml").write("c.yaml", "kind: vendor\nid: C\nstatus: [\n");
    let diff = since_head(&history);
    assert_eq!(diff.status, 3);
    assert_eq!(
        diff.changes(),
        [
            "unassessed worker-of-inactive-vendor W record-not-read,related-record-changed",
            "removed vendor-not-active A record-not-read",
            "removed vendor-not-active B record-removed",
            "removed vendor-not-active C record-not-read",
            "removed vendor-not-active V record-not-read",
        ]
    );
    says(&flat(&diff.text), &["records or checks are not read any more", "record not read"]);
    history
        .git
        .reset(&history.git.revparse_single("HEAD").expect("a commit"), git2::ResetType::Hard, None)
        .expect("a reset");
    leave_out(&history, &["a.yaml"]);
    says(
        &flat(&since_head(&history).text),
        &["1 finding is no longer looked at: its records were not read."],
    );
}

#[test]
fn what_a_partial_clone_does_not_hold_is_one_problem() {
    let history = three_folders();
    for path in ["vendors/old/b.yaml", "vendors/old/c.yaml", "vendors/d.yaml", "a.yaml"] {
        leave_at_remote(&history, "origin", "HEAD", path);
    }
    let (status, report) = judge(history.repo.root(), &["--rev", "HEAD"]);
    assert_eq!(status, 3);
    let problem = one(&report, "not-fetched");
    says(&problem, &["this partial clone does not hold 4 files: a.yaml, vendors/ (3 files)"]);
    says(&problem, &["git fetch --refetch --no-filter --tags"]);
    assert!(told(&report, "unreadable").is_empty());
    // The files on disk are read as they stand, and those that are the same need not be fetched for the base.
    assert_eq!(judge(history.repo.root(), &[]).0, 1);
    assert_eq!(judge(history.repo.root(), &["--base", "HEAD"]).0, 0);
    history.write("a.yaml", &vendor("A", "status: ended\n"));
    for args in [["--base", "HEAD"], ["--history", "HEAD"]] {
        let (status, report) = judge(history.repo.root(), &args);
        assert_eq!(status, 3, "{args:?}");
        says(&one(&report, "not-fetched"), &["at `HEAD`: this partial clone does not hold 1 file: a.yaml |"]);
    }
    // Without the configuration, there is no audit.
    leave_at_remote(&history, "upstream", "HEAD", "duly.yaml");
    refused(
        history.repo.root(),
        &["--rev", "HEAD"],
        &["duly.yaml", "does not hold it", "git fetch --refetch"],
    );
}

#[test]
fn a_folder_that_a_partial_clone_does_not_hold_is_named() {
    let history = three_folders();
    leave_at_remote(&history, "upstream", "HEAD", "vendors");
    let (status, report) = judge(history.repo.root(), &["--rev", "HEAD"]);
    assert_eq!(status, 3);
    let problem = one(&report, "not-fetched");
    says(
        &problem,
        &["does not hold 1 folder with unknown contents: vendors/", "--no-filter --tags upstream"],
    );
    let words = ["does not hold the folders of `HEAD`", "git fetch --refetch --no-filter --tags upstream"];
    refused(history.repo.root(), &["vendors", "--rev", "HEAD"], &words);
    leave_at_remote(&history, "upstream", "HEAD", "");
    refused(history.repo.root(), &["--rev", "HEAD"], &words);
}

#[test]
fn an_object_that_is_lost_is_no_partial_clone() {
    let history = three_folders();
    leave_at_remote(&history, "origin", "HEAD", "a.yaml");
    history.git.config().and_then(|mut c| c.remove("remote.origin.promisor")).expect("it is set");
    let (status, report) = judge(history.repo.root(), &["--rev", "HEAD"]);
    assert_eq!(status, 3);
    says(&one(&report, "unreadable"), &["a.yaml: cannot be read", "git fsck", "git fetch --refetch"]);
}

#[test]
fn a_base_beyond_a_shallow_boundary_says_how_to_fetch_it() {
    let history = three_folders();
    let head = history.git.revparse_single("HEAD").expect("a commit").id();
    history.write("a.yaml", &vendor("A", "status: ended\n"));
    let second = history.commit("second", 1);
    history.branch("topic", head);
    std::fs::write(history.git.path().join("shallow"), format!("{second}\n")).expect("a file");
    let merge_base =
        ["shallow, and the merge base of `topic` and `HEAD` is not in it", "git fetch --unshallow,"];
    refused(history.repo.root(), &["--base", "topic..."], &merge_base);
    let all = [
        "`origin/topic` is not in it",
        "git fetch --unshallow origin \"+refs/heads/*:refs/remotes/origin/*\"",
    ];
    refused(history.repo.root(), &["--base", "origin/topic"], &all);
    std::fs::remove_file(history.git.path().join("shallow")).expect("it is there");
    let fetch = ["not a revision `origin/other`", "git fetch origin other:refs/remotes/origin/other"];
    refused(history.repo.root(), &["--base", "origin/other"], &fetch);
}

#[test]
fn a_folder_that_the_base_lacks_is_an_empty_base() {
    let history = History::with(&[("README.md", "Nothing yet.\n")]);
    for (path, text) in [("duly.yaml", "packs: [pack]\n"), ("v.yaml", &vendor("V", "status: ended\n"))] {
        history.write(&format!("records/{path}"), text);
    }
    history.write("records/pack/pack.yaml", super::packs::HEAD);
    history.write("records/pack/T-01.yaml", &super::diff::checks());
    let before = |args: &[&str]| {
        let (status, report) = judge(history.repo.root(), args);
        assert_eq!(status, 1, "{args:?}");
        let changes: Vec<&str> = items(&report["findings"]).iter().map(|f| word(&f["change"])).collect();
        assert_eq!(changes, ["new"]);
        says(&one(&report, "baseline-empty"), &["has no folder `records`: every finding is new"]);
        assert!(told(&report, "baseline-incomplete").is_empty());
    };
    before(&["records", "--base", "HEAD"]);
    before(&["records", "--base", "HEAD", "--pack", "records/pack"]);
    history.commit("records", 1);
    before(&["records", "--base", "HEAD~1", "--rev", "HEAD"]);
    let diff = run(history.repo.root(), &["diff", "HEAD~1..HEAD", "records", "--as-of", AS_OF]);
    assert_eq!(diff.status, 1, "{}", diff.stderr);
    refused(history.repo.root(), &["records", "--rev", "HEAD~1"], &["there is no folder `records`"]);
}

#[test]
fn a_bare_repository_is_one_whatever_its_configuration_says() {
    let history = three_folders();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let bare = |name: &str| {
        let folder = elsewhere.path().join(name);
        let from = history.repo.root().to_str().expect("a path");
        git2::build::RepoBuilder::new().bare(true).clone(from, &folder).expect("a clone")
    };
    let is_bare = ["is a bare repository", "name the revision"];
    for (name, says) in [("unset", None), ("wrong", Some(false)), ("right", Some(true))] {
        let mut config = bare(name).config().expect("a configuration");
        match says {
            Some(says) => config.set_bool("core.bare", says).expect("it is set"),
            None => config.remove("core.bare").expect("it was set"),
        }
        refused(elsewhere.path(), &[name], &is_bare);
        refused(elsewhere.path(), &[&format!("{name}/refs")], &is_bare);
        assert_eq!(judge(elsewhere.path(), &[name, "--rev", "main"]).0, 1, "{name}");
    }
    // Kept beside nothing, and beside files that git does not know.
    bare("beside/.git");
    refused(elsewhere.path(), &["beside"], &is_bare);
    assert_eq!(judge(elsewhere.path(), &["beside", "--rev", "main"]).0, 1);
    history.git.config().and_then(|mut c| c.set_bool("core.bare", true)).expect("it is set");
    let (status, report) = judge(history.repo.root(), &[]);
    assert_eq!(status, 1);
    says(
        &one(&report, "commit-unknown"),
        &["is bare, so git knows no files on disk", "git config core.bare false"],
    );
    assert_eq!(judge(history.repo.root(), &["--rev", "HEAD"]).0, 1);
    assert_eq!(judge(history.repo.root(), &["vendors/old", "--pack", "pack", "--rev", "HEAD"]).0, 1);
    history.git.config().and_then(|mut c| c.set_bool("core.bare", false)).expect("it is set");
    refused(history.repo.root(), &[".git"], &["is git's own folder"]);
}

#[test]
fn what_git_ignores_is_left_out_and_counted() {
    let history = repository(&[
        ("a.yaml", &vendor("A", "status: active\n")),
        (".gitignore", "/build/\n*.log\nlocal-*.yaml\nkept/\n"),
        ("kept/v.yaml", &vendor("K", "status: active\n")),
        ("local-tracked.yaml", &vendor("T", "status: active\n")),
    ]);
    let (_, clean) = judge(history.repo.root(), &[]);
    assert!(told(&clean, "git-ignored").is_empty());
    let paths: Vec<&str> = items(&clean["coverage"]["files"]).iter().map(|f| word(&f["path"])).collect();
    for tracked in ["kept/v.yaml", "local-tracked.yaml"] {
        assert!(paths.contains(&tracked), "git does not ignore what it tracks: {tracked}");
    }
    let ended = vendor("B", "status: ended\n");
    for path in
        ["build/x.yaml", "build/deep/y.yaml", "run.log", "local-b.yaml", "kept/other.yaml", "secret.yaml"]
    {
        history.write(path, &ended);
    }
    std::fs::create_dir_all(history.git.path().join("info")).expect("a folder");
    std::fs::write(history.git.path().join("info/exclude"), "secret.yaml\n").expect("a file");
    let (status, disk) = judge(history.repo.root(), &[]);
    assert_eq!(status, 0);
    let problem = one(&disk, "git-ignored");
    says(&problem, &["4 files and 1 folder that git ignores were left out:", "build/", "secret.yaml"]);
    says(&problem, &["--no-git-ignore reads them"]);
    let listed = serde_json::json!(["build/", "kept/other.yaml", "local-b.yaml", "run.log", "secret.yaml"]);
    assert_eq!(disk["coverage"]["git_ignored"], listed);
    assert_eq!(disk["run"]["revision"]["dirty"], false);
    let (_, revision) = judge(history.repo.root(), &["--rev", "HEAD"]);
    assert_eq!(verdicts(disk), verdicts(revision));

    let (status, all) = judge(history.repo.root(), &["--no-git-ignore"]);
    assert_eq!(status, 3, "there are several with one id");
    assert!(told(&all, "git-ignored").is_empty() && all["coverage"].get("git_ignored").is_none());
    assert_eq!(all["run"]["revision"]["dirty"], true);
    let diff = |more: &[&str]| {
        let args = ["diff", "HEAD", "--as-of", AS_OF].iter().chain(more).copied().collect::<Vec<_>>();
        run(history.repo.root(), &args).status
    };
    assert_eq!((diff(&[]), diff(&["--no-git-ignore"])), (0, 3));
    refused(history.repo.root(), &["--rev", "HEAD", "--no-git-ignore"], &["cannot be used with"]);
    let text = run(history.repo.root(), &["audit", "--as-of", AS_OF]).stdout;
    says(&flat(&text), &["4 files and 1 folder that git ignores were left out"]);
}

#[test]
fn an_ignored_folder_is_not_walked() {
    let history = repository(&[("a.yaml", &vendor("A", "status: active\n")), (".gitignore", "/build/\n")]);
    // What cannot be read in it would be a problem.
    history.write("build/a.yaml", "kind: [\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.yaml", history.repo.path("build/link.yaml")).expect("a link");
    let (status, report) = judge(history.repo.root(), &[]);
    let codes: Vec<&str> = items(&report["problems"]).iter().map(|p| word(&p["code"])).collect();
    assert_eq!((status, codes), (0, vec!["git-ignored", "unclaimed-files"]));
    // Named itself, it is read: nothing in it is in the repository.
    history.write("build/duly.yaml", "packs: [../pack]\n");
    assert_eq!(judge(history.repo.root(), &["build", "--pack", "pack"]).0, 3);
}

#[test]
fn own_files_that_git_ignores_are_told() {
    let history = repository(&[
        ("v.yaml", &vendor("V", "status: active\nbackground_check:\n  documentation:\n    ref: doc.pdf\n")),
        (".gitignore", "duly-baseline.yaml\n*.pdf\nlists/\n"),
    ]);
    history.write("doc.pdf", "evidence\n").write("duly-baseline.yaml", "findings: []\n");
    let configuration = "packs: [pack]\nreference:\n  - { list: commercial-vpn, file: lists/own.txt }\n";
    history.write("duly.yaml", configuration).write("lists/own.txt", "192.0.2.0/24\n");
    let (status, report) = judge(history.repo.root(), &[]);
    assert_eq!(status, 3);
    let own: Vec<String> = told(&report, "git-ignored");
    assert!(
        own.iter().any(|p| p.starts_with("duly-baseline.yaml: is ignored by git, so it was not used")),
        "{own:?}"
    );
    says(
        &one(&report, "evidence-missing"),
        &["is ignored by git, so no revision holds it", "git add --force"],
    );
    says(&one(&report, "reference-list-missing"), &["is ignored by git, so no revision holds it"]);
}

#[test]
fn without_a_commit_or_a_repository_git_ignores_alike_or_nothing() {
    let history = History::new();
    history
        .write("a.yaml", &vendor("A", ""))
        .write("b.log.yaml", "no: record\n")
        .write(".gitignore", "*.log.yaml\n");
    let (_, report) = judge(history.repo.root(), &[]);
    assert_eq!(report["coverage"]["git_ignored"], serde_json::json!(["b.log.yaml"]));
    std::fs::remove_dir_all(history.git.path()).expect("it is there");
    let (status, report) = judge(history.repo.root(), &[]);
    assert_eq!((status, report["coverage"].get("git_ignored")), (3, None));
}

#[test]
fn files_that_git_re_encodes_leave_the_audit_incomplete() {
    let history = History::with(&[
        ("v.yaml", "{ kind: vendor, id: V-1, name: A }"),
        (".gitattributes", "*.yaml text working-tree-encoding=SHIFT-JIS\n"),
    ]);
    let output = Call::new(history.repo.root()).args(["audit", ".", "--as-of", AS_OF]).run();
    assert_eq!(output.status, 3, "{}", output.stdout);
    assert!(output.stdout.contains("re-encodes files at checkout"), "{}", output.stdout);
    history.write(".gitattributes", "*.yaml text\n");
    let output = Call::new(history.repo.root()).args(["audit", ".", "--as-of", AS_OF]).run();
    assert!(!output.stdout.contains("re-encodes"), "{}", output.stdout);
}
