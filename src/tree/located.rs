//! Where the parts of one file stand, by their path of keys and indexes.

use super::node::{Node, Tree};
use super::scalar::Tag;
use crate::diagnostics::Place;

/// A tree with the path of its file. Parts are named by keys and, in lists, by indexes from 0:
/// `["checks", "2", "require"]`.
#[derive(Debug, Clone, Copy)]
pub struct Located<'t> {
    pub path: &'t str,
    pub tree: &'t Tree,
}

impl<'t> Located<'t> {
    /// The value of the first document.
    pub fn root(&self) -> Option<Node<'t>> {
        self.tree.documents().first().map(|document| self.tree.node(document.root))
    }

    /// The node of a part; none for one that is absent or null.
    pub fn node(&self, path: &[&str]) -> Option<Node<'t>> {
        path.iter().try_fold(self.root()?, |node, part| step(node, part)).filter(|n| n.tag() != Tag::Null)
    }

    /// The place of a part's value; of the deepest part on the way to it, where it is not there.
    pub fn place(&self, path: &[&str]) -> Place {
        self.deepest(path).map_or_else(|| Place::file(self.path), |node| node.place(self.path))
    }

    /// The place of a part's key; of the deepest part on the way to it, where it is not there.
    pub fn key_place(&self, path: &[&str]) -> Place {
        self.deepest(path).map_or_else(|| Place::file(self.path), |node| node.key_place(self.path))
    }

    /// The place of an offset inside the text of a scalar: exact where the text stands in the file as it
    /// is, otherwise found by the words at the offset.
    pub fn place_inside(&self, path: &[&str], text: &str, offset: usize) -> Place {
        let Some(node) = self.node(path) else {
            return Place::file(self.path);
        };
        let span = node.span();
        let source = &self.tree.text()[span.start as usize..span.end as usize];
        let mut at = offset;
        if source != text {
            // Folding replaces line breaks by spaces: count what is no white space.
            let count = text.get(..offset).unwrap_or(text).chars().filter(|c| !c.is_whitespace()).count();
            let body = source.find('\n').filter(|_| source.starts_with(['>', '|'])).unwrap_or_default();
            let found = source[body..].char_indices().filter(|(_, c)| !c.is_whitespace()).nth(count);
            at = body + found.map_or(0, |(i, _)| i);
        }
        Place::at(self.path, self.tree.line_column(span.start + at as u32))
    }

    fn deepest(&self, path: &[&str]) -> Option<Node<'t>> {
        let mut node = self.root()?;
        for part in path {
            match step(node, part) {
                Some(next) => node = next,
                None => break,
            }
        }
        Some(node)
    }
}

fn step<'t>(node: Node<'t>, part: &str) -> Option<Node<'t>> {
    match node.tag() {
        Tag::Seq => node.child(part.parse().ok()?),
        _ => node.member(part),
    }
}
