//! This repository itself as the subject: its folders, and the binary run at its root.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use duly::assessment::{Assessment, parse};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// Runs the binary at the root with nothing in its environment.
pub(crate) fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_duly"))
        .args(arguments)
        .current_dir(root())
        .env_clear()
        .env("COLUMNS", "100")
        .output()
        .expect("the binary starts")
}

/// What a run that succeeds prints.
pub(crate) fn stdout_of(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The exit status and assessment of an audit of a folder of the repository.
pub(crate) fn audit_json(folder: &str) -> (i32, Assessment) {
    let output = run(&["audit", folder, "--as-of", "2026-06-30", "--report", "json"]);
    let text = String::from_utf8(output.stdout).expect("text");
    let assessment =
        parse(&text).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().expect("a status"), assessment)
}
