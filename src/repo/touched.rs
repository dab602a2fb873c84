//! The last commit that changed each of some files: one walk over the history for all of them.
//!
//! It says what `git log -1 -- FILE` says: where a merge has a file as one of its parents has it, the walk follows that
//! parent. A walk looks at a bounded number of commits, fetches nothing, and never takes the edge of a shallow clone
//! for the commit that brought a file.

use std::collections::BTreeMap;

use git2::Oid;

use super::git::{Commit, Repository, day_of};
use crate::text::Day;

/// Commits that one walk looks at.
const MOST_COMMITS: usize = 10_000;

/// What is known of the last commit that changed a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LastChange {
    /// Its full id, and its day in UTC.
    Commit { id: String, committed_on: Day },
    /// The commit that the walk starts from does not have the file.
    NotCommitted,
    /// The history that is here ends before: a shallow clone.
    Shallow,
    /// It is older than the commits that a walk looks at.
    TooOld,
    /// A partial clone does not hold the folders of an older commit.
    NotFetched,
}

/// A path below the root of the repository that is still followed.
struct Followed<'p> {
    index: usize,
    path: &'p str,
}

impl Repository {
    /// The last change of each file up to a commit; paths are relative to the audited folder, and can be in any order.
    pub(crate) fn last_changes(&self, from: &Commit, paths: &[&str]) -> Vec<LastChange> {
        self.last_changes_within(from, paths, MOST_COMMITS)
    }

    fn last_changes_within(&self, from: &Commit, paths: &[&str], most: usize) -> Vec<LastChange> {
        let prefix = if self.folder().is_empty() { String::new() } else { format!("{}/", self.folder()) };
        let full: Vec<String> = paths.iter().map(|path| format!("{prefix}{path}")).collect();
        let mut order: Vec<usize> = (0..paths.len()).collect();
        // Paths of one folder stand together.
        order.sort_by(|a, b| full[*a].split('/').cmp(full[*b].split('/')));
        let mut found = vec![LastChange::NotCommitted; paths.len()];
        self.store.with(|repository| {
            let Ok(start) = repository.find_commit(from.oid()) else { return };
            let Ok(tree) = start.tree() else { return };
            let kept = order.into_iter().filter(|i| is_in(repository, &tree, &full[*i])).collect();
            let mut waiting: BTreeMap<(i64, Oid), Vec<usize>> = BTreeMap::new();
            waiting.insert((start.time().seconds(), start.id()), kept);
            for _ in 0..most {
                let Some(((_, id), mut indexes)) = waiting.pop_last() else { return };
                indexes.sort_by(|a, b| full[*a].split('/').cmp(full[*b].split('/')));
                let mut walk = Walk { repository, full: &full, found: &mut found, waiting: &mut waiting };
                walk.visit(id, indexes);
            }
            for index in waiting.into_values().flatten() {
                found[index] = LastChange::TooOld;
            }
        });
        found
    }
}

struct Walk<'w> {
    repository: &'w git2::Repository,
    full: &'w [String],
    found: &'w mut [LastChange],
    /// Files to follow at each commit, the latest commit last.
    waiting: &'w mut BTreeMap<(i64, Oid), Vec<usize>>,
}

impl Walk<'_> {
    /// Says of the files that a commit changed that it did, and follows the others to a parent.
    fn visit(&mut self, id: Oid, mut rest: Vec<usize>) {
        let Ok(commit) = self.repository.find_commit(id) else {
            return self.say(&rest, &self.beyond());
        };
        if commit.parent_count() == 0 && names_a_parent(commit.raw_header_bytes()) {
            return self.say(&rest, &LastChange::Shallow);
        }
        for parent in 0..commit.parent_count() {
            if rest.is_empty() {
                return;
            }
            let parent = commit.parent(parent).and_then(|parent| Ok((parent.tree()?, parent)));
            let (Ok(tree), Ok((other, parent))) = (commit.tree(), parent) else {
                return self.say(&rest, &self.beyond());
            };
            let followed = rest.iter().map(|i| Followed { index: *i, path: &self.full[*i] }).collect();
            let mut same = Vec::new();
            if !unchanged(self.repository, &tree, &other, followed, &mut same) {
                return self.say(&rest, &LastChange::NotFetched);
            }
            if !same.is_empty() {
                rest.retain(|index| !same.contains(index));
                self.waiting.entry((parent.time().seconds(), parent.id())).or_default().extend(same);
            }
        }
        let committed_on = day_of(&commit);
        self.say(&rest, &LastChange::Commit { id: id.to_string(), committed_on });
    }

    /// Why a commit is not here.
    fn beyond(&self) -> LastChange {
        if self.repository.is_shallow() { LastChange::Shallow } else { LastChange::NotFetched }
    }

    fn say(&mut self, indexes: &[usize], what: &LastChange) {
        for index in indexes {
            self.found[*index] = what.clone();
        }
    }
}

/// Whether the header of a commit names a parent: libgit2 hides those that a shallow clone does not have.
fn names_a_parent(header: &[u8]) -> bool {
    header.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"parent "))
}

fn is_in(repository: &git2::Repository, tree: &git2::Tree<'_>, path: &str) -> bool {
    let mut folder = tree.clone();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let Some(id) = folder.get_name(part).map(|entry| entry.id()) else { return false };
        if parts.peek().is_none() {
            return true;
        }
        let Ok(below) = repository.find_tree(id) else { return false };
        folder = below;
    }
    false
}

/// Adds the files that two folders have alike; `false` where a folder is not here. What is equal as a whole is not
/// opened. Paths of one folder have to stand together.
fn unchanged(
    repository: &git2::Repository,
    here: &git2::Tree<'_>,
    there: &git2::Tree<'_>,
    followed: Vec<Followed<'_>>,
    same: &mut Vec<usize>,
) -> bool {
    if here.id() == there.id() {
        same.extend(followed.iter().map(|file| file.index));
        return true;
    }
    let mut followed = followed.into_iter().peekable();
    while let Some(first) = followed.next() {
        let (name, below) = first.path.split_once('/').map_or((first.path, None), |(n, b)| (n, Some(b)));
        let mut of_folder: Vec<Followed<'_>> = Vec::new();
        of_folder.extend(below.map(|path| Followed { path, ..first }));
        let within = |file: &Followed<'_>| file.path.split_once('/').is_some_and(|(n, _)| n == name);
        while let Some(next) = followed.next_if(|file| below.is_some() && within(file)) {
            let path = next.path.split_once('/').map_or("", |(_, path)| path);
            of_folder.push(Followed { path, ..next });
        }
        let entries = here.get_name(name).zip(there.get_name(name));
        let Some((ours, theirs)) = entries else { continue };
        if ours.id() == theirs.id() && ours.filemode() == theirs.filemode() {
            same.extend(of_folder.iter().map(|file| file.index));
            same.extend(below.is_none().then_some(first.index));
        } else if below.is_some() {
            // One of them may have been a file.
            let is_folder = |entry: &git2::TreeEntry<'_>| entry.kind() == Some(git2::ObjectType::Tree);
            if !is_folder(&ours) || !is_folder(&theirs) {
                continue;
            }
            let (Ok(here), Ok(there)) = (repository.find_tree(ours.id()), repository.find_tree(theirs.id()))
            else {
                return false;
            };
            if !unchanged(repository, &here, &there, of_folder, same) {
                return false;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use git2::{Signature, Time};

    use super::*;

    /// Commits files on top of parents; `day` days after the first of January 1970.
    fn commit(git: &git2::Repository, files: &[(&str, &str)], day: i64, parents: &[Oid]) -> Oid {
        let mut index = git2::Index::new().expect("an index");
        for (path, text) in files {
            let entry = git2::IndexEntry {
                ctime: git2::IndexTime::new(0, 0),
                mtime: git2::IndexTime::new(0, 0),
                dev: 0,
                ino: 0,
                mode: 0o100_644,
                uid: 0,
                gid: 0,
                file_size: 0,
                id: git.blob(text.as_bytes()).expect("a blob"),
                flags: 0,
                flags_extended: 0,
                path: path.as_bytes().to_vec(),
            };
            index.add(&entry).expect("an entry");
        }
        let tree = git.find_tree(index.write_tree_to(git).expect("a tree")).expect("a tree");
        let when = Signature::new("A", "a@example.org", &Time::new(day * 86_400, 0)).expect("a name");
        let parents: Vec<_> = parents.iter().map(|oid| git.find_commit(*oid).expect("a commit")).collect();
        let parents: Vec<_> = parents.iter().collect();
        git.commit(None, &when, &when, "x", &tree, &parents).expect("a commit")
    }

    #[test]
    fn each_file_has_the_commit_that_git_log_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let git = git2::Repository::init(folder.path()).expect("a repository");
        let first = commit(&git, &[("e/a", "1"), ("e/b", "1"), ("r", "1")], 1, &[]);
        let left = commit(&git, &[("e/a", "2"), ("e/b", "1"), ("r", "1")], 2, &[first]);
        let right = commit(&git, &[("e/a", "1"), ("e/b", "3"), ("r", "1"), ("e/d/x", "1")], 3, &[first]);
        // The merge keeps `e/b` of the left side, and changes `e/d/x` itself.
        let merged = [("e/a", "2"), ("e/b", "1"), ("r", "1"), ("e/d/x", "2")];
        let merge = commit(&git, &merged, 4, &[left, right]);
        let last = commit(&git, &[&merged[..], &[("z", "1")]].concat(), 5, &[merge]);
        let repository = Repository::discover(folder.path()).expect("git").expect("a repository");
        let from = repository.resolve(&last.to_string()).expect("a commit");
        let at = |id: Oid, day: &str| LastChange::Commit {
            id: id.to_string(),
            committed_on: day.parse().expect("a day"),
        };
        let paths = ["z", "e/b", "e/d/x", "r", "e/a", "e/none", "e", "e/a/no"];
        assert_eq!(
            repository.last_changes(&from, &paths),
            [
                at(last, "1970-01-06"),
                at(first, "1970-01-02"),
                at(merge, "1970-01-05"),
                at(first, "1970-01-02"),
                at(left, "1970-01-03"),
                LastChange::NotCommitted,
                at(merge, "1970-01-05"),
                LastChange::NotCommitted,
            ]
        );
        let few = repository.last_changes_within(&from, &["z", "r"], 1);
        assert_eq!(few, [at(last, "1970-01-06"), LastChange::TooOld]);
    }

    #[test]
    fn the_edge_of_a_shallow_clone_brought_no_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let git = git2::Repository::init(folder.path()).expect("a repository");
        let first = commit(&git, &[("a", "1"), ("b", "1")], 1, &[]);
        let second = commit(&git, &[("a", "2"), ("b", "1")], 2, &[first]);
        let third = commit(&git, &[("a", "3"), ("b", "1")], 3, &[second]);
        std::fs::write(git.path().join("shallow"), format!("{second}\n")).expect("a file");
        let repository = Repository::discover(folder.path()).expect("git").expect("a repository");
        let from = repository.resolve(&third.to_string()).expect("a commit");
        let found = repository.last_changes(&from, &["a", "b"]);
        assert!(matches!(&found[..], [LastChange::Commit { .. }, LastChange::Shallow]), "{found:?}");
    }
}
