//! The actions that come with the engine.

mod execute_api;

pub use execute_api::ExecuteApi;
