//! `--report` and `--template`: which formats go where, for every command that writes reports.

use std::fs::{self, Metadata};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::output::{self, UserError};
use crate::assessment::Assessment;
use crate::diagnostics::{Code, Diagnostic, Place, did_you_mean};
use crate::report::html::{self, Print, Templates};
use crate::report::{Format, Options, Written, terminal};
use crate::text::digest::Digest;
use crate::text::escape;

/// How the HTML report is made, for every command that writes reports.
#[derive(Debug, Args)]
pub(super) struct PageArguments {
    /// Folder whose files replace templates of the HTML report by name
    #[arg(long, value_name = "DIR")]
    pub template: Option<PathBuf>,
    /// How much of the HTML report a browser prints: the pages for leadership with the tables, or everything
    #[arg(long, value_name = "HOW MUCH", value_enum, default_value_t = PrintArgument::Short)]
    pub print: PrintArgument,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PrintArgument {
    #[value(alias = "capped")]
    Short,
    Full,
}

/// Reports asked for, each with its file; none means standard output.
pub(super) type Reports = Vec<(&'static Format, Option<PathBuf>)>;

/// A template has at most so many bytes.
const LONGEST: u64 = 1 << 20;

pub(super) fn parse(texts: &[String]) -> Result<Reports, UserError> {
    let mut reports = Vec::new();
    for text in texts {
        let (name, file) = text.split_once('=').map_or((text.as_str(), None), |(n, f)| (n, Some(f)));
        let Some(format) = Format::named(name) else {
            return Err(UserError::new(format!("`{}` is no report format", escape(name)), no_format(name)));
        };
        if file == Some("") {
            return Err(UserError::new(
                format!("`{name}=` names no file"),
                format!("write --report {name}=FILE"),
            ));
        }
        reports.push((format, file.filter(|file| *file != "-").map(PathBuf::from)));
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
        reports.extend(Format::named("terminal").map(|format| (format, None)));
    }
    Ok(reports)
}

/// What to do about the name of a format that there is none of.
fn no_format(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let extension = Path::new(&lower).extension().and_then(|extension| extension.to_str());
    let by_extension = extension.and_then(|wanted| Format::ALL.iter().find(|f| f.extension == wanted));
    let same = Format::ALL.iter().find(|f| f.name == lower || f.extension == lower);
    match (lower.as_str(), same, by_extension) {
        ("pdf", ..) | (_, None, None) if lower.ends_with("pdf") => {
            "write the HTML report and print it to a PDF file in a browser: --report html=FILE".to_owned()
        }
        (_, Some(format), _) => format!("did you mean `{}`?", format.name),
        (_, None, Some(format)) => {
            format!("the format comes first: --report {}={}", format.name, escape(name))
        }
        _ => did_you_mean(&lower, Format::ALL.iter().map(|f| f.name), || format!("formats: {}", names())),
    }
}

/// The formats, as one list for every command that writes reports.
pub(super) fn help() -> String {
    format!(
        "Write a report, to standard output (also as `-`) or to a file; may be repeated. Formats: {}",
        names()
    )
}

fn names() -> String {
    let names: Vec<&str> = Format::ALL.iter().map(|format| format.name).collect();
    names.join(", ")
}

/// The templates of a folder. Only regular files that have the name of a template are read, and whatever
/// else lies there is an error, so that a misspelt name does not go unnoticed.
fn templates(folder: Option<&Path>) -> Result<Templates, UserError> {
    let mut templates = Templates::default();
    let Some(folder) = folder else { return Ok(templates) };
    let names = || Templates::names().collect::<Vec<_>>().join(", ");
    let shown = escape(&folder.to_string_lossy()).into_owned();
    let unreadable = |e: &dyn std::fmt::Display| {
        UserError::new(format!("cannot read {shown}: {e}"), "--template names a folder of templates")
    };
    let mut entries: Vec<_> =
        fs::read_dir(folder).and_then(Iterator::collect).map_err(|e: io::Error| unreadable(&e))?;
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

impl PageArguments {
    /// How reports are made, in as much detail on the terminal.
    pub(super) fn options(&self, detail: terminal::Detail) -> Result<Options, UserError> {
        let print = match self.print {
            PrintArgument::Short => Print::Short,
            PrintArgument::Full => Print::Full,
        };
        let terminal = terminal::Options { detail, ..terminal::Options::default() };
        Ok(Options { terminal, templates: templates(self.template.as_deref())?, print })
    }

    /// Writes every report, and says what each leaves out.
    pub(super) fn write(
        &self,
        assessment: &Assessment,
        reports: &Reports,
        options: &mut Options,
    ) -> Result<Vec<Written>, UserError> {
        let mut all = Vec::new();
        for (format, file) in reports {
            let plain = terminal::Options::default();
            options.terminal.color = file.is_none();
            options.terminal.width = if file.is_none() { output::width() } else { plain.width };
            let (mut digest, mut notes) = (Digest::default(), Vec::new());
            let mut render = |out: &mut dyn Write| {
                notes = format.write(assessment, options, &mut Digested { out, digest: &mut digest })?;
                Ok(())
            };
            match file {
                Some(file) => output::write_file(file, render).map_err(|e| self.failed(e, Some(file)))?,
                None => {
                    let mut bytes = Vec::new();
                    render(&mut bytes).map_err(|e| self.failed(e, None))?;
                    let text = String::from_utf8_lossy(&bytes);
                    if format.is_commands { output::print_commands(&text)? } else { output::print(&text)? }
                }
            }
            output::notes(&notes);
            all.push(Written { format: format.name, path: file.clone(), sha256: digest.hex() });
        }
        Ok(all)
    }

    /// Writes every report; says on standard error what was written, with the verdict where nothing on standard output
    /// says it.
    pub(super) fn write_and_say(
        &self,
        assessment: &Assessment,
        reports: &Reports,
        options: &mut Options,
    ) -> Result<(), UserError> {
        let written = self.write(assessment, reports, options)?;
        let files: Vec<&Path> = written.iter().filter_map(|report| report.path.as_deref()).collect();
        if files.is_empty() || options.terminal.detail == terminal::Detail::Verdict {
            return Ok(());
        }
        if files.len() == written.len() {
            let how =
                terminal::Options { detail: terminal::Detail::Verdict, color: true, width: output::width() };
            let mut verdict = Vec::new();
            terminal::write(assessment, &how, &mut verdict).map_err(|e| self.failed(e, None))?;
            output::say(&String::from_utf8_lossy(&verdict));
        }
        for file in files {
            // A pipe or device has no size.
            let size = file.metadata().ok().filter(Metadata::is_file);
            let size = size.map_or_else(String::new, |m| format!(" ({})", indicatif::DecimalBytes(m.len())));
            output::say(&format!("wrote {}{size}\n", escape(&file.to_string_lossy())));
        }
        Ok(())
    }

    /// A report that could not be written: the user's template is at fault, or its file.
    fn failed(&self, error: io::Error, file: Option<&Path>) -> UserError {
        match (error.downcast::<html::TemplateError>(), file) {
            (Ok(error), _) => template_error(&error, self.template.as_deref()),
            (Err(error), Some(file)) => output::cannot_write(file, &error),
            (Err(error), None) => output::not_written(format!("cannot write the report: {error}"), ""),
        }
    }
}

/// A file whose bytes go through a digest.
struct Digested<'a> {
    out: &'a mut dyn Write,
    digest: &'a mut Digest,
}

impl Write for Digested<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.add(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Progress, Request};

    #[test]
    fn a_written_report_is_named_by_its_digest() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let request = Request {
            root,
            rev: None,
            with_ignored: false,
            as_of: jiff::civil::date(2026, 6, 30),
            base: None,
            history: Vec::new(),
            fail_on: None,
            allow_lost: false,
            packs: Vec::new(),
            profile: None,
            regions: false,
            every: false,
        };
        let assessment = crate::audit::run(&request, &Progress::default()).expect("an assessment");
        let page = PageArguments { template: None, print: PrintArgument::Short };
        let mut options = page.options(terminal::Detail::Verdict).expect("options");
        let file = |name: &str| Some(root.join(name));
        let reports: Reports = Format::ALL.iter().map(|format| (format, file(format.name))).collect();
        let written = page.write(&assessment, &reports, &mut options).expect("reports");
        assert_eq!(written.len(), Format::ALL.len());
        for (report, format) in written.iter().zip(Format::ALL) {
            let bytes = fs::read(root.join(format.name)).expect("the report");
            assert_eq!((report.format, &report.path), (format.name, &file(format.name)));
            assert_eq!(report.sha256, crate::text::digest::of(&bytes));
        }
    }
}
