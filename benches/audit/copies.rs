//! What it costs that many records lie together: the example 75 and 150 times over, in one place.

use std::fs;
use std::path::Path;

use duly::assessment::Assessment;

use super::process::{self, Usage};
use super::{DULY, Result, copy, median, print, sorted, utf8};

/// CPU for twice the copies, in CPU.
const TWICE: f64 = 2.3;
/// The day that the example is written for.
const AS_OF: &str = "2026-06-30";

/// Measures so many copies and twice as many, or, for a smoke test, tries both once.
pub(crate) fn bench(copies: usize, smoke: bool) -> Result<()> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copies-bench");
    let _ = fs::remove_dir_all(&root);
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/meridian-labs");
    let mut sizes = Vec::new();
    for count in [copies, copies * 2] {
        let folder = root.join(count.to_string());
        fs::create_dir_all(&folder)?;
        let records = copy::write(&example, &folder, count)?;
        let findings = check(&folder, records)?;
        sizes.push((count, folder, records, findings));
    }
    let mut seconds = [Vec::new(), Vec::new()];
    for _ in 0..if smoke { 1 } else { 3 } {
        for ((_, folder, ..), seconds) in sizes.iter().zip(&mut seconds) {
            seconds.push(audit(folder)?.cpu_seconds);
        }
    }
    let [once, twice] = seconds.map(|seconds| median(&sorted(seconds.into_iter())));
    for ((count, _, records, findings), seconds) in sizes.iter().zip([once, twice]) {
        print(&format!(
            "{count:>5} copies{records:>9} records{findings:>8} findings{seconds:>9.2} s of CPU"
        ))?;
    }
    let ratio = twice / once.max(1e-6);
    let verdict = if ratio <= TWICE { "kept" } else { "over" };
    print(&format!("twice the copies: CPU at most {TWICE} times{ratio:>17.2}  {verdict}"))?;
    Ok(fs::remove_dir_all(&root)?)
}

fn audit(folder: &Path) -> Result<Usage> {
    let report = format!("json={}", utf8(&folder.with_extension("json"))?);
    let usage = process::run(
        Path::new(DULY),
        &["audit", utf8(folder)?, "--as-of", AS_OF, "-q", "--report", &report],
    )?;
    // Gaps are there, and nothing else is wrong.
    if usage.exit_status == 1 { Ok(usage) } else { Err(format!("exit status {}", usage.exit_status).into()) }
}

/// Audits once: every record was read, and nothing is wrong with the copies. Returns the number of findings.
fn check(folder: &Path, records: usize) -> Result<usize> {
    audit(folder)?;
    let report = folder.with_extension("json");
    let assessment: Assessment = serde_json::from_slice(&fs::read(&report)?)?;
    fs::remove_file(report)?;
    let counted: usize = assessment.coverage.records.values().sum();
    if counted != records {
        return Err(format!("{counted} of {records} records were read").into());
    }
    match assessment.problems.first() {
        Some(problem) => Err(format!("{}: {}", problem.place, problem.message).into()),
        None => Ok(assessment.findings.len()),
    }
}
