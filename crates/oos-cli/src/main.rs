//! The command `oos`: try a template in a local OOS inside of the process, serve a local OOS to other
//! programs, and send messages to the triggers of executions in the cloud or in a local OOS.
//!
//! This crate must not know signatures, HTTP or how an execution runs: it reads arguments and files,
//! asks the crates below, and is the only one that prints.

#![forbid(unsafe_code)]

mod cli;
mod commands;
mod console;
mod exit;
mod failure;
mod findings;
mod follow;
mod input;
mod observe;
mod render;
mod report;

use std::process::ExitCode;

/// The local OOS makes many short-lived texts on several threads: with this allocator it runs twice
/// as many triggers in memory (`cargo xtask bench triggers`). Without huge pages: they would double
/// what an idle `oos dev` takes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    ExitCode::from(commands::run(&arguments, &mut console::Console::system()))
}
