//! Support for the end-to-end tests: the reader of golden directories.

pub mod vectors;
