//! Readers: from files to records.
//!
//! A *source* of the configuration says which files hold records and which *reader* reads them; a *claim* says
//! why a file was read, or why not. A *format* is how the bytes of a file become a tree; a reader finds the records
//! in it and has each admitted ([`crate::records::Admission`]). A reader has no access to files: it is given bytes.

mod claim;
mod foreign;
mod format;
mod native;
mod pattern;
mod reader;

pub use claim::{Claim, ClaimError, Ignore, Rules, SourceRule};
pub use foreign::{holds_no_text, is_of_another_tool, other_format};
pub use format::Format;
pub(crate) use native::{SAVED_REPORT, is_own_schema, names_kind};
pub use pattern::{Fix, nearest};
pub use reader::Reader;
