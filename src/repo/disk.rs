//! The files of a folder as it stands on disk, through walkdir.

use std::path::Path;

use walkdir::WalkDir;

use super::file::{File, Listing};
use super::obstacle::{symbolic_link, unreadable};
use crate::diagnostics::{Code, Place, Problem};

/// Lists every file below `root`. Nothing is opened.
pub(crate) fn list(root: &Path) -> Listing {
    list_without(root, |_, _| false)
}

/// The same without what `is_left_out` says, which is asked for each path and whether it is that of a folder.
pub(crate) fn list_without(root: &Path, mut is_left_out: impl FnMut(&str, bool) -> bool) -> Listing {
    let mut listing = Listing::default();
    let mut walk = WalkDir::new(root).follow_links(false).into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().map_or_else(|| ".".to_owned(), |p| relative(root, p));
                listing.problems.push(*unreadable(&path, error.io_error()));
                continue;
            }
        };
        let path = relative(root, entry.path());
        let is_folder = entry.file_type().is_dir();
        if entry.depth() > 0 && (entry.file_name() == ".git" || is_left_out(&path, is_folder)) {
            if is_folder {
                walk.skip_current_dir();
            }
            continue;
        }
        let kind = entry.file_type();
        if is_folder {
            continue;
        }
        if kind.is_symlink() {
            listing.problems.push(symbolic_link(path));
            continue;
        }
        if !kind.is_file() {
            listing.problems.push(Problem::new(
                Code::NotAFile,
                Place::file(path),
                "neither a file nor a folder (a pipe, socket or device), which is not opened",
                "remove it, or ignore it in duly.yaml with a reason",
            ));
            continue;
        }
        let bytes = entry.metadata().map_or(0, |m| m.len());
        listing.files.push(File::on_disk(path, entry.into_path(), bytes));
    }
    listing.sort();
    listing
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = path.components().map(|c| c.as_os_str().to_string_lossy()).collect();
    // The folder itself is named too.
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
