//! What a change can do to its own judgement: evasions planted in a change on `clean-harbor`. Each row of the table in
//! `docs/gate.md` is one of these tests.

use super::history::History;
use super::support::{Call, Output, Repo};

const AS_OF: &str = "2026-06-30";

/// `clean-harbor` with its commit.
fn harbor() -> History {
    let history = History::new();
    history.repo.copy_example("clean-harbor");
    history.commit("base", 0);
    history
}

fn edit(history: &History, path: &str, from: &str, to: &str) {
    let text = history.repo.text(path);
    assert!(text.contains(from), "{path} has no {from}");
    history.write(path, &text.replacen(from, to, 1));
}

/// A parcel without a signature: a critical gap.
fn unsigned_parcel(history: &History) {
    edit(history, "shipments/2026.yaml", "signature: direct", "signature: none");
}

fn compared_with(history: &History, more: &[&str]) -> Output {
    let args = ["audit", ".", "--as-of", AS_OF, "--base", "HEAD"];
    Call::new(history.repo.root()).args(args.iter().chain(more)).run()
}

/// The exit status, and every word that the report must have, whatever lines it is broken into.
#[track_caller]
fn says(output: &Output, status: i32, words: &[&str]) {
    let text = output.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status, status, "{}{}", output.stdout, output.stderr);
    for words in words {
        assert!(text.contains(words), "no `{words}` in\n{}", output.stdout);
    }
}

#[test]
fn an_honest_change_passes() {
    let history = harbor();
    edit(&history, "duly.yaml", "# Configuration of duly", "# The configuration of duly");
    edit(&history, "shipments/2026.yaml", "# ", "#  ");
    let output = compared_with(&history, &[]);
    says(&output, 0, &["0 new"]);
    assert!(!output.stdout.contains("Rules changed") && !output.stdout.contains("Assurance lost"));
}

#[test]
fn a_gap_beside_a_looser_parameter_counts() {
    let history = harbor();
    unsigned_parcel(&history);
    let looser = "parameters:\n  DD-09: { strong_signatures: [adult, direct, none] }\n";
    edit(&history, "duly.yaml", "parameters:\n", looser);
    let words = [
        "Rules changed",
        "This change sets DD-09 `strong_signatures` to [\"adult\",\"direct\",\"none\"], from [\"adult\",\"direct\"] (duly.yaml:",
        "Under the base's rule, 1 gap is new or worse and counts here",
        "by the rules of `HEAD`",
    ];
    says(&compared_with(&history, &[]), 1, &words);
}

#[test]
fn a_gap_below_a_raised_threshold_counts() {
    let history = harbor();
    let path = "workers/contractors.yaml";
    let text = history.repo.text(path);
    let evidence = text.lines().find(|line| line.starts_with("  verification_document:")).expect("a line");
    edit(&history, path, &format!("{evidence}\n"), "");
    edit(&history, "duly.yaml", "fail_on: low", "fail_on: critical");
    let words = [
        "raises `fail_on` from low to critical (duly.yaml:4:1). Under the base's rule, 1 gap is new or worse",
    ];
    says(&compared_with(&history, &[]), 1, &words);
}

#[test]
fn a_gap_in_a_file_that_the_change_ignores_counts() {
    let history = harbor();
    unsigned_parcel(&history);
    let ignore = "ignore:\n  - { files: [\"shipments/2026.yaml\"], reason: moved }\n";
    edit(&history, "duly.yaml", "ignore:\n", ignore);
    let words = ["adds the ignore rule for `shipments/2026.yaml`", "1 gap is new or worse and counts here"];
    says(&compared_with(&history, &[]), 1, &words);
}

#[test]
fn a_gap_in_a_file_that_no_source_takes_any_more_counts() {
    let history = harbor();
    unsigned_parcel(&history);
    edit(&history, "duly.yaml", "\"shipments/*.yaml\"", "\"shipments/202[45].yaml\"");
    let words = ["removes the source pattern `shipments/*.yaml`", "1 gap is new or worse and counts here"];
    says(&compared_with(&history, &[]), 1, &words);
}

#[test]
fn a_gap_under_a_weakened_copy_of_the_pack_counts() {
    let history = harbor();
    unsigned_parcel(&history);
    let policies = crate::repository::root().join("policies/fbi-i-101823-psa");
    for entry in std::fs::read_dir(policies).expect("the pack") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let name = path.file_name().expect("a name").to_string_lossy();
            let text = std::fs::read_to_string(&path).expect("a policy");
            history.write(
                &format!("pack/{name}"),
                &text.replace("value: [adult, direct]", "value: [adult, direct, none]"),
            );
        }
    }
    edit(&history, "duly.yaml", "sources:\n", "packs: [pack]\nsources:\n");
    let words = [
        "fbi-i-101823-psa 1.0.0, modified (SHA-256 ",
        "edits the pack `fbi-i-101823-psa` 1.0.0 and keeps its version",
        "1 gap is new or worse and counts here",
    ];
    says(&compared_with(&history, &[]), 1, &words);
}

#[test]
fn a_pack_of_less_hides_nothing() {
    let history = harbor();
    unsigned_parcel(&history);
    let check = super::packs::each("small", "vendor", "has(vendor.name)", "it has no name", &[]);
    history.write("pack/pack.yaml", super::packs::HEAD);
    history.write("pack/T-01.yaml", &super::packs::measure("T-01", "low", &check));
    edit(&history, "duly.yaml", "sources:\n", "packs: [pack]\nsources:\n");
    // The parameters are those of another pack.
    let text = history.repo.text("duly.yaml");
    let (head, rest) = text.split_once("parameters:\n").expect("parameters");
    let (_, lists) = rest.split_once("reference:\n").expect("lists");
    // So is the profile.
    let head = head.replace("profile: full\n", "");
    history.write("duly.yaml", &format!("{head}reference:\n{lists}"));
    let words = ["removes the pack `fbi-i-101823-psa` 1.0.0", "1 gap is new or worse and counts here"];
    says(&compared_with(&history, &[]), 1, &words);
}

#[test]
fn records_that_are_deleted_are_lost() {
    let history = harbor();
    history.remove("shipments/2026.yaml");
    let words = [
        "Assurance lost",
        "shipment SHP-2026-01, shipment SHP-2026-02, shipment SHP-2026-03, shipment SHP-2026-04: removed, with 192 check results of the base",
        "This counts for the exit status",
        "losses of assurance (exit status 1)",
    ];
    says(&compared_with(&history, &[]), 1, &words);
    says(&compared_with(&history, &["-q"]), 1, &words);
    let allowed = ["because of --allow-lost", "allowed by --allow-lost"];
    says(&compared_with(&history, &["--allow-lost"]), 0, &allowed);
}

#[test]
fn records_in_a_renamed_file_are_lost() {
    let history = harbor();
    history.rename("shipments/2026.yaml", "shipments/2026.yaml.txt");
    says(&compared_with(&history, &[]), 1, &["Assurance lost", "shipment SHP-2026-01"]);
}

#[test]
fn records_that_are_moved_with_their_source_are_not_lost() {
    let history = harbor();
    for year in ["2024", "2025", "2026"] {
        history.rename(&format!("shipments/{year}.yaml"), &format!("parcels/{year}.yaml"));
    }
    edit(&history, "duly.yaml", "\"shipments/*.yaml\"", "\"parcels/*.yaml\"");
    let output = compared_with(&history, &[]);
    says(&output, 0, &["adds the source pattern `parcels/*.yaml`", "It hides no gap of this change"]);
    assert!(!output.stdout.contains("Assurance lost"), "{}", output.stdout);
}

#[test]
fn a_status_that_takes_a_record_out_of_scope_loses_it() {
    let history = harbor();
    edit(&history, "shipments/2026.yaml", "status: delivered", "status: cancelled");
    says(&compared_with(&history, &[]), 1, &["Assurance lost", ": out of scope, with"]);
}

#[test]
fn a_field_that_is_taken_out_loses_what_rested_on_it() {
    let history = harbor();
    edit(&history, "devices/linux-chromeos.yaml", "  location_enabled: true\n", "");
    says(&compared_with(&history, &[]), 1, &["Assurance lost", "no longer assessed"]);
}

#[test]
fn rules_that_are_deleted_are_lost() {
    let history = harbor();
    history.remove("rules/access.yaml");
    let words = ["access-rules RULES-ACCESS: removed", "DD-08/admin-restriction-not-in-force, DD-08/"];
    says(&compared_with(&history, &[]), 1, &words);
}

#[test]
fn a_measure_that_is_declared_not_to_apply_is_lost() {
    let check = super::packs::each("small", "vendor", "has(vendor.name)", "it has no name", &[]);
    let applicable =
        "applicable:\n  when: organization.engages.staffing_vendors\n  otherwise: there is none\nchecks:";
    let measure = super::packs::measure("T-01", "low", &check).replace("checks:", applicable);
    let history = History::with(&[
        ("pack/pack.yaml", super::packs::HEAD),
        ("pack/T-01.yaml", &measure),
        ("duly.yaml", "packs: [pack]\n"),
        ("o.yaml", "{ kind: organization, id: O, engages: { staffing_vendors: true } }"),
        ("v.yaml", "{ kind: vendor, id: V-1, name: A }\n---\n{ kind: vendor, id: V-2 }"),
    ]);
    edit(&history, "o.yaml", "true", "false");
    let words = ["vendor V-1, vendor V-2: out of scope, with 2 check results of the base"];
    let output = compared_with(&history, &[]);
    // Nothing is assessed at all then.
    says(&output, 3, &words);
}

#[test]
fn a_record_under_another_id_is_lost() {
    let history = harbor();
    edit(&history, "shipments/2026.yaml", "id: SHP-2026-02", "id: SHP-2026-99");
    says(&compared_with(&history, &[]), 1, &["shipment SHP-2026-02: removed"]);
}

#[test]
fn a_list_that_is_edited_is_told() {
    let history = harbor();
    history.write("lists/commercial-vpn.txt", "192.0.2.0/32\n");
    let output = compared_with(&history, &[]);
    assert!(output.stdout.contains("edits the reference list `commercial-vpn`"), "{}", output.stdout);
}

#[test]
fn a_gap_that_the_change_adds_to_the_baseline_counts() {
    let history = harbor();
    unsigned_parcel(&history);
    let write = Call::new(history.repo.root()).args(["baseline", "write", ".", "--as-of", AS_OF]).run();
    assert_eq!(write.status, 0, "{}", write.stderr);
    says(&compared_with(&history, &[]), 1, &["added to the baseline by this change"]);
}

#[test]
fn without_its_configuration_a_gap_counts_all_the_same() {
    let history = harbor();
    unsigned_parcel(&history);
    history.remove("duly.yaml");
    let output = compared_with(&history, &[]);
    assert!([1, 3].contains(&output.status), "{}", output.stdout);
}

#[test]
fn records_that_cannot_be_read_any_more_leave_the_audit_incomplete() {
    let history = harbor();
    edit(&history, "shipments/2026.yaml", "- kind: shipment", "- kind: [shipment");
    says(&compared_with(&history, &[]), 3, &["Assurance lost"]);
    let twice = harbor();
    let text = twice.repo.text("shipments/2026.yaml");
    twice.write("shipments/2027.yaml", &text);
    says(&compared_with(&twice, &[]), 3, &["Assurance lost", "no longer assessed"]);
    let reader = harbor();
    edit(&reader, "duly.yaml", "\"shipments/*.yaml\", ", "");
    let source = "sources:\n  - { name: parcels, files: [\"shipments/*.yaml\"], reader: json-lines }\n";
    edit(&reader, "duly.yaml", "sources:\n", source);
    says(&compared_with(&reader, &[]), 3, &["adds the source pattern `shipments/*.yaml (json-lines)`"]);
}

#[test]
fn what_the_change_cannot_read_and_the_base_would_is_told() {
    let history = harbor();
    history.write("shipments/2027.yaml", "- kind: [shipment\n");
    let ignore = "ignore:\n  - { files: [\"shipments/2027.yaml\"], reason: draft }\n";
    edit(&history, "duly.yaml", "ignore:\n", ignore);
    says(&compared_with(&history, &[]), 3, &["by the rules of `HEAD`:"]);
}

/// An entry of duly-losses.yaml for a parcel.
fn losses(approved_by: &str, approved_on: &str) -> String {
    format!(
        "version: 1
losses:
  - kind: shipment
    id: SHP-2026-02
    reason: entered twice, the other record stays
    approved_by: {approved_by}
    approved_on: {approved_on}
"
    )
}

#[test]
fn a_loss_that_somebody_accepted_does_not_count() {
    let history = harbor();
    edit(&history, "shipments/2026.yaml", "id: SHP-2026-02", "id: SHP-2026-99");
    history.write("duly-losses.yaml", &losses("Dana Ruiz", "2026-06-29"));
    let output = compared_with(&history, &[]);
    let words = [
        "Losses accepted",
        "shipment SHP-2026-02 was removed: entered twice, the other record stays; approved by Dana Ruiz on 2026-06-29 (duly-losses.yaml:3:5)",
    ];
    says(&output, output.status, &words);
    assert!(!output.stdout.contains("shipment SHP-2026-02: removed"), "{}", output.stdout);
}

#[test]
fn an_acceptance_that_something_contradicts_accepts_nothing() {
    let lost = |text: &str| {
        let history = harbor();
        edit(&history, "shipments/2026.yaml", "id: SHP-2026-02", "id: SHP-2026-99");
        history.write("duly-losses.yaml", text);
        compared_with(&history, &[])
    };
    let words = |why: &'static str| ["shipment SHP-2026-02: removed", "loss-contradicted", why];
    says(&lost(&losses("Dana Ruiz", "2026-07-01")), 1, &words("after the date of the audit"));
    says(&lost(&losses("SHP-2026-02", "2026-06-29")), 1, &words("the record approves it itself"));
    says(&lost(&losses("Dana Ruiz", "2024-01-01")), 1, &words("has a day after that"));
    let early = harbor();
    early.write("duly-losses.yaml", &losses("Dana Ruiz", "2026-06-29"));
    early.commit("an entry before its time", 1);
    edit(&early, "shipments/2026.yaml", "id: SHP-2026-02", "id: SHP-2026-99");
    says(&compared_with(&early, &[]), 1, &words("the base has this entry and the record"));
}

#[test]
fn an_acceptance_of_nothing_is_told() {
    let history = harbor();
    history.write("duly-losses.yaml", &losses("Dana Ruiz", "2026-06-29"));
    says(&compared_with(&history, &[]), 0, &["nothing is lost of it"]);
}

#[test]
fn every_format_says_which_rules_were_changed_and_what_was_lost() {
    let history = harbor();
    unsigned_parcel(&history);
    history.remove("shipments/2025.yaml");
    let looser = "parameters:\n  DD-09: { strong_signatures: [adult, direct, none] }\n";
    edit(&history, "duly.yaml", "parameters:\n", looser);
    let out = Repo::new();
    for format in [
        "terminal",
        "markdown",
        "csv",
        "github",
        "gitlab",
        "junit",
        "junit-gitlab",
        "sarif",
        "sarif-full",
        "html",
        "json",
        "pull-request",
        "github-summary",
    ] {
        let report = format!("{format}={}", out.path(format).to_string_lossy());
        let output = compared_with(&history, &["--report", &report]);
        assert_ne!(output.status, 0, "{format}: {}", output.stderr);
        let text = out.text(format);
        assert!(text.contains("strong_signatures"), "{format} does not say which rule was changed");
        assert!(text.contains("SHP-2025-01"), "{format} does not say what was lost");
    }
}

#[test]
fn a_pack_that_the_change_brings_is_no_file_of_records() {
    let check = super::packs::each("small", "vendor", "has(vendor.name)", "it has no name", &[]);
    let history = History::with(&[("v.yaml", "{ kind: vendor, id: V-1, name: A }")]);
    history.write("pack/pack.yaml", super::packs::HEAD);
    history.write("pack/T-01.yaml", &super::packs::measure("T-01", "low", &check));
    history.write("duly.yaml", "packs: [pack]\n");
    let output = compared_with(&history, &[]);
    assert!(!output.stdout.contains("by the rules of"), "{}", output.stdout);
    assert_ne!(output.status, 3, "{}", output.stdout);
}

#[test]
fn a_file_that_the_change_ignores_is_lost_without_any_gap() {
    let history = harbor();
    let ignore = "ignore:\n  - { files: [\"shipments/2026.yaml\"], reason: moved }\n";
    edit(&history, "duly.yaml", "ignore:\n", ignore);
    let words = [
        "Assurance lost",
        "shipment SHP-2026-01, shipment SHP-2026-02",
        "no longer read, with 192 check results",
    ];
    says(&compared_with(&history, &[]), 1, &words);
}

#[test]
fn a_check_that_the_pack_does_not_ask_any_more_is_lost() {
    let check = |id| super::packs::each(id, "vendor", "has(vendor.name)", "it has no name", &[]);
    let both = super::packs::measure("T-01", "low", &(check("one") + &check("two")));
    let history = History::with(&[
        ("pack/pack.yaml", super::packs::HEAD),
        ("pack/T-01.yaml", &both),
        ("duly.yaml", "packs: [pack]\nsources: [{ name: all, files: [v.yaml] }]\n"),
        ("v.yaml", "{ kind: vendor, id: V-1, name: A }"),
    ]);
    history.write("pack/T-01.yaml", &super::packs::measure("T-01", "low", &check("one")));
    let words =
        ["edits the pack `tiny` 1.0.0", "vendor V-1: no longer checked, with 1 check result of the base"];
    says(&compared_with(&history, &[]), 1, &words);
}

#[test]
fn patterns_in_any_case_are_not_those_of_one_case() {
    let history = History::new();
    history.repo.copy_example("clean-harbor");
    history.remove("duly.yaml");
    history.commit("base", 0);
    let parcel = history.repo.text("shipments/2026.yaml").replace("SHP-2026-", "SHP-2027-");
    history.write("shipments/new.YAML", &parcel.replacen("signature: direct", "signature: none", 1));
    let without = compared_with(&history, &[]).stdout.contains("SHP-2027");
    let sources = "sources: [{ name: records, files: [\"**/*.yaml\", \"**/*.yml\", \"**/*.json\"] }]\n";
    history.write("duly.yaml", sources);
    let output = compared_with(&history, &[]);
    assert!(
        without && output.stdout.contains("removes the source pattern `**/*.yaml, in any case`"),
        "{}",
        output.stdout
    );
    assert!(
        [1, 3].contains(&output.status) && output.stdout.contains("by the rules of `HEAD`"),
        "{}",
        output.stdout
    );
}

#[test]
fn a_folder_with_the_name_of_a_pack_of_the_binary_is_read() {
    let history = History::with(&[("v.yaml", "{ kind: vendor, id: V-1 }")]);
    history.write("fbi-i-101823-psa/w.yaml", "{ kind: worker, id: W-1 }");
    assert!(compared_with(&history, &[]).stdout.contains("W-1"));
}

#[test]
fn what_the_change_reads_otherwise_and_the_base_cannot_read_is_told() {
    // Links, references and duplicates that an ignore rule would hide.
    let history = harbor();
    history.write(
        "access/new.yaml",
        &history.repo.text("access/grants.yaml").lines().take(1).collect::<String>(),
    );
    let text = history.repo.text("shipments/2026.yaml");
    history.write("shipments/0.yaml", &text.replacen("signature: direct", "signature: none", 1));
    let ignore = "ignore:\n  - { files: [\"shipments/0.yaml\"], reason: draft }\n";
    edit(&history, "duly.yaml", "ignore:\n", ignore);
    says(&compared_with(&history, &[]), 3, &["by the rules of `HEAD`:"]);
}

#[test]
fn an_expression_behind_an_alias_is_compared_by_what_it_says() {
    let check = super::packs::each("one", "vendor", "RULE", "it has no name", &[]);
    let measure = super::packs::measure("T-01", "low", &check);
    let measure = measure.replace("require: >-\n      RULE", "require: *rule");
    let strict = measure.replace("rationale: It is a test.", "rationale: &rule \"vendor.name == 'A'\"");
    let history = History::with(&[
        ("pack/pack.yaml", super::packs::HEAD),
        ("pack/T-01.yaml", &strict),
        ("duly.yaml", "packs: [pack]\nsources: [{ name: all, files: [v.yaml] }]\n"),
        ("v.yaml", "{ kind: vendor, id: V-1, name: A }"),
    ]);
    history.write("pack/T-01.yaml", &strict.replace("\"vendor", "\"true || vendor"));
    history.write("v.yaml", "{ kind: vendor, id: V-1, name: B }");
    says(&compared_with(&history, &[]), 1, &["Under the base's rule, 1 gap is new or worse and counts here"]);
}

#[test]
fn what_follows_from_an_accepted_loss_is_accepted() {
    let history = harbor();
    let path = "workers/contractors.yaml";
    let text = history.repo.text(path);
    let at = text.find("id: W-2003").expect("the worker");
    let (head, worker) = text.split_at(at);
    history.write(path, &format!("{head}{}", worker.replacen("status: active", "status: ended", 1)));
    let ended = compared_with(&history, &[]);
    says(&ended, 1, &["login LOG-0603-2003, login LOG-0617-2003", "out of scope"]);
    let entry =
        losses("Dana Ruiz", "2026-06-30").replace("shipment", "worker").replace("SHP-2026-02", "W-2003");
    history.write("duly-losses.yaml", &entry);
    let accepted = compared_with(&history, &[]);
    says(
        &accepted,
        1,
        &[
            "Losses accepted",
            "worker W-2003 is out of scope: entered twice",
            "login LOG-0603-2003 is out of scope",
        ],
    );
    assert!(!accepted.stdout.contains("Assurance lost"), "{}", accepted.stdout);
}
