//! What happened in an execution, in the order in which it happened.

use crate::{ApiExchange, ExecutionStatus, Moment, TaskStatus, TriggerKind, Verdict};
use oos_template::{Map, Value};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// When.
    pub at: Moment,
    /// The task execution that it is about, if it is about one.
    pub task_execution_id: Option<String>,
    /// What.
    pub what: Happening,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Happening {
    /// The execution was created.
    ExecutionStarted,
    /// A task began.
    TaskStarted {
        /// Its name.
        name: String,
        /// Its action.
        action: String,
    },
    /// A task waits.
    TaskWaiting {
        /// Its name.
        name: String,
        /// What it waits for.
        message: String,
    },
    /// A task ended.
    TaskEnded {
        /// Its name.
        name: String,
        /// How.
        status: TaskStatus,
        /// Why, if it failed.
        message: String,
        /// Its outputs.
        outputs: Map,
    },
    /// The API of a cloud service was called.
    ApiCalled(ApiExchange),
    /// A trigger fired.
    Triggered {
        /// The name of the trigger task.
        name: String,
        /// The kind of the message.
        kind: TriggerKind,
        /// The child execution.
        child: String,
        /// The message.
        content: Arc<Value>,
    },
    /// A message did not match the filter of a trigger.
    NotMatched {
        /// The name of the trigger task.
        name: String,
        /// What the filter says of each of its fields.
        verdicts: Vec<Verdict>,
    },
    /// A task that runs another template made its child execution.
    ChildStarted {
        /// The name of the task.
        name: String,
        /// The child execution.
        child: String,
    },
    /// A child execution ended.
    ChildEnded {
        /// The child.
        child: String,
        /// How.
        status: ExecutionStatus,
    },
    /// The execution ended.
    ExecutionEnded {
        /// How.
        status: ExecutionStatus,
        /// Why, if it failed.
        message: String,
    },
    /// Something came too late and was dropped.
    Dropped {
        /// What it was.
        what: String,
    },
    /// Something that the author of the template should know.
    Warning {
        /// In words.
        message: String,
    },
}

impl Happening {
    /// The messages of the rows that ListExecutionLogs shows for this; the texts are those of the
    /// service where they are known (docs/semantics.md, "Logs").
    #[must_use]
    pub fn log_messages(&self) -> Vec<String> {
        match self {
            Self::TaskStarted { name, .. } => vec![format!("The task {name} started.")],
            Self::TaskWaiting { name, message } => {
                vec![
                    format!("The task {name} waiting. {message}")
                        .trim_end()
                        .to_owned(),
                ]
            }
            Self::TaskEnded {
                name,
                status,
                message,
                ..
            } => vec![ended(name, *status, message)],
            Self::ApiCalled(exchange) => vec![exchange.to_string()],
            Self::Triggered {
                name, kind, child, ..
            } => {
                let kind = kind.as_str();
                vec![format!(
                    "The task {name} got a message ({kind}): child execution {child}."
                )]
            }
            Self::NotMatched { name, verdicts } => verdicts
                .iter()
                .map(|verdict| format!("The task {name} got a message. {verdict}"))
                .collect(),
            Self::ChildStarted { name, child } => {
                vec![format!("The task {name} made the child execution {child}.")]
            }
            Self::ChildEnded { child, status } => {
                vec![format!("The child execution {child} ended: {status}.")]
            }
            Self::Warning { message } => vec![message.clone()],
            Self::ExecutionStarted | Self::ExecutionEnded { .. } | Self::Dropped { .. } => {
                Vec::new()
            }
        }
    }
}

fn ended(name: &str, status: TaskStatus, message: &str) -> String {
    match status {
        TaskStatus::Success => format!("The task {name} completed."),
        TaskStatus::Skipped => format!("The task {name} skipped."),
        TaskStatus::Cancelled => format!("The task {name} cancelled."),
        TaskStatus::Failed | TaskStatus::Running | TaskStatus::Waiting => {
            format!("The task {name} failed. {message}")
                .trim_end()
                .to_owned()
        }
    }
}
