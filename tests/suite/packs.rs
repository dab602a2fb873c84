//! Small policy packs, written for one test each: they load in a moment and say exactly what a test needs.

use super::support::Repo;

/// The head of every pack of the suite.
pub(crate) const HEAD: &str = "\
name: tiny
version: 1.0.0
title: A pack for tests
documents:
  - id: DOC
    title: A document
    publisher: Nobody
    dated_on: 2026-01-01
    url: https://example.org/doc
    sections: { one: Section one }
groups:
  - { id: all, title: All measures }
";

/// A measure around its checks.
pub(crate) fn measure(id: &str, severity: &str, checks: &str) -> String {
    format!(
        "\
measure: {id}
title: Measure {id} holds
source: {{ document: DOC, section: one, item: 1 }}
group: all
severity: {severity}
owner: somebody
cadence_days: 90
asks:
  - {{ id: ask, text: Something is asked. }}
rationale: It is a test.
remediation:
  - Fix the record.
checks:
{checks}"
    )
}

/// A check on each record of a kind, with further lines such as `at: status`.
pub(crate) fn each(id: &str, kind: &str, require: &str, message: &str, more: &[&str]) -> String {
    let mut text = format!(
        "  - id: {id}
    title: Requirement {id} holds
    asks: [ask]
    tests: operation
    grade: observed
    for: {kind}
    require: >-
      {require}
    message: \"{message}\"
    remediation:
      - Fix the record.
"
    );
    for line in more {
        text.push_str(&format!("    {line}\n"));
    }
    text
}

/// Writes a pack of one measure into the folder `pack` of a repository.
pub(crate) fn pack(repo: &Repo, checks: &str) {
    packs(repo, &[("T-01", "high", checks)]);
}

/// Writes a pack of several measures: id, severity, checks.
pub(crate) fn packs(repo: &Repo, measures: &[(&str, &str, &str)]) {
    repo.write("pack/pack.yaml", HEAD);
    for (id, severity, checks) in measures {
        repo.write(format!("pack/{id}.yaml"), measure(id, severity, checks));
    }
}

/// The pack that most tests of reading use: vendors must be `active`, and a finding points to `status`.
pub(crate) fn active(repo: &Repo) {
    let message = "vendor {{ vendor.id }} is {{ vendor.status }}";
    pack(repo, &each("vendor-not-active", "vendor", "vendor.status == 'active'", message, &["at: status"]));
}
