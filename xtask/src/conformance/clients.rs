//! The official Python clients, in a virtual environment that is kept between runs.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::workspace::Workspace;

/// What has to be installed before the clients can be, and the clients, with their hashes.
const PINNED: [&str; 2] = ["build-requirements.txt", "requirements.txt"];
/// The same by name: what they need follows from them.
const NAMED: [&str; 2] = ["build-requirements.in", "requirements.in"];
/// In the environment: what was installed there, to the letter.
const STAMP: &str = "installed.txt";
/// A client would ask a proxy for the local OOS, or read another account's settings.
const UNWANTED: [&str; 8] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "ALIBABA_CLOUD_USER_AGENT",
    "DEBUG",
];

/// An environment that has the clients.
pub(super) struct Clients {
    python: PathBuf,
    folder: PathBuf,
}

/// The folder of the program and of what it needs.
pub(super) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root().join("tests/conformance/python")
}

/// The clients with the pinned hashes; installs them unless exactly they are installed.
pub(super) fn pinned(workspace: &Workspace) -> Result<Clients, String> {
    let folder = folder(workspace);
    let environment = workspace.target().join("conformance/python");
    let mut wanted = version()?;
    for file in PINNED {
        wanted.push_str(&read(&folder.join(file))?);
    }
    let stamp = environment.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(Clients::of(&environment, folder));
    }
    println!("installing the official Python clients");
    let clients = Clients::new(&environment, folder)?;
    for file in PINNED {
        let arguments: [&OsStr; 3] = [
            "--require-hashes".as_ref(),
            "--requirement".as_ref(),
            file.as_ref(),
        ];
        clients.install(&arguments)?;
    }
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(clients)
}

/// The newest clients there are, in an environment of their own.
pub(super) fn newest(workspace: &Workspace) -> Result<Clients, String> {
    let folder = folder(workspace);
    version()?;
    let environment = workspace.target().join("conformance/python-latest");
    let mut names = Vec::new();
    for file in NAMED {
        names.push(without_versions(&read(&folder.join(file))?));
    }
    let clients = Clients::new(&environment, folder)?;
    for names in names {
        let names: Vec<&OsStr> = names.iter().map(OsStr::new).collect();
        clients.install(&[&[OsStr::new("--upgrade")], names.as_slice()].concat())?;
    }
    Ok(clients)
}

/// What stands before the versions; lines that are for some machines only are left to pip.
fn without_versions(requirements: &str) -> Vec<String> {
    let lines = requirements.lines().map(str::trim);
    let named = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', '-']));
    let everywhere = named.filter(|line| !line.contains(';'));
    let name = |line: &str| line.split("==").next().unwrap_or_default().to_owned();
    everywhere.map(name).collect()
}

/// The version of Python, which the compiled packages in an environment are for.
fn version() -> Result<String, String> {
    // Debian has the module ensurepip, without which no environment can be made, in a package of
    // its own.
    let asked = Command::new("python3")
        .args(["-c", "import ensurepip, sys, venv; print(sys.version)"])
        .stderr(Stdio::null())
        .output();
    match asked {
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        _ => Err(String::from(
            "The official Python clients were not run: they need python3 with its module venv, \
             which Debian has in the package python3-venv.",
        )),
    }
}

impl Clients {
    fn of(environment: &Path, folder: PathBuf) -> Self {
        let program = if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        };
        Self {
            python: environment.join(program),
            folder,
        }
    }

    /// An environment without packages, in the place of what is there.
    fn new(environment: &Path, folder: PathBuf) -> Result<Self, String> {
        let mut command = Command::new("python3");
        command.args(["-m", "venv", "--clear"]).arg(environment);
        succeed(&mut command, "python3 -m venv")?;
        Ok(Self::of(environment, folder))
    }

    /// Whatever pip compiles itself, it compiles with what is installed: packages that are fetched
    /// for that alone would have no hashes.
    fn install(&self, arguments: &[&OsStr]) -> Result<(), String> {
        let mut command = Command::new(&self.python);
        command
            .args(["-m", "pip", "install", "--quiet", "--no-build-isolation"])
            .args(arguments)
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .env("PIP_NO_INPUT", "1")
            .env("PIP_ROOT_USER_ACTION", "ignore")
            .current_dir(&self.folder);
        succeed(&mut command, "pip install")
    }

    /// Runs the program against a server.
    pub(super) fn drive(&self, announcement: &str) -> Result<ExitStatus, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", self.python.display());
        let mut command = self.program("main.py");
        let mut process = command.stdin(Stdio::piped()).spawn().map_err(failed)?;
        if let Some(mut input) = process.stdin.take() {
            // If it has ended already, its status says so.
            let _ = input.write_all(announcement.as_bytes());
        }
        process.wait().map_err(failed)
    }

    /// Compares what the newest client sends with the cases, or with `write` writes it there.
    pub(super) fn capture(&self, cases: &Path, write: bool) -> Result<ExitStatus, String> {
        let mut command = self.program("capture.py");
        if write {
            command.arg("--write");
        }
        let status = command.arg(cases).stdin(Stdio::null()).status();
        status.map_err(|error| format!("{}: {error}", self.python.display()))
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(&self.python);
        command
            .args(["-W", "ignore", name])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUTF8", "1")
            .current_dir(&self.folder);
        for variable in UNWANTED {
            command.env_remove(variable);
        }
        command
    }
}

fn succeed(command: &mut Command, shown: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{shown} ended with {status}")),
        Err(error) => Err(format!("{shown}: {error}")),
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_versions() {
        let text = "# why\na-b==1.2.3\n\nc\n-r other\nd==1 ; python_version < \"3.11\"\n";
        assert_eq!(without_versions(text), ["a-b", "c"]);
    }
}
