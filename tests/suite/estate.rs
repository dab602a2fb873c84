//! An estate in memory: the records of an example, each in a file of its own, so that one of them can be changed and the
//! whole judged again by the default pack.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use duly::assessment::{Coverage, Judgement, Outcome};
use duly::engine::{Inputs, World, judge as judge_all};
use duly::policy::expr::Compared;
use duly::policy::{PolicySet, Tailoring, load};
use duly::readers::Reader;
use duly::records::{Admitted, Record, RecordSet, Source};
use duly::reference::ReferenceLists;
use serde_json::Value;

use crate::repository::root;
use crate::support::{ANSWERED_CASES, STATEMENTS, answered};

pub(crate) fn policies() -> &'static PolicySet {
    static SET: OnceLock<PolicySet> = OnceLock::new();
    SET.get_or_init(|| {
        load(&["fbi-i-101823-psa".to_owned()], &root(), &Tailoring::everything()).expect("the default pack")
    })
}

/// The checks that an audit asks by default.
pub(crate) fn core() -> &'static PolicySet {
    static SET: OnceLock<PolicySet> = OnceLock::new();
    SET.get_or_init(|| {
        load(&["fbi-i-101823-psa".to_owned()], &root(), &Tailoring::default()).expect("the default pack")
    })
}

/// SHA-256 of files by path.
pub(crate) type Digests = HashMap<String, String>;

/// The records of an example as JSON, and the digests of all its files. `clean-harbor` comes with the answered cases in place
/// of its statements, so that the fields of observations and incidents are tried as well.
pub(crate) fn example(name: &str) -> (Vec<Value>, Digests) {
    use sha2::{Digest, Sha256};
    fn walk(folder: &PathBuf, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut bases = vec![root().join("examples").join(name)];
    if name == "clean-harbor" {
        bases.push(root().join("tests/data").join(ANSWERED_CASES));
    }
    let mut files = Vec::new();
    for base in bases {
        let mut below = Vec::new();
        walk(&base, &mut below);
        let relative =
            |file: PathBuf| (file.strip_prefix(&base).expect("below").to_string_lossy().into_owned(), file);
        files.extend(below.into_iter().map(relative));
    }
    files.retain(|(relative, _)| name != "clean-harbor" || relative != STATEMENTS);
    files.sort();
    let mut records = Vec::new();
    let mut evidence = HashMap::new();
    for (relative, file) in files {
        let bytes = fs::read(&file).expect("a file");
        let digest: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        evidence.insert(relative.clone(), digest);
        let data = file.extension().is_some_and(|e| e == "yaml" || e == "json");
        if !data || relative == "duly.yaml" {
            continue;
        }
        let bytes = match name {
            "clean-harbor" => answered(&relative, &String::from_utf8(bytes).expect("UTF-8")).into_bytes(),
            _ => bytes,
        };
        let read = Reader::Native.read(&relative, bytes, &policies().catalog);
        records.extend(read.records.iter().map(|r| duly::records::to_value(read.tree.node(r.root))));
    }
    (records, evidence)
}

/// Judges what was read by every check, without a work tree.
pub(crate) fn judge_read(files: Vec<(String, Admitted)>, evidence: &Digests) -> Judgement {
    judge_by(policies(), files, evidence)
}

fn judge_by(policies: &PolicySet, files: Vec<(String, Admitted)>, evidence: &Digests) -> Judgement {
    let mut sources = Vec::new();
    let mut records = Vec::new();
    for (path, read) in files {
        let source = sources.len() as u32;
        records.extend(read.records.into_iter().map(|r| Record { source, ..r }));
        sources.push(Source { path, tree: read.tree });
    }
    let (set, _) = RecordSet::new(Arc::clone(&policies.catalog), sources, records);
    let judged = judge_all(Inputs {
        world: World {
            policies,
            set: &set,
            references: &ReferenceLists::built_in(),
            files: evidence,
            as_of: "2026-06-30".parse().expect("a date"),
            adoption: Default::default(),
        },
        owners: &BTreeMap::new(),
        coverage: Coverage::default(),
        problems: Vec::new(),
        compared: Compared::default(),
        regions: false,
        listed: usize::MAX,
        configuration_line: None,
    });
    judged.judgement
}

/// Judges files given as path and text.
pub(crate) fn judge(files: &[(String, String)], evidence: &Digests) -> Judgement {
    let catalog = &policies().catalog;
    let read = |(path, text): &(String, String)| {
        (path.clone(), Reader::Native.read(path, text.clone().into_bytes(), catalog))
    };
    judge_read(files.iter().map(read).collect(), evidence)
}

/// Check and record of everything that is satisfied.
pub(crate) fn satisfied(assessment: &Judgement) -> BTreeSet<(String, String)> {
    let checks = assessment.measures.iter().flat_map(|m| &m.checks);
    checks.flat_map(|c| c.satisfied.iter().map(|id| (c.id.clone(), id.to_string()))).collect()
}

/// What an audit says of an estate, without places and words.
#[derive(Debug, PartialEq)]
pub(crate) struct Said {
    /// Check and record of everything that is satisfied.
    pub satisfied: BTreeSet<(String, String)>,
    /// Check, outcome and records of every finding.
    pub findings: BTreeSet<(String, Outcome, Vec<String>)>,
    /// What was refused, is broken or counts as not recorded.
    pub problems: BTreeSet<String>,
}

impl Said {
    /// Check and record of all that is in the scope of a check.
    pub(crate) fn in_scope(&self) -> BTreeSet<(String, String)> {
        let found = self.findings.iter().flat_map(|(check, _, records)| {
            records.iter().map(move |record| (check.clone(), record.clone()))
        });
        self.satisfied.iter().cloned().chain(found).collect()
    }

    /// Whether it says something that the other does not.
    pub(crate) fn finds_more_than(&self, before: &Said) -> bool {
        !self.findings.is_subset(&before.findings) || !self.problems.is_subset(&before.problems)
    }
}

pub(crate) struct Estate {
    pub records: Vec<Value>,
    read: Vec<Admitted>,
    pub evidence: Digests,
    /// What it is judged by.
    policies: &'static PolicySet,
}

impl Estate {
    /// The records of an example.
    pub(crate) fn of(example_name: &str) -> Self {
        let (records, evidence) = example(example_name);
        Estate::new(records, evidence)
    }

    pub(crate) fn new(records: Vec<Value>, evidence: Digests) -> Self {
        let read = records.iter().enumerate().map(|(i, record)| read(i, record)).collect();
        Estate { records, read, evidence, policies: policies() }
    }

    /// The same, judged by other checks.
    pub(crate) fn by(self, policies: &'static PolicySet) -> Self {
        Estate { policies, ..self }
    }

    pub(crate) fn said(&self) -> Said {
        self.said_of(self.read.clone())
    }

    /// What is said with some records changed, or taken away, and others added.
    pub(crate) fn said_with(&self, changes: &[(usize, Option<Value>)], added: &[Value]) -> Said {
        let mut all = self.read.clone();
        for (i, change) in changes {
            all[*i] = match change {
                Some(record) => read(*i, record),
                None => Admitted {
                    records: Vec::new(),
                    references: Vec::new(),
                    documents: Vec::new(),
                    ..all[*i].clone()
                },
            };
        }
        all.extend(added.iter().enumerate().map(|(n, record)| read(self.records.len() + n, record)));
        self.said_of(all)
    }

    fn said_of(&self, all: Vec<Admitted>) -> Said {
        let problems = self.problems(&all);
        let files = all.into_iter().enumerate().map(|(i, read)| (path(i), read)).collect();
        let judgement = judge_by(self.policies, files, &self.evidence);
        let ids = |f: &duly::assessment::Finding| f.records.iter().map(|r| r.id.clone()).collect();
        Said {
            satisfied: satisfied(&judgement),
            findings: judgement.findings.iter().map(|f| (f.check.clone(), f.outcome, ids(f))).collect(),
            problems,
        }
    }

    fn problems(&self, all: &[Admitted]) -> BTreeSet<String> {
        let ids: BTreeSet<_> =
            all.iter().flat_map(|a| &a.records).map(|r| (r.kind, r.id.to_string())).collect();
        let mut problems = BTreeSet::new();
        for (i, read) in all.iter().enumerate() {
            problems.extend(read.problems.iter().map(|p| format!("{i} {} {}", p.code, p.message)));
            for reference in &read.references {
                let id = read.tree.node(reference.node).text();
                if !ids.contains(&(reference.kind, id.to_owned())) {
                    problems.insert(format!("{i} leads nowhere: {id}"));
                }
            }
            for document in &read.documents {
                let path = read.tree.node(document.node).text();
                let stated = document.stated.map(|node| read.tree.node(node).text());
                match self.evidence.get(path.split('#').next().unwrap_or(path)) {
                    None => problems.insert(format!("{i} is not there: {path}")),
                    Some(actual) if stated.is_some_and(|s| s != actual) => {
                        problems.insert(format!("{i} has changed: {path}"))
                    }
                    Some(_) => true,
                };
            }
        }
        problems
    }
}

fn path(i: usize) -> String {
    format!("r{i}.json")
}

fn read(i: usize, record: &Value) -> Admitted {
    Reader::Native.read(&path(i), record.to_string().into_bytes(), &policies().catalog)
}
