//! `ListTaskExecutions`.

use super::list_executions::sort_field;
use super::{Handle, check_account};
use crate::fault::Fault;
use crate::hidden::Hidden;
use crate::paging::{PageRequest, TWENTY_TO_HUNDRED, between, direction};
use crate::shared::Call;
use crate::views;
use oos_engine::{Execution, List, Paging, TaskExecution, TaskFilter};
use oos_model::enums::ExecutionStatus;
use oos_model::operations::{ListTaskExecutions, ListTaskExecutionsOutput};
use oos_model::shapes;
use std::collections::BTreeMap;

impl Handle for ListTaskExecutions {
    async fn handle(self, call: &Call<'_>) -> Result<ListTaskExecutionsOutput, Fault> {
        check_account(call, self.account_id.as_deref())?;
        let page = PageRequest::read(
            self.max_results,
            TWENTY_TO_HUNDRED,
            self.next_token.as_deref(),
        )?;
        let order = (
            sort_field(self.sort_field.as_ref())?,
            direction(self.sort_order.as_ref())?,
        );
        let filter = filter(&self)?;
        let found = if self
            .parent_task_execution_id
            .as_deref()
            .unwrap_or_default()
            .is_empty()
        {
            let paging = Paging {
                limit: page.limit,
                after: page.after.clone(),
            };
            let found = call
                .shared
                .engine
                .task_executions(&call.tenant, filter, order, paging);
            let List { items, next, .. } = found.await.map_err(|problem| page.fault(problem))?;
            (items, next)
        } else {
            // Loops make children of tasks; no execution with a loop is started here.
            (Vec::new(), None)
        };
        let (items, next) = found;
        Ok(ListTaskExecutionsOutput {
            max_results: page.max_results(),
            next_token: next.map(|next| next.encode()),
            task_executions: Some(views_of(call, &items).await?),
            ..ListTaskExecutionsOutput::default()
        })
    }
}

fn filter(operation: &ListTaskExecutions) -> Result<TaskFilter, Fault> {
    if let Some(ExecutionStatus::Unknown(_)) = operation.status {
        let known = ExecutionStatus::KNOWN.join(", ");
        return Err(Fault::invalid(
            "Status",
            format!("it must be one of {known}"),
        ));
    }
    let text = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
    let fields = [
        ("name", text(&operation.task_name)),
        ("action", text(&operation.task_action)),
        ("status", operation.status.as_ref().map(ToString::to_string)),
    ];
    let started = between(
        ("StartDateAfter", operation.start_date_after.as_ref()),
        ("StartDateBefore", operation.start_date_before.as_ref()),
    )?;
    let ended = between(
        ("EndDateAfter", operation.end_date_after.as_ref()),
        ("EndDateBefore", operation.end_date_before.as_ref()),
    )?;
    Ok(TaskFilter {
        execution_id: text(&operation.execution_id),
        task_execution_id: text(&operation.task_execution_id),
        equal: fields
            .into_iter()
            .filter_map(|(field, value)| Some((field, value?)))
            .collect(),
        started,
        ended,
    })
}

/// The rows, each read with its execution, which knows what is to be hidden.
async fn views_of(
    call: &Call<'_>,
    tasks: &[TaskExecution],
) -> Result<Vec<shapes::TaskExecution>, Fault> {
    let mut executions: BTreeMap<&str, (Execution, Hidden)> = BTreeMap::new();
    let mut rows = Vec::with_capacity(tasks.len());
    for task in tasks {
        let id = task.execution_id.as_str();
        if !executions.contains_key(id) {
            let execution = super::execution(call, id).await?;
            let template = call.shared.template(&execution.start.template.hash).await?;
            let hidden = Hidden::of(&template, &execution);
            executions.insert(id, (execution, hidden));
        }
        let known = executions.get(id);
        rows.extend(
            known.map(|(execution, hidden)| views::task_execution(task, execution, hidden)),
        );
    }
    Ok(rows)
}
