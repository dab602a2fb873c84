//! One committed report in every format: `examples/meridian-labs` as the binary reports it, the longest by their shape
//! or their beginning. The page in HTML is `examples/meridian-labs.report.html`, which `report_html` holds.
//!
//! Beside each snapshot stands what it must say: the findings that were planted, no more and no fewer.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::formats::{example, names, reports};
use super::repository::root;
use super::support::{AS_OF, Call, Repo, flat, items, says, word};

/// Numbers of planted findings.
struct Planted {
    gaps: usize,
    reviews: usize,
    /// Checks with a gap.
    checks: usize,
}

fn planted() -> Planted {
    let text = fs::read_to_string(root().join("examples/meridian-labs.expected.yaml")).expect("the list");
    let all: Vec<Value> = serde_yaml::from_str(&text).expect("a list");
    let of = |outcome: &str| all.iter().filter(|p| p["outcome"] == outcome).count();
    let checks: BTreeSet<&str> =
        all.iter().filter(|p| p["outcome"] == "gap").map(|p| word(&p["check"])).collect();
    Planted { gaps: of("gap"), reviews: of("review"), checks: checks.len() }
}

/// Compares a report with the committed one, whatever the version of duly and of the pack.
fn committed(name: &str, text: &str, pack: &str) {
    let text = text.replace(pack, "[digest of the pack]");
    insta::assert_snapshot!(name, text.replace(env!("CARGO_PKG_VERSION"), "[version]"));
}

/// The number in an attribute of the first element that has it.
fn attribute(xml: &str, name: &str) -> usize {
    let (_, behind) = xml.split_once(&format!(" {name}=\"")).expect("the attribute");
    behind.split('"').next().and_then(|n| n.parse().ok()).expect("a number")
}

fn rows(text: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("a row")).collect()
}

/// JSON of which every list is cut to its first three elements and their number.
fn shape(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let more = items.len().saturating_sub(3);
            let first = items.iter().take(3).map(shape);
            first.chain((more > 0).then(|| json!(format!("… and {more} more")))).collect()
        }
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        other => other.clone(),
    }
}

/// The first 400 lines, with the number of the others.
fn beginning(text: &str) -> String {
    let mut lines = text.lines();
    let first: Vec<&str> = lines.by_ref().take(400).collect();
    format!("{}\n… and {} lines more\n", first.join("\n"), lines.count())
}

#[test]
fn every_format_is_the_committed_one() {
    let planted = planted();
    let all = reports(&example("meridian-labs"), &[]);
    let json = all.json("json");
    let pack = word(&json["run"]["packs"][0]["sha256"]);
    for name in names() {
        let text = all.text(name);
        let parsed = || all.json(name);
        let results = |log: &Value, kind: &str| {
            let kind_of = |r: &&Value| r.get("kind").map_or("fail", word) == kind;
            items(&log["runs"][0]["results"]).iter().filter(kind_of).count()
        };
        match name {
            // Committed as an example.
            "html" => continue,
            "terminal" => says(text, &[&format!("close the {} open gaps", planted.gaps)]),
            "json" => {
                let of = |outcome: &str| {
                    items(&json["findings"]).iter().filter(|f| f["outcome"] == outcome).count()
                };
                assert_eq!((of("gap"), of("review")), (planted.gaps, planted.reviews));
            }
            "summary" | "html-summary" => {
                let text = if name == "summary" { flat(text) } else { super::html::text_of(text) };
                says(&text, &[&format!("{} ", planted.gaps), "Asked of leadership", "do not confront"]);
                assert_eq!(text.matches("Asked: ").count(), 5, "{text}");
            }
            "markdown" | "github-summary" => says(
                text,
                &[
                    &format!("| Gaps | {} gaps: ", planted.gaps),
                    &format!("| To review | {} |", planted.reviews),
                ],
            ),
            "csv" => {
                let of = |outcome: &str| rows(text).iter().filter(|row| &row[5] == outcome).count();
                assert_eq!((of("gap"), of("review")), (planted.gaps, planted.reviews));
            }
            "plan-csv" => assert_eq!(rows(text).len(), planted.checks, "an item for each check with a gap"),
            "sarif" => {
                assert_eq!((results(&parsed(), "fail"), results(&parsed(), "review")), (planted.gaps, 0))
            }
            "sarif-full" => assert_eq!(results(&parsed(), "fail"), planted.gaps),
            "github" => {
                let of = |kind: &str| text.lines().filter(|line| line.starts_with(kind)).count();
                assert_eq!((of("::error "), of("::warning "), of("::notice ")), (10, 10, 10), "{text}");
            }
            "gitlab" => assert_eq!(items(&parsed()).len(), planted.gaps),
            "junit" | "junit-gitlab" => {
                assert_eq!((attribute(text, "failures"), attribute(text, "errors")), (planted.gaps, 0));
                assert_eq!(text.matches("<failure ").count(), planted.gaps);
            }
            "pull-request" => says(text, &[&format!("{} gaps: ", planted.gaps)]),
            other => panic!("say here what must be in a report in the format {other}"),
        }
        match name {
            "json" | "sarif" | "sarif-full" => {
                let shape = serde_json::to_string_pretty(&shape(&parsed())).expect("JSON");
                committed(name, &shape, pack);
            }
            "junit" | "junit-gitlab" => committed(name, &beginning(text), pack),
            _ => committed(name, text, pack),
        }
    }
}

#[test]
fn the_terminal_report_is_the_committed_one_in_every_detail() {
    let planted = planted();
    let repo: Repo = example("meridian-labs");
    let report = |detail: &str| {
        let args = ["audit", ".", "--as-of", AS_OF, detail];
        Call::new(repo.root()).args(args).run().stdout
    };
    let quiet = report("--quiet");
    says(&flat(&quiet), &[&format!("{} gaps: ", planted.gaps)]);
    committed("terminal_quiet", &quiet, "no digest");
    let verbose = report("--verbose");
    let titles = |words: &[&str]| {
        let is_title = |line: &&str| words.iter().any(|word| line.starts_with(&format!("{word}[")));
        verbose.lines().filter(is_title).count()
    };
    assert_eq!(titles(&["critical", "high", "medium", "low"]), planted.gaps);
    assert_eq!(titles(&["review"]), planted.reviews);
    committed("terminal_verbose", &beginning(&verbose), "no digest");
}
