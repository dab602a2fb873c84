//! The index of a kind.

/// Index of a kind in its catalog; kinds are ordered by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub u16);
