//! What it costs that records say nothing: bare workers against as many records that are complete, asked by every check.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::process::{self, Usage};
use super::template::AS_OF;
use super::{DULY, Result, data, print, utf8};

/// CPU and peak memory of bare records, in those of complete ones.
const AT_MOST: f64 = 2.0;
/// Records of the complete data set for each worker of it.
const RECORDS_A_WORKER: u64 = 11;

/// Measures so many bare and complete records once each.
pub(crate) fn bench(records: u64) -> Result<()> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bare-bench");
    let _ = fs::remove_dir_all(&root);
    let bare = root.join("bare");
    fs::create_dir_all(&bare)?;
    let mut text = String::new();
    for i in 0..records {
        writeln!(text, "---\nkind: worker\nid: W-{i}")?;
    }
    fs::write(bare.join("workers.yaml"), text)?;
    let complete = data::native(&root, (records / RECORDS_A_WORKER).max(1), 1000)?;
    let (bare, complete_usage) = (audit(&bare)?, audit(&complete.path)?);
    for (name, usage, records) in [("bare", bare, records), ("complete", complete_usage, complete.documents)]
    {
        let mib = usage.peak_bytes as f64 / f64::from(1 << 20);
        print(&format!(
            "{records:>8} {name:<8} records{:>9.2} s of CPU{mib:>9.0} MiB at the peak",
            usage.cpu_seconds
        ))?;
    }
    for (what, ratio) in [
        ("CPU", bare.cpu_seconds / complete_usage.cpu_seconds.max(1e-6)),
        ("memory", bare.peak_bytes as f64 / complete_usage.peak_bytes.max(1) as f64),
    ] {
        let verdict = if ratio <= AT_MOST { "kept" } else { "over" };
        print(&format!("bare against complete: {what} at most {AT_MOST} times{ratio:>9.2}  {verdict}"))?;
    }
    Ok(fs::remove_dir_all(&root)?)
}

fn audit(folder: &Path) -> Result<Usage> {
    let (as_of, report) = (AS_OF.to_string(), format!("json={}", utf8(&folder.with_extension("json"))?));
    let arguments =
        ["audit", utf8(folder)?, "--as-of", &as_of, "--profile", "full", "-q", "--report", &report];
    let usage = process::run(Path::new(DULY), &arguments)?;
    if usage.exit_status == 2 {
        return Err(format!("duly {} does not run", arguments.join(" ")).into());
    }
    Ok(usage)
}
