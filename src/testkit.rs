//! Policy tests: the YAML files in `tests/` of a pack, run against its measures.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use crate::assessment::{Coverage, Judgement, Outcome};
use crate::diagnostics::{Code, Diagnostic, Impact, Place};
use crate::engine::{self, Inputs, World};
use crate::policy::expr::{Compared, Expression};
use crate::policy::{
    self, Check, Expected, Form, OnMissing, Otherwise, Override, PolicySet, Tailoring, TestCase, TestFile,
};
use crate::readers::Reader;
use crate::records::{Catalog, FieldType, RecordSet, Source};
use crate::reference::ReferenceLists;
use crate::repo;
use crate::text::{digest, escape};
use crate::tree::{Located, typed};
use crate::words::Cause;

/// The as-of date of tests that give none.
const DEFAULT_AS_OF: jiff::civil::Date = jiff::civil::date(2026, 6, 30);

/// One test that did not hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FailedTest {
    pub file: String,
    pub test: String,
    pub what: String,
}

/// What running the tests of a pack found.
#[derive(Debug, Default)]
pub(crate) struct Results {
    /// Tests that were run.
    pub tests: usize,
    pub failures: Vec<FailedTest>,
    /// Check and the outcome no test expects of it.
    pub uncovered: Vec<(String, String)>,
    /// Of each check, in the order of the pack, and each outcome or cause that its tests give: the first message.
    pub messages: Vec<(String, &'static str, String)>,
}

/// Runs the tests of the pack in `folder`; of one measure if it is named.
pub(crate) fn run(folder: &Path, measure: Option<&str>) -> Result<Results, Vec<Diagnostic>> {
    let name = vec![".".to_owned()];
    let base = policy::load(&name, folder, &Tailoring::everything())?;
    let mut results = Results::default();
    let mut seen: BTreeSet<(String, &'static str)> = BTreeSet::new();
    let mut messages: HashMap<(String, &'static str), String> = HashMap::new();
    let tests = folder.join("tests");
    for file in repo::list(&tests).files {
        if !file.path.ends_with(".yaml") {
            continue;
        }
        let path = format!("tests/{}", file.path);
        let help = "docs/policies.md describes test files";
        let error = |place, message: String| vec![Diagnostic::new(Code::PolicyTest, place, message, help)];
        let bytes = repo::read(&file).map_err(|p| error(Place::file(&path), p.message))?;
        let (parsed, tree) = typed::read_file::<TestFile>(&path, bytes, Code::PolicyTest, help)?;
        let Some(parsed) = parsed else { continue };
        if measure.is_some_and(|m| m != parsed.measure) {
            continue;
        }
        if !base.measures().any(|(_, m)| m.id == parsed.measure) {
            let place = Located { path: &path, tree: &tree }.place(&["measure"]);
            return Err(error(place, format!("the pack has no measure `{}`", escape(&parsed.measure))));
        }
        for case in &parsed.tests {
            results.tests += 1;
            let fail = |what: String| FailedTest { file: path.clone(), test: case.name.clone(), what };
            match one(&base, folder, &parsed.measure, case) {
                Ok(assessment) => {
                    let found = compare(&assessment, case, &mut seen);
                    let told = assessment.findings.iter().filter(|f| f.outcome != Outcome::NotAssessed);
                    for finding in told.filter(|f| case.expect.contains_key(&f.check)) {
                        let key = (finding.check.clone(), word(finding.outcome, finding.cause));
                        messages.entry(key).or_insert_with(|| finding.message.clone());
                    }
                    let in_vain = asked_in_vain(&assessment, &base.catalog);
                    results.failures.extend(found.into_iter().chain(in_vain).map(fail));
                }
                Err(why) => results.failures.push(fail(why)),
            }
        }
    }
    for (_, m) in base.measures().filter(|(_, m)| measure.is_none_or(|id| id == m.id)) {
        if m.applicable.is_some()
            && !m.checks.iter().any(|c| seen.contains(&(c.id.clone(), "not-applicable")))
        {
            results.uncovered.push((m.id.clone(), "not-applicable".to_owned()));
        }
        for check in &m.checks {
            for wanted in possible(check) {
                if !seen.contains(&(check.id.clone(), wanted)) {
                    results.uncovered.push((check.id.clone(), wanted.to_owned()));
                }
            }
        }
    }
    for check in base.measures().flat_map(|(_, m)| &m.checks) {
        for outcome in ["violated", "missing", "stale", "review"] {
            let message = messages.remove(&(check.id.clone(), outcome));
            results.messages.extend(message.map(|text| (check.id.clone(), outcome, text)));
        }
    }
    Ok(results)
}

/// What a check can say, and so must be tested for.
fn possible(check: &Check) -> Vec<&'static str> {
    let mut all = Vec::new();
    if let Form::Attest { .. } = check.form {
        return vec!["not-assessed"];
    }
    all.push("satisfied");
    let exists = matches!(&check.form, Form::Exists { .. });
    if !exists || check.missing == OnMissing::NotAssessed {
        all.push("not-assessed");
    }
    let matching = match &check.form {
        Form::Exists { matching, .. } => matching.as_ref().is_some_and(Expression::can_be_false),
        Form::Each(subject) => subject.require.can_be_false(),
        _ => true,
    };
    match check.otherwise {
        Otherwise::Gap if matching => all.push("violated"),
        Otherwise::Review if matching => all.push("review"),
        _ => {}
    }
    if check.missing == OnMissing::Gap {
        all.push("missing");
    }
    if check.stale.is_some() {
        all.push("stale");
    }
    all
}

/// The word a result is counted under.
fn word(outcome: Outcome, cause: Option<Cause>) -> &'static str {
    match (outcome, cause) {
        (Outcome::Gap, Some(cause)) => cause.as_str(),
        (outcome, _) => outcome.as_str(),
    }
}

fn one(base: &PolicySet, folder: &Path, measure: &str, case: &TestCase) -> Result<Judgement, String> {
    let as_of = case.as_of.map_or(DEFAULT_AS_OF, |day| day.0);
    let own = |(name, value): (&String, &serde_json::Value)| {
        (name.clone(), Override { value: value.clone(), place: Place::file("parameters") })
    };
    let parameters = BTreeMap::from([(measure.to_owned(), case.parameters.iter().map(own).collect())]);
    let tailoring = Tailoring { parameters, ..Tailoring::everything() };
    let changed;
    let policies = if case.parameters.is_empty() {
        base
    } else {
        changed = policy::load(&[".".to_owned()], folder, &tailoring).map_err(|errors| {
            errors.iter().map(|e| format!("{}: {}", e.place, e.message)).collect::<Vec<_>>().join("; ")
        })?;
        &changed
    };
    let mut sources = Vec::new();
    let mut records = Vec::new();
    for (i, value) in case.records.iter().enumerate() {
        let text = serde_yaml::to_string(value).map_err(|e| e.to_string())?;
        let path = format!("record {}", i + 1);
        let read = Reader::Native.read(&path, text.into_bytes(), &policies.catalog);
        if let Some(problem) = read.problems.iter().find(|p| p.impact != Impact::Notice) {
            return Err(format!("{}: {}", problem.place.path, problem.message));
        }
        let source = sources.len() as u32;
        records.extend(read.records.into_iter().map(|r| crate::records::Record { source, ..r }));
        sources.push(Source { path, tree: read.tree });
    }
    let mut references = ReferenceLists::built_in();
    for (name, entries) in &case.lists {
        references.add(name, "test", None, &entries.join("\n"));
    }
    let files: HashMap<String, String> =
        case.files.iter().map(|(path, text)| (path.clone(), digest::of(text.as_bytes()))).collect();
    let (set, _) = RecordSet::new(Arc::clone(&policies.catalog), sources, records);
    let judged = engine::judge(Inputs {
        world: World {
            policies,
            set: &set,
            references: &references,
            files: &files,
            as_of,
            adoption: Default::default(),
        },
        owners: &BTreeMap::new(),
        coverage: Coverage::default(),
        problems: Vec::new(),
        compared: Compared::default(),
        regions: false,
        listed: usize::MAX,
        configuration_line: None,
    });
    Ok(judged.judgement)
}

fn compare(
    judgement: &Judgement,
    case: &TestCase,
    seen: &mut BTreeSet<(String, &'static str)>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for problem in judgement.problems.iter().filter(|p| p.is_incomplete()) {
        wrong.push(format!("{}: {}", problem.place, problem.message));
    }
    for (id, expected) in &case.expect {
        let Some(check) = judgement.measures.iter().flat_map(|m| &m.checks).find(|c| c.id == *id) else {
            wrong.push(format!("there is no check `{}`", escape(id)));
            continue;
        };
        let (outcome, cause, records) = match expected {
            Expected::Outcome(outcome) => (*outcome, None, None),
            Expected::Full { outcome, cause, records } => (*outcome, *cause, records.as_ref()),
        };
        if check.outcome != outcome {
            wrong.push(format!(
                "{id}: expected {outcome}, got {} ({}){}",
                check.outcome,
                check.reason,
                why(judgement, id)
            ));
            continue;
        }
        let of_outcome = judgement.findings.iter().filter(|f| f.check == *id && f.outcome == outcome);
        if let Some(cause) = cause
            && !of_outcome.clone().any(|f| f.cause == Some(cause))
        {
            wrong.push(format!("{id}: expected the cause {cause}{}", why(judgement, id)));
            continue;
        }
        if let Some(wanted) = records {
            let mut found: Vec<&str> = if outcome == Outcome::Satisfied {
                check.satisfied.iter().map(|id| &**id).collect()
            } else {
                of_outcome.clone().flat_map(|f| f.records.iter().map(|r| r.id.as_str())).collect()
            };
            found.sort_unstable();
            found.dedup();
            let mut wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
            wanted.sort_unstable();
            if found != wanted {
                wrong.push(format!(
                    "{id}: expected the records {}, got {}",
                    wanted.join(", "),
                    found.join(", ")
                ));
                continue;
            }
        }
        seen.insert((id.clone(), word(outcome, None)));
        for finding in judgement.findings.iter().filter(|f| f.check == *id) {
            seen.insert((id.clone(), word(finding.outcome, finding.cause)));
        }
        if check.counts.satisfied > 0 {
            seen.insert((id.clone(), "satisfied"));
        }
    }
    wrong
}

/// Fields that findings ask for and that the kind of the record does not have: no one could write them down.
fn asked_in_vain(judgement: &Judgement, catalog: &Catalog) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for finding in &judgement.findings {
        for missing in &finding.missing {
            let shape = catalog.find(&missing.kind).map(|kind| &catalog.get(kind).shape);
            let (Some(shape), Some(field)) = (shape, &missing.field) else { continue };
            // What the schema does not describe may have any field.
            let parts = field.match_indices('.').map(|(i, _)| &field[..i]);
            let is_open = parts.filter_map(|part| shape.at(part)).any(|inner| inner.form == FieldType::Any);
            if shape.at(field).is_none() && !is_open {
                found.insert(format!(
                    "{}: asks for `{}`, which is not a field of a {}",
                    finding.check,
                    escape(field),
                    missing.kind
                ));
            }
        }
    }
    found
}

fn why(judgement: &Judgement, check: &str) -> String {
    let messages: Vec<&str> =
        judgement.findings.iter().filter(|f| f.check == check).map(|f| f.message.as_str()).take(3).collect();
    if messages.is_empty() { String::new() } else { format!(": {}", messages.join("; ")) }
}
