//! Native records: mappings with a `kind` and an `id`, in YAML, JSON or JSON Lines. A document is one record, a list
//! of records, or a mapping with nothing but a list of `records`.

use super::foreign::{other_format, own_schema};
use super::format::Format;
use crate::diagnostics::{Code, Place, Problem};
use crate::records::{Admission, Admitted, Catalog, NamesKind};
use crate::text::{count, decode};
use crate::tree::{Node, NodeId, Tag, Tree, parse, parse_json, parse_json_lines};

/// The `format` of a saved report, which may lie among the records it is about.
pub(crate) const SAVED_REPORT: &str = "duly-assessment";

/// What is said of a file that duly itself wrote, and that holds no records.
const OF_DULY: [Code; 2] = [Code::SavedReport, Code::SavedSchema];

/// Whether the bytes are a schema that duly wrote, and nothing else.
pub(crate) fn is_own_schema(path: &str, bytes: &[u8], catalog: &Catalog) -> bool {
    let admitted = admit(path, bytes.to_vec(), Format::Json, catalog);
    admitted.records.is_empty()
        && !admitted.problems.is_empty()
        && admitted.problems.iter().all(|problem| problem.code == Code::SavedSchema)
}

/// Reads the bytes of a file of native records.
pub(super) fn read(path: &str, bytes: Vec<u8>, format: Format, catalog: &Catalog) -> Admitted {
    // What cannot be read as text may still have been meant for records.
    let refused = std::str::from_utf8(&bytes).is_err() || bytes.contains(&0);
    let raw = if refused { bytes.clone() } else { Vec::new() };
    let admitted = admit(path, bytes, format, catalog);
    let settled = !admitted.records.is_empty() || admitted.names_kind == NamesKind::Yes;
    // A report or schema of duly names the kinds of the records it is about.
    if settled || admitted.problems.iter().any(|p| OF_DULY.contains(&p.code)) {
        return admitted;
    }
    let written = if refused { &raw } else { admitted.tree.text().as_bytes() };
    match names_kind(written, catalog) {
        true => Admitted { names_kind: NamesKind::Yes, ..admitted },
        false => admitted,
    }
}

/// Whether a kind is named somewhere in bytes, in whatever encoding and whether or not they can be parsed:
/// `kind: worker` or `"kind": "worker"`.
pub(crate) fn names_kind(bytes: &[u8], catalog: &Catalog) -> bool {
    let text = String::from_utf8_lossy(bytes).replace('\0', "");
    if text.contains("apiVersion") {
        // Backstage has kinds of its own, some with the same names.
        return false;
    }
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices("kind").any(|(at, key)| {
        let before = text[..at].chars().next_back().is_some_and(is_word);
        let rest = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
        let Some(value) = rest.strip_prefix(':') else { return false };
        let value = value.trim_start().trim_start_matches(['"', '\'']);
        let word = &value[..value.find(|c| !is_word(c)).unwrap_or(value.len())];
        !before && word.len() < 64 && catalog.names().any(|name| name.eq_ignore_ascii_case(word))
    })
}

fn admit(path: &str, bytes: Vec<u8>, format: Format, catalog: &Catalog) -> Admitted {
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
    // An empty file is one in every format.
    let format = if text.trim().is_empty() { Format::Yaml } else { format };
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
    if let Some(node) = none_is_a_record(&admission, &found) {
        let entries = count(found.len(), "entry");
        match other_format(admission.tree().node(node)) {
            Some(format) => {
                let message = format!("holds {entries} of {format} and no record");
                admission.problem(node, Code::NotARecord, message, LEAVE_OUT);
            }
            None => {
                let message = format!("holds {entries} and no record: none has a `kind`");
                admission.problem(node, Code::NotARecord, message, WRITE_ONE);
            }
        }
        return admission.finish();
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

const WRITE_ONE: &str = "write `kind:` and `id:`, or ignore the file in duly.yaml with a reason";

const LEAVE_OUT: &str = "ignore it in duly.yaml with a reason, or name the files of records under `sources`";

/// The first of several entries where none could be a record: what is said once is not said of each.
fn none_is_a_record(admission: &Admission<'_>, found: &[Found]) -> Option<NodeId> {
    let [Found::Candidate(first), _, ..] = found else { return None };
    let format = other_format(admission.tree().node(*first));
    let could_be = |node: NodeId| {
        let node = admission.tree().node(node);
        let kind = node.children().find(|child| child.key().eq_ignore_ascii_case("kind"));
        match format {
            Some(_) => {
                other_format(node) != format || kind.is_some_and(|kind| admission.has_kind(kind.text()))
            }
            None => kind.is_some() || other_format(node).is_some() || node.get("format").is_some(),
        }
    };
    let none = found.iter().all(|one| matches!(one, Found::Candidate(node) if !could_be(*node)));
    none.then_some(*first)
}

fn candidate(admission: &mut Admission<'_>, root: NodeId) {
    let node = admission.tree().node(root);
    if node.tag() != Tag::Map {
        let message = "is not a record: a mapping with `kind` and `id` is expected";
        admission.problem(root, Code::NotARecord, message, WRITE_ONE);
        return;
    }
    let kind = node.get("kind");
    if own_schema(node).is_some() {
        admission.problem(
            root,
            Code::SavedSchema,
            "is a schema that duly wrote, and holds no records",
            "nothing to do: editors read it",
        );
        return;
    }
    if let Some(format) = other_format(node)
        && !kind.is_some_and(|kind| admission.has_kind(kind.text()))
    {
        let message = format!("is a file of {format}, not a record");
        admission.problem(root, Code::NotARecord, message, LEAVE_OUT);
        return;
    }
    match kind.map(|kind| kind.id()) {
        Some(kind) => admission.record_named(root, kind),
        None if node.get("format").is_some_and(|f| f.text() == SAVED_REPORT) => admission.problem_of_file(
            Code::SavedReport,
            "is the report of an audit, which holds no records",
            "keep reports elsewhere, or ignore them in duly.yaml with a reason",
        ),
        None => {
            let key = node.children().find(|child| child.key().eq_ignore_ascii_case("kind"));
            let help = key.map_or(WRITE_ONE.to_owned(), |key| format!("write `kind` for `{}`", key.key()));
            admission.problem(root, Code::NotARecord, "has no `kind`", help);
        }
    }
}
