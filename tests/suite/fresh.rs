//! What is committed is what the sources say: schemas, the compiled-in pack.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use duly::cli::pages;
use duly::policy::{self, Check, Tailoring};
use duly::records::kinds;

use crate::repository::{root, stdout_of};

#[test]
fn committed_schemas_are_what_the_binary_writes() {
    let written = tempfile::tempdir().expect("a temporary folder");
    stdout_of(&["schema", "--all", written.path().to_str().expect("a path")]);
    let files = |folder: &Path| -> BTreeMap<String, String> {
        let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
        let text = |path: &Path| fs::read_to_string(path).expect("a schema");
        entries.map(|e| (e.file_name().to_string_lossy().into_owned(), text(&e.path()))).collect()
    };
    let (committed, wanted) = (files(&root().join("schemas")), files(written.path()));
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&committed), names(&wanted), "stale: cargo run -- schema --all schemas");
    for (name, text) in &wanted {
        assert!(committed[name] == *text, "schemas/{name} is stale: cargo run -- schema --all schemas");
    }
    assert!(kinds::KINDS.iter().all(|kind| wanted.contains_key(&format!("{}.json", kind.name))));
}

#[test]
fn the_page_of_problems_is_what_the_codes_say() {
    let page = root().join("docs/problems.md");
    let wanted = duly::diagnostics::reference_page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&page, &wanted).expect("docs/problems.md");
    }
    let committed = fs::read_to_string(&page).expect("docs/problems.md");
    assert!(committed == wanted, "docs/problems.md is stale: UPDATE_DOCS=1 cargo test fresh");
    for code in duly::diagnostics::Code::ALL {
        assert!(code.description().ends_with('.'), "{code}");
    }
}

#[test]
fn the_page_of_commands_is_what_the_command_line_takes() {
    let page = root().join("docs/commands.md");
    let wanted = pages::commands();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&page, &wanted).expect("docs/commands.md");
    }
    let committed = fs::read_to_string(&page).expect("docs/commands.md");
    assert!(committed == wanted, "docs/commands.md is stale: UPDATE_DOCS=1 cargo test fresh");
    for command in ["audit", "new", "hash", "requests", "schema"] {
        assert!(wanted.contains(&format!("\n## `duly {command}`\n")), "{command}");
    }
}

/// Holds a committed page, or writes it.
#[track_caller]
fn holds(name: &str, wanted: &str) {
    let page = root().join("docs").join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&page, wanted).expect("a page");
    }
    let committed = fs::read_to_string(&page).unwrap_or_default();
    assert!(committed == wanted, "docs/{name} is stale: UPDATE_DOCS=1 cargo test fresh");
}

/// A page with its part between `<!-- NAME … -->` and `<!-- end of NAME -->` replaced.
#[track_caller]
fn with_part(page: &str, name: &str, part: &str) -> String {
    let (start, end) = (format!("<!-- {name}: made from the code -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = page.split_once(&start).unwrap_or_else(|| panic!("no {start}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("no {end}"));
    format!("{before}{start}{part}{end}{after}")
}

#[test]
fn the_page_of_kinds_is_what_the_schemas_say() {
    let page = pages::kinds();
    for kind in kinds::KINDS {
        assert!(page.contains(&format!("\n## {}\n", kind.name)), "{}", kind.name);
    }
    assert!(!page.contains("](#)") && !page.contains("|  |  |"), "each field has a type and a meaning");
    holds("kinds.md", &page);
}

#[test]
fn the_page_of_checks_is_what_the_pack_has() {
    let page = pages::checks().expect("the pack");
    let names = ["fbi-i-101823-psa".to_owned()];
    let policies = policy::load(&names, &root(), &Tailoring::everything()).expect("the pack");
    for check in policies.measures().flat_map(|(_, measure)| &measure.checks) {
        assert_eq!(page.matches(&format!("| `{}` |", check.id)).count(), 1, "{}", check.id);
    }
    holds("checks.md", &page);
}

#[test]
fn the_tables_of_formats_are_what_the_binary_has() {
    let page = fs::read_to_string(root().join("docs/formats.md")).expect("docs/formats.md");
    let page = with_part(&page, "report formats", &pages::report_formats());
    holds("formats.md", &with_part(&page, "readers", &pages::readers()));
    for format in duly::report::Format::ALL {
        assert!(!format.audience.is_empty() && !format.about.is_empty(), "{}", format.name);
    }
}

#[test]
fn the_table_of_keys_is_what_the_configuration_takes() {
    let page = fs::read_to_string(root().join("docs/configuration.md")).expect("docs/configuration.md");
    let keys = pages::configuration_keys();
    for row in keys.lines().skip(2) {
        assert_eq!(
            row.split(" | ").filter(|cell| !cell.trim_matches(['|', ' ']).is_empty()).count(),
            3,
            "{row}"
        );
    }
    holds("configuration.md", &with_part(&page, "keys", &keys));
}

#[test]
fn every_example_of_a_schema_is_valid() {
    for kind in kinds::KINDS {
        let schema: serde_json::Value = kind.schema().into();
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let examples = schema.get("examples").and_then(|e| e.as_array()).cloned().unwrap_or_default();
        assert!(!examples.is_empty(), "{} has no example", kind.name);
        for example in examples {
            let errors: Vec<String> = validator.iter_errors(&example).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", kind.name);
        }
    }
}

#[test]
fn the_compiled_in_pack_has_every_file_of_its_folder() {
    let folder = root().join("policies/fbi-i-101823-psa");
    let source = fs::read_to_string(root().join("src/policy/built_in.rs")).expect("built_in.rs");
    for entry in fs::read_dir(&folder).expect("the pack") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|e| e == "yaml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            assert!(source.contains(&format!("\"{name}\"")), "{name} is not compiled in");
        }
    }
}

#[test]
fn no_expression_of_the_pack_is_longer_than_a_reader_takes_in() {
    let names = ["fbi-i-101823-psa".to_owned()];
    let policies = policy::load(&names, &root(), &Tailoring::everything()).expect("the pack");
    let mut read = 0;
    let mut used = BTreeSet::new();
    for (_, measure) in policies.measures() {
        let applicable = measure.applicable.iter().map(|(when, _)| when);
        for expression in measure.checks.iter().flat_map(Check::expressions).chain(applicable) {
            used.extend(expression.definitions().iter().map(|definition| definition.name.clone()));
            let defined = expression.definitions().iter().map(|definition| definition.source.as_str());
            for source in defined.chain([expression.source.as_str()]) {
                let length = source.trim().chars().count();
                assert!(length < 450, "{}: {length} characters: {source}", measure.id);
                read += 1;
            }
        }
    }
    assert!(read > 400, "only {read} expressions");
    let head = fs::read_to_string(root().join("policies/fbi-i-101823-psa/pack.yaml")).expect("the head");
    let head: serde_json::Value = serde_yaml::from_str(&head).expect("YAML");
    for definition in head["define"].as_array().expect("definitions") {
        let name = definition["name"].as_str().expect("a name");
        assert!(used.contains(name), "no measure uses `{name}`");
    }
}

#[test]
fn every_measure_of_the_document_is_there() {
    let listed = stdout_of(&["explain"]);
    for id in (1..=16).map(|n| format!("DD-{n:02}")).chain((1..=10).map(|n| format!("RF-{n:02}"))) {
        assert!(listed.contains(&id), "{id}");
        assert!(
            Path::new(&root()).join(format!("policies/fbi-i-101823-psa/tests/{id}.yaml")).exists(),
            "tests of {id}"
        );
    }
}
