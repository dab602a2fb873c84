//! The files of duly in an editor: `check.mjs` opens them in a real YAML language server with the setting of
//! `docs/editors.md` and the schemas that `duly schema --all` writes.
//!
//! Where Node.js or the server is not installed, the test is skipped and says so; with `DULY_EDITOR=required` that is a
//! failure. `.ci/run` installs everything and requires it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "--list") {
        say("editor: test");
        return ExitCode::SUCCESS;
    }
    // As any test, it is left out when a filter names others.
    if arguments.iter().any(|a| !a.starts_with('-') && !"editor".contains(a.as_str())) {
        return ExitCode::SUCCESS;
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let here = repository.join("tests/editor");
    if let Some(missing) = missing(&here) {
        say(&format!("editor tests: SKIPPED, because {missing}; .ci/run installs it"));
        let required = std::env::var_os("DULY_EDITOR").is_some_and(|v| v == "required");
        return if required { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let schemas = tempfile::tempdir().expect("a temporary folder");
    let mut duly = Command::new(env!("CARGO_BIN_EXE_duly"));
    let written = duly.env_clear().args(["schema", "--all"]).arg(schemas.path()).status();
    assert!(written.expect("duly starts").success());
    let mut node = Command::new("node");
    node.arg(here.join("check.mjs")).arg(repository).arg(schemas.path());
    if node.status().expect("node starts").success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("standard output");
}

/// What is not installed, if anything is not.
fn missing(here: &Path) -> Option<&'static str> {
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !node.is_ok_and(|status| status.success()) {
        return Some("no Node.js is installed");
    }
    let is_there = here.join("node_modules/yaml-language-server").is_dir();
    (!is_there).then_some("`npm ci` was not run in tests/editor")
}
