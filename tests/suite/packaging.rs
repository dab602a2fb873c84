//! The pre-commit hooks, the GitHub action and the GitLab component: each runs the command line that there is.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_yaml::Value;

use super::support::{Repo, binary, says};
use crate::repository::root;

fn yaml(path: &str) -> Vec<Value> {
    let text = fs::read_to_string(root().join(path)).expect("the file is there");
    serde_yaml::Deserializer::from_str(&text)
        .map(|document| serde::Deserialize::deserialize(document).expect("YAML"))
        .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Words of commands as the binary's own help has them.
fn help(command: &str) -> String {
    let output = binary(&root()).args([command, "--help"]).output().expect("duly starts");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Every long option and report format that a script gives to `duly audit` exists.
fn holds(script: &str) {
    let audit = help("audit");
    let formats: Vec<&str> = super::formats::names().collect();
    let mut seen = 0;
    for word in script.split(|c: char| c.is_whitespace() || "\"'()".contains(c)) {
        if let Some(option) = word.strip_prefix("--") {
            let option = option.split('=').next().unwrap_or_default();
            if ["release", "locked", "bin", "git", "tag", "manifest-path", "target-dir", ""].contains(&option)
            {
                continue;
            }
            assert!(audit.contains(&format!("--{option}")), "duly audit has no --{option}");
            seen += 1;
        }
        if let Some((format, _)) = word.split_once("=$written") {
            assert!(formats.contains(&format), "there is no report `{format}`");
            seen += 1;
        }
    }
    assert!(seen > 0, "nothing to hold in {script}");
}

#[test]
fn hooks_run_the_command_line_there_is() {
    let hooks = yaml(".pre-commit-hooks.yaml").remove(0);
    let hooks = hooks.as_sequence().expect("a list of hooks");
    assert_eq!(hooks.len(), 2);
    for hook in hooks {
        for key in ["id", "name", "entry", "language", "description"] {
            assert!(!text(&hook[key]).is_empty(), "{key}");
        }
        assert_eq!(hook["pass_filenames"], false, "joins need every file");
        assert!(text(&hook["entry"]).starts_with("duly audit"));
        holds(text(&hook["entry"]));
    }
}

#[test]
fn the_action_takes_inputs_by_environment_only() {
    let action = yaml("action.yml").remove(0);
    assert_eq!(action["runs"]["using"], "composite");
    let page = fs::read_to_string(root().join("docs/github.md")).expect("the page");
    for (name, input) in action["inputs"].as_mapping().expect("inputs") {
        assert!(!text(&input["description"]).is_empty());
        says(&page, &[&format!("| `{}` |", text(name))]);
    }
    for name in action["outputs"].as_mapping().expect("outputs").keys() {
        says(&page, &[&format!("`{}`", text(name))]);
    }
    for step in action["runs"]["steps"].as_sequence().expect("steps") {
        assert_eq!(step["shell"], "bash");
        assert!(!text(&step["run"]).contains("${{"), "an input would be text of the script");
    }
}

#[test]
fn the_component_takes_inputs_by_environment_only() {
    let [spec, job] = yaml("templates/audit.yml").try_into().expect("two documents");
    let page = fs::read_to_string(root().join("docs/gitlab.md")).expect("the page");
    for (name, input) in spec["spec"]["inputs"].as_mapping().expect("inputs") {
        assert!(!text(&input["description"]).is_empty());
        says(&page, &[&format!("| `{}` |", text(name))]);
    }
    let script: Vec<&str> =
        job["duly-audit"]["script"].as_sequence().expect("a script").iter().map(text).collect();
    assert!(script.iter().all(|part| !part.contains("$[[")), "an input would be text of the script");
    holds(script[1]);
    for report in ["codequality", "junit"] {
        let file = text(&job["duly-audit"]["artifacts"]["reports"][report]);
        let name = file.strip_prefix("duly-reports/").expect("in the folder of the artifact");
        says(script[1], &[&format!("$written/{name}")]);
    }
}

/// A run of a script as CI runs it: in the repository, with `duly` on the path.
struct Job {
    folder: tempfile::TempDir,
}

impl Job {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bin = folder.path().join("bin");
        fs::create_dir(&bin).expect("a folder");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_duly"), bin.join("duly")).expect("a link");
        Job { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Exit status and standard output.
    fn run(&self, repo: &Repo, script: &str, environment: &[(&str, &str)]) -> (i32, String) {
        let path = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("bash")
            .args(["-c", script])
            .current_dir(repo.root())
            .env_clear()
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("RUNNER_TEMP", self.folder.path())
            .env("TMPDIR", self.folder.path())
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .envs(environment.iter().copied())
            .output()
            .expect("bash starts");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let status = output.status.code().expect("a status");
        assert!(status <= 3, "{status}: {text}{}", String::from_utf8_lossy(&output.stderr));
        (status, text)
    }
}

const GAP: &str = "kind: shipment\nid: S-1\nworker: W-1\ndirection: outbound\nstatus: delivered\nshipped_on: 2026-05-04\nsignature: none\n---\n\
    kind: worker\nid: W-1\nname: Jane Doe\nengagement: contractor\nstatus: active\nwork_country: US\n";

#[test]
fn the_action_audits_annotates_and_leaves_reports() {
    let action = yaml("action.yml").remove(0);
    let script = text(&action["runs"]["steps"][1]["run"]).to_owned();
    holds(&script);
    let environment = [
        ("AUDIT_PATH", "."),
        ("AUDIT_BASE", "none"),
        ("AUDIT_AS_OF", "2026-06-30"),
        ("AUDIT_FAIL_ON", ""),
        ("AUDIT_REPORTS", "out/of the way"),
        ("GITHUB_BASE_REF", "main"),
    ];
    let repo = Repo::with(&[("records.yaml", GAP)]);
    let job = Job::new();
    let (status, log) = job.run(&repo, &script, &environment);
    assert_eq!(status, 1, "{log}");
    says(&log, &["shipment-without-signature", "::error file=records.yaml,line="]);
    for name in ["report.html", "assessment.json", "findings.sarif", "comment.md", "plan.csv"] {
        assert!(repo.path("out/of the way").join(name).is_file(), "{name}");
    }
    says(&job.read("output"), &["status=1", "html-file=out/of the way/report.html"]);
    says(&job.read("summary"), &["shipment-without-signature"]);

    // A base that is not there is an error of usage, and the step says so.
    let job = Job::new();
    let environment = [("AUDIT_BASE", "no-such-revision"), ("AUDIT_PATH", "."), ("AUDIT_REPORTS", "out2")];
    let environment: Vec<_> =
        environment.into_iter().chain([("AUDIT_AS_OF", ""), ("AUDIT_FAIL_ON", "")]).collect();
    assert_eq!(job.run(&repo, &script, &environment).0, 2);
    says(&job.read("output"), &["status=2"]);
}

#[test]
fn the_component_audits_and_leaves_reports() {
    let [_, job_file] = yaml("templates/audit.yml").try_into().expect("two documents");
    let script = text(&job_file["duly-audit"]["script"][1]).to_owned();
    let repo = Repo::with(&[("records.yaml", GAP)]);
    let environment = [("DULY_PATH", "."), ("DULY_FAIL_ON", "critical"), ("DULY_AS_OF", "2026-06-30")];
    let (status, log) = Job::new().run(&repo, &script, &environment);
    assert_eq!(status, 1, "{log}");
    for name in ["gl-code-quality-report.json", "junit.xml", "report.html", "assessment.json", "plan.csv"] {
        assert!(repo.path("duly-reports").join(name).is_file(), "{name}");
    }
}
