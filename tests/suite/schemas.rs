//! `duly schema` for editors: one schema for each file that people write, all of them in a folder, and that folder among
//! the audited ones.

use serde_json::Value;

use super::support::{AS_OF, Repo, audit, duly, items, says, word};

/// The schema of a name, compiled.
fn validator(name: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&duly(&Repo::new(), &["schema", name]).stdout).expect("JSON");
    jsonschema::meta::validate(&schema).unwrap_or_else(|e| panic!("{name}: {e}"));
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema")
}

/// The places of what a schema refuses in a YAML document.
fn refused(validator: &jsonschema::Validator, text: &str) -> Vec<String> {
    let value: Value = serde_yaml::from_str(text).expect("YAML");
    validator.iter_errors(&value).map(|e| format!("{} {e}", e.instance_path())).collect()
}

#[test]
fn a_file_of_records_has_one_schema_in_each_of_its_forms() {
    let records = validator("records");
    for text in [
        "kind: worker\nid: W-1\nengagement: freelancer\n",
        "[{ kind: worker, id: W-1 }, { kind: device, id: 12, os_version: 14.5 }]",
        "records: [{ kind: worker, id: W-1 }, { kind: device, id: D-1 }]",
        // A waiver has a field of that name.
        "{ kind: waiver, id: WV-1, type: compensating-control, check: a-b, records: [S-1], reason: x, compensating_control: y, approver: z, approved_on: 2026-01-01, from: 2026-01-01, until: 2026-02-01 }",
    ] {
        assert_eq!(refused(&records, text), Vec::<String>::new(), "{text}");
    }
    for (text, wanted) in [
        (
            "kind: worker\nid: W-1\nengagment: freelancer\n",
            " Additional properties are not allowed ('engagment'",
        ),
        ("- { kind: worker, id: W-1, engagment: freelancer }", "/0 Additional properties"),
        ("records: [{ kind: worker, id: W-1, engagment: x }]", "/records/0 Additional properties"),
        ("records: [{ kind: wroker, id: W-1 }]", "/records/0/kind \"wroker\" is not one of"),
        ("records: []\nother: 1\n", " Additional properties"),
        ("kind: worker\n", " \"id\" is a required property"),
        ("id: W-1\n", " \"kind\" is a required property"),
        ("records: [{ kind: shipment, id: S-1, to: { sreet: x } }]", "/records/0/to Additional properties"),
    ] {
        let found = refused(&records, text);
        assert!(found.len() == 1 && found[0].starts_with(wanted), "{text}: {found:?}");
    }
}

#[test]
fn a_schema_says_which_keys_a_check_has_by_its_form() {
    let measure = validator("measure");
    let committed = std::fs::read_to_string("tests/data/small-org/pack/S-01.yaml").expect("a measure");
    assert_eq!(refused(&measure, &committed), Vec::<String>::new());
    for (from, to, wanted) in [
        ("    for: shipment\n", "", "\"for\" is a required property"),
        ("    exists: device-shipping-rules\n", "", "is not valid under any of the schemas"),
        ("    grade: declared\n", "    grade: strong\n", "/checks/0/grade"),
        ("    when: ship", "    wen: ship", "('wen' was unexpected)"),
        ("    for: shipment\n", "    for: shipment\n    binds: x\n", "/checks/1/binds"),
    ] {
        let found = refused(&measure, &committed.replace(from, to));
        assert!(found.iter().any(|error| error.contains(wanted)), "{to}: {found:?}");
    }
}

#[test]
fn all_schemas_are_written_to_a_folder_and_are_no_records_there() {
    let repo = Repo::new();
    repo.copy("small-org");
    let before = audit(&repo);
    let output = duly(&repo, &["schema", "--all", "records/schemas"]);
    assert_eq!((output.status, output.stdout.as_str()), (0, ""));
    let files = std::fs::read_dir(repo.path("records/schemas")).expect("the folder").count();
    assert_eq!(output.stderr, format!("{files} schemas written to records/schemas\n"));
    let after = audit(&repo);
    let own: Vec<&Value> = after.problems().iter().filter(|p| p["code"] == "saved-schema").collect();
    assert_eq!(own.len(), 1, "{own:?}");
    says(word(&own[0]["message"]), &[&format!("{files} schemas that duly wrote")]);
    assert_eq!((&own[0]["impact"], &own[0]["place"]["path"]), (&"notice".into(), &"records/schemas".into()));
    let codes = |audit: &super::support::Audit| -> Vec<String> {
        let others = audit.problems().iter().filter(|p| p["code"] != "saved-schema");
        others.map(|p| word(&p["code"]).to_owned()).collect()
    };
    assert_eq!(codes(&after), codes(&before));
    assert_eq!(after.json["summary"], before.json["summary"]);
}

#[test]
fn no_record_passes_for_a_schema() {
    let head =
        "$schema: https://json-schema.org/draft/2020-12/schema\n$id: urn:duly:schema:v1:worker\ntitle: x\n";
    for (more, code) in [
        ("kind: worker\nid: W-1\n", "unknown-field"),
        ("records: [{ kind: worker, id: W-1 }]\n", "unknown-field"),
        ("workers: [{ kind: worker, id: W-1 }]\n", "not-a-record"),
    ] {
        let repo = Repo::new();
        repo.copy("small-org").write("records/a.yaml", format!("{head}{more}"));
        let audit = audit(&repo);
        assert!(audit.problems().iter().any(|p| p["code"] == code), "{more}: {:?}", audit.problems());
        assert!(audit.problems().iter().all(|p| p["code"] != "saved-schema"), "{more}");
    }
    // Behind a schema, records are records.
    let repo = Repo::new();
    repo.copy("small-org").write("records/a.yaml", format!("{head}---\nkind: worker\nid: W-77\nzz: 1\n"));
    let audit = audit(&repo);
    let codes: Vec<&str> = audit.problems().iter().map(|p| word(&p["code"])).collect();
    assert!(codes.contains(&"saved-schema") && codes.contains(&"unknown-field"), "{codes:?}");
}

#[test]
fn a_field_that_is_never_recorded_is_refused_with_the_reason() {
    let repo = Repo::with(&[("a.yaml", "kind: worker\nid: W-1\nnationality: KP\n")]);
    let output = duly(&repo, &["audit", ".", "--as-of", AS_OF, "--report", "json"]);
    let report: Value = serde_json::from_str(&output.stdout).expect("a report");
    let problem =
        items(&report["problems"]).iter().find(|p| p["code"] == "unknown-field").expect("a problem");
    says(word(&problem["help"]), &["never records or looks at nationality"]);
}
