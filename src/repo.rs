//! The audited repository: a sorted list of files with their bytes.
//!
//! A *repository* here is a folder, whether or not git knows it: as it stands on disk, or as a commit holds
//! it. Every file below it is in the list or is a problem; only `.git` folders are left out. Symbolic links are
//! not followed: what they point to is read where it stands, or is outside and not part of the audit.

mod error;
mod git;
mod worktree;

use crate::diagnostics::{Code, Place, Problem};

pub use error::GitError;
pub use git::{Commit, Difference, Head, Repository, submodule};
pub use worktree::{BlobId, File, Listing, list, read, stream};

/// Bytes of the largest file that is read.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// Whether bytes are not a file but the note that git LFS keeps in its place.
pub fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() < 1024 && bytes.starts_with(b"version https://git-lfs.github.com/spec/")
}

fn symbolic_link(path: String) -> Problem {
    Problem::new(
        Code::SymbolicLink,
        Place::file(path),
        "a symbolic link, which is not followed",
        "put the file itself here, or ignore the link in duly.yaml with a reason",
    )
}

fn too_large(path: &str, bytes: u64) -> Box<Problem> {
    Box::new(Problem::new(
        Code::FileTooLarge,
        Place::file(path),
        format!("{} MiB; files of at most {} MiB are read", bytes >> 20, MAX_FILE_BYTES >> 20),
        "split it into several files, or ignore it in duly.yaml with a reason",
    ))
}
