//! The client against a scripted transport and a fake clock: what it sends, when it repeats, what
//! it reports.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod deadlines;
mod failures;
mod options;
mod pages;
mod redaction;
mod request;
mod retries;
mod support;
mod waiting;
