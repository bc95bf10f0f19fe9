//! Keeps the values of `NoEcho` parameters out of answers.

use oos_engine::Execution;
use oos_template::{Map, Template, Value};
use std::collections::BTreeSet;

/// What stands in the place of a hidden value.
const MASK: &str = "******";

/// Shorter texts are not hidden inside other texts: they would be found everywhere.
const LEAST_LENGTH: usize = 4;

/// The parameters that are not to be shown, by name, and the texts in their values.
///
/// The values are hidden in parameters, and in every text of properties, outputs, messages and
/// logs that repeats one (docs/semantics.md, "Hidden values").
#[derive(Debug, Clone, Default)]
pub(crate) struct Hidden {
    names: BTreeSet<String>,
    texts: Texts,
}

#[derive(Clone, Default)]
struct Texts(BTreeSet<String>);

impl std::fmt::Debug for Texts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} texts", self.0.len())
    }
}

impl Hidden {
    /// What a template hides of an execution.
    pub(crate) fn of(template: &Template, execution: &Execution) -> Self {
        Self::among(template, &execution.start.parameters)
    }

    /// What a template hides of these parameters.
    pub(crate) fn among(template: &Template, parameters: &Map) -> Self {
        let mut hidden = Self::default();
        let declared = template
            .parameters
            .iter()
            .filter(|(_, parameter)| parameter.no_echo);
        for (name, _) in declared {
            hidden.names.insert(name.clone());
            if let Some(value) = parameters.get(name) {
                hidden.texts.collect(value);
            }
        }
        hidden
    }

    /// The parameters as they may be shown.
    pub(crate) fn parameters(&self, parameters: &Map) -> Map {
        let show = |(name, value): (&String, &Value)| {
            let value = if self.names.contains(name) {
                MASK.into()
            } else {
                self.value(value)
            };
            (name.clone(), value)
        };
        parameters.iter().map(show).collect()
    }

    /// A map as it may be shown.
    pub(crate) fn map(&self, map: &Map) -> Map {
        map.iter()
            .map(|(name, value)| (name.clone(), self.value(value)))
            .collect()
    }

    /// A value as it may be shown.
    pub(crate) fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::List(list) => list.iter().map(|item| self.value(item)).collect(),
            Value::Map(map) => Value::Map(self.map(map)),
            other => other.clone(),
        }
    }

    /// A text as it may be shown.
    pub(crate) fn text(&self, text: &str) -> String {
        let hide = |text: String, secret: &String| {
            if text.contains(secret.as_str()) {
                text.replace(secret.as_str(), MASK)
            } else {
                text
            }
        };
        // Longer ones first: a shorter one may be a part of them.
        let mut secrets: Vec<&String> = self.texts.0.iter().collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.into_iter().fold(text.to_owned(), hide)
    }
}

impl Texts {
    fn collect(&mut self, value: &Value) {
        match value {
            Value::List(list) => list.iter().for_each(|item| self.collect(item)),
            Value::Map(map) => map.values().for_each(|item| self.collect(item)),
            Value::Null | Value::Bool(_) => {}
            Value::String(text) => {
                self.insert(text.clone());
                // In a text that is JSON the same value stands with its escapes.
                let escaped = value.to_json_string();
                self.insert(escaped[1..escaped.len() - 1].to_owned());
            }
            Value::Number(_) => self.insert(value.to_text()),
        }
    }

    fn insert(&mut self, text: String) {
        if text.chars().count() >= LEAST_LENGTH {
            self.0.insert(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_value_is_shown_nowhere() {
        let template = oos_template::parse(
            "FormatVersion: OOS-2019-06-01\nParameters:\n  pass: { Type: Json, NoEcho: true }\n  \
             user: { Type: String }\nTasks:\n- { Name: a, Action: 'ACS::Sleep', Properties: { Duration: PT1S } }\n",
        );
        let template = template.expect("a template");
        let given =
            Value::from_json(r#"{"pass":{"a":"s3c\"ret","b":["s3c\"ret2"],"c":7},"user":"7"}"#);
        let given = given.expect("JSON");
        let hidden = Hidden::among(&template, given.as_map().expect("a map"));
        let shown = hidden.parameters(given.as_map().expect("a map"));
        assert_eq!(
            Value::Map(shown).to_json_string(),
            r#"{"pass":"******","user":"7"}"#
        );
        assert_eq!(
            hidden.text(r#"a s3c"ret2 b {"x":"s3c\"ret"}"#),
            r#"a ****** b {"x":"******"}"#
        );
        assert_eq!(hidden.value(&given).get("user"), Some(&Value::from("7")));
        assert!(!format!("{hidden:?}").contains("s3c"));
    }
}
