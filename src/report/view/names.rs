//! The names that links inside a page and its readers use.

use std::collections::{BTreeSet, HashMap};

use super::super::facts::Facts;
use crate::assessment::{Assessment, Finding, Measure};

/// The facts of an assessment, with the names that links and readers use, worked out once.
pub(in crate::report) struct Names<'a> {
    pub facts: Facts<'a>,
    /// Anchors by position of the measure.
    pub measures: Vec<String>,
    /// The first measure with an id.
    positions: HashMap<&'a str, usize>,
    /// By position of the finding: the shortest start of the fingerprint that tells all findings apart.
    pub findings: Vec<String>,
}

impl<'a> Names<'a> {
    pub(in crate::report) fn new(assessment: &'a Assessment) -> Self {
        let mut taken = BTreeSet::new();
        let anchor = |(i, measure): (usize, &'a Measure)| {
            let plain = !measure.id.is_empty()
                && measure.id.len() <= 40
                && measure.id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            let anchor = if plain { format!("m-{}", measure.id) } else { format!("m.{i}") };
            if taken.insert(anchor.clone()) { anchor } else { format!("m.{i}") }
        };
        let measures = assessment.measures.iter().enumerate().map(anchor).collect();
        let mut positions = HashMap::new();
        for (i, measure) in assessment.measures.iter().enumerate() {
            positions.entry(measure.id.as_str()).or_insert(i);
        }
        let findings = short_fingerprints(&assessment.findings);
        Names { facts: Facts::new(assessment), measures, positions, findings }
    }

    /// Position of the measure with an id.
    pub(super) fn position(&self, measure: &str) -> Option<usize> {
        self.positions.get(measure).copied()
    }

    /// Anchor of the measure with an id; none when there is no such measure.
    pub(super) fn measure(&self, id: &str) -> Option<&str> {
        self.measures.get(self.position(id)?).map(String::as_str)
    }
}

/// At least eight digits of each fingerprint. What is no fingerprint, or stands twice, gets its position.
fn short_fingerprints(findings: &[Finding]) -> Vec<String> {
    let is_hex =
        |f: &Finding| f.fingerprint.len() >= 8 && f.fingerprint.bytes().all(|b| b.is_ascii_hexdigit());
    for length in [8, 12, 16, 32] {
        let start = |f: &Finding| f.fingerprint.get(..length).map(str::to_ascii_lowercase);
        let starts: BTreeSet<_> = findings.iter().map(start).collect();
        if starts.len() == findings.len() && findings.iter().all(|f| is_hex(f) && start(f).is_some()) {
            return findings.iter().filter_map(start).collect();
        }
    }
    (1..=findings.len()).map(|n| format!("n{n}")).collect()
}
