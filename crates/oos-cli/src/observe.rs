//! What became of an execution: read from the engine inside of the process, or asked of a service.

pub(crate) mod local;
mod log_rows;
mod mask;
pub(crate) mod remote;
