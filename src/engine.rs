//! The engine: records and policies to an assessment.
//!
//! Pure: no clock, no file, no network, no printing. Every outcome starts as not-assessed; satisfied is
//! earned by a record that was evaluated.

mod evaluate;
mod finding;
mod measure;
mod message;
mod region;

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::assessment::{
    Assessment, Coverage, Disposition, FORMAT, FileUse, Impact, Outcome, Problem, Run, Summary, VERSION, gate,
};
use crate::policy::PolicySet;
use crate::policy::expr::Scope;
use crate::records::{RecordRef, RecordSet};
use crate::reference::References;
use crate::text::Place;

/// Everything an assessment is made of.
pub struct Inputs<'a> {
    pub policies: &'a PolicySet,
    pub set: &'a RecordSet,
    pub references: &'a References,
    /// SHA-256 of every file of the repository by path, in hexadecimal.
    pub files: &'a HashMap<String, String>,
    pub as_of: jiff::civil::Date,
    /// Who stands behind an owner's role.
    pub owners: &'a BTreeMap<String, String>,
    pub run: Run,
    pub coverage: Coverage,
    /// Problems of reading.
    pub problems: Vec<Problem>,
    /// Whether a report shows findings in their files: it takes a pass over the files that have any.
    pub regions: bool,
    /// The line hash of the first line of the configuration.
    pub configuration_line: Option<&'a str>,
}

/// Judges every measure.
pub fn assess(inputs: Inputs<'_>) -> Assessment {
    let indexes = inputs.policies.plan.build(inputs.set);
    let mut problems = inputs.problems;
    let organization = organization(inputs.set, &mut problems);
    let scope = Scope {
        set: inputs.set,
        indexes: &indexes,
        references: inputs.references,
        files: inputs.files,
        organization,
        as_of: inputs.as_of,
    };
    let mut measures = Vec::new();
    let mut findings = Vec::new();
    let mut looked = vec![false; inputs.set.len()];
    let judged: Vec<_> = inputs
        .policies
        .measures()
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(pack, measure)| measure::judge(&scope, pack, measure, inputs.owners))
        .collect();
    for judged in judged {
        for record in judged.looked {
            looked[record.0 as usize] = true;
        }
        measures.push(judged.measure);
        findings.extend(judged.findings);
        problems.extend(judged.problems);
    }
    problems.sort();
    problems.dedup();
    let mut coverage = inputs.coverage;
    for (kind, definition) in inputs.set.catalog.iter() {
        let unchecked = inputs.set.of_kind(kind).filter(|r| !looked[r.0 as usize]).count();
        if unchecked > 0 {
            coverage.unchecked.insert(definition.name.clone(), unchecked);
        }
    }
    if inputs.regions {
        let anchor = coverage.anchor().map(|file| region::Anchor {
            path: &file.path,
            first_line: inputs.configuration_line.filter(|_| file.used_as == FileUse::Configuration),
        });
        region::locate(inputs.set, anchor.as_ref(), &mut findings, &mut problems);
    }
    let fail_on = inputs.run.fail_on;
    let mut assessment = Assessment {
        format: FORMAT.to_owned(),
        version: VERSION,
        run: inputs.run,
        summary: Summary {
            verdict: String::new(),
            exit_status: 0,
            measures: BTreeMap::new(),
            gaps: BTreeMap::new(),
            findings: BTreeMap::new(),
            records_with_gaps: BTreeMap::new(),
        },
        measures,
        findings,
        problems,
        coverage,
        waivers: Vec::new(),
        plan: Vec::new(),
        history: Vec::new(),
        baseline: None,
    };
    assessment.summary = summary(&assessment);
    assessment.summary.exit_status = gate(&assessment, fail_on).status as u8;
    assessment
}

/// The one organisation, if there is exactly one.
fn organization(set: &RecordSet, problems: &mut Vec<Problem>) -> Option<RecordRef> {
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
            place(second),
            "several-organizations",
            Impact::Incomplete,
            "a second `organization`; what the organisation declares is not used",
            "keep one record of the kind `organization`",
        )
        .with_related(place(first)),
    );
    None
}

fn summary(assessment: &Assessment) -> Summary {
    let mut measures = BTreeMap::new();
    for measure in &assessment.measures {
        *measures.entry(measure.outcome).or_insert(0) += 1;
    }
    let mut gaps = BTreeMap::new();
    let mut findings = BTreeMap::new();
    let mut with_gaps: BTreeMap<&str, std::collections::BTreeSet<&str>> = BTreeMap::new();
    for finding in &assessment.findings {
        *findings.entry(finding.outcome).or_insert(0) += 1;
        if finding.outcome == Outcome::Gap && finding.disposition == Disposition::Open {
            *gaps.entry(finding.severity).or_insert(0) += 1;
            for record in &finding.records {
                with_gaps.entry(&record.kind).or_default().insert(&record.id);
            }
        }
    }
    Summary {
        verdict: measure::verdict(assessment, &measures),
        exit_status: 0,
        measures,
        gaps,
        findings,
        records_with_gaps: with_gaps.into_iter().map(|(k, ids)| (k.to_owned(), ids.len())).collect(),
    }
}
