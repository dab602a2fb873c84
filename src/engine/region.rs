//! Where a code host shows findings and problems: columns in UTF-16 units, and the hash of the line.
//!
//! It takes the text of the files, which no report sees. Each file with something to show is passed over
//! once.

use std::collections::HashMap;

use rayon::prelude::*;

use super::line_hash::{LineHash, line_hashes};
use crate::assessment::{Finding, Problem, Region};
use crate::diagnostics::Place;
use crate::records::RecordSet;
use crate::tree::Tree;

/// Bytes of a line that are shown of a problem, and of the line that names a record.
const REACH_BYTES: usize = 240;

/// The file at which things without a place are shown.
pub(super) struct Anchor<'a> {
    pub path: &'a str,
    /// The hash of its first line, where it is no file of records and was read.
    pub first_line: Option<&'a str>,
}

/// Fills in the regions of everything that stands in a file of records or at the anchor.
pub(super) fn locate(
    set: &RecordSet,
    anchor: Option<&Anchor<'_>>,
    findings: &mut [Finding],
    problems: &mut [Problem],
) {
    let sources: HashMap<&str, usize> =
        set.sources.iter().enumerate().map(|(i, source)| (&*source.path, i)).collect();
    let mut annotations: HashMap<usize, Vec<Annotation>> = HashMap::new();
    let source_of = |path: &str| sources.get(path).copied();
    for (i, finding) in findings.iter().enumerate() {
        let path = finding.place.as_ref().map(|place| &*place.path).or(anchor.map(|anchor| anchor.path));
        if let Some(source) = path.and_then(source_of) {
            let lines = LabelledLines::of_finding(&set.sources[source].tree, finding);
            annotations
                .entry(source)
                .or_default()
                .extend(lines.map(|lines| Annotation { target: Target::Finding(i), lines }));
        }
    }
    for (i, problem) in problems.iter().enumerate() {
        if let Some(source) = source_of(&problem.place.path) {
            let lines = LabelledLines::of_problem(&set.sources[source].tree, &problem.place);
            annotations
                .entry(source)
                .or_default()
                .extend(lines.map(|lines| Annotation { target: Target::Problem(i), lines }));
        }
    }
    let found: Vec<(Target, Region)> = annotations
        .into_par_iter()
        .flat_map_iter(|(source, annotations)| regions(&set.sources[source].tree, annotations))
        .collect();
    for (target, region) in found {
        match target {
            Target::Finding(i) => findings[i].region = Some(region),
            Target::Problem(i) => problems[i].region = Some(region),
        }
    }
    let Some(hash) = anchor.and_then(|anchor| anchor.first_line) else { return };
    for finding in findings.iter_mut().filter(|finding| finding.place.is_none()) {
        let line_hash = Some(hash.to_owned());
        finding.region = Some(Region { line: 1, column: 1, end_column: 1, line_hash });
    }
}

/// What a region is of: the index among the findings or the problems.
#[derive(Clone, Copy)]
enum Target {
    Finding(usize),
    Problem(usize),
}

/// What is shown beside the lines of a file.
struct Annotation {
    target: Target,
    lines: LabelledLines,
}

/// Bytes inside one line of a file.
#[derive(Clone, Copy)]
struct LineRange {
    line: u32,
    line_start: u32,
    start: u32,
    end: u32,
}

/// Where a finding or a problem is shown.
struct LabelledLines {
    label: LineRange,
    /// The line that names the record, when it is another one and its text is what the snippet shows.
    head: Option<LineRange>,
}

impl LabelledLines {
    fn of_finding(tree: &Tree, finding: &Finding) -> Option<Self> {
        let (Some(place), Some(snippet)) = (&finding.place, &finding.snippet) else {
            return LabelledLines::of_problem(tree, &Place::at("", (1, 0)));
        };
        let (line_start, start) = tree.offset(place.line, place.column)?;
        let end = inside_line(&tree.text()[start as usize..], snippet.width as usize);
        let label = LineRange { line: place.line, line_start, start, end: start + end as u32 };
        let head = (snippet.head.number != place.line).then(|| {
            let (line_start, _) = tree.offset(snippet.head.number, 1)?;
            let text = first_line(&tree.text()[line_start as usize..])?;
            if text.chars().count() != snippet.head.text.chars().count() {
                return None;
            }
            let start = line_start + (text.len() - text.trim_start().len()) as u32;
            Some(LineRange {
                line: snippet.head.number,
                line_start,
                start,
                end: line_start + text.len() as u32,
            })
        });
        Some(LabelledLines { label, head: head.flatten() })
    }

    /// From the place of a problem to the end of its line; the start of the file when all of it is meant.
    fn of_problem(tree: &Tree, place: &Place) -> Option<Self> {
        let line = place.line.max(1);
        let (line_start, start) = tree.offset(line, place.column.max(1))?;
        let whole = place.line == 0 || place.column == 0;
        let end = if whole { 0 } else { inside_line(&tree.text()[start as usize..], REACH_BYTES) };
        Some(LabelledLines {
            label: LineRange { line, line_start, start, end: start + end as u32 },
            head: None,
        })
    }
}

/// Bytes of at most so many characters, up to the end of the line.
fn inside_line(text: &str, characters: usize) -> usize {
    let mut part = text.char_indices().take(characters);
    let end = part.find(|(_, c)| matches!(c, '\n' | '\r')).map(|(i, _)| i);
    end.unwrap_or_else(|| text.char_indices().nth(characters).map_or(text.len(), |(i, _)| i))
}

/// The first line without what ends it, unless it is long.
fn first_line(text: &str) -> Option<&str> {
    let near = text.char_indices().nth(REACH_BYTES).map_or(text.len(), |(i, _)| i);
    let end = text[..near].find('\n').or((near == text.len()).then_some(near))?;
    Some(text[..end].trim_end())
}

fn regions(tree: &Tree, annotations: Vec<Annotation>) -> Vec<(Target, Region)> {
    let mut starts: Vec<u32> = annotations
        .iter()
        .flat_map(|a| std::iter::once(a.lines.label).chain(a.lines.head))
        .map(|part| part.line_start)
        .collect();
    starts.sort_unstable();
    starts.dedup();
    let hashes = line_hashes(tree.text(), &starts);
    let unique = |part: &LineRange| hashes.get(&part.line_start).is_some_and(|hash: &LineHash| hash.unique);
    let mut chosen: Vec<(Target, LineRange)> = annotations
        .into_iter()
        .map(|Annotation { target, lines }| {
            let by_head = !unique(&lines.label) && lines.head.as_ref().is_some_and(unique);
            (target, if by_head { lines.head.unwrap_or(lines.label) } else { lines.label })
        })
        .collect();
    // In the order of the text, so that a long line is counted through once.
    chosen.sort_by_key(|(_, part)| part.start);
    let units = |from: u32, to: u32| {
        let part = &tree.text()[from as usize..to as usize];
        if part.is_ascii() { part.len() as u32 } else { part.encode_utf16().count() as u32 }
    };
    let (mut at, mut column) = (0, 1);
    let mut line_start = u32::MAX;
    chosen
        .into_iter()
        .map(|(target, part)| {
            if part.line_start != line_start {
                (line_start, at, column) = (part.line_start, part.line_start, 1);
            }
            column += units(at, part.start);
            at = part.start;
            let line_hash = hashes.get(&part.line_start).map(LineHash::to_string);
            let end_column = column + units(part.start, part.end);
            (target, Region { line: part.line, column, end_column, line_hash })
        })
        .collect()
}
