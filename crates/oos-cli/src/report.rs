//! What a command found out, before it is written down for people or for programs.

use oos_template::{Map, Value};
use serde::Serialize;

/// What a command found out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Report {
    /// The template, if the command began with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) template: Option<TemplateReport>,
    /// The id of the TriggerExecution call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
    /// The execution that was started or triggered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) execution: Option<ExecutionReport>,
    /// The execution that the trigger made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) child: Option<ExecutionReport>,
    /// How it went.
    pub(crate) outcome: Outcome,
    /// The same in a sentence, where the word alone does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    /// What the trigger's filter says of the message, if it did not fit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) verdicts: Vec<VerdictReport>,
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum Outcome {
    /// The execution ended well.
    Success,
    /// The execution failed.
    Failed,
    /// The execution was cancelled.
    Cancelled,
    /// The message does not fit the filter of the trigger.
    NotMatched,
    /// The execution ended before its trigger waited.
    NotWaiting,
    /// The call was accepted, but no child was seen.
    NoChild,
    /// The time was up first.
    TimedOut,
    /// The message was sent; what came of it was not asked.
    Sent,
}

impl Outcome {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 8] = [
        Self::Success,
        Self::Failed,
        Self::Cancelled,
        Self::NotMatched,
        Self::NotWaiting,
        Self::NoChild,
        Self::TimedOut,
        Self::Sent,
    ];

    /// The outcome of an execution that has ended like this; none if it has not ended.
    pub(crate) fn of_status(status: &str) -> Option<Self> {
        match status {
            "Success" => Some(Self::Success),
            "Failed" => Some(Self::Failed),
            "Cancelled" => Some(Self::Cancelled),
            _ => None,
        }
    }

    /// The word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
            Self::NotMatched => "NotMatched",
            Self::NotWaiting => "NotWaiting",
            Self::NoChild => "NoChild",
            Self::TimedOut => "TimedOut",
            Self::Sent => "Sent",
        }
    }
}

/// A template.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct TemplateReport {
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) version: String,
    /// `EventTrigger`, `AlarmTrigger`, `TimerTrigger` or `Other`.
    pub(crate) category: String,
    /// The mock files that answer its calls.
    pub(crate) mocks: Vec<String>,
    /// What the checker found that does not stop it.
    pub(crate) warnings: Vec<String>,
}

/// An execution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ExecutionReport {
    pub(crate) id: String,
    pub(crate) status: String,
    pub(crate) status_message: String,
    /// A map, or null while there are none.
    pub(crate) outputs: Value,
    /// From its start to its end on the clock of the service; none if it has not ended.
    pub(crate) duration_ms: Option<u64>,
    pub(crate) tasks: Vec<TaskReport>,
}

/// One run of one task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct TaskReport {
    pub(crate) name: String,
    pub(crate) action: String,
    pub(crate) status: String,
    pub(crate) message: String,
    pub(crate) outputs: Value,
    pub(crate) duration_ms: Option<u64>,
    pub(crate) api_calls: Vec<ApiCallReport>,
    /// The execution that it made, if it runs another template and the command has looked at that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) child: Option<Box<ExecutionReport>>,
}

/// A call of the API of a cloud service.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ApiCallReport {
    /// Absent where only the log tells of the call: it does not name the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) service: Option<String>,
    pub(crate) api: String,
    pub(crate) parameters: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// What the filter of a trigger says of one field of a message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct VerdictReport {
    pub(crate) field: String,
    pub(crate) wanted: Value,
    /// Absent if the message has no such field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) got: Option<Value>,
    pub(crate) matches: bool,
}

impl Report {
    /// A report that holds nothing but how it went.
    pub(crate) fn of(outcome: Outcome) -> Self {
        Self {
            template: None,
            request_id: None,
            execution: None,
            child: None,
            outcome,
            message: None,
            verdicts: Vec::new(),
        }
    }
}

/// A map of outputs; null if it is empty.
pub(crate) fn outputs(map: &Map) -> Value {
    if map.is_empty() {
        Value::Null
    } else {
        Value::Map(map.clone())
    }
}
