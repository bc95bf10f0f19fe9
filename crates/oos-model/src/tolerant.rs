//! Texts and numbers in whichever JSON form they arrive.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A text, or the text of a number or flag.
pub(crate) fn scalar<'de, D: Deserializer<'de>>(from: D) -> Result<Cow<'static, str>, D::Error> {
    match Value::deserialize(from)? {
        Value::Array(_) | Value::Object(_) => Err(D::Error::custom("expected a text")),
        other => Ok(Cow::Owned(text_of(other))),
    }
}

pub(crate) fn texts_of(map: BTreeMap<String, Value>) -> BTreeMap<String, String> {
    map.into_iter()
        .map(|(name, value)| (name, text_of(value)))
        .collect()
}

/// A text as it is, anything else as its JSON text.
pub(crate) fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// A whole number, or a text that is one.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_i64(),
    }
}
