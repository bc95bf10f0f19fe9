//! The message for a trigger, read and checked before anything is sent.

use crate::cli::MessageKind;
use crate::failure::Failure;
use crate::input::{self, Text};
use oos::enums::TriggerType;

/// A message for a trigger.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) kind: MessageKind,
    /// The JSON text, as it was given.
    pub(super) content: String,
}

impl Message {
    /// A message of this kind, if the text is one: JSON, and of an event or an alarm an object.
    ///
    /// # Errors
    /// [`Failure::Usage`] with the place of the mistake.
    pub(super) fn read(kind: MessageKind, text: Text) -> Result<Self, Failure> {
        let value = input::json(&text, kind.noun())?;
        if kind != MessageKind::Timer && value.as_map().is_none() {
            let (name, what, got) = (text.name, kind.noun(), value.kind());
            return Err(Failure::usage(format!(
                "{name}: {what} has to be a JSON object such as {{\"name\": …}}, not a {got}"
            )));
        }
        Ok(Self {
            kind,
            content: text.text.trim_start_matches('\u{feff}').to_owned(),
        })
    }
}

impl MessageKind {
    fn noun(self) -> &'static str {
        match self {
            Self::Event => "the event",
            Self::Alarm => "the alarm message",
            Self::Timer => "the timer message",
        }
    }

    /// The option of `oos try` with which such a message is given.
    pub(super) fn option(self) -> &'static str {
        match self {
            Self::Event => "--event FILE",
            Self::Alarm => "--alarm FILE",
            Self::Timer => "--timer",
        }
    }

    /// The word on the wire.
    pub(super) fn on_the_wire(self) -> TriggerType {
        match self {
            Self::Event => TriggerType::Event,
            Self::Alarm => TriggerType::Alarm,
            Self::Timer => TriggerType::Timer,
        }
    }
}
