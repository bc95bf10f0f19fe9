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
const LATER: [&str; 4] = ["inventory", "http", "templates", "parameters"];

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
        let known = [&["mocks", "default"], LATER.as_slice()].concat();
        if root.is_null() || !self.is_map_of(root, "A mock file", &known) {
            return MockFile::default();
        }
        let entries = match root.get("mocks") {
            None => Vec::new(),
            Some(mocks) => self.list(mocks, "mocks", Self::entry),
        };
        let default = root.get("default").and_then(|default| self.answer(default));
        MockFile { entries, default }
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
