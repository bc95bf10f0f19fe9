//! `UpdateTemplate`: stores a new version of a template, if its text has changed.

use super::Handle;
use crate::fault::{Fault, NO_TEMPLATE, SERVICE_UNAVAILABLE};
use crate::shared::Call;
use crate::templates::{self, Parsed, StoredTemplate, Traits, Version, check_tags, mistakes};
use crate::views;
use oos_model::operations::{UpdateTemplate, UpdateTemplateOutput};
use oos_store::CommitError;

/// How often an update is made anew after another one was faster.
const MOST_ATTEMPTS: u32 = 16;

impl Handle for UpdateTemplate {
    async fn handle(self, call: &Call<'_>) -> Result<UpdateTemplateOutput, Fault> {
        check_tags(self.tags.as_ref())?;
        let parsed = call.shared.parse(&self.content);
        let parsed = parsed.map_err(|found| mistakes("Content", &found))?;
        for _ in 0..MOST_ATTEMPTS {
            let found = templates::find(call, &self.template_name).await?;
            let (record, template) = found.ok_or_else(|| Fault::of(NO_TEMPLATE))?;
            let template = updated(&self, call, template, &parsed);
            match call
                .shared
                .store
                .commit(template.write(call, &self.content, Some(record)))
                .await
            {
                Ok(()) => {
                    let runs = templates::run_count(call, &template.id).await?;
                    let view = views::template(&template, &template.latest, runs);
                    let template = Some(view);
                    return Ok(UpdateTemplateOutput {
                        template,
                        ..Default::default()
                    });
                }
                Err(CommitError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let message = "Other calls are updating this template: try again.";
        Err(Fault::new(SERVICE_UNAVAILABLE, message))
    }
}

/// A text that has not changed makes no version; tags, resource group and version name are taken
/// over all the same.
fn updated(
    operation: &UpdateTemplate,
    call: &Call<'_>,
    template: StoredTemplate,
    parsed: &Parsed,
) -> StoredTemplate {
    let UpdateTemplate {
        tags,
        resource_group_id,
        version_name,
        ..
    } = operation;
    let StoredTemplate { latest, .. } = template;
    let unchanged = latest.hash == parsed.hash;
    let latest = if unchanged {
        Version {
            name: version_name.clone().unwrap_or(latest.name),
            ..latest
        }
    } else {
        Version {
            number: latest.number + 1,
            name: version_name.clone().unwrap_or_default(),
            hash: parsed.hash.clone(),
            traits: Traits::of(&parsed.template),
            updated: call.shared.now(),
            updated_by: call.user(),
        }
    };
    StoredTemplate {
        latest,
        tags: tags.clone().unwrap_or(template.tags),
        resource_group_id: resource_group_id
            .clone()
            .unwrap_or(template.resource_group_id),
        ..template
    }
}
