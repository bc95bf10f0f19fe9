//! The children of an execution, before and after a message.

use crate::{Client, Error};
use oos_model::enums::{ExecutionSortField, SortOrder};
use oos_model::operations::ListExecutions;
use oos_model::shapes::Execution;
use std::collections::HashSet;
use std::time::Duration;

/// So many at a time, the most that the service gives.
const PAGE: i32 = 100;

/// So many pages are read in search of a new child: more than anyone triggers between two looks.
const MOST_PAGES: usize = 20;

/// The newest children that there were before the message.
#[derive(Debug)]
pub(super) struct Before {
    known: HashSet<String>,
    /// Whether these are all.
    complete: bool,
    /// When the newest of them started, in seconds since 1970.
    newest: Option<i64>,
}

impl Before {
    /// Lists the newest page: of an execution with very many children the others need not be
    /// known, since a new child is newer.
    pub(super) async fn list(client: &Client, parent: &str) -> Result<Self, Error> {
        let output = client.call(newest_first(parent)).send().await?.output;
        let children = output.executions.unwrap_or_default();
        Ok(Self {
            newest: children.iter().filter_map(started).max(),
            known: children
                .into_iter()
                .filter_map(|one| one.execution_id)
                .collect(),
            complete: output.next_token.is_none_or(|token| token.is_empty()),
        })
    }

    /// The first of the children that are new, with its id.
    pub(super) async fn first_new(
        &self,
        client: &Client,
        parent: &str,
        limit: Duration,
    ) -> Result<Option<(String, Execution)>, Error> {
        let mut operation = newest_first(parent);
        let mut new = Vec::new();
        for _ in 0..MOST_PAGES {
            let output = client
                .call(operation.clone())
                .timeout(limit)
                .send()
                .await?
                .output;
            let page = output.executions.unwrap_or_default();
            let known = |one: &Execution| {
                let id = one.execution_id.as_ref();
                id.is_some_and(|id| self.known.contains(id))
            };
            let last = page.iter().any(known) || page.is_empty();
            new.extend(page.into_iter().filter_map(|one| {
                let id = one.execution_id.clone()?;
                self.is_new(&id, &one).then_some((id, one))
            }));
            match output.next_token.filter(|token| !token.is_empty() && !last) {
                Some(token) => operation = operation.with_next_token(token),
                None => break,
            }
        }
        // The numbers at the end of the ids grow: of several new ones, the shortest and least id
        // is the first.
        Ok(new
            .into_iter()
            .min_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b))))
    }

    /// Of a list that was not read to its end, one that is not known is new only if it started no
    /// earlier than the newest one that is.
    fn is_new(&self, id: &str, child: &Execution) -> bool {
        let late = || started(child).is_none_or(|start| Some(start) >= self.newest);
        !self.known.contains(id) && (self.complete || late())
    }
}

fn newest_first(parent: &str) -> ListExecutions {
    ListExecutions::new()
        .with_parent_execution_id(parent)
        .with_sort_field(ExecutionSortField::StartDate)
        .with_sort_order(SortOrder::Descending)
        .with_max_results(PAGE)
}

fn started(execution: &Execution) -> Option<i64> {
    let start = execution.start_date.as_ref()?.to_datetime()?;
    Some(start.unix_timestamp())
}
