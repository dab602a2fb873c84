//! The laws of docs/policies.md, held over the whole pack: each is taken to every field and every check that it is about.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use duly::assessment::Outcome;
use duly::records::{FieldType, Shape};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::estate::{Estate, policies};
use crate::mutation::{Change, Edit, JudgedList, Random, Step, edited, ids, is_exhaustive, schemas};
use crate::repository::root;

/// Fields that functions read of what they are given.
const READ_BY_FUNCTIONS: &[&str] = &[
    "ref",
    "sha256",
    "dated_on",
    "street",
    "unit",
    "city",
    "region",
    "postal_code",
    "country",
    "latitude",
    "longitude",
];

/// Fields that are for people: they say what a record is about, and nothing may rest on them.
const FOR_PEOPLE: &[&str] = &["count", "description", "group", "id", "kind", "name", "notes", "title"];

/// What a shape of an object is told by, wherever it stands: the names of its fields.
fn told_by(shape: &Shape) -> String {
    shape.fields().iter().map(|f| f.name.as_str()).collect::<Vec<_>>().join(" ")
}

/// Every field below a shape: of which object, its path, and whether a policy reads it there.
fn fields(shape: &Shape, path: &str, found: &mut Vec<(String, String, String, bool)>) {
    match &shape.form {
        FieldType::Object(fields_of) => {
            for field in fields_of {
                let path = format!("{path}.{}", field.name);
                let read = policies().plan.reads(&field.shape);
                found.push((told_by(shape), field.name.clone(), path.clone(), read));
                fields(&field.shape, &path, found);
            }
        }
        FieldType::List(items) => fields(items, path, found),
        _ => {}
    }
}

/// Fields that messages of the pack insert, as `kind.path`.
fn inserted() -> BTreeSet<String> {
    let insertion = regex::Regex::new(r"\{\{ *([a-z_]+)\.([a-z_.]+) *\}\}").expect("a pattern");
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(root().join("policies/fbi-i-101823-psa")).expect("the pack") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|e| e == "yaml") {
            let text = fs::read_to_string(path).expect("a policy");
            found.extend(
                insertion.captures_iter(&text).map(|c| format!("{}.{}", c[1].replace('_', "-"), &c[2])),
            );
        }
    }
    found
}

#[test]
fn every_field_of_every_kind_is_read() {
    let catalog = &policies().catalog;
    let inserted = inserted();
    let mut found = Vec::new();
    for name in catalog.names() {
        let kind = catalog.find(name).expect("its own name");
        // Decisions are read one by one, without expressions.
        if catalog.get(kind).group == duly::records::kinds::DECISIONS {
            continue;
        }
        fields(&catalog.get(kind).shape, name, &mut found);
    }
    let read: BTreeSet<(&str, &str)> =
        found.iter().filter(|(.., read)| *read).map(|(of, name, ..)| (of.as_str(), name.as_str())).collect();
    let unread: Vec<&str> = found
        .iter()
        .filter(|(of, name, ..)| {
            !read.contains(&(of.as_str(), name.as_str()))
                && !READ_BY_FUNCTIONS.contains(&name.as_str())
                && !FOR_PEOPLE.contains(&name.as_str())
        })
        .filter(|(.., path, _)| !inserted.contains(path))
        .map(|(.., path, _)| path.as_str())
        .collect();
    assert!(unread.is_empty(), "{} fields that nothing reads:\n{}", unread.len(), unread.join("\n"));
}

fn is_finding(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Gap | Outcome::Review)
}

/// Changes of relaxing fields that are tried every day.
const SAMPLE: usize = 400;

/// Every value that can stand in a field of a schema, as far as it could relax something.
fn values(schema: &Value, node: &Value, others: &[String]) -> Vec<Value> {
    let format = node["format"].as_str();
    match (node["enum"].as_array(), node["type"].as_str(), format) {
        (Some(words), ..) => words.iter().filter(|word| word.is_string()).cloned().collect(),
        (_, Some("boolean"), _) => vec![json!(true), json!(false)],
        (_, Some("integer" | "number"), _) => {
            let least = node["minimum"].as_i64().unwrap_or(0);
            vec![json!(least), json!(20_000)]
        }
        (_, Some("string"), Some("date")) => {
            vec![json!("2023-06-30"), json!("2026-06-30"), json!("2026-08-14")]
        }
        (_, Some("string"), Some("date-time")) => {
            vec![json!("2023-06-30T09:00:00Z"), json!("2026-06-30T00:00:00Z"), json!("2026-08-14T09:00:00Z")]
        }
        (_, Some("string"), _) if node["x-duly-ref"].is_string() => {
            others.iter().take(2).map(|id| json!(id)).collect()
        }
        (_, Some("string"), _) => vec![json!("agreed with the manager")],
        (_, Some("array"), _) => {
            let (items, _) = resolved(schema, &node["items"]);
            values(schema, items, others).into_iter().map(|one| json!([one])).collect()
        }
        _ => Vec::new(),
    }
}

fn resolved<'a>(schema: &'a Value, mut node: &'a Value) -> (&'a Value, bool) {
    let mut relaxes = node["x-duly-relaxes"] == true;
    while let Some(target) = node["$ref"].as_str() {
        node = schema.pointer(target.trim_start_matches('#')).expect("the definition is there");
        relaxes |= node["x-duly-relaxes"] == true;
    }
    (node, relaxes)
}

/// Every way to write a value that relaxes into a record, also where nothing stands so far.
struct Relaxations<'a> {
    schema: &'a Value,
    ids: &'a BTreeMap<String, Vec<String>>,
    record: &'a Value,
    found: Vec<Change>,
}

impl Relaxations<'_> {
    fn below(&mut self, node: &Value, value: &Value, path: &mut Vec<Step>, written: &str) {
        match value {
            Value::Object(members) => {
                for (key, inner) in node["properties"].as_object().into_iter().flatten() {
                    let (inner, relaxes) = resolved(self.schema, inner);
                    path.push(Step::Key(key.clone()));
                    let written = format!("{written}.{key}");
                    let present = members.get(key);
                    if relaxes {
                        self.at(inner, present, path, &written);
                    }
                    if let Some(present) = present {
                        self.below(inner, present, path, &written);
                    }
                    path.pop();
                }
            }
            Value::Array(items) => {
                let (inner, _) = resolved(self.schema, &node["items"]);
                for (i, item) in items.iter().enumerate() {
                    path.push(Step::Index(i));
                    self.below(inner, item, path, &format!("{written}[]"));
                    path.pop();
                }
            }
            _ => {}
        }
    }

    fn at(&mut self, node: &Value, present: Option<&Value>, path: &[Step], written: &str) {
        let kind = node["x-duly-ref"].as_str().or_else(|| node["items"]["x-duly-ref"].as_str());
        let own = self.record["id"].as_str();
        let others: Vec<String> = kind
            .and_then(|kind| self.ids.get(kind))
            .into_iter()
            .flatten()
            .filter(|id| Some(id.as_str()) != own)
            .cloned()
            .collect();
        for value in values(self.schema, node, &others) {
            if Some(&value) != present {
                self.found.push(Change {
                    path: path.to_vec(),
                    field: written.to_owned(),
                    name: format!("relaxed to {value}"),
                    edit: Edit::Set(value),
                    relaxes: true,
                });
            }
        }
    }
}

/// Every relaxation of some records of an estate.
fn relaxations(estate: &Estate, which: impl Fn(&str) -> bool) -> Vec<(usize, Change)> {
    let (schemas, ids) = (schemas(), ids(&estate.records));
    let mut all = Vec::new();
    for (i, record) in estate.records.iter().enumerate() {
        let kind = record["kind"].as_str().unwrap_or_default();
        if !which(record["id"].as_str().unwrap_or_default()) {
            continue;
        }
        let Some(schema) = schemas.get(kind) else { continue };
        let mut found = Relaxations { schema, ids: &ids, record, found: Vec::new() };
        found.below(schema, record, &mut Vec::new(), kind);
        all.extend(found.found.into_iter().map(|change| (i, change)));
    }
    if !is_exhaustive() {
        Random::new(20_231_018).shuffle(&mut all);
        all.truncate(SAMPLE);
    }
    all
}

/// Law 1: what has a gap or a review in meridian-labs keeps one, whatever its relaxing fields say.
#[test]
fn no_label_takes_a_finding_away() {
    let (estate, judged) = (Estate::of("meridian-labs"), JudgedList::read());
    let before = estate.said();
    let of_concern: BTreeSet<&str> = before
        .findings
        .iter()
        .filter(|f| is_finding(f.1))
        .flat_map(|f| f.2.iter().map(String::as_str))
        .collect();
    let tried = relaxations(&estate, |id| of_concern.contains(id));
    assert!(tried.len() >= SAMPLE, "{}", tried.len());
    let wrong: Vec<String> = tried
        .par_iter()
        .filter_map(|(i, change)| {
            let record = &estate.records[*i];
            let after = estate.said_with(&[(*i, Some(edited(record, &change.path, &change.edit)))], &[]);
            let own = |f: &&(String, Outcome, Vec<String>)| {
                record["id"].as_str().is_some_and(|id| f.2.iter().any(|other| other == id))
            };
            let lost: BTreeSet<&String> = before
                .findings
                .difference(&after.findings)
                .filter(own)
                .filter(|f| is_finding(f.1))
                .map(|f| &f.0)
                .collect();
            let said = after.findings.difference(&before.findings).any(|f| own(&f))
                || !after.problems.is_subset(&before.problems);
            (!lost.is_empty() && !said && !judged.may_go_unseen(change))
                .then(|| format!("{} of {}: {} takes away {lost:?}", change.field, record["id"], change.name))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} changes:\n{}", wrong.len(), tried.len(), wrong.join("\n"));
}

/// Law 1: nothing leaves the scope of a check by a label alone.
#[test]
fn no_label_takes_a_record_out_of_scope() {
    let (estate, judged) = (Estate::of("clean-harbor"), JudgedList::read());
    let before = estate.said();
    let in_scope = before.in_scope();
    let tried = relaxations(&estate, |_| true);
    assert!(tried.len() >= SAMPLE, "{}", tried.len());
    let wrong: Vec<String> = tried
        .par_iter()
        .filter_map(|(i, change)| {
            let record = &estate.records[*i];
            let after = estate.said_with(&[(*i, Some(edited(record, &change.path, &change.edit)))], &[]);
            let now = after.in_scope();
            let left: BTreeSet<&String> = in_scope.difference(&now).map(|(check, _)| check).collect();
            (!left.is_empty() && !after.finds_more_than(&before) && !judged.may_go_unseen(change))
                .then(|| format!("{} of {}: {} leaves {left:?}", change.field, record["id"], change.name))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} changes:\n{}", wrong.len(), tried.len(), wrong.join("\n"));
}

/// The bad value of a field that says how something came out.
fn bad(node: &Value, name: &str) -> Option<Value> {
    let is_result = name == "result"
        || name == "passed"
        || name == "matches"
        || name.starts_with("matches_")
        || name.ends_with("_matches")
        || name.contains("_matches_")
        || name == "verified"
        || name.starts_with("verified_directly")
        || name.ends_with("_verified");
    let words = ["not-passed", "failed", "mismatch", "not-verified", "match"];
    let word = || {
        words
            .iter()
            .map(|word| json!(word))
            .find(|word| node["enum"].as_array().is_some_and(|all| all.contains(word)))
    };
    if !is_result {
        return None;
    }
    if node["type"] == "boolean" { Some(json!(false)) } else { word() }
}

/// Every bad result that can be written in the place of a good one: of each field, in so many records.
fn bad_results(estate: &Estate, each: usize) -> Vec<(usize, Change)> {
    fn below(
        schema: &Value,
        node: &Value,
        value: &Value,
        path: &mut Vec<Step>,
        written: &str,
        found: &mut Vec<Change>,
    ) {
        let (node, _) = resolved(schema, node);
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    let inner = &node["properties"][key];
                    let written = format!("{written}.{key}");
                    path.push(Step::Key(key.clone()));
                    if let Some(bad) = bad(resolved(schema, inner).0, key).filter(|bad| bad != member) {
                        found.push(Change {
                            path: path.clone(),
                            field: written.clone(),
                            name: format!("turned bad to {bad}"),
                            edit: Edit::Set(bad),
                            relaxes: false,
                        });
                    }
                    below(schema, inner, member, path, &written, found);
                    path.pop();
                }
            }
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    path.push(Step::Index(i));
                    below(schema, &node["items"], item, path, &format!("{written}[]"), found);
                    path.pop();
                }
            }
            _ => {}
        }
    }
    let schemas = schemas();
    let mut all = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (i, record) in estate.records.iter().enumerate() {
        let kind = record["kind"].as_str().unwrap_or_default();
        let Some(schema) = schemas.get(kind) else { continue };
        let mut found = Vec::new();
        below(schema, schema, record, &mut Vec::new(), kind, &mut found);
        for change in found {
            let count = seen.entry(change.field.clone()).or_default();
            *count += 1;
            if *count <= each || is_exhaustive() {
                all.push((i, change));
            }
        }
    }
    all
}

/// Law 3: a result that is not good is found, wherever it stands.
#[test]
fn every_bad_result_is_found() {
    let (estate, judged) = (Estate::of("clean-harbor"), JudgedList::read());
    let before = estate.said();
    let tried = bad_results(&estate, 3);
    assert!(tried.len() > 40, "{}", tried.len());
    let wrong: Vec<String> = tried
        .par_iter()
        .filter_map(|(i, change)| {
            let record = &estate.records[*i];
            let after = estate.said_with(&[(*i, Some(edited(record, &change.path, &change.edit)))], &[]);
            (!after.finds_more_than(&before) && !judged.may_go_unseen(change))
                .then(|| format!("{} of {}: {}", change.field, record["id"], change.name))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} changes:\n{}", wrong.len(), tried.len(), wrong.join("\n"));
}
