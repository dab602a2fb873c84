//! What reaches a terminal, a pipe and a reader that leaves: colour, width, and no escape codes.

use std::io::Read;

use super::packs::active;
use super::support::{AS_OF, Call, Repo, binary, duly, harmless, stripped};

const AUDIT: [&str; 6] = ["audit", ".", "--as-of", AS_OF, "--pack", "pack"];

#[test]
fn colour_is_for_terminals_and_only_repeats_what_words_say() {
    let repo = Repo::with(&[("a.yaml", "kind: vendor\nid: bad\nstatus: ended\n"), ("b.yaml", "[")]);
    active(&repo);
    let plain = Call::new(repo.root()).args(AUDIT).run();
    harmless(&plain.stdout);
    let forced = Call::new(repo.root()).args(AUDIT).env("CLICOLOR_FORCE", "1").coloured().run();
    assert!(forced.stdout.contains("\u{1b}["), "colour can be asked for");
    assert_eq!(stripped(&forced.stdout), plain.stdout);
    let refused = Call::new(repo.root()).args(AUDIT).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").run();
    assert_eq!(refused.stdout, plain.stdout, "NO_COLOR has the last word");
    for args in [vec!["audit", "nowhere"], vec!["explain", "nothing"], vec!["schema", "nothing"]] {
        let plain = Call::new(repo.root()).args(&args).run();
        let refused =
            Call::new(repo.root()).args(&args).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").run();
        assert_eq!(plain, refused);
        let forced = Call::new(repo.root()).args(&args).env("CLICOLOR_FORCE", "1").coloured().run();
        assert_eq!(stripped(&forced.stderr), plain.stderr);
    }
    // A file is no terminal, whatever the environment says.
    let out = Repo::new();
    let target = format!("terminal={}", out.path("report.txt").display());
    let args = [&AUDIT[..], &["--report", &target]].concat();
    Call::new(repo.root()).args(args).env("CLICOLOR_FORCE", "1").coloured().run();
    let every_finding = Call::new(repo.root()).args([&AUDIT[..], &["--all"]].concat()).run();
    assert_eq!(out.text("report.txt"), every_finding.stdout);
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let repo = Repo::with(&[("a.yaml", "kind: vendor\nid: bad\nstatus: ended\n")]);
    active(&repo);
    let json = [&AUDIT[..], &["--report", "json"]].concat();
    let verbose = [&AUDIT[..], &["-v"]].concat();
    let calls: [(&[&str], i32); 7] = [
        (&AUDIT, 1),
        (&json, 1),
        (&verbose, 1),
        (&["explain", "--pack", "pack"], 0),
        (&["explain", "T-01", "--pack", "pack"], 0),
        (&["schema", "worker"], 0),
        (&["--help"], 0),
    ];
    for (args, status) in calls {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = binary(repo.root()).args(args).stdout(writer).output().expect("the binary starts");
        assert_eq!(output.status.code(), Some(status), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
    // Nor is one that leaves in the middle.
    let mut child = binary(repo.root())
        .args(["schema", "worker"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut out = child.stdout.take().expect("a pipe");
    let mut first = [0; 10];
    out.read_exact(&mut first).expect("a beginning");
    drop(out);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[test]
fn no_report_replaces_another() {
    let repo = Repo::with(&[("vendor.yaml", "kind: vendor\nid: V-1\nstatus: active\n")]);
    let both = |file: &str| {
        let (json, html) = (format!("json={file}"), format!("html={file}"));
        duly(&repo, &["audit", ".", "--as-of", AS_OF, "--report", &json, "--report", &html])
    };
    let refused = both("out");
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("two reports cannot share the file out"), "{}", refused.stderr);
    assert!(!repo.path("out").exists());
    assert_ne!(both("/dev/null").status, 2, "a device takes both");
}
