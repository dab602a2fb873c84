//! Documents that records refer to.

use super::super::machine::{Document, Machine};
use super::super::value::{Absence, Value};
use super::arguments::{Answer, Arguments};

/// Files of duly itself, which are no evidence of anything.
pub const NO_EVIDENCE: [&str; 2] = ["duly.yaml", "duly-baseline.yaml"];

/// The path of the repository in a reference to a document.
pub fn evidence_path(reference: &str) -> &str {
    let path = reference.trim_start_matches("./");
    path.split('#').next().unwrap_or(path)
}

pub(super) fn evidence_ok<'a>(machine: &mut Machine<'a>, args: Arguments<'_, 'a>) -> Answer<'a> {
    let (evidence, item) = (args.get(0)?, args.item(0)?);
    let field = |name: &str| item.node.get(name);
    let Some(reference) = field("ref") else {
        return Ok(machine.absent_in(evidence, Absence::Missing, "ref"));
    };
    for name in ["ref", "sha256"] {
        if field(name).is_some_and(|n| n.is_invalid()) {
            return Ok(machine.absent_in(evidence, Absence::Invalid, name));
        }
    }
    let stated = field("sha256").map(|n| n.text());
    if reference.text().contains("://") {
        return Ok(match stated {
            Some(_) => Value::Bool(true),
            None => machine.absent_in(evidence, Absence::Missing, "sha256"),
        });
    }
    let path = evidence_path(reference.text());
    Ok(Value::Bool(match machine.document(path, item.record) {
        // What a record says is not shown by the record.
        Document::Own | Document::NotThere => false,
        Document::There(_) if NO_EVIDENCE.contains(&path) => false,
        Document::There(actual) => stated.is_none_or(|stated| actual.eq_ignore_ascii_case(stated)),
    }))
}
