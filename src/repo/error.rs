//! Why a revision cannot be audited, and what to do about it.

use jiff::civil::Date;

use super::obstacle::fetch_it;
use crate::text::escape;

/// How to get the whole history where a CI system makes the clone.
const IN_CI: &str = "`fetch-depth: 0` of actions/checkout, or GIT_DEPTH: 0 in GitLab CI";

/// What went wrong with a repository or a revision. All but [`GitError::Broken`] are the user's to fix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// No repository holds the folder.
    #[error("{} is in no git repository", escape(.path))]
    NoRepository { path: String },
    /// The files belong to someone else, whose configuration git must not trust.
    #[error("the repository of {} belongs to someone else, and git refuses to read it", escape(.path))]
    Foreign { path: String },
    /// There are commits, but no files on disk.
    #[error("{} is a bare repository, which has no files on disk", escape(.path))]
    Bare { path: String },
    /// A bare repository stands beside files.
    #[error("the repository of {} is bare, so git knows no files on disk", escape(.path))]
    NoWorkTree { path: String },
    /// The folder is part of what git keeps for itself.
    #[error("{} is git's own folder, which holds no files of records", escape(.path))]
    GitFolder { path: String },
    /// The branch has no commit yet.
    #[error("the branch `{}` has no commit yet", escape(.branch))]
    Unborn { branch: String },
    /// Nothing has that name.
    #[error("there is not a revision `{}`", escape(.revision))]
    Unknown { revision: String, close: Option<String> },
    /// The start of several hashes.
    #[error("`{}` is ambiguous: several commits start with it", escape(.revision))]
    Ambiguous { revision: String },
    /// A branch and a tag, on different commits.
    #[error("`{}` is ambiguous: a branch and a tag have this name", escape(.revision))]
    TwoNames { revision: String },
    /// A file, a folder, or a range where one commit is meant.
    #[error("`{}` names no commit", escape(.revision))]
    NotACommit { revision: String },
    /// Not the name of anything git could hold.
    #[error("`{}` is not a revision", escape(.revision))]
    NotARevision { revision: String },
    /// The clone was cut off before it.
    #[error("this clone is shallow, and `{}` is not in it", escape(.revision))]
    Shallow { revision: String },
    /// The clone was cut off before the merge base of two commits.
    #[error("this clone is shallow, and the merge base of `{}` and `{}` is not in it", escape(.a), escape(.b))]
    ShallowBase { a: String, b: String },
    /// A partial clone left the folders of a commit at its remote.
    #[error("this partial clone does not hold the folders of `{}`", escape(.revision))]
    NotFetched { revision: String, remote: String },
    /// The index of a sparse checkout names folders in place of their files.
    #[error("the index of this sparse checkout is itself sparse, which duly does not read")]
    SparseIndex,
    /// Two commits without a common ancestor.
    #[error("`{}` and `{}` have no commit in common", escape(.a), escape(.b))]
    Unrelated { a: String, b: String },
    /// The audited folder was not there then.
    #[error("there is no folder `{}` at `{}`", escape(.folder), escape(.revision))]
    NoFolder { folder: String, revision: String },
    /// A history that has the same state twice.
    #[error("`{}` and `{}` are the same commit, judged as of the same day, {as_of}", escape(.first), escape(.second))]
    SamePeriod { first: String, second: String, as_of: Date },
    /// A state of the history that is judged later than the audit.
    #[error("`{}` is judged as of {as_of}, which is after the date of this audit, {audit}", escape(.revision))]
    PeriodAhead { revision: String, as_of: Date, audit: Date },
    /// git's own files cannot be read.
    #[error("the git repository cannot be read: {}", escape(.why))]
    Broken { why: String },
}

impl GitError {
    /// What to do.
    pub fn help(&self) -> String {
        match self {
            GitError::NoRepository { .. } => {
                "name a folder of a repository; a folder without one can be audited as it stands on disk"
                    .to_owned()
            }
            GitError::Foreign { path } => {
                format!("if you trust it: git config --global --add safe.directory {}", escape(path))
            }
            GitError::Bare { .. } => "name the revision to audit, such as main".to_owned(),
            GitError::NoWorkTree { .. } => {
                "name the revision to audit with --rev, or a folder of a work tree; if this \
                 is one: git config core.bare false"
                    .to_owned()
            }
            GitError::GitFolder { .. } => "name the folder that it is kept in, or a revision".to_owned(),
            GitError::Unborn { .. } => {
                "commit first, or audit the files on disk without a revision".to_owned()
            }
            GitError::Unknown { close, revision } if revision.starts_with("origin/") => {
                // Of a clone of one branch, `git fetch origin BRANCH` alone keeps no name of another.
                let branch = escape(&revision["origin/".len()..]);
                let fetch = format!("git fetch origin {branch}:refs/remotes/origin/{branch}");
                match close {
                    Some(close) => format!("did you mean `{close}`? If not, fetch it first: {fetch}"),
                    None => format!("fetch it first: {fetch}"),
                }
            }
            GitError::Unknown { close: Some(close), .. } => format!("did you mean `{close}`?"),
            GitError::Unknown { close: None, .. } => {
                "name a branch, a tag, a hash, HEAD~3, or :/text; `git branch -a` and `git tag` list them"
                    .to_owned()
            }
            GitError::Ambiguous { .. } => "write more digits of the hash".to_owned(),
            GitError::TwoNames { revision } => {
                let revision = escape(revision);
                format!("write refs/heads/{revision} or refs/tags/{revision}")
            }
            GitError::NotACommit { .. } => {
                "name one commit, without a path in it; `duly diff` takes ranges".to_owned()
            }
            GitError::SamePeriod { .. } => {
                "name each period once with --history, or give one of them another date: REV=YYYY-MM-DD"
                    .to_owned()
            }
            GitError::PeriodAhead { .. } => {
                "give --history an earlier date, or the audit a later one with --as-of".to_owned()
            }
            GitError::NotARevision { .. } => "name a branch, a tag, a hash, HEAD~3, or :/text".to_owned(),
            // A shallow clone knows one branch only, unless it was asked for more.
            GitError::Shallow { revision } if revision.starts_with("origin/") => format!(
                "fetch the history of all branches: git fetch --unshallow origin \
                 \"+refs/heads/*:refs/remotes/origin/*\", or {IN_CI}"
            ),
            GitError::Shallow { .. } | GitError::ShallowBase { .. } => {
                format!("fetch the history: git fetch --unshallow, or {IN_CI}")
            }
            GitError::NotFetched { remote, .. } => fetch_it(remote),
            GitError::SparseIndex => {
                "write it in full: git sparse-checkout reapply --no-sparse-index".to_owned()
            }
            GitError::Unrelated { .. } => "compare them with `..` instead of `...`".to_owned(),
            GitError::NoFolder { .. } => {
                "name a folder that was there, or audit the root of the repository".to_owned()
            }
            GitError::Broken { .. } => {
                "`git fsck` says what is wrong; duly reads repositories with SHA-1 names".to_owned()
            }
        }
    }
}
