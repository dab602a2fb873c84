//! `--report` and `--template`: which formats go where, for every command that writes reports.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::output::{self, UserError};
use crate::assessment::Assessment;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::report::html::{self, Print, Templates};
use crate::report::{self, Format, terminal};
use crate::text::escape;

/// How the HTML report is made, for every command that writes reports.
#[derive(Debug, Args)]
pub(super) struct PageArguments {
    /// Folder whose files replace templates of the HTML report by name
    #[arg(long, value_name = "DIR")]
    pub template: Option<PathBuf>,
    /// Of a long list of findings, the HTML report prints the first 200, or all of them
    #[arg(long, value_name = "HOW MUCH", value_enum, default_value_t = PrintArgument::Capped)]
    pub print: PrintArgument,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PrintArgument {
    Capped,
    Full,
}

/// Reports asked for, each with its file; none means standard output.
pub(super) type Reports = Vec<(Format, Option<PathBuf>)>;

/// A template has at most so many bytes.
const LONGEST: u64 = 1 << 20;

pub(super) fn parse(texts: &[String]) -> Result<Reports, UserError> {
    let mut reports = Vec::new();
    for text in texts {
        let (name, file) = text.split_once('=').map_or((text.as_str(), None), |(n, f)| (n, Some(f)));
        let Some(format) = Format::parse(name) else {
            let names: Vec<&str> = Format::ALL.iter().map(|(n, _)| *n).collect();
            return Err(UserError::new(
                format!("`{}` is no report format", escape(name)),
                format!("formats: {}", names.join(", ")),
            ));
        };
        if file == Some("") {
            return Err(UserError::new(
                format!("`{name}=` names no file"),
                format!("write --report {name}=FILE"),
            ));
        }
        reports.push((format, file.map(PathBuf::from)));
    }
    if reports.iter().filter(|(_, file)| file.is_none()).count() > 1 {
        return Err(UserError::new(
            "two reports cannot share standard output",
            "write all but one to a file: --report json=FILE",
        ));
    }
    // A pipe or device takes one report after the other; a file would keep the last one only.
    let kept = |path: &Path| !path.metadata().is_ok_and(|m| !m.is_file());
    let mut files: Vec<&Path> = reports.iter().filter_map(|(_, file)| file.as_deref()).collect();
    files.sort_unstable();
    if let Some(twice) = files.windows(2).find(|two| two[0] == two[1] && kept(two[0])) {
        return Err(UserError::new(
            format!("two reports cannot share the file {}", escape(&twice[0].to_string_lossy())),
            "give each report a file of its own",
        ));
    }
    if reports.is_empty() {
        reports.push((Format::Terminal, None));
    }
    Ok(reports)
}

/// The templates of a folder. Only regular files that have the name of a template are read, and whatever
/// else lies there is an error, so that a misspelt name does not go unnoticed.
pub(super) fn templates(folder: Option<&Path>) -> Result<Templates, UserError> {
    let mut templates = Templates::default();
    let Some(folder) = folder else { return Ok(templates) };
    let names = || Templates::names().collect::<Vec<_>>().join(", ");
    let shown = escape(&folder.to_string_lossy()).into_owned();
    let unreadable = |e: &dyn std::fmt::Display| {
        UserError::new(format!("cannot read {shown}: {e}"), "--template names a folder of templates")
    };
    let mut entries: Vec<_> =
        fs::read_dir(folder).and_then(Iterator::collect).map_err(|e: std::io::Error| unreadable(&e))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut errors = Vec::new();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let mut refuse = |why: String, help: String| {
            let what = format!("{shown}/{}: {why}", escape(&name));
            errors.push(Diagnostic::new(Code::Usage, Place::command_line(), what, help));
        };
        if !Templates::names().any(|known| known == name) {
            refuse("there is no template of that name".to_owned(), format!("templates: {}", names()));
            continue;
        }
        // The type of the entry itself: a link could lead out of the folder.
        if !entry.file_type().is_ok_and(|t| t.is_file()) {
            refuse(
                "not a regular file".to_owned(),
                "put the template itself here; links are not followed".to_owned(),
            );
            continue;
        }
        let mut text = String::new();
        let read = fs::File::open(entry.path()).and_then(|f| f.take(LONGEST + 1).read_to_string(&mut text));
        match read {
            Err(e) => refuse(e.to_string(), "a template is UTF-8 text".to_owned()),
            Ok(_) if text.len() as u64 > LONGEST => {
                refuse(format!("longer than {LONGEST} bytes"), "make it shorter".to_owned());
            }
            Ok(_) => {
                templates.replace(&name, text);
            }
        }
    }
    if errors.is_empty() { Ok(templates) } else { Err(UserError(errors)) }
}

/// How reports are written.
pub(super) struct Writing<'a> {
    pub detail: terminal::Detail,
    pub print: PrintArgument,
    pub templates: &'a Templates,
    /// Folder of the templates, for errors.
    pub folder: Option<&'a Path>,
}

/// Writes every report.
pub(super) fn write(assessment: &Assessment, reports: &Reports, how: &Writing) -> Result<(), UserError> {
    let print = match how.print {
        PrintArgument::Capped => Print::Capped,
        PrintArgument::Full => Print::Full,
    };
    for (format, file) in reports {
        let mut notes = Vec::new();
        let text = match (format, file) {
            (Format::Terminal, None) => {
                let options = terminal::Options { width: output::width(), color: true, detail: how.detail };
                rendered(|out| terminal::write(assessment, &options, out))?
            }
            (Format::Terminal, Some(_)) => {
                let options = terminal::Options { detail: how.detail, ..terminal::Options::plain() };
                rendered(|out| terminal::write(assessment, &options, out))?
            }
            (Format::Html, _) => html::page(assessment, how.templates, print)
                .map_err(|error| template_error(&error, how.folder))?
                .into_bytes(),
            (format, None) => rendered(|out| {
                notes = report::render(assessment, *format, out)?;
                Ok(())
            })?,
            (format, Some(file)) => {
                output::write_file(file, |out| {
                    notes = report::render(assessment, *format, out)?;
                    Ok(())
                })?;
                output::notes(&notes);
                continue;
            }
        };
        match file {
            None if format.is_commands() => output::print_commands(&String::from_utf8_lossy(&text))?,
            None => output::print(&String::from_utf8_lossy(&text))?,
            Some(file) => output::write_file(file, |out| out.write_all(&text))?,
        }
        output::notes(&notes);
    }
    Ok(())
}

fn rendered(
    write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>,
) -> Result<Vec<u8>, UserError> {
    let mut text = Vec::new();
    write(&mut text).map_err(|e| UserError::new(format!("cannot write the report: {e}"), ""))?;
    Ok(text)
}

fn template_error(error: &html::TemplateError, folder: Option<&Path>) -> UserError {
    let folder = folder.map_or_else(|| "templates".into(), Path::to_string_lossy);
    let path = format!("{}/{}", escape(folder.trim_end_matches('/')), error.template);
    let line = u32::try_from(error.line).unwrap_or(u32::MAX);
    UserError(vec![Diagnostic::new(
        Code::Usage,
        Place::at(path, (line, 0)),
        format!("the template cannot be used: {}", escape(&error.why)),
        "leave the file out to use the template in duly",
    )])
}
