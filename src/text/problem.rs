//! Problems: what is wrong with the input itself, with its place and what to do about it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// Where something stands.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Place {
    /// Relative to the audited folder, with `/` between its parts.
    pub path: String,
    /// Counted from 1; 0 when the whole file is meant.
    pub line: u32,
    /// Counted from 1, in characters; 0 when the whole line or file is meant.
    pub column: u32,
}

impl Place {
    /// A whole file or folder.
    pub fn file(path: impl Into<String>) -> Self {
        Place { path: path.into(), line: 0, column: 0 }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&super::escape(&self.path))?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ":{}", self.column)?;
        }
        Ok(())
    }
}

/// The part of a line at which a code host shows something; the path is that of its place.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Region {
    /// Counted from 1.
    pub line: u32,
    /// Counted from 1, in UTF-16 units.
    pub column: u32,
    /// Behind the last unit.
    pub end_column: u32,
    /// GitHub's hash of the line (`primaryLocationLineHash`); none where its text was not read. It is made of
    /// a hundred characters of the file as they are, which somebody could guess and try: it is not saved, and
    /// only the report for the host of the repository, which has the file, may hold it.
    #[serde(skip)]
    pub line_hash: Option<String>,
}

/// What a problem does to the audit.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// Something in scope could not be read or evaluated: the audit is incomplete.
    Incomplete,
    /// Worth knowing; what was in scope was still assessed.
    Notice,
}

/// Something wrong with the input.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Problem {
    pub place: Place,
    /// Kebab-case name of the problem, stable between versions.
    pub code: String,
    pub impact: Impact,
    /// What is wrong. Never holds a value of a record unless its schema calls the value harmless.
    pub message: String,
    /// What to do.
    pub help: String,
    /// A second place that belongs to it: the first of two duplicates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related: Option<Place>,
    /// Where in its file a code host shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

impl Problem {
    pub fn new(
        place: Place,
        code: &str,
        impact: Impact,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Problem {
            place,
            code: code.to_owned(),
            impact,
            message: message.into(),
            help: help.into(),
            related: None,
            region: None,
        }
    }

    pub fn with_related(mut self, place: Place) -> Self {
        self.related = Some(place);
        self
    }
}

/// Problems of one code in one file that are listed one by one.
const LISTED: usize = 1000;

/// Problems as they are found. Of very many of one kind in one file the first are listed and the rest is
/// counted: their number is for whoever wrote the file to choose.
#[derive(Debug, Default)]
pub struct ProblemList {
    listed: Vec<Problem>,
    counts: HashMap<String, HashMap<String, Count>>,
}

#[derive(Debug, Default)]
struct Count {
    seen: usize,
    first_left_out: Option<(Place, Impact)>,
}

impl ProblemList {
    /// Adds a problem of a code at a place; it is put into words only if it is listed.
    pub fn push(&mut self, place: Place, code: &str, impact: Impact, words: impl FnOnce(Place) -> Problem) {
        if !self.counts.contains_key(&place.path) {
            self.counts.insert(place.path.clone(), HashMap::new());
        }
        let Some(codes) = self.counts.get_mut(&place.path) else { return };
        if !codes.contains_key(code) {
            codes.insert(code.to_owned(), Count::default());
        }
        let Some(count) = codes.get_mut(code) else { return };
        count.seen += 1;
        if count.seen <= LISTED {
            self.listed.push(words(place));
        } else {
            let (_, worst) = count.first_left_out.get_or_insert((place, impact));
            *worst = (*worst).min(impact);
        }
    }

    /// The problems, and one for each code that was not listed whole.
    pub fn finish(self) -> Vec<Problem> {
        let mut all = self.listed;
        for (code, count) in self.counts.into_values().flatten() {
            if let Some((place, impact)) = count.first_left_out {
                let left_out = count.seen - LISTED;
                all.push(Problem::new(
                    place,
                    &code,
                    impact,
                    format!(
                        "from here on {left_out} more of this kind in this file are not listed one by one"
                    ),
                    format!("mend the {LISTED} that are listed, then audit again"),
                ));
            }
        }
        all.sort();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_listed_is_counted() {
        let mut list = ProblemList::default();
        for line in 1..=2500 {
            let place = Place { path: "a.yaml".to_owned(), line, column: 1 };
            list.push(place, "unknown-field", Impact::Incomplete, |place| {
                Problem::new(place, "unknown-field", Impact::Incomplete, "is no field", "remove it")
            });
        }
        let all = list.finish();
        assert_eq!(all.len(), LISTED + 1);
        let last = all.last().map(|p| (p.place.line, p.impact, p.message.contains("1500 more")));
        assert_eq!(last, Some((1001, Impact::Incomplete, true)));
    }
}
