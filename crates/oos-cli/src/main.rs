//! The command `oos`.

fn main() {}
