//! Readers: from files to records.
//!
//! A *source* of the configuration says which files hold records and which *reader* reads them; a *claim* says
//! why a file was read, or why not. A *format* is how the bytes of a file become a tree; a reader finds the records
//! in it and has each admitted ([`crate::records::Admission`]). A reader has no access to files: it is given bytes.

mod claim;
mod format;
mod native;
mod reader;

pub use claim::{Claim, ClaimError, Ignore, Rules, SourceRule};
pub use format::Format;
pub use reader::Reader;
