//! Runs the fuzz targets under `tests/fuzz`, a workspace of its own that CI never builds.

use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::workspace::Workspace;

/// What `cargo xtask fuzz` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How long each target runs
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// The targets; all of them, when none is named
    targets: Vec<String>,
}

/// In the order in which all of them are run.
const TARGETS: [&str; 7] = [
    "template",
    "expression",
    "jq",
    "cron",
    "duration",
    "wire_query",
    "authorization",
];

const FOLDER: &str = "tests/fuzz";

/// Runs the targets one after the other; the first that finds something ends the run.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<String, String> {
    let mut targets: Vec<&str> = arguments.targets.iter().map(String::as_str).collect();
    if let Some(unknown) = targets.iter().find(|name| !TARGETS.contains(name)) {
        let known = TARGETS.join(", ");
        return Err(format!("there is no fuzz target {unknown}: take {known}"));
    }
    if targets.is_empty() {
        targets.extend(TARGETS);
    }
    can_fuzz()?;
    let mut report = String::new();
    for target in targets {
        let figures = fuzz(workspace.root(), target, arguments.seconds)?;
        let _ = writeln!(report, "{target}: {figures}");
    }
    Ok(report)
}

/// Nothing is installed behind anybody's back.
fn can_fuzz() -> Result<(), String> {
    let works = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        let quiet = command
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        quiet.status().is_ok_and(|status| status.success())
    };
    if !works(&["+nightly", "--version"]) {
        return Err("fuzzing needs nightly Rust: rustup toolchain install nightly".to_owned());
    }
    if !works(&["+nightly", "fuzz", "--version"]) {
        return Err("fuzzing needs cargo-fuzz: cargo install cargo-fuzz".to_owned());
    }
    Ok(())
}

/// Everything that is fuzzed is safe Rust, so no sanitizer slows it down.
fn fuzz(root: &Path, target: &str, seconds: u32) -> Result<String, String> {
    println!("=== {target}");
    let folder = root.join(FOLDER);
    let (corpus, seeds) = (format!("corpus/{target}"), format!("seeds/{target}"));
    for path in [&corpus, &seeds] {
        let made = std::fs::create_dir_all(folder.join(path));
        made.map_err(|error| format!("{path}: {error}"))?;
    }
    let mut command = Command::new("cargo");
    command.current_dir(&folder);
    command.args([
        "+nightly",
        "fuzz",
        "run",
        "--fuzz-dir",
        ".",
        "--sanitizer",
        "none",
    ]);
    command.args(["--debug-assertions", target, &corpus, &seeds]);
    if target == "template" {
        command.arg("../golden/template");
    }
    command.args(["--", "-timeout=10", "-max_len=8192", "-print_final_stats=1"]);
    command.arg(format!("-max_total_time={seconds}"));
    let words = format!("dictionaries/{target}.dict");
    if folder.join(&words).exists() {
        command.arg(format!("-dict={words}"));
    }
    watch(target, &mut command)
}

/// Passes on what libFuzzer says, and picks its figures.
fn watch(target: &str, command: &mut Command) -> Result<String, String> {
    let spawned = command.stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| format!("cargo: {error}"))?;
    let mut executions = String::from("no figures");
    let stderr = child.stderr.take().expect("it is piped");
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        if let Some(count) = line.strip_prefix("stat::number_of_executed_units:") {
            executions = format!("{} executions", count.trim());
        }
        eprintln!("{line}");
    }
    let status = child.wait().map_err(|error| format!("{target}: {error}"))?;
    if status.success() {
        return Ok(executions);
    }
    Err(format!(
        "{target} ended with {status}; what it found is in {FOLDER}/artifacts/{target}"
    ))
}
