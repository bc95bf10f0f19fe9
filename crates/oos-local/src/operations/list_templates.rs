//! `ListTemplates`.

use super::Handle;
use crate::fault::Fault;
use crate::paging::{PageRequest, TEN_TO_HUNDRED, between, direction};
use crate::shared::Call;
use crate::templates::{StoredTemplate, TEMPLATE, from_body, run_count, text};
use crate::views;
use oos_engine::{Between, Moment};
use oos_model::enums::{
    ShareType, TemplateCategory, TemplateFormat, TemplateSortField, TemplateType,
};
use oos_model::operations::{ListTemplates, ListTemplatesOutput};
use oos_store::{Condition, Cursor, Direction, FieldValue, KEY, Query, Record, Shape};
use std::ops::Bound;

/// The field under which a record has its count of starts, for ordering only.
const RUNS: &str = "runs";

/// So many records are read at once when all have to be counted.
const CHUNK: usize = 1000;

impl Handle for ListTemplates {
    async fn handle(self, call: &Call<'_>) -> Result<ListTemplatesOutput, Fault> {
        let page = PageRequest::read(self.max_results, TEN_TO_HUNDRED, self.next_token.as_deref())?;
        let direction = direction(self.sort_order.as_ref())?;
        let order = order(self.sort_field.as_ref())?;
        let (records, next) = match query(&self, call)? {
            None => (Vec::new(), None),
            Some(query) if order == RUNS => by_runs(call, query, direction, &page).await?,
            Some(query) => {
                let query = query.ordered(order, direction).limit(page.limit);
                let read = call
                    .shared
                    .store
                    .read(query.after(page.after.clone()))
                    .await;
                let read = read.map_err(|error| page.fault(error))?;
                (read.records, read.next)
            }
        };
        let mut templates = Vec::with_capacity(records.len());
        for record in &records {
            let template: StoredTemplate = from_body(record)?;
            let runs = run_count(call, &template.id).await?;
            templates.push(views::template(&template, &template.latest, runs));
        }
        Ok(ListTemplatesOutput {
            max_results: page.max_results(),
            next_token: next.map(|next| next.encode()),
            templates: Some(templates),
            ..ListTemplatesOutput::default()
        })
    }
}

/// No private template is more popular than another: the name decides.
fn order(field: Option<&TemplateSortField>) -> Result<&'static str, Fault> {
    match field {
        None | Some(TemplateSortField::TotalExecutionCount) => Ok(RUNS),
        Some(TemplateSortField::Popularity) => Ok(KEY),
        Some(TemplateSortField::TemplateName) => Ok("name"),
        Some(TemplateSortField::CreatedDate) => Ok("created"),
        Some(TemplateSortField::UpdatedDate) => Ok("updated"),
        Some(_) => Err(one_of("SortField", TemplateSortField::KNOWN)),
    }
}

/// The templates that are asked for; none if only public ones, favourites or examples are, of
/// which a local OOS has none.
fn query(operation: &ListTemplates, call: &Call<'_>) -> Result<Option<Query>, Fault> {
    check_choices(operation)?;
    let only_public = operation.share_type == Some(ShareType::Public);
    if only_public || operation.is_favorite == Some(true) || operation.is_example == Some(true) {
        return Ok(None);
    }
    let mut query = Query::of(&TEMPLATE).equal("tenant", call.tenant.to_string());
    let choice = |choice: Option<String>| choice.filter(|choice| !choice.is_empty());
    for (field, value) in [
        (
            "category",
            choice(operation.category.as_ref().map(ToString::to_string)),
        ),
        (
            "format",
            choice(operation.template_format.as_ref().map(ToString::to_string)),
        ),
        (
            "type",
            choice(operation.template_type.as_ref().map(ToString::to_string)),
        ),
        ("created_by", choice(operation.created_by.clone())),
        (
            "resource_group_id",
            choice(operation.resource_group_id.clone()),
        ),
    ] {
        query
            .conditions
            .extend(value.map(|value| Condition::Equal(field, text(value))));
    }
    let name = choice(operation.template_name.clone());
    query
        .conditions
        .extend(name.map(|name| Condition::Contains("name", name)));
    let has_trigger = operation
        .has_trigger
        .map(|has| FieldValue::Int(i64::from(has)));
    query
        .conditions
        .extend(has_trigger.map(|has| Condition::Equal("has_trigger", has)));
    let tags = operation.tags.clone().unwrap_or_default().into_iter();
    query
        .conditions
        .extend(tags.map(|(name, value)| Condition::HasTag(name, Some(value))));
    let created = between(
        ("CreatedDateAfter", operation.created_date_after.as_ref()),
        ("CreatedDateBefore", operation.created_date_before.as_ref()),
    )?;
    query.conditions.push(range("created", created));
    Ok(Some(query))
}

fn check_choices(operation: &ListTemplates) -> Result<(), Fault> {
    if let Some(ShareType::Unknown(_)) = operation.share_type {
        return Err(one_of("ShareType", ShareType::KNOWN));
    }
    if let Some(TemplateCategory::Unknown(_)) = operation.category {
        return Err(one_of("Category", TemplateCategory::KNOWN));
    }
    if let Some(TemplateFormat::Unknown(_)) = operation.template_format {
        return Err(one_of("TemplateFormat", TemplateFormat::KNOWN));
    }
    if let Some(TemplateType::Unknown(_)) = operation.template_type {
        return Err(one_of("TemplateType", TemplateType::KNOWN));
    }
    Ok(())
}

fn one_of(name: &str, known: &[&str]) -> Fault {
    Fault::invalid(name, format!("it must be one of {}", known.join(", ")))
}

fn range(field: &'static str, between: Between) -> Condition {
    let bound = |moment: Option<Moment>| {
        moment.map_or(Bound::Unbounded, |at| {
            Bound::Included(FieldValue::Int(at.millis()))
        })
    };
    Condition::Range(field, bound(between.from), bound(between.to))
}

/// A page by the count of starts, which no store can order by: all templates are counted.
async fn by_runs(
    call: &Call<'_>,
    query: Query,
    direction: Direction,
    page: &PageRequest,
) -> Result<(Vec<Record>, Option<Cursor>), Fault> {
    let mut counted = Vec::new();
    let mut after = None;
    loop {
        let chunk = query.clone().limit(CHUNK).after(after);
        let read = call.shared.store.read(chunk).await?;
        for record in read.records {
            let template: StoredTemplate = from_body(&record)?;
            counted.push((run_count(call, &template.id).await?, record));
        }
        after = read.next;
        if after.is_none() {
            break;
        }
    }
    counted.sort_by(|(runs, record), (other_runs, other)| {
        let order = (runs, &record.key).cmp(&(other_runs, &other.key));
        if direction == Direction::Descending {
            order.reverse()
        } else {
            order
        }
    });
    let behind =
        |runs: i64, record: &Record| is_behind(page.after.as_ref(), runs, record, direction);
    let mut rest = counted
        .into_iter()
        .filter(|(runs, record)| behind(*runs, record));
    let shown: Vec<(i64, Record)> = rest.by_ref().take(page.limit).collect();
    let last = shown.last().filter(|_| rest.next().is_some());
    let next = last.map(|(runs, record)| {
        let position = Record::new(record.key.as_str()).with(RUNS, *runs);
        Cursor::behind(&position, Shape::Records, RUNS)
    });
    Ok((shown.into_iter().map(|(_, record)| record).collect(), next))
}

fn is_behind(after: Option<&Cursor>, runs: i64, record: &Record, direction: Direction) -> bool {
    let Some(after) = after else { return true };
    let Some(FieldValue::Int(last)) = after.value else {
        return false;
    };
    match direction {
        Direction::Ascending => (runs, &record.key) > (last, &after.key),
        Direction::Descending => (runs, &record.key) < (last, &after.key),
    }
}
