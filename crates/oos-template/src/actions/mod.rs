//! The actions a task may name, and what each asks of its properties.

mod check;
mod http;
mod names;
mod properties;
mod read;
mod table;
mod timer;

use serde::{Deserialize, Serialize};
use std::fmt;

pub(crate) use check::check;
pub(crate) use names::{meant, no_product};
pub(crate) use properties::spelled;
pub(crate) use read::choice_targets;
pub use read::{Choice, ChoiceBranch, ReadError, Sleep, choice, sleep};
pub use table::{ActionSpec, Need, PropertySpec, Shape, Words, spec, specs};

/// The action of a task as it was written, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionName {
    written: String,
    kind: ActionKind,
}

/// What an action is. Atom actions are part of the service; product actions are templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ActionKind {
    /// `ACS::ExecuteAPI`: one call of a cloud API.
    ExecuteApi,
    /// `ACS::WaitFor`: calls an API until a value is as desired.
    WaitFor,
    /// `ACS::CheckFor`: calls an API and checks a value.
    CheckFor,
    /// `ACS::ExecuteHttpRequest`: one HTTP request.
    ExecuteHttpRequest,
    /// `ACS::TimerTrigger`: fires by the clock.
    TimerTrigger,
    /// `ACS::AlarmTrigger`: fires on an alarm.
    AlarmTrigger,
    /// `ACS::EventTrigger`: fires on an event.
    EventTrigger,
    /// `ACS::Approve`: waits for approvals.
    Approve,
    /// `ACS::Choice`: jumps by conditions.
    Choice,
    /// `ACS::Notify`: sends a message.
    Notify,
    /// `ACS::Sleep`: waits for a time.
    Sleep,
    /// `ACS::SelectTargets`: finds resources.
    SelectTargets,
    /// `ACS::Loop`: repeats a sequence of tasks.
    Loop,
    /// `ACS::Template`: runs another template.
    Template,
    /// `ACS::GitCodeRepo`: fetches code.
    GitCodeRepo,
    /// `ACS::Pause`: waits for a person.
    Pause,
    /// `ACS::<Product>::<Name>`: a template the service (or the user's catalogue) brings.
    Product,
}

/// What makes a trigger fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(clippy::exhaustive_enums, reason = "OOS has these three")]
pub enum TriggerKind {
    /// The clock.
    Timer,
    /// An alarm.
    Alarm,
    /// An event.
    Event,
}

impl TriggerKind {
    /// The word of TriggerExecution's `Type`: `Timer`, `Alarm`, `Event`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timer => "Timer",
            Self::Alarm => "Alarm",
            Self::Event => "Event",
        }
    }

    /// The action of such a trigger: `ACS::TimerTrigger`, `ACS::AlarmTrigger`, `ACS::EventTrigger`.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::Timer => "ACS::TimerTrigger",
            Self::Alarm => "ACS::AlarmTrigger",
            Self::Event => "ACS::EventTrigger",
        }
    }

    /// The `Category` of executions with such a trigger: `TimerTrigger`, `AlarmTrigger`, `EventTrigger`.
    #[must_use]
    pub const fn category(self) -> &'static str {
        match self {
            Self::Timer => "TimerTrigger",
            Self::Alarm => "AlarmTrigger",
            Self::Event => "EventTrigger",
        }
    }
}

const ATOMS: &[(&str, ActionKind)] = &[
    ("ACS::ExecuteAPI", ActionKind::ExecuteApi),
    ("ACS::WaitFor", ActionKind::WaitFor),
    ("ACS::CheckFor", ActionKind::CheckFor),
    ("ACS::ExecuteHttpRequest", ActionKind::ExecuteHttpRequest),
    ("ACS::TimerTrigger", ActionKind::TimerTrigger),
    ("ACS::AlarmTrigger", ActionKind::AlarmTrigger),
    ("ACS::EventTrigger", ActionKind::EventTrigger),
    ("ACS::Approve", ActionKind::Approve),
    ("ACS::Choice", ActionKind::Choice),
    ("ACS::Notify", ActionKind::Notify),
    ("ACS::Sleep", ActionKind::Sleep),
    ("ACS::SelectTargets", ActionKind::SelectTargets),
    ("ACS::Loop", ActionKind::Loop),
    ("ACS::Template", ActionKind::Template),
    ("ACS::GitCodeRepo", ActionKind::GitCodeRepo),
    ("ACS::Pause", ActionKind::Pause),
];

impl ActionKind {
    /// The name of an atom action in the spelling of the documentation; none of a product action.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        let atom = ATOMS.iter().find(|(_, kind)| *kind == self);
        atom.map(|(name, _)| *name)
    }
}

impl ActionName {
    /// Reads the name of an action: an atom action in any letter case, or `ACS::<Product>::<Name>`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let atom = ATOMS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text));
        let kind = match atom {
            Some((_, kind)) => *kind,
            None if is_product(text) => ActionKind::Product,
            None => return None,
        };
        Some(Self {
            written: text.to_owned(),
            kind,
        })
    }

    /// The name as it stands in the template.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The name in the spelling of the documentation; a product action as it stands in the template.
    #[must_use]
    pub fn canonical(&self) -> &str {
        self.kind.name().unwrap_or(&self.written)
    }

    /// What the action is.
    #[must_use]
    pub const fn kind(&self) -> ActionKind {
        self.kind
    }

    /// What makes the action fire, if it is a trigger.
    #[must_use]
    pub const fn trigger(&self) -> Option<TriggerKind> {
        match self.kind {
            ActionKind::TimerTrigger => Some(TriggerKind::Timer),
            ActionKind::AlarmTrigger => Some(TriggerKind::Alarm),
            ActionKind::EventTrigger => Some(TriggerKind::Event),
            _ => None,
        }
    }

    /// Whether the action runs another template, whose outputs may be referred to.
    #[must_use]
    pub const fn is_child(&self) -> bool {
        matches!(self.kind, ActionKind::Template | ActionKind::Product)
    }

    /// Whether a task with this action may have a loop: API actions and child templates.
    #[must_use]
    pub const fn may_loop(&self) -> bool {
        matches!(
            self.kind,
            ActionKind::ExecuteApi
                | ActionKind::WaitFor
                | ActionKind::CheckFor
                | ActionKind::ExecuteHttpRequest
                | ActionKind::Template
                | ActionKind::Product
        )
    }
}

impl fmt::Display for ActionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

fn is_product(text: &str) -> bool {
    let Some(rest) = text
        .get(5..)
        .filter(|_| text[..5].eq_ignore_ascii_case("ACS::"))
    else {
        return false;
    };
    let named = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    rest.split_once("::")
        .is_some_and(|(product, name)| named(product) && named(name))
}
