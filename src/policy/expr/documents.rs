//! What the documents of a state are named as evidence of.

use std::collections::{BTreeSet, HashMap};

use crate::records::{FieldType, RecordSet, Shape};
use crate::text::digest;
use crate::tree::{Node, Tag};

/// Files of duly itself, which are no evidence of anything.
pub const NO_EVIDENCE: [&str; 2] = ["duly.yaml", "duly-baseline.yaml"];

/// The path of the repository in a reference to a document.
pub fn evidence_path(reference: &str) -> &str {
    let path = reference.trim_start_matches("./");
    path.split('#').next().unwrap_or(path)
}

/// The fields that name each document, by what tells it from others: its SHA-256, else its address.
#[derive(Debug, Default)]
pub(super) struct DocumentIndex(HashMap<Box<str>, BTreeSet<Box<str>>>);

impl DocumentIndex {
    pub(super) fn build(set: &RecordSet, files: &HashMap<String, String>) -> Self {
        let mut index = DocumentIndex::default();
        for (kind, definition) in set.catalog.iter() {
            for record in set.of_kind(kind) {
                index.add(&definition.shape, set.root(record), &definition.name, files);
            }
        }
        index
    }

    fn add(&mut self, shape: &Shape, node: Node<'_>, path: &str, files: &HashMap<String, String>) {
        match (&shape.form, node.tag()) {
            (FieldType::Object(fields), Tag::Map) => {
                if fields.iter().any(|field| field.name == "ref" && field.shape.evidence)
                    && let Some(key) = document_key(node, |path| files.get(path).map(String::as_str))
                {
                    self.0.entry(key.into()).or_default().insert(path.into());
                }
                for child in node.children() {
                    if let Some(field) = fields.iter().find(|field| field.name == child.key())
                        && matches!(field.shape.form, FieldType::Object(_) | FieldType::List(_))
                    {
                        self.add(&field.shape, child, &format!("{path}.{}", field.name), files);
                    }
                }
            }
            (FieldType::List(items), Tag::Seq) => {
                for child in node.children() {
                    self.add(items, child, path, files);
                }
            }
            _ => {}
        }
    }

    /// The fields that name a document, as `worker.own_check.document`, in order.
    pub(super) fn uses(&self, key: &str) -> impl ExactSizeIterator<Item = &str> {
        static NONE: BTreeSet<Box<str>> = BTreeSet::new();
        self.0.get(key).unwrap_or(&NONE).iter().map(|path| &**path)
    }
}

/// What tells the document that an object names from others; none where it names none, or one that says nothing.
pub(super) fn document_key<'k>(
    node: Node<'k>,
    digest_of: impl FnOnce(&str) -> Option<&'k str>,
) -> Option<String> {
    let text = |name: &str| node.get(name).filter(|n| n.as_str().is_some() && !n.is_invalid());
    let reference = text("ref")?;
    match (digest_of(evidence_path(reference.text())), text("sha256")) {
        (Some(actual), _) if digest::is_of_nothing(actual) => None,
        (Some(actual), _) => Some(actual.to_ascii_lowercase()),
        (None, Some(stated)) => Some(stated.text().to_owned()),
        (None, None) => Some(reference.text().to_owned()),
    }
}
