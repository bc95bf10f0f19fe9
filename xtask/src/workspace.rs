//! The workspace as cargo and the file system show it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use cargo_metadata::{Metadata, MetadataCommand, Package};

/// Folders with Rust sources of ours, relative to the root.
const SOURCES: [&str; 4] = ["crates", "xtask", "tests", "examples"];
/// Workspaces of their own below those folders.
const FOREIGN: [&str; 1] = ["tests/fuzz"];

pub(crate) struct Workspace {
    root: PathBuf,
    metadata: Metadata,
}

/// One Rust file.
pub(crate) struct Source {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Workspace {
    pub(crate) fn load() -> Result<Self, String> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        let metadata = MetadataCommand::new().manifest_path(manifest).exec();
        let metadata = metadata.map_err(|error| format!("cargo metadata: {error}"))?;
        Ok(Self {
            root: metadata.workspace_root.clone().into(),
            metadata,
        })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The target folder of this program.
    pub(crate) fn target(&self) -> &Path {
        self.metadata.target_directory.as_std_path()
    }

    /// The program `oos` as `cargo test --workspace --all-targets` leaves it.
    pub(crate) fn program_of_tests(&self) -> PathBuf {
        let name = format!("oos{}", std::env::consts::EXE_SUFFIX);
        self.target().join("debug").join(name)
    }

    /// A folder below the target folder for files that nobody keeps.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target().join("codegen")
    }

    /// Our own packages.
    pub(crate) fn members(&self) -> Vec<&Package> {
        self.metadata.workspace_packages()
    }

    /// Every package that the lock file chose and that is not ours.
    pub(crate) fn foreign(&self) -> impl Iterator<Item = &Package> {
        self.metadata
            .packages
            .iter()
            .filter(|package| package.source.is_some())
    }

    /// A call of cargo in the root, for the same target folder as this program.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command.args(arguments).current_dir(&self.root);
        if in_ci() {
            command.env("CARGO_INCREMENTAL", "0");
        }
        command
    }

    /// All Rust files of ours, in the order of their paths.
    pub(crate) fn sources(&self) -> Result<Vec<Source>, String> {
        let mut paths = Vec::new();
        for folder in SOURCES {
            let found = walk(&self.root.join(folder), &mut paths);
            found.map_err(|error| format!("{folder}: {error}"))?;
        }
        paths.sort();
        let read = |path: PathBuf| {
            let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let relative = path.strip_prefix(&self.root).unwrap_or(&path);
            Ok(Source {
                path: relative.to_string_lossy().replace('\\', "/"),
                text,
            })
        };
        let sources: Result<Vec<Source>, String> = paths.into_iter().map(read).collect();
        let ours = |source: &Source| !FOREIGN.iter().any(|folder| source.path.starts_with(folder));
        Ok(sources?.into_iter().filter(ours).collect())
    }
}

impl Source {
    /// The package folder, `crates/oos-model`; for others the first folder.
    pub(crate) fn package(&self) -> &str {
        let folders = if self.path.starts_with("crates/") {
            2
        } else {
            1
        };
        let end = self
            .path
            .match_indices('/')
            .nth(folders - 1)
            .map_or(self.path.len(), |(at, _)| at);
        &self.path[..end]
    }

    pub(crate) fn is_generated(&self) -> bool {
        self.text.starts_with(crate::codegen::MARKER_START)
    }
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && path.file_name() != Some(OsStr::new("target")) {
            walk(&path, paths)?;
        } else if path.extension() == Some(OsStr::new("rs")) {
            paths.push(path);
        }
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "automation may ask where it runs"
)]
fn in_ci() -> bool {
    env::var_os("CI").is_some()
}

/// Puts a problem on each line, or says that there is none.
pub(crate) fn verdict(problems: &[String], fine: String) -> Result<String, String> {
    if problems.is_empty() {
        Ok(fine)
    } else {
        Err(problems.join("\n"))
    }
}
