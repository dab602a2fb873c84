//! What commands print: errors on standard error, text on standard output, files by rename.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};

use crate::diagnostics::{Code, Diagnostic, Place};
use crate::text::{escape, no_commands};

/// Why a command cannot do what was asked: what, where, what to do.
#[derive(Debug)]
pub(super) struct UserError(pub Vec<Diagnostic>);

/// At most so many errors are printed one by one.
const SHOWN: usize = 50;

impl UserError {
    /// A mistake on the command line.
    pub(super) fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        UserError(vec![Diagnostic::new(Code::Usage, Place::command_line(), what, help)])
    }

    pub(super) fn print(&self) {
        let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        let mut err = anstream::stderr().lock();
        for error in self.0.iter().take(SHOWN) {
            let _ = writeln!(err, "{red}error{red:#}: {}", no_commands(&error.message));
            if !error.place.is_command_line() {
                let _ = writeln!(err, "  --> {}", no_commands(&error.place.to_string()));
            }
            for place in &error.related {
                let _ = writeln!(err, "   = see: {}", no_commands(&place.to_string()));
            }
            if !error.help.is_empty() {
                let _ = writeln!(err, "   = help: {}", no_commands(&error.help));
            }
        }
        if self.0.len() > SHOWN {
            let _ = writeln!(err, "… and {} more errors", self.0.len() - SHOWN);
        }
    }
}

impl From<Vec<Diagnostic>> for UserError {
    fn from(errors: Vec<Diagnostic>) -> Self {
        UserError(errors)
    }
}

/// The width to wrap at.
pub(super) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    columns
        .or_else(|| terminal_size::terminal_size().map(|(w, _)| usize::from(w.0)))
        .unwrap_or(100)
        .clamp(40, 140)
}

/// Prints to standard output; a reader that left is no error.
pub(super) fn print(text: &str) -> Result<(), UserError> {
    print_commands(&no_commands(text))
}

/// What a report leaves out, on standard error.
pub(super) fn notes(notes: &[String]) {
    let mut err = anstream::stderr().lock();
    for note in notes {
        let _ = writeln!(err, "note: {}", no_commands(note));
    }
}

/// Tells something beside what a command prints, on standard error.
pub(super) fn say(text: &str) {
    let _ = anstream::stderr().lock().write_all(no_commands(text).as_bytes());
}

/// As [`print`], of a report that is made of commands for a CI system and sees to it itself that a text of
/// a record is none.
pub(super) fn print_commands(text: &str) -> Result<(), UserError> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(not_written(format!("cannot write to standard output: {error}"), ""))
        }
        _ => Ok(()),
    }
}

/// Writes a file whole or not at all. A link is followed; a pipe or device is written to, never replaced.
pub(super) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if target.metadata().is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        let result = fs::OpenOptions::new().write(true).open(&target).and_then(|mut file| write(&mut file));
        return result.or_else(|e| if e.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(e) });
    }
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part: PathBuf = target.with_file_name(name);
    let result = fs::File::create(&part)
        .and_then(|mut file| write(&mut file))
        .and_then(|()| fs::rename(&part, &target));
    result.inspect_err(|_| {
        let _ = fs::remove_file(&part);
    })
}

/// The error about a file that [`write_file`] did not write.
pub(super) fn cannot_write(path: &Path, error: &io::Error) -> UserError {
    not_written(
        format!("cannot write {}: {error}", escape(&path.to_string_lossy())),
        "check that its folder exists and can be written to",
    )
}

/// Output that could not be written.
pub(super) fn not_written(what: String, help: &str) -> UserError {
    UserError(vec![Diagnostic::new(Code::Output, Place::command_line(), what, help)])
}
