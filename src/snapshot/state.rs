//! The state that is audited: a folder as it stands on disk, or as a commit holds it.

use std::collections::HashMap;
use std::path::Path;

use crate::assessment::{Problem, Revision, RevisionKind};
use crate::diagnostics::{Code, Place};
use crate::repo::{self, Commit, FolderPlace, GitError, Head, LastChange, Listing, Repository};
use crate::text::escape;

use super::error::AuditError;
use super::left_out::LeftOut;

/// The files of one state, and what they are called.
#[derive(Clone)]
pub(crate) struct State {
    pub listing: Listing,
    pub revision: Revision,
    /// Files that belong to it and are not in the listing.
    pub left_out: LeftOut,
    /// Whether the commit does not have the audited folder, so that there is no file.
    pub is_folder_absent: bool,
    /// Whether files on disk differ from the commit, ignored ones aside; none where nothing can be said.
    is_changed: Option<bool>,
    /// Files of the listing that git ignores.
    listed_ignored: Vec<String>,
    /// The commit that it is, or that is checked out, with the repository that holds it.
    commit: Option<(Repository, Commit)>,
    /// Paths on disk that differ from that commit, ordered.
    changed: Vec<String>,
}

impl State {
    fn new(revision: Revision) -> Self {
        State {
            listing: Listing::default(),
            revision,
            left_out: LeftOut::default(),
            is_folder_absent: false,
            is_changed: None,
            listed_ignored: Vec::new(),
            commit: None,
            changed: Vec::new(),
        }
    }

    /// The files on disk; the commit is named where a repository holds the folder. What git ignores is left out
    /// unless `with_ignored`.
    pub(crate) fn of_folder(root: &Path, with_ignored: bool) -> Result<Self, AuditError> {
        check_root(root)?;
        let mut state = State::new(Revision::work_tree());
        match Repository::discover(root) {
            Ok(Some(repository)) => state.read_work_tree(root, &repository, with_ignored)?,
            Ok(None) => state.listing = repo::list(root),
            // The files can be read all the same, they only have no name.
            Err(error) => {
                state.listing = repo::list(root);
                state.add_unknown(&error, "the report does not name the commit");
            }
        }
        Ok(state)
    }

    fn read_work_tree(
        &mut self,
        root: &Path,
        repository: &Repository,
        with_ignored: bool,
    ) -> Result<(), GitError> {
        let path = || root.to_string_lossy().into_owned();
        match repository.place() {
            FolderPlace::InBare => return Err(GitError::Bare { path: path() }),
            FolderPlace::InGitFolder => return Err(GitError::GitFolder { path: path() }),
            FolderPlace::BesideBare { own } => {
                self.listing = repo::list_without(root, |path, _| own.as_deref() == Some(path));
                if self.listing.files.is_empty() {
                    return Err(GitError::Bare { path: path() });
                }
                self.add_unknown(
                    &GitError::NoWorkTree { path: path() },
                    "the report does not name the commit",
                );
                return Ok(());
            }
            FolderPlace::WorkTree => {}
        }
        let found = repository.work_tree();
        let mut rules = found.as_ref().ok().map(|tree| repository.ignored(tree));
        let mut ignored = Vec::new();
        self.listing = repo::list_without(root, |path, is_folder| {
            let is_ignored = rules.as_mut().is_some_and(|rules| rules.has(path, is_folder));
            if is_ignored {
                ignored.push(if is_folder { format!("{path}/") } else { path.to_owned() });
            }
            is_ignored && !with_ignored
        });
        self.add_reencoded();
        ignored.sort();
        *(if with_ignored { &mut self.listed_ignored } else { &mut self.left_out.ignored }) = ignored;
        let head = repository.head().map(|head| self.name_head(repository, head));
        match found {
            Ok(found) => {
                self.add_submodules(&found.submodules);
                let is_absent = |path: &&String| self.listing.find(path).is_none();
                self.left_out.sparse = found.skipped.iter().filter(is_absent).cloned().collect();
                let is_new = |path: &String| {
                    !found.has_tracked(path, false) && self.listed_ignored.binary_search(path).is_err()
                };
                let any_new = self.listing.files.iter().any(|file| is_new(&file.path));
                self.is_changed = Some(any_new || !found.changed.is_empty());
                let commit = head.as_ref().ok().cloned().flatten();
                self.commit = commit.map(|commit| (repository.clone(), commit));
                self.changed = found.changed;
            }
            Err(error) => {
                if let (GitError::SparseIndex, Ok(Some(commit))) = (&error, &head) {
                    self.left_out.sparse = repository.not_on_disk(commit, &self.listing);
                }
                self.add_unknown(&error, "files that git ignores were read too");
            }
        }
        if let Err(error) = head {
            self.add_unknown(&error, "the report does not name the commit");
        }
        Ok(())
    }

    /// Tells of attributes by which files on disk differ from the commit that is merged.
    fn add_reencoded(&mut self) {
        const ATTRIBUTE: &[u8] = b"working-tree-encoding=";
        let listing = &mut self.listing;
        let attributes = listing
            .files
            .iter()
            .filter(|file| file.path == ".gitattributes" || file.path.ends_with("/.gitattributes"));
        let has = |bytes: &[u8]| bytes.windows(ATTRIBUTE.len()).any(|part| part == ATTRIBUTE);
        let reencoding = attributes.filter(|file| repo::read(file).is_ok_and(|bytes| has(&bytes)));
        let problem = |file: &repo::File| {
            Problem::new(
                Code::ReencodedFiles,
                Place::file(&file.path),
                "re-encodes files at checkout: what is on disk is not what the commit holds",
                "take `working-tree-encoding` out and commit the files as UTF-8, or audit the commit with --rev HEAD",
            )
        };
        let problems: Vec<Problem> = reencoding.map(problem).collect();
        listing.problems.extend(problems);
    }

    /// Says what is not known of the work tree, and what follows.
    fn add_unknown(&mut self, error: &GitError, so: &str) {
        self.listing.problems.push(Problem::new(
            Code::CommitUnknown,
            Place::file("."),
            format!("{error}: {so}"),
            error.help(),
        ));
    }

    fn add_submodules(&mut self, submodules: &[String]) {
        let listing = &mut self.listing;
        for path in submodules {
            let prefix = format!("{path}/");
            let first = listing.files.partition_point(|f| f.path < prefix);
            if listing.files.get(first).is_some_and(|f| f.path.starts_with(&prefix)) {
                listing.problems.push(Problem::new(Code::SubmoduleFiles, Place::file(path), "the files of a submodule are read as they stand: a revision of this repository does not hold them", "with --rev they are not there; audit that repository by itself, or ignore them in duly.yaml"));
            } else {
                listing.problems.push(repo::submodule(path.clone()));
            }
        }
    }

    /// Names what is checked out.
    fn name_head(&mut self, repository: &Repository, head: Head) -> Option<Commit> {
        let revision = &mut self.revision;
        repository.folder().clone_into(&mut revision.folder);
        revision.branch = head.branch.as_deref().map(|b| escape(b).into_owned());
        revision.commit = head.commit.as_ref().map(|commit| commit.id.clone());
        revision.committed_on = head.commit.as_ref().map(|commit| commit.committed_on);
        head.commit
    }

    /// The files of a commit.
    pub(crate) fn of_commit(repository: &Repository, commit: &Commit) -> Result<Self, AuditError> {
        let listing = repository.list(commit)?;
        Ok(State { listing, ..State::at(repository, commit) })
    }

    /// The files of a commit, of which there are none where it does not have the audited folder.
    pub(crate) fn of_base(repository: &Repository, commit: &Commit) -> Result<Self, AuditError> {
        match repository.list(commit) {
            Ok(listing) => Ok(State { listing, ..State::at(repository, commit) }),
            Err(GitError::NoFolder { .. }) => {
                Ok(State { is_folder_absent: true, ..State::at(repository, commit) })
            }
            Err(error) => Err(error.into()),
        }
    }

    fn at(repository: &Repository, commit: &Commit) -> Self {
        let revision = Revision {
            kind: RevisionKind::Commit,
            name: escape(&commit.name).into_owned(),
            commit: Some(commit.id.clone()),
            committed_on: Some(commit.committed_on),
            branch: commit.branch.as_deref().map(|b| escape(b).into_owned()),
            dirty: None,
            folder: repository.folder().to_owned(),
        };
        State { commit: Some((repository.clone(), commit.clone())), ..State::new(revision) }
    }

    /// The last commit that changed each of these files; none where no commit is known.
    pub(crate) fn last_changes(&self, paths: &[&str]) -> Option<Vec<LastChange>> {
        let (repository, commit) = self.commit.as_ref()?;
        Some(repository.last_changes(commit, paths))
    }

    /// Whether a file on disk has other bytes than the commit that is checked out.
    pub(crate) fn is_changed(&self, path: &str) -> bool {
        self.changed.binary_search_by(|changed| changed.as_str().cmp(path)).is_ok()
    }

    /// Whether the files are on disk.
    pub(crate) fn is_work_tree(&self) -> bool {
        self.revision.kind == RevisionKind::WorkTree
    }

    /// Names the revision, now that it is known which files were read. A file that git ignores makes a
    /// difference when the audit read it.
    pub(crate) fn named(&self, digests: &HashMap<String, String>) -> Revision {
        let dirty = self.is_changed.filter(|_| self.revision.commit.is_some());
        let dirty =
            dirty.map(|changed| changed || self.listed_ignored.iter().any(|p| digests.contains_key(p)));
        Revision { dirty, ..self.revision.clone() }
    }
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
