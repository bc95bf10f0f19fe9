//! Executions.

use super::{count, json_text, some_text, timestamp};
use crate::fault::Fault;
use crate::hidden::Hidden;
use crate::shared::Call;
use oos_engine::{Execution, LastFiring, Paging, SortField, TaskFilter, TaskStatus};
use oos_model::Document;
use oos_model::shapes::{self, CurrentTask};
use oos_store::Direction;
use oos_template::{Map, Value};
use std::collections::BTreeMap;

/// So many tasks are looked at for those that run now.
const MOST_CURRENT_TASKS: usize = 100;

/// How `Parameters` travels.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ParametersForm {
    /// As JSON text: StartExecution.
    Text,
    /// As an object: ListExecutions.
    Object,
}

/// An execution, without the tasks that run now.
pub(crate) fn execution(
    execution: &Execution,
    hidden: &Hidden,
    form: ParametersForm,
) -> shapes::Execution {
    let (start, head) = (&execution.start, &execution.head);
    let view = shapes::Execution {
        category: Some(start.template.category.as_str().into()),
        counters: Some(counters(execution)),
        create_date: Some(timestamp(start.created)),
        current_tasks: Some(Vec::new()),
        description: some_text(&start.request.description),
        end_date: head.ended.map(timestamp),
        executed_by: Some(start.executed_by.clone()),
        execution_id: Some(start.id.clone()),
        is_parent: Some(head.children > 0),
        loop_mode: Some(start.request.loop_mode.as_str().into()),
        mode: Some(start.request.mode.as_str().into()),
        outputs: Some(json_text(hidden.map(&head.outputs))),
        parameters: Some(parameters(hidden.parameters(&start.parameters), form)),
        parent_execution_id: start.parent.clone(),
        ram_role: Some(start.ram_role.clone()),
        resource_group_id: some_text(&start.request.resource_group_id),
        safety_check: Some(start.request.safety_check.as_str().into()),
        start_date: Some(timestamp(start.created)),
        status: Some(head.status.as_str().into()),
        status_message: Some(hidden.text(&head.status_message)),
        tags: Some(start.request.tags.clone()),
        template_id: some_text(&start.template.id),
        template_name: some_text(&start.template.name),
        template_version: some_text(&start.template.version),
        update_date: Some(timestamp(head.updated)),
        ..shapes::Execution::default()
    };
    with_last_trigger(view, execution, hidden)
}

/// For an execution that no trigger fires, its own end stands for that of the last firing (help
/// page of ListExecutions).
fn with_last_trigger(
    view: shapes::Execution,
    execution: &Execution,
    hidden: &Hidden,
) -> shapes::Execution {
    let waits_on_trigger =
        execution.start.template.category != "Other" && execution.start.firing.is_none();
    if !waits_on_trigger {
        let message = view.status_message.clone();
        let outputs = view.outputs.clone();
        let last = (message, outputs);
        return shapes::Execution {
            last_trigger_status_message: last.0,
            last_trigger_outputs: last.1,
            ..view
        };
    }
    let Some(firing) = &execution.head.last_firing else {
        return view;
    };
    let LastFiring {
        at,
        last_success,
        status,
        status_message,
        outputs,
        ..
    } = firing;
    shapes::Execution {
        last_trigger_time: Some(timestamp(*at)),
        last_successful_trigger_time: last_success.map(timestamp),
        last_trigger_status: Some(status.as_str().to_owned()),
        last_trigger_status_message: Some(hidden.text(status_message)),
        last_trigger_outputs: Some(json_text(hidden.map(outputs))),
        ..view
    }
}

fn counters(execution: &Execution) -> BTreeMap<String, i64> {
    let ended = |status| {
        execution
            .head
            .counters
            .get(&status)
            .copied()
            .unwrap_or_default()
    };
    let counters = [
        ("Failed", ended(TaskStatus::Failed)),
        ("Success", ended(TaskStatus::Success)),
        ("Total", execution.head.tasks),
    ];
    counters
        .into_iter()
        .map(|(name, number)| (name.to_owned(), count(number)))
        .collect()
}

fn parameters(shown: Map, form: ParametersForm) -> Document {
    let value = Value::Map(shown);
    match form {
        ParametersForm::Text => Document::from_text(value.to_json_string()),
        ParametersForm::Object => {
            Document::direct(serde_json::to_value(&value).unwrap_or_default())
        }
    }
}

/// The tasks of an execution that have not ended; none of one that has.
pub(crate) async fn current_tasks(
    call: &Call<'_>,
    execution: &Execution,
) -> Result<Vec<CurrentTask>, Fault> {
    if execution.head.status.is_final() {
        return Ok(Vec::new());
    }
    let filter = TaskFilter {
        execution_id: Some(execution.start.id.clone()),
        ..TaskFilter::default()
    };
    let order = (SortField::StartDate, Direction::Descending);
    let paging = Paging {
        limit: MOST_CURRENT_TASKS,
        after: None,
    };
    let tasks = call
        .shared
        .engine
        .task_executions(&call.tenant, filter, order, paging)
        .await?;
    let open = tasks
        .items
        .into_iter()
        .filter(|task| !task.status.is_final());
    let view = |task: oos_engine::TaskExecution| CurrentTask {
        task_action: Some(task.action),
        task_execution_id: Some(task.id),
        task_name: Some(task.name),
    };
    Ok(open.map(view).collect())
}
