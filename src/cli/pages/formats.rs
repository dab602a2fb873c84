//! The tables of `docs/formats.md`: formats of reports, and readers of records.

use super::markdown::{cell, table};
use crate::readers::Reader;
use crate::report::Format;

/// The formats that `--report` takes.
pub(super) fn reports() -> String {
    let row = |format: &Format| {
        [
            format!("`{}`", format.name),
            format!("`.{}`", format.extension),
            cell(format.audience),
            cell(format.about),
        ]
    };
    table(["name", "file", "for whom", "what is in it"], Format::ALL.iter().map(row))
}

/// What a source of `duly.yaml` may name as its reader.
pub(super) fn readers() -> String {
    let row = |reader: Reader| {
        let default = if reader == Reader::default() { ", the default" } else { "" };
        [format!("`{}`{default}", reader.name()), cell(reader.about())]
    };
    table(["reader", "what it reads"], Reader::ALL.map(row))
}
