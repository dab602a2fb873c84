//! What is wrong with an expression.

/// A mistake of the policy's author, at bytes of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Bytes of the source it is about.
    pub span: std::ops::Range<usize>,
    pub message: String,
    pub help: String,
}
