//! `duly explain` and `duly schema`: what a user asks before writing a record.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::support::{AS_OF, Output, Repo, duly, flat, items, says, word};

/// The folder of the default pack.
fn policies() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/fbi-i-101823-psa")
}

/// The default pack as an audit of nothing reports it.
fn default_pack() -> Value {
    let output = duly(&Repo::new(), &["audit", ".", "--as-of", AS_OF, "--report", "json"]);
    serde_json::from_str(&output.stdout).expect("a report")
}

/// Works `items` off on both cores.
fn both<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    work(item);
                }
            });
        }
    });
}

fn fine(output: &Output, about: &str) {
    assert_eq!((output.status, output.stderr.as_str()), (0, ""), "{about}");
    assert!(!output.stdout.trim().is_empty(), "{about}");
}

#[test]
fn every_measure_of_the_default_pack_is_explained() {
    let pack = default_pack();
    let measures = items(&pack["measures"]);
    assert_eq!(measures.len(), 28);
    let repo = Repo::new();
    let list = duly(&repo, &["explain"]);
    says(&list.stdout, &["in the profile core; `--profile full` has"]);
    let lines = std::sync::atomic::AtomicUsize::new(0);
    both(measures, |measure| {
        let id = word(&measure["id"]);
        says(&list.stdout, &[id, word(&measure["title"])]);
        let output = duly(&repo, &["explain", id]);
        fine(&output, id);
        let text = flat(&output.stdout);
        says(&text, &[id, word(&measure["title"]), word(&measure["owner"]), "https://www.ic3.gov/"]);
        let verbose = flat(&duly(&repo, &["explain", id, "--verbose"]).stdout);
        says(&verbose, &[&flat(word(&measure["rationale"])), "requires"]);
        lines.fetch_add(output.stdout.lines().count(), std::sync::atomic::Ordering::Relaxed);
        for ask in items(&measure["asks"]) {
            says(&text, &[&flat(word(&ask["text"]))]);
        }
        for check in items(&measure["checks"]) {
            says(&text, &[&flat(word(&check["title"]))]);
            says(&verbose, &[word(&check["id"])]);
        }
        for step in items(&measure["remediation"]) {
            says(&text, &[&flat(word(step))]);
        }
    });
    // All pages together are a read, not a flood.
    let lines = lines.into_inner();
    assert!(lines < 1000, "{lines} lines");
}

#[test]
fn every_check_of_the_default_pack_is_explained() {
    // Loading the whole pack for each of its checks takes minutes; a pack of one measure is the same to
    // `explain`.
    let pack = default_pack();
    let repo = Repo::new();
    let head = std::fs::read(policies().join("pack.yaml")).expect("the pack");
    let mut checks = Vec::new();
    for measure in items(&pack["measures"]) {
        let id = word(&measure["id"]);
        let text = std::fs::read(policies().join(format!("{id}.yaml"))).expect("the measure");
        repo.write(format!("{id}/pack.yaml"), &head).write(format!("{id}/{id}.yaml"), text);
        checks.extend(items(&measure["checks"]).iter().map(|check| (id, check)));
    }
    assert!(checks.len() > 80, "{}", checks.len());
    both(&checks, |(measure, check)| {
        let id = word(&check["id"]);
        let output = duly(&repo, &["explain", id, "--pack", measure]);
        fine(&output, id);
        let text = flat(&output.stdout);
        says(&text, &[id, &flat(word(&check["title"])), &format!("measure {measure}"), "what to do"]);
        let kind = word(&check["kind"]);
        says(&text, &[if kind.is_empty() { "a person says" } else { kind }]);
        for step in items(&check["remediation"]) {
            says(&text, &[&flat(word(step))]);
        }
    });
    // And one of them from the pack in the binary, by every way to name it.
    let (measure, check) = checks[0];
    let id = word(&check["id"]);
    let plain = duly(&repo, &["explain", id]);
    fine(&plain, id);
    assert_eq!(duly(&repo, &["explain", &format!("fbi-i-101823-psa/{id}")]), plain);
    assert_eq!(duly(&repo, &["explain", &format!("{measure}/1")]), plain);
    let by_id = duly(&repo, &["explain", measure]);
    assert_eq!(duly(&repo, &["explain", &measure.to_lowercase()]), by_id);
    assert_eq!(duly(&repo, &["explain", &format!("fbi-i-101823-psa/{measure}")]), by_id);
}

#[test]
fn a_check_is_explained_in_words_and_its_condition_on_request() {
    let repo = Repo::new();
    let output = duly(&repo, &["explain", "shipment-without-signature"]);
    fine(&output, "words");
    says(
        &output.stdout,
        &["Delivery needs a signature", "fields to record", "  signature  ", "adult | direct"],
    );
    says(&output.stdout, &["example of how they are written\n  kind: shipment", "  signature: adult"]);
    assert!(!output.stdout.contains("params."), "{}", output.stdout);
    let verbose = duly(&repo, &["explain", "shipment-without-signature", "--verbose"]);
    says(&verbose.stdout, &["params.", "requires ", "DD-09.yaml"]);
    // A check of another profile is explained, and said to be one.
    let full = duly(&repo, &["explain", "DD-09", "--profile", "full", "--verbose"]).stdout;
    let core = duly(&repo, &["explain", "DD-09", "--verbose"]).stdout;
    let ids = |text: &str| -> Vec<String> {
        text.lines().filter_map(|l| l.trim().strip_prefix("check  ")).map(|id| id.trim().to_owned()).collect()
    };
    let only = ids(&full).into_iter().find(|id| !ids(&core).contains(id)).expect("a check of full only");
    says(&duly(&repo, &["explain", &only]).stdout, &[&only, "not in the profile in use"]);
}

#[test]
fn the_table_of_a_kind_says_who_asks() {
    let output = duly(&Repo::new(), &["schema", "shipment", "--brief"]);
    fine(&output, "brief");
    let row = |name: &str| {
        let found = output.stdout.lines().find(|line| line.trim_start().starts_with(&format!("{name} ")));
        found
            .unwrap_or_else(|| panic!("no {name} in {}", output.stdout))
            .split_whitespace()
            .collect::<Vec<_>>()
    };
    assert_eq!(row("field")[..5], ["field", "type", "asked", "by", "meaning"]);
    assert_eq!(row("signature")[..3], ["signature", "word", "core"]);
    assert_eq!(row("shipped_on")[..3], ["shipped_on", "date", "core"]);
    assert_eq!(row("worker")[..4], ["worker", "worker", "id", "core"]);
    assert!(output.stdout.contains(" full "), "{}", output.stdout);
    let unknown = duly(&Repo::new(), &["schema", "wroker", "--brief"]);
    assert_eq!(unknown.status, 2);
    says(&unknown.stderr, &["did you mean `worker`?"]);
}

#[test]
fn functions_are_explained() {
    let output = duly(&Repo::new(), &["explain", "functions"]);
    fine(&output, "functions");
    says(&output.stdout, &["age_days", "related", "address_key", "routing_number_ok", "evidence_ok"]);
}

#[test]
fn a_misspelt_id_is_answered_with_a_close_one() {
    let repo = Repo::new();
    for (id, help) in [
        ("DD-9", "did you mean `DD-09`?"),
        ("shipment-without-signatur", "did you mean `shipment-without-signature`?"),
        ("fbi-i-101823-psa/shipment-without-singature", "did you mean `shipment-without-signature`?"),
        ("DD-08/shipment-without-signature", "did you mean `DD-09/shipment-without-signature`?"),
        ("qqqqq", "`duly explain` lists the measures"),
        ("", "`duly explain` lists the measures"),
    ] {
        let output = duly(&repo, &["explain", id]);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{id}");
        says(&output.stderr, &["error: there is no measure or check", help]);
    }
    let output = duly(&repo, &["explain", "DD-01", "--pack", "nowhere"]);
    assert_eq!(output.status, 2);
    says(&output.stderr, &["no such policy pack", "nowhere"]);
}

/// The kinds that `duly schema` lists.
fn kinds() -> Vec<String> {
    let output = duly(&Repo::new(), &["schema"]);
    fine(&output, "schema");
    let kinds = output.stdout.lines().filter(|l| l.starts_with("  "));
    kinds.filter_map(|l| l.split_whitespace().next()).map(str::to_owned).collect()
}

/// The files that `duly schema` lists.
fn files() -> Vec<String> {
    let output = duly(&Repo::new(), &["schema"]);
    let files = output.stdout.lines().filter_map(|l| l.strip_prefix("- "));
    let files: Vec<String> = files.filter_map(|l| l.split_whitespace().next()).map(str::to_owned).collect();
    assert_eq!(files.len(), 8);
    files
}

#[test]
fn every_schema_is_the_committed_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let mut committed: BTreeMap<String, String> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("schemas/") {
        let path = entry.expect("schemas/").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        committed.insert(name, std::fs::read_to_string(path).expect("a schema"));
    }
    let mut kinds = kinds();
    assert_eq!(kinds.len(), 25);
    kinds.extend(files());
    for kind in &kinds {
        let output = duly(&Repo::new(), &["schema", kind]);
        fine(&output, kind);
        let schema: Value = serde_json::from_str(&output.stdout).expect("JSON");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{kind}");
        jsonschema::meta::validate(&schema).unwrap_or_else(|e| panic!("{kind} is no JSON Schema: {e}"));
        match committed.remove(kind) {
            Some(text) => {
                assert!(text == output.stdout, "schemas/{kind}.json is not what `duly schema {kind}` prints")
            }
            None => panic!("schemas/{kind}.json is missing"),
        }
    }
    assert!(committed.is_empty(), "schemas of no kind: {:?}", committed.keys());
}

#[test]
fn every_example_of_a_schema_follows_it() {
    for kind in kinds() {
        let output = duly(&Repo::new(), &["schema", &kind]);
        let schema: Value = serde_json::from_str(&output.stdout).expect("JSON");
        let examples = items(&schema["examples"]);
        assert!(!examples.is_empty(), "{kind} has no example");
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
        for example in examples {
            let errors: Vec<String> = validator.iter_errors(example).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{kind}: {errors:?}");
            // And duly agrees.
            let repo = Repo::with(&[("example.json", &example.to_string())]);
            super::packs::active(&repo);
            let audit = super::support::audit(&repo);
            let wrong: Vec<&Value> = audit
                .problems()
                .iter()
                .filter(|p| !matches!(word(&p["code"]), "broken-reference" | "evidence-missing"))
                // The pack has none of the checks that decisions are about.
                .filter(|p| !word(&p["message"]).contains("there is no check"))
                .collect();
            assert!(wrong.is_empty(), "{kind}: {wrong:?}");
        }
    }
}

#[test]
fn a_saved_report_follows_its_schema() {
    let schema: Value =
        serde_json::from_str(&duly(&Repo::new(), &["schema", "assessment"]).stdout).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let repo = Repo::new();
    repo.copy("small-org");
    for report in [super::support::audit(&repo).json, default_pack()] {
        let errors: Vec<String> = validator.iter_errors(&report).map(|e| e.to_string()).take(5).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn a_kind_that_is_not_there_is_answered_with_a_close_one() {
    for (kind, help) in [
        ("wroker", "did you mean `worker`?"),
        ("Device", "did you mean `device`?"),
        ("zzz", "kinds: vendor, worker"),
    ] {
        let output = duly(&Repo::new(), &["schema", kind]);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{kind}");
        says(&output.stderr, &[&format!("there is no kind `{kind}`"), help]);
    }
}

#[test]
fn a_code_is_explained_as_its_page_does() {
    for code in duly::diagnostics::Code::ALL {
        let output = crate::repository::run(&["explain", code.as_str()]);
        assert!(output.status.success(), "{code}");
        let text = flat(&String::from_utf8_lossy(&output.stdout));
        assert!(text.contains(&flat(code.description())), "{code}: {text}");
    }
}
