//! Findings as they are printed, whole: what a reader sees of each kind of finding.

use super::packs::{each, pack};
use super::support::{AS_OF, Call, Repo, audit, word};

/// What stands between the measures and the end of the terminal report about one file, and the outcomes and causes
/// of its findings.
fn printed(checks: &str, file: &str, more: &[&str]) -> (String, Vec<String>) {
    let repo = Repo::with(&[("records.yaml", file)]);
    pack(&repo, checks);
    let args = [&["audit", ".", "--as-of", AS_OF, "--pack", "pack", "--all"], more].concat();
    let text = Call::new(repo.root()).args(args).env("COLUMNS", "80").run().stdout;
    let start =
        ["\nGaps\n", "\nTo review", "\nNot assessed\n"].iter().filter_map(|title| text.find(title)).min();
    let end = text.find("\nLooked at\n").expect("the end of the report");
    let audit = audit(&repo);
    let outcomes = audit.findings().iter().map(|finding| {
        let cause = finding.get("cause").map_or_else(String::new, |cause| format!(" {}", word(cause)));
        format!("{}{cause}", word(&finding["outcome"]))
    });
    (text[start.expect("a finding")..end].trim().to_owned(), outcomes.collect())
}

const ACTIVE: &str = "vendor.status == 'active'";
const MESSAGE: &str = "vendor {{ vendor.id }} is {{ vendor.status }}";

#[test]
fn a_gap_that_contradicts_the_requirement() {
    let check = each("not-active", "vendor", ACTIVE, MESSAGE, &["at: status"]);
    let (text, outcomes) = printed(&check, "kind: vendor\nid: v-1\nname: Acme\nstatus: ended\n", &[]);
    assert_eq!(outcomes, ["gap violated"]);
    insta::assert_snapshot!(text, @r"
    Gaps
    high[T-01/not-active]: vendor v-1 is ended (violated)
      ╭▸ records.yaml:4:9
      │
    2 │ id: v-1
      ┆
    4 │ status: ended
      │         ━━━━━ required: Requirement not-active holds
      │
      ╰ note: owner: somebody

       to do: 1. Fix the record.
    ");
}

#[test]
fn a_gap_for_what_is_missing() {
    let check = each("not-active", "vendor", ACTIVE, MESSAGE, &["at: status", "missing: gap"]);
    let (text, outcomes) = printed(&check, "kind: vendor\nid: v-1\nname: Acme\n", &[]);
    assert_eq!(outcomes, ["gap missing"]);
    insta::assert_snapshot!(text, @r"
    Gaps
    high[T-01/not-active]: vendor v-1: `status` is not recorded (missing)
      ╭▸ records.yaml:2:5
      │
    2 │ id: v-1
      │     ━━━ `status` is missing here
      │
      ╰ note: owner: somebody

       to do: 1. Fix the record.
    ");
}

#[test]
fn a_gap_for_evidence_that_is_too_old() {
    let check = "  - id: no-rule
    title: A rule in force was reviewed within a year
    asks: [ask]
    tests: design
    grade: declared
    exists: hiring-rules
    where: hiring_rules.status == 'in-force'
    fresh: age_days(hiring_rules.reviewed_on) <= 365
    missing: gap
    at: reviewed_on
    message: there is no rule in force
    stale: the rule {{ hiring_rules.id }} was last reviewed on {{ hiring_rules.reviewed_on }}
";
    let file = "kind: hiring-rules\nid: r-1\nstatus: in-force\nreviewed_on: 2024-05-01\n";
    let (text, outcomes) = printed(check, file, &[]);
    assert_eq!(outcomes, ["gap stale"]);
    insta::assert_snapshot!(text, @r"
    Gaps
    high[T-01/no-rule]: the rule r-1 was last reviewed on 2024-05-01 (stale)
      ╭▸ records.yaml:4:14
      │
    2 │ id: r-1
      ┆
    4 │ reviewed_on: 2024-05-01
      │              ━━━━━━━━━━
      │              too old to show: A rule in force was reviewed within a year
      │
      ╰ note: owner: somebody

       to do: 1. Make this true: A rule in force was reviewed within a year
    ");
}

#[test]
fn something_to_review() {
    let more = ["at: status", "otherwise: review", "pattern: The contract can have ended in good order."];
    let check = each("not-active", "vendor", ACTIVE, MESSAGE, &more);
    let (text, outcomes) = printed(&check, "kind: vendor\nid: v-1\nname: Acme\nstatus: ended\n", &[]);
    assert_eq!(outcomes, ["review"]);
    insta::assert_snapshot!(text, @r"
    To review: indicators are prompts to look, not proof
    review[T-01/not-active]: vendor v-1 is ended
      ╭▸ records.yaml:4:9
      │
    2 │ id: v-1
      ┆
    4 │ status: ended
      │         ━━━━━ to look at: Requirement not-active holds
      │
      ╰ note: owner: somebody

       rule out first: The contract can have ended in good order.
    ");
}

#[test]
fn something_not_assessed() {
    let check = each("not-active", "vendor", ACTIVE, MESSAGE, &["at: status"]);
    let file = "kind: vendor\nid: v-1\nname: Acme\n";
    let (text, outcomes) = printed(&check, file, &[]);
    assert_eq!(outcomes, ["not-assessed"]);
    insta::assert_snapshot!(text, @r"
    Not assessed
      ◆ `status` is not recorded for 1 vendor (v-1); 1 check waits: T-01 not-active
    ");
    insta::assert_snapshot!(printed(&check, file, &["--verbose"]).0, @r"
    Not assessed
      ◆ `status` is not recorded for 1 vendor (v-1); 1 check waits: T-01 not-active

    not-assessed[T-01/not-active]: vendor v-1: `status` is not recorded
      ╭▸ records.yaml:2:5
      │
    2 │ id: v-1
      │     ━━━ needs `status`
      │
      ╰ note: owner: somebody
    note: required by the policy
       ╭▸ pack/T-01.yaml:21:7
       │
    21 │ vendor.status == 'active'
    ");
}

#[test]
fn a_group_of_records() {
    let check = "  - id: shared
    title: Every vendor is recorded once
    asks: [ask]
    tests: operation
    grade: observed
    for: vendor
    group_by: vendor.name
    require: group.map(v, v.id).distinct().size() < 2
    otherwise: review
    pattern: Two companies can have one name.
    message: \"{{ ids }} have one name\"
";
    let vendor = |i| format!("- {{ kind: vendor, id: v-{i}, name: Acme }}\n");
    let file: String = (1..=8).map(vendor).collect();
    let (text, outcomes) = printed(check, &file, &[]);
    assert_eq!(outcomes, ["review"]);
    insta::assert_snapshot!(text, @r"
    To review: indicators are prompts to look, not proof
    review[T-01/shared]: v-1, v-2, v-3, v-4, v-5, v-6, v-7, v-8 have one name
      ╭▸ records.yaml:1:23
      │
    1 │ - { kind: vendor, id: v-1, name: Acme }
      │                       ━━━ to look at: Every vendor is recorded once
      │
      ╰ note: also: records.yaml:2:23, records.yaml:3:23, records.yaml:4:23,
          records.yaml:5:23, records.yaml:6:23, and 2 more (--verbose lists them);
          owner: somebody

       rule out first: Two companies can have one name.
    ");
}

#[test]
fn a_record_that_a_schema_refuses() {
    let check = "  - id: name-too-short
    title: The name of a vendor is written out
    asks: [ask]
    tests: operation
    grade: observed
    for: vendor
    schema: { properties: { name: { minLength: 3 } } }
    message: \"vendor {{ vendor.id }} is named {{ vendor.name }}\"
";
    let (text, outcomes) = printed(check, "kind: vendor\nid: v-1\nname: A\n", &[]);
    assert_eq!(outcomes, ["gap violated"]);
    insta::assert_snapshot!(text, @r"
    Gaps
    high[T-01/name-too-short]: vendor v-1 is named A: `name` must have at least 3
      characters (violated)
      ╭▸ records.yaml:3:7
      │
    2 │ id: v-1
    3 │ name: A
      │       ━ required: The name of a vendor is written out
      │
      ╰ note: owner: somebody

       to do: 1. Make this true: The name of a vendor is written out
    ");
}

#[test]
fn a_date_after_the_audit() {
    let check = each(
        "silent",
        "device",
        "age_days(device.last_seen_on) <= 30",
        "device {{ device.id }} was silent",
        &["at: last_seen_on"],
    );
    let (text, outcomes) =
        printed(&check, "kind: device\nid: D-1\nstatus: in-use\nlast_seen_on: 2062-01-01\n", &["-v"]);
    assert_eq!(outcomes, ["not-assessed"]);
    insta::assert_snapshot!(text, @r"
    Not assessed
      ◆ `last_seen_on` lies after the date of the audit for 1 device (D-1); 1 check
          waits: T-01 silent

    not-assessed[T-01/silent]: device D-1: `last_seen_on` lies after the date of the
      audit
      ╭▸ records.yaml:4:15
      │
    2 │ id: D-1
      ┆
    4 │ last_seen_on: 2062-01-01
      │               ━━━━━━━━━━ `last_seen_on` lies after the date of the audit
      │
      ╰ note: owner: somebody
    note: required by the policy
       ╭▸ pack/T-01.yaml:21:7
       │
    21 │ age_days(device.last_seen_on) <= 30
    ");
}
