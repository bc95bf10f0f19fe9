//! Attempts of actions.

use super::Done;
use crate::action::{ActionCall, CallKey};
use crate::engine::Shared;
use crate::turn::{Resident, chain};
use crate::{ActionReport, Execution, TaskExecution};
use futures_core::future::BoxFuture;
use std::sync::Arc;

/// One attempt of a task's action. The properties are computed here, just before the attempt: they
/// may hold secrets, which nothing that is written holds.
pub(super) fn attempt(
    shared: Arc<Shared>,
    key: &str,
    resident: &Resident,
    task_execution_id: String,
    attempt: u32,
) -> BoxFuture<'static, Done> {
    let call = call(resident, &task_execution_id, attempt);
    let key = key.to_owned();
    let id = resident.loaded.execution.start.id.clone();
    Box::pin(async move {
        let report = match call {
            Ok((action, call)) => run(&shared, &action, call).await,
            Err(reason) => ActionReport::failure(reason),
        };
        Done::Acted {
            key,
            id,
            task_execution_id,
            attempt,
            report,
        }
    })
}

async fn run(shared: &Shared, action: &str, call: ActionCall) -> ActionReport {
    match shared.actions.get(action) {
        Some(action) => action.run(call).await,
        None => ActionReport::failure(format!("This local OOS does not run the action {action}")),
    }
}

fn call(
    resident: &Resident,
    task_execution_id: &str,
    attempt: u32,
) -> Result<(String, ActionCall), String> {
    let loaded = &resident.loaded;
    let Some(place) = loaded.task_place(task_execution_id) else {
        return Err(format!("There is no task execution {task_execution_id}"));
    };
    let row: &TaskExecution = &loaded.tasks[place];
    let task = &loaded.template.tasks[row.task];
    let properties = oos_template::evaluate(&task.properties, &loaded.bindings(row.created))
        .map_err(|error| chain(&error))?;
    let Execution { start, head } = &loaded.execution;
    let key = CallKey {
        execution_id: start.id.clone(),
        task_execution_id: task_execution_id.to_owned(),
        attempt,
    };
    let (tenant, mock_positions) = (start.tenant.clone(), head.mock_positions.clone());
    Ok((
        row.action.clone(),
        ActionCall {
            key,
            tenant,
            properties,
            mock_positions,
        },
    ))
}
