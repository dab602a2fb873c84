//! GitLab Code Quality: the gaps, and the problems that kept a file from being read.
//!
//! GitLab compares the report of a merge request with that of its target branch by fingerprint, so known gaps
//! are in it too. Waived ones are informational.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::facts::Facts;
use super::json;
use crate::assessment::{Assessment, Disposition, Finding, Loss, Problem, RuleChange, Severity};
use crate::text::{digest, escape};

#[derive(Serialize)]
struct Entry {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

pub(super) fn write(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let facts = Facts::new(assessment);
    let mut entries: Vec<Entry> = Vec::new();
    let mut alike: HashMap<String, usize> = HashMap::new();
    for problem in facts.unread() {
        let nth = alike.entry(format!("{}\n{}\n{}", problem.code, problem.place.path, problem.message));
        let nth = nth.and_modify(|n| *n += 1).or_insert(0);
        entries.push(of_problem(&facts, problem, *nth));
    }
    entries.extend(facts.rules().map(|rule| of_rule(&facts, rule)));
    entries.extend(facts.losses().map(|loss| of_loss(&facts, loss)));
    entries.extend(facts.all_gaps().into_iter().map(|finding| of_finding(&facts, finding)));
    json::to_writer(&entries, out)
}

fn of_finding(facts: &Facts<'_>, finding: &Finding) -> Entry {
    let place = facts.place(finding);
    let line = finding.region.as_ref().map_or(place.line, |region| region.line);
    let decided = facts.decided(finding).map_or_else(String::new, |decided| format!("; {decided}"));
    let owner = facts.owner(&finding.owner);
    Entry {
        description: escape(&format!("{}; owner: {owner}{decided}", finding.message)).into_owned(),
        check_name: escape(&format!("{}/{}", finding.measure, finding.check)).into_owned(),
        fingerprint: finding.fingerprint.clone(),
        severity: match finding.severity {
            _ if finding.disposition == Disposition::Waived => "info",
            Severity::Critical => "blocker",
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
        },
        location: Location { path: facts.path(&place.path), lines: Lines { begin: line.max(1) } },
    }
}

/// A rule that was changed: what it hides is an entry by itself.
fn of_rule(facts: &Facts<'_>, rule: &RuleChange) -> Entry {
    let path = facts.path(&rule.place.path);
    Entry {
        description: escape(&rule.sentence()).into_owned(),
        check_name: "comparison/rules-changed".to_owned(),
        fingerprint: digest::fingerprint(&["rule", &rule.what]),
        severity: "info",
        location: Location { path, lines: Lines { begin: rule.place.line.max(1) } },
    }
}

/// A loss that counts, at the record as the base has it.
fn of_loss(facts: &Facts<'_>, loss: &Loss) -> Entry {
    let place = facts.loss_place(loss);
    let parts = ["loss", loss.kind.words(), &loss.subject()];
    Entry {
        description: escape(&facts.loss_sentence(loss)).into_owned(),
        check_name: "comparison/assurance-lost".to_owned(),
        fingerprint: digest::fingerprint(&parts),
        severity: "major",
        location: Location { path: facts.path(&place.path), lines: Lines { begin: place.line.max(1) } },
    }
}

/// `nth` tells problems apart that are alike in all but their line.
fn of_problem(facts: &Facts<'_>, problem: &Problem, nth: usize) -> Entry {
    let parts = [problem.code.as_str(), &problem.place.path, &problem.message, &nth.to_string()];
    let (place, text) = facts.problem_place(problem);
    Entry {
        description: escape(&format!("{text}; to do: {}", problem.help)).into_owned(),
        check_name: format!("input/{}", problem.code),
        fingerprint: digest::fingerprint(&parts),
        severity: "critical",
        location: Location { path: facts.path(&place.path), lines: Lines { begin: place.line.max(1) } },
    }
}
