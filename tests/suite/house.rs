//! Which file of `src/` depends on which: every path in `use` and in the code, followed through re-exports to the
//! file that defines what it names. Tests inside files do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A module by its path below the crate: `["policy", "expr"]`.
type Module = Vec<String>;

/// The source files by module, without comments and tests.
pub(crate) struct House {
    files: BTreeMap<Module, String>,
}

impl House {
    pub(crate) fn of(src: &Path) -> Self {
        let mut files = BTreeMap::new();
        collect(src, &mut Vec::new(), &mut files);
        House { files }
    }

    /// Groups of files that reach each other, one line each.
    pub(crate) fn circles(&self) -> Vec<String> {
        let arrows: BTreeMap<&Module, BTreeSet<Module>> =
            self.files.iter().map(|(module, text)| (module, self.arrows(module, text))).collect();
        let reached: BTreeMap<&Module, BTreeSet<&Module>> =
            arrows.keys().map(|module| (*module, reachable(module, &arrows))).collect();
        let circle = |module: &Module| -> BTreeSet<String> {
            let others = reached[module].iter().filter(|other| reached[*other].contains(module));
            others.map(|other| format!("src/{}.rs", other.join("/"))).collect()
        };
        let circles: BTreeSet<BTreeSet<String>> =
            self.files.keys().map(circle).filter(|circle| circle.len() > 1).collect();
        circles.into_iter().map(|files| files.into_iter().collect::<Vec<_>>().join(", ")).collect()
    }

    fn arrows(&self, module: &Module, text: &str) -> BTreeSet<Module> {
        let (mut paths, mut code) = (Vec::new(), String::new());
        for statement in text.split_inclusive(';') {
            match statement.rfind("use ").filter(|at| is_start(statement, *at)) {
                // A re-export is no dependency: who uses it depends on what it leads to.
                Some(at) if is_public(&statement[..at]) => code.push_str(&statement[..at]),
                Some(at) => {
                    code.push_str(&statement[..at]);
                    paths.extend(expand(statement[at + 4..].trim_end_matches(';')));
                }
                None => code.push_str(statement),
            }
        }
        paths.extend(mentioned(&code));
        let targets = paths.iter().filter_map(|path| self.resolve(module, path, 0));
        targets.filter(|target| target != module).collect()
    }

    /// The file that defines what a path names, seen from a module; none outside the crate.
    fn resolve(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        let mut at = from.clone();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => (at, rest) = (Vec::new(), &rest[1..]),
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|part| part == "super") {
                    at.pop()?;
                    rest = &rest[1..];
                }
            }
            child => {
                let mut below = at.clone();
                below.push(child.to_owned());
                self.files.get(&below)?;
            }
        }
        while let Some(part) = rest.first() {
            at.push(part.clone());
            if !self.files.contains_key(&at) {
                at.pop();
                break;
            }
            rest = &rest[1..];
        }
        let text = self.files.get(&at)?;
        let Some(name) = rest.first() else { return Some(at) };
        if depth < 8 && !defines(text, name) {
            for path in re_exports(text) {
                if path.last() == Some(name) {
                    return self.resolve(&at, &path, depth + 1);
                }
            }
        }
        Some(at)
    }
}

fn collect(folder: &Path, module: &mut Module, files: &mut BTreeMap<Module, String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        module.push(name);
        if path.is_dir() {
            collect(&path, module, files);
        } else {
            let text = fs::read_to_string(&path).expect("source");
            let is_test = matches!(module.last().map(String::as_str), Some("tests" | "oracle"));
            let is_root = module.len() == 1 && matches!(module[0].as_str(), "lib" | "main");
            if !is_test && !is_root {
                files.insert(module.clone(), without_comments(&text));
            }
        }
        module.pop();
    }
}

/// The text without comments, and without the tests at its foot.
fn without_comments(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let plain = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    let mut plain = plain.collect::<Vec<_>>().join("\n");
    // How far something is seen is no dependency.
    while let Some(at) = plain.find("pub(in ") {
        let end = plain[at..].find(')').map_or(plain.len(), |i| at + i + 1);
        plain.replace_range(at..end, "pub");
    }
    plain
}

/// Whether a keyword starts at `at`.
fn is_start(text: &str, at: usize) -> bool {
    !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

fn is_public(before: &str) -> bool {
    let before = before.trim_end();
    before.ends_with("pub")
        || (before.ends_with(')') && before.rsplit_once("pub(").is_some_and(|(_, r)| !r.contains('\n')))
}

/// The paths of a `use` tree.
fn expand(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let split = |path: &str| -> Vec<String> { path.split("::").map(|part| part.trim().to_owned()).collect() };
    let Some((before, inside)) = tree.split_once('{') else {
        return vec![split(tree.split(" as ").next().unwrap_or_default())];
    };
    let inside = inside.trim_end().strip_suffix('}').unwrap_or(inside);
    let prefix: Vec<String> = split(before).into_iter().filter(|part| !part.is_empty()).collect();
    let (mut paths, mut depth, mut start) = (Vec::new(), 0, 0);
    for (i, c) in inside.char_indices().chain([(inside.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = &inside[start..i];
                start = i + 1;
                if !part.trim().is_empty() {
                    paths.extend(expand(part).into_iter().map(|path| [prefix.clone(), path].concat()));
                }
            }
            _ => {}
        }
    }
    paths
}

/// Paths in code: `crate::a::B`, `super::c`, and `child::d`.
fn mentioned(code: &str) -> Vec<Vec<String>> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("::") {
        let start = code[..at].rfind(|c: char| !word(c)).map_or(0, |i| i + 1);
        // Only the first part of each path starts one.
        if code[..start].ends_with("::") || start == at {
            continue;
        }
        let end = code[at..].find(|c: char| !word(c) && c != ':').map_or(code.len(), |i| at + i);
        let path: Vec<String> =
            code[start..end].split("::").map(str::to_owned).filter(|part| !part.is_empty()).collect();
        paths.push(path);
    }
    paths
}

fn defines(text: &str, name: &str) -> bool {
    let kinds = ["fn", "struct", "enum", "const", "static", "trait", "type", "macro_rules!"];
    kinds.iter().any(|kind| {
        text.match_indices(&format!("{kind} {name}")).any(|(at, found)| {
            let behind = text[at + found.len()..].chars().next();
            is_start(text, at) && behind.is_none_or(|c| !c.is_alphanumeric() && c != '_')
        })
    })
}

fn re_exports(text: &str) -> Vec<Vec<String>> {
    let statements = text.split(';').filter_map(|statement| {
        let at = statement.rfind("use ").filter(|at| is_start(statement, *at))?;
        is_public(&statement[..at]).then(|| expand(&statement[at + 4..]))
    });
    statements.flatten().collect()
}

fn reachable<'a>(from: &Module, arrows: &BTreeMap<&'a Module, BTreeSet<Module>>) -> BTreeSet<&'a Module> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(module) = open.pop() {
        for next in &arrows[module] {
            let Some((next, _)) = arrows.get_key_value(next) else { continue };
            if seen.insert(*next) {
                open.push(next);
            }
        }
    }
    seen
}

#[test]
fn a_circle_is_seen_through_re_exports_and_not_where_there_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("a.rs", "mod b;\nmod c;\npub use b::B;\npub use c::{self, C};\n");
    write("a/b.rs", "use super::C;\npub struct B(C);\n");
    write("a/c.rs", "//! crate::a::B is only named here\npub struct C;\n");
    assert_eq!(House::of(folder.path()).circles(), Vec::<String>::new());
    write("a/c.rs", "pub struct C;\nfn f() -> crate::a::B { todo() }\n");
    assert_eq!(House::of(folder.path()).circles(), ["src/a/b.rs, src/a/c.rs"]);
    write("a/c.rs", "pub struct C;\n#[cfg(test)]\nmod tests {\n    use crate::a::B;\n}\n");
    assert_eq!(House::of(folder.path()).circles(), Vec::<String>::new());
}
