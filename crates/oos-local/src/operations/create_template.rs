//! `CreateTemplate`: stores the first version of a template.

use super::Handle;
use crate::fault::{Fault, TEMPLATE_EXISTS};
use crate::shared::Call;
use crate::templates::{StoredTemplate, Traits, Version, check_name, check_tags, mistakes};
use crate::views;
use oos_clock::hex32;
use oos_model::operations::{CreateTemplate, CreateTemplateOutput};
use oos_store::CommitError;

impl Handle for CreateTemplate {
    async fn handle(self, call: &Call<'_>) -> Result<CreateTemplateOutput, Fault> {
        check_name(&self.template_name)?;
        check_tags(self.tags.as_ref())?;
        let template = new_template(&self, call)?;
        match call
            .shared
            .store
            .commit(template.write(call, &self.content, None))
            .await
        {
            Ok(()) => {}
            Err(CommitError::Conflict { .. }) => return Err(Fault::of(TEMPLATE_EXISTS)),
            Err(error) => return Err(error.into()),
        }
        Ok(CreateTemplateOutput {
            template_type: Some(template.latest.traits.kind.as_str().into()),
            template: Some(views::template(&template, &template.latest, 0)),
            ..CreateTemplateOutput::default()
        })
    }
}

fn new_template(operation: &CreateTemplate, call: &Call<'_>) -> Result<StoredTemplate, Fault> {
    let parsed = call.shared.parse(&operation.content);
    let parsed = parsed.map_err(|found| mistakes("Content", &found))?;
    let now = call.shared.now();
    Ok(StoredTemplate {
        id: format!("t-{}", &hex32(&*call.shared.entropy)[..20]),
        name: operation.template_name.clone(),
        created: now,
        created_by: call.user(),
        resource_group_id: operation.resource_group_id.clone().unwrap_or_default(),
        tags: operation.tags.clone().unwrap_or_default(),
        latest: Version {
            number: 1,
            name: operation.version_name.clone().unwrap_or_default(),
            hash: parsed.hash,
            traits: Traits::of(&parsed.template),
            updated: now,
            updated_by: call.user(),
        },
    })
}
