//! What keeps a file from being read, and the limit on its size.

use crate::diagnostics::{Code, Place, Problem};
use crate::text::escape;

/// Bytes of the largest file that is read.
pub(crate) const MAX_FILE_BYTES: u64 = 64 << 20;

/// The problem of a link.
pub(super) fn symbolic_link(path: String) -> Problem {
    Problem::new(
        Code::SymbolicLink,
        Place::file(path),
        "a symbolic link, which is not followed",
        "put the file itself here, or ignore the link in duly.yaml with a reason",
    )
}

/// The problem of a file that is too large to be read.
pub(super) fn too_large(path: &str, bytes: u64) -> Box<Problem> {
    Box::new(Problem::new(
        Code::FileTooLarge,
        Place::file(path),
        format!("{} MiB; files of at most {} MiB are read", bytes >> 20, MAX_FILE_BYTES >> 20),
        "split it into several files, or ignore it in duly.yaml with a reason",
    ))
}

/// The problem of another repository that stands below the audited folder.
pub(crate) fn submodule(path: String) -> Problem {
    Problem::new(
        Code::Submodule,
        Place::file(path),
        "a submodule, whose files are in another repository: nothing below it was read",
        "audit that repository by itself and ignore the submodule in duly.yaml with a reason; in a work tree, \
         `git submodule update --init` brings its files",
    )
}

/// The problem of a file or folder of a commit that a partial clone left at its remote.
pub(super) fn not_fetched(path: &str, remote: &str) -> Box<Problem> {
    Box::new(Problem::new(
        Code::NotFetched,
        Place::file(path),
        "cannot be read: this partial clone does not hold it",
        fetch_it(remote),
    ))
}

/// How to bring what a partial clone left at its remote. `--refetch` alone keeps the filter of the clone.
pub(super) fn fetch_it(remote: &str) -> String {
    let remote = if remote == "origin" { String::new() } else { format!(" {}", escape(remote)) };
    format!("fetch it: git fetch --refetch --no-filter --tags{remote}")
}

/// The problem of a file or folder that the file system does not give.
pub(super) fn unreadable(path: &str, error: Option<&std::io::Error>) -> Box<Problem> {
    use std::io::ErrorKind;
    let (why, help) = match error.map(std::io::Error::kind) {
        Some(ErrorKind::PermissionDenied) => {
            ("permission denied", "let the auditing user read it, or ignore it in duly.yaml with a reason")
        }
        Some(ErrorKind::NotFound) => ("it vanished while the audit ran", "run the audit again"),
        _ => ("the file system gave an error", "check the disk, then run the audit again"),
    };
    let message = format!("cannot be read: {why}");
    Box::new(Problem::new(Code::Unreadable, Place::file(path), message, help))
}
