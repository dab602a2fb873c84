//! The terminal report: nothing wider than the terminal, labels under their values, nothing left out unsaid.

use std::path::Path;

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::packs::{active, each, pack};
use super::support::{AS_OF, Call, Repo, audit, flat, items, says, word};

/// The terminal report of a folder at a width.
fn report(folder: &Path, width: usize, more: &[&str]) -> String {
    let all: &[&str] = if more.contains(&"--quiet") { &[] } else { &["--all"] };
    let args = [&["audit", ".", "--as-of", AS_OF], all, more].concat();
    Call::new(folder).args(args).env("COLUMNS", &width.to_string()).run().stdout
}

fn meridian() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/meridian-labs")
}

/// Characters of every width in names that are shown, in every style of writing.
const NAMES: [&str; 7] = ["plain", "名前名前", "🦀🦀", "e\u{301}e\u{301}x", "ｆｕｌｌ", "한글", "a\u{202e}b"];

fn names() -> Repo {
    let repo = Repo::new();
    active(&repo);
    for (i, name) in NAMES.iter().enumerate() {
        // An id with a character that hides is refused.
        let id = name.replace('\u{202e}', "");
        repo.write(format!("{i}/a.yaml"), format!("{{kind: vendor, id: {id}-1, status: ended}}\n"));
        repo.write(
            format!("{i}/b.yaml"),
            format!("[{{id: {id}-2,\tkind:\tvendor, notes: {name},\tstatus: ended}}]\n"),
        );
        repo.write(format!("{i}/c.json"), format!("[\n\t{{\"id\": \"{id}-3\", \"name\": \"{name}\",\t\"kind\": \"vendor\",\t\"status\": \"ended\"}}]\n"));
        let far = name.repeat(20);
        repo.write(
            format!("{i}/d.yaml"),
            format!(
                "{{kind: vendor, id: {id}-4, name: {far}, notes: {far}, status: ended, legal_name: {far}}}\n"
            ),
        );
        repo.write(format!("{i}/e.yaml"), format!("kind: vendor\nid: {id}-5\nnotes: {far}\nstatus: ended\n"));
    }
    repo
}

/// A line that holds what has to stay whole: a place.
fn is_place(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("╭▸ ")
        || line.starts_with("problem[")
        || line.starts_with("notice[")
        || line.starts_with("first: ")
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let names = names();
    for width in [40, 60, 80, 100, 140] {
        for more in [&[][..], &["--verbose"], &["--quiet"]] {
            let tiny = [more, &["--pack", "pack"]].concat();
            for (folder, more) in [(names.root(), tiny.as_slice()), (&meridian(), more)] {
                let text = report(folder, width, more);
                assert!(text.len() > 80, "{text}");
                for line in text.lines().filter(|line| !is_place(line)) {
                    // A check's own name is whole too, and then alone on its line.
                    let whole = line.contains('[') && line.ends_with("]:") && !line.contains(' ');
                    assert!(whole || line.width() <= width, "{} columns at {width}:\n{line}", line.width());
                }
            }
        }
    }
}

/// For each label of a report: what stands in the columns above it.
fn labelled(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (i, line) in lines.iter().enumerate().filter(|(_, line)| line.contains('━')) {
        let start = line[..line.find('━').expect("a mark")].width();
        let width = line.chars().filter(|c| *c == '━').count();
        let above = lines[i - 1];
        let at = |column: usize| {
            let ends = above.char_indices().map(|(i, _)| i).chain([above.len()]);
            ends.filter(|i| above[..*i].width() <= column).max().unwrap_or_default()
        };
        found.push(above[at(start)..at(start + width)].to_owned());
    }
    found
}

#[test]
fn a_label_stands_under_its_value() {
    let repo = names();
    let json = audit(&repo);
    assert_eq!(json.findings().len(), NAMES.len() * 5, "{}", json.text);
    for width in [40, 60, 80, 100, 140] {
        let labelled = labelled(&report(repo.root(), width, &["--verbose", "--pack", "pack"]));
        assert_eq!(labelled.len(), NAMES.len() * 5);
        for text in labelled {
            assert!(matches!(text.as_str(), "ended" | "\"ended\""), "{text:?} at {width}");
        }
    }
    // The same in the report of machines, in characters.
    for finding in json.findings() {
        let snippet = &finding["snippet"];
        let number = |key: &str| snippet[key].as_u64().expect("a number") as usize;
        let under: String =
            word(&snippet["line"]["text"]).chars().skip(number("column") - 1).take(number("width")).collect();
        assert!(matches!(under.as_str(), "ended" | "\"ended\""), "{snippet}");
        // The place is that of the file, whatever of its line is shown.
        let at = super::support::at(&repo, &finding["place"]);
        assert!(at.trim_start_matches('"').starts_with("ended"), "{at}");
    }
}

/// Findings that a report counts but does not show.
fn left_out(text: &str) -> usize {
    let flat = flat(text);
    let mut sum = 0;
    for (i, _) in flat.match_indices("… and ") {
        let words: Vec<&str> = flat[i..].split(' ').take(6).collect();
        if words[3..5] == ["more", "of"] {
            sum += words[2].parse::<usize>().expect("a number");
            assert!(words[5].ends_with(';'), "{words:?}");
        }
    }
    sum
}

fn json_of(folder: &Path) -> Value {
    let args = ["audit", ".", "--as-of", AS_OF, "--report", "json"];
    serde_json::from_str(&Call::new(folder).args(args).run().stdout).expect("JSON")
}

#[test]
fn verbose_leaves_nothing_out_and_the_normal_report_counts_what_it_does() {
    let json = json_of(&meridian());
    let verbose = report(&meridian(), 100, &["-v"]);
    let words = flat(&verbose);
    let findings = items(&json["findings"]);
    for finding in findings {
        says(&words, &[&flat(word(&finding["message"]))]);
    }
    let titles = |text: &str, outcome: &str| {
        findings
            .iter()
            .filter(|f| f["outcome"] == outcome)
            .map(|f| (word(&f["measure"]), word(&f["check"])))
            .collect::<std::collections::BTreeSet<_>>()
            .iter()
            .map(|(measure, check)| {
                let word = match outcome {
                    "gap" => ["low", "medium", "high", "critical"].to_vec(),
                    other => vec![other],
                };
                word.iter()
                    .map(|w| {
                        text.lines().filter(|l| l.starts_with(&format!("{w}[{measure}/{check}]:"))).count()
                    })
                    .sum::<usize>()
            })
            .sum::<usize>()
    };
    for outcome in ["gap", "review", "not-assessed"] {
        let count = findings.iter().filter(|f| f["outcome"] == outcome).count();
        assert_eq!(titles(&verbose, outcome), count, "{outcome}");
    }
    for check in items(&json["measures"]).iter().flat_map(|m| items(&m["checks"])) {
        says(&verbose, &[word(&check["id"])]);
        if let Some(question) = check["question"].as_str() {
            says(&words, &[&flat(question)]);
        }
        let found = findings.iter().any(|f| f["check"] == check["id"]);
        if found {
            let place = &check["policy"];
            says(&verbose, &[&format!("╭▸ {}:{}", word(&place["path"]), place["line"])]);
        }
        for id in items(&check["satisfied"]) {
            says(&words, &[word(id)]);
        }
    }
    for problem in items(&json["problems"]) {
        says(&words, &[&flat(word(&problem["message"]))]);
    }
    // What the normal report shows and what it says it does not show are all there is.
    let normal = report(&meridian(), 100, &[]);
    let shown = titles(&normal, "gap") + titles(&normal, "review");
    let assessed = findings.iter().filter(|f| f["outcome"] != "not-assessed").count();
    assert_eq!(shown + left_out(&normal), assessed);
    for group in items(&json["not_assessed"]) {
        says(&flat(&normal), &[&flat(word(&group["text"]))]);
    }
}

#[test]
fn a_group_names_all_its_records_or_says_how_many_more() {
    let repo = Repo::new();
    let group = "  - id: shared\n    title: Not shared\n    asks: [ask]\n    tests: operation\n    grade: observed\n    \
                 for: vendor\n    group_by: vendor.status\n    require: group.map(v, v.id).distinct().size() < 2\n    \
                 otherwise: review\n    pattern: It can be innocent.\n    message: \"{{ ids }} share\"\n";
    pack(&repo, group);
    for i in 10..40 {
        repo.write(format!("{i}.yaml"), format!("kind: vendor\nid: v-{i}\nstatus: ended\n"));
    }
    let normal = flat(&report(repo.root(), 100, &["--pack", "pack"]));
    says(&normal, &["and 24 more (--verbose lists them)", "and 18 more share"]);
    let verbose = report(repo.root(), 100, &["--pack", "pack", "-v"]);
    for i in 11..40 {
        says(&flat(&verbose), &[&format!("v-{i} at {i}.yaml:2:5")]);
    }
}

#[test]
fn a_small_report_reads_well() {
    let repo = Repo::with(&[
        ("a.yaml", "kind: vendor\nid: v-1\nname: Acme\ncontact_name: Zoe Example\nstatus: ended\n"),
        (
            "b.yaml",
            "# two of them\n- {kind: vendor, id: 名前, contact_name: Zoe Example, status: suspended}\n- kind: vendor\n  id: v-3\n",
        ),
        ("c.yaml", "kind: vendor\nid: v-4\nstatuss: active\n"),
        ("notes.txt", "nobody claims this\n"),
    ]);
    let reviewed = each(
        "vendor-reviewed",
        "vendor",
        "vendor.status == 'active'",
        "vendor {{ vendor.contact_name }}",
        &["missing: gap"],
    );
    pack(
        &repo,
        &[
            each(
                "vendor-not-active",
                "vendor",
                "vendor.status == 'active'",
                "vendor {{ vendor.id }} is {{ vendor.status }}",
                &["at: status"],
            ),
            reviewed.replace(
                "vendor-reviewed holds",
                "that the status is recorded for each vendor, and that it is the one of the contract, holds",
            ),
        ]
        .concat(),
    );
    let text = report(repo.root(), 80, &["--pack", "pack"]);
    assert!(
        labelled(&text)
            .iter()
            .all(|t| matches!(t.as_str(), "ended" | "suspended" | "v-1" | "名前" | "v-3" | "v-4")),
        "{text}"
    );
    assert!(!text.contains("Zoe") && text.contains("Z. E."));
    let json = audit(&repo);
    // The two that are not assessed are one group.
    assert_eq!(labelled(&text).len() + 2 + left_out(&text), json.findings().len(), "{text}");
    insta::assert_snapshot!("small", text);
    insta::assert_snapshot!("small_narrow", report(repo.root(), 40, &["--pack", "pack"]));
}

#[test]
fn the_head_of_a_large_report_reads_well() {
    let text = report(&meridian(), 100, &[]);
    let head: String = text.split_inclusive('\n').take_while(|line| *line != "Gaps\n").collect();
    let json = json_of(&meridian());
    says(&flat(&head), &[word(&json["summary"]["verdict"])]);
    for measure in items(&json["measures"]) {
        let start = format!("{:<14} {}  ", word(&measure["outcome"]), word(&measure["id"]));
        assert_eq!(head.matches(&start).count(), 1, "{start}");
    }
    insta::assert_snapshot!("meridian_labs_head", head);
}

/// The answer to `duly audit` alone.
fn summary(folder: &Path) -> String {
    Call::new(folder).args(["audit", ".", "--as-of", AS_OF]).env("COLUMNS", "100").run().stdout
}

#[test]
fn the_default_answer_fits_two_screens_and_counts_what_it_leaves_out() {
    for example in ["meridian-labs", "clean-harbor", "first-audit/week-one", "first-audit/clean"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example);
        let text = summary(&folder);
        assert!(text.lines().count() <= 100, "{example}: {} lines", text.lines().count());
        assert!(text.lines().all(|line| line.width() <= 100), "{example}:\n{text}");
        let json = json_of(&folder);
        let findings = items(&json["findings"]);
        let is_gap = |f: &&Value| f["outcome"] == "gap" && f["disposition"] == "open";
        let gaps: Vec<&Value> = findings.iter().filter(is_gap).collect();
        let ids: Vec<&str> = items(&json["measures"]).iter().map(|m| word(&m["id"])).collect();
        let of_measures = |line: &&str| ids.iter().any(|id| line.contains(&format!(" {id}  ")));
        assert_eq!(text.lines().filter(of_measures).count(), ids.len(), "a line for each measure:\n{text}");
        let severities = ["  critical  ", "  high      ", "  medium    ", "  low       "];
        let named: Vec<&str> =
            text.lines().filter(|line| severities.iter().any(|s| line.starts_with(s))).collect();
        assert_eq!(named.len(), gaps.len().min(10), "{text}");
        // The most severe first.
        let ranks: Vec<usize> = named
            .iter()
            .map(|line| severities.iter().position(|s| line.starts_with(s)).expect("one"))
            .collect();
        assert!(ranks.is_sorted(), "{text}");
        if gaps.len() > 10 {
            says(&text, &[&format!("… and {} more gaps (", gaps.len() - 10)]);
        }
        let reviews = findings.iter().filter(|f| f["outcome"] == "review").count();
        assert_eq!(text.contains("to review"), reviews > 0, "{text}");
        says(&text, &["--all shows the findings of every check"]);
    }
}
