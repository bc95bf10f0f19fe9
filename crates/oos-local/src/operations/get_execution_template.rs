//! `GetExecutionTemplate`: the text that an execution runs, as it was when the execution started.

use super::{Handle, execution};
use crate::fault::{Fault, NO_TEMPLATE_VERSION};
use crate::shared::Call;
use crate::{templates, views};
use oos_engine::Execution;
use oos_model::operations::{GetExecutionTemplate, GetExecutionTemplateOutput};
use oos_model::shapes;

impl Handle for GetExecutionTemplate {
    async fn handle(self, call: &Call<'_>) -> Result<GetExecutionTemplateOutput, Fault> {
        let execution = execution(call, &self.execution_id).await?;
        let hash = &execution.start.template.hash;
        let content = call.shared.engine.content(hash).await?;
        let view = match stored(call, &execution).await? {
            Some(view) => view,
            None => views::of_execution(&execution, &*call.shared.template(hash).await?),
        };
        Ok(GetExecutionTemplateOutput {
            content: Some(content),
            template: Some(view),
            ..GetExecutionTemplateOutput::default()
        })
    }
}

/// The stored version that the execution runs, if there still is one.
async fn stored(call: &Call<'_>, execution: &Execution) -> Result<Option<shapes::Template>, Fault> {
    let reference = &execution.start.template;
    let found = templates::find(call, &reference.name).await?;
    let Some((_, template)) = found.filter(|(_, template)| template.id == reference.id) else {
        return Ok(None);
    };
    let version = match templates::version(call, &template, Some(&reference.version)).await {
        Ok(version) => version,
        Err(fault) if fault.code == NO_TEMPLATE_VERSION.name => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let runs = templates::run_count(call, &template.id).await?;
    Ok(Some(views::template(&template, &version, runs)))
}
