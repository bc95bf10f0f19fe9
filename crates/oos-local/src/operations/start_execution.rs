//! `StartExecution`: runs a stored template, or a text.

use super::{Handle, execution, not_json};
use crate::fault::Fault;
use crate::hidden::Hidden;
use crate::shared::Call;
use crate::templates::{self, Parsed, TEMPLATE_RUN, check_tags, mistakes};
use crate::tokens::{self, CarryOut, Ticket, Undone};
use crate::views::{self, ParametersForm};
use oos_engine::TemplateReference;
use oos_engine::{NewExecution, Outcome, StartError, StartRequest};
use oos_model::enums::{ExecutionMode, LoopMode, SafetyCheck};
use oos_model::operations::{StartExecution, StartExecutionOutput};
use oos_store::Changes;
use oos_template::{Map, Template, Value};
use std::sync::Arc;

impl Handle for StartExecution {
    async fn handle(self, call: &Call<'_>) -> Result<StartExecutionOutput, Fault> {
        tokens::once(call, &self).await
    }
}

impl CarryOut for StartExecution {
    async fn carry_out(
        &self,
        call: &Call<'_>,
        ticket: &Ticket,
    ) -> Result<StartExecutionOutput, Undone> {
        let source = source(self, call).await?;
        let new = new_execution(self, call, &source).await?;
        let hidden = Hidden::among(&source.parsed.template, &new.parameters);
        let answer = move |outcome: &Outcome| answer(outcome, &hidden);
        let attach = ticket.attach(answer.clone(), source.count());
        match call.shared.engine.start(new, attach).await {
            Ok(outcome) => Ok(answer(&outcome)),
            Err(StartError::Command(error)) => Err(error.into()),
            Err(error) => Err(Fault::from(error).into()),
        }
    }
}

/// The execution as it was when it was created: what its tasks do is in ListExecutions.
fn answer(outcome: &Outcome, hidden: &Hidden) -> StartExecutionOutput {
    let execution = match outcome {
        Outcome::Started(created) => Some(views::execution(created, hidden, ParametersForm::Text)),
        _ => None,
    };
    StartExecutionOutput {
        execution,
        ..StartExecutionOutput::default()
    }
}

/// What is to be run.
struct Source {
    reference: TemplateReference,
    content: Arc<str>,
    parsed: Parsed,
    /// The stream in which the starts of a stored template are counted.
    runs: Option<String>,
}

impl Source {
    /// The row that counts this start.
    fn count(&self) -> impl Fn() -> Changes + Send + Sync + 'static {
        let runs = self.runs.clone();
        move || match &runs {
            Some(runs) => Changes::new().append(&TEMPLATE_RUN, runs.as_str(), Vec::new()),
            None => Changes::new(),
        }
    }
}

async fn source(operation: &StartExecution, call: &Call<'_>) -> Result<Source, Fault> {
    fn given(text: Option<&String>) -> Option<&str> {
        text.map(String::as_str).filter(|text| !text.is_empty())
    }
    let name = given(operation.template_name.as_ref());
    let content = given(operation.template_content.as_ref());
    let url = given(operation.template_url.as_ref());
    let version = given(operation.template_version.as_ref());
    match (name, content, url) {
        (None, None, None) => Err(Fault::missing("TemplateName")),
        (Some(name), None, None) => stored(call, name, version).await,
        (None, Some(_), None) if version.is_some() => {
            let reason = "a TemplateContent has no versions, leave it out";
            Err(Fault::invalid("TemplateVersion", reason))
        }
        (None, Some(content), None) => inline(call, content),
        (None, None, Some(_)) => Err(Fault::unsupported("TemplateURL, send TemplateContent")),
        _ => {
            let reason = "give only one of TemplateName, TemplateContent and TemplateURL";
            Err(Fault::invalid("TemplateName", reason))
        }
    }
}

async fn stored(call: &Call<'_>, name: &str, label: Option<&str>) -> Result<Source, Fault> {
    let template = templates::get(call, name).await?;
    let version = templates::version(call, &template, label).await?;
    let content = call.shared.engine.content(&version.hash).await?;
    let parsed = call.shared.parse(&content);
    let parsed = parsed.map_err(|found| mistakes("TemplateName", &found))?;
    let runs = Some(templates::runs(call, &template.id));
    let label = version.label();
    let reference = TemplateReference::new(template.id, template.name, label, version.hash);
    Ok(Source {
        reference,
        content: content.into(),
        parsed,
        runs,
    })
}

/// A text has neither id nor name nor version.
fn inline(call: &Call<'_>, content: &str) -> Result<Source, Fault> {
    let parsed = call.shared.parse(content);
    let parsed = parsed.map_err(|found| mistakes("TemplateContent", &found))?;
    let reference = TemplateReference::new("", "", "", parsed.hash.clone());
    Ok(Source {
        reference,
        content: content.into(),
        parsed,
        runs: None,
    })
}

async fn new_execution(
    operation: &StartExecution,
    call: &Call<'_>,
    source: &Source,
) -> Result<NewExecution, Fault> {
    let parent = operation
        .parent_execution_id
        .clone()
        .filter(|id| !id.is_empty());
    if let Some(parent) = &parent {
        execution(call, parent).await?;
    }
    let id = call.shared.engine.new_execution_id();
    let parameters = parameters(operation, call, &id, &source.parsed.template)?;
    Ok(NewExecution {
        id,
        tenant: call.tenant.clone(),
        template: source.reference.clone(),
        content: Arc::clone(&source.content),
        parameters,
        request: request(operation)?,
        parent,
        executed_by: call.user(),
    })
}

fn parameters(
    operation: &StartExecution,
    call: &Call<'_>,
    id: &str,
    template: &Template,
) -> Result<Map, Fault> {
    let given = match operation
        .parameters
        .as_deref()
        .filter(|text| !text.is_empty())
    {
        None => Value::Map(Map::new()),
        Some(text) => Value::from_json(text).map_err(|error| not_json("Parameters", &error))?,
    };
    let Value::Map(given) = given else {
        let reason = format!("it must be a JSON object, and it is a {}", given.kind());
        return Err(Fault::invalid("Parameters", reason));
    };
    let engine = &call.shared.engine;
    let pseudo = engine.pseudo_parameters(&call.tenant, id, &call.user());
    template
        .bind_parameters(&given, &pseudo)
        .map_err(|problems| {
            let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Fault::invalid("Parameters", sentences.join("; "))
        })
}

fn request(operation: &StartExecution) -> Result<StartRequest, Fault> {
    let mut request = StartRequest::automatic();
    if let Some(mode) = &operation.mode {
        known(
            "Mode",
            matches!(mode, ExecutionMode::Unknown(_)),
            ExecutionMode::KNOWN,
        )?;
        request.mode = mode.to_string();
    }
    if let Some(mode) = &operation.loop_mode {
        known(
            "LoopMode",
            matches!(mode, LoopMode::Unknown(_)),
            LoopMode::KNOWN,
        )?;
        request.loop_mode = mode.to_string();
    }
    if let Some(check) = &operation.safety_check {
        known(
            "SafetyCheck",
            matches!(check, SafetyCheck::Unknown(_)),
            SafetyCheck::KNOWN,
        )?;
        request.safety_check = check.to_string();
    }
    check_tags(operation.tags.as_ref())?;
    request.tags = operation.tags.clone().unwrap_or_default();
    request.description = operation.description.clone().unwrap_or_default();
    request.resource_group_id = operation.resource_group_id.clone().unwrap_or_default();
    Ok(request)
}

fn known(name: &str, is_unknown: bool, known: &[&str]) -> Result<(), Fault> {
    if is_unknown {
        return Err(Fault::invalid(
            name,
            format!("it must be one of {}", known.join(", ")),
        ));
    }
    Ok(())
}
