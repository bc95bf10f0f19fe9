//! Starts the measurements under `bench/`, a workspace of its own that CI never builds.

use crate::workspace::Workspace;

/// The programs, in the order in which all of them are run.
const PROGRAMS: [(&str, &[&str]); 6] = [
    ("sign", &["bench", "--bench", "sign"]),
    (
        "calls",
        &["run", "--release", "--features", "peers", "--bin", "calls"],
    ),
    ("first-call", &["run", "--release", "--bin", "first-call"]),
    ("check", &["run", "--release", "--bin", "check"]),
    ("triggers", &["run", "--release", "--bin", "triggers"]),
    ("store", &["run", "--release", "--bin", "store"]),
];

/// Runs the measurement of this name, or all.
pub(crate) fn run(workspace: &Workspace, name: Option<&str>) -> Result<String, String> {
    let wanted = |(program, _): &&(&str, _)| name.is_none_or(|name| name == *program);
    let programs: Vec<_> = PROGRAMS.iter().filter(wanted).collect();
    if programs.is_empty() {
        let names: Vec<&str> = PROGRAMS.iter().map(|(program, _)| *program).collect();
        return Err(format!(
            "there is no such measurement: take one of {}",
            names.join(", ")
        ));
    }
    for (program, arguments) in &programs {
        println!("=== {program}");
        if *program == "check" {
            build_program(workspace)?;
        }
        let mut command = workspace.cargo(arguments);
        command.args(["--manifest-path", "bench/Cargo.toml"]);
        let status = command
            .status()
            .map_err(|error| format!("cargo: {error}"))?;
        if !status.success() {
            return Err(format!("{program} ended with {status}"));
        }
    }
    Ok(format!("{} measured", programs.len()))
}

/// The program that `check` starts is the one of this workspace.
fn build_program(workspace: &Workspace) -> Result<(), String> {
    let mut command = workspace.cargo(&["build", "--release", "-p", "oos-cli"]);
    let status = command
        .status()
        .map_err(|error| format!("cargo: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("cargo build ended with {status}"))
    }
}
