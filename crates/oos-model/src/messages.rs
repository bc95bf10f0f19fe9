//! The messages that triggers take, as typed documents.
//!
//! A message is what `TriggerExecution` sends as `Content`, and what the selectors of a trigger's
//! outputs see. [`EventMessage`], [`AlarmMessage`] and [`TimerMessage`] name the documented fields
//! and keep all others, since a trigger hands the whole message on.
//!
//! ```
//! use oos_model::messages::{EventLevel, EventMessage};
//! use oos_model::operations::TriggerExecution;
//!
//! let message = EventMessage::new("ECS", "Instance:StateChange")
//!     .with_level(EventLevel::Info)
//!     .with_region_id("cn-hangzhou")
//!     .with_content([("resourceId", "i-1"), ("state", "Stopped")]);
//! let call = TriggerExecution::event("exec-1", message.clone());
//! assert_eq!(call.content_json()?["name"], "Instance:StateChange");
//! assert_eq!(EventMessage::read(&call.content)?, message);
//! # Ok::<(), oos_model::JsonTextError>(())
//! ```
//!
//! Fields of events: the samples of the seed operation and the console page on event triggers;
//! of alarms: the callback of Cloud Monitor. What a timer hands over is documented nowhere.

mod check;

use serde_json::{Map, Value};

use crate::enums::TriggerType;
use crate::open_enum::open_enum;
use crate::operations::TriggerExecution;
use crate::{JsonText, JsonTextError};

pub use check::{MessageProblem, check};

open_enum! {
    /// How grave an event is (`level`).
    EventLevel {
        Info = "INFO",
        Warn = "WARN",
        Critical = "CRITICAL",
    }
}

open_enum! {
    /// The state of an alarm (`alertState`).
    AlertState {
        Ok = "OK",
        Alert = "ALERT",
        InsufficientData = "INSUFFICIENT_DATA",
    }
}

macro_rules! message {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])+ $get:ident, $with:ident = $wire:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[must_use]
        pub struct $name(Map<String, Value>);

        impl $name {
            /// The message in this JSON text.
            ///
            /// # Errors
            /// [`JsonTextError`] when the text is not a JSON object.
            pub fn read(text: &str) -> Result<Self, JsonTextError> {
                crate::json_text::read(text).map(Self)
            }

            /// Sets a field of any name.
            pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
                self.0.insert(name.into(), value.into());
                self
            }

            /// A field of any name.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<&Value> {
                self.0.get(name)
            }

            /// All fields.
            #[must_use]
            pub fn fields(&self) -> &Map<String, Value> {
                &self.0
            }

            $(
                $(#[$doc])+
                #[must_use]
                pub fn $get(&self) -> Option<&str> {
                    self.0.get($wire)?.as_str()
                }

                #[doc = concat!("Sets `", $wire, "`, see [`Self::", stringify!($get), "`].")]
                pub fn $with(self, value: impl Into<String>) -> Self {
                    self.with($wire, value.into())
                }
            )+
        }

        impl From<$name> for JsonText {
            fn from(message: $name) -> Self {
                Self::from(message.0)
            }
        }
    };
}

message! {
    /// An event of a cloud product as Cloud Monitor reports it, for `ACS::EventTrigger`.
    EventMessage {
        /// The product, `ECS` (`product`).
        product, with_product = "product";
        /// The name of the event, `Instance:StateChange` (`name`).
        name, with_name = "name";
        /// The id of the event (`id`).
        id, with_id = "id";
        /// When it happened, `20181226T220114.058+0800` (`eventTime`).
        event_time, with_event_time = "eventTime";
        /// Where it happened, `cn-hangzhou` (`regionId`).
        region_id, with_region_id = "regionId";
        /// The ARN of the resource (`resourceId`).
        resource_id, with_resource_id = "resourceId";
        /// The account (`userId`).
        user_id, with_user_id = "userId";
        /// The version of the format, `1.0` (`ver`).
        version, with_version = "ver";
    }
}

impl EventMessage {
    /// An event of this product and name: what every event trigger asks for.
    pub fn new(product: impl Into<String>, name: impl Into<String>) -> Self {
        Self::default().with_product(product).with_name(name)
    }

    /// How grave it is (`level`).
    #[must_use]
    pub fn level(&self) -> Option<EventLevel> {
        self.get("level")?.as_str().map(EventLevel::from)
    }

    /// Sets `level`.
    pub fn with_level(self, level: impl Into<EventLevel>) -> Self {
        self.with("level", level.into().as_str())
    }

    /// What the event is about, field by field: `resourceId`, `state` and others (`content`).
    #[must_use]
    pub fn content(&self) -> Option<&Map<String, Value>> {
        self.get("content")?.as_object()
    }

    /// Sets `content`.
    pub fn with_content<N: Into<String>, V: Into<Value>>(
        self,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let fields = fields.into_iter();
        let content: Map<String, Value> = fields
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        self.with("content", content)
    }
}

message! {
    /// An alarm as Cloud Monitor calls back, for `ACS::AlarmTrigger`. The templates of the service
    /// read `instanceId` from it, which the documented callback has within `dimensions`.
    AlarmMessage {
        /// The name of the rule (`alertName`).
        alert_name, with_alert_name = "alertName";
        /// The value that was measured (`curValue`).
        current_value, with_current_value = "curValue";
        /// The resource as text, `{userId=..., instanceId=...}` (`dimensions`).
        dimensions, with_dimensions = "dimensions";
        /// The condition, `$Average>=80` (`expression`).
        expression, with_expression = "expression";
        /// The id of the instance (`instanceId`).
        instance_id, with_instance_id = "instanceId";
        /// The name of the instance (`instanceName`).
        instance_name, with_instance_name = "instanceName";
        /// The metric, `cpu_total` (`metricName`).
        metric_name, with_metric_name = "metricName";
        /// The project of the metric, `acs_ecs_dashboard` (`metricProject`).
        metric_project, with_metric_project = "metricProject";
        /// The namespace of the metric (`namespace`).
        namespace, with_namespace = "namespace";
        /// The level of the alarm before (`preTriggerLevel`).
        previous_level, with_previous_level = "preTriggerLevel";
        /// The id of the rule (`ruleId`).
        rule_id, with_rule_id = "ruleId";
        /// When it was raised, milliseconds since 1970 as text (`timestamp`).
        timestamp, with_timestamp = "timestamp";
        /// The level of the alarm (`triggerLevel`).
        trigger_level, with_trigger_level = "triggerLevel";
        /// The account (`userId`).
        user_id, with_user_id = "userId";
    }
}

impl AlarmMessage {
    /// An alarm of this metric of an instance.
    pub fn new(metric_name: impl Into<String>, instance_id: impl Into<String>) -> Self {
        Self::default()
            .with_metric_name(metric_name)
            .with_instance_id(instance_id)
    }

    /// Whether the alarm is raised (`alertState`).
    #[must_use]
    pub fn alert_state(&self) -> Option<AlertState> {
        self.get("alertState")?.as_str().map(AlertState::from)
    }

    /// Sets `alertState`.
    pub fn with_alert_state(self, state: impl Into<AlertState>) -> Self {
        self.with("alertState", state.into().as_str())
    }
}

message! {
    /// What a timer hands over, for `ACS::TimerTrigger`.
    TimerMessage {
        /// When it was due, `2026-01-02T03:04:05Z` (`triggerTime`).
        trigger_time, with_trigger_time = "triggerTime";
    }
}

impl TimerMessage {
    /// The message of a timer that was due at this time.
    pub fn new(trigger_time: impl Into<String>) -> Self {
        Self::default().with_trigger_time(trigger_time)
    }
}

impl TriggerExecution {
    /// Sends an event to the trigger of a started execution.
    pub fn event(execution_id: impl Into<String>, message: EventMessage) -> Self {
        Self::new(execution_id, TriggerType::Event, message)
    }

    /// Sends an alarm to the trigger of a started execution.
    pub fn alarm(execution_id: impl Into<String>, message: AlarmMessage) -> Self {
        Self::new(execution_id, TriggerType::Alarm, message)
    }

    /// Fires the timer of a started execution before it is due.
    pub fn timer(execution_id: impl Into<String>, message: TimerMessage) -> Self {
        Self::new(execution_id, TriggerType::Timer, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_nobody_documents_are_kept() {
        let text = r#"{"product":"ECS","name":"N","level":"FATAL","x":{"y":[1]},"id":7}"#;
        let message = EventMessage::read(text).expect("an object");
        assert_eq!(
            message.level(),
            Some(EventLevel::Unknown("FATAL".to_owned()))
        );
        assert_eq!((message.name(), message.id()), (Some("N"), None));
        assert_eq!(message.get("id"), Some(&Value::from(7)));
        let again = JsonText::from(message.clone());
        assert_eq!(EventMessage::read(again.as_str()), Ok(message));
        assert!(again.as_str().contains(r#""x":{"y":[1]}"#));
        assert!(EventMessage::read("[]").is_err());
    }

    #[test]
    fn each_kind_goes_to_its_trigger() {
        let event = TriggerExecution::event("e", EventMessage::new("ECS", "N"));
        let alarm = AlarmMessage::new("cpu_total", "i-1").with_alert_state(AlertState::Alert);
        let alarm = TriggerExecution::alarm("e", alarm);
        let timer = TriggerExecution::timer("e", TimerMessage::new("2026-01-02T03:04:05Z"));
        for (call, kind, content) in [
            (event, TriggerType::Event, r#"{"name":"N","product":"ECS"}"#),
            (
                alarm,
                TriggerType::Alarm,
                r#"{"alertState":"ALERT","instanceId":"i-1","metricName":"cpu_total"}"#,
            ),
            (
                timer,
                TriggerType::Timer,
                r#"{"triggerTime":"2026-01-02T03:04:05Z"}"#,
            ),
        ] {
            let sent: Value = serde_json::from_str(&call.content).expect("JSON");
            let expected: Value = serde_json::from_str(content).expect("JSON");
            assert_eq!((call.type_, sent), (kind, expected));
            assert_eq!(check(&call_kind(content), content), [], "{content}");
        }
    }

    fn call_kind(content: &str) -> TriggerType {
        match content {
            event if event.contains("product") => TriggerType::Event,
            alarm if alarm.contains("alertState") => TriggerType::Alarm,
            _ => TriggerType::Timer,
        }
    }
}
