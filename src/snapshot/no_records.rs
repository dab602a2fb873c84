//! Files that a source takes in and that hold no record: evidence, files of other tools, a configuration by a wrong
//! name, or files of records with a mistake.

use std::collections::{BTreeMap, BTreeSet};

use crate::assessment::{FileUse, Impact, Problem};
use crate::config::{self, Config};
use crate::diagnostics::{Code, Place};
use crate::readers::is_of_another_tool;
use crate::records::NamesKind;
use crate::repo::Listing;
use crate::text::{count, escape};

/// A file without a record.
pub(super) struct NoRecords {
    /// In the listing.
    pub file: usize,
    pub problems: Vec<Problem>,
    pub names_kind: NamesKind,
    /// Whether its bytes were at hand.
    pub was_read: bool,
}

/// Patterns that are printed for a configuration to be written.
const PATTERNS: usize = 20;

/// Says what each file is, in `uses`, and gives back the problems with those that should hold records.
pub(super) fn settle(
    files: Vec<NoRecords>,
    listing: &Listing,
    config: &Config,
    evidence: &BTreeSet<String>,
    uses: &mut [FileUse],
    with_records: &[usize],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut rest = Vec::new();
    let everything = config.rules.is_everything;
    for file in files {
        let path = &listing.files[file.file].path;
        let may_be_other = file.names_kind != NamesKind::Yes;
        if evidence.contains(path) && may_be_other {
            // What could not be read is identified in pieces.
            uses[file.file] = if file.was_read { FileUse::Evidence } else { FileUse::Unclaimed };
        } else if !file.was_read {
            problems.extend(file.problems);
        } else if config::intended(path).is_some() && may_be_other && !is_report(&file) {
            uses[file.file] = FileUse::Unclaimed;
        } else if everything && may_be_other && is_of_another_tool(path) {
            uses[file.file] = FileUse::OtherTool;
        } else {
            rest.push(file);
        }
    }
    let is_schema = |file: &NoRecords| file.problems.iter().all(|p| p.code == Code::SavedSchema);
    let (schemas, mut rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_schema);
    problems.extend(saved_schemas(schemas, listing));
    // An empty file harms nothing, and is told by itself.
    let is_strange = |file: &NoRecords| {
        file.names_kind == NamesKind::No && file.problems.iter().any(|p| p.impact == Impact::Incomplete)
    };
    let codes = [Code::NotARecord, Code::UnknownKind];
    let is_sound =
        |file: &&NoRecords| is_strange(file) && file.problems.iter().all(|p| codes.contains(&p.code));
    let strangers = rest.iter().filter(is_sound).count();
    if everything && strangers > 1 && strangers > with_records.len() {
        let (none, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_strange);
        problems.push(mostly_none(&none, listing, with_records));
        rest = others;
    }
    problems.extend(rest.into_iter().flat_map(|file| file.problems));
    misnamed(listing, config, uses, &mut problems);
    problems
}

fn is_report(file: &NoRecords) -> bool {
    file.problems.iter().any(|p| p.code == Code::SavedReport)
}

/// The problems of files that are schemas of duly: `duly schema --all` writes many into a folder, which is told once.
fn saved_schemas(files: Vec<NoRecords>, listing: &Listing) -> Vec<Problem> {
    let mut folders: BTreeMap<&str, Vec<Problem>> = BTreeMap::new();
    for file in files {
        let path = listing.files[file.file].path.as_str();
        let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
        folders.entry(folder).or_default().extend(file.problems);
    }
    let of_folder = |(folder, problems): (&str, Vec<Problem>)| match problems.as_slice() {
        [first, _, ..] => {
            let message =
                format!("holds {} that duly wrote, and no records in them", count(problems.len(), "schema"));
            vec![Problem::new(Code::SavedSchema, Place::file(folder), message, first.help.clone())]
        }
        _ => problems,
    };
    folders.into_iter().flat_map(of_folder).collect()
}

/// One problem for all files without records, with the sources that would leave them out.
fn mostly_none(none: &[NoRecords], listing: &Listing, with_records: &[usize]) -> Problem {
    let path = |i: usize| listing.files[i].path.as_str();
    let first = none.first().map_or(".", |file| path(file.file));
    let all = none.len() + with_records.len();
    let message = format!(
        "{} of {} hold no record, such as `{}`: without duly.yaml every YAML and JSON file is read",
        none.len(),
        count(all, "file"),
        escape(first)
    );
    let without: BTreeSet<&str> = none.iter().map(|file| path(file.file)).collect();
    let patterns = patterns(with_records.iter().map(|i| path(*i)), &without);
    let help = match patterns.len() {
        0 => "name the files of records under `sources` in duly.yaml, when there are some".to_owned(),
        n => {
            let listed: Vec<String> = patterns.iter().take(PATTERNS).map(|p| quoted(p)).collect();
            let more = match n.saturating_sub(PATTERNS) {
                0 => String::new(),
                more => format!(" and {} more", count(more, "pattern")),
            };
            let listed = listed.join(", ");
            format!(
                "name the files of records in duly.yaml: `sources: [{{ name: records, files: [{listed}] }}]`{more}"
            )
        }
    };
    Problem::new(Code::MostlyNoRecords, Place::file("."), message, help)
}

/// A text between quotes, as YAML reads it.
fn quoted(text: &str) -> String {
    escape(&serde_json::Value::from(text).to_string()).into_owned()
}

/// File patterns that match all of the first paths and none of the others.
fn patterns<'p>(paths: impl Iterator<Item = &'p str>, without: &BTreeSet<&str>) -> Vec<String> {
    let mut by_folder: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for path in paths {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        by_folder.entry((folder, ending)).or_default().push(path);
    }
    let in_folder = |path: &str, folder: &str, ending: &str| {
        let (own, name) = path.rsplit_once('/').unwrap_or(("", path));
        own == folder && name.rsplit_once('.').is_some_and(|(_, own)| own == ending)
    };
    let mut all = Vec::new();
    for ((folder, ending), paths) in by_folder {
        if paths.len() == 1 || without.iter().any(|path| in_folder(path, folder, ending)) {
            all.extend(paths.into_iter().map(globbed));
        } else if folder.is_empty() {
            all.push(format!("*.{ending}"));
        } else {
            all.push(format!("{}/*.{ending}", globbed(folder)));
        }
    }
    all
}

/// A path as a pattern that matches it alone.
fn globbed(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '*' | '?' | '[' | ']' | '{' | '}' => out.extend(['[', c, ']']),
            c => out.push(c),
        }
    }
    out
}

/// Files that have nearly the name of the configuration or of the baseline file, and so are not read as what they seem
/// to be.
fn misnamed(listing: &Listing, config: &Config, uses: &[FileUse], problems: &mut Vec<Problem>) {
    for (file, used_as) in listing.files.iter().zip(uses) {
        let Some(wanted) = config::intended(&file.path) else { continue };
        if !matches!(used_as, FileUse::Unclaimed | FileUse::OtherTool) {
            continue;
        }
        let deeper = file.path.contains('/');
        let taken = listing.find(wanted).is_some() && !deeper;
        let claimed = matches!(config.rules.claim(&file.path), crate::readers::Claim::Source(_));
        if deeper && !claimed {
            continue;
        }
        let (message, help) = match (deeper, taken) {
            (true, _) => (
                format!("is not read: `{wanted}` counts at the root of the audited folder only"),
                "audit its folder by itself, or ignore it in duly.yaml with a reason".to_owned(),
            ),
            (false, true) => (format!("is not read: `{wanted}` is"), "remove one of the two".to_owned()),
            (false, false) => (
                format!("is not read: it has nearly the name `{wanted}`, but not quite"),
                format!("rename it to `{wanted}`"),
            ),
        };
        let problem = Problem::new(Code::MisnamedConfiguration, Place::file(&file.path), message, help);
        let impact = if taken && !claimed { Impact::Notice } else { Impact::Incomplete };
        problems.push(Problem { impact, ..problem });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_patterns_match_records_alone() {
        let without = BTreeSet::from(["k8s/a.yaml", "mixed/x.yaml"]);
        let paths = ["a.yaml", "b.yaml", "mixed/y.yaml", "mixed/z.yaml", "w/1.json", "w/2.json", "w/3.yaml"];
        let wanted = ["*.yaml", "mixed/y.yaml", "mixed/z.yaml", "w/*.json", "w/3.yaml"];
        assert_eq!(patterns(paths.into_iter(), &without), wanted);
        assert_eq!(globbed("a[1]{b}.yaml"), "a[[]1[]][{]b[}].yaml");
    }
}
