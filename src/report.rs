//! Reports: one file a format, each a function of an assessment and nothing else.
//!
//! [`Format::ALL`] lists the formats. What a report leaves out for its size is given back as notes, a sentence each.

mod csv;
mod facts;
mod github;
mod gitlab;
pub mod html;
mod json;
mod junit;
mod markdown;
pub mod requests;
mod sarif;
pub mod terminal;
mod view;

use std::io::{self, Write};
use std::path::PathBuf;

use crate::assessment::Assessment;

/// How reports are made, where a format leaves a choice.
#[derive(Debug, Default)]
pub struct Options {
    pub terminal: terminal::Options,
    pub templates: html::Templates,
    pub print: html::Print,
}

/// What a report leaves out, one sentence each; empty where it is whole.
pub type Notes = Vec<String>;

type Writer = fn(&Assessment, &Options, &mut dyn Write) -> io::Result<Notes>;

/// A format that an assessment can be written in.
pub struct Format {
    /// What `--report` calls it.
    pub name: &'static str,
    /// How the name of a file in this format ends, without the dot.
    pub extension: &'static str,
    /// Whether the report, or one made of it later, shows findings in their files.
    pub has_regions: bool,
    /// Whether the report is made of commands that a CI system is to act on.
    pub is_commands: bool,
    write: Writer,
}

impl Format {
    pub const ALL: &[Format] = &[
        Format::new("terminal", "txt", |a, how, out| terminal::write(a, &how.terminal, out).map(whole)),
        Format::placed("json", "json", |a, _, out| json::write(a, out).map(whole)),
        Format::new("html", "html", |a, how, out| html::write(a, &how.templates, how.print, out).map(whole)),
        Format::new("markdown", "md", |a, _, out| {
            markdown::page::write(a, markdown::page::PAGE_BYTES, out).map(whole)
        }),
        Format::new("csv", "csv", |a, _, out| csv::findings(a, out).map(whole)),
        Format::new("plan-csv", "csv", |a, _, out| csv::plan(a, out).map(whole)),
        Format::placed("sarif", "sarif", |a, _, out| sarif::write(a, sarif::Profile::GitHub, out)),
        Format::placed("sarif-full", "sarif", |a, _, out| sarif::write(a, sarif::Profile::Full, out)),
        Format {
            is_commands: true,
            ..Format::placed("github", "txt", |a, _, out| github::write(a, out).map(whole))
        },
        Format::new("github-summary", "md", |a, _, out| {
            markdown::page::write(a, markdown::page::SUMMARY_BYTES, out).map(whole)
        }),
        Format::placed("gitlab", "json", |a, _, out| gitlab::write(a, out).map(whole)),
        Format::new("junit", "xml", |a, _, out| junit::write(a, junit::Flavour::Strict, out)),
        Format::new("junit-gitlab", "xml", |a, _, out| junit::write(a, junit::Flavour::GitLab, out)),
        Format::new("pull-request", "md", |a, _, out| markdown::comment::write(a, out).map(whole)),
    ];

    const fn new(name: &'static str, extension: &'static str, write: Writer) -> Self {
        Format { name, extension, has_regions: false, is_commands: false, write }
    }

    /// A format that shows findings in their files.
    const fn placed(name: &'static str, extension: &'static str, write: Writer) -> Self {
        Format { has_regions: true, ..Format::new(name, extension, write) }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|format| format.name == name)
    }

    /// Writes an assessment. A template that cannot be used is an error around an [`html::TemplateError`].
    pub fn write(&self, assessment: &Assessment, how: &Options, out: &mut dyn Write) -> io::Result<Notes> {
        (self.write)(assessment, how, out)
    }
}

fn whole((): ()) -> Notes {
    Notes::new()
}

/// A report that was written.
#[derive(Debug)]
pub struct Written {
    /// Name of the format.
    pub format: &'static str,
    /// The file; none on standard output.
    pub path: Option<PathBuf>,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}
