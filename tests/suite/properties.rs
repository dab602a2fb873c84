//! Invariants of the default pack and the engine, on generated and on shuffled input.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use duly::assessment::{Coverage, Judgement, Outcome};
use duly::engine::{Inputs, World, judge as judge_all};
use duly::policy::expr::Compared;
use duly::policy::{Overrides, PolicySet, load};
use duly::readers::Reader;
use duly::records::{Record, RecordSet, Source, kinds};
use duly::reference::ReferenceLists;
use proptest::prelude::*;
use serde_json::Value;

use crate::repository::root;

fn policies() -> &'static PolicySet {
    static SET: OnceLock<PolicySet> = OnceLock::new();
    SET.get_or_init(|| {
        load(&["fbi-i-101823-psa".to_owned()], &root(), &Overrides::new()).expect("the default pack")
    })
}

/// Judges files given as path and text, without a work tree.
fn judge(files: &[(String, String)], evidence: &HashMap<String, String>) -> Judgement {
    let policies = policies();
    let mut sources = Vec::new();
    let mut records = Vec::new();
    for (path, text) in files {
        let read = Reader::Native.read(path, text.clone().into_bytes(), &policies.catalog);
        let source = sources.len() as u32;
        records.extend(read.records.into_iter().map(|r| Record { source, ..r }));
        sources.push(Source { path: path.clone(), tree: read.tree });
    }
    let (set, _) = RecordSet::new(Arc::clone(&policies.catalog), sources, records);
    let judged = judge_all(Inputs {
        world: World {
            policies,
            set: &set,
            references: &ReferenceLists::built_in(),
            files: evidence,
            as_of: "2026-06-30".parse().expect("a date"),
        },
        owners: &BTreeMap::new(),
        coverage: Coverage::default(),
        problems: Vec::new(),
        compared: Compared::default(),
        regions: false,
        configuration_line: None,
    });
    judged.judgement
}

/// Check and record of everything that is satisfied.
fn satisfied(assessment: &Judgement) -> BTreeSet<(String, String)> {
    let checks = assessment.measures.iter().flat_map(|m| &m.checks);
    checks.flat_map(|c| c.satisfied.iter().map(|id| (c.id.clone(), id.to_string()))).collect()
}

/// Everything an assessment says, without places.
fn said(assessment: &Judgement) -> Vec<String> {
    let mut all: Vec<String> = assessment
        .measures
        .iter()
        .flat_map(|m| {
            m.checks.iter().map(|c| format!("{} {} {:?} {:?}", c.id, c.outcome, c.counts, c.satisfied))
        })
        .collect();
    all.extend(assessment.findings.iter().map(|f| format!("{} {} {}", f.fingerprint, f.outcome, f.message)));
    all
}

/// SHA-256 of files by path.
type Digests = HashMap<String, String>;

/// The records of an example as JSON, and the digests of its other files.
fn example(name: &str) -> (Vec<Value>, Digests) {
    use sha2::{Digest, Sha256};
    fn walk(folder: &PathBuf, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let base = root().join("examples").join(name);
    let mut files = Vec::new();
    walk(&base, &mut files);
    files.sort();
    let mut records = Vec::new();
    let mut evidence = HashMap::new();
    for file in files {
        let relative = file.strip_prefix(&base).expect("below").to_string_lossy().into_owned();
        let bytes = fs::read(&file).expect("a file");
        let digest: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        evidence.insert(relative.clone(), digest);
        let data = file.extension().is_some_and(|e| e == "yaml" || e == "json");
        if !data || relative == "duly.yaml" {
            continue;
        }
        let read = Reader::Native.read(&relative, bytes, &policies().catalog);
        records.extend(read.records.iter().map(|r| duly::records::to_value(read.tree.node(r.root))));
    }
    (records, evidence)
}

fn one_file(records: &[Value]) -> Vec<(String, String)> {
    vec![("r.json".to_owned(), serde_json::to_string(records).expect("JSON"))]
}

#[test]
fn an_empty_repository_satisfies_nothing() {
    let assessment = judge(&[], &HashMap::new());
    assert_eq!(satisfied(&assessment), BTreeSet::new());
    for measure in &assessment.measures {
        assert_ne!(measure.outcome, Outcome::Satisfied, "{}", measure.id);
        assert_ne!(measure.outcome, Outcome::NotApplicable, "{}", measure.id);
    }
}

#[test]
fn a_record_with_nothing_but_its_identity_satisfies_nothing() {
    for kind in kinds::KINDS {
        let schema: Value = kind.schema().into();
        let mut record = serde_json::json!({ "kind": kind.name, "id": "X-1" });
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if required != "kind" && required != "id" {
                record[required] = schema["examples"][0][required].clone();
            }
        }
        let assessment = judge(&one_file(&[record]), &HashMap::new());
        assert_eq!(satisfied(&assessment), BTreeSet::new(), "{}", kind.name);
    }
}

/// Every path to a member of an object below a value, identity left out.
fn paths(value: &Value, prefix: &[String], found: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let mut path = prefix.to_vec();
                path.push(key.clone());
                if !(prefix.is_empty() && (key == "kind" || key == "id")) {
                    found.push(path.clone());
                }
                paths(member, &path, found);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                let mut path = prefix.to_vec();
                path.push(i.to_string());
                paths(item, &path, found);
            }
        }
        _ => {}
    }
}

fn remove(value: &mut Value, path: &[String]) {
    match (value, path) {
        (Value::Object(members), [last]) => {
            members.shift_remove(last);
        }
        (Value::Object(members), [first, rest @ ..]) => {
            if let Some(member) = members.get_mut(first) {
                remove(member, rest);
            }
        }
        (Value::Array(items), [first, rest @ ..]) => {
            if let Some(item) = first.parse::<usize>().ok().and_then(|i| items.get_mut(i)) {
                remove(item, rest);
            }
        }
        _ => {}
    }
}

/// A field of a kind, whatever its place in a list.
fn field(path: &[String]) -> String {
    let names = path.iter().filter(|part| part.parse::<usize>().is_err());
    names.map(String::as_str).collect::<Vec<_>>().join(".")
}

/// What a removal is like: the kind and field, and the value where it is a word, such as `corporate`, that
/// can put a record into a scope or out of it.
fn likeness(record: &Value, path: &[String]) -> (String, String, Option<String>) {
    let value = path.iter().try_fold(record, |value, part| match value {
        Value::Array(items) => part.parse::<usize>().ok().and_then(|i| items.get(i)),
        value => value.get(part),
    });
    let word = |text: &&str| text.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let word = value.and_then(Value::as_str).filter(word).map(str::to_owned);
    (record["kind"].to_string(), field(path), word)
}

/// With `DULY_EXHAUSTIVE` set, every field of every record of `clean-harbor` is removed (many minutes). Otherwise
/// one in [`STRIDE`] of those that are unlike, each from the first record that has it, and all of [`SPARING`].
///
/// A check and a record are compared, not counts: what another record loses cannot hide what one gains.
#[test]
fn removing_a_field_never_adds_a_satisfied_finding() {
    use rayon::prelude::*;
    let (records, evidence) = example("clean-harbor");
    let before = satisfied(&judge(&one_file(&records), &evidence));
    let exhaustive = std::env::var_os("DULY_EXHAUSTIVE").is_some();
    let mut seen = BTreeSet::new();
    let mut removals = Vec::new();
    for (i, record) in records.iter().enumerate() {
        let mut fields = Vec::new();
        paths(record, &[], &mut fields);
        for path in fields {
            let (kind, name, word) = likeness(record, &path);
            let sparing = SPARING.contains(&name.as_str());
            if seen.insert((kind, name, word)) && (sparing || seen.len() % STRIDE == 0) || exhaustive {
                removals.push((i, path));
            }
        }
    }
    assert!(removals.len() > 100, "{}", removals.len());
    let wrong: Vec<String> = removals
        .par_iter()
        .filter_map(|(i, path)| {
            let mut changed = records.clone();
            remove(&mut changed[*i], path);
            let after = satisfied(&judge(&one_file(&changed), &evidence));
            let added: Vec<_> = after.difference(&before).collect();
            (!added.is_empty())
                .then(|| format!("without {} of {}: {added:?}", path.join("."), records[*i]["id"]))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} removals:\n{}", wrong.len(), removals.len(), wrong.join("\n"));
}

/// Of unlike removals, one in so many is tried every day.
const STRIDE: usize = 12;

/// Facts that spare a record a requirement. They stand in the requirement and not in the scope, so that a record
/// which no longer shows them is judged anew instead of being judged for the first time.
const SPARING: &[&str] = &[
    "background_check",
    "background_check.documentation",
    "deleted_on",
    "direction",
    "exception",
    "identity.changed_on",
    "network",
    "pickup",
    "rehired_on",
    "stage",
    "to_location",
];

/// Shuffles the members of every object.
fn shuffle(value: &mut Value, random: &mut impl FnMut(usize) -> usize) {
    match value {
        Value::Object(members) => {
            let mut all: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            for i in (1..all.len()).rev() {
                all.swap(i, random(i + 1));
            }
            for (_, member) in &mut all {
                shuffle(member, random);
            }
            members.extend(all);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| shuffle(item, random)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_files_documents_and_keys_changes_nothing(seed in any::<u64>()) {
        static MERIDIAN: OnceLock<(Vec<Value>, Digests, Vec<String>)> = OnceLock::new();
        let (records, evidence, before) = MERIDIAN.get_or_init(|| {
            let (records, evidence) = example("meridian-labs");
            let before = said(&judge(&one_file(&records), &evidence));
            (records, evidence, before)
        });
        let mut state = seed | 1;
        let mut random = |n: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % n as u64) as usize
        };
        let mut shuffled = records.clone();
        for i in (1..shuffled.len()).rev() {
            shuffled.swap(i, random(i + 1));
        }
        let mut files: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for mut record in shuffled {
            shuffle(&mut record, &mut random);
            files.entry(random(7)).or_default().push(serde_json::to_string(&record).expect("JSON"));
        }
        let files: Vec<(String, String)> =
            files.into_iter().map(|(i, documents)| (format!("{i}.yaml"), documents.join("\n---\n"))).collect();
        prop_assert_eq!(&said(&judge(&files, evidence)), before);
    }
}
