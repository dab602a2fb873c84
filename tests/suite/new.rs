//! `duly new`: templates that can be read as they are, and satisfy nothing until somebody fills them in.

use std::collections::BTreeSet;

use super::support::{AS_OF, Audit, Repo, audit_with, duly, items, says, word};

fn kinds() -> Vec<String> {
    let list = duly(&Repo::new(), &["schema"]).stdout;
    let names =
        list.lines().filter(|line| line.starts_with("  ")).filter_map(|l| l.split_whitespace().next());
    names.map(str::to_owned).collect()
}

/// Kinds of which something must be filled in: the red flag that an observation is about, and who decides what.
const NEEDED: &[&str] = &["observation", "attestation", "waiver", "statement", "plan-item"];

/// The checks that are satisfied for some record.
fn satisfied(audit: &Audit) -> BTreeSet<String> {
    let checks = items(&audit.json["measures"]).iter().flat_map(|measure| items(&measure["checks"]));
    { checks }
        .filter(|check| check["counts"]["satisfied"].as_u64() > Some(0))
        .map(|check| word(&check["id"]).to_owned())
        .collect()
}

/// A template with every optional line taken in: those whose value is empty.
fn uncommented(template: &str) -> String {
    let is_field = |line: &str| {
        let rest = line.trim_start().trim_start_matches("- ");
        let key = rest.trim_start_matches(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        key.len() < rest.len() && (key == ":" || key.starts_with(":  "))
    };
    let taken_in =
        template.lines().map(|line| line.strip_prefix("# ").filter(|l| is_field(l)).unwrap_or(line));
    taken_in.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_template_of_every_kind_is_read_and_satisfies_no_more_than_a_bare_record() {
    for profile in ["core", "full"] {
        let (filled, taken_in, bare) = (Repo::new(), Repo::new(), Repo::new());
        let kinds = kinds();
        let mut args = vec!["new", "--profile", profile];
        args.extend(kinds.iter().map(String::as_str));
        let output = duly(&Repo::new(), &args);
        assert_eq!((output.status, output.stderr.as_str()), (0, ""));
        for (kind, template) in kinds.iter().zip(output.stdout.split("---\n")) {
            let file = format!("{kind}.yaml");
            filled.write(&file, template);
            taken_in.write(&file, uncommented(template));
            bare.write(&file, format!("kind: {kind}\nid: {kind}-1\n"));
        }
        let args = ["--profile", profile];
        let [filled, taken_in, bare] = [&filled, &taken_in, &bare].map(|repo| audit_with(repo, &args));
        for audit in [&filled, &taken_in] {
            assert_eq!(audit.json["coverage"]["records"], bare.json["coverage"]["records"]);
            let is_taken_in = std::ptr::eq(audit, &taken_in);
            let wrong: Vec<_> = audit
                .problems()
                .iter()
                .map(|p| (word(&p["place"]["path"]), word(&p["code"]), word(&p["message"])))
                .filter(|(path, code, _)| {
                    let kind = path.trim_end_matches(".yaml");
                    let lacks = *code == "required-field" || code.ends_with("-refused");
                    !lacks || !(is_taken_in || NEEDED.contains(&kind))
                })
                .collect();
            assert!(wrong.is_empty(), "{profile}: {wrong:?}");
        }
        let allowed = satisfied(&bare);
        let more: Vec<_> = satisfied(&filled).difference(&allowed).cloned().collect();
        assert!(more.is_empty(), "{profile}: {more:?}");
        // What only looks for a contradiction finds none in an entry that says nothing.
        let contradictions = ["employment-verified-by-referee", "program-permission-owned-from-outside"];
        // An entry that says nothing is no reason to look at a pattern or red flag; it proves nothing else either.
        let is_flag = |id: &String| {
            let measure = items(&taken_in.json["measures"])
                .iter()
                .find(|m| items(&m["checks"]).iter().any(|check| check["id"] == id.as_str()));
            let is_red_flag = measure.is_some_and(|measure| word(&measure["id"]).starts_with("RF-"));
            is_red_flag
                || contradictions.contains(&id.as_str())
                || !word(&taken_in.check(id)["pattern"]).is_empty()
        };
        let more: Vec<_> =
            satisfied(&taken_in).difference(&allowed).filter(|id| !is_flag(id)).cloned().collect();
        assert!(more.is_empty(), "{profile}, taken in: {more:?}");
    }
}

#[test]
fn a_template_has_the_fields_of_the_profile() {
    let repo = Repo::new();
    let core = duly(&repo, &["new", "worker"]).stdout;
    says(&core, &["kind: worker\nid: worker-1 ", "the profile core reads", "\nstart_on: ", "YYYY-MM-DD"]);
    says(&core, &["candidate | offered | active", "# residence:", "#   street:"]);
    let full = duly(&repo, &["new", "worker", "--profile", "full"]).stdout;
    assert!(full.lines().count() > core.lines().count());
    let two = duly(&repo, &["new", "device", "device", "shipment"]).stdout;
    says(&two, &["\nid: device-1 ", "---\n", "\nid: device-2 ", "\nid: shipment-1 "]);
    // What the configuration says counts.
    repo.write("duly.yaml", "profile: full\n");
    assert_eq!(duly(&repo, &["new", "worker"]).stdout, full);
}

#[test]
fn a_file_is_never_replaced() {
    let repo = Repo::new();
    let written = duly(&repo, &["new", "vendor", "--out", "vendor.yaml"]);
    assert_eq!((written.status, written.stdout.as_str(), written.stderr.as_str()), (0, "", ""));
    let text = repo.text("vendor.yaml");
    assert_eq!(text, duly(&repo, &["new", "vendor"]).stdout);
    let again = duly(&repo, &["new", "device", "--out", "vendor.yaml"]);
    assert_eq!(again.status, 2);
    says(&again.stderr, &["vendor.yaml is there already"]);
    assert_eq!(repo.text("vendor.yaml"), text);
    let nowhere = duly(&repo, &["new", "device", "--out", "no/folder.yaml"]);
    assert_eq!(nowhere.status, 2);
    let output = duly(&repo, &["new", "wroker"]);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    says(&output.stderr, &["there is no kind `wroker`", "did you mean `worker`?"]);
    assert_eq!(duly(&repo, &["audit", ".", "--as-of", AS_OF, "--quiet"]).stderr, "");
}
