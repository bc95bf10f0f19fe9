//! The seam between `ACS::ExecuteAPI` and the API of a cloud service.

use crate::{CallKey, Tenant};
use futures_core::future::BoxFuture;
use oos_template::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::{self, Debug};

/// Calls the API of a cloud service.
///
/// Contract: one call, one answer; an error of the service is an answer
/// ([`ApiOutcome::Refused`]). The same [`ApiCall::key`] may come again after a crash.
pub trait CallApi: Debug + Send + Sync + 'static {
    /// Makes the call.
    fn call(&self, call: ApiCall) -> BoxFuture<'_, ApiAnswer>;
}

/// A call of an API.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ApiCall {
    /// Names the attempt that makes the call.
    pub key: CallKey,
    /// Whose execution makes it.
    pub tenant: Tenant,
    /// The service, as the template writes it.
    pub service: String,
    /// The API, as the template writes it.
    pub api: String,
    /// The parameters, a map; those that are null are left out already.
    pub parameters: Value,
    /// `Method`, `URI`, `Headers` and `Body` of the ROA form, as far as they are given.
    pub roa: BTreeMap<String, Value>,
    /// How often each entry of the mock file has answered this execution.
    pub mock_positions: BTreeMap<String, u64>,
}

/// What a call brought.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ApiAnswer {
    /// The answer.
    pub outcome: ApiOutcome,
    /// The entry of the mock file that gave it, if one did.
    pub mock_used: Option<String>,
}

impl ApiAnswer {
    /// An answer that no mock gave.
    #[must_use]
    pub fn new(outcome: ApiOutcome) -> Self {
        Self {
            outcome,
            mock_used: None,
        }
    }
}

/// The answer of an API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ApiOutcome {
    /// The answer's document.
    Answered(Value),
    /// The service refused.
    Refused(ApiFailure),
    /// The call could not be made, for this reason.
    NotMade(String),
}

/// The error of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ApiFailure {
    /// The code, such as `InvalidInstanceId.NotFound`.
    pub code: String,
    /// The message.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
}

impl ApiFailure {
    /// An error of a service.
    #[must_use]
    pub fn new(code: impl Into<String>, message: impl Into<String>, status: u16) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            status,
        }
    }
}

/// `Code: message`, or the code alone if there is no message: the status message of a failed task.
impl fmt::Display for ApiFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.message.is_empty() {
            return formatter.write_str(&self.code);
        }
        write!(formatter, "{}: {}", self.code, self.message)
    }
}

/// A call that was made, and its answer: for history and logs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ApiExchange {
    /// The service, as the template writes it.
    pub service: String,
    /// The API, as the template writes it.
    pub api: String,
    /// The parameters, a map.
    pub parameters: Value,
    /// The answer.
    pub outcome: ApiOutcome,
}

/// The service's own form, `api call: DescribeDisks request:{…} response: {…}`, with JSON in place
/// of its Python texts (docs/semantics.md, "Logs").
impl fmt::Display for ApiExchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            api,
            parameters,
            outcome,
            ..
        } = self;
        write!(
            formatter,
            "api call: {api} request:{}",
            parameters.to_json_string()
        )?;
        match outcome {
            ApiOutcome::Answered(answer) => {
                write!(formatter, " response: {}", answer.to_json_string())
            }
            ApiOutcome::Refused(failure) => {
                write!(formatter, " error: {} {failure}", failure.status)
            }
            ApiOutcome::NotMade(reason) => write!(formatter, " not made: {reason}"),
        }
    }
}
