//! The objects of a git repository.

use std::sync::{Mutex, PoisonError};

use git2::{ObjectType, Oid};

use super::obstacle::{MAX_FILE_BYTES, not_fetched, too_large};
use crate::diagnostics::{Code, Place, Problem};

/// The objects of a repository. libgit2 serves one thread at a time, and never fetches anything.
pub(super) struct Store {
    repository: Mutex<git2::Repository>,
    /// The remote that a partial clone left objects at; none for a clone that has them all.
    promisor: Option<String>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    pub(super) fn new(repository: git2::Repository) -> Self {
        let promisor = promisor(&repository);
        Store { repository: Mutex::new(repository), promisor }
    }

    /// The remote that holds what a partial clone left out; none for a clone that has everything.
    pub(super) fn promisor(&self) -> Option<&str> {
        self.promisor.as_deref()
    }

    pub(super) fn with<T>(&self, work: impl FnOnce(&git2::Repository) -> T) -> T {
        work(&self.repository.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The bytes of a blob; `limited` refuses one that is larger than any file may be.
    pub(super) fn read(&self, path: &str, oid: Oid, limited: bool) -> Result<Vec<u8>, Box<Problem>> {
        self.with(|repository| {
            let lost = |_| match &self.promisor {
                Some(remote) => not_fetched(path, remote),
                None => Box::new(Problem::new(
                    Code::Unreadable,
                    Place::file(path),
                    "cannot be read: the repository does not hold its bytes",
                    "`git fsck` names what is missing; `git fetch --refetch` brings it from the remote again",
                )),
            };
            let odb = repository.odb().map_err(lost)?;
            if limited && !is_small(repository, oid) {
                let (bytes, _) = odb.read_header(oid).map_err(lost)?;
                if bytes as u64 > MAX_FILE_BYTES {
                    return Err(too_large(path, bytes as u64));
                }
            }
            let object = odb.read(oid).map_err(lost)?;
            if object.kind() != ObjectType::Blob {
                return Err(lost(git2::Error::from_str("no blob")));
            }
            let bytes = object.data();
            if limited && bytes.len() as u64 > MAX_FILE_BYTES {
                return Err(too_large(path, bytes.len() as u64));
            }
            Ok(bytes.to_vec())
        })
    }
}

/// Whether an object has a file of its own that is too small for more than any file may be: bytes shrink to
/// a thousandth at most. Asking for its size would open it twice.
fn is_small(repository: &git2::Repository, oid: Oid) -> bool {
    let name = oid.to_string();
    let file = repository.commondir().join("objects").join(&name[..2]).join(&name[2..]);
    file.metadata().is_ok_and(|file| file.len() <= MAX_FILE_BYTES / 1100)
}

/// The remote that promises objects, as `git clone --filter` notes it in the configuration of a repository.
fn promisor(repository: &git2::Repository) -> Option<String> {
    let config = repository.config().ok()?.snapshot().ok()?;
    let mut entries = config.entries(Some("^remote\\..*\\.promisor$")).ok()?;
    while let Some(Ok(entry)) = entries.next() {
        let name = String::from_utf8_lossy(entry.name_bytes()).into_owned();
        if config.get_bool(&name).unwrap_or_default() {
            let remote = name.strip_prefix("remote.").and_then(|rest| rest.strip_suffix(".promisor"));
            return remote.map(str::to_owned);
        }
    }
    config.get_string("extensions.partialclone").ok()
}
