//! SARIF 2.1.0, for GitHub code scanning or for any viewer.
//!
//! GitHub shows every result as an open alert, whatever its kind or suppressions, and closes those that are
//! not in the file. So its *profile* holds the gaps that no one waived, known ones too, and the problems that
//! kept a file from being read: without them, the alerts of that file would look fixed. The *full*
//! profile holds every finding with its kind, what waives it, and what became of it since the baseline.

mod format;
mod rule;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use self::format::{
    Artifact, Component, Fingerprints, Identity, Invocation, Level, Location, Log, Notification, Physical,
    Region, RunProperties, SarifResult, SarifRun, SarifTool, Suppression, Text,
};
use self::rule::{check_id, level, message, problem_id, sentence};
use super::facts::Facts;
use super::json;
use crate::assessment::{
    Assessment, Change, Disposition, Finding, Impact, Outcome, Problem, Severity, Status, gate,
};
use crate::text::{count, digest, escape};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    GitHub,
    Full,
}

/// Results that GitHub shows; it takes more, and drops them.
const SHOWN: usize = 5_000;
/// Further locations of a result that GitHub shows.
const RELATED: usize = 100;
/// Notifications of problems.
const NOTIFIED: usize = 1_000;

/// Writes the log; what was left out is said in it and given back.
pub(super) fn write(
    assessment: &Assessment,
    profile: Profile,
    out: &mut dyn Write,
) -> io::Result<Vec<String>> {
    let facts = Facts::new(assessment);
    let mut writer = Writer { facts: &facts, profile, rules: Vec::new(), numbers: HashMap::new() };
    let (log, notes) = writer.log();
    json::to_writer(&log, out)?;
    Ok(notes)
}

struct Writer<'a> {
    facts: &'a Facts<'a>,
    profile: Profile,
    rules: Vec<Component>,
    /// The index of each rule by its id.
    numbers: HashMap<String, usize>,
}

impl<'a> Writer<'a> {
    fn log(&mut self) -> (Log, Vec<String>) {
        let assessment = self.facts.assessment;
        for measure in &assessment.measures {
            for check in &measure.checks {
                self.add(rule::of_check(self.facts.document(measure), measure, check));
            }
        }
        let mut results: Vec<SarifResult> = Vec::new();
        for problem in self.facts.unread() {
            self.add(rule::of_problem(problem));
            results.push(self.problem(problem));
        }
        match self.profile {
            Profile::GitHub => {
                let gaps = self.facts.gaps();
                results.extend(gaps.into_iter().map(|finding| self.finding(finding, None)));
            }
            Profile::Full => {
                let findings = assessment.findings.iter();
                results.extend(findings.map(|finding| self.finding(finding, self.change(finding))));
                results.extend(self.of_checks());
                let baseline = assessment.baseline.iter();
                let fixed = baseline.flat_map(|baseline| baseline.fixed.iter().chain(&baseline.removed));
                results.extend(fixed.map(|finding| self.finding(finding, Some("absent"))));
            }
        }
        let mut notes = Vec::new();
        if self.profile == Profile::GitHub && results.len() > SHOWN {
            let left_out = results.len() - SHOWN;
            results.truncate(SHOWN);
            notes.push(format!(
                "the SARIF report leaves out the {} that are least severe: GitHub shows {SHOWN}; the profile \
                 sarif-full holds all",
                count(left_out, "result")
            ));
        }
        tell_apart(&mut results);
        let log = self.around(results, &notes);
        (log, notes)
    }

    fn around(&mut self, results: Vec<SarifResult>, notes: &[String]) -> Log {
        let assessment = self.facts.assessment;
        let run = &assessment.run;
        let gate = gate(assessment, run.fail_on);
        let packs: Vec<String> = run.packs.iter().map(|pack| pack.name.clone()).collect();
        let folder = run.revision.folder.trim_matches('/');
        let mut category = vec!["duly".to_owned(), packs.join("+")];
        if !folder.is_empty() {
            category.push(folder.to_owned());
        }
        category.push(run.as_of.to_string());
        Log {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [SarifRun {
                tool: SarifTool {
                    driver: format::Driver {
                        name: run.tool.name.clone(),
                        semantic_version: run.tool.version.clone(),
                        rules: std::mem::take(&mut self.rules),
                    },
                },
                automation_details: Identity { id: escape(&category.join("/")).into_owned() },
                column_kind: "utf16CodeUnits",
                original_uri_base_ids: BTreeMap::from([(
                    "%SRCROOT%",
                    format::Base { description: Text::new("The root of the repository.") },
                )]),
                invocations: [Invocation {
                    execution_successful: gate.status != Status::Incomplete,
                    exit_code: gate.status as u8,
                    notifications: self.notifications(notes),
                }],
                results,
                properties: (self.profile == Profile::Full).then(|| RunProperties {
                    as_of: run.as_of.to_string(),
                    verdict: message(&assessment.summary.verdict),
                    classification: message(&run.classification),
                    commit: run.revision.commit.clone(),
                    baseline: assessment.baseline.as_ref().map(|baseline| message(&baseline.name)),
                }),
            }],
        }
    }

    fn notifications(&self, notes: &[String]) -> Vec<Notification> {
        let plain =
            |text: String, level| Notification { level, message: Text { text }, locations: Vec::new() };
        let assessment = self.facts.assessment;
        let mut out: Vec<Notification> =
            notes.iter().map(|note| plain(note.clone(), Level::Warning)).collect();
        for section in crate::assessment::notes(assessment) {
            let level = if section.counts { Level::Error } else { Level::Warning };
            out.push(plain(message(&format!("{}: {}", section.title, section.sentences.join(" "))), level));
        }
        let gaps = self.facts.gap_count();
        if gaps.all > 0 {
            out.push(plain(message(&gaps.in_words()), Level::Note));
        }
        let unlisted: usize = assessment.measures.iter().flat_map(|m| &m.checks).map(|c| c.unlisted).sum();
        if unlisted > 0 && self.profile != Profile::GitHub {
            let text = format!("{} not assessed and not listed one by one", count(unlisted, "more finding"));
            out.push(plain(text, Level::Note));
        }
        if self.profile == Profile::GitHub {
            let of = |outcome| assessment.findings.iter().filter(|f| f.outcome == outcome).count();
            let waived = assessment.findings.iter().filter(|f| f.disposition == Disposition::Waived).count();
            let (reviews, unassessed) = (of(Outcome::Review), of(Outcome::NotAssessed) + unlisted);
            if reviews > 0 || unassessed > 0 || waived > 0 {
                out.push(plain(
                    format!(
                        "this profile holds the gaps; {reviews} to review, {unassessed} not assessed and {waived} \
                         waived are in the profile sarif-full"
                    ),
                    Level::Note,
                ));
            }
        }
        let by_impact = |impact| assessment.problems.iter().filter(move |p| p.impact == impact);
        let problems = by_impact(Impact::Incomplete).chain(by_impact(Impact::Notice));
        out.extend(problems.take(NOTIFIED).map(|problem| {
            let level = if problem.impact == Impact::Incomplete { Level::Error } else { Level::Note };
            let known = !problem.place.path.is_empty() && problem.place.path != ".";
            let line = problem.place.line.max(1);
            Notification {
                level,
                message: Text { text: problem_text(&problem.message, &problem.help) },
                locations: known.then(|| self.whole_line(&problem.place.path, line)).into_iter().collect(),
            }
        }));
        if assessment.problems.len() > NOTIFIED {
            let more = assessment.problems.len() - NOTIFIED;
            out.push(plain(format!("{} not named here", count(more, "more problem")), Level::Warning));
        }
        out
    }

    fn add(&mut self, rule: Component) {
        if !self.numbers.contains_key(&rule.id) {
            self.numbers.insert(rule.id.clone(), self.rules.len());
            self.rules.push(rule);
        }
    }

    /// A finding of a check that the assessment does not hold has a rule of its own.
    fn number(&mut self, id: &str, severity: Severity, title: &str) -> usize {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        self.add(Component::bare(id, title, level(severity)));
        self.rules.len() - 1
    }

    fn finding(&mut self, finding: &'a Finding, change: Option<&'static str>) -> SarifResult {
        let id = check_id(&finding.measure, &finding.check);
        let rule_index = self.number(&id, finding.severity, &finding.check);
        let is_gap = finding.outcome == Outcome::Gap;
        let (kind, level) = match finding.outcome {
            Outcome::Gap => (None, level(finding.severity)),
            Outcome::Review => (Some("review"), Level::None),
            Outcome::NotAssessed => (Some("open"), Level::None),
            Outcome::Satisfied => (Some("pass"), Level::None),
            Outcome::NotApplicable => (Some("notApplicable"), Level::None),
        };
        let suppressions = (finding.disposition == Disposition::Waived).then(|| {
            let why = self.facts.waiver(finding);
            let why = why.map_or_else(String::new, |w| format!("{} until {}: {}", w.id, w.ends_on, w.reason));
            vec![Suppression { kind: "external", status: "accepted", justification: message(&why) }]
        });
        let mut text = sentence(&message(&finding.message));
        if is_gap {
            text.push_str(&format!(" Required: {}", sentence(&message(self.facts.requirement(finding)))));
        }
        text.push_str(&format!(" Owner: {}", sentence(&message(self.facts.owner(&finding.owner)))));
        SarifResult {
            rule_id: id,
            rule_index,
            kind,
            level,
            message: Text { text },
            locations: [self.location(finding)],
            related_locations: self.related(finding),
            fingerprints: Fingerprints {
                line: self.line_hash(finding.region.as_ref()),
                own: finding.fingerprint.clone(),
            },
            suppressions,
            baseline_state: change,
        }
    }

    /// Only for GitHub, which has the file that the hash is made of.
    fn line_hash(&self, region: Option<&crate::assessment::Region>) -> Option<String> {
        region.filter(|_| self.profile == Profile::GitHub).and_then(|region| region.line_hash.clone())
    }

    /// What a baseline says of a finding, in the words of SARIF.
    fn change(&self, finding: &Finding) -> Option<&'static str> {
        self.facts.compared().then_some(match finding.change {
            Some(Change::Unchanged) => "unchanged",
            Some(Change::Worsened | Change::Improved | Change::Unassessed) => "updated",
            Some(Change::Fixed | Change::Removed) => "absent",
            None if finding.disposition == Disposition::Known => "unchanged",
            Some(Change::New) | None => "new",
        })
    }

    /// Checks that need a person's attestation and have none, and those that do not apply.
    fn of_checks(&mut self) -> Vec<SarifResult> {
        let assessment = self.facts.assessment;
        let state = self.facts.compared().then_some("unchanged");
        let mut results = Vec::new();
        for measure in &assessment.measures {
            for check in &measure.checks {
                let (kind, text) = match (check.outcome, &check.question) {
                    (Outcome::NotApplicable, _) => ("notApplicable", check.reason.clone()),
                    (Outcome::NotAssessed, Some(question)) => ("review", question.clone()),
                    _ => continue,
                };
                let id = check_id(&measure.id, &check.id);
                results.push(SarifResult {
                    rule_index: self.number(&id, check.severity, &check.title),
                    fingerprints: Fingerprints { line: None, own: digest::fingerprint(&["check", &id]) },
                    rule_id: id,
                    kind: Some(kind),
                    level: Level::None,
                    message: Text { text: sentence(&message(&text)) },
                    locations: [self.at_anchor()],
                    related_locations: Vec::new(),
                    suppressions: None,
                    baseline_state: state,
                });
            }
        }
        results
    }

    fn problem(&mut self, problem: &Problem) -> SarifResult {
        let id = problem_id(problem);
        let rule_index = self.number(&id, Severity::High, problem.code.as_str());
        let (place, text) = self.facts.problem_place(problem);
        let region = problem.region.as_ref().filter(|_| place.path == problem.place.path);
        let (line, column) = (place.line.max(1), place.column.max(1));
        let region = region.map_or(
            Region { start_line: line, start_column: column, end_line: line, end_column: column },
            Region::of,
        );
        let own =
            digest::fingerprint(&["problem", problem.code.as_str(), &problem.place.path, &problem.message]);
        SarifResult {
            rule_id: id,
            rule_index,
            kind: None,
            level: Level::Error,
            message: Text { text: problem_text(&text, &problem.help) },
            locations: [Location::at(&self.facts.path(&place.path), Some(region))],
            related_locations: problem
                .related
                .iter()
                .map(|related| self.whole_line(&related.path, related.line.max(1)))
                .collect(),
            fingerprints: Fingerprints { line: self.line_hash(problem.region.as_ref()), own },
            suppressions: None,
            baseline_state: (self.profile == Profile::Full && self.facts.compared()).then_some("new"),
        }
    }

    fn location(&self, finding: &Finding) -> Location {
        let Some(place) = &finding.place else {
            return self.at_anchor();
        };
        let (line, column) = (place.line.max(1), place.column.max(1));
        let end_column = column.saturating_add(finding.snippet.as_ref().map_or(0, |snippet| snippet.width));
        let region = finding.region.as_ref().map_or(
            Region { start_line: line, start_column: column, end_line: line, end_column },
            Region::of,
        );
        Location::at(&self.facts.path(&place.path), Some(region))
    }

    fn at_anchor(&self) -> Location {
        let region = Region { start_line: 1, start_column: 1, end_line: 1, end_column: 1 };
        Location::at(&self.facts.path(self.facts.anchor()), Some(region))
    }

    /// The other records of a group.
    fn related(&self, finding: &Finding) -> Vec<Location> {
        let others = finding.records.iter().skip(1).take(RELATED);
        others
            .map(|record| {
                let mut location = self.whole_line(&record.place.path, record.place.line.max(1));
                location.message = Some(Text { text: message(&format!("{} {}", record.kind, record.id)) });
                location
            })
            .collect()
    }

    fn whole_line(&self, path: &str, line: u32) -> Location {
        let mut location = Location::at(&self.facts.path(path), None);
        location.physical.region = Some(format::AnyRegion::Line { start_line: line });
        location
    }
}

fn problem_text(text: &str, help: &str) -> String {
    format!("{} To do: {}", sentence(&message(text)), sentence(&message(help)))
}

/// GitHub merges results of one rule, file and line hash: those behind the first get a hash of their own.
fn tell_apart(results: &mut [SarifResult]) {
    let mut seen = HashSet::new();
    let mut own: BTreeSet<String> = BTreeSet::new();
    for result in results {
        let path = result.locations[0].physical.artifact.uri.clone();
        // Problems can be alike in all but their line.
        let mut fingerprint = result.fingerprints.own.clone();
        let mut n = 1;
        while !own.insert(fingerprint.clone()) {
            n += 1;
            fingerprint = format!("{}/{n}", result.fingerprints.own);
        }
        result.fingerprints.own = fingerprint;
        if let Some(line) = &mut result.fingerprints.line
            && !seen.insert((result.rule_id.clone(), path, line.clone()))
        {
            *line = format!("{line}/{}", result.fingerprints.own);
        }
    }
}

impl Region {
    fn of(region: &crate::assessment::Region) -> Self {
        Region {
            start_line: region.line,
            start_column: region.column,
            end_line: region.line,
            end_column: region.end_column,
        }
    }
}

impl Location {
    fn at(path: &str, region: Option<Region>) -> Self {
        Location {
            physical: Physical {
                artifact: Artifact { uri: percent(path), base: "%SRCROOT%" },
                region: region.map(format::AnyRegion::Exact),
            },
            message: None,
        }
    }
}

/// What stands for itself in a relative URI.
const IN_A_PATH: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A path as a relative URI.
fn percent(path: &str) -> String {
    utf8_percent_encode(path, &IN_A_PATH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_uris() {
        assert_eq!(percent("a b/ü%23#?.yaml"), "a%20b/%C3%BC%2523%23%3F.yaml");
    }
}
