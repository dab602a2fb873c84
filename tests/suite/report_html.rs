//! The HTML report: what it says is what the assessment says, and nothing in an assessment has an effect.

use std::fs;

use duly::assessment::{self, Assessment};
use duly::report::html::{Print, Templates, page};
use serde_json::{Value, json};

use super::html::{Element, elements, text_of};
use super::repository::root;
use super::support::{AS_OF, Call, Repo, harmless, items, says, word};

/// The audit of an example outside any repository, as JSON.
fn example(name: &str) -> Value {
    let repo = Repo::new();
    copy(&root().join("examples").join(name), &repo);
    let output = Call::new(repo.root()).args(["audit", ".", "--as-of", AS_OF, "--report", "json"]).run();
    serde_json::from_str(&output.stdout).expect("JSON")
}

fn copy(from: &std::path::Path, repo: &Repo) {
    let mut folders = vec![from.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                repo.write(path.strip_prefix(from).expect("below"), fs::read(&path).expect("a file"));
            }
        }
    }
}

fn parse(json: &Value) -> Assessment {
    assessment::parse(&json.to_string()).expect("an assessment")
}

fn html(json: &Value) -> String {
    page(&parse(json), &Templates::default(), Print::Short).expect("the templates in the binary work")
}

/// As [`example`], with everything that no audit fills yet: a plan, waivers, a history, a baseline.
fn everything() -> Value {
    let mut json = example("meridian-labs");
    let fingerprint = |n: usize| json["findings"][n]["fingerprint"].clone();
    let (first, second) = (fingerprint(0), fingerprint(1));
    let pack = &json["run"]["packs"][0];
    let pack = json!([{"name": pack["name"], "version": pack["version"], "sha256": pack["sha256"]}]);
    let fixed = json["findings"][3].clone();
    json["plan"] = json!([
        {"id": "P-1", "measure": "DD-09", "weakness": "Parcels without a signature", "findings": [first],
         "owner": "it-operations", "resources": "a carrier", "remediation": "Change the carrier",
         "decision": "Approve the budget", "detected_on": "2026-01-10", "due_on": "2026-06-01",
         "milestones": [{"title": "Tender", "due_on": "2026-03-01", "done_on": "2026-02-20"}],
         "date_changes": [{"from": "2026-04-01", "to": "2026-06-01", "changed_on": "2026-03-30", "reason": "late"}],
         "status": "open", "status_on": "2026-06-02", "severity": "critical", "adjusted_severity": "high",
         "ticket": "T-7"},
        {"id": "P-2", "measure": "DD-01", "weakness": "Old documents", "findings": [], "owner": "procurement",
         "detected_on": "2026-01-10", "status": "closed", "status_on": "2026-02-01", "severity": "low",
         "closure_evidence": "minutes"},
    ]);
    json["waivers"] = json!([
        {"id": "WV-1", "check": "vendor-answer-overdue", "reason": "contract ends", "approver": "CISO",
         "compensating_control": "no access", "granted_on": "2026-05-01", "ends_on": "2026-08-01", "findings": [second]},
        {"id": "WV-2", "check": "gone", "reason": "old", "approver": "CISO", "granted_on": "2025-05-01",
         "ends_on": "2026-06-18", "findings": []},
    ]);
    json["history"] = json!([
        {"name": "2025-Q4", "as_of": "2025-12-31", "measures": {"gap": 20, "satisfied": 2, "not-assessed": 4},
         "packs": [{"name": "p", "version": "1", "sha256": "0000"}]},
        {"name": "2026-Q1", "as_of": "2026-03-31",
         "measures": {"gap": 19, "satisfied": 4, "not-assessed": 4, "not-applicable": 1}, "packs": pack},
    ]);
    json["baseline"] = json!({"name": "main", "as_of": "2026-03-31", "fixed": [fixed],
        "revision": {"kind": "commit", "name": "main", "commit": "abc", "committed_on": "2026-03-30", "branch": "main"}});
    json["findings"][0]["change"] = "new".into();
    json["findings"][1]["disposition"] = "waived".into();
    json["findings"][1]["change"] = "unchanged".into();
    json["findings"][2]["change"] = "worsened".into();
    json["problems"] = json!([{"place": {"path": "a.yaml", "line": 3, "column": 1}, "code": "unknown-field",
        "impact": "incomplete", "message": "no field", "help": "fix it"}]);
    json
}

/// Nothing in it asks for anything or runs anything but the one script.
#[track_caller]
fn inert(page: &str) {
    harmless(page);
    let all = elements(page);
    let n = |name: &str| all.iter().filter(|e| e.name == name).count();
    assert_eq!((n("style"), n("script"), n("h1"), n("main")), (2, 1, 1, 1));
    for name in ["img", "iframe", "object", "embed", "link", "base", "video", "audio", "image", "use", "math"]
    {
        assert_eq!(n(name), 0, "<{name}>");
    }
    let ids: Vec<&str> = all.iter().filter_map(|e| e.attribute("id")).collect();
    let unique: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id stands twice");
    for element in &all {
        for (name, value) in &element.attributes {
            assert!(name != "style" && !name.starts_with("on"), "{element:?}");
            assert!(
                !matches!(name.as_str(), "src" | "srcset" | "action" | "formaction" | "ping"),
                "{element:?}"
            );
            if name == "href" {
                let inside = value.strip_prefix('#').is_some_and(|id| unique.contains(id));
                assert!(inside || value.starts_with("https://"), "{element:?}");
                let rel = element.attribute("rel").unwrap_or_default();
                assert!(inside || rel == "noreferrer noopener", "{element:?}");
            }
        }
    }
}

/// The number of the six that stands under a label, with what stands behind it.
fn number<'t>(text: &'t str, label: &str) -> (usize, &'t str) {
    let rest = text.split_once(label).unwrap_or_else(|| panic!("no {label} in {text}")).1.trim_start();
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    (rest[..digits].parse().unwrap_or(usize::MAX), rest[digits..].trim_start())
}

/// A text without blanks and backticks: a page shows what stands between them as code.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '`').collect()
}

#[test]
fn the_numbers_are_those_of_the_assessment() {
    let json = example("meridian-labs");
    let page = html(&json);
    inert(&page);
    let measures = items(&json["measures"]);
    let findings = items(&json["findings"]);
    let of = |outcome: &str| measures.iter().filter(|m| m["outcome"] == outcome).count();
    let applicable = measures.len() - of("not-applicable");
    let gaps: Vec<&Value> = findings.iter().filter(|f| f["outcome"] == "gap").collect();
    let text = text_of(&page);
    let summary = text.split_once("Skip to the summary").expect("a summary").1;
    let (satisfied, rest) = number(summary, "Measures satisfied");
    assert_eq!(satisfied, of("satisfied"));
    says(rest, &[&format!("of {applicable} applicable")]);
    let (assessed, _) = number(summary, "Measures assessed");
    assert_eq!(assessed, applicable - of("not-assessed"));
    let (open, rest) = number(summary, "Gaps");
    assert_eq!(open, gaps.len());
    let severities = ["critical", "high", "medium", "low"]
        .map(|s| format!("{} {s}", gaps.iter().filter(|f| f["severity"] == s).count()));
    says(rest, &[&format!("in {} measures", of("gap")), &severities.join(", ")]);
    let (workers, rest) = number(summary, "Workers with a gap");
    let with_gap: std::collections::BTreeSet<&str> = gaps
        .iter()
        .flat_map(|f| items(&f["records"]))
        .filter(|r| r["kind"] == "worker")
        .map(|r| word(&r["id"]))
        .collect();
    assert_eq!(workers, with_gap.len());
    says(rest, &[&format!("of {} on record", json["coverage"]["records"]["worker"])]);
    says(
        &text,
        &[
            "No plan is kept.",
            "No base was given",
            "None: every gap counts.",
            "A trend needs an earlier period",
        ],
    );
    says(&text, &["Indicators are prompts for review, not proof", "duly never scores origin or language"]);

    // Every finding that is assessed has its row, with its outcome and its severity.
    let findings: Vec<&Value> = findings.iter().filter(|f| f["outcome"] != "not-assessed").collect();
    let list = page.split_once("id=\"list\"").expect("a list").1.split_once("</table>").expect("it ends").0;
    let rows: Vec<String> = list.split("<tr").skip(2).map(|row| text_of(&format!("<tr{row}"))).collect();
    assert_eq!(rows.len(), findings.len());
    for finding in &findings {
        let id = &word(&finding["fingerprint"])[..8];
        let row = rows.iter().find(|r| r.contains(id)).unwrap_or_else(|| panic!("no row of {finding}"));
        let outcome = word(&finding["outcome"]).replace('-', " ");
        let place = format!("{}:{}", word(&finding["place"]["path"]), finding["place"]["line"]);
        says(row, &[&outcome, word(&finding["severity"]), word(&finding["check"])]);
        assert!(letters(row).contains(&letters(word(&finding["message"]))), "{finding} in {row}");
        assert!(finding["place"].is_null() || row.contains(&place), "{place} in {row}");
    }
    // What is not assessed is there once for all that wait for it.
    for group in items(&json["not_assessed"]) {
        assert!(letters(&text).contains(&letters(word(&group["text"]))), "{group}");
        for waits in items(&group["checks"]) {
            assert!(text.contains(word(&waits["check"])), "{waits}");
        }
    }
    // Every measure has its counts, and every check its line.
    let table =
        page.split_once("class=\"measures\"").expect("a table").1.split_once("</table>").expect("it ends").0;
    for measure in measures {
        let row = table.split("<tr>").find(|r| r.contains(&format!(">{}</a>", word(&measure["id"]))));
        let cells: Vec<String> =
            row.expect("a row").split("<td").skip(1).map(|c| text_of(&format!("<td{c}"))).collect();
        let n = |outcome: &str| measure["checks_by_outcome"][outcome].as_u64().unwrap_or(0).to_string();
        let wanted =
            [n("gap"), n("review"), n("not-assessed"), "0".to_owned(), n("satisfied"), n("not-applicable")];
        assert_eq!(cells[cells.len() - 6..], wanted, "{}", measure["id"]);
        for check in items(&measure["checks"]) {
            assert!(page.contains(&format!("<i>{}</i>", word(&check["id"]))), "{}", check["id"]);
        }
    }
    // Patterns come with what to rule out; an incident with whom to tell.
    says(&text, &["Rule out first:", "do not confront, preserve, call counsel", "ic3.gov", "111", "112"]);
}

#[test]
fn the_front_page_counts_the_kinds_that_there_are() {
    let of = |from: &str, to: &str, records: Value| {
        let mut json = example("meridian-labs");
        json["coverage"]["records"] = records;
        for check in json["measures"]
            .as_array_mut()
            .expect("measures")
            .iter_mut()
            .flat_map(|measure| measure["checks"].as_array_mut().expect("checks"))
        {
            if check["kind"] != from {
                check["kind"] = to.into();
            }
        }
        for finding in json["findings"].as_array_mut().expect("findings") {
            for record in finding["records"].as_array_mut().expect("records") {
                record["kind"] = to.into();
            }
        }
        text_of(&html(&json))
    };
    // A pack of another subject.
    let text = of("", "data-policy", json!({"data-policy": 500, "audit": 1, "site": 7}));
    let (with_gap, rest) = number(&text, "Data-policies with a gap");
    assert!(with_gap > 10, "{with_gap}");
    says(rest, &["of 500 on record", "0 of 1 audit", "0 of 7 sites"]);
    assert!(!text.contains("Workers with a gap"));
    // Where a check looks at workers they come first, even if none is recorded.
    let text = of("worker", "site", json!({"site": 7}));
    says(&text, &["Workers with a gap", "none is recorded"]);
}

#[test]
fn what_is_not_there_is_said_and_what_is_there_is_shown() {
    let mut json = example("clean-harbor");
    json["coverage"]["records"].as_object_mut().expect("counts").remove("incident");
    let clean = html(&json);
    inert(&clean);
    let text = text_of(&clean);
    says(
        &text,
        &[
            "could not be fully assessed; the others have no gap",
            "no plan is kept",
            "No base was given",
            "There is no gap. Asked:",
        ],
    );
    assert!(!text.contains("do not confront"), "no reason to report: {text}");
    json["coverage"]["open_incidents"] = 2.into();
    says(&text_of(&html(&json)), &["do not confront, preserve, call counsel 2 incidents are open."]);
    let page = html(&everything());
    inert(&page);
    let text = text_of(&page);
    says(
        &text,
        &[
            "The audit is incomplete: no field.",
            "Findings since main (commit abc of 2026-03-30, judged as of 2026-03-31): 1 new, 1 worsened, 1 fixed.",
            "2026-03-31 2026-Q1 none not recorded 19 0 4 4 1",
            "1 remediation item is overdue.",
            "+1 since 2026-Q1",
            "Approve the budget",
            "moved from 2026-04-01 to 2026-06-01",
            "overdue by 29 days",
            "Gaps that no open item covers: 80.",
            "expired 12 days ago",
            "policy changed: not comparable",
            "Tender, due 2026-03-01, done 2026-02-20",
            "waived",
            "Fixed: 1",
        ],
    );
    assert!(!text.contains("No plan is kept"));
}

#[test]
fn the_page_lets_in_its_own_style_and_script_only() {
    use sha2::{Digest, Sha256};
    let page = html(&example("clean-harbor"));
    let all = elements(&page);
    let csp = all.iter().find(|e| e.attribute("http-equiv") == Some("Content-Security-Policy"));
    let csp = csp.and_then(|e| e.attribute("content")).expect("a policy").replace("&#39;", "'");
    for (element, directive, n) in [("style", "style-src", 2), ("script", "script-src", 1)] {
        let allowed = csp.split("; ").find(|part| part.starts_with(directive)).expect("a directive");
        let mut found = 0;
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        for part in page.split(&open).skip(1) {
            let text = &part[..part.find(&close).expect("its end")];
            let hash = data_encoding::BASE64.encode(&Sha256::digest(text.as_bytes()));
            says(allowed, &[&format!("'sha256-{hash}'")]);
            assert!(text.len() <= if element == "script" { 10_240 } else { 18_432 }, "{element} is long");
            found += 1;
        }
        assert_eq!((found, allowed.matches("sha256-").count()), (n, n), "{element}");
    }
    says(&csp, &["default-src 'none'", "base-uri 'none'", "form-action 'none'"]);
    assert!(!csp.contains("unsafe"));
}

#[test]
fn a_saved_assessment_gives_the_same_bytes_without_the_records() {
    let repo = Repo::new();
    copy(&root().join("examples/meridian-labs"), &repo);
    let out = Repo::new();
    let file = |name: &str| out.path(name).to_string_lossy().into_owned();
    let (json, direct) = (format!("json={}", file("a.json")), format!("html={}", file("a.html")));
    let audit = ["audit", ".", "--as-of", AS_OF, "--report", &json, "--report", &direct];
    assert_eq!(Call::new(repo.root()).args(audit).run().status, 1);
    let rendered = Call::new(out.root()).args(["render", "a.json", "--report", "html=b.html"]).run();
    assert_eq!((rendered.status, rendered.stdout.as_str()), (0, ""));
    says(&rendered.stderr, &["wrote b.html ("]);
    let printed = Call::new(out.root()).args(["render", "a.json", "--report", "html"]).run();
    assert_eq!(out.text("a.html"), out.text("b.html"));
    assert_eq!(out.text("a.html"), printed.stdout, "a pipe gets other bytes than a file");
    let sample = fs::read_to_string(root().join("examples/meridian-labs.report.html")).expect("the sample");
    assert!(
        sample == printed.stdout,
        "stale: copy examples/meridian-labs out of the repository, and there: duly audit . --as-of {AS_OF} --report html"
    );
}

#[test]
fn what_is_no_assessment_cannot_be_rendered() {
    let repo = Repo::with(&[("a.json", "{\"format\": \"x\"}"), ("b.json", "{"), ("c.json", "[]")]);
    for (file, what) in [
        ("a.json", "`format` is not"),
        ("b.json", "not a duly"),
        ("c.json", "not a duly"),
        ("d.json", "cannot read d.json"),
    ] {
        let output = Call::new(repo.root()).args(["render", file, "--report", "html"]).run();
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{file}");
        says(&output.stderr, &[what, "help: name the file"]);
    }
}

/// Words of the format: another text is no assessment.
const WORDS: &[&str] = &[
    "format",
    "outcome",
    "severity",
    "cause",
    "disposition",
    "change",
    "reasons",
    "grade",
    "tests",
    "use",
    "impact",
    "code",
    "kind",
    "status",
    "fail_on",
    "adjusted_severity",
    "why",
    "dated_by",
    "no_commit",
];

/// Adds a text to every string that an assessment lets anybody write.
fn doctored(value: &mut Value, key: &str, with: &str) {
    match value {
        // A day has one form.
        Value::String(text) if text.parse::<duly::text::Day>().is_ok() => {}
        Value::String(text) if !WORDS.contains(&key) && key != "url" => text.push_str(with),
        Value::Array(members) => members.iter_mut().for_each(|m| doctored(m, key, with)),
        Value::Object(map) => map.iter_mut().for_each(|(k, v)| doctored(v, k, with)),
        _ => {}
    }
}

fn shape(page: &str) -> Vec<String> {
    let names = |e: &Element| e.attributes.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>().join(" ");
    elements(page).iter().map(|e| format!("{} {}", e.name, names(e))).collect()
}

#[test]
fn no_text_of_an_assessment_has_an_effect() {
    let hostile = [
        "<script>alert(1)</script>",
        "</style></script></title><img src=x onerror=alert(1)>",
        "\" onmouseover=\"alert(1)\" x=\"",
        "' autofocus onfocus='alert(1)",
        "javascript:alert(1)",
        "\u{202e}\u{2066}\u{200b}\u{0}\u{1b}[2J\r\n",
        "\n::error::x ##[error]x ##vso[x]",
        "{{ 7 * 7 }}{% include 'x' %}{# #}",
        "=cmd|'/c calc'!A0",
        "&lt;b&gt; <!-- ]]>",
    ];
    let plain = {
        let mut json = everything();
        doctored(&mut json, "", " and so on");
        shape(&html(&json))
    };
    for text in hostile {
        let mut json = everything();
        doctored(&mut json, "", &format!(" {text}"));
        let page = html(&json);
        inert(&page);
        let shape = shape(&page);
        let differs = shape.iter().zip(&plain).find(|(a, b)| a != b);
        assert!(differs.is_none() && shape.len() == plain.len(), "{text:?} changes the page: {differs:?}");
    }
}

/// Sets every number but the version.
fn numbers(value: &mut Value, key: &str, to: u64) {
    // Fields of 32 bits refuse more.
    let small = ["line", "column", "end_column", "number", "width", "item", "cadence_days"].contains(&key);
    match value {
        Value::Number(_) if key != "exit_status" && key != "version" => {
            *value = if small { to.min(u64::from(u32::MAX)).into() } else { to.into() }
        }
        Value::Array(members) => members.iter_mut().for_each(|m| numbers(m, key, to)),
        Value::Object(map) => map.iter_mut().for_each(|(k, v)| numbers(v, k, to)),
        _ => {}
    }
}

#[test]
fn no_number_of_an_assessment_breaks_a_report() {
    let repo = Repo::new();
    for to in [0, u64::from(u32::MAX), u64::MAX] {
        let mut json = everything();
        numbers(&mut json, "", to);
        repo.write("a.json", json.to_string());
        for format in super::formats::names() {
            let report = format!("{format}=report");
            let output = Call::new(repo.root()).args(["render", "a.json", "--report", &report]).run();
            assert_eq!(output.status, 0, "{format} with {to}: {}", output.stderr);
        }
    }
}

#[test]
fn only_https_becomes_a_link() {
    let mut json = example("clean-harbor");
    for url in
        ["javascript:alert(1)", "http://example.com", "data:text/html,x", "https://a\" onclick=\"x", "//a"]
    {
        json["run"]["packs"][0]["documents"][0]["url"] = url.into();
        let page = html(&json);
        inert(&page);
        let sources = page.split_once("id=\"sources\"").expect("sources").1;
        assert!(!sources.contains("href"), "{url}");
    }
}

#[test]
fn hostile_records_have_no_effect() {
    let repo = Repo::new();
    let value = "<script>alert(1)</script>\\\" onload=x '{{ 7 * 7 }} \\u202e ::error::x =1+1";
    repo.write(
        "<img src=x onerror=alert(1)>.yaml",
        format!("kind: vendor\nid: \"{value}\"\nname: \"{value}\"\nstatus: active\n"),
    );
    repo.write("w.yaml", format!("kind: worker\nid: \"W {value}\"\nname: \"{value}\"\nvendor: \"{value}\"\nrole: \"{value}\"\n\"{value}\": 1\n"));
    repo.write(
        "duly.yaml",
        format!(
            "organization: \"{value}\"\nclassification: \"{value}\"\nowners: {{ procurement: \"{value}\" }}\n"
        ),
    );
    let output = Call::new(repo.root()).args(["audit", ".", "--as-of", AS_OF, "--report", "html"]).run();
    assert_ne!(output.status, 2, "{}", output.stderr);
    inert(&output.stdout);
    says(
        &output.stdout,
        &["&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=x", "{{ 7 * 7 }} \\u{202e}", "&lt;img src=x"],
    );
}

/// Many findings, from those of an example that the list has.
fn many(n: usize) -> Value {
    let listed = |finding: &&Value| finding["outcome"] != "not-assessed";
    repeated(n, listed)
}

/// Many findings, from some of those of an example.
fn repeated(n: usize, of: impl Fn(&&Value) -> bool) -> Value {
    let mut json = example("meridian-labs");
    let some: Vec<Value> = items(&json["findings"]).iter().filter(|finding| of(finding)).cloned().collect();
    let findings = (0..n).map(|i| {
        let mut finding = some[i % some.len()].clone();
        finding["fingerprint"] = format!("{:032x}", (i as u128 + 1) * 0x9e37_79b9_7f4a_7c15_f39c_c060).into();
        finding
    });
    json["findings"] = findings.collect();
    json
}

#[test]
fn large_reports_stay_within_their_budget() {
    let mut json = repeated(10_000, |_| true);
    let listed = items(&json["findings"]).iter().filter(|f| f["outcome"] != "not-assessed").count();
    let page = html(&json);
    let all = elements(&page).len();
    assert!(page.len() <= 3_000_000 && all <= 100_000, "{} bytes, {all} elements", page.len());
    says(&page, &[&format!("Findings 11 to {listed}, and the lines")]);
    json["findings"] = json!([]);
    let base = html(&json);
    assert!(base.len() <= 290_000, "{} bytes", base.len());
    let repo = Repo::new();
    let output = Call::new(repo.root()).args(["audit", ".", "--as-of", AS_OF, "--report", "json"]).run();
    let mut empty: Value = serde_json::from_str(&output.stdout).expect("JSON");
    empty["findings"] = json!([]);
    let base = html(&empty);
    assert!(base.len() <= 200_000, "{} bytes", base.len());
}

#[test]
fn all_findings_are_printed_where_that_is_asked() {
    let repo = Repo::new();
    repo.write("a.json", many(300).to_string());
    let page = |more: &[&str]| {
        let args = [&["render", "a.json", "--report", "html"], more].concat();
        Call::new(repo.root()).args(args).run().stdout
    };
    let (capped, full) = (page(&[]), page(&["--print", "full"]));
    says(
        &capped,
        &[
            "Findings 11 to 300, and the lines of the records, are in the HTML file",
            "<body>",
            "body:not(.full) :is(",
        ],
    );
    says(&full, &["<body class=\"full\">"]);
    assert!(!text_of(&full).contains("--print full"), "a whole print leaves nothing out");
    inert(&full);
}

#[test]
fn what_is_left_out_is_counted() {
    let json = many(25_001);
    let findings = items(&json["findings"]);
    let n = |severity: &str| findings.iter().filter(|f| f["severity"] == severity).count();
    let page = html(&json);
    inert(&page);
    let rows = elements(
        page.split_once("id=\"list\"").expect("a list").1.split_once("</table>").expect("it ends").0,
    );
    assert_eq!(rows.iter().filter(|e| e.name == "tr").count(), 1 + n("critical") + n("high"));
    says(
        &text_of(&page),
        &["Not all are listed.", &format!("Left out: {} medium, {} low.", n("medium"), n("low"))],
    );
}

fn with_template(name: &str, text: &str) -> super::support::Output {
    let repo = Repo::new();
    repo.write("saved.json", example("clean-harbor").to_string());
    repo.write(format!("own/{name}"), text);
    Call::new(repo.root()).args(["render", "saved.json", "--report", "html", "--template", "own"]).run()
}

#[test]
fn templates_can_be_replaced_and_stay_harmless() {
    let output = with_template("report.html", "<h1>{{ organization }}</h1>{% include 'plan.html' %}");
    assert_eq!(output.status, 0, "{}", output.stderr);
    says(&output.stdout, &["<h1>Kestrel Harbor", "Remediation plan"]);
    let output = with_template("style.css", "p{color:red}");
    says(&output.stdout, &["<style>p{color:red}</style>"]);
    // Not even a template can let a value through as markup.
    let raw =
        "{% autoescape false %}{{ '<b>' ~ organization }}{% endautoescape %}{{ ['<i>'] | join('<u>') }}";
    assert!(with_template("report.html", raw).stdout.starts_with("&lt;b&gt;Kestrel Harbor"));
}

#[test]
fn a_template_that_fails_names_file_and_line() {
    for (name, text, line, what) in [
        ("report.html", "a\nb\n{{ organization | shout }}\n", 3, "shout"),
        ("report.html", "a\n{% if %}\n", 2, "syntax error"),
        ("report.html", "{{ organization | safe }}", 1, "safe"),
        ("plan.html", "\n\n\n{{ plan.open.x.y }}", 4, "undefined"),
        ("report.html", "x\n{% include '../saved.json' %}", 2, "saved.json"),
        ("report.html", "x\n{% include '/etc/hostname' %}", 2, "hostname"),
        (
            "report.html",
            "{% for a in range(9999) %}\n{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}",
            2,
            "more steps",
        ),
        ("report.html", "\n{% include 'report.html' %}", 2, "recursion"),
        ("style.css", "a{}\n</style><script>", 2, "</style"),
    ] {
        let output = with_template(name, text);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{text}\n{}", output.stderr);
        says(&output.stderr, &[&format!("--> own/{name}:{line}"), what]);
    }
    let output = with_template("reprot.html", "");
    assert_eq!(output.status, 2);
    says(&output.stderr, &["own/reprot.html: there is no template of that name", "report.html"]);
}

#[cfg(unix)]
#[test]
fn templates_are_not_read_through_links() {
    let repo = Repo::with(&[("secret", "zqx"), ("own/plan.html", "")]);
    repo.write("saved.json", example("clean-harbor").to_string());
    std::os::unix::fs::symlink(repo.path("secret"), repo.path("own/report.html")).expect("a link");
    let output =
        Call::new(repo.root()).args(["render", "saved.json", "--report", "html", "--template", "own"]).run();
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    says(&output.stderr, &["own/report.html: not a regular file"]);
}

/// The part of a page with an id, as text.
fn section(page: &str, id: &str) -> String {
    let rest = page.split_once(&format!("<section id=\"{id}\"")).unwrap_or_else(|| panic!("no {id}")).1;
    text_of(&format!("<section{}", rest.split_once("</section>").expect("it ends").0))
}

#[test]
fn each_owner_sees_what_they_owe() {
    let json = example("meridian-labs");
    let page = html(&json);
    let table =
        page.split_once("class=\"owners\"").expect("a table").1.split_once("</table>").expect("it ends").0;
    let rows: Vec<Vec<usize>> = table
        .split("<tr>")
        .skip(2)
        .map(|row| {
            row.split("<td").skip(1).map(|c| text_of(&format!("<td{c}")).trim().parse().expect("a number"))
        })
        .map(Iterator::collect)
        .collect();
    let sum = |column: usize| rows.iter().map(|row| row[column]).sum::<usize>();
    let findings = items(&json["findings"]);
    for (i, severity) in ["critical", "high", "medium", "low"].iter().enumerate() {
        let of = |f: &&Value| f["outcome"] == "gap" && f["severity"] == *severity;
        assert_eq!(sum(i), findings.iter().filter(of).count(), "{severity}");
    }
    assert_eq!(sum(4), findings.iter().filter(|f| f["outcome"] == "review").count());
    assert!(rows.is_sorted_by(|a, b| a[..4] >= b[..4]), "the worst first: {rows:?}");
    // Each check with a gap stands with its owner, and with what to do.
    let text = section(&page, "owners");
    let checks = items(&json["measures"]).iter().flat_map(|m| items(&m["checks"]));
    for check in checks.filter(|c| c["counts"]["gap"] != 0) {
        says(&text, &[word(&check["id"])]);
        assert!(letters(&text).contains(&letters(word(&check["remediation"][0]))), "{check}");
    }
    // With a plan there are dates.
    let planned = section(&html(&everything()), "owners");
    says(&planned, &["First due", "Overdue", "2026-06-01"]);
    says(&text, &["nothing has a due date"]);
}

#[test]
fn each_subject_has_all_that_concerns_it() {
    let json = example("meridian-labs");
    let text = section(&html(&json), "subjects");
    let concerns = |f: &&Value| matches!(word(&f["outcome"]), "gap" | "review");
    for (kind, field) in [("vendor", "vendors"), ("worker", ""), ("device", "")] {
        let mut found: std::collections::BTreeMap<&str, (usize, usize)> = std::collections::BTreeMap::new();
        for finding in items(&json["findings"]).iter().filter(concerns) {
            let records = items(&finding["records"]);
            let own = records.iter().filter(|r| r["kind"] == kind).map(|r| word(&r["id"]));
            let has = |s: &&Value| {
                let of = |r: &Value| {
                    s["found"][word(&r["kind"])].as_array().is_some_and(|ids| ids.contains(&r["id"]))
                };
                s["kind"] == kind && records.iter().any(of)
            };
            let related = items(&json["subjects"]).iter().filter(has).map(|s| word(&s["id"]));
            let vendors = finding[field].as_array().into_iter().flatten().map(word);
            let ids: std::collections::BTreeSet<&str> = own.chain(related).chain(vendors).collect();
            for id in ids {
                let (gaps, reviews) = found.entry(id).or_default();
                *(if finding["outcome"] == "gap" { gaps } else { reviews }) += 1;
            }
        }
        assert!(!found.is_empty(), "{kind}");
        for (id, (gaps, reviews)) in found.iter().take(40) {
            let counts = format!(": {gaps} to close, {reviews} to look at");
            let line = text.match_indices(id).any(|(at, _)| {
                let rest = &text[at + id.len()..];
                rest.find(" to close").is_some_and(|end| rest[..end].len() < 60 && rest.contains(&counts))
            });
            assert!(line, "{id}{counts} is not in:\n{text}");
        }
    }
    let none = section(&html(&json_without_findings()), "subjects");
    says(&none, &["Nothing was found about a vendor, a worker or a device."]);
}

fn json_without_findings() -> Value {
    let mut json = example("clean-harbor");
    json["findings"] = json!([]);
    json
}
