//! The local OOS that official clients call.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use cargo_metadata::Message;

use crate::workspace::Workspace;

/// A running `oos dev`; it ends with this value.
pub(super) struct Server {
    process: Child,
    announcement: String,
}

/// Which `oos` is driven.
pub(super) enum Program {
    /// Built for this.
    New,
    /// The one that the tests have left.
    OfTests,
}

/// Starts `oos` on a free port, with everything in memory.
pub(super) fn start(
    workspace: &Workspace,
    program: &Program,
    mocks: &Path,
) -> Result<Server, String> {
    let program = match program {
        Program::New => build(workspace)?,
        Program::OfTests => workspace.program_of_tests(),
    };
    let spawned = Command::new(&program)
        .args(["dev", "--listen", "127.0.0.1:0", "--output", "json"])
        .arg("--mock")
        .arg(mocks)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn();
    let process = spawned.map_err(|error| format!("{}: {error}", program.display()))?;
    let mut server = Server {
        process,
        announcement: String::new(),
    };
    if let Some(output) = server.process.stdout.take() {
        let read = BufReader::new(output).read_line(&mut server.announcement);
        read.map_err(|error| format!("oos dev: {error}"))?;
    }
    if server.announcement.is_empty() {
        return Err(String::from("oos dev ended without having served"));
    }
    Ok(server)
}

impl Server {
    /// Its endpoint and its key, a line of JSON.
    pub(super) fn announcement(&self) -> &str {
        &self.announcement
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It keeps nothing that would have to be written; if it has ended already, all is well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where cargo put the program is in what it says.
fn build(workspace: &Workspace) -> Result<PathBuf, String> {
    let arguments = [
        "build",
        "--quiet",
        "--workspace",
        "--bin",
        "oos",
        "--message-format",
        "json-render-diagnostics",
    ];
    let output = workspace
        .cargo(&arguments)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo build: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo build ended with {}", output.status));
    }
    let built = Message::parse_stream(output.stdout.as_slice()).filter_map(Result::ok);
    let program = built.filter_map(|message| match message {
        Message::CompilerArtifact(artifact) if artifact.target.name == "oos" => artifact.executable,
        _ => None,
    });
    let program = program.last().ok_or("cargo built no program `oos`")?;
    Ok(program.into())
}
