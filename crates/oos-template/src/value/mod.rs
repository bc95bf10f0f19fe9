//! The values of the template language: JSON values whose maps keep their order and whose numbers
//! keep their digits.

mod compare;
mod json;
mod number;
mod serde;

use indexmap::IndexMap;

pub use json::JsonError;
pub(crate) use json::write_string;
pub use number::Number;

/// A map of values in the order they were written.
pub type Map = IndexMap<String, Value>;

/// A value: what parameters, outputs and properties are made of.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "JSON has six kinds of values")]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number with the digits it was written with.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    List(Vec<Value>),
    /// A map in the order of its keys' first appearance.
    Map(Map),
}

impl Value {
    /// The kind of value in words, for messages: `null`, `boolean`, `number`, `string`, `list`, `map`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::List(_) => "list",
            Self::Map(_) => "map",
        }
    }

    /// The text of a string value.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean of a boolean value.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number of a number value.
    #[must_use]
    pub const fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The elements of a list value.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a map value.
    #[must_use]
    pub const fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entry of a map value.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map().and_then(|entries| entries.get(key))
    }

    /// Whether this is null.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value as it stands inside a longer text: strings as they are, null as nothing, everything
    /// else as compact JSON.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::String(text) => text.clone(),
            Self::Null => String::new(),
            other => other.to_json_string(),
        }
    }

    /// What a condition makes of the value: `true`, or the text `true` in any letter case.
    #[must_use]
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Bool(value) => *value,
            Self::String(text) => text.trim().eq_ignore_ascii_case("true"),
            _ => false,
        }
    }

    /// Whether lists and maps are nested deeper than `levels`. Looks no deeper than that.
    #[must_use]
    pub fn is_deeper_than(&self, levels: usize) -> bool {
        match self {
            Self::List(items) => {
                levels == 0 || items.iter().any(|item| item.is_deeper_than(levels - 1))
            }
            Self::Map(entries) => {
                levels == 0 || entries.values().any(|item| item.is_deeper_than(levels - 1))
            }
            _ => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(Number::from(value))
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(items)
    }
}

impl From<Map> for Value {
    fn from(entries: Map) -> Self {
        Self::Map(entries)
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}

impl std::fmt::Display for Value {
    /// Compact JSON.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_json_string())
    }
}
