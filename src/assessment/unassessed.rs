//! What was not assessed, grouped by what it waits for: one field of many records, or a kind without any record.
//!
//! A field that forty workers lack keeps a dozen checks from being assessed. That is one thing to do, so reports say it
//! once, with the records and the checks as members.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Assessment, Check, Measure, Outcome};
use crate::text::{count, escape, list, plural, verb};

/// What some checks wait for, with the records it is not known of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Unassessed {
    /// What is not known, in one sentence that names the first of the records.
    pub text: String,
    pub why: NotKnown,
    /// The kind of the records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Dotted path of the field in these records; positions in lists are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The kind of which no record, or none that matches, is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<String>,
    /// Ids of the records, each once, in order; empty where no record is there to look at.
    #[serde(default)]
    pub records: Vec<Arc<str>>,
    /// The checks that wait for it, in the order of the measures.
    pub checks: Vec<WaitingCheck>,
}

/// A check that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WaitingCheck {
    pub measure: String,
    pub check: String,
    /// Findings of the check that wait; 0 where it has no record to look at.
    pub findings: usize,
}

/// Why something is not known.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum NotKnown {
    /// The field is not recorded.
    NotRecorded,
    /// The schema refuses the value.
    NotValid,
    /// The date lies after the date of the audit.
    AfterAudit,
    /// Several records have the same id.
    SameId,
    /// No reference data covers the value.
    NoReference,
    /// The value cannot be read as what it should be.
    NotReadable,
    /// The check could not be evaluated.
    NotEvaluated,
    /// There is no record of the kind, or none that matches.
    NoRecord,
    /// A person has to attest.
    Attestation,
    /// Of a saved assessment that does not say.
    NotSaid,
}

impl NotKnown {
    /// The word that reports have for it.
    pub fn as_str(self) -> &'static str {
        match self {
            NotKnown::NotRecorded => "not-recorded",
            NotKnown::NotValid => "not-valid",
            NotKnown::AfterAudit => "after-audit",
            NotKnown::SameId => "same-id",
            NotKnown::NoReference => "no-reference",
            NotKnown::NotReadable => "not-readable",
            NotKnown::NotEvaluated => "not-evaluated",
            NotKnown::NoRecord => "no-record",
            NotKnown::Attestation => "attestation",
            NotKnown::NotSaid => "not-said",
        }
    }
}

/// Records, or first checks, that a sentence names before it counts the rest.
const NAMED: usize = 5;

impl Unassessed {
    /// Puts what is not known into words.
    pub(crate) fn worded(mut self) -> Self {
        self.text = self.sentence();
        self
    }

    fn sentence(&self) -> String {
        let field = escape(self.field.as_deref().unwrap_or_default());
        let of = self.records_in_words();
        match self.why {
            NotKnown::NotRecorded if field.is_empty() => format!("evidence is not recorded for {of}"),
            NotKnown::NotRecorded => format!("`{field}` is not recorded for {of}"),
            NotKnown::NotValid => format!("`{field}` is not valid for {of}; see the problems with the input"),
            NotKnown::AfterAudit if field.is_empty() => {
                format!("a date lies after the date of the audit for {of}")
            }
            NotKnown::AfterAudit => format!("`{field}` lies after the date of the audit for {of}"),
            NotKnown::SameId => format!("the id is not unique for {of}; see the problems with the input"),
            NotKnown::NoReference => format!("no reference data covers `{field}` for {of}"),
            NotKnown::NotReadable => format!("a value cannot be read as {field} for {of}"),
            NotKnown::NotEvaluated => {
                format!("a check could not be evaluated for {of}; see the problems with the input")
            }
            NotKnown::NoRecord => match &self.wanted {
                Some(kind) if self.records.is_empty() => self.no_record_at_all(&escape(kind)),
                Some(kind) => format!("no matching {} is on record for {of}", escape(kind)),
                None => format!("no record to take the value from was found for {of}"),
            },
            NotKnown::Attestation => {
                let n = self.checks.len();
                format!("{} {} a person's attestation", count(n, "check"), verb(n, "needs", "need"))
            }
            NotKnown::NotSaid => self.text.clone(),
        }
    }

    fn no_record_at_all(&self, kind: &str) -> String {
        // The name of a kind of rules is a plural already.
        let is_rules = kind.ends_with("rules");
        let n = self.checks.len();
        format!(
            "no {kind} {} on record: {} of {} {} at {}",
            if is_rules { "are" } else { "is" },
            count(n, "check"),
            list(self.measures(), NAMED, ", "),
            verb(n, "looks", "look"),
            if is_rules { kind.to_owned() } else { plural(kind) }
        )
    }

    /// `9 workers (W-02, W-05, and 7 more)`.
    fn records_in_words(&self) -> String {
        let kind = self.kind.as_deref().unwrap_or("record");
        let ids = list(self.records.iter().map(|id| escape(id)), NAMED, ", ");
        format!("{} ({ids})", escape(&count(self.records.len(), kind)))
    }

    /// The measures whose checks wait, each once, in their order.
    pub fn measures(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let ids = self.checks.iter().map(|check| check.measure.as_str());
        ids.filter(|id| seen.insert(*id)).collect()
    }

    /// Which checks wait, the first by name: `2 checks wait: DD-07 windows-…, DD-08 standing-…`. None where the
    /// sentence counts them itself.
    pub fn waiting_in_words(&self) -> Option<String> {
        let counted =
            self.why == NotKnown::Attestation || self.why == NotKnown::NoRecord && self.records.is_empty();
        if counted {
            return None;
        }
        let names = self.checks.iter().map(|c| escape(&format!("{} {}", c.measure, c.check)).into_owned());
        let n = self.checks.len();
        let wait = verb(n, "waits", "wait");
        Some(format!("{} {wait}: {}", count(n, "check"), list(names, NAMED, ", ")))
    }
}

/// The groups of an audit: what the engine found out about records, without the checks that are assessed by now, and
/// the checks that have no record to look at or wait for a person.
pub(super) fn groups(found: Vec<Unassessed>, measures: &[Measure]) -> Vec<Unassessed> {
    let open: BTreeSet<(&str, &str)> =
        waiting(measures).map(|(measure, check)| (measure.id.as_str(), check.id.as_str())).collect();
    let mut groups = found;
    for group in &mut groups {
        group.checks.retain(|waits| open.contains(&(waits.measure.as_str(), waits.check.as_str())));
    }
    groups.retain(|group| !group.checks.is_empty());
    let grouped: BTreeSet<(&str, &str)> = groups
        .iter()
        .flat_map(|group| &group.checks)
        .map(|waits| (waits.measure.as_str(), waits.check.as_str()))
        .collect();
    let mut without: BTreeMap<(NotKnown, Option<&str>), Vec<WaitingCheck>> = BTreeMap::new();
    for (measure, check) in waiting(measures) {
        if grouped.contains(&(measure.id.as_str(), check.id.as_str())) {
            continue;
        }
        let key = match check.question {
            Some(_) => (NotKnown::Attestation, None),
            None => (NotKnown::NoRecord, check.kind.as_deref()),
        };
        without.entry(key).or_default().push(WaitingCheck {
            measure: measure.id.clone(),
            check: check.id.clone(),
            findings: 0,
        });
    }
    let without: Vec<Unassessed> = without
        .into_iter()
        .map(|((why, wanted), checks)| Unassessed {
            text: String::new(),
            why,
            kind: None,
            field: None,
            wanted: wanted.map(str::to_owned),
            records: Vec::new(),
            checks,
        })
        .collect();
    groups.extend(without);
    sorted(groups.into_iter().map(Unassessed::worded).collect())
}

/// Checks that are not assessed, in whole or in part.
fn waiting(measures: &[Measure]) -> impl Iterator<Item = (&Measure, &Check)> {
    let checks = measures.iter().flat_map(|measure| measure.checks.iter().map(move |check| (measure, check)));
    checks.filter(|(_, check)| check.outcome == Outcome::NotAssessed || check.counts.not_assessed > 0)
}

/// What is about records first, and of that what most findings wait for.
fn sorted(mut groups: Vec<Unassessed>) -> Vec<Unassessed> {
    let findings = |group: &Unassessed| group.checks.iter().map(|check| check.findings).sum::<usize>();
    groups.sort_by_cached_key(|group| {
        let without = group.records.is_empty();
        let most = (findings(group), group.checks.len());
        (
            group.why == NotKnown::Attestation,
            without,
            std::cmp::Reverse(most),
            group.why,
            group.kind.clone(),
            group.field.clone(),
            group.wanted.clone(),
        )
    });
    groups
}

/// The groups of a saved assessment that was written without them: one a check.
pub(super) fn of_saved(assessment: &Assessment) -> Vec<Unassessed> {
    let mut messages: BTreeMap<(&str, &str), (usize, &str)> = BTreeMap::new();
    for finding in assessment.findings.iter().filter(|f| f.outcome == Outcome::NotAssessed) {
        let of_check = messages.entry((&finding.measure, &finding.check)).or_insert((0, &finding.message));
        of_check.0 += 1;
    }
    let group = |(measure, check): (&Measure, &Check)| {
        let (n, text) = messages.get(&(&*measure.id, &*check.id)).copied().unwrap_or((0, &check.reason));
        let more = if n > 1 { format!(" (and {} more)", n - 1) } else { String::new() };
        let waits = WaitingCheck { measure: measure.id.clone(), check: check.id.clone(), findings: n };
        Unassessed {
            text: format!("{text}{more}"),
            why: NotKnown::NotSaid,
            kind: check.kind.clone(),
            field: None,
            wanted: None,
            records: Vec::new(),
            checks: vec![waits],
        }
    };
    waiting(&assessment.measures).map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(measure: &str, check: &str, findings: usize) -> WaitingCheck {
        WaitingCheck { measure: measure.to_owned(), check: check.to_owned(), findings }
    }

    fn group(why: NotKnown, records: &[&str]) -> Unassessed {
        Unassessed {
            text: String::new(),
            why,
            kind: Some("worker".to_owned()),
            field: Some("residence_document".to_owned()),
            wanted: None,
            records: records.iter().map(|id| Arc::from(*id)).collect(),
            checks: vec![waits("DD-09", "a", 1), waits("DD-09", "b", 1), waits("RF-05", "c", 2)],
        }
        .worded()
    }

    #[test]
    fn a_group_says_what_is_not_known_of_whom() {
        let seven = ["W-1", "W-2", "W-3", "W-4", "W-5", "W-6", "W-7"];
        assert_eq!(
            group(NotKnown::NotRecorded, &seven).text,
            "`residence_document` is not recorded for 7 workers (W-1, W-2, W-3, W-4, W-5, and 2 more)"
        );
        let one = group(NotKnown::NotRecorded, &["W-1"]);
        assert_eq!(one.text, "`residence_document` is not recorded for 1 worker (W-1)");
        assert_eq!(one.waiting_in_words().as_deref(), Some("3 checks wait: DD-09 a, DD-09 b, RF-05 c"));
    }

    #[test]
    fn a_kind_without_a_record_is_one_line() {
        let none = Unassessed {
            wanted: Some("shipment".to_owned()),
            kind: None,
            field: None,
            ..group(NotKnown::NoRecord, &[])
        };
        let none = none.worded();
        assert_eq!(none.text, "no shipment is on record: 3 checks of DD-09, RF-05 look at shipments");
        assert_eq!(none.waiting_in_words(), None);
        let rules = Unassessed { wanted: Some("hiring-rules".to_owned()), ..none }.worded();
        assert_eq!(
            rules.text,
            "no hiring-rules are on record: 3 checks of DD-09, RF-05 look at hiring-rules"
        );
    }

    #[test]
    fn what_an_id_holds_stays_text() {
        let text = group(NotKnown::NotRecorded, &["W\u{202e}1\n::error::"]).text;
        assert!(!text.contains('\n') && !text.contains('\u{202e}'), "{text}");
    }
}
