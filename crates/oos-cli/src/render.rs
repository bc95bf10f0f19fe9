//! Reports and failures as text for people, or as JSON for programs.

pub(crate) mod check;
pub(crate) mod explain;
mod failure;
mod json;
mod paint;
pub(crate) mod policy;
mod text;
mod tree;
mod words;

pub(crate) use failure::failure;
pub(crate) use json::{document, failure as failure_as_json, report as report_as_json};
pub(crate) use paint::Paint;
pub(crate) use text::report;
