//! What each file of a state is for, as far as its path says.

use crate::assessment::FileUse;
use crate::baseline;
use crate::config::{self, Config};
use crate::losses;
use crate::policy;
use crate::readers::{Claim, Reader, holds_no_text};
use crate::repo::{File, Listing};

/// What a file is for, and how it is read if it holds records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Assignment {
    pub used_as: FileUse,
    pub reader: Option<Reader>,
}

impl Assignment {
    fn as_a(used_as: FileUse) -> Self {
        Assignment { used_as, reader: None }
    }

    fn of(path: &str, config: &Config, packs: &[String]) -> Self {
        if path == config::FILE {
            return Assignment::as_a(FileUse::Configuration);
        }
        if path == baseline::FILE || path == losses::FILE {
            return Assignment::as_a(FileUse::Baseline);
        }
        if config.reference.iter().any(|r| r.file == path) {
            return Assignment::as_a(FileUse::ReferenceList);
        }
        let in_pack = |pack: &String| {
            let pack = pack.trim_start_matches("./").trim_end_matches('/');
            path.strip_prefix(pack).is_some_and(|rest| rest.starts_with('/'))
        };
        // A pack of the binary is no folder, whatever has its name.
        if packs.iter().filter(|pack| !policy::is_built_in(pack)).any(in_pack) {
            return Assignment::as_a(FileUse::Policy);
        }
        match config.rules.claim(path) {
            // It may be evidence, and nothing else.
            Claim::Source(_) if holds_no_text(path) => Assignment::as_a(FileUse::Unclaimed),
            Claim::Source(i) => {
                Assignment { used_as: FileUse::Records, reader: Some(config.rules.sources[i].reader) }
            }
            Claim::Ignored(_) => Assignment::as_a(FileUse::Ignored),
            Claim::Unclaimed => Assignment::as_a(FileUse::Unclaimed),
        }
    }
}

/// What each file is for by other rules. What those do not read is read as its own rules say: a change may move files,
/// and what it reads besides can only show more.
pub(super) fn assign_under(
    listing: &Listing,
    own: &[Assignment],
    config: &Config,
    packs: &[String],
) -> Vec<Assignment> {
    let of_file = |(file, own): (&File, &Assignment)| {
        let other = Assignment::of(&file.path, config, packs);
        if matches!(other.used_as, FileUse::Ignored | FileUse::Unclaimed) { *own } else { other }
    };
    listing.files.iter().zip(own).map(of_file).collect()
}

/// What each file is for; taken from another state that reads by the same rules, as far as it has the file.
pub(super) fn assign(
    listing: &Listing,
    config: &Config,
    packs: &[String],
    same_rules: Option<(&Listing, &[Assignment])>,
) -> Vec<Assignment> {
    let mut known = same_rules.into_iter().flat_map(|(other, all)| other.files.iter().zip(all)).peekable();
    let of_file = |file: &File| {
        while known.next_if(|(other, _)| other.path < file.path).is_some() {}
        match known.next_if(|(other, _)| other.path == file.path) {
            Some((_, assignment)) => *assignment,
            None => Assignment::of(&file.path, config, packs),
        }
    };
    listing.files.iter().map(of_file).collect()
}
