//! JSON documents that travel as text, from and to typed values.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::Document;

/// The text of a JSON document: what a parameter takes whose text is JSON.
///
/// Raw text goes in unchanged, byte for byte, and unchecked: what is wrong with it, the service
/// tells. Values are written compactly. `Debug` shows the length, never the text, which may hold
/// secrets.
///
/// ```
/// use oos_model::operations::{DeleteExecutions, StartExecution};
/// use oos_model::JsonText;
///
/// let by_value = StartExecution::new().with_parameters(serde_json::json!({ "n": 1 }));
/// let by_pairs = StartExecution::new().with_parameters(JsonText::object([("n", 1)]));
/// let by_text = StartExecution::new().with_parameters(r#"{"n":1}"#);
/// assert_eq!(by_value, by_text);
/// assert_eq!(by_pairs, by_text);
///
/// let delete = DeleteExecutions::new(["exec-1", "exec-2"]);
/// assert_eq!(delete.execution_ids, r#"["exec-1","exec-2"]"#);
/// assert_eq!(delete.execution_ids_json()?, ["exec-1", "exec-2"]);
/// # Ok::<(), oos_model::JsonTextError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct JsonText(String);

impl JsonText {
    /// A JSON object of these members, in this order; of equal names the last counts.
    pub fn object<N: Into<String>, V: Into<Value>>(
        members: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let members = members.into_iter();
        let map: Map<String, Value> = members
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        Self::from(Value::Object(map))
    }

    /// A JSON array of these values.
    pub fn list<V: Into<Value>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::from(Value::Array(values.into_iter().map(Into::into).collect()))
    }

    /// The document that `value` serializes to.
    ///
    /// # Errors
    /// [`JsonTextError`] when it cannot be JSON, such as a map whose keys are no texts.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, JsonTextError> {
        serde_json::to_string(value)
            .map(Self)
            .map_err(|error| JsonTextError::of(&error))
    }

    /// The document as `T`. A text that holds the document once more as a text, as some samples
    /// do, is read too.
    ///
    /// # Errors
    /// [`JsonTextError`] when it is not JSON or has another form.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T, JsonTextError> {
        read(&self.0)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

impl std::fmt::Debug for JsonText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JsonText")
            .field("length", &self.0.len())
            .finish()
    }
}

/// Why a text is not the JSON document expected. It tells the place, never the content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the JSON text {what} (line {line}, column {column})")]
pub struct JsonTextError {
    what: &'static str,
    line: usize,
    column: usize,
}

impl JsonTextError {
    fn of(error: &serde_json::Error) -> Self {
        Self {
            what: match error.classify() {
                serde_json::error::Category::Data => "has another form than declared",
                serde_json::error::Category::Eof => "ends too early",
                _ => "is not JSON",
            },
            line: error.line(),
            column: error.column(),
        }
    }

    /// Line in the text, from 1; 0 when there is no text.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Column in that line, in bytes, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }
}

/// The document in `text`, or in the text that the document is.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, JsonTextError> {
    let error = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let inner = text.trim_start().starts_with('"');
    inner
        .then(|| serde_json::from_str::<String>(text).ok())
        .flatten()
        .and_then(|inner| serde_json::from_str(&inner).ok())
        .ok_or_else(|| JsonTextError::of(&error))
}

/// As [`read`]; an absent or empty text is no document.
pub(crate) fn read_optional<T: DeserializeOwned>(
    text: Option<&String>,
) -> Result<Option<T>, JsonTextError> {
    text.filter(|text| !text.trim().is_empty())
        .map(|text| read(text))
        .transpose()
}

macro_rules! from_texts {
    ($($type:ty),+) => {
        $(
            /// Takes the text as it is.
            impl From<$type> for JsonText {
                fn from(text: $type) -> Self {
                    Self(text.into())
                }
            }
        )+
    };
}
from_texts!(&str, String, &String, Cow<'_, str>, Box<str>);

impl From<Value> for JsonText {
    fn from(value: Value) -> Self {
        Self(value.to_string())
    }
}

impl From<&Value> for JsonText {
    fn from(value: &Value) -> Self {
        Self(value.to_string())
    }
}

impl From<Map<String, Value>> for JsonText {
    fn from(map: Map<String, Value>) -> Self {
        Self::from(Value::Object(map))
    }
}

/// In the order of the names.
impl<V: Into<Value>> From<BTreeMap<String, V>> for JsonText {
    fn from(map: BTreeMap<String, V>) -> Self {
        Self::object(map)
    }
}

impl<V: Into<Value>, S> From<HashMap<String, V, S>> for JsonText {
    fn from(map: HashMap<String, V, S>) -> Self {
        Self::object(map)
    }
}

impl<V: Into<Value>> From<Vec<V>> for JsonText {
    fn from(values: Vec<V>) -> Self {
        Self::list(values)
    }
}

impl<V: Into<Value>, const N: usize> From<[V; N]> for JsonText {
    fn from(values: [V; N]) -> Self {
        Self::list(values)
    }
}

impl From<Document> for JsonText {
    fn from(document: Document) -> Self {
        Self(document.into_text())
    }
}

impl From<JsonText> for String {
    fn from(text: JsonText) -> Self {
        text.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(made: impl Into<JsonText>, expected: &str) {
        assert_eq!(made.into().as_str(), expected);
    }

    #[test]
    fn values_and_texts_become_the_same() {
        for text in ["{ \"a\" : 1 }", "not JSON", ""] {
            check(text, text);
            check(text.to_owned(), text);
            check(Document::from_text(text), text);
        }
        check(json!({ "b": 1, "a": ["中"] }), r#"{"a":["中"],"b":1}"#);
        check(["a", "b"], r#"["a","b"]"#);
        check(vec![1, 2], "[1,2]");
        check(BTreeMap::from([("k".to_owned(), "v")]), r#"{"k":"v"}"#);
        check(HashMap::from([("k".to_owned(), true)]), r#"{"k":true}"#);
        check(JsonText::object([("k", Value::Null)]), r#"{"k":null}"#);
        check(Document::direct(json!({ "a": 1 })), r#"{"a":1}"#);
        assert_eq!(JsonText::of(&(1, "a")), Ok(JsonText::from("[1,\"a\"]")));
        assert!(JsonText::of(&BTreeMap::from([((1, 2), 3)])).is_err());
    }

    #[test]
    fn a_document_in_a_text_in_a_text_is_read() {
        let expected = BTreeMap::from([("a".to_owned(), 1)]);
        for text in [r#"{"a":1}"#, r#""{\"a\":1}""#] {
            assert_eq!(JsonText::from(text).to(), Ok(expected.clone()), "{text}");
        }
        assert_eq!(
            JsonText::from("\"[1]\"").to::<String>(),
            Ok("[1]".to_owned())
        );
    }

    #[test]
    fn errors_tell_the_place_and_no_content() {
        for (text, what) in [
            (r#"{"a":"hunter2"}"#, "has another form than declared"),
            (r#""hunter2""#, "has another form than declared"),
            ("hunter2", "is not JSON"),
            ("{\"hunter2\":", "ends too early"),
        ] {
            let error = JsonText::from(text)
                .to::<BTreeMap<String, i64>>()
                .expect_err(text);
            assert!(error.to_string().contains(what), "{error}");
            assert!(!format!("{error:?}{error}").contains("hunter2"), "{error}");
        }
        assert!(!format!("{:?}", JsonText::from("hunter2")).contains("hunter2"));
        assert_eq!(read_optional::<Value>(Some(&" ".to_owned())), Ok(None));
    }
}
