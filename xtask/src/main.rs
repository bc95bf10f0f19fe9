//! Automation of the workspace: `cargo xtask --help`.
//!
//! It must not use any crate of the workspace: it starts their programs instead.

#![forbid(unsafe_code)]

mod codegen;

use std::path::PathBuf;

fn main() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let check = std::env::args().any(|a| a == "--check");
    println!(
        "{:?}",
        codegen::run(&root, &PathBuf::from("/tmp/codegen-scratch"), check)
    );
}
