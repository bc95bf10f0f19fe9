//! `ListExecutionRiskyTasks`: the calls of a template that can not be undone.

use super::Handle;
use crate::fault::Fault;
use crate::shared::Call;
use crate::templates::{self, Children};
use oos_model::operations::{ListExecutionRiskyTasks, ListExecutionRiskyTasksOutput};
use oos_model::shapes::RiskyTask;
use oos_template::risk::{self, RiskyCall};

impl Handle for ListExecutionRiskyTasks {
    async fn handle(self, call: &Call<'_>) -> Result<ListExecutionRiskyTasksOutput, Fault> {
        let name = &self.template_name;
        if name.is_empty() {
            return Err(Fault::missing("TemplateName"));
        }
        let template = templates::read(call, name, None).await?;
        let children = Children::under(&template, call).await?;
        let calls = risk::risky_calls(&template, &children).into_iter();
        Ok(ListExecutionRiskyTasksOutput {
            risky_tasks: Some(calls.map(|call| shown(call, name)).collect()),
            ..ListExecutionRiskyTasksOutput::default()
        })
    }
}

/// `Task` is the way from the template's task down to the one that calls; `Template` names the template
/// that was asked for, whichever holds the task (the sample answer of the API metadata).
fn shown(call: RiskyCall, template: &str) -> RiskyTask {
    RiskyTask {
        api: Some(call.api),
        service: Some(call.service),
        task: Some(call.path),
        template: Some(vec![template.to_owned()]),
    }
}
