//! The nodes of a tree, in document order, and views of them.

mod additions;

use std::collections::HashMap;
use std::sync::OnceLock;

use super::scalar::{Tag, integer};
use crate::diagnostics::Place;
use crate::text::{Lines, line_around};
pub use additions::Addition;

/// Index of a node in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

const COOKED: u8 = 1;
const COOKED_KEY: u8 = 2;
const INVALID: u8 = 4;
const PLAIN: u8 = 8;
const ALIASED: u8 = 16;
/// Marks what was added.
const ADDED: u8 = 128;
const WIDE: u8 = 32;
const HAPPENED: u8 = 64;

/// Children of a container above which they are indexed.
const MANY_CHILDREN: usize = 64;

/// 16 bytes. A scalar's `extent` is its length in bytes, or, when its text differs from the source
/// (escapes, folding), an index into the tree's cooked texts; a container's is the index behind its
/// last descendant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raw {
    pub(super) start: u32,
    pub(super) extent: u32,
    pub(super) key: u32,
    pub(super) key_len: u16,
    pub(super) tag: Tag,
    pub(super) flags: u8,
}

#[derive(Debug)]
pub(super) struct Cooked {
    pub(super) text: Box<str>,
    /// Bytes of source it stands on.
    pub(super) len: u32,
}

/// The children of a container that has many.
#[derive(Debug)]
struct Wide {
    in_order: Box<[NodeId]>,
    /// The members of a mapping, ordered by key; empty for a list.
    by_key: Box<[NodeId]>,
}

/// One document of a file.
#[derive(Debug, Clone, Copy)]
pub struct Document {
    pub root: NodeId,
}

/// The nodes that a builder made of a text.
#[derive(Debug, Default)]
pub struct Built {
    pub(super) nodes: Vec<Raw>,
    pub(super) cooked: Vec<Cooked>,
    pub(super) documents: Vec<Document>,
    /// Containers with many children.
    pub(super) containers: Vec<NodeId>,
}

/// A file's text and nodes.
#[derive(Debug, Default)]
pub struct Tree {
    text: String,
    nodes: Vec<Raw>,
    cooked: Vec<Cooked>,
    documents: Vec<Document>,
    wide: HashMap<NodeId, Wide>,
    lines: OnceLock<Lines>,
}

impl Tree {
    /// A text with what a builder made of it.
    pub fn new(text: String, built: Built) -> Self {
        let Built { mut nodes, mut cooked, documents, containers } = built;
        nodes.shrink_to_fit();
        cooked.shrink_to_fit();
        let mut tree = Tree { text, nodes, cooked, documents, ..Tree::default() };
        tree.index(containers);
        tree
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { tree: self, id }
    }

    /// A node and all below it, in document order.
    pub fn below(&self, id: NodeId) -> impl Iterator<Item = Node<'_>> {
        (id.0..self.next_sibling(id)).map(|i| self.node(NodeId(i)))
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.text))
    }

    /// Line and column, both from 1, the column in characters.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        self.lines().line_column(&self.text, offset)
    }

    /// The offset of a line and column, both from 1, behind that of the line's start; none beyond the text.
    pub fn offset(&self, line: u32, column: u32) -> Option<(u32, u32)> {
        self.lines().offset(&self.text, line, column)
    }

    /// Bytes of a line (from 1) without its line break; empty beyond the end.
    pub fn line_span(&self, line: u32) -> std::ops::Range<u32> {
        self.lines().span(&self.text, line)
    }

    /// The part of the line around `offset` that lies within `reach` bytes before and behind it, without
    /// its line break.
    pub fn line_around(&self, offset: u32, reach: u32) -> std::ops::Range<u32> {
        line_around(&self.text, offset, reach)
    }

    /// Whether a line starts at `offset`.
    pub fn starts_line(&self, offset: u32) -> bool {
        offset == 0 || self.text.as_bytes().get(offset as usize - 1) == Some(&b'\n')
    }

    /// Whether a line ends at `offset`.
    pub fn ends_line(&self, offset: u32) -> bool {
        self.text.as_bytes().get(offset as usize).is_none_or(|byte| matches!(byte, b'\n' | b'\r'))
    }

    /// Indexes the containers with many children, so that looking one up costs no more than in others.
    fn index(&mut self, containers: Vec<NodeId>) {
        for id in containers {
            let in_order: Box<[NodeId]> = self.node(id).children().map(|child| child.id()).collect();
            let mut by_key: Box<[NodeId]> = Box::default();
            if self.node(id).tag() == Tag::Map {
                by_key = in_order.clone();
                by_key.sort_by(|a, b| self.node(*a).key().cmp(self.node(*b).key()));
            }
            self.wide.insert(id, Wide { in_order, by_key });
            self.nodes[id.0 as usize].flags |= WIDE;
        }
    }

    /// Marks a node and all below it as not to be trusted: its schema refuses it.
    pub fn mark_invalid(&mut self, id: NodeId) {
        let end = self.next_sibling(id);
        for raw in &mut self.nodes[id.0 as usize..end as usize] {
            raw.flags |= INVALID;
        }
    }

    /// Marks a text as the day of something that has happened.
    pub fn mark_past_only(&mut self, id: NodeId) {
        self.nodes[id.0 as usize].flags |= HAPPENED;
    }

    /// Turns a plain scalar into the text it was written as.
    pub fn make_text(&mut self, id: NodeId) {
        let raw = &mut self.nodes[id.0 as usize];
        if matches!(raw.tag, Tag::Bool | Tag::Int | Tag::Float) {
            raw.tag = Tag::Str;
        }
    }

    /// Takes a scalar, or an empty list, for a value that was left out.
    pub fn make_null(&mut self, id: NodeId) {
        let end = self.next_sibling(id);
        let span = self.node(id).span();
        let raw = &mut self.nodes[id.0 as usize];
        debug_assert_eq!(end, id.0 + 1);
        if matches!(raw.tag, Tag::Seq | Tag::Map) {
            raw.extent = span.end - span.start;
        }
        raw.tag = Tag::Null;
    }

    /// Gives a text another spelling than the source has.
    pub fn respell(&mut self, id: NodeId, text: String) {
        let span = self.node(id).span();
        let raw = &mut self.nodes[id.0 as usize];
        if raw.tag == Tag::Str {
            raw.cook(self.cooked.len() as u32);
            self.cooked.push(Cooked { text: text.into(), len: span.end - span.start });
        }
    }

    /// Keeps a text that is not in the source as it is.
    fn keep(&mut self, text: &str, len: u32) -> u32 {
        self.cooked.push(Cooked { text: text.into(), len });
        self.cooked.len() as u32 - 1
    }

    fn next_sibling(&self, id: NodeId) -> u32 {
        self.nodes[id.0 as usize].end(id.0)
    }
}

impl Raw {
    /// The index behind its last descendant, given its own.
    pub(super) fn end(&self, index: u32) -> u32 {
        match self.tag {
            Tag::Seq | Tag::Map => self.extent,
            _ => index + 1,
        }
    }

    pub(super) fn scalar(start: u32, len: u32, tag: Tag, plain: bool) -> Self {
        let flags = if plain { PLAIN } else { 0 };
        Raw { start, extent: len, key: 0, key_len: 0, tag, flags }
    }

    pub(super) fn cook(&mut self, index: u32) {
        self.extent = index;
        self.flags |= COOKED;
    }

    pub(super) fn set_key(&mut self, start: u32, len: u16, cooked: bool) {
        self.key = start;
        self.key_len = len;
        self.flags &= !COOKED_KEY;
        if cooked {
            self.flags |= COOKED_KEY;
        }
    }

    /// The copy of a node at an alias.
    pub(super) fn set_aliased(&mut self) {
        self.flags |= ALIASED;
        self.flags &= !WIDE;
    }

    /// Whether a container with so many children is indexed.
    pub(super) fn is_wide(children: usize) -> bool {
        children > MANY_CHILDREN
    }
}

/// A borrowed view of one node.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    tree: &'a Tree,
    id: NodeId,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Node({:?}@{})", self.tag(), self.raw().start)
    }
}

impl<'a> Node<'a> {
    fn raw(&self) -> &'a Raw {
        &self.tree.nodes[self.id.0 as usize]
    }

    pub fn tree(&self) -> &'a Tree {
        self.tree
    }

    pub fn id(&self) -> NodeId {
        self.id
    }

    pub fn tag(&self) -> Tag {
        self.raw().tag
    }

    /// Refused by the schema of its record.
    pub fn is_invalid(&self) -> bool {
        self.raw().flags & INVALID != 0
    }

    /// The day of something that has happened: not after the day of an audit.
    pub fn is_past_only(&self) -> bool {
        self.raw().flags & HAPPENED != 0
    }

    /// Written without quotes.
    pub fn is_plain(&self) -> bool {
        self.raw().flags & PLAIN != 0
    }

    /// Reached through a YAML alias: the value is at its anchor.
    pub fn is_aliased(&self) -> bool {
        self.raw().flags & ALIASED != 0
    }

    /// The text of a scalar after unescaping; empty for a container.
    pub fn text(&self) -> &'a str {
        let raw = self.raw();
        match raw.tag {
            Tag::Seq | Tag::Map => "",
            _ if raw.flags & COOKED != 0 => &self.tree.cooked[raw.extent as usize].text,
            _ => &self.tree.text[raw.start as usize..(raw.start + raw.extent) as usize],
        }
    }

    /// The key under which this node stands in a mapping; empty elsewhere.
    pub fn key(&self) -> &'a str {
        let raw = self.raw();
        if raw.flags & COOKED_KEY != 0 {
            &self.tree.cooked[raw.key as usize].text
        } else {
            &self.tree.text[raw.key as usize..raw.key as usize + raw.key_len as usize]
        }
    }

    /// Whether it stands under this key in a mapping.
    fn has_key(&self, key: &str) -> bool {
        let raw = self.raw();
        if raw.flags & COOKED_KEY != 0 {
            return self.key() == key;
        }
        let (start, key) = (raw.key as usize, key.as_bytes());
        // Most keys differ in length, and most of the others in their last byte.
        usize::from(raw.key_len) == key.len()
            && (self.tree.text.as_bytes().get(start..start + key.len()))
                .is_some_and(|own| own.last() == key.last() && own == key)
    }

    /// Bytes of the key in the source; empty when there is none.
    pub fn key_span(&self) -> std::ops::Range<u32> {
        let raw = self.raw();
        if raw.flags & COOKED_KEY != 0 {
            // The key's own position is kept as the length of its cooked text's source.
            let start = self.tree.cooked[raw.key as usize].len;
            return start..start + u32::from(raw.key_len);
        }
        raw.key..raw.key + u32::from(raw.key_len)
    }

    /// Bytes of the value in the source; a container's reaches to the end of its last scalar.
    pub fn span(&self) -> std::ops::Range<u32> {
        let raw = self.raw();
        match raw.tag {
            Tag::Seq | Tag::Map => {
                let end = (self.id.0 + 1..raw.extent)
                    .rev()
                    .map(|i| self.tree.node(NodeId(i)))
                    .find(|n| {
                        !matches!(n.tag(), Tag::Seq | Tag::Map) && n.raw().flags & (ALIASED | ADDED) == 0
                    })
                    .map_or(raw.start, |n| n.span().end);
                raw.start..end.max(raw.start)
            }
            _ if raw.flags & COOKED != 0 => raw.start..raw.start + self.tree.cooked[raw.extent as usize].len,
            _ => raw.start..raw.start + raw.extent,
        }
    }

    /// Where the value starts in the source.
    pub fn start(&self) -> u32 {
        self.raw().start
    }

    /// Where a reader should look for this node: its value, or its key when the value is empty or a
    /// container.
    pub fn label_span(&self) -> std::ops::Range<u32> {
        let key = self.key_span();
        let container = matches!(self.tag(), Tag::Seq | Tag::Map);
        if container && !key.is_empty() {
            return key;
        }
        let span = self.span();
        if (container || span.is_empty() || self.is_aliased()) && !key.is_empty() { key } else { span }
    }

    /// Where a reader should look for this node, in the file with this path.
    pub fn place(&self, path: &str) -> Place {
        Place::at(path, self.tree.line_column(self.label_span().start))
    }

    /// Where the key of this node stands; the value, where it has no key.
    pub fn key_place(&self, path: &str) -> Place {
        let key = self.key_span();
        let start = if key.is_empty() { self.start() } else { key.start };
        Place::at(path, self.tree.line_column(start))
    }

    pub fn children(&self) -> Children<'a> {
        let end = self.raw().end(self.id.0);
        Children { tree: self.tree, next: self.id.0 + 1, end }
    }

    /// The member `key` of a mapping, unless it is absent or null.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        if self.tag() != Tag::Map {
            return None;
        }
        self.member(key).filter(|c| c.tag() != Tag::Null)
    }

    /// The member `key` of a mapping, null or not.
    pub fn member(&self, key: &str) -> Option<Node<'a>> {
        match self.wide() {
            None => self.children().find(|c| c.has_key(key)),
            Some(wide) => {
                let found = wide.by_key.binary_search_by(|id| self.tree.node(*id).key().cmp(key)).ok()?;
                Some(self.tree.node(wide.by_key[found]))
            }
        }
    }

    /// The child with this index, from 0.
    pub fn child(&self, index: usize) -> Option<Node<'a>> {
        match self.wide() {
            None => self.children().nth(index),
            Some(wide) => wide.in_order.get(index).map(|id| self.tree.node(*id)),
        }
    }

    /// The child that is `below` or holds it, with its index.
    pub fn child_towards(&self, below: NodeId) -> Option<(usize, Node<'a>)> {
        match self.wide() {
            None => self.children().enumerate().take_while(|(_, child)| child.id() <= below).last(),
            Some(wide) => {
                let index = wide.in_order.partition_point(|id| *id <= below).checked_sub(1)?;
                Some((index, self.tree.node(wide.in_order[index])))
            }
        }
    }

    /// The children at and after `offset` of the source; the first ones may start a little before it.
    pub fn children_behind(&self, offset: u32) -> Children<'a> {
        let mut children = self.children();
        if let Some(wide) = self.wide() {
            let starts_before = |id: &NodeId| {
                let child = self.tree.node(*id);
                let key = child.key_span();
                if key.is_empty() { child.start() <= offset } else { key.start <= offset }
            };
            let index = wide.in_order.partition_point(starts_before).saturating_sub(1);
            children.next = wide.in_order.get(index).map_or(children.end, |id| id.0);
        }
        children
    }

    fn wide(&self) -> Option<&'a Wide> {
        if self.raw().flags & WIDE == 0 { None } else { self.tree.wide.get(&self.id) }
    }

    /// The node at a dotted path below this one (`bank.routing_number`); list elements are not
    /// addressed.
    pub fn at(&self, path: &str) -> Option<Node<'a>> {
        path.split('.').try_fold(*self, |node, part| node.get(part))
    }

    pub fn as_bool(&self) -> Option<bool> {
        (self.tag() == Tag::Bool).then(|| self.text().eq_ignore_ascii_case("true"))
    }

    pub fn as_i64(&self) -> Option<i64> {
        (self.tag() == Tag::Int).then(|| integer(self.text()))?
    }

    pub fn as_f64(&self) -> Option<f64> {
        match self.tag() {
            Tag::Int => self.as_i64().map(|i| i as f64),
            Tag::Float => self.text().parse().ok(),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&'a str> {
        (self.tag() == Tag::Str).then(|| self.text())
    }
}

/// The children of a container, in document order.
pub struct Children<'a> {
    tree: &'a Tree,
    next: u32,
    end: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        if self.next >= self.end {
            return None;
        }
        let id = NodeId(self.next);
        self.next = self.tree.next_sibling(id);
        Some(self.tree.node(id))
    }
}
