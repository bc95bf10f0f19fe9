//! JSON whose texts are wiped from memory when it is dropped.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;
use zeroize::Zeroizing;

/// A JSON value of unknown origin: any text in it may be a secret. Depth is bounded by `serde_json`
/// (128 levels), size by whoever read the bytes.
pub(crate) enum Document {
    Text(Zeroizing<String>),
    Integer(i64),
    Boolean(bool),
    List(Vec<Document>),
    Object(Vec<(String, Document)>),
    /// Null, and numbers that are no integers: nothing here asks for them.
    Other,
}

/// Where the text stops to be JSON; the parser's own words could repeat a piece of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotJson {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Document {
    /// Reads UTF-8 JSON, with or without a byte order mark.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, NotJson> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        serde_json::from_slice(bytes).map_err(|error| NotJson {
            line: error.line(),
            column: error.column(),
        })
    }

    /// The member of an object; the last one of several.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let found = members.iter().rev().find(|(member, _)| member == name)?;
        Some(&found.1)
    }

    /// A text member that is not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Self::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// A whole number that is not 0: the official programs write 0 for what is not set.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Self::Integer(number) if *number != 0 => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Self::Boolean(true)))
    }

    pub(crate) fn list(&self, name: &str) -> Option<&[Self]> {
        match self.get(name)? {
            Self::List(items) => Some(items),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Document;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<Document, E> {
        Ok(Document::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Document, E> {
        Ok(Document::Boolean(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Document, E> {
        Ok(Document::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Document, E> {
        Ok(i64::try_from(number).map_or(Document::Other, Document::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Document, E> {
        Ok(Document::Other)
    }

    fn visit_unit<E>(self) -> Result<Document, E> {
        Ok(Document::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Document, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Document::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Document, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Document::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_name_and_kind() {
        let text = "\u{feff}{\"a\": \"x\", \"a\": \"y\\u00e9\", \"n\": 3, \"z\": 0, \"b\": true, \
                    \"e\": \" \", \"f\": 1.5, \"null\": null, \"l\": [1, {\"k\": \"v\"}]}";
        let document = Document::parse(text.as_bytes()).expect("JSON");
        assert_eq!(document.text("a"), Some("y\u{e9}"), "the last one counts");
        assert_eq!((document.text("n"), document.text("e")), (None, None));
        assert_eq!(
            (document.integer("n"), document.integer("z")),
            (Some(3), None)
        );
        assert_eq!(
            (document.integer("f"), document.integer("null")),
            (None, None)
        );
        assert!(document.is_true("b") && !document.is_true("n"));
        let list = document.list("l").expect("a list");
        assert_eq!(list[1].text("k"), Some("v"));
        assert!(list[0].get("k").is_none());
    }

    #[test]
    fn what_is_no_json_has_a_place() {
        let check = |text: &str, line: usize, column: usize| {
            let found = Document::parse(text.as_bytes()).err();
            assert_eq!(found, Some(NotJson { line, column }), "{text}");
        };
        check("{\"a\": hidden}", 1, 7);
        check("{}\n x", 2, 2);
        check("", 1, 0);
        check(&"[".repeat(200), 1, 128);
    }
}
