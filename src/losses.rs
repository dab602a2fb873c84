//! The file of accepted losses: `duly-losses.yaml` at the root of the audited folder.
//!
//! A change that makes a record unassessed opens the gate of a comparison. An *entry* says of one record why that
//! is right (a retention period ended, a device was disposed of), who approved it, and when. It stands in the change
//! that loses the record: an entry that the base already has next to the record accepts nothing.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::assessment::{Acceptance, Loss};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::text::{Day, escape, named};
use crate::tree::{Located, typed};

/// Name of the file.
pub(crate) const FILE: &str = "duly-losses.yaml";
const HELP: &str = "docs/gate.md describes duly-losses.yaml";

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a mapping with version and losses")]
pub(crate) struct LossesFile {
    /// Version of the format: 1.
    version: u32,
    /// The losses that someone accepts.
    losses: Vec<EntryFile>,
}

/// A loss that someone accepts: of one record, by `kind` and `id`, or of one `check`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping with kind and id, or check, and with reason, approved_by and approved_on"
)]
struct EntryFile {
    /// Kind of the record.
    kind: Option<String>,
    /// Id of the record.
    id: Option<String>,
    /// For a check that is about no single record: `DD-08/monitoring-alerts-without-reader`.
    check: Option<String>,
    /// Why the loss is right.
    reason: String,
    /// Who approved it.
    approved_by: String,
    /// Day of the approval.
    approved_on: Day,
}

/// An entry of the file.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    stated: EntryFile,
    place: Place,
}

/// Reads the bytes of a file.
pub(crate) fn parse(bytes: Vec<u8>) -> Result<Vec<Entry>, Vec<Diagnostic>> {
    let (file, tree) = typed::read_file::<LossesFile>(FILE, bytes, Code::LossesFile, HELP)?;
    let located = Located { path: FILE, tree: &tree };
    let Some(file) = file else { return Ok(Vec::new()) };
    let mut errors = Vec::new();
    if file.version != 1 {
        let message = format!("version {} is not 1, which this duly reads", file.version);
        errors.push(Diagnostic::new(Code::LossesFile, located.place(&["version"]), message, HELP));
    }
    let mut entries = Vec::new();
    for (i, stated) in file.losses.into_iter().enumerate() {
        let i = i.to_string();
        let EntryFile { kind, id, check, reason, approved_by, approved_on: _ } = &stated;
        let mut error = |key: &str, message: String, help: &str| {
            let path = ["losses", &i, key];
            let place = located.place(if key.is_empty() { &path[..2] } else { &path });
            errors.push(Diagnostic::new(Code::LossesFile, place, message, help));
        };
        if kind.is_some() != id.is_some() || kind.is_some() == check.is_some() {
            error(
                "",
                "an entry names one record or one check".to_owned(),
                "give `kind` and `id`, or `check`",
            );
        }
        for (key, text) in [("reason", reason), ("approved_by", approved_by)] {
            if text.trim().is_empty() {
                error(key, format!("`{key}` is empty"), "say it in a few words");
            }
        }
        entries.push(Entry { place: located.place(&["losses", &i]), stated });
    }
    if errors.is_empty() { Ok(entries) } else { Err(errors) }
}

impl Entry {
    /// The kind and id of its record.
    pub(crate) fn record(&self) -> Option<(&str, &str)> {
        self.stated.kind.as_deref().zip(self.stated.id.as_deref())
    }

    /// Whether it is about a loss.
    pub(crate) fn is_about(&self, loss: &Loss) -> bool {
        match (&loss.record, self.record()) {
            (Some(record), Some((kind, id))) => record.kind == kind && record.id == id,
            (None, None) => self.stated.check.as_ref().is_some_and(|check| loss.checks.contains(check)),
            _ => false,
        }
    }

    /// Whether two files say the same, wherever it stands in them.
    pub(crate) fn is(&self, other: &Entry) -> bool {
        self.stated == other.stated
    }

    pub(crate) fn acceptance(&self) -> Acceptance {
        Acceptance {
            reason: self.stated.reason.trim().to_owned(),
            approved_by: self.stated.approved_by.trim().to_owned(),
            approved_on: self.stated.approved_on,
            place: self.place.clone(),
        }
    }

    /// A problem with the entry.
    pub(crate) fn problem(&self, code: Code, why: &str, help: &str) -> Diagnostic {
        let what = match (self.record(), &self.stated.check) {
            (Some((kind, id)), _) => format!("{} {}", named(kind, "a record"), named(id, "of that id")),
            (None, check) => escape(check.as_deref().unwrap_or_default()).into_owned(),
        };
        let message = format!("the loss of {what} is not accepted: {why}");
        Diagnostic::new(code, self.place.clone(), message, help)
    }
}
