//! Names of files, ids and keys made to move a cursor, turn text around, or give a CI system commands.

use super::packs::{HEAD, active, each, measure, pack};
use super::support::{
    AS_OF, Call, Output, Repo, audit, audit_with, duly, harmless, items, says, stripped, word,
};

/// What an attacker would like to see printed as it is.
const NASTY: &[&str] = &[
    "\u{1b}[2J\u{1b}[31mred",
    "\u{1b}]0;title\u{7}",
    "\u{9b}2J",
    "a\rb",
    "a\u{8}\u{8}b",
    "\u{7f}",
    "\u{202e}txt.exe",
    "\u{2066}iso\u{2069}",
    "\u{200b}zero\u{200d}width",
    "\u{feff}mark",
    "\u{2028}line",
    "\u{e0041}tag",
    "\u{ad}soft",
    "::error::pwned",
    "::set-output name=x::y",
    "##[error]pwned",
    "##vso[task.complete result=Succeeded;]",
    "line\n::error::pwned",
    "line\n\n##[group]x",
];

/// A string in quotes, everything but plain ASCII as escapes that JSON and YAML both read, except of the
/// farthest characters, where each has its own.
fn quoted_for(text: &str, json: bool) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match u32::from(c) {
            0x22 | 0x5c => out.extend(['\\', c]),
            0x20..=0x7e => out.push(c),
            n @ 0..=0xffff => out.push_str(&format!("\\u{n:04x}")),
            _ if json => {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|u| out.push_str(&format!("\\u{u:04x}")))
            }
            n => out.push_str(&format!("\\U{n:08x}")),
        }
    }
    out.push('"');
    out
}

fn quoted(text: &str) -> String {
    quoted_for(text, false)
}

/// Texts for where each costs several runs: at the start of a line and inside one.
fn few() -> Vec<String> {
    let all = NASTY.join(" ");
    vec![
        all.clone(),
        format!("::error::{all}"),
        format!("x\n::error::{all}"),
        "::error::x".into(),
        "##[error]x".into(),
    ]
}

/// Runs a command for a pipe, where what looks like a colour is taken out, and as for a terminal, where
/// nothing is: neither may hold anything that a terminal or a CI system acts on.
fn shown(repo: &Repo, args: &[&str]) -> Output {
    let forced = Call::new(repo.root()).args(args).env("CLICOLOR_FORCE", "1").coloured().run();
    harmless(&stripped(&forced.stdout));
    harmless(&stripped(&forced.stderr));
    let plain = duly(repo, args);
    assert_eq!(stripped(&forced.stdout), plain.stdout, "a pipe loses text");
    assert_eq!(stripped(&forced.stderr), plain.stderr, "a pipe loses text");
    plain
}

const AUDIT: [&str; 6] = ["audit", ".", "--as-of", AS_OF, "--pack", "pack"];
const VERBOSE: [&str; 7] = ["audit", ".", "--as-of", AS_OF, "--pack", "pack", "-v"];

#[test]
fn names_of_files_are_never_printed_as_they_are() {
    let repo = Repo::new();
    active(&repo);
    for (i, name) in NASTY.iter().enumerate() {
        repo.write(format!("{name}.yaml"), format!("kind: vendor\nid: v-{i}\nstatus: ended\n"));
        repo.write(format!("in {name}/b.yaml"), format!("kind: vendor\nid: w-{i}\nstauts: ended\n"));
        repo.write(format!("{name}.txt"), "nobody claims this");
        repo.write(format!("x/{name}.yaml"), "kind: [");
    }
    assert_eq!(shown(&repo, &AUDIT), duly(&repo, &AUDIT));
    shown(&repo, &VERBOSE);
    let audit = audit_with(&repo, &["-v"]);
    assert_eq!(audit.status, 3);
    assert_eq!(audit.ids("vendor-not-active", "gap").len(), NASTY.len());
    says(&audit.text, &["\\u{1b}[2J", "\\u{202e}txt.exe", "line\\u{a}", "\\u{9b}2J"]);
    // The report of machines holds the names themselves, in escapes.
    let paths: Vec<&str> = items(&audit.json["coverage"]["files"]).iter().map(|f| word(&f["path"])).collect();
    for name in NASTY {
        assert!(paths.contains(&format!("{name}.yaml").as_str()), "{name:?}");
    }
}

#[test]
fn ids_are_never_printed_as_they_are() {
    let repo = Repo::new();
    let message = "{{ vendor.id }} goes first, {{ vendor.id }} again";
    let group = "  - id: shared\n    title: Not shared\n    asks: [ask]\n    tests: operation\n    grade: observed\n    \
                 for: vendor\n    group_by: vendor.status\n    require: group.map(v, v.id).distinct().size() < 2\n    \
                 otherwise: review\n    pattern: It can be innocent.\n    message: \"{{ ids }} share\"\n";
    let checks = [
        each("first", "vendor", "vendor.status == 'active'", message, &["at: status"]),
        each("absent", "vendor", "vendor.reviewed_on >= as_of", message, &[]),
        each("satisfied", "vendor", "has(vendor.id)", message, &[]),
        group.to_owned(),
    ];
    pack(&repo, &checks.concat());
    for (i, id) in NASTY.iter().enumerate() {
        // An id with a blank or a hidden character is refused; what is left is bad enough.
        repo.write(format!("{i}.yaml"), format!("kind: vendor\nid: {}\nstatus: ended\n", quoted(id)));
        repo.write(format!("d{i}.yaml"), format!("kind: vendor\nid: {}\nname: x\n", quoted(id)));
        let word = quoted(&format!("{id}x"));
        repo.write(format!("w{i}.yaml"), format!("kind: worker\nid: w-{i}\nvendor: {word}\n"));
        repo.write(
            format!("n{i}.yaml"),
            format!("kind: vendor\nid: {}\nstatus: ended\n", quoted(&format!("{id}-2"))),
        );
    }
    assert_eq!((shown(&repo, &AUDIT).status, shown(&repo, &VERBOSE).status), (3, 3));
    let narrow = Call::new(repo.root()).args(VERBOSE).env("COLUMNS", "60").run();
    assert_eq!(narrow.status, 3);
    let audit = audit(&repo);
    let nasty: Vec<&str> = audit.ids("first", "gap");
    for id in NASTY.iter().filter(|id| duly::records::is_plausible_id(id)) {
        let id = format!("{id}-2");
        assert!(nasty.contains(&id.as_str()), "{id:?} is not in the JSON report as it is: {nasty:?}");
    }
    assert!(
        audit.coded("duplicate-id").len() >= 2
            && audit.coded("invalid-value").len() > 5
            && audit.coded("broken-reference").len() > 5
    );
}

#[test]
fn an_id_at_the_start_of_a_line_is_no_command() {
    // Every width puts another id first.
    let repo = Repo::new();
    pack(&repo, &each("satisfied", "vendor", "has(vendor.id)", "m", &[]));
    for i in 0..30 {
        let id = format!("::error::pwned-{}{i}", "x".repeat(i % 7));
        repo.write(format!("{i}.yaml"), format!("kind: vendor\nid: '{id}'\n"));
    }
    for columns in 48..64 {
        let output = Call::new(repo.root()).args(VERBOSE).env("COLUMNS", &columns.to_string()).run();
        assert_eq!(output.status, 0);
        says(&output.stdout, &[":error::pwned-"]);
    }
}

#[test]
fn keys_and_values_are_never_printed_as_they_are() {
    let repo = Repo::new();
    let message = "{{ vendor.id }}: {{ vendor.contract.document.ref }}";
    pack(
        &repo,
        &each("told", "vendor", "vendor.status == 'active'", message, &["at: contract.document.ref"]),
    );
    for (i, text) in NASTY.iter().enumerate() {
        let json = quoted_for(text, true);
        let text = quoted(text);
        repo.write(
            format!("{i}/key.yaml"),
            format!("kind: vendor\nid: k-{i}\n{text}: 1\nbank: {{{text}: 2}}\n"),
        );
        repo.write(format!("{i}/kind.json"), format!("{{\"kind\": {json}, \"id\": \"x\"}}"));
        repo.write(
            format!("{i}/value.json"),
            format!("{{\"kind\": \"vendor\", \"id\": \"t-{i}\", \"status\": {json}}}"),
        );
        repo.write(
            format!("{i}/shown.json"),
            format!("{{\"kind\": \"vendor\", \"id\": \"s-{i}\", \"status\": \"ended\", \"contract\": {{\"document\": {{\"ref\": {json}}}}}}}"),
        );
    }
    // Raw in the file, where YAML lets it be.
    repo.write(
        "raw.yaml",
        "kind: vendor\nid: raw\nstatus: ended # \u{202e} ::error::x\n\u{202e}key: 1\nname: \u{2066}x\n",
    );
    shown(&repo, &VERBOSE);
    let audit = audit_with(&repo, &["-v"]);
    assert_eq!(audit.status, 3);
    assert!(audit.coded("unknown-field").len() > NASTY.len());
    assert_eq!(audit.coded("unknown-kind").len(), NASTY.len());
}

#[test]
fn errors_about_arguments_are_no_commands() {
    let repo = Repo::with(&[("v.yaml", "kind: vendor\nid: v\n")]);
    active(&repo);
    for text in NASTY {
        let calls: [&[&str]; 7] = [
            &["audit", text],
            &["audit", ".", "--as-of", text],
            &["audit", ".", "--report", text],
            &["audit", ".", "--pack", text],
            &["explain", text, "--pack", "pack"],
            &["schema", text],
            &["test", text],
        ];
        for args in calls {
            let output = shown(&repo, args);
            assert_eq!(output.status, 2, "{args:?}");
            assert!(output.stderr.starts_with("error: "), "{args:?}: {}", output.stderr);
        }
        let target = format!("json=missing/{text}");
        assert_eq!(shown(&repo, &["audit", ".", "--as-of", AS_OF, "--report", &target]).status, 2);
    }
}

#[test]
fn texts_of_a_configuration_are_never_printed_as_they_are() {
    let repo = Repo::new();
    active(&repo);
    repo.write("v.yaml", "kind: vendor\nid: v\nstatus: ended\n");
    for text in few() {
        let text = quoted(&text);
        repo.write(
            "duly.yaml",
            format!(
                "packs: [pack]\norganization: {text}\nclassification: {text}\nowners: {{somebody: {text}}}\n\
                 ignore:\n  - {{files: [none], reason: {text}}}\nreference:\n  - {{list: {text}, file: {text}}}\n"
            ),
        );
        shown(&repo, &["audit", ".", "--as-of", AS_OF, "-v"]);
        // The list is not there; the rest is.
        assert_eq!(audit_with(&repo, &["-v"]).status, 3);
        for broken in [
            format!("packs: [{text}]\n"),
            format!("fail_on: {text}\n"),
            format!("{text}: 1\n"),
            format!("ignore: [{{files: [\"[{}, reason: x}}]\n", &text[1..]),
            format!("ignore: [{{files: [x], reason: x}}]\nparameters: {{{text}: {{{text}: 1}}}}\n"),
            format!("reference: [{{list: x, file: y, dated_on: {text}}}]\n"),
        ] {
            repo.write("duly.yaml", &broken);
            let output = shown(&repo, &["audit", ".", "--as-of", AS_OF]);
            assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{broken}");
        }
    }
}

#[test]
fn texts_of_a_policy_are_never_printed_as_they_are() {
    let repo = Repo::with(&[("v.yaml", "kind: vendor\nid: v\nstatus: ended\n")]);
    for text in few() {
        let text = quoted(&text);
        let check = each("c", "vendor", "vendor.status == 'active'", "m", &["at: status"]);
        let whole = measure("T-01", "high", &check)
            .replace("title: Measure T-01 holds", &format!("title: {text}"))
            .replace("title: Requirement c holds", &format!("title: {text}"))
            .replace("message: \"m\"", &format!("message: {text}"))
            .replace("text: Something is asked.", &format!("text: {text}"))
            .replace("rationale: It is a test.", &format!("rationale: {text}"))
            .replace("  - Fix the record.", &format!("  - {text}"))
            .replace("owner: somebody", &format!("owner: {text}"));
        repo.write("pack/T-01.yaml", whole);
        repo.write("pack/pack.yaml", HEAD.replace("title: All measures", &format!("title: {text}")));
        for args in [
            vec!["audit", ".", "--as-of", AS_OF, "--pack", "pack", "-v"],
            vec!["audit", ".", "--as-of", AS_OF, "--pack", "pack", "--report", "json"],
            vec!["explain", "--pack", "pack"],
            vec!["explain", "T-01", "--pack", "pack"],
            vec!["explain", "c", "--pack", "pack"],
        ] {
            let output = shown(&repo, &args);
            assert!(output.status == 2 || !output.stdout.is_empty(), "{args:?}");
        }
    }
}
