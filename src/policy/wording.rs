//! What is wrong with a file that people write, in their words instead of those of the library that reads it.

use crate::records::suggestion;
use crate::text::{escape, named, shorten};

/// The message and, where one is obvious, the help for a complaint of serde.
pub fn worded(complaint: &str) -> (String, Option<String>) {
    let complaint = complaint.rsplit_once(" at line ").map_or(complaint, |(message, _)| message);
    let starts = [
        "unknown field `",
        "unknown variant `",
        "missing field `",
        "duplicate field `",
        "invalid type: ",
        "invalid value: ",
        "data did not match",
    ];
    let Some((at, start)) = starts.iter().filter_map(|s| Some((complaint.find(s)?, *s))).min() else {
        return (escape(&shorten(complaint)).into_owned(), None);
    };
    // Where in the file: `checks[0].severity: `.
    let (inside, rest) = (&complaint[..at], &complaint[at + start.len()..]);
    let inside = escape(&shorten(inside)).into_owned();
    let (word, behind) = rest.split_once('`').unwrap_or((rest, ""));
    let known: Vec<&str> = behind.split('`').skip(1).step_by(2).collect();
    let help = || {
        let close = suggestion(word, known.iter().copied()).map(|close| format!("did you mean `{close}`?"));
        close.or_else(|| (!known.is_empty()).then(|| format!("known here: {}", known.join(", "))))
    };
    match start.split(' ').next().unwrap_or_default() {
        "unknown" if start.contains("field") => {
            (format!("{inside}{} is no key that is known here", named(word, "this")), help())
        }
        "unknown" => (format!("{inside}`{}` is none of the words for this", escape(&shorten(word))), help()),
        "missing" => (format!("{inside}`{}` must be there", escape(word)), None),
        "duplicate" => (format!("{inside}`{}` stands twice", escape(word)), None),
        "data" => (format!("{inside}has none of the forms that are known here"), None),
        _ => {
            let wanted = rest.rsplit_once(", expected ").map_or("", |(_, wanted)| wanted);
            (format!("{inside}must be {}", kind(wanted)), None)
        }
    }
}

/// What a file may hold, for the library's word.
fn kind(wanted: &str) -> &'static str {
    let wanted = wanted.trim_start_matches("a ").trim_start_matches("an ");
    let first = wanted.split([' ', ',']).next().unwrap_or_default();
    match first {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "isize" | "integer" => "a whole number",
        "f32" | "f64" | "float" => "a number",
        "bool" | "boolean" => "true or false",
        "string" | "str" | "borrowed" => "a text",
        "sequence" | "tuple" => "a list",
        "map" | "struct" => "a mapping",
        "variant" | "enum" | "unit" => "one of the words that are known here",
        _ => "a value of another type",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_the_library_is_left() {
        let cases = [
            (
                "checks[0]: unknown field `severty`, expected one of `id`, `severity` at line 3 column 5",
                "checks[0]: `severty` is no key that is known here",
                Some("did you mean `severity`?"),
            ),
            (
                "severity: unknown variant `hihg`, expected one of `low`, `high` at line 1 column 1",
                "severity: `hihg` is none of the words for this",
                Some("did you mean `high`?"),
            ),
            (
                "unknown field `zzz`, expected `a` or `b`",
                "`zzz` is no key that is known here",
                Some("known here: a, b"),
            ),
            ("missing field `title` at line 1 column 1", "`title` must be there", None),
            (
                "cadence_days: invalid type: string \"x\", expected u32 at line 2 column 3",
                "cadence_days: must be a whole number, 0 or more",
                None,
            ),
            ("invalid type: sequence, expected struct MeasureFile", "must be a mapping", None),
            ("asks: invalid type: string \"a\", expected a sequence", "asks: must be a list", None),
            (
                "data did not match any variant of untagged enum Expected",
                "has none of the forms that are known here",
                None,
            ),
        ];
        for (complaint, message, help) in cases {
            assert_eq!(worded(complaint), (message.to_owned(), help.map(str::to_owned)), "{complaint}");
        }
    }
}
