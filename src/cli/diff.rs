//! `duly diff`: what got better and worse between two states of a repository.

use std::path::PathBuf;

use clap::Args;

use super::audit;
use super::output::UserError;
use super::reports;
use crate::words::Severity;

/// Compare two commits, or one with the files on disk: what is new, worse or fixed
#[derive(Debug, Args)]
#[command(
    after_help = "Revisions: main..topic compares two commits, main...topic starts where they went apart, \
    main compares with the files on disk. Nothing is checked out."
)]
pub(super) struct Arguments {
    /// REV1..REV2, REV1...REV2, or REV: branches, tags, hashes, HEAD~3, :/text
    #[arg(value_name = "REVISIONS", allow_hyphen_values = true)]
    revisions: String,
    /// Folder of the repository
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Judge both states as of this date [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<String>,
    /// Judge the earlier state as of another date
    #[arg(long, value_name = "YYYY-MM-DD")]
    base_as_of: Option<String>,
    #[arg(long, value_name = "FORMAT[=FILE]", help = reports::help())]
    report: Vec<String>,
    #[command(flatten)]
    page: reports::PageArguments,
    /// Least severity of a new or worsened gap that makes the exit status 1
    #[arg(long, value_name = "SEVERITY", value_parser = audit::severity())]
    fail_on: Option<Severity>,
    /// Do not fail when something that the base assessed is not assessed any more; every report says so
    #[arg(long)]
    allow_lost: bool,
    /// Use this policy pack instead of the configured ones; may be repeated
    #[arg(long, value_name = "PACK")]
    pack: Vec<String>,
    /// Ask the checks of this profile of the packs, in both states [default: that of each state's duly.yaml]
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// Read the files on disk that git ignores, too
    #[arg(long)]
    no_git_ignore: bool,
    /// Print the counts only
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,
    /// Print the whole report of the later state behind the changes
    #[arg(long, short)]
    verbose: bool,
}

pub(super) fn run(arguments: Arguments) -> Result<u8, UserError> {
    let (base, rev) = sides(&arguments.revisions);
    audit::run(&audit::Arguments {
        all: true,
        path: arguments.path,
        rev,
        base: Some(base),
        base_as_of: arguments.base_as_of,
        history: Vec::new(),
        as_of: arguments.as_of,
        report: arguments.report,
        page: arguments.page,
        fail_on: arguments.fail_on,
        allow_lost: arguments.allow_lost,
        pack: arguments.pack,
        profile: arguments.profile,
        no_git_ignore: arguments.no_git_ignore,
        quiet: arguments.quiet,
        verbose: arguments.verbose,
    })
}

/// The earlier state as `--base` takes it, and the later one; none for the files on disk. As in git, a side
/// that is left out is `HEAD`.
fn sides(revisions: &str) -> (String, Option<String>) {
    let side = |text: &str| if text.is_empty() { "HEAD".to_owned() } else { text.to_owned() };
    if revisions.starts_with(":/") {
        return (revisions.to_owned(), None);
    }
    if let Some((from, to)) = revisions.split_once("...") {
        return (format!("{}...", side(from)), Some(side(to)));
    }
    match revisions.split_once("..") {
        Some((from, to)) => (side(from), Some(side(to))),
        None => (revisions.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::sides;

    #[test]
    fn revisions_have_two_sides() {
        let cases: &[(&str, &str, Option<&str>)] = &[
            ("main", "main", None),
            ("main..topic", "main", Some("topic")),
            ("main...topic", "main...", Some("topic")),
            ("v1..", "v1", Some("HEAD")),
            ("..topic", "HEAD", Some("topic")),
            ("main...", "main...", Some("HEAD")),
            (":/fixed ..", ":/fixed ..", None),
        ];
        for (text, base, rev) in cases {
            assert_eq!(sides(text), ((*base).to_owned(), rev.map(str::to_owned)), "{text}");
        }
    }
}
