//! Templates.

use super::{some_text, timestamp};
use crate::templates::{StoredTemplate, Traits, Version};
use oos_engine::Execution;
use oos_model::enums::ShareType;
use oos_model::shapes;
use oos_template::Template;

/// Private templates have no popularity (help page of `ListTemplates`).
const NO_POPULARITY: i32 = -1;

/// A version of a stored template, and how many executions were started of the template.
pub(crate) fn template(
    stored: &StoredTemplate,
    version: &Version,
    run_count: i64,
) -> shapes::Template {
    shapes::Template {
        created_by: Some(stored.created_by.clone()),
        created_date: Some(timestamp(stored.created)),
        popularity: Some(NO_POPULARITY),
        resource_group_id: some_text(&stored.resource_group_id),
        tags: Some(stored.tags.clone()),
        template_id: Some(stored.id.clone()),
        template_name: Some(stored.name.clone()),
        template_version: Some(version.label()),
        total_execution_count: Some(i32::try_from(run_count).unwrap_or(i32::MAX)),
        updated_by: Some(version.updated_by.clone()),
        updated_date: Some(timestamp(version.updated)),
        version_name: some_text(&version.name),
        ..text(&version.traits, &version.hash)
    }
}

/// The template of an execution, when it is not, or no longer, a stored one.
pub(crate) fn of_execution(execution: &Execution, template: &Template) -> shapes::Template {
    let reference = &execution.start.template;
    shapes::Template {
        created_by: Some(execution.start.executed_by.clone()),
        created_date: Some(timestamp(execution.start.created)),
        template_id: some_text(&reference.id),
        template_name: some_text(&reference.name),
        template_version: some_text(&reference.version),
        updated_by: Some(execution.start.executed_by.clone()),
        updated_date: Some(timestamp(execution.start.created)),
        ..text(&Traits::of(template), &reference.hash)
    }
}

fn text(traits: &Traits, hash: &str) -> shapes::Template {
    shapes::Template {
        category: Some(traits.category.as_str().into()),
        description: some_text(&traits.description),
        has_trigger: Some(traits.has_trigger()),
        hash: Some(hash.to_owned()),
        share_type: Some(ShareType::Private),
        template_format: Some(traits.format.as_str().into()),
        template_type: Some(traits.kind.as_str().into()),
        ..shapes::Template::default()
    }
}
