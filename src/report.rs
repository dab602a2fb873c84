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
mod summary;
pub mod terminal;
mod trend;
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
    /// Who reads it, and what is in it: a row of the page of the formats.
    pub audience: &'static str,
    pub about: &'static str,
    /// Whether the report, or one made of it later, shows findings in their files.
    pub has_regions: bool,
    /// Whether the report is made of commands that a CI system is to act on.
    pub is_commands: bool,
    write: Writer,
}

impl Format {
    pub const ALL: &[Format] = &[
        Format::new("terminal", "txt", |a, how, out| terminal::write(a, &how.terminal, out).map(whole))
            .for_whom("you", "verdict, measures, the most severe gaps, problems, what next; with `--all` every finding"),
        Format::placed("json", "json", |a, _, out| json::write(a, out).map(whole))
            .for_whom("programs", "everything; the schema is `duly schema assessment`"),
        Format::new("html", "html", |a, how, out| html::write(a, &how.templates, how.print, out).map(whole))
            .for_whom("leadership, auditors", "the whole report as one page that works offline and can be printed"),
        Format::new("summary", "txt", |a, _, out| summary::write(a, out).map(whole)).for_whom(
            "leadership, by e-mail",
            "what the first screen of the HTML report says, as plain text of one page",
        ),
        Format::new("html-summary", "html", |a, how, out| {
            html::write_summary(a, &how.templates, out).map(whole)
        })
        .for_whom("leadership", "the first screen of the HTML report as a page of its own, without a script"),
        Format::new("markdown", "md", |a, _, out| {
            markdown::page::write(a, markdown::page::PAGE_BYTES, out).map(whole)
        })
        .for_whom("a wiki, an issue", "the gap report, at most 500 kB"),
        Format::new("csv", "csv", |a, _, out| csv::findings(a, out).map(whole)).for_whom(
            "a spreadsheet",
            "one row a finding, and one row for each thing that checks wait for, with all records and checks; in a comparison \
             after rows with the outcome `note` for changed rules and lost assurance; UTF-8 with a byte-order mark, by which \
             Excel keeps its letters, as in `plan-csv`",
        ),
        Format::new("plan-csv", "csv", |a, _, out| csv::plan(a, out).map(whole)).for_whom(
            "the plan of action and milestones",
            "one row a plan item, and a proposed one for each check with gaps that no item covers",
        ),
        Format::placed("sarif", "sarif", |a, _, out| sarif::write(a, sarif::Profile::GitHub, out))
            .for_whom("GitHub code scanning", "the gaps"),
        Format::placed("sarif-full", "sarif", |a, _, out| sarif::write(a, sarif::Profile::Full, out)).for_whom(
            "other viewers of SARIF 2.1.0",
            "every finding with its kind, waivers, and what became of it since the baseline",
        ),
        Format {
            is_commands: true,
            ..Format::placed("github", "txt", |a, _, out| github::write(a, out).map(whole))
        }
        .for_whom("the log of a GitHub workflow", "annotations, as commands on standard output"),
        Format::new("github-summary", "md", |a, _, out| {
            markdown::page::write(a, markdown::page::SUMMARY_BYTES, out).map(whole)
        })
        .for_whom("`$GITHUB_STEP_SUMMARY`", "the gap report, at most 1 MB"),
        Format::placed("gitlab", "json", |a, _, out| gitlab::write(a, out).map(whole))
            .for_whom("GitLab Code Quality", "the gaps"),
        Format::new("junit", "xml", |a, _, out| junit::write(a, junit::Flavour::Strict, out)).for_whom(
            "Jenkins and others",
            "a suite a measure, a case for each check and record; keeps to the schema `junit-10.xsd`",
        ),
        Format::new("junit-gitlab", "xml", |a, _, out| junit::write(a, junit::Flavour::GitLab, out)).for_whom(
            "GitLab's unit test reports",
            "the same, with the `file` that GitLab shows and that schema refuses",
        ),
        Format::new("pull-request", "md", |a, _, out| markdown::comment::write(a, out).map(whole)).for_whom(
            "a comment that the next run replaces",
            "verdict, new, worsened and closed gaps, what is no longer assessed, at most 60,000 characters",
        ),
    ];

    const fn new(name: &'static str, extension: &'static str, write: Writer) -> Self {
        Format { name, extension, audience: "", about: "", has_regions: false, is_commands: false, write }
    }

    const fn for_whom(self, audience: &'static str, about: &'static str) -> Self {
        Format { audience, about, ..self }
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
