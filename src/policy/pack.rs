//! Packs: files into compiled measures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::built_in;
use super::check::{Check, Form, OnMissing, Otherwise, Subject};
use super::expr::{self, Expression, IndexPlan, Literal, Type, Variables};
use super::file::{
    Ask, CheckFile, Citation, DocumentFile, GroupFile, MeasureFile, OnMissingFile, OtherwiseFile, PackFile,
};
use super::place::Located;
use crate::records::{Catalog, Form as ShapeForm, KindId, Shape, compile, suggestion};
use crate::repo::Listing;
use crate::text::{Place, Tree, decode, escape, escape_block, parse};
use crate::words::Severity;

/// Something wrong with a policy: always the author's fault.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyError {
    pub place: Place,
    pub message: String,
    pub help: String,
}

/// Parameter values that replace those of a pack: by measure, then by name.
pub type Overrides = BTreeMap<String, BTreeMap<String, serde_yaml::Value>>;

/// A number, word, or list that policies read and a configuration may change.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub value: serde_json::Value,
    pub description: String,
    /// The pack's value, if the configuration changed it.
    pub changed_from: Option<serde_json::Value>,
}

/// One thing a guidance document asks.
#[derive(Debug)]
pub struct Measure {
    pub id: String,
    pub title: String,
    pub source: Citation,
    pub group: String,
    pub severity: Severity,
    pub owner: String,
    pub cadence_days: u32,
    pub asks: Vec<Ask>,
    pub rationale: String,
    pub remediation: Vec<String>,
    pub mappings: BTreeMap<String, Vec<String>>,
    pub not_scored: Option<String>,
    pub parameters: BTreeMap<String, Parameter>,
    /// When false, the measure is not applicable, with the reason.
    pub applicable: Option<(Expression, String)>,
    pub checks: Vec<Check>,
    pub place: Place,
}

/// A folder of measures.
#[derive(Debug)]
pub struct Pack {
    pub name: String,
    pub version: String,
    pub title: String,
    pub description: String,
    /// SHA-256 over the sorted lines `sha256  path` of its files.
    pub digest: String,
    pub documents: Vec<DocumentFile>,
    pub groups: Vec<GroupFile>,
    pub measures: Vec<Measure>,
    /// Texts of the policy files by path, for snippets.
    pub sources: BTreeMap<String, Tree>,
}

/// Every pack of an audit, compiled.
#[derive(Debug)]
pub struct PolicySet {
    pub catalog: Arc<Catalog>,
    pub packs: Vec<Pack>,
    pub plan: IndexPlan,
}

impl PolicySet {
    pub fn measures(&self) -> impl Iterator<Item = (&Pack, &Measure)> {
        self.packs.iter().flat_map(|pack| pack.measures.iter().map(move |m| (pack, m)))
    }
}

/// The files of one pack before anything is understood.
struct RawPack {
    /// What its paths start with in messages.
    prefix: String,
    files: Vec<(String, String)>,
}

/// Where packs that are not compiled in are looked for.
#[derive(Clone, Copy)]
pub struct Shelf<'a> {
    /// The files of the audited folder, on disk or at a revision.
    pub listing: Option<&'a Listing>,
    /// The folder on disk, for packs outside of the listing; none where the files are not from disk.
    pub root: Option<&'a Path>,
}

/// Loads packs by the name of one compiled in, or by the path of a folder.
pub fn load(names: &[String], root: &Path, overrides: &Overrides) -> Result<PolicySet, Vec<PolicyError>> {
    load_from(names, Shelf { listing: None, root: Some(root) }, overrides)
}

/// Loads packs by the name of one compiled in, or by the path of a folder.
pub fn load_from(
    names: &[String],
    shelf: Shelf<'_>,
    overrides: &Overrides,
) -> Result<PolicySet, Vec<PolicyError>> {
    let mut raw = Vec::new();
    let mut errors = Vec::new();
    for name in names {
        match find(name, shelf) {
            Ok(pack) => raw.push(pack),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut loader = Loader { errors, overrides, used: BTreeSet::new() };
    let set = loader.packs(raw);
    loader.unused_overrides(&set);
    loader.errors.sort();
    loader.errors.dedup();
    match set {
        Some(set) if loader.errors.is_empty() => Ok(set),
        _ => Err(loader.errors),
    }
}

/// The files of a pack's folder; none if there is no pack.
fn folder(name: &str, shelf: Shelf<'_>) -> Option<Listing> {
    let inside = name.trim_start_matches("./").trim_end_matches('/');
    if let Some(listing) = shelf.listing {
        if inside.is_empty() || inside == "." {
            return listing.find("pack.yaml").map(|_| listing.clone());
        }
        if listing.find(&format!("{inside}/pack.yaml")).is_some() {
            return Some(listing.below(inside));
        }
    }
    let folder = match shelf.root {
        Some(root) => root.join(name),
        None if Path::new(name).is_absolute() => PathBuf::from(name),
        None => return None,
    };
    folder.join("pack.yaml").is_file().then(|| crate::repo::list(&folder))
}

fn find(name: &str, shelf: Shelf<'_>) -> Result<RawPack, PolicyError> {
    if let Some((_, files)) = built_in::PACKS.iter().find(|(n, _)| *n == name) {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        return Ok(RawPack { prefix: format!("{name}/"), files });
    }
    let error = |message: String| PolicyError {
        place: Place::file(name),
        message,
        help: format!(
            "name a folder with a pack.yaml, or a pack of the binary: {}",
            built_in::PACKS.iter().map(|(n, _)| *n).collect::<Vec<_>>().join(", ")
        ),
    };
    let Some(listing) = folder(name, shelf) else {
        return Err(error("there is no such policy pack".to_owned()));
    };
    let policy =
        |path: &str| !path.starts_with("tests/") && matches!(extension(path), "yaml" | "yml" | "json");
    let prefix = format!("{}/", name.trim_end_matches('/'));
    // A policy that cannot be read must not be missing in silence.
    if let Some(problem) = listing.problems.into_iter().find(|p| policy(&p.place.path)) {
        let place = Place::file(format!("{prefix}{}", problem.place.path));
        return Err(PolicyError {
            place,
            message: problem.message,
            help: "put the file itself here".to_owned(),
        });
    }
    let mut files = Vec::new();
    for file in listing.files.into_iter().filter(|f| policy(&f.path)) {
        let bytes = crate::repo::read(&file).map_err(|p| error(format!("{}: {}", p.place, p.message)))?;
        let text = decode(bytes).map_err(|e| error(format!("{}: {e}", escape(&file.path))))?;
        files.push((file.path, text));
    }
    Ok(RawPack { prefix, files })
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, e)| e)
}

struct Loader<'o> {
    errors: Vec<PolicyError>,
    overrides: &'o Overrides,
    /// Overrides that changed something: measure and parameter.
    used: BTreeSet<(String, String)>,
}

impl Loader<'_> {
    fn error(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(PolicyError { place, message: message.into(), help: help.into() });
    }

    fn packs(&mut self, raw: Vec<RawPack>) -> Option<PolicySet> {
        let mut heads = Vec::new();
        let mut kinds = Vec::new();
        for pack in &raw {
            let head = self.head(pack)?;
            for kind in &head.kinds {
                let path = format!("{}{}", pack.prefix, kind.schema);
                let Some((_, text)) = pack.files.iter().find(|(p, _)| *p == kind.schema) else {
                    self.error(
                        Place::file(path),
                        "this schema is missing",
                        "write it, or leave the kind out",
                    );
                    continue;
                };
                match serde_json::from_str::<serde_json::Value>(text) {
                    Ok(schema) => {
                        if let Err(error) = compile(&schema) {
                            self.error(
                                Place::file(&path),
                                format!("not a JSON Schema: {}", escape(&error)),
                                "mend the schema",
                            );
                        }
                        kinds.push((kind.kind.clone(), schema));
                    }
                    Err(error) => {
                        let place = Place { path, line: error.line() as u32, column: error.column() as u32 };
                        self.error(place, "not valid JSON", "mend the file");
                    }
                }
            }
            heads.push(head);
        }
        let catalog = match Catalog::new(kinds) {
            Ok(catalog) => Arc::new(catalog),
            Err(message) => {
                self.error(Place::file("pack.yaml"), message, "rename one of the two");
                return None;
            }
        };
        for (pack, head) in raw.iter().zip(&heads) {
            for kind in &head.kinds {
                let faults = catalog.find(&kind.kind).map_or_else(Vec::new, |id| catalog.get(id).faults());
                for fault in faults {
                    let place = Place::file(format!("{}{}", pack.prefix, kind.schema));
                    self.error(place, escape(&fault), "mend the schema in the pack");
                }
            }
        }
        let mut plan = IndexPlan::default();
        let mut packs: Vec<Pack> = Vec::new();
        for (raw, head) in raw.into_iter().zip(heads) {
            let pack = self.pack(raw, head, &catalog, &mut plan);
            if let Some(twin) = packs.iter().find(|p| p.name == pack.name) {
                self.error(
                    Place::file(format!("{}/pack.yaml", twin.name)),
                    format!("two packs are called `{}`", escape(&twin.name)),
                    "name each pack once",
                );
            }
            packs.push(pack);
        }
        Some(PolicySet { catalog, packs, plan })
    }

    fn head(&mut self, pack: &RawPack) -> Option<PackFile> {
        let text = pack.files.iter().find(|(path, _)| path == "pack.yaml").map(|(_, text)| text.clone())?;
        let path = format!("{}pack.yaml", pack.prefix);
        self.typed(&path, text).map(|(head, _)| head)
    }

    /// A file into its type, with its tree. What the tree's reader refuses never reaches serde.
    fn typed<T: serde::de::DeserializeOwned>(&mut self, path: &str, text: String) -> Option<(T, Tree)> {
        let (tree, problems) = parse(path, text);
        for problem in &problems {
            self.error(problem.place.clone(), problem.message.clone(), problem.help.clone());
        }
        if !problems.is_empty() {
            return None;
        }
        // Every text of a policy is printed somewhere.
        let hidden = (tree.documents().iter())
            .flat_map(|document| tree.below(document.root))
            .find(|node| escape_block(node.text()) != node.text() || escape(node.key()) != node.key());
        if let Some(node) = hidden {
            let (line, column) = tree.line_column(node.label_span().start);
            self.error(
                Place { path: path.to_owned(), line, column },
                format!("a text with hidden characters: `{}`", escape(&clip(node.text()))),
                "remove what cannot be seen: control characters and those that reorder text",
            );
            return None;
        }
        if tree.documents().len() != 1 {
            self.error(Place::file(path), "one YAML document is expected", "write one a file");
            return None;
        }
        match serde_yaml::from_str(tree.text()) {
            Ok(typed) => Some((typed, tree)),
            Err(error) => {
                let place = error.location().map_or_else(
                    || Place::file(path),
                    |l| Place { path: path.to_owned(), line: l.line() as u32, column: l.column() as u32 },
                );
                let message = error.to_string();
                let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(m, _)| m);
                self.error(place, escape(message), "docs/policies.md describes the format");
                None
            }
        }
    }

    fn pack(&mut self, raw: RawPack, head: PackFile, catalog: &Catalog, plan: &mut IndexPlan) -> Pack {
        let mut lines: Vec<String> = raw
            .files
            .iter()
            .map(|(path, text)| format!("{}  {path}\n", hex(&Sha256::digest(text.as_bytes()))))
            .collect();
        lines.sort();
        let digest = hex(&Sha256::digest(lines.concat().as_bytes()));
        let schemas: BTreeSet<&str> = head.kinds.iter().map(|k| k.schema.as_str()).collect();
        let mut pack = Pack {
            name: head.name.clone(),
            version: head.version.clone(),
            title: head.title.clone(),
            description: head.description.clone(),
            digest,
            documents: head.documents.clone(),
            groups: head.groups.clone(),
            measures: Vec::new(),
            sources: BTreeMap::new(),
        };
        let mut refused = false;
        for (path, text) in raw.files {
            if path == "pack.yaml" || schemas.contains(path.as_str()) {
                continue;
            }
            let path = format!("{}{path}", raw.prefix);
            let Some((file, tree)) = self.typed::<MeasureFile>(&path, text) else {
                refused = true;
                continue;
            };
            let located = Located { path: &path, tree: &tree };
            let measure =
                MeasureLoader { loader: self, located: &located, catalog, plan, head: &head }.measure(file);
            if pack.measures.iter().any(|m| m.id == measure.id) {
                self.error(
                    measure.place.clone(),
                    format!("the measure `{}` is defined twice", escape(&measure.id)),
                    "rename one of the two",
                );
            }
            for check in &measure.checks {
                if pack.measures.iter().flat_map(|m| &m.checks).any(|c| c.id == check.id) {
                    self.error(
                        check.place.clone(),
                        format!("the check `{}` is defined twice", escape(&check.id)),
                        "rename one of the two",
                    );
                }
            }
            pack.measures.push(measure);
            pack.sources.insert(path, tree);
        }
        if pack.measures.is_empty() && !refused {
            self.error(
                Place::file(format!("{}pack.yaml", raw.prefix)),
                "the pack has no measures",
                "write one YAML file a measure beside it",
            );
        }
        pack.measures.sort_by(|a, b| a.id.cmp(&b.id));
        pack
    }

    fn unused_overrides(&mut self, set: &Option<PolicySet>) {
        let Some(set) = set else { return };
        for (measure, parameters) in self.overrides {
            for name in parameters.keys() {
                if self.used.contains(&(measure.clone(), name.clone())) {
                    continue;
                }
                let known = set.measures().find(|(_, m)| m.id == *measure);
                let message = match known {
                    None => format!("there is no measure `{}`", escape(measure)),
                    Some(_) => format!("{} has no parameter `{}`", escape(measure), escape(name)),
                };
                let help = match known {
                    Some((_, m)) => {
                        let names: Vec<&str> = m.parameters.keys().map(String::as_str).collect();
                        format!("its parameters: {}", names.join(", "))
                    }
                    None => "`duly explain` lists the measures".to_owned(),
                };
                self.errors.push(PolicyError { place: Place::file("duly.yaml"), message, help });
            }
        }
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

struct MeasureLoader<'l, 'o, 'c> {
    loader: &'l mut Loader<'o>,
    located: &'c Located<'c>,
    catalog: &'c Catalog,
    plan: &'c mut IndexPlan,
    head: &'c PackFile,
}

impl MeasureLoader<'_, '_, '_> {
    fn error(&mut self, path: &[&str], message: impl Into<String>, help: impl Into<String>) {
        let place = self.located.place(path);
        self.loader.error(place, message, help);
    }

    fn measure(&mut self, file: MeasureFile) -> Measure {
        if !self.head.documents.iter().any(|d| d.id == file.source.document) {
            self.error(
                &["source", "document"],
                format!("the pack names no document `{}`", escape(&file.source.document)),
                "list it under `documents` in pack.yaml",
            );
        }
        if !self.head.groups.iter().any(|g| g.id == file.group) {
            self.error(
                &["group"],
                format!("the pack has no group `{}`", escape(&file.group)),
                "list it under `groups` in pack.yaml",
            );
        }
        let mut literals = BTreeMap::new();
        let mut parameters = BTreeMap::new();
        for (name, parameter) in &file.parameters {
            let over = self.loader.overrides.get(&file.measure).and_then(|p| p.get(name));
            if over.is_some() {
                self.loader.used.insert((file.measure.clone(), name.clone()));
            }
            let (Some(own), Some(value)) =
                (literal(&parameter.value), literal(over.unwrap_or(&parameter.value)))
            else {
                self.error(
                    &["parameters", name, "value"],
                    format!("the parameter `{}` is no text, number, boolean or list of those", escape(name)),
                    "write a plain value",
                );
                continue;
            };
            if std::mem::discriminant(&own) != std::mem::discriminant(&value) {
                self.loader.error(
                    Place::file("duly.yaml"),
                    format!(
                        "the parameter `{}` of {} must be of the type it has in the pack",
                        escape(name),
                        escape(&file.measure)
                    ),
                    "compare `duly explain`",
                );
            }
            parameters.insert(
                name.clone(),
                Parameter {
                    value: json(over.unwrap_or(&parameter.value)),
                    description: parameter.description.clone(),
                    changed_from: over.filter(|o| **o != parameter.value).map(|_| json(&parameter.value)),
                },
            );
            literals.insert(name.clone(), value);
        }
        let applicable = file.applicable.and_then(|a| {
            let variables = Variables { catalog: self.catalog, subject: None, parameters: &literals };
            let expression =
                self.expression(&["applicable", "when"], &a.when, &variables, Some(&Type::Bool))?;
            Some((expression, a.otherwise))
        });
        // A check with a mistake still covers what it names: one mistake is one error.
        let covered: BTreeSet<String> = file.checks.iter().flat_map(|c| c.asks.iter().cloned()).collect();
        let mut checks: Vec<Check> = Vec::new();
        for (i, check) in file.checks.into_iter().enumerate() {
            let index = i.to_string();
            for ask in &check.asks {
                if !file.asks.iter().any(|a| a.id == *ask) {
                    self.error(
                        &["checks", &index, "asks"],
                        format!("the measure asks no `{}`", escape(ask)),
                        "name one of `asks`",
                    );
                }
            }
            let defaults = (file.severity, file.remediation.as_slice());
            if let Some(check) = self.check(&index, check, defaults, &literals) {
                if checks.iter().any(|c| c.id == check.id) {
                    self.error(
                        &["checks", &index, "id"],
                        format!("the check `{}` is defined twice", escape(&check.id)),
                        "rename one of the two",
                    );
                }
                checks.push(check);
            }
        }
        for (i, ask) in file.asks.iter().enumerate() {
            if !covered.contains(&ask.id) {
                self.error(
                    &["asks", &i.to_string(), "id"],
                    format!("no check covers `{}`", escape(&ask.id)),
                    "every requirement needs a check; `attest` for what no machine can test",
                );
            }
        }
        Measure {
            place: self.located.place(&["measure"]),
            id: file.measure,
            title: file.title,
            source: file.source,
            group: file.group,
            severity: file.severity,
            owner: file.owner,
            cadence_days: file.cadence_days,
            asks: file.asks,
            rationale: file.rationale.trim().to_owned(),
            remediation: file.remediation,
            mappings: file.mappings,
            not_scored: file.not_scored.map(|t| t.trim().to_owned()),
            parameters,
            applicable,
            checks,
        }
    }

    fn expression(
        &mut self,
        path: &[&str],
        source: &str,
        variables: &Variables<'_>,
        wanted: Option<&Type>,
    ) -> Option<Expression> {
        match expr::compile(source, variables, self.plan, wanted) {
            Ok(expression) => Some(expression),
            Err(error) => {
                let place = self.located.place_inside(path, source, error.span.start);
                let part = source.get(error.span.clone()).unwrap_or("").trim();
                let message = if part.is_empty() || part.len() > 80 || error.message.contains(part) {
                    error.message
                } else {
                    format!("{}, in `{}`", error.message, escape(&part.replace('\n', " ")))
                };
                self.loader.error(place, message, error.help);
                None
            }
        }
    }

    fn kind(&mut self, path: &[&str], name: &str) -> Option<KindId> {
        let kind = self.catalog.find(name);
        if kind.is_none() {
            let help = suggestion(name, self.catalog.names()).map_or_else(
                || "`duly schema` lists the kinds".to_owned(),
                |s| format!("did you mean `{s}`?"),
            );
            self.error(path, format!("there is no record kind `{}`", escape(name)), help);
        }
        kind
    }

    fn check(
        &mut self,
        index: &str,
        file: CheckFile,
        (severity, remediation): (Severity, &[String]),
        parameters: &BTreeMap<String, Literal>,
    ) -> Option<Check> {
        let at = |key: &'static str| ["checks", index, key];
        let kebab = |id: &str| {
            !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if !kebab(&file.id) {
            self.error(
                &at("id"),
                "a check id is lower-case words with hyphens",
                "name the problem, such as `shipment-without-signature`",
            );
        }
        let forms = [file.for_kind.is_some(), file.exists.is_some(), file.attest.is_some()];
        if forms.iter().filter(|f| **f).count() != 1 {
            self.error(
                &["checks", index, "id"],
                "a check has exactly one of `for`, `exists`, `attest`",
                "docs/policies.md describes the forms",
            );
            return None;
        }
        let misplaced = [
            ("where", file.where_.is_some() && file.exists.is_none()),
            ("none", file.none.is_some() && file.exists.is_none()),
            ("valid_days", file.valid_days.is_some() != file.attest.is_some()),
            ("require", file.require.is_some() && file.for_kind.is_none()),
            ("schema", file.schema.is_some() && (file.for_kind.is_none() || file.require.is_some())),
            ("group_by", file.group_by.is_some() && file.require.is_none()),
            ("when", file.when.is_some() && file.for_kind.is_none()),
            ("fresh", file.fresh.is_some() && (file.attest.is_some() || file.schema.is_some())),
            ("stale", file.stale.is_some() != file.fresh.is_some()),
            ("message", file.message.is_none() && file.attest.is_none()),
            ("grade", file.grade.is_none() && file.attest.is_none()),
            ("at", file.at.is_some() && file.attest.is_some()),
        ];
        for (key, wrong) in misplaced {
            if wrong {
                self.error(
                    &at(key),
                    format!("`{key}` does not fit this form of check, or is missing from it"),
                    "docs/policies.md describes the forms",
                );
            }
        }
        let on_missing = |m: Option<OnMissingFile>| match m {
            Some(OnMissingFile::Gap) => OnMissing::Gap,
            _ => OnMissing::NotAssessed,
        };
        let (form, shape) = if let Some(name) = &file.for_kind {
            let kind = self.kind(&at("for"), name)?;
            let definition = self.catalog.get(kind);
            let record = (definition.variable(), Type::Object(definition.shape.clone()));
            let one = Variables { catalog: self.catalog, subject: Some(record.clone()), parameters };
            let when = match &file.when {
                Some(source) => Some(self.expression(&at("when"), source, &one, Some(&Type::Bool))?),
                None => None,
            };
            if let Some(schema) = &file.schema {
                let schema = json(schema);
                match compile(&schema) {
                    Ok(validator) => {
                        (Form::Schema { kind, when, validator: Box::new(validator) }, &definition.shape)
                    }
                    Err(error) => {
                        self.error(
                            &at("schema"),
                            format!("not a JSON Schema: {}", escape(&error)),
                            "draft 2020-12",
                        );
                        return None;
                    }
                }
            } else {
                let Some(require) = &file.require else {
                    self.error(&at("for"), "`for` needs `require` or `schema`", "say what must hold");
                    return None;
                };
                let group_by = match &file.group_by {
                    Some(source) => Some(self.expression(&at("group_by"), source, &one, None)?),
                    None => None,
                };
                let group = ("group".to_owned(), Type::list(record.1.clone()));
                let subject = if group_by.is_some() { group } else { record };
                let variables = Variables { catalog: self.catalog, subject: Some(subject), parameters };
                let require = self.expression(&at("require"), require, &variables, Some(&Type::Bool))?;
                let fresh = match &file.fresh {
                    Some(source) => {
                        Some(self.expression(&at("fresh"), source, &variables, Some(&Type::Bool))?)
                    }
                    None => None,
                };
                let subject = Subject { kind, when, group_by, require, fresh };
                (Form::Each(Box::new(subject)), &definition.shape)
            }
        } else if let Some(name) = &file.exists {
            let kind = self.kind(&at("exists"), name)?;
            let definition = self.catalog.get(kind);
            let record = (definition.variable(), Type::Object(definition.shape.clone()));
            let variables = Variables { catalog: self.catalog, subject: Some(record), parameters };
            let matching = match &file.where_ {
                Some(source) => Some(self.expression(&at("where"), source, &variables, Some(&Type::Bool))?),
                None => None,
            };
            let fresh = match &file.fresh {
                Some(source) => Some(self.expression(&at("fresh"), source, &variables, Some(&Type::Bool))?),
                None => None,
            };
            (Form::Exists { kind, matching, fresh, none: on_missing(file.none) }, &definition.shape)
        } else {
            let form = Form::Attest {
                question: file.attest.clone().unwrap_or_default().trim().to_owned(),
                valid_days: file.valid_days.unwrap_or_default(),
            };
            return Some(self.finish(index, file, form, severity, remediation));
        };
        let shape = Arc::clone(shape);
        if let Some(path) = &file.at
            && shape.at(path).is_none()
        {
            self.error(
                &at("at"),
                format!("there is no field `{}`", escape(path)),
                "a dotted path of the record's schema",
            );
        }
        let variable = form.kind().map(|k| self.catalog.get(k).variable()).unwrap_or_default();
        for (key, text) in [("message", &file.message), ("stale", &file.stale)] {
            if let Some(text) = text {
                self.template(&at(key), text, &variable, &shape, &form, parameters);
            }
        }
        Some(self.finish(index, file, form, severity, remediation))
    }

    fn finish(
        &mut self,
        index: &str,
        file: CheckFile,
        form: Form,
        severity: Severity,
        remediation: &[String],
    ) -> Check {
        let requirement = ["require", "where", "schema", "exists", "attest"];
        let key = requirement.iter().find(|key| self.located.node(&["checks", index, key]).is_some());
        Check {
            place: self.located.place(&["checks", index, "id"]),
            require_place: self.located.place(&["checks", index, key.unwrap_or(&"id")]),
            id: file.id,
            title: file.title,
            asks: file.asks,
            tests: file.tests,
            grade: file.grade,
            severity: file.severity.unwrap_or(severity),
            remediation: file.remediation.unwrap_or_else(|| remediation.to_vec()),
            form,
            at: file.at,
            missing: match file.missing {
                Some(OnMissingFile::Gap) => OnMissing::Gap,
                _ => OnMissing::NotAssessed,
            },
            otherwise: match file.otherwise {
                Some(OtherwiseFile::Review) => Otherwise::Review,
                _ => Otherwise::Gap,
            },
            pattern: file.pattern.map(|t| t.trim().to_owned()),
            message: file.message.unwrap_or_default().trim().to_owned(),
            stale: file.stale.map(|t| t.trim().to_owned()),
        }
    }

    fn template(
        &mut self,
        path: &[&str],
        text: &str,
        variable: &str,
        shape: &Shape,
        form: &Form,
        parameters: &BTreeMap<String, Literal>,
    ) {
        if let Some(part) = beyond_fields(text) {
            self.error(
                path,
                format!("a message inserts fields and does nothing else, unlike `{}`", escape(part)),
                "insert fields as `{{ record.field }}`",
            );
            return;
        }
        let environment = minijinja::Environment::new();
        let template = match environment.template_from_str(text) {
            Ok(template) => template,
            Err(error) => {
                let detail = error.detail().unwrap_or("not a template").to_owned();
                self.error(
                    path,
                    format!("the message is broken: {}", escape(&detail)),
                    "insert fields as `{{ record.field }}`",
                );
                return;
            }
        };
        let mut names: Vec<String> = template.undeclared_variables(true).into_iter().collect();
        names.sort();
        for name in names {
            let (head, rest) = name.split_once('.').unwrap_or((&name, ""));
            let known = match head {
                "ids" | "count" => rest.is_empty() && form.is_group(),
                "as_of" => rest.is_empty(),
                "params" => parameters.contains_key(rest),
                _ if head == variable && !form.is_group() => !rest.is_empty() && shape.at(rest).is_some(),
                _ => false,
            };
            if !known {
                let fields = match &shape.form {
                    ShapeForm::Object(fields) => fields.iter().map(|f| f.name.as_str()).collect(),
                    _ => Vec::new(),
                };
                let help = if form.is_group() {
                    "a message about a group has `ids`, `count`, `params` and `as_of`".to_owned()
                } else {
                    suggestion(rest, fields).map_or_else(
                        || format!("a message has `{variable}`, `params` and `as_of`"),
                        |s| format!("did you mean `{variable}.{s}`?"),
                    )
                };
                self.error(path, format!("the message names `{}`, which is not there", escape(&name)), help);
            }
        }
    }
}

fn clip(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(40).chain(['…']).collect() }
}

/// The first tag of a message that is no plain insertion. Filters, loops and calculations have no bound on
/// what they make.
fn beyond_fields(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let tag = &rest[start..];
        rest = &tag[1..];
        if tag.starts_with("{%") || tag.starts_with("{#") {
            return Some(clip_tag(tag));
        }
        if let Some(inside) = tag.strip_prefix("{{") {
            let Some((name, after)) = inside.split_once("}}") else {
                // Not closed: the template engine says so.
                return None;
            };
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ' ');
            if !name.chars().all(plain) || name.trim().contains(' ') {
                return Some(clip_tag(tag));
            }
            rest = after;
        }
    }
    None
}

fn clip_tag(tag: &str) -> &str {
    let end = tag.char_indices().nth(40).map_or(tag.len(), |(i, _)| i);
    tag[..end].lines().next().unwrap_or_default()
}

fn literal(value: &serde_yaml::Value) -> Option<Literal> {
    Some(match value {
        serde_yaml::Value::Bool(b) => Literal::Bool(*b),
        serde_yaml::Value::Number(n) => match n.as_i64() {
            Some(i) => Literal::Int(i),
            None => Literal::Float(n.as_f64().filter(|f| f.is_finite())?),
        },
        serde_yaml::Value::String(s) => Literal::Text(s.clone()),
        serde_yaml::Value::Sequence(items) => {
            Literal::List(items.iter().map(literal).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

fn json(value: &serde_yaml::Value) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or(serde_json::Value::Null)
}
