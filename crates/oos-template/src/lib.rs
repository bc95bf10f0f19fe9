//! The OOS template language: parse, check, evaluate; no I/O.
