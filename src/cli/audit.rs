//! `duly audit`: a folder against the measures.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;

use super::output::{self, Message, UserError};
use crate::assessment::{Assessment, Status, gate};
use crate::audit::{self, AuditError, Progress, Request};
use crate::policy;
use crate::report::{self, Format, terminal};
use crate::words::Severity;

/// Audit a repository: check its records against every measure and red flag
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder of the repository
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Judge as of this date; the same date gives the same report [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<String>,
    #[arg(long, value_name = "FORMAT[=FILE]", help = report_help())]
    report: Vec<String>,
    /// Least severity of a gap that makes the exit status 1 [default: low, or fail_on of duly.yaml]
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<Severity>,
    /// Use this policy pack instead of the configured ones; may be repeated
    #[arg(long, value_name = "PACK")]
    pack: Vec<String>,
    /// Print the verdict only
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,
    /// Print every check, the records it is satisfied for, and the policy lines behind findings
    #[arg(long, short)]
    verbose: bool,
}

fn report_help() -> String {
    let names: Vec<&str> = Format::ALL.iter().map(|(name, _)| *name).collect();
    format!("Write a report, to standard output or to a file; may be repeated. Formats: {}", names.join(", "))
}

/// A progress bar is shown when an audit takes longer than this.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    let reports = parse_reports(&arguments.report)?;
    let as_of = match &arguments.as_of {
        Some(text) => parse_date(text)?,
        None => jiff::Zoned::now().date(),
    };
    let packs = arguments.pack.iter().map(|name| pack_from_here(name, &arguments.path)).collect();
    let regions = reports.iter().any(|(format, _)| format.has_regions());
    let request = Request { root: &arguments.path, as_of, fail_on: arguments.fail_on, packs, regions };
    let progress = Progress::default();
    let result = with_bar(&progress, || audit::run(&request, &progress));
    let assessment = result.map_err(user_error)?;
    write(&assessment, &reports, arguments)?;
    let status = gate(&assessment, assessment.run.fail_on).status;
    // Leaving is faster than freeing what the system takes back anyway.
    std::mem::forget(assessment);
    Ok(match status {
        Status::Clean => 0,
        Status::Gaps => 1,
        Status::Incomplete => 3,
    })
}

/// A pack on the command line is looked for where the user stands, like every other path there. One inside
/// the audited folder is named as the configuration names it, so that its files are not taken for records.
fn pack_from_here(name: &str, root: &Path) -> String {
    if policy::is_built_in(name) {
        return name.to_owned();
    }
    let (Ok(folder), Ok(root)) = (Path::new(name).canonicalize(), root.canonicalize()) else {
        return name.to_owned();
    };
    let path = folder.strip_prefix(&root).unwrap_or(&folder);
    let parts: Vec<_> = path.components().map(|c| c.as_os_str().to_string_lossy()).collect();
    match (path.is_absolute(), parts.is_empty()) {
        (true, _) => path.to_string_lossy().into_owned(),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

fn parse_date(text: &str) -> Result<jiff::civil::Date, UserError> {
    let date = if text.len() == 10 { text.parse().ok() } else { None };
    date.ok_or_else(|| {
        UserError::new(
            format!("`{}` is no date", crate::text::escape(text)),
            "write --as-of YYYY-MM-DD, such as 2026-06-30",
        )
    })
}

fn parse_reports(texts: &[String]) -> Result<Vec<(Format, Option<PathBuf>)>, UserError> {
    let mut reports = Vec::new();
    for text in texts {
        let (name, file) = text.split_once('=').map_or((text.as_str(), None), |(n, f)| (n, Some(f)));
        let Some(format) = Format::parse(name) else {
            let names: Vec<&str> = Format::ALL.iter().map(|(n, _)| *n).collect();
            return Err(UserError::new(
                format!("`{}` is no report format", crate::text::escape(name)),
                format!("formats: {}", names.join(", ")),
            ));
        };
        if file == Some("") {
            return Err(UserError::new(
                format!("`{name}=` names no file"),
                format!("write --report {name}=FILE"),
            ));
        }
        reports.push((format, file.map(PathBuf::from)));
    }
    if reports.iter().filter(|(_, file)| file.is_none()).count() > 1 {
        return Err(UserError::new(
            "two reports cannot share standard output",
            "write all but one to a file: --report json=FILE",
        ));
    }
    if reports.is_empty() {
        reports.push((Format::Terminal, None));
    }
    Ok(reports)
}

fn write(
    assessment: &Assessment,
    reports: &[(Format, Option<PathBuf>)],
    arguments: &Arguments,
) -> Result<(), UserError> {
    let detail = match (arguments.quiet, arguments.verbose) {
        (true, _) => terminal::Detail::Verdict,
        (_, true) => terminal::Detail::Everything,
        _ => terminal::Detail::Findings,
    };
    for (format, file) in reports {
        match (format, file) {
            (Format::Terminal, None) => {
                let options = terminal::Options { width: output::width(), color: true, detail };
                let mut text = Vec::new();
                terminal::write(assessment, &options, &mut text)
                    .map_err(|e| UserError::new(format!("cannot write the report: {e}"), ""))?;
                output::print(&String::from_utf8_lossy(&text))?;
            }
            (Format::Terminal, Some(file)) => {
                let options = terminal::Options { detail, ..terminal::Options::plain() };
                output::write_file(file, |out| terminal::write(assessment, &options, out))?;
            }
            (format, None) => {
                let mut text = Vec::new();
                let notes = report::render(assessment, *format, &mut text)
                    .map_err(|e| UserError::new(format!("cannot write the report: {e}"), ""))?;
                let text = String::from_utf8_lossy(&text);
                if format.is_commands() { output::print_commands(&text) } else { output::print(&text) }?;
                output::notes(&notes);
            }
            (format, Some(file)) => {
                let mut notes = Vec::new();
                output::write_file(file, |out| {
                    notes = report::render(assessment, *format, out)?;
                    Ok(())
                })?;
                output::notes(&notes);
            }
        }
    }
    Ok(())
}

/// Runs `work`, with a bar on standard error when that is a terminal and it takes long.
fn with_bar<T: Send>(progress: &Progress, work: impl FnOnce() -> T + Send) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let (done, wait) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let timed_out =
                |after| wait.recv_timeout(after) == Err(std::sync::mpsc::RecvTimeoutError::Timeout);
            if !timed_out(PATIENCE) {
                return;
            }
            let bar = indicatif::ProgressBar::new(0);
            if let Ok(style) = indicatif::ProgressStyle::with_template("{bar:30} {pos}/{len} files") {
                bar.set_style(style);
            }
            while timed_out(Duration::from_millis(100)) {
                bar.set_length(progress.files.load(Ordering::Relaxed) as u64);
                bar.set_position(progress.read.load(Ordering::Relaxed) as u64);
            }
            bar.finish_and_clear();
        });
        let result = work();
        drop(done);
        result
    })
}

pub(super) fn user_error(error: AuditError) -> UserError {
    let messages = match error {
        AuditError::Path { path, why } => {
            let help = "duly audit FOLDER; without one, the current folder is audited".to_owned();
            vec![Message { what: format!("{path}: {why}"), place: None, help }]
        }
        AuditError::Config(errors) => errors
            .into_iter()
            .map(|e| Message { what: e.message, place: Some(e.place), help: e.help })
            .collect(),
        AuditError::Policy(errors) => policy_messages(errors),
    };
    UserError { messages }
}

pub(super) fn policy_messages(errors: Vec<policy::PolicyError>) -> Vec<Message> {
    errors.into_iter().map(|e| Message { what: e.message, place: Some(e.place), help: e.help }).collect()
}
