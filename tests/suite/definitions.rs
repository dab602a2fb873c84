//! Named conditions of measures and packs: what they say where they are used, and how a mistake in one is refused.

use super::diff::{repository, since_head, vendor};
use super::packs::{HEAD, each, measure};
use super::support::{AS_OF, Output, Repo, audit, duly, flat, says};

const OWN: &str = "\
parameters:
  days:
    value: 30
    description: Age of a review.
define:
  - name: is_reviewed
    for: vendor
    means: age_days(vendor.reviewed_on) <= params.days
  - { name: is_in_order, for: vendor, means: is_active(vendor) && is_reviewed(vendor) }
";

const SHARED: &str = "\
define:
  - { name: is_active, for: vendor, means: vendor.status == 'active' }
";

/// A pack of one measure with one check; with definitions of the pack and of the measure.
fn write(repo: &Repo, shared: &str, own: &str, require: &str) {
    let check = each("wrong", "vendor", require, "{{ vendor.id }} is not in order", &["at: status"]);
    repo.write("pack/pack.yaml", format!("{HEAD}{shared}"));
    repo.write(
        "pack/T-01.yaml",
        measure("T-01", "high", &check).replace("checks:\n", &format!("{own}checks:\n")),
    );
}

fn run(repo: &Repo) -> Output {
    duly(repo, &["audit", ".", "--as-of", AS_OF, "--pack", "pack"])
}

/// Refused with one error: its message, the file and the word it is at, and its help.
#[track_caller]
fn refused(shared: &str, own: &str, require: &str, message: &str, at: (&str, &str), help: &str) {
    let repo = Repo::new();
    write(&repo, shared, own, require);
    let output = run(&repo);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{}", output.stderr);
    let (file, word) = at;
    let text = repo.text(&format!("pack/{file}.yaml"));
    let (i, line) =
        text.lines().enumerate().find(|(_, line)| line.contains(word)).expect("the word is there");
    let column = line[..line.find(word).expect("in the line")].chars().count() + 1;
    assert_eq!(output.stderr.matches("error: ").count(), 1, "{}", output.stderr);
    says(&output.stderr, &[message, &format!("--> pack/{file}.yaml:{}:{column}", i + 1), help]);
}

#[test]
fn a_definition_says_what_it_means_where_it_is_used() {
    let repo = Repo::with(&[
        ("a.yaml", "kind: vendor\nid: A\nstatus: active\nreviewed_on: 2026-06-20\n"),
        ("b.yaml", "kind: vendor\nid: B\nstatus: active\nreviewed_on: 2026-01-20\n"),
        ("c.yaml", "kind: vendor\nid: C\nstatus: active\n"),
    ]);
    write(&repo, SHARED, OWN, "is_in_order(vendor)");
    let audit = audit(&repo);
    assert_eq!(audit.satisfied("wrong"), ["A"]);
    assert_eq!((audit.ids("wrong", "gap"), audit.ids("wrong", "not-assessed")), (vec!["B"], vec!["C"]));
    says(&flat(&audit.text), &["`reviewed_on` is not recorded"]);
    for id in ["wrong", "T-01"] {
        let told = duly(&repo, &["explain", id, "--pack", "pack", "--verbose"]);
        says(
            &flat(&told.stdout),
            &[
                "requires is_in_order(vendor)",
                "where is_in_order(vendor) means is_active(vendor) && is_reviewed(vendor)",
                "where is_active(vendor) means vendor.status == 'active'",
                "where is_reviewed(vendor) means age_days(vendor.reviewed_on) <= params.days",
            ],
        );
    }
}

#[test]
fn arguments_are_records_parts_of_them_and_plain_values() {
    let repo = Repo::with(&[("a.yaml", "kind: vendor\nid: A\nstatus: active\nreviewed_on: 2026-06-20\n")]);
    let own = "\
define:
  - { name: is_one_of, for: 'vendor.status as status, list of text as words', means: status in words }
  - { name: on_or_after, for: date as day, means: day >= '2026-01-01' }
  - { name: anyone_there, means: count('vendor') > 0 }
";
    let require = "is_one_of(vendor.status, ['active']) && on_or_after(vendor.reviewed_on) && anyone_there()";
    write(&repo, "", own, require);
    assert_eq!(audit(&repo).satisfied("wrong"), ["A"]);
    write(&repo, "", &own.replace(">= '2026", ">= '2027"), require);
    assert_eq!(audit(&repo).ids("wrong", "gap"), ["A"]);
}

#[test]
fn a_changed_definition_is_a_changed_policy() {
    let history = repository(&[("v.yaml", &vendor("V", "status: active\nreviewed_on: 2026-06-20\n"))]);
    write(&history.repo, SHARED, OWN, "is_in_order(vendor)");
    history.commit("defined", 1);
    history.write("duly.yaml", "packs: [pack]\nparameters: {T-01: {days: 5}}\n");
    assert_eq!(since_head(&history).changes(), ["new wrong V parameter-changed"]);
    history.write("duly.yaml", "packs: [pack]\n");
    write(&history.repo, &SHARED.replace("'active'", "'ended'"), OWN, "is_in_order(vendor)");
    assert_eq!(since_head(&history).changes(), ["new wrong V policy-changed"]);
}

#[test]
fn a_definition_with_a_mistake_is_refused_at_its_place() {
    let one = |line: &str| format!("define:\n  - {{ {line} }}\n");
    let active = "name: is_active, for: vendor, means: vendor.status == 'active'";
    let own = |own: &str, message: &str, word: &str, help: &str| {
        refused("", &one(own), "is_active(vendor)", message, ("T-01", word), help);
    };
    for name in ["age_days", "has", "exists", "worker", "organization", "group", "Is-active"] {
        let word = format!("{name}, for");
        let why = if name == "Is-active" { "lower-case words" } else { "is the name of a" };
        let both = format!("{}  - {{ {} }}\n", one(active), active.replace("is_active", name));
        refused("", &both, "is_active(vendor)", why, ("T-01", &word), "another name");
    }
    own("name: is_active, for: vendro, means: 1 > 0", "no kind or type `vendro`", "vendro", "`vendor`?");
    own("name: is_active, for: vendor.nam, means: 1 > 0", "no kind or type `vendor.nam`", "vendor.nam", "");
    own(
        "name: is_active, for: vendor as params, means: 1 > 0",
        "`params` is not a name",
        "vendor as",
        "`as`",
    );
    own(
        "name: is_active, for: 'vendor, vendor', means: 1 > 0",
        "two arguments are called",
        "vendor'",
        "`as`",
    );
    own("name: is_active, for: vendor, means: 1 > 0", "`vendor` is never read", "1 > 0", "leave it out");
    own(
        "name: is_active, for: vendor, means: vendor.stauts == 'x'",
        "no field `stauts`",
        "vendor.stauts",
        "`status`?",
    );
    own("name: is_active, means: vendor.status == 'active'", "`vendor` is not known", "vendor.status", "");
    own(
        "name: is_active, for: vendor, means: is_active(vendor)",
        "no function `is_active`",
        "is_active(vendor) }",
        "above",
    );
    own(&format!("{active}, when: x"), "unknown key `when`", "when: x", "");
    let below = format!(
        "{}  - {{ {active} }}\n",
        one("name: is_good, for: vendor, means: has(vendor.name) && is_active(vendor)")
    );
    refused("", &below, "is_good(vendor)", "no function `is_active`", ("T-01", "is_active(vendor)"), "above");
    let twice = format!("{}  - {{ {active} }}\n", one(active));
    let repo = Repo::new();
    write(&repo, "", &twice, "is_active(vendor)");
    says(&run(&repo).stderr, &["`is_active` is the name of another definition", "another name"]);
    refused(
        SHARED,
        &one(active),
        "is_active(vendor)",
        "another definition",
        ("T-01", "is_active, for"),
        "name",
    );
    refused(
        "",
        &one(active),
        "has(vendor.id)",
        "no expression uses `is_active`",
        ("T-01", "is_active"),
        "leave it out",
    );
    // A pack that is taken over in part keeps what it names.
    let repo = Repo::new();
    write(&repo, SHARED, "", "has(vendor.id)");
    assert_ne!(run(&repo).status, 2);
    let reads =
        "define:\n  - { name: is_new, for: vendor, means: age_days(vendor.reviewed_on) < params.days }\n";
    let days = "parameters:\n  days:\n    value: 3\n    description: Days.\n";
    refused(reads, days, "is_new(vendor)", "`days` is not declared", ("pack", "params.days"), "");
}

#[test]
fn a_definition_used_wrongly_is_refused_where_it_is_used() {
    let wrong = |require: &str, message: &str, word: &str, help: &str| {
        refused(SHARED, "", require, message, ("T-01", word), help);
    };
    wrong("is_activ(vendor) || is_active(vendor)", "no function `is_activ`", "is_activ(", "`is_active`?");
    wrong("is_active()", "takes other arguments", "is_active()", "`is_active(vendor)`");
    wrong("is_active(vendor, vendor)", "takes other arguments", "is_active(", "`is_active(vendor)`");
    wrong("is_active(vendor.name)", "takes another `vendor`", "vendor.name)", "text");
    wrong(
        "is_active(lookup('worker', vendor.id))",
        "takes another `vendor`",
        "lookup",
        "`is_active(vendor)`",
    );
    wrong("is_active(vendor) > 3", "never be equal", "is_active(", "");
    let status =
        "define:\n  - { name: has_status, for: 'vendor, vendor.status', means: vendor.status == status }\n";
    let require = "has_status(vendor, 'actve')";
    refused(status, "", require, "can never be `actve`", ("T-01", "'actve'"), "`active`?");
}

#[test]
fn definitions_within_definitions_have_an_end() {
    let mut chain = String::from("define:\n  - { name: d0, for: int as n, means: n + n }\n");
    for i in 1..40 {
        chain += &format!("  - {{ name: d{i}, for: int as n, means: 'd{}(n) + d{}(n)' }}\n", i - 1, i - 1);
    }
    let repo = Repo::new();
    write(&repo, &chain, "", "d39(vendor.name.size()) > 0");
    let output = run(&repo);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    says(&output.stderr, &["more than 10000 parts", "--> pack/pack.yaml:", "split it"]);
    let mut deep = String::from("define:\n  - { name: d0, for: int as n, means: n + 1 }\n");
    for i in 1..120 {
        deep += &format!("  - {{ name: d{i}, for: int as n, means: 'd{}(n + 1)' }}\n", i - 1);
    }
    write(&repo, &deep, "", "d119(vendor.name.size()) > 0");
    let output = run(&repo);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    says(&output.stderr, &["nested deeper than 96 levels", "--> pack/pack.yaml:", "split it"]);
}
