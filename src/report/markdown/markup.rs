//! Text of records inside Markdown, so that no reader of it acts on the text.
//!
//! A backslash does not keep a code host from linking `@team`, `#12` or a commit, as it looks for them in the
//! finished text. It leaves code spans alone. So words that hold anything but letters, digits and plain
//! punctuation are put into code spans, and the rest stays text.

use super::super::facts::is_plain_https;
use crate::text::{escape, shorten};

/// Characters of one text of a record; more is cut.
const LIMIT: usize = 400;

/// One line of text in which Markdown, GitHub and GitLab find nothing to act on.
pub(in crate::report) fn text(text: &str) -> String {
    let visible = visible(text);
    let mut out = String::with_capacity(visible.len() + 8);
    let mut quoted: Vec<&str> = Vec::new();
    let mut rest = visible.as_str();
    loop {
        let word = rest.trim_start();
        let glued = word.len() == rest.len();
        if word.is_empty() {
            break;
        }
        if let Some(inner) = quotation(word) {
            flush(&mut out, &mut quoted);
            push(&mut out, &span(inner.trim()), glued);
            rest = &word[inner.len() + 2..];
            continue;
        }
        let end = word
            .char_indices()
            .skip(1)
            .find(|(i, c)| c.is_whitespace() || quotation(&word[*i..]).is_some())
            .map_or(word.len(), |(i, _)| i);
        let (word, behind) = word.split_at(end);
        if is_plain(word, out.is_empty() && quoted.is_empty()) {
            let after_quoted = !quoted.is_empty();
            flush(&mut out, &mut quoted);
            push(&mut out, word, glued && !after_quoted);
        } else {
            quoted.push(word);
        }
        rest = behind;
    }
    flush(&mut out, &mut quoted);
    out
}

/// What stands between the backtick that a text starts with and the next one.
fn quotation(text: &str) -> Option<&str> {
    let (inner, behind) = text.strip_prefix('`')?.split_once('`')?;
    (!inner.trim().is_empty() && !behind.starts_with('`')).then_some(inner)
}

/// A code span, for ids and paths.
pub(in crate::report) fn code(text: &str) -> String {
    span(&visible(text).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A link to a document of a policy; anything but a plain `https` address is code.
pub(in crate::report) fn link(url: &str) -> String {
    if is_plain_https(url) { format!("<{url}>") } else { code(url) }
}

/// Nothing hidden, no template of a site generator, no border of a table.
fn visible(text: &str) -> String {
    let text = shorten(text, LIMIT);
    let mut out = String::with_capacity(text.len());
    let escaped = escape(&text);
    let mut rest = escaped.chars().peekable();
    while let Some(c) = rest.next() {
        let opens = c == '{' && matches!(rest.peek(), Some('{' | '%' | '#'));
        if opens || c == '|' {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a word can stand as it is, wherever in a line.
fn is_plain(word: &str, first: bool) -> bool {
    let harmless = |c: char| c.is_alphanumeric() || ".,;()'\"-–—…?%/’“”«»·×:▲▶◆●○".contains(c);
    if !word.chars().all(harmless) {
        return false;
    }
    // `:name:` is an emoji and `a:b` may be an address; a colon at the end is one.
    if word.trim_end_matches(':').contains(':') || word.starts_with(':') {
        return false;
    }
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let hex = bare.len() >= 7 && bare.bytes().all(|b| b.is_ascii_hexdigit());
    let lower = bare.to_ascii_lowercase();
    let issue = lower.strip_prefix("gh-").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    // A command of a code host, a milestone, an item of a list.
    let opens = word.trim_start_matches(['(', '"', '\'']).starts_with(['/', '%'])
        || (first && word.starts_with(['-', '—']))
        || (first && word.ends_with(['.', ')']) && bare.bytes().all(|b| b.is_ascii_digit()));
    !(hex || issue || opens || lower.contains("www."))
}

fn flush(out: &mut String, quoted: &mut Vec<&str>) {
    if !quoted.is_empty() {
        push(out, &span(&quoted.join(" ")), false);
        quoted.clear();
    }
}

/// Appends a word, with a space before it unless it belongs to the one before; two code spans never touch.
fn push(out: &mut String, word: &str, glued: bool) {
    let touches = out.ends_with('`') && word.starts_with('`');
    if !out.is_empty() && (!glued || touches) {
        out.push(' ');
    }
    out.push_str(word);
}

fn span(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if text.is_empty() || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_stay_and_others_become_code() {
        for (from, to) in [
            ("SHP-410 was delivered elsewhere (violated).", "SHP-410 was delivered elsewhere (violated)."),
            ("mail j…@example.com today", "mail `j…@example.com` today"),
            ("see @team and #12, now", "see `@team` and `#12,` now"),
            ("![x](https://e.example/p.png) <b> end", "`![x](https://e.example/p.png) <b>` end"),
            ("a|b {{ x }} {% y %}", "`a\\u{7c}b \\u{7b}{` x `}} \\u{7b}%` y `%}`"),
            ("fix deadbeef1 GH-7 www.e.example", "fix `deadbeef1 GH-7 www.e.example`"),
            ("1. first", "`1.` first"),
            ("- item", "`-` item"),
            ("/close it", "`/close` it"),
            (":smile: note: done", "`:smile:` note: done"),
            ("a``b", "```a``b```"),
            ("field `a.b` (`c d`), end", "field `a.b` (`c d`), end"),
            ("`a`@team `b`www.e.example `c`x", "`a` `@team` `b` `www.e.example` `c`x"),
            ("`a`` @team` x", "`` `a` `` `@team` x"),
            ("`x` <b>`y`", "`x` `<b>` `y`"),
            ("`", "`` ` ``"),
            ("x\ny\u{202e}", "`x\\u{a}y\\u{202e}`"),
            ("Zoë 김", "Zoë 김"),
        ] {
            assert_eq!(text(from), to, "{from:?}");
        }
        assert!(text(&"a ".repeat(5000)).chars().count() <= LIMIT);
    }

    #[test]
    fn only_plain_addresses_are_links() {
        assert_eq!(link("https://www.ic3.gov/PSA"), "<https://www.ic3.gov/PSA>");
        assert_eq!(link("https://a.example/><b>"), "`https://a.example/><b>`");
    }
}
