//! The README is true: its commands give the lines that it shows.

use super::support::{AS_OF, Call, Repo};
use crate::repository::root;

/// The texts between fences of a language.
fn fenced<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default()).collect()
}

#[track_caller]
fn shows(excerpt: &str, output: &str) {
    let lines: Vec<&str> = output.lines().collect();
    let shown: Vec<&str> = excerpt.lines().filter(|line| !matches!(line.trim(), "" | "…")).collect();
    assert!(shown.len() > 2, "no excerpt: {excerpt}");
    for line in shown {
        assert!(lines.contains(&line), "the README shows, and duly does not print:\n{line}\nin:\n{output}");
    }
}

#[test]
fn its_excerpts_are_what_duly_prints() {
    let page = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let excerpts = fenced(&page, "text");
    let repo = Repo::new();
    repo.copy_example("first-audit/week-one");
    let audit = || Call::new(repo.root()).args(["audit", ".", "--as-of", AS_OF]).run();
    let first = audit();
    assert_eq!(first.status, 1);
    shows(excerpts[0], &first.stdout);

    // What it says of three gaps and their few lines.
    let all = || Call::new(repo.root()).args(["audit", ".", "--as-of", AS_OF, "--all"]).run();
    let (first, audit) = (all(), all);
    let closed = [
        "no-rule-against-remote-desktop-applications]",
        "outside-worker-with-admin-role]",
        "incident-process-without-extortion]",
        "incident-process-without-report]",
    ];
    assert!(closed.iter().all(|check| first.stdout.contains(check)), "{}", first.stdout);
    let [rule, level, process] = fenced(&page, "yaml").try_into().expect("three blocks");
    let edit = |file: &str, before: &str, after: &str| {
        let text = repo.text(file);
        assert_eq!(text.matches(before).count(), 1, "{before} in {file}");
        repo.write(file, text.replace(before, after));
    };
    edit("rules.yaml", "remote_desktop: { protocol_prevented: true }", rule.trim_end());
    edit("access.yaml", "level: admin", level.trim_end());
    let organization = repo.text("organization.yaml");
    repo.write("organization.yaml", format!("{organization}{process}"));
    let second = audit();
    assert!(closed.iter().all(|check| !second.stdout.contains(check)), "{}", second.stdout);
    let open = |run: &str| -> usize {
        let line = run.lines().find(|line| line.starts_with("Open gaps: ")).expect("the counts");
        line.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<usize>().ok()).sum()
    };
    assert_eq!(open(&first.stdout) - open(&second.stdout), closed.len());

    let organization = repo.text("organization.yaml");
    repo.write("organization.yaml", organization.replace("reports_to: [ic3]", "reports_too: [ic3]"));
    let third = audit();
    assert_eq!(third.status, 3);
    shows(excerpts[1], &third.stdout);
}
