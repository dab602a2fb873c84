//! Gaps, counted: together, and apart by what people decided about them. Every format counts here.
//!
//! A gap stays a gap whatever was decided, so no baseline file, waiver or attestation lowers `all`. *New* are the open
//! gaps that the base or the baseline file does not have; without either, nothing says which are new.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Assessment, Change, Disposition, Finding, Outcome, Severity};
use crate::text::{Day, count};

/// How many gaps there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Gaps {
    /// All of them; `open`, `known`, `waived` and `attested` are its parts.
    pub all: usize,
    /// Those about which nothing is decided.
    pub open: usize,
    /// Open ones that are new or worse; none where nothing earlier is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<usize>,
    /// In the baseline file.
    pub known: usize,
    /// The earliest day on which one of these was put into the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_since: Option<Day>,
    pub waived: usize,
    pub attested: usize,
    /// All of them by severity.
    pub severities: BTreeMap<Severity, usize>,
    /// Records with at least one of them, by kind.
    pub records: BTreeMap<String, usize>,
}

impl Gaps {
    /// Those of an assessment.
    pub fn of(assessment: &Assessment) -> Self {
        Gaps::among(&assessment.findings, Earlier::of(assessment))
    }

    /// Those among findings.
    pub fn among<'f>(findings: impl IntoIterator<Item = &'f Finding>, earlier: Earlier) -> Self {
        let mut gaps = Gaps { new: earlier.is_known().then_some(0), ..Gaps::default() };
        let mut records: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for finding in findings.into_iter().filter(|finding| finding.outcome == Outcome::Gap) {
            gaps.all += 1;
            *gaps.severities.entry(finding.severity).or_default() += 1;
            match finding.disposition {
                Disposition::Open => gaps.open += 1,
                Disposition::Known => gaps.known += 1,
                Disposition::Waived => gaps.waived += 1,
                Disposition::Attested => gaps.attested += 1,
            }
            if earlier.is_new(finding) {
                *gaps.new.get_or_insert_default() += 1;
            }
            let since = finding.known.as_ref().map(|known| known.since);
            gaps.known_since = gaps.known_since.into_iter().chain(since).min();
            for record in &finding.records {
                records.entry(&record.kind).or_default().insert(&record.id);
            }
        }
        gaps.records = records.into_iter().map(|(kind, ids)| (kind.to_owned(), ids.len())).collect();
        gaps
    }

    /// How many have a severity.
    pub fn of_severity(&self, severity: Severity) -> usize {
        self.severities.get(&severity).copied().unwrap_or_default()
    }

    /// `75 gaps: 1 new, 74 known since 2026-06-30; 26 critical, 49 high`.
    pub fn in_words(&self) -> String {
        let parts: Vec<String> = [self.decided(), self.by_severity()].into_iter().flatten().collect();
        let all = count(self.all, "gap");
        if parts.is_empty() { all } else { format!("{all}: {}", parts.join("; ")) }
    }

    /// `1 new, 74 known since 2026-06-30`; none where every gap is open and nothing says which are new.
    pub fn decided(&self) -> Option<String> {
        let before = self.open - self.new.unwrap_or_default().min(self.open);
        let mut parts = Vec::new();
        let mut part = |n: usize, word: String| {
            if n > 0 {
                parts.push(format!("{n} {word}"));
            }
        };
        match self.new {
            Some(new) => {
                part(new, "new".to_owned());
                part(before, "open before".to_owned());
            }
            None if self.open < self.all => part(self.open, "open".to_owned()),
            None => {}
        }
        let since = self.known_since.map_or_else(String::new, |day| format!(" since {day}"));
        part(self.known, format!("known{since}"));
        part(self.waived, "waived".to_owned());
        part(self.attested, "attested".to_owned());
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// `26 critical, 49 high`, the worst first.
    pub fn by_severity(&self) -> Option<String> {
        let counts = self.severities.iter().rev().filter(|(_, n)| **n > 0);
        let counts: Vec<String> = counts.map(|(severity, n)| format!("{n} {severity}")).collect();
        (!counts.is_empty()).then(|| counts.join(", "))
    }
}

/// What says which gaps are new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// An earlier state that this one is compared with.
    Base,
    /// The baseline file.
    File,
    Nothing,
}

impl Earlier {
    /// What an assessment has; the base, where it has both.
    pub fn of(assessment: &Assessment) -> Self {
        match (&assessment.baseline, &assessment.run.baseline_file) {
            (Some(_), _) => Earlier::Base,
            (None, Some(_)) => Earlier::File,
            (None, None) => Earlier::Nothing,
        }
    }

    fn is_known(self) -> bool {
        self != Earlier::Nothing
    }

    /// Whether a gap is open and was not there before, or not as bad.
    pub fn is_new(self, finding: &Finding) -> bool {
        let is_worse = matches!(finding.change, Some(Change::New | Change::Worsened));
        finding.is_open_gap()
            && match self {
                Earlier::Base => is_worse || finding.under_base_rules,
                Earlier::File => true,
                Earlier::Nothing => false,
            }
    }
}
