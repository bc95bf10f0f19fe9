//! A record as it is handed in and out.

use bytes::Bytes;
use std::{collections::BTreeMap, fmt};

/// A record: a key, the fields it can be found by, tags, and a body that the store never reads.
///
/// `Debug` shows the length of the body only: bodies are large and may be confidential.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The key; for a log, the name of the stream.
    pub key: String,
    /// For records: counts the puts of this key from 1, set by the store; begins anew after a
    /// delete. For a log: the number of the entry, which grows from entry to entry over all streams
    /// of its kind. 0 in a record that was never stored.
    pub version: u64,
    /// Values of declared fields; a field that is not here has no value and matches no condition.
    pub fields: BTreeMap<&'static str, FieldValue>,
    /// Names and values for [`Query::tagged`](crate::Query::tagged).
    pub tags: BTreeMap<String, String>,
    /// The caller's bytes.
    pub body: Bytes,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a store has to treat every type")]
pub enum FieldValue {
    /// See [`FieldType::Int`](crate::FieldType::Int).
    Int(i64),
    /// See [`FieldType::Text`](crate::FieldType::Text).
    Text(String),
}

impl Record {
    /// A record without fields, tags and body.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        let (fields, tags) = (BTreeMap::new(), BTreeMap::new());
        Self {
            key: key.into(),
            version: 0,
            fields,
            tags,
            body: Bytes::new(),
        }
    }

    /// The same record with a value in this field.
    #[must_use]
    pub fn with(mut self, field: &'static str, value: impl Into<FieldValue>) -> Self {
        self.fields.insert(field, value.into());
        self
    }

    /// The same record with a value in this field, if there is one.
    #[must_use]
    pub fn with_some(self, field: &'static str, value: Option<impl Into<FieldValue>>) -> Self {
        match value {
            Some(value) => self.with(field, value),
            None => self,
        }
    }

    /// The same record with these tags.
    #[must_use]
    pub fn with_tags(mut self, tags: impl IntoIterator<Item = (String, String)>) -> Self {
        self.tags = tags.into_iter().collect();
        self
    }

    /// The same record with this body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("key", &self.key)
            .field("version", &self.version)
            .field("fields", &self.fields)
            .field("tags", &self.tags)
            .field("body", &Length(&self.body))
            .finish()
    }
}

/// Shows how long a body is instead of what it says.
pub(crate) struct Length<'a>(pub(crate) &'a Bytes);

impl fmt::Debug for Length<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl From<i64> for FieldValue {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<String> for FieldValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for FieldValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
