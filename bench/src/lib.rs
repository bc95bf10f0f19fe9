//! What the measurements share.

pub mod template;
