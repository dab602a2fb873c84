//! A folder to audit, the binary in a bare environment, and what holds for every output.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

/// The date of every audit of the suite.
pub(crate) const AS_OF: &str = "2026-06-30";

/// Observations and an incident of `clean-harbor`, a folder of `tests/data`. The example itself has none to report.
pub(crate) const ANSWERED_CASES: &str = "answered-cases";

/// Where `clean-harbor` states that it had none.
pub(crate) const STATEMENTS: &str = "cases/statements.yaml";

/// What other records of `clean-harbor` say where these cases are on record: file, text, and what stands there instead.
pub(crate) const ANSWERED_FACTS: [(&str, &str, &str); 4] = [
    (
        "interactions/freelancers/w-3002-johansen.yaml",
        "  mismatches: []\n",
        "  mismatches: [location]\n  mismatch_noted_by: [Priya Raman, Carla Whitcomb]\n",
    ),
    (
        "interactions/freelancers/w-3003-vega.yaml",
        "  items: []\n",
        "  items:\n    - { item: long-pauses, noted_by: [Naomi Feldt, Priya Raman] }\n",
    ),
    (
        "interactions/employees/w-1004-brooks.yaml",
        "  items: []\n",
        "  items:\n    - { item: stalling, noted_by: [Naomi Feldt] }\n",
    ),
    (
        "workers/freelancers/w-3001-castellano.yaml",
        "dated_on: 2025-10-08 }\nemail:",
        "dated_on: 2025-10-08 }\n  account_changed_on: 2026-03-12\nemail:",
    ),
];

/// The text of a file of `clean-harbor` where the cases are on record.
pub(crate) fn answered(path: &str, text: &str) -> String {
    let mut text = text.to_owned();
    for (_, old, new) in ANSWERED_FACTS.iter().filter(|(file, ..)| *file == path) {
        assert_eq!(text.matches(old).count(), 1, "{old:?} in {path}");
        text = text.replace(old, new);
    }
    text
}

/// No run of the binary takes longer, whatever it is given.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A folder that is removed when the test ends.
pub(crate) struct Repo {
    dir: tempfile::TempDir,
}

impl Repo {
    pub(crate) fn new() -> Self {
        Repo { dir: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let repo = Repo::new();
        for (path, text) in files {
            repo.write(path, text);
        }
        repo
    }

    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file and the folders it stands in.
    pub(crate) fn write(&self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
        self
    }

    pub(crate) fn remove(&self, path: &str) -> &Self {
        std::fs::remove_file(self.path(path)).expect("the file is there");
        self
    }

    /// Copies a folder of `tests/data`.
    pub(crate) fn copy(&self, data: &str) -> &Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(data);
        self.copy_folder(&from, Path::new(""));
        self
    }

    /// Copies a folder of `examples`.
    pub(crate) fn copy_example(&self, name: &str) -> &Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
        self.copy_folder(&from, Path::new(""));
        self
    }

    /// `clean-harbor` as it would be had it observed red flags and had an incident, all of them answered.
    pub(crate) fn copy_answered_cases(&self) -> &Self {
        self.copy_example("clean-harbor");
        self.remove(STATEMENTS);
        for (file, ..) in ANSWERED_FACTS {
            self.write(file, answered(file, &self.text(file)));
        }
        self.copy(ANSWERED_CASES)
    }

    fn copy_folder(&self, from: &Path, to: &Path) {
        for entry in std::fs::read_dir(from).expect("the data is there") {
            let entry = entry.expect("the data can be read");
            let to = to.join(entry.file_name());
            if entry.file_type().expect("a type").is_dir() {
                self.copy_folder(&entry.path(), &to);
            } else {
                self.write(&to, std::fs::read(entry.path()).expect("a file"));
            }
        }
    }

    /// The text of a file, for tests that look up what stands at a place.
    pub(crate) fn text(&self, path: &str) -> String {
        String::from_utf8(std::fs::read(self.path(path)).expect("the file is there")).expect("it is UTF-8")
    }
}

/// What a run left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// What standard error says beside the verdict and the names of the files that were written.
    pub(crate) fn complaints(&self) -> String {
        let complains = |line: &&str| line.starts_with("error") || line.starts_with("note: ");
        self.stderr.lines().filter(complains).collect::<Vec<_>>().join("\n")
    }
}

/// A run of the binary to be.
pub(crate) struct Call {
    command: assert_cmd::Command,
    raw: bool,
}

impl Call {
    /// Standing in `folder`, with nothing in the environment but what proves that it does not count.
    pub(crate) fn new(folder: &Path) -> Self {
        let mut command = assert_cmd::Command::from_std(binary(folder));
        command.timeout(PATIENCE);
        Call { command, raw: false }
    }

    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.command.write_stdin(text);
        self
    }

    /// Colour is wanted: escape codes are no fault.
    pub(crate) fn coloured(mut self) -> Self {
        self.raw = true;
        self
    }

    /// Runs it, and holds what it printed to what holds for every output.
    pub(crate) fn run(mut self) -> Output {
        let output = self.command.output().expect("the binary starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        let Some(status) = output.status.code() else {
            panic!("killed after {PATIENCE:?}, or by a signal: {}\n{stdout}{stderr}", output.status);
        };
        for text in [&stdout, &stderr] {
            sound(text);
            if !self.raw {
                harmless(text);
            }
        }
        assert!(matches!(status, 0..=3), "status {status}\n{stderr}");
        Output { status, stdout, stderr }
    }
}

/// The binary, standing in a folder. Time zone, language and home are junk: nothing may depend on them.
pub(crate) fn binary(folder: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_duly"));
    command.current_dir(folder).env_clear();
    // Where coverage is measured, the runs of the binary count.
    if let Some(profile) = std::env::var_os("LLVM_PROFILE_FILE") {
        command.env("LLVM_PROFILE_FILE", profile);
    }
    let junk = [
        ("COLUMNS", "100"),
        ("TZ", "Nowhere/Nothing"),
        ("LANG", "tlh_XX.KOI8-R"),
        ("LC_ALL", "xx"),
        ("HOME", "/nonexistent"),
    ];
    command.envs(junk);
    command
}

/// Runs `duly` in the folder of a repository.
pub(crate) fn duly(repo: &Repo, args: &[&str]) -> Output {
    Call::new(repo.root()).args(args).run()
}

/// No output holds the text of a panic or of a `Debug` implementation.
pub(crate) fn sound(text: &str) {
    let never = [
        "panicked at",
        "RUST_BACKTRACE",
        "stack backtrace",
        "overflowed its stack",
        "called `Option",
        "called `Result",
        "Some(",
        "Err(",
        "Ok(",
        "ErrorKind",
        "Error {",
        "Os {",
        "Utf8Error",
        ".rs:",
        "cargo/registry",
    ];
    for word in never {
        assert!(!text.contains(word), "`{word}` in:\n{text}");
    }
}

/// No output that is not coloured holds anything a terminal or a CI system would act on.
pub(crate) fn harmless(text: &str) {
    // A table for spreadsheets begins with the mark of UTF-8.
    let table =
        text.strip_prefix('\u{feff}').filter(|t| t.starts_with("fingerprint,") || t.starts_with("POAM ID,"));
    let text = table.unwrap_or(text);
    for line in text.split('\n') {
        if let Some(c) = line.chars().find(|c| acts(*c)) {
            panic!("{c:?} raw in: {line:?}");
        }
        let start = line.trim_start();
        assert!(!start.starts_with("::"), "a CI system takes this for a command: {line:?}");
        let anywhere = line.contains("##[") || line.contains("##vso[");
        assert!(!anywhere, "a CI system takes this for a command: {line:?}");
    }
}

/// Text without the codes that colour it. Any other code is a fault.
pub(crate) fn stripped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(i) = rest.find('\u{1b}') {
        out.push_str(&rest[..i]);
        let code = &rest[i..];
        let end = code.find(|c: char| c.is_ascii_alphabetic()).expect("a code ends");
        let colour = code.starts_with("\u{1b}[") && code[end..].starts_with('m');
        assert!(colour, "more than a colour: {:?}", &code[..=end]);
        rest = &code[end + 1..];
    }
    out.push_str(rest);
    out
}

/// Characters that move the cursor, change colours, hide text or turn its direction.
fn acts(c: char) -> bool {
    let hidden = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    c.is_control() || hidden
}

/// An audit in both formats.
#[derive(Debug)]
pub(crate) struct Audit {
    pub status: i32,
    pub text: String,
    pub json: Value,
    /// The bytes of the JSON report.
    pub raw: String,
}

/// Audits a repository with the pack in its folder `pack`, if it has one, else with the default pack, and
/// holds the result to what holds for every audit.
pub(crate) fn audit(repo: &Repo) -> Audit {
    audit_with(repo, &[])
}

/// As [`audit`], with further arguments.
pub(crate) fn audit_with(repo: &Repo, more: &[&str]) -> Audit {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let file = reports.path().join("report.json");
    let json = format!("json={}", file.display());
    let mut args = vec!["audit", ".", "--as-of", AS_OF, "--report", "terminal", "--report", &json];
    if repo.path("pack/pack.yaml").exists() && !repo.path("duly.yaml").exists() {
        args.extend(["--pack", "pack"]);
    }
    args.extend(more);
    let output = duly(repo, &args);
    assert_ne!(output.status, 2, "{}", output.stderr);
    let says_more = output.stderr.lines().any(|line| !line.starts_with("wrote "));
    assert!(
        !says_more,
        "an audit that is not refused names the files it wrote, and no more: {}",
        output.stderr
    );
    let raw = std::fs::read_to_string(&file).expect("the report was written");
    sound(&raw);
    harmless(&raw);
    let json: Value = serde_json::from_str(&raw).expect("the report is JSON");
    let audit = Audit { status: output.status, text: output.stdout, json, raw };
    audit.hold(repo);
    audit
}

/// Members of a JSON array.
pub(crate) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The text of a JSON string; empty for anything else.
pub(crate) fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// `path:line:column` of a JSON place.
pub(crate) fn place(value: &Value) -> String {
    let (line, column) = (&value["line"], &value["column"]);
    format!("{}:{line}:{column}", word(&value["path"]))
}

impl Audit {
    /// What holds for every audit, whatever was audited.
    fn hold(&self, repo: &Repo) {
        let json = &self.json;
        assert_eq!(json["summary"]["exit_status"], self.status, "the report says another exit status");
        assert_eq!(json["run"]["as_of"], AS_OF);
        let incomplete = self.problems().iter().any(|p| p["impact"] == "incomplete");
        let gaps = self.findings().iter().any(|f| f["outcome"] == "gap" && f["disposition"] == "open");
        match self.status {
            0 => assert!(!incomplete, "status 0 with problems"),
            1 => assert!(gaps && !incomplete, "status 1 without a gap, or with problems"),
            _ => assert!(incomplete || self.assessed() == 0, "status 3 without a reason"),
        }
        let mut seen = BTreeSet::new();
        for finding in self.findings() {
            let fingerprint = word(&finding["fingerprint"]);
            assert!(fingerprint.len() == 32, "a fingerprint of {} digits", fingerprint.len());
            assert!(seen.insert(fingerprint), "two findings have the fingerprint {fingerprint}");
            assert!(!word(&finding["message"]).trim().is_empty(), "a finding without a message: {finding}");
        }
        for problem in self.problems() {
            let code = word(&problem["code"]);
            let kebab = code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            assert!(!code.is_empty() && kebab, "{code} names no problem");
            assert!(!word(&problem["message"]).is_empty(), "{code} does not say what is wrong");
            assert!(!word(&problem["help"]).is_empty(), "{code} does not say what to do");
            assert!(!word(&problem["place"]["path"]).is_empty(), "{code} does not say where");
            assert!(self.text.contains(&format!("[{code}]")), "{code} is not in the terminal report");
        }
        self.hold_coverage(repo);
    }

    /// Every file is in the report: as a file, or as a problem.
    fn hold_coverage(&self, repo: &Repo) {
        let mut files = Vec::new();
        list(repo.root(), repo.root(), &mut files);
        for file in files {
            let covered = items(&self.json["coverage"]["files"]).iter().any(|f| f["path"] == *file);
            let problem = self.problems().iter().any(|p| p["place"]["path"] == *file);
            let ignored = items(&self.json["coverage"]["git_ignored"]).iter().map(word);
            let ignored = { ignored }.any(|i| i == file || i.ends_with('/') && file.starts_with(i));
            assert!(covered || problem || ignored, "{file:?} was dropped in silence");
        }
    }

    pub(crate) fn findings(&self) -> &[Value] {
        items(&self.json["findings"])
    }

    pub(crate) fn problems(&self) -> &[Value] {
        items(&self.json["problems"])
    }

    /// The findings of one check.
    pub(crate) fn of<'a>(&'a self, check: &str) -> Vec<&'a Value> {
        self.findings().iter().filter(|f| f["check"] == check).collect()
    }

    /// The ids of the records that a check has findings of this outcome about.
    pub(crate) fn ids(&self, check: &str, outcome: &str) -> Vec<&str> {
        let of_outcome = self.of(check).into_iter().filter(|f| f["outcome"] == outcome);
        of_outcome.flat_map(|f| items(&f["records"])).map(|r| word(&r["id"])).collect()
    }

    /// The check as the report has it.
    pub(crate) fn check(&self, id: &str) -> &Value {
        let mut checks = items(&self.json["measures"]).iter().flat_map(|m| items(&m["checks"]));
        checks.find(|c| c["id"] == id).unwrap_or_else(|| panic!("there is no check {id}"))
    }

    /// The ids of the records that a check is satisfied for.
    pub(crate) fn satisfied(&self, check: &str) -> Vec<&str> {
        items(&self.check(check)["satisfied"]).iter().map(word).collect()
    }

    /// The problems of one code.
    pub(crate) fn coded<'a>(&'a self, code: &str) -> Vec<&'a Value> {
        self.problems().iter().filter(|p| p["code"] == code).collect()
    }

    /// The one problem of a code.
    #[track_caller]
    pub(crate) fn problem(&self, code: &str) -> &Value {
        match self.coded(code).as_slice() {
            [one] => one,
            all => panic!("{} problems {code} in:\n{}", all.len(), self.text),
        }
    }

    /// How many checks looked at something.
    fn assessed(&self) -> usize {
        let checks = items(&self.json["measures"]).iter().flat_map(|m| items(&m["checks"]));
        let looked = |c: &&Value| {
            ["satisfied", "gap", "review", "waived"].iter().any(|o| c["counts"][o].as_u64() > Some(0))
        };
        checks.filter(looked).count()
    }
}

/// The paths of all files and links below a folder, as a report writes them.
fn list(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        if entry.file_name() == ".git" {
            continue;
        }
        if entry.file_type().expect("a type").is_dir() {
            list(root, &entry.path(), files);
        } else {
            let path = entry.path();
            files.push(path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned());
        }
    }
}

/// What stands at a place of a file: the rest of its line.
pub(crate) fn at(repo: &Repo, value: &Value) -> String {
    let text = repo.text(word(&value["path"]));
    let text = text.trim_start_matches('\u{feff}');
    let number = |key: &str| value[key].as_u64().expect("a number") as usize;
    let line = text.split('\n').nth(number("line") - 1).expect("the line is there").trim_end_matches('\r');
    line.chars().skip(number("column") - 1).collect()
}

/// Every part is in the text.
#[track_caller]
pub(crate) fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

/// One line of words: line breaks and indentation made single spaces.
pub(crate) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
