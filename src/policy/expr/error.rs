//! What is wrong with an expression.

use crate::diagnostics::suggestion;

/// A mistake of the policy's author, at bytes of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Bytes of the source it is about.
    pub span: std::ops::Range<usize>,
    pub message: String,
    pub help: String,
}

pub(super) fn did_you_mean(word: &str, known: &[&str]) -> Option<String> {
    suggestion(word, known.iter().copied()).map(|s| format!("did you mean `{s}`?"))
}
