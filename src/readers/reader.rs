//! The readers by name, and the formats that they read.

use schemars::JsonSchema;
use serde::Deserialize;

use super::format::Format;
use super::native;
use crate::records::{Admitted, Catalog};

/// How the files of a source are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// Native records in YAML, or in JSON where the name of the file says so.
    #[default]
    Native,
    /// Native records, one JSON value a line.
    JsonLines,
}

impl Reader {
    pub const ALL: [Reader; 2] = [Reader::Native, Reader::JsonLines];

    /// What it reads, for the page of the formats.
    pub fn about(self) -> &'static str {
        match self {
            Reader::Native => {
                "records in YAML: one record, several separated by `---`, a list, or a list under `records:`. A file whose name \
                 ends in `.json` is read as JSON, with the same choices"
            }
            Reader::JsonLines => "one JSON value a line, each a record or a list of records",
        }
    }

    /// Its name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Reader::Native => "native",
            Reader::JsonLines => "json-lines",
        }
    }

    /// The format of a file that this reader reads.
    pub fn format(self, path: &str) -> Format {
        let json = path.rsplit('.').next().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        match self {
            Reader::Native if json => Format::Json,
            Reader::Native => Format::Yaml,
            Reader::JsonLines => Format::JsonLines,
        }
    }

    /// Reads the bytes of a file.
    pub fn read(self, path: &str, bytes: Vec<u8>, catalog: &Catalog) -> Admitted {
        let format = self.format(path);
        match self {
            Reader::Native | Reader::JsonLines => native::read(path, bytes, format, catalog),
        }
    }
}
