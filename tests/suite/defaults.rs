//! Defaults: a value that holds wherever a record leaves its field out is stated once, held to the schema, shown, and
//! judged like a rule.

use super::history::History;
use super::packs::{active, each, pack};
use super::support::{AS_OF, Audit, Repo, at, audit, audit_with, duly, flat, items, place, says, word};

/// Vendors of which the check asks that they are active; what the defaults say of the others.
fn vendors(defaults: &str, records: &str) -> Repo {
    let config = format!("packs: [pack]\ndefaults:\n{defaults}");
    let repo = Repo::with(&[("v.yaml", records), ("duly.yaml", &config)]);
    active(&repo);
    repo
}

const TWO: &str =
    "- { kind: vendor, id: v-1, type: staffing-firm }\n- { kind: vendor, id: v-2, status: ended }\n";

/// Each default in the coverage: kind, field, value and the records it fills.
fn coverage(audit: &Audit) -> Vec<String> {
    let of = |default: &serde_json::Value| {
        let text = |key: &str| word(&default[key]).to_owned();
        format!("{} {} {} {}", text("kind"), text("field"), text("value"), default["records"])
    };
    items(&audit.json["coverage"]["defaults"]).iter().map(of).collect()
}

#[test]
fn a_default_stands_in_for_what_a_record_leaves_out() {
    let repo = vendors("  vendor: { status: active }\n", TWO);
    let whole = audit(&repo);
    // A value in a record wins.
    assert_eq!(whole.satisfied("vendor-not-active"), ["v-1"]);
    assert_eq!(whole.ids("vendor-not-active", "gap"), ["v-2"]);
    assert_eq!(coverage(&whole), ["vendor status active 1"]);
    let stated = &whole.json["coverage"]["defaults"][0]["place"];
    assert!(at(&repo, stated).starts_with("status: active"), "{stated}");
    says(&flat(&whole.text), &["1 value from `defaults` of the configuration"]);
    // Evidence is no stronger than what it rests on.
    assert_eq!(word(&whole.check("vendor-not-active")["grade"]), "declared");
    let verbose = audit_with(&repo, &["--verbose"]);
    let words = "`status` of vendor is active by default in 1 record (duly.yaml:3:13)";
    says(&flat(&verbose.text), &[words]);
    let html = duly(&repo, &["audit", ".", "--as-of", AS_OF, "--report", "html"]);
    says(&html.stdout, &[words]);
}

#[test]
fn what_no_default_fills_is_as_without_defaults() {
    let repo = vendors("  vendor: { status: active }\n", "- { kind: vendor, id: v-2, status: active }\n");
    let whole = audit(&repo);
    assert_eq!(word(&whole.check("vendor-not-active")["grade"]), "observed");
    let problem = whole.problem("unused-default");
    assert_eq!((word(&problem["impact"]), whole.status), ("notice", 0), "{problem}");
    assert_eq!(place(&problem["place"]), "duly.yaml:3:13");
    says(word(&problem["message"]), &["the default of `status` fills no record of the kind `vendor`"]);
    repo.write("duly.yaml", "packs: [pack]\n");
    assert!(audit(&repo).json["coverage"].get("defaults").is_none());
}

#[test]
fn a_finding_that_rests_on_a_default_says_so() {
    let repo = vendors("  vendor: { status: ended, type: staffing-firm }\n", "kind: vendor\nid: v-1\n");
    let whole = audit(&repo);
    let found = whole.of("vendor-not-active");
    assert_eq!(found.len(), 1, "{}", whole.text);
    // The check does not read the type.
    let words = "vendor v-1 is ended; this rests on a default: `status` (duly.yaml:3:13)";
    assert_eq!(word(&found[0]["message"]), words);
    // It is shown where the record is named, and is the same finding once the record says it itself.
    assert_eq!(place(&found[0]["place"]), "v.yaml:2:5");
    repo.write("v.yaml", "kind: vendor\nid: v-1\ntype: staffing-firm\nstatus: ended\n");
    let recorded = audit(&repo);
    let own = recorded.of("vendor-not-active")[0];
    assert_eq!(own["fingerprint"], found[0]["fingerprint"]);
    assert_eq!(word(&own["message"]), "vendor v-1 is ended");
}

#[test]
fn every_format_of_records_is_filled() {
    let repo = vendors(
        "  vendor:\n    status: active\n    subcontracts: false\nsources:\n  - { name: a, files: ['*.json', v.yaml] }\n  \
         - { name: b, files: ['*.jsonl'], reader: json-lines }\n",
        "records:\n- &v { kind: vendor, id: v-1, status: }\n- { kind: vendor, id: v-2, status: null }\n",
    );
    repo.write(
        "w.json",
        r#"[{"kind": "vendor", "id": "v-3"}, {"kind": "vendor", "id": "v-4", "status": null}]"#,
    )
    .write("x.jsonl", "{\"kind\": \"vendor\", \"id\": \"v-5\"}\n{\"kind\": \"vendor\", \"id\": \"v-6\"}\n");
    let whole = audit(&repo);
    assert_eq!(whole.satisfied("vendor-not-active"), ["v-1", "v-2", "v-3", "v-4", "v-5", "v-6"]);
    assert_eq!(coverage(&whole), ["vendor status active 6", "vendor subcontracts false 6"]);
}

#[test]
fn what_a_record_says_badly_is_not_mended() {
    let records = "- { kind: vendor, id: v-1, status: actve }\n- { kind: device, id: D-1, os_version: n/a }\n\
                   - { kind: vendor, name: Unnamed }\n- { kind: vendor, id: v-3 }\n- { kind: vendor, id: v-3 }\n";
    let repo = vendors("  vendor: { status: active }\n  device: { os_version: '11' }\n", records);
    let whole = audit(&repo);
    assert_eq!(whole.status, 3);
    assert_eq!(at(&repo, &whole.problem("invalid-value")["place"]), "actve }");
    says(word(&whole.problem("placeholder")["message"]), &["`os_version` says nothing"]);
    says(word(&whole.problem("required-field")["message"]), &["missing field `id`"]);
    assert_eq!(at(&repo, &whole.problem("duplicate-id")["place"]), "v-3 }");
    assert_eq!(whole.ids("vendor-not-active", "not-assessed"), ["v-1", "v-3"]);
    assert_eq!(coverage(&whole), ["device os_version 11 0", "vendor status active 1"]);
}

#[test]
fn joins_and_groups_see_one_record() {
    let repo = vendors("  vendor: { status: active, type: staffing-firm }\n", TWO);
    let related =
        each("alone", "vendor", "related('vendor', 'status', 'active').size() == 0", "not alone", &[]);
    let groups = each(
        "one-group",
        "vendor",
        "group.size() < 2",
        "{{ ids }} are one group",
        &["group_by: vendor.type", "at: type", "pattern: Two vendors can be of one type."],
    );
    pack(&repo, &format!("{related}{groups}"));
    let whole = audit(&repo);
    assert_eq!(whole.ids("alone", "gap"), ["v-1", "v-2"]);
    assert_eq!(whole.ids("one-group", "gap"), ["v-1", "v-2"]);
    says(word(&whole.of("one-group")[0]["message"]), &["this rests on a default: `type`"]);
}

#[test]
fn what_cannot_be_a_default_is_refused_with_its_place_and_the_reason() {
    let repo = vendors("  vendor: { status: active }\n", TWO);
    for (defaults, column, words) in [
        ("device: { ownership: compny }", 24, "must be one of: company, vendor, personal"),
        ("device: { location_enabled: sometimes }", 31, "must be true or false"),
        ("device: { id: LT-1 }", 13, "`id` cannot have a default: it is the id, which names one record"),
        ("device: { kind: device }", 13, "`kind` cannot have a default"),
        ("device: { assigned_to: W-1 }", 26, "`assigned_to` cannot have a default: it names another record"),
        ("device: { enrolled_on: 2026-01-01 }", 26, "it is the day or time of something that happened"),
        ("device: { notes: fine }", 20, "`notes` cannot have a default: it is personal data, or could be"),
        ("device: { software: [] }", 13, "it lists what was found for one record"),
        ("device: { settings_document: { ref: a.md } }", 39, "`settings_document.ref` cannot have a default"),
        (
            "device: { monitoring_agent: { installed_on: 2026-01-01 } }",
            47,
            "`monitoring_agent.installed_on` cannot",
        ),
        (
            "device: { remote_access: { rdp: true } }",
            30,
            "`rdp` is not a field that the schema of `device` describes",
        ),
        (
            "device: { onwership: company }",
            13,
            "`onwership` is not a field of `device` did you mean `ownership`?",
        ),
        ("device: { ownership: }", 13, "the default of `ownership` has no value"),
        ("device: { os_version: n/a }", 25, "the default of `os_version` says nothing"),
        ("worker: { email: a@mail.example }", 20, "`email` cannot have a default: it is personal data"),
        ("waiver: { type: disputed }", 3, "no field of `waiver` can have a default"),
        ("devise: { os: windows }", 3, "there is no kind `devise` did you mean `device`?"),
        ("device: company", 11, "must be a mapping"),
    ] {
        repo.write("duly.yaml", format!("packs: [pack]\ndefaults:\n  {defaults}\n"));
        let output = duly(&repo, &["audit", ".", "--as-of", AS_OF]);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{defaults}");
        let said = flat(&output.stderr.replace(" = help:", ""));
        says(&said, &[&format!("duly.yaml:3:{column} ")]);
        says(&said.replace(&format!("--> duly.yaml:3:{column} "), ""), &[words]);
    }
    let many: String = (0..65).map(|i| format!("s{i}, ")).collect();
    repo.write("duly.yaml", format!("packs: [pack]\ndefaults:\n  vendor: {{ subcontractors: [{many}] }}\n"));
    let output = duly(&repo, &["audit", ".", "--as-of", AS_OF]);
    says(&flat(&output.stderr), &["the defaults of `vendor` have 66 values", "state at most 64 values"]);
}

#[test]
fn a_kind_of_a_pack_can_have_defaults() {
    let schema = r#"{"type": "object", "required": ["kind", "code", "level"], "properties": {
        "kind": {"const": "badge"}, "code": {"type": "string"}, "level": {"type": "string", "enum": ["a", "b"]},
        "holder": {"type": "string", "x-duly-sensitive": "name"}}, "x-duly-id": "code"}"#;
    let config = "packs: [pack]\ndefaults:\n  badge: { level: b }\n";
    let repo = Repo::with(&[("b.yaml", "kind: badge\ncode: B-1\n"), ("duly.yaml", config)]);
    pack(&repo, &each("badge-of-level-b", "badge", "badge.level == 'b'", "{{ badge.code }}", &["at: level"]));
    let head = format!("{}kinds:\n  - {{ kind: badge, schema: badge.json }}\n", repo.text("pack/pack.yaml"));
    repo.write("pack/pack.yaml", head).write("pack/badge.json", schema);
    // What the schema requires may be a default.
    let whole = audit(&repo);
    assert_eq!((whole.status, whole.satisfied("badge-of-level-b")), (0, vec!["B-1"]), "{}", whole.text);
    for (field, words) in [
        ("level: c", "must be one of: a, b"),
        ("code: B-2", "`code` cannot have a default"),
        ("holder: Jo", "it is personal data"),
    ] {
        repo.write("duly.yaml", format!("packs: [pack]\ndefaults:\n  badge: {{ {field} }}\n"));
        says(&duly(&repo, &["audit", ".", "--as-of", AS_OF]).stderr, &[words]);
    }
}

/// A vendor that leaves its status out, in its first commit, with defaults.
fn committed(defaults: &str, record: &str) -> History {
    let history = History::new();
    active(&history.repo);
    history.write("duly.yaml", &format!("packs: [pack]\n{defaults}")).write("v.yaml", record);
    history.commit("first", 0);
    history
}

fn change(history: &History) -> Audit {
    audit_with(&history.repo, &["--base", "HEAD"])
}

#[test]
fn a_default_that_hides_a_gap_of_its_change_does_not_count() {
    let history = History::new();
    let more = ["at: status", "missing: gap"];
    pack(
        &history.repo,
        &each("vendor-not-active", "vendor", "vendor.status == 'active'", "not active", &more),
    );
    history.write("duly.yaml", "packs: [pack]\n").write("v.yaml", "kind: vendor\nid: v-1\nstatus: active\n");
    history.commit("first", 0);
    history
        .write("duly.yaml", "packs: [pack]\ndefaults:\n  vendor: { status: active }\n")
        .write("v.yaml", "kind: vendor\nid: v-1\n");
    let whole = change(&history);
    let rules = items(&whole.json["baseline"]["rules"]);
    assert_eq!(rules.len(), 1, "{rules:?}");
    assert_eq!(word(&rules[0]["what"]), "adds a default for `status` of `vendor`: active");
    assert_eq!(place(&rules[0]["place"]), "duly.yaml:3:13");
    assert_eq!((whole.status, &rules[0]["hidden"]), (1, &1.into()), "{}", whole.text);
    let words = ["adds a default for `status` of `vendor`: active", "1 gap is new or worse and counts here"];
    says(&flat(&whole.text), &words);
}

#[test]
fn records_are_judged_again_when_a_default_changes() {
    let with = |value: &str| format!("defaults:\n  vendor: {{ status: {value} }}\n");
    let history = committed(&with("active"), "kind: vendor\nid: v-1\n");
    assert_eq!(change(&history).status, 0);
    history.write("duly.yaml", &format!("packs: [pack]\n{}", with("ended")));
    let whole = change(&history);
    assert_eq!(
        (whole.status, word(&whole.of("vendor-not-active")[0]["change"])),
        (1, "new"),
        "{}",
        whole.text
    );
    says(&flat(&whole.text), &["sets the default for `status` of `vendor` to ended, from active"]);
    history.write("duly.yaml", "packs: [pack]\n");
    says(&flat(&change(&history).text), &["removes the default for `status` of `vendor`", "Assurance lost"]);
    // A remark beside it changes nothing.
    history.write("duly.yaml", &format!("# Ours.\npacks: [pack]\n{}", with("active")));
    let same = change(&history);
    assert_eq!((same.status, items(&same.json["baseline"]["rules"]).len()), (0, 0), "{}", same.text);
}

#[test]
fn a_default_is_harmless_wherever_it_is_shown() {
    let repo = vendors("  device: { managed_by: \"a\\u202e\\e[31m|<b>`::error::x\" }\n", TWO);
    repo.write("d.yaml", "kind: device\nid: D-1\n");
    for format in ["terminal", "html", "markdown", "json", "sarif"] {
        let output = duly(&repo, &["audit", ".", "--as-of", AS_OF, "--verbose", "--report", format]);
        assert!(format != "html" || !output.stdout.contains("|<b>`"), "a tag in {format}");
    }
    assert_eq!(audit(&repo).status, 1);
}
