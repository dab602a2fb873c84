//! Repositories with a history, written with git2: no `git` program, no clock, no configuration of the user.

use std::path::Path;

use git2::{Oid, RepositoryInitOptions, Signature, Time};

use super::support::Repo;

/// Seconds of 2026-01-01T12:00:00Z.
const NEW_YEAR: i64 = 1_767_268_800;

/// A folder with its repository.
pub(crate) struct History {
    pub repo: Repo,
    pub git: git2::Repository,
}

impl History {
    /// A repository on the branch `main`, without a commit.
    pub(crate) fn new() -> Self {
        let repo = Repo::new();
        let git = init(repo.root());
        History { repo, git }
    }

    /// A repository with these files in its first commit.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let history = History::new();
        for (path, text) in files {
            history.repo.write(path, text);
        }
        history.commit("first", 0);
        history
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> &Self {
        self.repo.write(path, text);
        self
    }

    pub(crate) fn remove(&self, path: &str) -> &Self {
        self.repo.remove(path);
        self
    }

    pub(crate) fn rename(&self, from: &str, to: &str) -> &Self {
        let bytes = std::fs::read(self.repo.path(from)).expect("the file is there");
        self.remove(from);
        self.repo.write(to, bytes);
        self
    }

    /// Commits everything in the folder, `day` days after the first of January 2026.
    pub(crate) fn commit(&self, message: &str, day: i64) -> Oid {
        commit(&self.git, message, day)
    }

    pub(crate) fn branch(&self, name: &str, at: Oid) {
        let at = self.git.find_commit(at).expect("a commit");
        self.git.branch(name, &at, true).expect("a branch");
    }

    pub(crate) fn tag(&self, name: &str, at: Oid) {
        let at = self.git.find_object(at, None).expect("a commit");
        self.git.tag_lightweight(name, &at, true).expect("a tag");
    }

    /// Checks out a branch, whatever is in the folder.
    pub(crate) fn checkout(&self, branch: &str) {
        self.git.set_head(&format!("refs/heads/{branch}")).expect("a branch");
        let mut all = git2::build::CheckoutBuilder::new();
        self.git.checkout_head(Some(all.force().remove_untracked(true))).expect("a checkout");
    }

    /// Commits what is in the folder with two parents.
    pub(crate) fn merge(&self, other: Oid, message: &str, day: i64) -> Oid {
        write_commit(&self.git, message, day, &[other])
    }
}

pub(crate) fn init(folder: &Path) -> git2::Repository {
    let mut options = RepositoryInitOptions::new();
    options.initial_head("main").external_template(false);
    git2::Repository::init_opts(folder, &options).expect("a repository")
}

/// Commits everything in the work tree of a repository.
pub(crate) fn commit(git: &git2::Repository, message: &str, day: i64) -> Oid {
    write_commit(git, message, day, &[])
}

fn write_commit(git: &git2::Repository, message: &str, day: i64, others: &[Oid]) -> Oid {
    let mut index = git.index().expect("an index");
    index.add_all(["*"], git2::IndexAddOption::FORCE, None).expect("files");
    index.update_all(["*"], None).expect("files");
    index.write().expect("an index");
    let tree = index.write_tree().expect("a tree");
    write_tree(git, tree, message, day, others)
}

/// Commits a tree on top of `HEAD`.
pub(crate) fn write_tree(git: &git2::Repository, tree: Oid, message: &str, day: i64, others: &[Oid]) -> Oid {
    let when = Time::new(NEW_YEAR + day * 86_400, 0);
    let somebody = Signature::new("Somebody", "somebody@example.org", &when).expect("a name");
    let tree = git.find_tree(tree).expect("a tree");
    let first = git.head().ok().and_then(|head| head.peel_to_commit().ok());
    let others: Vec<_> = others.iter().map(|oid| git.find_commit(*oid).expect("a commit")).collect();
    let parents: Vec<_> = first.iter().chain(&others).collect();
    git.commit(Some("HEAD"), &somebody, &somebody, message, &tree, &parents).expect("a commit")
}
