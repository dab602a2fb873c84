//! The HTML report in a real browser: accessible, silent, complete without script, on a phone and on paper.
//!
//! Writes reports of several assessments into a temporary folder and lets `check.mjs` judge them in headless
//! Chromium. Where the browser or what drives it is not installed, the tests are skipped and say so;
//! with `DULY_BROWSER=required` that is a failure. `.ci/run` installs everything and requires them.
//! `DULY_BROWSER_KEEP=FOLDER` leaves the pages, and what was printed of them, in that folder.
//!
//! Then `pictures.mjs` holds the pictures of `docs/images` to what the report of `examples/first-audit/week-one` shows today.
//! `DULY_PICTURES=write` takes them anew and does nothing else.

mod pages;

use std::ffi::OsStr;
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
    let is_taking = std::env::var_os("DULY_PICTURES").is_some_and(|v| v == "write");
    let is_good = if is_taking {
        tools.pictures("write")
    } else {
        pages::write(folder);
        // Both are run, so that one run tells everything.
        let is_judged = tools.run("check.mjs", &[folder.as_os_str()]);
        tools.pictures("check") && is_judged
    };
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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

    /// Runs a script of this folder; whether it found everything as it must be.
    fn run(&self, script: &str, arguments: &[&OsStr]) -> bool {
        let mut node = Command::new("node");
        node.arg(here().join(script)).args(arguments).env("CHROMIUM", &self.chromium);
        node.status().expect("node starts").success()
    }

    /// Takes the pictures of the documentation, or holds them to the report.
    fn pictures(&self, mode: &str) -> bool {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let report = pages::pictured(temporary.path());
        let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images");
        self.run("pictures.mjs", &[report.as_os_str(), images.as_os_str(), OsStr::new(mode)])
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
