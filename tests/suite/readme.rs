//! The README is true: its commands give the lines that it shows.

use std::path::Path;

use super::support::{AS_OF, Call, Repo, binary};
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
    let example = root().join("examples/meridian-labs");
    let output = binary(Path::new(".")).arg("audit").arg(&example).args(["--as-of", AS_OF]).output();
    shows(excerpts[0], &String::from_utf8_lossy(&output.expect("duly starts").stdout));

    let records = fenced(&page, "yaml")[0];
    let repo = Repo::with(&[("records.yaml", records)]);
    let audit = || Call::new(repo.root()).args(["audit", ".", "--as-of", AS_OF]).run();
    let first = audit();
    assert_eq!(first.status, 1);
    shows(excerpts[1], &first.stdout);

    // What it says of the address and the signature.
    let both = ["shipment-without-signature]", "shipment-to-undesignated-address]"];
    assert!(both.iter().all(|check| first.stdout.contains(check)));
    let fixed = records.replace("99 Elm Road", "12 Oak St.").replace("signature: none", "signature: adult");
    repo.write("records.yaml", &fixed);
    let second = audit();
    assert!(both.iter().all(|check| !second.stdout.contains(check)), "{}", second.stdout);

    repo.write("records.yaml", fixed.replace("signature: adult", "signatur: adult"));
    let third = audit();
    assert_eq!(third.status, 3);
    shows(excerpts[2], &third.stdout);
}
