//! Packs: files into compiled measures.

pub(super) mod check;
mod loader;
mod measure;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::expr::{Definition, IndexPlan};
use super::find::{PackSource, RawPack, digest_of, find_all};
use super::set::{Measure, Pack, PolicySet, Selection, Tailoring};
use crate::diagnostics::{Code, Diagnostic, Place, did_you_mean};
use crate::records::{Catalog, compile, read_defaults};
use crate::text::{escape, escape_block, shorten};
use crate::tree::{Located, Tree, typed};
use loader::{FileLoader, Loader};

/// Characters of a text that an error repeats.
const SHOWN: usize = 40;

/// Loads packs by the name of one compiled in, or by the path of a folder.
pub fn load(names: &[String], root: &Path, tailoring: &Tailoring) -> Result<PolicySet, Vec<Diagnostic>> {
    compile_all(find_all(names, PackSource { listing: None, root: Some(root) })?, tailoring)
}

/// As [`load`], from the files of an audit; returns `like` where it would load the same again.
pub fn load_from(
    names: &[String],
    source: PackSource<'_>,
    tailoring: &Tailoring,
    like: Option<&Arc<PolicySet>>,
) -> Result<Arc<PolicySet>, Vec<Diagnostic>> {
    let raw = find_all(names, source)?;
    match like {
        Some(like) if like.digest == digest_of(&raw, tailoring) => Ok(Arc::clone(like)),
        _ => compile_all(raw, tailoring).map(Arc::new),
    }
}

fn compile_all(raw: Vec<RawPack>, tailoring: &Tailoring) -> Result<PolicySet, Vec<Diagnostic>> {
    let digest = digest_of(&raw, tailoring);
    let mut loader = Loader { errors: Vec::new(), tailoring, used: BTreeSet::new() };
    let set = loader.packs(raw).map(|set| PolicySet { digest, ..set });
    if let Some(set) = &set {
        loader.unused_overrides(set);
        loader.unknown_profile(set);
    }
    loader.errors.sort();
    loader.errors.dedup();
    match set {
        Some(set) if loader.errors.is_empty() => Ok(set),
        _ => Err(loader.errors),
    }
}

impl<'o> Loader<'o> {
    fn packs(&mut self, raw: Vec<RawPack>) -> Option<PolicySet> {
        let mut heads: Vec<(Pack, Tree)> = Vec::new();
        let mut kinds = Vec::new();
        for pack in &raw {
            let head: (Pack, Tree) =
                self.typed(&pack.path("pack.yaml"), pack.text("pack.yaml")?.to_owned())?;
            for kind in &head.0.kinds {
                let schema = self.schema(pack, &kind.schema);
                kinds.extend(schema.map(|schema| (kind.kind.clone(), schema)));
            }
            heads.push(head);
        }
        let catalog = match Catalog::new(kinds) {
            Ok(catalog) => catalog,
            Err(message) => {
                self.error(Place::file("pack.yaml"), message, "rename one of the two");
                return None;
            }
        };
        let catalog = match read_defaults(&self.tailoring.defaults, &catalog) {
            Ok(defaults) => Arc::new(catalog.with_defaults(defaults)),
            Err(errors) => {
                self.errors.extend(errors);
                return None;
            }
        };
        let mut plan = IndexPlan::default();
        let mut packs: Vec<Pack> = Vec::new();
        for (raw, (head, tree)) in raw.into_iter().zip(heads) {
            for kind in &head.kinds {
                let faults = catalog.find(&kind.kind).map_or_else(Vec::new, |id| catalog.get(id).faults());
                for fault in faults {
                    let place = Place::file(raw.path(&kind.schema));
                    self.error(place, escape(&fault), "fix the schema in the pack");
                }
            }
            let pack = self.pack(raw, head, tree, &catalog, &mut plan);
            if packs.iter().any(|p| p.name == pack.name) {
                let place = Place::file(format!("{}/pack.yaml", pack.name));
                let message = format!("two packs are called `{}`", escape(&pack.name));
                self.error(place, message, "name each pack once");
            }
            packs.push(pack);
        }
        Some(PolicySet { catalog, packs, plan, digest: String::new() })
    }

    /// The JSON Schema of a kind that a pack brings.
    fn schema(&mut self, pack: &RawPack, file: &str) -> Option<serde_json::Value> {
        let path = pack.path(file);
        let Some(text) = pack.text(file) else {
            self.error(Place::file(path), "this schema is missing", "write it, or leave the kind out");
            return None;
        };
        let schema = match serde_json::from_str(text) {
            Ok(schema) => schema,
            Err(error) => {
                let place = Place::at(path, (error.line() as u32, error.column() as u32));
                self.error(place, "not valid JSON", "fix the file");
                return None;
            }
        };
        if let Err(error) = compile(&schema) {
            self.error(Place::file(path), format!("not a JSON Schema: {}", escape(&error)), "fix the schema");
        }
        Some(schema)
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
                format!("a text with hidden characters: `{}`", escape(&shorten(node.text(), SHOWN))),
                "remove what cannot be seen: control characters and those that reorder text",
            );
            return None;
        }
        if file.is_none() {
            self.error(Place::file(path), "the file is empty", help);
        }
        file.map(|file| (file, tree))
    }

    /// A pack with its measures.
    fn pack(
        &mut self,
        raw: RawPack,
        mut pack: Pack,
        tree: Tree,
        catalog: &Catalog,
        plan: &mut IndexPlan,
    ) -> Pack {
        pack.digest = raw.digest();
        pack.profile = self.profile(&pack);
        let path = raw.path("pack.yaml");
        pack.path.clone_from(&path);
        let mut shared = self.file(Located { path: &path, tree: &tree }, catalog, plan, Some(Vec::new()));
        shared.define(&pack.define);
        let definitions = shared.definitions;
        let mut refused = false;
        for (file, text) in &raw.files {
            if file == "pack.yaml" || pack.kinds.iter().any(|kind| kind.schema == *file) {
                continue;
            }
            let path = raw.path(file);
            let Some((mut measure, tree)) = self.typed::<Measure>(&path, text.clone()) else {
                refused = true;
                continue;
            };
            let located = Located { path: &path, tree: &tree };
            self.file(located, catalog, plan, definitions.clone()).measure(&mut measure, &pack);
            pack.measures.push(measure);
            pack.sources.insert(path, tree);
        }
        let (mut measures, mut checks) = (BTreeSet::new(), BTreeSet::new());
        for measure in &pack.measures {
            self.only_one(&mut measures, "measure", &measure.id, &measure.place);
            for check in measure.checks.iter().chain(&measure.left_out) {
                self.only_one(&mut checks, "check", &check.id, &check.place);
            }
        }
        if pack.measures.is_empty() && !refused {
            self.error(
                Place::file(&path),
                "the pack has no measures",
                "write one YAML file for each measure beside it",
            );
        }
        pack.measures.sort_by(|a, b| a.id.cmp(&b.id));
        pack.sources.insert(path, tree);
        pack
    }

    /// What compiles one file.
    fn file<'l>(
        &'l mut self,
        located: Located<'l>,
        catalog: &'l Catalog,
        plan: &'l mut IndexPlan,
        definitions: Option<Vec<Arc<Definition>>>,
    ) -> FileLoader<'l, 'o> {
        let (parameters, used) = (BTreeMap::new(), BTreeSet::new());
        FileLoader {
            loader: self,
            located,
            catalog,
            plan,
            parameters,
            definitions,
            used,
            measure: String::new(),
            cadence_days: 0,
            document: None,
        }
    }

    /// The profile of a pack whose checks are asked.
    fn profile(&self, pack: &Pack) -> Option<usize> {
        match &self.tailoring.selection {
            Selection::Everything => None,
            Selection::Profile(name, _) => pack.profiles.iter().position(|profile| profile.id == *name),
            Selection::Default => (!pack.profiles.is_empty()).then_some(0),
        }
    }

    /// Refuses the name of a profile that no pack has, and where one pack has it, of those that have others.
    fn unknown_profile(&mut self, set: &PolicySet) {
        let Selection::Profile(name, place) = &self.tailoring.selection else { return };
        let with = || set.packs.iter().filter(|pack| !pack.profiles.is_empty());
        let lacks = |pack: &&Pack| !pack.profiles.iter().any(|profile| profile.id == *name);
        let message = match with().find(lacks) {
            Some(pack) => format!("the pack {} has no profile `{}`", escape(&pack.name), escape(name)),
            None if with().next().is_none() => format!("no pack has a profile `{}`", escape(name)),
            None => return,
        };
        let known: Vec<&str> =
            with().flat_map(|pack| &pack.profiles).map(|profile| profile.id.as_str()).collect();
        let all = || match known.is_empty() {
            true => "leave it out: every check is asked".to_owned(),
            false => format!("profiles: {}", known.join(", ")),
        };
        let help = did_you_mean(name, known.iter().copied(), all);
        self.errors.push(Diagnostic::new(Code::Configuration, place.clone(), message, help));
    }

    fn unused_overrides(&mut self, set: &PolicySet) {
        for (measure, parameters) in &self.tailoring.parameters {
            let known = set.measures().find(|(_, m)| m.id == *measure);
            for (name, over) in parameters {
                if self.used.contains(&(measure.clone(), name.clone())) {
                    continue;
                }
                let (message, help) = match known {
                    None => (
                        format!("there is no measure `{}`", escape(measure)),
                        did_you_mean(measure, set.measures().map(|(_, m)| m.id.as_str()), || {
                            "`duly explain` lists the measures".to_owned()
                        }),
                    ),
                    Some((_, m)) => {
                        let names: Vec<&str> = m.parameters.keys().map(String::as_str).collect();
                        let all = || match names.is_empty() {
                            true => "it has none".to_owned(),
                            false => format!("its parameters: {}", names.join(", ")),
                        };
                        (
                            format!("{} has no parameter `{}`", escape(measure), escape(name)),
                            did_you_mean(name, names.iter().copied(), all),
                        )
                    }
                };
                self.misconfigured(over, message, help);
            }
        }
    }
}
