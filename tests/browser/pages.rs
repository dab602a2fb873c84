//! The pages that are judged: reports of an empty, a small, a hostile and a large folder and of two examples,
//! and one whose assessment has everything that people decide.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// Writes every page, with the assessment it was made from beside it.
pub(crate) fn write(folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/meridian-labs");
    let records = tempfile::tempdir().expect("a temporary folder");
    let records = records.path();
    audit(records, folder, "empty");
    audit(&example, folder, "meridian-labs");
    render(folder, "meridian-labs", "meridian-labs-whole", &["--print", "full"]);
    audit(&example.with_file_name("first-audit").join("week-one"), folder, "week-one");
    fs::write(records.join("records.yaml"), SMALL).expect("records");
    audit(records, folder, "small");
    fs::write(records.join("records.yaml"), hostile()).expect("records");
    audit(records, folder, "hostile");
    fs::write(records.join("records.yaml"), many()).expect("records");
    let findings = audit(records, folder, "many");
    assert!(findings >= 2000, "{findings} findings");
    decided(folder);
    told(folder);
    trends(folder);
}

/// Reports whose front page someone could be misled by: one on which all gaps but one are known, one with a closed
/// exercise, and one with eight workers who are paid on one account.
fn told(folder: &Path) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let known = temporary.path().join("known");
    copy(&examples.join("meridian-labs"), &known);
    let mut command = duly();
    command.args(["baseline", "write"]).arg(&known).args(["--as-of", "2026-06-30", "--profile", "full"]);
    assert!(command.status().expect("duly starts").success());
    let shipments = known.join("shipments/2026-Q2.yaml");
    let text = fs::read_to_string(&shipments).expect("records");
    fs::write(&shipments, text.replacen("signature: adult", "signature: none", 1)).expect("records");
    audit(&known, folder, "known");
    let exercise = temporary.path().join("exercise");
    copy(&examples.join("clean-harbor"), &exercise);
    audit(&exercise, folder, "exercise");
    let account = regex::Regex::new(r#"(?m)^(\s*)account_hash: .*$"#).expect("a pattern");
    for file in files(&exercise.join("workers")) {
        let text = fs::read_to_string(&file).expect("records");
        let shared = account.replace_all(&text, "${1}account_hash: 7b8a982eae75b66a3fb878a755c269eb68e33aad");
        fs::write(&file, shared.as_ref()).expect("records");
    }
    audit(&exercise, folder, "shared-account");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Writes the report that the pictures of the documentation are taken of. It names no commit: the records are read from a
/// folder outside of the repository.
pub(crate) fn pictured(folder: &Path) -> PathBuf {
    let records = folder.join("week-one");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/first-audit/week-one"), &records);
    let report = folder.join("first-audit.html");
    let mut command = duly();
    command.arg("audit").arg(&records).args(["--as-of", "2026-06-30"]);
    command.arg("--report").arg(format!("html={}", report.display()));
    assert_eq!(command.status().expect("duly starts").code(), Some(1), "week one has gaps");
    report
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).expect("a file");
        }
    }
}

/// Audits a folder into `NAME.html` and `NAME.json`; the number of findings.
fn audit(records: &Path, folder: &Path, name: &str) -> usize {
    let (html, json) = (folder.join(format!("{name}.html")), folder.join(format!("{name}.json")));
    let mut command = duly();
    command.arg("audit").arg(records).args(["--as-of", "2026-06-30", "--profile", "full"]);
    command.arg("--report").arg(format!("html={}", html.display()));
    command.arg("--report").arg(format!("json={}", json.display()));
    let status = command.status().expect("duly starts").code();
    assert!(matches!(status, Some(0 | 1 | 3)), "{name}: {status:?}");
    read(&json)["findings"].as_array().map_or(0, Vec::len)
}

/// Makes a page of a saved assessment.
fn render(folder: &Path, saved: &str, name: &str, more: &[&str]) {
    let (json, html) = (folder.join(format!("{saved}.json")), folder.join(format!("{name}.html")));
    let mut command = duly();
    command.arg("render").arg(&json).arg("--report").arg(format!("html={}", html.display())).args(more);
    assert!(command.status().expect("duly starts").success());
}

fn duly() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
    command.env_clear().env("COLUMNS", "100");
    command
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

const SMALL: &str = "\
kind: worker
id: W-1
name: Jane Doe
engagement: contractor
status: active
work_country: US
---
kind: shipment
id: S-1
worker: W-1
status: delivered
shipped_on: 2026-05-04
to: { street: 99 Elm Road, city: Austin, region: TX, postal_code: \"78701\", country: US }
signature: none
";

/// What a page must show as text, and act on in no way.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "\"'><svg onload=alert(1)>",
    "\u{202e}fdp.exe",
    "::error::no",
    "{{ 7 * 7 }}",
    "=HYPERLINK(\"https://example.com\")",
    "<a href=https://example.com>x</a>",
    "<!-- -->",
    "&lt;b&gt;",
];

/// Records whose ids, shown fields, masked fields and unknown fields are hostile, with gaps of several checks.
fn hostile() -> String {
    let mut text = String::new();
    for (i, value) in HOSTILE.iter().enumerate() {
        let quoted = Value::from(*value).to_string();
        let id = Value::from(format!("W-{i} {value}")).to_string();
        let worker = format!(
            "kind: worker\nid: {id}\nname: {quoted}\nengagement: contractor\nstatus: active\nrole: {quoted}\n\
             work_country: US\nvendor: {quoted}\n{quoted}: 1\n"
        );
        let vendor = format!("kind: vendor\nid: {quoted}\nname: {quoted}\nstatus: active\n");
        let shipment = format!(
            "kind: shipment\nid: {quoted}\nworker: {id}\nstatus: delivered\nshipped_on: 2026-05-04\n\
             carrier: {quoted}\nsignature: none\n"
        );
        writeln!(text, "{worker}---\n{vendor}---\n{shipment}---").expect("a string takes it");
    }
    text
}

/// Workers and parcels enough for thousands of findings.
fn many() -> String {
    let mut text = String::new();
    for i in 0..60 {
        writeln!(
            text,
            "kind: worker\nid: W-{i:04}\nname: Jane Doe\nengagement: contractor\nstatus: active\n\
             work_country: US\n---\nkind: shipment\nid: S-{i:04}\nworker: W-{i:04}\nstatus: delivered\n\
             shipped_on: 2026-05-04\nsignature: none\n---"
        )
        .expect("a string takes it");
    }
    text
}

/// The example with a baseline, waivers, a plan and a history, as later audits will have them.
fn decided(folder: &Path) {
    let mut assessment = read(&folder.join("meridian-labs.json"));
    let gaps: Vec<usize> = assessment["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .enumerate()
        .filter(|(_, f)| f["outcome"] == "gap")
        .map(|(i, _)| i)
        .collect();
    for (n, &i) in gaps.iter().enumerate() {
        let (change, reason) =
            [("new", "record-changed"), ("worsened", "aged"), ("unchanged", "aged")][n % 3];
        assessment["findings"][i]["change"] = json!(change);
        assessment["findings"][i]["reasons"] = json!([reason]);
        assessment["findings"][i]["first_seen"] = json!({ "on": "2026-03-31" });
    }
    assessment["findings"][gaps[3]]["disposition"] = json!("waived");
    let fingerprint = |n: usize| assessment["findings"][gaps[n]]["fingerprint"].clone();
    let check = assessment["findings"][gaps[3]]["check"].clone();
    let waivers = json!([
        { "id": "WV-1", "check": check, "reason": "Collected in person <b>until</b> the carrier changes",
          "compensating_control": "Two people are there", "approver": "R. Delgado", "granted_on": "2026-04-01",
          "ends_on": "2026-09-30", "findings": [fingerprint(3)] },
        { "id": "WV-2", "check": "shipment-without-signature", "reason": "Matches nothing", "approver": "R. Delgado",
          "granted_on": "2025-01-01", "ends_on": "2025-12-31", "findings": [] },
    ]);
    let item = |id: &str, finding: Value, due: &str, status: &str| {
        json!({ "id": id, "measure": "DD-09", "weakness": "Parcels arrive unsigned", "findings": [finding],
            "owner": "IT Operations", "resources": "2 days", "remediation": "Order signatures at the carrier",
            "decision": "Change the contract with the carrier", "detected_on": "2026-01-15", "due_on": due,
            "milestones": [{ "title": "Contract", "due_on": "2026-05-01", "done_on": "2026-05-02" }],
            "date_changes": [{ "from": "2026-03-31", "to": due, "changed_on": "2026-03-20", "reason": "Carrier late" }],
            "status": status, "status_on": "2026-06-01", "severity": "critical", "adjusted_severity": "high",
            "ticket": "IT-1", "closure_evidence": "evidence/carrier.txt" })
    };
    let plan = json!([
        item("P-1", fingerprint(0), "2026-05-31", "open"),
        item("P-2", fingerprint(1), "2026-12-31", "open"),
        item("P-3", fingerprint(2), "2026-04-30", "closed"),
    ]);
    let mut fixed = assessment["findings"][gaps[0]].clone();
    fixed["fingerprint"] = json!("0123456789abcdef0123456789abcdef");
    fixed["change"] = json!("fixed");
    // An earlier version of duly did not count gaps by severity.
    let period = |name: &str, as_of: &str, gap: usize, pack: &str| {
        json!({ "name": name, "as_of": as_of, "packs": [{ "name": "p", "version": "1", "sha256": pack }],
            "measures": { "gap": gap, "satisfied": 24 - gap, "not-assessed": 2 } })
    };
    assessment["history"] = json!([
        period("2025-Q4", "2025-12-31", 21, "a"),
        period("2026-Q1", "2026-03-31", 17, "b"),
        period("2026-Q2", "2026-06-30", 18, "b"),
    ]);
    assessment["baseline"] = json!({ "name": "2026-Q1", "as_of": "2026-03-31", "fixed": [fixed] });
    assessment["waivers"] = waivers;
    assessment["plan"] = plan;
    fs::write(folder.join("decided.json"), assessment.to_string()).expect("a file");
    render(folder, "decided", "decided", &[]);
    render(folder, "decided", "decided-whole", &["--print", "full"]);
}

/// The example with histories of gaps by severity: four quarters, and more months than the charts have columns for.
fn trends(folder: &Path) {
    let mut assessment = read(&folder.join("meridian-labs.json"));
    let period = |n: usize, as_of: &str| {
        json!({ "name": format!("HEAD~{n}"), "commit": format!("{n:040x}"), "committed_on": as_of, "as_of": as_of,
            "packs": [{ "name": "p", "version": "1", "sha256": if n > 2 { "a" } else { "b" } }],
            "measures": { "gap": 14 + n, "satisfied": 10 - n / 2, "not-assessed": n % 3, "review": 1, "not-applicable": 1 },
            "gaps": { "critical": 2 + n, "high": 20 * n, "medium": n % 2, "low": 3 } })
    };
    let quarters = ["2025-09-30", "2025-12-31", "2026-03-31"];
    let quarters = quarters.iter().enumerate().map(|(i, day)| period(3 - i, day)).collect();
    let months =
        (0..15).map(|i| period(15 - i, &format!("{}-{:02}-28", 2025 + (i + 2) / 12, (i + 2) % 12 + 1)));
    for (name, history) in [("trend", quarters), ("long-trend", Value::Array(months.collect()))] {
        assessment["history"] = history;
        fs::write(folder.join(format!("{name}.json")), assessment.to_string()).expect("a file");
        render(folder, name, name, &[]);
    }
}
