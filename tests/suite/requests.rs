//! `duly requests`: what to ask of whom, and where the answer goes.

use super::support::{AS_OF, Call, Output, Repo, duly, says};

fn requests(repo: &Repo, more: &[&str]) -> Output {
    let mut args = vec!["requests", ".", "--as-of", AS_OF];
    args.extend(more);
    duly(repo, &args)
}

/// The rows of the list as CSV, each by column.
fn rows(repo: &Repo) -> Vec<std::collections::HashMap<String, String>> {
    // The mark of UTF-8 in front and its line ends are those of a table.
    let args = ["requests", ".", "--as-of", AS_OF, "--format", "csv"];
    let output = Call::new(repo.root()).args(args).coloured().run();
    assert_eq!((output.status, output.stderr.as_str()), (0, ""));
    let text = output.stdout.trim_start_matches('\u{feff}').to_owned();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        header.iter().map(str::to_owned).zip(row.expect("a row").iter().map(str::to_owned)).collect()
    };
    reader.records().map(row).collect()
}

const DEVICES: &str = "
kind: shipment
id: S-1
direction: outbound
status: delivered
shipped_on: 2026-05-04
delivered_on: 2026-05-06
---
kind: shipment
id: S-2
direction: outbound
status: delivered
shipped_on: 2026-05-05
delivered_on: 2026-05-07
";

#[test]
fn one_request_stands_for_all_records_that_lack_a_field() {
    let repo = Repo::with(&[
        ("devices/shipments.yaml", DEVICES),
        ("duly.yaml", "organization: A <b> Co\nowners:\n  it-operations: \"=HYPERLINK(1)\"\n"),
    ]);
    let rows = rows(&repo);
    let of_signature: Vec<_> =
        rows.iter().filter(|row| row["kind"] == "shipment" && row["field"] == "signature").collect();
    let [signature] = of_signature.as_slice() else { panic!("{of_signature:?}") };
    assert_eq!((&*signature["owner"], &*signature["owner_name"]), ("it-operations", "'=HYPERLINK(1)"));
    assert_eq!((&*signature["records"], &*signature["record_ids"]), ("2", "S-1; S-2"));
    assert_eq!((&*signature["files"], &*signature["severity"]), ("devices/shipments.yaml", "critical"));
    assert!(signature["checks"].contains("shipment-without-signature"), "{signature:?}");
    says(&signature["why"], &["Delivery needs a signature"]);
    says(&signature["source"], &["DD-09; I-101823-PSA, due-diligence, item 9"]);
    says(&signature["how"], &["adult, direct", "Signature ordered on delivery"]);
    // The most severe come first, owner by owner.
    let rank = |row: &std::collections::HashMap<String, String>| {
        ["critical", "high", "medium", "low"].iter().position(|severity| row["severity"] == *severity)
    };
    for two in rows.windows(2).filter(|two| two[0]["owner"] == two[1]["owner"]) {
        assert!(rank(&two[0]) <= rank(&two[1]), "{two:?}");
    }
    let page = requests(&repo, &[]).stdout;
    says(&page, &["# Requests for evidence to A", "`signature` of 2 shipments (S-1, S-2)"]);
    says(
        &page,
        &["   - where: `signature` in `devices/shipments.yaml`", "Delivery needs a signature (DD-09"],
    );
    // A name is shown as it is and is no markup.
    says(&page, &["`<b>`"]);
}

#[test]
fn an_answer_takes_its_request_away() {
    let repo = Repo::with(&[("devices/shipments.yaml", DEVICES)]);
    let asked = |repo: &Repo| rows(repo).iter().any(|row| row["field"] == "signature");
    assert!(asked(&repo));
    let answered = DEVICES.replace("direction: outbound\n", "direction: outbound\nsignature: adult\n");
    repo.write("devices/shipments.yaml", answered);
    assert!(!asked(&repo));
}

#[test]
fn a_kind_without_records_is_asked_once() {
    let repo = Repo::with(&[("vendor.yaml", "kind: vendor\nid: V-1\n")]);
    let rows = rows(&repo);
    let of_worker: Vec<_> = rows.iter().filter(|r| r["asked"] == "record" && r["kind"] == "worker").collect();
    let owners: std::collections::BTreeSet<&str> = of_worker.iter().map(|row| &*row["owner"]).collect();
    assert!(!owners.is_empty() && owners.len() == of_worker.len(), "{of_worker:?}");
    let page = requests(&repo, &[]).stdout;
    says(&page, &["a record of kind `worker`", "duly new worker"]);
    let whole = requests(&repo, &["--profile", "full"]).stdout;
    assert!(whole.lines().count() >= page.lines().count());
    says(&whole, &["attestation of a named person"]);
}

#[test]
fn personal_data_is_not_in_the_list() {
    let worker = "kind: worker\nid: W-1\nname: Ingrid Vestergaard\nengagement: freelancer\nstatus: active\nit_work: true\n\
                  email: ingrid@example.com\nstart_on: 2026-03-01\n";
    let repo = Repo::with(&[("workers.yaml", worker)]);
    for text in [requests(&repo, &[]).stdout, format!("{:?}", rows(&repo))] {
        says(&text, &["W-1"]);
        assert!(!text.contains("Vestergaard") && !text.contains("ingrid@"), "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let repo =
        Repo::with(&[("workers.yaml", "kind: worker\nid: W-1\n"), ("broken.yaml", "kind: worker\nid: [\n")]);
    let output = requests(&repo, &[]);
    assert_eq!(output.status, 3);
    says(&output.stderr, &["the audit is incomplete"]);
    says(&output.stdout, &["# Requests for evidence"]);
}
