//! Native records: mappings with a `kind` and an `id`, in YAML, JSON or JSON Lines. A document is one record, a list
//! of records, or a mapping with nothing but a list of `records`.

use super::format::Format;
use crate::diagnostics::{Code, Place, Problem};
use crate::records::{Admission, Admitted, Catalog};
use crate::text::decode;
use crate::tree::{Node, NodeId, Tag, Tree, parse, parse_json, parse_json_lines};

/// The `format` of a saved report, which may lie among the records it is about.
const SAVED_REPORT: &str = "duly-assessment";

/// Reads the bytes of a file of native records.
pub(super) fn read(path: &str, bytes: Vec<u8>, format: Format, catalog: &Catalog) -> Admitted {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(error) => {
            let problem = Problem::new(
                Code::NotText,
                Place::at(path, error.line_column()),
                error.to_string(),
                "save the file as UTF-8, or ignore it in duly.yaml with a reason",
            );
            return Admission::new(path, catalog, Tree::default(), vec![problem]).finish();
        }
    };
    let (tree, problems) = match format {
        Format::Yaml => parse(path, text),
        Format::Json => parse_json(path, text),
        Format::JsonLines => parse_json_lines(path, text),
    };
    let whole = problems.is_empty();
    let found = find(&tree);
    let mut admission = Admission::new(path, catalog, tree, problems);
    if found.is_empty() && whole {
        admission.problem_of_file(
            Code::EmptyFile,
            "holds no record: the file is empty or has only comments",
            "write a record, remove the file, or ignore it in duly.yaml with a reason",
        );
    }
    for node in found {
        match node {
            Found::Candidate(node) => candidate(&mut admission, node),
            Found::Stray(node) => admission.problem(
                node,
                Code::UnknownField,
                "stands beside `records` and is not read",
                "put it into a record, or remove it",
            ),
        }
    }
    admission.finish()
}

/// What a document of a file holds.
enum Found {
    /// What should be a record.
    Candidate(NodeId),
    /// What stands beside a list of `records`.
    Stray(NodeId),
}

fn find(tree: &Tree) -> Vec<Found> {
    let mut found = Vec::new();
    for document in tree.documents() {
        let node = tree.node(document.root);
        let list =
            |list: Node<'_>| list.children().map(|child| Found::Candidate(child.id())).collect::<Vec<_>>();
        match node.tag() {
            Tag::Null => {}
            Tag::Seq => found.extend(list(node)),
            Tag::Map if node.get("kind").is_none() => match node.get("records") {
                Some(records) if records.tag() == Tag::Seq => {
                    let strays = node.children().filter(|child| child.key() != "records");
                    found.extend(strays.map(|child| Found::Stray(child.id())));
                    found.extend(list(records));
                }
                _ => found.push(Found::Candidate(node.id())),
            },
            _ => found.push(Found::Candidate(node.id())),
        }
    }
    found
}

fn candidate(admission: &mut Admission<'_>, root: NodeId) {
    let node = admission.tree().node(root);
    let write_one = "write `kind:` and `id:`, or ignore the file in duly.yaml with a reason";
    if node.tag() != Tag::Map {
        let message = "is not a record: a mapping with `kind` and `id` is expected";
        admission.problem(root, Code::NotARecord, message, write_one);
        return;
    }
    match node.get("kind").map(|kind| kind.id()) {
        Some(kind) => admission.record_named(root, kind),
        None if node.get("format").is_some_and(|f| f.text() == SAVED_REPORT) => admission.problem_of_file(
            Code::SavedReport,
            "is the report of an audit, which holds no records",
            "keep reports elsewhere, or ignore them in duly.yaml with a reason",
        ),
        None => admission.problem(root, Code::NotARecord, "has no `kind`", write_one),
    }
}
