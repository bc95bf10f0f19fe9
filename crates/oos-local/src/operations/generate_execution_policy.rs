//! `GenerateExecutionPolicy`: what the tasks of a template have to be allowed to do.

use super::Handle;
use crate::fault::Fault;
use crate::shared::Call;
use crate::templates::{self, Children, mistakes};
use oos_model::operations::{GenerateExecutionPolicy, GenerateExecutionPolicyOutput};
use oos_template::{Template, policy};
use std::sync::Arc;

impl Handle for GenerateExecutionPolicy {
    /// Nothing is ever missing here: a local OOS has no RAM, so that tasks may do everything, whatever
    /// their role is called.
    async fn handle(self, call: &Call<'_>) -> Result<GenerateExecutionPolicyOutput, Fault> {
        let template = template(&self, call).await?;
        let children = Children::under(&template, call).await?;
        let policy = policy::policy(&template, &children);
        Ok(GenerateExecutionPolicyOutput {
            policy: Some(policy.to_document().to_json_string()),
            missing_policy: Some(String::from("[]")),
            ..GenerateExecutionPolicyOutput::default()
        })
    }
}

async fn template(
    operation: &GenerateExecutionPolicy,
    call: &Call<'_>,
) -> Result<Arc<Template>, Fault> {
    fn given(text: Option<&String>) -> Option<&str> {
        text.map(String::as_str).filter(|text| !text.is_empty())
    }
    let version = given(operation.template_version.as_ref());
    let name = given(operation.template_name.as_ref());
    match (name, given(operation.template_content.as_ref())) {
        (Some(name), None) => templates::read(call, name, version).await,
        (None, Some(_)) if version.is_some() => {
            let reason = "a TemplateContent has no versions, leave it out";
            Err(Fault::invalid("TemplateVersion", reason))
        }
        (None, Some(content)) => {
            let parsed = call.shared.parse(content);
            let parsed = parsed.map_err(|found| mistakes("TemplateContent", &found))?;
            Ok(parsed.template)
        }
        (None, None) => Err(Fault::missing("TemplateName")),
        (Some(_), Some(_)) => {
            let reason = "give only one of TemplateName and TemplateContent";
            Err(Fault::invalid("TemplateContent", reason))
        }
    }
}
