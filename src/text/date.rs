//! Dates as they are written: YYYY-MM-DD and nothing else.

use jiff::civil::Date;

/// A date of ten characters, YYYY-MM-DD, that the calendar has.
pub fn parse(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let written = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    if written { text.parse().ok() } else { None }
}

/// A date, or the date in front of a date-time: the day that a time is written with, whatever its zone.
pub fn day(text: &str) -> Option<Date> {
    let behind = text.as_bytes().get(10);
    let ends = behind.is_none_or(|next| matches!(next, b'T' | b't' | b' '));
    if ends { parse(text.get(..10)?) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_ten_characters_and_is_in_the_calendar() {
        assert_eq!(parse("2026-06-30"), Some(jiff::civil::date(2026, 6, 30)));
        for text in [
            "",
            "20260630",
            "2026-6-30",
            "2026-06-31",
            "2026/06/30",
            "2026-06-30T08:00:00Z",
            " 2026-06-30",
            "20260630T1",
            "-002026-06",
            "2026-06-3é",
            "2026-W26-2",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_has_the_day_it_is_written_with() {
        for text in
            ["2026-06-30", "2026-06-30T23:59:59-05:00", "2026-06-30t08:00:00z", "2026-06-30 08:00:00Z"]
        {
            assert_eq!(day(text), parse("2026-06-30"), "{text}");
        }
        for text in ["2026-06-300", "2026-06-30.", "2026-06-31T08:00:00Z", "2026-06-3", "08:00:00Z"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
