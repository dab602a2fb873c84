//! JUnit XML: a suite a measure, a case for each check and record.
//!
//! The schema that Jenkins uses refuses `file` on a case, and GitLab wants it: two flavours. The place is the
//! first line of every failure in both. Only gaps that are open fail, a known or waived one is skipped.

use std::collections::HashMap;
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::lookup::{Lookup, clip, count, ids};
use crate::assessment::{Assessment, Check, Disposition, Finding, Measure, Outcome, Problem};
use crate::text::{escape, no_commands};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Strict,
    GitLab,
}

/// Cases beyond which the satisfied records of a check become one case.
const CASES: usize = 50_000;
/// GitLab takes reports below this size.
const GITLAB_BYTES: usize = 30_000_000;
/// Characters of a name.
const NAME: usize = 200;

pub(super) fn write(
    assessment: &Assessment,
    flavour: Flavour,
    out: &mut dyn Write,
) -> io::Result<Vec<String>> {
    let view = Lookup::new(assessment);
    let satisfied: usize =
        assessment.measures.iter().flat_map(|measure| &measure.checks).map(|c| c.satisfied.len()).sum();
    let each = satisfied + assessment.findings.len() <= CASES;
    let mut of_check: HashMap<(&str, &str), Vec<&Finding>> = HashMap::new();
    for finding in &assessment.findings {
        of_check.entry((&finding.measure, &finding.check)).or_default().push(finding);
    }
    let mut report = Report::new("duly");
    let mut cases = Cases { view: &view, flavour, names: HashMap::new() };
    let problems: Vec<&Problem> = view.unread().collect();
    if !problems.is_empty() {
        let mut suite = TestSuite::new("input");
        suite.add_test_cases(problems.into_iter().map(|problem| cases.problem(problem)));
        report.add_test_suite(suite);
    }
    for measure in &assessment.measures {
        let mut suite = TestSuite::new(safe(&format!("{} {}", measure.id, measure.title)));
        for check in &measure.checks {
            let findings = of_check.get(&(&*measure.id, &*check.id)).map_or(&[][..], Vec::as_slice);
            suite.add_test_cases(findings.iter().map(|finding| cases.finding(measure, finding)));
            suite.add_test_cases(cases.satisfied(measure, check, each));
            if let (Some(question), Outcome::NotAssessed, true) =
                (&check.question, check.outcome, findings.is_empty())
            {
                suite.add_test_case(cases.attestation(measure, check, question));
            }
        }
        if !suite.test_cases.is_empty() {
            report.add_test_suite(suite);
        }
    }
    let mut text = report.to_string().map_err(io::Error::other)?;
    if flavour == Flavour::Strict {
        // The library counts skipped cases on the root, where the schema knows failures and errors only.
        text = text.replacen(&format!(" skipped=\"{}\"", report.skipped), "", 1);
    }
    out.write_all(text.as_bytes())?;
    out.flush()?;
    let mut notes = Vec::new();
    if !each {
        notes.push(format!(
            "the JUnit report has one case a check for the {} that are satisfied, as there would be more than \
             {CASES} cases",
            count(satisfied, "record")
        ));
    }
    if flavour == Flavour::GitLab && text.len() >= GITLAB_BYTES {
        notes.push(format!(
            "the JUnit report has {} bytes; GitLab takes less than {GITLAB_BYTES}",
            text.len()
        ));
    }
    Ok(notes)
}

struct Cases<'a> {
    view: &'a Lookup<'a>,
    flavour: Flavour,
    /// Readers count only the first of two cases with one class and name.
    names: HashMap<String, usize>,
}

impl Cases<'_> {
    fn case(&mut self, class: &str, name: &str, status: TestCaseStatus, path: Option<&str>) -> TestCase {
        let class = safe(class);
        let mut name = clip(&safe(name), NAME);
        let times = self.names.entry(format!("{class}\n{name}")).or_default();
        *times += 1;
        if *times > 1 {
            name = format!("{name} ({times})");
        }
        let mut case = TestCase::new(name, status);
        case.set_classname(class);
        if let (Flavour::GitLab, Some(path)) = (self.flavour, path) {
            case.extra.insert("file".into(), safe(&self.view.path(path)).into());
        }
        case
    }

    fn finding(&mut self, measure: &Measure, finding: &Finding) -> TestCase {
        let class = format!("{}.{}", measure.id, finding.check);
        let name = match finding.records.first() {
            Some(first) => format!("{} {}", first.kind, ids(finding, 5)),
            None => "nothing on record".to_owned(),
        };
        let status = match (finding.outcome, finding.disposition) {
            (Outcome::Gap, Disposition::Waived) => {
                let waiver = self.view.waiver(finding);
                let until = waiver.map_or_else(String::new, |w| format!(" until {} ({})", w.ends_on, w.id));
                skipped(&format!("waived{until}: {}", finding.message))
            }
            (Outcome::Gap, Disposition::Open | Disposition::Attested) if self.view.is_fresh(finding) => {
                self.failure(finding)
            }
            (Outcome::Gap, _) => skipped(&format!("known since the baseline: {}", finding.message)),
            (Outcome::Review, _) => skipped(&format!("to review, no proof: {}", finding.message)),
            (Outcome::Satisfied, _) => TestCaseStatus::success(),
            (Outcome::NotAssessed | Outcome::NotApplicable, _) => {
                skipped(&format!("{}: {}", finding.outcome.as_str().replace('-', " "), finding.message))
            }
        };
        let place = self.view.place(finding);
        self.case(&class, &name, status, Some(&place.path))
    }

    fn failure(&self, finding: &Finding) -> TestCaseStatus {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let mut place = self.view.place(finding);
        place.path = self.view.path(&place.path);
        let mut lines = vec![
            place.to_string(),
            finding.message.clone(),
            format!("required: {}", self.view.requirement(finding)),
            format!("severity: {}, owner: {}", finding.severity, self.view.owner(finding)),
        ];
        if let Some((_, check)) = self.view.check(finding) {
            lines.extend(check.remediation.iter().enumerate().map(|(i, step)| format!("{}. {step}", i + 1)));
        }
        let lines: Vec<String> = lines.iter().map(|line| safe(line)).collect();
        status.set_message(safe(&finding.message));
        status.set_type(finding.cause.map_or("gap", |cause| cause.as_str()));
        status.set_description(lines.join("\n"));
        status
    }

    fn satisfied(&mut self, measure: &Measure, check: &Check, each: bool) -> Vec<TestCase> {
        let class = format!("{}.{}", measure.id, check.id);
        let kind = check.kind.as_deref().unwrap_or("record");
        match (check.satisfied.len(), each) {
            (0, _) => Vec::new(),
            (n, false) => {
                vec![self.case(&class, &count(n, "satisfied record"), TestCaseStatus::success(), None)]
            }
            (_, true) => check
                .satisfied
                .iter()
                .map(|id| self.case(&class, &format!("{kind} {id}"), TestCaseStatus::success(), None))
                .collect(),
        }
    }

    fn attestation(&mut self, measure: &Measure, check: &Check, question: &str) -> TestCase {
        let class = format!("{}.{}", measure.id, check.id);
        self.case(&class, "attestation", skipped(&format!("not assessed: {question}")), None)
    }

    fn problem(&mut self, problem: &Problem) -> TestCase {
        let mut place = problem.place.clone();
        place.path = self.view.path(&place.path);
        let place = place.to_string();
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(safe(&problem.message));
        status.set_type(problem.code.as_str());
        status.set_description([&*place, &*problem.message, &*problem.help].map(safe).join("\n"));
        self.case(&format!("input.{}", problem.code), &place, status, Some(&problem.place.path))
    }
}

fn skipped(why: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(safe(why));
    status
}

/// One line that hides nothing; what XML forbids is hidden, and so an escape.
fn safe(text: &str) -> String {
    no_commands(&escape(text)).into_owned()
}
