//! Tokens: the words, texts, numbers and signs of an expression, with the bytes they stand on.

use super::syntax::Span;

/// The smallest part of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    /// The digits of a whole number, without a sign; those of a hexadecimal one start with `0x`.
    Int(String),
    Float(f64),
    Text(String),
    Sign(&'static str),
    /// Behind the last one.
    End,
}

/// Signs, those that others start with behind them.
const SIGNS: [&str; 24] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",", "(", ")",
    "[", "]", "{", "}",
];

/// The tokens of a source, the last of which is [`Token::End`]; or the bytes that make no token, and why.
pub(super) fn tokens(source: &str) -> Result<Vec<(Token, Span)>, (Span, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        if c.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let (token, len) = if let Some(quoted) = quoted(rest) {
            let (text, len) = quoted.map_err(|(len, why)| (at..at + len, why))?;
            (Token::Text(text), len)
        } else if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            number(rest).map_err(|(len, why)| (at..at + len, why))?
        } else if c == '_' || c.is_ascii_alphabetic() {
            let len = rest.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            (Token::Name(rest[..len].to_owned()), len)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err((at..at + c.len_utf8(), format!("`{}` is not expected here", c.escape_debug())));
        };
        found.push((token, at..at + len));
        at += len;
    }
    found.push((Token::End, at..at));
    Ok(found)
}

type Failed = (usize, String);

fn number(rest: &str) -> Result<(Token, usize), Failed> {
    if let Some(hex) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
        let digits = hex.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(hex.len());
        let len = 2 + digits;
        if digits == 0 {
            return Err((len, "a hexadecimal number has digits behind `0x`".to_owned()));
        }
        return Ok((Token::Int(format!("0x{}", &hex[..digits])), unsuffixed(rest, len)?));
    }
    let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut len = digits(0);
    let whole = len;
    if rest[len..].starts_with('.') && digits(len + 1) > 0 {
        len += 1 + digits(len + 1);
    }
    if rest[len..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[len + 1..].starts_with(['+', '-']));
        let exponent = digits(len + 1 + sign);
        if exponent > 0 {
            len += 1 + sign + exponent;
        }
    }
    let text = &rest[..len];
    let token = if len == whole {
        Token::Int(text.to_owned())
    } else {
        Token::Float(text.parse().map_err(|_| (len, "not a number".to_owned()))?)
    };
    Ok((token, unsuffixed(rest, len)?))
}

/// The length of a number that no letter follows.
fn unsuffixed(rest: &str, len: usize) -> Result<usize, Failed> {
    let letters =
        rest[len..].find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(rest.len() - len);
    if letters == 0 {
        return Ok(len);
    }
    Err((len + letters, "this kind of number is not used in policies".to_owned()))
}

/// A text in quotes at the start of `rest`, with its length: none if there is none.
fn quoted(rest: &str) -> Option<Result<(String, usize), Failed>> {
    let prefix = rest.bytes().take(3).position(|b| matches!(b, b'\'' | b'"'))?;
    let letters = rest[..prefix].to_ascii_lowercase();
    let raw = match letters.as_str() {
        "" => false,
        "r" => true,
        "b" | "rb" | "br" => return Some(Err((prefix + 1, "bytes are not used in policies".to_owned()))),
        _ => return None,
    };
    let behind = &rest[prefix..];
    let mark = &behind[..1];
    let triple = behind.starts_with(&mark.repeat(3));
    let mark = if triple { mark.repeat(3) } else { mark.to_owned() };
    let mut text = String::new();
    let mut at = prefix + mark.len();
    loop {
        let here = &rest[at..];
        if here.starts_with(&mark) {
            return Some(Ok((text, at + mark.len())));
        }
        let Some(c) = here.chars().next().filter(|c| triple || !matches!(c, '\n' | '\r')) else {
            return Some(Err((at, "the text is not closed".to_owned())));
        };
        if c != '\\' || raw {
            text.push(c);
            at += c.len_utf8();
            continue;
        }
        match escaped(here) {
            Some((c, len)) => {
                text.push(c);
                at += len;
            }
            None => return Some(Err((at + 1, "`\\` starts no known escape here".to_owned()))),
        }
    }
}

/// The character that an escape stands for, with the bytes of the escape.
fn escaped(text: &str) -> Option<(char, usize)> {
    let kind = text.chars().nth(1)?;
    let by_number = |from: usize, digits: usize, radix: u32| {
        let digits_text = text.get(from..from + digits)?;
        let plain = digits_text.chars().all(|c| c.is_digit(radix));
        let code = u32::from_str_radix(digits_text, radix).ok().filter(|_| plain)?;
        char::from_u32(code).map(|c| (c, from + digits))
    };
    Some(match kind {
        'a' => ('\u{7}', 2),
        'b' => ('\u{8}', 2),
        'f' => ('\u{c}', 2),
        'n' => ('\n', 2),
        'r' => ('\r', 2),
        't' => ('\t', 2),
        'v' => ('\u{b}', 2),
        '\\' | '\'' | '"' | '`' | '?' => (kind, 2),
        'x' | 'X' => return by_number(2, 2, 16),
        'u' => return by_number(2, 4, 16),
        'U' => return by_number(2, 8, 16),
        '0'..='3' => return by_number(1, 3, 8),
        _ => return None,
    })
}
