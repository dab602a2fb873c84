//! Waivers: gaps that an approver accepts for a time.
//!
//! A waiver counts from its first day to its last, for the records or findings that it lists or the records that meet
//! its condition, if someone approved it who may: listed in the configuration, neither the owner of the measure nor the
//! person it is about.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::condition::{Met, met};
use super::desk::{Desk, Gaps, Refused, help_with_check, named, refused};
use crate::assessment::{Disposition, Finding, Judgement, Outcome, Waiver};
use crate::config::WaiverRules;
use crate::diagnostics::{Code, Problem};
use crate::engine::{Fields, counted, in_words, named_in};
use crate::policy::{Check, Measure};
use crate::records::PeopleIndex;
use crate::text::names::{names_other, same_person};
use crate::text::{Day, count, list, verb};

/// Ids named in one problem.
const NAMED: usize = 5;

/// What is recorded of a waiver.
struct Read<'a> {
    fields: Fields<'a>,
    check: &'a str,
    records: BTreeSet<&'a str>,
    findings: BTreeSet<&'a str>,
    condition: Option<&'a str>,
    approver: &'a str,
    approved_on: Day,
    from: Day,
    until: Day,
}

/// What is decided about findings.
pub(super) struct Decided {
    waivers: Vec<Waiver>,
    /// Indexes of the findings that are waived.
    waived: BTreeSet<usize>,
    problems: Vec<Problem>,
}

/// Says of every waiver whether it counts, and what it covers.
pub(super) fn decide(findings: &[Finding], desk: &Desk<'_>) -> Decided {
    let people = OnceCell::new();
    let mut decided = Decided { waivers: Vec::new(), waived: BTreeSet::new(), problems: Vec::new() };
    if Fields::all(desk.world.set, "waiver").next().is_none() {
        return decided;
    }
    let gaps = Gaps::of(findings);
    // By finding, the waiver that covers it.
    let mut first: BTreeMap<usize, Fields<'_>> = BTreeMap::new();
    for fields in Fields::all(desk.world.set, "waiver") {
        let read = match Read::of(fields) {
            Ok(read) => read,
            Err(refused) => {
                decided.problems.push(told(&fields, &refused));
                continue;
            }
        };
        let checks = named(desk.world.policies, read.check);
        let met = match read
            .condition
            .filter(|_| !checks.is_empty())
            .map(|source| met(desk, &checks, source))
            .transpose()
        {
            Ok(met) => met,
            Err(refused) => {
                decided.problems.push(told(&fields, &refused));
                decided.waivers.push(Waiver { refused: Some(refused.why), ..read.waiver() });
                continue;
            }
        };
        let mut covers = read.covered(findings, &gaps, met.as_ref());
        let found: Vec<&Finding> = covers.iter().map(|i| &findings[*i]).collect();
        let waiver = read.waiver();
        if let Err(refused) = accept(desk, &read, &checks, &found, &people) {
            decided.problems.push(told(&fields, &refused));
            decided.waivers.push(Waiver { refused: Some(refused.why), ..waiver });
            continue;
        }
        decided.problems.extend(unused(&read, &found));
        decided.problems.extend(overlaps(&fields, &covers, &first));
        covers.retain(|i| !first.contains_key(i));
        let own = covers.iter().map(|i| findings[*i].fingerprint.clone()).collect();
        decided.waivers.push(Waiver { findings: own, ..waiver });
        first.extend(covers.into_iter().map(|i| (i, fields)));
    }
    decided.waived = first.into_keys().collect();
    decided
}

/// Marks what is waived.
pub(super) fn apply(judgement: &mut Judgement, decided: Decided) {
    for i in &decided.waived {
        judgement.findings[*i].disposition = Disposition::Waived;
    }
    judgement.waivers = decided.waivers;
    judgement.problems.extend(decided.problems);
}

fn told(fields: &Fields<'_>, refused: &Refused) -> Problem {
    let why = format!("the waiver does not count, because {}", refused.why);
    fields.problem(Code::WaiverRefused, refused.field, why, &*refused.help)
}

impl<'a> Read<'a> {
    fn of(fields: Fields<'a>) -> Result<Self, Refused> {
        if fields.is_ambiguous() {
            return refused("id", "another waiver has the same id", "give each waiver an id of its own");
        }
        let needed = ["type", "check", "reason", "approver", "approved_on", "from", "until"];
        if let Some(field) = fields.first_unknown(&needed) {
            let help = "`duly schema waiver` says what belongs there";
            return refused(field, format!("`{field}` is not recorded"), help);
        }
        let days = (fields.day("approved_on"), fields.day("from"), fields.day("until"));
        let (Some(approved_on), Some(from), Some(until)) = days else {
            return refused("until", "its dates cannot be read", "write YYYY-MM-DD");
        };
        Ok(Read {
            fields,
            check: fields.text("check").unwrap_or_default(),
            records: fields.texts("records").into_iter().collect(),
            findings: fields.texts("findings").into_iter().collect(),
            condition: fields.text("condition"),
            approver: fields.text("approver").unwrap_or_default(),
            approved_on,
            from,
            until,
        })
    }

    /// Indexes of the gaps that it covers.
    fn covered(&self, findings: &[Finding], gaps: &Gaps<'_>, met: Option<&Met<'_>>) -> BTreeSet<usize> {
        let listed = gaps.listed(self.check, &self.records, &self.findings);
        let listed = listed.into_iter().filter(|i| self.covers(&findings[*i]));
        let Some(met) = met else { return listed.collect() };
        listed.chain(gaps.all(self.check).into_iter().filter(|i| met.covers(&findings[*i]))).collect()
    }

    /// Whether it lists a whole gap: by its fingerprint, or all of its records.
    fn covers(&self, finding: &Finding) -> bool {
        let is_listed = |id: &str| self.records.contains(id);
        self.findings.contains(finding.fingerprint.as_str())
            || (!finding.records.is_empty() && finding.records.iter().all(|record| is_listed(&record.id)))
    }

    /// The waiver as reports show it, before it is known what it covers.
    fn waiver(&self) -> Waiver {
        let shown = |field: &str| self.fields.shown(field);
        Waiver {
            id: in_words(self.fields.id()),
            check: self.check.to_owned(),
            kind: shown("type"),
            condition: shown("condition"),
            reason: shown("reason").unwrap_or_default(),
            compensating_control: shown("compensating_control"),
            approver: shown("approver").unwrap_or_default(),
            granted_on: self.approved_on,
            ends_on: self.until,
            findings: Vec::new(),
            refused: None,
        }
    }
}

/// Whether a waiver counts today.
fn accept(
    desk: &Desk<'_>,
    read: &Read<'_>,
    checks: &[(&Measure, &Check)],
    found: &[&Finding],
    people: &OnceCell<PeopleIndex>,
) -> Result<(), Refused> {
    let as_of = Day(desk.world.as_of);
    if checks.is_empty() {
        let help = help_with_check(desk.world.policies, read.check);
        return refused("check", format!("there is no check `{}`", in_words(read.check)), help);
    }
    scope(read)?;
    if read.fields.text("type") == Some("compensating-control")
        && read.fields.text("compensating_control").is_none()
    {
        let help = "record what lowers the risk, or choose another `type`";
        return refused("type", "it names no compensating control", help);
    }
    time(read, as_of)?;
    let rules = &desk.config.waivers;
    within(read, rules, "`duly.yaml`")?;
    if let Some(base) = desk.base {
        within(read, base, "`duly.yaml` of the state that is compared with")?;
    }
    let independent = "let someone else from the list approve it";
    for (measure, _) in checks {
        if owns(desk, read.approver, measure) {
            let why = format!("its approver is the owner of {}", measure.id);
            return refused("approver", why, independent);
        }
    }
    if is_about(desk, read.approver, found, people) {
        return refused("approver", "its approver is the person it is about", independent);
    }
    if read.until < as_of {
        let help = "close the gap, or have the waiver approved again";
        return refused("until", format!("it expired on {}", read.until), help);
    }
    Ok(())
}

/// Refuses a waiver that covers whatever comes.
fn scope(read: &Read<'_>) -> Result<(), Refused> {
    if read.records.iter().any(|id| id.contains('*')) {
        let help = "list the ids of the records, one by one";
        return refused("records", "it is too broad: `*` would cover every record", help);
    }
    let lists_nothing = read.records.is_empty() && read.findings.is_empty();
    if lists_nothing && read.condition.is_none() {
        let help = "list the ids of the records under `records`, or fingerprints under `findings`";
        return refused("records", "it is too broad: it lists no record and no finding", help);
    }
    if !lists_nothing && read.condition.is_some() {
        let help = "keep the list or the condition, or write two waivers";
        return refused("condition", "it has a list and a condition", help);
    }
    Ok(())
}

fn time(read: &Read<'_>, as_of: Day) -> Result<(), Refused> {
    let Read { approved_on, from, until, .. } = *read;
    if approved_on > as_of {
        let why = format!("it was approved on {approved_on}, after the date of the audit");
        return refused("approved_on", why, "correct the date, or audit on a later day");
    }
    if from < approved_on {
        let why = format!("it begins on {from}, before it was approved");
        return refused("from", why, "begin it on the day of the approval, or later");
    }
    if until < from {
        return refused("until", format!("it ends on {until}, before it begins"), "correct the dates");
    }
    if from > as_of {
        return refused("from", format!("it is not in force before {from}"), "the gap is open until then");
    }
    Ok(())
}

/// Holds a waiver to the rules of a configuration.
fn within(read: &Read<'_>, rules: &WaiverRules, place: &str) -> Result<(), Refused> {
    let days = read.from.days_until(read.until);
    if days > i64::from(rules.max_days) {
        let allowed = count(rules.max_days as usize, "day");
        let why = format!("it lasts {}, and {place} allows {allowed}", count(days as usize, "day"));
        return refused("until", why, format!("end it at most {allowed} after it begins"));
    }
    let is_listed = rules.approvers.iter().any(|listed| is_same(listed, read.approver));
    if !is_listed {
        let why = format!("its approver is not listed in {place}");
        return refused("approver", why, "list who may approve waivers under `waivers: approvers:`");
    }
    Ok(())
}

fn is_same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase() || same_person(a, b)
}

/// Whether someone is the owner of a measure, by the role or by the name behind it.
fn owns(desk: &Desk<'_>, who: &str, measure: &Measure) -> bool {
    is_same(who, &measure.owner)
        || desk
            .config
            .owners
            .get(&measure.owner)
            .is_some_and(|name| is_same(who, name) || names_other(name, who))
}

/// Whether someone is the person of a record of the findings, or is named by one.
fn is_about(desk: &Desk<'_>, who: &str, found: &[&Finding], people: &OnceCell<PeopleIndex>) -> bool {
    let set = desk.world.set;
    let Some(worker) = set.catalog.find("worker") else { return false };
    let index = people.get_or_init(|| PeopleIndex::build(set, worker));
    let meant = index.get(who, &mut |_| ());
    let mut records = found.iter().flat_map(|finding| &finding.records);
    records.any(|named| {
        let record = set.catalog.find(&named.kind).and_then(|kind| set.find(kind, &named.id));
        let Some(record) = record else { return false };
        let is_person =
            set.get(record).kind == worker && (meant.contains(&record) || &*set.get(record).id == who);
        let names_person = || {
            named_in(set, record, "worker").iter().any(|node| {
                node.text() == who || set.find(worker, node.text()).is_some_and(|w| meant.contains(&w))
            })
        };
        is_person || names_person()
    })
}

/// What a waiver lists and no gap is found of.
fn unused(read: &Read<'_>, found: &[&Finding]) -> Vec<Problem> {
    if found.is_empty() {
        let (what, which) = match read.condition {
            Some(_) => ("the records that meet its condition", "its condition"),
            None => ("what the waiver lists", "its records"),
        };
        let why = format!("no gap of `{}` is found of {what}", in_words(read.check));
        let help = format!("remove the waiver, or correct its check and {which}");
        return vec![read.fields.problem(Code::WaiverUnused, "check", why, help)];
    }
    let used: BTreeSet<&str> = found.iter().flat_map(|f| f.records.iter().map(|r| r.id.as_str())).collect();
    let records: Vec<String> =
        read.records.iter().filter(|id| !used.contains(**id)).map(|id| in_words(id)).collect();
    let fingerprints: BTreeSet<&str> = found.iter().map(|f| f.fingerprint.as_str()).collect();
    let others: Vec<String> =
        read.findings.iter().filter(|f| !fingerprints.contains(**f)).map(|f| in_words(f)).collect();
    let mut problems = Vec::new();
    for (field, ids) in [("records", records), ("findings", others)] {
        if !ids.is_empty() {
            let why = format!("the waiver covers no gap of {}", list(ids, NAMED, ", "));
            let help = "take out of the waiver what needs none";
            problems.push(read.fields.problem(Code::WaiverUnused, field, why, help));
        }
    }
    problems
}

/// What an earlier waiver covers already.
fn overlaps(
    fields: &Fields<'_>,
    covers: &BTreeSet<usize>,
    first: &BTreeMap<usize, Fields<'_>>,
) -> Vec<Problem> {
    let mut others: BTreeMap<&str, (usize, &Fields<'_>)> = BTreeMap::new();
    for other in covers.iter().filter_map(|i| first.get(i)) {
        others.entry(other.id()).or_insert((0, other)).0 += 1;
    }
    let problem = |(id, (n, other)): (&str, (usize, &Fields<'_>))| {
        let why = format!(
            "{} of the waiver {} covered by {} already",
            count(n, "finding"),
            verb(n, "is", "are"),
            in_words(id)
        );
        let help = "keep one of the two waivers";
        fields.problem(Code::WaiverOverlap, "check", why, help).with_related(other.place("check"))
    };
    others.into_iter().map(problem).collect()
}

/// Counts the records whose gaps are all waived apart from the other gaps of their checks.
pub(crate) fn recount(judgement: &mut Judgement) {
    type Ids<'f> = BTreeSet<&'f str>;
    let mut by_check: BTreeMap<(&str, &str), (Ids<'_>, Ids<'_>, usize)> = BTreeMap::new();
    for finding in judgement.findings.iter().filter(|f| f.outcome == Outcome::Gap) {
        let (waived, open, n) = by_check.entry((&finding.measure, &finding.check)).or_default();
        let ids = finding.records.iter().map(|record| record.id.as_str());
        if finding.disposition == Disposition::Waived {
            *n += 1;
            waived.extend(ids);
        } else {
            open.extend(ids);
        }
    }
    for measure in &mut judgement.measures {
        for check in &mut measure.checks {
            let Some((waived, open, n)) = by_check.get(&(measure.id.as_str(), check.id.as_str())) else {
                continue;
            };
            if *n == 0 {
                continue;
            }
            let before = check.counts;
            let moved = waived.difference(open).count().min(before.gap);
            check.counts.gap -= moved;
            check.counts.waived += moved;
            let kind = check.kind.as_deref().unwrap_or_default();
            if check.reason == counted(&before, kind) {
                check.reason = counted(&check.counts, kind);
            } else {
                check.reason.push_str(&format!("; {} waived", count(*n, "gap")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_approver_is_the_same_whatever_the_case_and_the_order_of_the_name() {
        for (listed, written) in
            [("ciso", "CISO"), ("Mara Quinn", "mara quinn"), ("Mara Quinn", "Quinn, Mara")]
        {
            assert!(is_same(listed, written), "{listed} {written}");
        }
        assert!(!is_same("ciso", "cio"));
        assert!(!is_same("Mara Quinn", "Mara Quill"));
    }
}
