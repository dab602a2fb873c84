//! Files of a folder, through walkdir.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::text::{Impact, LIMITS, Place, Problem};

/// A file below the audited folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Relative to the folder, `/` between its parts, invalid UTF-8 replaced.
    pub path: String,
    pub bytes: u64,
    location: PathBuf,
}

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Listing {
    /// Ordered by path.
    pub files: Vec<File>,
    /// Ordered by place.
    pub problems: Vec<Problem>,
}

/// Lists every file below `root`. Nothing is opened.
pub fn list(root: &Path) -> Listing {
    let mut listing = Listing::default();
    let walk = WalkDir::new(root).follow_links(false).into_iter();
    let walk = walk.filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git");
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().map_or_else(String::new, |p| relative(root, p));
                listing.problems.push(*unreadable(&path, error.io_error()));
                continue;
            }
        };
        let path = relative(root, entry.path());
        let kind = entry.file_type();
        if kind.is_dir() {
            continue;
        }
        if kind.is_symlink() {
            listing.problems.push(Problem::new(
                Place::file(path),
                "symbolic-link",
                Impact::Notice,
                "a symbolic link, which is not followed",
                "put the file itself here, or ignore the link in duly.yaml with a reason",
            ));
            continue;
        }
        if !kind.is_file() {
            listing.problems.push(Problem::new(
                Place::file(path),
                "not-a-file",
                Impact::Notice,
                "neither a file nor a folder (a pipe, socket or device), which is not opened",
                "remove it, or ignore it in duly.yaml with a reason",
            ));
            continue;
        }
        let bytes = entry.metadata().map_or(0, |m| m.len());
        listing.files.push(File { path, bytes, location: entry.into_path() });
    }
    listing.files.sort_by(|a, b| a.path.cmp(&b.path));
    listing.problems.sort();
    listing
}

/// The bytes of a file, or the problem that kept them.
pub fn read(file: &File) -> Result<Vec<u8>, Box<Problem>> {
    let too_large = |bytes: u64| {
        Box::new(Problem::new(
            Place::file(&file.path),
            "file-too-large",
            Impact::Incomplete,
            format!("{} MiB; files of at most {} MiB are read", bytes >> 20, LIMITS.file_bytes >> 20),
            "split it into several files, or ignore it in duly.yaml with a reason",
        ))
    };
    if file.bytes > LIMITS.file_bytes {
        return Err(too_large(file.bytes));
    }
    let opened = fs::File::open(&file.location).map_err(|e| unreadable(&file.path, Some(&e)))?;
    let mut bytes = Vec::with_capacity(file.bytes as usize);
    // A file that grows while it is read is still bounded.
    let read = opened.take(LIMITS.file_bytes + 1).read_to_end(&mut bytes);
    read.map_err(|e| unreadable(&file.path, Some(&e)))?;
    if bytes.len() as u64 > LIMITS.file_bytes {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

/// Hands a file to `take` piece by piece, whatever its size: a document is identified, not understood.
pub fn stream(file: &File, mut take: impl FnMut(&[u8])) -> Result<(), Box<Problem>> {
    let mut opened = fs::File::open(&file.location).map_err(|e| unreadable(&file.path, Some(&e)))?;
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

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = path.components().map(|c| c.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

fn unreadable(path: &str, error: Option<&std::io::Error>) -> Box<Problem> {
    use std::io::ErrorKind;
    let (why, help) = match error.map(std::io::Error::kind) {
        Some(ErrorKind::PermissionDenied) => {
            ("permission denied", "let the auditing user read it, or ignore it in duly.yaml with a reason")
        }
        Some(ErrorKind::NotFound) => ("it vanished while the audit ran", "run the audit again"),
        _ => ("the file system gave an error", "check the disk, then run the audit again"),
    };
    let message = format!("cannot be read: {why}");
    Box::new(Problem::new(Place::file(path), "unreadable", Impact::Incomplete, message, help))
}
