//! Admission: a mapping that a reader found becomes a record. Its scalars are typed, its schema is held to it, its id
//! is taken, and what it points to is noted; what the schema refuses is marked as not to be trusted. Where the
//! mapping came from does not count.

use std::collections::HashMap;
use std::sync::Arc;

use super::catalog::{Catalog, KindDefinition, KindId};
use super::mask::is_plausible_id;
use super::set::Record;
use super::shape::FieldType;
use super::validate::{Violation, violations};
use crate::diagnostics::{Code, Place, Problem, ProblemList, did_you_mean, suggestion};
use crate::text::{escape, named};
use crate::tree::{Addition, Node, NodeId, Tree};

/// Bytes of an id: it stands in the report once for each check.
const LONGEST_ID: usize = 1024;

/// Whether a file names a kind of record, so that it is one of records even where none could be admitted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamesKind {
    #[default]
    No,
    /// A name that is close to that of a kind.
    Nearly,
    Yes,
}

/// What was admitted of one file.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// Shared with the same bytes of another state.
    pub tree: Arc<Tree>,
    /// With a source index of 0, for the caller to set.
    pub records: Vec<Record>,
    /// Ordered by place.
    pub problems: Vec<Problem>,
    /// ReferenceLists to other records: kind and id, and the node they stand on.
    pub references: Vec<Reference>,
    /// Documents of the repository that records name as evidence.
    pub documents: Vec<EvidenceDocument>,
    pub names_kind: NamesKind,
}

/// An id that should lead to another record.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    pub kind: KindId,
    pub node: NodeId,
    /// Whether the id may be shown where it is named.
    pub shown: bool,
}

/// A document of the repository that a record names: where it says so, and with which SHA-256.
#[derive(Debug, Clone, Copy)]
pub struct EvidenceDocument {
    pub node: NodeId,
    pub stated: Option<NodeId>,
    /// The day that the record says the document bears.
    pub dated: Option<NodeId>,
    /// Whether the path may be shown where it is named.
    pub shown: bool,
}

impl Admitted {
    /// The same of a file with the same bytes and another path.
    pub fn at(&self, path: &str) -> Admitted {
        let moved = |problem: &Problem| problem.clone().map_places(|place| place.in_file(path));
        Admitted { problems: self.problems.iter().map(moved).collect(), ..self.clone() }
    }
}

/// Admits the records of one file.
pub struct Admission<'a> {
    path: &'a str,
    catalog: &'a Catalog,
    tree: Tree,
    problems: ProblemList,
    records: Vec<Record>,
    references: Vec<Reference>,
    documents: Vec<EvidenceDocument>,
    names_kind: NamesKind,
    /// The defaults of kinds, ready for the tree.
    defaults: HashMap<KindId, Vec<Addition>>,
}

impl<'a> Admission<'a> {
    /// Nothing is admitted yet. `problems` are those of reading the tree.
    pub fn new(path: &'a str, catalog: &'a Catalog, tree: Tree, problems: Vec<Problem>) -> Self {
        let mut list = ProblemList::default();
        for problem in problems {
            list.push(problem.place.clone(), problem.code, |_| problem);
        }
        Admission {
            path,
            catalog,
            tree,
            problems: list,
            records: Vec::new(),
            references: Vec::new(),
            documents: Vec::new(),
            names_kind: NamesKind::No,
            defaults: HashMap::new(),
        }
    }

    /// Whether there is a kind of this name.
    pub fn has_kind(&self, name: &str) -> bool {
        self.catalog.find(name).is_some()
    }

    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Everything that was admitted, and what was not.
    pub fn finish(self) -> Admitted {
        Admitted {
            tree: Arc::new(self.tree),
            records: self.records,
            problems: self.problems.finish(),
            references: self.references,
            documents: self.documents,
            names_kind: self.names_kind,
        }
    }

    /// Notes a problem with a node.
    pub fn problem(&mut self, node: NodeId, code: Code, message: impl Into<String>, help: impl Into<String>) {
        let place = self.tree.node(node).place(self.path);
        self.problems.push(place, code, |place| Problem::new(code, place, message, help));
    }

    /// Notes a problem with the file as a whole.
    pub fn problem_of_file(&mut self, code: Code, message: &str, help: &str) {
        self.problems.push(Place::file(self.path), code, |place| Problem::new(code, place, message, help));
    }

    /// Admits a mapping as a record of a kind, by the name of the kind and the node that names it.
    pub fn record_named(&mut self, root: NodeId, kind: NodeId) {
        let name = self.tree.node(kind).text();
        if let Some(kind) = self.catalog.find(name) {
            self.names_kind = NamesKind::Yes;
            self.record(root, kind);
            return;
        }
        if suggestion(name, self.catalog.names()).is_some() {
            self.names_kind = self.names_kind.max(NamesKind::Nearly);
        }
        let message = format!("there is no kind {}", named(name, "that stands here"));
        let help = did_you_mean(name, self.catalog.names(), || "`duly schema` lists the kinds".to_owned());
        self.problem(kind, Code::UnknownKind, message, help);
    }

    /// Admits a mapping as a record of a kind.
    pub fn record(&mut self, root: NodeId, kind: KindId) {
        let root = self.with_defaults(root, kind);
        let definition = self.catalog.get(kind);
        for nothing in definition.shape.apply(&mut self.tree, root, &definition.id_field) {
            self.says_nothing(root, definition, nothing);
        }
        let validator = match definition.validator() {
            Ok(validator) => validator,
            Err(error) => {
                let message = format!("the schema of `{}` is broken: {}", definition.name, escape(error));
                self.problem(root, Code::BrokenSchema, message, "fix the schema in its pack");
                return;
            }
        };
        let found = violations(validator, &self.tree, root);
        for violation in &found {
            self.violation(root, kind, violation);
        }
        for violation in found {
            // What stands there is refused, but what is absent from it spoils nothing else.
            if violation.code != Code::RequiredField && violation.node != root {
                self.tree.mark_invalid(violation.node);
            }
        }
        if let Some(id) = self.id(root, definition) {
            self.links(root, definition);
            self.records.push(Record { kind, id, source: 0, root, ambiguous: false });
        }
    }

    /// A record with the defaults of its kind for what it leaves out.
    fn with_defaults(&mut self, root: NodeId, kind: KindId) -> NodeId {
        let catalog = self.catalog;
        let node = self.tree.node(root);
        if catalog.defaults().is_empty() || node.at(&catalog.get(kind).id_field).is_none() {
            return root;
        }
        let defaults = self.defaults.entry(kind).or_insert_with(|| {
            catalog.defaults().of(kind).map(|default| self.tree.prepare(default.node)).collect()
        });
        let node = self.tree.node(root);
        let left_out: Vec<&Addition> =
            defaults.iter().filter(|default| node.get(default.key()).is_none()).collect();
        if left_out.is_empty() { root } else { self.tree.extended(root, &left_out) }
    }

    /// The id of a record, if it has one that reports may show.
    fn id(&mut self, root: NodeId, definition: &KindDefinition) -> Option<Arc<str>> {
        let field = &definition.id_field;
        let node = self.tree.node(root).at(field);
        let usable = |id: &Node<'_>| id.as_str().is_some_and(|s| !s.is_empty()) && !id.is_invalid();
        let Some(id) = node.filter(usable) else {
            // The schema has said so already where it requires the id.
            let said = definition.shape.field(field).is_some_and(|f| f.required);
            if node.is_none() && !said {
                let message = format!("missing field `{field}`");
                self.problem(root, Code::RequiredField, message, "give the record an id");
            }
            return None;
        };
        let (node, text): (NodeId, Arc<str>) = (id.id(), id.text().into());
        if text.len() > LONGEST_ID {
            let message = format!("`{field}` is {} bytes long; an id is at most {LONGEST_ID}", text.len());
            self.problem(node, Code::InvalidValue, message, "give the record a short id");
            return None;
        }
        if !is_plausible_id(&text) {
            let message = format!("`{field}` has a blank, an `@` or a hidden character");
            let help =
                "an id is a plain word such as W-1042: no name and no e-mail address, for reports show it";
            self.problem(node, Code::InvalidValue, message, help);
            return None;
        }
        Some(text)
    }

    /// Notes a value that is taken for not recorded.
    fn says_nothing(&mut self, root: NodeId, definition: &KindDefinition, node: NodeId) {
        let place = self.tree.node(node).place(self.path);
        let tree = &self.tree;
        self.problems.push(place, Code::Placeholder, |place| {
            let path = definition.shape.path(tree.node(root), node);
            let is_list = !path.ends_with(']');
            let inventory =
                is_list && definition.shape.at(&strip_indexes(&path)).is_some_and(|shape| shape.inventory);
            let (message, help) = match inventory {
                true => ("is an empty list, which shows nothing", "record what was found"),
                false => ("says nothing", "record what is known, or leave the field out"),
            };
            Problem::new(
                Code::Placeholder,
                place,
                format!("`{path}` {message}: it counts as not recorded"),
                help,
            )
        });
    }

    fn violation(&mut self, root: NodeId, kind: KindId, violation: &Violation) {
        let mut node = self.tree.node(violation.node);
        if node.is_added() {
            node = self.tree.node(root);
        }
        let place = match violation.unknown {
            Some(_) => node.key_place(self.path),
            None => node.place(self.path),
        };
        let (definition, tree) = (self.catalog.get(kind), &self.tree);
        self.problems.push(place, violation.code, |place| {
            let (message, help) = words(definition, tree.node(root), violation);
            Problem::new(violation.code, place, message, help)
        });
    }

    /// Collects what the record points to.
    fn links(&mut self, root: NodeId, definition: &KindDefinition) {
        // The SHA-256 beside the reference that is looked at next.
        let mut stated: HashMap<NodeId, NodeId> = HashMap::new();
        let mut dated: HashMap<NodeId, NodeId> = HashMap::new();
        let (catalog, references, documents) = (self.catalog, &mut self.references, &mut self.documents);
        definition.shape.walk(self.tree.node(root), &mut |shape, node| {
            if node.is_invalid() {
                return;
            }
            if node.as_str().is_none() {
                let text = |name: &str| node.get(name).filter(|n| n.as_str().is_some() && !n.is_invalid());
                if let Some(reference) = node.get("ref") {
                    stated.extend(text("sha256").map(|hash| (reference.id(), hash.id())));
                    dated.extend(text("dated_on").map(|day| (reference.id(), day.id())));
                }
                return;
            }
            if let Some(kind) = shape.reference.as_deref().and_then(|name| catalog.find(name)) {
                references.push(Reference { kind, node: node.id(), shown: shape.is_shown() });
            }
            if shape.evidence && !node.text().contains("://") {
                documents.push(EvidenceDocument {
                    node: node.id(),
                    stated: stated.remove(&node.id()),
                    dated: dated.remove(&node.id()),
                    shown: shape.is_shown(),
                });
            }
        });
    }
}

/// Fields that no record has, because no check may look at them.
const NEVER_RECORDED: &[&str] = &[
    "accent",
    "age",
    "appearance",
    "birthplace",
    "citizenship",
    "country_of_birth",
    "country_of_origin",
    "ethnicity",
    "gender",
    "language",
    "languages",
    "mother_tongue",
    "nationality",
    "native_language",
    "origin",
    "place_of_birth",
    "race",
    "religion",
    "sex",
];
const NO_ORIGIN: &str =
    "remove it: duly never records or looks at nationality, origin, language, age or appearance";

/// What a schema refuses, and what to do about it.
fn words(definition: &KindDefinition, root: Node<'_>, violation: &Violation) -> (String, String) {
    if let Some((unknown, parent)) = &violation.unknown {
        let parent = strip_indexes(&definition.shape.path(root, *parent));
        let mut shape = Some(&*definition.shape);
        if !parent.is_empty() {
            shape = definition.shape.at(&parent);
        }
        while let Some(FieldType::List(items)) = shape.map(|s| &s.form) {
            shape = Some(items);
        }
        let known: Vec<&str> = match shape.map(|s| &s.form) {
            Some(FieldType::Object(fields)) => fields.iter().map(|f| f.name.as_str()).collect(),
            _ => Vec::new(),
        };
        let list = || format!("`duly schema {}` lists the fields", definition.name);
        let unknown_field = named(unknown, "this key");
        let message = match parent.is_empty() {
            true => format!("{unknown_field} {}", violation.message),
            false => format!("{unknown_field} is not a field of `{}`", escape(&parent)),
        };
        if NEVER_RECORDED.contains(&unknown.to_lowercase().as_str()) {
            return (message, NO_ORIGIN.to_owned());
        }
        return (message, did_you_mean(unknown, known, list));
    }
    let whole = violation.node == root.id();
    let field = definition.shape.path(root, violation.node);
    let subject = if whole { format!("this {}", definition.name) } else { format!("`{}`", escape(&field)) };
    let message = match violation.code {
        Code::RequiredField => format!("{subject}: {}", violation.message),
        _ => format!("{subject} {}", violation.message),
    };
    let described = if whole { None } else { definition.shape.at(&strip_indexes(&field)) };
    let help = match described.map(|s| s.description.as_str()).filter(|d| !d.is_empty()) {
        _ if is_of_hash(violation) => not_a_sha256(root.tree().node(violation.node).text()),
        Some(description) => first_sentence(description),
        None => format!("`duly schema {}` describes the fields", definition.name),
    };
    (message, help)
}

/// Whether what is refused should be a SHA-256.
fn is_of_hash(violation: &Violation) -> bool {
    violation.message.ends_with("^[0-9a-f]{64}$")
}

/// What a text is that is no SHA-256, in the one spelling of hashes.
fn not_a_sha256(text: &str) -> String {
    let is_hex = text.bytes().all(|b| b.is_ascii_hexdigit());
    let other = match text.len() {
        32 => "MD5",
        40 => "SHA-1",
        56 => "SHA-224",
        96 => "SHA-384",
        128 => "SHA-512",
        _ => "",
    };
    match text.len() {
        44 if text.ends_with('=') => "it is in Base64: write it as 64 hexadecimal digits".to_owned(),
        n if is_hex && !other.is_empty() => {
            format!("{n} digits are those of {other}: write the SHA-256, 64 digits")
        }
        n if is_hex => format!("a SHA-256 has 64 digits, not {n}"),
        _ => "a SHA-256 is 64 digits, 0 to 9 and a to f".to_owned(),
    }
}

fn first_sentence(text: &str) -> String {
    let text = text.replace('\n', " ");
    text.split_once(". ").map_or(text.clone(), |(first, _)| format!("{first}."))
}

/// `a[0].b` as `a.b`.
fn strip_indexes(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}
