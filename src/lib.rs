//! duly audits a repository of organisational facts against the due-diligence measures of published
//! guidance. See `docs/architecture.md` for the rooms and the arrows between them.

pub mod assessment;
pub mod audit;
pub mod baseline;
pub mod cli;
pub mod compare;
pub mod config;
pub mod diagnostics;
pub mod engine;
pub mod policy;
pub mod readers;
pub mod records;
pub mod reference;
pub mod repo;
pub mod report;
pub mod snapshot;
pub mod testkit;
pub mod text;
pub mod tree;
pub mod words;
