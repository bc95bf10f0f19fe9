//! What can be said of a message before it is sent.

use serde_json::{Map, Value};

use super::EventLevel;
use crate::JsonTextError;
use crate::enums::TriggerType;

/// Something about a message that a trigger will not like.
///
/// The service takes any message and answers 200; one that does not match makes no child, without
/// a word. So it is worth looking before sending.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageProblem {
    /// It is not a JSON object, which every message is.
    #[error("the message is no JSON object")]
    NotAnObject(#[source] JsonTextError),
    /// A field is missing that every trigger of the type asks for.
    #[error("the message has no field `{0}`, which every trigger of its type compares")]
    Missing(&'static str),
    /// A field that is documented as a text is something else.
    #[error("the field `{0}` of the message is no text")]
    NotText(&'static str),
    /// `content` of an event is an object; triggers look into it by name.
    #[error("the field `content` of the message is no object")]
    ContentNotAnObject,
    /// `level` of an event is none of the documented levels.
    #[error("the level of the event is none of INFO, WARN and CRITICAL")]
    UnknownLevel,
}

/// Looks a message over that is to go to a trigger of this type; no problem, no entry. Fields that
/// are not documented are fine.
///
/// ```
/// use oos_model::enums::TriggerType;
/// use oos_model::messages::{MessageProblem, check};
///
/// let problems = check(&TriggerType::Event, r#"{"product":"ECS"}"#);
/// assert_eq!(problems, [MessageProblem::Missing("name")]);
/// ```
#[must_use]
pub fn check(kind: &TriggerType, message: &str) -> Vec<MessageProblem> {
    let fields = match crate::json_text::read::<Map<String, Value>>(message) {
        Ok(fields) => fields,
        Err(error) => return vec![MessageProblem::NotAnObject(error)],
    };
    if *kind == TriggerType::Event {
        event(&fields)
    } else {
        Vec::new()
    }
}

fn event(fields: &Map<String, Value>) -> Vec<MessageProblem> {
    let mut problems = Vec::new();
    for name in ["product", "name"] {
        match fields.get(name) {
            Some(Value::String(_)) => {}
            Some(_) => problems.push(MessageProblem::NotText(name)),
            None => problems.push(MessageProblem::Missing(name)),
        }
    }
    match fields.get("level").map(Value::as_str) {
        None => {}
        Some(None) => problems.push(MessageProblem::NotText("level")),
        Some(Some(level)) => {
            let is_level = |known: &&str| known.eq_ignore_ascii_case(level);
            if !EventLevel::KNOWN.iter().any(is_level) {
                problems.push(MessageProblem::UnknownLevel);
            }
        }
    }
    if fields
        .get("content")
        .is_some_and(|content| !content.is_object())
    {
        problems.push(MessageProblem::ContentNotAnObject);
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_named() {
        for (message, expected) in [
            (
                r#"{"product":"ECS","name":"N","level":"warn","content":{}}"#,
                vec![],
            ),
            (
                "{}",
                vec![
                    MessageProblem::Missing("product"),
                    MessageProblem::Missing("name"),
                ],
            ),
            (
                r#"{"product":1,"name":"N","level":"FATAL","content":[]}"#,
                vec![
                    MessageProblem::NotText("product"),
                    MessageProblem::UnknownLevel,
                    MessageProblem::ContentNotAnObject,
                ],
            ),
        ] {
            assert_eq!(check(&TriggerType::Event, message), expected, "{message}");
        }
        for kind in [TriggerType::Event, TriggerType::Alarm, TriggerType::Timer] {
            let problems = check(&kind, "[\"hunter2\"]");
            assert!(matches!(problems[..], [MessageProblem::NotAnObject(_)]));
            assert!(!format!("{problems:?}").contains("hunter2"));
        }
        assert_eq!(check(&TriggerType::Timer, "{}"), []);
    }
}
