//! What is wrong with the input as a whole: links that lead nowhere, rules without use, files no one claims.

use std::collections::{BTreeMap, HashSet};

use super::state::State;
use crate::assessment::{FileCoverage, FileUse, Impact, Problem};
use crate::config::{self, Config};
use crate::diagnostics::{Code, Place, ProblemList};
use crate::readers::{Claim, Fix, SAVED_REPORT, is_own_schema, names_kind, nearest};
use crate::records::{Catalog, Record, RecordSet, Reference, is_plausible_id};
use crate::reference::ReferenceLists;
use crate::repo::{self, Listing};
use crate::text::{IN_A_SENTENCE, count, decode, escape, list, shorten};

/// Files that a problem names; the others are counted.
const NAMED: usize = 6;

pub(super) fn reference_lists(config: &Config, state: &State, problems: &mut Vec<Problem>) -> ReferenceLists {
    let mut references = ReferenceLists::built_in();
    for (i, reference) in config.reference.iter().enumerate() {
        let Some(file) = state.listing.find(&reference.file) else {
            let left_out = state.left_out.why(&reference.file);
            let listing = &state.listing;
            let paths: Vec<&str> = listing.files.iter().map(|file| file.path.as_str()).collect();
            let close = nearest(&reference.file, &paths).filter(|fix| listing.find(&fix.pattern).is_some());
            let (why, help) = match (left_out, close) {
                (Some((why, help)), _) => (why, help.to_owned()),
                (None, Some(Fix { pattern, why })) if why.is_empty() => {
                    ("is not there", format!("did you mean `{}`?", escape(&pattern)))
                }
                (None, Some(Fix { pattern, why })) => {
                    ("is not there", format!("did you mean `{}`? What stands here {why}", escape(&pattern)))
                }
                (None, None) => ("is not there", "put the file there, or fix its path".to_owned()),
            };
            problems.push(Problem::new(
                Code::ReferenceListMissing,
                config.place(&["reference", &i.to_string(), "file"]),
                format!(
                    "the reference list `{}` {why}: `{}`",
                    escape(&reference.list),
                    escape(&reference.file)
                ),
                help,
            ));
            continue;
        };
        match repo::read(file).map(decode) {
            Ok(Ok(text)) => {
                if !references.add(&reference.list, &reference.file, reference.dated_on, &text) {
                    problems.push(Problem::new(
                        Code::ReferenceListEmpty,
                        Place::file(&reference.file),
                        format!("the reference list `{}` has no entry", escape(&reference.list)),
                        "write its entries, one a line, or take it out of duly.yaml",
                    ));
                }
            }
            Ok(Err(error)) => problems.push(Problem::new(
                Code::NotText,
                Place::file(&reference.file),
                error.to_string(),
                "save the list as UTF-8",
            )),
            Err(problem) => problems.push(*problem),
        }
    }
    references
}

/// One problem a folder at the top, so that a large unclaimed folder does not hide the rest.
pub(super) fn unclaimed(files: &[FileCoverage], config: &Config, problems: &mut Vec<Problem>) {
    let folders_at_top: HashSet<&str> =
        files.iter().filter_map(|f| f.path.split_once('/')).map(|(top, _)| top).collect();
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    // What a source takes in and is no text, and a misnamed configuration, are told by themselves.
    let told = |path: &str| {
        config::intended(path).is_some_and(|_| !path.contains('/'))
            || matches!(config.rules.claim(path), Claim::Source(_))
    };
    for file in files.iter().filter(|f| f.used_as == FileUse::Unclaimed && !told(&f.path)) {
        let top = file.path.split_once('/').map_or(file.path.as_str(), |(top, _)| top);
        *folders.entry(top).or_default() += 1;
    }
    for (top, files) in folders {
        let message = match (folders_at_top.contains(top), files) {
            (false, _) => "was not read: no source matches it".to_owned(),
            (true, 1) => "1 file below it was not read: no source matches it".to_owned(),
            (true, n) => format!("{n} files below it were not read: no source matches them"),
        };
        problems.push(Problem::new(Code::UnclaimedFiles, Place::file(top), message, "name them in a source, let a record point to them as evidence, or ignore them in duly.yaml with a reason"));
    }
}

/// One problem a folder at the top for files that hold records and that the configuration ignores.
pub(super) fn ignored_records(
    listing: &Listing,
    files: &[FileCoverage],
    catalog: &Catalog,
    problems: &mut Vec<Problem>,
) {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in files.iter().filter(|f| f.used_as == FileUse::Ignored && is_of_records(&f.path)) {
        let bytes = listing.find(&file.path).and_then(|file| repo::read(file).ok()).unwrap_or_default();
        // A saved report names the kinds of the records it is about.
        let is_report = || String::from_utf8_lossy(&bytes).contains(SAVED_REPORT);
        if names_kind(&bytes, catalog) && !is_report() && !is_own_schema(&file.path, &bytes, catalog) {
            let top = file.path.split_once('/').map_or(file.path.as_str(), |(top, _)| top);
            folders.entry(top).or_default().push(&file.path);
        }
    }
    for (top, paths) in folders {
        let verb = if paths.len() == 1 { "holds" } else { "hold" };
        let message = format!(
            "{} that the configuration ignores {verb} records: {}",
            count(paths.len(), "file"),
            list(paths.iter().map(|path| escape(path)), NAMED, ", ")
        );
        let help =
            "move them to where a source reads them, or make sure that nothing in them belongs to this audit";
        problems.push(Problem::new(Code::IgnoredRecords, Place::file(top), message, help));
    }
}

fn is_of_records(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["yaml", "yml", "json", "jsonl"].iter().any(|own| ending.eq_ignore_ascii_case(own))
}

/// Problems of listing, without those at a path that the configuration ignores. At a path that a source claims,
/// they leave the audit incomplete.
pub(super) fn unignored(config: &Config, problems: &[Problem]) -> Vec<Problem> {
    let ignored = |p: &&Problem| !matches!(claim_of(config, p), Claim::Ignored(_));
    let judged = |p: &Problem| {
        // What a source claims and is no file may stand for records that no one read.
        let claimed = matches!(config.rules.claim(&p.place.path), Claim::Source(_));
        Problem { impact: if claimed { Impact::Incomplete } else { p.impact }, ..p.clone() }
    };
    problems.iter().filter(ignored).map(judged).collect()
}

/// What the rules say about the place of a problem: links, submodules and folders are no files.
pub(super) fn claim_of(config: &Config, problem: &Problem) -> Claim {
    match config.rules.claim(&problem.place.path) {
        Claim::Ignored(i) => Claim::Ignored(i),
        // A pattern such as `vendor/**` means what stands below a submodule.
        _ => config.rules.claim(&format!("{}/_", problem.place.path)),
    }
}

pub(super) fn duplicates(set: &RecordSet, twice: Vec<(Record, Place)>, problems: &mut ProblemList) {
    for (other, first) in twice {
        let kind = &set.catalog.get(other.kind).name;
        let root = set.tree(&other).node(other.root);
        let node = root.at(&set.catalog.get(other.kind).id_field).unwrap_or(root);
        problems.push(set.place_of(&other, node), Code::DuplicateId, |place| {
            let message = format!("a second {kind} has the id `{}`; neither is assessed", escape(&other.id));
            let help = "keep one of the two, or give one another id";
            Problem::new(Code::DuplicateId, place, message, help).with_related(first)
        });
    }
}

pub(super) fn broken_references(
    set: &RecordSet,
    references: &[(u32, Reference)],
    problems: &mut ProblemList,
) {
    let mut sought = 0;
    for (source, reference) in references {
        let source = &set.sources[*source as usize];
        let node = source.tree.node(reference.node);
        if set.find(reference.kind, node.text()).is_some() {
            continue;
        }
        let kind = &set.catalog.get(reference.kind).name;
        let place = Place::at(&source.path, source.tree.line_column(node.span().start));
        problems.push(place, Code::BrokenReference, |place| {
            // Among very many ids a close one says nothing, and looking for very many takes long.
            let shown = reference.shown && is_plausible_id(node.text());
            let few = set.count(reference.kind) <= 1000 && sought < 1000 && shown;
            sought += 1;
            let ids = set.of_kind(reference.kind).filter(|_| few).map(|r| &*set.get(r).id);
            let close = crate::diagnostics::suggestion(node.text(), ids);
            let message = if shown {
                format!("no {kind} has the id `{}`", escape(&shorten(node.text(), IN_A_SENTENCE)))
            } else {
                format!("no {kind} has the id that stands here")
            };
            let help = match close {
                Some(close) => format!("did you mean `{}`? Or write the record", escape(close)),
                None => format!("write the {kind}, or fix the id"),
            };
            Problem::new(Code::BrokenReference, place, message, help)
        });
    }
}

pub(super) fn nothing_found(config: &Config) -> Problem {
    let looked_for = if config.rules.sources.is_empty() {
        "duly.yaml names no source".to_owned()
    } else {
        "looked for YAML and JSON files with `kind:` and `id:`".to_owned()
    };
    Problem::new(
        Code::NoRecords,
        Place::file("."),
        format!("there is no record to assess: {looked_for}"),
        "write the first records (`duly schema` lists the kinds, the README shows one), or name another folder",
    )
}
