//! Reports: one file a format, each a function of an assessment and nothing else.

mod csv;
mod json;
mod markdown;
mod markup;
pub mod terminal;
mod view;

use std::io::{self, Write};

use crate::assessment::Assessment;

/// The formats an assessment can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Terminal,
    Json,
    Markdown,
    Csv,
    PlanCsv,
}

impl Format {
    pub const ALL: &[(&str, Format)] = &[
        ("terminal", Format::Terminal),
        ("json", Format::Json),
        ("markdown", Format::Markdown),
        ("csv", Format::Csv),
        ("plan-csv", Format::PlanCsv),
    ];

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, f)| *f)
    }
}

/// Writes an assessment; the terminal report as plain text.
pub fn render(assessment: &Assessment, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => json::write(assessment, out),
        Format::Terminal => terminal::write(assessment, &terminal::Options::plain(), out),
        Format::Markdown => markdown::write(assessment, markdown::PAGE_BYTES, out),
        Format::Csv => csv::findings(assessment, out),
        Format::PlanCsv => csv::plan(assessment, out),
    }
}
