//! Profiles of a pack: what one of them asks, with which parameters, and what it leaves out where nothing is recorded.

use super::formats::reports;
use super::history::History;
use super::packs::{HEAD, each, measure};
use super::support::{AS_OF, Call, Repo, audit_with, duly, flat, says, word};

const PROFILES: &str = "\
profiles:
  - { id: core, title: Core, description: What is asked of everyone. }
  - { id: full, title: Full, description: Everything. }
";
const RECORDS: &str = "\
{ kind: vendor, id: V-1, status: active, name: Acme }
---
{ kind: vendor, id: V-2, status: active }
";

/// A repository with a pack of profiles, and parameters before its checks.
fn repo(parameters: &str, checks: &str) -> Repo {
    let text = measure("T-01", "high", checks);
    let text = text.replace("\nchecks:\n", &format!("\n{parameters}checks:\n"));
    Repo::with(&[
        ("v.yaml", RECORDS),
        ("pack/pack.yaml", &format!("{HEAD}{PROFILES}")),
        ("pack/T-01.yaml", &text),
    ])
}

const LENGTH: &str = "\
parameters:
  least:
    value: 9
    profiles: { core: 2 }
    description: Letters of a name.
";

fn named(more: &[&str]) -> String {
    let lines: Vec<&str> = [&["profile: core", "at: name"], more].concat();
    each("name-too-short", "vendor", "vendor.name.size() >= params.least", "{{ vendor.id }} is short", &lines)
}

#[test]
fn a_parameter_has_its_value_of_the_profile_in_use() {
    let repo = repo(LENGTH, &named(&[]));
    let core = audit_with(&repo, &[]);
    assert_eq!(core.satisfied("name-too-short"), ["V-1"]);
    let full = audit_with(&repo, &["--profile", "full"]);
    assert_eq!(full.ids("name-too-short", "gap"), ["V-1"]);
}

#[test]
fn the_configuration_goes_before_the_value_of_a_profile() {
    let repo = repo(LENGTH, &named(&[]));
    repo.write("duly.yaml", "packs: [pack]\nprofile: core\nparameters:\n  T-01: { least: 7 }\n");
    assert_eq!(audit_with(&repo, &[]).ids("name-too-short", "gap"), ["V-1"]);
}

#[test]
fn what_is_not_recorded_is_left_out_in_one_profile_and_a_gap_in_the_other() {
    let more =
        ["missing: gap", "missing_in: { core: not-applicable }", "absent: \"{{ vendor.id }} has no name\""];
    let repo = repo(LENGTH, &named(&more));
    let core = audit_with(&repo, &[]);
    assert_eq!(core.findings().len(), 0);
    assert_eq!(core.check("name-too-short")["counts"]["not_applicable"], 1);
    let full = audit_with(&repo, &["--profile", "full"]);
    assert_eq!(full.ids("name-too-short", "gap"), ["V-1", "V-2"]);
    let messages: Vec<&str> = full.of("name-too-short").iter().map(|f| word(&f["message"])).collect();
    assert_eq!(messages, ["V-1 is short", "V-2 has no name"]);
}

#[test]
fn a_group_is_without_the_records_whose_key_is_left_out() {
    let more = ["profile: core", "missing_in: { core: not-applicable }", "group_by: vendor.name"];
    let repo = repo("", &each("one-name", "vendor", "group.size() < 2", "{{ ids }}", &more));
    let core = audit_with(&repo, &[]);
    assert_eq!((core.findings().len(), core.satisfied("one-name")), (0, vec!["V-1"]));
    let full = audit_with(&repo, &["--profile", "full"]);
    assert_eq!(full.ids("one-name", "not-assessed"), ["V-1", "V-2"]);
}

#[test]
fn a_kind_without_records_is_left_out_only_where_the_profile_says_so() {
    let more = ["profile: core", "missing_in: { core: not-applicable }"];
    let repo = repo("", &each("login-failed", "login", "login.result == 'success'", "m", &more));
    let outcome = |profile: &str| {
        let audit = audit_with(&repo, &["--profile", profile]);
        word(&audit.check("login-failed")["outcome"]).to_owned()
    };
    assert_eq!((outcome("core").as_str(), outcome("full").as_str()), ("not-applicable", "not-assessed"));
}

#[test]
fn mistakes_about_profiles_are_refused_where_they_stand() {
    for (parameters, more, message) in [
        (LENGTH, "missing_in: { cor: not-applicable }", "the pack has no profile `cor`"),
        (&LENGTH.replace("core: 2", "cor: 2"), "missing: gap", "the pack has no profile `cor`"),
        (&LENGTH.replace("core: 2", "core: two"), "missing: gap", "value of another type"),
    ] {
        let repo = repo(parameters, &named(&[more]));
        let output = duly(&repo, &["audit", ".", "--as-of", AS_OF, "--pack", "pack"]);
        assert_eq!(output.status, 2, "{}", output.stderr);
        says(&output.stderr, &[message, "pack/T-01.yaml:"]);
    }
}

#[test]
fn a_change_of_the_profile_hides_no_gap_of_its_own_in_any_report() {
    let checks = format!(
        "{}{}",
        each("vendor-without-status", "vendor", "has(vendor.status)", "m", &["profile: core", "at: status"]),
        each(
            "vendor-not-active",
            "vendor",
            "vendor.status == 'active'",
            "{{ vendor.id }} is ended",
            &["at: status"]
        ),
    );
    let text = measure("T-01", "high", &checks);
    let history = History::with(&[
        ("v.yaml", RECORDS),
        ("duly.yaml", "packs: [pack]\nprofile: full\n"),
        ("pack/pack.yaml", &format!("{HEAD}{PROFILES}")),
        ("pack/T-01.yaml", &text),
    ]);
    history.write("duly.yaml", "packs: [pack]\nprofile: core\n");
    history.write("v.yaml", &RECORDS.replacen("active", "ended", 1));
    let args = ["audit", ".", "--as-of", AS_OF, "--base", "HEAD", "--report", "terminal"];
    let terminal = Call::new(history.repo.root()).args(args).run();
    assert_eq!(terminal.status, 1, "{}", terminal.stdout);
    let changed = "This change asks the checks of the profile core of `tiny`, not those of full (duly.yaml:2:1). Under \
                   the base's rule, 1 gap is new or worse and counts here.";
    says(&flat(&terminal.stdout), &[changed]);
    for (format, text) in reports(&history.repo, &["--base", "HEAD"]).texts {
        // The plan is one of checks, not of records.
        let shown = if format == "plan-csv" { "vendor-not-active" } else { "V-1 is ended" };
        assert!(text.contains(shown), "{format}:\n{text}");
    }
}

/// What happened before the document, or before the organisation adopted its measures, can not be mended any more.
#[test]
fn what_happened_before_the_day_from_which_a_profile_asks_is_counted_and_not_asked() {
    let more = ["profile: core", "since_in: { core: shipment.shipped_on }", "missing: gap"];
    let repo =
        repo("", &each("unsigned", "shipment", "shipment.signature == 'adult'", "{{ shipment.id }}", &more));
    repo.write("pack/pack.yaml", since_2023());
    let parcel = |id: &str, shipped_on: &str, more: &str| {
        format!("- {{ kind: shipment, id: {id}{shipped_on}, signature: {more} }}\n")
    };
    let parcels = [
        parcel("S-old", ", shipped_on: 2021-03-01", "none"),
        parcel("S-early", ", shipped_on: 2024-02-01", "none"),
        parcel("S-late", ", shipped_on: 2025-02-01", "none"),
        parcel("S-signed", ", shipped_on: 2021-03-01", "adult"),
        // Of unknown day, and dated after the audit.
        parcel("S-undated", "", "none"),
        parcel("S-ahead", ", shipped_on: 2027-01-01", "none"),
    ];
    repo.write("s.yaml", parcels.concat());
    let gaps = |profile: &str| {
        let audit = audit_with(&repo, &["--profile", profile]);
        let ids = audit.ids("unsigned", "gap").into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(audit.satisfied("unsigned"), ["S-signed"]);
        (ids.join(" "), audit.check("unsigned")["counts"]["before"].as_u64(), audit.text)
    };
    let (ids, before, text) = gaps("core");
    assert_eq!((ids.as_str(), before), ("S-ahead S-early S-late S-undated", Some(1)));
    says(&flat(&text), &["and about what happened before 2023-10-18 (1 result)"]);
    let adopted = |day: &str| {
        repo.write("o.yaml", format!("{{ kind: organization, id: acme, adopted_on: {day} }}\n"));
    };
    adopted("2025-01-01");
    let (ids, before, text) = gaps("core");
    assert_eq!((ids.as_str(), before), ("S-ahead S-late S-undated", Some(2)));
    says(&flat(&text), &["and about what happened before 2025-01-01 (2 results)"]);
    let (ids, before, _) = gaps("full");
    assert_eq!((ids.as_str(), before), ("S-ahead S-early S-late S-old S-undated", None));
    // A day before the document, after the audit, or that is none, moves nothing.
    for day in ["2020-01-01", "2027-01-01", "soon"] {
        adopted(day);
        assert_eq!(gaps("core").1, Some(1), "{day}");
    }
}

/// A change that moves the day hides no gap: what was asked and is not any more is lost assurance.
#[test]
fn a_later_day_of_adoption_is_lost_assurance() {
    let more = ["profile: core", "since_in: { core: shipment.shipped_on }"];
    let checks = each("unsigned", "shipment", "shipment.signature == 'adult'", "{{ shipment.id }}", &more);
    let history = History::with(&[
        ("s.yaml", PARCELS),
        ("o.yaml", "{ kind: organization, id: acme }\n"),
        ("pack/pack.yaml", &since_2023()),
        ("pack/T-01.yaml", &measure("T-01", "high", &checks)),
    ]);
    history.write("o.yaml", "{ kind: organization, id: acme, adopted_on: 2025-01-01 }\n");
    let args = ["audit", ".", "--as-of", AS_OF, "--pack", "pack", "--base", "HEAD", "--report", "terminal"];
    let output = Call::new(history.repo.root()).args(args).run();
    assert_eq!(output.status, 1, "{}", output.stdout);
    says(
        &flat(&output.stdout),
        &["Assurance lost", "shipment S-1: out of scope, with 1 check result of the base"],
    );
}

const PARCELS: &str = "\
{ kind: shipment, id: S-1, shipped_on: 2024-02-01, signature: none }
---
{ kind: shipment, id: S-2, shipped_on: 2026-02-01, signature: adult }
";

fn since_2023() -> String {
    format!("{HEAD}{PROFILES}").replace("dated_on: 2026-01-01", "dated_on: 2023-10-18")
}

/// A day that a change moves hides nothing that the same change brings: what is new is judged by the base's day, too.
#[test]
fn a_change_does_not_move_the_day_over_its_own_gaps() {
    let more = ["profile: core", "since_in: { core: shipment.shipped_on }"];
    let checks = each("unsigned", "shipment", "shipment.signature == 'adult'", "{{ shipment.id }}", &more);
    let signed = "{ kind: shipment, id: S-2, shipped_on: 2026-02-01, signature: adult }\n";
    let history = History::with(&[
        ("s.yaml", signed),
        ("o.yaml", "{ kind: organization, id: acme, name: Acme }\n"),
        ("pack/pack.yaml", &since_2023()),
        ("pack/T-01.yaml", &measure("T-01", "high", &checks)),
    ]);
    history.write("o.yaml", "{ kind: organization, id: acme, name: Acme, adopted_on: 2026-06-30 }\n");
    history.write(
        "s.yaml",
        &format!("{signed}---\n{{ kind: shipment, id: S-9, shipped_on: 2026-06-20, signature: none }}\n"),
    );
    let args = ["audit", ".", "--as-of", AS_OF, "--pack", "pack", "--base", "HEAD", "--report", "terminal"];
    let output = Call::new(history.repo.root()).args(args).run();
    assert_eq!(output.status, 1, "{}", output.stdout);
    let told = "This change states that the measures were adopted on 2026-06-30 (o.yaml:1:57). Under the base's rule, 1 gap \
                is new or worse and counts here.";
    says(&flat(&output.stdout), &[told, "S-9"]);
}
