//! What an audit costs: duly against a program that only parses the same bytes.
//!
//! Run `cargo bench --bench audit`; see `benches/README.md`. Started without `--bench`, as by
//! `cargo test --all-targets`, it runs once over a few records and checks the findings.

mod bare;
mod copies;
mod copy;
mod data;
mod process;
mod states;
mod template;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use data::Folder;
use process::Usage;
use serde::Deserialize;
use template::AS_OF;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const DULY: &str = env!("CARGO_BIN_EXE_duly");

/// CPU of an audit by the eight rules, in CPU of parsing alone.
const RATIO: f64 = 1.5;
/// CPU for ten times the records, in CPU.
const GROWTH: f64 = 12.0;
/// Peak memory, in bytes of input.
const MEMORY: f64 = 2.5;
/// From so many workers on, what does not grow with the records is small beside what does.
const LARGE: u64 = 10_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("--measure") => process::measure(&arguments[1..]).and_then(|line| print(&line)),
        Some("--parse") => arguments[1..].iter().try_for_each(|folder| parse(Path::new(folder))),
        Some("states") => {
            let files = arguments.iter().find_map(|argument| argument.parse().ok());
            states::bench(files.unwrap_or(10_000), false)
        }
        Some("copies") => {
            let copies = arguments.iter().find_map(|argument| argument.parse().ok());
            copies::bench(copies.unwrap_or(75), false)
        }
        Some("bare") => {
            let records = arguments.iter().find_map(|argument| argument.parse().ok());
            bare::bench(records.unwrap_or(100_000))
        }
        _ => Plan::of(&arguments).and_then(|plan| {
            bench(&plan)?;
            if plan.smoke {
                states::bench(140, true)?;
                copies::bench(1, true)?;
                bare::bench(30)?;
            }
            Ok(())
        }),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

/// Parses every file of a folder into values, and drops them before the next file.
fn parse(folder: &Path) -> Result<()> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<std::result::Result<_, _>>()?;
    files.sort();
    for file in files {
        let bytes = fs::read(file)?;
        for document in serde_yaml::Deserializer::from_slice(&bytes) {
            black_box(serde_yaml::Value::deserialize(document)?);
        }
    }
    Ok(())
}

/// What to run.
struct Plan {
    /// Numbers of workers, ascending.
    sizes: Vec<u64>,
    /// Records in one file.
    chunk: u64,
    /// Leave the folders for other programs.
    keep: bool,
    smoke: bool,
}

impl Plan {
    fn of(arguments: &[String]) -> Result<Self> {
        let mut plan = Plan { sizes: Vec::new(), chunk: 1000, keep: false, smoke: true };
        let mut full = false;
        for argument in arguments {
            match argument.as_str() {
                "--bench" => plan.smoke = false,
                "--full" => full = true,
                "--keep" => plan.keep = true,
                "--split" => plan.chunk = 1,
                size => plan.sizes.push(size.parse().map_err(|_| {
                    format!("`{size}`: numbers of workers, --full, --split and --keep are understood")
                })?),
            }
        }
        match (plan.sizes.is_empty(), plan.smoke) {
            (true, true) => plan.sizes.push(20),
            (true, false) => plan.sizes.extend([1_000, 10_000]),
            _ => {}
        }
        if full {
            plan.sizes.push(100_000);
        }
        plan.sizes.sort_unstable();
        plan.sizes.dedup();
        Ok(plan)
    }

    fn pairs(&self, workers: u64) -> usize {
        match workers {
            _ if self.smoke => 1,
            0..5_000 => 5,
            5_000..50_000 => 3,
            _ => 1,
        }
    }
}

/// One folder, measured.
struct Row {
    suite: &'static str,
    workers: u64,
    bytes: u64,
    documents: u64,
    findings: usize,
    /// Parsing alone and the audit, one after the other each time.
    pairs: Vec<(Usage, Usage)>,
}

impl Row {
    fn ratios(&self) -> Vec<f64> {
        sorted(self.pairs.iter().map(|(parse, duly)| duly.cpu_seconds / parse.cpu_seconds.max(1e-6)))
    }

    fn cpu(&self, of: impl Fn(&(Usage, Usage)) -> Usage) -> f64 {
        median(&sorted(self.pairs.iter().map(|pair| of(pair).cpu_seconds)))
    }

    fn memory(&self) -> f64 {
        let peak = self.pairs.iter().map(|(_, duly)| duly.peak_bytes).max().unwrap_or_default();
        peak as f64 / self.bytes as f64
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn bench(plan: &Plan) -> Result<()> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("audit-bench");
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root)?;
    let mut rows = Vec::new();
    for &workers in &plan.sizes {
        rows.push(row(plan, "eight rules", workers, data::eight_rules(&root, workers, plan.chunk)?)?);
        rows.push(row(plan, "default pack", workers, data::native(&root, workers, plan.chunk)?)?);
    }
    let fixed = fixed_cost(&root, if plan.smoke { 1 } else { 5 })?;
    rows.sort_by_key(|row| (std::cmp::Reverse(row.suite), row.workers));
    print(&table(&rows, fixed))?;
    print(&budgets(&rows))?;
    if plan.keep {
        print(&format!("The folders are in {}", root.display()))?;
    } else {
        fs::remove_dir_all(&root)?;
    }
    Ok(())
}

fn row(plan: &Plan, suite: &'static str, workers: u64, folder: Folder) -> Result<Row> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/rules");
    let pack = if suite == "eight rules" { Some(rules) } else { None };
    let findings = check(&folder, pack.as_deref())?;
    let mut pairs = Vec::new();
    let myself = std::env::current_exe()?;
    for _ in 0..plan.pairs(workers) {
        let parse = process::run(&myself, &["--parse", utf8(&folder.records)?])?;
        pairs.push((parse, audit(&folder.path, pack.as_deref())?));
    }
    if !plan.keep {
        fs::remove_dir_all(&folder.path)?;
    }
    let Folder { bytes, documents, .. } = folder;
    Ok(Row { suite, workers, bytes, documents, findings, pairs })
}

fn utf8(path: &Path) -> Result<&str> {
    Ok(path.to_str().ok_or("the path of the target folder is not UTF-8")?)
}

/// Where an audit writes its report: beside the folder, not into it.
fn report(folder: &Path) -> PathBuf {
    folder.with_extension("json")
}

fn audit(folder: &Path, pack: Option<&Path>) -> Result<Usage> {
    let as_of = AS_OF.to_string();
    let report = format!("json={}", utf8(&report(folder))?);
    let mut arguments = vec!["audit", utf8(folder)?, "--as-of", &as_of, "--report", &report];
    if let Some(pack) = pack {
        arguments.extend(["--pack", utf8(pack)?]);
    }
    let usage = process::run(Path::new(DULY), &arguments)?;
    if usage.exit_status == 2 {
        return Err(format!("duly {} does not run", arguments.join(" ")).into());
    }
    Ok(usage)
}

/// Audits once, and holds the report against what was planted. Returns the number of findings.
fn check(folder: &Folder, pack: Option<&Path>) -> Result<usize> {
    audit(&folder.path, pack)?;
    let report = report(&folder.path);
    let assessment: duly::assessment::Assessment = serde_json::from_slice(&fs::read(&report)?)?;
    fs::remove_file(report)?;
    let counted: usize = assessment.coverage.records.values().sum();
    if counted as u64 != folder.documents {
        return Err(format!("{counted} of {} records were read", folder.documents).into());
    }
    let unread = assessment.problems.iter().find(|p| p.impact == duly::assessment::Impact::Incomplete);
    if let Some(problem) = unread {
        return Err(format!("{}: {}", problem.place, problem.message).into());
    }
    if pack.is_some() {
        let mut found: Vec<(&str, String)> = Vec::new();
        for finding in &assessment.findings {
            found.extend(finding.records.iter().map(|record| (finding.measure.as_str(), record.id.clone())));
        }
        found.sort();
        if found != folder.planted {
            return Err(
                format!("{} violations were planted, {} found", folder.planted.len(), found.len()).into()
            );
        }
    }
    Ok(assessment.findings.len())
}

/// CPU seconds of an audit of one record by the default pack.
fn fixed_cost(root: &Path, times: usize) -> Result<f64> {
    let folder = root.join("one-record");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("worker.yaml"), "kind: worker\nid: W-1\n")?;
    let all: Vec<Usage> = (0..times).map(|_| audit(&folder, None)).collect::<Result<_>>()?;
    Ok(median(&sorted(all.iter().map(|usage| usage.cpu_seconds))))
}

fn table(rows: &[Row], fixed: f64) -> String {
    let mut text = format!(
        "Ratios first: absolute times mean nothing on a shared machine.\n\n\
         {:<13}{:>8}{:>9}{:>8}{:>9} | {:>10} {:<12}{:>7}{:>14} | {:>8}{:>8}\n",
        "",
        "workers",
        "records",
        "MB",
        "findings",
        "duly/parse",
        "(pairs)",
        "growth",
        "memory/input",
        "parse s",
        "duly s",
    );
    for (i, row) in rows.iter().enumerate() {
        let ratios = row.ratios();
        let growth = growth(rows, i).map_or_else(|| "-".to_owned(), |(growth, _)| format!("{growth:.1}"));
        text += &format!(
            "{:<13}{:>8}{:>9}{:>8.1}{:>9} | {:>10.2} {:<12}{:>7}{:>14.1} | {:>8.2}{:>8.2}\n",
            row.suite,
            row.workers,
            row.documents,
            row.bytes as f64 / 1e6,
            row.findings,
            median(&ratios),
            format!("{:.2}-{:.2}", ratios[0], ratios[ratios.len() - 1]),
            growth,
            row.memory(),
            row.cpu(|(parse, _)| *parse),
            row.cpu(|(_, duly)| *duly),
        );
    }
    text + &format!("\nAn audit of one record by the default pack: {fixed:.3} s of CPU\n")
}

/// How much more CPU a row takes than the smaller one of its suite, and how much it may.
fn growth(rows: &[Row], i: usize) -> Option<(f64, f64)> {
    let (smaller, row) = (rows.get(i.checked_sub(1)?)?, &rows[i]);
    if smaller.suite != row.suite {
        return None;
    }
    let records = row.documents as f64 / smaller.documents as f64;
    Some((row.cpu(|(_, duly)| *duly) / smaller.cpu(|(_, duly)| *duly).max(1e-6), records * GROWTH / 10.0))
}

/// What each row is held to; nothing fails here, the numbers are for people.
fn budgets(rows: &[Row]) -> String {
    let mut lines = BTreeMap::new();
    let mut hold = |row: &Row, what: &str, measured: f64, most: f64| {
        let verdict = if measured <= most { "kept" } else { "over" };
        let key = (std::cmp::Reverse(row.suite), row.workers, what.to_owned());
        let line = format!("{}, {} workers: {what} at most {most:.1}", row.suite, row.workers);
        lines.insert(key, format!("{line:<72}{measured:>6.2}  {verdict}\n"));
    };
    for (i, row) in rows.iter().enumerate() {
        if row.suite == "eight rules" && row.workers >= LARGE {
            hold(row, "CPU / parsing alone", median(&row.ratios()), RATIO);
        }
        if let Some((growth, most)) = growth(rows, i) {
            hold(row, "CPU / CPU of the row before", growth, most);
        }
        if row.workers >= LARGE {
            hold(row, "peak memory / input", row.memory(), MEMORY);
        }
    }
    if lines.is_empty() {
        return "Too few records to hold to a budget.".to_owned();
    }
    format!("Held to:\n{}", lines.into_values().collect::<String>())
}
