//! The HTML report in a real browser: accessible, silent, complete without script, on a phone and on paper.
//!
//! Writes reports of several assessments into a temporary folder and lets `check.mjs` judge them in headless
//! Chromium. Where the browser or what drives it is not installed, the tests are skipped and say so;
//! with `DULY_BROWSER=required` that is a failure. `.ci/run` installs everything and requires them.
//! `DULY_BROWSER_KEEP=FOLDER` leaves the pages, and what was printed of them, in that folder.

mod pages;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "--list") {
        say("browser: test");
        return ExitCode::SUCCESS;
    }
    // As any test, it is left out when a filter names others.
    if arguments.iter().any(|a| !a.starts_with('-') && !"browser".contains(a.as_str())) {
        return ExitCode::SUCCESS;
    }
    let tools = match Tools::find() {
        Ok(tools) => tools,
        Err(missing) => {
            say(&format!("browser tests: SKIPPED, because {missing}; .ci/run installs it"));
            let required = std::env::var_os("DULY_BROWSER").is_some_and(|v| v == "required");
            return if required { ExitCode::FAILURE } else { ExitCode::SUCCESS };
        }
    };
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let kept = std::env::var_os("DULY_BROWSER_KEEP").map(PathBuf::from);
    let folder = kept.as_deref().unwrap_or(temporary.path());
    pages::write(folder);
    let status = Command::new("node")
        .arg(here().join("check.mjs"))
        .arg(folder)
        .env("CHROMIUM", tools.chromium)
        .status()
        .expect("node starts");
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn say(line: &str) {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{line}").expect("standard output");
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser")
}

struct Tools {
    chromium: PathBuf,
}

impl Tools {
    /// What drives and judges the pages, or what of it is missing.
    fn find() -> Result<Self, &'static str> {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let chromium = names.into_iter().find_map(on_path).ok_or("no Chromium is installed")?;
        on_path("node").ok_or("no Node.js is installed")?;
        on_path("java").ok_or("no Java is installed")?;
        on_path("pdftotext").ok_or("no pdftotext is installed")?;
        if !here().join("node_modules/playwright-core").is_dir() {
            return Err("`npm ci` was not run in tests/browser");
        }
        Ok(Tools { chromium })
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
