//! The search for the templates that tasks run.

use super::{Done, actions};
use crate::engine::Shared;
use crate::find_template::{FoundTemplate, TemplateQuery, WantedTemplate};
use crate::input::FoundChild;
use crate::turn::Resident;
use crate::{StartRequest, support};
use futures_core::future::BoxFuture;
use oos_template::actions::ActionKind;
use std::sync::Arc;

/// Finds the template that a task runs. A product action that is registered is no template: it is
/// run as an action.
pub(super) fn find(
    shared: Arc<Shared>,
    key: &str,
    resident: &Resident,
    task_execution_id: String,
    attempt: u32,
) -> BoxFuture<'static, Done> {
    let loaded = &resident.loaded;
    let query = match loaded.task_place(&task_execution_id) {
        None => Err(format!("There is no task execution {task_execution_id}")),
        Some(place) => {
            let row = &loaded.tasks[place];
            let action = &loaded.template.tasks[row.task].action;
            let registered = shared.actions.get(action.as_str()).is_some();
            if registered && action.kind() == ActionKind::Product {
                return actions::attempt(shared, key, resident, task_execution_id, attempt);
            }
            WantedTemplate::of(action, &row.properties)
        }
    };
    let start = &loaded.execution.start;
    let (tenant, request) = (start.tenant.clone(), start.request.clone());
    let query = query.map(|wanted| TemplateQuery { tenant, wanted });
    let (key, id) = (key.to_owned(), start.id.clone());
    Box::pin(async move {
        let found = match query {
            Ok(query) => look(&shared, query, &request).await,
            Err(reason) => Err(reason),
        };
        Done::Found {
            key,
            id,
            task_execution_id,
            attempt,
            found,
        }
    })
}

async fn look(
    shared: &Shared,
    query: TemplateQuery,
    request: &StartRequest,
) -> Result<FoundChild, String> {
    let found = shared.finder.find(query).await?;
    let FoundTemplate { reference, content } = &found;
    let template = shared.parse(&reference.hash, content);
    let template = template.map_err(|mistakes| {
        let name = shown(&reference.name);
        format!("{name} has mistakes: {mistakes}")
    })?;
    support::check(&template, &shared.actions, request)
        .map_err(|unsupported| format!("{}: {unsupported}", shown(&reference.name)))?;
    Ok(FoundChild { found, template })
}

fn shown(name: &str) -> String {
    if name.is_empty() {
        String::from("The TemplateContent")
    } else {
        format!("The template `{name}`")
    }
}
