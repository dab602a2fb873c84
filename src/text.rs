//! Text: bytes to UTF-8, lines and columns, text made safe to show, counts and lists in sentences, digests.

pub mod date;
mod day;
mod decode;
pub mod digest;
mod lines;
pub mod names;
mod phrase;
mod show;

pub use day::{Day, NotADay};
pub use decode::{DecodeError, decode};
pub use lines::{Lines, line_around};
pub use phrase::{count, is_zero, list, plural, verb};
pub use show::{IN_A_SENTENCE, escape, escape_block, is_command, is_hidden, named, no_commands, shorten};
