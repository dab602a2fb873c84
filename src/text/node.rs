//! The tree: a file's text and its nodes in document order.

use std::collections::HashMap;
use std::sync::OnceLock;

/// What a node is. Plain scalars are typed by the YAML 1.2 core rules when read; a schema may then
/// ask for the text instead ([`Tree::make_text`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Tag {
    Null,
    Bool,
    Int,
    Float,
    Str,
    Seq,
    Map,
}

/// Index of a node in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

const COOKED: u8 = 1;
const COOKED_KEY: u8 = 2;
const INVALID: u8 = 4;
const PLAIN: u8 = 8;
const ALIASED: u8 = 16;
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

/// Bytes between two known positions.
const MARK_BYTES: usize = 4096;

/// A known position: the line an offset is on, where that line starts, and the characters between.
#[derive(Debug, Clone, Copy)]
struct Mark {
    offset: u32,
    line: u32,
    start: u32,
    chars: u32,
}

/// A file's text and nodes.
#[derive(Debug, Default)]
pub struct Tree {
    pub(super) text: String,
    pub(super) nodes: Vec<Raw>,
    pub(super) cooked: Vec<Cooked>,
    pub(super) documents: Vec<Document>,
    wide: HashMap<NodeId, Wide>,
    marks: OnceLock<Vec<Mark>>,
}

impl Tree {
    pub(super) fn new(text: String) -> Self {
        Tree { text, ..Tree::default() }
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

    /// Known positions every [`MARK_BYTES`]: looking one up costs no more in a large file, or in a file
    /// of one long line.
    fn marks(&self) -> &[Mark] {
        self.marks.get_or_init(|| {
            let mut mark = Mark { offset: 0, line: 1, start: 0, chars: 0 };
            let mut marks = vec![mark];
            while let Some(end) = self.boundary(mark.offset as usize + MARK_BYTES) {
                mark = self.advance(mark, end);
                marks.push(mark);
            }
            marks
        })
    }

    /// The first character boundary at or behind `at`; none at the end of the text.
    fn boundary(&self, at: usize) -> Option<usize> {
        (at..self.text.len()).find(|&i| self.text.is_char_boundary(i))
    }

    /// Moves a mark on to `offset`.
    fn advance(&self, mark: Mark, offset: usize) -> Mark {
        let from = mark.offset as usize;
        let part = &self.text.as_bytes()[from..offset];
        let breaks = part.iter().filter(|&&b| b == b'\n').count() as u32;
        let last = part.iter().rposition(|&b| b == b'\n');
        // The first byte of each character is no continuation byte.
        let chars = |bytes: &[u8]| bytes.iter().filter(|&&b| b & 0xc0 != 0x80).count() as u32;
        let (start, chars) = match last {
            Some(i) => ((from + i + 1) as u32, chars(&part[i + 1..])),
            None => (mark.start, mark.chars + chars(part)),
        };
        Mark { offset: offset as u32, line: mark.line + breaks, start, chars }
    }

    fn mark_at(&self, offset: u32) -> Mark {
        let offset = offset.min(self.text.len() as u32);
        let marks = self.marks();
        let near = marks.partition_point(|mark| mark.offset <= offset) - 1;
        self.advance(marks[near], offset as usize)
    }

    /// Line and column, both from 1, the column in characters.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let mark = self.mark_at(offset);
        (mark.line, mark.chars + 1)
    }

    /// The offset of a line and column, both from 1, behind that of the line's start; none beyond the text.
    pub fn offset(&self, line: u32, column: u32) -> Option<(u32, u32)> {
        let wanted = (line, column.checked_sub(1)?);
        let marks = self.marks();
        let near = marks.partition_point(|mark| (mark.line, mark.chars) <= wanted).checked_sub(1)?;
        let mut mark = marks[near];
        while mark.line < line {
            let end = self.text[mark.offset as usize..].find('\n')?;
            let start = mark.offset + end as u32 + 1;
            mark = Mark { offset: start, line: mark.line + 1, start, chars: 0 };
        }
        for c in self.text[mark.offset as usize..].chars() {
            if c == '\n' || mark.chars >= wanted.1 {
                break;
            }
            mark.offset += c.len_utf8() as u32;
            mark.chars += 1;
        }
        ((mark.line, mark.chars) == wanted).then_some((mark.start, mark.offset))
    }

    /// Bytes of a line (from 1) without its line break; empty beyond the end.
    pub fn line_span(&self, line: u32) -> std::ops::Range<u32> {
        let marks = self.marks();
        let near = marks.partition_point(|mark| mark.line < line).max(1) - 1;
        let (mut start, mut at) = (marks[near].start as usize, marks[near].line);
        while at < line {
            match self.text[start..].find('\n') {
                Some(i) => start += i + 1,
                None => return 0..0,
            }
            at += 1;
        }
        if at != line {
            return 0..0;
        }
        let end = self.text[start..].find('\n').map_or(self.text.len(), |i| start + i);
        let body = self.text[start..end].trim_end_matches('\r');
        start as u32..(start + body.len()) as u32
    }

    /// The part of the line around `offset` that lies within `reach` bytes before and behind it, without
    /// its line break.
    pub fn line_around(&self, offset: u32, reach: u32) -> std::ops::Range<u32> {
        let bytes = self.text.as_bytes();
        let offset = (offset as usize).min(bytes.len());
        let floor = offset.saturating_sub(reach as usize);
        let floor = (floor..=offset).find(|&i| self.text.is_char_boundary(i)).unwrap_or(offset);
        let start = bytes[floor..offset].iter().rposition(|&b| b == b'\n').map_or(floor, |i| floor + i + 1);
        let ceiling = self.boundary(offset + reach as usize).unwrap_or(bytes.len());
        let end = bytes[offset..ceiling].iter().position(|&b| b == b'\n').map_or(ceiling, |i| offset + i);
        let body = self.text[start..end].trim_end_matches('\r');
        start as u32..(start + body.len()) as u32
    }

    /// Whether a line starts at `offset`.
    pub fn starts_line(&self, offset: u32) -> bool {
        offset == 0 || self.text.as_bytes().get(offset as usize - 1) == Some(&b'\n')
    }

    /// Indexes the containers with many children, so that looking one up costs no more than in others.
    pub(super) fn index(&mut self, containers: Vec<NodeId>) {
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
    pub fn mark_happened(&mut self, id: NodeId) {
        self.nodes[id.0 as usize].flags |= HAPPENED;
    }

    /// Turns a plain scalar into the text it was written as.
    pub fn make_text(&mut self, id: NodeId) {
        let raw = &mut self.nodes[id.0 as usize];
        if matches!(raw.tag, Tag::Bool | Tag::Int | Tag::Float) {
            raw.tag = Tag::Str;
        }
    }

    /// Frees what reading reserved and did not use.
    pub fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.cooked.shrink_to_fit();
    }

    pub(super) fn next_sibling(&self, id: NodeId) -> u32 {
        let raw = &self.nodes[id.0 as usize];
        match raw.tag {
            Tag::Seq | Tag::Map => raw.extent,
            _ => id.0 + 1,
        }
    }
}

impl Raw {
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
    pub fn has_happened(&self) -> bool {
        self.raw().flags & HAPPENED != 0
    }

    /// Written without quotes.
    pub fn is_plain(&self) -> bool {
        self.raw().flags & PLAIN != 0
    }

    /// Reached through a YAML alias: the value stands at its anchor.
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
                    .find(|n| !matches!(n.tag(), Tag::Seq | Tag::Map) && !n.is_aliased())
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

    pub fn children(&self) -> Children<'a> {
        let raw = self.raw();
        let end = match raw.tag {
            Tag::Seq | Tag::Map => raw.extent,
            _ => self.id.0 + 1,
        };
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
            None => self.children().find(|c| c.key() == key),
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

    /// The children from the one on that stands at `offset` of the source; a few before it may be among
    /// them.
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

/// An integer by the YAML 1.2 core rules.
pub(super) fn integer(text: &str) -> Option<i64> {
    if let Some(hex) = text.strip_prefix("0x") {
        i64::from_str_radix(hex, 16).ok()
    } else if let Some(octal) = text.strip_prefix("0o") {
        i64::from_str_radix(octal, 8).ok()
    } else {
        text.parse().ok()
    }
}
