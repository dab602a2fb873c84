//! What an expression may at most be, and cost.

/// What a compiled expression may hold at most.
pub const MAX_SOURCE_BYTES: usize = 4096;
/// Expressions inside one another.
pub const MAX_DEPTH: usize = 96;
/// Parts of an expression, with what its definitions mean in their place.
pub const MAX_NODES: usize = 10_000;
/// Steps one evaluation may take, before the size of the group and of the audit are added.
pub const MAX_STEPS: u64 = 200_000;
