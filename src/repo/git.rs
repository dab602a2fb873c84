//! Revisions of a git repository: resolved, listed and read without a checkout.
//!
//! A *revision* is what a user names a commit with: a branch, a tag, a hash, `HEAD~3`, `:/text`. Nothing is
//! written, fetched or run, and no filter or attribute touches the bytes: a file is what the commit holds.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use git2::{ErrorClass, ErrorCode, Oid};

use super::error::GitError;
use super::file::{File, Listing};
use super::obstacle::{submodule, symbolic_link};
use super::store::Store;
use crate::diagnostics::suggestion;
use crate::text::{Day, escape};

const TREE: i32 = 0o040_000;
const LINK: i32 = 0o120_000;
const SUBMODULE: i32 = 0o160_000;

/// An opened repository and the audited folder in it.
#[derive(Clone)]
pub(crate) struct Repository {
    store: Arc<Store>,
    /// The audited folder, with `/`; empty for the root of the repository.
    folder: String,
}

/// A commit that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit {
    /// The revision as the user named it.
    pub name: String,
    /// Its full id.
    pub id: String,
    /// The day it was committed, YYYY-MM-DD in UTC.
    pub committed_on: Day,
    /// The branch that the revision names.
    pub branch: Option<String>,
    oid: Oid,
}

/// What is checked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// None on a branch without a commit.
    pub commit: Option<Commit>,
    /// None when a commit is checked out without a branch.
    pub branch: Option<String>,
}

/// A path below the audited folder where the work tree differs from `HEAD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Relative to the audited folder; ends in `/` for a whole folder.
    pub path: String,
    /// git is told to ignore it.
    pub ignored: bool,
}

impl Repository {
    /// The repository that holds a folder, which need not exist on disk any more; none if there is none.
    pub(crate) fn discover(path: &Path) -> Result<Option<Self>, GitError> {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let Some((existing, rest)) = existing(&absolute) else {
            return Ok(None);
        };
        let repository = match git2::Repository::discover(&existing) {
            Ok(repository) => repository,
            Err(error) if error.code() == ErrorCode::NotFound && error.class() == ErrorClass::Repository => {
                return Ok(None);
            }
            Err(error) if error.code() == ErrorCode::Owner => {
                return Err(GitError::Foreign { path: existing.to_string_lossy().into_owned() });
            }
            Err(error) => return Err(GitError::Broken { why: error.message().to_owned() }),
        };
        let root = repository.workdir().unwrap_or_else(|| repository.path());
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let Ok(inside) = existing.strip_prefix(&root).map(|inside| inside.join(&rest)) else {
            return Ok(None);
        };
        let parts: Vec<String> = inside
            .components()
            .filter_map(|part| match part {
                Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
                _ => None,
            })
            .collect();
        Ok(Some(Repository { store: Arc::new(Store::new(repository)), folder: parts.join("/") }))
    }

    /// The audited folder inside the repository, with `/`; empty at its root.
    pub(crate) fn folder(&self) -> &str {
        &self.folder
    }

    /// Whether there are no files on disk, only commits.
    pub(crate) fn is_bare(&self) -> bool {
        self.store.with(git2::Repository::is_bare)
    }

    /// The commit that a revision names.
    pub(crate) fn resolve(&self, revision: &str) -> Result<Commit, GitError> {
        let named = || revision.to_owned();
        if revision.is_empty() || revision.starts_with('-') || revision.chars().any(char::is_control) {
            return Err(GitError::NotARevision { revision: named() });
        }
        self.store.with(|repository| {
            let both = ["tags", "heads"].map(|kind| {
                let reference = repository.find_reference(&format!("refs/{kind}/{revision}")).ok()?;
                Some(reference.peel_to_commit().ok()?.id())
            });
            if let [Some(tag), Some(branch)] = both
                && tag != branch
            {
                return Err(GitError::TwoNames { revision: named() });
            }
            let object = repository.revparse_single(revision).map_err(|error| match error.code() {
                // Fewer digits are no start of a hash to git.
                ErrorCode::Ambiguous if revision.len() >= 4 => GitError::Ambiguous { revision: named() },
                ErrorCode::InvalidSpec => GitError::NotARevision { revision: named() },
                _ => unknown(repository, revision),
            })?;
            let commit = object.peel_to_commit().map_err(|_| GitError::NotACommit { revision: named() })?;
            Ok(describe(&commit, named(), both[1].map(|_| named())))
        })
    }

    /// The commit from which two others went apart.
    pub(crate) fn merge_base(&self, a: &Commit, b: &Commit) -> Result<Commit, GitError> {
        self.store.with(|repository| {
            let base = repository.merge_base(a.oid, b.oid).and_then(|oid| repository.find_commit(oid));
            base.map(|base| describe(&base, format!("{}...{}", a.name, b.name), None)).map_err(|_| {
                if repository.is_shallow() {
                    GitError::Shallow { revision: format!("{}...{}", a.name, b.name) }
                } else {
                    GitError::Unrelated { a: a.name.clone(), b: b.name.clone() }
                }
            })
        })
    }

    /// What is checked out.
    pub(crate) fn head(&self) -> Result<Head, GitError> {
        self.store.with(|repository| match repository.head() {
            Ok(head) => {
                let branch =
                    head.is_branch().then(|| String::from_utf8_lossy(head.shorthand_bytes()).into_owned());
                let commit = head.peel_to_commit().ok();
                Ok(Head { commit: commit.map(|c| describe(&c, "HEAD".to_owned(), branch.clone())), branch })
            }
            Err(error) if error.code() == ErrorCode::UnbornBranch => {
                Ok(Head { commit: None, branch: unborn(repository) })
            }
            Err(error) => Err(GitError::Broken { why: error.message().to_owned() }),
        })
    }

    /// Where the files below the audited folder differ from `HEAD`, ordered by path. Files that git does
    /// not know, or ignores, count: an audit reads them.
    pub(crate) fn differences(&self) -> Result<Vec<Difference>, GitError> {
        self.store.with(|repository| {
            let mut options = git2::StatusOptions::new();
            options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(true);
            options.update_index(false).disable_pathspec_match(true);
            if !self.folder.is_empty() {
                options.pathspec(&self.folder);
            }
            let statuses = repository
                .statuses(Some(&mut options))
                .map_err(|error| GitError::Broken { why: error.message().to_owned() })?;
            let mut found: Vec<Difference> = statuses
                .iter()
                .filter_map(|entry| {
                    let path = String::from_utf8_lossy(entry.path_bytes()).into_owned();
                    let path = self.inside(&path)?.to_owned();
                    Some(Difference { path, ignored: entry.status().is_ignored() })
                })
                .collect();
            found.sort_by(|a, b| a.path.cmp(&b.path));
            Ok(found)
        })
    }

    /// Paths below the audited folder where `HEAD`'s index has another repository, a submodule.
    pub(crate) fn submodules(&self) -> Vec<String> {
        self.store.with(|repository| {
            let Ok(index) = repository.index() else {
                return Vec::new();
            };
            let submodules = index.iter().filter(|entry| entry.mode == SUBMODULE as u32);
            submodules
                .filter_map(|entry| {
                    let path = String::from_utf8_lossy(&entry.path).into_owned();
                    self.inside(&path).map(str::to_owned)
                })
                .collect()
        })
    }

    /// A path of the repository as one of the audited folder.
    fn inside<'p>(&self, path: &'p str) -> Option<&'p str> {
        if self.folder.is_empty() {
            return Some(path);
        }
        path.strip_prefix(&self.folder)?.strip_prefix('/')
    }

    /// Lists every file of a commit below the audited folder. No file is read.
    pub(crate) fn list(&self, commit: &Commit) -> Result<Listing, GitError> {
        let broken = |error: git2::Error| GitError::Broken { why: error.message().to_owned() };
        self.store.with(|repository| {
            let whole = repository.find_commit(commit.oid).and_then(|c| c.tree()).map_err(broken)?;
            let root = if self.folder.is_empty() {
                whole
            } else {
                let absent =
                    || GitError::NoFolder { folder: self.folder.clone(), revision: commit.name.clone() };
                let entry = whole.get_path(Path::new(&self.folder)).map_err(|_| absent())?;
                if entry.filemode() != TREE {
                    return Err(absent());
                }
                repository.find_tree(entry.id()).map_err(broken)?
            };
            let mut listing = Listing::default();
            let mut folders = vec![(String::new(), root)];
            while let Some((prefix, tree)) = folders.pop() {
                for entry in &tree {
                    let path = format!("{prefix}{}", String::from_utf8_lossy(entry.name_bytes()));
                    match entry.filemode() {
                        TREE => {
                            let below = repository.find_tree(entry.id()).map_err(broken)?;
                            folders.push((format!("{path}/"), below));
                        }
                        LINK => listing.problems.push(symbolic_link(path)),
                        SUBMODULE => listing.problems.push(submodule(path)),
                        _ => listing.files.push(File::blob(path, Arc::clone(&self.store), entry.id())),
                    }
                }
            }
            listing.sort();
            Ok(listing)
        })
    }
}

/// The nearest part of a path that exists, without links, and what is left of the path.
fn existing(path: &Path) -> Option<(PathBuf, PathBuf)> {
    path.ancestors().find_map(|part| {
        let existing = part.canonicalize().ok()?;
        Some((existing, path.strip_prefix(part).ok()?.to_owned()))
    })
}

fn describe(commit: &git2::Commit<'_>, name: String, branch: Option<String>) -> Commit {
    let day = jiff::Timestamp::from_second(commit.time().seconds()).unwrap_or_default();
    Commit {
        name,
        id: commit.id().to_string(),
        committed_on: day.to_zoned(jiff::tz::TimeZone::UTC).date().into(),
        branch,
        oid: commit.id(),
    }
}

/// The branch that `HEAD` names and that has no commit yet.
fn unborn(repository: &git2::Repository) -> Option<String> {
    let head = repository.find_reference("HEAD").ok()?;
    let target = String::from_utf8_lossy(head.symbolic_target_bytes()?).into_owned();
    Some(target.strip_prefix("refs/heads/").unwrap_or(&target).to_owned())
}

/// Why a revision is not there, as exactly as can be said.
fn unknown(repository: &git2::Repository, revision: &str) -> GitError {
    let revision = revision.to_owned();
    if revision.starts_with("HEAD")
        && repository.head().is_err_and(|error| error.code() == ErrorCode::UnbornBranch)
    {
        return GitError::Unborn { branch: unborn(repository).unwrap_or_else(|| "HEAD".to_owned()) };
    }
    if repository.is_shallow() {
        return GitError::Shallow { revision };
    }
    let mut names: Vec<String> = Vec::new();
    if let Ok(references) = repository.references() {
        for reference in references.flatten() {
            let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
            let known = ["refs/heads/", "refs/tags/", "refs/remotes/"];
            names.extend(known.iter().find_map(|kind| name.strip_prefix(kind)).map(str::to_owned));
        }
    }
    names.sort();
    names.dedup();
    let close = suggestion(&revision, names.iter().map(String::as_str)).map(|name| escape(name).into_owned());
    GitError::Unknown { revision, close }
}
