//! The audited repository: a sorted list of files with their bytes.
//!
//! A *repository* here is a folder, whether or not git knows it. Every file below it is in the list or
//! is a problem; only `.git` folders are left out. Symbolic links are not followed: what they point to
//! is read where it stands, or is outside and not part of the audit.

mod worktree;

pub use worktree::{File, Listing, list, read, stream};
