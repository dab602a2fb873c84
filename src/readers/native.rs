//! Native records: YAML or JSON mappings with `kind` and `id`, alone, several documents to a file, in a
//! list, or in a list under `records`.

use std::collections::HashMap;
use std::sync::Arc;

use crate::records::{
    Catalog, Form, KindDefinition, KindId, Record, Violation, is_plausible_id, suggestion, violations,
};
use crate::text::{
    Impact, Node, NodeId, Place, Problem, ProblemList, Tag, Tree, decode, escape, named, parse, parse_json,
};

/// The `format` of a saved report, which may lie among the records it is about.
const SAVED_REPORT: &str = "duly-assessment";

/// Bytes of an id: it stands in the report once for each check.
const LONGEST_ID: usize = 1024;

/// What one file held.
#[derive(Debug)]
pub struct FileRecords {
    pub tree: Tree,
    /// With a source index of 0, for the caller to set.
    pub records: Vec<Record>,
    pub problems: Vec<Problem>,
    /// References to other records: kind and id, and the node they stand on.
    pub references: Vec<Reference>,
    /// Documents of the repository that records name as evidence.
    pub documents: Vec<Document>,
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
pub struct Document {
    pub node: NodeId,
    pub stated: Option<NodeId>,
    /// Whether the path may be shown where it is named.
    pub shown: bool,
}

/// Reads a file of native records.
pub fn read_file(path: &str, bytes: Vec<u8>, catalog: &Catalog) -> FileRecords {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(error) => {
            let (line, column) = match &error {
                crate::text::DecodeError::NotUtf8 { line, column, .. } => (*line, *column),
                crate::text::DecodeError::NotUtf16 { .. } => (1, 1),
            };
            let problem = Problem::new(
                Place { path: path.to_owned(), line, column },
                "not-text",
                Impact::Incomplete,
                error.to_string(),
                "save the file as UTF-8, or ignore it in duly.yaml with a reason",
            );
            return FileRecords {
                tree: Tree::default(),
                records: Vec::new(),
                problems: vec![problem],
                references: Vec::new(),
                documents: Vec::new(),
            };
        }
    };
    let json = path.rsplit('.').next().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let (tree, problems) = if json { parse_json(path, text) } else { parse(path, text) };
    let mut reader = Reader {
        path,
        catalog,
        problems: ProblemList::default(),
        out: FileRecords {
            tree,
            records: Vec::new(),
            problems,
            references: Vec::new(),
            documents: Vec::new(),
        },
    };
    reader.documents();
    for problem in std::mem::take(&mut reader.out.problems) {
        let (place, code, impact) = (problem.place.clone(), problem.code.clone(), problem.impact);
        reader.problems.push(place, &code, impact, |_| problem);
    }
    reader.out.problems = reader.problems.finish();
    reader.out
}

struct Reader<'a> {
    path: &'a str,
    catalog: &'a Catalog,
    problems: ProblemList,
    out: FileRecords,
}

impl Reader<'_> {
    fn documents(&mut self) {
        let roots: Vec<NodeId> = self.out.tree.documents().iter().map(|d| d.root).collect();
        let mut candidates = Vec::new();
        let mut empty = true;
        for root in roots {
            let node = self.out.tree.node(root);
            match node.tag() {
                Tag::Null => {}
                Tag::Seq => {
                    empty &= node.children().next().is_none();
                    candidates.extend(node.children().map(|child| child.id()));
                }
                Tag::Map if node.get("kind").is_none() && is_list(node.get("records")) => {
                    empty &= node.get("records").is_none_or(|list| list.children().next().is_none());
                    let others: Vec<NodeId> =
                        node.children().filter(|c| c.key() != "records").map(|c| c.id()).collect();
                    candidates
                        .extend(node.get("records").into_iter().flat_map(|l| l.children()).map(|c| c.id()));
                    for other in others {
                        self.problem(
                            other,
                            "unknown-field",
                            "stands beside `records` and is not read",
                            "put it into a record, or remove it",
                        );
                    }
                }
                _ => {
                    empty = false;
                    candidates.push(root);
                }
            }
        }
        if empty && self.out.problems.is_empty() {
            self.out.problems.push(Problem::new(
                Place::file(self.path),
                "no-records",
                Impact::Notice,
                "holds no record: the file is empty or has only comments",
                "write a record, remove the file, or ignore it in duly.yaml with a reason",
            ));
        }
        for candidate in candidates {
            self.record(candidate);
        }
    }

    fn place(&self, node: NodeId) -> Place {
        let (line, column) = self.out.tree.line_column(self.out.tree.node(node).label_span().start);
        Place { path: self.path.to_owned(), line, column }
    }

    fn problem(&mut self, node: NodeId, code: &str, message: impl Into<String>, help: impl Into<String>) {
        let place = self.place(node);
        self.problem_at(place, code, message, help);
    }

    fn problem_at(&mut self, place: Place, code: &str, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(place, code, Impact::Incomplete, |place| {
            Problem::new(place, code, Impact::Incomplete, message, help)
        });
    }

    fn record(&mut self, root: NodeId) {
        let node = self.out.tree.node(root);
        if node.tag() != Tag::Map {
            self.problem(
                root,
                "not-a-record",
                "is no record: a mapping with `kind` and `id` is expected",
                "write `kind:` and `id:`, or ignore the file in duly.yaml with a reason",
            );
            return;
        }
        let Some(kind_node) = node.get("kind") else {
            if node.get("format").is_some_and(|f| f.text() == SAVED_REPORT) {
                self.out.problems.push(Problem::new(
                    Place::file(self.path),
                    "saved-report",
                    Impact::Notice,
                    "is the report of an audit, which holds no records",
                    "keep reports elsewhere, or ignore them in duly.yaml with a reason",
                ));
                return;
            }
            self.problem(
                root,
                "not-a-record",
                "has no `kind`, so nobody knows what it says",
                "write `kind:` and `id:`, or ignore the file in duly.yaml with a reason",
            );
            return;
        };
        let name = kind_node.text();
        let Some(kind) = self.catalog.find(name) else {
            let message = format!("there is no kind {}", named(name, "that stands here"));
            let help = match suggestion(name, self.catalog.names()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => "`duly schema` lists the kinds".to_owned(),
            };
            self.problem(kind_node.id(), "unknown-kind", message, help);
            return;
        };
        let definition = self.catalog.get(kind);
        definition.shape.apply(&mut self.out.tree, root);
        let validator = match definition.validator() {
            Ok(validator) => validator,
            Err(error) => {
                let message = format!("the schema of `{}` is broken: {}", definition.name, escape(error));
                self.problem(root, "broken-schema", message, "mend the schema in its pack");
                return;
            }
        };
        let found = violations(validator, &self.out.tree, root);
        for violation in &found {
            self.violation(root, kind, violation);
        }
        for violation in found {
            // What stands there is refused, but what is absent from it spoils nothing else.
            if violation.code != "required-field" && violation.node != root {
                self.out.tree.mark_invalid(violation.node);
            }
        }
        let node = self.out.tree.node(root);
        let id = node.at(&definition.id_field);
        let Some(id) = id.filter(|id| id.as_str().is_some_and(|s| !s.is_empty()) && !id.is_invalid()) else {
            if id.is_none() {
                // The schema has said so already where it requires the id.
                let said = definition.shape.field(&definition.id_field).is_some_and(|f| f.required);
                if !said {
                    self.problem(
                        root,
                        "required-field",
                        format!("`{}` must be there", definition.id_field),
                        "give the record an id",
                    );
                }
            }
            return;
        };
        if id.text().len() > LONGEST_ID {
            let message = format!(
                "`{}` is {} bytes long; an id is at most {LONGEST_ID}",
                definition.id_field,
                id.text().len()
            );
            self.problem(id.id(), "invalid-value", message, "give the record a short id");
            return;
        }
        if !is_plausible_id(id.text()) {
            let message = format!("`{}` has a blank, an `@` or a hidden character", definition.id_field);
            self.problem(
                id.id(),
                "invalid-value",
                message,
                "an id is a plain word such as W-1042: no name and no e-mail address, for reports show it",
            );
            return;
        }
        let id: Arc<str> = id.text().into();
        self.links(kind, root);
        self.out.records.push(Record { kind, id, source: 0, root, ambiguous: false });
    }

    fn violation(&mut self, root: NodeId, kind: KindId, violation: &Violation) {
        let place = match violation.unknown {
            Some(_) => self.key_place(violation.node),
            None => self.place(violation.node),
        };
        let (definition, tree) = (self.catalog.get(kind), &self.out.tree);
        self.problems.push(place, violation.code, Impact::Incomplete, |place| {
            let (message, help) = words(definition, tree.node(root), violation);
            Problem::new(place, violation.code, Impact::Incomplete, message, help)
        });
    }

    fn key_place(&self, node: NodeId) -> Place {
        let node = self.out.tree.node(node);
        let span = if node.key_span().is_empty() { node.span() } else { node.key_span() };
        let (line, column) = self.out.tree.line_column(span.start);
        Place { path: self.path.to_owned(), line, column }
    }

    /// Collects what the record points to.
    fn links(&mut self, kind: KindId, root: NodeId) {
        let definition = self.catalog.get(kind);
        let mut references = Vec::new();
        let mut documents = Vec::new();
        // The SHA-256 beside the reference that is looked at next.
        let mut stated: HashMap<NodeId, NodeId> = HashMap::new();
        definition.shape.walk(self.out.tree.node(root), &mut |shape, node| {
            if node.is_invalid() {
                return;
            }
            if node.as_str().is_none() {
                let hash = node.get("sha256").filter(|n| n.as_str().is_some() && !n.is_invalid());
                if let (Some(hash), Some(reference)) = (hash, node.get("ref")) {
                    stated.insert(reference.id(), hash.id());
                }
                return;
            }
            if let Some(kind) = shape.reference.as_deref().and_then(|name| self.catalog.find(name)) {
                references.push(Reference { kind, node: node.id(), shown: shape.is_shown() });
            }
            if shape.evidence && !node.text().contains("://") {
                documents.push(Document {
                    node: node.id(),
                    stated: stated.remove(&node.id()),
                    shown: shape.is_shown(),
                });
            }
        });
        self.out.references.extend(references);
        self.out.documents.extend(documents);
    }
}

/// What a schema refuses, and what to do about it.
fn words(definition: &KindDefinition, root: Node<'_>, violation: &Violation) -> (String, String) {
    if let Some((unknown, parent)) = &violation.unknown {
        let parent = strip_indexes(&definition.shape.path(root, *parent));
        let mut shape = Some(&*definition.shape);
        if !parent.is_empty() {
            shape = definition.shape.at(&parent);
        }
        while let Some(Form::List(items)) = shape.map(|s| &s.form) {
            shape = Some(items);
        }
        let known: Vec<&str> = match shape.map(|s| &s.form) {
            Some(Form::Object(fields)) => fields.iter().map(|f| f.name.as_str()).collect(),
            _ => Vec::new(),
        };
        let help = match suggestion(unknown, known) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("`duly schema {}` lists the fields", definition.name),
        };
        return (format!("{} {}", named(unknown, "this key"), violation.message), help);
    }
    let whole = violation.node == root.id();
    let field = definition.shape.path(root, violation.node);
    let subject = if whole { format!("this {}", definition.name) } else { format!("`{}`", escape(&field)) };
    let message = match violation.code {
        "required-field" => format!("{subject}: {}", violation.message),
        _ => format!("{subject} {}", violation.message),
    };
    let described = if whole { None } else { definition.shape.at(&strip_indexes(&field)) };
    let help = match described.map(|s| s.description.as_str()).filter(|d| !d.is_empty()) {
        Some(description) => first_sentence(description),
        None => format!("`duly schema {}` describes the fields", definition.name),
    };
    (message, help)
}

fn is_list(node: Option<Node<'_>>) -> bool {
    node.is_some_and(|n| n.tag() == Tag::Seq)
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
