//! `cargo xtask test`: every check in order, with the time each takes.

use std::fmt::Write;
use std::time::{Duration, Instant};

use crate::workspace::Workspace;
use crate::{codegen, conformance, layers, metrics, package, tidy};

/// A check within this program.
type Check = fn(&Workspace) -> Result<String, String>;

enum Step {
    Cargo(&'static [&'static str]),
    Own(Check),
    /// Needs more of the machine than Rust: the other steps are run even if it fails.
    Foreign(fn(&Workspace) -> Result<(), String>),
}

/// Cheap ones first, except that the rules of the house come after the tests, so that a piece of
/// work can be tried before it is tidied.
const STEPS: [(&str, Step); 10] = [
    ("formatting", Step::Cargo(&["fmt", "--all", "--check"])),
    (
        "lints",
        Step::Cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]),
    ),
    (
        "tests",
        Step::Cargo(&["test", "--workspace", "--all-targets"]),
    ),
    ("doc tests", Step::Cargo(&["test", "--workspace", "--doc"])),
    ("layers", Step::Own(layers::check)),
    ("tidy", Step::Own(tidy::check)),
    ("generated code", Step::Own(generated)),
    ("packages", Step::Own(package::check)),
    ("conformance", Step::Foreign(conformance::check)),
    ("metrics", Step::Own(metrics::check)),
];

/// Runs all steps; the first that fails ends the run, except a foreign one, which ends it last.
pub(crate) fn run(workspace: &Workspace) -> Result<String, String> {
    let mut summary = String::new();
    let mut late = None;
    for (name, step) in STEPS {
        println!("\n=== {name}");
        let start = now();
        let outcome = match step {
            Step::Cargo(arguments) => cargo(workspace, arguments),
            Step::Own(check) => check(workspace).map(|report| println!("{report}")),
            Step::Foreign(check) => check(workspace),
        };
        let seconds = elapsed(start).as_secs_f64();
        let verdict = if outcome.is_ok() { "passed" } else { "FAILED" };
        let _ = writeln!(summary, "{verdict}  {seconds:>7.1} s  {name}");
        let Err(problem) = outcome else {
            continue;
        };
        if let Step::Foreign(_) = step {
            println!("{problem}");
            late = Some(problem);
        } else {
            let done = summary.lines().count();
            let left = STEPS.len() - done;
            return Err(format!(
                "{problem}\n\n{summary}{name} failed; {left} steps were not run"
            ));
        }
    }
    match late {
        Some(problem) => Err(format!("\n{summary}{problem}")),
        None => Ok(format!("\n{summary}all {} steps passed", STEPS.len())),
    }
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<(), String> {
    let shown = format!("cargo {}", arguments.join(" "));
    let status = workspace
        .cargo(arguments)
        // Asking cargo for the program alone would build what it is made of with other features.
        .env("OOS_PROGRAM", workspace.program_of_tests())
        .status()
        .map_err(|error| format!("{shown}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{shown} ended with {status}"))
    }
}

fn generated(workspace: &Workspace) -> Result<String, String> {
    codegen::run(workspace.root(), &workspace.scratch(), true)
}

#[expect(
    clippy::disallowed_methods,
    reason = "automation tells how long it took"
)]
fn now() -> Instant {
    Instant::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "automation tells how long it took"
)]
fn elapsed(start: Instant) -> Duration {
    start.elapsed()
}
