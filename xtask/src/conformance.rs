//! Starts the programs that compare us with the official clients.

mod clients;
mod server;

use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};

use clap::{Args, Subcommand};

use crate::codegen::CASES;
use crate::workspace::Workspace;
use clients::Clients;
use server::Program;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    versions: Versions,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// Compares signatures with vectors made by the official signers
    Sign {
        /// The file with the vectors
        #[arg(long, value_name = "FILE")]
        vectors: PathBuf,
    },
    /// Drives `oos dev` with the official Python clients
    Python(Versions),
    /// Compares what the newest official client sends and reads with tests/golden/wire
    Capture {
        #[command(flatten)]
        versions: Versions,
        /// Write what it sends
        #[arg(long)]
        write: bool,
    },
}

#[derive(Args)]
struct Versions {
    /// Installs the newest versions of the official clients, without the pinned hashes
    #[arg(long)]
    latest: bool,
}

/// Runs one part, or all that need nothing from the user. Ends as the program ends, whose last line
/// is `N passed, N failed`.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode, String> {
    let status = match &arguments.part {
        Some(Part::Sign { vectors }) => sign(workspace, vectors),
        Some(Part::Python(versions)) => python(workspace, versions.latest, &Program::New),
        Some(Part::Capture { versions, write }) => capture(workspace, versions.latest, *write),
        None => all(workspace, arguments.versions.latest, &Program::New),
    };
    let code = status?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// All parts with the pinned clients, as one of the checks of the workspace.
pub(crate) fn check(workspace: &Workspace) -> Result<(), String> {
    let status = all(workspace, false, &Program::OfTests)?;
    if status.success() {
        return Ok(());
    }
    Err(format!("the official Python clients: {status}"))
}

/// The first part that fails ends it.
fn all(workspace: &Workspace, latest: bool, program: &Program) -> Result<ExitStatus, String> {
    let status = capture(workspace, latest, false)?;
    if status.success() {
        python(workspace, latest, program)
    } else {
        Ok(status)
    }
}

fn capture(workspace: &Workspace, latest: bool, write: bool) -> Result<ExitStatus, String> {
    clients(workspace, latest)?.capture(&workspace.root().join(CASES), write)
}

fn clients(workspace: &Workspace, latest: bool) -> Result<Clients, String> {
    if latest {
        clients::newest(workspace)
    } else {
        clients::pinned(workspace)
    }
}

fn python(workspace: &Workspace, latest: bool, program: &Program) -> Result<ExitStatus, String> {
    let clients = clients(workspace, latest)?;
    let mocks = clients::folder(workspace).join("mocks.yml");
    let server = server::start(workspace, program, &mocks)?;
    clients.drive(server.announcement())
}

fn sign(workspace: &Workspace, vectors: &Path) -> Result<ExitStatus, String> {
    // The program runs in the root: a relative path is meant from where the user stands.
    let vectors =
        std::path::absolute(vectors).map_err(|error| format!("{}: {error}", vectors.display()))?;
    let program = [
        "run",
        "--quiet",
        "-p",
        "oos-tests",
        "--bin",
        "conformance-sign",
        "--",
        "--vectors",
    ];
    let mut command = workspace.cargo(&program);
    let status = command.arg(&vectors).status();
    status.map_err(|error| format!("cargo: {error}"))
}
