//! The value of a field on its way out.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Record, write};
use crate::Document;

/// The value of a field, borrowed.
pub(crate) enum Item<'a> {
    Text(&'a str),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    TextMap(&'a BTreeMap<String, String>),
    CountMap(&'a BTreeMap<String, i64>),
    Map(&'a BTreeMap<String, Value>),
    Texts(&'a [String]),
    Maps(&'a [BTreeMap<String, Value>]),
    Document(&'a Document),
    Record(&'a dyn Record),
    Records(Vec<&'a dyn Record>),
}

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => to.serialize_str(text),
            Self::Integer(number) => to.serialize_i64(*number),
            Self::Float(number) => to.serialize_f64(*number),
            Self::Boolean(flag) => to.serialize_bool(*flag),
            Self::TextMap(map) => to.collect_map(*map),
            Self::CountMap(map) => to.collect_map(*map),
            Self::Map(map) => to.collect_map(*map),
            Self::Texts(texts) => to.collect_seq(*texts),
            Self::Maps(maps) => to.collect_seq(*maps),
            Self::Document(document) => document.serialize(to),
            Self::Record(record) => write(*record, to),
            Self::Records(records) => to.collect_seq(records.iter().map(|one| Element(*one))),
        }
    }
}

struct Element<'a>(&'a dyn Record);

impl Serialize for Element<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        write(self.0, to)
    }
}
