//! The words of an audit that every layer shares: severity, outcome, cause, grade, disposition.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! word {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[derive(schemars::JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$variant_meta])* $variant),+ }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|w| w.as_str() == text).ok_or_else(|| {
                    let all: Vec<&str> = Self::ALL.iter().map(|w| w.as_str()).collect();
                    format!("must be one of: {}", all.join(", "))
                })
            }
        }
    };
}

word!(
    /// How much a gap matters. Ordered from least to most.
    Severity { Low = "low", Medium = "medium", High = "high", Critical = "critical" }
);

word!(
    /// Whether a remediation item is done with.
    PlanStatus { Open = "open", Closed = "closed" }
);

word!(
    /// What the evidence says. Nothing starts as satisfied. Ordered by the roll-up: the worst last.
    Outcome {
        NotApplicable = "not-applicable",
        Satisfied = "satisfied",
        Review = "review",
        NotAssessed = "not-assessed",
        Gap = "gap",
    }
);

word!(
    /// Why something is a gap.
    Cause {
        /// The evidence contradicts the requirement.
        Violated = "violated",
        /// The evidence that the measure asks for is not there.
        Missing = "missing",
        /// The evidence is too old.
        Stale = "stale",
    }
);

word!(
    /// What a check rests on.
    Basis {
        /// A sentence of the document that the pack is made from.
        Announcement = "announcement",
        /// Good practice beside it: ours, not the document's.
        Safeguard = "safeguard",
    }
);

word!(
    /// How strong evidence is, from a policy text to an observation.
    Grade {
        Declared = "declared",
        /// A named person says that it was done.
        Attested = "attested",
        Configured = "configured",
        Enforced = "enforced",
        Observed = "observed",
    }
);

word!(
    /// Whether a check tests the rules on paper or the practice.
    Tests { Design = "design", Operation = "operation" }
);

word!(
    /// What people decided about an outcome.
    Disposition { Open = "open", Waived = "waived", Attested = "attested", Known = "known" }
);

word!(
    /// What became of a finding since the baseline.
    Change {
        /// The baseline does not have it.
        New = "new",
        /// Its outcome, severity or reach is worse than it was.
        Worsened = "worsened",
        Unchanged = "unchanged",
        /// It is still there, but less bad than it was.
        Improved = "improved",
        /// It was a gap and cannot be assessed any more: it is not known whether it is fixed.
        Unassessed = "unassessed",
        /// The baseline has it, and its records are satisfied or out of scope now.
        Fixed = "fixed",
        /// The baseline has it, and no one looks at it any more: a record it rested on, or its check, is gone.
        Removed = "removed",
    }
);
