//! Files read once: what became of each, and what is known of the same bytes from another state.
//!
//! States of one repository have most files in common. A *pool* holds what was read, by the name that git has for
//! the bytes and by how they were read, so that no bytes are read or parsed twice.

use std::collections::HashMap;
use std::sync::Arc;

use super::assign::Assignment;
use crate::assessment::FileUse;
use crate::diagnostics::{Code, Place, Problem};
use crate::readers::{Format, Reader};
use crate::records::{Admitted, Catalog, KindDefinition, says_nothing};
use crate::repo::{self, BlobId, File};
use crate::text::digest::{self, Digest};

/// What a file of records holds.
pub(super) struct Parsed {
    pub sha256: String,
    pub admitted: Admitted,
}

/// What became of a file.
#[derive(Clone)]
pub(super) enum FileOutcome {
    Records(Arc<Parsed>),
    /// It was identified, not understood: its SHA-256.
    Digest(String),
    Failed(Problem),
    NotRead,
}

/// How bytes were read.
type ReadAs = (BlobId, Reader, Format);

/// What was read of other states.
#[derive(Default)]
pub(crate) struct Pool {
    /// The kinds that records were read as; nothing is shared with a state that has others.
    pub(super) catalog: Option<Arc<Catalog>>,
    parsed: HashMap<ReadAs, Arc<Parsed>>,
    digests: HashMap<BlobId, String>,
}

impl Pool {
    /// Whether a state with these kinds can use what is in the pool.
    pub(super) fn is_usable(&self, catalog: &Catalog) -> bool {
        self.catalog.as_ref().is_none_or(|own| Pool::are_alike(own, catalog))
    }

    /// Whether records are the same by both.
    pub(crate) fn are_alike(one: &Catalog, other: &Catalog) -> bool {
        let alike = |a: &KindDefinition, b: &KindDefinition| a.name == b.name && a.schema == b.schema;
        one.iter().count() == other.iter().count()
            && one.iter().zip(other.iter()).all(|((_, a), (_, b))| alike(a, b))
            && one.defaults() == other.defaults()
    }

    fn find(&self, id: BlobId, path: &str, assignment: Assignment) -> Option<FileOutcome> {
        match assignment.reader {
            Some(reader) => {
                let parsed = self.parsed.get(&(id, reader, reader.format(path)))?;
                Some(FileOutcome::Records(Arc::clone(parsed)))
            }
            None => self.digests.get(&id).cloned().map(FileOutcome::Digest),
        }
    }

    /// Keeps what became of bytes.
    pub(super) fn keep(&mut self, id: BlobId, path: &str, assignment: Assignment, outcome: &FileOutcome) {
        match (outcome, assignment.reader) {
            (FileOutcome::Records(parsed), Some(reader)) => {
                self.digests.insert(id, parsed.sha256.clone());
                self.parsed.insert((id, reader, reader.format(path)), Arc::clone(parsed));
            }
            (FileOutcome::Digest(sha256), _) => self.keep_digest(id, sha256.clone()),
            _ => {}
        }
    }

    pub(super) fn keep_digest(&mut self, id: BlobId, sha256: String) {
        self.digests.insert(id, sha256);
    }

    /// Reads a file as it is assigned, unless it is known; with the name of its bytes where that is new and
    /// `naming` asks for it.
    pub(super) fn read(
        &self,
        file: &File,
        assignment: Assignment,
        catalog: &Catalog,
        naming: bool,
    ) -> (FileOutcome, Option<BlobId>) {
        if matches!(assignment.used_as, FileUse::Ignored | FileUse::Unclaimed) {
            return (FileOutcome::NotRead, None);
        }
        let known = file.blob_id();
        if let Some(shared) = known.and_then(|id| self.find(id, &file.path, assignment)) {
            return (shared, None);
        }
        let bytes = match read_bytes(file) {
            Ok(bytes) => bytes,
            Err(problem) => return (FileOutcome::Failed(*problem), None),
        };
        let id = if naming { known.or_else(|| BlobId::of(&bytes)) } else { None };
        if known.is_none()
            && let Some(shared) = id.and_then(|id| self.find(id, &file.path, assignment))
        {
            return (shared, None);
        }
        let Some(reader) = assignment.reader else {
            let mut document = DocumentDigest::default();
            document.add(&bytes);
            return (FileOutcome::Digest(document.hex()), id);
        };
        let sha256 = digest::of(&bytes);
        let admitted = reader.read(&file.path, bytes, catalog);
        (FileOutcome::Records(Arc::new(Parsed { sha256, admitted })), id)
    }

    /// The digest of a document, whatever its size; with the name of its bytes where that is new and wanted.
    pub(super) fn document(
        &self,
        file: &File,
        naming: bool,
    ) -> Result<(String, Option<BlobId>), Box<Problem>> {
        let known = file.blob_id();
        if let Some(sha256) = known.and_then(|id| self.digests.get(&id)) {
            return Ok((sha256.clone(), None));
        }
        let mut digest = DocumentDigest::default();
        let (mut bytes, mut pointer) = (0, false);
        repo::stream(file, |piece| {
            pointer = bytes == 0 && repo::is_lfs_pointer(piece);
            bytes += piece.len();
            digest.add(piece);
        })?;
        if pointer {
            return Err(lfs_pointer(&file.path));
        }
        let id = if naming { known.or_else(|| file.hash()) } else { None };
        Ok((digest.hex(), id))
    }
}

/// The digest of a document. One that says nothing, blank or with no more than a placeholder, has that of no bytes.
#[derive(Default)]
struct DocumentDigest {
    digest: Digest,
    /// The bytes, as long as they can be no more than a placeholder.
    start: Vec<u8>,
    /// Whether there was a byte that is neither a blank nor a control character.
    has_text: bool,
}

/// Bytes of a document from which on it is more than a placeholder.
const SHORTEST_TEXT: usize = 64;

impl DocumentDigest {
    fn add(&mut self, piece: &[u8]) {
        self.digest.add(piece);
        self.has_text =
            self.has_text || piece.iter().any(|b| !b.is_ascii_whitespace() && !b.is_ascii_control());
        if self.start.len() < SHORTEST_TEXT {
            self.start.extend(piece.iter().take(SHORTEST_TEXT));
        }
    }

    fn hex(self) -> String {
        let is_short = self.start.len() < SHORTEST_TEXT;
        let says_nothing = !self.has_text
            || (is_short
                && std::str::from_utf8(&self.start)
                    .is_ok_and(|text| says_nothing(text.trim_matches('\u{feff}'))));
        if says_nothing { digest::OF_NOTHING.to_owned() } else { self.digest.hex() }
    }
}

/// The bytes of a file that is one.
fn read_bytes(file: &File) -> Result<Vec<u8>, Box<Problem>> {
    let bytes = repo::read(file)?;
    if repo::is_lfs_pointer(&bytes) { Err(lfs_pointer(&file.path)) } else { Ok(bytes) }
}

fn lfs_pointer(path: &str) -> Box<Problem> {
    Box::new(Problem::new(
        Code::LfsPointer,
        Place::file(path),
        "is not the file but a pointer of git LFS: what it stands for was not read",
        "in a work tree, `git lfs pull` brings it; a revision never holds it, so audit the work tree, or ignore it \
         in duly.yaml with a reason",
    ))
}
