//! Readers: from files to records.
//!
//! A *source* of the configuration says which files hold records and how they are read; a *claim* says
//! why a file was read, or why not.

mod claim;
mod native;

pub use claim::{Claim, ClaimError, Ignore, Rules, SourceRule};
pub use native::{Document, FileRecords, Reference, read_file};
