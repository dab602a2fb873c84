//! Whole processes, measured: CPU time of user and system, and peak memory.
//!
//! Each is started by a copy of this program that starts nothing else, so that what the system counts for the
//! children of that copy is this one process.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Result;

/// What one process took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    pub cpu_seconds: f64,
    pub peak_bytes: u64,
    pub exit_status: i32,
}

/// Runs a program and measures it.
pub(crate) fn run(program: &Path, arguments: &[&str]) -> Result<Usage> {
    let output = Command::new(std::env::current_exe()?)
        .arg("--measure")
        .arg(program)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut words = text.split_whitespace();
    let mut word = || words.next().ok_or_else(|| format!("{} was not measured", program.display()));
    Ok(Usage { cpu_seconds: word()?.parse()?, peak_bytes: word()?.parse()?, exit_status: word()?.parse()? })
}

/// `--measure PROGRAM ARGUMENTS`: runs it and returns the line that [`run`] reads.
#[cfg(unix)]
pub(crate) fn measure(arguments: &[String]) -> Result<String> {
    use nix::sys::resource::{UsageWho, getrusage};

    let (program, arguments) = arguments.split_first().ok_or("--measure needs a program")?;
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).status()?;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = usage.user_time() + usage.system_time();
    let seconds = cpu.tv_sec() as f64 + cpu.tv_usec() as f64 / 1e6;
    // Linux counts KiB, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let code = status.code().ok_or("the program was killed")?;
    Ok(format!("{seconds} {} {code}", usage.max_rss() * unit))
}

#[cfg(not(unix))]
pub fn measure(_: &[String]) -> Result<String> {
    Err("CPU time and memory of other processes are measured on Unix only".into())
}
