//! What evaluations looked at and cost.

/// What of the differing things an evaluation looked at, besides its subject.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reads {
    /// Of what differs from the base: other records.
    pub related: bool,
    /// Among these, one that the present state has no more.
    pub removed: bool,
    /// Among these, one that the present state may have in a file that was not read.
    pub not_read: bool,
    /// Of what differs from the base: a document or a reference list.
    pub evidence: bool,
    /// Of what differs from the base: the date.
    pub date: bool,
    /// Anything that differs from a state of the history.
    pub history: bool,
}

impl Reads {
    /// Whether it looked at anything that differs from the base.
    pub fn base(self) -> bool {
        self.related || self.evidence || self.date
    }

    /// Whether it looked at anything that differs.
    pub fn is_any(self) -> bool {
        self.base() || self.history
    }

    pub fn and(self, other: Reads) -> Reads {
        Reads {
            related: self.related || other.related,
            removed: self.removed || other.removed,
            not_read: self.not_read || other.not_read,
            evidence: self.evidence || other.evidence,
            date: self.date || other.date,
            history: self.history || other.history,
        }
    }
}

/// What evaluations read of all that differs between states that are compared, and what they cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    pub reads: Reads,
    pub steps: u64,
}
