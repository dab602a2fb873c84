//! Every format over the same audits: one status, whole counts, the same bytes, and hostile texts without
//! effect. What a single format promises stands in `sarif`, `ci_formats` and `text_formats`.

use std::collections::BTreeMap;

use duly::assessment::Assessment;
use duly::report::{Format, Options};
use serde_json::Value;

use super::packs::{HEAD, active, each, measure};
use super::support::{AS_OF, Call, Repo, items, sound, word};

/// One audit in every format.
pub(crate) struct Reports {
    pub status: i32,
    pub stderr: String,
    /// The bytes of each report by the name of its format.
    pub texts: BTreeMap<&'static str, String>,
}

impl Reports {
    pub(crate) fn text(&self, format: &str) -> &str {
        &self.texts[format]
    }

    pub(crate) fn json(&self, format: &str) -> Value {
        serde_json::from_str(self.text(format)).unwrap_or_else(|e| panic!("{format}: {e}"))
    }

    /// The findings of the JSON report that are gaps nobody waived.
    pub(crate) fn gaps(&self) -> usize {
        let json = self.json("json");
        let due = |f: &&Value| f["outcome"] == "gap" && f["disposition"] != "waived";
        items(&json["findings"]).iter().filter(due).count()
    }

    /// The problems that leave the audit incomplete.
    pub(crate) fn unread(&self) -> usize {
        let json = self.json("json");
        items(&json["problems"]).iter().filter(|p| p["impact"] == "incomplete").count()
    }
}

/// The names of all formats.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    Format::ALL.iter().map(|format| format.name)
}

/// An assessment in a format, of which nothing is left out.
pub(crate) fn rendered(assessment: &Assessment, format: &str) -> String {
    let mut text = Vec::new();
    let format = Format::named(format).expect("a format");
    let notes = format.write(assessment, &Options::default(), &mut text).expect("a report");
    assert_eq!(notes, Vec::<String>::new());
    String::from_utf8(text).expect("UTF-8")
}

/// Audits the current folder of a repository once, with every format in a file.
pub(crate) fn reports(repo: &Repo, arguments: &[&str]) -> Reports {
    let out = Repo::new();
    let mut args: Vec<String> = ["audit", ".", "--as-of", AS_OF].iter().map(|s| (*s).to_owned()).collect();
    args.extend(arguments.iter().map(|s| (*s).to_owned()));
    for name in names() {
        args.push("--report".to_owned());
        args.push(format!("{name}={}", out.path(name).display()));
    }
    let output = Call::new(repo.root()).args(&args).run();
    assert_ne!(output.status, 2, "{}", output.stderr);
    assert_eq!(output.stdout, "", "every report went to its file");
    let texts: BTreeMap<&str, String> = names().map(|name| (name, out.text(name))).collect();
    texts.values().for_each(|text| sound(text));
    Reports { status: output.status, stderr: output.complaints(), texts }
}

/// A repository with the files of a folder of this one.
pub(crate) fn example(folder: &str) -> Repo {
    let repo = Repo::new();
    repo.copy(&format!("../../examples/{folder}"));
    repo
}

/// Texts that mean something to a terminal, a CI system, a browser, a spreadsheet or Markdown.
pub(crate) const NASTY: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "\"'`quoted`'\"",
    "\\`x\\`",
    "\u{202e}txt.exe",
    "::error::pwned",
    "##[error]pwned",
    "##vso[task.complete result=Succeeded;]",
    "@team please, #12 and !3",
    "{{ 7 * 7 }} {% include x %} ${{ secrets.X }}",
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-1",
    "@SUM(1)",
    "line\n::error::pwned\n=1+1",
    "line\r\n## heading",
    "\u{0}\u{8}\u{b}\u{fffe}\u{ffff}",
    "![x](https://evil.example/p.png)",
    "[x](javascript:alert(1))",
    "| a | b |",
    "--> <!-- x",
    "]]> <![CDATA[",
    "%0A::error::x",
    "a,b:c=d",
    "- item",
    "1. item",
    "&#64;team &lt;b&gt;",
    "deadbeefcafe",
    "\u{1f600} status",
];

/// A string that YAML and JSON read alike.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match unit {
            0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e => out.push(char::from(unit as u8)),
            unit => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.push('"');
    out
}

/// A repository in which every text is hostile: names, ids, file names, policy, configuration.
pub(crate) fn hostile() -> Repo {
    let repo = Repo::new();
    // A policy may hold nothing hidden.
    let hidden = |text: &str| {
        text.chars().any(|c| c.is_control() || matches!(c, '\u{202e}' | '\u{fffe}'..='\u{ffff}'))
    };
    let all = NASTY.iter().filter(|text| !hidden(text)).copied().collect::<Vec<_>>().join(" ");
    let text = yaml(&all);
    let check = |id: &str, kind: &str, message: &str| {
        each(id, kind, &format!("{kind}.id == 'never'"), message, &["at: status", "pattern: PATTERN"])
    };
    let checks = [
        check("named", "vendor", "{{ vendor.name }} and {{ vendor.id }} is {{ vendor.status }}"),
        check("stated", "vendor", "MESSAGE {{ vendor.id }}"),
    ];
    let policy = measure("T-01", "high", &checks.concat())
        .replace("title: Measure T-01 holds", &format!("title: {text}"))
        .replace("title: Requirement named holds", &format!("title: {text}"))
        .replace("text: Something is asked.", &format!("text: {text}"))
        .replace("  - Fix the record.", &format!("  - {text}"))
        .replace("pattern: PATTERN", &format!("pattern: {text}"))
        .replace("MESSAGE", "@team #12 <b> ![x](https://evil.example) |");
    repo.write("pack/T-01.yaml", policy);
    repo.write("pack/pack.yaml", HEAD.replace("title: All measures", &format!("title: {text}")));
    repo.write(
        "duly.yaml",
        format!(
            "packs: [pack]\norganization: {text}\nclassification: {text}\nowners: {{somebody: {text}}}\n"
        ),
    );
    for (i, text) in NASTY.iter().enumerate() {
        let json = quoted(text);
        let id = |text: &str| quoted(&text.split_whitespace().collect::<String>());
        repo.write(
            format!("{i}/name.json"),
            format!("{{\"kind\": \"vendor\", \"id\": \"n-{i}\", \"status\": \"ended\", \"name\": {json}}}"),
        );
        repo.write(
            format!("{i}/id.json"),
            format!("{{\"kind\": \"vendor\", \"id\": {}, \"status\": \"ended\"}}", id(&format!("{text}{i}"))),
        );
        repo.write(format!("{i}/kind.json"), format!("{{\"kind\": {json}, \"id\": \"x\"}}"));
        if !text.contains(['/', '\0']) {
            repo.write(format!("{i}/{text}.yaml"), format!("kind: vendor\nid: f-{i}\nstatus: ended\n"));
        }
    }
    repo.write("broken.yaml", "kind: vendor\nid: [\n");
    repo
}

/// As [`quoted`], for the characters beyond the first 65,536 too.
fn yaml(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match u32::from(c) {
            0x22 | 0x5c => out.extend(['\\', c]),
            0x20..=0x7e => out.push(c),
            n => out.push_str(&format!("\\U{n:08x}")),
        }
    }
    out.push('"');
    out
}

/// What holds for a text that people or machines read as lines. Of a report of commands, only its own are.
fn no_effect(name: &str, text: &str) {
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let raw = line.chars().find(|c| c.is_control() || matches!(c, '\u{202e}' | '\u{fffe}' | '\u{ffff}'));
        assert_eq!(raw, None, "{name}: raw in {line:?}");
        assert!(!line.contains("##[") && !line.contains("##vso["), "{name}: a command in {line:?}");
        if name != "github" {
            assert!(!line.trim_start().starts_with("::"), "{name}: a command in {line:?}");
        }
    }
}

#[test]
fn a_format_never_changes_the_status_and_loses_no_finding() {
    for folder in ["meridian-labs", "clean-harbor"] {
        let repo = example(folder);
        let all = reports(&repo, &[]);
        assert_eq!(all.stderr, "");
        for name in names() {
            let output = Call::new(repo.root())
                .args(["audit", ".", "--as-of", AS_OF, "--report", name])
                .coloured()
                .run();
            assert_eq!(output.status, all.status, "{name} on {folder}");
            assert_eq!(output.stdout, all.text(name), "{name} on {folder}: file and standard output differ");
        }
        let status = all.json("json")["summary"]["exit_status"].as_i64();
        assert_eq!(status, Some(i64::from(all.status)));
        if folder == "meridian-labs" {
            assert!(all.gaps() > 50, "the example has gaps to count");
        }
    }
}

#[test]
fn hostile_texts_have_no_effect_in_any_format() {
    let repo = hostile();
    let all = reports(&repo, &[]);
    assert_eq!(all.status, 3);
    assert!(all.gaps() > NASTY.len() && all.unread() > NASTY.len(), "{} {}", all.gaps(), all.unread());
    for (name, text) in &all.texts {
        no_effect(name, text);
    }
    assert_eq!(reports(&repo, &[]).texts, all.texts, "the same inputs give the same bytes");
}

#[test]
fn an_empty_folder_is_said_in_every_format() {
    let all = reports(&Repo::new(), &[]);
    assert_eq!((all.status, all.stderr.as_str()), (3, ""));
    for (name, text) in &all.texts {
        if !["csv", "plan-csv"].contains(name) {
            assert!(text.contains("there is no record to assess"), "{name}:\n{text}");
        }
    }
    let groups = items(&all.json("json")["not_assessed"]).len();
    assert_eq!(all.text("csv").lines().count(), 1 + groups);
}

#[test]
fn what_a_report_leaves_out_is_said_on_standard_error() {
    let repo = Repo::new();
    active(&repo);
    let records: Vec<String> =
        (0..5_200).map(|i| format!("- {{ kind: vendor, id: v-{i}, status: ended }}\n")).collect();
    for (i, part) in records.chunks(100).enumerate() {
        repo.write(format!("v/{i}.yaml"), part.concat());
    }
    let all = reports(&repo, &["--pack", "pack"]);
    assert_eq!((all.status, all.gaps()), (1, 5_200));
    assert_eq!(all.stderr.lines().count(), 1, "{}", all.stderr);
    super::support::says(&all.stderr, &["note: the SARIF report leaves out the 200 results", "sarif-full"]);
    let results = |name: &str| items(&all.json(name)["runs"][0]["results"]).len();
    assert_eq!((results("sarif"), results("sarif-full")), (5_000, 5_200));
    let notes = &all.json("sarif")["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert!(word(&notes[0]["message"]["text"]).contains("leaves out the 200 results"), "{notes}");
    // The pages say it themselves.
    assert!(all.text("markdown").len() < 500_000 && all.text("github-summary").len() <= 1 << 20);
    assert!(all.text("pull-request").chars().count() <= 60_000);
    super::support::says(all.text("pull-request"), &["… and 5180 more gaps"]);
    super::support::says(all.text("github"), &["not annotated: 5190 more errors"]);
}
