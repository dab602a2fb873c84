//! The tree: one file as a flat list of nodes that know where they stand.
//!
//! A *node* takes 16 bytes and knows the bytes it stands on; nodes are in document order. The same tree is what
//! the JSON Schemas validate, what policies evaluate, what the files that people write for duly are read from
//! ([`typed`]), and where diagnostics point. A *builder* makes the nodes; a *driver* feeds it the events of one
//! format. A *document* is one value at the top of a file.

mod builder;
mod json;
mod located;
mod node;
mod scalar;
pub mod typed;
mod yaml;

pub use builder::{Builder, Container};
pub use json::{parse_json, parse_json_lines};
pub use located::Located;
pub use node::{Addition, Built, Children, Document, Node, NodeId, Tree};
pub use scalar::Tag;
pub use yaml::parse;

/// What a file may at most be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Containers inside one another.
    pub depth: usize,
    /// Nodes that the aliases of one file may repeat.
    pub aliased_nodes: usize,
    /// Bytes of a key.
    pub key_bytes: usize,
}

/// The limits every file is held to.
pub const LIMITS: Limits = Limits { depth: 64, aliased_nodes: 100_000, key_bytes: 1024 };
