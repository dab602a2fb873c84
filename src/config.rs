//! The configuration: `duly.yaml` at the root of the audited repository.
//!
//! It says which files are records (*sources*), which are left out and why (*ignore rules*), which packs
//! judge them, which *profile* selects their checks, which *parameters* differ from the packs', who stands behind an *owner's* role, and from
//! which severity a gap fails the audit. Without it, every YAML and JSON file is a file of native records
//! and the default pack judges.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::baseline;
use crate::diagnostics::{Code, Diagnostic, Place, suggestion};
use crate::losses;
use crate::policy::{Override, Overrides, PolicySet, Selection, Tailoring};
use crate::readers::{Ignore, Reader, Rules, SourceRule};
use crate::records::{StatedDefaults, kinds};
use crate::text::{Day, escape, named};
use crate::tree::{Located, Tree, typed};
use crate::words::Severity;

/// Name of the configuration file.
pub(crate) const FILE: &str = "duly.yaml";
/// The pack used unless the configuration names others.
pub(crate) const DEFAULT_PACK: &str = "fbi-i-101823-psa";
/// How a report may be passed on, unless the configuration says otherwise.
const DEFAULT_CLASSIFICATION: &str = "Internal – contains personnel data (masked)";

/// The configuration of an audit.
// The comments of the fields are the table of keys in `docs/configuration.md`: what a key means, and what is so without it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    /// Name at the head of reports
    ///
    /// none is shown
    organization: Option<String>,
    /// How the report may be passed on; it stands in the JSON report, and at the head and foot of the HTML report
    ///
    /// `Internal – contains personnel data (masked)`
    classification: Option<String>,
    /// Policy packs: a name in the binary, or the path of a folder below the audited one
    ///
    /// `fbi-i-101823-psa`
    #[serde(default)]
    packs: Option<Vec<String>>,
    /// The checks that are asked: `core` or `full` of the default pack. `--profile` asks another
    ///
    /// the first of each pack: `core`
    profile: Option<String>,
    /// Which files hold records: `name`, `files` (globs; `*` stays inside a folder, `**` does not) and `reader`, which is `native` or
    /// `json-lines`: [formats](formats.md#readers-of-records)
    ///
    /// every YAML and JSON file
    #[serde(default)]
    sources: Option<Vec<SourceFile>>,
    /// Files that are left out: `files` and `reason`. Comes before sources
    ///
    /// nothing is ignored
    #[serde(default)]
    ignore: Vec<IgnoreFile>,
    /// Values of the policies that differ here, by measure and name; `duly explain DD-09 --verbose` lists them. The JSON report says
    /// which were changed
    ///
    /// the packs' values
    #[serde(default)]
    parameters: BTreeMap<String, BTreeMap<String, serde_json::Value>>,
    /// By kind and field: the value of the field in every record of the kind that leaves it out: [defaults](#defaults)
    ///
    /// what a record leaves out is not recorded
    #[serde(default)]
    defaults: BTreeMap<String, BTreeMap<String, serde_json::Value>>,
    /// Who stands behind each role: a team, a name, an address; shown as written
    ///
    /// the role is shown
    #[serde(default)]
    owners: BTreeMap<String, String>,
    /// `low`, `medium`, `high` or `critical`: the least severity of a gap that gives exit status 1
    ///
    /// `low`
    fail_on: Option<Severity>,
    /// Who may approve waivers: `approvers`, the only ones whose waivers count, and `max_days`, the longest a waiver may last:
    /// [decisions](decisions.md#waiver)
    ///
    /// no waiver counts; 180 days
    #[serde(default)]
    waivers: WaiverRules,
    /// What is expected of the remediation plan: `grace_days` by severity, the days that a gap may be known before it needs a plan
    /// item: [decisions](decisions.md#plan-item)
    ///
    /// 30, 60, 90 and 180 days
    #[serde(default)]
    plan: PlanRules,
    /// Lists that checks look things up in: `list`, `file` (one entry a line, `#` starts a comment; a name is also found in a longer
    /// one, unless it begins with `=`) and `dated_on`. Replaces a list of the same name
    ///
    /// the lists in the binary
    #[serde(default)]
    reference: Vec<ReferenceFile>,
}

/// The JSON Schema of the file.
pub(crate) fn schema() -> schemars::Schema {
    let mut schema = kinds::generate::<ConfigFile>();
    let sections = schema.get_mut("properties").and_then(serde_json::Value::as_object_mut);
    for (_, key) in sections.into_iter().flatten() {
        let Some(comment) = key.get("description").and_then(|d| d.as_str()) else { continue };
        let (meaning, without) = comment.split_once("\n\n").unwrap_or((comment, ""));
        // The lines are those of the comment.
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = format!("{}. Without it: {without}.", without_links(&one_line(meaning)));
        if let Some(key) = key.as_object_mut() {
            key.insert("description".to_owned(), text.into());
        }
    }
    schema
}

/// A text without the links to other pages, which lead nowhere outside `docs/`.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, label, after)) = link(rest) {
        // `: [decisions](decisions.md)` at the end says where more is told.
        match before.strip_suffix(": ") {
            Some(before) => plain.push_str(before),
            None => plain.extend([before, label]),
        }
        rest = after;
    }
    plain + rest
}

/// The text before the first link of a text, its label, and the text behind it.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (label, target) = text.split_once("](")?;
    let (before, label) = label.rsplit_once('[')?;
    let (_, after) = target.split_once(')')?;
    Some((before, label, after))
}

/// A key of the configuration file, for the page about it.
#[derive(Debug)]
pub(crate) struct Key {
    pub name: String,
    pub meaning: String,
    /// What is so where the key is absent.
    pub without: String,
}

/// The keys of the configuration file, in the order of their definition.
pub(crate) fn keys() -> Vec<Key> {
    let schema: serde_json::Value = schemars::schema_for!(ConfigFile).into();
    let key = |(name, field): (&String, &serde_json::Value)| {
        let comment = field["description"].as_str().unwrap_or_default();
        let (meaning, without) = comment.split_once("\n\n").unwrap_or((comment, ""));
        Key { name: name.clone(), meaning: meaning.to_owned(), without: without.to_owned() }
    };
    schema["properties"].as_object().into_iter().flatten().map(key).collect()
}

/// Who may approve waivers, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, expecting = "a mapping with approvers and max_days")]
pub(crate) struct WaiverRules {
    /// Who may approve: as the records name them, by id, role or name.
    pub approvers: Vec<String>,
    /// The longest time a waiver may be in force, in days.
    pub max_days: u32,
}

impl Default for WaiverRules {
    fn default() -> Self {
        WaiverRules { approvers: Vec::new(), max_days: 180 }
    }
}

/// What is expected of the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, expecting = "a mapping with grace_days")]
struct PlanRules {
    /// By severity: the days that a gap may be known before it needs a plan item.
    grace_days: GraceDays,
}

/// Days that a gap may be known before it needs a plan item, by severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, expecting = "a mapping with days by severity")]
pub(crate) struct GraceDays {
    /// Days for gaps of severity `critical`; 30 where it is not said.
    critical: u32,
    /// Days for gaps of severity `high`; 60 where it is not said.
    high: u32,
    /// Days for gaps of severity `medium`; 90 where it is not said.
    medium: u32,
    /// Days for gaps of severity `low`; 180 where it is not said.
    low: u32,
}

impl Default for GraceDays {
    fn default() -> Self {
        GraceDays { critical: 30, high: 60, medium: 90, low: 180 }
    }
}

impl GraceDays {
    pub(crate) fn of(&self, severity: Severity) -> u32 {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
        }
    }
}

/// Files that hold records.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SourceFile {
    /// Name of the source; each has its own.
    name: String,
    /// Patterns of paths, such as `workers/**/*.yaml`; `*` stays inside a folder, `**` does not.
    files: Vec<String>,
    /// How the files are read; `native` where it is not said.
    #[serde(default)]
    reader: Reader,
}

/// Files that are left out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct IgnoreFile {
    /// Patterns of paths, such as `docs/**`.
    files: Vec<String>,
    /// Why they are left out.
    reason: String,
}

/// A reference list kept in the repository.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReferenceFile {
    /// Name of the list, as checks look it up.
    pub list: String,
    /// Path of the file: one entry a line.
    pub file: String,
    /// Day of the list.
    pub dated_on: Option<Day>,
}

/// A configuration that later code can trust.
#[derive(Debug)]
pub(crate) struct Config {
    pub organization: Option<String>,
    pub classification: String,
    pub packs: Vec<String>,
    pub rules: Rules,
    pub tailoring: Tailoring,
    pub owners: BTreeMap<String, String>,
    pub fail_on: Severity,
    pub reference: Vec<ReferenceFile>,
    pub waivers: WaiverRules,
    pub grace: GraceDays,
    /// The file, for the places of its parts.
    tree: Tree,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            organization: None,
            classification: DEFAULT_CLASSIFICATION.to_owned(),
            packs: vec![DEFAULT_PACK.to_owned()],
            rules: Rules::everything(),
            tailoring: Tailoring::default(),
            owners: BTreeMap::new(),
            fail_on: Severity::Low,
            reference: Vec::new(),
            waivers: WaiverRules::default(),
            grace: GraceDays::default(),
            tree: Tree::default(),
        }
    }
}

/// The file of duly that a name nearly is, if it is none: `duly.yml`, `.duly.yaml`, `duly.yaml.txt`; below the root,
/// where neither counts, also the names themselves.
pub(crate) fn intended(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let exact = [FILE, baseline::FILE, losses::FILE].into_iter().find(|file| name == *file);
    if let Some(exact) = exact.filter(|_| path.contains('/')) {
        return Some(exact);
    }
    if path.contains('/') || [FILE, baseline::FILE, losses::FILE].contains(&path) {
        return None;
    }
    let stem = name.trim_start_matches('.').trim_end_matches('~');
    let stem = [".txt", ".bak", ".orig"].iter().find_map(|copy| stem.strip_suffix(copy)).unwrap_or(stem);
    let (stem, ending) = stem.rsplit_once('.')?;
    if !["yaml", "yml", "json", "toml"].contains(&ending) {
        return None;
    }
    match stem.replace(['_', ' '], "-").as_str() {
        "duly" | "duly-config" | "duly-configuration" => Some(FILE),
        "duly-baseline" => Some(baseline::FILE),
        "duly-losses" => Some(losses::FILE),
        _ => None,
    }
}

impl Config {
    /// Where a key of the file stands.
    pub(crate) fn key_place(&self, path: &[&str]) -> Place {
        Located { path: FILE, tree: &self.tree }.key_place(path)
    }

    /// Where a reference list is named; the file, where it is not.
    pub(crate) fn list_place(&self, list: &str) -> Place {
        match self.reference.iter().position(|reference| reference.list == list) {
            Some(i) => self.key_place(&["reference", &i.to_string(), "list"]),
            None => Place::file(FILE),
        }
    }

    /// Where a value of the file stands.
    pub(crate) fn place(&self, path: &[&str]) -> Place {
        Located { path: FILE, tree: &self.tree }.place(path)
    }

    /// Errors of loading packs; one about the name of a pack stands where the file names it.
    pub(crate) fn place_packs(&self, errors: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let placed = |error: Diagnostic| match self.packs.iter().position(|pack| *pack == error.place.path) {
            Some(i) if self.place(&["packs"]).line > 0 => {
                let close = suggestion(&self.packs[i], crate::policy::built_in_names());
                let help = close.map_or(error.help.clone(), |close| format!("did you mean `{close}`?"));
                let message = format!("{}: `{}`", error.message, escape(&self.packs[i]));
                Diagnostic { place: self.place(&["packs", &i.to_string()]), message, help, ..error }
            }
            _ => error,
        };
        errors.into_iter().map(placed).collect()
    }

    /// Owners whose role no measure of the policies names and one nearly does, as errors.
    pub(crate) fn misspelt_owners(&self, policies: &PolicySet) -> Vec<Diagnostic> {
        let roles: BTreeSet<&str> = policies.measures().map(|(_, measure)| measure.owner.as_str()).collect();
        let unknown = self.owners.keys().filter(|role| !roles.contains(role.as_str()));
        let error = |role: &String| {
            let close = suggestion(role, roles.iter().copied())?;
            Some(Diagnostic::new(
                Code::Configuration,
                self.key_place(&["owners", role]),
                format!("no measure has the owner {}", named(role, "that stands here")),
                format!("did you mean `{close}`?"),
            ))
        };
        unknown.filter_map(error).collect()
    }

    /// Reads the bytes of a configuration file.
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Self, Vec<Diagnostic>> {
        let help = "docs/configuration.md describes duly.yaml";
        let (file, tree) = typed::read_file::<ConfigFile>(FILE, bytes, Code::Configuration, help)?;
        let Some(file) = file else { return Ok(Config::default()) };
        let located = Located { path: FILE, tree: &tree };
        let mut errors = Vec::new();
        let mut error = |at: &[&str], message: String, help: &str| {
            errors.push(Diagnostic::new(Code::Configuration, located.key_place(at), message, help));
        };
        let mut ignores = Vec::new();
        for (i, rule) in file.ignore.into_iter().enumerate() {
            let i = i.to_string();
            if rule.reason.trim().is_empty() {
                error(
                    &["ignore", &i, "reason"],
                    format!("the ignore rule for {} gives no reason", escape(&rule.files.join(", "))),
                    "say why in a few words",
                );
            }
            match Ignore::new(rule.files, rule.reason.trim().to_owned()) {
                Ok(rule) => ignores.push(rule),
                Err(e) => {
                    error(&["ignore", &i, "files"], e.to_string(), "patterns are globs such as docs/**")
                }
            }
        }
        let mut sources = Vec::new();
        for (i, source) in file.sources.iter().flatten().enumerate() {
            match SourceRule::new(&source.name, source.reader, &source.files) {
                Ok(rule) => sources.push(rule),
                Err(e) => error(
                    &["sources", &i.to_string(), "files"],
                    e.to_string(),
                    "patterns are globs such as workers/**/*.yaml",
                ),
            }
        }
        let is_everything = file.sources.is_none();
        if is_everything {
            sources = Rules::everything().sources;
        }
        for (what, i) in twice(file.packs.iter().flatten().map(|pack| folder(pack))) {
            let message = format!("the pack `{}` is named twice", escape(what));
            error(&["packs", &i.to_string()], message, "name each pack once");
        }
        for (what, i) in twice(file.reference.iter().map(|reference| reference.list.as_str())) {
            let message =
                format!("the reference list `{}` is named twice: one would replace the other", escape(what));
            error(&["reference", &i.to_string(), "list"], message, "name each list once");
        }
        for (what, i) in twice(file.sources.iter().flatten().map(|source| source.name.as_str())) {
            let message = format!("two sources have the name `{}`", escape(what));
            error(&["sources", &i.to_string(), "name"], message, "give each source a name of its own");
        }
        if file.packs.as_ref().is_some_and(Vec::is_empty) {
            error(
                &["packs"],
                "`packs` is empty, so there is nothing to audit against".to_owned(),
                "name a pack, or leave `packs` out",
            );
        }
        for (i, approver) in file.waivers.approvers.iter().enumerate() {
            if approver.trim().is_empty() {
                let message = "an approver of waivers has no name".to_owned();
                error(&["waivers", "approvers", &i.to_string()], message, "write an id, a role or a name");
            }
        }
        if file.waivers.max_days == 0 {
            let message = "`max_days` is 0, so no waiver could ever be in force".to_owned();
            error(&["waivers", "max_days"], message, "write the longest time a waiver may be in force");
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let selection = match file.profile {
            Some(profile) => Selection::Profile(profile, located.place(&["profile"])),
            None => Selection::Default,
        };
        let mut tailoring = Tailoring {
            parameters: overrides(file.parameters, &located),
            selection,
            defaults: StatedDefaults::default(),
        };
        if !file.defaults.is_empty() {
            // The values are read from the text, as those of records are.
            tailoring.defaults = StatedDefaults { path: FILE.to_owned(), text: tree.text().to_owned() };
        }
        Ok(Config {
            organization: file.organization,
            classification: file.classification.unwrap_or_else(|| DEFAULT_CLASSIFICATION.to_owned()),
            packs: file.packs.unwrap_or_else(|| vec![DEFAULT_PACK.to_owned()]),
            rules: Rules { sources, ignores, is_everything },
            tailoring,
            owners: file.owners,
            fail_on: file.fail_on.unwrap_or(Severity::Low),
            reference: file.reference,
            waivers: file.waivers,
            grace: file.plan.grace_days,
            tree,
        })
    }
}

/// The folder of a pack, however its path is written.
fn folder(pack: &str) -> &str {
    pack.trim_start_matches("./").trim_end_matches('/')
}

/// What stands in a list for the second time, with its index.
fn twice<'t>(names: impl Iterator<Item = &'t str>) -> Vec<(&'t str, usize)> {
    let mut seen = BTreeSet::new();
    names.enumerate().filter(|(_, name)| !seen.insert(*name)).map(|(i, name)| (name, i)).collect()
}

fn overrides(
    parameters: BTreeMap<String, BTreeMap<String, serde_json::Value>>,
    located: &Located<'_>,
) -> Overrides {
    let of_measure = |(measure, values): (String, BTreeMap<String, serde_json::Value>)| {
        let one = |(name, value): (String, serde_json::Value)| {
            let place = located.key_place(&["parameters", &measure, &name]);
            (name, Override { value, place })
        };
        let values = values.into_iter().map(one).collect();
        (measure, values)
    };
    parameters.into_iter().map(of_measure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_nearly_right_are_known() {
        for name in
            ["duly.yml", "Duly.yaml", ".duly.yaml", "duly.json", "duly.yaml.txt", "a/duly.yaml", "DULY.YML"]
        {
            assert_eq!(intended(name), Some(FILE), "{name}");
        }
        assert_eq!(intended("duly_baseline.yml"), Some(baseline::FILE));
        for name in [
            "duly.yaml",
            "duly-baseline.yaml",
            "duly",
            "duly-reports/a.json",
            "daily.yaml",
            "duly.md",
            "a/duly.yml",
        ] {
            assert_eq!(intended(name), None, "{name}");
        }
    }
}
