//! What git says of the files on disk: where they differ from `HEAD`, which it tracks, which it left out.
//!
//! A *sparse* checkout leaves out files that `HEAD` has: git marks them in its index (skip-worktree).

use std::path::Path;

use git2::{IndexEntry, IndexEntryExtendedFlag, IndexEntryFlag, Oid};

use super::error::GitError;
use super::file::Listing;
use super::git::{Commit, LINK, Repository, SUBMODULE};

/// What git says of the work tree below the audited folder. Paths are relative to it and ordered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct WorkTree {
    /// Where it differs from `HEAD`; a path ends in `/` for a whole folder.
    pub changed: Vec<String>,
    /// Files that the index has.
    pub tracked: Vec<String>,
    /// Where the index has another repository, a submodule.
    pub submodules: Vec<String>,
    /// Files that the index has and that a sparse checkout may leave out of the work tree.
    pub skipped: Vec<String>,
}

impl WorkTree {
    /// Whether git tracks a file, or one in a folder; what stands in a submodule is the submodule's to track.
    pub(crate) fn has_tracked(&self, path: &str, is_folder: bool) -> bool {
        let below = format!("{path}/");
        let first = self.tracked.partition_point(|tracked| *tracked < below);
        let is_within =
            |of: &String| path.strip_prefix(of.as_str()).is_some_and(|rest| rest.starts_with('/'));
        self.tracked.binary_search_by(|tracked| tracked.as_str().cmp(path)).is_ok()
            || is_folder && self.tracked.get(first).is_some_and(|tracked| tracked.starts_with(&below))
            || self.submodules.iter().any(is_within)
    }
}

impl Repository {
    /// What git says of the work tree.
    pub(crate) fn work_tree(&self) -> Result<WorkTree, GitError> {
        self.store.with(|repository| {
            let broken = |error: git2::Error| GitError::Broken { why: error.message().to_owned() };
            let sparse = || is_sparse(repository);
            let index = repository.index().map_err(|error| match sparse() {
                true => GitError::SparseIndex,
                false => broken(error),
            })?;
            let mut found = WorkTree::default();
            for entry in index.iter() {
                let path = String::from_utf8_lossy(&entry.path);
                let Some(path) = self.inside(&path) else { continue };
                found.tracked.push(path.to_owned());
                if entry.mode == SUBMODULE as u32 {
                    found.submodules.push(path.to_owned());
                }
                if !is_looked_at(&entry) && self.differs(repository, &entry) {
                    found.changed.push(path.to_owned());
                }
                let skipped = entry.flags_extended & IndexEntryExtendedFlag::SKIP_WORKTREE.bits() != 0;
                if skipped && entry.mode != SUBMODULE as u32 && entry.mode != LINK as u32 {
                    found.skipped.push(path.to_owned());
                }
            }
            let mut options = git2::StatusOptions::new();
            options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(false);
            options.update_index(false).disable_pathspec_match(true);
            if !self.folder().is_empty() {
                options.pathspec(self.folder());
            }
            for entry in repository.statuses(Some(&mut options)).map_err(broken)?.iter() {
                let path = String::from_utf8_lossy(entry.path_bytes());
                found.changed.extend(self.inside(&path).map(str::to_owned));
            }
            for list in [&mut found.changed, &mut found.tracked, &mut found.submodules, &mut found.skipped] {
                list.sort();
                list.dedup();
            }
            Ok(found)
        })
    }

    /// Files of a commit that are not on disk, for an index that cannot say which a sparse checkout leaves out.
    pub(crate) fn not_on_disk(&self, commit: &Commit, disk: &Listing) -> Vec<String> {
        let files = self.list(commit).map(|listing| listing.files).unwrap_or_default();
        files.into_iter().map(|file| file.path).filter(|path| disk.find(path).is_none()).collect()
    }

    /// Whether a file on disk has other bytes than the index says. `git status` does not look at some.
    fn differs(&self, repository: &git2::Repository, entry: &IndexEntry) -> bool {
        let path = String::from_utf8_lossy(&entry.path);
        let Some(file) = repository.workdir().map(|root| root.join(Path::new(&*path))) else { return false };
        let is_file = file.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
        is_file && Oid::hash_file(git2::ObjectType::Blob, &file).is_ok_and(|id| id != entry.id)
    }
}

/// Whether `git status` looks at the file of an entry.
fn is_looked_at(entry: &IndexEntry) -> bool {
    entry.flags_extended & IndexEntryExtendedFlag::SKIP_WORKTREE.bits() == 0
        && entry.flags & IndexEntryFlag::VALID.bits() == 0
}

fn is_sparse(repository: &git2::Repository) -> bool {
    let config = repository.config().and_then(|mut config| config.snapshot());
    config.and_then(|config| config.get_bool("core.sparseCheckout")).unwrap_or_default()
}
