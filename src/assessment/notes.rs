//! What has to be known of a comparison before anything else, in sentences that every report with a comparison starts
//! with: what could not be read of the base, which rules were changed, what was lost, and what is unknown.
//!
//! Removing records makes findings disappear and fixes nothing; rules that were changed can hide what is there.

use super::{Assessment, Baseline, Change, Finding, Loss, LossKind, Outcome, Reason, RuleChange, Severity};
use crate::text::{count, list, verb};

/// Losses that are named.
const NAMED: usize = 5;

/// Sentences of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub title: &'static str,
    pub sentences: Vec<String>,
    /// Whether what it says makes the exit status 1.
    pub counts: bool,
}

/// Findings that the present state cannot assess, and that the earlier one could or did not have.
pub fn is_newly_unassessed(finding: &Finding) -> bool {
    finding.outcome == Outcome::NotAssessed
        && matches!(finding.change, Some(Change::New | Change::Worsened | Change::Unassessed))
}

/// Everything to know first; nothing where there is nothing to compare with.
pub fn notes(assessment: &Assessment) -> Vec<Section> {
    let Some(baseline) = &assessment.baseline else { return Vec::new() };
    let mut all = Vec::new();
    let mut add = |title, sentences: Vec<String>, counts| {
        if !sentences.is_empty() {
            all.push(Section { title, sentences, counts });
        }
    };
    add("The base is incomplete", base(baseline), false);
    let hidden = baseline.rules.iter().any(|rule| rule.hidden > 0);
    add("Rules changed", rules(baseline), hidden);
    let losses = Losses::of(assessment, baseline);
    add("Assurance lost", losses.sentences(), !losses.counted.is_empty() && !losses.allowed);
    add("Losses accepted", accepted(baseline), false);
    add("Unknown", unknown(assessment, baseline), false);
    all
}

fn base(baseline: &Baseline) -> Vec<String> {
    let Baseline { name, unread, .. } = baseline;
    if *unread == 0 {
        return Vec::new();
    }
    vec![format!(
        "`{name}` could not be read whole ({}): what was not read there looks new here, and what was lost from it is \
         not seen.",
        count(*unread, "problem")
    )]
}

fn rules(baseline: &Baseline) -> Vec<String> {
    baseline.rules.iter().map(RuleChange::sentence).collect()
}

/// Losses that no one accepted.
struct Losses<'a> {
    counted: Vec<&'a Loss>,
    below: usize,
    allowed: bool,
}

impl<'a> Losses<'a> {
    fn of(assessment: &Assessment, baseline: &'a Baseline) -> Self {
        let from = baseline.fail_on.unwrap_or(Severity::Low);
        let open = baseline.lost.iter().filter(|loss| loss.accepted.is_none());
        let (counted, below): (Vec<&Loss>, Vec<&Loss>) = open.partition(|loss| loss.severity >= from);
        Losses { counted, below: below.len(), allowed: assessment.run.allow_lost }
    }

    fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        for kind in [
            LossKind::RecordRemoved,
            LossKind::Unread,
            LossKind::NotAsked,
            LossKind::OutOfScope,
            LossKind::NotAssessed,
        ] {
            let of: Vec<&&Loss> = self.counted.iter().filter(|loss| loss.kind == kind).collect();
            if of.is_empty() {
                continue;
            }
            let checks: usize = of.iter().map(|loss| loss.checks.len()).sum();
            let named: Vec<String> = of.iter().map(|loss| loss.subject()).collect();
            let (these, checks) = (list(named, NAMED, ", "), count(checks, "check result"));
            let what = match kind {
                LossKind::RecordRemoved => format!("{these}: removed, with {checks} of the base"),
                LossKind::Unread => format!("{these}: no longer read, with {checks} of the base"),
                LossKind::NotAsked => format!("{these}: no longer checked, with {checks} of the base"),
                LossKind::OutOfScope => {
                    format!("{these}: out of scope, with {checks} of the base")
                }
                LossKind::NotAssessed => format!("{these}: no longer assessed, with {checks} of the base"),
            };
            sentences.push(format!("{what}."));
        }
        if !self.counted.is_empty() {
            let them = verb(self.counted.len(), "it", "each of them");
            sentences.push(if self.allowed {
                "This does not count for the exit status, because of --allow-lost.".to_owned()
            } else {
                format!("This counts for the exit status. If it is right, accept {them} in duly-losses.yaml (docs/gate.md).")
            });
        }
        if self.below > 0 {
            let losses = count(self.below, "more loss");
            sentences.push(format!(
                "{losses} below the threshold of the base {} not count.",
                verb(self.below, "does", "do")
            ));
        }
        sentences
    }
}

fn accepted(baseline: &Baseline) -> Vec<String> {
    let sentence = |loss: &Loss| {
        let accepted = loss.accepted.as_ref()?;
        Some(format!(
            "{} {}: {}; approved by {} on {} ({}).",
            loss.subject(),
            loss.kind.words(),
            accepted.reason,
            accepted.approved_by,
            accepted.approved_on,
            accepted.place
        ))
    };
    let mut all: Vec<String> = baseline.lost.iter().filter_map(sentence).collect();
    let more = all.len().saturating_sub(2 * NAMED);
    all.truncate(2 * NAMED);
    if more > 0 {
        all.push(format!("And {}.", count(more, "more accepted loss")));
    }
    all
}

/// What no one knows any more of findings.
fn unknown(assessment: &Assessment, baseline: &Baseline) -> Vec<String> {
    let mut sentences = Vec::new();
    let removed = &baseline.removed;
    if !removed.is_empty() {
        let because = |reason: Reason| removed.iter().all(|f| f.reasons.contains(&reason));
        let why = if because(Reason::RecordRemoved) {
            "records were removed"
        } else if because(Reason::RecordNotRead) {
            "records were not read"
        } else if because(Reason::PolicyChanged) {
            "checks were removed"
        } else {
            "records or checks are not read any more"
        };
        let gaps = removed.iter().filter(|f| f.outcome == Outcome::Gap).count();
        let whose = verb(removed.len(), "its", "their");
        let not_closed = match gaps {
            0 => String::new(),
            1 => " That does not close the gap among them.".to_owned(),
            n => format!(" That does not close the {n} gaps among them."),
        };
        let these = are(removed.len(), "finding");
        sentences.push(format!("{these} no longer looked at: {whose} {why}.{not_closed}"));
    }
    let lost = assessment.findings.iter().filter(|f| f.change == Some(Change::Unassessed)).count();
    if lost > 0 {
        let these = are(lost, "gap");
        let they = verb(lost, "it is", "they are");
        sentences.push(format!("{these} not assessed any more: it is not known whether {they} fixed."));
    }
    let fresh = assessment.findings.iter().filter(|f| is_newly_unassessed(f)).count() - lost;
    if fresh > 0 {
        let these = are(fresh, "finding");
        sentences.push(format!("{these} newly not assessed: it is not known whether there is a gap."));
    }
    sentences
}

/// `1 gap is`, `2 gaps are`.
fn are(n: usize, thing: &str) -> String {
    format!("{} {}", count(n, thing), verb(n, "is", "are"))
}
