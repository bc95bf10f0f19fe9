//! Executions come back from the store.

use super::Done;
use crate::ReadProblem;
use crate::engine::Shared;
use crate::machine::Loaded;
use crate::store::{self, TASK_EXECUTION, Versions};
use crate::turn::{Resident, chain};
use futures_core::future::BoxFuture;
use oos_store::{Direction, Query, Record};
use std::sync::Arc;

/// Loads an execution with all its task executions.
pub(super) fn resident(shared: Arc<Shared>, key: String) -> BoxFuture<'static, Done> {
    Box::pin(async move {
        let resident = load(&shared, &key).await.map_err(|problem| chain(&problem));
        Done::Loaded {
            key,
            resident: resident.map(|resident| resident.map(Box::new)),
        }
    })
}

async fn load(shared: &Shared, key: &str) -> Result<Option<Resident>, ReadProblem> {
    let Some((head, execution)) = shared.head_at(key).await? else {
        return Ok(None);
    };
    let records = task_records(shared, key).await?;
    let tasks = records
        .iter()
        .map(store::task_execution)
        .collect::<Result<_, _>>()?;
    let template = shared.template(&execution.start.template.hash).await?;
    let versions = Versions::of(head, &records);
    Ok(Some(Resident {
        loaded: Loaded {
            template,
            execution,
            tasks,
        },
        versions,
    }))
}

async fn task_records(shared: &Shared, key: &str) -> Result<Vec<Record>, ReadProblem> {
    let query = Query::of(&TASK_EXECUTION)
        .equal("execution", key)
        .ordered("number", Direction::Ascending);
    let mut page = shared.store.read(query.clone()).await?;
    let mut records = page.records;
    while page.next.is_some() {
        page = shared.store.read(query.clone().after(page.next)).await?;
        records.append(&mut page.records);
    }
    Ok(records)
}
