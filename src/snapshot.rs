//! A snapshot: one state of the repository, read. Every file by its use, records admitted, documents that records
//! name identified.

mod age;
mod assign;
mod defaults;
mod error;
mod evidence;
mod left_out;
mod no_records;
mod pool;
mod problems;
mod state;
mod unused;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::assessment::{Coverage, FileCoverage, FileUse, Problem};
use crate::baseline::{self, BaselineFile};
use crate::config::{self, Config};
use crate::diagnostics::{Code, Diagnostic, Impact, Place, ProblemList};
use crate::engine::{self, Fields, World};
use crate::losses;
use crate::policy::expr::{Adoption, evidence_path};
use crate::policy::{self, PackSource, PolicySet, Selection};
use crate::readers::Claim;
use crate::records::{EvidenceDocument, NamesKind, Record, RecordSet, Reference, Source};
use crate::reference::ReferenceLists;
use crate::repo::{self, BlobId, Listing};
use crate::text::{Day, digest};
use assign::{Assignment, assign, assign_under};
use evidence::documents;
use left_out::collapse_not_fetched;
use no_records::NoRecords;
use pool::FileOutcome;
use problems::{
    broken_references, duplicates, ignored_records, nothing_found, reference_lists, unclaimed, unignored,
};
use unused::unused_rules;

pub use error::{AuditError, Progress};
pub(crate) use pool::Pool;
pub(crate) use state::State;

/// A state that was read.
pub(crate) struct Snapshot {
    pub state: State,
    /// The date it is judged at.
    pub as_of: Date,
    /// The day of adoption that it is judged by.
    pub adoption: Adoption,
    pub config: Arc<Config>,
    pub configuration_sha256: Option<String>,
    /// Hash of the first line of the configuration, where a report shows what is missing there.
    pub configuration_line: Option<String>,
    /// Findings that are known, where the folder has such a file.
    pub baseline: Option<BaselineFile>,
    /// Losses that are accepted.
    pub losses: Vec<losses::Entry>,
    pub policies: Arc<PolicySet>,
    pub set: Arc<RecordSet>,
    pub references: Arc<ReferenceLists>,
    /// SHA-256 of every file that was read, by path.
    pub digests: Arc<HashMap<String, String>>,
    /// Paths that records name as evidence.
    pub evidence: BTreeSet<String>,
    pub coverage: Coverage,
    pub problems: Vec<Problem>,
    /// Paths of files and folders that may hold records that were not read.
    unread: HashSet<String>,
    packs: Vec<String>,
    /// By file.
    assignments: Vec<Assignment>,
}

impl Snapshot {
    /// The facts that it is judged by.
    pub(crate) fn world(&self) -> World<'_> {
        World {
            policies: &self.policies,
            set: &self.set,
            references: &self.references,
            files: &self.digests,
            as_of: self.as_of,
            adoption: self.adoption,
        }
    }

    /// The day the organisation adopted the measures, as its record says; none where it has not come.
    pub(crate) fn adopted_on(&self) -> Option<Day> {
        let organization = engine::organization(&self.set, &mut Vec::new())?;
        Fields::of(&self.set, organization).day("adopted_on").filter(|day| day.0 <= self.as_of)
    }

    /// Where that day stands.
    pub(crate) fn adoption_place(&self) -> Place {
        match engine::organization(&self.set, &mut Vec::new()) {
            Some(organization) => Fields::of(&self.set, organization).place("adopted_on"),
            None => Place::file("."),
        }
    }

    /// Whether a check leaves out what happened too long ago.
    pub(crate) fn has_since(&self) -> bool {
        self.policies.measures().flat_map(|(_, measure)| &measure.checks).any(|check| check.since().is_some())
    }

    /// Whether a file of the state may hold records that were not read.
    pub(crate) fn is_unread(&self, path: &str) -> bool {
        let above = path.match_indices('/').map(|(i, _)| &path[..i]);
        self.state.left_out.is_sparse(path)
            || self.is_read_for_records(path) == Some(false)
            || !self.unread.is_empty() && above.chain([path]).any(|part| self.unread.contains(part))
    }

    /// Whether a file is one of records; none where there is no such file.
    pub(crate) fn is_read_for_records(&self, path: &str) -> Option<bool> {
        Some(self.assignment(path)?.reader.is_some())
    }

    /// Whether a file is one of rules: configuration, policies, lists, known gaps.
    pub(crate) fn is_rule(&self, path: &str) -> bool {
        let used_as = self.assignment(path).map(|assignment| assignment.used_as);
        matches!(
            used_as,
            Some(FileUse::Configuration | FileUse::Policy | FileUse::ReferenceList | FileUse::Baseline)
        )
    }

    fn assignment(&self, path: &str) -> Option<&Assignment> {
        let i = self.state.listing.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.assignments.get(i)
    }

    /// What goes into the assessment as it is.
    pub(crate) fn take(&mut self) -> (Coverage, Vec<Problem>) {
        (std::mem::take(&mut self.coverage), std::mem::take(&mut self.problems))
    }
}

/// What is read, beside the state itself.
pub(crate) struct Ask<'a> {
    /// The folder on disk.
    pub root: &'a Path,
    /// Replaces the configuration's packs, if there are any.
    pub packs: &'a [String],
    /// Replaces the configuration's profile.
    pub profile: Option<&'a str>,
    pub progress: &'a Progress,
}

/// Reads a state. What the pool holds is not read again, and with `naming` what is read goes into it. Of a state that
/// is earlier than `present`, only what judging takes is gathered.
pub(crate) fn read(
    state: State,
    as_of: Date,
    ask: &Ask<'_>,
    present: Option<&Snapshot>,
    pool: Option<&mut Pool>,
) -> Result<Snapshot, AuditError> {
    let listing = &state.listing;
    ask.progress.files.fetch_add(listing.files.len(), Ordering::Relaxed);
    let (config, configured) = configuration(listing)?;
    let (configuration_sha256, configuration_line) = configured.unzip();
    if state.is_work_tree() {
        baseline::on_disk(ask.root).map_err(|error| AuditError::Input(vec![*error]))?;
    }
    let baseline = known(listing)?;
    let losses = accepted(listing)?;
    let packs = if ask.packs.is_empty() { config.packs.clone() } else { ask.packs.to_vec() };
    let policies = policies(&state, ask, &packs, &config, present)?;
    let mut own = Pool::default();
    let naming = pool.is_some();
    let pool = match pool {
        Some(pool) if pool.is_usable(&policies.catalog) => pool,
        _ => &mut own,
    };
    pool.catalog.get_or_insert_with(|| Arc::clone(&policies.catalog));

    let same_rules = present.filter(|p| p.configuration_sha256 == configuration_sha256 && p.packs == packs);
    let same_rules = same_rules.map(|p| (&p.state.listing, p.assignments.as_slice()));
    let assignments = assign(listing, &config, &packs, same_rules);
    let mut contents = Contents {
        count_records: present.is_none(),
        problems: unignored(&config, &listing.problems),
        ..Contents::default()
    };
    let mut uses = contents.read(listing, &assignments, &policies, pool, naming, ask.progress);
    contents.settle(listing, &config, &mut uses);
    contents.identify(listing, &mut uses, pool, naming);
    let mut problems = std::mem::take(&mut contents.problems);
    let unread = unread(&problems, std::mem::take(&mut contents.unlisted));

    let references = reference_lists(&config, &state, &mut problems);
    let mut coverage = Coverage::default();
    if present.is_none() {
        coverage.files = files(listing, &uses, &config, &contents);
        unclaimed(&coverage.files, &config, &mut problems);
        ignored_records(listing, &coverage.files, &policies.catalog, &mut problems);
        unused_rules(&config, &policies, &state, &uses, &mut problems);
        state.left_out.report(&config, &packs, listing, &mut problems);
        coverage.git_ignored.clone_from(&state.left_out.ignored);
    }
    collapse_not_fetched(listing, &mut problems);
    let (set, twice) = RecordSet::new(Arc::clone(&policies.catalog), contents.sources, contents.records);
    let mut between_records = ProblemList::default();
    duplicates(&set, twice, &mut between_records);
    broken_references(&set, &contents.references, &mut between_records);
    documents(&set, &contents.documents, &state, &contents.digests, &mut between_records);
    problems.extend(between_records.finish());
    if present.is_none() {
        coverage.evidence = age::evidence(&set, &contents.documents, &state, as_of.into());
    }
    coverage.records = records_by_kind(&set);
    if present.is_none() {
        coverage.defaults = defaults::coverage(&set);
        defaults::unused(&coverage.defaults, &mut problems);
    }
    if set.is_empty() && !state.is_folder_absent && problems.iter().all(|p| p.impact == Impact::Notice) {
        problems.push(nothing_found(&config));
    }
    Ok(Snapshot {
        as_of,
        adoption: Adoption::OnRecord,
        config: Arc::new(config),
        configuration_sha256,
        configuration_line,
        baseline,
        losses,
        policies,
        set: Arc::new(set),
        references: Arc::new(references),
        digests: Arc::new(contents.digests),
        evidence: contents.evidence,
        coverage,
        problems,
        unread,
        packs,
        assignments,
        state,
    })
}

/// Problems of a file that leave open which records it holds.
const LEAVE_RECORDS_UNREAD: [Code; 23] = [
    Code::AliasCycle,
    Code::AliasesWithoutBound,
    Code::DuplicateKey,
    Code::FileTooLarge,
    Code::InvalidJson,
    Code::InvalidYaml,
    Code::KeyNotText,
    Code::KeyTooLong,
    Code::LfsPointer,
    Code::MergeKey,
    Code::NestedTooDeeply,
    Code::NotAFile,
    Code::NotAFiniteNumber,
    Code::NotARecord,
    Code::NotFetched,
    Code::NotText,
    Code::SavedReport,
    Code::SavedSchema,
    Code::Submodule,
    Code::SymbolicLink,
    Code::Tag,
    Code::UnknownKind,
    Code::Unreadable,
];

fn records_by_kind(set: &RecordSet) -> BTreeMap<String, usize> {
    let counts = set.catalog.iter().map(|(kind, definition)| (definition.name.clone(), set.count(kind)));
    counts.filter(|(_, count)| *count > 0).collect()
}

/// Paths of files and folders that may hold records that were not read: those of problems, and those that are not listed
/// one by one.
fn unread(problems: &[Problem], unlisted: Vec<String>) -> HashSet<String> {
    let unread = problems.iter().filter(|problem| LEAVE_RECORDS_UNREAD.contains(&problem.code));
    unread.map(|problem| problem.place.path.clone()).chain(unlisted).collect()
}

/// The files of `present` read by the rules of the base: its packs, parameters, sources, ignore rules and lists.
pub(crate) fn read_under(base: &Snapshot, present: &Snapshot, pool: &mut Pool, ask: &Ask<'_>) -> Snapshot {
    let state = present.state.clone();
    let policies = Arc::clone(&base.policies);
    let assignments = assign_under(&state.listing, &present.assignments, &base.config, &base.packs);
    let mut under = Snapshot {
        as_of: present.as_of,
        adoption: Adoption::Stated(base.adopted_on().filter(|day| day.0 <= present.as_of)),
        config: Arc::clone(&base.config),
        configuration_sha256: base.configuration_sha256.clone(),
        configuration_line: None,
        baseline: base.baseline.clone(),
        losses: Vec::new(),
        policies: Arc::clone(&policies),
        set: Arc::clone(&present.set),
        references: Arc::clone(&base.references),
        digests: Arc::clone(&present.digests),
        evidence: present.evidence.clone(),
        coverage: Coverage::default(),
        problems: Vec::new(),
        unread: present.unread.clone(),
        packs: base.packs.clone(),
        assignments: Vec::new(),
        state,
    };
    let same_kinds = Pool::are_alike(&present.policies.catalog, &policies.catalog);
    if !same_kinds || assignments != present.assignments {
        let listing = &under.state.listing;
        let mut own = Pool::default();
        let (pool, naming) = if same_kinds { (pool, true) } else { (&mut own, false) };
        let mut contents = Contents::default();
        let mut uses = contents.read(listing, &assignments, &policies, pool, naming, ask.progress);
        // What the change brings as rules is no file of records that cannot be read.
        contents.without.retain(|file| !present.is_rule(&listing.files[file.file].path));
        contents.settle(listing, &base.config, &mut uses);
        contents.identify(listing, &mut uses, pool, naming);
        let (set, twice) = RecordSet::new(Arc::clone(&policies.catalog), contents.sources, contents.records);
        let mut between_records = ProblemList::default();
        duplicates(&set, twice, &mut between_records);
        broken_references(&set, &contents.references, &mut between_records);
        under.unread = unread(&contents.problems, std::mem::take(&mut contents.unlisted));
        under.problems = unignored(&base.config, &listing.problems);
        under.problems.extend(contents.problems);
        under.problems.extend(between_records.finish());
        under.set = Arc::new(set);
        under.digests = Arc::new(contents.digests);
        under.evidence = contents.evidence;
    }
    under.assignments = assignments;
    under
}

fn policies(
    state: &State,
    ask: &Ask<'_>,
    packs: &[String],
    config: &Config,
    present: Option<&Snapshot>,
) -> Result<Arc<PolicySet>, AuditError> {
    if let Some(present) = present.filter(|_| state.is_folder_absent) {
        // Nothing is judged, by whatever rules.
        return Ok(Arc::clone(&present.policies));
    }
    let source = PackSource { listing: Some(&state.listing), root: state.is_work_tree().then_some(ask.root) };
    let mut tailoring = config.tailoring.clone();
    if let Some(profile) = ask.profile {
        tailoring.selection = Selection::Profile(profile.to_owned(), Place::command_line());
    }
    let policies = policy::load_from(packs, source, &tailoring, present.map(|p| &p.policies))
        .map_err(|errors| AuditError::Input(config.place_packs(errors)))?;
    let unknown = config.misspelt_owners(&policies);
    if unknown.is_empty() { Ok(policies) } else { Err(AuditError::Input(unknown)) }
}

/// The configuration; of its file, if there is one, the digest and the hash of the first line.
fn configuration(listing: &Listing) -> Result<(Config, Option<(String, String)>), AuditError> {
    let Some(file) = listing.find(config::FILE) else {
        return Ok((Config::default(), None));
    };
    let bytes = repo::read(file).map_err(|problem| unusable(*problem))?;
    let sha256 = digest::of(&bytes);
    let first_line = engine::line_hashes(&String::from_utf8_lossy(&bytes), &[0]);
    let first_line = first_line.get(&0).map_or_else(String::new, ToString::to_string);
    let config = Config::parse(bytes).map_err(AuditError::Input)?;
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
        return Err(AuditError::Input(vec![baseline::no_file(what)]));
    };
    BaselineFile::parse(repo::read(file).map_err(|problem| unusable(*problem))?)
        .map(Some)
        .map_err(AuditError::Input)
}

fn accepted(listing: &Listing) -> Result<Vec<losses::Entry>, AuditError> {
    let Some(file) = listing.find(losses::FILE) else { return Ok(Vec::new()) };
    losses::parse(repo::read(file).map_err(|problem| unusable(*problem))?).map_err(AuditError::Input)
}

/// A file that an audit cannot do without could not be read.
fn unusable(problem: Problem) -> AuditError {
    AuditError::Input(vec![Diagnostic { impact: Impact::Error, ..problem }])
}

/// What all files together held.
#[derive(Default)]
struct Contents {
    sources: Vec<Source>,
    records: Vec<Record>,
    references: Vec<(u32, Reference)>,
    documents: Vec<(u32, EvidenceDocument)>,
    /// Paths of the documents.
    evidence: BTreeSet<String>,
    digests: HashMap<String, String>,
    /// Records by file, where that is asked for.
    counts: HashMap<String, usize>,
    count_records: bool,
    /// Files of sources that hold no record, and those that do, in the order of the listing.
    without: Vec<NoRecords>,
    with_records: Vec<usize>,
    /// Files that may hold records and from which none was read.
    unlisted: Vec<String>,
    problems: Vec<Problem>,
}

impl Contents {
    /// Reads every file as it is assigned; returns what each was used as in the end.
    fn read(
        &mut self,
        listing: &Listing,
        assignments: &[Assignment],
        policies: &PolicySet,
        pool: &mut Pool,
        naming: bool,
        progress: &Progress,
    ) -> Vec<FileUse> {
        let outcomes: Vec<(FileOutcome, Option<BlobId>)> = (listing.files.par_iter())
            .zip(assignments)
            .map(|(file, assignment)| {
                let outcome = pool.read(file, *assignment, &policies.catalog, naming);
                progress.read.fetch_add(1, Ordering::Relaxed);
                outcome
            })
            .collect();
        let mut uses = Vec::with_capacity(outcomes.len());
        for (i, ((file, assignment), (outcome, id))) in
            listing.files.iter().zip(assignments).zip(outcomes).enumerate()
        {
            if let Some(id) = id {
                pool.keep(id, &file.path, *assignment, &outcome);
            }
            let failed = matches!(outcome, FileOutcome::Failed(_));
            uses.push(if failed { FileUse::Unreadable } else { assignment.used_as });
            self.add(i, &file.path, outcome);
        }
        uses
    }

    fn add(&mut self, file: usize, path: &str, outcome: FileOutcome) {
        let parsed = match outcome {
            FileOutcome::NotRead => return,
            FileOutcome::Digest(sha256) => {
                self.digests.insert(path.to_owned(), sha256);
                return;
            }
            FileOutcome::Failed(problem) => {
                let (problems, names_kind) = (vec![problem], NamesKind::No);
                self.without.push(NoRecords { file, problems, names_kind, was_read: false });
                return;
            }
            FileOutcome::Records(parsed) => parsed,
        };
        let source = self.sources.len() as u32;
        let (sha256, admitted) = match Arc::try_unwrap(parsed) {
            Ok(own) => (own.sha256, own.admitted),
            Err(shared) => (shared.sha256.clone(), shared.admitted.at(path)),
        };
        self.digests.insert(path.to_owned(), sha256);
        if self.count_records {
            self.counts.insert(path.to_owned(), admitted.records.len());
        }
        if admitted.records.is_empty() {
            let (problems, names_kind) = (admitted.problems, admitted.names_kind);
            self.without.push(NoRecords { file, problems, names_kind, was_read: true });
        } else {
            self.with_records.push(file);
            self.problems.extend(admitted.problems);
        }
        for document in &admitted.documents {
            self.evidence.insert(evidence_path(admitted.tree.node(document.node).text()).to_owned());
        }
        self.documents.extend(admitted.documents.into_iter().map(|d| (source, d)));
        self.references.extend(admitted.references.into_iter().map(|r| (source, r)));
        self.records.extend(admitted.records.into_iter().map(|r| Record { source, ..r }));
        self.sources.push(Source { path: path.to_owned(), tree: admitted.tree });
    }

    /// Says what the files are that hold no record, now that it is known what records name as evidence.
    fn settle(&mut self, listing: &Listing, config: &Config, uses: &mut [FileUse]) {
        let without = std::mem::take(&mut self.without);
        let path = |file: &NoRecords| listing.files[file.file].path.clone();
        let may_hold =
            |file: &&NoRecords| file.problems.iter().any(|p| LEAVE_RECORDS_UNREAD.contains(&p.code));
        self.unlisted = without.iter().filter(may_hold).map(path).collect();
        let (evidence, with_records) = (&self.evidence, &self.with_records);
        self.problems.extend(no_records::settle(without, listing, config, evidence, uses, with_records));
    }

    /// Takes the digests of the documents that records name: they are evidence, whatever else they are.
    fn identify(&mut self, listing: &Listing, uses: &mut [FileUse], pool: &mut Pool, naming: bool) {
        let wanted: Vec<usize> = (0..listing.files.len())
            .filter(|&i| {
                let path = &listing.files[i].path;
                self.evidence.contains(path) && !self.digests.contains_key(path)
            })
            .collect();
        let found: Vec<_> =
            wanted.into_par_iter().map(|i| (i, pool.document(&listing.files[i], naming))).collect();
        for (i, result) in found {
            match result {
                Ok((sha256, id)) => {
                    if let Some(id) = id {
                        pool.keep_digest(id, sha256.clone());
                    }
                    self.digests.insert(listing.files[i].path.clone(), sha256);
                    if uses[i] == FileUse::Unclaimed {
                        uses[i] = FileUse::Evidence;
                    }
                }
                Err(problem) => self.problems.push(*problem),
            }
        }
    }
}

fn files(listing: &Listing, uses: &[FileUse], config: &Config, contents: &Contents) -> Vec<FileCoverage> {
    let file = |(file, used_as): (&repo::File, &FileUse)| FileCoverage {
        path: file.path.clone(),
        used_as: *used_as,
        sha256: contents.digests.get(&file.path).cloned(),
        records: contents.counts.get(&file.path).copied().unwrap_or_default(),
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
