//! The lines of a record under a finding, in the look of a compiler: where it stands, the line that names the
//! record, the line it is about, and a label under the value.
//!
//! Nothing is wider than the report, save places, which have to stay whole: a long line is cut around its
//! label, a label that does not fit beside its mark stands below it, texts are wrapped.

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{wrap, wrap_behind};
use crate::assessment::{Snippet, SnippetLine};
use crate::text::escape;

/// Columns a text needs beside what stands before it on its line; with fewer it gets a line of its own.
const ROOM_FOR_TEXT: usize = 24;

/// How lines are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub width: usize,
    pub color: bool,
    /// Of the finding's word and of the label.
    pub style: Style,
}

impl Pen {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn edge(&self, text: &str) -> String {
        self.paint(Style::new().bold().fg_color(Some(AnsiColor::BrightBlue.into())), text)
    }

    fn strong(&self) -> Style {
        self.style.bold()
    }

    /// `word[id]: text`, the text wrapped.
    pub(super) fn title(&self, word: &str, text: &str) -> String {
        let bold = Style::new().bold();
        let word = escape(word);
        let before = word.width() + 2;
        let mut out = self.paint(self.strong(), &word);
        let wrapped = if before + ROOM_FOR_TEXT <= self.width {
            out.push_str(&self.paint(bold, ": "));
            wrap_behind(before, text, self.width, "  ")
        } else {
            out.push_str(&self.paint(bold, ":"));
            out.push('\n');
            wrap(text, self.width, "  ", "  ")
        };
        for line in wrapped.lines() {
            out.push_str(&self.paint(bold, line));
            out.push('\n');
        }
        out
    }

    /// The place and the lines of a record; `gutter` is the width of the largest line number.
    pub(super) fn lines(&self, place: &str, snippet: &Snippet, gutter: usize) -> String {
        let mut out = self.opening(place, gutter);
        if snippet.head.number < snippet.line.number {
            let (text, ..) = fit(&snippet.head.text, 0, 0, self.room(gutter));
            out.push_str(&self.numbered(gutter, snippet.head.number, &text));
            if snippet.head.number + 1 < snippet.line.number {
                out.push_str(&format!("{:gutter$} {}\n", "", self.edge("┆")));
            }
        }
        out.push_str(&self.labelled(gutter, &snippet.line, snippet));
        out.push_str(&format!("{:gutter$} {}\n", "", self.edge("│")));
        out
    }

    /// `note: text` at the foot of a frame.
    pub(super) fn foot(&self, text: &str, gutter: usize) -> String {
        let start = gutter + 3;
        let note = self.paint(Style::new().bold(), "note");
        let text = wrap_behind(start + 6, text, self.width, &" ".repeat(start + 2));
        format!("{:gutter$} {} {note}: {text}", "", self.edge("╰"))
    }

    /// Lines of a policy, wrapped.
    pub(super) fn policy(&self, place: &str, first: u32, text: &str) -> String {
        let last = first as usize + text.lines().count();
        let gutter = digits(last as u32);
        let mut out = self.opening(place, gutter);
        for (i, line) in text.lines().enumerate() {
            let wrapped = wrap(line, self.room(gutter), "", "  ");
            for (j, part) in wrapped.lines().enumerate() {
                if j == 0 {
                    out.push_str(&self.numbered(gutter, first + i as u32, part));
                } else {
                    out.push_str(&format!("{:gutter$} {} {part}\n", "", self.edge("│")));
                }
            }
        }
        out
    }

    fn room(&self, gutter: usize) -> usize {
        self.width.saturating_sub(gutter + 3).max(ROOM_FOR_TEXT / 2)
    }

    fn opening(&self, place: &str, gutter: usize) -> String {
        let (corner, edge) = (self.edge("╭▸"), self.edge("│"));
        format!("{:gutter$} {corner} {place}\n{:gutter$} {edge}\n", "", "")
    }

    fn numbered(&self, gutter: usize, number: u32, text: &str) -> String {
        let number = self.edge(&format!("{number:>gutter$}"));
        format!("{number} {} {}\n", self.edge("│"), escape(text))
    }

    fn labelled(&self, gutter: usize, line: &SnippetLine, snippet: &Snippet) -> String {
        let room = self.room(gutter);
        let column = (snippet.column as usize).saturating_sub(1);
        let (text, before, marked) = fit(&line.text, column, snippet.width as usize, room);
        let mut out = self.numbered(gutter, line.number, &text);
        let mark = self.paint(self.strong(), &"━".repeat(marked));
        out.push_str(&format!("{:gutter$} {} {:before$}{mark}", "", self.edge("│"), ""));
        let label = escape(&snippet.label);
        if before + marked + 1 + label.width() <= room {
            out.push_str(&format!(" {}\n", self.paint(self.strong(), &label)));
            return out;
        }
        out.push('\n');
        // Below its mark where there is room, else as far to the left as it takes.
        let indent = before.min(room.saturating_sub(ROOM_FOR_TEXT.max(room / 2)));
        let indent = " ".repeat(indent);
        for part in wrap(&label, room, &indent, &indent).lines() {
            let text = self.paint(self.strong(), part.trim_start());
            out.push_str(&format!("{:gutter$} {} {indent}{text}\n", "", self.edge("│")));
        }
        out
    }
}

/// Digits of a number.
pub(super) fn digits(number: u32) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

/// A line cut to `room` columns so that the label at `column`, `width` characters wide, stays in sight: the text,
/// the columns before the label, the columns under it.
fn fit(text: &str, column: usize, width: usize, room: usize) -> (String, usize, usize) {
    let byte = |character: usize| text.char_indices().nth(character).map_or(text.len(), |(i, _)| i);
    let (from, to) = (byte(column), byte(column + width));
    let (before, label) = (text[..from].width(), text[from..to].width());
    if text.width() <= room {
        return (text.to_owned(), before, label.max(1));
    }
    let wanted = label.min(room / 2);
    // Characters are left out before the label only where it would not be in sight otherwise.
    let (mut shown, start) = if before + wanted < room {
        (String::new(), 0)
    } else {
        let kept = room / 4;
        let start = text[..from]
            .char_indices()
            .rev()
            .take_while(|(i, _)| text[*i..from].width() <= kept)
            .last()
            .map_or(from, |(i, _)| i);
        ("…".to_owned(), start)
    };
    let before = shown.width() + text[start..from].width();
    let mut used = shown.width();
    let mut cut = text.len();
    for (i, c) in text[start..].char_indices() {
        used += c.width().unwrap_or(0);
        if used >= room {
            cut = start + i;
            break;
        }
    }
    shown.push_str(&text[start..cut]);
    if cut < text.len() {
        shown.push('…');
    }
    let seen = shown.width().saturating_sub(before);
    (shown, before, label.min(seen).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_around_its_label() {
        assert_eq!(fit("status: ended", 8, 5, 40), ("status: ended".to_owned(), 8, 5));
        let long = format!("{}VALUE{}", "a".repeat(50), "b".repeat(50));
        for room in [12, 20, 40, 60, 100] {
            let (text, before, marked) = fit(&long, 50, 5, room);
            assert!(text.width() <= room, "{text}");
            let under: String = text.chars().skip(before).take(marked).collect();
            assert_eq!(under, "VALUE");
        }
        let wide = format!("名前名前名前名前 {}VALUE 名前", "é".repeat(3));
        let column = wide.chars().position(|c| c == 'V').unwrap_or_default();
        for room in 12..50 {
            let (text, before, marked) = fit(&wide, column, 5, room);
            assert!(text.width() <= room, "{text} in {room}");
            let start = text.char_indices().find(|(i, _)| text[..*i].width() == before).map(|(i, _)| i);
            assert!(start.is_some_and(|i| text[i..].starts_with("VALUE")), "{text} {before} {marked}");
        }
    }
}
