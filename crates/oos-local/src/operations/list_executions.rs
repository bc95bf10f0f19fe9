//! `ListExecutions`.

use super::{Handle, check_account};
use crate::fault::Fault;
use crate::hidden::Hidden;
use crate::paging::{PageRequest, TEN_TO_HUNDRED, between, direction};
use crate::shared::Call;
use crate::views::{self, ParametersForm};
use oos_engine::{Execution, ExecutionFilter, Paging, SortField};
use oos_model::enums::{
    ExecutionDepth, ExecutionMode, ExecutionSortField, ExecutionStatus, TemplateCategory,
};
use oos_model::operations::{ListExecutions, ListExecutionsOutput};
use oos_model::shapes;

impl Handle for ListExecutions {
    /// An id that nobody knows gives an empty list: published clients rely on it.
    async fn handle(self, call: &Call<'_>) -> Result<ListExecutionsOutput, Fault> {
        check_supported(&self, call)?;
        let page = PageRequest::read(self.max_results, TEN_TO_HUNDRED, self.next_token.as_deref())?;
        let order = (
            sort_field(self.sort_field.as_ref())?,
            direction(self.sort_order.as_ref())?,
        );
        let paging = Paging {
            limit: page.limit,
            after: page.after.clone(),
        };
        let found = call
            .shared
            .engine
            .executions(&call.tenant, filter(&self)?, order, paging);
        let found = found.await.map_err(|problem| page.fault(problem))?;
        let mut executions = Vec::with_capacity(found.items.len());
        for execution in &found.items {
            executions.push(view(call, execution).await?);
        }
        Ok(ListExecutionsOutput {
            executions: Some(executions),
            max_results: page.max_results(),
            next_token: found.next.map(|next| next.encode()),
            total_count: found
                .total
                .map(|total| i32::try_from(total).unwrap_or(i32::MAX)),
            ..ListExecutionsOutput::default()
        })
    }
}

async fn view(call: &Call<'_>, execution: &Execution) -> Result<shapes::Execution, Fault> {
    let template = call.shared.template(&execution.start.template.hash).await?;
    let hidden = Hidden::of(&template, execution);
    let current_tasks = Some(views::current_tasks(call, execution).await?);
    let view = views::execution(execution, &hidden, ParametersForm::Object);
    Ok(shapes::Execution {
        current_tasks,
        ..view
    })
}

/// Filters by what a local OOS does not know are refused: ignoring them would show too much.
fn check_supported(operation: &ListExecutions, call: &Call<'_>) -> Result<(), Fault> {
    check_account(call, operation.account_id.as_deref())?;
    for (given, name) in [
        (operation.rd_folder_ids.is_some(), "RdFolderIds"),
        (operation.resource_id.is_some(), "ResourceId"),
        (
            operation.resource_template_name.is_some(),
            "ResourceTemplateName",
        ),
    ] {
        if given {
            return Err(Fault::unsupported(&format!("the filter {name}")));
        }
    }
    Ok(())
}

fn filter(operation: &ListExecutions) -> Result<ExecutionFilter, Fault> {
    let text = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
    let started = between(
        ("StartDateAfter", operation.start_date_after.as_ref()),
        ("StartDateBefore", operation.start_date_before.as_ref()),
    )?;
    let ended = between(
        ("EndDateAfter", operation.end_date_after.as_ref()),
        ("EndDateBefore", operation.end_date_before.as_ref()),
    )?;
    Ok(ExecutionFilter {
        execution_id: text(&operation.execution_id),
        root_only: root_only(operation)?,
        parent: text(&operation.parent_execution_id),
        template_name: text(&operation.template_name),
        equal: equal(operation)?,
        categories: categories(operation)?,
        description: text(&operation.description),
        tags: operation.tags.clone().unwrap_or_default(),
        started,
        ended,
    })
}

/// Children are listed only for who asks for them, for their parent, or for one by its id.
fn root_only(operation: &ListExecutions) -> Result<bool, Fault> {
    let has = |id: &Option<String>| id.as_ref().is_some_and(|id| !id.is_empty());
    let of_parent = has(&operation.parent_execution_id);
    match (&operation.depth, operation.include_child_execution) {
        (Some(_), Some(_)) => Err(Fault::invalid(
            "Depth",
            "give only one of Depth and IncludeChildExecution",
        )),
        (Some(ExecutionDepth::RootDepth), None) => Ok(true),
        (Some(ExecutionDepth::FirstChildDepth), None) if of_parent => Ok(false),
        (Some(ExecutionDepth::FirstChildDepth), None) => Err(Fault::unsupported(
            "Depth FirstChildDepth without ParentExecutionId",
        )),
        (Some(_), None) => Err(Fault::invalid(
            "Depth",
            "it must be RootDepth or FirstChildDepth",
        )),
        (None, Some(include)) => Ok(!include),
        (None, None) => Ok(!of_parent && !has(&operation.execution_id)),
    }
}

fn equal(operation: &ListExecutions) -> Result<Vec<(&'static str, String)>, Fault> {
    if let Some(ExecutionStatus::Unknown(_)) = operation.status {
        return Err(one_of("Status", ExecutionStatus::KNOWN));
    }
    if let Some(ExecutionMode::Unknown(_)) = operation.mode {
        return Err(one_of("Mode", ExecutionMode::KNOWN));
    }
    let fields = [
        ("status", operation.status.as_ref().map(ToString::to_string)),
        ("mode", operation.mode.as_ref().map(ToString::to_string)),
        ("executed_by", operation.executed_by.clone()),
        ("ram_role", operation.ram_role.clone()),
        ("resource_group_id", operation.resource_group_id.clone()),
    ];
    let given = fields
        .into_iter()
        .filter_map(|(field, value)| Some((field, value?)));
    Ok(given.filter(|(_, value)| !value.is_empty()).collect())
}

fn categories(operation: &ListExecutions) -> Result<Vec<String>, Fault> {
    let categories: Vec<String> = match (&operation.category, &operation.categories) {
        (Some(_), Some(_)) => {
            return Err(Fault::invalid(
                "Category",
                "give only one of Category and Categories",
            ));
        }
        (Some(category), None) => vec![category.to_string()],
        (None, Some(list)) => serde_json::from_str(list)
            .map_err(|_| Fault::invalid("Categories", "it must be a JSON list of texts"))?,
        (None, None) => Vec::new(),
    };
    if categories
        .iter()
        .any(|name| !TemplateCategory::KNOWN.contains(&name.as_str()))
    {
        return Err(one_of("Category", TemplateCategory::KNOWN));
    }
    Ok(categories)
}

fn one_of(name: &str, known: &[&str]) -> Fault {
    Fault::invalid(name, format!("it must be one of {}", known.join(", ")))
}

/// What executions and task executions are ordered by.
pub(super) fn sort_field(field: Option<&ExecutionSortField>) -> Result<SortField, Fault> {
    match field {
        None | Some(ExecutionSortField::StartDate) => Ok(SortField::StartDate),
        Some(ExecutionSortField::EndDate) => Ok(SortField::EndDate),
        Some(ExecutionSortField::Status) => Ok(SortField::Status),
        Some(_) => Err(one_of("SortField", ExecutionSortField::KNOWN)),
    }
}
