//! The guides in `docs/` work: their commands run in the order of the page, on the records of the page, and print what it shows.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::history::{History, commit, init};
use super::readme::{fenced, shows};
use super::support::{AS_OF, Call, Output, Repo, audit, says, word};
use crate::repository::root;

fn page(name: &str) -> String {
    fs::read_to_string(root().join("docs").join(name)).expect("a page")
}

/// The fenced blocks of a page with their languages, in their order.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    page.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect()
}

/// The file that the first line of a block names: `# house/pack.yaml`.
fn file_of(block: &str) -> Option<&str> {
    block.lines().next()?.strip_prefix("# ").filter(|name| name.ends_with(".yaml") && !name.contains(' '))
}

/// The guide for officers, in a folder with its repository.
struct Officer {
    around: Repo,
    runs: Vec<(String, Output)>,
}

impl Officer {
    fn folder(&self) -> std::path::PathBuf {
        self.around.path("audit")
    }

    /// Runs a line of a shell: `duly`, perhaps into a file, and the few lines of git of the page.
    fn run(&mut self, line: &str) {
        let folder = self.folder();
        match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["mkdir", ..] => {
                assert_eq!(line, "mkdir audit && cd audit && git init --quiet");
                fs::create_dir(&folder).expect("a folder");
                init(&folder);
            }
            ["git", "add", "--all"] => {}
            ["git", "commit", ..] => {
                let git = git2::Repository::open(&folder).expect("a repository");
                commit(&git, "Records", 180);
            }
            ["git", "tag", name] => {
                let git = git2::Repository::open(&folder).expect("a repository");
                let head = git.head().expect("a commit").peel(git2::ObjectType::Commit).expect("a commit");
                git.tag_lightweight(name, &head, false).expect("a tag");
            }
            ["duly", words @ ..] => {
                let at = words.iter().position(|word| *word == ">").unwrap_or(words.len());
                let output = Call::new(&folder).args(&words[..at]).run();
                assert!(output.status < 2, "{line}: {}", output.stderr);
                assert_eq!(output.complaints(), "", "{line}");
                if let Some(file) = words.get(at + 1) {
                    fs::write(folder.join(file), &output.stdout).expect("a file");
                }
                self.runs.push((line.to_owned(), output));
            }
            _ => panic!("what is `{line}`?"),
        }
    }

    fn output(&self, line: &str) -> &Output {
        &self.runs.iter().find(|(run, _)| run == line).unwrap_or_else(|| panic!("no {line}")).1
    }
}

#[test]
fn the_guide_for_officers_can_be_followed() {
    let page = page("officers.md");
    let mut officer = Officer { around: Repo::new(), runs: Vec::new() };
    for (language, block) in blocks(&page) {
        match (language, file_of(block)) {
            ("sh", _) => block.lines().for_each(|line| officer.run(line)),
            ("yaml", Some(file)) => fs::write(officer.folder().join(file), block).expect("a file"),
            ("yaml", None) => {}
            (other, _) => panic!("what is a block of {other}?"),
        }
    }
    let first = officer.output("duly audit --as-of 2026-06-30");
    assert_eq!(first.status, 1);
    assert!(!first.stdout.contains("Problems with the input"), "{}", first.stdout);
    says(
        &first.stdout,
        &[
            "close the 17 open gaps",
            "DD-02/individual-without-own-check",
            "DD-10/worker-without-notarized-proof",
        ],
    );
    says(&page, &["has 17 open gaps. 6 of them are about Ben Ito"]);
    for file in ["gap-report.html", "requests.md", "assessment.json"] {
        assert!(officer.around.path(file).is_file(), "{file}");
    }
    let assessment: Value = serde_json::from_str(&officer.around.text("assessment.json")).expect("JSON");
    // Gaps that are known for months have no plan item yet.
    let told = assessment["problems"].as_array().expect("problems").iter();
    assert!(
        told.clone().all(|problem| problem["code"] == "gap-without-plan-item"),
        "{}",
        assessment["problems"]
    );
    let of_ben = |finding: &&Value| {
        let records = finding["records"].as_array().expect("records");
        finding["outcome"] == "gap" && records.iter().any(|record| record["id"] == "W-02")
    };
    assert_eq!(assessment["findings"].as_array().expect("findings").iter().filter(of_ben).count(), 6);
    let checks = assessment["measures"].as_array().expect("measures").iter();
    let stated = checks
        .flat_map(|measure| measure["checks"].as_array().expect("checks"))
        .filter(|check| word(&check["reason"]).contains("stated on 2026-06-30 that there was none"));
    assert!(stated.count() > 20, "the statements count");
}

#[test]
fn the_guide_for_engineers_shows_what_a_change_gives() {
    let page = page("engineers.md");
    let history = History::new();
    history.repo.copy_example("first-audit/week-one");
    history.commit("Records of the first week", 0);
    let [rule, shipment] = fenced(&page, "yaml").try_into().expect("two blocks");
    let rules = history.repo.text("rules.yaml");
    let before = "remote_desktop: { protocol_prevented: true }";
    assert_eq!(rules.matches(before).count(), 1);
    history.write("rules.yaml", &rules.replace(before, rule));
    let shipments = history.repo.text("shipments.yaml");
    history.write("shipments.yaml", &format!("{shipments}{shipment}\n"));
    let [excerpt] = fenced(&page, "text").try_into().expect("one excerpt");
    says(&page, &["`duly audit --base main --as-of 2026-06-30`", "a company with 40 open gaps"]);
    let output = Call::new(history.repo.root()).args(["audit", "--base", "main", "--as-of", AS_OF]).run();
    assert_eq!(output.status, 1);
    shows(excerpt, &output.stdout);
}

#[test]
fn the_guide_for_policy_authors_ends_with_a_pack_that_finds() {
    let page = page("policy-authors.md");
    let repo = Repo::new();
    repo.copy_example("first-audit/week-one");
    let test = || Call::new(repo.root()).args(["test", "house"]).run();
    let append = |file: &str, text: &str| {
        let before = repo.text(file);
        repo.write(file, format!("{before}{text}\n"));
    };
    let mut excerpts = fenced(&page, "text").into_iter();
    let mut more = Vec::new();
    for block in fenced(&page, "yaml") {
        match file_of(block) {
            Some(file) => drop(repo.write(file, format!("{block}\n"))),
            None => more.push(block),
        }
    }
    let [tests, packs, profiles, profile] = more.try_into().expect("four further blocks");
    let half = test();
    assert_eq!(half.status, 1);
    assert_eq!(half.stdout.trim_end(), excerpts.next().expect("what is left"));
    append("house/tests/HR-01.yaml", tests);
    let whole = test();
    assert_eq!(whole.status, 0);
    assert_eq!(whole.stdout.trim_end(), excerpts.next().expect("nothing is left"));

    append("duly.yaml", packs);
    let output = Call::new(repo.root()).args(["audit", "--as-of", AS_OF, "--all"]).run();
    shows(excerpts.next().expect("a finding"), &output.stdout);
    let found = audit(&repo);
    assert_eq!((found.problems(), found.of("laptop-silent").len()), (&[][..], 10));

    append("house/pack.yaml", profiles);
    let measure = repo.text("house/HR-01.yaml");
    let profile = profile.split_once('\n').expect("its first line says where it goes").1;
    repo.write(
        "house/HR-01.yaml",
        measure.replacen("    tests: operation", &format!("{profile}\n    tests: operation"), 1),
    );
    assert_eq!(test().status, 0);
    let found = audit(&repo);
    assert_eq!(found.of("laptop-silent").len(), 10);
    let explained = Call::new(repo.root()).args(["explain", "laptop-silent"]).run();
    says(&explained.stdout, &["rests on", "a sentence of the document"]);
}

/// Where the links of a page lead: the file, and the heading in it.
fn links(page: &str) -> Vec<(&str, Option<&str>)> {
    let targets = page.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    targets
        .filter(|target| !target.contains("://") && !target.contains(' '))
        .map(|target| match target.split_once('#') {
            Some((file, heading)) => (file, Some(heading)),
            None => (target, None),
        })
        .collect()
}

/// The headings of a page, as links name them.
fn headings(page: &str) -> Vec<String> {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    let mut is_code = false;
    let mut found = Vec::new();
    for line in page.lines() {
        is_code ^= line.starts_with("```");
        if !is_code && line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            found.push(heading.chars().filter(kept).collect::<String>().replace(' ', "-"));
        }
    }
    found
}

#[test]
fn every_link_of_the_documentation_leads_somewhere() {
    let mut pages =
        vec![root().join("README.md"), root().join("CONTRIBUTING.md"), root().join("SECURITY.md")];
    for folder in ["docs", "examples"] {
        let entries = fs::read_dir(root().join(folder)).expect("a folder");
        pages.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    pages.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    let mut wrong = Vec::new();
    let mut followed = 0;
    for path in &pages {
        let text = fs::read_to_string(path).expect("a page");
        let folder = path.parent().unwrap_or(Path::new(""));
        for (file, heading) in links(&text) {
            let target = if file.is_empty() { path.clone() } else { folder.join(file) };
            let is_there = match heading {
                None => target.exists(),
                Some(heading) => fs::read_to_string(&target)
                    .is_ok_and(|text| headings(&text).iter().any(|there| there == heading)),
            };
            followed += 1;
            if !is_there {
                wrong.push(format!("{}: {file}#{}", path.display(), heading.unwrap_or_default()));
            }
        }
    }
    assert!(followed > 100, "{followed}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
