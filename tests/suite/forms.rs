//! Personal data in kinds that a pack brings: whatever form of JSON Schema marks it, or fails to describe it, no
//! output holds it.

use std::fmt::Write as _;

use super::packs::{HEAD, each, measure};
use super::support::{AS_OF, Call, Repo, audit, says, word};

/// Name, schema and value of a field that no output may hold. Each value has `zqx` in every key that no schema
/// names and in every value.
const FORMS: &[(&str, &str, &str)] = &[
    ("plain", r#"{"type": "string", "x-duly-sensitive": "name"}"#, "zqx"),
    ("all_of", r#"{"type": "string", "allOf": [{"x-duly-sensitive": "name"}]}"#, "zqx"),
    ("all_of_only", r#"{"allOf": [{"type": "string"}, {"x-duly-sensitive": "bank"}]}"#, "zqx"),
    ("any_of", r#"{"type": "string", "anyOf": [{"minLength": 1}, {"x-duly-sensitive": "bank"}]}"#, "zqx"),
    ("one_of", r#"{"type": "string", "oneOf": [{"x-duly-sensitive": "bank"}]}"#, "zqx"),
    ("if_then", r#"{"type": "string", "if": {"minLength": 1}, "then": {"x-duly-sensitive": "bank"}}"#, "zqx"),
    ("if_else", r#"{"type": "string", "if": {"minLength": 9}, "else": {"x-duly-sensitive": "bank"}}"#, "zqx"),
    ("not_it", r#"{"type": "string", "not": {"x-duly-sensitive": "bank", "const": "a"}}"#, "zqx"),
    ("reference", r##"{"$ref": "#/$defs/secret"}"##, "zqx"),
    ("reference_beside", r##"{"$ref": "#/$defs/secret", "type": "string"}"##, "zqx"),
    ("chain", r##"{"$ref": "#/$defs/chain", "type": "string"}"##, "zqx"),
    ("anchor", r##"{"$ref": "#anchored", "type": "string"}"##, "zqx"),
    ("percent", r##"{"$ref": "#/$defs/se%63ret", "type": "string"}"##, "zqx"),
    ("nested_definition", r##"{"$ref": "#/properties/holder/$defs/inner", "type": "string"}"##, "zqx"),
    ("anything", "true", "zqx"),
    ("silent", "{}", "zqx"),
    ("types", r#"{"type": ["string", "null"]}"#, "zqx"),
    ("types_marked", r#"{"type": ["string", "integer"], "x-duly-sensitive": "bank"}"#, "zqx"),
    ("by_pattern", r#"{"type": "string"}"#, "zqx"),
    ("dependent", r#"{"type": "string"}"#, "zqx"),
    ("from_root", r#"{"type": "string"}"#, "zqx"),
    ("bare_object", r#"{"type": "object"}"#, "{zqx: zqx, a: {zqx: [zqx]}}"),
    ("map", r#"{"type": "object", "additionalProperties": {"type": "string"}}"#, "{zqx: zqx}"),
    (
        "patterns",
        r#"{"type": "object", "properties": {"a": {"type": "string"}}, "patternProperties": {"^": {"type": "string"}}}"#,
        "{zqx: zqx}",
    ),
    ("open_object", r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#, "{zqx: zqx}"),
    (
        "parent",
        r#"{"type": "object", "x-duly-sensitive": "bank", "properties": {"inner": {"type": "string"}}}"#,
        "{inner: zqx}",
    ),
    (
        "parent_of_parent",
        r#"{"type": "object", "x-duly-sensitive": "bank", "properties": {"inner": {"type": "object", "properties": {"inner": {"type": "string"}}}}}"#,
        "{inner: {inner: zqx}}",
    ),
    (
        "inner_all_of",
        r#"{"type": "object", "properties": {"inner": {"type": "string"}}, "allOf": [{"properties": {"inner": {"x-duly-sensitive": "bank"}}}]}"#,
        "{inner: zqx}",
    ),
    (
        "inner_any_of",
        r#"{"type": "object", "properties": {"inner": {"type": "string"}}, "anyOf": [{"properties": {"inner": {"x-duly-sensitive": "bank"}}}]}"#,
        "{inner: zqx}",
    ),
    (
        "inner_then",
        r#"{"type": "object", "properties": {"inner": {"type": "string"}}, "if": {}, "then": {"properties": {"inner": {"x-duly-sensitive": "bank"}}}}"#,
        "{inner: zqx}",
    ),
    (
        "inner_pattern",
        r#"{"type": "object", "properties": {"inner": {"type": "string"}}, "patternProperties": {"^inn": {"x-duly-sensitive": "bank"}}}"#,
        "{inner: zqx}",
    ),
    (
        "inner_reference",
        r##"{"$ref": "#/$defs/holder", "type": "object", "properties": {"inner": {"type": "string"}}}"##,
        "{inner: zqx}",
    ),
    (
        "inner_other",
        r#"{"type": "object", "allOf": [{"type": "object", "properties": {"inner": {"type": "string"}}}], "properties": {"a": {"type": "string"}}, "additionalProperties": {"x-duly-sensitive": "bank"}}"#,
        "{inner: zqx}",
    ),
    ("list", r#"{"type": "array", "items": {"type": "string", "x-duly-sensitive": "bank"}}"#, "[zqx, zqx]"),
    ("list_marked", r#"{"type": "array", "x-duly-sensitive": "bank", "items": {"type": "string"}}"#, "[zqx]"),
    (
        "list_of_lists",
        r#"{"type": "array", "x-duly-sensitive": "bank", "items": {"type": "array", "items": {"type": "string"}}}"#,
        "[[zqx]]",
    ),
    (
        "list_of_objects",
        r#"{"type": "array", "x-duly-sensitive": "bank", "items": {"type": "object", "properties": {"inner": {"type": "string"}}}}"#,
        "[{inner: zqx}]",
    ),
    (
        "tuple",
        r#"{"type": "array", "prefixItems": [{"x-duly-sensitive": "bank"}], "items": {"type": "string"}}"#,
        "[zqx, zqx]",
    ),
    ("tuple_only", r#"{"type": "array", "prefixItems": [{"type": "string"}]}"#, "[zqx, zqx]"),
    (
        "contains",
        r#"{"type": "array", "items": {"type": "string"}, "contains": {"x-duly-sensitive": "bank"}}"#,
        "[zqx]",
    ),
    (
        "list_all_of",
        r#"{"type": "array", "items": {"type": "string"}, "allOf": [{"items": {"x-duly-sensitive": "bank"}}]}"#,
        "[zqx]",
    ),
    ("open_list", r#"{"type": "array"}"#, "[zqx, {zqx: zqx}]"),
    ("tree", r##"{"$ref": "#/$defs/tree"}"##, "{left: {left: {label: zqx}}, right: {label: zqx}}"),
    ("pointing", r#"{"type": "string", "x-duly-ref": "worker", "x-duly-sensitive": "name"}"#, "zqx"),
];

const REST: &str = r##"
  "holder": {"type": "string", "$defs": {"inner": {"x-duly-sensitive": "bank"}}},
  "shown": {"type": "string"},
  "shown_too": {"allOf": [{"type": "string"}]},
  "shown_by_reference": {"$ref": "#/$defs/word"}
},
"patternProperties": {"^by_pat": {"x-duly-sensitive": "bank"}},
"dependentSchemas": {"kind": {"properties": {"dependent": {"x-duly-sensitive": "bank"}}}},
"anyOf": [{"properties": {"from_root": {"x-duly-sensitive": "bank"}}}],
"$defs": {
  "word": {"type": "string"},
  "secret": {"type": "string", "x-duly-sensitive": "bank"},
  "chain": {"allOf": [{"$ref": "#/$defs/secret"}]},
  "anchored": {"$anchor": "anchored", "x-duly-sensitive": "bank"},
  "holder": {"properties": {"inner": {"x-duly-sensitive": "bank"}}},
  "tree": {"type": "object", "properties": {
    "label": {"x-duly-sensitive": "bank", "type": "string"},
    "left": {"$ref": "#/$defs/tree"}, "right": {"$ref": "#/$defs/tree"}, "middle": {"$ref": "#/$defs/tree"}
  }}
}}"##;

fn schema() -> String {
    let mut text = String::from(
        r#"{"type": "object", "required": ["id"], "properties": {"kind": {"const": "seat"}, "id": {"type": "string"},"#,
    );
    for (name, schema, _) in FORMS {
        let _ = write!(text, "\"{name}\": {schema},");
    }
    text + REST
}

/// A repository whose pack prints and points to every field.
fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("pack/pack.yaml", format!("{HEAD}kinds: [{{ kind: seat, schema: seat.json }}]\n"));
    repo.write("pack/seat.json", schema());
    let mut checks = String::new();
    let fields = FORMS.iter().map(|(name, ..)| *name).chain(["shown", "shown_too", "shown_by_reference"]);
    for (i, field) in fields.enumerate() {
        let message = format!("{{{{ seat.{field} }}}}");
        checks.push_str(&each(
            &format!("c-{i}"),
            "seat",
            "seat.id == 'never'",
            &message,
            &[&format!("at: {field}")],
        ));
        if FORMS.iter().any(|(name, schema, _)| {
            *name == field && schema.contains("\"inner\": {\"type\": \"string\"") && !schema.contains("array")
        }) && field != "parent_of_parent"
        {
            let message = format!("{{{{ seat.{field}.inner }}}}");
            let at = format!("at: {field}.inner");
            checks.push_str(&each(&format!("i-{i}"), "seat", "seat.id == 'never'", &message, &[&at]));
        }
    }
    repo.write("pack/T-01.yaml", measure("T-01", "high", &checks));
    repo
}

#[track_caller]
fn nothing_leaks(repo: &Repo) -> usize {
    let mut findings = 0;
    for way in [&[][..], &["--verbose"], &["--report", "json"], &["--quiet"]] {
        let args = [&["audit", ".", "--as-of", AS_OF, "--pack", "pack"], way].concat();
        let output = Call::new(repo.root()).args(args).run();
        assert_ne!(output.status, 2, "{}", output.stderr);
        for line in output.stdout.lines().chain(output.stderr.lines()) {
            assert!(!line.contains("zqx"), "{line}\n{}", output.stdout);
        }
        findings = findings.max(output.stdout.matches("\"fingerprint\"").count());
    }
    findings
}

#[test]
fn no_form_of_schema_lets_a_value_out() {
    let repo = repo();
    let values = |value: &dyn Fn(&str) -> String, id: &str| {
        let mut text = format!(
            "kind: seat\nid: {id}\nholder: a\nshown: word-1\nshown_too: word-2\nshown_by_reference: word-3\n"
        );
        for (name, _, own) in FORMS {
            let _ = writeln!(text, "{name}: {}", value(own));
        }
        text
    };
    repo.write("valid.yaml", values(&|own| own.to_owned(), "valid"));
    let findings = nothing_leaks(&repo);
    assert!(findings > FORMS.len(), "every field is printed: {findings}");
    let valid = audit(&repo);
    assert!(valid.problems().iter().all(|p| p["code"] == "broken-reference"), "{}", valid.text);
    assert_eq!(valid.coded("broken-reference").len(), 1);
    let messages: Vec<&str> = valid.findings().iter().map(|f| word(&f["message"])).collect();
    for shown in ["word-1", "word-2", "word-3"] {
        assert!(messages.contains(&shown), "what a schema describes is shown: {messages:?}");
    }
    says(&valid.raw, &["shown: word-1", "[bank data]", "[withheld]"]);
    // What the schema refuses is as silent.
    repo.write("map.yaml", values(&|_| "{zqx: {zqx: zqx}}".to_owned(), "map"));
    repo.write("lists.yaml", values(&|_| "[[zqx], {zqx: zqx}, 1]".to_owned(), "lists"));
    repo.write("inner.yaml", values(&|_| "{inner: [zqx], label: [zqx]}".to_owned(), "inner"));
    repo.write(
        "line.yaml",
        "{kind: seat, id: line, plain: zqx, map: {zqx: 1}, shown: zqx}"
            .replace("shown: zqx", "shown: word-4"),
    );
    nothing_leaks(&repo);
    assert_eq!(audit(&repo).status, 3);
}

#[test]
fn a_schema_that_names_itself_ends() {
    let repo = Repo::new();
    repo.write("pack/pack.yaml", format!("{HEAD}kinds: [{{ kind: seat, schema: seat.json }}]\n"));
    let fields: Vec<String> = (0..8).map(|i| format!(r##""f{i}": {{"$ref": "#"}}"##)).collect();
    let schema = format!(
        r#"{{"type": "object", "properties": {{"kind": {{"type": "string"}}, "id": {{"type": "string"}}, {}}}}}"#,
        fields.join(", ")
    );
    repo.write("pack/seat.json", schema);
    repo.write(
        "pack/T-01.yaml",
        measure("T-01", "high", &each("c", "seat", "seat.id == 'x'", "{{ seat.id }}", &[])),
    );
    repo.write("s.yaml", "kind: seat\nid: s\nf1: {id: a, kind: b, f2: {id: c}}\n");
    assert_eq!(nothing_leaks(&repo), 1);
}

#[test]
fn a_pack_cannot_call_personal_data_an_id_or_invent_a_class() {
    let cases = [
        (
            r#"{"type": "object", "properties": {"id": {"type": "string", "x-duly-sensitive": "email"}}}"#,
            "ids name records",
        ),
        (
            r#"{"type": "object", "x-duly-id": "mail", "properties": {"mail": {"type": "string"}}, "allOf": [{"properties": {"mail": {"x-duly-sensitive": "email"}}}]}"#,
            "ids name records",
        ),
        (r#"{"type": "object"}"#, "must be described as text"),
        (
            r#"{"type": "object", "properties": {"id": {"type": "string"}, "a": {"type": "string", "x-duly-sensitive": "ssn"}}}"#,
            "no class of personal data",
        ),
        (
            r#"{"type": "object", "properties": {"id": {"type": "string"}, "a": {"type": "string", "x-duly-sensitive": true}}}"#,
            "no class of personal data",
        ),
    ];
    for (schema, why) in cases {
        let repo = Repo::with(&[("s.yaml", "kind: seat\nid: zqx\nmail: zqx\n")]);
        repo.write("pack/pack.yaml", format!("{HEAD}kinds: [{{ kind: seat, schema: seat.json }}]\n"));
        repo.write("pack/seat.json", schema);
        repo.write("pack/T-01.yaml", measure("T-01", "high", &each("c", "seat", "has(seat.kind)", "m", &[])));
        let args = ["audit", ".", "--as-of", AS_OF, "--pack", "pack"];
        let output = Call::new(repo.root()).args(args).run();
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{schema}");
        says(&output.stderr, &[why, "--> pack/seat.json", "help: "]);
        assert!(!output.stderr.contains("zqx"));
    }
}
