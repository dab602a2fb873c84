//! Places: where in the input something stands.

use serde::{Deserialize, Serialize};

use crate::text::escape;

/// Where something stands: a file, a position in its text, and what a text has no lines for.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Place {
    /// Relative to the audited folder, with `/` between its parts; empty for the command line.
    pub path: String,
    /// Counted from 1; 0 when the whole file is meant, or when the file has no lines.
    pub line: u32,
    /// Counted from 1, in characters; 0 when the whole line or file is meant.
    pub column: u32,
    /// Where in a file that people do not read by lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<Inside>,
}

/// A position in a file that is no text, or whose lines mean nothing to its owner.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Inside {
    /// A cell of a workbook: the name of its sheet, and its name in it, such as `C7`.
    Cell { sheet: String, cell: String },
    /// A row of a table, counted from 1 with the header, and the name of a column; empty for the whole row.
    Row { row: u32, column: String },
    /// A path of keys and indexes inside an object, such as `value[3].deviceName`.
    Path { path: String },
}

impl Place {
    /// A whole file or folder.
    pub fn file(path: impl Into<String>) -> Self {
        Place::at(path, (0, 0))
    }

    /// A line and a column of a file, both counted from 1.
    pub fn at(path: impl Into<String>, (line, column): (u32, u32)) -> Self {
        Place { path: path.into(), line, column, inside: None }
    }

    /// What was typed on the command line, which no file holds.
    pub fn command_line() -> Self {
        Place::file("")
    }

    /// Whether it is in no file.
    pub fn is_command_line(&self) -> bool {
        self.path.is_empty()
    }

    /// The same in another file.
    pub fn in_file(&self, path: impl Into<String>) -> Self {
        Place { path: path.into(), ..self.clone() }
    }

    /// The same inside a file that has no lines for it.
    pub fn inside(self, inside: Inside) -> Self {
        Place { inside: Some(inside), ..self }
    }
}

/// `path:line:column`; `devices.xlsx!Laptops!C7`, `devices.csv:12 (row 11, serial)`, `managed.json (value[3].id)`.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&escape(&self.path))?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ":{}", self.column)?;
        }
        match &self.inside {
            None => Ok(()),
            Some(Inside::Cell { sheet, cell }) => write!(f, "!{}!{}", escape(sheet), escape(cell)),
            Some(Inside::Row { row, column }) if column.is_empty() => write!(f, " (row {row})"),
            Some(Inside::Row { row, column }) => write!(f, " (row {row}, {})", escape(column)),
            Some(Inside::Path { path }) => write!(f, " ({})", escape(path)),
        }
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
    /// a hundred characters of the file as they are, which someone could guess and try: it is not saved, and
    /// only the report for the host of the repository, which has the file, may hold it.
    #[serde(skip)]
    pub line_hash: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_without_lines_is_named_as_its_program_names_it() {
        let cell = Inside::Cell { sheet: "Lap\u{7}tops".to_owned(), cell: "C7".to_owned() };
        let row = |column: &str| Inside::Row { row: 11, column: column.to_owned() };
        let path = Inside::Path { path: "value[3].id".to_owned() };
        let shown = [
            (Place::at("a.yaml", (3, 9)), "a.yaml:3:9"),
            (Place::file("a.xlsx").inside(cell), "a.xlsx!Lap\\u{7}tops!C7"),
            (Place::at("a.csv", (12, 1)).inside(row("serial")), "a.csv:12:1 (row 11, serial)"),
            (Place::file("a.csv").inside(row("")), "a.csv (row 11)"),
            (Place::file("a.json").inside(path), "a.json (value[3].id)"),
        ];
        for (place, text) in shown {
            assert_eq!(place.to_string(), text);
            let saved = serde_json::to_string(&place).unwrap_or_default();
            assert_eq!(serde_json::from_str::<Place>(&saved).ok(), Some(place), "{saved}");
        }
    }
}
