//! Credentials in whole worlds made of data: one directory a case under `tests/golden/credentials`,
//! with a `case.json` that holds environment, files, programs, exchanges over HTTP, and what comes of
//! them. A new case needs no Rust.

mod case;
mod wire;
mod world;

use case::{Case, Expected};
use oos_credentials::{CredentialsError, Outcome};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use world::{Source, World};

/// Every secret of every case holds this word.
const MARK: &str = "hidden";
const FEWEST_CASES: usize = 60;

#[tokio::test]
async fn cases() {
    let mut failures = Vec::new();
    let directories = directories();
    assert!(
        directories.len() >= FEWEST_CASES,
        "{} cases",
        directories.len()
    );
    for directory in directories {
        let name = directory
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let case = Case::read(&directory.join("case.json"));
        let mut problems = case.problems();
        problems.extend(check(&case).await);
        problems.extend(check_explanation(&case).await);
        failures.extend(problems.iter().map(|problem| format!("{name}: {problem}")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn directories() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/credentials");
    let entries = std::fs::read_dir(root).expect("the cases");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a case").path()).collect();
    paths.sort();
    paths
}

async fn check(case: &Case) -> Vec<String> {
    let world = World::of(case);
    let source = world.source();
    let found = source.provider().provide().await;
    let mut shown = format!("{source:?} {source:#?} {:?}", world.sources());
    let mut problems = world.wire().problems();
    let got = match found {
        Ok(credentials) => {
            let _ = write!(shown, "{credentials:?}");
            Expected::of_credentials(&credentials)
        }
        Err(error) => {
            shown.push_str(&everything(&error));
            Expected::of_error(&error)
        }
    };
    if got != case.expected {
        problems.push(format!("expected {:#?}\n got {got:#?}", case.expected));
    }
    if shown.contains(MARK) {
        problems.push(format!("a secret is shown: {shown}"));
    }
    problems
}

/// An error with its causes, in every form.
fn everything(error: &CredentialsError) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(shown, " {error} {error:?}");
        cause = error.source();
    }
    error
        .tried()
        .iter()
        .for_each(|error| shown.push_str(&everything(error)));
    shown
}

/// What a chain says of its sources agrees with what it gives.
async fn check_explanation(case: &Case) -> Vec<String> {
    let world = World::of(case);
    let Source::Chain(chain) = world.source() else {
        return Vec::new();
    };
    let steps = chain.explain().await;
    let lines: Vec<String> = steps.iter().map(ToString::to_string).collect();
    let used = steps.iter().find_map(|step| match &step.outcome {
        Outcome::Used(credentials) => Some(credentials.clone().through("default")),
        _ => None,
    });
    let fits = match (&case.expected, &used) {
        (Expected::Credentials(expected), Some(used)) => expected.is(used),
        (Expected::Error(expected), None) => expected.tried == lines,
        _ => false,
    };
    let mut problems = world.wire().problems();
    if !fits || lines.len() != 6 {
        problems.push(format!("the explanation does not fit: {lines:#?}"));
    }
    if format!("{lines:?} {steps:?}").contains(MARK) {
        problems.push(format!("the explanation shows a secret: {lines:#?}"));
    }
    problems
}
