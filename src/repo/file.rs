//! Files and lists of them; and reading a file, wherever it is kept.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use super::obstacle::{MAX_FILE_BYTES, too_large, unreadable};
use super::store::Store;
use crate::diagnostics::Problem;

/// A file below the audited folder.
#[derive(Debug, Clone)]
pub struct File {
    /// Relative to the folder, `/` between its parts, invalid UTF-8 replaced.
    pub path: String,
    location: Location,
}

#[derive(Debug, Clone)]
enum Location {
    Disk { path: PathBuf, bytes: u64 },
    Blob { store: Arc<Store>, id: git2::Oid },
}

impl File {
    pub(super) fn on_disk(path: String, location: PathBuf, bytes: u64) -> Self {
        File { path, location: Location::Disk { path: location, bytes } }
    }

    pub(super) fn blob(path: String, store: Arc<Store>, id: git2::Oid) -> Self {
        File { path, location: Location::Blob { store, id } }
    }

    /// The name that git has for its bytes; none for a file on disk, which has to be read first.
    pub fn blob_id(&self) -> Option<BlobId> {
        match &self.location {
            Location::Blob { id, .. } => Some(BlobId(*id)),
            Location::Disk { .. } => None,
        }
    }

    /// The name that git has or would give to its bytes, for which a file on disk is read.
    pub fn hash(&self) -> Option<BlobId> {
        match &self.location {
            Location::Blob { id, .. } => Some(BlobId(*id)),
            Location::Disk { path, .. } => {
                git2::Oid::hash_file(git2::ObjectType::Blob, path).ok().map(BlobId)
            }
        }
    }
}

/// The name that git has for some bytes: equal names, equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobId(git2::Oid);

impl BlobId {
    /// The name that git would give to bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        git2::Oid::hash_object(git2::ObjectType::Blob, bytes).ok().map(BlobId)
    }
}

/// What a folder holds.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Ordered by path.
    pub files: Vec<File>,
    /// Ordered by place.
    pub problems: Vec<Problem>,
}

impl Listing {
    pub(super) fn sort(&mut self) {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.problems.sort();
    }

    /// The part below a folder, with paths relative to it.
    pub fn below(&self, folder: &str) -> Listing {
        let prefix = format!("{folder}/");
        let inside = |path: &str| path.strip_prefix(&prefix).map(str::to_owned);
        let files = self.files.iter().filter_map(|f| Some(File { path: inside(&f.path)?, ..f.clone() }));
        let problems = self.problems.iter().filter_map(|p| {
            let place = p.place.in_file(inside(&p.place.path)?);
            Some(Problem { place, ..p.clone() })
        });
        Listing { files: files.collect(), problems: problems.collect() }
    }

    pub fn find(&self, path: &str) -> Option<&File> {
        self.files.binary_search_by(|f| f.path.as_str().cmp(path)).ok().map(|i| &self.files[i])
    }
}

/// The bytes of a file, or the problem that kept them.
pub(crate) fn read(file: &File) -> Result<Vec<u8>, Box<Problem>> {
    let (location, size) = match &file.location {
        Location::Blob { store, id } => return store.read(&file.path, *id, true),
        Location::Disk { path, bytes } => (path, *bytes),
    };
    if size > MAX_FILE_BYTES {
        return Err(too_large(&file.path, size));
    }
    let opened = fs::File::open(location).map_err(|e| unreadable(&file.path, Some(&e)))?;
    let mut bytes = Vec::with_capacity(size as usize);
    // A file that grows while it is read is still bounded.
    let read = opened.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|e| unreadable(&file.path, Some(&e)))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(too_large(&file.path, bytes.len() as u64));
    }
    Ok(bytes)
}

/// Hands a file to `take` piece by piece, whatever its size: a document is identified, not understood.
pub(crate) fn stream(file: &File, mut take: impl FnMut(&[u8])) -> Result<(), Box<Problem>> {
    let location = match &file.location {
        Location::Blob { store, id } => {
            take(&store.read(&file.path, *id, false)?);
            return Ok(());
        }
        Location::Disk { path, .. } => path,
    };
    let mut opened = fs::File::open(location).map_err(|e| unreadable(&file.path, Some(&e)))?;
    let mut piece = vec![0; 1 << 16];
    loop {
        match opened.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(n) => take(&piece[..n]),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(unreadable(&file.path, Some(&e))),
        }
    }
}

/// Whether bytes are not a file but the note that git LFS keeps in its place.
pub(crate) fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() < 1024 && bytes.starts_with(b"version https://git-lfs.github.com/spec/")
}
