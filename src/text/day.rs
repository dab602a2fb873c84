//! A day of the calendar as it is saved and shown: YYYY-MM-DD, and nothing else.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::date;

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub Date);

/// A text that is not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid date: write YYYY-MM-DD")]
pub struct NotADay;

impl Day {
    /// Days from this one to another; negative for one before it.
    pub fn days_until(self, other: Day) -> i64 {
        self.0.until(other.0).map_or(0, |span| i64::from(span.get_days()))
    }
}

impl Day {
    /// The quarter it lies in: `2026-Q2`.
    pub fn quarter(self) -> String {
        format!("{:04}-Q{}", self.0.year(), (self.0.month() + 2) / 3)
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Day(date)
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        date::parse(text).map(Day).ok_or(NotADay)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|error| serde::de::Error::custom(format!("`{text}` is {error}")))
    }
}

impl schemars::JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_lies_in_its_quarter() {
        let quarter = |day: &str| day.parse().map(Day::quarter);
        assert_eq!(quarter("2026-06-30").as_deref(), Ok("2026-Q2"));
        assert_eq!(quarter("2026-10-01").as_deref(), Ok("2026-Q4"));
        assert_eq!(quarter("0009-01-31").as_deref(), Ok("0009-Q1"));
    }

    #[test]
    fn days_are_counted_in_both_directions() {
        let days = |from: &str, to: &str| from.parse::<Day>().and_then(|f| Ok(f.days_until(to.parse()?)));
        assert_eq!(days("2026-02-27", "2026-03-02"), Ok(3));
        assert_eq!(days("2026-03-02", "2025-03-02"), Ok(-365));
    }

    #[test]
    fn only_one_spelling_is_a_day() {
        assert_eq!("2026-06-30".parse::<Day>().map(|day| day.to_string()), Ok("2026-06-30".to_owned()));
        for text in ["20260630", "2026-6-30", "2026-02-30", "2026-06-30T00:00", " 2026-06-30", "soon", ""] {
            assert_eq!(text.parse::<Day>(), Err(NotADay), "{text}");
        }
        assert!(serde_json::from_str::<Day>("\"20260630\"").is_err());
    }
}
