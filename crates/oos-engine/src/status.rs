//! The states of executions and of their tasks.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The state of an execution (help page "status-transition-diagram").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ExecutionStatus {
    /// Just created.
    Started,
    /// At work.
    Running,
    /// Waits for time, for a trigger, or for a person.
    Waiting,
    /// Ended well.
    Success,
    /// Ended by a failure.
    Failed,
    /// Ended by a person.
    Cancelled,
}

impl ExecutionStatus {
    /// Whether nothing runs any more in this state.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Success | Self::Failed | Self::Cancelled)
    }

    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "Started",
            Self::Running => "Running",
            Self::Waiting => "Waiting",
            Self::Success => "Success",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
        }
    }
}

impl fmt::Display for ExecutionStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The state of a task execution (SDK 3.7.0, filter of `ListTaskExecutions`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TaskStatus {
    /// At work.
    Running,
    /// Waits for time, for a trigger, or for a person.
    Waiting,
    /// Ended well.
    Success,
    /// Ended by a failure.
    Failed,
    /// Ended because the execution was cancelled.
    Cancelled,
    /// Its `When` was not met.
    Skipped,
}

impl TaskStatus {
    /// Whether nothing runs any more in this state.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Running | Self::Waiting)
    }

    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Waiting => "Waiting",
            Self::Success => "Success",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
            Self::Skipped => "Skipped",
        }
    }
}

impl fmt::Display for TaskStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
