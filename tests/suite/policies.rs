//! Policy packs with mistakes: each is refused before the audit with its place and a way out, or ends as
//! an evaluation that failed, never as a verdict.

use super::packs::{HEAD, each, measure, pack, packs};
use super::support::{AS_OF, Output, Repo, audit, audit_with, duly, place, says, word};

const RECORDS: &str = "kind: vendor\nid: v\nstatus: active\nname: Acme\n";

fn run(repo: &Repo) -> Output {
    duly(repo, &["audit", ".", "--as-of", AS_OF, "--pack", "pack"])
}

/// The line of `pack/T-01.yaml` that holds a word, and the column it starts at, as `line:column`.
fn spot(repo: &Repo, word: &str) -> String {
    let text = repo.text("pack/T-01.yaml");
    let (i, line) = text.lines().enumerate().find(|(_, l)| l.contains(word)).expect("the word is there");
    let column = line[..line.find(word).expect("in the line")].chars().count() + 1;
    format!("{}:{column}", i + 1)
}

/// Refused, with this many errors; one has the message, the place of a word, and the help.
#[track_caller]
fn refused(checks: &str, message: &str, at: &str, help: &str) {
    let repo = Repo::with(&[("v.yaml", RECORDS)]);
    pack(&repo, checks);
    let output = run(&repo);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{}", output.stderr);
    let errors: Vec<&str> = output.stderr.split("error: ").filter(|e| !e.is_empty()).collect();
    let [error] = errors.as_slice() else { panic!("one mistake, several errors:\n{}", output.stderr) };
    says(error, &[message, &format!("--> pack/T-01.yaml:{}", spot(&repo, at)), "help: ", help]);
}

/// A pack whose one check requires this of vendors.
fn requires(expression: &str) -> String {
    each("wrong", "vendor", expression, "m", &[])
}

#[test]
fn names_that_are_not_there_are_answered_with_those_that_are() {
    refused(&requires("vendor.stauts == 'active'"), "no field `stauts`", "vendor.stauts", "`status`?");
    refused(
        &requires("vendor.bank.routing == 'x'"),
        "no field `routing`",
        "vendor.bank",
        "`routing_number`?",
    );
    refused(&requires("vendr.status == 'active'"), "`vendr` is not known", "vendr", "`vendor`?");
    refused(&requires("age_dys(vendor.reviewed_on) > 3"), "no function `age_dys`", "age_dys", "`age_days`?");
    refused(&requires("vendor.name.matchez('x')"), "no function `matchez`", "vendor.name", "`matches`?");
    refused(
        &requires("vendor.name.size() > params.most"),
        "`most` is not declared",
        "params.most",
        "`parameters`",
    );
    refused(&requires("lookup('vendro', vendor.id).status == 'active'"), "vendro", "'vendro'", "`vendor`?");
    let kind = each("wrong", "vendro", "has(vendor.id)", "m", &[]);
    refused(&kind, "no record kind `vendro`", "vendro", "`vendor`?");
    let field = each("wrong", "vendor", "has(vendor.name)", "m", &["at: stauts"]);
    refused(&field, "no field `stauts`", "stauts", "path");
    let message = each("wrong", "vendor", "has(vendor.name)", "{{ vendor.stauts }}", &[]);
    refused(&message, "names `vendor.stauts`", "vendor.stauts", "`vendor.status`?");
    let other = each("wrong", "vendor", "has(vendor.name)", "{{ worker.id }}", &[]);
    refused(&other, "names `worker.id`", "worker.id", "`vendor.id`?");
    let whole = each("wrong", "vendor", "has(vendor.name)", "{{ vendor }}", &[]);
    refused(&whole, "names `vendor`", "vendor }}", "");
}

#[test]
fn what_can_never_hold_is_refused() {
    refused(&requires("vendor.status == 'actve'"), "never be `actve`", "vendor.status", "`active`?");
    refused(&requires("vendor.status in ['active', 'endd']"), "never be `endd`", "['active'", "`ended`?");
    refused(&requires("vendor.status == 1"), "can never be equal", "vendor.status", "");
    refused(
        &requires("vendor.reviewed_on > '2026-13-01'"),
        "`2026-13-01` is not a date",
        "'2026-13",
        "YYYY-MM-DD",
    );
    refused(&requires("vendor.status"), "not bool", "vendor.status", "compare");
    refused(&requires("vendor.status && true"), "neither true nor false", "vendor.status", "has(");
    refused(&requires("vendor.name + 'x' == 'y'"), "is not a number", "vendor.name", "");
    refused(&requires("vendor.subcontracts > true"), "has no order", "vendor.subcontracts", "");
    refused(&requires("1 == 1"), "reads nothing that is recorded", "1 == 1", "name a field");
    refused(&requires("vendor.name.matches('(a+')"), "not a regular expression", "'(a+'", "");
    refused(&requires("vendor.name.matches('(x{999}){999}')"), "not a regular expression", "'(x{", "");
}

#[test]
fn what_is_no_expression_is_refused_where_it_goes_wrong() {
    let repo = Repo::with(&[("v.yaml", RECORDS)]);
    pack(&repo, &requires("vendor.status =="));
    says(
        &run(&repo).stderr,
        &["error: the expression ends too early", "--> pack/T-01.yaml:21:23", "docs/policies.md"],
    );
    refused(&requires("has(vendor.name) || || true"), "`||` is not expected", "|| true", "docs/policies.md");
    refused(&requires("has(vendor.name) $ true"), "is not expected", "$ true", "docs/policies.md");
    let broken = each("wrong", "vendor", "has(vendor.name)", "{{ vendor.name ", &[]);
    refused(&broken, "the message is broken", "{{ vendor", "{{ record.field }}");
}

#[test]
fn a_mistake_in_a_message_has_its_place_inside_of_it() {
    let told = |message: &str| {
        let check = each("wrong", "vendor", "has(vendor.name)", "m", &[]);
        check.replace("message: \"m\"", &format!("message: {message}"))
    };
    let unknown = told("\"Zoë's {{ vendor.id }} is {{ vendor.stauts }}\"");
    refused(&unknown, "names `vendor.stauts`", "vendor.stauts", "`vendor.status`?");
    let folded = told(">\n      the vendor {{ vendor.id }}\n      has {{ params.days }} days");
    refused(&folded, "names `params.days`", "params.days", "`params`");
    let unclosed = told("\"{{ vendor.id }} is {{ vendor.status\"");
    refused(&unclosed, "`{{` is not closed", "{{ vendor.status", "{{ record.field }}");
    let loops = told("\"{{ vendor.id }}{% for x in y %}\"");
    refused(&loops, "unlike `{% for x in y %}`", "{% for", "{{ record.field }}");
    let stale = each(
        "wrong",
        "vendor",
        "has(vendor.name)",
        "m",
        &["fresh: has(vendor.id)", "stale: 'the review of {{ vendor.nam }}'"],
    );
    refused(&stale, "names `vendor.nam`", "vendor.nam }}", "`vendor.name`?");
    let group = each("wrong", "vendor", "group.size() < 2", "of {{ vendor.id }}", &["group_by: vendor.name"]);
    refused(&group, "names `vendor.id`", "vendor.id", "`ids`, `count`");
    let attested = "  - id: wrong\n    title: It is so\n    asks: [ask]\n    tests: operation\n    \
        attest: Is it so?\n    valid_days: 9\n    message: ask {{ vendor.id }}\n";
    refused(attested, "names `vendor.id`", "vendor.id", "no record");
}

#[test]
fn expressions_beyond_all_measure_are_refused() {
    let long = format!("vendor.name == '{}'", "x".repeat(4100));
    refused(&requires(&long), "at most 4096 are read", "vendor.name ==", "split it");
    let chain = format!("{} > 0 || has(vendor.name)", vec!["1"; 2000].join("+"));
    refused(&requires(&chain), "deeper than 96", "1+1", "split it");
    let words = format!("{} || has(vendor.name)", vec!["a"; 1300].join("||"));
    refused(&requires(&words), "", "a||", "");
    let not = format!("{}has(vendor.name)", "!".repeat(2000));
    let repo = Repo::with(&[("v.yaml", RECORDS)]);
    pack(&repo, &requires(&not));
    assert!(matches!(run(&repo).status, 0 | 2), "either is right; a crash is not");
    for (open, close) in
        [("(", ")"), ("[", "]"), ("[vendor.name.size()].map(x, ", ")"), ("1 - (", ")"), ("-", "")]
    {
        let n = 3900 / (open.len() + close.len());
        let nested = format!("{}vendor.name.size(){} == 1", open.repeat(n), close.repeat(n));
        let repo = Repo::with(&[("v.yaml", RECORDS)]);
        pack(&repo, &requires(&nested));
        let output = run(&repo);
        // An even number of signs is no sign, and parentheses that group nothing are no depth.
        assert!(output.status == 2 || matches!(open, "-" | "("), "{open}: {}", output.stdout);
        if output.status == 2 {
            says(&output.stderr, &["nested", "--> pack/T-01.yaml:21:", "help: "]);
        }
    }
}

#[test]
fn an_expression_without_end_fails_and_never_decides() {
    let list = format!("[{}]", (0..100).map(|i| i.to_string()).collect::<Vec<_>>().join(","));
    let endless = format!(
        "{list}.all(a, {list}.all(b, {list}.all(c, {list}.all(d, a + b + c + d >= 0 && has(vendor.name)))))"
    );
    let repo = Repo::new();
    let other = each("other", "vendor", "vendor.status == 'active'", "m", &[]);
    for checks in [
        requires(&endless),
        requires(&format!("!{endless}")),
        each("wrong", "vendor", "has(vendor.name)", "m", &[&format!("when: >-\n      {endless}")]),
        each("wrong", "vendor", "group.size() < 3", "m", &[&format!("group_by: \"{endless} ? 'a' : 'b'\"")]),
    ] {
        pack(&repo, &(checks + &other));
        for i in 0..200 {
            repo.write(format!("v/{i}.yaml"), format!("kind: vendor\nid: v-{i}\nstatus: active\nname: x\n"));
        }
        let started = std::time::Instant::now();
        let audit = audit(&repo);
        assert!(started.elapsed().as_secs() < 15);
        assert_eq!(audit.status, 3);
        let problem = audit.problem("evaluation-failed");
        assert_eq!(problem["place"]["path"], "pack/T-01.yaml");
        assert!(problem["place"]["line"].as_u64() > Some(10), "{problem}");
        says(word(&problem["message"]), &["`wrong`", "200 records", "took more than", "steps"]);
        says(word(&problem["help"]), &["split it"]);
        assert_eq!(audit.check("wrong")["outcome"], "not-assessed");
        assert_eq!(audit.satisfied("wrong"), [""; 0]);
        assert_eq!(audit.satisfied("other").len(), 200, "the other checks are done");
    }
}

#[test]
fn calculations_without_a_result_fail_and_never_decide() {
    let repo = Repo::with(&[("v.yaml", RECORDS)]);
    for (expression, words) in [
        ("1 / (vendor.name.size() - 4) > 0", "division by zero"),
        ("1 % (vendor.name.size() - 4) > 0", "division by zero"),
        ("9223372036854775807 + vendor.name.size() > 0", "too large"),
        ("-9223372036854775807 - vendor.name.size() < 0", "too large"),
        ("9223372036854775807 * vendor.name.size() > 0", "too large"),
    ] {
        pack(&repo, &requires(expression));
        let audit = audit(&repo);
        assert_eq!((audit.status, audit.ids("wrong", "not-assessed")), (3, vec!["v"]), "{expression}");
        let problem = audit.problem("evaluation-failed");
        says(word(&problem["message"]), &["`wrong`", words]);
        assert_eq!(place(&problem["place"]), format!("pack/T-01.yaml:{}", spot(&repo, expression)));
    }
    for expression in
        ["age_days(add_days(as_of, 999999999 * vendor.name.size())) > 0", "vendor.name.size() / 3 == 1"]
    {
        pack(&repo, &requires(expression));
        let audit = audit(&repo);
        assert!(matches!(audit.status, 0 | 3), "{expression}: {}", audit.text);
    }
}

#[test]
fn packs_hold_each_name_once() {
    let repo = Repo::with(&[("v.yaml", RECORDS)]);
    pack(&repo, &(requires("has(vendor.name)") + &requires("has(vendor.id)")));
    let output = run(&repo);
    says(&output.stderr, &["the check `wrong` is defined twice", "--> pack/T-01.yaml:25:9", "rename"]);
    let second = requires("has(vendor.id)");
    packs(&repo, &[("T-01", "high", &requires("has(vendor.name)")), ("T-02", "low", &second)]);
    let output = run(&repo);
    says(&output.stderr, &["the check `wrong` is defined twice", "--> pack/T-02.yaml:", "rename"]);
    repo.remove("pack/T-02.yaml");
    repo.write("pack/twin.yaml", measure("T-01", "low", &each("else", "vendor", "has(vendor.id)", "m", &[])));
    let output = run(&repo);
    says(&output.stderr, &["the measure `T-01` is defined twice", "--> pack/twin.yaml:1:10", "rename"]);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    let twice = duly(&repo, &["audit", ".", "--pack", "fbi-i-101823-psa", "--pack", "fbi-i-101823-psa"]);
    says(&twice.stderr, &["two packs are called `fbi-i-101823-psa`"]);
}

#[test]
fn forms_that_do_not_fit_are_refused() {
    let good = each("wrong", "vendor", "has(vendor.name)", "m", &[]);
    let cases = [
        (good.replace("    for: vendor\n", ""), "a check with `require` needs `for`"),
        (good.replace("asks: [ask]", "asks: [aks]"), "the measure has no requirement `aks`"),
        (good.clone() + "    requier: x\n", "unknown key `requier`"),
        (good.clone() + "    where: 'true'\n", "`where` does not fit"),
        (good.clone() + "    fresh: has(vendor.name)\n", "a check with `fresh` needs `stale`"),
        (good.clone() + "    missing: gpa\n", "unknown value `gpa`"),
        (good.replace("grade: observed", "grade: sworn"), "unknown value `sworn`"),
        (good.replace("    message: \"m\"\n", ""), "a check with `require` needs `message`"),
        (good.replace("id: wrong", "id: Wrong One"), "lower-case words with hyphens"),
        (good.replace("has(vendor.name)", "has(vendor.name)\n    require: x"), "duplicate key `require`"),
        (good.replace("id: wrong", "id: [wrong]"), "must be a text"),
        ("  - 3\n".to_owned(), "must be a mapping"),
    ];
    for (checks, words) in cases {
        let repo = Repo::with(&[("v.yaml", RECORDS)]);
        pack(&repo, &checks);
        let output = run(&repo);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{checks}");
        says(&output.stderr, &[words, "--> pack/T-01.yaml:", "help: "]);
        assert!(!output.stderr.contains("no measures"), "a refused measure is not said to be absent");
    }
}

#[test]
fn a_key_that_does_not_fit_the_form_is_refused_where_it_stands() {
    let good = each("wrong", "vendor", "has(vendor.name)", "m", &[]);
    let with = |line: &str| format!("{good}    {line}\n");
    let exists = good.replace("for: vendor", "exists: vendor").replace("require", "where");
    let attest = "  - id: wrong\n    title: It is so\n    asks: [ask]\n    tests: operation\n    \
        attest: Is it so?\n    valid_days: 9\n";
    let forms = "describes the forms";
    refused(&with("where: 'true'"), "`where` does not fit a check with `require`", "where:", forms);
    refused(&with("valid_days: 3"), "`valid_days` does not fit a check with `require`", "valid_days:", forms);
    refused(&with("stale: too old"), "a check with `stale` needs `fresh`", "too old", "");
    refused(&with("exists: vendor"), "exactly one of `require`, `schema`, `exists`", "wrong", forms);
    refused(
        &with("schema: {}").replace("require: >-\n      has(vendor.name)", "group_by: vendor.name"),
        "`group_by` does not fit a check with `schema`",
        "group_by:",
        forms,
    );
    refused(
        &format!("{exists}    when: 'true'\n"),
        "`when` does not fit a check with `exists`",
        "when:",
        forms,
    );
    refused(&with("binds: vendor.name"), "`binds` does not fit a check with `require`", "binds:", forms);
    let binds = format!("{exists}    binds: vendor.countries\n");
    refused(&binds, "a check with `binds` needs `everyone`", "vendor.countries", "of whom each needs one");
    refused(&format!("{attest}    at: id\n"), "`at` does not fit a check with `attest`", "at: id", forms);
    refused(&attest.replace("    valid_days: 9\n", ""), "with `attest` needs `valid_days`", "wrong", forms);
}

#[test]
fn a_folder_that_is_no_pack_is_refused_in_words() {
    let repo = Repo::with(&[("v.yaml", RECORDS)]);
    let pack = |files: &[(&str, &str)]| {
        std::fs::remove_dir_all(repo.path("pack")).unwrap_or_default();
        for (path, text) in files {
            repo.write(format!("pack/{path}"), text);
        }
        let output = run(&repo);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{files:?}");
        says(&output.stderr, &["error: ", "--> pack", "help: "]);
        output.stderr
    };
    says(
        &pack(&[("T-01.yaml", &measure("T-01", "low", &requires("has(vendor.name)")))]),
        &["no such policy pack"],
    );
    says(&pack(&[("pack.yaml", "")]), &["the file is empty"]);
    says(&pack(&[("pack.yaml", "name: x\n---\nname: y\n")]), &["a second document"]);
    says(&pack(&[("pack.yaml", "name: [")]), &["not valid YAML", "pack/pack.yaml:1:"]);
    says(
        &pack(&[("pack.yaml", "name: x\nnmae: y\n")]),
        &["unknown key `nmae`", "did you mean `name`?", "pack/pack.yaml:2:1"],
    );
    says(&pack(&[("pack.yaml", HEAD)]), &["the pack has no measures"]);
    says(
        &pack(&[("pack.yaml", HEAD), ("T-01.yaml", "measure: [")]),
        &["not valid YAML", "pack/T-01.yaml:1:"],
    );
    let kinds = format!("{HEAD}kinds: [{{ kind: seat, schema: seat.json }}]\n");
    says(&pack(&[("pack.yaml", &kinds)]), &["this schema is missing", "pack/seat.json"]);
    says(&pack(&[("pack.yaml", &kinds), ("seat.json", "{,")]), &["not valid JSON", "pack/seat.json:1:2"]);
    says(
        &pack(&[("pack.yaml", &kinds), ("seat.json", "{\"type\": 3}")]),
        &["not a JSON Schema", "pack/seat.json"],
    );
    let twin = format!("{HEAD}kinds: [{{ kind: vendor, schema: seat.json }}]\n");
    says(&pack(&[("pack.yaml", &twin), ("seat.json", "{}")]), &["`vendor` is defined twice"]);
    // A schema does not read what it names.
    let remote = r#"{"$ref": "https://example.org/x.json"}"#;
    says(&pack(&[("pack.yaml", &kinds), ("seat.json", remote)]), &["not a JSON Schema"]);
    let local = r#"{"$ref": "file:///etc/passwd"}"#;
    says(&pack(&[("pack.yaml", &kinds), ("seat.json", local)]), &["not a JSON Schema"]);
}

#[cfg(unix)]
#[test]
fn a_pack_behind_links_is_refused_in_words() {
    let repo = Repo::with(&[("v.yaml", RECORDS)]);
    pack(&repo, &requires("has(vendor.name)"));
    let link = repo.path("pack/pack.yaml");
    std::fs::rename(&link, repo.path("head.txt")).expect("moved");
    std::os::unix::fs::symlink("../head.txt", &link).expect("a link");
    let output = run(&repo);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    says(&output.stderr, &["error: a symbolic link, which is not followed", "--> pack/pack.yaml", "help: "]);
    // A measure is not dropped in silence either; what is no policy may be what it likes.
    std::fs::remove_file(&link).expect("the link is there");
    pack(&repo, &requires("has(vendor.name)"));
    std::os::unix::fs::symlink("../head.txt", repo.path("pack/README.md")).expect("a link");
    assert_eq!(run(&repo).status, 0);
    std::os::unix::fs::symlink("../head.txt", repo.path("pack/T-02.yaml")).expect("a link");
    let output = run(&repo);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    says(&output.stderr, &["error: a symbolic link, which is not followed", "--> pack/T-02.yaml"]);
}

#[test]
fn a_message_names_the_elements_that_the_check_refused() {
    let device = "kind: device\nid: D-1\nsoftware:\n- {name: Editor}\n- {name: \"Any\\e[31mDesk\"}\n- {name: Viewer}\n";
    let repo = Repo::with(&[("d.yaml", device)]);
    let told = |require: &str| {
        pack(&repo, &each("told", "device", require, "has {{ device.software.name }}", &[]));
        word(&audit(&repo).of("told")[0]["message"]).to_owned()
    };
    assert_eq!(told("device.software.all(s, s.name == 'Editor')"), "has Any\\u{1b}[31mDesk, Viewer");
    assert_eq!(
        told("!device.software.exists(s, s.name == 'Editor')"),
        "has Editor, Any\\u{1b}[31mDesk, Viewer"
    );
}

#[test]
fn a_message_reads_fields_and_nothing_else() {
    let repo = Repo::with(&[("v.yaml", RECORDS)]);
    for message in [
        "{{ '%0999999999d' | format(1) }}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% for i in range(9) %}{% for j in range(9) %}{{ vendor.id }}{% endfor %}{% endfor %}",
        "{{ vendor.id | nothing }}",
        "{{ vendor.id.upper() }}",
        "{% include '/etc/passwd' %}",
        "{% set x = vendor.id %}{{ x }}",
        "{# vendor.id #}",
        "{{ vendor.id[0] }}",
        "{{ vendor['id'] }}",
        "{{ debug() }}",
        "{{ range(99999) | list }}",
        "{{ vendor.id ~ vendor.id * 99999 }}",
        "{{ vendor.id | upper }}",
    ] {
        pack(&repo, &each("told", "vendor", "vendor.status == 'ended'", message, &[]));
        let started = std::time::Instant::now();
        let output = run(&repo);
        assert!(started.elapsed().as_secs() < 10, "{message}");
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{message}");
        says(
            &output.stderr,
            &[&format!("--> pack/T-01.yaml:{}", spot(&repo, message)), "{{ record.field }}"],
        );
    }
}

#[test]
fn parameters_of_the_configuration_are_checked_and_reported() {
    let repo = Repo::with(&[("v.yaml", "kind: vendor\nid: v\ncontract: {end_on: 2026-07-10}\n")]);
    let check = each(
        "soon",
        "vendor",
        "days_between(as_of, vendor.contract.end_on) >= params.days",
        "{{ params.days }} days",
        &[],
    );
    let whole = measure("T-01", "high", &check).replace(
        "checks:\n",
        "parameters:\n  days:\n    value: 5\n    description: Days before the end.\nchecks:\n",
    );
    repo.write("pack/pack.yaml", HEAD).write("pack/T-01.yaml", whole);
    assert_eq!(audit(&repo).status, 0);
    repo.write("duly.yaml", "packs: [pack]\nparameters: {T-01: {days: 30}}\n");
    let changed = audit_with(&repo, &["-v"]);
    assert_eq!(changed.status, 1);
    says(word(&changed.of("soon")[0]["message"]), &["30 days"]);
    let change = &changed.json["run"]["parameters_changed"][0];
    assert_eq!((&change["from"], &change["to"], word(&change["parameter"])), (&5.into(), &30.into(), "days"));
    for (text, words) in [
        ("{T-01: {days: many}}", "must be of the type"),
        ("{T-01: {days: {a: 1}}}", "must be of the type"),
        ("{T-01: {dayz: 3}}", "no parameter `dayz`"),
    ] {
        repo.write("duly.yaml", format!("packs: [pack]\nparameters: {text}\n"));
        let output = duly(&repo, &["audit", ".", "--as-of", AS_OF]);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{text}");
        says(&output.stderr, &[words, "help: "]);
    }
}
