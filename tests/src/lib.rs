//! Support for the end-to-end tests: the reader of golden directories, and worlds to test in.

#![forbid(unsafe_code)]

pub mod engine_world;
pub mod golden;
pub mod listener;
pub mod vectors;
