//! What the engine remembers of an execution.

use crate::{ExecutionStatus, Moment, TaskStatus, Tenant};
use oos_template::{Map, Value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is fixed when an execution starts; written once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExecutionStart {
    /// The execution id.
    pub id: String,
    /// Whose execution it is.
    pub tenant: Tenant,
    /// The template that it runs.
    pub template: TemplateReference,
    /// The parameters, defaults filled in.
    pub parameters: Map,
    /// The execution that made this one.
    pub parent: Option<String>,
    /// The templates that embed this one's, the root's first; empty unless a task made it.
    #[serde(default)]
    pub ancestors: Vec<String>,
    /// The firing that made this one, if a trigger did.
    pub firing: Option<Firing>,
    /// How it was asked to run.
    pub request: StartRequest,
    /// Who started it, such as `root(1000000000000000)`.
    pub executed_by: String,
    /// The role it runs as; empty if the template names none.
    pub ram_role: String,
    /// When it was created.
    pub created: Moment,
}

/// Which template an execution runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TemplateReference {
    /// The id, `t-…`.
    pub id: String,
    /// The name.
    pub name: String,
    /// The version, `v1`, `v2`, …
    pub version: String,
    /// The SHA-256 of the content in lower-case hexadecimal digits.
    pub hash: String,
    /// `TimerTrigger`, `EventTrigger`, `AlarmTrigger` or `Other`.
    pub category: String,
}

impl TemplateReference {
    /// A reference to the content with this hash, of a template of this name.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        version: impl Into<String>,
        hash: impl Into<String>,
    ) -> Self {
        let category = String::from("Other");
        Self {
            id: id.into(),
            name: name.into(),
            version: version.into(),
            hash: hash.into(),
            category,
        }
    }
}

/// What StartExecution says about the run, kept as it was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StartRequest {
    /// `Automatic` unless given.
    pub mode: String,
    /// `Automatic` unless given.
    pub loop_mode: String,
    /// `Skip` or `ConfirmEveryHighRiskAction`.
    pub safety_check: String,
    /// The description; empty unless given.
    pub description: String,
    /// The resource group; empty unless given.
    pub resource_group_id: String,
    /// The tags.
    pub tags: BTreeMap<String, String>,
}

impl StartRequest {
    /// A run that asks nobody, without description and tags.
    #[must_use]
    pub fn automatic() -> Self {
        let automatic = || String::from("Automatic");
        let safety_check = String::from("Skip");
        Self {
            mode: automatic(),
            loop_mode: automatic(),
            safety_check,
            ..Self::default()
        }
    }
}

/// The firing of a trigger that made a child execution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Firing {
    /// The name of the trigger task, as the template writes it.
    pub task: String,
    /// The outputs of the trigger task, or why they can not be computed.
    pub outputs: Result<Map, String>,
}

/// What changes while an execution runs; small, whatever the execution does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExecutionHead {
    /// The state.
    pub status: ExecutionStatus,
    /// A text about the state, mostly the failure.
    pub status_message: String,
    /// The task of the template to begin next or, while one runs, after it.
    pub position: usize,
    /// Children that have not ended.
    pub active_children: BTreeSet<String>,
    /// How many children were ever made.
    pub children: u64,
    /// How many task executions were ever made.
    pub tasks: u64,
    /// How many task executions ended in each state.
    pub counters: BTreeMap<TaskStatus, u64>,
    /// The first failure of a task: the execution ends `Failed` with it, handled or not.
    pub failure: Option<String>,
    /// The outputs of the template, once the execution has ended.
    pub outputs: Map,
    /// The last firing of the trigger.
    pub last_firing: Option<LastFiring>,
    /// How often each entry of the mock file has answered this execution.
    pub mock_positions: BTreeMap<String, u64>,
    /// When it last changed.
    pub updated: Moment,
    /// When it ended.
    pub ended: Option<Moment>,
}

/// What ListExecutions tells of the last firing of a trigger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LastFiring {
    /// The child that it made.
    pub child: String,
    /// When it fired.
    pub at: Moment,
    /// When the last of the firings fired whose child has ended in `Success`.
    pub last_success: Option<Moment>,
    /// The state of the child: `Started` until it ends.
    pub status: ExecutionStatus,
    /// The child's text about it.
    pub status_message: String,
    /// The outputs of the child.
    pub outputs: Map,
}

/// An execution: what is fixed, and what changes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Execution {
    /// What is fixed.
    pub start: ExecutionStart,
    /// What changes.
    pub head: ExecutionHead,
}

/// One run of one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TaskExecution {
    /// The task execution id, `<execution id>.t0001`.
    pub id: String,
    /// Counted from 1 in the order of their starts.
    pub number: u64,
    /// The execution it belongs to.
    pub execution_id: String,
    /// The task's place in the template, from 0.
    pub task: usize,
    /// The name of the task.
    pub name: String,
    /// The action, as the template writes it.
    pub action: String,
    /// The state.
    pub status: TaskStatus,
    /// A text about the state.
    pub status_message: String,
    /// The properties with all references replaced.
    pub properties: Value,
    /// The outputs.
    pub outputs: Map,
    /// The execution that it has made, if it runs another template.
    #[serde(default)]
    pub child_execution_id: Option<String>,
    /// The attempt that is on its way, counted from 1; 0 before the first.
    pub attempt: u32,
    /// When to look again, while it waits for time.
    pub wake_at: Option<Moment>,
    /// When it was made.
    pub created: Moment,
    /// When it last changed.
    pub updated: Moment,
    /// When it ended.
    pub ended: Option<Moment>,
}

impl ExecutionHead {
    pub(crate) fn new(now: Moment) -> Self {
        Self {
            status: ExecutionStatus::Started,
            status_message: String::new(),
            position: 0,
            active_children: BTreeSet::new(),
            children: 0,
            tasks: 0,
            counters: BTreeMap::new(),
            failure: None,
            outputs: Map::new(),
            last_firing: None,
            mock_positions: BTreeMap::new(),
            updated: now,
            ended: None,
        }
    }

    /// Whether nothing can change any more: it has ended, and has heard of the end of every child.
    pub(crate) fn is_settled(&self) -> bool {
        self.status.is_final() && self.active_children.is_empty()
    }
}

impl Execution {
    /// The key of the execution's records.
    #[must_use]
    pub fn key(&self) -> String {
        self.start.tenant.key(&self.start.id)
    }
}
