//! Automation of the workspace: `cargo xtask --help`.
//!
//! It must not use any crate of the workspace: it starts their programs instead.

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to its user"
)]

mod bench;
mod code;
mod codegen;
mod conformance;
mod fuzz;
mod layers;
mod licences;
mod metrics;
mod package;
mod public_api;
mod semantics;
mod steps;
mod tidy;
mod weight;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Automation of the workspace")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Runs every check: formatting, lints, tests, doc tests, layers, tidy, generated code, metrics
    Test,
    /// Runs programs that compare us with the official clients: all, or one by name
    Conformance(conformance::Arguments),
    /// Writes the generated part of oos-model from spec/oos-2019-06-01.json
    Codegen {
        /// Only say whether the files are as they would be written
        #[arg(long)]
        check: bool,
    },
    /// Measures what `bench/` measures, all or one by name; never run in CI
    Bench {
        /// sign, first-call, triggers or store
        name: Option<String>,
    },
    /// Makes the packages of the SDK crates and builds each from its package
    Package {
        /// Only make them
        #[arg(long)]
        no_build: bool,
    },
    /// Compares the public API of the SDK crates with docs/public-api; needs nightly
    PublicApi {
        /// Write the snapshots
        #[arg(long)]
        bless: bool,
    },
    /// Throws made-up texts at the readers under `tests/fuzz`; never run in CI
    Fuzz(fuzz::Arguments),
    /// Compares the arrows between crates with the allowed ones
    Layers,
    /// Checks rules of the house that no compiler knows
    Tidy,
    /// Prints sizes of files and functions, and the number of third-party crates
    Metrics,
}

fn main() -> ExitCode {
    let Arguments { task } = Arguments::parse();
    match Workspace::load().and_then(|workspace| run(&task, &workspace)) {
        Ok(Outcome::Report(report)) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Ok(Outcome::Code(code)) => code,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// How a task ended: with something to tell, or as the program it started ended.
enum Outcome {
    Report(String),
    Code(ExitCode),
}

fn run(task: &Task, workspace: &Workspace) -> Result<Outcome, String> {
    let report = match task {
        Task::Test => steps::run(workspace),
        Task::Codegen { check } => codegen::run(workspace.root(), &workspace.scratch(), *check),
        Task::Bench { name } => bench::run(workspace, name.as_deref()),
        Task::Package { no_build } => package::run(workspace, !no_build),
        Task::PublicApi { bless } => public_api::run(workspace, *bless),
        Task::Fuzz(arguments) => fuzz::run(workspace, arguments),
        Task::Layers => layers::check(workspace),
        Task::Tidy => tidy::check(workspace),
        Task::Metrics => metrics::check(workspace),
        Task::Conformance(arguments) => {
            return conformance::run(workspace, arguments).map(Outcome::Code);
        }
    };
    report.map(Outcome::Report)
}
