//! `ACS::ExecuteAPI` (help page "acs-executeapi").

use crate::{Action, ActionCall, ActionReport, ApiCall, ApiExchange, ApiOutcome, CallApi};
use futures_core::future::BoxFuture;
use oos_template::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Calls the API of a cloud service by way of a [`CallApi`].
#[derive(Debug, Clone)]
pub struct ExecuteApi {
    api: Arc<dyn CallApi>,
}

impl ExecuteApi {
    /// The action over this way to the APIs.
    #[must_use]
    pub fn new(api: Arc<dyn CallApi>) -> Self {
        Self { api }
    }
}

impl Action for ExecuteApi {
    fn run(&self, call: ActionCall) -> BoxFuture<'_, ActionReport> {
        Box::pin(async move {
            match read(call) {
                Ok(call) => self.make(call).await,
                Err(reason) => ActionReport::failure(reason),
            }
        })
    }
}

impl ExecuteApi {
    async fn make(&self, call: ApiCall) -> ActionReport {
        let (service, api) = (call.service.clone(), call.api.clone());
        let parameters = call.parameters.clone();
        let answer = self.api.call(call).await;
        let report = match &answer.outcome {
            ApiOutcome::Answered(document) => ActionReport::success(document.clone()),
            ApiOutcome::Refused(failure) => ActionReport::failure(failure.to_string()),
            ApiOutcome::NotMade(reason) => ActionReport::failure(reason.clone()),
        };
        let exchange = ApiExchange {
            service,
            api,
            parameters,
            outcome: answer.outcome,
        };
        report.with_call(exchange, answer.mock_used)
    }
}

fn read(call: ActionCall) -> Result<ApiCall, String> {
    let ActionCall {
        key,
        tenant,
        properties,
        mock_positions,
    } = call;
    let text = |name: &str| match properties.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        Some(other) => Err(format!(
            "{name} has to be a text, not {}",
            other.to_json_string()
        )),
        None => Err(format!("{name} is missing")),
    };
    let (service, api) = (text("Service")?, text("API")?);
    let parameters = match properties.get("Parameters") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Map(parameters)) => {
            let given = parameters.iter().filter(|(_, value)| !value.is_null());
            given
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        }
        Some(other) => {
            let other = other.to_json_string();
            return Err(format!("Parameters has to be a map, not {other}"));
        }
    };
    let mut roa = BTreeMap::new();
    for name in ["Method", "URI", "Headers", "Body"] {
        if let Some(value) = properties.get(name).filter(|value| !value.is_null()) {
            roa.insert(name.to_owned(), value.clone());
        }
    }
    let parameters = Value::Map(parameters);
    Ok(ApiCall {
        key,
        tenant,
        service,
        api,
        parameters,
        roa,
        mock_positions,
    })
}
