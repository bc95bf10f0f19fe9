//! The public API of the SDK crates as text, compared with committed snapshots.
//!
//! It needs a nightly toolchain and the program `cargo public-api`, which read what rustdoc knows;
//! so it is no part of `cargo xtask test`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::package::SDK;
use crate::workspace::{Workspace, verdict};

const FOLDER: &str = "docs/public-api";
/// Newer ones may write the same items another way.
const TOOL_VERSION: &str = "0.52.0";

/// Compares the API of each crate with its snapshot, or with `bless` writes the snapshots.
pub(crate) fn run(workspace: &Workspace, bless: bool) -> Result<String, String> {
    tool(workspace)?;
    let folder = workspace.root().join(FOLDER);
    fs::create_dir_all(&folder).map_err(|error| format!("{FOLDER}: {error}"))?;
    let mut changed = Vec::new();
    let mut items = 0;
    for name in SDK {
        let api = read(workspace, name)?;
        items += api.lines().count();
        let path = folder.join(format!("{name}.txt"));
        let old = fs::read_to_string(&path).unwrap_or_default();
        if old != api {
            changed.push(difference(name, &old, &api));
            if bless {
                fs::write(&path, api).map_err(|error| format!("{}: {error}", path.display()))?;
            }
        }
    }
    let fine = format!("{} crates, {items} public items", SDK.len());
    if bless {
        return Ok(format!(
            "{fine}; {} snapshots written\n{}",
            changed.len(),
            changed.join("\n")
        ));
    }
    verdict(&changed, fine).map_err(|changes| {
        format!(
            "{changes}\nif that is meant: cargo xtask public-api --bless, and tell in the commit"
        )
    })
}

fn tool(workspace: &Workspace) -> Result<(), String> {
    let output = workspace.cargo(&["public-api", "--version"]).output();
    let output = output.map_err(|error| format!("cargo: {error}"))?;
    let told = String::from_utf8_lossy(&output.stdout);
    let version = told.split_whitespace().last().unwrap_or_default();
    if output.status.success() && version == TOOL_VERSION {
        return Ok(());
    }
    Err(format!(
        "The public API needs a nightly toolchain (rustup toolchain install nightly --profile \
         minimal) and cargo install cargo-public-api --version {TOOL_VERSION} --locked; found: {}",
        if version.is_empty() { "none" } else { version }
    ))
}

/// One item a line, without the traits that every type has by itself.
fn read(workspace: &Workspace, name: &str) -> Result<String, String> {
    let arguments = ["public-api", "--color", "never", "-sss", "-p", name];
    let mut command = workspace.cargo(&arguments);
    // What rustdoc makes is kept apart, so that stable builds stay warm.
    let target: PathBuf = workspace.target().join("public-api");
    let output = command
        .env("CARGO_TARGET_DIR", target)
        .output()
        .map_err(|error| format!("cargo public-api: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "cargo public-api -p {name} ended with {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    let text = String::from_utf8(output.stdout).map_err(|error| format!("{name}: {error}"))?;
    let marker = format!("# Made by `cargo xtask public-api --bless`; {name}\n");
    Ok(marker + &text)
}

/// The lines that only one of the two has.
fn difference(name: &str, old: &str, new: &str) -> String {
    let only = |mine: &str, other: &str, sign: char| {
        let others: BTreeSet<&str> = other.lines().collect();
        let mut text = String::new();
        for line in mine.lines().filter(|line| !others.contains(line)) {
            text.extend(["\n  ", &String::from(sign), " ", line]);
        }
        text
    };
    if old.is_empty() {
        return format!("{name}: new, {} lines", new.lines().count());
    }
    format!("{name}:{}{}", only(old, new, '-'), only(new, old, '+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_told_line_by_line() {
        assert_eq!(difference("c", "a\nb\n", "b\nc\n"), "c:\n  - a\n  + c");
        assert_eq!(difference("c", "", "b\nc\n"), "c: new, 2 lines");
    }
}
