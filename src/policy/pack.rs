//! Packs: files into compiled measures.

mod define;
mod measure;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::built_in;
use super::check::Check;
use super::expr::{self, Expression, IndexPlan};
use super::file::{Ask, Citation, DefinitionFile, DocumentFile, GroupFile, MeasureFile, PackFile};
use crate::diagnostics::{Code, Diagnostic, Place, suggestion};
use crate::records::{Catalog, compile};
use crate::repo::Listing;
use crate::text::{decode, digest, escape, escape_block};
use crate::tree::{Located, Tree, typed};
use crate::words::Severity;
use define::Definer;
use measure::{MeasureLoader, clip};

/// Parameter values that replace those of a pack: by measure, then by name.
pub type Overrides = BTreeMap<String, BTreeMap<String, Override>>;

/// A parameter value that replaces that of a pack, and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    pub value: serde_json::Value,
    pub place: Place,
}

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
    /// SHA-256 over everything it was made of: two with the same digest judge alike.
    pub digest: String,
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
pub struct PackSource<'a> {
    /// The files of the audited folder, on disk or at a revision.
    pub listing: Option<&'a Listing>,
    /// The folder on disk, for packs outside of the listing; none where the files are not from disk.
    pub root: Option<&'a Path>,
}

/// Loads packs by the name of one compiled in, or by the path of a folder.
pub fn load(names: &[String], root: &Path, overrides: &Overrides) -> Result<PolicySet, Vec<Diagnostic>> {
    compile_all(find_all(names, PackSource { listing: None, root: Some(root) })?, overrides)
}

/// As [`load`], from the files of an audit; returns `like` where it would load the same again.
pub fn load_from(
    names: &[String],
    source: PackSource<'_>,
    overrides: &Overrides,
    like: Option<&Arc<PolicySet>>,
) -> Result<Arc<PolicySet>, Vec<Diagnostic>> {
    let raw = find_all(names, source)?;
    match like {
        Some(like) if like.digest == digest_of(&raw, overrides) => Ok(Arc::clone(like)),
        _ => compile_all(raw, overrides).map(Arc::new),
    }
}

fn digest_of(raw: &[RawPack], overrides: &Overrides) -> String {
    let mut parts: Vec<Cow<'_, str>> = Vec::new();
    for pack in raw {
        parts.push((&pack.prefix).into());
        parts.extend(pack.files.iter().flat_map(|(path, text)| [path.into(), text.into()]));
    }
    for (measure, values) in overrides {
        for (name, over) in values {
            parts.extend([measure.into(), name.into(), over.value.to_string().into()]);
        }
    }
    digest::of_parts(&parts)
}

fn find_all(names: &[String], source: PackSource<'_>) -> Result<Vec<RawPack>, Vec<Diagnostic>> {
    let mut raw = Vec::new();
    let mut errors = Vec::new();
    for name in names {
        match find(name, source) {
            Ok(pack) => raw.push(pack),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(raw) } else { Err(errors) }
}

fn compile_all(raw: Vec<RawPack>, overrides: &Overrides) -> Result<PolicySet, Vec<Diagnostic>> {
    let digest = digest_of(&raw, overrides);
    let mut loader = Loader { errors: Vec::new(), overrides, used: BTreeSet::new() };
    let set = loader.packs(raw).map(|set| PolicySet { digest, ..set });
    loader.unused_overrides(&set);
    loader.errors.sort();
    loader.errors.dedup();
    match set {
        Some(set) if loader.errors.is_empty() => Ok(set),
        _ => Err(loader.errors),
    }
}

/// The files of a pack's folder; none if there is no pack.
fn folder(name: &str, source: PackSource<'_>) -> Option<Listing> {
    let inside = name.trim_start_matches("./").trim_end_matches('/');
    if let Some(listing) = source.listing {
        if inside.is_empty() || inside == "." {
            return listing.find("pack.yaml").map(|_| listing.clone());
        }
        if listing.find(&format!("{inside}/pack.yaml")).is_some() {
            return Some(listing.below(inside));
        }
    }
    let folder = match source.root {
        Some(root) => root.join(name),
        None if Path::new(name).is_absolute() => PathBuf::from(name),
        None => return None,
    };
    folder.join("pack.yaml").is_file().then(|| crate::repo::list(&folder))
}

fn find(name: &str, source: PackSource<'_>) -> Result<RawPack, Diagnostic> {
    if let Some((_, files)) = built_in::PACKS.iter().find(|(n, _)| *n == name) {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        return Ok(RawPack { prefix: format!("{name}/"), files });
    }
    let error = |message: String| {
        let built_in: Vec<&str> = built_in::PACKS.iter().map(|(n, _)| *n).collect();
        let help =
            format!("name a folder with a pack.yaml, or a pack of the binary: {}", built_in.join(", "));
        Diagnostic::new(Code::Policy, Place::file(name), message, help)
    };
    let Some(listing) = folder(name, source) else {
        return Err(error("there is no such policy pack".to_owned()));
    };
    let policy =
        |path: &str| !path.starts_with("tests/") && matches!(extension(path), "yaml" | "yml" | "json");
    let prefix = format!("{}/", name.trim_end_matches('/'));
    // A policy that cannot be read must not be missing in silence.
    if let Some(problem) = listing.problems.into_iter().find(|p| policy(&p.place.path)) {
        let place = Place::file(format!("{prefix}{}", problem.place.path));
        return Err(Diagnostic::new(Code::Policy, place, problem.message, "put the file itself here"));
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
    errors: Vec<Diagnostic>,
    overrides: &'o Overrides,
    /// Overrides that changed something: measure and parameter.
    used: BTreeSet<(String, String)>,
}

impl Loader<'_> {
    fn error(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(Diagnostic::new(Code::Policy, place, message, help));
    }

    /// A mistake in an expression, at its place inside the text.
    fn refuse(&mut self, located: &Located<'_>, path: &[&str], source: &str, error: expr::Error) {
        let place = located.place_inside(path, source, error.span.start);
        let part = source.get(error.span.clone()).unwrap_or("").trim();
        let message = if part.is_empty() || part.len() > 80 || error.message.contains(part) {
            error.message
        } else {
            format!("{}, in `{}`", error.message, escape(&part.replace('\n', " ")))
        };
        self.error(place, message, error.help);
    }

    fn packs(&mut self, raw: Vec<RawPack>) -> Option<PolicySet> {
        let mut heads = Vec::new();
        let mut kinds = Vec::new();
        for pack in &raw {
            let (head, tree) = self.head(pack)?;
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
                        let place = Place::at(path, (error.line() as u32, error.column() as u32));
                        self.error(place, "not valid JSON", "mend the file");
                    }
                }
            }
            heads.push((head, tree));
        }
        let catalog = match Catalog::new(kinds) {
            Ok(catalog) => Arc::new(catalog),
            Err(message) => {
                self.error(Place::file("pack.yaml"), message, "rename one of the two");
                return None;
            }
        };
        for (pack, (head, _)) in raw.iter().zip(&heads) {
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
        for (raw, (head, tree)) in raw.into_iter().zip(heads) {
            let pack = self.pack(raw, head, &tree, &catalog, &mut plan);
            if let Some(twin) = packs.iter().find(|p| p.name == pack.name) {
                self.error(
                    Place::file(format!("{}/pack.yaml", twin.name)),
                    format!("two packs are called `{}`", escape(&twin.name)),
                    "name each pack once",
                );
            }
            packs.push(pack);
        }
        Some(PolicySet { catalog, packs, plan, digest: String::new() })
    }

    fn head(&mut self, pack: &RawPack) -> Option<(PackFile, Tree)> {
        let text = pack.files.iter().find(|(path, _)| path == "pack.yaml").map(|(_, text)| text.clone())?;
        let path = format!("{}pack.yaml", pack.prefix);
        self.typed(&path, text)
    }

    /// A file into its type, with its tree.
    fn typed<T: serde::de::DeserializeOwned>(&mut self, path: &str, text: String) -> Option<(T, Tree)> {
        let help = "docs/policies.md describes the format";
        let (file, tree) = match typed::read_text::<T>(path, text, Code::Policy, help) {
            Ok(read) => read,
            Err(errors) => {
                self.errors.extend(errors);
                return None;
            }
        };
        // Every text of a policy is printed somewhere.
        let hidden = (tree.documents().iter())
            .flat_map(|document| tree.below(document.root))
            .find(|node| escape_block(node.text()) != node.text() || escape(node.key()) != node.key());
        if let Some(node) = hidden {
            self.error(
                node.place(path),
                format!("a text with hidden characters: `{}`", escape(&clip(node.text()))),
                "remove what cannot be seen: control characters and those that reorder text",
            );
            return None;
        }
        if file.is_none() {
            self.error(Place::file(path), "the file is empty", help);
        }
        file.map(|file| (file, tree))
    }

    fn pack(
        &mut self,
        raw: RawPack,
        head: PackFile,
        tree: &Tree,
        catalog: &Catalog,
        plan: &mut IndexPlan,
    ) -> Pack {
        let mut lines: Vec<String> = raw
            .files
            .iter()
            .map(|(path, text)| format!("{}  {path}\n", digest::of(text.as_bytes())))
            .collect();
        lines.sort();
        let digest = digest::of(lines.concat().as_bytes());
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
        let path = format!("{}pack.yaml", raw.prefix);
        let located = Located { path: &path, tree };
        let no_parameters = BTreeMap::new();
        let mut own = Definer { loader: self, located: &located, catalog, plan, parameters: &no_parameters };
        let definitions = own.all(&head.define, &[]);
        let mut used = BTreeSet::new();
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
            let mut loader = MeasureLoader {
                loader: self,
                located: &located,
                catalog,
                plan,
                head: &head,
                parameters: BTreeMap::new(),
                definitions: definitions.clone(),
                used: BTreeSet::new(),
            };
            let measure = loader.measure(file);
            used.append(&mut loader.used);
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
        self.unused_definitions(&head.define, &used, &located);
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

    /// Definitions that no expression uses; not said beside other mistakes, which may be the reason.
    fn unused_definitions(
        &mut self,
        define: &[DefinitionFile],
        used: &BTreeSet<String>,
        located: &Located<'_>,
    ) {
        if !self.errors.is_empty() {
            return;
        }
        for (i, file) in define.iter().enumerate().filter(|(_, file)| !used.contains(&file.name)) {
            let place = located.place(&["define", &i.to_string(), "name"]);
            let message = format!("no expression uses `{}`", escape(&file.name));
            self.error(place, message, "use it, or leave it out");
        }
    }

    fn unused_overrides(&mut self, set: &Option<PolicySet>) {
        let Some(set) = set else { return };
        for (measure, parameters) in self.overrides {
            for (name, over) in parameters {
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
                        match suggestion(name, names.iter().copied()) {
                            Some(close) => format!("did you mean `{close}`?"),
                            None if names.is_empty() => "it has none".to_owned(),
                            None => format!("its parameters: {}", names.join(", ")),
                        }
                    }
                    None => suggestion(measure, set.measures().map(|(_, m)| m.id.as_str())).map_or_else(
                        || "`duly explain` lists the measures".to_owned(),
                        |close| format!("did you mean `{close}`?"),
                    ),
                };
                self.errors.push(configured(over, message, help));
            }
        }
    }
}

/// An error in the configuration's value of a parameter.
fn configured(over: &Override, message: String, help: String) -> Diagnostic {
    Diagnostic::new(Code::Configuration, over.place.clone(), message, help)
}
