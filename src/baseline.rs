//! The baseline file: findings that a team knows and has not fixed yet, in `duly-baseline.yaml` at the root
//! of the audited folder.
//!
//! An *entry* stands for one finding by its identity, never by a line, with how bad it was. It is used once.
//! It *covers* a finding that is no worse and concerns no other records; what it covers is `known` and does
//! not open the gate, but stays a gap in every report. It says since when, and may say why and who answers for it. A finding that got worse is open again. In a comparison, an entry
//! that the earlier state does not have covers nothing that is new or worse.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::assessment::{
    Assessment, Change, Disposition, Finding, Judgement, Known, Outcome, Problem, Severity,
};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::text::{Day, escape};
use crate::tree::{Located, typed};

/// Name of the file.
pub(crate) const FILE: &str = "duly-baseline.yaml";
const VERSION: u32 = 1;

const HEADER: &str = "\
# Findings that are known and do not open the gate of `duly audit`. They stay what they are in every report.
# duly writes this file; commit it.
#   duly baseline show             what became of each entry
#   duly baseline update --prune   drops what is fixed
#   duly baseline update           takes in what is new as well, and prints it
# An entry covers one finding, as long as it gets no worse. New gaps are never covered.
";

/// Refuses what has the name of the file in a folder and is none: a folder or a link is never read, and must
/// not pass for there being no file.
pub(crate) fn on_disk(root: &Path) -> Result<(), Box<Diagnostic>> {
    match root.join(FILE).symlink_metadata() {
        Ok(metadata) if !metadata.is_file() => {
            Err(Box::new(no_file(if metadata.is_dir() { "is a folder" } else { "is a link, or no file" })))
        }
        _ => Ok(()),
    }
}

/// The error about something that has the name of the file and is none.
pub(crate) fn no_file(what: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BaselineFile,
        Place::file(FILE),
        format!("{what}, where the file of known gaps is expected"),
        "remove it; `duly baseline write` writes the file",
    )
}

/// The entries of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a mapping with version, as_of and findings")]
pub(crate) struct BaselineFile {
    /// Version of the format: 1.
    version: u32,
    /// The date of the audit it was made from.
    pub as_of: Day,
    /// The findings that are known, ordered by measure, check and records.
    pub findings: Vec<Entry>,
}

/// A finding that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping with measure, check, outcome, severity, records and fingerprint"
)]
pub(crate) struct Entry {
    /// Id of the measure.
    pub measure: String,
    /// Id of the check.
    pub check: String,
    /// The outcome when it was written.
    pub outcome: Outcome,
    /// The severity when it was written.
    pub severity: Severity,
    /// `kind/id` of its records.
    pub records: Vec<String>,
    /// Fingerprint of the finding, as the JSON and CSV reports have it.
    pub fingerprint: String,
    /// The day on which it was put into the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
    /// Why it is not fixed yet; reports show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who answers for it: a role, or the id of an employee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Where it stands in the file; 0 for one that is not in it yet.
    #[serde(skip)]
    line: u32,
}

/// What a person says of the findings that they put into the file.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub reason: Option<String>,
    pub owner: Option<String>,
}

impl Said {
    /// Holds both to the limits of a file; the error says what is wrong.
    pub(crate) fn checked(self) -> Result<Self, &'static str> {
        limits(self.reason.as_deref(), self.owner.as_deref()).map_or(Ok(self), |(_, why)| Err(why))
    }
}

/// What is wrong with what is said of a finding: the key, and why.
fn limits(reason: Option<&str>, owner: Option<&str>) -> Option<(&'static str, &'static str)> {
    let is_hidden = |c: char| c.is_whitespace() || c.is_control() || c == '@';
    if reason.is_some_and(|text| text.trim().is_empty() || text.chars().count() > 1000) {
        return Some(("reason", "a reason is a text of at most 1,000 characters"));
    }
    if owner.is_some_and(|text| text.is_empty() || text.chars().count() > 128 || text.contains(is_hidden)) {
        return Some(("owner", "an owner is a role or the id of an employee: no blanks, no `@`"));
    }
    None
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryState {
    /// It covers the finding with this index.
    Known(usize),
    /// The finding with this index got worse, or reaches further.
    Worse(usize),
    /// There is no such finding any more.
    Gone,
}

impl Entry {
    fn of(finding: &Finding, since: Day, said: &Said) -> Self {
        Entry {
            since: Some(since),
            reason: said.reason.clone(),
            owner: said.owner.clone(),
            measure: finding.measure.clone(),
            check: finding.check.clone(),
            outcome: finding.outcome,
            severity: finding.severity,
            records: members(finding),
            fingerprint: finding.fingerprint.clone(),
            line: 0,
        }
    }

    /// Takes over what an earlier entry for the same finding says of it.
    fn keep(&mut self, earlier: &Entry, as_of: Day) {
        self.since = earlier.since.or(Some(as_of));
        self.reason = earlier.reason.clone().or(self.reason.take());
        self.owner = earlier.owner.clone().or(self.owner.take());
    }

    fn order(&self) -> (&str, &str, &[String], &str) {
        (&self.measure, &self.check, &self.records, &self.fingerprint)
    }

    /// Whether two files say the same, wherever it stands in them.
    fn is(&self, other: &Entry) -> bool {
        self.order() == other.order() && (self.outcome, self.severity) == (other.outcome, other.severity)
    }

    fn covers(&self, finding: &Finding) -> bool {
        // Below a gap, no outcome is worse than another: no one knows whether what is not assessed became worse.
        (finding.outcome != Outcome::Gap || self.outcome == Outcome::Gap)
            && finding.severity <= self.severity
            && members(finding).iter().all(|member| self.records.contains(member))
    }
}

fn members(finding: &Finding) -> Vec<String> {
    finding.records.iter().map(|record| format!("{}/{}", record.kind, record.id)).collect()
}

/// Gaps, and patterns to look at: what is not assessed is not known.
fn belongs(finding: &Finding) -> bool {
    matches!(finding.outcome, Outcome::Gap | Outcome::Review)
        && matches!(finding.disposition, Disposition::Open | Disposition::Known)
}

impl BaselineFile {
    /// An entry for each gap and each pattern to look at.
    pub(crate) fn of(assessment: &Assessment, said: &Said) -> Self {
        let as_of = assessment.run.as_of;
        let known = assessment.findings.iter().filter(|f| belongs(f));
        let mut findings: Vec<Entry> = known.map(|f| Entry::of(f, as_of, said)).collect();
        findings.sort_by(|a, b| a.order().cmp(&b.order()));
        BaselineFile { version: VERSION, as_of, findings }
    }

    /// Takes over what an earlier file says of the findings that it covers.
    pub(crate) fn keep_said(&mut self, earlier: &BaselineFile, states: &[EntryState], findings: &[Finding]) {
        let known = earlier.findings.iter().zip(states).filter_map(|(entry, state)| match state {
            EntryState::Known(i) => Some((findings[*i].fingerprint.as_str(), entry)),
            EntryState::Worse(_) | EntryState::Gone => None,
        });
        let known: HashMap<&str, &Entry> = known.collect();
        for entry in &mut self.findings {
            if let Some(before) = known.get(entry.fingerprint.as_str()) {
                entry.keep(before, earlier.as_of);
            }
        }
    }

    /// What an assessment says of the file.
    pub(crate) fn described(&self, sha256: Option<&String>) -> crate::assessment::BaselineFile {
        let lack = |has: fn(&Entry) -> bool| self.findings.iter().filter(|entry| !has(entry)).count();
        crate::assessment::BaselineFile {
            path: FILE.to_owned(),
            sha256: sha256.cloned(),
            as_of: self.as_of,
            entries: self.findings.len(),
            without_reason: lack(|entry| entry.reason.is_some()),
            without_owner: lack(|entry| entry.owner.is_some()),
        }
    }

    /// Adds entries of an earlier file whose findings could not be assessed: it is not known whether they are fixed.
    pub(crate) fn keep_unassessed(
        &mut self,
        earlier: &BaselineFile,
        states: &[EntryState],
        findings: &[Finding],
    ) {
        let unassessed =
            |state: &EntryState| matches!(state, EntryState::Known(i) if !belongs(&findings[*i]));
        let kept = earlier.findings.iter().zip(states).filter(|(_, state)| unassessed(state));
        self.findings.extend(kept.map(|(entry, _)| entry.clone()));
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
    }

    /// What each entry says, wherever it stands in the file.
    pub(crate) fn stated(&self) -> impl Iterator<Item = String> {
        let said = |entry: &Entry| {
            let (measure, check, records, fingerprint) = entry.order();
            format!("{measure}/{check} {records:?} {fingerprint} {} {}", entry.outcome, entry.severity)
        };
        self.findings.iter().map(said)
    }

    /// The same without the entries at some indexes.
    pub(crate) fn without(&self, gone: &BTreeSet<usize>) -> Self {
        let kept = self.findings.iter().enumerate().filter(|(i, _)| !gone.contains(i));
        BaselineFile { findings: kept.map(|(_, e)| e.clone()).collect(), ..self.clone() }
    }

    /// Reads the bytes of a file.
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Self, Vec<Diagnostic>> {
        let help = "`duly baseline write` writes it: restore it from git, or remove it and write it again";
        let (file, tree) = typed::read_file::<BaselineFile>(FILE, bytes, Code::BaselineFile, help)?;
        let located = Located { path: FILE, tree: &tree };
        let error = |at: &str, message: String, help: &str| {
            Err(vec![Diagnostic::new(Code::BaselineFile, located.place(&[at]), message, help)])
        };
        let Some(mut file) = file else {
            return error("", "the file is empty".to_owned(), help);
        };
        if file.version != VERSION {
            let message = format!("version {} is not {VERSION}, which this duly reads", file.version);
            return error("version", message, "use the duly that wrote it, or write it again");
        }
        let nodes = located.node(&["findings"]).into_iter().flat_map(|list| list.children());
        for (i, (entry, node)) in file.findings.iter_mut().zip(nodes).enumerate() {
            entry.line = tree.line_column(node.span().start).0;
            if let Some((key, why)) = limits(entry.reason.as_deref(), entry.owner.as_deref()) {
                let place = located.place(&["findings", &i.to_string(), key]);
                let help = "correct the entry by hand; reports show it as it is written";
                return Err(vec![Diagnostic::new(Code::BaselineFile, place, why, help)]);
            }
            if entry.since.is_some_and(|since| since > file.as_of) {
                let place = located.place(&["findings", &i.to_string(), "since"]);
                let why = format!("the day lies after the date of the file, {}", file.as_of);
                let help = "correct the entry by hand, or write the file again";
                return Err(vec![Diagnostic::new(Code::BaselineFile, place, why, help)]);
            }
        }
        Ok(file)
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> String {
        let body = serde_yaml::to_string(self).unwrap_or_default();
        format!("{HEADER}{body}")
    }

    /// What became of each entry. First the very same findings, then those of the check that share most
    /// records; each finding and each entry is used once.
    pub(crate) fn states(&self, findings: &[Finding]) -> Vec<EntryState> {
        let mut states = vec![EntryState::Gone; self.findings.len()];
        let mut by_fingerprint: HashMap<&str, usize> = HashMap::new();
        for (i, finding) in findings.iter().enumerate() {
            by_fingerprint.insert(&finding.fingerprint, i);
        }
        let mut used = BTreeSet::new();
        let state = |entry: &Entry, i: usize| {
            if entry.covers(&findings[i]) { EntryState::Known(i) } else { EntryState::Worse(i) }
        };
        for (entry, slot) in self.findings.iter().zip(&mut states) {
            if let Some(&i) = by_fingerprint.get(entry.fingerprint.as_str())
                && (&entry.measure, &entry.check) == (&findings[i].measure, &findings[i].check)
                && used.insert(i)
            {
                *slot = state(entry, i);
            }
        }
        let mut by_member: HashMap<(&str, &str, String), Vec<usize>> = HashMap::new();
        for (i, finding) in findings.iter().enumerate().filter(|(i, f)| belongs(f) && !used.contains(i)) {
            for member in members(finding) {
                by_member.entry((&finding.measure, &finding.check, member)).or_default().push(i);
            }
        }
        let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (e, entry) in self.findings.iter().enumerate().filter(|(e, _)| states[*e] == EntryState::Gone) {
            for record in &entry.records {
                let key = (entry.measure.as_str(), entry.check.as_str(), record.clone());
                for &i in by_member.get(&key).into_iter().flatten() {
                    *shared.entry((e, i)).or_default() += 1;
                }
            }
        }
        let mut pairs: Vec<((usize, usize), usize)> = shared.into_iter().collect();
        pairs.sort_by_key(|(pair, shared)| (Reverse(*shared), *pair));
        for ((e, i), _) in pairs {
            if states[e] == EntryState::Gone && used.insert(i) {
                states[e] = state(&self.findings[e], i);
            }
        }
        states
    }

    /// Marks what is known, and reports entries that match nothing.
    pub(crate) fn apply(&self, judgement: &mut Judgement) {
        self.mark(&vec![false; self.findings.len()], judgement);
    }

    /// As [`Self::apply`], in a comparison with a state that has its own file, or none: nothing new or worse is
    /// made known by an entry that the earlier state does not have.
    pub(crate) fn apply_since(&self, earlier: Option<&BaselineFile>, judgement: &mut Judgement) {
        let mut there: Vec<&Entry> = earlier.map_or_else(Vec::new, |file| file.findings.iter().collect());
        let added = |entry: &Entry| match there.iter().position(|other| entry.is(other)) {
            Some(i) => {
                there.swap_remove(i);
                false
            }
            None => true,
        };
        let added: Vec<bool> = self.findings.iter().map(added).collect();
        self.mark(&added, judgement);
    }

    fn mark(&self, added: &[bool], judgement: &mut Judgement) {
        let states = self.states(&judgement.findings);
        for ((entry, state), added) in self.findings.iter().zip(states).zip(added) {
            let place = Place::at(FILE, (entry.line, 0));
            match state {
                EntryState::Known(i)
                    if *added
                        && belongs(&judgement.findings[i])
                        && matches!(judgement.findings[i].change, Some(Change::New | Change::Worsened)) =>
                {
                    // Every format shows messages; what is decided here is said once, before anything is summed up.
                    judgement.findings[i]
                        .message
                        .push_str("; added to the baseline by this change, so it counts");
                    judgement.problems.push(Problem::new(
                        Code::BaselineEntryAdded,
                        place,
                        format!(
                            "{} is added to the baseline by the change that brings the finding, so the finding counts",
                            entry.words()
                        ),
                        "fix it; only what the base already has can be added to the baseline",
                    ));
                }
                EntryState::Known(i) if belongs(&judgement.findings[i]) => {
                    judgement.findings[i].disposition = Disposition::Known;
                    judgement.findings[i].known = Some(Known {
                        since: entry.since.unwrap_or(self.as_of),
                        reason: entry.reason.clone(),
                        owner: entry.owner.clone(),
                    });
                }
                // Not assessed any more, or worse: the entry covers nothing, and may have to again.
                EntryState::Known(_) | EntryState::Worse(_) => {}
                EntryState::Gone => judgement.problems.push(Problem::new(
                    Code::UnusedBaselineEntry,
                    place,
                    format!("there is no {} any more", entry.words()),
                    "`duly baseline update --prune` drops what is fixed",
                )),
            }
        }
    }
}

impl Entry {
    /// `DD-09/shipment-without-signature of shipment/SHP-306`.
    pub(crate) fn words(&self) -> String {
        let mut text = escape(&format!("{}/{}", self.measure, self.check)).into_owned();
        if !self.records.is_empty() {
            let records: Vec<_> = self.records.iter().map(|record| escape(record)).collect();
            text.push_str(&format!(" of {}", records.join(", ")));
        }
        text
    }
}
