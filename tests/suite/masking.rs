//! Personal data stays inside: whatever a record holds, no output holds it.
//!
//! The records are made from the schemas themselves, so that a new field is planted by being declared.
//! Allowed are initials, the first letter and the domain of an e-mail address, and the last two digits of
//! a telephone number; the planted values are such that these remains match nothing of [`PLANTED`].

use std::collections::BTreeSet;

use serde_json::Value;

use super::formats::reports;
use super::packs::{HEAD, active, each, measure, pack};
use super::planted::{Fill, Leaf, PLANTED, Planter, Style, write};
use super::support::{AS_OF, Call, Output, Repo, audit, duly, says, word};

/// Every kind with its printed schema.
fn kinds() -> Vec<(String, Value)> {
    let list = duly(&Repo::new(), &["schema"]).stdout;
    let names = list.lines().filter(|l| l.starts_with("  ")).filter_map(|l| l.split_whitespace().next());
    names
        .map(|name| {
            let text = duly(&Repo::new(), &["schema", name]).stdout;
            (name.to_owned(), serde_json::from_str(&text).expect("JSON"))
        })
        .collect()
}

/// Nothing planted is in a text.
#[track_caller]
fn nothing_planted(text: &str, about: &str) {
    let lower = text.to_lowercase();
    for planted in PLANTED {
        if let Some(i) = lower.find(planted) {
            let start = lower[..i].rfind('\n').map_or(0, |n| n + 1);
            let end = lower[i..].find('\n').map_or(lower.len(), |n| i + n);
            panic!("`{planted}` of {about} is in the output: {}", &lower[start..end]);
        }
    }
}

/// Audits in every output and format there is, and finds nothing planted in any. Gives back every finding on the
/// terminal, verbose, JSON and the short answer.
#[track_caller]
fn held(repo: &Repo, arguments: &[&str], about: &str) -> Vec<Output> {
    for (format, text) in reports(repo, arguments).texts {
        nothing_planted(&text, &format!("{about} ({format})"));
    }
    let ways: [&[&str]; 4] = [&["--all"], &["--verbose"], &["--report", "json"], &[]];
    ways.iter()
        .map(|way| {
            let args = [&["audit", ".", "--as-of", AS_OF], arguments, way].concat();
            let output = Call::new(repo.root()).args(args).run();
            assert_ne!(output.status, 2, "{}", output.stderr);
            nothing_planted(&output.stdout, about);
            nothing_planted(&output.stderr, about);
            output
        })
        .collect()
}

#[test]
fn no_value_leaves_through_the_default_pack() {
    for fill in [Fill::Valid, Fill::Refused] {
        let repo = Repo::with(&[("evidence/file.txt", "what was seen")]);
        for (i, (kind, schema)) in kinds().iter().enumerate() {
            let record = Planter::new(schema, fill).record(kind);
            let style = [Style::Block, Style::Lines, Style::Json][i % 3];
            let name = if style == Style::Json { format!("{kind}.json") } else { format!("{kind}.yaml") };
            repo.write(name, write(&record, style));
        }
        let outputs = held(&repo, &[], "a record of every kind");
        let json: Value = serde_json::from_str(&outputs[2].stdout).expect("JSON");
        let problems = super::support::items(&json["problems"]);
        match fill {
            // The planted values are good ones: masking is not tested on what no one reads. No planted hash is
            // that of a document, and no planted name that of a check or finding.
            Fill::Valid => {
                let told = [
                    "evidence-changed",
                    "attestation-refused",
                    "waiver-refused",
                    "plan-item-refused",
                    "statement-contradicted",
                ];
                let is_expected = |p: &Value| {
                    told.contains(&word(&p["code"])) || word(&p["message"]).starts_with("`findings[")
                };
                assert!(problems.iter().all(is_expected), "{problems:#?}");
            }
            Fill::Refused => assert!(problems.len() > 500, "{}", problems.len()),
        }
    }
}

/// A check that prints a field and points to it.
fn printing(kind: &str, n: usize, leaf: &Leaf) -> String {
    let variable = kind.replace('-', "_");
    let require = format!("{variable}.id == 'never'");
    let field = format!("{variable}.{}", leaf.path);
    let message = format!("{{{{ {field} }}}} and {{{{{field}}}}}");
    each(&format!("{kind}-{n}"), kind, &require, &message, &[&format!("at: {}", leaf.path)])
}

#[test]
fn no_value_leaves_through_messages_and_snippets() {
    let kinds = kinds();
    let repo = Repo::with(&[("evidence/file.txt", "x")]);
    let mut leaves = 0;
    repo.write("pack/pack.yaml", HEAD);
    for (kind, schema) in &kinds {
        let mut planter = Planter::new(schema, Fill::Valid);
        planter.record(kind);
        let checks: Vec<String> =
            planter.leaves.iter().enumerate().map(|(n, leaf)| printing(kind, n, leaf)).collect();
        leaves += checks.len();
        repo.write(format!("pack/{kind}.yaml"), measure(kind, "high", &checks.concat()));
    }
    assert!(leaves > 800, "{leaves} fields");
    for (fill, style) in [
        (Fill::Valid, Style::Block),
        (Fill::Valid, Style::Lines),
        (Fill::Valid, Style::Json),
        (Fill::Refused, Style::Block),
        (Fill::Refused, Style::Lines),
    ] {
        let mut sensitive: Vec<(String, Leaf)> = Vec::new();
        for (kind, schema) in &kinds {
            let mut planter = Planter::new(schema, fill);
            let record = planter.record(kind);
            repo.write(format!("{kind}.yaml"), write(&record, style));
            let marked = planter.leaves.into_iter().filter(|l| l.class.is_some());
            sensitive.extend(marked.map(|leaf| (kind.clone(), leaf)));
        }
        let outputs = held(&repo, &["--pack", "pack"], &format!("fields in messages, {style:?}"));
        let json: Value = serde_json::from_str(&outputs[2].stdout).expect("JSON");
        let findings = super::support::items(&json["findings"]);
        assert_eq!(findings.len(), leaves, "each field is printed once");
        says(&outputs[0].stdout, &["▒"]);
        if fill == Fill::Refused {
            says(&outputs[2].stdout, &["[withheld]"]);
            continue;
        }
        // Each class shows its remains, so the fields were really printed.
        for (kind, leaf) in sensitive.iter().filter(|(_, l)| !l.listed) {
            let finding = findings
                .iter()
                .find(|f| f["field"] == *leaf.path && f["records"][0]["kind"] == **kind)
                .expect("a finding a field");
            let remains = match leaf.class.as_deref().unwrap_or_default() {
                "name" => "Z. Z.",
                "email" => "z…@example.com",
                "phone" => "[phone …",
                "address" => "[address]",
                "document-number" => "[document number]",
                "birth-date" => "[date of birth]",
                "bank" => "[bank data]",
                "ip" => "[IP address]",
                "coordinates" => "[coordinates]",
                "free-text" => "[free text]",
                "hash" => "[hash]",
                other => panic!("a class without a rule: {other}"),
            };
            says(word(&finding["message"]), &[remains]);
        }
        // What is harmless is shown.
        says(&outputs[2].stdout, &["shown-0", "2026-01-02", "evidence/file.txt"]);
    }
}

#[test]
fn every_class_of_personal_data_is_used() {
    let mut classes = BTreeSet::new();
    for (kind, schema) in kinds() {
        let mut planter = Planter::new(&schema, Fill::Valid);
        planter.record(&kind);
        classes.extend(planter.leaves.into_iter().filter_map(|l| l.class));
    }
    let wanted = [
        "address",
        "bank",
        "coordinates",
        "document-number",
        "email",
        "free-text",
        "hash",
        "ip",
        "name",
        "phone",
    ];
    assert_eq!(classes.into_iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn what_cannot_be_parsed_is_not_quoted() {
    let texts = [
        "name: \"zqx\nstatus: x\n",
        "name: *zqx\n",
        "name: &zqx *zqx\n",
        "name: !zqx x\n",
        "name: !!zqx x\n",
        "name: !zqx!zqx x\n",
        "name: zqx: zqx\n",
        "name: @zqx\n",
        "name: `zqx\n",
        "name: %zqx\n",
        "name: [zqx\n",
        "name: {zqx\n",
        "name: \"zqx\\q\"\n",
        "name: \"zqx\\ud800\"\n",
        "name: |9zqx\n zqx\n",
        "name: >zqx\n",
        "  zqx\n zqx\nzqx\n",
        "\tname: zqx\n",
        "- zqx\nzqx\n",
        "name: zqx\n zqx\n  zqx: zqx\n zqx\n",
        "name: zqx\nname: zqx\n",
        "notes: {a: zqx, a: zqx}\n",
        "<<: {name: zqx}\n",
        "? {name: zqx}\n: zqx\n",
        "name: zqx\u{0}\n",
        "name: zqx\u{7}\n",
        "name: .inf # zqx\n",
        "...zqx\nzqx: [\n",
    ];
    for text in texts {
        let repo = Repo::new();
        active(&repo);
        repo.write("v.yaml", format!("kind: worker\nid: w\n{text}"));
        let outputs = held(&repo, &["--pack", "pack"], text);
        assert_eq!(outputs[0].status, 3, "{text}\n{}", outputs[0].stdout);
        repo.write("v.yaml", text);
        held(&repo, &["--pack", "pack"], text);
    }
    let repo = Repo::new();
    active(&repo);
    for (i, text) in [
        r#"{"kind": "worker", "id": "w", "name": "zqx"#,
        r#"{"kind": "worker", "id": "w", "name": zqx}"#,
        r#"{"kind": "worker", "id": "w", "name": "zqx\q"}"#,
        r#"{"kind": "worker", "id": "w", "name": "zqx",}"#,
        r#"{"kind": "worker", "id": "w", "name": "zqx"} zqx"#,
        r#"{"kind": "worker", "id": "w", "name": "zqx" zqx: 1}"#,
        r#"{"kind": "worker", "id": "w", "name": 'zqx'}"#,
        r#"{"kind": "worker", "id": "w", "name": "zqx", "name": "zqx"}"#,
        "{\"kind\": \"worker\", \"id\": \"w\", \"name\": \"zqx\nzqx\"}",
    ]
    .iter()
    .enumerate()
    {
        repo.write(format!("{i}.json"), text);
    }
    repo.write("latin.yaml", b"kind: worker\nid: w\nname: zqx\xeb zqx\n");
    repo.write("wide.yaml", b"\xff\xfez\0q\0x\0\0\xd8");
    let outputs = held(&repo, &["--pack", "pack"], "broken JSON");
    assert_eq!(outputs[0].status, 3);
}

#[test]
fn what_stands_beside_a_record_on_its_line_is_covered() {
    let repo = Repo::new();
    active(&repo);
    repo.write(
        "v.yaml",
        "[{kind: worker, id: w, name: zqx}, {kind: vendor, id: v, contact_name: zqx, status: ended, notes: zqx}, \
         {kind: worker, id: x, name: zqx}] # zqx\n",
    );
    repo.write(
        "w.yaml",
        "- {kind: vendor, id: &zqx a, contact_name: &name zqx, status: !!str ended} # zqx 'zqx' \"zqx\"\n\
         - {kind: vendor, id: b, contact_name: *name, status: 'ended', 'notes': \"zqx \\\n   zqx\"}\n\
         - {kind: vendor, id: c, notes: 'zqx', status: ended}\n",
    );
    repo.write(
        "x.yaml",
        "kind: vendor\nid: d # zqx\nnotes: |\n  zqx\n  status: zqx\nstatus: ended # zqx: ended\ncontact_name:\n  zqx\n  zqx\n",
    );
    repo.write(
        "y.json",
        r#"[{"kind":"vendor","id":"e","contact_name":"zqx","status":"ended","notes":"z\u0071x"}]"#,
    );
    repo.write("z.yaml", "kind: vendor\rid: f\rcontact_name: zqx\rstatus: ended\r# zqx\r");
    let outputs = held(&repo, &["--pack", "pack"], "neighbours");
    let json: Value = serde_json::from_str(&outputs[2].stdout).expect("JSON");
    let ids: Vec<&str> =
        super::support::items(&json["findings"]).iter().map(|f| word(&f["records"][0]["id"])).collect();
    for id in ["a", "b", "d", "e", "v"] {
        assert!(ids.contains(&id), "{id} in {ids:?}: {}", outputs[0].stdout);
    }
    says(&outputs[0].stdout, &["status: ended", "▒▒▒"]);
}

#[test]
fn grouping_and_joining_name_records_and_nothing_else() {
    let repo = Repo::new();
    let group = |id: &str, by: &str| {
        format!(
            "  - id: {id}\n    title: Not shared\n    asks: [ask]\n    tests: operation\n    grade: observed\n    \
             for: worker\n    group_by: {by}\n    require: group.map(w, w.id).distinct().size() < 2\n    \
             otherwise: review\n    at: {}\n    pattern: It can be innocent.\n    \
             message: \"{{{{ count }}}} share ({{{{ ids }}}})\"\n",
            by.trim_start_matches("worker.").split([',', '(']).next().unwrap_or("id")
        )
    };
    let checks = [
        group("phone", "worker.phone"),
        group("email", "worker.email"),
        group("hash", "worker.bank.account_hash"),
        group("accounts", "worker.accounts"),
        each(
            "there",
            "worker",
            "lookup('vendor', worker.vendor).status == 'active'",
            "{{ worker.vendor }}",
            &[],
        ),
        each(
            "equal",
            "worker",
            "worker.name == worker.email",
            "{{ worker.name }} {{ worker.email }}",
            &["at: name"],
        ),
    ];
    pack(&repo, &checks.concat());
    for id in ["w-1", "w-2"] {
        repo.write(
            format!("{id}.yaml"),
            format!(
                "kind: worker\nid: {id}\nname: Zqx Zqx\nemail: zqx@example.com\nphone: '+12025550123'\n\
                 accounts: [zqx-admin]\nbank: {{account_hash: zqxzqxzqxzqxzqxzqx}}\n"
            ),
        );
    }
    let outputs = held(&repo, &["--pack", "pack"], "groups");
    says(&outputs[0].stdout, &["2 share (w-1, w-2)", "Z. Z. z…@example.com"]);
    assert_eq!(audit(&repo).of("phone").len(), 1);
}
