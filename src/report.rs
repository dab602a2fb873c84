//! Reports: one file a format, each a function of an assessment and nothing else.

pub mod html;
mod json;
pub mod terminal;
mod view;

use crate::assessment::Assessment;

/// The formats an assessment can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Terminal,
    Json,
    Html,
}

impl Format {
    pub const ALL: &[(&str, Format)] =
        &[("terminal", Format::Terminal), ("json", Format::Json), ("html", Format::Html)];

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, f)| *f)
    }
}

/// Writes an assessment; the terminal report as plain text.
pub fn render(assessment: &Assessment, format: Format, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    match format {
        Format::Json => json::write(assessment, out),
        Format::Html => {
            let page = html::page(assessment, &html::Templates::default()).map_err(std::io::Error::other)?;
            out.write_all(page.as_bytes())
        }
        Format::Terminal => terminal::write(assessment, &terminal::Options::plain(), out),
    }
}
