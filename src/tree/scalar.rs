//! What a node is, and what a plain scalar of YAML is by its text.

/// What a node is. Plain scalars are typed by the YAML 1.2 core rules when read; a schema may then
/// ask for the text instead (`Tree::make_text`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Tag {
    Null,
    Bool,
    Int,
    Float,
    Str,
    Seq,
    Map,
}

/// The type of a plain scalar by the YAML 1.2 core rules, except that numbers which would not come
/// back as they were written (a leading zero, more than 18 digits) stay text. None for a number that is infinite
/// or undefined.
pub(super) fn core(value: &str) -> Option<Tag> {
    let Some(first) = value.bytes().next() else {
        return Some(Tag::Null);
    };
    match first {
        b'~' if value.len() == 1 => return Some(Tag::Null),
        b'n' | b'N' if matches!(value, "null" | "Null" | "NULL") => return Some(Tag::Null),
        b't' | b'T' if matches!(value, "true" | "True" | "TRUE") => return Some(Tag::Bool),
        b'f' | b'F' if matches!(value, "false" | "False" | "FALSE") => return Some(Tag::Bool),
        b'0'..=b'9' | b'+' | b'-' | b'.' => {}
        _ => return Some(Tag::Str),
    }
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    let infinite = matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(value, ".nan" | ".NaN" | ".NAN");
    let leading_zero =
        unsigned.len() > 1 && unsigned.starts_with('0') && unsigned.as_bytes()[1].is_ascii_digit();
    let digits = !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit());
    if digits {
        let whole = !leading_zero && unsigned.len() <= 18;
        return Some(if whole { Tag::Int } else { Tag::Str });
    }
    if (value.starts_with("0x") || value.starts_with("0o")) && integer(value).is_some() {
        return Some(Tag::Int);
    }
    let number = !leading_zero && !infinite && is_float(unsigned);
    let finite = number && value.parse::<f64>().is_ok_and(f64::is_finite);
    if infinite || (number && !finite) {
        return None;
    }
    Some(if finite { Tag::Float } else { Tag::Str })
}

/// `[0-9]* (\.[0-9]*)? ([eE][-+]?[0-9]+)?` with at least one digit before the exponent.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(i) => (&text[..i], Some(&text[i + 1..])),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let exponent_ok = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && all_digits(e)
    });
    (!whole.is_empty() || !fraction.is_empty()) && all_digits(whole) && all_digits(fraction) && exponent_ok
}

/// An integer by the YAML 1.2 core rules.
pub(super) fn integer(text: &str) -> Option<i64> {
    if let Some(hex) = text.strip_prefix("0x") {
        i64::from_str_radix(hex, 16).ok()
    } else if let Some(octal) = text.strip_prefix("0o") {
        i64::from_str_radix(octal, 8).ok()
    } else {
        text.parse().ok()
    }
}
