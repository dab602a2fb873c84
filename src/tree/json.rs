//! The drivers of JSON and of JSON Lines: each value is held to JSON's own grammar first, then read as the subset
//! of YAML that it is.

use super::builder::{Builder, Refusal};
use super::node::{Built, Tree};
use super::yaml::{Driver, parse, placed};
use crate::diagnostics::{Code, Place, Problem};
use crate::text::escape;

/// Reads a JSON file. The problems are sorted by place.
pub fn parse_json(path: &str, text: String) -> (Tree, Vec<Problem>) {
    match grammar(&text) {
        Ok(()) => parse(path, text),
        Err((message, line, column)) => {
            let problem = Problem::new(
                Code::InvalidJson,
                Place::at(path, (line, column)),
                message,
                "fix the file; nothing in it was assessed",
            );
            (Tree::new(text, Built::default()), vec![problem])
        }
    }
}

/// Reads a JSON Lines file: every line that is not blank is a document. A line that is refused is lost; the lines
/// around it are read. The problems are sorted by place.
pub fn parse_json_lines(path: &str, text: String) -> (Tree, Vec<Problem>) {
    let mut builder = Builder::new(&text);
    let mut driver = Driver::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let (value, base) = (line.trim_end_matches(['\n', '\r']), start as u32);
        start += line.len();
        if value.trim().is_empty() {
            continue;
        }
        match grammar(value) {
            Ok(()) => driver.read(value, base, &mut builder),
            Err((message, _, column)) => driver.refusals.push(Refusal::new(
                Code::InvalidJson,
                base + column - 1,
                message,
                "write one JSON value a line; nothing on this line was assessed",
            )),
        }
    }
    let built = builder.finish();
    let tree = Tree::new(text, built);
    let problems = placed(path, &tree, driver.refusals);
    (tree, problems)
}

/// Whether a text is one JSON value; if not, what is wrong, with its line and its column in bytes from 1.
fn grammar(text: &str) -> Result<(), (String, u32, u32)> {
    let error = match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let message = format!("not valid JSON: {}", escape(message));
    Err((message, error.line() as u32, error.column().max(1) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_document_with_its_own_places() {
        let text = "{\"kind\":\"worker\",\"id\":\"W-1\"}\r\n\n{\"id\": 1,}\n{\"a\":1,\"a\":2}\n[\"é\", {\"id\":\"W-2\"}]";
        let (tree, problems) = parse_json_lines("w.jsonl", text.to_owned());
        let places: Vec<_> = problems.iter().map(|p| (p.code, p.place.line, p.place.column)).collect();
        assert_eq!(places, [(Code::InvalidJson, 3, 10), (Code::DuplicateKey, 4, 8)]);
        let roots: Vec<_> = tree.documents().iter().map(|d| tree.node(d.root)).collect();
        assert_eq!(roots.len(), 2);
        assert_eq!(roots[0].get("id").map(|n| n.place("w").column), Some(24));
        let second = roots[1].child(1).and_then(|n| n.get("id"));
        assert_eq!(second.map(|n| (n.text(), n.place("w").line, n.place("w").column)), Some(("W-2", 5, 14)));
    }
}
