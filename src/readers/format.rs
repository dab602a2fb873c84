//! Formats: how the bytes of a file become a tree.

/// How the bytes of a file become a tree. The same bytes in the same format have the same records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Yaml,
    Json,
    JsonLines,
}
