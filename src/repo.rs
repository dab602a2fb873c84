//! The audited repository: a sorted list of files with their bytes.
//!
//! A *repository* here is a folder, whether or not git knows it: as it stands on disk, or as a commit holds
//! it. Every file below it is in the list or is a problem; only `.git` folders, and what the caller names, are left
//! out. Symbolic links are not followed: what they point to is read where it stands, or is outside and not part of
//! the audit.

mod disk;
mod error;
mod file;
mod git;
mod ignored;
mod obstacle;
mod store;
mod touched;
mod worktree;

pub(crate) use disk::{list, list_without};
pub(crate) use error::GitError;
pub(crate) use file::{BlobId, File, Listing, is_lfs_pointer, read, stream};
pub(crate) use git::{Commit, FolderPlace, Head, Repository};
pub(crate) use ignored::is_kept;
pub(crate) use obstacle::submodule;
pub(crate) use touched::LastChange;
