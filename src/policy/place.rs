//! Where things stand in a policy file.

use crate::text::{Node, Place, Tree};

/// A policy file's tree with its path.
pub(super) struct Located<'a> {
    pub path: &'a str,
    pub tree: &'a Tree,
}

impl<'a> Located<'a> {
    pub fn root(&self) -> Option<Node<'a>> {
        self.tree.documents().first().map(|d| self.tree.node(d.root))
    }

    /// The node at a path of keys and numbers: `["checks", "2", "require"]`.
    pub fn node(&self, path: &[&str]) -> Option<Node<'a>> {
        let mut node = self.root()?;
        for part in path {
            node = match part.parse::<usize>() {
                Ok(i) => node.children().nth(i)?,
                Err(_) => node.get(part)?,
            };
        }
        Some(node)
    }

    /// The place of the node at a path; of what it is missing from, when it is not there.
    pub fn place(&self, path: &[&str]) -> Place {
        match (self.node(path), path.split_last()) {
            (Some(node), _) => self.place_of(node.label_span().start),
            (None, Some((_, parent))) => self.place(parent),
            (None, None) => Place::file(self.path),
        }
    }

    /// The place of an offset inside the text of a scalar: exact where the text stands in the file as it
    /// is, otherwise found by the words at the offset.
    pub fn place_inside(&self, path: &[&str], text: &str, offset: usize) -> Place {
        let Some(node) = self.node(path) else {
            return Place::file(self.path);
        };
        let span = node.span();
        let source = &self.tree.text()[span.start as usize..span.end as usize];
        if source == text {
            return self.place_of(span.start + offset as u32);
        }
        // Folding replaces line breaks by spaces: count what is no white space.
        let count = text.get(..offset).unwrap_or(text).chars().filter(|c| !c.is_whitespace()).count();
        let body = source.find('\n').map_or(0, |i| if source.starts_with(['>', '|']) { i } else { 0 });
        let found = source[body..].char_indices().filter(|(_, c)| !c.is_whitespace()).nth(count);
        self.place_of(span.start + (body + found.map_or(0, |(i, _)| i)) as u32)
    }

    fn place_of(&self, offset: u32) -> Place {
        let (line, column) = self.tree.line_column(offset);
        Place { path: self.path.to_owned(), line, column }
    }
}
