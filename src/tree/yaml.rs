//! The driver of YAML, over the parser's events.
//!
//! YAML 1.2 core. What would let two readers disagree about a record is refused with its place:
//! duplicate keys, merge keys, keys that are no strings, infinities, custom tags, aliases without
//! bound. A refused document is lost as a whole; the documents around it are read.

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, StrInput};

use super::LIMITS;
use super::builder::{Builder, Container, Refusal, too_deep};
use super::node::{NodeId, Tree};
use super::scalar::{Tag, core};
use crate::diagnostics::{Code, Place, Problem};
use crate::text::escape;

/// Reads a YAML file. The problems are sorted by place.
pub fn parse(path: &str, text: String) -> (Tree, Vec<Problem>) {
    let mut builder = Builder::new(&text);
    let mut driver = Driver::default();
    driver.read(&text, 0, &mut builder);
    let built = builder.finish();
    let tree = Tree::new(text, built);
    let problems = placed(path, &tree, driver.refusals);
    (tree, problems)
}

/// Refusals at their places in a file, sorted.
pub(super) fn placed(path: &str, tree: &Tree, refusals: Vec<Refusal>) -> Vec<Problem> {
    let place = |offset| Place::at(path, tree.line_column(offset));
    let mut problems: Vec<Problem> = refusals.into_iter().map(|r| r.map_places(place)).collect();
    problems.sort();
    problems
}

/// What is known across the documents of one file.
#[derive(Default)]
pub(super) struct Driver {
    pub(super) refusals: Vec<Refusal>,
    /// Nodes that aliases have repeated.
    aliased: usize,
}

/// The anchors of one document.
#[derive(Default)]
struct Anchors {
    /// Closed values by the number of their anchor.
    values: HashMap<usize, NodeId>,
    /// For each open container, the number of its anchor, or 0.
    open: Vec<(usize, NodeId)>,
}

impl Driver {
    /// Feeds the documents of a part of the builder's text that starts at `base`.
    pub(super) fn read<'t>(&mut self, part: &'t str, base: u32, builder: &mut Builder<'t>) {
        let options = granit_parser::options! {
            flow_nesting_limit: LIMITS.depth,
            block_nesting_limit: LIMITS.depth,
            emit_comments: false,
        };
        let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str_with_options(part, options);
        let offset = |marker: &granit_parser::Marker| {
            base + marker.byte_offset().unwrap_or(part.len()).min(part.len()) as u32
        };
        let mut anchors = Anchors::default();
        let mut refused = false;
        loop {
            let (event, span) = match parser.next_event() {
                None | Some(Ok((Event::StreamEnd, _))) => break,
                Some(Ok(event)) => event,
                Some(Err(error)) => {
                    self.refusals.push(syntax(offset(error.marker()), &error.info()));
                    builder.discard_document();
                    refused = false;
                    match parser.proceed_next_document() {
                        Ok(true) => continue,
                        _ => break,
                    }
                }
            };
            match event {
                Event::DocumentStart(..) => {
                    builder.start_document();
                    anchors = Anchors::default();
                    refused = false;
                }
                Event::DocumentEnd if refused => builder.discard_document(),
                Event::DocumentEnd => builder.end_document(),
                _ if refused => {}
                event => {
                    let start = offset(&span.start);
                    let span = start..offset(&span.end).max(start);
                    if let Err(refusal) = self.event(event, span, &mut anchors, builder) {
                        self.refusals.push(refusal);
                        refused = true;
                    }
                }
            }
        }
        // What never came to its end is no document.
        builder.discard_document();
    }

    fn event<'t>(
        &mut self,
        event: Event<'t>,
        span: Range<u32>,
        anchors: &mut Anchors,
        builder: &mut Builder<'t>,
    ) -> Result<(), Refusal> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let plain = matches!(style, ScalarStyle::Plain);
                if builder.expects_key() {
                    is_key(&value, plain, tag.is_some(), &span)?;
                    return builder.key(value, span);
                }
                let kind = scalar_tag(&value, plain, tag.as_deref(), &span)?;
                let id = builder.scalar(kind, &value, plain, span)?;
                anchors.close(anchor, id);
            }
            Event::SequenceStart(_, anchor, _) => {
                anchors.open.push((anchor, builder.open(Container::List, span.start)?));
            }
            Event::MappingStart(_, anchor, _) => {
                anchors.open.push((anchor, builder.open(Container::Mapping, span.start)?));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                builder.close();
                if let Some((anchor, id)) = anchors.open.pop() {
                    anchors.close(anchor, id);
                }
            }
            Event::Alias(anchor) => self.alias(anchors.values.get(&anchor).copied(), span.start, builder)?,
            _ => {}
        }
        Ok(())
    }

    fn alias(&mut self, value: Option<NodeId>, at: u32, builder: &mut Builder<'_>) -> Result<(), Refusal> {
        let Some(value) = value else {
            return Err(Refusal::new(
                Code::AliasCycle,
                at,
                "an alias inside the value it stands for",
                "write the value out",
            ));
        };
        self.aliased += builder.size(value);
        if self.aliased > LIMITS.aliased_nodes {
            return Err(Refusal::new(
                Code::AliasesWithoutBound,
                at,
                format!("the aliases of this file repeat more than {} values", LIMITS.aliased_nodes),
                "write the values out; aliases that multiply are refused",
            ));
        }
        builder.repeat(value, at)
    }
}

impl Anchors {
    fn close(&mut self, anchor: usize, value: NodeId) {
        if anchor > 0 {
            self.values.insert(anchor, value);
        }
    }
}

fn syntax(at: u32, info: &str) -> Refusal {
    // The parser's only word for its own limit.
    if info.contains("nest") || info.contains("recursion") {
        return too_deep(at);
    }
    Refusal::new(
        Code::InvalidYaml,
        at,
        format!("not valid YAML: {}", escape(info)),
        "fix the file; this document, and what cannot be told apart from it, was not assessed",
    )
}

/// What a scalar is, by its YAML tag or its text.
fn scalar_tag(
    value: &str,
    plain: bool,
    tag: Option<&granit_parser::Tag>,
    span: &Range<u32>,
) -> Result<Tag, Refusal> {
    let by_text = || {
        core(value).ok_or_else(|| {
            Refusal::new(
                Code::NotAFiniteNumber,
                span.start,
                "an infinite or undefined number",
                "write a finite number, or put the text in quotes",
            )
        })
    };
    if plain && span.is_empty() {
        // An absent value.
        return Ok(Tag::Null);
    }
    match tag.map(|tag| tag.core_suffix()) {
        None if plain => by_text(),
        None | Some(Some("str")) => Ok(Tag::Str),
        Some(Some("null" | "bool" | "int" | "float")) => by_text(),
        Some(_) => Err(Refusal::new(
            Code::Tag,
            span.start,
            "a YAML tag that is not part of YAML's core",
            "write plain values; the schema of the record gives their types",
        )),
    }
}

/// Refuses a scalar that cannot be a key.
fn is_key(value: &str, plain: bool, tagged: bool, span: &Range<u32>) -> Result<(), Refusal> {
    if plain && value == "<<" {
        return Err(Refusal::new(
            Code::MergeKey,
            span.start,
            "a merge key (`<<`)",
            "merge keys are not part of YAML 1.2: write the fields out",
        ));
    }
    let text = !plain || (!span.is_empty() && matches!(core(value), Some(Tag::Str)));
    if !text || tagged {
        return Err(Refusal::new(
            Code::KeyNotText,
            span.start,
            "this key is not text",
            "put the key in quotes, or use a word",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
