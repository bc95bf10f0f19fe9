//! Runs OOS executions: pure step machines and the driver that makes them happen.
