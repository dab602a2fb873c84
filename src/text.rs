//! Bytes to lines, spans and nodes with positions.
//!
//! A *tree* is one file: its text as UTF-8 and a flat list of *nodes* in document order, each of 16
//! bytes, each knowing the bytes it stands on. The same tree is what the JSON Schemas validate, what
//! policies evaluate and where findings point. A *place* is a path with a line and a column, both
//! counted from 1, columns in characters.

mod decode;
mod line_hash;
mod node;
mod problem;
mod show;
mod yaml;

pub use decode::{DecodeError, decode};
pub use line_hash::{LineHash, line_hashes};
pub use node::{Children, Document, Node, NodeId, Tag, Tree};
pub use problem::{Impact, Place, Problem, ProblemList, Region};
pub use show::{escape, escape_block, is_command, is_hidden, named, no_commands, shorten};
pub use yaml::{LIMITS, Limits, parse, parse_json};
