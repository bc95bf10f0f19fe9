//! How many third-party crates a user of the SDK takes in.

use std::collections::BTreeSet;

use crate::workspace::Workspace;

/// The facade with its default features on Linux may take in this many third-party crates.
pub(crate) const LIMIT: usize = 64;

/// The third-party crates under the facade `oos`.
pub(crate) fn under_facade(workspace: &Workspace) -> Result<BTreeSet<String>, String> {
    let target = "x86_64-unknown-linux-gnu";
    let arguments = [
        "tree", "-p", "oos", "-e", "normal", "--prefix", "none", "--target", target,
    ];
    let output = workspace
        .cargo(&arguments)
        .output()
        .map_err(|error| format!("cargo tree: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "cargo tree: {}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    Ok(third_party(&String::from_utf8_lossy(&output.stdout)))
}

/// Name and version on each line; our own lines end with their folder.
fn third_party(tree: &str) -> BTreeSet<String> {
    let lines = tree
        .lines()
        .filter(|line| !line.is_empty() && !line.contains("(/") && !line.contains(":\\"));
    let crates = lines.map(|line| {
        line.split_whitespace()
            .take(2)
            .collect::<Vec<_>>()
            .join(" ")
    });
    crates.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_are_counted_once_and_ours_not() {
        let tree = "oos v0.1.0 (/home/x/oos)\nbytes v1.12.0\nbytes v1.12.0 (*)\nring v0.17.0\n";
        let expected: BTreeSet<_> = ["bytes v1.12.0", "ring v0.17.0"].map(str::to_owned).into();
        assert_eq!(third_party(tree), expected);
    }
}
