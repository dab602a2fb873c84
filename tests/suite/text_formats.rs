//! Markdown, the pull-request comment and CSV: what renders them finds nothing to act on, and counts are whole.

use serde_json::Value;

use super::formats::{NASTY, Reports, example, hostile, reports};
use super::fuzz::bodies::defused;
use super::packs::active;
use super::support::{Repo, items, says, word};

#[test]
fn nothing_of_a_record_is_markup() {
    for repo in [hostile(), example("meridian-labs")] {
        let all = reports(&repo, &[]);
        for name in ["markdown", "github-summary", "pull-request"] {
            defused(name, all.text(name));
        }
        let comment = all.text("pull-request");
        let marker = comment.lines().next().unwrap_or_default();
        assert!(marker.starts_with("<!-- duly:report:") && marker.ends_with(" -->"), "{marker}");
        assert_eq!(marker.matches("--").count(), 2, "{marker}");
    }
}

#[test]
fn tables_have_as_many_cells_in_every_row() {
    for repo in [hostile(), example("meridian-labs")] {
        let all = reports(&repo, &[]);
        for name in ["markdown", "github-summary", "pull-request"] {
            let mut width = None;
            for line in all.text(name).lines() {
                let cells = line.starts_with('|').then(|| line.matches('|').count());
                assert!(width.is_none() || cells.is_none() || width == cells, "{name}: {line}");
                width = cells;
            }
        }
    }
}

#[test]
fn the_markdown_report_has_every_gap_and_what_to_do() {
    let all = reports(&example("meridian-labs"), &[]);
    let text = all.text("markdown");
    let json = all.json("json");
    says(
        text,
        &[
            "# Gap report: Meridian Labs",
            "| Gaps | 82 gaps: 27 critical, 35 high, 16 medium, 4 low |",
            "## Measures",
            "## Gaps",
            "To do:",
            "## To review: prompts to look, not proof",
            "Rule out first: ",
            "## Not assessed",
            "## Sources and method",
            "<https://www.ic3.gov/PSA/2023/PSA231018>",
        ],
    );
    assert!(text.contains(word(&json["summary"]["verdict"])));
    let section = text.split("## Gaps").nth(1).and_then(|rest| rest.split("## To review").next());
    let entries = section.unwrap_or_default().lines().filter(|line| line.starts_with("- ")).count();
    assert_eq!(entries, all.gaps());
    for measure in items(&json["measures"]) {
        assert!(text.contains(&format!("| {} |", word(&measure["id"]))), "{}", measure["id"]);
    }
    for finding in items(&json["findings"]).iter().filter(|f| f["outcome"] == "gap") {
        let place = super::support::place(&finding["place"]);
        assert!(text.contains(&format!("`{place}`")), "{place}");
    }
}

#[test]
fn a_page_that_is_too_long_says_what_it_leaves_out() {
    let repo = Repo::new();
    active(&repo);
    let records: Vec<String> = (0..4_000)
        .map(|i| format!("- {{ kind: vendor, id: v-{i}-{}, status: ended }}\n", "x".repeat(100)))
        .collect();
    repo.write("v.yaml", records.concat());
    repo.write("broken.yaml", "[");
    let all = reports(&repo, &["--pack", "pack"]);
    let text = all.text("markdown");
    assert!(text.len() < 500_000);
    let shown = text.lines().filter(|line| line.starts_with("- vendor v-")).count();
    assert!(shown > 500);
    says(text, &[&format!("- … and {} gaps left out for the size of this page", 4_000 - shown)]);
    says(text, &["## Problems with the input", "This page leaves something out", "Fix the record."]);
    let comment = all.text("pull-request");
    assert!(comment.chars().count() <= 60_000);
    says(comment, &["… and 3980 more gaps", "#### The audit is incomplete"]);
}

/// The rows of a CSV file, with what every file keeps to.
fn table(text: &str) -> Vec<Vec<String>> {
    // Excel reads what has no mark in the code page of the machine.
    let text = text.strip_prefix('\u{feff}').expect("the mark of UTF-8");
    assert!(!text.contains('\u{feff}'));
    assert!(text.ends_with("\r\n"));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "every row ends with CR LF");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.expect("as many cells as the header").iter().map(str::to_owned).collect())
        .collect();
    for cell in rows.iter().flatten() {
        let first = cell.trim_start().chars().next().unwrap_or('x');
        assert!(!"=+-@＝＋－＠".contains(first) && !cell.contains(['\n', '\r', '\t']), "a formula: {cell:?}");
    }
    rows
}

fn findings(all: &Reports) {
    let rows = table(all.text("csv"));
    let json = all.json("json");
    let (groups, findings): (Vec<_>, Vec<_>) = rows[1..].iter().partition(|row| row[5] == "not-assessed");
    let assessed = items(&json["findings"]).iter().filter(|f| f["outcome"] != "not-assessed");
    let mut assessed: Vec<&Value> = assessed.collect();
    // The worst first.
    let rank = |f: &Value| {
        let of = |order: &[&str], field: &str| order.iter().position(|word| f[field] == *word);
        (of(&["gap", "review"], "outcome"), of(&["critical", "high", "medium", "low"], "severity"))
    };
    assessed.sort_by_key(|finding| rank(finding));
    assert_eq!(findings.len(), assessed.len());
    assert_eq!(groups.len(), items(&json["not_assessed"]).len());
    let column = |name: &str| rows[0].iter().position(|cell| cell == name).expect("a column");
    for (row, finding) in findings.iter().zip(assessed) {
        for name in ["fingerprint", "outcome", "severity", "disposition"] {
            assert_eq!(row[column(name)], word(&finding[name]), "{name}");
        }
        assert_eq!(row[column("as_of")], "2026-06-30");
    }
}

#[test]
fn each_finding_is_a_row() {
    for repo in [example("meridian-labs"), example("clean-harbor"), hostile(), Repo::new()] {
        findings(&reports(&repo, &[]));
    }
    let text = hostile_cells();
    for formula in NASTY.iter().filter(|text| text.starts_with(['=', '+', '-', '@'])) {
        assert!(text.contains(&format!("'{formula}")), "{formula} is not there: {text}");
    }
}

/// The cells that begin with a quotation mark of ours.
fn hostile_cells() -> String {
    let repo = Repo::new();
    for (i, text) in NASTY.iter().enumerate().filter(|(_, text)| text.starts_with(['=', '+', '-', '@'])) {
        let text = text.replace('\\', "\\\\").replace('"', "\\\"");
        repo.write(
            format!("{i}.yaml"),
            format!("kind: vendor\nid: v-{i}\nname: \"{text}\"\nstatus: ended\n"),
        );
    }
    let check =
        super::packs::each("named", "vendor", "vendor.id == 'x'", "{{ vendor.name }}", &["at: status"]);
    super::packs::pack(&repo, &check);
    reports(&repo, &["--pack", "pack"]).text("csv").to_owned()
}

#[test]
fn the_plan_proposes_an_item_for_each_check_with_open_gaps() {
    let all = reports(&example("meridian-labs"), &[]);
    let rows = table(all.text("plan-csv"));
    let header = &rows[0];
    assert_eq!((header.len(), &*header[0], &*header[26]), (27, "POAM ID", "Auto-Approve"));
    let json = all.json("json");
    let checks: std::collections::BTreeSet<String> = items(&json["findings"])
        .iter()
        .filter(|f| f["outcome"] == "gap")
        .map(|f| format!("proposed/{}/{}", word(&f["measure"]), word(&f["check"])))
        .collect();
    let ids: std::collections::BTreeSet<String> = rows[1..].iter().map(|row| row[0].clone()).collect();
    assert_eq!((ids, rows.len() - 1), (checks.clone(), checks.len()));
    let clean = reports(&example("clean-harbor"), &[]);
    assert_eq!(table(clean.text("plan-csv")).len(), 1, "only the header");
}
