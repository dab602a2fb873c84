//! The verdict holds under mutation: one field of one record of an example is changed at a time, and what an audit then
//! says is held against what it said before.
//!
//! A change *gains* what is satisfied and was not. Where a field is only lost, emptied or unreadable, or the estate was clean,
//! nothing may be gained, save what `tests/mutation.yaml` lists with a reason. A change of a field that its schema marks as one
//! that relaxes (`x-duly-relaxes`) must not go unseen either.
//!
//! Every day each field is left out once, and a sample of the other changes is tried, drawn by a fixed seed. With `DULY_EXHAUSTIVE` set it is every change of every field, each on one record
//! that has it: `DULY_EXHAUSTIVE=1 cargo test --release --test suite mutation`.

mod change;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use duly::assessment::Outcome;
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::estate::{Digests, Estate, Said, core, example};
use crate::repository::root;
pub(crate) use change::{Change, Edit, Step, changes, edited, schemas};

/// Changes of each estate that are tried every day, beside those that leave a field out.
const SAMPLE: usize = 700;

/// A change that may do what others may not, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Judged {
    /// `kind.field`; a `*` stands for any text.
    field: String,
    /// The change; a `*` stands for any text.
    change: String,
    /// Checks that may gain by it; a `*` stands for any text.
    #[serde(default)]
    gains: Vec<String>,
    /// It may go unseen.
    #[serde(default)]
    unseen: bool,
    why: String,
}

pub(crate) struct JudgedList {
    rows: Vec<(Judged, globset::GlobMatcher, globset::GlobMatcher, Vec<globset::GlobMatcher>)>,
}

impl JudgedList {
    pub(crate) fn read() -> Self {
        let text = fs::read_to_string(root().join("tests/mutation.yaml")).expect("the list");
        let rows: Vec<Judged> = serde_yaml::from_str(&text).expect("a list of judged changes");
        let glob = |text: &str| {
            let plain = text.replace('[', "\\[").replace(']', "\\]");
            globset::Glob::new(&plain).expect("a pattern").compile_matcher()
        };
        let row = |row: Judged| {
            assert!(!row.why.trim().is_empty(), "{row:?}");
            let (field, change) = (glob(&row.field), glob(&row.change));
            let gains = row.gains.iter().map(|check| glob(check)).collect();
            (row, field, change, gains)
        };
        JudgedList { rows: rows.into_iter().map(row).collect() }
    }

    fn may_gain(&self, change: &Change, check: &str) -> bool {
        self.rows.iter().any(|(_, field, name, gains)| {
            field.is_match(&change.field)
                && name.is_match(&change.name)
                && gains.iter().any(|g| g.is_match(check))
        })
    }

    pub(crate) fn may_go_unseen(&self, change: &Change) -> bool {
        self.rows.iter().any(|(row, field, name, _)| {
            row.unseen && field.is_match(&change.field) && name.is_match(&change.name)
        })
    }
}

/// Numbers from a seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed)
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

pub(crate) fn is_exhaustive() -> bool {
    std::env::var_os("DULY_EXHAUSTIVE").is_some()
}

/// Ids by kind.
pub(crate) fn ids(records: &[Value]) -> BTreeMap<String, Vec<String>> {
    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in records {
        let text = |key: &str| record[key].as_str().unwrap_or_default().to_owned();
        ids.entry(text("kind")).or_default().push(text("id"));
    }
    ids
}

/// The changes that are tried: of each field and kind of change one, of a record drawn at random.
fn drawn(estate: &Estate, seed: u64) -> Vec<(usize, Change)> {
    let (schemas, ids) = (schemas(), ids(&estate.records));
    let as_of = "2026-06-30".parse().expect("a date");
    let mut random = Random(seed);
    let mut all: BTreeMap<(String, String), Vec<(usize, Change)>> = BTreeMap::new();
    for (i, record) in estate.records.iter().enumerate() {
        let Some(schema) = record["kind"].as_str().and_then(|kind| schemas.get(kind)) else {
            continue;
        };
        for change in changes(schema, record, &ids, as_of) {
            all.entry((change.field.clone(), change.name.clone())).or_default().push((i, change));
        }
    }
    let mut one_each: Vec<(usize, Change)> =
        all.into_values().map(|mut some| some.swap_remove(random.below(some.len()))).collect();
    if !is_exhaustive() {
        random.shuffle(&mut one_each);
        let (removals, mut others): (Vec<_>, Vec<_>) =
            one_each.into_iter().partition(|(_, change)| change.edit == Edit::Remove);
        others.truncate(SAMPLE);
        one_each = removals.into_iter().chain(others).collect();
    }
    one_each
}

/// What is wrong with what a change does, in words.
fn wrong(
    change: &Change,
    record: &Value,
    before: &Said,
    after: &Said,
    is_clean: bool,
    judged: &JudgedList,
) -> Vec<String> {
    let about = || format!("{} of {}: {}", change.field, record["id"], change.name);
    let mut wrong = Vec::new();
    if is_clean || change.only_loses() {
        let gained: BTreeSet<&String> =
            after.satisfied.difference(&before.satisfied).map(|(check, _)| check).collect();
        let not_judged: Vec<_> = gained.into_iter().filter(|check| !judged.may_gain(change, check)).collect();
        if !not_judged.is_empty() {
            wrong.push(format!("{} gains {not_judged:?}", about()));
        }
    }
    if change.relaxes && !change.only_loses() && is_clean && before == after && !judged.may_go_unseen(change)
    {
        wrong.push(format!("{} is seen by nothing", about()));
    }
    wrong
}

fn nothing_is_gained(example: &str, is_clean: bool, seed: u64) {
    let (estate, judged) = (Estate::of(example), JudgedList::read());
    let before = estate.said();
    let drawn = drawn(&estate, seed);
    assert!(drawn.len() >= SAMPLE, "{}", drawn.len());
    let wrong: Vec<String> = drawn
        .par_iter()
        .flat_map_iter(|(i, change)| {
            let record = &estate.records[*i];
            let changed = edited(record, &change.path, &change.edit);
            let after = estate.said_with(&[(*i, Some(changed))], &[]);
            wrong(change, record, &before, &after, is_clean, &judged)
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} changes:\n{}", wrong.len(), drawn.len(), wrong.join("\n"));
}

#[test]
fn a_clean_estate_gains_nothing_by_a_change() {
    nothing_is_gained("clean-harbor", true, 20_231_018);
}

#[test]
fn an_estate_with_gaps_gains_nothing_by_what_is_left_out() {
    nothing_is_gained("meridian-labs", false, 20_231_018);
}

/// The profile that is asked by default asks less, and hides nothing either: no gap is gone by leaving out a field, unless
/// something else is found or is not assessed.
#[test]
fn the_default_profile_loses_no_gap_by_what_is_left_out() {
    let estate = Estate::of("first-audit/week-one").by(core());
    let before = estate.said();
    let gaps = |said: &Said| -> BTreeSet<(String, Vec<String>)> {
        let all = said.findings.iter().filter(|(_, outcome, _)| *outcome == Outcome::Gap);
        all.map(|(check, _, records)| (check.clone(), records.clone())).collect()
    };
    let there = gaps(&before);
    assert!(there.len() >= 30, "{}", there.len());
    let (schemas, ids) = (schemas(), ids(&estate.records));
    let as_of = "2026-06-30".parse().expect("a date");
    let mut removals = Vec::new();
    for (i, record) in estate.records.iter().enumerate() {
        let schema = &schemas[record["kind"].as_str().expect("a kind")];
        let all = changes(schema, record, &ids, as_of).into_iter();
        removals.extend(all.filter(|change| change.edit == Edit::Remove).map(|change| (i, change)));
    }
    assert!(removals.len() > 300, "{}", removals.len());
    let wrong: Vec<String> = removals
        .par_iter()
        .filter_map(|(i, change)| {
            let record = &estate.records[*i];
            let after = estate.said_with(&[(*i, Some(edited(record, &change.path, &change.edit)))], &[]);
            let gone: Vec<_> = there.difference(&gaps(&after)).cloned().collect();
            let is_silent = !gone.is_empty() && !after.finds_more_than(&before);
            is_silent.then(|| format!("{} of {} left out: {gone:?}", change.field, record["id"]))
        })
        .collect();
    assert!(wrong.is_empty(), "{} gaps are gone:\n{}", wrong.len(), wrong.join("\n"));
}

/// Estates made of both examples, each with many fields and records left out at random: whatever an estate lacks, leaving out
/// more gains nothing.
#[test]
fn estates_with_holes_gain_nothing_by_another() {
    let judged = JudgedList::read();
    for seed in 1..=if is_exhaustive() { 40 } else { 4 } {
        let mut random = Random(seed * 7_919);
        let mut records = Vec::new();
        let mut evidence = Digests::new();
        for name in ["clean-harbor", "meridian-labs"] {
            let (of_example, documents) = example(name);
            let named = of_example
                .into_iter()
                .filter(|record| record["kind"] != "organization" || name == "meridian-labs");
            records.extend(named.filter(|_| random.below(4) > 0));
            evidence.extend(documents);
        }
        let holes = Estate::new(records, evidence);
        let drawn_holes = drawn(&holes, seed);
        let mut records = holes.records.clone();
        let removals = drawn_holes.iter().filter(|(_, change)| change.edit == Edit::Remove);
        let mut changed = BTreeSet::new();
        for (i, change) in removals.filter(|_| random.below(3) == 0) {
            // A path leads somewhere only as long as nothing above it was taken.
            if changed.insert(*i) {
                records[*i] = edited(&records[*i], &change.path, &change.edit);
            }
        }
        let estate = Estate::new(records, holes.evidence);
        let before = estate.said();
        let mut tried: Vec<(usize, Change)> =
            drawn(&estate, seed + 1).into_iter().filter(|(_, change)| change.edit == Edit::Remove).collect();
        random.shuffle(&mut tried);
        tried.truncate(if is_exhaustive() { 2_000 } else { 80 });
        let wrong: Vec<String> = tried
            .par_iter()
            .flat_map_iter(|(i, change)| {
                let record = &estate.records[*i];
                let after = estate.said_with(&[(*i, Some(edited(record, &change.path, &change.edit)))], &[]);
                wrong(change, record, &before, &after, false, &judged)
            })
            .collect();
        assert!(wrong.is_empty(), "seed {seed}, {} of {}:\n{}", wrong.len(), tried.len(), wrong.join("\n"));
    }
}

/// Records as a whole: one left out, one twice, one under another id.
#[test]
fn no_record_left_out_or_repeated_gains_anything() {
    for example in ["clean-harbor", "meridian-labs"] {
        let (estate, judged) = (Estate::of(example), JudgedList::read());
        let before = estate.said();
        let mut kinds = BTreeSet::new();
        let mut tried: Vec<usize> = (0..estate.records.len()).collect();
        Random(20_231_018).shuffle(&mut tried);
        tried.retain(|i| {
            is_exhaustive() || kinds.insert((estate.records[*i]["kind"].clone().to_string(), i % 3))
        });
        let wrong: Vec<String> = tried
            .par_iter()
            .flat_map_iter(|i| {
                let record = &estate.records[*i];
                let id = record["id"].as_str().unwrap_or_default();
                let mut twin = record.clone();
                twin["id"] = json!(format!("{id}-TWIN"));
                let kind = record["kind"].as_str().unwrap_or_default();
                [("record left out", None), ("record twice", Some(twin))]
                    .into_iter()
                    .filter_map(|(name, twin)| {
                        let after = match twin {
                            None => estate.said_with(&[(*i, None)], &[]),
                            Some(twin) => estate.said_with(&[], &[twin]),
                        };
                        let change = Change {
                            path: Vec::new(),
                            field: kind.to_owned(),
                            name: name.to_owned(),
                            edit: Edit::Remove,
                            relaxes: false,
                        };
                        // The twin itself may well be satisfied.
                        let gained: BTreeSet<_> = after.satisfied.difference(&before.satisfied).collect();
                        let of_others = gained.iter().filter(|(_, record)| !record.ends_with("-TWIN"));
                        let not_judged: BTreeSet<_> =
                            of_others.filter(|(check, _)| !judged.may_gain(&change, check)).collect();
                        (!not_judged.is_empty()).then(|| format!("{kind} {id}, {name}, gains {not_judged:?}"))
                    })
                    .collect::<Vec<_>>()
            })
            .collect();
        assert!(wrong.is_empty(), "{example}: {} changes:\n{}", wrong.len(), wrong.join("\n"));
    }
}
