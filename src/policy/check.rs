//! A compiled check.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostics::Place;
use crate::records::{KindId, TreeValidator};
use crate::text::Day;
use crate::words::{Basis, Grade, Severity, Tests};

use super::expr::Expression;
use super::message::Message;

/// What an absent field makes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnMissing {
    Gap,
    #[default]
    NotAssessed,
    /// It is out of the scope of the check, which looks only at what is recorded.
    NotApplicable,
}

/// What a requirement that does not hold makes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Otherwise {
    #[default]
    Gap,
    Review,
}

/// From which day on a check asks: what happened before the document, or before the organisation adopted its measures, can
/// not be mended any more.
#[derive(Debug)]
pub struct Since {
    /// The day of what a record tells of.
    pub event: Expression,
    /// The day the organisation adopted the measures.
    pub adopted: Expression,
    /// The day of the document that the measure comes from.
    pub document: Day,
}

/// A requirement over one subject: a record, or a group of records.
#[derive(Debug)]
pub struct Subject {
    pub kind: KindId,
    pub when: Option<Expression>,
    pub group_by: Option<Expression>,
    pub require: Expression,
    pub fresh: Option<Expression>,
    /// In the profile in use, from which day on it asks; from ever where none is said.
    pub since: Option<Since>,
}

/// Whom records hold for, where one that matches is not enough.
#[derive(Debug)]
pub struct Binding {
    /// Those a record holds for; everyone where that is not recorded.
    pub binds: Expression,
    /// Those of whom each needs a record that matches.
    pub everyone: Expression,
}

/// What can be stated of a check: that there was none of what it looks at.
#[derive(Debug)]
pub struct Stated {
    /// The kind that the check looks at, and the subject of a statement about it.
    pub kind: &'static str,
    pub subject: &'static str,
    /// Days that a statement counts after its period: those within which the measure's evidence is renewed.
    pub days: u32,
    /// Whether someone states it who is not of the organisation.
    pub from_outside: Expression,
}

impl Stated {
    /// Kinds that there may be nothing to record of, with the subject of a statement about each.
    pub const SUBJECTS: [(&'static str, &'static str); 2] =
        [("observation", "observations"), ("incident", "incidents")];
}

/// What every attestation is asked.
#[derive(Debug)]
pub struct Attested {
    /// The measure that the check belongs to.
    pub measure: String,
    /// Whether someone attests it who is not of the organisation.
    pub from_outside: Expression,
    /// Whether its document is on file, unchanged.
    pub evidence: Expression,
    /// Where two people attest it.
    pub second: Option<Second>,
}

/// What the second person of an attestation is asked.
#[derive(Debug)]
pub struct Second {
    /// Whether that person is not of the organisation.
    pub from_outside: Expression,
    /// Whether that person is the first one.
    pub is_the_first: Expression,
}

#[derive(Debug)]
pub enum Form {
    /// One record, or one group of records, at a time.
    Each(Box<Subject>),
    /// At least one record must match.
    Exists {
        kind: KindId,
        matching: Option<Expression>,
        fresh: Option<Expression>,
        binding: Option<Box<Binding>>,
    },
    /// Each record must follow a JSON Schema.
    Schema { kind: KindId, when: Option<Expression>, validator: Box<TreeValidator> },
    /// A named person must attest it.
    Attest { question: String, valid_days: u32, attested: Box<Attested> },
}

impl Form {
    pub fn kind(&self) -> Option<KindId> {
        match self {
            Form::Each(subject) => Some(subject.kind),
            Form::Exists { kind, .. } | Form::Schema { kind, .. } => Some(*kind),
            Form::Attest { .. } => None,
        }
    }

    pub fn is_group(&self) -> bool {
        matches!(self, Form::Each(subject) if subject.group_by.is_some())
    }
}

/// One testable requirement of a measure.
#[derive(Debug)]
pub struct Check {
    /// Names the problem; unique in its pack.
    pub id: String,
    /// What holds when it is satisfied.
    pub title: String,
    pub asks: Vec<String>,
    pub tests: Tests,
    /// What it rests on; a safeguard where its file does not say.
    pub basis: Basis,
    /// The first of the pack's profiles that has it; none where the pack has no profiles.
    pub profile: Option<String>,
    /// How strong the evidence is that it reads; none where a person attests.
    pub grade: Option<Grade>,
    pub severity: Severity,
    pub remediation: Vec<String>,
    pub form: Form,
    /// Where a statement of nothing to report can take it out.
    pub stated: Option<Box<Stated>>,
    /// Dotted path of the field a finding points to.
    pub at: Option<String>,
    pub missing: OnMissing,
    pub otherwise: Otherwise,
    /// The innocent explanation to rule out, for a pattern across records.
    pub pattern: Option<String>,
    pub message: Message,
    pub stale: Option<Message>,
    /// What a gap says where nothing is recorded; otherwise the fields that are not.
    pub absent: Option<Message>,
    /// Where the check is written, and its requirement.
    pub place: Place,
    pub require_place: Place,
}

impl Check {
    /// Whether there must be a record to look at. Not where the check is asked only of what is recorded.
    pub fn needs_records(&self) -> bool {
        self.missing != OnMissing::NotApplicable
    }

    /// From which day on it asks, in the profile in use.
    pub fn since(&self) -> Option<&Since> {
        match &self.form {
            Form::Each(subject) => subject.since.as_ref(),
            _ => None,
        }
    }

    /// Everything that it evaluates.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let all = match &self.form {
            Form::Each(subject) => {
                let Subject { when, group_by, require, fresh, since, kind: _ } = &**subject;
                let since = since.as_ref();
                let (event, adopted) = (since.map(|s| &s.event), since.map(|s| &s.adopted));
                [when.as_ref(), group_by.as_ref(), Some(require), fresh.as_ref(), event, adopted]
            }
            Form::Exists { matching, fresh, binding, .. } => {
                let binding = binding.as_deref();
                let binds = binding.map(|b| &b.binds);
                [matching.as_ref(), fresh.as_ref(), binds, binding.map(|b| &b.everyone), None, None]
            }
            Form::Schema { when, .. } => [when.as_ref(), None, None, None, None, None],
            Form::Attest { .. } => [None; 6],
        };
        all.into_iter().flatten()
    }

    /// The definitions that its expressions use: how each is called, and what it means.
    pub fn definitions(&self) -> Vec<(String, &str)> {
        let mut all = Vec::new();
        for definition in self.expressions().flat_map(Expression::definitions) {
            let meaning = (definition.signature(), definition.source.as_str());
            if !all.contains(&meaning) {
                all.push(meaning);
            }
        }
        all
    }

    /// Names of the parameters that its expressions and messages read.
    pub fn parameters(&self) -> BTreeSet<&str> {
        let messages = self.stale.iter().chain(&self.absent).chain([&self.message]);
        self.expressions()
            .flat_map(Expression::parameters)
            .chain(messages.flat_map(Message::parameters))
            .collect()
    }
}
