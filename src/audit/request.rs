//! What an audit is asked for, how far it is, and why there can be none.

use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize};

use jiff::civil::Date;

use crate::diagnostics::Diagnostic;
use crate::repo::GitError;
use crate::words::Severity;

/// What a user asked for.
#[derive(Debug)]
pub struct Request<'a> {
    pub root: &'a Path,
    /// The commit to read instead of the files on disk.
    pub rev: Option<&'a str>,
    pub as_of: Date,
    /// The state to compare with.
    pub base: Option<Base<'a>>,
    /// Earlier states whose numbers are shown beside this one's, oldest first.
    pub history: Vec<Past<'a>>,
    /// Replaces the configuration's threshold.
    pub fail_on: Option<Severity>,
    /// Replaces the configuration's packs.
    pub packs: Vec<String>,
    /// Whether a report is for a code host, which shows findings in their files, or is kept for one.
    pub regions: bool,
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
    /// The date it is judged at; the day of its commit, if none is given.
    pub as_of: Option<Date>,
}

/// Why there is no assessment: usage, configuration or policy. Exit status 2.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The path is the user's.
    #[error("{path}: {why}")]
    Path { path: String, why: &'static str },
    /// The revision is the user's.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The configuration, the baseline file or a policy: each says whose it is.
    #[error("the configuration, the baseline file or the policies have errors")]
    Input(Vec<Diagnostic>),
    /// What went wrong in the state that is compared with.
    #[error("at `{revision}`: {error}")]
    At { revision: String, error: Box<AuditError> },
}

/// How far an audit is, for a progress bar: counts only ever grow.
#[derive(Debug, Default)]
pub struct Progress {
    pub files: AtomicUsize,
    pub read: AtomicUsize,
    /// Steps that the checks took; added when all are judged.
    pub steps: AtomicU64,
    /// States judged, the present one among them.
    pub judged: AtomicUsize,
}
