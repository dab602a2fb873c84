//! The README is true: its commands give the lines that it shows.

use super::support::{AS_OF, Call, Repo, says};
use crate::repository::root;

/// The texts between fences of a language.
pub(crate) fn fenced<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default()).collect()
}

#[track_caller]
pub(crate) fn shows(excerpt: &str, output: &str) {
    let lines: Vec<&str> = output.lines().collect();
    let shown: Vec<&str> = excerpt.lines().filter(|line| !matches!(line.trim(), "" | "…")).collect();
    assert!(shown.len() > 2, "no excerpt: {excerpt}");
    for line in shown {
        assert!(lines.contains(&line), "the page shows, and duly does not print:\n{line}\nin:\n{output}");
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
        let line = run.lines().find_map(|line| line.split_once(" gaps: ")).expect("the counts");
        line.0.parse().expect("a number")
    };
    let (before, now) = (open(&first.stdout), open(&second.stdout));
    assert_eq!(before - now, closed.len());
    says(&page, &[&format!("{now} gaps are open instead of {before}")]);
    let clean = Repo::new();
    clean.copy_example("first-audit/clean");
    let clean = Call::new(clean.root()).args(["audit", ".", "--as-of", AS_OF]).run();
    assert_eq!(clean.status, 0);
    assert!(
        clean.stdout.contains("No gap was found in ") && !clean.stdout.contains(" gap  "),
        "{}",
        clean.stdout
    );

    let organization = repo.text("organization.yaml");
    repo.write("organization.yaml", organization.replace("reports_to: [ic3]", "reports_too: [ic3]"));
    let third = audit();
    assert_eq!(third.status, 3);
    shows(excerpts[1], &third.stdout);
}

/// The text of a page of HTML without blanks, as a picture shows it without them.
fn squeezed_text(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    for (entity, character) in
        [("&#x2f;", "/"), ("&#x27;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
    {
        text = text.replace(entity, character);
    }
    squeezed(&text)
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A browser compares every line (`tests/browser`); without one, what the first page shows is held by its HTML.
#[test]
fn its_pictures_show_the_numbers_of_today() {
    use sha2::{Digest, Sha256};
    let repo = Repo::new();
    repo.copy_example("first-audit/week-one");
    Call::new(repo.root()).args(["audit", ".", "--as-of", AS_OF, "--report", "html=report.out"]).run();
    let page = squeezed_text(&repo.text("report.out"));
    let anew = "take the pictures anew: DULY_PICTURES=write cargo test --test browser";
    for name in ["report", "findings"] {
        let images = root().join("docs/images");
        let said = std::fs::read_to_string(images.join(format!("{name}.txt"))).expect("what it shows");
        let picture = std::fs::read(images.join(format!("{name}.png"))).expect("the picture");
        let digest: String = Sha256::digest(&picture).iter().map(|byte| format!("{byte:02x}")).collect();
        let mut lines = said.lines();
        assert_eq!(lines.next(), Some(format!("{name}.png {digest}").as_str()), "{anew}");
        // How many findings a filter leaves is written by a script.
        for line in lines.filter(|line| name == "report" || !line.ends_with(" findings")) {
            assert!(
                page.contains(&squeezed(line)),
                "{name}.png shows, and the report does not: {line}\n{anew}"
            );
        }
    }
}
