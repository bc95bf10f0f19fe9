//! Packages of the SDK crates, as a registry would get them.

use std::collections::BTreeSet;

use cargo_metadata::Package;

use crate::workspace::{Workspace, verdict};

/// The crates below the facade and the facade itself: what others build with.
pub(crate) const SDK: [&str; 8] = [
    "oos-clock",
    "oos-sign",
    "oos-model",
    "oos-transport",
    "oos-transport-hyper",
    "oos-credentials",
    "oos-client",
    "oos",
];

/// Makes the packages without building from them, as one of the checks of the workspace.
pub(crate) fn check(workspace: &Workspace) -> Result<String, String> {
    run(workspace, false)
}

/// Makes all packages, each with the others in the place of a registry; with `build` also builds
/// each from its package alone, which shows that no file outside is needed.
pub(crate) fn run(workspace: &Workspace, build: bool) -> Result<String, String> {
    let members = workspace.members();
    let sdk: Vec<&Package> = SDK
        .iter()
        .filter_map(|name| members.iter().copied().find(|one| one.name == *name))
        .collect();
    let problems: Vec<String> = sdk.iter().flat_map(|package| lacking(package)).collect();
    verdict(&problems, String::new())?;
    // What is not committed is packaged too: the check is for work in progress as well.
    let mut command = workspace.cargo(&["package", "--quiet", "--allow-dirty"]);
    for name in SDK {
        command.args(["-p", name]);
    }
    if !build {
        // Making them needs nothing but what the lock file has already brought here.
        command.args(["--no-verify", "--offline"]);
    }
    let status = command
        .status()
        .map_err(|error| format!("cargo package: {error}"))?;
    if !status.success() {
        return Err(format!("cargo package ended with {status}"));
    }
    let how = if build { "made and built" } else { "made" };
    Ok(format!("{} packages {how}", sdk.len()))
}

/// What a registry, or whoever looks for the crate there, would miss.
fn lacking(package: &Package) -> Vec<String> {
    let name = package.name.as_str();
    let readme = package.readme().is_some_and(|path| path.is_file());
    let unversioned: BTreeSet<&str> = package
        .dependencies
        .iter()
        .filter(|other| other.path.is_some() && other.req.comparators.is_empty())
        .map(|other| other.name.as_str())
        .collect();
    let wanted = [
        (package.description.is_some(), "a description".to_owned()),
        (package.license.is_some(), "a license".to_owned()),
        (readme, "the README.md that its manifest names".to_owned()),
        (
            (1..=5).contains(&package.keywords.len()),
            "one to five keywords".to_owned(),
        ),
        (
            (1..=5).contains(&package.categories.len()),
            "one to five categories".to_owned(),
        ),
        (
            unversioned.is_empty(),
            format!("a version of {unversioned:?}"),
        ),
        (
            package.publish.is_none(),
            "the right to be published".to_owned(),
        ),
    ];
    let missing = wanted.into_iter().filter(|(there, _)| !there);
    missing
        .map(|(_, what)| format!("{name} lacks {what}"))
        .collect()
}
