//! Nodes from events: what every driver feeds, whatever the format of its file.
//!
//! A driver says where a document starts and ends, opens and closes containers, and names the key before each
//! value of a mapping. Spans are bytes of the text. What would let two readers disagree about a mapping, or
//! goes beyond the limits, is refused; a refused document is for the driver to discard.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::LIMITS;
use super::node::{Built, Cooked, Document, NodeId, Raw};
use super::scalar::Tag;
use crate::diagnostics::{Code, Diagnostic};
use crate::text::named;

/// Keys of a mapping compared one by one before a hash map is used.
const FEW_KEYS: usize = 24;

/// Why an event is refused, at an offset of the text.
pub(super) type Refusal = Diagnostic<u32>;

/// What can hold other values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    List,
    Mapping,
}

/// An open container.
struct Frame {
    node: usize,
    mapping: bool,
    /// The key read last, waiting for its value.
    key: Option<Key>,
    /// Where this mapping's keys begin among all open mappings' keys.
    keys: usize,
    /// Built once there are many keys.
    index: Option<HashMap<String, u32>>,
    children: usize,
}

#[derive(Clone, Copy)]
struct Key {
    start: u32,
    len: u16,
    cooked: Option<u32>,
}

/// The nodes of a text, as they are read.
pub struct Builder<'t> {
    text: &'t str,
    built: Built,
    frames: Vec<Frame>,
    keys: Vec<(Cow<'t, str>, u32)>,
    /// Index of the first node of the document that is being read.
    first: usize,
}

impl<'t> Builder<'t> {
    /// A builder for a text of at most 4 GiB.
    pub fn new(text: &'t str) -> Self {
        let mut built = Built::default();
        built.nodes.reserve(text.len() / 24);
        Builder { text, built, frames: Vec::new(), keys: Vec::new(), first: 0 }
    }

    /// What was built; a document that has not ended is none.
    pub fn finish(mut self) -> Built {
        self.discard_document();
        self.built
    }

    /// Starts a document.
    pub fn start_document(&mut self) {
        self.frames.clear();
        self.keys.clear();
        self.first = self.built.nodes.len();
    }

    /// Drops all there is of the document that is being read.
    pub fn discard_document(&mut self) {
        self.built.nodes.truncate(self.first);
        // The last ones are those of this document.
        while self.built.containers.last().is_some_and(|id| id.0 as usize >= self.first) {
            self.built.containers.pop();
        }
        self.start_document();
    }

    /// Ends a document; one without a value is none.
    pub fn end_document(&mut self) {
        if self.built.nodes.len() > self.first {
            self.built.documents.push(Document { root: NodeId(self.first as u32) });
        }
        self.start_document();
    }

    /// Whether the next event must be a key or the end of a mapping.
    pub fn expects_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.mapping && frame.key.is_none())
    }

    /// Names the next value of a mapping.
    pub fn key(&mut self, key: Cow<'t, str>, span: Range<u32>) -> Result<(), Refusal> {
        let span = self.within(span);
        if key.len() > LIMITS.key_bytes {
            return Err(Refusal::new(
                Code::KeyTooLong,
                span.start,
                format!("a key of {} bytes; at most {} are read", key.len(), LIMITS.key_bytes),
                "use a shorter key",
            ));
        }
        self.unique(&key, span.start)?;
        let found = match self.verbatim(&key, &span) {
            Some(start) => Key { start, len: key.len() as u16, cooked: None },
            None => {
                let len = (span.end - span.start).min(u32::from(u16::MAX)) as u16;
                let index = self.cook(&key, span.start);
                Key { start: span.start, len, cooked: Some(index) }
            }
        };
        self.keys.push((key, span.start));
        if let Some(frame) = self.frames.last_mut() {
            frame.key = Some(found);
        }
        Ok(())
    }

    /// Adds a scalar: its text as a reader of the format has it, and whether it was written without quotes.
    pub fn scalar(&mut self, tag: Tag, text: &str, plain: bool, span: Range<u32>) -> Result<NodeId, Refusal> {
        let span = self.within(span);
        self.value_expected(span.start)?;
        let raw = match self.verbatim(text, &span) {
            Some(start) => Raw::scalar(start, text.len() as u32, tag, plain),
            None => {
                let index = self.cook(text, span.end - span.start);
                let mut raw = Raw::scalar(span.start, 0, tag, plain);
                raw.cook(index);
                raw
            }
        };
        Ok(self.push(raw))
    }

    /// Opens a container.
    pub fn open(&mut self, container: Container, start: u32) -> Result<NodeId, Refusal> {
        let start = self.within(start..start).start;
        self.value_expected(start)?;
        if self.frames.len() >= LIMITS.depth {
            return Err(too_deep(start));
        }
        let mapping = container == Container::Mapping;
        let tag = if mapping { Tag::Map } else { Tag::Seq };
        let id = self.push(Raw::scalar(start, 0, tag, false));
        let keys = self.keys.len();
        let node = id.0 as usize;
        self.frames.push(Frame { node, mapping, key: None, keys, index: None, children: 0 });
        Ok(id)
    }

    /// Closes the container that was opened last.
    pub fn close(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.built.nodes[frame.node].extent = self.built.nodes.len() as u32;
            self.keys.truncate(frame.keys);
            if Raw::is_wide(frame.children) {
                self.built.containers.push(NodeId(frame.node as u32));
            }
        }
    }

    /// Nodes that a closed value takes: itself and all below it.
    pub fn size(&self, value: NodeId) -> usize {
        (self.built.nodes[value.0 as usize].end(value.0) - value.0) as usize
    }

    /// Adds a value again that was read before in this document, at an alias.
    pub fn repeat(&mut self, value: NodeId, start: u32) -> Result<(), Refusal> {
        self.value_expected(start)?;
        let source = value.0 as usize;
        let target = self.built.nodes.len();
        for index in source..source + self.size(value) {
            let mut raw = self.built.nodes[index];
            if matches!(raw.tag, Tag::Seq | Tag::Map) {
                raw.extent = raw.extent - source as u32 + target as u32;
            }
            raw.set_aliased();
            if index == source {
                raw.set_key(0, 0, false);
                self.push(raw);
            } else {
                self.built.nodes.push(raw);
            }
        }
        Ok(())
    }

    fn value_expected(&self, at: u32) -> Result<(), Refusal> {
        if self.expects_key() {
            return Err(Refusal::new(
                Code::KeyNotText,
                at,
                "a key that is not text",
                "keys are plain words; write the value under a named key",
            ));
        }
        Ok(())
    }

    fn push(&mut self, mut raw: Raw) -> NodeId {
        if let Some(frame) = self.frames.last_mut() {
            frame.children += 1;
            if let Some(key) = frame.key.take() {
                raw.set_key(key.cooked.unwrap_or(key.start), key.len, key.cooked.is_some());
            }
        }
        self.built.nodes.push(raw);
        NodeId(self.built.nodes.len() as u32 - 1)
    }

    fn cook(&mut self, text: &str, len: u32) -> u32 {
        self.built.cooked.push(Cooked { text: text.into(), len });
        self.built.cooked.len() as u32 - 1
    }

    /// A span as far as it lies in the text, between characters.
    fn within(&self, span: Range<u32>) -> Range<u32> {
        let inside = |offset: u32| {
            let mut offset = (offset as usize).min(self.text.len());
            while !self.text.is_char_boundary(offset) {
                offset -= 1;
            }
            offset as u32
        };
        let start = inside(span.start);
        start..inside(span.end).max(start)
    }

    /// The bytes of the source that are exactly `value`, if there are such.
    fn verbatim(&self, value: &str, span: &Range<u32>) -> Option<u32> {
        let source = self.text.get(span.start as usize..span.end as usize)?;
        if source.get(..value.len()) == Some(value) {
            return Some(span.start);
        }
        (source.len() >= 2 && source.get(1..1 + value.len()) == Some(value)).then(|| span.start + 1)
    }

    fn unique(&mut self, value: &str, start: u32) -> Result<(), Refusal> {
        let Some(frame) = self.frames.last_mut() else {
            return Ok(());
        };
        let own = &self.keys[frame.keys..];
        let first = if own.len() < FEW_KEYS {
            own.iter().find(|(key, _)| key == value).map(|&(_, at)| at)
        } else {
            let index = frame
                .index
                .get_or_insert_with(|| own.iter().map(|(key, at)| (key.to_string(), *at)).collect());
            index.insert(value.to_string(), start)
        };
        let Some(first) = first else { return Ok(()) };
        let message = match named(value, "").as_str() {
            "" => "duplicate key".to_owned(),
            shown => format!("duplicate key {shown}"),
        };
        let help = "keep one of the two; a reader cannot know which one counts";
        Err(Refusal::new(Code::DuplicateKey, start, message, help).with_related(first))
    }
}

/// Why a document is refused that is nested beyond the limit.
pub(super) fn too_deep(at: u32) -> Refusal {
    Refusal::new(
        Code::NestedTooDeeply,
        at,
        format!("nested deeper than {} levels", LIMITS.depth),
        "records are flat: fix the file; this document was not assessed",
    )
}

#[cfg(test)]
mod tests {
    use super::super::Tree;
    use super::*;

    /// A driver of another format than YAML: `key=value` lines.
    #[test]
    fn any_driver_can_feed_it() {
        let text = "id=W-1\nname=Zoë";
        let mut builder = Builder::new(text);
        builder.start_document();
        let mut at = 0;
        let mut fed = builder.open(Container::Mapping, 0).is_ok();
        for line in text.lines() {
            let (key, value) = line.split_once('=').unwrap_or((line, ""));
            let value_at = at + key.len() as u32 + 1;
            fed &= builder.key(key.into(), at..at + key.len() as u32).is_ok();
            fed &= builder.scalar(Tag::Str, value, true, value_at..value_at + value.len() as u32).is_ok();
            at += line.len() as u32 + 1;
        }
        builder.close();
        builder.end_document();
        let tree = Tree::new(text.to_owned(), builder.finish());
        let root = tree.node(tree.documents()[0].root);
        assert!(fed);
        assert_eq!(root.get("name").map(|n| (n.text(), n.place("f").line)), Some(("Zoë", 2)));
    }

    #[test]
    fn a_driver_cannot_point_outside_the_text() {
        let text = "ë";
        let mut builder = Builder::new(text);
        builder.start_document();
        assert!(builder.scalar(Tag::Str, "long", false, 1..900).is_ok());
        builder.end_document();
        let tree = Tree::new(text.to_owned(), builder.finish());
        let node = tree.node(tree.documents()[0].root);
        assert_eq!((node.text(), node.span()), ("long", 0..2));
    }
}
