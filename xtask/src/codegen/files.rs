//! Generated files: formatted, compared with what is there, written.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

/// Texts by path below the root of the workspace.
pub(super) type Files = BTreeMap<String, String>;

/// Runs rustfmt once over all Rust files, in a scratch folder.
pub(super) fn format_all(mut files: Files, root: &Path, scratch: &Path) -> Result<Files, String> {
    let told = |error: io::Error| format!("{}: {error}", scratch.display());
    if scratch.exists() {
        fs::remove_dir_all(scratch).map_err(told)?;
    }
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "--config-path"]);
    rustfmt.arg(root.join("rustfmt.toml"));
    // rustfmt follows `mod`: a file that is given alone has none.
    for (path, text) in files.iter().filter(|(path, _)| is_rust(path)) {
        let full = scratch.join(path);
        write(&full, text).map_err(told)?;
        rustfmt.arg(full);
    }
    let output = rustfmt
        .output()
        .map_err(|error| format!("rustfmt: {error}"))?;
    if !output.status.success() {
        let problems = String::from_utf8_lossy(&output.stderr);
        return Err(format!("rustfmt: {problems}"));
    }
    for (path, text) in files.iter_mut().filter(|(path, _)| is_rust(path)) {
        *text = fs::read_to_string(scratch.join(path)).map_err(told)?;
    }
    Ok(files)
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == "rs")
}

/// The paths below `root` that differ from `files`, and what stands in the folders `owned` but not
/// in `files`.
pub(super) fn stale(root: &Path, files: &Files, owned: &[String]) -> io::Result<Vec<String>> {
    let mut stale: Vec<String> = Vec::new();
    for (path, text) in files {
        if fs::read_to_string(root.join(path)).ok().as_ref() != Some(text) {
            stale.push(path.clone());
        }
    }
    for owned in owned {
        let folder = root.join(owned);
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(folder)? {
            let path = format!("{owned}/{}", entry?.file_name().to_string_lossy());
            if !files.contains_key(&path) {
                stale.push(path);
            }
        }
    }
    Ok(stale)
}

/// Writes the file, or removes it where there is no text.
pub(super) fn put(path: &Path, text: Option<&String>) -> Result<(), String> {
    let done = match text {
        Some(text) => write(path, text),
        None => fs::remove_file(path),
    };
    done.map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
