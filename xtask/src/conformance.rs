//! Starts the programs that compare us with the official clients.

use std::path::Path;
use std::process::ExitCode;

use crate::workspace::Workspace;

/// Passes the vectors to the signing core; ends as the program ends, whose last line is
/// `N passed, N failed`.
pub(crate) fn sign(workspace: &Workspace, vectors: &Path) -> Result<ExitCode, String> {
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
    let status = command
        .arg(&vectors)
        .status()
        .map_err(|error| format!("cargo: {error}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
