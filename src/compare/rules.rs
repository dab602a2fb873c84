//! A change is judged by the rules of the base as well as by its own: what it changes of the rules, and what that
//! would hide.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::findings::{self, Before};
use super::reasons::{policy_change, statements};
use super::reassess::Reassessment;
use crate::assessment::{Change, Disposition, Finding, Judgement, RuleChange};
use crate::baseline::{self, BaselineFile};
use crate::config::Config;
use crate::diagnostics::Place;
use crate::engine;
use crate::policy::{Measure, Pack};
use crate::readers::{Reader, SourceRule};
use crate::records::{DEFAULTS_KEY, FieldDefault, KindId};
use crate::snapshot::{Pool, Snapshot};
use crate::text::{IN_A_SENTENCE, count, digest, escape, shorten};
use crate::words::Severity;

/// What was changed, and what it can hide.
struct Changed {
    said: RuleChange,
    hides: Hides,
}

/// Which findings a rule decides about.
enum Hides {
    /// Those below the present threshold.
    Below(Severity),
    /// Those of checks that read a parameter of a measure.
    Parameter(String, String),
    /// Those of records that are not read by the present rules.
    Unread,
    /// Those of checks that do not ask about what happened before a day.
    Before,
    /// Any.
    Any,
    /// None: what it decides about is judged by both states.
    Nothing,
}

/// The rules of one state that are not those of another.
pub(super) struct Rules {
    changes: Vec<Changed>,
}

/// Whether the rules differ.
pub(crate) fn differ(present: &Snapshot, before: &Snapshot) -> bool {
    !before.state.is_folder_absent && !Rules::between(present, before).changes.is_empty()
}

impl Rules {
    pub(super) fn between(present: &Snapshot, before: &Snapshot) -> Self {
        let mut rules = Rules { changes: Vec::new() };
        let (now, then) = (&present.config, &before.config);
        if now.fail_on != then.fail_on {
            let verb = if now.fail_on > then.fail_on { "raises" } else { "lowers" };
            let what = format!("{verb} `fail_on` from {} to {}", then.fail_on, now.fail_on);
            rules.add(now.key_place(&["fail_on"]), what, Hides::Below(now.fail_on));
        }
        rules.packs(present, before);
        rules.profiles(present, before);
        rules.parameters(present, before);
        rules.adoption(present, before);
        rules.defaults(present, before);
        rules.patterns(now, then);
        rules.known(present, before);
        for (key, is_changed) in [
            ("approvers", now.waivers.approvers != then.waivers.approvers),
            ("max_days", now.waivers.max_days != then.waivers.max_days),
        ] {
            if is_changed {
                let what = format!("changes `waivers: {key}`; a waiver counts only where both allow it");
                rules.add(now.key_place(&["waivers", key]), what, Hides::Nothing);
            }
        }
        for list in present.references.differing(&before.references) {
            let is_gone = !present.references.provenance().any(|own| own.name == list);
            let what = format!(
                "{} the reference list `{}`",
                if is_gone { "removes" } else { "edits" },
                escape(list)
            );
            rules.add(now.list_place(list), what, Hides::Any);
        }
        rules
    }

    fn add(&mut self, place: Place, what: String, hides: Hides) {
        self.changes.push(Changed { said: RuleChange { what, place, hidden: 0 }, hides });
    }

    fn packs(&mut self, present: &Snapshot, before: &Snapshot) {
        let place = || present.config.key_place(&["packs"]);
        let (now, then) = (&present.policies.packs, &before.policies.packs);
        for pack in then {
            let title = format!("`{}` {}", escape(&pack.name), escape(&pack.version));
            match now.iter().find(|other| other.name == pack.name) {
                None => self.add(place(), format!("removes the pack {title}"), Hides::Any),
                Some(other) if other.digest != pack.digest => {
                    let what = if other.version == pack.version {
                        format!("edits the pack {title} and keeps its version")
                    } else {
                        format!("replaces the pack {title} with {}", escape(&other.version))
                    };
                    self.add(place(), what, Hides::Any);
                }
                Some(_) => {}
            }
        }
        for pack in now.iter().filter(|pack| !then.iter().any(|other| other.name == pack.name)) {
            self.add(place(), format!("adds the pack `{}`", escape(&pack.name)), Hides::Any);
        }
    }

    fn profiles(&mut self, present: &Snapshot, before: &Snapshot) {
        for pack in &present.policies.packs {
            let Some((now, then)) = profiles(pack, before).filter(|(now, then)| now != then) else {
                continue;
            };
            let (name, now, then) = (escape(&pack.name), escape(now), escape(then));
            let what = format!("asks the checks of the profile {now} of `{name}`, not those of {then}");
            self.add(present.config.key_place(&["profile"]), what, Hides::Any);
        }
    }

    /// The day from which some checks ask.
    fn adoption(&mut self, present: &Snapshot, before: &Snapshot) {
        let (now, then) = (present.adopted_on(), before.adopted_on());
        if now == then || !(present.has_since() || before.has_since()) {
            return;
        }
        let what = match (now, then) {
            (Some(now), Some(then)) => format!("moves the day of adoption from {then} to {now}"),
            (Some(now), None) => format!("states that the measures were adopted on {now}"),
            (None, _) => "withdraws the day of adoption".to_owned(),
        };
        self.add(present.adoption_place(), what, Hides::Before);
    }

    /// Values that differ, other than those which another profile brings with it.
    fn parameters(&mut self, present: &Snapshot, before: &Snapshot) {
        let then: HashMap<&str, &Measure> =
            before.policies.measures().map(|(_, measure)| (measure.id.as_str(), measure)).collect();
        for (pack, measure) in present.policies.measures() {
            let Some(earlier) = then.get(measure.id.as_str()) else { continue };
            let of_profile = |name: &str| {
                let is_stated = |config: &Config| {
                    config.tailoring.parameters.get(&measure.id).is_some_and(|of| of.contains_key(name))
                };
                profiles(pack, before).is_some_and(|(now, then)| now != then)
                    && ![&present.config, &before.config].into_iter().any(|config| is_stated(config))
            };
            for (name, now) in &measure.parameters {
                let Some(then) = earlier.parameters.get(name).filter(|then| then.value != now.value) else {
                    continue;
                };
                if of_profile(name) {
                    continue;
                }
                let shown = |value: &serde_json::Value| {
                    escape(&shorten(&value.to_string(), IN_A_SENTENCE)).into_owned()
                };
                let (id, parameter) = (escape(&measure.id), escape(name));
                let (value, was) = (shown(&now.value), shown(&then.value));
                let what = format!("sets {id} `{parameter}` to {value}, from {was}");
                let place = present.config.key_place(&["parameters", &measure.id, name]);
                self.add(place, what, Hides::Parameter(measure.id.clone(), name.clone()));
            }
        }
    }

    fn defaults(&mut self, present: &Snapshot, before: &Snapshot) {
        let stated = |snapshot: &Snapshot| -> BTreeMap<(String, String), (String, Place)> {
            let catalog = &snapshot.policies.catalog;
            let entry = |(kind, default): (KindId, FieldDefault<'_>)| {
                let key = (catalog.get(kind).name.clone(), default.field().to_owned());
                (key, (default.value(), default.place()))
            };
            catalog.defaults().iter().map(entry).collect()
        };
        let (now, then) = (stated(present), stated(before));
        let shown = |value: &str| escape(&shorten(value, IN_A_SENTENCE)).into_owned();
        let mut all: Vec<&(String, String)> = now.keys().chain(then.keys()).collect();
        all.sort_unstable();
        all.dedup();
        for key in all {
            let field = format!("`{}` of `{}`", escape(&key.1), escape(&key.0));
            let (what, place) = match (now.get(key), then.get(key)) {
                (Some((value, place)), None) => {
                    (format!("adds a default for {field}: {}", shown(value)), place.clone())
                }
                (Some((value, place)), Some((was, _))) if value != was => {
                    let what =
                        format!("sets the default for {field} to {}, from {}", shown(value), shown(was));
                    (what, place.clone())
                }
                (None, Some(_)) => {
                    let place = present.config.key_place(&[DEFAULTS_KEY, &key.0]);
                    (format!("removes the default for {field}"), place)
                }
                _ => continue,
            };
            self.add(place, what, Hides::Any);
        }
    }

    fn known(&mut self, present: &Snapshot, before: &Snapshot) {
        let entries = |snapshot: &Snapshot| -> BTreeSet<String> {
            snapshot.baseline.iter().flat_map(BaselineFile::stated).collect()
        };
        let (now, then) = (entries(present), entries(before));
        let counted = |n: usize| count(n, "entry of duly-baseline.yaml");
        for (verb, n) in [("adds", now.difference(&then).count()), ("removes", then.difference(&now).count())]
        {
            if n > 0 {
                self.add(Place::file(baseline::FILE), format!("{verb} {}", counted(n)), Hides::Any);
            }
        }
    }

    fn patterns(&mut self, now: &Config, then: &Config) {
        let ignores = |config: &Config| -> BTreeSet<String> {
            config.rules.ignores.iter().flat_map(|rule| rule.patterns.iter().cloned()).collect()
        };
        let sources = |config: &Config| -> BTreeSet<String> {
            let of = |rule: &SourceRule| {
                let case = if rule.any_case { ", in any case" } else { "" };
                let shown = |pattern: &String| match rule.reader {
                    Reader::Native => format!("{pattern}{case}"),
                    other => format!("{pattern} ({}){case}", other.name()),
                };
                rule.patterns.iter().map(shown).collect::<Vec<_>>()
            };
            config.rules.sources.iter().flat_map(of).collect()
        };
        let kinds = [
            ("ignore", "the ignore rule for", ignores(now), ignores(then)),
            ("sources", "the source pattern", sources(now), sources(then)),
        ];
        for (key, thing, now_all, then_all) in kinds {
            for pattern in now_all.difference(&then_all) {
                let what = format!("adds {thing} `{}`", escape(pattern));
                self.add(now.key_place(&[key]), what, Hides::Unread);
            }
            for pattern in then_all.difference(&now_all) {
                let what = format!("removes {thing} `{}`", escape(pattern));
                self.add(now.key_place(&[key]), what, Hides::Unread);
            }
        }
    }

    /// The changes, each with how many of the hidden findings it decides about.
    pub(super) fn said(self, hidden: &[&Finding], present: &Snapshot, before: &Snapshot) -> Vec<RuleChange> {
        let reads = |finding: &Finding, measure: &str, name: &str| {
            finding.measure == measure
                && before.policies.measures().any(|(_, m)| {
                    m.id == measure
                        && m.checks.iter().any(|c| c.id == finding.check && c.parameters().contains(name))
                })
        };
        let is_unread = |finding: &Finding| {
            finding.records.iter().any(|record| {
                let kind = present.set.catalog.find(&record.kind);
                kind.is_none_or(|kind| present.set.find(kind, &record.id).is_none())
            })
        };
        let decides = |hides: &Hides, finding: &Finding| match hides {
            Hides::Below(fail_on) => finding.severity < *fail_on,
            Hides::Parameter(measure, name) => reads(finding, measure, name),
            Hides::Unread => is_unread(finding),
            Hides::Before => before
                .policies
                .measures()
                .flat_map(|(_, measure)| &measure.checks)
                .any(|check| check.id == finding.check && check.since().is_some()),
            Hides::Any => true,
            Hides::Nothing => false,
        };
        let count = |change: Changed| {
            let hidden = hidden.iter().filter(|finding| decides(&change.hides, finding)).count();
            RuleChange { hidden, ..change.said }
        };
        self.changes.into_iter().map(count).collect()
    }
}

/// The profiles of a pack that are in use now, and in an earlier state.
fn profiles<'a>(pack: &'a Pack, before: &'a Snapshot) -> Option<(&'a str, &'a str)> {
    let earlier = before.policies.packs.iter().find(|other| other.name == pack.name)?;
    Some((&pack.profile_in_use()?.id, &earlier.profile_in_use()?.id))
}

/// The findings of the present state under the base's rules that are new or worse, and count by the base's
/// threshold.
pub(super) fn counted(
    judgement: &Judgement,
    earlier: &Reassessment,
    under: &Reassessment,
    before: &Snapshot,
    fail_on: Severity,
) -> Vec<Finding> {
    let taken = |same: &[bool], i: usize| same.get(i).copied().unwrap_or_default();
    let (mut findings, mut same) = (under.findings.clone(), Vec::new());
    same.resize(findings.len(), false);
    let mut there = earlier.findings.clone();
    for (i, finding) in judgement.findings.iter().enumerate() {
        let is_there = taken(&earlier.same, i);
        if taken(&under.same, i) {
            findings.push(finding.clone());
            same.push(is_there);
        } else if is_there {
            there.push(finding.clone());
        }
    }
    let mut judgement = Judgement { findings, ..Judgement::default() };
    let lost = vec![false; there.len()];
    let name = before.state.revision.name.clone();
    let before_ = Before { name, revision: None, as_of: before.as_of.into(), findings: there, lost, same };
    findings::compare(&mut judgement, before_);
    if let Some(baseline) = &before.baseline {
        baseline.apply(&mut judgement);
    }
    let counts = |finding: &Finding| {
        finding.is_open_gap()
            && finding.severity >= fail_on
            && matches!(finding.change, Some(Change::New | Change::Worsened))
    };
    judgement.findings.into_iter().filter(counts).collect()
}

/// Adds what counts under the base's rules to the findings, unless it counts anyway; returns the changes of rules, each
/// with what it hides.
pub(super) fn count_under_base(
    judgement: &mut Judgement,
    counted: Vec<Finding>,
    rules: Rules,
    own_threshold: Severity,
    present: &Snapshot,
    before: &Snapshot,
) -> Vec<RuleChange> {
    let by_fingerprint: HashMap<String, usize> =
        judgement.findings.iter().enumerate().map(|(i, f)| (f.fingerprint.clone(), i)).collect();
    let counts_anyway = |finding: &Finding| {
        finding.is_open_gap()
            && finding.severity >= own_threshold
            && matches!(finding.change, Some(Change::New | Change::Worsened))
    };
    let base = escape(&before.state.revision.name).into_owned();
    let (mut hidden, mut added) = (Vec::new(), Vec::new());
    for finding in counted {
        let own = by_fingerprint.get(&finding.fingerprint).map(|i| &mut judgement.findings[*i]);
        match own {
            Some(own) if counts_anyway(own) => continue,
            // A waiver counts only where the base allows it.
            Some(own) if own.disposition == Disposition::Waived => continue,
            Some(own) if own.is_open_gap() => own.under_base_rules = true,
            _ => added.push(Finding {
                fingerprint: digest::fingerprint(&["base-rules", &finding.fingerprint]),
                message: format!("{}; by the rules of `{base}`", finding.message),
                under_base_rules: true,
                ..finding.clone()
            }),
        }
        hidden.push(finding);
    }
    for finding in &added {
        add_check(judgement, finding, before, &present.config.owners);
    }
    for finding in added {
        let all = &judgement.findings;
        let behind = all
            .iter()
            .rposition(|f| (&f.measure, &f.check) == (&finding.measure, &finding.check))
            .or_else(|| all.iter().rposition(|f| f.measure == finding.measure))
            .map_or(all.len(), |i| i + 1);
        judgement.findings.insert(behind, finding);
    }
    rules.said(&hidden.iter().collect::<Vec<_>>(), present, before)
}

/// Adds the check of a finding by the base's rules, where the present rules do not ask it: reports list findings by
/// their checks.
fn add_check(
    judgement: &mut Judgement,
    finding: &Finding,
    before: &Snapshot,
    owners: &BTreeMap<String, String>,
) {
    let mut all = before.policies.measures();
    let Some((pack, measure)) = all.find(|(_, measure)| measure.id == finding.measure) else { return };
    let Some(check) = measure.checks.iter().find(|check| check.id == finding.check) else { return };
    let reason = || format!("asked by the rules of `{}` only", escape(&before.state.revision.name));
    let there = judgement.measures.iter().position(|own| own.id == measure.id);
    let index = there.unwrap_or_else(|| {
        judgement.measures.push(engine::unjudged_measure(pack, measure, owners, reason()));
        judgement.measures.len() - 1
    });
    let checks = &mut judgement.measures[index].checks;
    if !checks.iter().any(|own| own.id == check.id) {
        let kind = check.form.kind().map(|kind| before.set.catalog.get(kind).name.clone());
        checks.push(engine::unjudged_check(pack, check, kind, reason()));
    }
}

/// For each check of `before`, the position of the one with its ids in `present`.
pub(super) fn positions(present: &Snapshot, before: &Snapshot) -> Vec<Option<usize>> {
    let there: HashMap<(&str, &str), usize> = check_ids(present).zip(0..).collect();
    check_ids(before).map(|key| there.get(&key).copied()).collect()
}

/// Measure and check, in the order of the policies.
fn check_ids(snapshot: &Snapshot) -> impl Iterator<Item = (&str, &str)> {
    let all = snapshot.policies.measures();
    all.flat_map(|(_, measure)| measure.checks.iter().map(move |check| (&*measure.id, &*check.id)))
}

/// The same checks in the policies of two states: for each of `before`, its position in `present`. None where records
/// mean something else there.
pub(super) fn same_checks(present: &Snapshot, before: &Snapshot) -> Option<Vec<Option<usize>>> {
    if !Pool::are_alike(&present.policies.catalog, &before.policies.catalog) {
        return None;
    }
    let (now, then) = (statements(&present.policies), statements(&before.policies));
    let positions: HashMap<(&str, &str), usize> = check_ids(present).zip(0..).collect();
    let same = |key: (&str, &str)| {
        let (now, then) = (now.get(&key), then.get(&key));
        (now.is_some() && policy_change(now, then).is_empty()).then(|| positions.get(&key).copied())?
    };
    Some(check_ids(before).map(same).collect())
}
