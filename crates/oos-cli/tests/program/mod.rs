//! The program, run as its users run it.

use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs `oos` with these arguments, without any variable of the environment.
pub fn oos<S: AsRef<OsStr>>(arguments: &[S]) -> Run {
    run(command(arguments), "")
}

/// The program with these arguments and no variable of the environment, but the one that keeps it from
/// asking whatever answers at the address of the metadata service here.
pub fn command<S: AsRef<OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oos"));
    command
        .args(arguments)
        .env_clear()
        .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    command
}

pub fn run(mut command: Command, input: &str) -> Run {
    let piped = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the program runs");
    let mut stdin = child.stdin.take().expect("it was piped");
    // The program may not want to read it.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
    Run {
        code: status.code().expect("it exits"),
        out: text(stdout),
        err: text(stderr),
    }
}

/// A folder of a test's own, empty at first.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }

    /// Writes a file and makes the folders that it is in, and gives its path.
    pub fn file(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        let parent = path.parent().expect("it is in a folder");
        std::fs::create_dir_all(parent).expect("a folder can be made");
        std::fs::write(&path, content).expect("a file can be written");
        path.to_str().expect("a path in UTF-8").to_owned()
    }
}
