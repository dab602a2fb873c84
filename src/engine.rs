//! The engine: records and policies to a judgement.
//!
//! Pure: no clock, no file, no network, no printing. Every outcome starts as not-assessed; satisfied is
//! earned by a record that was evaluated.

mod attest;
mod defaults;
mod evaluate;
mod fields;
mod finding;
mod groups;
mod line_hash;
pub(crate) mod measure;
mod message;
mod reasons;
mod region;
mod stated;
mod subjects;
mod verdict;
mod waits;

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::assessment::{Coverage, FileUse, Judgement, Problem};
use crate::diagnostics::{Code, Place};
use crate::policy::PolicySet;
use crate::policy::expr::{Adoption, Compared, Indexes, Scope};
use crate::records::kinds::DECISIONS;
use crate::records::{RecordRef, RecordSet};
use crate::reference::ReferenceLists;

pub(crate) use attest::names_check;
pub(crate) use evaluate::{evaluate, evaluate_some};
pub(crate) use fields::{Fields, Part, in_words};
pub(crate) use finding::{fingerprint, named, named_in};
pub use line_hash::line_hashes;
pub(crate) use measure::Kept;
pub(crate) use measure::{counted, unjudged_check, unjudged_measure};
pub(crate) use verdict::{Evaluated, Verdict};

/// The facts of one state that it is judged by.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub policies: &'a PolicySet,
    pub set: &'a RecordSet,
    pub references: &'a ReferenceLists,
    /// SHA-256 of every file of the repository by path, in hexadecimal.
    pub files: &'a HashMap<String, String>,
    pub as_of: jiff::civil::Date,
    pub adoption: Adoption,
}

impl<'a> World<'a> {
    /// What an expression can see.
    pub(crate) fn scope(
        &self,
        indexes: &'a Indexes<'a>,
        organization: Option<RecordRef>,
        compared: Compared<'a>,
    ) -> Scope<'a> {
        Scope {
            set: self.set,
            indexes,
            references: self.references,
            files: self.files,
            organization,
            as_of: self.as_of,
            adoption: self.adoption,
            compared,
        }
    }
}

/// Findings of a check that are not assessed and are listed one by one. A field that 100,000 records lack would make
/// millions of them; they are all counted, and the groups of what is not assessed have all records.
pub(crate) const LISTED: usize = 1000;

/// Everything that is judged.
pub struct Inputs<'a> {
    pub world: World<'a>,
    /// Who stands behind an owner's role.
    pub owners: &'a BTreeMap<String, String>,
    pub coverage: Coverage,
    /// Problems of reading.
    pub problems: Vec<Problem>,
    /// What differs from the states that will be judged next.
    pub compared: Compared<'a>,
    /// Whether a report shows findings in their files: it takes a pass over the files that have any.
    pub regions: bool,
    /// Findings of a check that are not assessed and are listed one by one; the others are members of the groups.
    pub listed: usize,
    /// The line hash of the first line of the configuration.
    pub configuration_line: Option<&'a str>,
}

/// What was found, with what other states can be judged from.
pub struct Judged {
    pub judgement: Judgement,
    /// Steps that the expressions of all checks took: what judging cost, whatever the machine.
    pub steps: u64,
    /// By check, in the order of the policies; empty when no other state will be judged.
    pub(crate) checks: Vec<Option<Kept>>,
}

/// Judges every measure, and keeps what judging other states needs where a state is compared.
pub fn judge(inputs: Inputs<'_>) -> Judged {
    let world = inputs.world;
    let indexes = world.policies.plan.build(world.set, world.as_of);
    let mut problems = inputs.problems;
    let organization = organization(world.set, &mut problems);
    let scope = world.scope(&indexes, organization, inputs.compared);
    let mut measures = Vec::new();
    let mut findings = Vec::new();
    let seen = measure::SeenRecords::none_of(world.set.len());
    let job = measure::Job { scope: &scope, owners: inputs.owners, seen: &seen, listed: inputs.listed };
    let mut checks = Vec::new();
    let mut steps = 0;
    let mut not_assessed = waits::AllWaits::default();
    let judged: Vec<_> = world
        .policies
        .measures()
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(pack, measure)| measure::judge(&job, pack, measure))
        .collect();
    for judged in judged {
        for (check, waits) in judged.measure.checks.iter().zip(judged.waits) {
            not_assessed.add(&judged.measure.id, &check.id, waits);
        }
        measures.push(judged.measure);
        let before = findings.len();
        checks.extend(
            judged.kept.into_iter().map(|kept| kept.map(|kept| Kept { first: before + kept.first, ..kept })),
        );
        findings.extend(judged.findings);
        problems.extend(judged.problems);
        steps += judged.steps;
    }
    problems.extend(attest::problems(&scope, world.policies));
    problems.extend(stated::problems(&scope, world.policies));
    problems.sort();
    problems.dedup();
    let mut coverage = inputs.coverage;
    for (kind, definition) in world.set.catalog.iter() {
        let unchecked = world.set.of_kind(kind).filter(|r| !seen.has(*r)).count();
        if unchecked > 0 && definition.group != DECISIONS {
            coverage.unchecked.insert(definition.name.clone(), unchecked);
        }
    }
    // Whatever does not say that it is closed is open.
    let is_open = |incident: &Fields<'_>| incident.text("status") != Some("closed");
    coverage.open_incidents = Some(Fields::all(world.set, "incident").filter(is_open).count());
    if inputs.regions {
        let anchor = coverage.anchor().map(|file| region::Anchor {
            path: &file.path,
            first_line: inputs.configuration_line.filter(|_| file.used_as == FileUse::Configuration),
        });
        region::locate(world.set, anchor.as_ref(), &mut findings, &mut problems);
    }
    let not_assessed = not_assessed.groups(world.set);
    let subjects = subjects::subjects(world.set, &findings);
    let judgement =
        Judgement { measures, findings, not_assessed, subjects, problems, coverage, ..Judgement::default() };
    Judged { judgement, steps, checks }
}

/// The one organisation, if there is exactly one.
pub(crate) fn organization(set: &RecordSet, problems: &mut Vec<Problem>) -> Option<RecordRef> {
    let kind = set.catalog.find("organization")?;
    let mut records = set.of_kind(kind);
    let first = records.next()?;
    if set.get(first).ambiguous {
        return None;
    }
    let Some(second) = records.next() else {
        return Some(first);
    };
    let place = |record: RecordRef| -> Place { set.place_of(set.get(record), set.root(record)) };
    problems.push(
        Problem::new(
            Code::SeveralOrganizations,
            place(second),
            "a second `organization`; what the organisation declares is not used",
            "keep one record of the kind `organization`",
        )
        .with_related(place(first)),
    );
    None
}
