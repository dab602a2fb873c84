//! The arrows of `docs/architecture.md` are the only `use` between modules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::house;
use crate::repository::root;

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Top-level modules each top-level module names with `crate::`.
fn used() -> BTreeMap<String, BTreeSet<String>> {
    let src = root().join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let relative = file.strip_prefix(&src).expect("below src");
        if relative.ends_with("tests.rs") {
            continue;
        }
        let first = relative.components().next().expect("a part").as_os_str().to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs").to_owned();
        if module == "lib" || module == "main" {
            continue;
        }
        let text = fs::read_to_string(&file).expect("source");
        let arrows = used.entry(module.clone()).or_default();
        for part in text.split("crate::").skip(1) {
            let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if name != module && src.join(format!("{name}.rs")).exists() {
                arrows.insert(name);
            }
        }
    }
    used
}

/// The fenced lines `module -> other other` of the architecture page.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let page = fs::read_to_string(root().join("docs/architecture.md")).expect("docs/architecture.md");
    let mut arrows = BTreeMap::new();
    for line in page.lines() {
        let Some((module, others)) = line.split_once("->") else { continue };
        let module = module.trim();
        if module.contains(' ') || !root().join(format!("src/{module}.rs")).exists() {
            continue;
        }
        arrows.insert(module.to_owned(), others.split_whitespace().map(str::to_owned).collect());
    }
    arrows
}

#[test]
fn modules_use_each_other_as_documented() {
    let used = used();
    let documented = documented();
    let undocumented: Vec<&String> = used.keys().filter(|m| !documented.contains_key(*m)).collect();
    assert!(undocumented.is_empty(), "docs/architecture.md has no line for {undocumented:?}");
    for (module, arrows) in &documented {
        let real = used.get(module).cloned().unwrap_or_default();
        assert_eq!(&real, arrows, "`{module}` uses other modules than docs/architecture.md says");
    }
}

#[test]
fn no_files_depend_on_each_other_in_a_circle() {
    let circles = house::House::of(&root().join("src")).circles();
    assert!(circles.is_empty(), "files that depend on each other in a circle:\n{}", circles.join("\n"));
}

#[test]
fn the_glossary_names_types_that_there_are() {
    let page = fs::read_to_string(root().join("docs/architecture.md")).expect("docs/architecture.md");
    let glossary =
        page.split("## Glossary").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a glossary");
    let mut named = 0;
    for row in glossary.lines().filter(|line| line.starts_with("| ")) {
        let types = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        for name in types.split('`').skip(1).step_by(2) {
            let (room, name) = name.rsplit_once("::").expect("a room and a type");
            let room = room.replace("::", "/");
            let mut files = vec![root().join(format!("src/{room}.rs"))];
            rust_files(&root().join(format!("src/{room}")), &mut files);
            let defined = files.iter().any(|file| {
                let text = fs::read_to_string(file).unwrap_or_default();
                // The words of an audit are made by a macro, a line each.
                ["struct ", "enum ", "type ", "\n    "].iter().any(|kind| {
                    let found = format!("{kind}{name}");
                    text.match_indices(&found).any(|(at, _)| {
                        !text[at + found.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
                    })
                })
            });
            assert!(defined, "the glossary names `{name}`, and src/{room} has no such type");
            named += 1;
        }
    }
    assert!(named > 30, "{named} types");
}

#[test]
fn reports_see_the_assessment_only() {
    let used = used();
    let report = &used["report"];
    for forbidden in [
        "engine",
        "policy",
        "records",
        "readers",
        "repo",
        "reference",
        "snapshot",
        "compare",
        "cli",
        "config",
        "audit",
    ] {
        assert!(!report.contains(forbidden), "report uses {forbidden}");
    }
    for (module, arrows) in &used {
        assert!(module == "cli" || !arrows.contains("cli"), "{module} knows the command line");
    }
    for module in ["audit", "cli", "compare", "config", "readers", "repo", "report", "snapshot", "testkit"] {
        assert!(!used["engine"].contains(module), "the engine uses {module}");
    }
}

#[test]
fn every_module_says_what_it_is() {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    rust_files(&root().join("tests"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).expect("source");
        let fragment = file.ends_with("yaml/tests.rs") || file.ends_with("expr/tests.rs");
        assert!(fragment || text.starts_with("//!"), "{} has no //! header", file.display());
    }
}
