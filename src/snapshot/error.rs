//! Why a state cannot be audited, and how far reading is.

use std::sync::atomic::{AtomicU64, AtomicUsize};

use crate::diagnostics::Diagnostic;
use crate::repo::GitError;

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
