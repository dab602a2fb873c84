//! Revisions of a git repository: resolved, listed and read without a checkout.
//!
//! A *revision* is what a user names a commit with: a branch, a tag, a hash, `HEAD~3`, `:/text`. Nothing is
//! written, fetched or run, and no filter or attribute touches the bytes: a file is what the commit holds.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use git2::{ErrorClass, ErrorCode, Oid};

use super::error::GitError;
use super::file::{File, Listing};
use super::obstacle::{not_fetched, submodule, symbolic_link};
use super::store::Store;
use crate::diagnostics::suggestion;
use crate::text::{Day, escape};

const TREE: i32 = 0o040_000;
pub(super) const LINK: i32 = 0o120_000;
pub(super) const SUBMODULE: i32 = 0o160_000;

/// An opened repository and the audited folder in it.
#[derive(Clone)]
pub(crate) struct Repository {
    pub(super) store: Arc<Store>,
    /// The audited folder, with `/`; empty for the root of the repository.
    folder: String,
    place: FolderPlace,
}

/// Where the audited folder lies, as git sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FolderPlace {
    /// In a work tree.
    WorkTree,
    /// Beside a bare repository that is kept in it or above it, which has no work tree; the repository's own folder
    /// relative to the audited one, if it is below.
    BesideBare { own: Option<String> },
    /// In a bare repository.
    InBare,
    /// In the folder that git keeps beside a work tree, such as `.git`.
    InGitFolder,
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

impl Commit {
    pub(super) fn oid(&self) -> Oid {
        self.oid
    }
}

/// What is checked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// None on a branch without a commit.
    pub commit: Option<Commit>,
    /// None when a commit is checked out without a branch.
    pub branch: Option<String>,
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
            Err(error) => return Err(broken(&error)),
        };
        let Some((root, place)) = locate(&repository, &existing) else { return Ok(None) };
        let Ok(inside) = existing.strip_prefix(&root).map(|inside| inside.join(&rest)) else {
            return Ok(None);
        };
        Ok(Some(Repository { store: Arc::new(Store::new(repository)), folder: with_slashes(&inside), place }))
    }

    /// The audited folder inside the repository, with `/`; empty at its root.
    pub(crate) fn folder(&self) -> &str {
        &self.folder
    }

    /// Where the audited folder lies.
    pub(crate) fn place(&self) -> &FolderPlace {
        &self.place
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
                let (a, b) = (a.name.clone(), b.name.clone());
                if repository.is_shallow() {
                    GitError::ShallowBase { a, b }
                } else {
                    GitError::Unrelated { a, b }
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
            Err(error) => Err(broken(&error)),
        })
    }

    /// A path of the repository as one of the audited folder.
    pub(super) fn inside<'p>(&self, path: &'p str) -> Option<&'p str> {
        if self.folder.is_empty() {
            return Some(path);
        }
        path.strip_prefix(&self.folder)?.strip_prefix('/')
    }

    /// Lists every file of a commit below the audited folder. No file is read. A folder that a partial clone does not
    /// hold is a problem; where that is the audited one, it is the error.
    pub(crate) fn list(&self, commit: &Commit) -> Result<Listing, GitError> {
        self.store.with(|repository| {
            let mut listing = Listing::default();
            let mut folders = vec![(String::new(), self.root(repository, commit)?)];
            while let Some((prefix, tree)) = folders.pop() {
                for entry in &tree {
                    let path = format!("{prefix}{}", String::from_utf8_lossy(entry.name_bytes()));
                    match entry.filemode() {
                        TREE => match (repository.find_tree(entry.id()), self.store.promisor()) {
                            (Ok(below), _) => folders.push((format!("{path}/"), below)),
                            (Err(error), Some(remote)) if error.code() == ErrorCode::NotFound => {
                                listing.problems.push(*not_fetched(&path, remote));
                            }
                            (Err(error), _) => return Err(broken(&error)),
                        },
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

    /// The audited folder as a commit has it.
    fn root<'r>(
        &self,
        repository: &'r git2::Repository,
        commit: &Commit,
    ) -> Result<git2::Tree<'r>, GitError> {
        let lost = |error: git2::Error| match self.store.promisor() {
            Some(remote) if error.code() == ErrorCode::NotFound => {
                GitError::NotFetched { revision: commit.name.clone(), remote: remote.to_owned() }
            }
            _ => broken(&error),
        };
        let mut tree = repository.find_commit(commit.oid).and_then(|c| c.tree()).map_err(lost)?;
        for part in self.folder.split('/').filter(|part| !part.is_empty()) {
            let folder = tree.get_name(part).filter(|entry| entry.filemode() == TREE).map(|entry| entry.id());
            let absent = || GitError::NoFolder { folder: self.folder.clone(), revision: commit.name.clone() };
            tree = repository.find_tree(folder.ok_or_else(absent)?).map_err(lost)?;
        }
        Ok(tree)
    }
}

fn broken(error: &git2::Error) -> GitError {
    GitError::Broken { why: error.message().to_owned() }
}

/// The folder that the paths of a repository start at, and where an existing folder lies; none where git does not
/// say that the folder belongs to the repository.
fn locate(repository: &git2::Repository, existing: &Path) -> Option<(PathBuf, FolderPlace)> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let own = real(repository.path());
    // As git does, whatever `core.bare` says: a folder without a work tree beside it is a bare repository.
    if existing.starts_with(&own) {
        let kept = own.file_name().is_some_and(|name| name == ".git") || repository.is_worktree();
        let place =
            if kept && !repository.is_bare() { FolderPlace::InGitFolder } else { FolderPlace::InBare };
        return Some((own, place));
    }
    match repository.workdir() {
        Some(root) => Some((real(root), FolderPlace::WorkTree)),
        // `core.bare` is set, or the work tree is a folder of worktrees.
        None => {
            let root = existing.ancestors().find(|folder| folder.join(".git").exists())?;
            let own = own.strip_prefix(existing).ok().map(with_slashes);
            Some((root.to_owned(), FolderPlace::BesideBare { own }))
        }
    }
}

/// A relative path with `/` between its parts.
fn with_slashes(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The nearest part of a path that exists, without links, and what is left of the path.
fn existing(path: &Path) -> Option<(PathBuf, PathBuf)> {
    path.ancestors().find_map(|part| {
        let existing = part.canonicalize().ok()?;
        Some((existing, path.strip_prefix(part).ok()?.to_owned()))
    })
}

fn describe(commit: &git2::Commit<'_>, name: String, branch: Option<String>) -> Commit {
    Commit { name, id: commit.id().to_string(), committed_on: day_of(commit), branch, oid: commit.id() }
}

/// The day of a commit in UTC.
pub(super) fn day_of(commit: &git2::Commit<'_>) -> Day {
    let time = jiff::Timestamp::from_second(commit.time().seconds()).unwrap_or_default();
    time.to_zoned(jiff::tz::TimeZone::UTC).date().into()
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
