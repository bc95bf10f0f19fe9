//! Keeps the values of `NoEcho` parameters out of reports that are read from the engine: it knows
//! them, and what it answers over the wire is masked there.

use crate::report::{ApiCallReport, ExecutionReport, TaskReport, VerdictReport};
use oos_template::{Map, Value};
use std::collections::BTreeSet;
use std::fmt;

/// What stands in the place of a hidden text.
const MASK: &str = "******";

/// Shorter texts are not hidden: they would be found everywhere.
const LEAST_LENGTH: usize = 4;

/// Texts that are not to be shown.
#[derive(Default)]
pub(super) struct Mask {
    texts: BTreeSet<String>,
}

impl Mask {
    /// Hides every text in the values of the parameters with these names.
    pub(super) fn of(names: &[String], parameters: &Map) -> Self {
        let mut mask = Self::default();
        for value in names.iter().filter_map(|name| parameters.get(name)) {
            mask.collect(value);
        }
        mask
    }

    fn collect(&mut self, value: &Value) {
        match value {
            Value::List(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Map(map) => map.values().for_each(|item| self.collect(item)),
            other => {
                let text = other.to_text();
                if text.chars().count() >= LEAST_LENGTH {
                    self.texts.insert(text);
                }
            }
        }
    }

    pub(super) fn execution(&self, report: ExecutionReport) -> ExecutionReport {
        ExecutionReport {
            status_message: self.text(&report.status_message),
            outputs: self.value(&report.outputs),
            tasks: report
                .tasks
                .into_iter()
                .map(|task| self.task(task))
                .collect(),
            ..report
        }
    }

    pub(super) fn verdict(&self, report: VerdictReport) -> VerdictReport {
        let got = report.got.as_ref().map(|got| self.value(got));
        VerdictReport {
            wanted: self.value(&report.wanted),
            got,
            ..report
        }
    }

    fn task(&self, report: TaskReport) -> TaskReport {
        TaskReport {
            message: self.text(&report.message),
            outputs: self.value(&report.outputs),
            child: report.child.map(|child| Box::new(self.execution(*child))),
            api_calls: report
                .api_calls
                .into_iter()
                .map(|call| self.call(call))
                .collect(),
            ..report
        }
    }

    fn call(&self, report: ApiCallReport) -> ApiCallReport {
        ApiCallReport {
            parameters: self.value(&report.parameters),
            response: report
                .response
                .as_ref()
                .map(|response| self.value(response)),
            error: report.error.as_deref().map(|error| self.text(error)),
            ..report
        }
    }

    fn value(&self, value: &Value) -> Value {
        match value {
            Value::List(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Map(map) => {
                let entry = |(name, value): (&String, &Value)| (name.clone(), self.value(value));
                Value::Map(map.iter().map(entry).collect())
            }
            Value::String(text) => Value::String(self.text(text)),
            other if self.texts.contains(&other.to_text()) => Value::from(MASK),
            other => other.clone(),
        }
    }

    fn text(&self, text: &str) -> String {
        let hide = |text: String, hidden: &String| text.replace(hidden.as_str(), MASK);
        self.texts.iter().rev().fold(text.to_owned(), hide)
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Mask({} texts)", self.texts.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_values_are_found_wherever_they_stand() {
        let json = |text: &str| Value::from_json(text).expect("a value");
        let parameters =
            r#"{"password":"s3cr3t","pin":{"a":[123456]},"short":"abc","user":"kim1"}"#;
        let parameters = json(parameters).as_map().cloned().expect("a map");
        let names = ["password", "pin", "short", "none"].map(String::from);
        let mask = Mask::of(&names, &parameters);
        let check = |given: &str, expected: &str| {
            assert_eq!(mask.value(&json(given)).to_json_string(), expected);
        };
        check(
            r#"{"a":["x s3cr3t y"],"b":123456}"#,
            r#"{"a":["x ****** y"],"b":"******"}"#,
        );
        check(
            r#"["abc","kim1",12345,"n123456"]"#,
            r#"["abc","kim1",12345,"n******"]"#,
        );
        assert_eq!(format!("{mask:?}"), "Mask(2 texts)");
    }
}
