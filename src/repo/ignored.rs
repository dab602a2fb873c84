//! Files on disk that git ignores, by the rules of gitignore(5): every `.gitignore` from the root of the repository
//! down, `.git/info/exclude`, and the file that `core.excludesFile` names.
//!
//! libgit2 knows these rules too, but drops a pattern such as `!kept.yaml` that takes back what another file ignores.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::error::GitError;
use super::git::{FolderPlace, Repository};
use super::worktree::WorkTree;

/// Bytes of a file of rules that are read.
const MAX_RULES: u64 = 1 << 20;

/// What git ignores below the audited folder.
pub(crate) struct Ignored<'t> {
    tree: &'t WorkTree,
    /// The root of the work tree.
    root: PathBuf,
    /// What the paths of the audited folder start with in the repository: empty, or ends in `/`.
    prefix: String,
    any_case: bool,
    /// Rules of the repository and of the user: the first that says something of a path decides.
    general: Vec<Gitignore>,
    /// Rules of each folder, by its path in the repository; the root is empty.
    folders: HashMap<String, Gitignore>,
    /// Whether folders are ignored.
    known: HashMap<String, bool>,
    /// Nothing is ignored where git ignores the audited folder itself: whoever names it wants it read.
    is_named: bool,
}

impl Repository {
    /// What git ignores below the audited folder.
    pub(crate) fn ignored<'t>(&self, tree: &'t WorkTree) -> Ignored<'t> {
        let folder = self.folder();
        let (root, any_case, files) = self.store.with(|repository| {
            let config = repository.config().and_then(|mut config| config.snapshot()).ok();
            let any_case = config.as_ref().and_then(|c| c.get_bool("core.ignorecase").ok());
            let users = config.and_then(|c| c.get_path("core.excludesfile").ok()).or_else(usual_file);
            let own = repository.commondir().join("info/exclude");
            let root = repository.workdir().unwrap_or_else(|| repository.path());
            (root.to_owned(), any_case.unwrap_or_default(), [Some(own), users])
        });
        let general = files.into_iter().flatten().map(|file| rules(&file, any_case)).collect();
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let (folders, known) = (HashMap::new(), HashMap::new());
        let mut ignored = Ignored { tree, root, prefix, any_case, general, folders, known, is_named: false };
        ignored.is_named = !folder.is_empty() && tree.tracked.is_empty() && ignored.is_folder_ignored(folder);
        ignored
    }
}

impl Ignored<'_> {
    /// Whether git ignores a file, or a folder with all that is in it, by its path in the audited folder. What is
    /// tracked is never ignored, and a submodule has rules of its own.
    pub(crate) fn has(&mut self, path: &str, is_folder: bool) -> bool {
        if self.is_named || self.tree.has_tracked(path, is_folder) {
            return false;
        }
        let path = format!("{}{path}", self.prefix);
        if is_folder { self.is_folder_ignored(&path) } else { self.is_ignored(&path, false) }
    }

    fn is_folder_ignored(&mut self, path: &str) -> bool {
        if let Some(known) = self.known.get(path) {
            return *known;
        }
        let is_ignored = self.is_ignored(path, true);
        self.known.insert(path.to_owned(), is_ignored);
        is_ignored
    }

    /// Whatever is in an ignored folder is ignored; else the rules nearest to a path decide, and in them the last.
    fn is_ignored(&mut self, path: &str, is_folder: bool) -> bool {
        let above = path.rfind('/').map(|i| &path[..i]);
        if above.is_some_and(|folder| self.is_folder_ignored(folder)) {
            return true;
        }
        let mut folder = above.unwrap_or_default();
        loop {
            let inside = path[folder.len()..].trim_start_matches('/');
            match self.rules_of(folder).matched(inside, is_folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None if folder.is_empty() => break,
                Match::None => folder = folder.rfind('/').map_or("", |i| &folder[..i]),
            }
        }
        let said = self.general.iter().map(|rules| rules.matched(path, is_folder));
        { said }.find(|said| !said.is_none()).is_some_and(|said| said.is_ignore())
    }

    fn rules_of(&mut self, folder: &str) -> &Gitignore {
        let file = self.root.join(folder).join(".gitignore");
        let any_case = self.any_case;
        self.folders.entry(folder.to_owned()).or_insert_with(|| rules(&file, any_case))
    }
}

/// Whether a file lies in the work tree of a repository and git does not ignore it: the next `git add .` would keep it
/// for good. Its path has no links in it.
pub(crate) fn is_kept(file: &Path) -> Result<bool, GitError> {
    let Some(repository) = Repository::discover(file.parent().unwrap_or(file))? else { return Ok(false) };
    let root = repository.store.with(|git| git.workdir().map(Path::to_owned));
    let Some(root) = root.filter(|_| *repository.place() == FolderPlace::WorkTree) else {
        return Ok(*repository.place() != FolderPlace::InGitFolder);
    };
    // From the root: a folder that is ignored as a whole is the usual place for such a file.
    let Some(whole) = Repository::discover(&root)? else { return Ok(true) };
    let root = root.canonicalize().unwrap_or(root);
    let Ok(inside) = file.strip_prefix(&root) else { return Ok(false) };
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let tree = whole.work_tree()?;
    Ok(!whole.ignored(&tree).has(&parts.join("/"), false))
}

/// The rules of a file; none where there is no such file. A line that is no pattern says nothing.
fn rules(file: &Path, any_case: bool) -> Gitignore {
    let is_file = file.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    let Some(opened) = is_file.then(|| std::fs::File::open(file).ok()).flatten() else {
        return Gitignore::empty();
    };
    let mut bytes = Vec::new();
    if opened.take(MAX_RULES).read_to_end(&mut bytes).is_err() {
        return Gitignore::empty();
    }
    let text = String::from_utf8_lossy(&bytes);
    let mut builder = GitignoreBuilder::new("");
    if builder.case_insensitive(any_case).is_err() {
        return Gitignore::empty();
    }
    for line in text.trim_start_matches('\u{feff}').split('\n') {
        // The other lines count all the same.
        let _is_pattern = builder.add_line(None, line.strip_suffix('\r').unwrap_or(line)).is_ok();
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// Where git looks for the user's rules when `core.excludesFile` is not set.
fn usual_file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")))?;
    Some(folder.join("git/ignore"))
}
