//! JUnit XML: a suite a measure, a case for each check and record.
//!
//! The schema that Jenkins uses refuses `file` on a case and `skipped` on the root, and GitLab wants both: two
//! flavours. The place is the first line of every failure in both. Only gaps that are open fail, a known or waived
//! one is skipped.

use std::collections::HashMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::facts::{Facts, ids};
use crate::assessment::{Assessment, Check, Finding, Loss, Measure, Outcome, Problem, RuleChange};
use crate::text::{count, escape, no_commands, shorten};

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
    let facts = Facts::new(assessment);
    let satisfied: usize =
        assessment.measures.iter().flat_map(|measure| &measure.checks).map(|c| c.satisfied.len()).sum();
    let each = satisfied + assessment.findings.len() <= CASES;
    let text = xml(&suites(&facts, flavour, each), flavour)?;
    out.write_all(&text)?;
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

struct Suite {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    class: String,
    name: String,
    /// Only for GitLab.
    file: Option<String>,
    /// Why it did not pass.
    result: Option<NotPassed>,
}

struct NotPassed {
    /// `skipped`, `failure` for a gap, `error` for a problem with the input.
    element: &'static str,
    message: String,
    kind: Option<String>,
    text: Option<String>,
}

fn suites(facts: &Facts<'_>, flavour: Flavour, each: bool) -> Vec<Suite> {
    let mut cases = Cases { facts, flavour, names: HashMap::new() };
    let input = facts.unread().map(|problem| cases.problem(problem)).collect();
    let mut suites = vec![Suite { name: "input".to_owned(), cases: input }];
    let rules = facts.rules().map(|rule| cases.rule(rule)).collect::<Vec<_>>();
    let lost = facts.losses().map(|loss| cases.loss(loss)).collect::<Vec<_>>();
    suites.push(Suite { name: "comparison".to_owned(), cases: rules.into_iter().chain(lost).collect() });
    for measure in &facts.assessment.measures {
        let mut of_measure = Vec::new();
        for check in &measure.checks {
            let findings = facts.findings(measure, check);
            of_measure.extend(findings.iter().map(|finding| cases.finding(measure, finding)));
            of_measure.extend(cases.satisfied(measure, check, each));
            if let (Some(question), Outcome::NotAssessed, true) =
                (&check.question, check.outcome, findings.is_empty())
            {
                of_measure.push(cases.attestation(measure, check, question));
            }
        }
        suites.push(Suite { name: safe(&format!("{} {}", measure.id, measure.title)), cases: of_measure });
    }
    suites.retain(|suite| !suite.cases.is_empty());
    suites
}

struct Cases<'a> {
    facts: &'a Facts<'a>,
    flavour: Flavour,
    /// Readers count only the first of two cases with one class and name.
    names: HashMap<String, usize>,
}

impl Cases<'_> {
    fn case(&mut self, class: &str, name: &str, result: Option<NotPassed>, path: Option<&str>) -> Case {
        let class = safe(class);
        let mut name = shorten(&safe(name), NAME).into_owned();
        let times = self.names.entry(format!("{class}\n{name}")).or_default();
        *times += 1;
        if *times > 1 {
            name = format!("{name} ({times})");
        }
        let path = path.filter(|_| self.flavour == Flavour::GitLab);
        Case { class, name, file: path.map(|path| safe(&self.facts.path(path))), result }
    }

    /// A rule that was changed: what it hides fails by itself.
    fn rule(&mut self, rule: &RuleChange) -> Case {
        let result = skipped(&format!("this change {}", rule.what));
        self.case("comparison.rules-changed", &rule.what, result, Some(&rule.place.path))
    }

    fn loss(&mut self, loss: &Loss) -> Case {
        let place = self.facts.loss_place(loss);
        let failure = NotPassed {
            element: "failure",
            message: safe(&self.facts.loss_sentence(loss)),
            kind: Some("assurance-lost".to_owned()),
            text: Some(safe(&format!("{}:{}", self.facts.path(&place.path), place.line.max(1)))),
        };
        let name = loss.subject();
        self.case("comparison.assurance-lost", &name, Some(failure), Some(&place.path))
    }

    fn finding(&mut self, measure: &Measure, finding: &Finding) -> Case {
        let class = format!("{}.{}", measure.id, finding.check);
        let name = match finding.records.first() {
            Some(first) => format!("{} {}", first.kind, ids(finding, 5)),
            None => "nothing on record".to_owned(),
        };
        let result = match (finding.outcome, finding.disposition) {
            (Outcome::Gap, _) if self.facts.is_fresh(finding) => Some(self.failure(finding)),
            (Outcome::Gap, _) => {
                let decided = self.facts.decided(finding).unwrap_or_else(|| "open before".to_owned());
                skipped(&format!("{decided}: {}", finding.message))
            }
            (Outcome::Review, _) => skipped(&format!("to review, no proof: {}", finding.message)),
            (Outcome::Satisfied, _) => None,
            (Outcome::NotAssessed | Outcome::NotApplicable, _) => {
                skipped(&format!("{}: {}", finding.outcome.as_str().replace('-', " "), finding.message))
            }
        };
        let place = self.facts.place(finding);
        self.case(&class, &name, result, Some(&place.path))
    }

    fn failure(&self, finding: &Finding) -> NotPassed {
        let mut place = self.facts.place(finding);
        place.path = self.facts.path(&place.path);
        let mut lines = vec![
            place.to_string(),
            finding.message.clone(),
            format!("required: {}", self.facts.requirement(finding)),
            format!("severity: {}, owner: {}", finding.severity, self.facts.owner(&finding.owner)),
        ];
        if let Some((_, check)) = self.facts.check(finding) {
            lines.extend(check.remediation.iter().enumerate().map(|(i, step)| format!("{}. {step}", i + 1)));
        }
        let lines: Vec<String> = lines.iter().map(|line| safe(line)).collect();
        NotPassed {
            element: "failure",
            message: safe(&finding.message),
            kind: Some(finding.cause.map_or("gap", |cause| cause.as_str()).to_owned()),
            text: Some(lines.join("\n")),
        }
    }

    fn satisfied(&mut self, measure: &Measure, check: &Check, each: bool) -> Vec<Case> {
        let class = format!("{}.{}", measure.id, check.id);
        let kind = check.kind.as_deref().unwrap_or("record");
        match (check.satisfied.len(), each) {
            (0, _) => Vec::new(),
            (n, false) => vec![self.case(&class, &count(n, "satisfied record"), None, None)],
            (_, true) => check
                .satisfied
                .iter()
                .map(|id| self.case(&class, &format!("{kind} {id}"), None, None))
                .collect(),
        }
    }

    fn attestation(&mut self, measure: &Measure, check: &Check, question: &str) -> Case {
        let class = format!("{}.{}", measure.id, check.id);
        self.case(&class, "attestation", skipped(&format!("not assessed: {question}")), None)
    }

    fn problem(&mut self, problem: &Problem) -> Case {
        let mut place = problem.place.clone();
        place.path = self.facts.path(&place.path);
        let place = place.to_string();
        let error = NotPassed {
            element: "error",
            message: safe(&problem.message),
            kind: Some(problem.code.as_str().to_owned()),
            text: Some([&*place, &*problem.message, &*problem.help].map(safe).join("\n")),
        };
        let class = format!("input.{}", problem.code);
        self.case(&class, &place, Some(error), Some(&problem.place.path))
    }
}

fn skipped(why: &str) -> Option<NotPassed> {
    Some(NotPassed { element: "skipped", message: safe(why), kind: None, text: None })
}

/// One line that hides nothing; what XML forbids is hidden, and so an escape.
fn safe(text: &str) -> String {
    no_commands(&escape(text)).into_owned()
}

/// The document.
fn xml(suites: &[Suite], flavour: Flavour) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 4);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let [tests, skipped, failures, errors] = counts(suites.iter().flat_map(|suite| &suite.cases));
    let root = writer.create_element("testsuites").with_attributes([("name", "duly"), ("tests", &tests)]);
    let root = root.with_attributes((flavour == Flavour::GitLab).then_some(("skipped", &*skipped)));
    root.with_attributes([("failures", &*failures), ("errors", &*errors)])
        .write_inner_content(|writer| suites.iter().try_for_each(|suite| write_suite(writer, suite)))?;
    writer.write_indent()?;
    Ok(writer.into_inner())
}

/// All cases, those skipped, failures and errors.
fn counts<'c>(cases: impl Iterator<Item = &'c Case> + Clone) -> [String; 4] {
    let of = |element| {
        let is = |case: &&Case| case.result.as_ref().is_some_and(|result| result.element == element);
        cases.clone().filter(is).count().to_string()
    };
    [cases.clone().count().to_string(), of("skipped"), of("failure"), of("error")]
}

fn write_suite(writer: &mut Writer<Vec<u8>>, suite: &Suite) -> io::Result<()> {
    let [tests, skipped, failures, errors] = counts(suite.cases.iter());
    writer
        .create_element("testsuite")
        .with_attributes([("name", &*suite.name), ("tests", &tests), ("skipped", &skipped)])
        .with_attributes([("errors", &*errors), ("failures", &failures)])
        .write_inner_content(|writer| suite.cases.iter().try_for_each(|case| write_case(writer, case)))?;
    Ok(())
}

fn write_case(writer: &mut Writer<Vec<u8>>, case: &Case) -> io::Result<()> {
    let element = writer
        .create_element("testcase")
        .with_attributes([("name", &*case.name), ("classname", &case.class)])
        .with_attributes(case.file.as_deref().map(|file| ("file", file)));
    let Some(result) = &case.result else { return element.write_empty().map(|_| ()) };
    let write = |writer: &mut Writer<_>| {
        let element = writer
            .create_element(result.element)
            .with_attribute(("message", &*result.message))
            .with_attributes(result.kind.as_deref().map(|kind| ("type", kind)));
        match &result.text {
            Some(text) => element.write_text_content(BytesText::new(text)),
            None => element.write_empty(),
        }
        .map(|_| ())
    };
    element.write_inner_content(write).map(|_| ())
}
