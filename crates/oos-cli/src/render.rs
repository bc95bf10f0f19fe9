//! Reports and failures as text for people, or as JSON for programs.

mod failure;
mod json;
mod paint;
mod text;
mod tree;
mod words;

pub(crate) use failure::failure;
pub(crate) use json::{failure as failure_as_json, report as report_as_json};
pub(crate) use paint::Paint;
pub(crate) use text::report;
