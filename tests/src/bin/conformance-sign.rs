//! Signs and verifies every vector of a file and says where we differ from the official signers.
//!
//! `conformance-sign --vectors FILE`: one line per failure, then `N passed, N failed`; exit code 1 if any failed.
#![expect(clippy::print_stdout, reason = "a program whose output is its result")]

use std::process::ExitCode;

use oos_tests::vectors::{self, Vector};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [option, file] = arguments.as_slice() else {
        return fail("usage: conformance-sign --vectors FILE");
    };
    if option != "--vectors" {
        return fail("usage: conformance-sign --vectors FILE");
    }
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => return fail(&format!("cannot read {file}: {error}")),
    };
    match serde_json::from_str::<Vec<serde_json::Value>>(&text) {
        Ok(values) if values.is_empty() => fail(&format!("{file} has no vectors")),
        Ok(values) => run(&values),
        Err(error) => fail(&format!("{file} is no JSON array of vectors: {error}")),
    }
}

fn run(values: &[serde_json::Value]) -> ExitCode {
    let failures: Vec<String> = values
        .iter()
        .filter_map(|value| failure(value).err())
        .collect();
    for failure in &failures {
        println!("{failure}");
    }
    println!(
        "{} passed, {} failed",
        values.len() - failures.len(),
        failures.len()
    );
    if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn failure(value: &serde_json::Value) -> Result<(), String> {
    let vector = Vector::from_json(value)?;
    let outcome = vectors::check(&vector);
    outcome.map(drop).map_err(|difference| {
        let (stage, expected) = (difference.stage, difference.expected);
        format!(
            "{}: {stage}: expected {expected:?}, got {:?}",
            vector.name, difference.got
        )
    })
}

fn fail(sentence: &str) -> ExitCode {
    println!("{sentence}");
    ExitCode::from(2)
}
