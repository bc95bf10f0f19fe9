//! Equality as `Fn::Equals` sees it.

use super::{Number, Value};

impl Value {
    /// Whether two values are the same to `Fn::Equals`, `AllowedValues` and `DesiredValues`: as JSON,
    /// except that a number equals a text of the same number and a boolean equals the text of it in any
    /// letter case. Maps ignore the order of their keys.
    #[must_use]
    pub fn loose_eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(number), Self::String(text))
            | (Self::String(text), Self::Number(number)) => {
                Number::parse(text.trim()).is_some_and(|parsed| parsed == *number)
            }
            (Self::Bool(value), Self::String(text)) | (Self::String(text), Self::Bool(value)) => {
                text.trim()
                    .eq_ignore_ascii_case(if *value { "true" } else { "false" })
            }
            (Self::List(a), Self::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.loose_eq(b))
            }
            (Self::Map(a), Self::Map(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .all(|(key, a)| b.get(key).is_some_and(|b| a.loose_eq(b)))
            }
            (a, b) => a == b,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Value;

    fn check(a: &str, b: &str, expected: bool) {
        let (left, right) = (Value::from_json(a).unwrap(), Value::from_json(b).unwrap());
        assert_eq!(left.loose_eq(&right), expected, "{a} and {b}");
        assert_eq!(right.loose_eq(&left), expected, "{b} and {a}");
    }

    #[test]
    fn equality_is_loose_between_scalars_and_their_text() {
        for (a, b) in [
            ("1", "\"1\""),
            ("1", "1.0"),
            ("1.50", "\"1.5\""),
            ("true", "\"True\""),
            ("false", "\"false\""),
            ("null", "null"),
            ("[1,true]", "[\"1\",\"true\"]"),
            ("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}"),
        ] {
            check(a, b, true);
        }
    }

    #[test]
    fn different_things_stay_different() {
        for (a, b) in [
            ("null", "\"\""),
            ("null", "false"),
            ("0", "false"),
            ("1", "true"),
            ("\"a\"", "\"A\""),
            ("\"1\"", "\"1.0\""),
            ("[]", "{}"),
            ("[1]", "[1,1]"),
            ("{\"a\":1}", "{\"b\":1}"),
        ] {
            check(a, b, false);
        }
    }
}
