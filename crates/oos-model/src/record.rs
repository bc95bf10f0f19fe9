//! Reads and writes the objects of answers.
//!
//! The generated structs only say which field lies where ([`Record`]); the work is done here once
//! for all of them, which keeps the crate quick to build. Reading takes every field in all forms
//! that any source declares for its like: numbers and flags as text and texts as numbers, objects
//! and lists as JSON text, one object for a list of objects and the other way round.

mod item;
mod slot;

use std::fmt;

use serde::Serializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::ser::SerializeMap;

pub(crate) use item::Item;
pub(crate) use slot::Slot;

/// An object whose fields are all optional.
pub(crate) trait Record {
    /// Where the field of this name goes.
    fn slot(&mut self, name: &str) -> Slot<'_>;

    /// Where a list goes that stands in the place of the object.
    fn list_alone(&mut self) -> Option<Slot<'_>> {
        None
    }

    /// Puts the fields that are set into `fields`, in the order they are written.
    fn fields<'a>(&'a self, fields: &mut Fields<'a>);
}

/// The fields of a record that are set.
#[derive(Default)]
pub(crate) struct Fields<'a>(Vec<(&'static str, Item<'a>)>);

impl<'a> Fields<'a> {
    pub(crate) fn put(&mut self, name: &'static str, field: &'a impl Field) {
        if let Some(item) = field.item() {
            self.0.push((name, item));
        }
    }
}

/// An optional field of a record.
pub(crate) trait Field {
    /// Where its value goes.
    fn slot(&mut self) -> Slot<'_>;

    /// Its value.
    fn item(&self) -> Option<Item<'_>>;
}

/// An optional record, whatever its type.
pub(crate) trait OneRecord {
    fn insert(&mut self) -> &mut dyn Record;
}

/// An optional list of records, whatever their type.
pub(crate) trait ManyRecords {
    /// Makes the list present.
    fn begin(&mut self);

    fn push(&mut self) -> &mut dyn Record;
}

impl<T: Record + Default> OneRecord for Option<T> {
    fn insert(&mut self) -> &mut dyn Record {
        self.insert(T::default())
    }
}

impl<T: Record + Default> ManyRecords for Option<Vec<T>> {
    fn begin(&mut self) {
        *self = Some(Vec::new());
    }

    fn push(&mut self) -> &mut dyn Record {
        self.get_or_insert_default().push_mut(T::default())
    }
}

impl<T: Record + Default> Field for Option<T> {
    fn slot(&mut self) -> Slot<'_> {
        Slot::Record(self)
    }

    fn item(&self) -> Option<Item<'_>> {
        self.as_ref().map(|record| Item::Record(record))
    }
}

impl<T: Record + Default> Field for Option<Vec<T>> {
    fn slot(&mut self) -> Slot<'_> {
        Slot::Records(self)
    }

    fn item(&self) -> Option<Item<'_>> {
        let records = self.as_ref()?;
        Some(Item::Records(
            records.iter().map(|record| record as &dyn Record).collect(),
        ))
    }
}

/// Reads an object into `record`.
pub(crate) fn read<'de, D: Deserializer<'de>>(
    from: D,
    record: &mut dyn Record,
) -> Result<(), D::Error> {
    Reader(record).deserialize(from)
}

/// Writes the fields of `record` that are set.
pub(crate) fn write<S: Serializer>(record: &dyn Record, to: S) -> Result<S::Ok, S::Error> {
    let mut fields = Fields::default();
    record.fields(&mut fields);
    let mut map = to.serialize_map(Some(fields.0.len()))?;
    for (name, item) in &fields.0 {
        map.serialize_entry(name, item)?;
    }
    map.end()
}

struct Reader<'a>(&'a mut dyn Record);

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(slot) = map.next_key_seed(Name(self.0))? {
            map.next_value_seed(slot)?;
        }
        Ok(())
    }
}

/// Turns the name of a field into the place of its value, without keeping the name.
struct Name<'a>(&'a mut dyn Record);

impl<'a, 'de> DeserializeSeed<'de> for Name<'a> {
    type Value = Slot<'a>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Slot<'a>, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Name<'a> {
    type Value = Slot<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Slot<'a>, E> {
        Ok(self.0.slot(name))
    }
}

/// Makes a struct a record: which field has which name, in the order they are written, and
/// optionally the list that may stand in the place of the whole object.
macro_rules! record {
    ($type:ident $(or $alone:ident)? { $($name:literal => $field:ident,)* }) => {
        impl $crate::record::Record for $type {
            fn slot(&mut self, name: &str) -> $crate::record::Slot<'_> {
                match name {
                    $($name => $crate::record::Field::slot(&mut self.$field),)*
                    _ => $crate::record::Slot::Unknown,
                }
            }

            $(fn list_alone(&mut self) -> Option<$crate::record::Slot<'_>> {
                Some($crate::record::Field::slot(&mut self.$alone))
            })?

            fn fields<'a>(&'a self, fields: &mut $crate::record::Fields<'a>) {
                $(fields.put($name, &self.$field);)*
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                $crate::record::write(self, to)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let mut record = Self::default();
                $crate::record::read(from, &mut record)?;
                Ok(record)
            }
        }
    };
}
pub(crate) use record;

#[cfg(test)]
mod tests {
    use crate::Document;
    use std::collections::BTreeMap;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Inner {
        name: Option<String>,
    }

    record! { Inner { "Name" => name, } }

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Wrapped {
        inner: Option<Vec<Inner>>,
    }

    record! { Wrapped or inner { "Inner" => inner, } }

    #[derive(Clone, Debug, Default, PartialEq)]
    struct All {
        text: Option<String>,
        integer: Option<i32>,
        long: Option<i64>,
        float: Option<f64>,
        boolean: Option<bool>,
        text_map: Option<BTreeMap<String, String>>,
        count_map: Option<BTreeMap<String, i64>>,
        texts: Option<Vec<String>>,
        document: Option<Document>,
        one: Option<Inner>,
        many: Option<Vec<Inner>>,
        wrapped: Option<Wrapped>,
    }

    record! {
        All {
            "Text" => text,
            "Integer" => integer,
            "Long" => long,
            "Float" => float,
            "Boolean" => boolean,
            "TextMap" => text_map,
            "CountMap" => count_map,
            "Texts" => texts,
            "Document" => document,
            "One" => one,
            "Many" => many,
            "Wrapped" => wrapped,
        }
    }

    /// Reads `json` and writes it again.
    fn check(json: &str, expected: &str) {
        let all: All = serde_json::from_str(json).unwrap_or_else(|e| panic!("{json}: {e}"));
        assert_eq!(
            serde_json::to_string(&all).expect("JSON"),
            expected,
            "{json}"
        );
    }

    #[test]
    fn declared_forms_are_kept() {
        for json in [
            "{}",
            r#"{"Text":"a","Integer":-1,"Long":9007199254740993,"Float":0.5,"Boolean":false}"#,
            r#"{"TextMap":{"a":"1"},"CountMap":{"a":1},"Texts":["a"],"Document":{"a":[1]}}"#,
            r#"{"One":{"Name":"n"},"Many":[{"Name":"n"},{}],"Wrapped":{"Inner":[{}]}}"#,
            r#"{"Texts":[],"Many":[],"Text":"","Document":""}"#,
        ] {
            let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect(text);
            let all: All = serde_json::from_str(json).expect(json);
            assert_eq!(
                serde_json::to_value(&all).expect("JSON"),
                value(json),
                "{json}"
            );
        }
    }

    #[test]
    fn other_forms_are_taken() {
        check(
            r#"{"Text":null,"Integer":null,"Texts":null,"One":null,"Many":null}"#,
            "{}",
        );
        check(
            r#"{"Integer":"","Boolean":"","TextMap":"","Many":"","Nobody":{"a":[{}]}}"#,
            "{}",
        );
        check(
            r#"{"Text":12,"Integer":"12"}"#,
            r#"{"Text":"12","Integer":12}"#,
        );
        check(
            r#"{"Text":["a",{"b":1}]}"#,
            r#"{"Text":"[\"a\",{\"b\":1}]"}"#,
        );
        check(r#"{"Text":{"b":true}}"#, r#"{"Text":"{\"b\":true}"}"#);
        check(
            r#"{"Long":"9007199254740993"}"#,
            r#"{"Long":9007199254740993}"#,
        );
        check(
            r#"{"Float":"0.5","Boolean":"True"}"#,
            r#"{"Float":0.5,"Boolean":true}"#,
        );
        check(
            r#"{"TextMap":{"a":1,"b":{}}}"#,
            r#"{"TextMap":{"a":"1","b":"{}"}}"#,
        );
        check(r#"{"TextMap":"{\"a\":\"1\"}"}"#, r#"{"TextMap":{"a":"1"}}"#);
        check(
            r#"{"CountMap":{"a":"2","b":null}}"#,
            r#"{"CountMap":{"a":2}}"#,
        );
        check(r#"{"Texts":"[\"a\"]"}"#, r#"{"Texts":["a"]}"#);
        check(r#"{"Texts":"a"}"#, r#"{"Texts":["a"]}"#);
        check(
            r#"{"One":[{"Name":"a"},{"Name":"b"}]}"#,
            r#"{"One":{"Name":"a"}}"#,
        );
        check(r#"{"One":"{\"Name\":\"a\"}"}"#, r#"{"One":{"Name":"a"}}"#);
        check(r#"{"Many":{"Name":"a"}}"#, r#"{"Many":[{"Name":"a"}]}"#);
        check(
            r#"{"Many":"[{\"Name\":\"a\"}]"}"#,
            r#"{"Many":[{"Name":"a"}]}"#,
        );
        check(
            r#"{"Wrapped":[{"Name":"a"}]}"#,
            r#"{"Wrapped":{"Inner":[{"Name":"a"}]}}"#,
        );
        check(
            r#"{"Document":"{\"a\": 1}"}"#,
            r#"{"Document":"{\"a\": 1}"}"#,
        );
    }

    #[test]
    fn forms_nobody_declared_are_errors_without_content() {
        for json in [
            r#"{"Integer":"secret"}"#,
            r#"{"Integer":4294967296}"#,
            r#"{"Integer":1.5}"#,
            r#"{"Float":"NaN"}"#,
            r#"{"Boolean":1}"#,
            r#"{"TextMap":["secret"]}"#,
            r#"{"One":"secret"}"#,
            r#"{"One":7}"#,
            r#"{"Many":["secret"]}"#,
            r#"{"One":"{} trailing"}"#,
            "[]",
            "7",
        ] {
            let error =
                crate::output::decode(json.as_bytes(), &mut All::default()).expect_err(json);
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        let deep = format!(r#"{{"Nobody":{}"#, "[".repeat(100_000));
        assert!(serde_json::from_str::<All>(&deep).is_err());
    }
}
