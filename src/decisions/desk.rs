//! What every part of the step sees: the facts, the rules, and the gaps by all that a record can name them by.

use std::collections::{BTreeSet, HashMap};

use crate::assessment::{Finding, Outcome};
use crate::config::{Config, WaiverRules};
use crate::diagnostics::did_you_mean;
use crate::engine::{World, names_check};
use crate::policy::{Check, Measure, PolicySet};

/// What every part of the step sees.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub world: World<'a>,
    pub config: &'a Config,
    /// Who may approve waivers in the state that is compared with, if there is one: no one approves themselves.
    pub base: Option<&'a WaiverRules>,
}

/// Why a waiver does not count.
pub(super) struct Refused {
    pub field: &'static str,
    pub why: String,
    pub help: String,
}

pub(super) fn refused<T>(
    field: &'static str,
    why: impl Into<String>,
    help: impl Into<String>,
) -> Result<T, Refused> {
    Err(Refused { field, why: why.into(), help: help.into() })
}

/// The checks that a text of a record names, asked or not, with their measures.
pub(super) fn named<'p>(policies: &'p PolicySet, text: &str) -> Vec<(&'p Measure, &'p Check)> {
    let all = policies.measures().flat_map(|(_, m)| m.checks.iter().chain(&m.left_out).map(move |c| (m, c)));
    all.filter(|(measure, check)| names_check(text, &measure.id, &check.id)).collect()
}

/// What to do about the name of a check that does not exist.
pub(super) fn help_with_check(policies: &PolicySet, text: &str) -> String {
    let ids = policies.measures().flat_map(|(_, m)| m.checks.iter().map(|check| check.id.as_str()));
    let id = text.rsplit('/').next().unwrap_or(text);
    did_you_mean(id, ids, || "`duly explain MEASURE` lists the checks of a measure".to_owned())
}

/// The gaps among findings, by all that a record can name them by.
pub(super) struct Gaps<'f> {
    findings: &'f [Finding],
    by_check: HashMap<&'f str, Vec<usize>>,
    by_record: HashMap<(&'f str, &'f str), Vec<usize>>,
    by_fingerprint: HashMap<&'f str, usize>,
}

impl<'f> Gaps<'f> {
    pub(super) fn of(findings: &'f [Finding]) -> Self {
        let (mut by_check, mut by_record, mut by_fingerprint) =
            (HashMap::<_, Vec<usize>>::new(), HashMap::<_, Vec<usize>>::new(), HashMap::new());
        for (i, finding) in findings.iter().enumerate().filter(|(_, f)| f.outcome == Outcome::Gap) {
            let check = finding.check.as_str();
            by_check.entry(check).or_default().push(i);
            for record in &finding.records {
                by_record.entry((check, record.id.as_str())).or_default().push(i);
            }
            by_fingerprint.insert(finding.fingerprint.as_str(), i);
        }
        Gaps { findings, by_check, by_record, by_fingerprint }
    }

    /// Indexes of the gaps of a check that have one of these fingerprints, or one of these records.
    pub(super) fn listed(
        &self,
        check: &str,
        records: &BTreeSet<&str>,
        fingerprints: &BTreeSet<&str>,
    ) -> BTreeSet<usize> {
        let id = check.rsplit('/').next().unwrap_or(check);
        let by_record = records.iter().filter_map(|record| self.by_record.get(&(id, *record))).flatten();
        let by_fingerprint = fingerprints.iter().filter_map(|found| self.by_fingerprint.get(*found));
        by_record.chain(by_fingerprint).copied().filter(|i| self.is_of(*i, check)).collect()
    }

    /// Indexes of all gaps of a check.
    pub(super) fn all(&self, check: &str) -> BTreeSet<usize> {
        let id = check.rsplit('/').next().unwrap_or(check);
        self.by_check.get(id).into_iter().flatten().copied().filter(|i| self.is_of(*i, check)).collect()
    }

    fn is_of(&self, i: usize, check: &str) -> bool {
        names_check(check, &self.findings[i].measure, &self.findings[i].check)
    }
}
