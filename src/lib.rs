//! duly audits a repository of organisational facts against the due-diligence measures of published
//! guidance. See `docs/architecture.md` for the rooms and the arrows between them.

pub mod assessment;
pub mod audit;
pub(crate) mod baseline;
pub mod cli;
pub(crate) mod compare;
pub(crate) mod config;
pub(crate) mod decisions;
pub mod diagnostics;
pub mod engine;
pub(crate) mod losses;
pub mod policy;
pub mod readers;
pub mod records;
pub mod reference;
pub(crate) mod repo;
pub mod report;
pub(crate) mod snapshot;
pub(crate) mod testkit;
pub mod text;
pub mod tree;
pub(crate) mod words;
