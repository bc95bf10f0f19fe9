//! The seam for actions that reach outside the engine.

use crate::{ApiExchange, Tenant};
use futures_core::future::BoxFuture;
use oos_template::Value;
use std::collections::BTreeMap;
use std::fmt::{self, Debug};
use std::sync::Arc;

/// An action of a task, such as `ACS::ExecuteAPI`.
///
/// Contract: `run` makes one attempt, never sleeps of its own accord, and changes nothing but what
/// it calls. It may be run again with the same [`CallKey`] after a crash: the key is the same then,
/// so that the other side can know it. Dropping the future abandons the attempt.
pub trait Action: Debug + Send + Sync + 'static {
    /// Makes one attempt.
    fn run(&self, call: ActionCall) -> BoxFuture<'_, ActionReport>;
}

/// What an action is run with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ActionCall {
    /// Names the attempt, the same after a crash.
    pub key: CallKey,
    /// Whose execution it is.
    pub tenant: Tenant,
    /// The properties of the task with all references replaced.
    pub properties: Value,
    /// How often each entry of the mock file has answered this execution.
    pub mock_positions: BTreeMap<String, u64>,
}

/// The name of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CallKey {
    /// The execution.
    pub execution_id: String,
    /// The task execution.
    pub task_execution_id: String,
    /// The attempt, counted from 1.
    pub attempt: u32,
}

/// `execution/task execution/attempt`.
impl fmt::Display for CallKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            execution_id,
            task_execution_id,
            attempt,
        } = self;
        write!(formatter, "{execution_id}/{task_execution_id}/{attempt}")
    }
}

/// What an attempt brought.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ActionReport {
    /// The document that the task's outputs are selected from, or why there is none.
    pub result: Result<Value, String>,
    /// The calls that were made, in their order.
    pub calls: Vec<ApiExchange>,
    /// The entries of the mock file that answered.
    pub mocks_used: Vec<String>,
}

impl ActionReport {
    /// A success with this document.
    #[must_use]
    pub fn success(document: Value) -> Self {
        Self {
            result: Ok(document),
            calls: Vec::new(),
            mocks_used: Vec::new(),
        }
    }

    /// A failure for this reason, a sentence that becomes the task's status message.
    #[must_use]
    pub fn failure(reason: impl Into<String>) -> Self {
        Self {
            result: Err(reason.into()),
            calls: Vec::new(),
            mocks_used: Vec::new(),
        }
    }

    /// The same report with a call that was made, and the mock that answered it if one did.
    #[must_use]
    pub fn with_call(mut self, call: ApiExchange, mock_used: Option<String>) -> Self {
        self.calls.push(call);
        self.mocks_used.extend(mock_used);
        self
    }
}

/// The actions that an engine knows, by their names in any letter case.
#[derive(Debug, Clone, Default)]
pub struct ActionRegistry {
    actions: BTreeMap<String, Arc<dyn Action>>,
}

impl ActionRegistry {
    /// No actions.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same registry with this action, in the place of one of the same name.
    #[must_use]
    pub fn with(mut self, name: &str, action: impl Action) -> Self {
        self.actions
            .insert(name.to_ascii_lowercase(), Arc::new(action));
        self
    }

    /// The action of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Action>> {
        self.actions.get(&name.to_ascii_lowercase())
    }
}
