//! What is wrong with an expression or a message, at bytes of its source.

use std::ops::Range;

use crate::diagnostics::{Code, Diagnostic};

/// A mistake of the policy's author, at bytes of the source.
pub type Error = Box<Diagnostic<Range<usize>>>;

pub(in crate::policy) fn error(
    span: Range<usize>,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Error {
    Box::new(Diagnostic::new(Code::Expression, span, message, help))
}
