//! Other clients, each with a request of about the same content, and otherwise as they come.

pub mod ali_acs;
pub mod aws_ssm;
