//! What can happen to an execution, and what it answers.

use crate::{ActionReport, Execution, ExecutionStatus, FoundTemplate, Moment};
use oos_template::actions::TriggerKind;
use oos_template::{Map, Template, Value};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// Something that happens to an execution.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    /// It was created, or the engine starts again: whatever is due now has to go on.
    Resume,
    /// A message for its trigger.
    Trigger(TriggerMessage),
    /// An attempt of an action ended.
    ActionEnded {
        task_execution_id: String,
        attempt: u32,
        report: ActionReport,
    },
    /// The search for the template that a task runs ended.
    TemplateFound {
        task_execution_id: String,
        attempt: u32,
        found: Result<FoundChild, String>,
    },
    /// The time that a task waits for may have come.
    TimeHasCome,
    /// A child ended.
    ChildEnded(ChildEnd),
    /// Somebody wants it to end.
    Cancel,
}

/// A template that a task is to run, found and understood.
#[derive(Debug, Clone)]
pub(crate) struct FoundChild {
    pub(crate) found: FoundTemplate,
    pub(crate) template: Arc<Template>,
}

/// How a child ended.
#[derive(Debug, Clone)]
pub(crate) struct ChildEnd {
    pub(crate) id: String,
    /// When it was created: when its trigger fired.
    pub(crate) created: Moment,
    pub(crate) status: ExecutionStatus,
    pub(crate) status_message: String,
    pub(crate) outputs: Map,
}

impl ChildEnd {
    /// How an execution that has ended did so.
    pub(crate) fn of(child: &Execution) -> Self {
        let Execution { start, head } = child;
        Self {
            id: start.id.clone(),
            created: start.created,
            status: head.status,
            status_message: head.status_message.clone(),
            outputs: head.outputs.clone(),
        }
    }
}

/// A message for the trigger of an execution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TriggerMessage {
    /// Which kind of trigger it is for.
    pub kind: TriggerKind,
    /// The body; the trigger's outputs are selected from it.
    pub content: Arc<Value>,
}

impl TriggerMessage {
    /// A message of this kind.
    #[must_use]
    pub fn new(kind: TriggerKind, content: Value) -> Self {
        let content = Arc::new(content);
        Self { kind, content }
    }
}

/// What came of a command that was carried out.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// An execution was started; so it looked when it was created.
    Started(Box<Execution>),
    /// A trigger fired; this is the child execution.
    Triggered {
        /// Its id.
        child: String,
    },
    /// The message does not match the trigger's filter: there is no child.
    NotMatched {
        /// Every field of the filter.
        verdicts: Vec<Verdict>,
    },
    /// The execution was cancelled.
    Cancelled,
}

/// What a trigger's filter says of one field of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Verdict {
    /// The field of the message, such as `name` or `content.state`.
    pub field: String,
    /// What the filter wants: one of these values.
    pub wanted: Value,
    /// What the message holds; absent if it holds no such field.
    pub got: Option<Value>,
    /// Whether it is what was wanted.
    pub matches: bool,
}

/// A line for people: the field, what was wanted, what came, and whether it fits.
impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let got = self
            .got
            .as_ref()
            .map_or_else(|| String::from("nothing"), Value::to_json_string);
        let verdict = if self.matches {
            "matches"
        } else {
            "does not match"
        };
        let wanted = self.wanted.to_json_string();
        write!(
            formatter,
            "{}: wanted {wanted}, got {got}: {verdict}",
            self.field
        )
    }
}

/// Why a command was not carried out; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no such execution.
    #[error("there is no execution `{id}`")]
    NotFound {
        /// The id that was asked for.
        id: String,
    },
    /// The execution has ended.
    #[error("the execution `{id}` has ended with the status {status}")]
    Ended {
        /// The execution.
        id: String,
        /// How it ended.
        status: ExecutionStatus,
    },
    /// The execution has no trigger, or is itself the child of one.
    #[error("the execution `{id}` does not wait on a trigger")]
    NoTrigger {
        /// The execution.
        id: String,
    },
    /// The message is for another kind of trigger.
    #[error("the execution `{id}` waits on an {} ({}), not on a message of the type {}",
        waits_on.as_str(), waits_on.action(), got.as_str())]
    OtherTrigger {
        /// The execution.
        id: String,
        /// What its trigger is.
        waits_on: TriggerKind,
        /// What the message is for.
        got: TriggerKind,
    },
}
