//! The tree of a YAML or JSON text.

use crate::diagnostic::Span;
use crate::value::{Number, Value};

/// A value and where it stands.
///
/// Plain YAML scalars resolve by the core schema of YAML 1.2: `null`, `Null`, `NULL`, `~` and nothing
/// are null; `true`, `True`, `TRUE` and their opposites are booleans (`yes`, `no`, `on`, `off` are
/// text); `-12`, `+12`, `0o17`, `0x1F` are integers (a leading zero is decimal: `017` is 17); `1.5`,
/// `.5`, `1e3` are decimals. `.inf` and `.nan` have no JSON form and stay text. Dates stay text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Node {
    /// What stands there.
    pub kind: NodeKind,
    /// Where it stands; of a list or map, from its first to its last character.
    pub span: Span,
    /// A plain scalar that is not a text, as it was written.
    written: Option<Box<str>>,
}

/// What a [`Node`] is.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "JSON has six kinds of values")]
pub enum NodeKind {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    List(Vec<Node>),
    /// A map in written order, keys not repeated.
    Map(Vec<Entry>),
}

/// A key of a map with its value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// The key as text.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    pub(crate) const fn new(kind: NodeKind, span: Span) -> Self {
        Self {
            kind,
            span,
            written: None,
        }
    }

    pub(crate) fn scalar(value: Value, span: Span, written: &str) -> Self {
        let kind = match value {
            Value::Bool(value) => NodeKind::Bool(value),
            Value::Number(number) => NodeKind::Number(number),
            Value::String(text) => return Self::new(NodeKind::String(text), span),
            Value::Null | Value::List(_) | Value::Map(_) => NodeKind::Null,
        };
        Self {
            kind,
            span,
            written: Some(written.into()),
        }
    }

    /// The value under a key of a map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.value)
    }

    /// The entries of a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&[Entry]> {
        match &self.kind {
            NodeKind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items of a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of any scalar; numbers, booleans and null as they were written.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.as_str().or(self.written.as_deref())
    }

    /// Whether this is null.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self.kind, NodeKind::Null)
    }

    /// The kind in words, for messages: `null`, `boolean`, `number`, `string`, `list`, `map`.
    #[must_use]
    pub const fn kind_name(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "boolean",
            NodeKind::Number(_) => "number",
            NodeKind::String(_) => "string",
            NodeKind::List(_) => "list",
            NodeKind::Map(_) => "map",
        }
    }

    /// The value without the places.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match &self.kind {
            NodeKind::Null => Value::Null,
            NodeKind::Bool(value) => Value::Bool(*value),
            NodeKind::Number(number) => Value::Number(number.clone()),
            NodeKind::String(text) => Value::String(text.clone()),
            NodeKind::List(items) => Value::List(items.iter().map(Self::to_value).collect()),
            NodeKind::Map(entries) => Value::Map(
                entries
                    .iter()
                    .map(|entry| (entry.key.clone(), entry.value.to_value()))
                    .collect(),
            ),
        }
    }
}

/// A value that stands nowhere: every span is the empty one at the start.
impl From<Value> for Node {
    fn from(value: Value) -> Self {
        let kind = match value {
            Value::List(items) => NodeKind::List(items.into_iter().map(Self::from).collect()),
            Value::Map(entries) => {
                let entry = |(key, value)| Entry::new(key, Span::START, Self::from(value));
                NodeKind::Map(entries.into_iter().map(entry).collect())
            }
            scalar => {
                let written = scalar.to_json_string();
                return Self::scalar(scalar, Span::START, &written);
            }
        };
        Self::new(kind, Span::START)
    }
}

impl Entry {
    pub(crate) const fn new(key: String, key_span: Span, value: Node) -> Self {
        Self {
            key,
            key_span,
            value,
        }
    }
}
