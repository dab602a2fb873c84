//! The configuration: `duly.yaml` at the root of the audited repository.
//!
//! It says which files are records (*sources*), which are left out and why (*ignore rules*), which packs
//! judge them, which *parameters* differ from the packs', who stands behind an *owner's* role, and from
//! which severity a gap fails the audit. Without it, every YAML and JSON file is a file of native records
//! and the default pack judges.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::policy::{Overrides, PolicySet, suggestion, worded};
use crate::readers::{Ignore, Rules, SourceRule};
use crate::text::{Place, Problem, Tag, Tree, decode, escape, named, parse};
use crate::words::Severity;

/// Name of the configuration file.
pub const FILE: &str = "duly.yaml";
/// The pack used unless the configuration names others.
pub const DEFAULT_PACK: &str = "fbi-i-101823-psa";
/// How a report may be passed on, unless the configuration says otherwise.
const DEFAULT_CLASSIFICATION: &str = "Internal – contains personnel data (masked)";

/// Something wrong with the configuration: the user's to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    pub place: Place,
    pub message: String,
    pub help: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    organization: Option<String>,
    classification: Option<String>,
    #[serde(default)]
    packs: Option<Vec<String>>,
    #[serde(default)]
    sources: Option<Vec<SourceFile>>,
    #[serde(default)]
    ignore: Vec<IgnoreFile>,
    #[serde(default)]
    parameters: Overrides,
    #[serde(default)]
    owners: BTreeMap<String, String>,
    fail_on: Option<Severity>,
    #[serde(default)]
    reference: Vec<ReferenceFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceFile {
    name: String,
    files: Vec<String>,
    #[serde(default)]
    reader: Reader,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reader {
    #[default]
    Native,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IgnoreFile {
    files: Vec<String>,
    reason: String,
}

/// A reference list kept in the repository.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceFile {
    pub list: String,
    pub file: String,
    pub dated_on: Option<String>,
}

/// A configuration that later code can trust.
#[derive(Debug)]
pub struct Config {
    pub organization: Option<String>,
    pub classification: String,
    pub packs: Vec<String>,
    pub rules: Rules,
    pub overrides: Overrides,
    pub owners: BTreeMap<String, String>,
    pub fail_on: Severity,
    pub reference: Vec<ReferenceFile>,
    /// Where its parts stand.
    places: Places,
}

/// Where the parts of the configuration stand in its file.
#[derive(Debug, Default)]
struct Places {
    tree: Tree,
}

impl Places {
    /// The place of a part, by keys and, in lists, indexes; that of the deepest part on the way to it.
    fn of(&self, path: &[&str]) -> Place {
        let Some(document) = self.tree.documents().first() else {
            return Place::file(FILE);
        };
        let mut node = self.tree.node(document.root);
        for part in path {
            let next = match node.tag() {
                Tag::Seq => part.parse().ok().and_then(|i| node.child(i)),
                _ => node.member(part),
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        let span = if node.key_span().is_empty() { node.span() } else { node.key_span() };
        let (line, column) = self.tree.line_column(span.start);
        Place { path: FILE.to_owned(), line, column }
    }
}

impl Default for Config {
    fn default() -> Self {
        Config {
            organization: None,
            classification: DEFAULT_CLASSIFICATION.to_owned(),
            packs: vec![DEFAULT_PACK.to_owned()],
            rules: Rules::everything(),
            overrides: Overrides::new(),
            owners: BTreeMap::new(),
            fail_on: Severity::Low,
            reference: Vec::new(),
            places: Places::default(),
        }
    }
}

impl Config {
    /// Where the value of a parameter stands.
    pub fn place_of_parameter(&self, measure: &str, parameter: &str) -> Place {
        self.places.of(&["parameters", measure, parameter])
    }

    /// Owners whose role no measure of the policies names and one nearly does, as errors.
    pub fn misspelt_owners(&self, policies: &PolicySet) -> Vec<ConfigError> {
        let roles: BTreeSet<&str> = policies.measures().map(|(_, measure)| measure.owner.as_str()).collect();
        let unknown = self.owners.keys().filter(|role| !roles.contains(role.as_str()));
        let error = |role: &String| {
            let close = suggestion(role, roles.iter().copied())?;
            Some(ConfigError {
                place: self.places.of(&["owners", role]),
                message: format!("no measure has the owner {}", named(role, "that stands here")),
                help: format!("did you mean `{close}`?"),
            })
        };
        unknown.filter_map(error).collect()
    }

    /// Reads the bytes of a configuration file.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, Vec<ConfigError>> {
        let one = |place: Place, message: String, help: &str| {
            vec![ConfigError { place, message, help: help.to_owned() }]
        };
        let text = decode(bytes).map_err(|e| one(Place::file(FILE), e.to_string(), "save it as UTF-8"))?;
        let (tree, problems) = parse(FILE, text);
        if !problems.is_empty() {
            return Err(problems.into_iter().map(ConfigError::from).collect());
        }
        if tree.documents().is_empty() {
            return Ok(Config::default());
        }
        let file: ConfigFile = serde_yaml::from_str(tree.text()).map_err(|error| {
            let place = error.location().map_or_else(
                || Place::file(FILE),
                |l| Place { path: FILE.to_owned(), line: l.line() as u32, column: l.column() as u32 },
            );
            let (message, help) = worded(&error.to_string());
            one(place, message, help.as_deref().unwrap_or("the README describes duly.yaml"))
        })?;
        let mut errors = Vec::new();
        let places = Places { tree };
        let mut error = |at: &[&str], message: String, help: &str| {
            errors.push(ConfigError { place: places.of(at), message, help: help.to_owned() });
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
            let Reader::Native = source.reader;
            match SourceRule::new(&source.name, &source.files) {
                Ok(rule) => sources.push(rule),
                Err(e) => error(
                    &["sources", &i.to_string(), "files"],
                    e.to_string(),
                    "patterns are globs such as workers/**/*.yaml",
                ),
            }
        }
        if file.sources.is_none() {
            sources = Rules::everything().sources;
        }
        if file.packs.as_ref().is_some_and(Vec::is_empty) {
            error(
                &["packs"],
                "`packs` is empty, so there is nothing to audit against".to_owned(),
                "name a pack, or leave `packs` out",
            );
        }
        for (i, reference) in file.reference.iter().enumerate() {
            if let Some(date) = &reference.dated_on
                && date.parse::<jiff::civil::Date>().is_err()
            {
                let at = ["reference", &i.to_string(), "dated_on"];
                error(&at, format!("`{}` is no date", escape(date)), "write YYYY-MM-DD");
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Config {
            organization: file.organization,
            classification: file.classification.unwrap_or_else(|| DEFAULT_CLASSIFICATION.to_owned()),
            packs: file.packs.unwrap_or_else(|| vec![DEFAULT_PACK.to_owned()]),
            rules: Rules { sources, ignores },
            overrides: file.parameters,
            owners: file.owners,
            fail_on: file.fail_on.unwrap_or(Severity::Low),
            reference: file.reference,
            places,
        })
    }
}

impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> Self {
        ConfigError { place: problem.place, message: problem.message, help: problem.help }
    }
}
