//! Files that belong to a state and that git did not give: what a sparse checkout leaves out of the work tree, what a
//! partial clone left at its remote, and what git ignores.

use std::collections::BTreeMap;

use crate::assessment::{Impact, Problem};
use crate::baseline;
use crate::config::{self, Config};
use crate::diagnostics::{Code, Place};
use crate::readers::Claim;
use crate::repo::Listing;
use crate::text::{IN_A_SENTENCE, count, escape, list, shorten};

/// Folders that a problem names; the others are counted.
const NAMED: usize = 6;
/// What to do about a file that is needed and that git ignores.
const COMMIT_IT: &str = "commit it with `git add --force`, or read what git ignores with --no-git-ignore";

/// What git did not give of the work tree or the commit. Paths are ordered; one that ends in `/` is a folder.
#[derive(Debug, Default, Clone)]
pub(crate) struct LeftOut {
    /// Files that a sparse checkout leaves out.
    pub sparse: Vec<String>,
    /// Files and folders that git ignores.
    pub ignored: Vec<String>,
}

impl LeftOut {
    /// Why a file is not there, and what to do; none where git has nothing to do with it.
    pub(crate) fn why(&self, path: &str) -> Option<(&'static str, &'static str)> {
        if self.is_sparse(path) {
            Some(("is left out by a sparse checkout", "bring it: git sparse-checkout disable"))
        } else if covers(&self.ignored, path) {
            Some(("is ignored by git, so no revision holds it", COMMIT_IT))
        } else {
            None
        }
    }

    /// Whether a sparse checkout leaves a file out.
    pub(crate) fn is_sparse(&self, path: &str) -> bool {
        self.sparse.binary_search_by(|own| own.as_str().cmp(path)).is_ok()
    }

    /// Paths for which an ignore rule of the configuration can be meant.
    pub(crate) fn paths(&self) -> impl Iterator<Item = String> {
        let inside = |path: &String| if path.ends_with('/') { format!("{path}_") } else { path.clone() };
        self.sparse.iter().chain(&self.ignored).map(inside)
    }

    /// One problem for everything that a sparse checkout leaves out, and one for everything that git ignores.
    pub(crate) fn report(
        &self,
        config: &Config,
        packs: &[String],
        listing: &Listing,
        problems: &mut Vec<Problem>,
    ) {
        let is_wanted = |path: &&String| !matches!(config.rules.claim(path), Claim::Ignored(_));
        let missing: Vec<&str> = self.sparse.iter().filter(is_wanted).map(String::as_str).collect();
        if !missing.is_empty() {
            let there = |folder: &str| has_files_below(listing, folder);
            problems.push(Problem::new(
                Code::SparseCheckout,
                Place::file("."),
                format!(
                    "a sparse checkout leaves out {} of the commit: {}",
                    count(missing.len(), "file"),
                    by_folder(&missing, there)
                ),
                "bring them: git sparse-checkout disable; or ignore them in duly.yaml with a reason",
            ));
        }
        if !self.ignored.is_empty() {
            self.report_ignored(packs, problems);
        }
    }

    fn report_ignored(&self, packs: &[String], problems: &mut Vec<Problem>) {
        for own in [config::FILE, baseline::FILE] {
            if covers(&self.ignored, own) {
                problems.push(Problem {
                    impact: Impact::Incomplete,
                    ..Problem::new(
                        Code::GitIgnored,
                        Place::file(own),
                        "is ignored by git, so it was not used",
                        COMMIT_IT,
                    )
                });
            }
        }
        // A pack is named by its folder, wherever that is, and read from there.
        let packs = packs.iter().map(|pack| pack.trim_start_matches("./").trim_end_matches('/'));
        for pack in packs.filter(|pack| covers(&self.ignored, &format!("{pack}/pack.yaml"))) {
            let message = "git ignores this policy pack, which was used all the same: no revision holds it";
            problems.push(Problem::new(Code::GitIgnored, Place::file(pack), message, COMMIT_IT));
        }
        let folders = self.ignored.iter().filter(|path| path.ends_with('/')).count();
        let files = self.ignored.len() - folders;
        let counts = [(files, "file"), (folders, "folder")].into_iter().filter(|(n, _)| *n > 0);
        let counts: Vec<String> = counts.map(|(n, thing)| count(n, thing)).collect();
        let verb = if self.ignored.len() == 1 { "was" } else { "were" };
        problems.push(Problem::new(
            Code::GitIgnored,
            Place::file("."),
            format!(
                "{} that git ignores {verb} left out: {}",
                counts.join(" and "),
                list(self.ignored.iter().map(|path| shown(path)), NAMED, ", ")
            ),
            "no revision holds them; --no-git-ignore reads them",
        ));
    }
}

/// Makes one problem of all that a partial clone does not hold.
pub(super) fn collapse_not_fetched(listing: &Listing, problems: &mut Vec<Problem>) {
    let lost: Vec<Problem> = problems.extract_if(.., |problem| problem.code == Code::NotFetched).collect();
    let Some(first) = lost.first() else { return };
    let (files, folders): (Vec<&str>, Vec<&str>) =
        lost.iter().map(|problem| problem.place.path.as_str()).partition(|path| listing.find(path).is_some());
    let mut missing = files.clone();
    missing.sort_unstable();
    missing.dedup();
    let there = |folder: &str| {
        let below = listing.files.iter().filter(|file| file.path.starts_with(folder));
        below.count() > missing.iter().filter(|path| path.starts_with(folder)).count()
    };
    let mut counts = Vec::new();
    let mut named = Vec::new();
    if !missing.is_empty() {
        counts.push(count(missing.len(), "file"));
        named.push(by_folder(&missing, there));
    }
    if !folders.is_empty() {
        counts.push(format!("{} with unknown contents", count(folders.len(), "folder")));
        named.push(list(folders.iter().map(|folder| shown(&format!("{folder}/"))), NAMED, ", "));
    }
    problems.push(Problem::new(
        Code::NotFetched,
        Place::file("."),
        format!("this partial clone does not hold {}: {}", counts.join(" and "), named.join(", ")),
        first.help.clone(),
    ));
}

/// Files by the topmost folder in which none is `there`, or else by the folder that they are in.
fn by_folder(paths: &[&str], there: impl Fn(&str) -> bool) -> String {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    let mut known: BTreeMap<&str, bool> = BTreeMap::new();
    for path in paths {
        let mut named = *path;
        for folder in path.match_indices('/').map(|(i, _)| &path[..=i]) {
            named = folder;
            if !*known.entry(folder).or_insert_with(|| there(folder)) {
                break;
            }
        }
        *folders.entry(named).or_default() += 1;
    }
    let named = folders.into_iter().map(|(folder, n)| match folder.ends_with('/') {
        true => format!("{} ({})", shown(folder), count(n, "file")),
        false => shown(folder),
    });
    list(named, NAMED, ", ")
}

/// A path in a sentence.
fn shown(path: &str) -> String {
    escape(&shorten(path, IN_A_SENTENCE)).into_owned()
}

fn has_files_below(listing: &Listing, folder: &str) -> bool {
    let first = listing.files.partition_point(|file| file.path.as_str() < folder);
    listing.files.get(first).is_some_and(|file| file.path.starts_with(folder))
}

/// Whether a path, or a folder that it is in, is among ordered paths.
fn covers(all: &[String], path: &str) -> bool {
    let is_among = |part: &str| all.binary_search_by(|own| own.as_str().cmp(part)).is_ok();
    !all.is_empty() && (is_among(path) || path.match_indices('/').any(|(i, _)| is_among(&path[..=i])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_the_topmost_folder_that_is_missing_whole() {
        let there = |folder: &str| folder == "a/" || folder == "a/b/";
        let paths = ["a/b/c/1", "a/b/c/d/2", "a/b/3", "e/f/4", "g"];
        assert_eq!(by_folder(&paths, there), "a/b/ (1 file), a/b/c/ (2 files), e/ (1 file), g");
        let many: Vec<String> = (0..9).map(|n| format!("{n}/x")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(by_folder(&many, |_| false).ends_with("5/ (1 file), and 3 more"));
    }

    #[test]
    fn a_file_in_an_ignored_folder_is_ignored() {
        let all = ["a/b/", "c.txt"].map(str::to_owned);
        for (path, covered) in
            [("a/b/c/d", true), ("c.txt", true), ("a/bc", false), ("a/c", false), ("c", false)]
        {
            assert_eq!(covers(&all, path), covered, "{path}");
        }
    }
}
