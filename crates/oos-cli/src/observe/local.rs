//! What the engine inside of the process knows of an execution.

use super::mask::Mask;
use crate::failure::{Failure, chain};
use crate::report::{self, ApiCallReport, ExecutionReport, TaskReport, VerdictReport};
use oos_local::engine::{
    ApiExchange, ApiOutcome, Execution, Happening, HistoryEntry, Moment, Paging, ReadProblem,
    SortField, TaskExecution, TaskFilter, Verdict,
};
use oos_local::{Direction, LocalOos};
use std::collections::HashMap;

/// So many rows at a time.
const PAGE: usize = 500;

/// What a report may show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) local: &'a LocalOos,
    /// The parameters that the template declares `NoEcho`.
    pub(crate) hidden: &'a [String],
}

/// All about an execution; none if there is none with this id.
///
/// # Errors
/// [`Failure::Local`] if the engine can not be read.
pub(crate) async fn report(view: View<'_>, id: &str) -> Result<Option<ExecutionReport>, Failure> {
    whole(view.local, id, view.hidden).await
}

/// The same with the children of its tasks; what an execution hides is hidden in its children too.
async fn whole(
    local: &LocalOos,
    id: &str,
    hidden: &[String],
) -> Result<Option<ExecutionReport>, Failure> {
    let Some(execution) = execution(local, id).await? else {
        return Ok(None);
    };
    let mut calls = calls(history(local, id).await?);
    let mut reports = Vec::new();
    for row in tasks(local, id).await? {
        let child = match &row.child_execution_id {
            Some(child) => Box::pin(of_child(local, child)).await?,
            None => None,
        };
        let calls = calls.remove(&row.id).unwrap_or_default();
        reports.push(task(row, calls, child));
    }
    let (start, head) = (execution.start, execution.head);
    let mask = Mask::of(hidden, &start.parameters);
    Ok(Some(mask.execution(ExecutionReport {
        id: start.id,
        status: head.status.to_string(),
        status_message: head.status_message,
        outputs: report::outputs(&head.outputs),
        duration_ms: between(start.created, head.ended),
        tasks: reports,
    })))
}

/// The child of a task, which hides what its own template hides.
async fn of_child(local: &LocalOos, id: &str) -> Result<Option<Box<ExecutionReport>>, Failure> {
    let Some(child) = execution(local, id).await? else {
        return Ok(None);
    };
    let template = local.engine().template(&child.start.template.hash).await;
    let template = template.map_err(|error| unreadable(&error))?;
    let hidden = template.parameters.iter().filter(|(_, one)| one.no_echo);
    let hidden: Vec<String> = hidden.map(|(name, _)| name.clone()).collect();
    Ok(whole(local, id, &hidden).await?.map(Box::new))
}

/// What the filter of an execution's trigger said of the last message that did not fit.
///
/// # Errors
/// [`Failure::Local`] if the engine can not be read.
pub(crate) async fn verdicts(view: View<'_>, id: &str) -> Result<Vec<VerdictReport>, Failure> {
    let Some(execution) = execution(view.local, id).await? else {
        return Ok(Vec::new());
    };
    let mask = Mask::of(view.hidden, &execution.start.parameters);
    let history = history(view.local, id).await?;
    let last = history
        .into_iter()
        .rev()
        .find_map(|entry| match entry.what {
            Happening::NotMatched { verdicts, .. } => Some(verdicts),
            _ => None,
        });
    Ok(last
        .unwrap_or_default()
        .into_iter()
        .map(|one| mask.verdict(verdict(one)))
        .collect())
}

async fn execution(local: &LocalOos, id: &str) -> Result<Option<Execution>, Failure> {
    let execution = local.engine().execution(local.tenant(), id).await;
    execution.map_err(|error| unreadable(&error))
}

fn verdict(verdict: Verdict) -> VerdictReport {
    let Verdict {
        field,
        wanted,
        got,
        matches,
        ..
    } = verdict;
    VerdictReport {
        field,
        wanted,
        got,
        matches,
    }
}

async fn tasks(local: &LocalOos, id: &str) -> Result<Vec<TaskExecution>, Failure> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let filter = TaskFilter {
            execution_id: Some(id.to_owned()),
            ..TaskFilter::default()
        };
        let order = (SortField::StartDate, Direction::Ascending);
        let paging = Paging { limit: PAGE, after };
        let page = local
            .engine()
            .task_executions(local.tenant(), filter, order, paging)
            .await;
        let page = page.map_err(|error| unreadable(&error))?;
        rows.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

/// The whole history, oldest entry first.
async fn history(local: &LocalOos, id: &str) -> Result<Vec<HistoryEntry>, Failure> {
    let (mut entries, mut after) = (Vec::new(), None);
    loop {
        let paging = Paging { limit: PAGE, after };
        let page = local
            .engine()
            .history(local.tenant(), id, Direction::Ascending, paging)
            .await;
        let page = page.map_err(|error| unreadable(&error))?;
        entries.extend(page.items.into_iter().flatten());
        after = page.next;
        if after.is_none() {
            return Ok(entries);
        }
    }
}

fn calls(history: Vec<HistoryEntry>) -> HashMap<String, Vec<ApiCallReport>> {
    let mut calls: HashMap<String, Vec<ApiCallReport>> = HashMap::new();
    for entry in history {
        if let (Some(task), Happening::ApiCalled(exchange)) = (entry.task_execution_id, entry.what)
        {
            calls.entry(task).or_default().push(api_call(exchange));
        }
    }
    calls
}

fn api_call(exchange: ApiExchange) -> ApiCallReport {
    let (response, error) = match exchange.outcome {
        ApiOutcome::Answered(document) => (Some(document), None),
        ApiOutcome::Refused(failure) => (None, Some(format!("{} {failure}", failure.status))),
        ApiOutcome::NotMade(reason) => (None, Some(reason)),
        other => (None, Some(format!("{other:?}"))),
    };
    let (service, api, parameters) = (Some(exchange.service), exchange.api, exchange.parameters);
    ApiCallReport {
        service,
        api,
        parameters,
        response,
        error,
    }
}

fn task(
    row: TaskExecution,
    api_calls: Vec<ApiCallReport>,
    child: Option<Box<ExecutionReport>>,
) -> TaskReport {
    TaskReport {
        duration_ms: between(row.created, row.ended),
        name: row.name,
        action: row.action,
        status: row.status.to_string(),
        message: row.status_message,
        outputs: report::outputs(&row.outputs),
        api_calls,
        child,
    }
}

fn between(start: Moment, end: Option<Moment>) -> Option<u64> {
    u64::try_from(end?.since(start).as_millis()).ok()
}

fn unreadable(error: &ReadProblem) -> Failure {
    Failure::Local(chain(error).join(": "))
}
