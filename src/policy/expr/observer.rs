//! Which of the things that differ between states an evaluation looks at.
//!
//! An evaluation that looks at nothing that differs says the same in every state that has its subject, so it need
//! not be done again; and what it looked at is why it says something else.

use super::diff::{Dependency, StateDiff};
use super::usage::Reads;

/// What differs between the present state and the earlier ones that are judged with it; none where none are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Compared<'a> {
    /// From the one that findings are compared with.
    pub base: Option<&'a StateDiff>,
    /// From any of those whose numbers are wanted.
    pub history: Option<&'a StateDiff>,
}

impl Compared<'_> {
    /// Whether any other state is judged.
    pub fn is_any(self) -> bool {
        self.base.is_some() || self.history.is_some()
    }
}

/// Takes note of what an evaluation looks at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Observer<'a> {
    compared: Compared<'a>,
    pub(super) reads: Reads,
}

impl<'a> Observer<'a> {
    pub(super) fn new(compared: Compared<'a>) -> Self {
        Observer { compared, reads: Reads::default() }
    }

    /// Whether dates differ: else it makes no difference when a day is.
    pub(super) fn compares_dates(&self) -> bool {
        self.compared.base.is_some_and(StateDiff::has_dates)
            || self.compared.history.is_some_and(StateDiff::has_dates)
    }

    /// Something is looked at.
    pub(super) fn looked_at(&mut self, what: Dependency<'_>) {
        self.reads.history |= self.compared.history.is_some_and(|diff| diff.has(what));
        let Some(base) = self.compared.base.filter(|diff| diff.has(what)) else { return };
        match what {
            Dependency::Record { .. }
            | Dependency::Kind(_)
            | Dependency::Field { .. }
            | Dependency::Dated { .. }
            | Dependency::Person(_)
            | Dependency::Place(_)
            | Dependency::Uses
            | Dependency::Cluster(_) => {
                self.reads.related = true;
                self.reads.removed |= base.has_removed(what);
                self.reads.not_read |= base.has_not_read(what);
            }
            Dependency::List(_) | Dependency::Document(_) => self.reads.evidence = true,
            Dependency::Today | Dependency::Day(_) => self.reads.date = true,
        }
    }
}
