//! The audit: from a folder, on disk or at a revision, to an assessment.

mod request;
mod states;

use std::collections::HashMap;

use crate::assessment::{
    Assessment, Group, PackIdentity, ParameterChange, ProfileInUse, ReferenceList, Run, SourceDocument, Tool,
};
use crate::baseline;
use crate::compare;
use crate::policy::{self, Pack, PolicySet};
use crate::snapshot::{Ask, Pool, Snapshot, read, read_under};
use crate::text::digest;

pub use crate::snapshot::{AuditError, Progress};
pub use request::{Base, Past, Request};

/// Audits a folder, and compares it where that is asked for.
pub fn run(request: &Request<'_>, progress: &Progress) -> Result<Assessment, AuditError> {
    let states = states::open(request)?;
    let ask = Ask { root: request.root, packs: &request.packs, profile: request.profile, progress };
    let alone = states.base.is_none() && states.history.is_empty();
    let mut pool = (!alone).then(Pool::default);
    let mut present = read(states.present, request.as_of, &ask, None, pool.as_mut())?;
    let mut earlier = |earlier: states::Earlier| {
        let name = earlier.state.revision.name.clone();
        read(earlier.state, earlier.as_of, &ask, Some(&present), pool.as_mut())
            .map_err(|error| AuditError::At { revision: name, error: Box::new(error) })
    };
    let base = states.base.map(&mut earlier).transpose()?;
    let history = states.history.into_iter().map(earlier).collect::<Result<Vec<_>, AuditError>>()?;
    let rules_differ = base.as_ref().filter(|base| compare::differ(&present, base));
    let under_base =
        rules_differ.zip(pool.as_mut()).map(|(base, pool)| read_under(base, &present, pool, &ask));
    let compared = compare::States {
        base: base.as_ref(),
        under_base: under_base.as_ref(),
        history: &history,
        fail_on: request.fail_on,
        regions: request.regions,
        every: request.every,
    };
    let outcome = compare::judge(&compared, &mut present, progress);
    let run = run_of(&present, request);
    let assessment = Assessment::conclude(run, outcome.judgement, outcome.baseline, outcome.history);
    // What is left of the records is not needed any more, and freeing it takes longer than leaving.
    std::mem::forget((present, base, under_base, history, pool));
    Ok(assessment)
}

/// What an assessment of a snapshot is made from.
fn run_of(snapshot: &Snapshot, request: &Request<'_>) -> Run {
    let config = &snapshot.config;
    Run {
        tool: Tool { name: "duly".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        as_of: snapshot.as_of.into(),
        organization: config.organization.clone(),
        classification: config.classification.clone(),
        revision: snapshot.state.named(&snapshot.digests),
        manifest_sha256: manifest(&snapshot.digests),
        configuration_sha256: snapshot.configuration_sha256.clone(),
        baseline_file: (snapshot.baseline.as_ref())
            .map(|file| file.described(snapshot.digests.get(baseline::FILE))),
        packs: pack_identities(&snapshot.policies),
        parameters_changed: parameter_changes(&snapshot.policies),
        fail_on: request.fail_on.unwrap_or(config.fail_on),
        allow_lost: request.allow_lost,
        references: (snapshot.references.provenance())
            .map(|p| ReferenceList {
                name: p.name.clone(),
                origin: p.origin.clone(),
                dated_on: p.dated_on,
                entries: p.entries,
                modified: p.replaces_built_in,
            })
            .collect(),
    }
}

fn manifest(digests: &HashMap<String, String>) -> String {
    let mut lines: Vec<String> = digests.iter().map(|(path, sha256)| format!("{sha256}  {path}\n")).collect();
    lines.sort_unstable();
    digest::of(lines.concat().as_bytes())
}

fn pack_identities(policies: &PolicySet) -> Vec<PackIdentity> {
    let document = |d: &policy::SourceDocument| {
        let policy::SourceDocument { id, title, publisher, dated_on, url, sections } = d.clone();
        SourceDocument { id, title, publisher, dated_on, url, sections }
    };
    let identity = |pack: &Pack| PackIdentity {
        name: pack.name.clone(),
        version: pack.version.clone(),
        modified: policy::is_modified(pack),
        title: pack.title.clone(),
        sha256: pack.digest.clone(),
        profile: pack.profile_in_use().map(|profile| {
            let asked = pack.measures.iter().map(|measure| measure.checks.len()).sum();
            let left_out: usize = pack.measures.iter().map(|measure| measure.left_out.len()).sum();
            let whole = pack.profiles.last().map_or_else(String::new, |last| last.id.clone());
            let (id, title) = (profile.id.clone(), profile.title.clone());
            ProfileInUse { id, title, asked, of: asked + left_out, whole, before: 0, since: None }
        }),
        documents: pack.documents.iter().map(document).collect(),
        groups: pack.groups.iter().map(|g| Group { id: g.id.clone(), title: g.title.clone() }).collect(),
    };
    policies.packs.iter().map(identity).collect()
}

fn parameter_changes(policies: &PolicySet) -> Vec<ParameterChange> {
    policies
        .measures()
        .flat_map(|(_, measure)| {
            measure.parameters.iter().filter_map(|(name, parameter)| {
                Some(ParameterChange {
                    measure: measure.id.clone(),
                    parameter: name.clone(),
                    from: parameter.changed_from.clone()?,
                    to: parameter.value.clone(),
                })
            })
        })
        .collect()
}
