//! `TriggerExecution`: a message for the trigger of a started execution.

use super::Handle;
use crate::fault::Fault;
use crate::shared::Call;
use crate::tokens::{self, CarryOut, Ticket, Undone};
use oos_engine::{TriggerKind, TriggerMessage};
use oos_model::enums::TriggerType;
use oos_model::operations::{TriggerExecution, TriggerExecutionOutput};
use oos_store::Changes;
use oos_template::{Map, Value};

impl Handle for TriggerExecution {
    async fn handle(self, call: &Call<'_>) -> Result<TriggerExecutionOutput, Fault> {
        tokens::once(call, &self).await
    }
}

impl CarryOut for TriggerExecution {
    async fn carry_out(
        &self,
        call: &Call<'_>,
        ticket: &Ticket,
    ) -> Result<TriggerExecutionOutput, Undone> {
        let message = message(self, call)?;
        let attach = ticket.attach(|_| TriggerExecutionOutput::default(), Changes::new);
        let engine = &call.shared.engine;
        engine
            .trigger(&call.tenant, &self.execution_id, message, attach)
            .await?;
        Ok(TriggerExecutionOutput::default())
    }
}

fn message(operation: &TriggerExecution, call: &Call<'_>) -> Result<TriggerMessage, Fault> {
    let kind = match operation.type_ {
        TriggerType::Event => TriggerKind::Event,
        TriggerType::Alarm => TriggerKind::Alarm,
        TriggerType::Timer => TriggerKind::Timer,
        _ => return Err(Fault::invalid("Type", "it must be Event, Alarm or Timer")),
    };
    let content = match operation.content.as_str() {
        "" if kind == TriggerKind::Timer => timer_message(call),
        "" => Value::Map(Map::new()),
        text => read(text)?,
    };
    if kind != TriggerKind::Timer && content.as_map().is_none() {
        let found = content.kind();
        let reason = format!("it must be a JSON object, and it is a {found} (line 1, column 1)");
        return Err(Fault::invalid("Content", reason));
    }
    Ok(TriggerMessage::new(kind, content))
}

fn read(text: &str) -> Result<Value, Fault> {
    Value::from_json(text).map_err(|error| super::not_json("Content", &error))
}

/// What a timer's own firing says (our choice; no page prints the message of a timer).
fn timer_message(call: &Call<'_>) -> Value {
    let now = oos_model::Timestamp::from(call.shared.service_clock.now());
    let entry = (String::from("triggerTime"), Value::from(now.as_str()));
    Value::Map(Map::from_iter([entry]))
}
