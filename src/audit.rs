//! The audit: from a folder to an assessment.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::assessment::{
    Assessment, Coverage, Document, FileCoverage, FileUse, Group, Impact, PackIdentity, ParameterChange,
    Problem, ReferenceList, Revision, Run, Tool,
};
use crate::config::{self, Config, ConfigError};
use crate::engine::{self, Inputs};
use crate::policy::{self, PolicyError, PolicySet};
use crate::readers::{Claim, FileRecords, read_file};
use crate::records::{Catalog, Record, RecordSet, Source};
use crate::reference::References;
use crate::repo;
use crate::text::{Place, decode, escape, line_hashes};
use crate::words::Severity;

/// What a user asked for.
#[derive(Debug)]
pub struct Request<'a> {
    pub root: &'a Path,
    pub as_of: jiff::civil::Date,
    /// Replaces the configuration's threshold.
    pub fail_on: Option<Severity>,
    /// Replaces the configuration's packs.
    pub packs: Vec<String>,
    /// Whether a report is for a code host, which shows findings in their files, or is kept for one.
    pub regions: bool,
}

/// Why there is no assessment: usage, configuration or policy. Exit status 2.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The path is the user's.
    #[error("{path}: {why}")]
    Path { path: String, why: &'static str },
    /// The configuration is the user's.
    #[error("the configuration has errors")]
    Config(Vec<ConfigError>),
    /// A policy is its author's.
    #[error("the policies have errors")]
    Policy(Vec<PolicyError>),
}

/// How far an audit is, for a progress bar: counts only ever grow.
#[derive(Debug, Default)]
pub struct Progress {
    pub files: AtomicUsize,
    pub read: AtomicUsize,
}

/// A file after it was looked at.
enum Looked {
    Records { sha256: String, records: Box<FileRecords> },
    Digest(String),
    Failed(Problem),
    Left,
}

/// Audits a folder.
pub fn run(request: &Request<'_>, progress: &Progress) -> Result<Assessment, AuditError> {
    check_root(request.root)?;
    let listing = repo::list(request.root);
    progress.files.store(listing.files.len(), Ordering::Relaxed);
    let mut problems = listing.problems;
    let (config, configured) = configuration(&listing.files)?;
    let (configuration_sha256, configuration_line) = configured.unzip();
    let packs = if request.packs.is_empty() { &config.packs } else { &request.packs };
    let policies = policy::load(packs, request.root, &config.overrides).map_err(AuditError::Policy)?;

    let uses: Vec<FileUse> = listing.files.iter().map(|f| use_of(&f.path, &config, packs)).collect();
    let catalog = Arc::clone(&policies.catalog);
    let looked: Vec<Looked> = listing
        .files
        .par_iter()
        .zip(&uses)
        .map(|(file, used_as)| {
            let looked = look(file, *used_as, &catalog);
            progress.read.fetch_add(1, Ordering::Relaxed);
            looked
        })
        .collect();

    let mut gathered = Gathered::default();
    let mut uses = uses;
    for ((file, used_as), looked) in listing.files.iter().zip(&mut uses).zip(looked) {
        gathered.add(&file.path, used_as, looked, &mut problems);
    }
    // Documents that records name are evidence: their digest is taken, whatever else they are.
    let named: BTreeSet<String> = std::mem::take(&mut gathered.evidence);
    let wanted: Vec<usize> = (0..listing.files.len())
        .filter(|&i| {
            named.contains(&listing.files[i].path) && !gathered.digests.contains_key(&listing.files[i].path)
        })
        .collect();
    let digests: Vec<(usize, Result<String, Box<Problem>>)> = wanted
        .into_par_iter()
        .map(|i| {
            let mut hasher = Sha256::new();
            let read = repo::stream(&listing.files[i], |piece| hasher.update(piece));
            (i, read.map(|()| policy::hex(&hasher.finalize())))
        })
        .collect();
    for (i, result) in digests {
        let path = &listing.files[i].path;
        match result {
            Ok(sha256) => {
                gathered.digests.insert(path.clone(), sha256);
                if uses[i] == FileUse::Unclaimed {
                    uses[i] = FileUse::Evidence;
                }
            }
            Err(problem) => problems.push(*problem),
        }
    }

    let references = reference_lists(&config, &listing.files, &mut problems);
    let coverage_files: Vec<FileCoverage> = listing
        .files
        .iter()
        .zip(&uses)
        .map(|(file, used_as)| FileCoverage {
            path: file.path.clone(),
            used_as: *used_as,
            sha256: gathered.digests.get(&file.path).cloned(),
            records: 0,
            reason: match config.rules.claim(&file.path) {
                Claim::Ignored(i) if *used_as == FileUse::Ignored => {
                    Some(config.rules.ignores[i].reason.clone())
                }
                _ => None,
            },
        })
        .collect();
    unclaimed(&coverage_files, &mut problems);
    unused_ignores(&config, &listing.files, &mut problems);

    let (set, twice) = RecordSet::new(Arc::clone(&catalog), gathered.sources, gathered.records);
    duplicates(&set, twice, &mut problems);
    broken_references(&set, &gathered.references, &mut problems);

    let mut coverage =
        Coverage { files: coverage_files, records: BTreeMap::new(), unchecked: BTreeMap::new() };
    for file in &mut coverage.files {
        file.records = gathered.counts.get(&file.path).copied().unwrap_or_default();
    }
    for (kind, definition) in set.catalog.iter() {
        let count = set.count(kind);
        if count > 0 {
            coverage.records.insert(definition.name.clone(), count);
        }
    }
    if set.is_empty() && problems.iter().all(|p| p.impact == Impact::Notice) {
        problems.push(nothing_found(&config));
    }
    let run = Run {
        tool: Tool { name: "duly".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        as_of: request.as_of.to_string(),
        organization: config.organization.clone(),
        classification: config.classification.clone(),
        revision: Revision::work_tree(),
        manifest_sha256: manifest(&gathered.digests),
        configuration_sha256,
        packs: pack_identities(&policies),
        parameters_changed: parameter_changes(&policies),
        fail_on: request.fail_on.unwrap_or(config.fail_on),
        references: references
            .provenance()
            .map(|p| ReferenceList {
                name: p.name.clone(),
                origin: p.origin.clone(),
                dated_on: p.dated_on.clone(),
                entries: p.entries,
            })
            .collect(),
    };
    let assessment = engine::assess(Inputs {
        policies: &policies,
        set: &set,
        references: &references,
        files: &gathered.digests,
        as_of: request.as_of,
        owners: &config.owners,
        run,
        coverage,
        problems,
        regions: request.regions,
        configuration_line: configuration_line.as_deref(),
    });
    // What is left of the records is not needed any more, and freeing it takes longer than leaving.
    std::mem::forget(set);
    Ok(assessment)
}

fn check_root(root: &Path) -> Result<(), AuditError> {
    let error = |why| AuditError::Path { path: escape(&root.to_string_lossy()).into_owned(), why };
    match std::fs::metadata(root) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(error("not a folder: name the folder of the repository")),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(error("there is no such folder")),
        Err(_) => Err(error("cannot be opened")),
    }
}

/// The configuration; of its file, if there is one, the digest and the hash of the first line.
fn configuration(files: &[repo::File]) -> Result<(Config, Option<(String, String)>), AuditError> {
    let Some(file) = files.iter().find(|f| f.path == config::FILE) else {
        return Ok((Config::default(), None));
    };
    let bytes = repo::read(file).map_err(|problem| AuditError::Config(vec![(*problem).into()]))?;
    let sha256 = digest(&bytes);
    let first_line = line_hashes(&String::from_utf8_lossy(&bytes), &[0]);
    let first_line = first_line.get(&0).map_or_else(String::new, ToString::to_string);
    let config = Config::parse(bytes).map_err(AuditError::Config)?;
    Ok((config, Some((sha256, first_line))))
}

fn use_of(path: &str, config: &Config, packs: &[String]) -> FileUse {
    if path == config::FILE {
        return FileUse::Configuration;
    }
    if config.reference.iter().any(|r| r.file == path) {
        return FileUse::ReferenceList;
    }
    let in_pack = |pack: &String| {
        let pack = pack.trim_start_matches("./").trim_end_matches('/');
        path.strip_prefix(pack).is_some_and(|rest| rest.starts_with('/'))
    };
    if packs.iter().any(in_pack) {
        return FileUse::Policy;
    }
    match config.rules.claim(path) {
        Claim::Source(_) => FileUse::Records,
        Claim::Ignored(_) => FileUse::Ignored,
        Claim::Unclaimed => FileUse::Unclaimed,
    }
}

fn look(file: &repo::File, used_as: FileUse, catalog: &Catalog) -> Looked {
    match used_as {
        FileUse::Ignored | FileUse::Unclaimed => Looked::Left,
        FileUse::Records => match repo::read(file) {
            Ok(bytes) => {
                let sha256 = digest(&bytes);
                Looked::Records { sha256, records: Box::new(read_file(&file.path, bytes, catalog)) }
            }
            Err(problem) => Looked::Failed(*problem),
        },
        _ => match repo::read(file) {
            Ok(bytes) => Looked::Digest(digest(&bytes)),
            Err(problem) => Looked::Failed(*problem),
        },
    }
}

fn digest(bytes: &[u8]) -> String {
    policy::hex(&Sha256::digest(bytes))
}

/// What all files together held.
#[derive(Default)]
struct Gathered {
    sources: Vec<Source>,
    records: Vec<Record>,
    references: Vec<(u32, crate::readers::Reference)>,
    evidence: BTreeSet<String>,
    digests: HashMap<String, String>,
    counts: HashMap<String, usize>,
}

impl Gathered {
    fn add(&mut self, path: &str, used_as: &mut FileUse, looked: Looked, problems: &mut Vec<Problem>) {
        match looked {
            Looked::Left => {}
            Looked::Digest(sha256) => {
                self.digests.insert(path.to_owned(), sha256);
            }
            Looked::Failed(problem) => {
                problems.push(problem);
                *used_as = FileUse::Unreadable;
            }
            Looked::Records { sha256, records: file } => {
                let source = self.sources.len() as u32;
                self.digests.insert(path.to_owned(), sha256);
                self.counts.insert(path.to_owned(), file.records.len());
                problems.extend(file.problems);
                self.evidence.extend(file.evidence);
                self.references.extend(file.references.into_iter().map(|r| (source, r)));
                self.records.extend(file.records.into_iter().map(|r| Record { source, ..r }));
                self.sources.push(Source { path: path.to_owned(), tree: file.tree });
            }
        }
    }
}

fn manifest(digests: &HashMap<String, String>) -> String {
    let mut lines: Vec<String> = digests.iter().map(|(path, sha256)| format!("{sha256}  {path}\n")).collect();
    lines.sort_unstable();
    digest(lines.concat().as_bytes())
}

fn reference_lists(config: &Config, files: &[repo::File], problems: &mut Vec<Problem>) -> References {
    let mut references = References::built_in();
    for reference in &config.reference {
        let Some(file) = files.iter().find(|f| f.path == reference.file) else {
            problems.push(Problem::new(
                Place::file(&reference.file),
                "reference-list-missing",
                Impact::Incomplete,
                format!("the reference list `{}` is not there", escape(&reference.list)),
                "mend its path in duly.yaml",
            ));
            continue;
        };
        match repo::read(file).map(decode) {
            Ok(Ok(text)) => {
                references.add(&reference.list, &reference.file, reference.dated_on.clone(), &text)
            }
            Ok(Err(error)) => problems.push(Problem::new(
                Place::file(&reference.file),
                "not-text",
                Impact::Incomplete,
                error.to_string(),
                "save the list as UTF-8",
            )),
            Err(problem) => problems.push(*problem),
        }
    }
    references
}

/// One problem a folder at the top, so that a large unclaimed folder does not hide the rest.
fn unclaimed(files: &[FileCoverage], problems: &mut Vec<Problem>) {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files.iter().filter(|f| f.used_as == FileUse::Unclaimed) {
        let top = file.path.split_once('/').map_or(file.path.as_str(), |(top, _)| top);
        *folders.entry(top).or_default() += 1;
    }
    for (top, count) in folders {
        let whole_folder = files.iter().any(|f| f.path.starts_with(&format!("{top}/")));
        let message = match (whole_folder, count) {
            (false, _) => "was not looked at: no source claims it".to_owned(),
            (true, 1) => "1 file below it was not looked at: no source claims it".to_owned(),
            (true, n) => format!("{n} files below it were not looked at: no source claims them"),
        };
        problems.push(Problem::new(
            Place::file(top),
            "unclaimed-files",
            Impact::Notice,
            message,
            "name them in a source, let a record point to them as evidence, or ignore them in duly.yaml with a reason",
        ));
    }
}

fn unused_ignores(config: &Config, files: &[repo::File], problems: &mut Vec<Problem>) {
    let mut used = vec![false; config.rules.ignores.len()];
    for file in files {
        if let Claim::Ignored(i) = config.rules.claim(&file.path) {
            used[i] = true;
        }
    }
    for (rule, _) in config.rules.ignores.iter().zip(used).filter(|(_, used)| !used) {
        problems.push(Problem::new(
            Place::file(config::FILE),
            "unused-ignore-rule",
            Impact::Notice,
            format!("the ignore rule for {} matches no file", escape(&rule.patterns.join(", "))),
            "remove it, or mend its patterns",
        ));
    }
}

fn duplicates(set: &RecordSet, twice: Vec<(Record, Place)>, problems: &mut Vec<Problem>) {
    for (other, first) in twice {
        let kind = &set.catalog.get(other.kind).name;
        let root = set.tree(&other).node(other.root);
        let node = root.at(&set.catalog.get(other.kind).id_field).unwrap_or(root);
        let problem = Problem::new(
            set.place_of(&other, node),
            "duplicate-id",
            Impact::Incomplete,
            format!("a second {kind} has the id `{}`; neither is assessed", escape(&other.id)),
            format!("the first stands at {first}: keep one, or give one another id"),
        );
        problems.push(problem.with_related(first));
    }
}

fn broken_references(
    set: &RecordSet,
    references: &[(u32, crate::readers::Reference)],
    problems: &mut Vec<Problem>,
) {
    for (source, reference) in references {
        let source = &set.sources[*source as usize];
        let node = source.tree.node(reference.node);
        if set.find(reference.kind, node.text()).is_some() {
            continue;
        }
        let kind = &set.catalog.get(reference.kind).name;
        let (line, column) = source.tree.line_column(node.span().start);
        // Among very many ids a close one says nothing, and looking for it takes long.
        let few = set.count(reference.kind) <= 1000;
        let ids = set.of_kind(reference.kind).filter(|_| few).map(|r| &*set.get(r).id);
        let close = crate::records::suggestion(node.text(), ids);
        problems.push(Problem::new(
            Place { path: source.path.clone(), line, column },
            "broken-reference",
            Impact::Incomplete,
            format!("no {kind} has the id `{}`", escape(node.text())),
            match close {
                Some(close) => format!("did you mean `{}`? Or write the record", escape(close)),
                None => format!("write the {kind}, or mend the id"),
            },
        ));
    }
}

fn nothing_found(config: &Config) -> Problem {
    let looked_for = if config.rules.sources.is_empty() {
        "duly.yaml names no source".to_owned()
    } else {
        "looked for YAML and JSON files with `kind:` and `id:`".to_owned()
    };
    Problem::new(
        Place::file("."),
        "no-records",
        Impact::Incomplete,
        format!("there is no record to assess: {looked_for}"),
        "write the first records (`duly schema` lists the kinds, the README shows one), or name another folder",
    )
}

fn pack_identities(policies: &PolicySet) -> Vec<PackIdentity> {
    policies
        .packs
        .iter()
        .map(|pack| PackIdentity {
            name: pack.name.clone(),
            version: pack.version.clone(),
            title: pack.title.clone(),
            sha256: pack.digest.clone(),
            documents: pack
                .documents
                .iter()
                .map(|d| Document {
                    id: d.id.clone(),
                    title: d.title.clone(),
                    publisher: d.publisher.clone(),
                    dated_on: d.dated_on.clone(),
                    url: d.url.clone(),
                    sections: d.sections.clone(),
                })
                .collect(),
            groups: pack.groups.iter().map(|g| Group { id: g.id.clone(), title: g.title.clone() }).collect(),
        })
        .collect()
}

fn parameter_changes(policies: &PolicySet) -> Vec<ParameterChange> {
    policies
        .measures()
        .flat_map(|(_, measure)| {
            measure.parameters.iter().filter_map(|(name, parameter)| {
                Some(ParameterChange {
                    measure: measure.id.clone(),
                    parameter: name.clone(),
                    from: parameter.changed_from.clone()?,
                    to: parameter.value.clone(),
                })
            })
        })
        .collect()
}
