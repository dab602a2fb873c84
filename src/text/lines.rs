//! Lines and columns of a text, from byte offsets and back. Both count from 1, columns in characters.

use std::ops::Range;

/// Bytes between two known positions.
const MARK_BYTES: usize = 512;

/// A known position: the line an offset is on, where that line starts, and the characters between.
#[derive(Debug, Clone, Copy)]
struct Mark {
    offset: u32,
    line: u32,
    start: u32,
    chars: u32,
}

/// Known positions of a text every [`MARK_BYTES`]: looking one up costs no more in a large text, or in one of a
/// single long line. Every method takes the text that it was made of.
#[derive(Debug)]
pub struct Lines(Vec<Mark>);

impl Lines {
    /// The positions of a text of at most 4 GiB.
    pub fn of(text: &str) -> Self {
        let mut mark = Mark { offset: 0, line: 1, start: 0, chars: 0 };
        let mut marks = vec![mark];
        while let Some(end) = boundary(text, mark.offset as usize + MARK_BYTES) {
            mark = mark.advance(text, end);
            marks.push(mark);
        }
        Lines(marks)
    }

    /// Line and column of an offset.
    pub fn line_column(&self, text: &str, offset: u32) -> (u32, u32) {
        let offset = offset.min(text.len() as u32);
        let near = self.0.partition_point(|mark| mark.offset <= offset) - 1;
        let mark = self.0[near].advance(text, offset as usize);
        (mark.line, mark.chars + 1)
    }

    /// The offset of a line and column, behind that of the line's start; none beyond the text.
    pub fn offset(&self, text: &str, line: u32, column: u32) -> Option<(u32, u32)> {
        let wanted = (line, column.checked_sub(1)?);
        let near = self.0.partition_point(|mark| (mark.line, mark.chars) <= wanted).checked_sub(1)?;
        let mut mark = self.0[near];
        while mark.line < line {
            let end = text[mark.offset as usize..].find('\n')?;
            let start = mark.offset + end as u32 + 1;
            mark = Mark { offset: start, line: mark.line + 1, start, chars: 0 };
        }
        for c in text[mark.offset as usize..].chars() {
            if c == '\n' || mark.chars >= wanted.1 {
                break;
            }
            mark.offset += c.len_utf8() as u32;
            mark.chars += 1;
        }
        ((mark.line, mark.chars) == wanted).then_some((mark.start, mark.offset))
    }

    /// Bytes of a line without its line break; empty beyond the end.
    pub fn span(&self, text: &str, line: u32) -> Range<u32> {
        let near = self.0.partition_point(|mark| mark.line < line).max(1) - 1;
        let (mut start, mut at) = (self.0[near].start as usize, self.0[near].line);
        while at < line {
            match text[start..].find('\n') {
                Some(i) => start += i + 1,
                None => return 0..0,
            }
            at += 1;
        }
        if at != line {
            return 0..0;
        }
        let end = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let body = text[start..end].trim_end_matches('\r');
        start as u32..(start + body.len()) as u32
    }
}

impl Mark {
    /// The position at `offset`, which is not before this one.
    fn advance(self, text: &str, offset: usize) -> Mark {
        let from = self.offset as usize;
        let part = &text.as_bytes()[from..offset];
        let breaks = part.iter().filter(|&&b| b == b'\n').count() as u32;
        let last = part.iter().rposition(|&b| b == b'\n');
        // The first byte of each character is no continuation byte.
        let chars = |bytes: &[u8]| bytes.iter().filter(|&&b| b & 0xc0 != 0x80).count() as u32;
        let (start, chars) = match last {
            Some(i) => ((from + i + 1) as u32, chars(&part[i + 1..])),
            None => (self.start, self.chars + chars(part)),
        };
        Mark { offset: offset as u32, line: self.line + breaks, start, chars }
    }
}

/// The first character boundary at or behind `at`; none at the end of the text.
fn boundary(text: &str, at: usize) -> Option<usize> {
    (at..text.len()).find(|&i| text.is_char_boundary(i))
}

/// The part of the line around `offset` that lies within `reach` bytes before and behind it, without its line
/// break.
pub fn line_around(text: &str, offset: u32, reach: u32) -> Range<u32> {
    let bytes = text.as_bytes();
    let offset = (offset as usize).min(bytes.len());
    let floor = offset.saturating_sub(reach as usize);
    let floor = (floor..=offset).find(|&i| text.is_char_boundary(i)).unwrap_or(offset);
    let start = bytes[floor..offset].iter().rposition(|&b| b == b'\n').map_or(floor, |i| floor + i + 1);
    let ceiling = boundary(text, offset + reach as usize).unwrap_or(bytes.len());
    let end = bytes[offset..ceiling].iter().position(|&b| b == b'\n').map_or(ceiling, |i| offset + i);
    let body = text[start..end].trim_end_matches('\r');
    start as u32..(start + body.len()) as u32
}
