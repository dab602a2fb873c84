//! The states of a repository that a request is about, found.

use std::path::Path;

use jiff::civil::Date;

use super::request::Request;
use crate::repo::{Commit, GitError, Repository};
use crate::snapshot::{AuditError, State};

/// The states that a request is about.
pub(super) struct States {
    pub present: State,
    pub base: Option<Earlier>,
    /// Oldest first.
    pub history: Vec<Earlier>,
}

/// An earlier state, and the date it is judged at.
pub(super) struct Earlier {
    pub state: State,
    pub as_of: Date,
}

/// Finds everything that a request is about.
pub(super) fn open(request: &Request<'_>) -> Result<States, AuditError> {
    let needed = request.rev.is_some() || request.base.is_some() || !request.history.is_empty();
    if !needed {
        return Ok(States {
            present: State::of_folder(request.root, request.with_ignored)?,
            base: None,
            history: Vec::new(),
        });
    }
    let repository = repository(request.root)?;
    let commit = request.rev.map(|revision| repository.resolve(revision)).transpose()?;
    let present = match &commit {
        Some(commit) => State::of_commit(&repository, commit)?,
        None => State::of_folder(request.root, request.with_ignored)?,
    };
    let base = match request.base {
        None => None,
        Some(base) => {
            let commit = match base.revision.strip_suffix("...") {
                None => repository.resolve(base.revision)?,
                Some(other) => {
                    let present = commit.map_or_else(|| checked_out(&repository), Ok)?;
                    repository.merge_base(&repository.resolve(other)?, &present)?
                }
            };
            Some(Earlier { state: State::of_base(&repository, &commit)?, as_of: base.as_of })
        }
    };
    let history = history(&repository, request)?;
    Ok(States { present, base, history })
}

/// The earlier states, oldest first: by the date they are judged at, then by the day of the commit.
fn history(repository: &Repository, request: &Request<'_>) -> Result<Vec<Earlier>, AuditError> {
    let mut commits: Vec<(Date, Commit)> = Vec::new();
    for past in &request.history {
        let commit = repository.resolve(past.revision)?;
        // An audit as of a date judges nothing at a later one.
        let as_of = past.as_of.unwrap_or(commit.committed_on.0.min(request.as_of));
        if as_of > request.as_of {
            let revision = past.revision.to_owned();
            return Err(GitError::PeriodAhead { revision, as_of, audit: request.as_of }.into());
        }
        if let Some((_, first)) = commits.iter().find(|(day, c)| *day == as_of && c.id == commit.id) {
            let (first, second) = (first.name.clone(), past.revision.to_owned());
            return Err(GitError::SamePeriod { first, second, as_of }.into());
        }
        commits.push((as_of, commit));
    }
    commits.sort_by_key(|(as_of, commit)| (*as_of, commit.committed_on));
    let earlier = |(as_of, commit): &(Date, Commit)| {
        Ok(Earlier { state: State::of_commit(repository, commit)?, as_of: *as_of })
    };
    commits.iter().map(earlier).collect()
}

/// The commit of `HEAD`.
fn checked_out(repository: &Repository) -> Result<Commit, GitError> {
    let head = repository.head()?;
    head.commit.ok_or(GitError::Unborn { branch: head.branch.unwrap_or_default() })
}

/// The repository that holds a folder.
fn repository(root: &Path) -> Result<Repository, AuditError> {
    let path = || root.to_string_lossy().into_owned();
    Ok(Repository::discover(root)?.ok_or_else(|| GitError::NoRepository { path: path() })?)
}
