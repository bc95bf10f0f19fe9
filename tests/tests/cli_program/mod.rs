//! The program `oos`, built from this workspace and run in its root.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// The one document on standard output.
    pub fn document(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs `oos` with these arguments and, of the environment, nothing but these variables and the one
/// that keeps it from asking whatever answers at the address of the metadata service here.
pub fn oos(arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let mut command = Command::new(program());
    command
        .args(arguments)
        .env_clear()
        .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
        .envs(environment.iter().copied())
        .current_dir(root());
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
    Run {
        code: status.code().expect("it exits"),
        out: text(stdout),
        err: text(stderr),
    }
}

/// The program of the crate `oos-cli`. Cargo hands the path of a binary only to tests of its own
/// package: `cargo xtask test` tells where the tests of all have left it; otherwise cargo is asked.
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment which program it drives"
)]
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        if let Some(program) = std::env::var_os("OOS_PROGRAM") {
            return program.into();
        }
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args([
            "build",
            "--quiet",
            "--workspace",
            "--bin",
            "oos",
            "--message-format=json",
        ]);
        let built = cargo.current_dir(root()).output().expect("cargo runs");
        assert!(
            built.status.success(),
            "{}",
            String::from_utf8_lossy(&built.stderr)
        );
        let messages = String::from_utf8(built.stdout).expect("cargo prints UTF-8");
        let messages = messages
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        let mut paths = messages.filter_map(|message: serde_json::Value| {
            message["executable"].as_str().map(PathBuf::from)
        });
        paths.next().expect("cargo says where the program is")
    })
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
