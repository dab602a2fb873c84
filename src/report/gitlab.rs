//! GitLab Code Quality: the gaps that nobody waived, and the problems that kept a file from being read.
//!
//! GitLab compares the report of a merge request with that of its target branch by fingerprint, so known gaps
//! are in it too.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::json;
use super::lookup::Lookup;
use crate::assessment::{Assessment, Finding, Problem, Severity};
use crate::text::escape;

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
    let view = Lookup::new(assessment);
    let mut entries: Vec<Entry> = Vec::new();
    let mut alike: HashMap<String, usize> = HashMap::new();
    for problem in view.unread() {
        let nth = alike.entry(format!("{}\n{}\n{}", problem.code, problem.place.path, problem.message));
        let nth = nth.and_modify(|n| *n += 1).or_insert(0);
        entries.push(of_problem(&view, problem, *nth));
    }
    entries.extend(view.gaps().into_iter().map(|finding| of_finding(&view, finding)));
    json::to_writer(&entries, out)
}

fn of_finding(view: &Lookup<'_>, finding: &Finding) -> Entry {
    let place = view.place(finding);
    let line = finding.region.as_ref().map_or(place.line, |region| region.line);
    Entry {
        description: escape(&format!("{}; owner: {}", finding.message, view.owner(finding))).into_owned(),
        check_name: escape(&format!("{}/{}", finding.measure, finding.check)).into_owned(),
        fingerprint: finding.fingerprint.clone(),
        severity: match finding.severity {
            Severity::Critical => "blocker",
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
        },
        location: Location { path: view.path(&place.path), lines: Lines { begin: line.max(1) } },
    }
}

/// `nth` tells problems apart that are alike in all but their line.
fn of_problem(view: &Lookup<'_>, problem: &Problem, nth: usize) -> Entry {
    let mut hasher = Sha256::new();
    for part in [problem.code.as_str(), &problem.place.path, &problem.message, &nth.to_string()] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    let (place, text) = view.problem_place(problem);
    Entry {
        description: escape(&format!("{text}; to do: {}", problem.help)).into_owned(),
        check_name: format!("input/{}", problem.code),
        fingerprint: digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect(),
        severity: "critical",
        location: Location { path: view.path(&place.path), lines: Lines { begin: place.line.max(1) } },
    }
}
