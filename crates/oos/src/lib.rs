//! The OOS client with good defaults: one constructor and the names of the crates below.
