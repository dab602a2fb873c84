//! Invariants of the default pack and the engine, on generated and on shuffled input.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use duly::assessment::{Judgement, Outcome};
use duly::records::kinds;
use proptest::prelude::*;
use serde_json::Value;

use crate::estate::{Digests, example, judge, satisfied};

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
