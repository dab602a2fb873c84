//! What `duly attest` and `duly waive` share: the folder they write to, answers, and the file.

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::audit::parse_date;
use super::output::{self, UserError};
use crate::config::{Config, FILE};
use crate::diagnostics::did_you_mean;
use crate::policy::{self, Check, Measure, PolicySet, Selection, Tailoring};
use crate::records::is_plausible_id;
use crate::report::terminal::wrap;
use crate::text::{Day, escape};

/// Where a decision is written, and of what day it is.
#[derive(Debug, Args)]
pub(super) struct To {
    /// Folder of the repository
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    repo: PathBuf,
    /// The day of today, for the dates that are not given [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<String>,
    /// File to write, in the folder; one that is there is never overwritten [default: decisions/ID.yaml]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Id of the record [default: from the check and the day]
    #[arg(long)]
    pub id: Option<String>,
}

/// The configuration and the policies of a folder.
pub(super) struct Folder {
    pub config: Config,
    pub policies: PolicySet,
    pub as_of: Day,
}

impl To {
    /// Reads what the folder is judged by.
    pub(super) fn open(&self) -> Result<Folder, UserError> {
        let as_of = match &self.as_of {
            Some(text) => parse_date(text)?.into(),
            None => jiff::Zoned::now().date().into(),
        };
        let config = match fs::read(self.repo.join(FILE)) {
            Ok(bytes) => Config::parse(bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.repo.is_dir() => Config::default(),
            Err(error) => {
                let path = escape(&self.repo.to_string_lossy()).into_owned();
                return Err(UserError::new(format!("{path}: {error}"), "name the folder with --repo"));
            }
        };
        let tailoring = Tailoring { selection: Selection::Everything, ..config.tailoring.clone() };
        let policies = policy::load(&config.packs, &self.repo, &tailoring)?;
        Ok(Folder { config, policies, as_of })
    }

    /// Writes a record as a file of its own, with comments above it.
    pub(super) fn write(
        &self,
        id: &str,
        comments: &[String],
        record: &impl Serialize,
        folder: &Folder,
    ) -> Result<(), UserError> {
        if !is_plausible_id(id) {
            let help = "an id has no blank and no `@`";
            return Err(UserError::new(format!("`{}` is not an id", escape(id)), help));
        }
        let relative = match &self.file {
            Some(file) => file.clone(),
            None => Path::new("decisions").join(format!("{}.yaml", file_name(id))),
        };
        let path = self.repo.join(&relative);
        let shown = escape(&relative.to_string_lossy()).into_owned();
        let body = serde_yaml::to_string(record)
            .map_err(|error| output::not_written(format!("cannot write the record: {error}"), ""))?;
        let mut text = String::new();
        for comment in comments {
            text.push_str(&wrap(comment, 100, "# ", "# "));
        }
        text.push_str(&body);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| output::cannot_write(&relative, &error))?;
        }
        let created = fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let written = created.and_then(|mut file| file.write_all(text.as_bytes()));
        if let Err(error) = written {
            if error.kind() == io::ErrorKind::AlreadyExists {
                let help = "choose another file with --file or another --id, or edit the file by hand";
                return Err(output::not_written(format!("{shown} is there already"), help));
            }
            return Err(output::cannot_write(&relative, &error));
        }
        output::print(&format!("{shown} is written\n"))?;
        let claimed = relative.to_string_lossy().replace('\\', "/");
        if !matches!(folder.config.rules.claim(&claimed), crate::readers::Claim::Source(_)) {
            let note = format!(
                "no source of {FILE} reads {shown}; add it to `sources`, or the audit passes it over"
            );
            output::notes(&[note]);
        }
        Ok(())
    }
}

/// A name of a file for an id: what could lead out of the folder becomes a hyphen.
fn file_name(id: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    id.chars().map(safe).collect::<String>().trim_start_matches('.').to_owned()
}

/// The check that is named on the command line.
pub(super) fn check<'p>(policies: &'p PolicySet, name: &str) -> Result<(&'p Measure, &'p Check), UserError> {
    let all = || policies.measures().flat_map(|(_, m)| m.checks.iter().map(move |check| (m, check)));
    let (of, id) = name.rsplit_once('/').map_or((None, name), |(of, id)| (Some(of), id));
    let mut found = all().filter(|(m, check)| check.id == id && of.is_none_or(|of| of == m.id));
    found.next().ok_or_else(|| {
        let help = did_you_mean(id, all().map(|(_, check)| check.id.as_str()), || {
            "`duly explain MEASURE` lists the checks of a measure".to_owned()
        });
        UserError::new(format!("there is no check `{}`", escape(name)), help)
    })
}

/// Asks on a terminal for what no flag gives, and collects what is missing elsewhere.
pub(super) struct Answers {
    is_terminal: bool,
    missing: Vec<&'static str>,
}

impl Answers {
    pub(super) fn new() -> Self {
        Answers { is_terminal: io::stdin().is_terminal(), missing: Vec::new() }
    }

    /// The value of a flag, or the answer to its question; empty where there is neither.
    pub(super) fn get(&mut self, flag: &'static str, given: Option<&String>, question: &str) -> String {
        if let Some(given) = given.map(|text| text.trim()).filter(|text| !text.is_empty()) {
            return given.to_owned();
        }
        if self.is_terminal {
            let mut err = anstream::stderr().lock();
            let _ = write!(err, "{question} ").and_then(|()| err.flush());
            let mut line = String::new();
            if io::stdin().lock().read_line(&mut line).is_ok() && !line.trim().is_empty() {
                return line.trim().to_owned();
            }
        }
        self.missing.push(flag);
        String::new()
    }

    /// Refuses to go on without what is missing.
    pub(super) fn complete(self) -> Result<(), UserError> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let what = format!("{} not given", self.missing.join(", "));
        let what = what.replacen(
            " not given",
            if self.missing.len() == 1 { " is not given" } else { " are not given" },
            1,
        );
        Err(UserError::new(what, "give the flags, or run the command on a terminal, where it asks"))
    }
}

/// A day on the command line.
pub(super) fn day(flag: &str, text: &str) -> Result<Day, UserError> {
    text.parse().map_err(|_| {
        let help = format!("write {flag} YYYY-MM-DD, such as 2026-06-30");
        UserError::new(format!("`{}` is not a valid date", escape(text)), help)
    })
}

/// So many days after a day.
pub(super) fn after(from: Day, days: u32) -> Day {
    use jiff::ToSpan;
    Day(from.0.checked_add(i64::from(days).days()).unwrap_or(from.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_never_leads_out_of_the_folder() {
        for (id, name) in
            [("WV-1", "WV-1"), ("../../etc/x", "-..-etc-x"), ("a/b", "a-b"), (".hidden", "hidden")]
        {
            assert_eq!(file_name(id), name, "{id}");
        }
    }
}
