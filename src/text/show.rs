//! Text from records made safe to show: control characters and those that reorder or hide text
//! become visible escapes (`\u{202e}`).

use std::borrow::Cow;

/// Whether `c` could move, hide or colour what is shown around it.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{00ad}' | '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Characters of a value that is shown inside a sentence.
pub const IN_A_SENTENCE: usize = 200;

/// At most `limit` characters of a text, at least one; where some were cut off, the last is `…`.
pub fn shorten(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        None => Cow::Borrowed(text),
        Some(_) => {
            let kept = text.char_indices().nth(limit.saturating_sub(1)).map_or(0, |(end, _)| end);
            Cow::Owned(format!("{}…", &text[..kept]))
        }
    }
}

/// One line of text: every control, bidirectional and invisible character is written as an escape.
pub fn escape(text: &str) -> Cow<'_, str> {
    escape_with(text, |_| false)
}

/// Several lines of text: as [`escape`], but line feeds stay.
pub fn escape_block(text: &str) -> Cow<'_, str> {
    escape_with(text, |c| c == '\n')
}

/// Whether a text starts with what a CI system takes for a command wherever in a line it stands.
pub fn is_command(text: &str) -> bool {
    text.starts_with("##[") || text.starts_with("##vso[")
}

/// Characters of the longest key that is shown.
const LONGEST_KEY: usize = 40;

/// A key in a sentence, if it looks like the name of a field, else `otherwise`: what else someone wrote there may
/// be a person's name, or a place.
pub fn named(key: &str, otherwise: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let starts = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts && key.len() <= LONGEST_KEY && key.chars().all(word) {
        format!("`{key}`")
    } else {
        otherwise.to_owned()
    }
}

/// Lines in which a CI system finds no command: the first character of what it would take for one becomes
/// an escape. `::error::` counts at the start of a line, behind white space and colours.
pub fn no_commands(text: &str) -> Cow<'_, str> {
    let start = |line: &str| {
        let mut rest = line.trim_start();
        while let Some((_, behind)) = rest.strip_prefix("\u{1b}[").and_then(|code| code.split_once('m')) {
            rest = behind.trim_start();
        }
        rest.starts_with("::").then(|| line.len() - rest.len())
    };
    if !text.contains("##") && !text.lines().any(|line| start(line).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let first = start(line);
        for (i, c) in line.char_indices() {
            if first == Some(i) || is_command(&line[i..]) {
                out.extend(c.escape_unicode());
            } else {
                out.push(c);
            }
        }
    }
    Cow::Owned(out)
}

fn escape_with(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    let plain = text.bytes().all(|b| matches!(b, b' '..=b'~'));
    if plain || !text.chars().any(|c| is_hidden(c) && !keep(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) && !keep(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_fields_are_shown_as_keys() {
        for key in ["id", "last_seen_on", "x-duly-ref", "_a9"] {
            assert_eq!(named(key, "this key"), format!("`{key}`"));
        }
        for key in ["", "Ingrid Solberg", "35.8211", "李雷", "a@b", "a\nb", &"a".repeat(41)] {
            assert_eq!(named(key, "this key"), "this key", "{key:?}");
        }
    }

    #[test]
    fn what_is_cut_off_is_marked() {
        assert!(matches!(shorten("né", 2), Cow::Borrowed("né")));
        assert_eq!(shorten("néxt", 3), "né…");
        assert_eq!((shorten("ab", 1), shorten("ab", 0)), ("…".into(), "…".into()));
        assert_eq!(shorten("", 0), "");
    }

    #[test]
    fn commands_become_text() {
        assert_eq!(no_commands("a ::error::b\n  ::error::c\n"), "a ::error::b\n  \\u{3a}:error::c\n");
        assert_eq!(no_commands("\u{1b}[1m ::x"), "\u{1b}[1m \\u{3a}:x");
        assert_eq!(no_commands("a ##[x]##vso[y]# #["), "a \\u{23}#[x]\\u{23}#vso[y]# #[");
        assert!(matches!(no_commands("a :: b\nc"), Cow::Borrowed(_)));
    }

    #[test]
    fn hidden_characters_become_visible() {
        assert_eq!(escape("a\u{202e}b\u{1b}[2J\n"), "a\\u{202e}b\\u{1b}[2J\\u{a}");
        assert_eq!(escape_block("a\nb\r"), "a\nb\\u{d}");
        assert!(matches!(escape("Zoë 김"), Cow::Borrowed(_)));
    }
}
