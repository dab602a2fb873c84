//! The schemas of duly in a real YAML language server, set up as `docs/editors.md` says.
//!
//! Copies each example, and the default pack, into a folder of its own, writes the schemas and the settings of that page
//! there, and lets `check.mjs` open every file as an editor does. Where the server is not installed, the test is skipped
//! and says so; with `DULY_EDITORS=required` that is a failure. `.ci/run` installs it and requires it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "--list") {
        say("editors: test");
        return ExitCode::SUCCESS;
    }
    // As any test, it is left out when a filter names others.
    if arguments.iter().any(|a| !a.starts_with('-') && !"editors".contains(a.as_str())) {
        return ExitCode::SUCCESS;
    }
    if let Some(missing) = missing() {
        say(&format!("editor tests: SKIPPED, because {missing}; .ci/run installs it"));
        let required = std::env::var_os("DULY_EDITORS").is_some_and(|v| v == "required");
        return if required { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let settings = settings();
    let examples = ["meridian-labs", "clean-harbor", "first-audit/week-one", "first-audit/clean"];
    let mut is_good = true;
    // All are opened, so that one run tells everything.
    for example in examples {
        is_good &= judge(&settings, &[(&format!("examples/{example}"), "")]);
    }
    is_good &= judge(&settings, &[("policies", "packs"), ("tests/data/small-org/pack", "packs/small")]);
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Opens copies of folders of the repository, below the folders beside them.
fn judge(settings: &str, folders: &[(&str, &str)]) -> bool {
    // The server finds no file below a folder whose name begins with a dot.
    let temporary = tempfile::Builder::new().prefix("duly-").tempdir().expect("a temporary folder");
    let workspace = temporary.path();
    for (from, to) in folders {
        copy(&root().join(from), &workspace.join(to));
    }
    fs::create_dir_all(workspace.join(".vscode")).expect("a folder");
    fs::write(workspace.join(".vscode/settings.json"), settings).expect("the settings");
    // Of another tool, and so left alone.
    fs::create_dir_all(workspace.join(".github/workflows")).expect("a folder");
    fs::write(workspace.join(".github/workflows/ci.yaml"), "on: push\njobs: {}\n").expect("a workflow");
    let mut duly = Command::new(env!("CARGO_BIN_EXE_duly"));
    let schemas =
        duly.args(["schema", "--all", ".schemas"]).current_dir(workspace).output().expect("duly starts");
    assert!(schemas.status.success(), "{schemas:?}");
    say(&format!("{}:", folders[0].0));
    let mut node = Command::new("node");
    node.arg(here().join("check.mjs")).arg(workspace);
    node.status().expect("node starts").success()
}

/// The settings that `docs/editors.md` tells people to write.
fn settings() -> String {
    let page = fs::read_to_string(root().join("docs/editors.md")).expect("docs/editors.md");
    let (_, rest) = page.split_once("```json\n").expect("the settings");
    rest.split_once("```").expect("the end of the settings").0.to_owned()
}

/// What is not installed.
fn missing() -> Option<&'static str> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if !std::env::split_paths(&path).any(|folder| folder.join("node").is_file()) {
        return Some("no Node.js is installed");
    }
    let is_there = here().join("node_modules/yaml-language-server").is_dir();
    (!is_there).then_some("`npm ci` was not run in tests/editors")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn here() -> PathBuf {
    root().join("tests/editors")
}

fn say(line: &str) {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{line}").expect("standard output");
}
