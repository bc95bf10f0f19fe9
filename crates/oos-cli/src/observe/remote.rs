//! What a service tells of an execution.

use super::log_rows;
use crate::failure::Failure;
use crate::report::{ApiCallReport, ExecutionReport, TaskReport, VerdictReport};
use oos::enums::SortOrder;
use oos::model::Timestamp;
use oos::operations::{ListExecutionLogs, ListExecutions, ListTaskExecutions};
use oos::shapes::{Execution, ExecutionLog, TaskExecution};
use oos::{Call, Client, Operation};
use oos_template::Value;
use std::collections::HashMap;

/// So many rows at a time, the most that the service gives.
const PAGE: i32 = 100;

/// So many tasks or log rows are read of one execution.
const MOST_ROWS: usize = 2_000;

/// An execution as it is now; none if there is none with this id.
///
/// # Errors
/// [`Failure::Call`].
pub(crate) async fn execution(client: &Client, id: &str) -> Result<Option<Execution>, Failure> {
    let one = client
        .list_executions()
        .with(|list| list.with_execution_id(id));
    Ok(listed(one).await?.pop())
}

/// The newest children of an execution.
///
/// # Errors
/// [`Failure::Call`].
pub(crate) async fn children(client: &Client, id: &str) -> Result<Vec<Execution>, Failure> {
    let children = client.list_executions();
    listed(children.with(|list| list.with_parent_execution_id(id).with_max_results(PAGE))).await
}

async fn listed(call: Call<ListExecutions>) -> Result<Vec<Execution>, Failure> {
    Ok(call.send().await?.output.executions.unwrap_or_default())
}

/// The log of an execution, newest row first.
///
/// # Errors
/// [`Failure::Call`].
pub(crate) async fn log(client: &Client, id: &str) -> Result<Vec<ExecutionLog>, Failure> {
    let rows = ListExecutionLogs::new(id).with_max_results(PAGE);
    Ok(client.pages(rows).items(MOST_ROWS).await?)
}

/// What the newest rows of a log, more than the `known` ones, say of a message that did not fit.
pub(crate) fn new_verdicts(log: &[ExecutionLog], known: usize) -> Vec<VerdictReport> {
    let new = log.iter().take(log.len().saturating_sub(known)).rev();
    new.filter_map(|row| log_rows::verdict(row.message.as_deref()?))
        .collect()
}

/// All about an execution.
///
/// # Errors
/// [`Failure::Call`].
pub(crate) async fn report(
    client: &Client,
    execution: &Execution,
) -> Result<ExecutionReport, Failure> {
    let id = execution.execution_id.clone().unwrap_or_default();
    let tasks = ListTaskExecutions::new()
        .with_execution_id(&id)
        .with_sort_order(SortOrder::Ascending)
        .with_max_results(PAGE);
    let tasks = client.pages(tasks).items(MOST_ROWS).await?;
    let mut calls = calls(log(client, &id).await?);
    let tasks = tasks.into_iter().map(|row| {
        let calls = row
            .task_execution_id
            .as_ref()
            .and_then(|id| calls.remove(id));
        task(row, calls.unwrap_or_default())
    });
    Ok(ExecutionReport {
        tasks: tasks.collect(),
        status: execution
            .status
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        status_message: execution.status_message.clone().unwrap_or_default(),
        outputs: outputs(execution.outputs.as_deref()),
        duration_ms: duration(execution.start_date.as_ref(), execution.end_date.as_ref()),
        id,
    })
}

/// The calls of which a log tells, oldest first, by task execution.
fn calls(log: Vec<ExecutionLog>) -> HashMap<String, Vec<ApiCallReport>> {
    let mut calls: HashMap<String, Vec<ApiCallReport>> = HashMap::new();
    for row in log.into_iter().rev() {
        let (Some(task), Some(message)) = (row.task_execution_id, row.message) else {
            continue;
        };
        if let Some(call) = log_rows::api_call(&message) {
            calls.entry(task).or_default().push(call);
        }
    }
    calls
}

fn task(row: TaskExecution, api_calls: Vec<ApiCallReport>) -> TaskReport {
    TaskReport {
        name: row.task_name.unwrap_or_default(),
        action: row.task_action.unwrap_or_default(),
        status: row
            .status
            .map(|status| status.to_string())
            .unwrap_or_default(),
        message: row.status_message.unwrap_or_default(),
        outputs: outputs(row.outputs.as_deref()),
        duration_ms: duration(row.start_date.as_ref(), row.end_date.as_ref()),
        api_calls,
        child: None,
    }
}

/// The service gives outputs as a JSON text.
fn outputs(text: Option<&str>) -> Value {
    match text.map(str::trim) {
        None | Some("" | "{}") => Value::Null,
        Some(text) => Value::from_json(text).unwrap_or_else(|_| Value::from(text)),
    }
}

fn duration(start: Option<&Timestamp>, end: Option<&Timestamp>) -> Option<u64> {
    let between = end?.to_datetime()? - start?.to_datetime()?;
    u64::try_from(between.whole_milliseconds()).ok()
}

/// The answer of a call, and its request id.
///
/// # Errors
/// [`Failure::Call`].
pub(crate) async fn send<O: Operation>(
    call: Call<O>,
) -> Result<(O::Output, Option<String>), Failure> {
    let answer = call.send().await?;
    Ok((answer.output, answer.request_id))
}
