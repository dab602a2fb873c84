//! The assessment as JSON: the format `duly-assessment`, version 1, schema `schemas/assessment.json`.
//!
//! Characters that a terminal or a CI system would act on are written as JSON's own escapes: a reader of JSON
//! gets them back, a reader of the log never sees them.

use std::io::{self, Write};

use serde_json::ser::{Formatter, PrettyFormatter};

use crate::assessment::Assessment;
use crate::text::{is_command, is_hidden};

pub(super) fn write(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    to_writer(assessment, out)
}

/// Any document as indented JSON that hides nothing, with a line feed at its end.
pub(super) fn to_writer(document: &impl serde::Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Visible(PrettyFormatter::new()));
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Indented JSON whose strings hide nothing.
struct Visible(PrettyFormatter<'static>);

impl Formatter for Visible {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // Most texts are plain, and long ones are many.
        if fragment.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'#') {
            return out.write_all(fragment.as_bytes());
        }
        let mut written = 0;
        for (i, c) in fragment.char_indices() {
            if is_hidden(c) || is_command(&fragment[i..]) {
                out.write_all(&fragment.as_bytes()[written..i])?;
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
                written = i + c.len_utf8();
            }
        }
        out.write_all(&fragment.as_bytes()[written..])
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}
