//! What the assessment was made from, what was looked at, and what was not.

use std::collections::BTreeSet;

use serde::Serialize;

use super::look::{link, sum};
use crate::assessment::{
    Assessment, BaselineFile, DatedBy, DefaultCoverage, EvidenceFile, FileCoverage, FileUse, Impact, Outcome,
    PackIdentity, ParameterChange, Problem, ReferenceList, Revision, SourceDocument,
};
use crate::text::Day;
use crate::text::count;

/// Files listed; with more, only those that findings point to.
const FILES: usize = 500;
/// Documents listed, the oldest first.
const DOCUMENTS: usize = 300;
/// Defaults listed; there are fewer, unless someone made the assessment by hand.
const DEFAULTS: usize = 500;
/// Problems listed.
const PROBLEMS: usize = 500;

#[derive(Debug, Serialize)]
pub(super) struct Scope<'a> {
    revision: &'a Revision,
    tool: String,
    fail_on: &'a str,
    exit_status: u8,
    manifest: &'a str,
    configuration: Option<&'a str>,
    packs: &'a [PackIdentity],
    documents: Vec<DocumentRow<'a>>,
    baseline: Option<String>,
    /// The file of known gaps, with its digest.
    baseline_file: Option<&'a BaselineFile>,
    parameters: Vec<Parameter<'a>>,
    /// What each default fills.
    defaults: Vec<String>,
    references: &'a [ReferenceList],
    records: Vec<(&'a str, usize, usize)>,
    record_count: usize,
    /// Files by use, as words.
    uses: Vec<String>,
    excluded: Vec<(&'a str, &'a str)>,
    files: Vec<FileRow<'a>>,
    file_count: usize,
    files_cut: bool,
    /// Documents that records name, the oldest first.
    evidence: Vec<EvidenceRow<'a>>,
    evidence_count: usize,
    problems: Vec<ProblemRow<'a>>,
    problem_count: usize,
    not_scored: Vec<(&'a str, &'a str)>,
    /// Checks that wait for a person.
    attest: usize,
    unchecked: usize,
}

#[derive(Debug, Serialize)]
struct DocumentRow<'a> {
    id: &'a str,
    title: &'a str,
    publisher: &'a str,
    dated_on: Day,
    url: &'a str,
    href: Option<&'a str>,
}

/// A parameter whose value is not the pack's.
#[derive(Debug, Serialize)]
pub(super) struct Parameter<'a> {
    measure: &'a str,
    name: &'a str,
    from: String,
    to: String,
}

#[derive(Debug, Serialize)]
struct FileRow<'a> {
    path: &'a str,
    used: &'static str,
    records: usize,
    sha256: Option<&'a str>,
}

/// A document, in words.
#[derive(Debug, Serialize)]
struct EvidenceRow<'a> {
    path: &'a str,
    age: String,
    /// The day it is from, and who says so.
    dated: String,
    commit: String,
}

#[derive(Debug, Serialize)]
struct ProblemRow<'a> {
    incomplete: bool,
    code: &'a str,
    place: String,
    message: &'a str,
    help: &'a str,
}

fn word(used: FileUse) -> &'static str {
    match used {
        FileUse::Records => "records",
        FileUse::Configuration => "configuration",
        FileUse::Policy => "policy",
        FileUse::ReferenceList => "reference list",
        FileUse::Baseline => "baseline file",
        FileUse::Evidence => "evidence",
        FileUse::Ignored => "ignored by rule",
        FileUse::OtherTool => "kept by other tools",
        FileUse::Unclaimed => "not looked at",
        FileUse::Unreadable => "unreadable",
    }
}

const USES: [FileUse; 10] = [
    FileUse::Records,
    FileUse::Evidence,
    FileUse::Configuration,
    FileUse::Policy,
    FileUse::ReferenceList,
    FileUse::Baseline,
    FileUse::Ignored,
    FileUse::OtherTool,
    FileUse::Unclaimed,
    FileUse::Unreadable,
];

pub(super) fn scope(assessment: &Assessment) -> Scope<'_> {
    let run = &assessment.run;
    let coverage = &assessment.coverage;
    let files_cut = coverage.files.len() > FILES;
    let checks = || assessment.measures.iter().flat_map(|m| &m.checks);
    Scope {
        revision: &run.revision,
        tool: format!("{} {}", run.tool.name, run.tool.version),
        fail_on: run.fail_on.as_str(),
        exit_status: assessment.summary.exit_status,
        manifest: &run.manifest_sha256,
        configuration: run.configuration_sha256.as_deref(),
        packs: &run.packs,
        documents: run.packs.iter().flat_map(|p| &p.documents).map(document).collect(),
        baseline: assessment.baseline.as_ref().map(|b| {
            let commit = b.revision.as_ref().and_then(|r| r.commit.as_deref());
            let day = b.revision.as_ref().and_then(|r| r.committed_on);
            let day = day.map_or_else(String::new, |day| format!(" of {day}"));
            let commit = commit.map_or_else(String::new, |c| format!(", commit {c}{day}"));
            format!("{}{commit}, judged as of {}", b.name, b.as_of)
        }),
        baseline_file: run.baseline_file.as_ref(),
        parameters: run.parameters_changed.iter().map(parameter).collect(),
        defaults: coverage.defaults.iter().take(DEFAULTS).map(DefaultCoverage::in_words).collect(),
        references: &run.references,
        records: coverage
            .records
            .iter()
            .map(|(kind, n)| (kind.as_str(), *n, coverage.unchecked.get(kind).copied().unwrap_or(0)))
            .collect(),
        record_count: sum(coverage.records.values().copied()),
        uses: uses(assessment),
        excluded: coverage
            .files
            .iter()
            .filter(|f| f.used_as == FileUse::Ignored)
            .take(FILES)
            .map(|f| (f.path.as_str(), f.reason.as_deref().unwrap_or_default()))
            .collect(),
        files: files(assessment, files_cut),
        file_count: coverage.files.len(),
        files_cut,
        evidence: evidence(assessment),
        evidence_count: coverage.evidence.len(),
        problems: problems(assessment),
        problem_count: assessment.problems.len(),
        not_scored: assessment
            .measures
            .iter()
            .filter_map(|m| Some((m.id.as_str(), m.not_scored.as_deref()?)))
            .collect(),
        attest: checks().filter(|c| c.question.is_some() && c.outcome == Outcome::NotAssessed).count(),
        unchecked: sum(coverage.unchecked.values().copied()),
    }
}

/// How many files there are of each use. A file of a source that holds no record is not one of records.
fn uses(assessment: &Assessment) -> Vec<String> {
    let coverage = &assessment.coverage;
    let of = |used: FileUse| coverage.files.iter().filter(|f| f.used_as == used).count();
    let counted = |used: &FileUse| match used {
        FileUse::Records => (word(*used), coverage.with_records()),
        used => (word(*used), of(*used)),
    };
    let empty = ("without a record", of(FileUse::Records).saturating_sub(coverage.with_records()));
    let all = USES.iter().map(counted).chain([empty]).filter(|(_, n)| *n > 0);
    all.map(|(word, n)| format!("{word}: {}", count(n, "file"))).collect()
}

pub(super) fn parameter(changed: &ParameterChange) -> Parameter<'_> {
    Parameter {
        measure: &changed.measure,
        name: &changed.parameter,
        from: changed.from.to_string(),
        to: changed.to.to_string(),
    }
}

fn document(document: &SourceDocument) -> DocumentRow<'_> {
    DocumentRow {
        id: &document.id,
        title: &document.title,
        publisher: &document.publisher,
        dated_on: document.dated_on,
        url: &document.url,
        href: link(&document.url),
    }
}

fn files(assessment: &Assessment, cut: bool) -> Vec<FileRow<'_>> {
    let findings = &assessment.findings;
    let cited: BTreeSet<&str> =
        findings.iter().filter_map(|f| f.place.as_ref()).map(|p| p.path.as_str()).collect();
    let listed =
        |f: &&FileCoverage| f.used_as != FileUse::Ignored && (!cut || cited.contains(f.path.as_str()));
    assessment.coverage.files.iter().filter(listed).take(FILES).map(file).collect()
}

fn file(file: &FileCoverage) -> FileRow<'_> {
    FileRow {
        path: &file.path,
        used: word(file.used_as),
        records: file.records,
        sha256: file.sha256.as_deref(),
    }
}

fn evidence(assessment: &Assessment) -> Vec<EvidenceRow<'_>> {
    let mut files: Vec<&EvidenceFile> = assessment.coverage.evidence.iter().collect();
    files.sort_by_key(|file| (file.dated_on.is_none(), file.dated_on));
    files.into_iter().take(DOCUMENTS).map(|file| document_row(file, assessment.run.as_of)).collect()
}

fn document_row(file: &EvidenceFile, as_of: Day) -> EvidenceRow<'_> {
    let short = |id: &str| id.chars().take(10).collect::<String>();
    EvidenceRow {
        path: &file.path,
        age: match (file.age_days, file.dated_on) {
            (Some(days), _) => count(days.try_into().unwrap_or(usize::MAX), "day"),
            (None, Some(_)) => format!("dated after {as_of}"),
            (None, None) => "not known".to_owned(),
        },
        dated: match (file.dated_on, file.dated_by) {
            (Some(day), Some(DatedBy::Commit)) => format!("{day}, commit"),
            (Some(day), _) => format!("{day}, record"),
            (None, _) => "not recorded".to_owned(),
        },
        commit: match (&file.commit, file.no_commit) {
            (Some(commit), _) => {
                let changed = if file.changed { ", changed on disk since" } else { "" };
                format!("{} of {}{changed}", short(&commit.id), commit.committed_on)
            }
            (None, Some(why)) => why.words().to_owned(),
            (None, None) => "no commit".to_owned(),
        },
    }
}

fn problems(assessment: &Assessment) -> Vec<ProblemRow<'_>> {
    let mut problems: Vec<&Problem> = assessment.problems.iter().collect();
    problems.sort_by_key(|p| p.impact != Impact::Incomplete);
    problems
        .into_iter()
        .take(PROBLEMS)
        .map(|p| ProblemRow {
            incomplete: p.impact == Impact::Incomplete,
            code: p.code.as_str(),
            place: p.place.to_string(),
            message: &p.message,
            help: &p.help,
        })
        .collect()
}
