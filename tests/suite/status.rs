//! Exit statuses, thresholds, arguments, and where reports go.

use serde_json::Value;

use super::packs::{active, each, packs};
use super::support::{AS_OF, Call, Output, PATIENCE, Repo, audit, audit_with, binary, duly, says};

const CLEAN: &str = "kind: vendor\nid: good\nstatus: active\n";
const GAP: &str = "kind: vendor\nid: bad\nstatus: ended\n";
const UNREADABLE: &str = "kind: vendor\nid: [\n";

/// A repository with these files and the pack of the suite.
fn repo(files: &[(&str, &str)]) -> Repo {
    let repo = Repo::with(files);
    active(&repo);
    repo
}

#[test]
fn each_status_has_its_reason() {
    let clean = audit(&repo(&[("a.yaml", CLEAN)]));
    assert_eq!((clean.status, clean.satisfied("vendor-not-active")), (0, vec!["good"]));

    let gap = audit(&repo(&[("a.yaml", CLEAN), ("b.yaml", GAP)]));
    assert_eq!((gap.status, gap.ids("vendor-not-active", "gap")), (1, vec!["bad"]));

    let unread = audit(&repo(&[("a.yaml", CLEAN), ("c.yaml", UNREADABLE)]));
    assert_eq!((unread.status, unread.satisfied("vendor-not-active")), (3, vec!["good"]));
    says(&unread.text, &["problem[invalid-yaml] c.yaml:", "incomplete (exit status 3)"]);
}

#[test]
fn an_incomplete_audit_beats_a_gap_and_is_still_reported() {
    let both = audit(&repo(&[("a.yaml", CLEAN), ("b.yaml", GAP), ("c.yaml", UNREADABLE)]));
    assert_eq!(both.status, 3);
    assert_eq!(both.ids("vendor-not-active", "gap"), ["bad"]);
    assert_eq!(both.satisfied("vendor-not-active"), ["good"]);
    says(&both.text, &["vendor bad is ended (violated)", "b.yaml:3:9", "problem[invalid-yaml] c.yaml:"]);
}

#[test]
fn nothing_assessed_is_no_pass() {
    // A record, but none that the pack asks about.
    let other = audit(&repo(&[("a.yaml", "kind: platform\nid: p\n")]));
    assert_eq!(other.status, 3);
    says(&other.text, &["Nothing was assessed", "no check of the profile is about: platform (1)"]);
}

#[test]
fn thresholds_compare_severities() {
    const SEVERITIES: [&str; 4] = ["low", "medium", "high", "critical"];
    let repo = Repo::new();
    let checks: Vec<(String, String)> = SEVERITIES
        .iter()
        .map(|severity| {
            let require = format!("vendor.status == 'active' || vendor.id != '{severity}'");
            let message = "vendor {{ vendor.id }} is {{ vendor.status }}";
            (format!("T-{severity}"), each(&format!("gap-{severity}"), "vendor", &require, message, &[]))
        })
        .collect();
    let measures: Vec<(&str, &str, &str)> = SEVERITIES
        .iter()
        .zip(&checks)
        .map(|(severity, (id, check))| (id.as_str(), *severity, check.as_str()))
        .collect();
    packs(&repo, &measures);
    for (rank, gap) in SEVERITIES.iter().enumerate() {
        repo.write("v.yaml", format!("kind: vendor\nid: {gap}\nstatus: ended\n"));
        let strictest = audit(&repo);
        assert_eq!(strictest.status, 1, "without a threshold every gap counts");
        for (threshold, fail_on) in SEVERITIES.iter().enumerate() {
            let audit = audit_with(&repo, &["--fail-on", fail_on]);
            let wanted = i32::from(rank >= threshold);
            assert_eq!(audit.status, wanted, "a gap of severity {gap} with --fail-on {fail_on}");
            assert_eq!(audit.json["findings"], strictest.json["findings"], "a threshold hides nothing");
            assert_eq!(audit.json["summary"]["gaps"][gap], 1);
        }
    }
    // The configuration sets the threshold, and the command line has the last word.
    repo.write("v.yaml", "kind: vendor\nid: medium\nstatus: ended\n");
    repo.write("duly.yaml", "packs: [pack]\nfail_on: high\n");
    assert_eq!(audit(&repo).status, 0);
    assert_eq!(audit_with(&repo, &["--fail-on", "medium"]).status, 1);
}

/// Refused with status 2: nothing on standard output, and these words on standard error.
fn refused(output: &Output, words: &[&str]) {
    assert_eq!(output.status, 2, "{}{}", output.stdout, output.stderr);
    assert_eq!(output.stdout, "", "an error leaves standard output alone");
    assert!(output.stderr.starts_with("error: "), "{}", output.stderr);
    says(&output.stderr, words);
}

#[test]
fn arguments_that_make_no_sense_are_refused_with_help() {
    let repo = repo(&[("a.yaml", GAP)]);
    let cases: &[(&[&str], &[&str])] = &[
        (&["--report", "x"], &["`x` is no report format", "formats: terminal, json"]),
        (&["--report", "xml"], &["`xml` is no report format", "did you mean `junit`?"]),
        (&["--report", "HTML"], &["did you mean `html`?"]),
        (&["--report", "htlm"], &["did you mean `html`?"]),
        (&["--report", "gap.html"], &["--report html=gap.html"]),
        (&["--report", "pdf"], &["print it to a PDF file in a browser: --report html=FILE"]),
        (&["--format", "json"], &["there is no option `--format` here", "--report FORMAT"]),
        (&["-o", "x.html"], &["there is no option `-o` here", "--report FORMAT=FILE"]),
        (&["--json"], &["a format is chosen with --report json"]),
        (&["--reason", "x"], &["--reason is an option of `duly baseline`, `duly waive`"]),
        (&["--repport", "json"], &["did you mean `--report`?"]),
        (&["--xyz"], &["`duly COMMAND --help` lists the options"]),
        (&["--report", "json="], &["`json=` names no file", "--report json=FILE"]),
        (
            &["--report", "json", "--report", "terminal"],
            &["cannot share standard output", "--report json=FILE"],
        ),
        (&["--as-of", "2026-02-30"], &["`2026-02-30` is not a valid date", "YYYY-MM-DD"]),
        (&["--as-of", "20260630"], &["`20260630` is not a valid date", "YYYY-MM-DD"]),
        (&["--as-of", "tomorrow"], &["`tomorrow` is not a valid date", "YYYY-MM-DD"]),
        (&["--as-of", ""], &["is not a valid date", "YYYY-MM-DD"]),
        (&["--fail-on", "hihg"], &["--fail-on", "low, medium, high, critical"]),
        (&["--pack", "nowhere"], &["no such policy pack", "nowhere", "fbi-i-101823-psa"]),
        (&["--quiet", "--verbose"], &["--quiet", "--verbose"]),
        (&["--no-such-flag"], &["--no-such-flag"]),
    ];
    for (arguments, words) in cases {
        let args: Vec<&str> = ["audit", "."].iter().chain(*arguments).copied().collect();
        refused(&duly(&repo, &args), words);
    }
    refused(&duly(&repo, &["audti"]), &["audti", "'audit'"]);
}

#[test]
fn a_path_that_is_no_folder_is_refused_with_help() {
    let repo = repo(&[("a.yaml", GAP)]);
    for (path, words) in [("missing", "there is no such folder"), ("a.yaml", "not a folder")] {
        let output = duly(&repo, &["audit", path, "--as-of", AS_OF]);
        refused(&output, &[path, words, "help: "]);
    }
}

#[test]
fn a_broken_configuration_is_refused_with_its_place() {
    let cases: &[(&str, &[&str])] = &[
        ("fail_on: hihg\n", &["unknown value `hihg`", "duly.yaml:1:10", "did you mean `high`?"]),
        ("packs: []\n", &["`packs` is empty", "--> duly.yaml:1:1"]),
        ("pakcs: [x]\n", &["`pakcs`", "duly.yaml:1:1", "did you mean `packs`?"]),
        ("packs: [nowhere]\n", &["no such policy pack: `nowhere`", "--> duly.yaml:1:9"]),
        ("ignore:\n  - { files: ['*.txt'], reason: ' ' }\n", &["gives no reason", "*.txt", "duly.yaml:2:25"]),
        ("ignore:\n  - { files: ['[a'], reason: x }\n", &["[a", "globs", "duly.yaml:2:7"]),
        ("sources:\n  - { name: x, files: ['{'] }\n", &["`{` is no file pattern", "duly.yaml:2:16"]),
        ("fail_on: low\nfail_on: high\n", &["duplicate key `fail_on`", "duly.yaml:2:1"]),
        ("organization: \"x\n", &["not valid YAML", "duly.yaml:1:15"]),
        (
            "parameters: { DD-01: { no_such: 3 } }\n",
            &["DD-01 has no parameter `no_such`", "response_days", "duly.yaml:1:24"],
        ),
        (
            "parameters: { DD-01: { response_dayz: 3 } }\n",
            &["did you mean `response_days`?", "duly.yaml:1:24"],
        ),
        ("parameters: { DD-9: { x: 3 } }\n", &["did you mean `DD-0", "duly.yaml:1:23"]),
        (
            "owners: { it-opertions: x }\n",
            &["`it-opertions`", "did you mean `it-operations`?", "duly.yaml:1:11"],
        ),
        (
            "reference:\n- { list: x, file: y, dated_on: soon }\n",
            &["`soon` is not a valid date", "duly.yaml:2:33"],
        ),
        (
            "reference:\n- { list: x, file: y, dated_on: 20260630 }\n",
            &["`20260630` is not a valid date", "duly.yaml:2:33"],
        ),
        ("parameters: { DD-99: { x: 3 } }\n", &["there is no measure `DD-99`", "duly.yaml"]),
        (
            "parameters: { DD-01: { response_days: soon } }\n",
            &["`response_days`", "must be of the type", "duly.yaml:1:24"],
        ),
        ("organization: Zo\u{0}\n", &["not valid YAML", "duly.yaml:1:"]),
    ];
    for (text, words) in cases {
        let repo = Repo::with(&[("a.yaml", GAP), ("duly.yaml", text)]);
        let output = duly(&repo, &["audit", ".", "--as-of", AS_OF]);
        refused(&output, words);
        says(&output.stderr, &["  --> ", "help: "]);
        for never in ["struct ", "u32", ", expected ", "DD-01.yaml"] {
            assert!(!output.stderr.contains(never), "{never} in {}", output.stderr);
        }
    }
    let repo = Repo::with(&[("a.yaml", GAP)]);
    repo.write("duly.yaml", b"organization: Zo\xeb\n");
    refused(&duly(&repo, &["audit", ".", "--as-of", AS_OF]), &["not UTF-8", "0xeb", "--> duly.yaml"]);
}

#[test]
fn an_empty_configuration_changes_nothing() {
    let plain = Repo::with(&[("a.yaml", GAP)]);
    let configured = Repo::with(&[("a.yaml", GAP), ("duly.yaml", "# nothing\n")]);
    let (plain, configured) = (audit(&plain), audit(&configured));
    assert_eq!((plain.status, configured.status), (3, 3));
    assert_eq!(plain.json["findings"], configured.json["findings"]);
}

#[test]
fn reports_go_where_they_are_sent() {
    let repo = repo(&[("a.yaml", GAP)]);
    let out = Repo::new();
    let file = |name: &str| out.path(name).display().to_string();
    let base = ["audit", ".", "--as-of", AS_OF, "--pack", "pack"];
    let run = |more: &[&str]| duly(&repo, &[&base, more].concat());

    says(&run(&[]).stdout, &["vendor bad is ended"]);
    let terminal = run(&["--all"]);
    says(&terminal.stdout, &["vendor bad is ended"]);
    assert_eq!(terminal, run(&["--report", "terminal"]), "a report asked for by its name is complete");

    let json = run(&["--report", "json"]);
    let parsed: Value = serde_json::from_str(&json.stdout).expect("standard output is one JSON document");
    assert_eq!(parsed["format"], "duly-assessment");

    let (a, b) = (format!("json={}", file("a.json")), format!("terminal={}", file("b.txt")));
    let both = run(&["--report", &a, "--report", "terminal", "--report", &b]);
    assert_eq!(both.stdout, terminal.stdout);
    assert_eq!(out.text("a.json"), json.stdout, "a file and standard output get the same bytes");
    assert_eq!(out.text("b.txt"), terminal.stdout);

    // An older report is replaced as a whole.
    out.write("a.json", "x".repeat(4_000_000));
    let quiet = run(&["--quiet", "--report", &a]);
    assert_eq!((quiet.stdout.as_str(), out.text("a.json") == json.stdout), ("", true));
    let left: Vec<_> = std::fs::read_dir(out.root()).expect("a folder").collect();
    assert_eq!(left.len(), 2, "only the reports are left: {left:?}");
    for output in [&terminal, &json, &quiet] {
        assert_eq!((output.status, output.stderr.as_str()), (1, ""));
    }
    // What is written is named; where nothing on standard output says it, with the verdict.
    assert_eq!(both.status, 1);
    assert_eq!(both.stderr.lines().count(), 2, "{}", both.stderr);
    says(&both.stderr, &["wrote ", "a.json (", "b.txt ("]);
    let file = run(&["--report", &a]);
    assert_eq!((file.status, file.stdout.as_str()), (1, ""));
    says(&file.stderr, &["1 of 1 applicable measures has gaps.", "1 gap: 1 high.", "a.json ("]);
    let dash = run(&["--report", "json=-"]);
    assert_eq!((dash.stdout.as_str(), dash.stderr.as_str()), (json.stdout.as_str(), ""));
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let repo = repo(&[("a.yaml", GAP)]);
    repo.write("out/x/y", "");
    for target in ["json=out/missing/a.json", "json=out/x", "terminal=out/x/y/z"] {
        let output = duly(&repo, &["audit", ".", "--as-of", AS_OF, "--pack", "pack", "--report", target]);
        refused(&output, &["cannot write out/", "help: "]);
    }
}

#[cfg(unix)]
#[test]
fn a_report_to_a_pipe_goes_through_the_pipe() {
    use std::os::unix::fs::FileTypeExt;

    let repo = repo(&[("a.yaml", GAP)]);
    let out = Repo::new();
    let pipe = out.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|s| s.success()), "mkfifo makes the pipe this test needs");
    let (sender, receiver) = std::sync::mpsc::channel();
    let reader = pipe.clone();
    // Left behind, blocked, when nobody ever opens the pipe.
    std::thread::spawn(move || sender.send(std::fs::read_to_string(reader)));
    let target = format!("json={}", pipe.display());
    let output = duly(&repo, &["audit", ".", "--as-of", AS_OF, "--pack", "pack", "--report", &target]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    let still = std::fs::symlink_metadata(&pipe).expect("it is there").file_type().is_fifo();
    assert!(still, "the pipe was replaced by a file, as /dev/null would be");
    let text = receiver.recv_timeout(PATIENCE).expect("the pipe got a report").expect("it can be read");
    let parsed: Value = serde_json::from_str(&text).expect("one JSON document");
    assert_eq!(parsed["summary"]["exit_status"], 1);
}

#[cfg(unix)]
#[test]
fn a_report_to_a_link_goes_to_what_the_link_names() {
    let repo = repo(&[("a.yaml", GAP)]);
    let out = Repo::with(&[("real.json", "old")]);
    std::os::unix::fs::symlink("real.json", out.path("link.json")).expect("a link");
    let target = format!("json={}", out.path("link.json").display());
    let output = duly(&repo, &["audit", ".", "--as-of", AS_OF, "--pack", "pack", "--report", &target]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    let parsed: Value = serde_json::from_str(&out.text("real.json")).expect("the file behind the link");
    assert_eq!(parsed["summary"]["exit_status"], 1);
}

#[test]
fn a_format_never_changes_the_status() {
    let out = Repo::new();
    let file = format!("json={}", out.path("a.json").display());
    let ways: [&[&str]; 7] = [
        &[],
        &["--report", "terminal"],
        &["--report", "json"],
        &["--report", &file],
        &["--report", &file, "--report", "terminal"],
        &["--quiet"],
        &["--verbose"],
    ];
    for (files, status) in [
        (vec![("a.yaml", CLEAN)], 0),
        (vec![("a.yaml", GAP)], 1),
        (vec![("a.yaml", GAP), ("b.yaml", UNREADABLE)], 3),
    ] {
        let repo = repo(&files);
        for way in ways {
            let args = [&["audit", ".", "--as-of", AS_OF, "--pack", "pack"], way].concat();
            assert_eq!(duly(&repo, &args).status, status, "{way:?} on {files:?}");
        }
    }
}

#[test]
fn a_report_kept_in_the_repository_does_not_change_the_next_audit() {
    let repo = repo(&[("a.yaml", CLEAN)]);
    let args = ["audit", ".", "--as-of", AS_OF, "--pack", "pack", "--report", "json=report.json"];
    let first = duly(&repo, &args);
    let second = duly(&repo, &args);
    assert_eq!((first.status, second.status), (0, 0), "the report of the first audit is no record");
}

#[test]
fn quiet_prints_the_verdict_and_verbose_everything() {
    let repo = repo(&[("a.yaml", CLEAN), ("b.yaml", GAP)]);
    let args = |more: &[&'static str]| [&["audit", ".", "--as-of", AS_OF, "--pack", "pack"], more].concat();
    let quiet = duly(&repo, &args(&["-q"])).stdout;
    let usual = duly(&repo, &args(&["--all"])).stdout;
    let verbose = duly(&repo, &args(&["-v"])).stdout;
    assert_eq!(quiet.lines().count(), 3, "{quiet}");
    says(&quiet, &["as of 2026-06-30, tiny 1.0.0", "1 of 1 applicable measures has gaps.", "1 high"]);
    assert!(usual.starts_with(&quiet) && verbose.starts_with(&quiet));
    says(&usual, &["b.yaml:3:9", "Fix the record."]);
    assert!(!usual.contains("good"), "what is satisfied is counted, and named by --verbose only");
    says(&verbose, &["satisfied: good", "vendor.status == 'active'", "pack/T-01.yaml:"]);
    for line in usual.lines().filter(|l| !l.trim().is_empty()) {
        assert!(verbose.contains(line), "--verbose leaves out: {line}");
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes_anywhere() {
    let repo =
        repo(&[("a.yaml", CLEAN), ("b/c.yaml", GAP), ("d.json", r#"[{"kind": "vendor", "id": "v"}]"#)]);
    let home = Repo::new();
    let root = repo.root().display().to_string();
    let here = ["audit", ".", "--as-of", AS_OF, "--pack", "pack", "--report", "json"];
    let first = Call::new(repo.root()).args(here).run();
    let places: [(&str, &str, &str); 3] =
        [("TZ", "America/St_Johns", "."), ("LC_ALL", "de_DE.UTF-8", "./"), ("HOME", &root, &root)];
    for (name, value, path) in places {
        let args = ["audit", path, "--as-of", AS_OF, "--pack", "pack", "--report", "json"];
        let again = Call::new(repo.root()).args(args).env(name, value).run();
        assert_eq!(first.stdout, again.stdout, "{name}={value}, path {path}");
    }
    // From elsewhere, by the path of the folder, with the pack named in the configuration.
    repo.write("duly.yaml", "packs: [pack]\n");
    let inside = Call::new(repo.root()).args(["audit", ".", "--as-of", AS_OF, "--report", "json"]).run();
    let outside = Call::new(home.root()).args(["audit", &root, "--as-of", AS_OF, "--report", "json"]).run();
    assert_eq!(inside.stdout, outside.stdout);
}

#[test]
fn a_pack_on_the_command_line_is_looked_for_where_the_user_stands() {
    let repo = repo(&[("records/a.yaml", GAP)]);
    // As `duly explain --pack` and every other path on a command line.
    let output = duly(&repo, &["audit", "records", "--as-of", AS_OF, "--pack", "pack"]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    // And a pack inside the audited folder is no file of records, however it is named.
    let whole = repo.path("pack").display().to_string();
    for named in ["pack", "./pack", "pack/", &whole] {
        let output = duly(&repo, &["audit", ".", "--as-of", AS_OF, "--pack", named]);
        assert_eq!(output.status, 1, "--pack {named}\n{}{}", output.stdout, output.stderr);
    }
}

#[test]
fn without_a_date_today_counts() {
    let repo = repo(&[("a.yaml", CLEAN)]);
    let output = duly(&repo, &["audit", ".", "--pack", "pack", "--report", "json"]);
    let json: Value = serde_json::from_str(&output.stdout).expect("JSON");
    let date = json["run"]["as_of"].as_str().expect("a date");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let year = 1970 + now.as_secs() / 31_556_952;
    let said: u64 = date[..4].parse().expect("a year");
    assert!(date.len() == 10 && said.abs_diff(year) <= 1, "{date}");
}

#[test]
fn help_and_version_are_no_errors() {
    let repo = Repo::new();
    for args in [vec!["--help"], vec!["audit", "--help"], vec!["explain", "-h"], vec!["--version"]] {
        let output = duly(&repo, &args);
        assert_eq!((output.status, output.stderr.as_str()), (0, ""), "{args:?}");
        assert!(!output.stdout.is_empty());
    }
    says(&duly(&repo, &["--help"]).stdout, &["Exit status:", "3 beats 1"]);
    let none = duly(&repo, &[]);
    assert_eq!((none.status, none.stdout.as_str()), (2, ""));
    says(&none.stderr, &["Usage: duly"]);
}

#[test]
fn a_full_disk_behind_standard_output_is_said() {
    if !std::path::Path::new("/dev/full").exists() {
        let _ = std::io::Write::write_all(&mut std::io::stderr(), b"skipped: there is no /dev/full here\n");
        return;
    }
    let repo = repo(&[("a.yaml", GAP)]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let mut command = binary(repo.root());
    let args = ["audit", ".", "--as-of", AS_OF, "--pack", "pack"];
    let output = command.args(args).stdout(full).output().expect("the binary starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    says(&stderr, &["error: cannot write to standard output"]);
}
