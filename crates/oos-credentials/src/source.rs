//! The sources, each in a file of its own.

mod environment;
mod fixed;

pub use environment::Environment;
pub use fixed::Static;
