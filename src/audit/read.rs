//! Reading a state: every file by its use, records parsed, documents that records name identified.
//!
//! States of one repository have most files in common. A *pool* holds what was read, by the name that git has
//! for the bytes, so that no bytes are read or parsed twice.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::problems::{
    broken_references, documents, duplicates, nothing_found, reference_lists, unclaimed, unignored,
    unused_ignores,
};
use super::state::State;
use super::{AuditError, Progress, Request};
use crate::assessment::{Coverage, FileCoverage, FileUse, Impact, Problem};
use crate::baseline::{self, BaselineError, BaselineFile};
use crate::config::{self, Config};
use crate::policy::expr::evidence_path;
use crate::policy::{self, PolicySet, Shelf};
use crate::readers::{Claim, Document, Reference, read_file};
use crate::records::{Catalog, Record, RecordSet, Source};
use crate::reference::References;
use crate::repo::{self, BlobId, Listing};
use crate::text::{Place, ProblemList, Tree, line_hashes};

/// A state that was read.
pub(super) struct Material {
    pub state: State,
    pub config: Config,
    pub configuration_sha256: Option<String>,
    /// Hash of the first line of the configuration, where a report shows what is missing there.
    pub configuration_line: Option<String>,
    /// Findings that are known, where the folder has such a file.
    pub baseline: Option<BaselineFile>,
    pub policies: Arc<PolicySet>,
    pub set: RecordSet,
    pub references: References,
    /// SHA-256 of every file that was read, by path.
    pub digests: HashMap<String, String>,
    /// Paths that records name as evidence.
    pub evidence: BTreeSet<String>,
    pub coverage: Coverage,
    pub problems: Vec<Problem>,
    packs: Vec<String>,
    /// By file: what it is for, as far as its path says.
    uses: Vec<FileUse>,
}

impl Material {
    /// What goes into the assessment as it is.
    pub(super) fn take(&mut self) -> (Coverage, Vec<Problem>) {
        (std::mem::take(&mut self.coverage), std::mem::take(&mut self.problems))
    }
}

/// What a file of records holds.
struct Parsed {
    sha256: String,
    tree: Arc<Tree>,
    records: Vec<Record>,
    problems: Vec<Problem>,
    references: Vec<Reference>,
    documents: Vec<Document>,
}

/// What was read of other states, by the name of the bytes.
#[derive(Default)]
pub(super) struct Pool {
    /// The kinds that records were read as; nothing is shared with a state that has others.
    catalog: Option<Arc<Catalog>>,
    /// With whether the bytes were read as JSON.
    parsed: HashMap<(BlobId, bool), Arc<Parsed>>,
    digests: HashMap<BlobId, String>,
}

impl Pool {
    /// The pool as far as a state with these kinds can use it.
    fn usable(&self, catalog: &Catalog) -> bool {
        self.catalog.as_ref().is_none_or(|own| {
            let same =
                |(a, b): ((_, &crate::records::KindDefinition), (_, &crate::records::KindDefinition))| {
                    a.1.name == b.1.name && a.1.schema == b.1.schema
                };
            own.iter().count() == catalog.iter().count() && own.iter().zip(catalog.iter()).all(same)
        })
    }
}

/// A file after it was looked at.
enum Looked {
    Records(Arc<Parsed>),
    Digest(String),
    Failed(Problem),
    Left,
}

/// Reads a state. With a pool, what it holds is not read again, and what is read goes into it. Of a state that is
/// earlier than another one, only what judging takes is gathered.
pub(super) fn read(
    state: State,
    request: &Request<'_>,
    present: Option<&Material>,
    pool: Option<&mut Pool>,
    progress: &Progress,
) -> Result<Material, AuditError> {
    let listing = &state.listing;
    progress.files.fetch_add(listing.files.len(), Ordering::Relaxed);
    let (config, configured) = configuration(listing)?;
    let (configuration_sha256, configuration_line) = configured.unzip();
    if state.is_work_tree() {
        baseline::on_disk(request.root).map_err(|error| AuditError::Baseline(vec![error]))?;
    }
    let baseline = known(listing)?;
    let mut problems = unignored(&config, &listing.problems);
    let packs = if request.packs.is_empty() { &config.packs } else { &request.packs };
    let shelf = Shelf { listing: Some(listing), root: state.is_work_tree().then_some(request.root) };
    let policies = policy::load_from(packs, shelf, &config.overrides, present.map(|m| &m.policies)).map_err(
        |mut errors| {
            for error in &mut errors {
                if let Some((measure, parameter)) = error.parameter.as_deref() {
                    error.place = config.place_of_parameter(measure, parameter);
                }
            }
            AuditError::Policy(errors)
        },
    )?;
    let unknown = config.misspelt_owners(&policies);
    if !unknown.is_empty() {
        return Err(AuditError::Config(unknown));
    }
    let catalog = Arc::clone(&policies.catalog);
    let mut own = Pool::default();
    let naming = pool.is_some();
    let pool = match pool {
        Some(pool) if pool.usable(&catalog) => pool,
        _ => &mut own,
    };
    pool.catalog.get_or_insert_with(|| Arc::clone(&catalog));

    let packs = packs.clone();
    let same_rules = present.filter(|p| p.configuration_sha256 == configuration_sha256 && p.packs == packs);
    let claimed = uses_of(listing, &config, &packs, same_rules);
    let mut uses = claimed.clone();
    let looked: Vec<(Looked, Option<BlobId>)> = (listing.files.par_iter())
        .zip(&uses)
        .map(|(file, used_as)| {
            let looked = look(file, *used_as, &catalog, pool, naming);
            progress.read.fetch_add(1, Ordering::Relaxed);
            looked
        })
        .collect();
    let mut gathered = Gathered { earlier: present.is_some(), ..Gathered::default() };
    for ((file, used_as), (looked, id)) in listing.files.iter().zip(&mut uses).zip(looked) {
        if let Some(id) = id {
            pool.keep(id, &file.path, &looked);
        }
        gathered.add(&file.path, used_as, looked, &mut problems);
    }

    // Documents that records name are evidence: their digest is taken, whatever else they are.
    let evidence = std::mem::take(&mut gathered.evidence);
    let wanted: Vec<usize> = (0..listing.files.len())
        .filter(|&i| {
            let path = &listing.files[i].path;
            evidence.contains(path) && !gathered.digests.contains_key(path)
        })
        .collect();
    let digests: Vec<_> =
        wanted.into_par_iter().map(|i| (i, document(&listing.files[i], pool, naming))).collect();
    for (i, result) in digests {
        let path = &listing.files[i].path;
        match result {
            Ok((sha256, id)) => {
                if let Some(id) = id {
                    pool.digests.insert(id, sha256.clone());
                }
                gathered.digests.insert(path.clone(), sha256);
                if uses[i] == FileUse::Unclaimed {
                    uses[i] = FileUse::Evidence;
                }
            }
            Err(problem) => problems.push(*problem),
        }
    }

    let references = reference_lists(&config, listing, &mut problems);
    let mut coverage = Coverage::default();
    if present.is_none() {
        coverage.files = files(listing, &uses, &config, &gathered);
        unclaimed(&coverage.files, &mut problems);
        unused_ignores(&config, listing, &mut problems);
    }
    let (set, twice) = RecordSet::new(catalog, gathered.sources, gathered.records);
    let mut between_records = ProblemList::default();
    duplicates(&set, twice, &mut between_records);
    broken_references(&set, &gathered.references, &mut between_records);
    documents(&set, &gathered.documents, listing, &gathered.digests, &mut between_records);
    problems.extend(between_records.finish());
    for (kind, definition) in set.catalog.iter() {
        let count = set.count(kind);
        if count > 0 {
            coverage.records.insert(definition.name.clone(), count);
        }
    }
    if set.is_empty() && problems.iter().all(|p| p.impact == Impact::Notice) {
        problems.push(nothing_found(&config));
    }
    let digests = gathered.digests;
    Ok(Material {
        state,
        config,
        configuration_sha256,
        configuration_line,
        baseline,
        policies,
        set,
        references,
        digests,
        evidence,
        coverage,
        problems,
        packs,
        uses: claimed,
    })
}

/// What each file is for; taken from another state that reads by the same rules, as far as it has the file.
fn uses_of(
    listing: &Listing,
    config: &Config,
    packs: &[String],
    same_rules: Option<&Material>,
) -> Vec<FileUse> {
    let known = same_rules.map(|other| (&other.state.listing.files, &other.uses));
    let mut known = known.into_iter().flat_map(|(files, uses)| files.iter().zip(uses)).peekable();
    let use_of_file = |file: &repo::File| {
        while known.next_if(|(other, _)| other.path < file.path).is_some() {}
        match known.next_if(|(other, _)| other.path == file.path) {
            Some((_, used_as)) => *used_as,
            None => use_of(&file.path, config, packs),
        }
    };
    listing.files.iter().map(use_of_file).collect()
}

/// The configuration; of its file, if there is one, the digest and the hash of the first line.
fn configuration(listing: &Listing) -> Result<(Config, Option<(String, String)>), AuditError> {
    let Some(file) = listing.find(config::FILE) else {
        return Ok((Config::default(), None));
    };
    let bytes = repo::read(file).map_err(|problem| AuditError::Config(vec![(*problem).into()]))?;
    let sha256 = digest(&bytes);
    let first_line = line_hashes(&String::from_utf8_lossy(&bytes), &[0]);
    let first_line = first_line.get(&0).map_or_else(String::new, ToString::to_string);
    let config = Config::parse(bytes).map_err(AuditError::Config)?;
    Ok((config, Some((sha256, first_line))))
}

fn known(listing: &Listing) -> Result<Option<BaselineFile>, AuditError> {
    let Some(file) = listing.find(baseline::FILE) else {
        let inside = |path: &str| path.strip_prefix(baseline::FILE).is_some_and(|rest| rest.starts_with('/'));
        let what = if listing.files.iter().any(|file| inside(&file.path)) {
            "is a folder"
        } else if listing.problems.iter().any(|problem| problem.place.path == baseline::FILE) {
            "is a link, or no file"
        } else {
            return Ok(None);
        };
        return Err(AuditError::Baseline(vec![baseline::no_file(what)]));
    };
    let error = |p: Box<Problem>| {
        AuditError::Baseline(vec![BaselineError { place: p.place, message: p.message, help: p.help }])
    };
    BaselineFile::parse(repo::read(file).map_err(error)?).map(Some).map_err(AuditError::Baseline)
}

fn use_of(path: &str, config: &Config, packs: &[String]) -> FileUse {
    if path == config::FILE {
        return FileUse::Configuration;
    }
    if path == baseline::FILE {
        return FileUse::Baseline;
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

/// Looks at a file, with the name of its bytes where that is known or wanted.
fn look(
    file: &repo::File,
    used_as: FileUse,
    catalog: &Catalog,
    pool: &Pool,
    naming: bool,
) -> (Looked, Option<BlobId>) {
    if matches!(used_as, FileUse::Ignored | FileUse::Unclaimed) {
        return (Looked::Left, None);
    }
    let known = file.blob_id();
    if let Some(shared) = known.and_then(|id| pool.find(id, &file.path, used_as)) {
        return (shared, None);
    }
    let bytes = match read_bytes(file) {
        Ok(bytes) => bytes,
        Err(problem) => return (Looked::Failed(*problem), None),
    };
    let id = if naming { known.or_else(|| BlobId::of(&bytes)) } else { None };
    if known.is_none()
        && let Some(shared) = id.and_then(|id| pool.find(id, &file.path, used_as))
    {
        return (shared, None);
    }
    let sha256 = digest(&bytes);
    if used_as != FileUse::Records {
        return (Looked::Digest(sha256), id);
    }
    let read = read_file(&file.path, bytes, catalog);
    let parsed = Parsed {
        sha256,
        tree: Arc::new(read.tree),
        records: read.records,
        problems: read.problems,
        references: read.references,
        documents: read.documents,
    };
    (Looked::Records(Arc::new(parsed)), id)
}

fn is_json(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|e| e.eq_ignore_ascii_case("json"))
}

impl Pool {
    fn find(&self, id: BlobId, path: &str, used_as: FileUse) -> Option<Looked> {
        if used_as == FileUse::Records {
            return self.parsed.get(&(id, is_json(path))).map(|parsed| Looked::Records(Arc::clone(parsed)));
        }
        self.digests.get(&id).cloned().map(Looked::Digest)
    }

    fn keep(&mut self, id: BlobId, path: &str, looked: &Looked) {
        match looked {
            Looked::Records(parsed) => {
                self.digests.insert(id, parsed.sha256.clone());
                self.parsed.insert((id, is_json(path)), Arc::clone(parsed));
            }
            Looked::Digest(sha256) => {
                self.digests.insert(id, sha256.clone());
            }
            Looked::Failed(_) | Looked::Left => {}
        }
    }
}

/// The bytes of a file that is one.
fn read_bytes(file: &repo::File) -> Result<Vec<u8>, Box<Problem>> {
    let bytes = repo::read(file)?;
    if repo::is_lfs_pointer(&bytes) { Err(lfs_pointer(&file.path)) } else { Ok(bytes) }
}

/// The digest of a document, whatever its size; with the name of its bytes where that is known or wanted.
fn document(file: &repo::File, pool: &Pool, naming: bool) -> Result<(String, Option<BlobId>), Box<Problem>> {
    let known = file.blob_id();
    if let Some(Looked::Digest(sha256)) = known.and_then(|id| pool.find(id, &file.path, FileUse::Evidence)) {
        return Ok((sha256, None));
    }
    let mut hasher = Sha256::new();
    let (mut bytes, mut pointer) = (0, false);
    repo::stream(file, |piece| {
        pointer = bytes == 0 && repo::is_lfs_pointer(piece);
        bytes += piece.len();
        hasher.update(piece);
    })?;
    if pointer {
        return Err(lfs_pointer(&file.path));
    }
    let id = if naming { known.or_else(|| file.hash()) } else { None };
    Ok((policy::hex(&hasher.finalize()), id))
}

fn lfs_pointer(path: &str) -> Box<Problem> {
    Box::new(Problem::new(
        Place::file(path),
        "lfs-pointer",
        Impact::Incomplete,
        "is not the file but a pointer of git LFS: what it stands for was not read",
        "in a work tree, `git lfs pull` brings it; a revision never holds it, so audit the work tree, or ignore it \
         in duly.yaml with a reason",
    ))
}

pub(super) fn digest(bytes: &[u8]) -> String {
    policy::hex(&Sha256::digest(bytes))
}

/// What all files together held.
#[derive(Default)]
struct Gathered {
    sources: Vec<Source>,
    records: Vec<Record>,
    references: Vec<(u32, Reference)>,
    documents: Vec<(u32, Document)>,
    /// Paths of the documents.
    evidence: BTreeSet<String>,
    digests: HashMap<String, String>,
    counts: HashMap<String, usize>,
    /// Counts of single files are not asked for.
    earlier: bool,
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
            Looked::Records(parsed) => {
                let source = self.sources.len() as u32;
                let parsed = Arc::try_unwrap(parsed).unwrap_or_else(|shared| shared.at(path));
                self.digests.insert(path.to_owned(), parsed.sha256);
                if !self.earlier {
                    self.counts.insert(path.to_owned(), parsed.records.len());
                }
                problems.extend(parsed.problems);
                for document in &parsed.documents {
                    self.evidence.insert(evidence_path(parsed.tree.node(document.node).text()).to_owned());
                }
                self.documents.extend(parsed.documents.into_iter().map(|d| (source, d)));
                self.references.extend(parsed.references.into_iter().map(|r| (source, r)));
                self.records.extend(parsed.records.into_iter().map(|r| Record { source, ..r }));
                self.sources.push(Source { path: path.to_owned(), tree: parsed.tree });
            }
        }
    }
}

impl Parsed {
    /// The same bytes under another path.
    fn at(&self, path: &str) -> Parsed {
        let moved = |place: &Place| Place { path: path.to_owned(), ..place.clone() };
        let problems = self.problems.iter().map(|p| Problem {
            place: moved(&p.place),
            related: p.related.as_ref().map(moved),
            ..p.clone()
        });
        Parsed {
            sha256: self.sha256.clone(),
            tree: Arc::clone(&self.tree),
            records: self.records.clone(),
            problems: problems.collect(),
            references: self.references.clone(),
            documents: self.documents.clone(),
        }
    }
}

fn files(listing: &Listing, uses: &[FileUse], config: &Config, gathered: &Gathered) -> Vec<FileCoverage> {
    let file = |(file, used_as): (&repo::File, &FileUse)| FileCoverage {
        path: file.path.clone(),
        used_as: *used_as,
        sha256: gathered.digests.get(&file.path).cloned(),
        records: gathered.counts.get(&file.path).copied().unwrap_or_default(),
        reason: match used_as {
            FileUse::Ignored => match config.rules.claim(&file.path) {
                Claim::Ignored(i) => Some(config.rules.ignores[i].reason.clone()),
                _ => None,
            },
            _ => None,
        },
    };
    listing.files.iter().zip(uses).map(file).collect()
}
