//! Rules of the configuration that do nothing: patterns that match no file, sources that take none, names that nothing
//! has. Each is told with its place and with what was meant, as far as that can be known.

use crate::assessment::{FileUse, Impact, Problem};
use crate::config::Config;
use crate::diagnostics::{Code, Place, suggestion};
use crate::policy::{Measure, PolicySet};
use crate::readers::{Claim, holds_no_text, nearest};
use crate::repo::Listing;
use crate::text::{count, escape, named, verb};
use crate::tree::Located;

use super::problems::claim_of;
use super::state::State;

/// Everything in the configuration that does nothing, given what each file was used as.
pub(super) fn unused_rules(
    config: &Config,
    policies: &PolicySet,
    state: &State,
    uses: &[FileUse],
    problems: &mut Vec<Problem>,
) {
    let listing = &state.listing;
    let paths: Vec<&str> = listing.files.iter().map(|file| file.path.as_str()).collect();
    let claims = Claims::new(config, state);
    if !config.rules.is_everything {
        sources(config, &claims, &paths, problems);
        no_text(config, listing, uses, problems);
    }
    ignores(config, &claims, &paths, problems);
    parts_of_packs(policies, problems);
    lists(config, policies, problems);
    owners(config, policies, problems);
    parameters(config, policies, problems);
}

/// What the rules match and take.
struct Claims {
    /// How often each pattern of each source matches.
    sources: Vec<Vec<usize>>,
    ignores: Vec<Vec<usize>>,
    /// Files that each source takes.
    taken: Vec<usize>,
    /// Whether each ignore rule leaves something out.
    used: Vec<bool>,
    /// For each source, who took what it matches in its stead.
    instead: Vec<Option<Claim>>,
    unclaimed: Vec<bool>,
}

impl Claims {
    fn new(config: &Config, state: &State) -> Self {
        let listing = &state.listing;
        let rules = &config.rules;
        let mut all = Claims {
            sources: rules.sources.iter().map(|rule| vec![0; rule.patterns.len()]).collect(),
            ignores: rules.ignores.iter().map(|rule| vec![0; rule.patterns.len()]).collect(),
            taken: vec![0; rules.sources.len()],
            used: vec![false; rules.ignores.len()],
            instead: vec![None; rules.sources.len()],
            unclaimed: Vec::new(),
        };
        for file in &listing.files {
            let claim = rules.claim(&file.path);
            all.unclaimed.push(claim == Claim::Unclaimed);
            all.add(config, &file.path, claim);
        }
        for problem in &listing.problems {
            // A pattern may mean the place of a problem, or a place below it.
            let path = &problem.place.path;
            all.add(config, path, rules.claim(path));
            all.add(config, &format!("{path}/_"), claim_of(config, problem));
        }
        for path in state.left_out.paths() {
            all.add(config, &path, rules.claim(&path));
        }
        all
    }

    fn add(&mut self, config: &Config, path: &str, claim: Claim) {
        for (i, rule) in config.rules.sources.iter().enumerate() {
            let matching = rule.matching(path);
            for j in &matching {
                self.sources[i][*j] += 1;
            }
            if claim == Claim::Source(i) {
                self.taken[i] += 1;
            } else if !matching.is_empty() && !matches!(self.instead[i], Some(Claim::Ignored(_))) {
                self.instead[i] = Some(claim.clone());
            }
        }
        for (i, rule) in config.rules.ignores.iter().enumerate() {
            for j in rule.matching(path) {
                self.ignores[i][j] += 1;
            }
            self.used[i] |= claim == Claim::Ignored(i);
        }
    }
}

/// What to do about a pattern that matches nothing, if another is close.
fn fix(pattern: &str, paths: &[&str]) -> Option<String> {
    let fix = nearest(pattern, paths)?;
    let meant = escape(&fix.pattern).into_owned();
    Some(match fix.why.as_str() {
        "" => format!("did you mean `{meant}`?"),
        why => format!("did you mean `{meant}`? `{}` {why}", escape(pattern)),
    })
}

fn sources(config: &Config, claims: &Claims, paths: &[&str], problems: &mut Vec<Problem>) {
    let unread: Vec<&str> = paths
        .iter()
        .zip(&claims.unclaimed)
        .filter(|(_, unclaimed)| **unclaimed)
        .map(|(path, _)| *path)
        .collect();
    for (i, rule) in config.rules.sources.iter().enumerate() {
        let index = i.to_string();
        let name = escape(&rule.name);
        let hits = &claims.sources[i];
        if hits.iter().all(|n| *n == 0) {
            let place = match rule.patterns.len() {
                1 => config.place(&["sources", &index, "files", "0"]),
                _ => config.place(&["sources", &index, "files"]),
            };
            let message = match rule.patterns.as_slice() {
                [] => format!("the source `{name}` has no pattern"),
                [one] => format!("the source `{name}` matches no file: `{}`", escape(one)),
                all => {
                    format!("the source `{name}` matches no file: none of its {} patterns does", all.len())
                }
            };
            let help = rule.patterns.iter().find_map(|pattern| fix(pattern, paths));
            let help = help.unwrap_or_else(|| "fix its patterns, or remove it".to_owned());
            problems.push(Problem::new(Code::UnusedSource, place, message, help));
            continue;
        }
        for (j, pattern) in rule.patterns.iter().enumerate().filter(|(j, _)| hits[*j] == 0) {
            let place = config.place(&["sources", &index, "files", &j.to_string()]);
            let message = format!("the pattern `{}` of the source `{name}` matches no file", escape(pattern));
            let meant = nearest(pattern, &unread).is_some();
            let help = fix(pattern, if meant { &unread } else { paths });
            let help = help.unwrap_or_else(|| "fix it, or remove it".to_owned());
            // Where it is plain which files were meant, they are missing from the audit.
            let impact = if meant { Impact::Incomplete } else { Impact::Notice };
            problems.push(Problem { impact, ..Problem::new(Code::UnusedSource, place, message, help) });
        }
        if claims.taken[i] == 0 {
            problems.push(shadowed(config, i, claims.instead[i].as_ref()));
        }
    }
}

/// A source that takes nothing of what it matches.
fn shadowed(config: &Config, i: usize, instead: Option<&Claim>) -> Problem {
    let rule = &config.rules.sources[i];
    let (by, impact) = match instead {
        Some(Claim::Source(other)) => {
            let other = &config.rules.sources[*other];
            // The same files are read the same way.
            let impact = if other.reader == rule.reader { Impact::Notice } else { Impact::Incomplete };
            (format!("the source `{}` above it takes what it matches", escape(&other.name)), impact)
        }
        Some(Claim::Ignored(other)) => {
            let patterns = config.rules.ignores[*other].patterns.join(", ");
            (
                format!("the ignore rule for `{}` leaves out what it matches", escape(&patterns)),
                Impact::Incomplete,
            )
        }
        _ => ("what it matches is no file of records".to_owned(), Impact::Incomplete),
    };
    let place = config.place(&["sources", &i.to_string(), "name"]);
    let message = format!("the source `{}` takes no file: {by}", escape(&rule.name));
    let help = "narrow the other one, or remove this source";
    Problem { impact, ..Problem::new(Code::ShadowedSource, place, message, help) }
}

/// Patterns that take in files which cannot be records and that no record names as evidence.
fn no_text(config: &Config, listing: &Listing, uses: &[FileUse], problems: &mut Vec<Problem>) {
    for (i, rule) in config.rules.sources.iter().enumerate() {
        let mut by_pattern: Vec<Vec<&str>> = vec![Vec::new(); rule.patterns.len()];
        for (file, used_as) in listing.files.iter().zip(uses) {
            let path = file.path.as_str();
            if *used_as != FileUse::Unclaimed
                || !holds_no_text(path)
                || config.rules.claim(path) != Claim::Source(i)
            {
                continue;
            }
            if let Some(j) = rule.matching(path).first() {
                by_pattern[*j].push(path);
            }
        }
        for (j, files) in by_pattern.iter().enumerate() {
            let Some(first) = files.first() else { continue };
            let (pattern, n) = (&rule.patterns[j], files.len());
            let message = format!(
                "the pattern `{}` takes in {} that cannot be records, such as `{}`",
                escape(pattern),
                count(n, "file"),
                escape(first)
            );
            let narrower = match pattern.strip_suffix('*') {
                Some(start) if start.ends_with("*") => format!("did you mean `{}/*.yaml`? ", escape(pattern)),
                Some(start) => format!("did you mean `{}*.yaml`? ", escape(start)),
                None => String::new(),
            };
            let help = format!(
                "{narrower}Or let a record name {} as evidence, or ignore {} with a reason",
                verb(n, "it", "them"),
                verb(n, "it", "them")
            );
            let place = config.place(&["sources", &i.to_string(), "files", &j.to_string()]);
            problems.push(Problem::new(Code::CannotBeRecords, place, message, help));
        }
    }
}

fn ignores(config: &Config, claims: &Claims, paths: &[&str], problems: &mut Vec<Problem>) {
    for (i, rule) in config.rules.ignores.iter().enumerate() {
        let index = i.to_string();
        let hits = &claims.ignores[i];
        for (j, pattern) in rule.patterns.iter().enumerate().filter(|(j, _)| hits[*j] == 0) {
            let place = config.place(&["ignore", &index, "files", &j.to_string()]);
            let message = format!("the ignore rule for {} matches no file", escape(pattern));
            let help = fix(pattern, paths).unwrap_or_else(|| "remove it, or fix it".to_owned());
            problems.push(Problem::new(Code::UnusedIgnoreRule, place, message, help));
        }
        let matches = hits.iter().any(|n| *n > 0);
        if rule.patterns.is_empty() || (matches && !claims.used[i]) {
            let place = config.place(&["ignore", &index, "files"]);
            let (message, help) = match matches {
                false => ("the ignore rule has no pattern", "write one, or remove the rule"),
                true => ("the ignore rule leaves out no file: a rule above it does", "remove one of the two"),
            };
            problems.push(Problem::new(Code::UnusedIgnoreRule, place, message, help));
        }
    }
}

fn lists(config: &Config, policies: &PolicySet, problems: &mut Vec<Problem>) {
    let configured: Vec<&str> = config.reference.iter().map(|reference| reference.list.as_str()).collect();
    for (i, name) in configured.iter().enumerate() {
        if policies.plan.lists().any(|read| read == *name) {
            continue;
        }
        let place = config.place(&["reference", &i.to_string(), "list"]);
        let message = format!("no check reads the reference list `{}`", escape(name));
        let missing = policies.plan.lists().filter(|read| !configured.contains(read));
        let close = suggestion(name, missing);
        let help = match close {
            Some(close) => format!("did you mean `{close}`?"),
            None => {
                let all: Vec<&str> = policies.plan.lists().collect();
                match all.is_empty() {
                    true => "remove it: no check reads a list".to_owned(),
                    false => format!("remove it, or name one that checks read: {}", all.join(", ")),
                }
            }
        };
        let impact = if close.is_some() { Impact::Incomplete } else { Impact::Notice };
        problems.push(Problem { impact, ..Problem::new(Code::UnusedReferenceList, place, message, help) });
    }
}

fn owners(config: &Config, policies: &PolicySet, problems: &mut Vec<Problem>) {
    let mut roles: Vec<&str> = policies.measures().map(|(_, measure)| measure.owner.as_str()).collect();
    roles.sort_unstable();
    roles.dedup();
    for role in config.owners.keys().filter(|role| !roles.contains(&role.as_str())) {
        let message = format!("no measure has the owner {}", named(role, "that stands here"));
        let help = format!("remove it, or name a role of a measure: {}", roles.join(", "));
        let place = config.key_place(&["owners", role]);
        problems.push(Problem::new(Code::UnusedOwner, place, message, help));
    }
}

fn parameters(config: &Config, policies: &PolicySet, problems: &mut Vec<Problem>) {
    for (id, values) in &config.tailoring.parameters {
        if values.is_empty() {
            let place = config.key_place(&["parameters", id]);
            let message = format!("no parameter of {} is set", named(id, "the measure that stands here"));
            problems.push(Problem::new(Code::UnusedParameter, place, message, "set one, or remove it"));
        }
        let measures: Vec<&Measure> =
            policies.measures().map(|(_, measure)| measure).filter(|measure| measure.id == *id).collect();
        for (name, over) in values {
            let unchanged = |m: &&Measure| m.parameters.get(name).is_none_or(|p| p.changed_from.is_none());
            let (what, help) = if measures.iter().all(unchanged) {
                (
                    "is set to the value that it has in the pack",
                    "remove it, or write the value that was meant",
                )
            } else if !measures.iter().any(|measure| reads(measure, name)) {
                ("is read by no check", "remove it")
            } else {
                continue;
            };
            let message = format!("the parameter `{}` of {} {what}", escape(name), escape(id));
            problems.push(Problem::new(Code::UnusedParameter, over.place.clone(), message, help));
        }
    }
}

/// Documents and groups that no measure of their pack has, and parameters that no check reads.
fn parts_of_packs(policies: &PolicySet, problems: &mut Vec<Problem>) {
    for pack in &policies.packs {
        let mut unused = |path: &str, part: &[&str], what: String| {
            let place = pack.sources.get(path).map(|tree| Located { path, tree }.place(part));
            let place = place.unwrap_or_else(|| Place::file(path));
            problems.push(Problem::new(Code::UnusedPolicyPart, place, what, "use it, or remove it"));
        };
        for (i, document) in pack.documents.iter().enumerate() {
            if !pack.measures.iter().any(|measure| measure.source.document == document.id) {
                let what = format!("no measure comes from the document `{}`", escape(&document.id));
                unused(&pack.path, &["documents", &i.to_string(), "id"], what);
            }
        }
        for (i, group) in pack.groups.iter().enumerate() {
            if !pack.measures.iter().any(|measure| measure.group == group.id) {
                let what = format!("no measure is in the group `{}`", escape(&group.id));
                unused(&pack.path, &["groups", &i.to_string(), "id"], what);
            }
        }
        for measure in &pack.measures {
            for name in measure.parameters.keys().filter(|name| !reads(measure, name)) {
                let what =
                    format!("no check of {} reads the parameter `{}`", escape(&measure.id), escape(name));
                unused(&measure.place.path, &["parameters", name], what);
            }
        }
    }
}

/// Whether something in a measure reads a parameter.
fn reads(measure: &Measure, parameter: &str) -> bool {
    let applicable = measure.applicable.iter().flat_map(|(when, _)| when.parameters());
    measure
        .checks
        .iter()
        .chain(&measure.left_out)
        .flat_map(|check| check.parameters())
        .chain(applicable)
        .any(|name| name == parameter)
}
