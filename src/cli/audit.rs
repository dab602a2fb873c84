//! `duly audit`: a folder against the measures.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::output::UserError;
use super::reports;
use crate::assessment::{Status, gate};
use crate::audit::{self, AuditError, Base, Past, Progress, Request};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::policy;
use crate::report::terminal;
use crate::text::{Day, escape};
use crate::words::Severity;

/// Audit a repository: check its records against every measure and red flag
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder of the repository
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
    /// Read this revision instead of the files on disk: a branch, tag, hash, HEAD~3 or :/text
    #[arg(long, value_name = "REV", allow_hyphen_values = true)]
    pub(super) rev: Option<String>,
    /// Compare with this revision: only gaps that are new or worse since then count for the exit status;
    /// REV... means the commit where REV and this state went apart
    #[arg(long, value_name = "REV", allow_hyphen_values = true)]
    pub(super) base: Option<String>,
    /// Judge the state of --base as of another date
    #[arg(long, value_name = "YYYY-MM-DD", requires = "base")]
    pub(super) base_as_of: Option<String>,
    /// Also show this revision's numbers, for a trend; may be repeated, in any order. It is judged as of the day
    /// of its commit, or of the date given
    #[arg(long, value_name = "REV[=YYYY-MM-DD]", allow_hyphen_values = true)]
    pub(super) history: Vec<String>,
    /// Judge as of this date; the same date gives the same report [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) as_of: Option<String>,
    #[arg(long, value_name = "FORMAT[=FILE]", help = reports::help())]
    pub(super) report: Vec<String>,
    #[command(flatten)]
    pub(super) page: reports::PageArguments,
    /// Least severity of a gap that makes the exit status 1 [default: low, or fail_on of duly.yaml]
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(super) fail_on: Option<Severity>,
    /// Do not fail when something that the base assessed is not assessed any more; every report says so
    #[arg(long, requires = "base")]
    pub(super) allow_lost: bool,
    /// Use this policy pack instead of the configured ones; may be repeated
    #[arg(long, value_name = "PACK")]
    pub(super) pack: Vec<String>,
    /// Ask the checks of this profile of the packs [default: profile of duly.yaml, or the pack's first]
    #[arg(long, value_name = "PROFILE")]
    pub(super) profile: Option<String>,
    /// Read the files on disk that git ignores, too
    #[arg(long, conflicts_with = "rev")]
    pub(super) no_git_ignore: bool,
    /// Print the verdict only
    #[arg(long, short, conflicts_with_all = ["verbose", "all"])]
    pub(super) quiet: bool,
    /// Print the findings of every check with their lines, five a check; --verbose prints them all
    #[arg(long)]
    pub(super) all: bool,
    /// Print every check, the records it is satisfied for, and the policy lines behind findings
    #[arg(long, short)]
    pub(super) verbose: bool,
}

/// The severities, for completions too.
pub(super) fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.iter().map(|s| s.as_str())).try_map(|s| s.parse::<Severity>())
}

/// A progress bar is shown when an audit takes longer than this.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    let reports = reports::parse(&arguments.report)?;
    let detail = match (arguments.quiet, arguments.verbose) {
        (true, _) => terminal::Detail::Verdict,
        (_, true) => terminal::Detail::Everything,
        // A report that is asked for by its name has the findings of every check.
        _ if arguments.all || !arguments.report.is_empty() => terminal::Detail::Findings,
        _ => terminal::Detail::Summary,
    };
    let mut options = arguments.page.options(detail)?;
    let as_of = match &arguments.as_of {
        Some(text) => parse_date(text)?,
        None => jiff::Zoned::now().date(),
    };
    let history = arguments.history.iter().map(|text| past(text)).collect();
    let packs = arguments.pack.iter().map(|name| pack_from_here(name, &arguments.path)).collect();
    let rev = arguments.rev.as_deref();
    let base = match (&arguments.base, &arguments.base_as_of) {
        (None, _) => None,
        (Some(revision), None) => Some(Base { revision, as_of }),
        (Some(revision), Some(date)) => Some(Base { revision, as_of: parse_date(date)? }),
    };
    let regions = reports.iter().any(|(format, _)| format.has_regions);
    let request = Request {
        root: &arguments.path,
        rev,
        with_ignored: arguments.no_git_ignore,
        as_of,
        base,
        history,
        fail_on: arguments.fail_on,
        allow_lost: arguments.allow_lost,
        packs,
        profile: arguments.profile.as_deref(),
        regions,
        every: false,
    };
    let progress = Progress::default();
    let result = with_bar(&progress, || audit::run(&request, &progress));
    let assessment = result.map_err(user_error)?;
    arguments.page.write_and_say(&assessment, &reports, &mut options)?;
    let status = gate(&assessment, assessment.run.fail_on).status;
    Ok(match status {
        Status::Clean => 0,
        Status::Gaps => 1,
        Status::Incomplete => 3,
    })
}

/// A revision, and behind `=` the date to judge it at.
fn past(text: &str) -> Past<'_> {
    match text.rsplit_once('=').map(|(revision, date)| (revision, parse_date(date))) {
        Some((revision, Ok(date))) => Past { revision, as_of: Some(date) },
        _ => Past { revision: text, as_of: None },
    }
}

/// A pack on the command line is looked for where the user stands, like every other path there. One inside
/// the audited folder is named as the configuration names it, so that its files are not taken for records.
pub(super) fn pack_from_here(name: &str, root: &Path) -> String {
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

pub(super) fn parse_date(text: &str) -> Result<jiff::civil::Date, UserError> {
    text.parse().map(|day: Day| day.0).map_err(|_| {
        UserError::new(
            format!("`{}` is not a valid date", escape(text)),
            "write --as-of YYYY-MM-DD, such as 2026-06-30",
        )
    })
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
    match error {
        AuditError::Path { path, why } => UserError::new(
            format!("{path}: {why}"),
            "duly audit FOLDER; without one, the current folder is audited",
        ),
        AuditError::At { revision, error } => {
            let at = |d: Diagnostic| Diagnostic { message: format!("at `{revision}`: {}", d.message), ..d };
            UserError(user_error(*error).0.into_iter().map(at).collect())
        }
        AuditError::Git(error) => UserError(vec![Diagnostic::new(
            Code::Revision,
            Place::command_line(),
            error.to_string(),
            error.help(),
        )]),
        AuditError::Input(errors) => errors.into(),
    }
}
