//! What is not assessed is said once for all that wait for it, and no record or check gets lost by that.

use std::collections::BTreeSet;

use serde_json::Value;

use super::formats::{Reports, example, reports};
use super::packs::{each, pack};
use super::support::{AS_OF, Repo, duly, flat, items, says, word};

/// Nine workers without a field that two checks ask for, and no shipment for a third.
fn waiting() -> Repo {
    let repo = Repo::new();
    let worker = |i| format!("- {{ kind: worker, id: W-{i}, status: active }}\n");
    repo.write("workers.yaml", (1..=9).map(worker).collect::<String>());
    let checks = [
        each("role-unknown", "worker", "worker.role != ''", "{{ worker.id }} has no role", &[]),
        each("role-short", "worker", "worker.role != 'x'", "{{ worker.id }} has a short role", &[]),
        each("parcel-lost", "shipment", "shipment.status != 'lost'", "{{ shipment.id }} is lost", &[]),
    ];
    pack(&repo, &checks.concat());
    repo
}

#[test]
fn one_field_of_many_records_is_one_line_everywhere() {
    let all = reports(&waiting(), &["--pack", "pack"]);
    let field = "`role` is not recorded for 9 workers (W-1, W-2, W-3, W-4, W-5, and 4 more)";
    let kind = "no shipment is on record: 1 check of T-01 looks at shipments";
    for format in ["terminal", "markdown", "csv", "html"] {
        let text = all.text(format);
        let text = flat(&if format == "html" { super::html::text_of(text) } else { text.to_owned() });
        // A page shows names of fields as code.
        let text = text.replace('`', "");
        says(&text, &[&field.replace('`', ""), kind]);
        // Where no gap is asked about, the first screen of the page names what most checks wait for.
        let times = if format == "html" { 2 } else { 1 };
        assert_eq!(text.matches("role is not recorded").count(), times, "{format}:\n{text}");
    }
    says(&flat(all.text("terminal")), &["2 checks wait: T-01 role-unknown, T-01 role-short"]);
    says(all.text("csv"), &["W-1; W-2; W-3; W-4; W-5; W-6; W-7; W-8; W-9", "role-unknown; role-short"]);
    let json = all.json("json");
    let [group, none] = items(&json["not_assessed"]) else { panic!("{}", json["not_assessed"]) };
    assert_eq!((word(&group["why"]), word(&group["field"])), ("not-recorded", "role"));
    assert_eq!(items(&group["records"]).len(), 9);
    assert_eq!(items(&group["checks"]).iter().map(|c| c["findings"].as_u64()).sum::<Option<u64>>(), Some(18));
    assert_eq!((word(&none["why"]), word(&none["wanted"])), ("no-record", "shipment"));
}

/// Every finding that is not assessed, and every check, is a member of a group.
fn hold(all: &Reports) {
    let json = all.json("json");
    let groups = items(&json["not_assessed"]);
    let members = |group: &Value| -> (BTreeSet<String>, BTreeSet<String>) {
        let records = items(&group["records"]).iter().map(|id| word(id).to_owned());
        let checks = items(&group["checks"]).iter();
        (
            records.collect(),
            checks.map(|c| format!("{}/{}", word(&c["measure"]), word(&c["check"]))).collect(),
        )
    };
    let groups: Vec<_> = groups.iter().map(|group| (group, members(group))).collect();
    let unassessed = items(&json["findings"]).iter().filter(|f| f["outcome"] == "not-assessed");
    for finding in unassessed {
        let check = format!("{}/{}", word(&finding["measure"]), word(&finding["check"]));
        let in_one = groups.iter().any(|(_, (_, checks))| checks.contains(&check));
        assert!(in_one, "in no group: {finding}");
    }
    for measure in items(&json["measures"]).iter().filter(|m| m["outcome"] != "not-applicable") {
        for check in items(&measure["checks"]) {
            let waits = check["outcome"] == "not-assessed" || check["counts"]["not_assessed"] != 0;
            let id = format!("{}/{}", word(&measure["id"]), word(&check["id"]));
            let grouped = groups.iter().any(|(_, (_, checks))| checks.contains(&id));
            assert_eq!(waits, grouped, "{id}");
        }
    }
    for (group, (_, checks)) in &groups {
        assert!(!word(&group["text"]).is_empty() && !checks.is_empty(), "{group}");
        says(&flat(all.text("terminal")), &[&flat(word(&group["text"]))]);
    }
}

#[test]
fn every_finding_is_in_a_group() {
    for more in [&[][..], &["--profile", "full"]] {
        for repo in [example("meridian-labs"), example("clean-harbor"), Repo::new()] {
            hold(&reports(&repo, more));
        }
    }
}

#[test]
fn a_saved_assessment_without_groups_is_grouped_by_check() {
    let all = reports(&waiting(), &["--pack", "pack"]);
    let mut json = all.json("json");
    json.as_object_mut().expect("an object").remove("not_assessed");
    let old = duly::assessment::parse(&json.to_string()).expect("an assessment");
    let texts: Vec<&str> = old.not_assessed.iter().map(|group| group.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "worker W-1: `role` is not recorded (and 8 more)",
            "worker W-1: `role` is not recorded (and 8 more)",
            "there is no shipment record to look at"
        ]
    );
}

/// One field that thousands of records lack is counted and named for all of them, and listed one by one for the first.
#[test]
fn what_thousands_wait_for_is_counted_and_not_listed_one_by_one() {
    let repo = waiting();
    let worker = |i| format!("- {{ kind: worker, id: W-{i}, status: active }}\n");
    repo.write("workers.yaml", (1..=1200).map(worker).collect::<String>());
    let unlisted_and_listed = |repo: &Repo| {
        let json = reports(repo, &["--pack", "pack"]).json("json");
        let (mut unlisted, mut counted) = (0, 0);
        for check in items(&json["measures"]).iter().flat_map(|measure| items(&measure["checks"])) {
            unlisted += check["unlisted"].as_u64().unwrap_or_default();
            counted += check["counts"]["not_assessed"].as_u64().expect("a count");
        }
        let listed =
            items(&json["findings"]).iter().filter(|f| f["outcome"] == "not-assessed").count() as u64;
        assert_eq!(
            json["summary"]["findings"]["not-assessed"],
            unlisted + listed,
            "a finding is in no count"
        );
        assert_eq!(items(&json["not_assessed"][0]["records"]).len(), 1200, "a record is in no group");
        assert_eq!(counted, 2400);
        (unlisted, listed)
    };
    assert_eq!(unlisted_and_listed(&repo), (400, 2000));
    let detailed = duly(&repo, &["audit", ".", "--pack", "pack", "--as-of", AS_OF, "--verbose"]);
    says(&flat(&detailed.stdout), &["… and 200 findings of role-short more, not listed one by one"]);
    // A comparison says of each finding what became of it.
    repo.write("duly-baseline.yaml", "version: 1\nas_of: 2026-06-30\nfindings: []\n");
    assert_eq!(unlisted_and_listed(&repo), (0, 2400));
}
