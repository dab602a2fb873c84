//! What an audit is asked for.

use std::path::Path;

use jiff::civil::Date;

use crate::words::Severity;

/// What a user asked for.
#[derive(Debug)]
pub struct Request<'a> {
    pub root: &'a Path,
    /// The commit to read instead of the files on disk.
    pub rev: Option<&'a str>,
    /// Whether files on disk that git ignores are read.
    pub with_ignored: bool,
    pub as_of: Date,
    /// The state to compare with.
    pub base: Option<Base<'a>>,
    /// Earlier states whose numbers are shown beside this one's, in any order.
    pub history: Vec<Past<'a>>,
    /// Replaces the configuration's threshold.
    pub fail_on: Option<Severity>,
    /// Whether lost assurance does not make the exit status 1.
    pub allow_lost: bool,
    /// Replaces the configuration's packs.
    pub packs: Vec<String>,
    /// Replaces the configuration's profile.
    pub profile: Option<&'a str>,
    /// Whether a report is for a code host, which shows findings in their files, or is kept for one.
    pub regions: bool,
    /// Whether every finding that is not assessed is listed one by one, however many there are of a check.
    pub every: bool,
}

/// The earlier state that findings are compared with.
#[derive(Debug, Clone, Copy)]
pub struct Base<'a> {
    /// A revision, or one followed by `...`: the commit from which it and the audited one went apart.
    pub revision: &'a str,
    /// The date it is judged at.
    pub as_of: Date,
}

/// An earlier state of which only the numbers are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    pub revision: &'a str,
    /// The date it is judged at; if none is given, the day of its commit, but none after the date of the audit.
    pub as_of: Option<Date>,
}
