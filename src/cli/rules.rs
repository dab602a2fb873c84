//! `--pack` and `--profile` of the commands that say what policies ask, and need no records.

use std::path::Path;

use clap::Args;

use super::output::UserError;
use crate::config::{self, Config, DEFAULT_PACK};
use crate::diagnostics::{Place, suggestion};
use crate::policy::{self, PolicySet, Selection, Tailoring};
use crate::records::KindId;
use crate::text::escape;

/// The rules in use: those of `duly.yaml` in the current folder, where it is there and valid, else the default pack.
#[derive(Debug, Args)]
pub(super) struct RuleArguments {
    /// Use this policy pack instead of the configured ones; may be repeated
    #[arg(long, value_name = "PACK")]
    pack: Vec<String>,
    /// Use the checks of this profile of the packs [default: profile of duly.yaml, or the pack's first]
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
}

impl RuleArguments {
    /// Whether other packs than the default one are in use.
    pub(super) fn has_other_packs(&self) -> bool {
        let configured = || std::fs::read(config::FILE).ok().and_then(|bytes| Config::parse(bytes).ok());
        match self.pack.is_empty() {
            true => configured().is_some_and(|config| config.packs != [DEFAULT_PACK]),
            false => self.pack != [DEFAULT_PACK],
        }
    }

    pub(super) fn load(&self) -> Result<PolicySet, UserError> {
        let configured = match self.pack.is_empty() {
            // What is wrong with it, an audit says: here, the pack in the binary is explained all the same.
            true => std::fs::read(config::FILE).ok().and_then(|bytes| Config::parse(bytes).ok()),
            false => None,
        };
        let (packs, mut tailoring) = match configured {
            Some(config) => (config.packs, config.tailoring),
            None if self.pack.is_empty() => (vec![DEFAULT_PACK.to_owned()], Tailoring::default()),
            None => (self.pack.clone(), Tailoring::default()),
        };
        if let Some(profile) = &self.profile {
            tailoring.selection = Selection::Profile(profile.clone(), Place::command_line());
        }
        Ok(policy::load(&packs, Path::new("."), &tailoring)?)
    }
}

/// The kind of that name; else an error that names a close one.
pub(super) fn kind(policies: &PolicySet, name: &str) -> Result<KindId, UserError> {
    policies.catalog.find(name).ok_or_else(|| no_kind(name, &policies.catalog.names().collect::<Vec<_>>()))
}

/// The error about a kind that is not there.
pub(super) fn no_kind(name: &str, kinds: &[&str]) -> UserError {
    let help = suggestion(name, kinds.iter().copied())
        .map_or_else(|| format!("kinds: {}", kinds.join(", ")), |close| format!("did you mean `{close}`?"));
    UserError::new(format!("there is no kind `{}`", escape(name)), help)
}

/// The profiles in use, by name, for a sentence; none where the packs have none.
pub(super) fn profile_in_words(policies: &PolicySet) -> Option<String> {
    let mut names: Vec<&str> =
        policies.packs.iter().filter_map(|pack| Some(pack.profile_in_use()?.id.as_str())).collect();
    names.dedup();
    (!names.is_empty()).then(|| names.join(", "))
}

/// The first sentence of a description, without its full stop.
pub(super) fn in_short(description: &str) -> String {
    let text = description.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = text.match_indices(". ").map(|(at, _)| at).find(|at| {
        // Not behind an abbreviation.
        !text[..*at].ends_with("e.g") && !text[..*at].ends_with("i.e") && !text[..*at].ends_with("No")
    });
    text[..end.unwrap_or(text.len())].trim_end_matches('.').to_owned()
}
