//! What people decide, end to end: attestations, waivers, statements and plan items, each that counts and each that
//! does not.

use serde_json::Value;

use super::history::History;
use super::packs::{HEAD, each, measure};
use super::support::{AS_OF, Audit, Call, Output, Repo, at, audit, audit_with, flat, items, says, word};
use crate::repository::root;

const CONFIG: &str = "\
packs: [pack]
sources:
  - { name: records, files: [\"records/**/*.yaml\", \"decisions/**/*.yaml\"] }
ignore:
  - { files: [\"pack/**\"], reason: policies }
owners: { buying: \"Buying (Ira Novak)\" }
waivers:
  approvers: [chief-executive, buying, Ira Novak, W-1]
  max_days: 100
";

/// A check on vendors, one on workers, one on observations, and one that a person answers.
fn checks() -> String {
    let vendor = each(
        "vendor-not-active",
        "vendor",
        "vendor.status == 'active'",
        "vendor {{ vendor.id }} is {{ vendor.status }}",
        &["at: status"],
    );
    let worker = each(
        "worker-not-active",
        "worker",
        "worker.status == 'active'",
        "worker {{ worker.id }} is {{ worker.status }}",
        &["at: status"],
    );
    let observation = each(
        "observation-open",
        "observation",
        "observation.status == 'closed'",
        "{{ observation.id }} is open",
        &["at: status"],
    );
    let attest = "  - id: practice-not-looked-at
    title: Someone looked at the practice
    asks: [ask]
    tests: operation
    attest: Did a person look at the practice?
    valid_days: 90
";
    format!("{vendor}{worker}{observation}{attest}")
}

/// The measure of the checks, with an owner.
fn a_measure() -> String {
    measure("T-01", "high", &checks()).replace("owner: somebody", "owner: buying")
}

/// Two vendors of which one is no more active, an employee, a contractor who has left, and a document.
fn repo() -> Repo {
    let repo = Repo::with(&[
        ("duly.yaml", CONFIG),
        (
            "records/vendors.yaml",
            "- { kind: vendor, id: V-1, status: ended }\n- { kind: vendor, id: V-2, status: active }\n",
        ),
        (
            "records/workers.yaml",
            "- { kind: worker, id: W-1, name: Jane Roe, engagement: contractor, status: ended }\n\
             - { kind: worker, id: W-2, name: Mara Quinn, engagement: employee, status: active }\n",
        ),
        ("evidence/look.md", "Ten of ten were in order.\n"),
    ]);
    repo.write("pack/pack.yaml", HEAD);
    repo.write("pack/T-01.yaml", a_measure());
    repo
}

const ATTESTATION: &str = "\
kind: attestation
id: AT-1
check: T-01/practice-not-looked-at
statement: Ten of ten were in order.
attested_by: Mara Quinn
attested_on: 2026-06-01
valid_until: 2026-08-30
document: { ref: evidence/look.md }
";

/// An attestation with one line changed.
fn attested(from: &str, to: &str) -> (Repo, Audit) {
    let repo = repo();
    assert!(ATTESTATION.contains(from), "{from}");
    repo.write("decisions/attestation.yaml", ATTESTATION.replacen(from, to, 1));
    let audit = audit(&repo);
    (repo, audit)
}

#[test]
fn an_attestation_answers_its_check() {
    let (repo, audit) = attested("AT-1", "AT-1");
    let check = audit.check("practice-not-looked-at");
    assert_eq!(check["outcome"], "satisfied");
    assert_eq!(check["grade"], "attested");
    assert_eq!(check["attested"]["by"], "M. Q.", "a name is masked");
    assert_eq!(check["reason"], "attested by M. Q. on 2026-06-01, until 2026-08-30");
    assert!(at(&repo, &check["attested"]["place"]).starts_with("AT-1"));
    assert!(audit.coded("attestation-refused").is_empty());
    assert!(!audit.text.contains("Mara") && !audit.raw.contains("Mara Quinn"));
    says(
        &audit.text,
        &["Decisions", "T-01 practice-not-looked-at: attested by M. Q. on 2026-06-01, until 2026-08-30"],
    );
    for (format, words) in [
        ("html", "attested by M. Q. on 2026-06-01, until 2026-08-30"),
        ("markdown", "attested by M. Q. on 2026-06-01, until 2026-08-30"),
    ] {
        says(&report(&repo, format), &[words]);
    }
}

/// The text of a report.
fn report(repo: &Repo, format: &str) -> String {
    let args = ["audit", ".", "--as-of", AS_OF, "--report", &format!("{format}=report.out")];
    Call::new(repo.root()).args(args).run();
    let text = repo.text("report.out");
    repo.remove("report.out");
    text
}

#[test]
fn an_attestation_that_does_not_hold_is_told_and_answers_nothing() {
    let of_one = ("practice-not-looked-at", "vendor-not-active");
    for (from, to, why, place) in [
        ("2026-08-30", "2026-06-29", "because it expired on 2026-06-29", "2026-06-29"),
        (
            "2026-08-30",
            "2026-08-31",
            "because it is valid for 91 days, and the check allows 90 days",
            "2026-08-31",
        ),
        ("2026-08-30", "2026-05-31", "because it ends on 2026-05-31, before it was made", "2026-05-31"),
        (
            "2026-06-01",
            "2026-07-01",
            "because it is dated 2026-07-01, after the date of the audit",
            "2026-07-01",
        ),
        ("Mara Quinn", "Jane Roe", "is not an employee of the organisation", "Jane Roe"),
        ("Mara Quinn", "W-1", "is not an employee of the organisation", "W-1"),
        ("look.md", "gone.md", "because its document is not on file, is empty, or was changed", "{ ref:"),
        (
            of_one.0,
            "practice-not-looked",
            "there is no check `T-01/practice-not-looked`",
            "T-01/practice-not-looked",
        ),
        (of_one.0, of_one.1, "is answered by records, not by an attestation", "T-01/vendor-not-active"),
        ("T-01/", "T-02/", "there is no check `T-02/practice-not-looked-at`", "T-02/practice"),
    ] {
        let (repo, audit) = attested(from, to);
        let check = audit.check("practice-not-looked-at");
        assert_eq!(check["outcome"], "not-assessed", "{to}");
        assert_eq!(check.get("attested"), None, "{to}");
        let problem = audit.problem("attestation-refused");
        says(word(&problem["message"]), &["AT-1", why]);
        assert!(at(&repo, &problem["place"]).starts_with(place) || place == "{ ref:", "{to}: {problem}");
        assert!(!audit.raw.contains("Jane Roe"), "names stay masked");
    }
    let (_, audit) = attested("2026-08-30", "2026-06-29");
    says(
        word(&audit.check("practice-not-looked-at")["reason"]),
        &["AT-1 does not count: it expired on 2026-06-29"],
    );
    let (_, audit) = attested("document: { ref: evidence/look.md }\n", "");
    assert_eq!(audit.status, 3, "its schema asks for the document");
    says(word(&audit.problem("attestation-refused")["message"]), &["`document` is not recorded"]);
}

#[test]
fn an_expired_attestation_that_was_renewed_is_no_news() {
    let repo = repo();
    let old = ATTESTATION
        .replace("AT-1", "AT-0")
        .replace("2026-06-01", "2026-01-01")
        .replace("2026-08-30", "2026-03-30");
    repo.write("decisions/old.yaml", old).write("decisions/new.yaml", ATTESTATION);
    let audit = audit(&repo);
    assert_eq!(audit.check("practice-not-looked-at")["outcome"], "satisfied");
    assert!(audit.coded("attestation-refused").is_empty());
}

const WAIVER: &str = "\
kind: waiver
id: WV-1
type: risk-accepted
check: vendor-not-active
records: [V-1]
reason: The contract ends in August.
approver: chief-executive
approved_on: 2026-06-01
from: 2026-06-01
until: 2026-08-31
";

fn waived(from: &str, to: &str) -> (Repo, Audit) {
    let repo = repo();
    assert!(WAIVER.contains(from), "{from}");
    repo.write("decisions/waiver.yaml", WAIVER.replacen(from, to, 1));
    let audit = audit(&repo);
    (repo, audit)
}

fn disposition<'a>(audit: &'a Audit, check: &str) -> &'a str {
    match audit.of(check).as_slice() {
        [one] => word(&one["disposition"]),
        all => panic!("{} findings of {check}", all.len()),
    }
}

#[test]
fn a_waived_gap_stays_a_gap_and_does_not_open_the_gate() {
    let repo = repo();
    // The other gap would open it, too.
    repo.write(
        "records/workers.yaml",
        "- { kind: worker, id: W-2, name: Mara Quinn, engagement: employee, status: active }\n",
    );
    assert_eq!(audit(&repo).status, 1);
    repo.write("decisions/waiver.yaml", WAIVER);
    let audit = audit(&repo);
    assert_eq!(audit.status, 0);
    let [finding] = audit.of("vendor-not-active")[..] else { panic!("one finding") };
    assert_eq!((word(&finding["outcome"]), word(&finding["disposition"])), ("gap", "waived"));
    let check = audit.check("vendor-not-active");
    assert_eq!(check["outcome"], "gap");
    assert_eq!(check["reason"], "1 of 2 vendors, 1 waived");
    assert_eq!((check["counts"]["gap"].as_u64(), check["counts"]["waived"].as_u64()), (Some(0), Some(1)));
    assert_eq!(audit.json["summary"]["findings"]["gap"], 1);
    assert_eq!(audit.json["summary"]["gaps"], serde_json::json!({}));
    let waiver = &audit.json["waivers"][0];
    assert_eq!((word(&waiver["id"]), word(&waiver["type"])), ("WV-1", "risk-accepted"));
    assert_eq!(items(&waiver["findings"]), [finding["fingerprint"].clone()]);
    let told = [
        "1 gap waived",
        "(waived)",
        "WV-1 waives 1 gap of vendor-not-active until 2026-08-31: The contract ends in August.",
    ];
    says(&flat(&audit.text), &told);
    says(&report(&repo, "html"), &["WV-1", "The contract ends in August."]);
    says(&report(&repo, "markdown"), &["Waivers in force | 1", "covers 1 finding"]);
    says(&report(&repo, "csv"), &["WV-1"]);
    says(&report(&repo, "junit"), &["waived until 2026-08-31 (WV-1)"]);
    says(&report(&repo, "sarif-full"), &["The contract ends in August."]);
}

#[test]
fn a_waiver_that_does_not_hold_is_told_and_leaves_the_gap_open() {
    for (from, to, why, place) in [
        ("2026-08-31", "2026-06-29", "because it expired on 2026-06-29", "2026-06-29"),
        (
            "from: 2026-06-01",
            "from: 2026-07-01",
            "because it is not in force before 2026-07-01",
            "2026-07-01",
        ),
        (
            "from: 2026-06-01",
            "from: 2026-05-31",
            "because it begins on 2026-05-31, before it was approved",
            "2026-05-31",
        ),
        ("approved_on: 2026-06-01", "approved_on: 2026-07-01", "after the date of the audit", "2026-07-01"),
        ("2026-08-31", "2026-05-31", "because it ends on 2026-05-31, before it begins", "2026-05-31"),
        (
            "2026-08-31",
            "2026-09-10",
            "because it lasts 101 days, and `duly.yaml` allows 100 days",
            "2026-09-10",
        ),
        ("[V-1]", "['*']", "because it is too broad: `*` would cover every record", ""),
        ("records: [V-1]\n", "", "because it is too broad: it lists no record and no finding", "WV-1"),
        ("chief-executive", "buyer", "because its approver is not listed in `duly.yaml`", "buyer"),
        ("chief-executive", "buying", "because its approver is the owner of T-01", "buying"),
        ("chief-executive", "Ira Novak", "because its approver is the owner of T-01", "Ira Novak"),
        (
            "risk-accepted",
            "compensating-control",
            "because it names no compensating control",
            "compensating-control",
        ),
        ("vendor-not-active", "vendor-not-activ", "there is no check `vendor-not-activ`", "vendor-not-activ"),
    ] {
        let (repo, audit) = waived(from, to);
        assert_eq!(audit.status, 1, "{to}");
        assert_eq!(disposition(&audit, "vendor-not-active"), "open", "{to}");
        let problem = audit.problem("waiver-refused");
        says(word(&problem["message"]), &["WV-1: the waiver does not count", why]);
        assert!(at(&repo, &problem["place"]).starts_with(place), "{to}: {problem}");
        let waiver = &audit.json["waivers"][0];
        assert!(items(&waiver["findings"]).is_empty() && !word(&waiver["refused"]).is_empty(), "{waiver}");
        says(&report(&repo, "markdown"), &["Waivers in force | 0", "does not count: "]);
    }
    let (_, audit) = waived("until: 2026-08-31\n", "");
    assert_eq!((audit.status, disposition(&audit, "vendor-not-active")), (3, "open"));
    says(word(&audit.problem("waiver-refused")["message"]), &["`until` is not recorded"]);
}

#[test]
fn nobody_approves_a_waiver_of_their_own_gap() {
    let repo = repo();
    let of_worker = WAIVER.replace("vendor-not-active", "worker-not-active").replace("[V-1]", "[W-1]");
    repo.write("decisions/waiver.yaml", of_worker.replace("chief-executive", "W-1"));
    let own = audit(&repo);
    assert_eq!(disposition(&own, "worker-not-active"), "open");
    says(word(&own.problem("waiver-refused")["message"]), &["its approver is the person it is about"]);
    repo.write("decisions/waiver.yaml", of_worker);
    assert_eq!(disposition(&audit(&repo), "worker-not-active"), "waived");
}

#[test]
fn a_waiver_of_nothing_and_two_of_one_gap_are_told() {
    let (_, unused) = waived("[V-1]", "[V-2]");
    assert_eq!(disposition(&unused, "vendor-not-active"), "open");
    says(word(&unused.problem("waiver-unused")["message"]), &["no gap of `vendor-not-active` is found"]);
    let (_, partly) = waived("[V-1]", "[V-1, V-2]");
    assert_eq!(disposition(&partly, "vendor-not-active"), "waived");
    says(word(&partly.problem("waiver-unused")["message"]), &["the waiver covers no gap of V-2"]);

    let repo = repo();
    repo.write("decisions/a.yaml", WAIVER).write("decisions/b.yaml", WAIVER.replace("WV-1", "WV-2"));
    let twice = audit(&repo);
    assert_eq!(disposition(&twice, "vendor-not-active"), "waived");
    let problem = twice.problem("waiver-overlap");
    says(word(&problem["message"]), &["WV-2: 1 finding of the waiver is covered by WV-1 already"]);
    assert_eq!(word(&problem["related"][0]["path"]), "decisions/a.yaml");
    let count = |i: usize| items(&twice.json["waivers"][i]["findings"]).len();
    assert_eq!((count(0), count(1)), (1, 0), "one finding has one waiver");
}

#[test]
fn a_waiver_can_name_a_finding_by_its_fingerprint() {
    let repo = repo();
    let before = audit(&repo);
    let fingerprint = word(&before.of("vendor-not-active")[0]["fingerprint"]).to_owned();
    repo.write(
        "decisions/waiver.yaml",
        WAIVER.replace("records: [V-1]", &format!("findings: [{fingerprint}]")),
    );
    assert_eq!(disposition(&audit(&repo), "vendor-not-active"), "waived");
}

/// A waiver whose condition stands instead of its list.
fn on_condition(condition: &str) -> (Repo, Audit) {
    waived("records: [V-1]", &format!("condition: \"{condition}\""))
}

#[test]
fn a_waiver_can_say_what_is_recorded_of_its_records() {
    let condition = "vendor.status == 'ended'";
    let (repo, audit) = on_condition(condition);
    assert_eq!(disposition(&audit, "vendor-not-active"), "waived");
    let waiver = &audit.json["waivers"][0];
    assert_eq!((word(&waiver["condition"]), items(&waiver["findings"]).len()), (condition, 1));
    says(
        &flat(&audit.text),
        &["WV-1 waives 1 gap of vendor-not-active where `vendor.status == 'ended'` until"],
    );
    says(&report(&repo, "markdown"), &["where `vendor.status == 'ended'`"]);
    says(&report(&repo, "html"), &["<td>where <code>vendor.status == "]);
    // What is not recorded meets no condition.
    let (_, unknown) = on_condition("vendor.type == 'other'");
    assert_eq!(disposition(&unknown, "vendor-not-active"), "open");
    says(word(&unknown.problem("waiver-unused")["message"]), &["of the records that meet its condition"]);
}

#[test]
fn a_condition_of_a_waiver_that_does_not_hold_is_told() {
    for (condition, why) in [
        ("1 == 1", "its condition is not an expression over a vendor: this reads nothing that is recorded"),
        ("has(vendor.id)", "it is too broad: its condition holds for all 2 records of the kind"),
        ("vendor.status != 'nothing'", "its condition is not an expression over a vendor: "),
        ("vendor.status", "its condition is not an expression over a vendor: this is text"),
        ("worker.status == 'ended'", "its condition is not an expression over a vendor: "),
        ("vendor.owner == 'buyer'", "its condition reads `owner`, which reports do not show"),
        ("related('worker', 'vendor', vendor.id).size() == 0", "its condition looks beyond the record"),
    ] {
        let (repo, audit) = on_condition(condition);
        assert_eq!(disposition(&audit, "vendor-not-active"), "open", "{condition}");
        let problem = audit.problem("waiver-refused");
        says(word(&problem["message"]), &["WV-1: the waiver does not count", why]);
        assert!(at(&repo, &problem["place"]).trim_matches('"').starts_with(condition), "{problem}");
        assert!(items(&audit.json["waivers"][0]["findings"]).is_empty(), "{condition}");
    }
    let (_, both) = waived("[V-1]", "[V-1]\ncondition: \"vendor.status == 'ended'\"");
    says(word(&both.problem("waiver-refused")["message"]), &["it has a list and a condition"]);
}

#[test]
fn a_condition_covers_no_record_that_the_change_edits() {
    let waiver = WAIVER.replace("records: [V-1]", "condition: \"vendor.status == 'ended'\"");
    let history = History::with(&[
        ("duly.yaml", CONFIG),
        ("records/vendors.yaml", "- { kind: vendor, id: V-1, status: active }\n"),
        ("pack/pack.yaml", HEAD),
        ("pack/T-01.yaml", &a_measure()),
        ("decisions/waiver.yaml", &waiver),
    ]);
    let compared = || {
        Call::new(history.repo.root()).args(["audit", ".", "--as-of", AS_OF, "--base", "HEAD", "-v"]).run()
    };
    let two = |first: &str, second: &str| {
        format!(
            "- {{ kind: vendor, id: V-1, status: {first} }}\n- {{ kind: vendor, id: V-2, status: {second} }}\n"
        )
    };
    history.write("records/vendors.yaml", &two("ended", "active"));
    let edited = compared();
    assert_eq!(edited.status, 1, "{}", edited.stdout);
    let own =
        "V-1 is ended; this change edits the record that meets the condition of the waiver, so it counts";
    let why = "the condition of a waiver covers no record that the same change edits";
    says(&flat(&edited.stdout), &[own, why]);
    // A record that the base does not know is what the condition was written for.
    history.write("records/vendors.yaml", &two("active", "ended"));
    let added = compared();
    assert_eq!(added.status, 0, "{}", added.stdout);
}

#[test]
fn a_change_does_not_make_its_own_approver() {
    let history = History::with(&[
        (
            "duly.yaml",
            &CONFIG.replace("approvers: [chief-executive, buying, Ira Novak, W-1]", "approvers: [counsel]"),
        ),
        ("records/vendors.yaml", "- { kind: vendor, id: V-1, status: active }\n"),
        ("pack/pack.yaml", HEAD),
        ("pack/T-01.yaml", &a_measure()),
    ]);
    history.write("records/vendors.yaml", "- { kind: vendor, id: V-1, status: ended }\n");
    history.write("decisions/waiver.yaml", WAIVER);
    history.write("duly.yaml", CONFIG);
    let args = ["audit", ".", "--as-of", AS_OF, "--base", "HEAD"];
    let compared = || Call::new(history.repo.root()).args(args).run();
    let own = compared();
    assert_eq!(own.status, 1, "{}", own.stdout);
    let refused = "its approver is not listed in `duly.yaml` of the state that is compared with";
    let changes = "changes `waivers: approvers`; a waiver counts only where both allow it";
    says(
        &flat(&Call::new(history.repo.root()).args(args).args(["--verbose"]).run().stdout),
        &[refused, changes],
    );
    // One whom both list, of a gap that the same change brings.
    history.write("duly.yaml", &CONFIG.replace("[chief-executive,", "[chief-executive, counsel,"));
    history.write("decisions/waiver.yaml", &WAIVER.replace("chief-executive", "counsel"));
    let listed = Call::new(history.repo.root()).args(args).args(["--verbose"]).run();
    assert_eq!(listed.status, 1, "{}", listed.stdout);
    let own = "V-1 is ended; the waiver is of this change, too, so it counts";
    let why =
        "1 gap that this change brings is not waived: a waiver covers what is new or worse only if the base";
    says(&flat(&listed.stdout), &[own, why]);
    // The gap was there, or the waiver was: it counts.
    for (file, text) in [
        ("records/vendors.yaml", "- { kind: vendor, id: V-1, status: ended }\n".to_owned()),
        ("decisions/waiver.yaml", WAIVER.replace("chief-executive", "counsel")),
    ] {
        let history = History::with(&[
            ("duly.yaml", &CONFIG.replace("[chief-executive,", "[chief-executive, counsel,")),
            ("records/vendors.yaml", "- { kind: vendor, id: V-1, status: active }\n"),
            ("pack/pack.yaml", HEAD),
            ("pack/T-01.yaml", &a_measure()),
            (file, &text),
        ]);
        history.write("records/vendors.yaml", "- { kind: vendor, id: V-1, status: ended }\n");
        history.write("decisions/waiver.yaml", &WAIVER.replace("chief-executive", "counsel"));
        let waived = Call::new(history.repo.root()).args(args).run();
        assert_eq!(waived.status, 0, "{file}: {}", waived.stdout);
    }
}

const STATEMENT: &str = "\
kind: statement
id: ST-1
subject: observations
from: 2026-01-01
until: 2026-06-15
declared_by: Mara Quinn
declared_on: 2026-06-15
";

#[test]
fn a_statement_of_nothing_to_report_takes_a_check_out() {
    let repo = repo();
    assert_eq!(audit(&repo).check("observation-open")["outcome"], "not-assessed");
    repo.write("decisions/statement.yaml", STATEMENT);
    let stated = audit(&repo);
    let check = stated.check("observation-open");
    assert_eq!(check["outcome"], "not-applicable");
    assert_eq!(
        check["reason"],
        "M. Q. stated on 2026-06-15 that there was none between 2026-01-01 and 2026-06-15"
    );
    assert!(
        stated.coded("statement-refused").is_empty() && stated.coded("statement-contradicted").is_empty()
    );

    for (from, to, why) in [
        ("until: 2026-06-15", "until: 2026-06-20", "before its period ends on 2026-06-20"),
        ("declared_on: 2026-06-15", "declared_on: 2026-07-15", "after the date of the audit"),
        ("until: 2026-06-15", "until: 2026-03-31", "its period ended 91 days ago, and it counts for 90 days"),
        ("from: 2026-01-01", "from: 2026-06-16", "its period ends before it begins"),
        ("Mara Quinn", "Jane Roe", "is not known to be an employee of the organisation"),
    ] {
        repo.write("decisions/statement.yaml", STATEMENT.replace(from, to));
        let audit = audit(&repo);
        assert_eq!(audit.check("observation-open")["outcome"], "not-assessed", "{to}");
        says(word(&audit.problem("statement-refused")["message"]), &["ST-1", why]);
    }
    repo.write("decisions/statement.yaml", STATEMENT.replace("observations", "incidents"));
    assert_eq!(audit(&repo).check("observation-open")["outcome"], "not-assessed", "of something else");
}

#[test]
fn a_record_contradicts_a_statement() {
    let repo = repo();
    repo.write("decisions/statement.yaml", STATEMENT);
    let observation =
        "kind: observation\nid: OBS-1\nred_flag: camera\nobserved_on: 2026-03-03\nstatus: opened\n";
    repo.write("records/observation.yaml", observation);
    let inside = audit(&repo);
    let problem = inside.problem("statement-contradicted");
    says(word(&problem["message"]), &["ST-1: OBS-1 on record between 2026-01-01 and 2026-06-15"]);
    assert_eq!(inside.ids("observation-open", "gap"), ["OBS-1"], "what is on record is looked at");
    repo.write("records/observation.yaml", observation.replace("2026-03-03", "2026-06-16"));
    assert!(audit(&repo).coded("statement-contradicted").is_empty());
}

const PLAN_ITEM: &str = "\
kind: plan-item
id: PL-1
check: vendor-not-active
owner: buying
remediation: End the contract.
detected_on: 2026-05-04
due_on: 2026-07-15
milestones:
  - { title: Notice given, due_on: 2026-06-01, done_on: 2026-05-28 }
date_changes:
  - { from: 2026-06-30, to: 2026-07-15, changed_on: 2026-06-20, reason: Counsel was away. }
ticket: BUY-7
status: open
status_on: 2026-05-04
";

fn planned(from: &str, to: &str) -> Audit {
    let repo = repo();
    assert!(PLAN_ITEM.contains(from), "{from}");
    repo.write("decisions/plan.yaml", PLAN_ITEM.replacen(from, to, 1));
    audit(&repo)
}

#[test]
fn the_plan_holds_its_items() {
    let repo = repo();
    repo.write("decisions/plan.yaml", PLAN_ITEM);
    let audit = audit(&repo);
    let [item] = items(&audit.json["plan"]) else { panic!("one item") };
    assert_eq!((word(&item["id"]), word(&item["measure"]), word(&item["status"])), ("PL-1", "T-01", "open"));
    assert_eq!(items(&item["findings"]), [audit.of("vendor-not-active")[0]["fingerprint"].clone()]);
    assert_eq!(word(&item["date_changes"][0]["reason"]), "Counsel was away.");
    says(&audit.text, &["PL-1 plans 1 gap of T-01: buying, due on 2026-07-15"]);
    let all = ["PL-1", "BUY-7", "2026-07-15", "Notice given", "Counsel was away.", "End the contract."];
    says(&report(&repo, "html"), &all);
    says(&report(&repo, "plan-csv"), &all);
    assert_eq!(audit.problems().iter().filter(|p| word(&p["code"]).starts_with("plan-item")).count(), 0);
}

#[test]
fn a_plan_that_does_not_hold_is_told() {
    for (from, to, code, why) in [
        (
            "due_on: 2026-07-15",
            "due_on: 2026-07-16",
            "plan-item-refused",
            "its due date was moved to 2026-07-15",
        ),
        (
            "vendor-not-active",
            "vendor-not-activ",
            "plan-item-refused",
            "there is no check `vendor-not-activ`",
        ),
        (
            "detected_on: 2026-05-04",
            "detected_on: 2026-07-04",
            "plan-item-refused",
            "after the date of the audit",
        ),
        (
            "status: open",
            "status: closed",
            "plan-item-contradicted",
            "closed, and `vendor-not-active` still has 1 open gap",
        ),
        (
            "owner:",
            "records: [V-2]\nowner:",
            "plan-item-contradicted",
            "open, and no gap of `vendor-not-active` is found",
        ),
    ] {
        let audit = planned(from, to);
        says(word(&audit.problem(code)["message"]), &["PL-1", why]);
        assert_eq!(items(&audit.json["plan"]).is_empty(), code == "plan-item-refused", "{to}");
    }
    let repo = repo();
    let due = PLAN_ITEM.replace("2026-07-15", "2026-06-29");
    repo.write("decisions/plan.yaml", due);
    let late = audit(&repo);
    says(
        word(&late.problem("plan-item-overdue")["message"]),
        &["PL-1: the item was due on 2026-06-29, 1 day ago"],
    );
    let earlier = Call::new(repo.root()).args(["audit", ".", "--as-of", "2026-06-29"]).run();
    assert!(!earlier.stdout.contains("plan-item-overdue"), "due today is not late");
    repo.write("decisions/other.yaml", PLAN_ITEM.replace("PL-1", "PL-2"));
    says(
        word(&audit(&repo).coded("plan-item-contradicted")[0]["message"]),
        &["PL-2: PL-1 has some of the same gaps"],
    );
}

#[test]
fn a_closed_item_beside_an_open_one_is_history() {
    let repo = repo();
    repo.write("decisions/a.yaml", PLAN_ITEM.replace("status: open", "status: closed"));
    repo.write("decisions/b.yaml", PLAN_ITEM.replace("PL-1", "PL-2"));
    let audit = audit(&repo);
    assert!(audit.coded("plan-item-contradicted").is_empty(), "{}", audit.text);
    assert_eq!(items(&audit.json["plan"]).len(), 2);
}

fn write(repo: &Repo, args: &[&str]) -> Output {
    Call::new(repo.root()).args(args).args(["--as-of", AS_OF]).run()
}

#[test]
fn duly_attest_writes_a_record_that_counts() {
    let repo = repo();
    let args = [
        "attest",
        "practice-not-looked-at",
        "--statement",
        "Ten of ten: in order",
        "--by",
        "Mara Quinn",
        "--document",
        "evidence/look.md",
    ];
    let missing = write(&repo, &args[..4]);
    assert_eq!(missing.status, 2);
    says(&missing.stderr, &["--by, --document are not given"]);
    let written = write(&repo, &args);
    assert_eq!((written.status, written.stderr.as_str()), (0, ""));
    let file = "decisions/practice-not-looked-at-2026-06-30.yaml";
    says(&written.stdout, &[file]);
    let text = repo.text(file);
    says(
        &text,
        &[
            "# T-01/practice-not-looked-at asks: Did a person look at the practice?",
            "valid_until: 2026-09-28\n",
        ],
    );
    assert_eq!(audit(&repo).check("practice-not-looked-at")["outcome"], "satisfied");
    let again = write(&repo, &args);
    assert_eq!(again.status, 2);
    says(&again.stderr, &["is there already"]);
    assert_eq!(repo.text(file), text, "never overwritten");
    for (more, why) in [
        (["--until", "2026-09-29"], "not a day on which the attestation can end"),
        (["--id", "two words"], "`two words` is not an id"),
        (["--on", "June"], "`June` is not a valid date"),
    ] {
        let refused = write(&repo, &[&args[..], &more[..]].concat());
        assert_eq!(refused.status, 2, "{more:?}");
        says(&refused.stderr, &[why]);
    }
    let records = write(&repo, &["attest", "vendor-not-active"]);
    says(&records.stderr, &["is answered by records, not by an attestation"]);
    let unknown = write(&repo, &["attest", "practice-not-looked"]);
    says(&unknown.stderr, &["did you mean `practice-not-looked-at`?"]);
    let outside = write(&repo, &[&args[..], &["--id", "X", "--file", "elsewhere/x.yaml"][..]].concat());
    says(&outside.stderr, &["no source of duly.yaml reads elsewhere/x.yaml"]);
}

#[test]
fn duly_waive_writes_a_record_that_counts() {
    let repo = repo();
    let args = [
        "waive",
        "T-01/vendor-not-active",
        "--record",
        "V-1",
        "--reason",
        "The contract ends in August.",
        "--approver",
        "chief-executive",
        "--until",
        "2026-08-31",
    ];
    let written = write(&repo, &args);
    assert_eq!((written.status, written.stderr.as_str()), (0, ""));
    says(
        &repo.text("decisions/vendor-not-active-2026-06-30.yaml"),
        &["# T-01/vendor-not-active: ", "records:\n- V-1\n"],
    );
    assert_eq!(disposition(&audit(&repo), "vendor-not-active"), "waived");
    let by_condition: Vec<&str> = args
        .iter()
        .map(|arg| match *arg {
            "--record" => "--condition",
            "V-1" => "vendor.status == 'ended'",
            other => other,
        })
        .chain(["--file", "decisions/vendor-not-active-2026-06-30.yaml"])
        .collect();
    repo.remove("decisions/vendor-not-active-2026-06-30.yaml");
    assert_eq!(write(&repo, &by_condition).status, 0);
    assert_eq!(disposition(&audit(&repo), "vendor-not-active"), "waived");
    for (from, to, why) in [
        ("2026-08-31", "2026-12-31", "a waiver cannot last from 2026-06-30 until 2026-12-31"),
        ("chief-executive", "buyer", "`buyer` is not listed under `waivers: approvers:`"),
        ("V-1", "*", "none is listed"),
        ("T-01/vendor-not-active", "vendor", "there is no check `vendor`"),
    ] {
        let changed: Vec<&str> = args.iter().map(|arg| if *arg == from { to } else { *arg }).collect();
        let refused = write(&repo, &changed);
        assert_eq!(refused.status, 2, "{to}");
        says(&refused.stderr, &[why]);
    }
}

/// An organisation that ships devices, one worker, their home, and a parcel to another address.
const FOUR_RECORDS: &str = "
- kind: organization
  id: ORG
  name: Example Ltd
  engages: { ships_devices: true, staffing_vendors: false, platforms: false }
  engages_reasons: { staffing_vendors: we hire people ourselves, platforms: we hire by application only }
  declared_by: Ana Lopez
  declared_on: 2026-06-01
- { kind: worker, id: W-1, name: Jane Doe, engagement: contractor, source: { type: direct }, status: active, work_country: US }
- kind: location
  id: LOC-1
  type: residence
  workers: [W-1]
  address: { street: 12 Oak Street, city: Austin, region: TX, postal_code: '78701', country: US }
  status: designated
  designated_on: 2026-04-20
- kind: shipment
  id: S-1
  worker: W-1
  direction: outbound
  status: delivered
  shipped_on: 2026-05-04
  to: { street: 99 Elm Road, city: Austin, region: TX, postal_code: '78701', country: US }
  signature: none
";

/// The examples of the guide, beside four records.
#[test]
fn the_examples_of_the_guide_count() {
    let page = std::fs::read_to_string(root().join("docs/decisions.md")).expect("docs/decisions.md");
    let examples = fenced(&page);
    let repo = Repo::with(&[
        ("records.yaml", FOUR_RECORDS),
        ("evidence/deliveries-2026-q2.md", "Ten deliveries, ten signatures.\n"),
    ]);
    for (i, example) in examples.iter().enumerate() {
        if example.starts_with("kind:") {
            repo.write(format!("decisions/{i}.yaml"), example);
        }
    }
    let configuration: Vec<&str> =
        examples.iter().map(|text| &**text).filter(|text| !text.starts_with("kind:")).collect();
    repo.write("duly.yaml", configuration.join("\n"));
    let audit = audit_with(&repo, &["--profile", "full"]);
    let told: Vec<&Value> = (audit.problems().iter())
        .filter(|p| {
            ["attestation", "waiver", "statement", "plan-item"]
                .iter()
                .any(|of| word(&p["code"]).starts_with(of))
        })
        .collect();
    assert!(told.is_empty(), "{told:#?}");
    assert_eq!(audit.check("carrier-practice-not-looked-at")["outcome"], "satisfied");
    assert_eq!(audit.check("camera-observation-open")["outcome"], "not-applicable");
    assert_eq!(disposition(&audit, "shipment-without-signature"), "waived");
    assert_eq!(items(&audit.json["plan"]).len(), 1);
    assert_eq!(items(&audit.json["plan"][0]["findings"]).len(), 1);
}

/// The texts between fences of YAML.
fn fenced(page: &str) -> Vec<&str> {
    page.split("```yaml\n").skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default()).collect()
}

/// Where the policy asks for two people, one of them is not enough, in whatever spelling, and neither is one from outside.
#[test]
fn two_people_attest_where_the_policy_asks_for_two() {
    let repo = repo();
    repo.write(
        "pack/T-01.yaml",
        a_measure().replace("    valid_days: 90\n", "    valid_days: 90\n    people: 2\n"),
    );
    repo.write(
        "records/third.yaml",
        "{ kind: worker, id: W-3, name: Tom Vega, engagement: employee, status: active }\n",
    );
    for (second, why) in [
        ("", "the check asks for two people, and `confirmed_by` is not recorded"),
        ("confirmed_by: Quinn, Mara\n", "both are the same or not told apart"),
        ("confirmed_by: W-2\n", "both are the same or not told apart"),
        ("confirmed_by: Jane Roe\n", "the second person is not an employee of the organisation"),
    ] {
        repo.write("decisions/attestation.yaml", format!("{ATTESTATION}{second}"));
        let audit = audit(&repo);
        assert_eq!(audit.check("practice-not-looked-at")["outcome"], "not-assessed", "{second}");
        says(word(&audit.problem("attestation-refused")["message"]), &[why]);
    }
    repo.write("decisions/attestation.yaml", format!("{ATTESTATION}confirmed_by: Tom Vega\n"));
    let check = audit(&repo).check("practice-not-looked-at").clone();
    assert_eq!(check["outcome"], "satisfied");
    assert_eq!(check["reason"], "attested by M. Q. and T. V. on 2026-06-01, until 2026-08-30");
    repo.remove("decisions/attestation.yaml");
    let args = ["attest", "practice-not-looked-at", "--statement", "In order", "--by", "W-2"];
    let args = [&args[..], &["--document", "evidence/look.md"]].concat();
    says(&write(&repo, &args).stderr, &["--confirmed-by is not given"]);
    let written = write(&repo, &[&args[..], &["--confirmed-by", "W-3"]].concat());
    assert_eq!((written.status, written.stderr.as_str()), (0, ""));
    assert_eq!(audit(&repo).check("practice-not-looked-at")["outcome"], "satisfied");
}

/// What the baseline file knows for longer than the grace time needs a plan item; without a known day nothing is told.
#[test]
fn a_known_gap_needs_a_plan_item_after_its_grace_time() {
    let repo = repo();
    let told = |repo: &Repo| audit(repo).coded("gap-without-plan-item").len();
    assert_eq!(told(&repo), 0, "no one knows since when");
    let written = Call::new(repo.root()).args(["baseline", "write", "--as-of", "2026-03-31"]).run();
    assert_eq!((written.status, written.stderr.as_str()), (0, ""));
    let audit = audit(&repo);
    let [vendor, _] = &audit.coded("gap-without-plan-item")[..] else { panic!("{}", audit.text) };
    says(
        word(&vendor["message"]),
        &["a gap of `T-01/vendor-not-active` has no open plan item after 60 days: known since 2026-03-31"],
    );
    assert_eq!(audit.status, 0, "it does not open the gate");
    let config = repo.text("duly.yaml");
    repo.write("duly.yaml", format!("{config}plan:\n  grace_days: {{ high: 91 }}\n"));
    assert_eq!(told(&repo), 0, "on the last day it is in time");
    repo.write("duly.yaml", format!("{config}plan:\n  grace_days: {{ high: 90 }}\n"));
    assert_eq!(told(&repo), 2);
    repo.write(
        "decisions/plan.yaml",
        "{ kind: plan-item, id: PL-1, check: T-01/vendor-not-active, owner: buying, detected_on: 2026-03-31, \
         due_on: 2026-12-31, status: open }\n",
    );
    assert_eq!(told(&repo), 1, "the other check");
}
