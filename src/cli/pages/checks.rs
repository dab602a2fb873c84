//! `docs/checks.md`: every measure and check of the default pack.

use std::path::Path;

use super::markdown::{anchor, cell, table};
use crate::config::DEFAULT_PACK;
use crate::diagnostics::Diagnostic;
use crate::policy::{self, Check, Form, Measure, PolicySet, Tailoring};
use crate::text::count;

/// The page, in Markdown.
pub(super) fn page() -> Result<String, Vec<Diagnostic>> {
    let policies = policy::load(&[DEFAULT_PACK.to_owned()], Path::new("."), &Tailoring::default())?;
    let mut text = String::from("# Checks\n\nMade from the policies in the binary. ");
    text.push_str(
        "`duly explain DD-09` says what a measure asks and why, `duly explain DD-09/CHECK` what one check asks and which \
         fields satisfy it.\n\n\
         - **basis** is what a check rests on: *announcement*, a sentence of the document, or *safeguard*, good practice beside it.\n\
         - **looks at** is the [kind of record](kinds.md) that the check reads. A check that a person answers is satisfied by an \
         [attestation](decisions.md#attestation).\n",
    );
    for pack in &policies.packs {
        for profile in &pack.profiles {
            text.push_str(&format!("- The profile **{}**: {}\n", profile.id, cell(&profile.description)));
        }
        let (first, others) = profiles(pack);
        let rows = pack.measures.iter().map(|measure| {
            [
                format!("[{}](#{})", measure.id, anchor(&measure.id)),
                cell(&measure.title),
                measure.severity.to_string(),
                measure.checks.len().to_string(),
                measure.left_out.len().to_string(),
            ]
        });
        let asked: usize = pack.measures.iter().map(|measure| measure.checks.len()).sum();
        let left_out: usize = pack.measures.iter().map(|measure| measure.left_out.len()).sum();
        text.push_str(&format!(
            "\n`{}` {}: {} in the profile {first}, and {} that only {others} asks.\n\n",
            pack.name,
            pack.version,
            count(asked, "check"),
            count(left_out, "check")
        ));
        text.push_str(&table(["measure", "title", "severity", &first, &format!("only {others}")], rows));
        for measure in &pack.measures {
            text.push_str(&section(&policies, measure, &first, &others));
        }
    }
    Ok(text)
}

/// The profile that is asked, and the one that asks all checks.
fn profiles(pack: &policy::Pack) -> (String, String) {
    let name = |profile: Option<&policy::Profile>| profile.map_or_else(String::new, |p| p.id.clone());
    (name(pack.profile_in_use()), name(pack.profiles.last()))
}

/// A measure: the checks that are asked, and, folded away, the others.
fn section(policies: &PolicySet, measure: &Measure, first: &str, others: &str) -> String {
    let mut text = format!("\n## {}\n\n**{}.** {}\n", measure.id, cell(&measure.title), of(measure));
    if !measure.checks.is_empty() {
        text.push_str(&format!("\nChecks of the profile {first}:\n\n{}", checks(policies, &measure.checks)));
    }
    if !measure.left_out.is_empty() {
        let n = count(measure.left_out.len(), "check");
        text.push_str(&format!(
            "\n<details>\n<summary>{n} that only {others} asks</summary>\n\n{}\n</details>\n",
            checks(policies, &measure.left_out)
        ));
    }
    text
}

/// Where a measure comes from, who answers for it, and how often its evidence is renewed.
fn of(measure: &Measure) -> String {
    format!(
        "Severity {}; owner: {}; evidence is renewed within {}.",
        measure.severity,
        cell(&measure.owner),
        count(measure.cadence_days as usize, "day")
    )
}

fn checks(policies: &PolicySet, checks: &[Check]) -> String {
    let row = |check: &Check| {
        [
            format!("`{}`", check.id),
            cell(&check.title),
            check.severity.to_string(),
            check.basis.to_string(),
            looks_at(policies, check),
        ]
    };
    table(
        ["check", "what holds when it is satisfied", "severity", "basis", "looks at"],
        checks.iter().map(row),
    )
}

fn looks_at(policies: &PolicySet, check: &Check) -> String {
    match &check.form {
        Form::Attest { .. } => "a person answers".to_owned(),
        form => form.kind().map_or_else(String::new, |kind| {
            let name = &policies.catalog.get(kind).name;
            format!("[{name}](kinds.md#{})", anchor(name))
        }),
    }
}
