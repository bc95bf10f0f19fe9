//! JSON text to values and back, digits kept.

use std::fmt::Write as _;

use super::{Map, Number, Value};
use crate::diagnostic::Position;
use crate::document::json::{self, Build, Offsets};

/// Values that come from outside are nested at most this deep.
const MAX_DEPTH: usize = 256;

/// Why a text is not a JSON value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {message}")]
#[non_exhaustive]
pub struct JsonError {
    /// Where reading stopped.
    pub at: Position,
    /// What was expected or found there.
    pub message: String,
}

impl Value {
    /// Reads one JSON value (RFC 8259); of a repeated key the last one counts.
    ///
    /// # Errors
    /// The first place where the text is not JSON, or lists and maps nested deeper than 256.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        json::read(text, MAX_DEPTH, &mut Plain).map_err(|error| JsonError {
            at: error.position(text),
            message: error.message,
        })
    }

    /// Compact JSON: no blanks, characters outside ASCII as they are, numbers with their own digits.
    #[must_use]
    pub fn to_json_string(&self) -> String {
        let mut out = String::new();
        write_value(&mut out, self);
        out
    }
}

struct Plain;

impl Build for Plain {
    type Out = Value;

    fn scalar(&mut self, value: Value, _: Offsets) -> Value {
        value
    }

    fn list(&mut self, items: Vec<Value>, _: Offsets) -> Value {
        Value::List(items)
    }

    fn map(&mut self, entries: Vec<(String, Offsets, Value)>, _: Offsets) -> Value {
        Value::Map(
            entries
                .into_iter()
                .map(|(key, _, value)| (key, value))
                .collect::<Map>(),
        )
    }
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => write_number(out, number),
        Value::String(text) => write_string(out, text),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(out, item);
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (index, (key, item)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(out, key);
                out.push(':');
                write_value(out, item);
            }
            out.push('}');
        }
    }
}

fn write_number(out: &mut String, number: &Number) {
    write!(out, "{number}").expect("writing to a String cannot fail");
}

pub(crate) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            0x00..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        plain = at + 1;
        if escape.is_empty() {
            write!(out, "\\u{byte:04x}").expect("writing to a String cannot fail");
        } else {
            out.push_str(escape);
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{Number, Value};

    fn check(text: &str, printed: &str) {
        assert_eq!(Value::from_json(text).unwrap().to_json_string(), printed);
    }

    #[test]
    fn prints_compactly_and_keeps_digits_and_order() {
        check(
            " { \"b\" : 1.10 , \"a\" : [ 1e5, -0 ] } ",
            "{\"b\":1.10,\"a\":[1e5,-0]}",
        );
        check(
            "\"\\u00e4\\ud83d\\ude00\\n\\u0001\\/\"",
            "\"ä😀\\n\\u0001/\"",
        );
        check("{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}");
    }

    #[test]
    fn refuses_with_a_position() {
        for (text, expected) in [
            ("", "1:1"),
            ("{\"a\":1,}", "1:8"),
            ("[1,\n 2\n 3]", "3:2"),
            ("[01]", "1:2"),
            ("\"ä\u{1}\"", "1:3"),
            ("\"\\ud800\"", "1:2"),
            ("nul", "1:1"),
            ("1 2", "1:3"),
            ("{a:1}", "1:2"),
        ] {
            let error = Value::from_json(text).unwrap_err();
            assert_eq!(error.at.to_string(), expected, "{text:?}: {error}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        assert!(Value::from_json(&format!("{}{}", "[".repeat(256), "]".repeat(256))).is_ok());
        assert!(Value::from_json(&"[".repeat(257)).is_err());
        assert!(Value::from_json(&"[".repeat(1_000_000)).is_err());
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_filter_map("finite", |f| Number::from_f64(f).map(Value::from)),
            "\\PC*".prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..8)
                    .prop_map(|entries| Value::Map(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn printing_and_reading_returns_the_same(value in values()) {
            let printed = value.to_json_string();
            let again = Value::from_json(&printed).unwrap();
            prop_assert_eq!(&again, &value);
            prop_assert_eq!(again.to_json_string(), printed);
        }
    }
}
