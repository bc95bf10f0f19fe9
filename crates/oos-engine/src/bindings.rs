//! What the references of a template mean in an execution.

use crate::state::ExecutionStart;
use crate::{Moment, TaskExecution, TaskStatus, Tenant};
use oos_template::{Scope, Template, Value, Values};
use std::borrow::Cow;
use std::fmt;
use time::OffsetDateTime;

/// The version of the agent tool that `ACS::OOSUtilVersion` names; nothing local depends on it.
const OOS_UTIL_VERSION: &str = "1.0";

/// The parameters, task outputs and pseudo parameters of an execution at a moment.
pub(crate) struct Bindings<'a> {
    start: &'a ExecutionStart,
    tasks: &'a [TaskExecution],
    at: Moment,
}

impl<'a> Bindings<'a> {
    pub(crate) fn new(start: &'a ExecutionStart, tasks: &'a [TaskExecution], at: Moment) -> Self {
        Self { start, tasks, at }
    }
}

impl fmt::Debug for Bindings<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Bindings")
            .field("execution", &self.start.id)
            .finish_non_exhaustive()
    }
}

impl Scope for Bindings<'_> {
    fn parameter(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.start.parameters.get(name).map(Cow::Borrowed)
    }

    /// A task that ran several times shows the outputs of its last success; one that runs another
    /// template, those of a failure as well; the trigger that made this execution, those of its
    /// firing.
    fn output(&self, task: &str, output: &str) -> Option<Cow<'_, Value>> {
        if let Some(firing) = self
            .start
            .firing
            .as_ref()
            .filter(|firing| firing.task == task)
        {
            return firing.outputs.as_ref().ok()?.get(output).map(Cow::Borrowed);
        }
        let ran = |row: &&TaskExecution| row.name == task && has_outputs(row);
        self.tasks
            .iter()
            .rfind(ran)?
            .outputs
            .get(output)
            .map(Cow::Borrowed)
    }

    fn pseudo(&self, name: &str) -> Option<Cow<'_, Value>> {
        let ExecutionStart {
            tenant,
            id,
            executed_by,
            ..
        } = self.start;
        pseudo(tenant, id, executed_by, self.at, name).map(|text| Cow::Owned(Value::String(text)))
    }
}

/// The outputs of a child that failed are there for the clean-up (docs/semantics.md, "Children of
/// tasks").
fn has_outputs(row: &TaskExecution) -> bool {
    match row.status {
        TaskStatus::Success => true,
        TaskStatus::Failed => row.child_execution_id.is_some(),
        _ => false,
    }
}

/// The role that a template names for an execution, if it names one.
pub(crate) fn ram_role(
    template: &Template,
    start: &ExecutionStart,
    at: Moment,
) -> Result<Option<String>, String> {
    let Some(role) = &template.ram_role else {
        return Ok(None);
    };
    match oos_template::evaluate(role, &Bindings::new(start, &[], at)) {
        Ok(role) => Ok(Some(role.to_text())),
        Err(error) => Err(format!(
            "RamRole has no value: {}",
            crate::turn::chain(&error)
        )),
    }
}

/// The pseudo parameters that have a value wherever a template is evaluated.
const PSEUDO: [&str; 7] = [
    "ACS::RegionId",
    "ACS::AccountId",
    "ACS::ExecutionId",
    "ACS::ExecuteUser",
    "ACS::CurrentUTCTime",
    "ACS::CurrentDate",
    "ACS::OOSUtilVersion",
];

/// All pseudo parameters of an execution that is about to be started.
pub(crate) fn all_pseudo(tenant: &Tenant, id: &str, user: &str, at: Moment) -> Values {
    PSEUDO.iter().fold(Values::new(), |values, name| {
        match pseudo(tenant, id, user, at, name) {
            Some(text) => values.with_pseudo(*name, text),
            None => values,
        }
    })
}

/// The formats of the two times are our choice (docs/semantics.md, "Pseudo parameters").
fn pseudo(tenant: &Tenant, id: &str, user: &str, at: Moment, name: &str) -> Option<String> {
    let at = at.to_datetime();
    match name {
        "ACS::RegionId" => Some(tenant.region.clone()),
        "ACS::AccountId" => Some(tenant.account.clone()),
        "ACS::ExecutionId" => Some(id.to_owned()),
        "ACS::ExecuteUser" => Some(user.to_owned()),
        "ACS::CurrentUTCTime" => Some(wire_time(at)),
        "ACS::CurrentDate" => Some(at.date().to_string()),
        "ACS::OOSUtilVersion" => Some(OOS_UTIL_VERSION.to_owned()),
        _ => None,
    }
}

/// `2026-01-02T03:04:05Z`.
fn wire_time(at: OffsetDateTime) -> String {
    let (date, time) = (at.date(), at.time());
    format!(
        "{date}T{:02}:{:02}:{:02}Z",
        time.hour(),
        time.minute(),
        time.second()
    )
}
