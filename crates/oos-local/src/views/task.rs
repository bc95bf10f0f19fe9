//! Task executions.

use super::{json_text, timestamp};
use crate::hidden::Hidden;
use oos_engine::{Execution, TaskExecution};
use oos_model::shapes;
use std::collections::BTreeMap;

/// A task execution of this execution.
pub(crate) fn task_execution(
    task: &TaskExecution,
    execution: &Execution,
    hidden: &Hidden,
) -> shapes::TaskExecution {
    shapes::TaskExecution {
        child_execution_id: task.child_execution_id.clone(),
        create_date: Some(timestamp(task.created)),
        end_date: task.ended.map(timestamp),
        execution_id: Some(task.execution_id.clone()),
        extra_data: Some(BTreeMap::new()),
        loop_: Some(BTreeMap::new()),
        outputs: Some(json_text(hidden.map(&task.outputs))),
        properties: Some(hidden.value(&task.properties).to_json_string()),
        start_date: Some(timestamp(task.created)),
        status: Some(task.status.as_str().into()),
        status_message: Some(hidden.text(&task.status_message)),
        task_action: Some(task.action.clone()),
        task_execution_id: Some(task.id.clone()),
        task_name: Some(task.name.clone()),
        template_id: super::some_text(&execution.start.template.id),
        update_date: Some(timestamp(task.updated)),
        ..shapes::TaskExecution::default()
    }
}
