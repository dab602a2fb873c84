//! Reports: one file a format, each a function of an assessment and nothing else.

mod csv;
mod github;
mod gitlab;
pub mod html;
mod json;
mod junit;
mod lookup;
mod markdown;
mod markup;
mod pull_request;
mod sarif;
pub mod terminal;
mod view;

use std::io::{self, Write};

use crate::assessment::Assessment;

/// The formats an assessment can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Terminal,
    Json,
    Html,
    Markdown,
    Csv,
    PlanCsv,
    Sarif,
    SarifFull,
    GitHub,
    GitHubSummary,
    GitLab,
    JUnit,
    JUnitGitLab,
    PullRequest,
}

impl Format {
    pub const ALL: &[(&str, Format)] = &[
        ("terminal", Format::Terminal),
        ("json", Format::Json),
        ("html", Format::Html),
        ("markdown", Format::Markdown),
        ("csv", Format::Csv),
        ("plan-csv", Format::PlanCsv),
        ("sarif", Format::Sarif),
        ("sarif-full", Format::SarifFull),
        ("github", Format::GitHub),
        ("github-summary", Format::GitHubSummary),
        ("gitlab", Format::GitLab),
        ("junit", Format::JUnit),
        ("junit-gitlab", Format::JUnitGitLab),
        ("pull-request", Format::PullRequest),
    ];

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, f)| *f)
    }

    /// Whether the report, or one made of it later, shows findings in their files.
    pub fn has_regions(self) -> bool {
        matches!(self, Format::Json | Format::Sarif | Format::SarifFull | Format::GitHub | Format::GitLab)
    }

    /// Whether the report is made of commands that a CI system is to act on.
    pub fn is_commands(self) -> bool {
        self == Format::GitHub
    }
}

/// Writes an assessment; the terminal report as plain text. Gives back what a reader of the report has to
/// know about what it leaves out, one sentence each.
pub fn render(assessment: &Assessment, format: Format, out: &mut dyn Write) -> io::Result<Vec<String>> {
    match format {
        Format::Json => json::write(assessment, out)?,
        Format::Html => {
            let page = html::page(assessment, &html::Templates::default(), html::Print::default())
                .map_err(io::Error::other)?;
            out.write_all(page.as_bytes())?;
        }
        Format::Terminal => terminal::write(assessment, &terminal::Options::plain(), out)?,
        Format::Markdown => markdown::write(assessment, markdown::PAGE_BYTES, out)?,
        Format::Csv => csv::findings(assessment, out)?,
        Format::PlanCsv => csv::plan(assessment, out)?,
        Format::Sarif => return sarif::write(assessment, sarif::Profile::GitHub, out),
        Format::SarifFull => return sarif::write(assessment, sarif::Profile::Full, out),
        Format::GitHub => github::write(assessment, out)?,
        Format::GitHubSummary => markdown::write(assessment, markdown::SUMMARY_BYTES, out)?,
        Format::GitLab => gitlab::write(assessment, out)?,
        Format::JUnit => return junit::write(assessment, junit::Flavour::Strict, out),
        Format::JUnitGitLab => return junit::write(assessment, junit::Flavour::GitLab, out),
        Format::PullRequest => pull_request::write(assessment, out)?,
    }
    Ok(Vec::new())
}
