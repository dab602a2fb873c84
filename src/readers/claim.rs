//! Which files are read as what, and why the others are not.

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::reader::Reader;

/// A source of the configuration.
#[derive(Debug)]
pub struct SourceRule {
    pub name: String,
    pub reader: Reader,
    pub patterns: Vec<String>,
    /// Whether upper and lower case are the same.
    pub any_case: bool,
    files: GlobSet,
}

/// An ignore rule of the configuration, with its reason.
#[derive(Debug)]
pub struct Ignore {
    pub patterns: Vec<String>,
    pub reason: String,
    files: GlobSet,
}

/// A pattern that is none.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is no file pattern: {why}")]
pub struct ClaimError {
    pub pattern: String,
    pub why: String,
}

/// Why a file was read, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// By the source with this index.
    Source(usize),
    /// By the ignore rule with this index.
    Ignored(usize),
    /// By no one.
    Unclaimed,
}

/// The rules of an audit. The first match counts, ignore rules before sources.
#[derive(Debug)]
pub struct Rules {
    pub sources: Vec<SourceRule>,
    pub ignores: Vec<Ignore>,
    /// Whether the sources are those of [`Rules::everything`], which no one wrote.
    pub is_everything: bool,
}

pub(super) fn set(patterns: &[String], any_case: bool) -> Result<GlobSet, ClaimError> {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        let glob =
            globset::GlobBuilder::new(pattern).literal_separator(true).case_insensitive(any_case).build();
        let glob: Glob =
            glob.map_err(|error| ClaimError { pattern: pattern.clone(), why: error.kind().to_string() })?;
        builder.add(glob);
    }
    builder.build().map_err(|error| ClaimError { pattern: patterns.join(", "), why: error.to_string() })
}

impl SourceRule {
    pub fn new(name: &str, reader: Reader, patterns: &[String]) -> Result<Self, ClaimError> {
        let files = set(patterns, false)?;
        Ok(SourceRule { name: name.to_owned(), reader, patterns: patterns.to_vec(), any_case: false, files })
    }

    /// The patterns that match a path, by index.
    pub fn matching(&self, path: &str) -> Vec<usize> {
        self.files.matches(path)
    }
}

impl Ignore {
    pub fn new(patterns: Vec<String>, reason: String) -> Result<Self, ClaimError> {
        Ok(Ignore { files: set(&patterns, false)?, patterns, reason })
    }

    /// The patterns that match a path, by index.
    pub fn matching(&self, path: &str) -> Vec<usize> {
        self.files.matches(path)
    }
}

impl Rules {
    /// Without a configuration: every YAML and JSON file is one of native records, whatever the case of its ending.
    pub fn everything() -> Self {
        let patterns = ["**/*.yaml", "**/*.yml", "**/*.json"].map(str::to_owned);
        let files = set(&patterns, true).unwrap_or_default();
        let name = "records".to_owned();
        let source =
            SourceRule { name, reader: Reader::Native, patterns: patterns.to_vec(), any_case: true, files };
        Rules { sources: vec![source], ignores: Vec::new(), is_everything: true }
    }

    pub fn claim(&self, path: &str) -> Claim {
        if let Some(i) = self.ignores.iter().position(|rule| rule.files.is_match(path)) {
            return Claim::Ignored(i);
        }
        match self.sources.iter().position(|rule| rule.files.is_match(path)) {
            Some(i) => Claim::Source(i),
            None => Claim::Unclaimed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_in_capitals_are_read_too() {
        let rules = Rules::everything();
        for path in ["a.yaml", "2025.YAML", "a/b.Yml", "a/b/c.JSON"] {
            assert_eq!(rules.claim(path), Claim::Source(0), "{path}");
        }
        assert_eq!(rules.claim("a.yaml.txt"), Claim::Unclaimed);
    }
}
