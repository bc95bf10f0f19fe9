//! Reads a mock file and finds all problems at once.

use super::{MockAnswer, MockEntry, MockFile};
use crate::ApiFailure;
use oos_template::document::{self, Limits, Node};
use oos_template::{Map, Span, Value};
use std::fmt;
use std::time::Duration;
use thiserror::Error;

/// Mock answers may be long lists: the bounds are wider than those of a template.
const LIMITS: Limits = Limits::TEMPLATE
    .with_bytes(4 * 1024 * 1024)
    .with_nodes(1_000_000);

/// Sections that belong to actions which this engine does not run yet; their content is not read.
const LATER: [&str; 3] = ["inventory", "http", "parameters"];

/// What is wrong in a mock file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct MockFileError {
    problems: Vec<MockProblem>,
}

/// One thing that is wrong in a mock file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MockProblem {
    /// Where.
    pub span: Span,
    /// What, and how to mend it.
    pub message: String,
}

impl MockFileError {
    /// The problems in the order of their places.
    #[must_use]
    pub fn problems(&self) -> &[MockProblem] {
        &self.problems
    }
}

/// A line for each problem: `line:column: message`.
impl fmt::Display for MockFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, MockProblem { span, message }) in self.problems.iter().enumerate() {
            let separator = if number == 0 { "" } else { "\n" };
            write!(formatter, "{separator}{}: {message}", span.start)?;
        }
        Ok(())
    }
}

pub(super) fn mock_file(text: &str) -> Result<MockFile, MockFileError> {
    let root = document::read(text, LIMITS).map_err(|syntax| MockFileError {
        problems: vec![MockProblem {
            span: syntax.span,
            message: syntax.message,
        }],
    })?;
    let mut reader = Reader {
        problems: Vec::new(),
    };
    let file = reader.file(&root);
    let mut problems = reader.problems;
    if problems.is_empty() {
        return Ok(file);
    }
    problems.sort_by_key(|problem| problem.span.start);
    Err(MockFileError { problems })
}

struct Reader {
    problems: Vec<MockProblem>,
}

impl Reader {
    fn problem(&mut self, node: &Node, message: impl Into<String>) {
        self.problems.push(MockProblem {
            span: node.span,
            message: message.into(),
        });
    }

    fn file(&mut self, root: &Node) -> MockFile {
        let known = [&["mocks", "default", "templates"], LATER.as_slice()].concat();
        if root.is_null() || !self.is_map_of(root, "A mock file", &known) {
            return MockFile::default();
        }
        let entries = match root.get("mocks") {
            None => Vec::new(),
            Some(mocks) => self.list(mocks, "mocks", Self::entry),
        };
        let default = root.get("default").and_then(|default| self.answer(default));
        let template_folders = match root.get("templates") {
            None => Vec::new(),
            Some(folders) => self.list(folders, "templates", Self::folder),
        };
        MockFile {
            entries,
            default,
            template_folders,
        }
    }

    fn folder(&mut self, node: &Node) -> Option<String> {
        let folder = node.text().filter(|folder| !folder.is_empty());
        if folder.is_none() {
            self.problem(node, "A folder of templates has to be a path");
        }
        folder.map(str::to_owned)
    }

    fn entry(&mut self, node: &Node) -> Option<MockEntry> {
        if !self.is_map_of(node, "A mock", &["service", "api", "when", "answers"]) {
            return None;
        }
        let service = self.text(node, "service");
        let api = self.text(node, "api");
        let when = self.when(node);
        let answers = match node.get("answers") {
            Some(answers) => self.list(answers, "answers", Self::answer),
            None => Vec::new(),
        };
        let listed = node.get("answers").map(Node::as_list);
        if listed.is_none_or(|list| list.is_some_and(<[_]>::is_empty)) {
            self.problem(
                node,
                "A mock needs `answers`: a list of at least one `body` or `error`",
            );
        }
        Some(MockEntry {
            service: service?,
            api: api?,
            when: when?,
            answers,
        })
    }

    fn when(&mut self, node: &Node) -> Option<Map> {
        let Some(when) = node.get("when") else {
            return Some(Map::new());
        };
        if let Value::Map(when) = when.to_value() {
            return Some(when);
        }
        self.problem(when, "`when` has to be a map of parameters and values");
        None
    }

    fn answer(&mut self, node: &Node) -> Option<MockAnswer> {
        if !self.is_map_of(node, "An answer", &["body", "error", "delay"]) {
            return None;
        }
        let content = match (node.get("body"), node.get("error")) {
            (Some(body), None) => Some(Ok(body.to_value())),
            (None, Some(error)) => self.failure(error).map(Err),
            _ => {
                self.problem(node, "An answer has either a `body` or an `error`");
                None
            }
        };
        Some(MockAnswer {
            delay: self.delay(node)?,
            content: content?,
        })
    }

    fn failure(&mut self, node: &Node) -> Option<ApiFailure> {
        if !self.is_map_of(node, "An error", &["code", "message", "status"]) {
            return None;
        }
        let code = self.text(node, "code")?;
        let message = match node.get("message") {
            Some(_) => self.text(node, "message")?,
            None => String::new(),
        };
        let Some(status) = node.get("status") else {
            return Some(ApiFailure::new(code, message, 400));
        };
        if let Some(number @ 400..=599) = status.text().and_then(|text| text.parse().ok()) {
            return Some(ApiFailure::new(code, message, number));
        }
        self.problem(status, "`status` has to be an HTTP status from 400 to 599");
        None
    }

    fn delay(&mut self, node: &Node) -> Option<Duration> {
        let Some(delay) = node.get("delay") else {
            return Some(Duration::ZERO);
        };
        let read = delay.text().map(oos_template::duration::parse);
        if let Some(Ok(delay)) = read {
            return Some(delay);
        }
        self.problem(
            delay,
            "`delay` has to be a duration such as `2S` or `PT1M30S`",
        );
        None
    }

    fn text(&mut self, node: &Node, name: &str) -> Option<String> {
        match node.get(name).and_then(Node::text) {
            Some(text) if !text.is_empty() => Some(text.to_owned()),
            _ => {
                self.problem(
                    node.get(name).unwrap_or(node),
                    format!("`{name}` has to be a text"),
                );
                None
            }
        }
    }

    fn list<T>(
        &mut self,
        node: &Node,
        name: &str,
        read: impl Fn(&mut Self, &Node) -> Option<T>,
    ) -> Vec<T> {
        let Some(items) = node.as_list() else {
            self.problem(node, format!("`{name}` has to be a list"));
            return Vec::new();
        };
        items.iter().filter_map(|item| read(self, item)).collect()
    }

    fn is_map_of(&mut self, node: &Node, what: &str, known: &[&str]) -> bool {
        let Some(entries) = node.as_map() else {
            self.problem(
                node,
                format!("{what} has to be a map, not a {}", node.kind_name()),
            );
            return false;
        };
        for entry in entries
            .iter()
            .filter(|entry| !known.contains(&entry.key.as_str()))
        {
            let message = format!(
                "{what} has no `{}`; it may have {}",
                entry.key,
                known.join(", ")
            );
            self.problems.push(MockProblem {
                span: entry.key_span,
                message,
            });
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages of all problems, one a line with its place.
    fn check(text: &str, expected: &[&str]) {
        let shown = match mock_file(text) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        };
        let shown: Vec<&str> = shown.lines().collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn good_files_are_read() {
        check("", &[]);
        check("mocks: []", &[]);
        check(
            r#"{"mocks":[{"service":"A","api":"B","answers":[{"body":null}]}]}"#,
            &[],
        );
        check("default: { error: { code: C } }", &[]);
        check(
            "inventory: anything\nhttp: [1]\ntemplates: [ a ]\nparameters:",
            &[],
        );
        let file = mock_file(
            "mocks:\n- service: A\n  api: B\n  when: { X: 1 }\n  answers:\n  \
             - { error: { code: C, message: m, status: 503 }, delay: PT1M30S }\n  - { body: 5 }\n",
        );
        let file = file.expect("a good file");
        let [entry] = file.entries.as_slice() else {
            panic!("{file:?}");
        };
        assert_eq!((entry.service.as_str(), entry.api.as_str()), ("A", "B"));
        assert_eq!(
            Value::Map(entry.when.clone()).to_json_string(),
            r#"{"X":1}"#
        );
        assert_eq!(
            entry.answers[0].content,
            Err(ApiFailure::new("C", "m", 503))
        );
        assert_eq!(entry.answers[0].delay, Duration::from_secs(90));
        assert_eq!(entry.answers[1].delay, Duration::ZERO);
    }

    #[test]
    fn shapes_are_told() {
        check("[]", &["1:1: A mock file has to be a map, not a list"]);
        check("mocks: 5", &["1:8: `mocks` has to be a list"]);
        check(
            "mocks: [ x ]",
            &["1:10: A mock has to be a map, not a string"],
        );
        check(
            "default: x",
            &["1:10: An answer has to be a map, not a string"],
        );
        check(
            "default: { error: x }",
            &["1:19: An error has to be a map, not a string"],
        );
    }

    #[test]
    fn folders_of_templates_are_listed() {
        let file = mock_file("templates: [ children/, ../shared ]").expect("a mock file");
        assert_eq!(file.template_folders(), ["children/", "../shared"]);
        check(
            "templates: children",
            &["1:12: `templates` has to be a list"],
        );
        check(
            "templates: [ '', [ a ] ]",
            &[
                "1:14: A folder of templates has to be a path",
                "1:18: A folder of templates has to be a path",
            ],
        );
    }

    #[test]
    fn keys_are_told() {
        check(
            "mock: []",
            &[
                "1:1: A mock file has no `mock`; it may have mocks, default, templates, inventory, http, parameters",
            ],
        );
        check(
            "mocks: [ { service: A, api: B, answer: [], answers: [ { body: 1, delai: 2S } ] } ]",
            &[
                "1:32: A mock has no `answer`; it may have service, api, when, answers",
                "1:66: An answer has no `delai`; it may have body, error, delay",
            ],
        );
        check(
            "default: { error: { code: C, stat: 1 } }",
            &["1:30: An error has no `stat`; it may have code, message, status"],
        );
    }

    #[test]
    fn values_are_told() {
        check(
            "mocks: [ { service: '', answers: [ { body: 1 } ] } ]",
            &[
                "1:10: `api` has to be a text",
                "1:21: `service` has to be a text",
            ],
        );
        check(
            "mocks: [ { service: A, api: B, when: [ 1 ], answers: [ { body: 1 } ] } ]",
            &["1:38: `when` has to be a map of parameters and values"],
        );
        check(
            "mocks: [ { service: A, api: B, answers: 1 } ]",
            &["1:41: `answers` has to be a list"],
        );
        for both in ["default: { body: 1, error: { code: C } }", "default: {}"] {
            check(both, &["1:10: An answer has either a `body` or an `error`"]);
        }
        check("default: { error: {} }", &["1:19: `code` has to be a text"]);
        check(
            "default: { error: { code: C, message: [ 1 ] } }",
            &["1:39: `message` has to be a text"],
        );
        for status in ["399", "600", "4OO", "99999"] {
            check(
                &format!("default: {{ error: {{ code: C, status: {status} }} }}"),
                &["1:38: `status` has to be an HTTP status from 400 to 599"],
            );
        }
        for delay in ["soon", "0S", "[ 1 ]", "-1S"] {
            check(
                &format!("default: {{ body: 1, delay: {delay} }}"),
                &["1:28: `delay` has to be a duration such as `2S` or `PT1M30S`"],
            );
        }
    }

    #[test]
    fn every_mock_without_answers_is_told() {
        let needs = "A mock needs `answers`: a list of at least one `body` or `error`";
        check(
            "mocks:\n- { service: A, api: B }\n- { service: A, api: C, answers: [] }\n",
            &[&format!("2:3: {needs}"), &format!("3:3: {needs}")],
        );
    }

    #[test]
    fn problems_come_in_the_order_of_their_places() {
        check(
            "default: { body: 1, delay: x }\nmocks:\n- { answers: [ {} ], api: [] , service: A }\n",
            &[
                "1:28: `delay` has to be a duration such as `2S` or `PT1M30S`",
                "3:16: An answer has either a `body` or an `error`",
                "3:27: `api` has to be a text",
            ],
        );
    }

    #[test]
    fn the_first_syntax_error_is_told_alone() {
        let error = mock_file("mocks: [\nx: {").expect_err("this is no YAML");
        assert_eq!(error.problems().len(), 1);
        let twice = mock_file("default: { body: 1 }\ndefault: { body: 2 }\n");
        assert!(twice.is_err(), "the second one must not be lost silently");
    }
}
