//! `duly baseline`: the file of findings that are known.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::audit::{pack_from_here, parse_date, user_error};
use super::output::{self, UserError};
use crate::assessment::{Assessment, Status, gate};
use crate::audit::{self, Progress, Request};
use crate::baseline::{self, BaselineFile, Entry, EntryState, FILE, Said};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::text::count;

/// Keep a file of known gaps, so that only new and worse ones count
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Write duly-baseline.yaml with every gap and pattern there is; refuses to replace one
    Write {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        says: Says,
    },
    /// Bring duly-baseline.yaml up to date, and print what is added and dropped
    Update {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        says: Says,
        /// Only drop what is fixed; add nothing
        #[arg(long)]
        prune: bool,
    },
    /// List the entries of duly-baseline.yaml with what became of them
    Show(Of),
}

/// What is said of the entries that are added.
#[derive(Debug, Args)]
struct Says {
    /// Why they are not fixed yet; reports show it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who answers for them: a role, or the id of an employee
    #[arg(long, value_name = "OWNER")]
    owner: Option<String>,
}

impl Says {
    fn checked(&self) -> Result<Said, UserError> {
        let said = Said { reason: self.reason.clone(), owner: self.owner.clone() };
        said.checked().map_err(|why| UserError::new(why, "say it with --reason and --owner"))
    }
}

/// Which folder is audited, and by what: of commands that need an audit of the files on disk.
#[derive(Debug, Args)]
pub(super) struct Of {
    /// Folder of the repository
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Judge as of this date [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<String>,
    /// Use this policy pack instead of the configured ones; may be repeated
    #[arg(long, value_name = "PACK")]
    pack: Vec<String>,
    /// Ask the checks of this profile of the packs [default: profile of duly.yaml, or the pack's first]
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    match &arguments.action {
        Action::Write { of, says } => write(of, says),
        Action::Update { of, says, prune } => update(of, says, *prune),
        Action::Show(of) => show(of).map(|()| 0),
    }
}

/// Why the file must not be made from an audit: what could not be read would be missing in it.
fn incomplete(assessment: &Assessment) -> Option<UserError> {
    if gate(assessment, assessment.run.fail_on).status != Status::Incomplete {
        return None;
    }
    let mut unread = assessment.problems.iter().filter(|p| p.is_incomplete());
    let n = unread.clone().count();
    let why = match n {
        0 => "nothing was assessed".to_owned(),
        n => format!("the audit is incomplete ({} to fix)", count(n, "problem")),
    };
    let what = format!("{why}, and gaps in what was not read would be lost: {FILE} is not written");
    let help = "fix what `duly audit` lists under problems with the input, then run this again";
    let place = unread.next().map_or_else(Place::command_line, |p| p.place.clone());
    Some(UserError(vec![Diagnostic::new(Code::BaselineFile, place, what, help)]))
}

/// Audits the files on disk.
pub(super) fn assess(of: &Of) -> Result<Assessment, UserError> {
    let as_of = match &of.as_of {
        Some(text) => parse_date(text)?,
        None => jiff::Zoned::now().date(),
    };
    let packs = of.pack.iter().map(|name| pack_from_here(name, &of.path)).collect();
    let request = Request {
        root: &of.path,
        rev: None,
        with_ignored: false,
        as_of,
        base: None,
        history: Vec::new(),
        fail_on: None,
        allow_lost: false,
        packs,
        profile: of.profile.as_deref(),
        regions: false,
        every: true,
    };
    audit::run(&request, &Progress::default()).map_err(user_error)
}

fn file(root: &Path) -> PathBuf {
    root.join(FILE)
}

fn read(root: &Path) -> Result<BaselineFile, UserError> {
    baseline::on_disk(root).map_err(|error| user_error(audit::AuditError::Input(vec![*error])))?;
    let bytes = std::fs::read(file(root)).map_err(|error| {
        let what = match error.kind() {
            std::io::ErrorKind::NotFound => format!("there is no {FILE}"),
            _ => format!("{FILE} cannot be read: {error}"),
        };
        UserError::new(what, "`duly baseline write` writes it")
    })?;
    BaselineFile::parse(bytes).map_err(|errors| user_error(audit::AuditError::Input(errors)))
}

fn save(root: &Path, baseline: &BaselineFile) -> Result<(), UserError> {
    let file = file(root);
    output::write_file(&file, |out| out.write_all(baseline.text().as_bytes()))
        .map_err(|error| output::cannot_write(&file, &error))
}

fn write(of: &Of, says: &Says) -> Result<u8, UserError> {
    let said = says.checked()?;
    let assessment = assess(of)?;
    if file(&of.path).symlink_metadata().is_ok() {
        return Err(UserError::new(
            format!("{FILE} is there already"),
            "`duly baseline update` brings it up to date and says what changes",
        ));
    }
    if let Some(error) = incomplete(&assessment) {
        error.print();
        return Ok(Status::Incomplete as u8);
    }
    let baseline = BaselineFile::of(&assessment, &said);
    save(&of.path, &baseline)?;
    let entries = count(baseline.findings.len(), "entry");
    output::print(&format!("{FILE}: {entries} as of {}\n", baseline.as_of))?;
    Ok(0)
}

fn update(of: &Of, says: &Says, prune: bool) -> Result<u8, UserError> {
    let said = says.checked()?;
    let before = read(&of.path)?;
    let assessment = assess(of)?;
    if let Some(error) = incomplete(&assessment) {
        error.print();
        return Ok(Status::Incomplete as u8);
    }
    let states = before.states(&assessment.findings);
    let gone: BTreeSet<usize> = (0..states.len()).filter(|i| states[*i] == EntryState::Gone).collect();
    let mut text = String::new();
    let mut line = |word: &str, entry: &Entry| {
        text.push_str(&format!("{word} {:<8} {}\n", level(entry), entry.words()));
    };
    for i in &gone {
        line("- dropped", &before.findings[*i]);
    }
    let after = if prune {
        before.without(&gone)
    } else {
        let mut after = BaselineFile::of(&assessment, &said);
        // What an entry covers already is neither added nor dropped, also where it became smaller.
        let (mut covered, mut worse) = (BTreeSet::new(), BTreeSet::new());
        for state in &states {
            match state {
                EntryState::Known(i) => covered.insert(assessment.findings[*i].fingerprint.as_str()),
                EntryState::Worse(i) => worse.insert(assessment.findings[*i].fingerprint.as_str()),
                EntryState::Gone => false,
            };
        }
        for entry in after.findings.iter().filter(|e| !covered.contains(e.fingerprint.as_str())) {
            line(if worse.contains(entry.fingerprint.as_str()) { "+ worse  " } else { "+ added  " }, entry);
        }
        after.keep_said(&before, &states, &assessment.findings);
        after.keep_unassessed(&before, &states, &assessment.findings);
        after
    };
    let same = after.findings.len() == before.findings.len() && text.is_empty();
    if !same || !prune && after != before {
        save(&of.path, &after)?;
    }
    let summary =
        if same { "nothing to add or drop".to_owned() } else { count(after.findings.len(), "entry") };
    output::print(&format!("{text}{FILE}: {summary}\n"))?;
    Ok(0)
}

fn show(of: &Of) -> Result<(), UserError> {
    let baseline = read(&of.path)?;
    let assessment = assess(of)?;
    let states = baseline.states(&assessment.findings);
    let of = |wanted: fn(&EntryState) -> bool| states.iter().filter(|state| wanted(state)).count();
    let mut text = format!(
        "{FILE}: {} as of {}: {} known, {} worse, {} gone\n",
        count(states.len(), "entry"),
        baseline.as_of,
        of(|s| matches!(s, EntryState::Known(_))),
        of(|s| matches!(s, EntryState::Worse(_))),
        of(|s| matches!(s, EntryState::Gone)),
    );
    for (entry, state) in baseline.findings.iter().zip(&states) {
        let (word, place) = match state {
            EntryState::Known(i) => ("known", place(&assessment, *i)),
            EntryState::Worse(i) => ("worse", format!("{}, not covered", place(&assessment, *i))),
            EntryState::Gone => ("gone", String::new()),
        };
        let line = format!("{word:<5} {:<8} {}{place}", level(entry), entry.words());
        text.push_str(line.trim_end());
        text.push('\n');
    }
    output::print(&text)
}

fn level(entry: &Entry) -> &'static str {
    match entry.outcome {
        crate::assessment::Outcome::Gap => entry.severity.as_str(),
        other => other.as_str(),
    }
}

fn place(assessment: &Assessment, finding: usize) -> String {
    let finding = &assessment.findings[finding];
    finding.place.as_ref().map_or_else(String::new, |place| format!("  {place}"))
}
