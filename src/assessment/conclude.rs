//! The conclusion: what judging found and people decided, summed up once into an assessment.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Assessment, Baseline, Coverage, Earlier, FORMAT, Finding, Gaps, Measure, Outcome, PackIdentity, Period,
    PlanItem, Problem, Run, Subject, Summary, Unassessed, VERSION, Waiver, gate, unassessed,
};
use crate::text::{count, verb};

/// What judging found, as far as it is decided about. Not an assessment yet: nothing is summed up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judgement {
    /// Every measure of every pack, in the order of the packs.
    pub measures: Vec<Measure>,
    /// Ordered by measure, check, record.
    pub findings: Vec<Finding>,
    /// What findings that are not assessed wait for, not yet in words.
    pub not_assessed: Vec<Unassessed>,
    /// What findings concern, by kind and id.
    pub subjects: Vec<Subject>,
    pub problems: Vec<Problem>,
    pub coverage: Coverage,
    /// What people decided, in the order of the ids.
    pub waivers: Vec<Waiver>,
    pub plan: Vec<PlanItem>,
}

impl Assessment {
    /// Sums up. The summary and the exit status follow from the rest and are never changed afterwards.
    pub fn conclude(
        mut run: Run,
        mut judgement: Judgement,
        baseline: Option<Baseline>,
        history: Vec<Period>,
    ) -> Assessment {
        judgement.problems.sort();
        judgement.problems.dedup();
        run.packs.iter_mut().for_each(|pack| leave_out(pack, &judgement.measures));
        let summary = summary(&judgement);
        let Judgement { measures, findings, not_assessed, subjects, problems, coverage, waivers, plan } =
            judgement;
        let not_assessed = unassessed::groups(not_assessed, &measures);
        let mut assessment = Assessment {
            format: FORMAT.to_owned(),
            version: VERSION,
            run,
            summary,
            measures,
            findings,
            not_assessed,
            subjects,
            problems,
            coverage,
            waivers,
            plan,
            history,
            baseline,
        };
        assessment.summary.all_gaps = Gaps::of(&assessment);
        assessment.summary.exit_status = gate(&assessment, assessment.run.fail_on).status as u8;
        assessment
    }
}

/// Counts what the profile of a pack does not ask because it happened too long ago.
fn leave_out(pack: &mut PackIdentity, measures: &[Measure]) {
    let Some(profile) = &mut pack.profile else { return };
    let checks = measures.iter().filter(|m| m.pack == pack.name).flat_map(|m| &m.checks);
    let with: Vec<_> = checks.filter(|check| check.counts.before > 0).collect();
    profile.before = with.iter().map(|check| check.counts.before).sum();
    profile.since = with.iter().filter_map(|check| check.since).max();
}

fn summary(judgement: &Judgement) -> Summary {
    let mut measures = BTreeMap::new();
    for measure in &judgement.measures {
        *measures.entry(measure.outcome).or_insert(0) += 1;
    }
    let (mut findings, mut gaps) = (BTreeMap::new(), BTreeMap::new());
    let unlisted: usize = judgement.measures.iter().flat_map(|m| &m.checks).map(|c| c.unlisted).sum();
    if unlisted > 0 {
        findings.insert(Outcome::NotAssessed, unlisted);
    }
    let mut with_gaps: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for finding in &judgement.findings {
        *findings.entry(finding.outcome).or_insert(0) += 1;
        if finding.is_open_gap() {
            *gaps.entry(finding.severity).or_insert(0) += 1;
            for record in &finding.records {
                with_gaps.entry(&record.kind).or_default().insert(&record.id);
            }
        }
    }
    let with_gaps = with_gaps.into_iter().map(|(kind, ids)| (kind.to_owned(), ids.len()));
    Summary {
        verdict: verdict(judgement, &measures),
        exit_status: 0,
        records_with_gaps: with_gaps.collect(),
        measures,
        gaps,
        findings,
        all_gaps: Gaps::default(),
    }
}

/// The sentence a report starts with.
fn verdict(judgement: &Judgement, measures: &BTreeMap<Outcome, usize>) -> String {
    let of = |outcome: Outcome| measures.get(&outcome).copied().unwrap_or_default();
    let total = judgement.measures.len();
    let applicable = total - of(Outcome::NotApplicable);
    let nothing = judgement
        .measures
        .iter()
        .flat_map(|m| &m.checks)
        .all(|c| matches!(c.outcome, Outcome::NotAssessed | Outcome::NotApplicable));
    if nothing {
        return format!("Nothing was assessed: no record answers any of {total} measures.");
    }
    let mut parts = Vec::new();
    let gaps = of(Outcome::Gap);
    if gaps > 0 {
        parts.push(format!("{gaps} of {applicable} applicable measures {} gaps", verb(gaps, "has", "have")));
    } else {
        parts.push(format!("No gap was found in {applicable} applicable measures"));
    }
    for (outcome, words) in [
        (Outcome::NotAssessed, "not fully assessed"),
        (Outcome::Review, "to review"),
        (Outcome::Satisfied, "satisfied"),
    ] {
        let n = of(outcome);
        if n > 0 {
            parts.push(format!("{n} {words}"));
        }
    }
    let decided = Gaps::among(&judgement.findings, Earlier::Nothing);
    for (n, word) in [(decided.known, "known"), (decided.waived, "waived")] {
        if n > 0 {
            parts.push(format!("{} {word}", count(n, "gap")));
        }
    }
    let unread = judgement.problems.iter().filter(|p| p.is_incomplete()).count();
    let mut sentence = format!("{}.", parts.join(", "));
    if unread > 0 {
        sentence.push_str(&format!(
            " The audit is incomplete: {} kept records from being read or evaluated.",
            count(unread, "problem")
        ));
    }
    sentence
}
