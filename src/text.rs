//! Text: bytes to UTF-8, lines and columns, and text made safe to show.

mod decode;
mod line_hash;
mod lines;
mod show;

pub use decode::{DecodeError, decode};
pub use line_hash::{LineHash, line_hashes};
pub use lines::{Lines, line_around};
pub use show::{escape, escape_block, is_command, is_hidden, named, no_commands, shorten};
