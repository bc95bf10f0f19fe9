//! A JSON document that some answers give directly and others as JSON text.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::JsonText;

/// A JSON document, and whether it travels as itself or as a text that holds it.
///
/// `Execution.Parameters`, for example, is an object in `ListExecutions` and JSON text in
/// `StartExecution`. Readers need not care; a server writes back the form it was given.
///
/// ```
/// use oos_model::Document;
///
/// let direct: Document = serde_json::from_str(r#"{"a":1}"#)?;
/// let text: Document = serde_json::from_str(r#""{\"a\":1}""#)?;
/// assert_eq!(direct.value(), text.value());
/// assert_eq!(serde_json::to_string(&text)?, r#""{\"a\":1}""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    value: Value,
    /// The text as sent, so that it is written back byte for byte.
    text: Option<String>,
}

impl Document {
    /// A document that travels as itself.
    #[must_use]
    pub fn direct(value: Value) -> Self {
        Self { value, text: None }
    }

    /// A document that travels as JSON text.
    #[must_use]
    pub fn as_text(value: Value) -> Self {
        let text = value.to_string();
        Self {
            value,
            text: Some(text),
        }
    }

    /// A document that travels as this text; a text that is not JSON is a JSON string.
    #[must_use]
    pub fn from_text(text: impl Into<String>) -> Self {
        let text = text.into();
        let value = serde_json::from_str(&text).unwrap_or_else(|_| Value::String(text.clone()));
        Self {
            value,
            text: Some(text),
        }
    }

    /// The document, whichever way it travelled.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The document, whichever way it travelled.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.value
    }

    /// The document as JSON text: the text it travelled as, or else a compact one.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text.unwrap_or_else(|| self.value.to_string())
    }

    /// The document as `T`; `None` when it has another form.
    #[must_use]
    pub fn to<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(&self.value).ok()
    }
}

/// A document that travels as itself.
impl From<Value> for Document {
    fn from(value: Value) -> Self {
        Self::direct(value)
    }
}

/// A document that travels as this text.
impl From<JsonText> for Document {
    fn from(text: JsonText) -> Self {
        Self::from_text(text)
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.text {
            Some(text) => to.serialize_str(text),
            None => self.value.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(from)? {
            Value::String(text) => Self::from_text(text),
            value => Self::direct(value),
        })
    }
}
