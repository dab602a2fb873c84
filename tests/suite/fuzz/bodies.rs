//! What each fuzz target does with its bytes, and what must hold whatever they are.
//!
//! `fuzz/fuzz_targets` includes this file for `cargo fuzz`, the suite runs the same functions over the committed
//! seeds. Each function panics when a promise is broken and says whether the bytes were accepted. Everything
//! that it asks of duly is imported here at the top.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use duly::assessment::{self, Assessment};
use duly::diagnostics::Problem;
use duly::policy::expr::{Compared, IndexPlan, Literal, Scope, Type, Value as Evaluated, Variables, compile};
use duly::readers::Reader;
use duly::records::{Catalog, RecordSet, Source};
use duly::reference::ReferenceLists;
use duly::report::{Format, Options, terminal};
use duly::text::decode;
use duly::tree::{LIMITS, Node, NodeId, Tag, Tree, parse, parse_json, parse_json_lines};
use serde_json::Value;

/// What a target does; it says whether the bytes were accepted.
pub(crate) type Target = fn(&[u8]) -> bool;

pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("yaml_reader", yaml_reader),
    ("expression", expression),
    ("saved_assessment", saved_assessment),
    ("report_markup", report_markup),
];

/// Runs a target.
pub(crate) fn run(target: &str, data: &[u8]) -> bool {
    TARGETS.iter().find(|(name, _)| *name == target).expect("a target").1(data)
}

/// The path that the bytes are read under.
const PATH: &str = "folder/file.yaml";

/// A file of records: the tree agrees with the text, with itself, and for JSON with another reader.
fn yaml_reader(data: &[u8]) -> bool {
    let Ok(text) = decode(data.to_vec()) else { return false };
    let (tree, problems) = parse(PATH, text.clone());
    assert_eq!(tree.text(), text);
    hold_tree(&tree);
    hold_problems(&tree, &problems);
    let (again, problems_again) = parse(PATH, text.clone());
    assert_eq!((listed(&tree), &problems), (listed(&again), &problems_again), "read twice, read differently");

    let (as_json, json_problems) = parse_json(PATH, text.clone());
    hold_tree(&as_json);
    hold_problems(&as_json, &json_problems);
    if json_problems.is_empty() {
        let value: Value = serde_json::from_str(&text).expect("what was read as JSON is JSON");
        assert_eq!(as_json.documents().len(), 1, "JSON is one document");
        same(as_json.node(as_json.documents()[0].root), &value);
    }

    let (lines, line_problems) = parse_json_lines(PATH, text.clone());
    hold_tree(&lines);
    hold_problems(&lines, &line_problems);
    let values: Vec<Value> = text
        .split('\n')
        .filter(|l| !l.trim().is_empty())
        .map_while(|l| serde_json::from_str(l).ok())
        .collect();
    if line_problems.is_empty() {
        assert_eq!(lines.documents().len(), values.len(), "each line is a document");
        lines
            .documents()
            .iter()
            .zip(&values)
            .for_each(|(document, value)| same(lines.node(document.root), value));
    }
    problems.is_empty() && !tree.documents().is_empty()
}

/// What a node says, and where.
type Listed<'t> = (Tag, &'t str, &'t str, Range<u32>, Range<u32>);

fn listed(tree: &Tree) -> Vec<Listed<'_>> {
    let nodes = tree.documents().iter().flat_map(|document| tree.below(document.root));
    nodes.map(|n| (n.tag(), n.key(), n.text(), n.key_span(), n.span())).collect()
}

fn hold_tree(tree: &Tree) {
    let mut written = 0;
    let mut repeated = 0;
    let mut last = None;
    for document in tree.documents() {
        let root = tree.node(document.root);
        assert!(last < Some(root.id()), "documents stand in order");
        let mut reached = Vec::new();
        hold_node(tree, root, 0, &mut reached);
        let below: Vec<_> = tree.below(root.id()).map(|n| n.id()).collect();
        assert_eq!(reached, below, "what is below a node is what its children lead to");
        last = below.last().copied();
        repeated += tree.below(root.id()).filter(Node::is_aliased).count();
        written += below.len();
    }
    assert!(repeated <= LIMITS.aliased_nodes, "{repeated} nodes repeated by aliases");
    assert!(
        written - repeated <= 2 * tree.text().len() + 2,
        "{written} nodes of {} bytes",
        tree.text().len()
    );
}

fn hold_node(tree: &Tree, node: Node<'_>, depth: usize, reached: &mut Vec<NodeId>) {
    reached.push(node.id());
    let container = matches!(node.tag(), Tag::Seq | Tag::Map);
    assert!(depth + usize::from(container) <= LIMITS.depth, "nested more deeply than is read");
    for span in [node.span(), node.key_span(), node.label_span()] {
        let slice = tree.text().get(span.start as usize..span.end as usize);
        assert!(slice.is_some(), "{span:?} is no part of the text");
        let (line, column) = tree.line_column(span.start);
        let back = tree.offset(line, column).map(|(_, offset)| offset);
        assert_eq!(back, Some(span.start), "line {line}, column {column} is elsewhere");
    }
    if !node.is_aliased() {
        hold_source(tree, node);
    }
    let mut keys = std::collections::BTreeSet::new();
    let mut end = node.span().start;
    for (i, child) in node.children().enumerate() {
        assert!(child.id() > node.id(), "a child stands behind its parent");
        assert_eq!(node.child(i).map(|c| c.id()), Some(child.id()));
        assert_eq!(node.child_towards(child.id()).map(|(at, c)| (at, c.id())), Some((i, child.id())));
        if node.tag() == Tag::Map {
            assert!(keys.insert(child.key()), "the key {:?} stands twice", child.key());
            assert_eq!(node.member(child.key()).map(|c| c.id()), Some(child.id()));
            assert_eq!(node.get(child.key()).is_some(), child.tag() != Tag::Null);
        } else {
            assert_eq!(child.key(), "", "what is in a list has no key");
        }
        if !child.is_aliased() {
            let (outer, inner) = (node.span(), child.span());
            assert!(outer.start <= inner.start, "{inner:?} begins before {outer:?}");
            // A container reaches to the end of its last scalar, so one without scalars is empty.
            assert!(inner.is_empty() || inner.end <= outer.end, "{inner:?} lies outside {outer:?}");
            assert!(end <= inner.start, "{inner:?} begins before what stands before it ends");
            end = inner.end;
        }
        hold_node(tree, child, depth + 1, reached);
    }
}

/// A scalar on one line says what stands in the text.
fn hold_source(tree: &Tree, node: Node<'_>) {
    let slice = |span: Range<u32>| &tree.text()[span.start as usize..span.end as usize];
    let source = slice(node.span());
    if matches!(node.tag(), Tag::Null | Tag::Seq | Tag::Map) || source.contains(['\n', '\r', '\\']) {
        return;
    }
    if node.is_plain() {
        assert_eq!(source, node.text());
    } else if let Some(inner) = source.strip_prefix('"').and_then(|s| s.strip_suffix('"')) {
        assert_eq!(inner, node.text());
    } else if let Some(inner) = source.strip_prefix('\'').and_then(|s| s.strip_suffix('\'')) {
        assert_eq!(inner.replace("''", "'"), node.text());
    }
}

fn hold_problems(tree: &Tree, problems: &[Problem]) {
    assert!(problems.is_sorted(), "problems stand in order");
    for problem in problems {
        assert!(!problem.message.is_empty() && !problem.help.is_empty(), "{problem:?}");
        harmless("problem", &problem.message);
        harmless("problem", &problem.help);
        for place in std::iter::once(&problem.place).chain(&problem.related) {
            assert_eq!(place.path, PATH);
            // A file that ends too early is refused at the line behind its last.
            let lines = tree.text().matches('\n').count() as u32 + 2;
            assert!(place.line <= lines, "line {} of {lines}", place.line);
        }
    }
}

/// A node says what another reader of JSON reads. Numbers are kept as text, so only their size is compared.
fn same(node: Node<'_>, value: &Value) {
    match value {
        Value::Null => assert_eq!(node.tag(), Tag::Null),
        Value::Bool(b) => assert_eq!(node.as_bool(), Some(*b)),
        Value::Number(n) => {
            let (ours, theirs) = (node.text().parse::<f64>(), n.as_f64().unwrap_or_default());
            let close = |ours: f64| ours == theirs || ((ours - theirs) / theirs).abs() < 1e-9;
            assert!(node.is_plain() && ours.is_ok_and(close), "{n} became {:?}", node.text());
        }
        Value::String(text) => assert_eq!(node.as_str(), Some(text.as_str())),
        Value::Array(items) => {
            assert_eq!((node.tag(), node.children().count()), (Tag::Seq, items.len()));
            node.children().zip(items).for_each(|(child, item)| same(child, item));
        }
        Value::Object(members) => {
            assert_eq!((node.tag(), node.children().count()), (Tag::Map, members.len()));
            for (key, member) in members {
                let child = node.member(key).unwrap_or_else(|| panic!("{key:?} is lost"));
                same(child, member);
            }
        }
    }
}

const RECORDS: &str = "
- kind: worker
  id: W-1
  status: active
  engagement: contractor
  start_on: 2026-01-10
  vendor: V-1
  privileged: true
  accounts: [a1, a2]
  bank: { routing_number: 021000021 }
  residence: { street: 12 Oak Street Apt 4, city: Austin, region: TX, postal_code: '78701', country: US }
- { kind: worker, id: W-2, status: active }
- { kind: vendor, id: V-1, status: active, contract: { end_on: 2026-12-31 } }
- { kind: location, id: L-1, latitude: 30.27, longitude: -97.74 }
- { kind: geolocation, id: G-1, device: D-1, observed_on: 2026-06-10 }
- { kind: organization, id: O, engages: { freelancers: false } }
";

/// The built-in kinds, and a few records.
static WORLD: LazyLock<(Arc<Catalog>, RecordSet)> = LazyLock::new(|| {
    let catalog = Arc::new(Catalog::new(Vec::new()).expect("the built-in kinds"));
    let read = Reader::Native.read(PATH, RECORDS.as_bytes().to_vec(), &catalog);
    assert_eq!(read.problems, []);
    let sources = vec![Source { path: PATH.to_owned(), tree: read.tree }];
    let (set, _) = RecordSet::new(Arc::clone(&catalog), sources, read.records);
    (catalog, set)
});

/// A condition of a policy over workers: refused with a place in it, or evaluated to the same value every time.
fn expression(data: &[u8]) -> bool {
    let Ok(source) = std::str::from_utf8(data) else { return false };
    let first = conclusion(source);
    assert_eq!(first, conclusion(source), "compiled twice, understood differently");
    first.is_ok()
}

/// The values for each worker, or the message of the refusal.
fn conclusion(source: &str) -> Result<Vec<String>, String> {
    let (catalog, set) = &*WORLD;
    let worker = catalog.find("worker").expect("the kind is built in");
    let parameters = BTreeMap::from([
        ("days".to_owned(), Literal::Int(30)),
        ("kinds".to_owned(), Literal::List(vec![Literal::Text("employee".to_owned())])),
    ]);
    let subject = ("worker".to_owned(), Type::Object(catalog.get(worker).shape.clone()));
    let variables = Variables { catalog, subject: Some(subject), parameters: &parameters, definitions: &[] };
    let mut plan = IndexPlan::default();
    let expression = compile(source, &variables, &mut plan, None).map_err(|error| {
        assert!(source.get(error.place.clone()).is_some(), "{:?} is no part of the source", error.place);
        assert!(!error.message.is_empty() && !error.help.is_empty(), "a refusal says why and what to do");
        error.message
    })?;
    let as_of = jiff::civil::date(2026, 6, 30);
    let indexes = plan.build(set, as_of);
    let organization = catalog.find("organization").and_then(|kind| set.find(kind, "O"));
    let (references, files) = (ReferenceLists::built_in(), HashMap::new());
    let scope = Scope {
        set,
        indexes: &indexes,
        references: &references,
        files: &files,
        organization,
        as_of,
        adoption: Default::default(),
        compared: Compared::default(),
    };
    let workers = ["W-1", "W-2"].map(|id| set.find(worker, id).expect("the record is there"));
    let value = |record| expression.evaluate(&scope, Evaluated::record(set, record));
    Ok(workers.map(|record| format!("{:?}", value(record))).to_vec())
}

/// A saved assessment: refused in words, or read, written and read as the same, and fit for every report.
fn saved_assessment(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let read = match assessment::parse(text) {
        Ok(read) => read,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return false;
        }
    };
    let written = report(&read, named("json"));
    let again = assessment::parse(&written).expect("what duly writes, it reads");
    assert_eq!(written, report(&again, named("json")), "written, read and written differently");
    for format in Format::ALL {
        hold_report(format, &report(&read, format));
    }
    true
}

/// The assessment whose texts are replaced: one with everything that an assessment can hold.
const BASE: &str = include_str!("../../../fuzz/corpus/saved_assessment/everything.json");

/// The base, and its texts that can be anything. A text with a form of its own (a word, a date) is not among them.
static FREE: LazyLock<(Value, Vec<String>)> = LazyLock::new(|| {
    let base: Value = serde_json::from_str(BASE).expect("the seed is JSON");
    assessment::parse(BASE).expect("the seed is stale: UPDATE_SEEDS=1 cargo test fuzz");
    let mut pointers = Vec::new();
    texts(&base, &mut String::new(), &mut pointers);
    pointers.retain(|pointer| {
        let mut changed = base.clone();
        *changed.pointer_mut(pointer).expect("it was just listed") = "a b".into();
        // Only an address that is one becomes a link.
        !pointer.ends_with("/url") && assessment::parse(&changed.to_string()).is_ok()
    });
    assert!(pointers.len() > 100, "{} texts can be anything", pointers.len());
    (base, pointers)
});

fn texts(value: &Value, pointer: &mut String, found: &mut Vec<String>) {
    let mut below = |key: &str, member: &Value| {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        texts(member, pointer, found);
        pointer.truncate(length);
    };
    match value {
        Value::String(_) => found.push(pointer.clone()),
        Value::Array(items) => items.iter().enumerate().for_each(|(i, item)| below(&i.to_string(), item)),
        Value::Object(members) => members.iter().for_each(|(key, member)| below(key, member)),
        _ => {}
    }
}

/// Texts of records and policies in every report: they stay text. The first byte says where the rest is put: in
/// the place of each text, behind it, or before it.
fn report_markup(data: &[u8]) -> bool {
    let Some((mode, rest)) = data.split_first() else { return false };
    let Ok(hostile) = std::str::from_utf8(rest) else { return false };
    let put = |old: &str, text: &str| match mode % 3 {
        0 => text.to_owned(),
        1 => format!("{old}{text}"),
        _ => format!("{text}{old}"),
    };
    let Some(read) = with(|old| put(old, hostile)) else { return false };
    // The same with letters for whatever means something in markup: the elements must be the same, too.
    let tame: String = hostile.chars().map(|c| if "<>&\"'".contains(c) { 'x' } else { c }).collect();
    let twin = with(|old| put(old, &tame)).expect("its twin is read");
    for format in Format::ALL {
        let (name, text) = (format.name, report(&read, format));
        hold_report(format, &text);
        if matches!(format.extension, "html" | "xml") {
            let (ours, plain) = (tags(&text), report(&twin, format));
            let differs = ours.iter().zip(tags(&plain)).find(|(a, b)| *a != b);
            assert_eq!(differs, None, "{name}: {hostile:?} changes the elements");
            assert_eq!(ours.len(), tags(&plain).len(), "{name}: {hostile:?} adds or removes elements");
        }
    }
    let options = Options {
        terminal: terminal::Options { color: true, ..terminal::Options::default() },
        ..Options::default()
    };
    let coloured = uncoloured(&report_as(&read, named("terminal"), &options));
    assert_eq!(coloured, report(&read, named("terminal")), "colour changes what is said");
    true
}

fn with(put: impl Fn(&str) -> String) -> Option<Assessment> {
    let (base, pointers) = &*FREE;
    let mut changed = base.clone();
    for pointer in pointers {
        if let Some(Value::String(text)) = changed.pointer_mut(pointer) {
            *text = put(text);
        }
    }
    assessment::parse(&changed.to_string()).ok()
}

fn named(name: &str) -> &'static Format {
    Format::named(name).expect("the format is there")
}

fn report(assessment: &Assessment, format: &Format) -> String {
    report_as(assessment, format, &Options::default())
}

fn report_as(assessment: &Assessment, format: &Format, how: &Options) -> String {
    let mut out = Vec::new();
    format.write(assessment, how, &mut out).expect("every assessment can be reported");
    String::from_utf8(out).expect("reports are UTF-8")
}

/// What holds for a report of every format, and for one of this format.
fn hold_report(format: &Format, text: &str) {
    let name = format.name;
    match format.extension {
        _ if format.is_commands => commands(text),
        "csv" => cells(name, text),
        _ => harmless(name, text),
    }
    match format.extension {
        "json" | "sarif" => {
            let json = serde_json::from_str::<Value>(text);
            assert!(json.is_ok(), "{name} is no JSON");
        }
        "html" | "xml" => escaped(name, text),
        "md" => defused(name, text),
        _ => {}
    }
}

/// Nothing that a terminal or a CI system acts on.
fn harmless(name: &str, text: &str) {
    let acts = |c: char| {
        let hidden = matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
        c.is_control() || hidden
    };
    for line in text.split('\n') {
        assert_eq!(line.chars().find(|c| acts(*c)), None, "{name}: raw in {line:?}");
        let command = line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso[");
        assert!(!command, "{name}: a command in {line:?}");
    }
}

/// Each line is an annotation, and none is made by a text.
fn commands(text: &str) {
    for line in text.lines() {
        let annotation =
            ["::error ", "::warning ", "::notice "].iter().find_map(|kind| line.strip_prefix(kind));
        let (properties, message) = annotation.and_then(|rest| rest.split_once("::")).unwrap_or_else(|| {
            panic!("github: no annotation: {line:?}");
        });
        let mut texts = vec![message];
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').unwrap_or((property, ""));
            let known = ["line", "endLine", "col", "endColumn", "title"];
            if name == "file" {
                // A path is as GitHub knows it, and is not shown.
                assert!(!value.contains(|c: char| c.is_control() || c == ':'), "github: {value:?}");
            } else {
                assert!(known.contains(&name), "github: {property:?} in {line:?}");
                texts.push(value);
            }
        }
        harmless("github", &texts.join(" "));
    }
}

/// As many cells in every row, and no formula.
fn cells(name: &str, text: &str) {
    let text = text.strip_prefix('\u{feff}').expect("the mark of UTF-8");
    for line in text.split("\r\n") {
        harmless(name, line);
    }
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(false).from_reader(text.as_bytes());
    for row in rows.records() {
        let row = row.unwrap_or_else(|error| panic!("{name}: {error}"));
        let formula = row.iter().find(|cell| cell.trim_start().starts_with(['=', '+', '-', '@']));
        assert_eq!(formula, None, "{name}: a formula");
    }
}

/// A page or a document without its style and its script.
fn without_code_elements(text: &str) -> String {
    let mut out = text.to_owned();
    for element in ["style", "script"] {
        while let Some(from) = out.find(&format!("<{element}")) {
            let close = format!("</{element}>");
            let to = out[from..].find(&close).unwrap_or_else(|| panic!("<{element}> does not end"));
            out.replace_range(from..from + to + close.len(), "");
        }
    }
    out
}

/// Every `&` begins an entity, and every `<` a tag.
fn escaped(name: &str, text: &str) {
    let text = without_code_elements(text);
    for (i, _) in text.match_indices('&') {
        let entity = text[i + 1..].split(';').next().unwrap_or_default();
        let letters = entity.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#');
        assert!(letters && (2..=6).contains(&entity.len()), "{name}: a bare & before {entity:?}");
    }
    for (i, _) in text.match_indices('<') {
        let next = text[i + 1..].chars().next();
        assert!(next.is_some_and(|c| c.is_ascii_alphabetic() || "/!?".contains(c)), "{name}: a bare <");
    }
}

/// The tags of a page in order, with the names of their attributes and without the values.
fn tags(text: &str) -> Vec<String> {
    let text = without_code_elements(text);
    text.split('<')
        .skip(1)
        .map(|rest| {
            let (mut tag, mut quote, mut value) = (String::new(), None, false);
            for c in rest.chars() {
                match (quote, c) {
                    (Some(open), _) if c == open => (quote, value) = (None, false),
                    (Some(_), _) => {}
                    (None, '"' | '\'') => quote = Some(c),
                    (None, '>') => break,
                    (None, '=') => value = true,
                    (None, _) if c.is_whitespace() => {
                        value = false;
                        tag.push(' ');
                    }
                    (None, _) if !value => tag.push(c),
                    (None, _) => {}
                }
            }
            tag
        })
        .collect()
}

/// Text without the codes that colour it; another code would stay and be seen.
fn uncoloured(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('m') {
            Some((code, rest)) if code.bytes().all(|b| b.is_ascii_digit() || b == b';') => out.push_str(rest),
            _ => panic!("more than a colour: {part:?}"),
        }
    }
    out
}

/// A line of Markdown without its code spans, by the rule of CommonMark: a run of backticks closes with
/// the next run of the same length.
fn without_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        out.push_str(&rest[..start]);
        let run = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        let mut behind = &rest[start + run..];
        let mut at = start + run;
        let closed = loop {
            let Some(i) = behind.find('`') else { break None };
            let length = behind[i..].len() - behind[i..].trim_start_matches('`').len();
            at += i + length;
            behind = &rest[at..];
            if length == run {
                break Some(at);
            }
        };
        let Some(end) = closed else { panic!("a code span without an end: {line}") };
        out.push('§');
        rest = &rest[end..];
    }
    out + rest
}

/// Nothing of a text is left outside code spans that a code host acts on.
pub(crate) fn defused(name: &str, text: &str) {
    assert!(!text.contains("{{") && !text.contains("{%"), "{name}: a template of a site generator");
    let ours = ["<details><summary>Satisfied measures</summary>", "</details>"];
    for (i, line) in text.lines().enumerate() {
        if ours.contains(&line) || (i == 0 && line.starts_with("<!-- duly:report:")) {
            continue;
        }
        let mut bare = without_code(line);
        // The address of a document of the policy.
        while let (Some(from), Some(to)) = (bare.find("<https://"), bare.find('>')) {
            bare.replace_range(from..=to, "");
        }
        let bare = bare.trim_start_matches(['#', ' ']).replace("**", "").replace(" | ", " ");
        let bare = bare.trim_start_matches("| ").trim_end_matches(" |").trim_start_matches("- ");
        let table = bare.chars().all(|c| "|-: ".contains(c));
        for c in ['<', '>', '@', '#', '[', ']', '*', '_', '|', '&', '\\', '!', '~', '$', '^'] {
            assert!(table || !bare.contains(c), "{name}: {c} in {line}");
        }
        // Without anything behind it, it is no address.
        for word in ["javascript:", "http:", "https:", "www."] {
            let mut behind =
                bare.match_indices(word).filter_map(|(i, _)| bare[i + word.len()..].chars().next());
            let none = behind.all(|c| !c.is_alphanumeric() && c != '/');
            assert!(none, "{name}: {word} in {line}");
        }
        for word in bare.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())) {
            let commit = word.len() >= 7 && word.bytes().all(|b| b.is_ascii_hexdigit());
            let number = word.bytes().all(|b| b.is_ascii_digit());
            assert!(!commit || number, "{name}: the commit {word} in {line}");
        }
    }
}
