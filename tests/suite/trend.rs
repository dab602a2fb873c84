//! The trend: periods with their quarter, their commit and their numbers, in every report that shows it.

use std::fs;

use serde_json::{Value, json};

use super::history::History;
use super::html::{elements, text_of};
use super::repository::root;
use super::support::{Call, Output, flat, items, says, word};

/// Quarters with their last day, and how many days that is after the first of January 2026.
const QUARTERS: [(&str, &str, i64); 4] = [
    ("2025-Q3", "2025-09-30", -93),
    ("2025-Q4", "2025-12-31", -1),
    ("2026-Q1", "2026-03-31", 89),
    ("2026-Q2", "2026-06-30", 180),
];
const SEVERITIES: [&str; 4] = ["critical", "high", "medium", "low"];
/// Outcomes as the JSON report calls them, in the order of the reports.
const OUTCOMES: [&str; 5] = ["gap", "review", "not-assessed", "satisfied", "not-applicable"];

/// An organisation in four commits, one at the end of each quarter. From the third on, its gaps are known.
fn quarters() -> History {
    let history = History::new();
    history.repo.copy_example("meridian-labs");
    let shipments = history.repo.text("shipments/2026-Q2.yaml");
    for (i, (quarter, day, days)) in QUARTERS.into_iter().enumerate() {
        let signature = ["signature: none", "signature: direct", "signature: adult"][i % 3];
        history.write("shipments/2026-Q2.yaml", &shipments.replacen("signature: adult", signature, 3));
        if quarter == "2026-Q1" {
            assert_eq!(run(&history, &["baseline", "write", "--as-of", day]).status, 0);
        }
        history.commit(quarter, days);
    }
    history
}

fn run(history: &History, args: &[&str]) -> Output {
    Call::new(history.repo.root()).args(args).run()
}

/// A report of the last commit with the three before it, given in any order.
fn report(history: &History, format: &str, more: &[&str]) -> String {
    let mut args = vec!["audit", "--rev", "HEAD", "--as-of", "2026-06-30", "--report", format];
    args.extend(["--history", "HEAD~1", "--history", "HEAD~3", "--history", "HEAD~2"]);
    args.extend(more);
    let output = run(history, &args);
    assert_eq!(output.status, 1, "{}", output.stderr);
    output.stdout
}

/// What an audit of one commit finds: all gaps by severity, and measures by outcome.
fn alone(history: &History, revision: &str, as_of: &str) -> ([usize; 4], [usize; 5]) {
    let args = ["audit", "--rev", revision, "--as-of", as_of, "--report", "json"];
    let json: Value = serde_json::from_str(&run(history, &args).stdout).expect("JSON");
    let gaps: Vec<&Value> = items(&json["findings"]).iter().filter(|f| f["outcome"] == "gap").collect();
    let measures = items(&json["measures"]);
    (
        SEVERITIES.map(|severity| gaps.iter().filter(|f| f["severity"] == severity).count()),
        OUTCOMES.map(|outcome| measures.iter().filter(|m| m["outcome"] == outcome).count()),
    )
}

fn each_alone(history: &History) -> Vec<([usize; 4], [usize; 5])> {
    let revisions = ["HEAD~3", "HEAD~2", "HEAD~1", "HEAD"];
    revisions.iter().zip(QUARTERS).map(|(revision, (_, day, _))| alone(history, revision, day)).collect()
}

/// One column of a chart: its label, its sum, and its parts with their classes, the lowest first.
type Column = (String, String, Vec<(String, usize)>);

fn columns(page: &str, id: &str) -> Vec<Column> {
    let from = page.find(&format!("<title id=\"{id}-t\"")).unwrap_or_else(|| panic!("no chart {id}"));
    let chart = page[from..].split("</svg>").next().expect("it ends");
    let column = |text: &str| {
        let of = |class: &str| {
            let from = text
                .split_once(&format!("<text class=\"{class}\""))
                .unwrap_or_else(|| panic!("no {class}: {text}"))
                .1;
            text_of(&format!("<text{}", from.split_once("</text>").expect("it ends").0)).replace(' ', "")
        };
        let parts = text.split("<rect ").skip(1).map(|part| {
            let part = format!("<rect {}", part.split_once("</text>").expect("a number").0);
            let all = elements(&part);
            let class = all[0].attribute("class").expect("a class").trim_start_matches("f ").to_owned();
            (class, text_of(&part).parse().expect("a number"))
        });
        (of("period"), of("total"), parts.collect())
    };
    chart.split("<g class=\"column\">").skip(1).map(column).collect()
}

#[test]
fn periods_have_their_quarter_and_the_numbers_of_an_audit_of_their_commit() {
    let history = quarters();
    let page = report(&history, "html", &[]);
    let each = each_alone(&history);
    assert!(each.iter().all(|(gaps, _)| gaps.iter().sum::<usize>() > 0), "{each:?}");
    assert_ne!(each[0], each[3]);
    let wanted = |classes: &[&str], counts: &[usize], quarter: &str| {
        let parts = classes.iter().zip(counts).filter(|(_, n)| **n > 0).map(|(c, n)| ((*c).to_owned(), *n));
        (quarter.to_owned(), counts.iter().sum::<usize>().to_string(), parts.collect::<Vec<_>>())
    };
    let gaps: Vec<Column> = each
        .iter()
        .zip(QUARTERS)
        .map(|((gaps, _), (quarter, ..))| wanted(&["crit", "high", "med", "low"], gaps, quarter))
        .collect();
    assert_eq!(columns(&page, "gaps-trend"), gaps);
    let measures: Vec<Column> = each
        .iter()
        .zip(QUARTERS)
        .map(|((_, measures), (quarter, ..))| wanted(&["g", "r", "n", "s", "a"], measures, quarter))
        .collect();
    assert_eq!(columns(&page, "measures-trend"), measures);
    // The table has the same numbers, with the revision, the commit and its day beside the date of the audit.
    let table =
        page.split_once("class=\"periods\"").expect("a table").1.split_once("</table>").expect("it ends").0;
    let rows: Vec<String> = table.split("<tr>").skip(3).map(|row| text_of(&format!("<tr>{row}"))).collect();
    assert_eq!(rows.len(), 4);
    for (i, (quarter, day, _)) in QUARTERS.into_iter().enumerate() {
        let name = ["HEAD~3", "HEAD~2", "HEAD~1", "HEAD"][i];
        let commit = short(&history, name);
        let numbers: Vec<String> = each[i].0.iter().chain(&each[i].1).map(ToString::to_string).collect();
        assert_eq!(rows[i], format!("{quarter} {day} {name} {commit} of {day} {}", numbers.join(" ")));
    }
    // A revision is the name of no period.
    let charts =
        page.split_once("class=\"trends\"").expect("charts").1.split_once("</div>\n<p").expect("it ends").0;
    assert!(!charts.contains("HEAD"), "{charts}");
    assert!(!text_of(&page).contains("since HEAD"));
    says(&text_of(&page), &["since 2026-Q1"]);
}

fn short(history: &History, revision: &str) -> String {
    let object = history.git.revparse_single(revision).expect("a commit");
    object.id().to_string().chars().take(8).collect()
}

#[test]
fn the_trend_is_the_same_in_the_terminal_in_markdown_and_in_json() {
    let history = quarters();
    let each = each_alone(&history);
    let (terminal, markdown) = (report(&history, "terminal", &[]), report(&history, "markdown", &[]));
    let json: Value = serde_json::from_str(&report(&history, "json", &[])).expect("JSON");
    let mut line = terminal.lines().skip_while(|line| !line.starts_with("Trend")).skip(2);
    let mut row = markdown.lines().skip_while(|line| *line != "## Trend").skip(6);
    for (i, ((quarter, day, _), (gaps, measures))) in QUARTERS.into_iter().zip(&each).enumerate() {
        let commit = short(&history, ["HEAD~3", "HEAD~2", "HEAD~1", "HEAD"][i]);
        let numbers: Vec<String> = gaps.iter().chain(measures).map(ToString::to_string).collect();
        let wanted = format!("{quarter} {day} {commit} of {day} {}", numbers.join(" "));
        assert_eq!(flat(line.next().expect("a line")), wanted);
        let cells = format!("| {quarter} | {day} | {commit} of {day} | {} |", numbers.join(" | "));
        assert_eq!(row.next().expect("a row").replace('`', ""), cells);
        let Some(period) = items(&json["history"]).get(i) else { continue };
        assert_eq!((word(&period["as_of"]), word(&period["committed_on"])), (day, day));
        assert!(word(&period["commit"]).starts_with(&commit));
        for (severity, n) in SEVERITIES.iter().zip(gaps) {
            assert_eq!(period["gaps"][severity].as_u64().unwrap_or(0) as usize, *n, "{period}");
        }
    }
    assert_eq!(items(&json["history"]).len(), 3, "the present state is no period of the history");
    // On a narrow terminal, the same numbers stand in lines of their own.
    for (columns, expected) in [("80", "2025-Q3"), ("40", "as of 2025-09-30")] {
        let args = ["audit", "--rev", "HEAD", "--as-of", "2026-06-30", "--history", "HEAD~3"];
        let output = Call::new(history.repo.root()).args(args).env("COLUMNS", columns).run().stdout;
        says(&output, &["Trend", expected]);
        let trend = output.split_once("Trend").expect("a trend").1.split_once("\n\n").expect("it ends").0;
        let limit: usize = columns.parse().expect("a number");
        assert!(trend.lines().all(|line| line.chars().count() <= limit), "{trend}");
    }
    let quiet = run(&history, &["audit", "--as-of", "2026-06-30", "--history", "HEAD~3", "--quiet"]).stdout;
    assert!(!quiet.contains("Trend"), "{quiet}");
}

#[test]
fn the_order_in_which_periods_are_given_does_not_matter() {
    let history = quarters();
    let other = |format: &str| {
        let mut args = vec!["audit", "--rev", "HEAD", "--as-of", "2026-06-30", "--report", format];
        args.extend(["--history", "HEAD~3", "--history", "HEAD~2", "--history", "HEAD~1"]);
        run(&history, &args).stdout
    };
    for format in ["json", "html"] {
        assert!(report(&history, format, &[]) == other(format), "{format}");
    }
}

#[test]
fn two_periods_of_one_quarter_are_called_by_their_days() {
    let history = quarters();
    let args = ["audit", "--as-of", "2026-06-30", "--report", "html"];
    let past = ["--history", "HEAD~2", "--history", "HEAD~1", "--history", "HEAD~1=2026-05-15"];
    let page = run(&history, &[&args[..], &past[..]].concat()).stdout;
    let labels: Vec<String> = columns(&page, "gaps-trend").into_iter().map(|column| column.0).collect();
    assert_eq!(labels, ["2025-Q4", "2026-Q1", "2026-05-15", "2026-06-30"]);
    says(&text_of(&page), &["2026-05-15 the same commit as the period before"]);
}

#[test]
fn a_period_that_stands_twice_or_lies_ahead_is_refused() {
    let history = quarters();
    let audit = |past: &[&str]| {
        let args = ["audit", "--as-of", "2026-06-30"];
        run(&history, &[&args[..], past].concat())
    };
    let output = audit(&["--history", "HEAD~1", "--history", "HEAD~1=2026-03-31"]);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    says(
        &flat(&output.stderr),
        &["`HEAD~1` and `HEAD~1` are the same commit, judged as of the same day, 2026-03-31"],
    );
    let output = audit(&["--history", "HEAD~1=2026-07-01"]);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    says(
        &flat(&output.stderr),
        &["`HEAD~1` is judged as of 2026-07-01, which is after the date of this audit, 2026-06-30"],
    );
    // Without a date, a later commit is judged as of the date of the audit.
    let args = ["audit", "--as-of", "2026-01-31", "--history", "HEAD", "--report", "json"];
    let json: Value = serde_json::from_str(&run(&history, &args).stdout).expect("JSON");
    assert_eq!(json["history"][0]["as_of"], "2026-01-31");
    assert_eq!(json["history"][0]["committed_on"], "2026-06-30");
}

#[test]
fn a_base_has_its_commit_and_both_dates_wherever_it_is_named() {
    let history = quarters();
    let base = ["--base", "HEAD~1"];
    let audit = |format: &str| {
        let args = ["audit", "--rev", "HEAD", "--as-of", "2026-06-30", "--report", format];
        flat(&text_of(&run(&history, &[&args[..], &base[..]].concat()).stdout.replace('`', "")))
    };
    let commit = short(&history, "HEAD~1");
    let wanted = format!("HEAD~1 (commit {commit} of 2026-03-31, judged as of 2026-06-30)");
    for (format, before) in [
        ("html", "Findings since"),
        ("html", "Compared with"),
        ("markdown", "Gaps since"),
        ("pull-request", "Compared with"),
    ] {
        says(&audit(format), &[&format!("{before} {wanted}")]);
    }
    says(&audit("terminal"), &[&format!("HEAD~1 ({commit}, 2026-03-31)"), "as of 2026-06-30"]);
}

#[test]
fn a_saved_assessment_without_gaps_by_severity_says_so() {
    let history = quarters();
    let mut json: Value = serde_json::from_str(&report(&history, "json", &[])).expect("JSON");
    let periods = json["history"].as_array_mut().expect("a history");
    // As an earlier version wrote it: in the order of the command line, without commits and gaps.
    periods.reverse();
    for period in &mut *periods {
        let period = period.as_object_mut().expect("a period");
        for field in ["gaps", "commit", "committed_on"] {
            period.remove(field);
        }
    }
    periods.push(json!({ "name": "2024", "as_of": "2024-12-31", "measures": { "gap": usize::MAX, "review": usize::MAX },
        "packs": [] }));
    let file = history.repo.path("saved.json");
    fs::write(&file, json.to_string()).expect("a file");
    let render = |format: &str| run(&history, &["render", "saved.json", "--report", format]).stdout;
    let page = render("html");
    let chart = page
        .split_once("<title id=\"gaps-trend-t\"")
        .expect("a chart")
        .1
        .split_once("</svg>")
        .expect("it ends")
        .0;
    let columns = chart.split("<g class=\"column\">").skip(1).map(text_of).collect::<Vec<_>>();
    assert_eq!(columns.len(), 5);
    for (column, label) in columns.iter().zip(["2024-Q4", "2025-Q3", "2025-Q4", "2026-Q1"]) {
        assert_eq!(column, &format!("not recorded {label}"));
    }
    assert!(columns[4].ends_with("2026-Q2") && !columns[4].contains("not recorded"), "{columns:?}");
    says(&text_of(&page), &["2025-Q4 2025-12-31 HEAD~2 none not recorded"]);
    says(&flat(&render("terminal")), &["2025-Q4 2025-12-31 none not recorded"]);
    says(&render("markdown"), &["| 2025-Q4 | 2025-12-31 | none | not recorded | not recorded |"]);
}

#[test]
fn the_example_has_a_trend_only_with_a_history() {
    let folder = root().join("examples/meridian-labs");
    let args = ["audit", "--as-of", "2026-06-30", "--report"];
    for format in ["html", "markdown", "terminal"] {
        let text = Call::new(&folder).args([&args[..], &[format]].concat()).run().stdout;
        assert!(
            !text.contains("class=\"trends\"") && !text.contains("\nTrend") && !text.contains("## Trend")
        );
    }
}
