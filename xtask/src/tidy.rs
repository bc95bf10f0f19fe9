//! Rules of the house that no compiler knows.

use cargo_metadata::Package;

use crate::workspace::{Source, Workspace, verdict};
use crate::{code, codegen, licences, semantics, weight};

const MAX_LINES: usize = 800;
/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 4] = ["utils.rs", "common.rs", "misc.rs", "imp.rs"];
/// Code that is not finished, or a test that does not run.
const UNFINISHED: [&str; 4] = ["#[ignore", "todo!(", "unimplemented!(", "dbg!("];
const PRINTING: [&str; 4] = ["println!(", "eprintln!(", "print!(", "eprint!("];
/// Who may print: programs, not libraries.
const MAY_PRINT: [&str; 4] = ["crates/oos-cli", "xtask", "tests", "examples"];
/// Crates that only these packages may name.
const RESERVED: [(&[&str], &[&str]); 2] = [
    (
        &["hyper", "hyper-util", "hyper-rustls"],
        &["oos-transport-hyper", "oos-local"],
    ),
    (
        &[
            "rusqlite",
            "libsqlite3-sys",
            "sqlx",
            "postgres",
            "tokio-postgres",
        ],
        &["oos-store"],
    ),
];

pub(crate) fn check(workspace: &Workspace) -> Result<String, String> {
    let sources = workspace.sources()?;
    let mut problems: Vec<String> = sources.iter().flat_map(in_source).collect();
    problems.extend(workspace.members().into_iter().flat_map(in_manifest));
    problems.extend(licences::problems(workspace));
    problems.extend(semantics::problems(workspace, &sources));
    let taken_in = weight::under_facade(workspace)?.len();
    if taken_in > weight::LIMIT {
        let limit = weight::LIMIT;
        problems.push(format!(
            "oos takes in {taken_in} third-party crates, at most {limit} are fine"
        ));
    }
    verdict(&problems, format!("{} files are tidy", sources.len()))
}

fn in_source(source: &Source) -> Vec<String> {
    let Source { path, text } = source;
    let mut problems = Vec::new();
    let generated = source.is_generated();
    let file = path.rsplit('/').next().unwrap_or_default();
    if is_root(path) && !text.starts_with("//!") {
        problems.push("must open with `//!`: its purpose and what it must not know".to_owned());
    }
    if is_root(path) && !text.contains("#![forbid(unsafe_code)]") {
        problems.push("must have `#![forbid(unsafe_code)]`".to_owned());
    }
    if EMPTY_NAMES.contains(&file) {
        problems.push("is named for nothing; name it for its main type".to_owned());
    }
    if !generated && text.lines().count() > MAX_LINES {
        problems.push(format!("has more than {MAX_LINES} lines"));
    }
    if codegen::is_owned(path) && !generated {
        problems.push("lies where generated files do and has no marker".to_owned());
    }
    let code = code::blank(text);
    let may_print = MAY_PRINT.contains(&source.package()) || path.contains("/examples/");
    for (number, line) in (1..).zip(code.lines()) {
        problems.extend(in_line(line, may_print).map(|what| format!("line {number}: {what}")));
    }
    problems
        .into_iter()
        .map(|problem| format!("{path} {problem}"))
        .collect()
}

fn in_line(line: &str, may_print: bool) -> Option<String> {
    let found = |words: &[&'static str]| words.iter().copied().find(|word| has_word(line, word));
    if let Some(word) = found(&UNFINISHED) {
        return Some(format!("`{word}` is not finished work"));
    }
    let word = found(&PRINTING).filter(|_| !may_print)?;
    Some(format!("`{word}` in a library"))
}

/// Whether `word` starts in `line` at the start of an identifier.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

/// Whether the file is the root of a library or program.
fn is_root(path: &str) -> bool {
    path.ends_with("/src/lib.rs") || path.ends_with("/src/main.rs")
}

fn in_manifest(package: &Package) -> Vec<String> {
    let name = package.name.as_str();
    let mut problems = Vec::new();
    for (crates, allowed) in RESERVED {
        for dependency in &package.dependencies {
            if crates.contains(&dependency.name.as_str()) && !allowed.contains(&name) {
                let owners = allowed.join(" and ");
                problems.push(format!(
                    "{name} names {}: only {owners} may",
                    dependency.name
                ));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        check(&Workspace::load().expect("cargo metadata")).expect("tidy");
    }

    fn check_source(path: &str, text: &str, expected: &[&str]) {
        let found = in_source(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        });
        assert_eq!(found.len(), expected.len(), "{path}: {found:?}");
        for (problem, part) in found.iter().zip(expected) {
            assert!(
                problem.starts_with(path) && problem.contains(part),
                "{problem}"
            );
        }
    }

    #[test]
    fn rules_of_sources_are_checked() {
        let root = "//! x\n#![forbid(unsafe_code)]\n";
        check_source("crates/a/src/lib.rs", root, &[]);
        check_source("crates/a/src/lib.rs", "", &["must open", "forbid"]);
        check_source("crates/a/src/utils.rs", "", &["named for nothing"]);
        check_source("crates/a/src/b.rs", &"\n".repeat(801), &["more than 800"]);
        check_source(
            "crates/a/src/b.rs",
            "fn f() { todo!() }",
            &["line 1: `todo!(`"],
        );
        check_source(
            "crates/a/src/b.rs",
            "\n#[ignore = \"x\"]",
            &["line 2: `#[ignore`"],
        );
        check_source("crates/a/src/b.rs", "// todo!()\nlet x = \"dbg!(\";", &[]);
        check_source("crates/a/src/b.rs", "println!(\"x\")", &["in a library"]);
        check_source("crates/oos-cli/src/b.rs", "println!(\"x\")", &[]);
        check_source("crates/a/examples/b.rs", "println!(\"x\")", &[]);
        check_source("crates/oos-model/src/enums.rs", "", &["no marker"]);
    }
}
