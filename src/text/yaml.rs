//! YAML and JSON files into trees, over the parser's events.
//!
//! YAML 1.2 core. What would let two readers disagree about a record is refused with its place:
//! duplicate keys, merge keys, keys that are no strings, infinities, custom tags, aliases without
//! bound. A refused document is lost as a whole; the documents around it are read.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Options, Parser, ScalarStyle, Span, StrInput};

use super::node::{Cooked, Document, NodeId, Raw, Tag, Tree, integer};
use super::{Impact, Place, Problem, escape, named};

/// What a file may at most be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Containers inside one another.
    pub depth: usize,
    /// Nodes that the aliases of one file may repeat.
    pub aliased_nodes: usize,
    /// Bytes of a key.
    pub key_bytes: usize,
}

/// The limits every file is held to.
pub const LIMITS: Limits =
    Limits { file_bytes: 64 << 20, depth: 64, aliased_nodes: 100_000, key_bytes: 1024 };

/// Keys of a mapping compared one by one before a hash map is used.
const FEW_KEYS: usize = 24;

/// Reads a YAML file. The problems are sorted by place.
pub fn parse(path: &str, text: String) -> (Tree, Vec<Problem>) {
    let tree = Tree::new(text);
    let mut reader = Reader { path, problems: Vec::new(), aliased: 0 };
    let tree = reader.read(tree);
    reader.problems.sort();
    (tree, reader.problems)
}

/// Reads a JSON file: held to JSON's own grammar first, then read as the subset of YAML it is.
pub fn parse_json(path: &str, text: String) -> (Tree, Vec<Problem>) {
    match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) => parse(path, text),
        Err(error) => {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            let place = Place {
                path: path.to_owned(),
                line: error.line() as u32,
                column: error.column().max(1) as u32,
            };
            let problem = Problem::new(
                place,
                "invalid-json",
                Impact::Incomplete,
                format!("not valid JSON: {}", escape(message)),
                "mend the file; nothing in it was assessed",
            );
            (Tree::new(text), vec![problem])
        }
    }
}

struct Reader<'p> {
    path: &'p str,
    problems: Vec<Problem>,
    aliased: usize,
}

/// An open container.
struct Frame {
    node: usize,
    map: bool,
    /// The key read last, waiting for its value.
    key: Option<Key>,
    /// Where this mapping's keys begin among all open mappings' keys.
    keys: usize,
    /// Built once there are many keys.
    index: Option<HashMap<String, u32>>,
    anchor: usize,
    children: usize,
}

#[derive(Clone, Copy)]
struct Key {
    start: u32,
    len: u16,
    cooked: Option<u32>,
}

/// State of one document.
struct Builder<'t> {
    tree: &'t mut Tree,
    text: &'t str,
    frames: Vec<Frame>,
    keys: Vec<(Cow<'t, str>, u32)>,
    anchors: HashMap<usize, usize>,
    first: usize,
    /// Containers with many children.
    wide: Vec<NodeId>,
}

/// Why a document is refused: a code, where, what, what to do, and a second place.
struct Refusal {
    code: &'static str,
    at: u32,
    message: String,
    help: &'static str,
    related: Option<u32>,
}

impl Refusal {
    fn new(code: &'static str, at: u32, message: impl Into<String>, help: &'static str) -> Self {
        Refusal { code, at, message: message.into(), help, related: None }
    }
}

impl Reader<'_> {
    fn read(&mut self, mut tree: Tree) -> Tree {
        let text = std::mem::take(&mut tree.text);
        tree.nodes.reserve(text.len() / 24);
        let wide = {
            let options = granit_parser::options! {
                flow_nesting_limit: LIMITS.depth,
                block_nesting_limit: LIMITS.depth,
                emit_comments: false,
            };
            self.events(&text, options, &mut tree)
        };
        tree.text = text;
        tree.index(wide);
        tree.shrink();
        for problem in &mut self.problems {
            // Until here a place holds a byte offset in `column`.
            if problem.place.line == 0 {
                let (line, column) = tree.line_column(problem.place.column);
                (problem.place.line, problem.place.column) = (line, column);
            }
            if let Some(place) = &mut problem.related {
                let (line, column) = tree.line_column(place.column);
                (place.line, place.column) = (line, column);
            }
        }
        tree
    }

    fn events(&mut self, text: &str, options: Options, tree: &mut Tree) -> Vec<NodeId> {
        let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str_with_options(text, options);
        let mut builder = Builder::new(tree, text);
        let mut refused = false;
        loop {
            let event = match parser.next_event() {
                None => break,
                Some(Ok((Event::StreamEnd, _))) => break,
                Some(Ok(event)) => event,
                Some(Err(error)) => {
                    let at = offset(text, error.marker());
                    self.syntax(at, &error.info());
                    builder.abandon();
                    refused = false;
                    match parser.proceed_next_document() {
                        Ok(true) => continue,
                        _ => break,
                    }
                }
            };
            match event {
                (Event::DocumentStart(..), _) => {
                    builder.start();
                    refused = false;
                }
                (Event::DocumentEnd, _) => {
                    if refused {
                        builder.abandon();
                    } else {
                        builder.finish();
                    }
                }
                (event, span) if !refused => {
                    if let Err(refusal) = builder.event(event, &span, &mut self.aliased) {
                        self.refuse(&refusal);
                        refused = true;
                    }
                }
                _ => {}
            }
        }
        // What never came to its end is no document.
        builder.abandon();
        builder.wide
    }

    fn at(&self, offset: u32) -> Place {
        Place { path: self.path.to_owned(), line: 0, column: offset }
    }

    fn syntax(&mut self, at: u32, info: &str) {
        let (code, message, help) = if info.contains("nest") || info.contains("recursion") {
            (
                "nested-too-deeply",
                format!("nested deeper than {} levels", LIMITS.depth),
                "records are flat: mend the file; this document was not assessed",
            )
        } else {
            (
                "invalid-yaml",
                format!("not valid YAML: {}", escape(info)),
                "mend the file; this document, and what cannot be told apart from it, was not assessed",
            )
        };
        let place = self.at(at);
        self.problems.push(Problem::new(place, code, Impact::Incomplete, message, help));
    }

    fn refuse(&mut self, refusal: &Refusal) {
        let place = self.at(refusal.at);
        let mut problem =
            Problem::new(place, refusal.code, Impact::Incomplete, refusal.message.clone(), refusal.help);
        if let Some(related) = refusal.related {
            problem = problem.with_related(self.at(related));
        }
        self.problems.push(problem);
    }
}

fn offset(text: &str, marker: &granit_parser::Marker) -> u32 {
    marker.byte_offset().unwrap_or(text.len()).min(text.len()) as u32
}

impl<'t> Builder<'t> {
    fn new(tree: &'t mut Tree, text: &'t str) -> Self {
        Builder {
            tree,
            text,
            frames: Vec::new(),
            keys: Vec::new(),
            anchors: HashMap::new(),
            first: 0,
            wide: Vec::new(),
        }
    }

    fn start(&mut self) {
        self.frames.clear();
        self.keys.clear();
        self.anchors.clear();
        self.first = self.tree.nodes.len();
    }

    fn abandon(&mut self) {
        self.tree.nodes.truncate(self.first);
        // The last ones are those of this document.
        while self.wide.last().is_some_and(|id| id.0 as usize >= self.first) {
            self.wide.pop();
        }
        self.start();
    }

    fn finish(&mut self) {
        if self.tree.nodes.len() > self.first {
            self.tree.documents.push(Document { root: NodeId(self.first as u32) });
        }
        self.first = self.tree.nodes.len();
    }

    fn event(&mut self, event: Event<'t>, span: &Span, aliased: &mut usize) -> Result<(), Refusal> {
        let start = offset(self.text, &span.start);
        let end = offset(self.text, &span.end).max(start);
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                if self.wants_key() {
                    return self.key(value, style, tag.as_deref(), start, end);
                }
                let raw = self.scalar(value, style, tag.as_deref(), start, end)?;
                self.push(raw, anchor);
            }
            Event::SequenceStart(_, anchor, _) => self.open(false, start, anchor)?,
            Event::MappingStart(_, anchor, _) => self.open(true, start, anchor)?,
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => self.alias(anchor, start, aliased)?,
            _ => {}
        }
        Ok(())
    }

    fn wants_key(&self) -> bool {
        self.frames.last().is_some_and(|f| f.map && f.key.is_none())
    }

    /// A key that is no scalar.
    fn no_key(&self, at: u32) -> Result<(), Refusal> {
        if self.wants_key() {
            return Err(Refusal::new(
                "key-not-text",
                at,
                "a key that is not text",
                "keys are plain words; write the value under a named key",
            ));
        }
        Ok(())
    }

    fn open(&mut self, map: bool, start: u32, anchor: usize) -> Result<(), Refusal> {
        self.no_key(start)?;
        if self.frames.len() >= LIMITS.depth {
            return Err(Refusal::new(
                "nested-too-deeply",
                start,
                format!("nested deeper than {} levels", LIMITS.depth),
                "records are flat: mend the file; this document was not assessed",
            ));
        }
        let tag = if map { Tag::Map } else { Tag::Seq };
        let node = self.push(Raw::scalar(start, 0, tag, false), 0);
        let keys = self.keys.len();
        self.frames.push(Frame { node, map, key: None, keys, index: None, anchor, children: 0 });
        Ok(())
    }

    fn close(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.tree.nodes[frame.node].extent = self.tree.nodes.len() as u32;
            self.keys.truncate(frame.keys);
            if Raw::is_wide(frame.children) {
                self.wide.push(NodeId(frame.node as u32));
            }
            if frame.anchor > 0 {
                self.anchors.insert(frame.anchor, frame.node);
            }
        }
    }

    fn push(&mut self, mut raw: Raw, anchor: usize) -> usize {
        if let Some(key) = self.frames.last_mut().and_then(|f| f.key.take()) {
            raw.set_key(key.cooked.unwrap_or(key.start), key.len, key.cooked.is_some());
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.children += 1;
        }
        let index = self.tree.nodes.len();
        self.tree.nodes.push(raw);
        if anchor > 0 {
            self.anchors.insert(anchor, index);
        }
        index
    }

    fn cook(&mut self, text: &str, len: u32) -> u32 {
        self.tree.cooked.push(Cooked { text: text.into(), len });
        self.tree.cooked.len() as u32 - 1
    }

    /// The bytes of the source that are exactly `value`, if there are such.
    fn verbatim(&self, value: &str, start: u32, end: u32) -> Option<u32> {
        let source = self.text.get(start as usize..end as usize)?;
        if source.get(..value.len()) == Some(value) {
            return Some(start);
        }
        (source.len() >= 2 && source.get(1..1 + value.len()) == Some(value)).then(|| start + 1)
    }

    fn scalar(
        &mut self,
        value: Cow<'t, str>,
        style: ScalarStyle,
        tag: Option<&granit_parser::Tag>,
        start: u32,
        end: u32,
    ) -> Result<Raw, Refusal> {
        let plain = matches!(style, ScalarStyle::Plain);
        if plain && start == end {
            // An absent value.
            return Ok(Raw::scalar(start, 0, Tag::Null, true));
        }
        let kind = match tag {
            Some(tag) => match tag.core_suffix() {
                Some("str") => Tag::Str,
                Some("null" | "bool" | "int" | "float") => core(&value, start)?,
                _ => {
                    return Err(Refusal::new(
                        "tag",
                        start,
                        "a YAML tag that is not part of YAML's core",
                        "write plain values; the schema of the record gives their types",
                    ));
                }
            },
            None if plain => core(&value, start)?,
            None => Tag::Str,
        };
        let mut raw;
        match self.verbatim(&value, start, end) {
            Some(at) => raw = Raw::scalar(at, value.len() as u32, kind, plain),
            None => {
                let index = self.cook(&value, end - start);
                raw = Raw::scalar(start, 0, kind, plain);
                raw.cook(index);
            }
        }
        Ok(raw)
    }

    fn key(
        &mut self,
        value: Cow<'t, str>,
        style: ScalarStyle,
        tag: Option<&granit_parser::Tag>,
        start: u32,
        end: u32,
    ) -> Result<(), Refusal> {
        let plain = matches!(style, ScalarStyle::Plain);
        if plain && value == "<<" {
            return Err(Refusal::new(
                "merge-key",
                start,
                "a merge key (`<<`)",
                "merge keys are not part of YAML 1.2: write the fields out",
            ));
        }
        let text = !plain || (start < end && matches!(core(&value, start), Ok(Tag::Str)));
        if !text || tag.is_some() {
            return Err(Refusal::new(
                "key-not-text",
                start,
                "this key is not text",
                "put the key in quotes, or use a word",
            ));
        }
        if value.len() > LIMITS.key_bytes {
            return Err(Refusal::new(
                "key-too-long",
                start,
                format!("a key of {} bytes; at most {} are read", value.len(), LIMITS.key_bytes),
                "use a shorter key",
            ));
        }
        self.unique(&value, start)?;
        let key = match self.verbatim(&value, start, end) {
            Some(at) => Key { start: at, len: value.len() as u16, cooked: None },
            None => {
                let len = (end - start).min(u32::from(u16::MAX)) as u16;
                let index = self.cook(&value, start);
                Key { start, len, cooked: Some(index) }
            }
        };
        self.keys.push((value, start));
        if let Some(frame) = self.frames.last_mut() {
            frame.key = Some(key);
        }
        Ok(())
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
        match first {
            None => Ok(()),
            Some(first) => Err(Refusal {
                code: "duplicate-key",
                at: start,
                message: format!("{} stands twice in one mapping", key_words(value)),
                help: "keep one of the two; which one counts is not for a reader to guess",
                related: Some(first),
            }),
        }
    }

    fn alias(&mut self, anchor: usize, start: u32, aliased: &mut usize) -> Result<(), Refusal> {
        self.no_key(start)?;
        let Some(&source) = self.anchors.get(&anchor) else {
            return Err(Refusal::new(
                "alias-cycle",
                start,
                "an alias inside the value it stands for",
                "write the value out",
            ));
        };
        let end = self.tree.next_sibling(NodeId(source as u32)) as usize;
        *aliased += end - source;
        if *aliased > LIMITS.aliased_nodes {
            return Err(Refusal::new(
                "aliases-without-bound",
                start,
                format!("the aliases of this file repeat more than {} values", LIMITS.aliased_nodes),
                "write the values out; aliases that multiply are refused",
            ));
        }
        let target = self.tree.nodes.len();
        for index in source..end {
            let mut raw = self.tree.nodes[index];
            if matches!(raw.tag, Tag::Seq | Tag::Map) {
                raw.extent = raw.extent - source as u32 + target as u32;
            }
            raw.set_aliased();
            if index == source {
                raw.set_key(0, 0, false);
                self.push(raw, 0);
            } else {
                self.tree.nodes.push(raw);
            }
        }
        Ok(())
    }
}

/// A key as the subject of a sentence.
fn key_words(key: &str) -> String {
    match named(key, "").as_str() {
        "" => "this key".to_owned(),
        shown => format!("the key {shown}"),
    }
}

/// The type of a plain scalar by the YAML 1.2 core rules, except that numbers which would not come
/// back as they were written (a leading zero, more than 18 digits) stay text.
fn core(value: &str, at: u32) -> Result<Tag, Refusal> {
    let Some(first) = value.bytes().next() else {
        return Ok(Tag::Null);
    };
    match first {
        b'~' if value.len() == 1 => return Ok(Tag::Null),
        b'n' | b'N' if matches!(value, "null" | "Null" | "NULL") => return Ok(Tag::Null),
        b't' | b'T' if matches!(value, "true" | "True" | "TRUE") => return Ok(Tag::Bool),
        b'f' | b'F' if matches!(value, "false" | "False" | "FALSE") => return Ok(Tag::Bool),
        b'0'..=b'9' | b'+' | b'-' | b'.' => {}
        _ => return Ok(Tag::Str),
    }
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    let infinite = matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(value, ".nan" | ".NaN" | ".NAN");
    let leading_zero =
        unsigned.len() > 1 && unsigned.starts_with('0') && unsigned.as_bytes()[1].is_ascii_digit();
    let digits = !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit());
    if digits {
        let whole = !leading_zero && unsigned.len() <= 18;
        return Ok(if whole { Tag::Int } else { Tag::Str });
    }
    if (value.starts_with("0x") || value.starts_with("0o")) && integer(value).is_some() {
        return Ok(Tag::Int);
    }
    let number = !leading_zero && !infinite && is_float(unsigned);
    let finite = number && value.parse::<f64>().is_ok_and(f64::is_finite);
    if infinite || (number && !finite) {
        return Err(Refusal::new(
            "not-a-finite-number",
            at,
            "an infinite or undefined number",
            "write a finite number, or put the text in quotes",
        ));
    }
    Ok(if finite { Tag::Float } else { Tag::Str })
}

/// `[0-9]* (\.[0-9]*)? ([eE][-+]?[0-9]+)?` with at least one digit before the exponent.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(i) => (&text[..i], Some(&text[i + 1..])),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let exponent_ok = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && all_digits(e)
    });
    (!whole.is_empty() || !fraction.is_empty()) && all_digits(whole) && all_digits(fraction) && exponent_ok
}

#[cfg(test)]
mod tests;
