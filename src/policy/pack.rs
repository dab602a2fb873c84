//! Packs: files into compiled measures.

mod define;
mod loader;
mod measure;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::expr::IndexPlan;
use super::file::{DefinitionFile, MeasureFile, PackFile};
use super::find::{PackSource, RawPack, digest_of, find_all};
use super::set::{Overrides, Pack, PolicySet};
use crate::diagnostics::{Code, Diagnostic, Place, suggestion};
use crate::records::{Catalog, compile};
use crate::text::{digest, escape, escape_block};
use crate::tree::{Located, Tree, typed};
use define::Definer;
use loader::{Loader, configured};
use measure::{MeasureLoader, clip};

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

impl Loader<'_> {
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
