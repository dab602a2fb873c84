//! Folders and files made to break an audit: it ends soon, says what it left out, and does the rest.

use std::io::Write as _;
use std::time::{Duration, Instant};

use super::packs::active;
use super::support::{Audit, Repo, audit, audit_with, duly, flat, items, place, says, word};

const GOOD: &str = "kind: vendor\nid: good\nstatus: active\n";

/// A repository with a good record and the pack of the suite.
fn repo() -> Repo {
    let repo = Repo::with(&[("good.yaml", GOOD)]);
    active(&repo);
    repo
}

/// The good record was assessed, whatever else was there.
fn rest_is_done(audit: &Audit) {
    assert_eq!(audit.satisfied("vendor-not-active"), ["good"], "{}", audit.text);
}

#[test]
fn an_empty_folder_says_what_was_looked_for() {
    for prepare in
        [|_: &Repo| {}, |repo: &Repo| std::fs::create_dir_all(repo.path("a/b/c")).expect("folders")]
    {
        let repo = Repo::new();
        prepare(&repo);
        let audit = audit(&repo);
        assert_eq!(audit.status, 3);
        let problem = audit.problem("no-records");
        says(word(&problem["message"]), &["no record to assess", "YAML and JSON", "`kind:` and `id:`"]);
        says(word(&problem["help"]), &["`duly schema`"]);
        says(&audit.text, &["Nothing was assessed", "incomplete (exit status 3)"]);
        let measures = items(&audit.json["measures"]);
        assert_eq!(measures.len(), 28, "every measure is in every report");
        assert!(measures.iter().all(|m| m["outcome"] == "not-assessed"));
    }
    let quiet = duly(&Repo::new(), &["audit", ".", "-q"]);
    assert_eq!((quiet.status, quiet.stdout.contains("Nothing was assessed")), (3, true));
}

#[test]
fn a_folder_of_binaries_is_no_record() {
    let repo = Repo::new();
    active(&repo);
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    for name in ["a.bin", "b.png", "c", "d/e.exe"] {
        repo.write(name, &bytes);
    }
    let plain = audit(&repo);
    assert_eq!(plain.status, 3);
    says(word(&plain.problem("no-records")["message"]), &["no record to assess"]);
    assert_eq!(plain.coded("unclaimed-files").len(), 4);
    // With the names of records, each is a problem of its own.
    for name in ["x.yaml", "y.json", "z.yml"] {
        repo.write(name, &bytes[128..]);
    }
    repo.write("nul.yaml", [0; 4096]);
    let named = audit(&repo);
    assert_eq!(named.status, 3);
    let places: Vec<&str> = named.problems().iter().map(|p| word(&p["place"]["path"])).collect();
    for name in ["x.yaml", "y.json", "z.yml", "nul.yaml"] {
        assert!(places.contains(&name), "{name} in {places:?}");
    }
}

#[test]
fn a_file_beyond_the_limit_is_not_read() {
    let repo = repo();
    let file = std::fs::File::create(repo.path("huge.yaml")).expect("a file");
    file.set_len(200 << 20).expect("a sparse file");
    let started = Instant::now();
    let audit = audit(&repo);
    assert_eq!(audit.status, 3);
    rest_is_done(&audit);
    let problem = audit.problem("file-too-large");
    assert_eq!(problem["place"]["path"], "huge.yaml");
    says(word(&problem["message"]), &["200 MiB", "at most 64 MiB"]);
    says(word(&problem["help"]), &["split it", "duly.yaml"]);
    assert!(started.elapsed() < Duration::from_secs(10), "it was not read");
    // Ignored with a reason, it is no problem.
    repo.write("duly.yaml", "packs: [pack]\nignore: [{files: [huge.yaml], reason: an export nobody uses}]\n");
    assert_eq!(super::support::audit(&repo).status, 0);
}

#[test]
fn aliases_that_multiply_are_refused() {
    let repo = repo();
    let mut lol = String::from("kind: vendor\nid: lol\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..30 {
        let list = vec![format!("*a{}", i - 1); 10].join(", ");
        lol.push_str(&format!("a{i}: &a{i} [{list}]\n"));
    }
    repo.write("lol.yaml", lol);
    repo.write("self.yaml", "kind: vendor\nid: self\na: &a [*a]\n");
    let audit = audit(&repo);
    assert_eq!(audit.status, 3);
    rest_is_done(&audit);
    let problem = audit.problem("aliases-without-bound");
    assert!(place(&problem["place"]).starts_with("lol.yaml:"), "{problem}");
    says(word(&problem["message"]), &["100000"]);
    assert_eq!(place(&audit.problem("alias-cycle")["place"]), "self.yaml:3:8");
}

#[test]
fn nesting_has_a_limit_in_every_style() {
    const DEEP: usize = 100_000;
    let files = [
        ("flow.yaml", "[".repeat(DEEP) + &"]".repeat(DEEP)),
        ("open.yaml", "[".repeat(DEEP)),
        ("maps.yaml", "{a: ".repeat(DEEP)),
        ("dashes.yaml", "- ".repeat(DEEP)),
        ("question.yaml", "? ".repeat(DEEP)),
        ("indent.yaml", (0..2000).map(|i| format!("{}a:\n", " ".repeat(i))).collect()),
        ("closed.json", "[".repeat(DEEP) + &"]".repeat(DEEP)),
        ("objects.json", "{\"a\":".repeat(DEEP) + "1" + &"}".repeat(DEEP)),
        ("open.json", "[".repeat(DEEP)),
    ];
    for (name, text) in files {
        let repo = repo();
        repo.write(name, text);
        let audit = audit(&repo);
        assert_eq!(audit.status, 3, "{name}");
        rest_is_done(&audit);
        for problem in audit.problems() {
            assert!(place(&problem["place"]).starts_with(&format!("{name}:")), "{problem}");
        }
        // What never closes is no JSON before it is deep.
        if name != "open.json" {
            says(word(&audit.problem("nested-too-deeply")["message"]), &["64 levels"]);
        }
    }
    // 64 levels themselves are read.
    let repo = repo();
    repo.write("v.yaml", format!("{{kind: vendor, id: v, x: {}{}}}", "[".repeat(63), "]".repeat(63)));
    let audit = audit(&repo);
    assert_eq!(audit.problems().len(), 1, "{}", audit.text);
    says(word(&audit.problem("unknown-field")["message"]), &["`x`"]);
}

#[cfg(unix)]
#[test]
fn links_are_named_and_never_followed() {
    use std::os::unix::fs::symlink;

    let outside = Repo::with(&[("secret.yaml", "kind: vendor\nid: zqx-outside\nstatus: ended\n")]);
    let repo = repo();
    symlink(outside.path("secret.yaml"), repo.path("secret.yaml")).expect("a link");
    symlink(outside.root(), repo.path("folder")).expect("a link");
    symlink(".", repo.path("loop")).expect("a link");
    symlink("itself", repo.path("itself")).expect("a link");
    symlink("/nowhere/at/all", repo.path("dangling.yaml")).expect("a link");
    std::fs::create_dir_all(repo.path("a/b")).expect("folders");
    symlink("../..", repo.path("a/b/up")).expect("a link");
    repo.write("points.yaml", "kind: vendor\nid: e\nstatus: active\nbank: {document: {ref: secret.yaml}}\n");
    let all = audit_with(&repo, &["-v"]);
    assert_eq!(all.status, 3, "what a link at the path of a record names was not read\n{}", all.text);
    assert_eq!(all.satisfied("vendor-not-active"), ["e", "good"]);
    let impact = |path: &str| {
        let found = all.coded("symbolic-link").into_iter().find(|p| p["place"]["path"] == path);
        found.map(|p| word(&p["impact"]).to_owned())
    };
    assert_eq!(impact("secret.yaml").as_deref(), Some("incomplete"));
    assert_eq!(impact("folder").as_deref(), Some("notice"), "no source claims it");
    let links: Vec<&str> = all.coded("symbolic-link").iter().map(|p| word(&p["place"]["path"])).collect();
    assert_eq!(links, ["a/b/up", "dangling.yaml", "folder", "itself", "loop", "secret.yaml"]);
    says(&all.text, &["a symbolic link, which is not followed"]);
    for text in [&all.text, &all.raw] {
        assert!(!text.contains("zqx-outside"), "what a link names never appears");
    }
    // A link as the audited folder itself is the folder.
    let home = Repo::new();
    symlink(repo.root(), home.path("link")).expect("a link");
    let pack = repo.path("pack").display().to_string();
    let output = duly(&home, &["audit", "link", "--as-of", super::support::AS_OF, "--pack", &pack, "-v"]);
    assert_eq!(output.status, 3, "{}{}", output.stdout, output.stderr);
    says(&output.stdout, &["satisfied: e, good"]);
    // A link as the configuration is not followed either, and is said.
    symlink(outside.path("secret.yaml"), repo.path("duly.yaml")).expect("a link");
    let configured = duly(&repo, &["audit", ".", "--as-of", super::support::AS_OF, "--pack", "pack"]);
    says(&configured.stdout, &["symbolic-link] duly.yaml"]);
    assert!(!configured.stdout.contains("zqx-outside"));
}

#[cfg(unix)]
#[test]
fn a_pipe_does_not_hold_an_audit_up() {
    let repo = repo();
    for name in ["pipe.yaml", "duly.pipe"] {
        let made = std::process::Command::new("mkfifo").arg(repo.path(name)).status();
        assert!(made.is_ok_and(|s| s.success()), "mkfifo makes the pipe this test needs");
    }
    let audit = audit(&repo);
    assert_eq!(audit.status, 3, "{}", audit.text);
    rest_is_done(&audit);
    let paths: Vec<&str> = audit.coded("not-a-file").iter().map(|p| word(&p["place"]["path"])).collect();
    assert_eq!(paths, ["duly.pipe", "pipe.yaml"]);
    says(&flat(&audit.text), &["neither a file nor a folder"]);
}

#[cfg(unix)]
#[test]
fn a_socket_is_not_opened() {
    let repo = repo();
    let socket = std::os::unix::net::UnixListener::bind(repo.path("s.yaml")).expect("a socket");
    let audit = audit(&repo);
    assert_eq!((audit.status, place(&audit.problem("not-a-file")["place"])), (3, "s.yaml:0:0".to_owned()));
    drop(socket);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_a_problem() {
    use std::os::unix::fs::PermissionsExt;

    let repo = repo();
    repo.write("closed.yaml", "kind: vendor\nid: closed\nstatus: active\n");
    repo.write("room/in.yaml", "kind: vendor\nid: inside\nstatus: active\n");
    let lock = |path: &str, mode: u32| {
        std::fs::set_permissions(repo.path(path), std::fs::Permissions::from_mode(mode))
            .expect("permissions");
    };
    lock("closed.yaml", 0o000);
    if std::fs::read(repo.path("closed.yaml")).is_ok() {
        let _ = writeln!(std::io::stderr(), "skipped: whoever runs this test reads every file, as root does");
        return;
    }
    lock("room", 0o000);
    let output = duly(&repo, &["audit", ".", "--as-of", super::support::AS_OF, "--pack", "pack", "-v"]);
    lock("room", 0o700);
    assert_eq!(output.status, 3);
    says(
        &output.stdout,
        &[
            "problem[unreadable] closed.yaml",
            "problem[unreadable] room",
            "permission denied",
            "let the auditing user read it",
            "satisfied: good",
        ],
    );
}

#[cfg(unix)]
#[test]
fn names_that_are_no_utf8_are_read_and_told_apart() {
    use std::os::unix::ffi::OsStrExt;

    let repo = Repo::new();
    active(&repo);
    let name = |bytes: &[u8]| std::path::PathBuf::from(std::ffi::OsStr::from_bytes(bytes));
    repo.write(name(b"a\xff.yaml"), "kind: vendor\nid: a\nstatus: active\n");
    repo.write(name(b"b\xfe/c.yaml"), "kind: vendor\nid: b\nstatus: ended\n");
    let audit = audit(&repo);
    assert_eq!((audit.status, audit.satisfied("vendor-not-active")), (1, vec!["a"]));
    assert_eq!(audit.ids("vendor-not-active", "gap"), ["b"]);
}

#[test]
fn a_folder_of_very_many_files_and_folders_is_listed_whole() {
    let repo = repo();
    let mut path = String::new();
    for _ in 0..60 {
        path.push_str("deep-folder/");
    }
    repo.write(format!("{path}v.yaml"), "kind: vendor\nid: deep\nstatus: active\n");
    for i in 0..500 {
        repo.write(format!("many/{i}.yaml"), format!("kind: vendor\nid: m-{i}\nstatus: active\n"));
    }
    repo.write(".hidden/v.yaml", "kind: vendor\nid: hidden\nstatus: active\n");
    repo.write("sub/.git/config.yaml", "kind: vendor\nid: git\nstatus: active\n");
    // `.git` folders are the one thing left out.
    std::fs::rename(repo.path("sub"), repo.path("pack/sub")).expect("moved");
    std::fs::remove_dir_all(repo.path("pack/sub")).expect("removed");
    let audit = audit(&repo);
    assert_eq!(audit.status, 0, "{}", audit.text);
    assert_eq!(audit.satisfied("vendor-not-active").len(), 503);
}
