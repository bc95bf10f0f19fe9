//! The place of a field, which knows how to take what arrives for it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{Field, Item, ManyRecords, OneRecord, Reader};
use crate::tolerant::{text_of, texts_of, whole};
use crate::{Document, Timestamp};

/// The place of a field.
pub(crate) enum Slot<'a> {
    Text(&'a mut Option<String>),
    /// An enum or a time: made of a text, with nothing that can go wrong.
    Named(&'a mut dyn SetText),
    Integer(&'a mut Option<i32>),
    Long(&'a mut Option<i64>),
    Float(&'a mut Option<f64>),
    Boolean(&'a mut Option<bool>),
    TextMap(&'a mut Option<BTreeMap<String, String>>),
    /// A member that is no whole number is left out, since such maps are counts.
    CountMap(&'a mut Option<BTreeMap<String, i64>>),
    Map(&'a mut Option<BTreeMap<String, Value>>),
    Texts(&'a mut Option<Vec<String>>),
    Maps(&'a mut Option<Vec<BTreeMap<String, Value>>>),
    Document(&'a mut Option<Document>),
    Record(&'a mut dyn OneRecord),
    Records(&'a mut dyn ManyRecords),
    /// Nobody has declared the field: it is passed over.
    Unknown,
}

/// An optional value made of a text.
pub(crate) trait SetText {
    fn set(&mut self, text: &str);
}

impl<T: for<'t> From<&'t str>> SetText for Option<T> {
    fn set(&mut self, text: &str) {
        *self = Some(T::from(text));
    }
}

/// What a field of another form is told; its content is not repeated.
const OTHER_FORM: &str = "a field of another form than declared";

impl Slot<'_> {
    /// Takes anything but a text, an object for a record, and a list of records.
    fn take(self, value: Value) -> Option<()> {
        match self {
            Self::Text(field) => *field = Some(text_of(value)),
            Self::Named(field) => match value {
                Value::Array(_) | Value::Object(_) => return None,
                scalar => field.set(&text_of(scalar)),
            },
            Self::Integer(field) => *field = Some(i32::try_from(whole(&value)?).ok()?),
            Self::Long(field) => *field = Some(whole(&value)?),
            Self::Float(field) => *field = Some(float(&value)?),
            Self::Boolean(field) => *field = Some(flag(&value)?),
            Self::TextMap(field) => *field = Some(texts_of(map(value)?)),
            Self::CountMap(field) => {
                let counts = map(value)?.into_iter();
                *field = Some(counts.filter_map(|(k, v)| Some((k, whole(&v)?))).collect());
            }
            Self::Map(field) => *field = Some(map(value)?),
            Self::Texts(field) => *field = Some(list(value).into_iter().map(text_of).collect()),
            Self::Maps(field) => {
                *field = Some(list(value).into_iter().map(map).collect::<Option<_>>()?);
            }
            Self::Document(field) => *field = Some(Document::direct(value)),
            Self::Record(_) | Self::Records(_) => return None,
            Self::Unknown => {}
        }
        Some(())
    }

    fn must_take<E: Error>(self, value: Value) -> Result<(), E> {
        self.take(value).ok_or_else(|| E::custom(OTHER_FORM))
    }

    /// A structured value that arrived as JSON text.
    fn take_json_text(self, text: &str) -> Option<()> {
        let mut json = serde_json::Deserializer::from_slice(text.as_bytes());
        match self {
            Self::Texts(field) => {
                let items = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
                *field = Some(list(items).into_iter().map(text_of).collect());
                return Some(());
            }
            Self::Document(field) => {
                *field = Some(Document::from_text(text));
                return Some(());
            }
            structured => structured.deserialize(&mut json).ok()?,
        }
        json.end().ok()
    }
}

impl<'de> DeserializeSeed<'de> for Slot<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        match self {
            Self::Unknown => IgnoredAny::deserialize(from).map(|_| ()),
            known => from.deserialize_any(known),
        }
    }
}

impl<'de> Visitor<'de> for Slot<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field in a declared form")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.must_take(Value::from(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.must_take(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.must_take(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.must_take(Value::from(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self {
            Self::Text(field) => *field = Some(text.to_owned()),
            Self::Named(field) => field.set(text),
            // An absent value is sent as an empty text too.
            Self::Document(_) | Self::Unknown if text.is_empty() => {
                return self.must_take(Value::from(text));
            }
            _ if text.is_empty() => {}
            Self::Integer(_) | Self::Long(_) | Self::Float(_) | Self::Boolean(_) => {
                return self.must_take(Value::from(text));
            }
            structured => {
                return structured
                    .take_json_text(text)
                    .ok_or_else(|| E::custom(OTHER_FORM));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        match self {
            Self::Record(field) => Reader(field.insert()).visit_map(map),
            Self::Records(field) => {
                field.begin();
                Reader(field.push()).visit_map(map)
            }
            other => other.must_take(Value::deserialize(MapAccessDeserializer::new(map))?),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        match self {
            Self::Record(field) => {
                let record = field.insert();
                if let Some(list) = record.list_alone() {
                    return list.visit_seq(items);
                }
                // One object is declared: the first counts.
                items.next_element_seed(Reader(record))?;
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(())
            }
            Self::Records(field) => {
                field.begin();
                while items.next_element_seed(Element(field))?.is_some() {}
                Ok(())
            }
            other => other.must_take(Value::deserialize(SeqAccessDeserializer::new(items))?),
        }
    }
}

/// Appends a record and reads it.
struct Element<'a>(&'a mut dyn ManyRecords);

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        Reader(self.0.push()).deserialize(from)
    }
}

fn float(value: &Value) -> Option<f64> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok()?,
        other => other.as_f64()?,
    };
    Some(number).filter(|number: &f64| number.is_finite())
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn map(value: Value) -> Option<BTreeMap<String, Value>> {
    if let Value::Object(map) = value {
        Some(map.into_iter().collect())
    } else {
        None
    }
}

/// A list, or one element alone.
fn list(value: Value) -> Vec<Value> {
    if let Value::Array(items) = value {
        items
    } else {
        vec![value]
    }
}

macro_rules! fields {
    ($($type:ty: $slot:ident, |$value:pat_param| $item:expr;)+) => {
        $(impl Field for Option<$type> {
            fn slot(&mut self) -> Slot<'_> {
                Slot::$slot(self)
            }

            fn item(&self) -> Option<Item<'_>> {
                self.as_ref().map(|$value| $item)
            }
        })+
    };
}

fields! {
    String: Text, |text| Item::Text(text);
    Timestamp: Named, |time| Item::Text(time.as_str());
    i32: Integer, |number| Item::Integer(i64::from(*number));
    i64: Long, |number| Item::Integer(*number);
    f64: Float, |number| Item::Float(*number);
    bool: Boolean, |flag| Item::Boolean(*flag);
    BTreeMap<String, String>: TextMap, |map| Item::TextMap(map);
    BTreeMap<String, i64>: CountMap, |map| Item::CountMap(map);
    BTreeMap<String, Value>: Map, |map| Item::Map(map);
    Vec<String>: Texts, |texts| Item::Texts(texts);
    Vec<BTreeMap<String, Value>>: Maps, |maps| Item::Maps(maps);
    Document: Document, |document| Item::Document(document);
}
