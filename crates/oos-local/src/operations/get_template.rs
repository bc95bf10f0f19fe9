//! `GetTemplate`: a version of a template and its text.

use super::Handle;
use crate::fault::Fault;
use crate::shared::Call;
use crate::{templates, views};
use oos_model::operations::{GetTemplate, GetTemplateOutput};

impl Handle for GetTemplate {
    async fn handle(self, call: &Call<'_>) -> Result<GetTemplateOutput, Fault> {
        let template = templates::get(call, &self.template_name).await?;
        let version = templates::version(call, &template, self.template_version.as_deref()).await?;
        let content = call.shared.engine.content(&version.hash).await?;
        let runs = templates::run_count(call, &template.id).await?;
        Ok(GetTemplateOutput {
            content: Some(content),
            template: Some(views::template(&template, &version, runs)),
            ..GetTemplateOutput::default()
        })
    }
}
