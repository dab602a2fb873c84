//! Records against their schemas and against each other.

use super::packs::{active, each, pack};
use super::support::{AS_OF, Audit, Call, Repo, at, audit, place, says, word};

const GOOD: &str = "kind: vendor\nid: elsewhere\nstatus: active\n";

/// An audit of one file beside a good one, under the pack that wants vendors active.
fn one(text: &str) -> (Repo, Audit) {
    let repo = Repo::with(&[("good.yaml", GOOD), ("v.yaml", text)]);
    active(&repo);
    let audit = audit(&repo);
    let satisfied = audit.satisfied("vendor-not-active");
    assert!(satisfied.contains(&"elsewhere"), "the rest of the audit is done: {text}");
    (repo, audit)
}

#[test]
fn unknown_words_are_answered_with_known_ones() {
    // Text, code, what the place shows, what the message names, the suggestion.
    let cases = [
        ("kind: vendro\nid: a\n", "unknown-kind", "vendro", "`vendro`", "did you mean `vendor`?"),
        ("kind: Vendor\nid: a\n", "unknown-kind", "Vendor", "`Vendor`", "did you mean `vendor`?"),
        ("kind: Deployment\nid: a\n", "unknown-kind", "Deployment", "`Deployment`", "`duly schema`"),
        ("kind: vendor\nid: a\nstauts: x\n", "unknown-field", "stauts", "`stauts`", "did you mean `status`?"),
        (
            "kind: vendor\nid: a\nbackground_check: {requested: x}\n",
            "unknown-field",
            "requested",
            "`requested`",
            "did you mean `requested_on`?",
        ),
        (
            "kind: worker\nid: a\ntravel:\n- {start_on: 2026-01-01}\n- {contry: US}\n",
            "unknown-field",
            "contry",
            "`contry`",
            "did you mean `country`?",
        ),
        ("kind: vendor\nid: a\nzzzzz: x\n", "unknown-field", "zzzzz", "`zzzzz`", "`duly schema vendor`"),
        ("kind: vendor\nId: a\n", "unknown-field", "Id", "`Id`", "did you mean `id`?"),
        ("kind: vendor\nid: a\n\"a b\": x\n", "unknown-field", "a b", "this key is not a field", ""),
    ];
    for (text, code, shown, named, help) in cases {
        let (repo, audit) = one(text);
        assert_eq!(audit.status, 3, "{text}");
        let problem = audit.problem(code);
        let value = at(&repo, &problem["place"]);
        assert!(value.trim_start_matches('"').starts_with(shown), "{value} for {text}");
        says(word(&problem["message"]), &[named]);
        says(word(&problem["help"]), &[help]);
        says(&audit.text, &[&format!("problem[{code}] {}", place(&problem["place"]))]);
    }
}

#[test]
fn values_of_the_wrong_form_are_refused_in_words() {
    let worker = [
        ("start_on: 2026-02-30", "invalid-format", "start_on: ", "calendar date, YYYY-MM-DD"),
        ("start_on: 30.06.2026", "invalid-format", "start_on: ", "calendar date, YYYY-MM-DD"),
        ("start_on: 2026-6-30", "invalid-format", "start_on: ", "calendar date, YYYY-MM-DD"),
        ("remote: maybe", "invalid-type", "remote: ", "must be true or false"),
        ("remote: 1", "invalid-type", "remote: ", "must be true or false"),
        ("status: fired", "invalid-value", "status: ", "must be one of: candidate, offered, active"),
        ("email: [x]", "invalid-type", "", "must be text"),
        ("email: nobody", "invalid-format", "email: ", "must be a valid email"),
        ("travel: {a: 1}", "invalid-type", "", "must be a list"),
        ("bank: text", "invalid-type", "bank: ", "must be a mapping"),
        ("bank: {account_country: us}", "invalid-value", "bank: {account_country: ", "must match ^[A-Z]{2}$"),
        ("residence_latitude: 91", "invalid-value", "residence_latitude: ", "must be at most 90"),
        ("residence_latitude: north", "invalid-type", "residence_latitude: ", "must be a number"),
    ];
    for (line, code, before, words) in worker {
        let (_, audit) = one(&format!("kind: worker\nid: w\n{line}\n"));
        assert_eq!(audit.status, 3, "{line}");
        let problem = audit.problem(code);
        assert_eq!(place(&problem["place"]), format!("v.yaml:3:{}", before.len() + 1), "{line}");
        says(word(&problem["message"]), &[words]);
        let field = line.split_once(':').expect("a field").0;
        says(word(&problem["message"]), &[field]);
    }
}

#[test]
fn a_refused_value_is_never_evidence() {
    let repo = Repo::new();
    let cases = [
        ("date", "vendor.reviewed_on >= as_of"),
        ("word", "vendor.status != 'ended'"),
        ("there", "has(vendor.status)"),
        ("absent", "!has(vendor.reviewed_on)"),
    ];
    let checks: String =
        cases.iter().map(|(id, require)| each(id, "vendor", require, "m", &["missing: gap"])).collect();
    pack(&repo, &checks);
    repo.write("v.yaml", "kind: vendor\nid: v\nstatus: nonsense\nreviewed_on: 2099-13-01\n");
    let audit = audit(&repo);
    assert_eq!(audit.status, 3);
    for (id, _) in cases {
        assert_eq!(audit.ids(id, "not-assessed"), ["v"], "{id}");
        says(word(&audit.of(id)[0]["message"]), &["is not valid, see the problems"]);
        assert_eq!(audit.check(id)["outcome"], "not-assessed");
    }
}

#[test]
fn a_record_without_an_id_is_named_and_not_assessed() {
    for text in ["kind: vendor\nstatus: active\n", "kind: vendor\nid:\nstatus: active\n"] {
        let (_, audit) = one(text);
        assert_eq!((audit.status, audit.satisfied("vendor-not-active")), (3, vec!["elsewhere"]), "{text}");
        let problem = audit.problem("required-field");
        says(word(&problem["message"]), &["vendor", "missing field `id`"]);
        assert!(place(&problem["place"]).starts_with("v.yaml:1:1"), "{problem}");
    }
    for text in ["kind: vendor\nid: [a]\n", "kind: vendor\nid: a b\n", "kind: vendor\nid: ''\n"] {
        let (_, audit) = one(text);
        assert_eq!((audit.status, audit.satisfied("vendor-not-active")), (3, vec!["elsewhere"]), "{text}");
        assert!(audit.problems().iter().all(|p| p["place"]["line"] == 2), "{text}");
    }
}

#[test]
fn a_reference_to_nobody_is_a_problem_with_a_suggestion() {
    let repo = Repo::with(&[
        ("v.yaml", "kind: vendor\nid: acme-staffing\nstatus: active\n"),
        (
            "w.yaml",
            "kind: worker\nid: w-1\nvendor: acme-stafing\n---\nkind: worker\nid: w-2\nvendor: acme-staffing\n",
        ),
        ("x.yaml", "kind: worker\nid: w-3\nhousehold_with: [w-1, w-99]\nsource: {platform: zzz}\n"),
    ]);
    active(&repo);
    let audit = audit(&repo);
    assert_eq!((audit.status, audit.satisfied("vendor-not-active")), (3, vec!["acme-staffing"]));
    let found: Vec<(String, &str, &str)> = audit
        .coded("broken-reference")
        .iter()
        .map(|p| (place(&p["place"]), word(&p["message"]), word(&p["help"])))
        .collect();
    let wanted = [
        ("w.yaml:3:9", "no vendor has the id `acme-stafing`", "did you mean `acme-staffing`?"),
        ("x.yaml:3:23", "no worker has the id `w-99`", ""),
        ("x.yaml:4:20", "no platform has the id `zzz`", "write the platform"),
    ];
    assert_eq!(found.len(), wanted.len(), "{found:?}");
    for ((at, message, help), wanted) in found.iter().zip(wanted) {
        assert_eq!((at.as_str(), *message), (wanted.0, wanted.1));
        says(help, &[wanted.2]);
    }
}

#[test]
fn two_records_of_one_id_are_both_named_and_neither_is_assessed() {
    let repo = Repo::with(&[
        ("a.yaml", "kind: vendor\nid: twin\nstatus: active\n"),
        ("b/c.json", r#"[{"kind": "vendor", "id": "twin", "status": "ended"}]"#),
        ("d.yaml", "kind: vendor\nid: single\nstatus: active\n---\nkind: platform\nid: twin\n"),
        ("e.yaml", "kind: worker\nid: w\nvendor: twin\n"),
    ]);
    active(&repo);
    let audit = audit(&repo);
    assert_eq!(audit.status, 3);
    let problem = audit.problem("duplicate-id");
    assert_eq!(place(&problem["place"]), "b/c.json:1:28");
    assert!(place(&problem["related"][0]).starts_with("a.yaml:"), "{problem}");
    says(word(&problem["message"]), &["vendor", "`twin`", "neither is assessed"]);
    says(&audit.text, &["problem[duplicate-id] b/c.json:1:28", "first: a.yaml:"]);
    assert_eq!(audit.satisfied("vendor-not-active"), ["single"]);
    assert_eq!(audit.ids("vendor-not-active", "not-assessed"), ["twin"]);
    assert_eq!(audit.ids("vendor-not-active", "gap"), [""; 0]);
    // A third is one more problem, and each names the first.
    repo.write("z.yaml", "kind: vendor\nid: twin\nstatus: active\n");
    let three = super::support::audit(&repo);
    assert_eq!(three.coded("duplicate-id").len(), 2);
    assert!(three.coded("duplicate-id").iter().all(|p| p["related"][0]["path"] == "a.yaml"));
}

#[test]
fn several_organizations_are_none() {
    let repo = Repo::with(&[
        ("o.yaml", "kind: organization\nid: one\n---\nkind: organization\nid: two\n"),
        ("v.yaml", GOOD),
    ]);
    pack(&repo, &each("asks", "vendor", "organization.id == 'one'", "m", &["missing: gap"]));
    let audit = audit(&repo);
    assert_eq!(audit.status, 3);
    let problem = audit.problem("several-organizations");
    assert_eq!(
        (place(&problem["place"]), place(&problem["related"][0])),
        ("o.yaml:4:1".into(), "o.yaml:1:1".into())
    );
    assert_eq!(audit.ids("asks", "not-assessed"), ["elsewhere"]);
}

#[test]
fn evidence_is_what_the_repository_holds() {
    let repo = Repo::new();
    let document = "vendor.background_check.documentation";
    pack(&repo, &each("documents", "vendor", &format!("evidence_ok({document})"), "m", &["missing: gap"]));
    let digest = "a7fd865f4e05688e7831ed63731987f817f3a72e18c68fbbf022be440429559b"; // of "what was seen"
    let vendor = |id: &str, evidence: &str| {
        format!("kind: vendor\nid: {id}\nbackground_check: {{documentation: {{{evidence}}}}}\n")
    };
    for (id, evidence) in [
        ("there", "ref: docs/x.txt".to_owned()),
        ("matches", format!("ref: ./docs/x.txt, sha256: {digest}")),
        ("changed", format!("ref: docs/x.txt, sha256: {}", digest.replace('2', "3"))),
        ("nowhere", "ref: docs/y.txt".to_owned()),
        ("outside", "ref: ../../etc/passwd".to_owned()),
        ("large", "ref: docs/film.mp4".to_owned()),
    ] {
        repo.write(format!("{id}.yaml"), vendor(id, &evidence));
    }
    repo.write("docs/x.txt", "what was seen");
    // Recordings of interviews are larger than any file of records may be.
    let film = std::fs::File::create(repo.path("docs/film.mp4")).expect("a file");
    std::io::Write::write_all(&mut &film, b"film").expect("its first bytes");
    film.set_len(70 << 20).expect("a sparse file");
    let audit = audit(&repo);
    assert_eq!(audit.satisfied("documents"), ["large", "matches", "there"], "{}", audit.text);
    assert_eq!(audit.ids("documents", "gap"), ["changed", "nowhere", "outside"]);
    assert_eq!(audit.status, 1, "evidence is not read as records are: {}", audit.text);
    let files = audit.json["coverage"]["files"].as_array().expect("a list");
    let evidence: Vec<&str> =
        files.iter().filter(|f| f["use"] == "evidence").map(|f| word(&f["path"])).collect();
    assert_eq!(evidence, ["docs/film.mp4", "docs/x.txt"]);
}

#[test]
fn neither_order_nor_threads_change_a_byte() {
    let names: Vec<String> = (0..60).map(|i| format!("d{}/v{i}.yaml", i % 7)).collect();
    let text = |i: usize| {
        let status = ["active", "ended", "nonsense"][i % 3];
        format!("kind: vendor\nid: v-{}\nstatus: {status}\nx{i}: 1\n", i % 50)
    };
    let build = |order: &mut dyn Iterator<Item = usize>| {
        let repo = Repo::new();
        active(&repo);
        for i in order {
            repo.write(&names[i], text(i));
        }
        repo
    };
    let forward = build(&mut (0..60));
    let backward = build(&mut (0..60).rev());
    let run = |repo: &Repo, threads: &str| {
        let args = ["audit", ".", "--as-of", AS_OF, "--pack", "pack", "--report", "json"];
        Call::new(repo.root()).args(args).env("RAYON_NUM_THREADS", threads).run()
    };
    let first = run(&forward, "1");
    assert_eq!(first.status, 3);
    for (repo, threads) in [(&forward, "4"), (&backward, "1"), (&backward, "4"), (&forward, "13")] {
        assert_eq!(run(repo, threads), first);
    }
    // The default pack, whose checks join records.
    let joined = |threads: &str| {
        let args = ["audit", ".", "--as-of", AS_OF, "--report", "json"];
        let examples = Repo::new();
        examples.copy("small-org");
        examples.remove("duly.yaml");
        Call::new(examples.root()).args(args).env("RAYON_NUM_THREADS", threads).run().stdout
    };
    assert_eq!(joined("1"), joined("4"));
}

#[test]
fn an_empty_list_that_says_nothing_is_refused() {
    for text in [
        "kind: device-shipping-rules\nid: a\napplies_to: []\n",
        "kind: background-check-rules\nid: a\nscope: []\n",
        "kind: vendor\nid: a\nsanctions_screening: {lists: []}\n",
        "kind: vendor\nid: a\nbackground_check: {scope: []}\n",
        "kind: worker\nid: a\nonline_profile_review: {profiles: []}\n",
        "kind: remote-access-rules\nid: a\nremote_desktop: {prohibited_applications: []}\n",
    ] {
        let (repo, audit) = one(text);
        assert_eq!(audit.status, 3, "{text}");
        let problem = audit.problem("invalid-value");
        says(word(&problem["message"]), &["must have at least one entry"]);
        assert!(at(&repo, &problem["place"]).contains(": []"), "{text}");
    }
}

#[test]
fn what_stands_for_an_id_and_is_none_is_not_repeated() {
    let cases = [
        ("kind: worker\nid: a\nvendor: Ingrid Solberg\n", "broken-reference", "Ingrid"),
        ("kind: worker\nid: a\nvendor: ingrid@mail.example\n", "broken-reference", "ingrid"),
        ("kind: worker\nid: ingrid@mail.example\n", "invalid-value", "ingrid"),
        ("kind: worker\nid: Ingrid Solberg\n", "invalid-value", "Ingrid"),
        ("kind: worker\nid: \"W\\u200b-1\"\n", "invalid-value", "200b"),
        ("kind: worker\nid: a\nIngrid Solberg: 1\nIngrid Solberg: 2\n", "duplicate-key", "Ingrid"),
        ("kind: worker\nid: a\n35.8211: 1\n", "key-not-text", "35.8211"),
        ("kind: worker\nid: a\nIngrid Solberg: 1\n", "unknown-field", "Ingrid"),
        ("kind: Ingrid Solberg\nid: a\n", "unknown-kind", "Ingrid"),
    ];
    for (text, code, never) in cases {
        let (_, audit) = one(text);
        assert_eq!(audit.status, 3, "{text}");
        audit.problem(code);
        for shown in [&audit.text, &audit.raw] {
            assert!(!shown.contains(never), "{never} in\n{shown}");
        }
    }
}

#[test]
fn documents_that_records_name_are_looked_at() {
    let record = |reference: &str, more: &str| {
        format!("kind: vendor\nid: a\nbank: {{document: {{ref: {reference}{more}}}}}\n")
    };
    let wrong = format!(", sha256: {}", "0123456789abcdef".repeat(4));
    let cases = [
        (record("nowhere.pdf", ""), Some("evidence-missing")),
        (record("../../../etc/passwd", ""), Some("evidence-outside")),
        (record("/etc/passwd", ""), Some("evidence-outside")),
        (record("good.yaml", &wrong), Some("evidence-changed")),
        (record("v.yaml", ""), Some("evidence-itself")),
        (record("./v.yaml#bank", ""), Some("evidence-itself")),
        (record("good.yaml", ""), None),
        (record("dms://store/nowhere.pdf", ""), None),
    ];
    for (text, code) in cases {
        let (repo, audit) = one(&text);
        assert_eq!(audit.status, 0, "a notice leaves the verdict as it is: {text}");
        let found: Vec<&str> = (audit.problems().iter().map(|p| word(&p["code"])))
            .filter(|code| code.starts_with("evidence-"))
            .collect();
        assert_eq!(found, code.into_iter().collect::<Vec<_>>(), "{text}");
        if let Some(code) = code {
            let problem = audit.problem(code);
            assert_eq!(problem["impact"], "notice");
            let value = at(&repo, &problem["place"]);
            let shown =
                if code == "evidence-changed" { "012" } else { text.split("ref: ").nth(1).unwrap_or("") };
            assert!(value.starts_with(shown.trim_end_matches("}}\n")), "{value} for {text}");
        }
    }
}

#[test]
fn keys_of_groups_have_a_budget() {
    let repo = Repo::new();
    let more = ["group_by: related('worker', 'status', 'active').map(x, x.id)", "at: status"];
    pack(&repo, &each("crowd", "worker", "group.size() < 1", "{{ count }}", &more));
    let workers: String =
        (0..700).map(|i| format!("- {{kind: worker, id: W-{i}, status: active}}\n")).collect();
    repo.write("workers.yaml", workers);
    let audit = audit(&repo);
    assert_eq!(audit.status, 3, "{}", audit.text);
    says(word(&audit.problem("evaluation-failed")["message"]), &["`group_by` gave more than 214000 keys"]);
    assert!(audit.ids("crowd", "gap").is_empty(), "the end of a budget is no verdict");
}
