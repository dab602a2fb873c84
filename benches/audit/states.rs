//! What a second state costs: `audit --base`, `diff` and `audit --history` against a plain audit, over a
//! repository of many files of which few change from commit to commit.

use std::fs;
use std::path::{Path, PathBuf};

use duly::assessment::{Assessment, Change, Finding};
use git2::{Repository, RepositoryInitOptions, Signature, Time};

use super::process::{self, Usage};
use super::template::AS_OF;
use super::{DULY, Result, data, print};

/// Commits, each with five files changed since the one before.
const COMMITS: usize = 12;
/// CPU of a comparison, in CPU of a plain audit.
const TWO_STATES: f64 = 1.2;
/// A state under two sets of rules and another beside it.
const OTHER_RULES: f64 = 1.35;
/// CPU of an audit with eleven earlier commits beside it.
const TWELVE_STATES: f64 = 2.0;

/// One way to run the binary.
struct Row {
    name: &'static str,
    arguments: Vec<String>,
    /// The configuration of the files on disk, which has none at the commits.
    configuration: Option<&'static str>,
    /// How many times the CPU of a plain audit it may take.
    most: Option<f64>,
    ratios: Vec<f64>,
}

/// Measures a repository of so many files, or, for a smoke test, tries each command once.
pub(crate) fn bench(files: u64, smoke: bool) -> Result<()> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("states-bench");
    let _ = fs::remove_dir_all(&root);
    let folder = data::native(&root, files.div_ceil(7), 1)?;
    history(&folder.path)?;
    let records = folder.documents;
    let folder = folder.path;
    check(&folder)?;
    let mut rows = rows();
    let plain = vec!["--as-of".to_owned(), AS_OF.to_string()];
    let mut seconds = Vec::new();
    for _ in 0..if smoke { 1 } else { 7 } {
        let first = run(&folder, "audit", &plain)?.cpu_seconds;
        let mut others = Vec::new();
        for row in &rows {
            let configuration = folder.join("duly.yaml");
            if let Some(text) = row.configuration {
                fs::write(&configuration, text)?;
            }
            others.push(run(&folder, row.arguments[0].as_str(), &row.arguments[1..])?.cpu_seconds);
            if row.configuration.is_some() {
                fs::remove_file(&configuration)?;
            }
        }
        let last = run(&folder, "audit", &plain)?.cpu_seconds;
        // The machine may be busier at one end of a round than at the other.
        let audit = (first + last) / 2.0;
        seconds.push(audit);
        for (row, cpu) in rows.iter_mut().zip(others) {
            row.ratios.push(cpu / audit.max(1e-6));
        }
    }
    seconds.sort_by(f64::total_cmp);
    print(&format!(
        "{files} files, {records} records, 5 files changed a commit; a plain audit takes {:.2} s of CPU\n\n{:<52}{:>8} {:<14}{}",
        seconds[seconds.len() / 2],
        "CPU / CPU of the audit",
        "median",
        "(rounds)",
        "held to"
    ))?;
    for row in &mut rows {
        row.ratios.sort_by(f64::total_cmp);
        let (least, median, most) =
            (row.ratios[0], row.ratios[row.ratios.len() / 2], row.ratios[row.ratios.len() - 1]);
        let held = row.most.map_or_else(String::new, |limit| {
            format!("{limit}  {}", if median <= limit { "kept" } else { "over" })
        });
        print(&format!("{:<52}{median:>8.2} {:<14}{held}", row.name, format!("{least:.2}-{most:.2}")))?;
    }
    Ok(fs::remove_dir_all(&root)?)
}

fn rows() -> Vec<Row> {
    let as_of = AS_OF.to_string();
    let row = |name, text: &str, most| {
        let arguments = format!("{text} --as-of {as_of}").split(' ').map(str::to_owned).collect();
        Row { name, arguments, configuration: None, most, ratios: Vec::new() }
    };
    let past = |dated: bool| {
        let revisions: Vec<String> = (1..COMMITS)
            .rev()
            .map(|back| {
                if dated {
                    format!("--history HEAD~{back}={as_of}")
                } else {
                    format!("--history HEAD~{back}")
                }
            })
            .collect();
        format!("audit . {}", revisions.join(" "))
    };
    vec![
        row("audit --rev HEAD", "audit . --rev HEAD", None),
        row("audit --base HEAD~1", "audit . --base HEAD~1", Some(TWO_STATES)),
        Row {
            configuration: Some("parameters:\n  DD-09: { strong_signatures: [adult, direct, none] }\n"),
            ..row("audit --base HEAD~1, a parameter changed", "audit . --base HEAD~1", Some(OTHER_RULES))
        },
        Row {
            configuration: Some("ignore:\n  - { files: [records/shipments-000001.yaml], reason: moved }\n"),
            ..row("audit --base HEAD~1, a file ignored", "audit . --base HEAD~1", Some(OTHER_RULES))
        },
        row("diff HEAD~1", "diff HEAD~1 .", Some(TWO_STATES)),
        row("diff HEAD~1..HEAD", "diff HEAD~1..HEAD .", Some(TWO_STATES)),
        row("diff HEAD~11..HEAD", "diff HEAD~11..HEAD .", None),
        row("audit --history, 11 commits as of one date", &past(true), Some(TWELVE_STATES)),
        row("audit --history, 11 commits as of their own dates", &past(false), None),
    ]
}

fn run(folder: &Path, command: &str, arguments: &[String]) -> Result<Usage> {
    let report = format!("json={}", report(folder).display());
    let mut all = vec![command];
    // The folder stands where `.` is written, or first.
    let place = folder.to_str().ok_or("the path of the target folder is not UTF-8")?;
    if arguments.iter().all(|a| a != ".") {
        all.push(place);
    }
    all.extend(arguments.iter().map(|a| if a == "." { place } else { a.as_str() }));
    all.extend(["--report", &report]);
    let usage = process::run(Path::new(DULY), &all)?;
    if usage.exit_status == 2 {
        return Err(format!("duly {} does not run", all.join(" ")).into());
    }
    Ok(usage)
}

fn report(folder: &Path) -> PathBuf {
    folder.with_extension("json")
}

/// Commits the folder, then changes five files a commit: parcels lose their signature.
fn history(folder: &Path) -> Result<()> {
    let mut options = RepositoryInitOptions::new();
    let git = Repository::init_opts(folder, options.initial_head("main").external_template(false))?;
    let mut index = git.index()?;
    index.add_all(["records"], git2::IndexAddOption::DEFAULT, None)?;
    commit(&git, &mut index, 0)?;
    let mut parcels: Vec<PathBuf> = fs::read_dir(folder.join("records"))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<std::io::Result<_>>()?;
    parcels
        .retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("shipments-")));
    parcels.sort();
    for round in 1..COMMITS {
        for path in parcels.iter().skip(round).step_by(parcels.len().div_ceil(5)).take(5) {
            let text = fs::read_to_string(path)?;
            let text = match text.contains("signature: adult") {
                true => text.replace("signature: adult", "signature: none"),
                false => text.replace("signature: none", "signature: adult"),
            };
            fs::write(path, text)?;
            index.add_path(path.strip_prefix(folder)?)?;
        }
        commit(&git, &mut index, round)?;
    }
    Ok(())
}

fn commit(git: &Repository, index: &mut git2::Index, round: usize) -> Result<()> {
    index.write()?;
    let tree = git.find_tree(index.write_tree()?)?;
    // A week a commit, the last on the day of the audit.
    let seconds = AS_OF.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp().as_second();
    let when = Time::new(seconds - (COMMITS - 1 - round) as i64 * 7 * 86_400, 0);
    let somebody = Signature::new("Somebody", "somebody@example.org", &when)?;
    let parent = git.head().ok().map(|head| head.peel_to_commit()).transpose()?;
    let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
    git.commit(Some("HEAD"), &somebody, &somebody, "change", &tree, &parents)?;
    Ok(())
}

/// Compares once, and holds the report to what was changed.
fn check(folder: &Path) -> Result<()> {
    let arguments: Vec<String> =
        ["HEAD~1", ".", "--as-of", &AS_OF.to_string()].iter().map(|a| (*a).to_owned()).collect();
    run(folder, "diff", &arguments)?;
    let path = report(folder);
    let assessment: Assessment = serde_json::from_slice(&fs::read(&path)?)?;
    fs::remove_file(path)?;
    let changed = |finding: &Finding| {
        finding.check == "shipment-without-signature" && finding.change != Some(Change::Unchanged)
    };
    let fixed = assessment.baseline.iter().flat_map(|baseline| &baseline.fixed);
    let found = assessment.findings.iter().chain(fixed).filter(|f| changed(f)).count();
    if found == 5 { Ok(()) } else { Err(format!("{found} of 5 changed parcels were found").into()) }
}
