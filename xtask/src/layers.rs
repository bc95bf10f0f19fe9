//! The allowed arrows between our crates, and whether the manifests keep to them.

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace::{Workspace, verdict};

/// Who may use whom; dev and build dependencies count too. A new arrow is a decision: it is made
/// here, where a reviewer sees it.
const LAYERS: [(&str, &[&str]); 15] = [
    ("oos-clock", &[]),
    ("oos-sign", &[]),
    ("oos-model", &[]),
    ("oos-transport", &[]),
    ("oos-template", &[]),
    ("oos-store", &[]),
    ("oos-transport-hyper", &["oos-clock", "oos-transport"]),
    (
        "oos-credentials",
        &["oos-clock", "oos-sign", "oos-transport"],
    ),
    (
        "oos-client",
        &[
            "oos-clock",
            "oos-sign",
            "oos-transport",
            "oos-credentials",
            "oos-model",
        ],
    ),
    (
        "oos",
        &[
            "oos-client",
            "oos-credentials",
            "oos-transport-hyper",
            "oos-model",
            "oos-sign",
            "oos-transport",
            "oos-clock",
        ],
    ),
    (
        "oos-engine",
        &[
            "oos-clock",
            "oos-template",
            "oos-store",
            "oos-model",
            "oos-transport",
        ],
    ),
    (
        "oos-local",
        &[
            "oos-clock",
            "oos-sign",
            "oos-transport",
            "oos-model",
            "oos-template",
            "oos-engine",
            "oos-store",
            "oos-credentials",
            "oos-client",
        ],
    ),
    ("oos-cli", &["oos", "oos-local", "oos-template"]),
    ("oos-tests", EVERY_CRATE),
    ("xtask", &[]),
];

/// The tests may use whatever lies in `crates/`.
const EVERY_CRATE: &[&str] = &["*"];

/// Fails on an arrow that is not in the table, and on a package or row without its counterpart.
pub(crate) fn check(workspace: &Workspace) -> Result<String, String> {
    let members = workspace.members();
    let names: BTreeSet<&str> = members
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut arrows = BTreeMap::new();
    for package in &members {
        let used = package
            .dependencies
            .iter()
            .map(|dependency| dependency.name.as_str());
        arrows.insert(
            package.name.as_str(),
            used.filter(|name| names.contains(name)).collect(),
        );
    }
    let problems = problems(&arrows);
    let count: usize = arrows.values().map(BTreeSet::len).sum();
    verdict(
        &problems,
        format!(
            "{count} arrows between {} packages, all allowed",
            names.len()
        ),
    )
}

fn problems(arrows: &BTreeMap<&str, BTreeSet<&str>>) -> Vec<String> {
    let mut problems = Vec::new();
    for (package, used) in arrows {
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| name == package) else {
            problems.push(format!(
                "{package} has no row in xtask/src/layers.rs: decide what it may use"
            ));
            continue;
        };
        let any = *allowed == EVERY_CRATE;
        for name in used.iter().filter(|name| !allowed.contains(name)) {
            if !any || matches!(*name, "xtask" | "oos-tests") {
                problems.push(format!(
                    "{package} must not use {name} (xtask/src/layers.rs)"
                ));
            }
        }
    }
    for (name, allowed) in LAYERS {
        if !arrows.contains_key(name) {
            problems.push(format!(
                "xtask/src/layers.rs has a row for {name}, which does not exist"
            ));
        }
        let known = |name: &&&str| **name == "*" || LAYERS.iter().any(|(row, _)| row == *name);
        for unknown in allowed.iter().filter(|name| !known(name)) {
            problems.push(format!(
                "xtask/src/layers.rs lets {name} use {unknown}, which does not exist"
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifests_keep_to_the_table() {
        check(&Workspace::load().expect("cargo metadata")).expect("every arrow is allowed");
    }

    #[test]
    fn a_wrong_arrow_and_an_unknown_package_are_found() {
        let mut arrows: BTreeMap<&str, BTreeSet<&str>> = LAYERS
            .iter()
            .map(|(name, _)| (*name, BTreeSet::new()))
            .collect();
        assert!(problems(&arrows).is_empty());
        arrows.insert("oos-model", ["oos-client"].into());
        arrows.insert("oos-new", BTreeSet::new());
        arrows.insert("oos-tests", ["oos", "xtask"].into());
        arrows.remove("oos-store");
        let found = problems(&arrows).join("\n");
        for part in [
            "oos-model must not use oos-client",
            "oos-new has no row",
            "oos-tests must not use xtask",
            "row for oos-store",
        ] {
            assert!(found.contains(part), "{part}: {found}");
        }
        assert_eq!(found.lines().count(), 4);
    }
}
