//! How outcomes, dates, sums and links are shown.

use serde::Serialize;

pub(super) use super::super::facts::READ;
use super::super::facts::is_plain_https;
use crate::assessment::{Disposition, Finding, Outcome};

/// An outcome, or what people decided about it, as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(in crate::report) struct Look {
    /// One letter: the class that gives colour and shape.
    pub class: &'static str,
    pub word: &'static str,
}

impl Look {
    const WAIVED: Look = Look { class: "w", word: "gap, waived" };

    pub(super) fn of(outcome: Outcome) -> Look {
        let (class, word) = match outcome {
            Outcome::Gap => ("g", "gap"),
            Outcome::NotAssessed => ("n", "not assessed"),
            Outcome::Review => ("r", "review"),
            Outcome::Satisfied => ("s", "satisfied"),
            Outcome::NotApplicable => ("a", "not applicable"),
        };
        Look { class, word }
    }

    pub(super) fn of_finding(finding: &Finding) -> Look {
        if finding.disposition == Disposition::Waived { Look::WAIVED } else { Look::of(finding.outcome) }
    }
}

/// A sum of counts; those of a saved assessment can be anything.
pub(super) fn sum(counts: impl IntoIterator<Item = usize>) -> usize {
    counts.into_iter().fold(0, usize::saturating_add)
}

/// A link that may be followed.
pub(super) fn link(url: &str) -> Option<&str> {
    Some(url).filter(|url| is_plain_https(url))
}

/// What was found, as a sentence begins; the id of a record stays as it is.
pub(super) fn headline(finding: &Finding) -> String {
    let message = &finding.message;
    let mut letters = message.chars();
    match letters.next() {
        Some(first) if !finding.records.iter().any(|record| message.starts_with(record.id.as_str())) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => message.clone(),
    }
}
