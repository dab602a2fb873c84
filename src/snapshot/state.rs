//! The state that is audited: a folder as it stands on disk, or as a commit holds it.

use std::collections::HashMap;
use std::path::Path;

use crate::assessment::{Problem, Revision, RevisionKind};
use crate::diagnostics::{Code, Place};
use crate::repo::{self, Commit, Difference, GitError, Listing, Repository};
use crate::text::escape;

use super::error::AuditError;

/// The files of one state, and what they are called.
pub(crate) struct State {
    pub listing: Listing,
    pub revision: Revision,
    /// Where files of the work tree differ from the commit; none where nothing can be said.
    differences: Option<Vec<Difference>>,
}

impl State {
    /// The files on disk; the commit is named where a repository holds the folder.
    pub(crate) fn of_folder(root: &Path) -> Result<Self, AuditError> {
        check_root(root)?;
        let mut listing = repo::list(root);
        let mut revision = Revision::work_tree();
        let mut differences = None;
        match describe(root, &mut listing, &mut revision) {
            Ok(found) => differences = found,
            // The files can be read all the same, they only have no name.
            Err(error @ GitError::Bare { .. }) => return Err(error.into()),
            Err(error) => listing.problems.push(Problem::new(
                Code::CommitUnknown,
                Place::file("."),
                format!("{error}: the report does not name the commit"),
                error.help(),
            )),
        }
        Ok(State { listing, revision, differences })
    }

    /// The files of a commit.
    pub(crate) fn of_commit(repository: &Repository, commit: &Commit) -> Result<Self, AuditError> {
        let listing = repository.list(commit)?;
        let revision = Revision {
            kind: RevisionKind::Commit,
            name: escape(&commit.name).into_owned(),
            commit: Some(commit.id.clone()),
            committed_on: Some(commit.committed_on),
            branch: commit.branch.as_deref().map(|b| escape(b).into_owned()),
            dirty: None,
            folder: repository.folder().to_owned(),
        };
        Ok(State { listing, revision, differences: None })
    }

    /// Whether the files are on disk.
    pub(crate) fn is_work_tree(&self) -> bool {
        self.revision.kind == RevisionKind::WorkTree
    }

    /// Names the revision, now that it is known which files were read. A file that git ignores makes a
    /// difference when the audit read it.
    pub(crate) fn named(&self, digests: &HashMap<String, String>) -> Revision {
        let counts = |difference: &Difference| {
            !difference.ignored
                || digests.contains_key(&difference.path)
                || difference.path.ends_with('/')
                    && digests.keys().any(|path| path.starts_with(&difference.path))
        };
        let dirty = self.differences.as_ref().map(|all| all.iter().any(counts));
        Revision { dirty, ..self.revision.clone() }
    }
}

fn describe(
    root: &Path,
    listing: &mut Listing,
    revision: &mut Revision,
) -> Result<Option<Vec<Difference>>, GitError> {
    let Some(repository) = Repository::discover(root)? else {
        return Ok(None);
    };
    if repository.is_bare() {
        return Err(GitError::Bare { path: root.to_string_lossy().into_owned() });
    }
    for path in repository.submodules() {
        let prefix = format!("{path}/");
        let first = listing.files.partition_point(|f| f.path < prefix);
        if listing.files.get(first).is_some_and(|f| f.path.starts_with(&prefix)) {
            listing.problems.push(Problem::new(Code::SubmoduleFiles, Place::file(path), "the files of a submodule are read as they stand: a revision of this repository does not hold them", "with --rev they are not there; audit that repository by itself, or ignore them in duly.yaml"));
        } else {
            listing.problems.push(repo::submodule(path));
        }
    }
    let head = repository.head()?;
    revision.folder = repository.folder().to_owned();
    revision.branch = head.branch.as_deref().map(|b| escape(b).into_owned());
    let Some(commit) = head.commit else {
        return Ok(None);
    };
    revision.commit = Some(commit.id);
    revision.committed_on = Some(commit.committed_on);
    Ok(Some(repository.differences()?))
}

fn check_root(root: &Path) -> Result<(), AuditError> {
    let error = |why| AuditError::Path { path: escape(&root.to_string_lossy()).into_owned(), why };
    match std::fs::metadata(root) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(error("not a folder: name the folder of the repository")),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(error("there is no such folder")),
        Err(_) => Err(error("cannot be opened")),
    }
}
