//! Reads answer fields in the forms the service is known or declared to use.
//!
//! Sources disagree about some fields: counts arrive as numbers or as text, maps as objects or as
//! JSON text. The generated structs name these functions where the specification lists `accept`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A text, or the text of a number or boolean.
pub(crate) fn scalar<'de, D: Deserializer<'de>>(from: D) -> Result<Cow<'static, str>, D::Error> {
    match Value::deserialize(from)? {
        Value::String(text) => Ok(Cow::Owned(text)),
        Value::Array(_) | Value::Object(_) => Err(D::Error::custom("expected a text")),
        other => Ok(Cow::Owned(other.to_string())),
    }
}

/// A text, the text of a number or boolean, or the JSON text of an object or array.
pub(crate) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Value>::deserialize(from)?.map(text_of))
}

pub(crate) fn integer<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i32>, D::Error> {
    let Some(wide) = long(from)? else {
        return Ok(None);
    };
    i32::try_from(wide)
        .map(Some)
        .map_err(|_| D::Error::custom("expected a number of 32 bits"))
}

pub(crate) fn long<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let Some(value) = present(from)? else {
        return Ok(None);
    };
    whole(&value)
        .map(Some)
        .ok_or_else(|| D::Error::custom("expected a whole number"))
}

pub(crate) fn float<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let number = match present(from)? {
        None => return Ok(None),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(other) => other.as_f64(),
    };
    let finite = number.filter(|number: &f64| number.is_finite());
    finite
        .map(Some)
        .ok_or_else(|| D::Error::custom("expected a number"))
}

pub(crate) fn boolean<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    let found = match present(from)? {
        None => return Ok(None),
        Some(Value::Bool(flag)) => Some(flag),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Some(true),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Some(false),
        Some(_) => None,
    };
    found
        .map(Some)
        .ok_or_else(|| D::Error::custom("expected true or false"))
}

/// An object, or a text that holds one.
pub(crate) fn map<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<BTreeMap<String, Value>>, D::Error> {
    unwrapped(from)
}

/// An object of texts, or a text that holds one; other values in it become their JSON text.
pub(crate) fn text_map<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<BTreeMap<String, String>>, D::Error> {
    Ok(map(from)?.map(texts_of))
}

/// An object of whole numbers; a member that is no number is left out, since such maps are counts.
pub(crate) fn count_map<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<BTreeMap<String, i64>>, D::Error> {
    let counts = |map: BTreeMap<String, Value>| {
        map.into_iter()
            .filter_map(|(name, value)| Some((name, whole(&value)?)))
            .collect()
    };
    Ok(map(from)?.map(counts))
}

/// An array, a text that holds one, or one element alone.
pub(crate) fn list<'de, D, T>(from: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = match present(from)? {
        None => return Ok(None),
        Some(Value::String(text)) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        Some(other) => other,
    };
    let items = if value.is_array() {
        value
    } else {
        Value::Array(vec![value])
    };
    typed(items).map(Some)
}

/// An object, or the first of an array of objects.
pub(crate) fn first<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(list(from)?.and_then(|items| items.into_iter().next()))
}

/// An object with a list in it, or that list alone: `TagResources.TagResource[]` is what the
/// current clients read, `TagResources[]` what the classic Java client does.
pub(crate) fn tag_resources<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let Some(value) = present(from)? else {
        return Ok(None);
    };
    match value {
        Value::Array(items) => typed(serde_json::json!({ "TagResource": items })).map(Some),
        other => typed(other).map(Some),
    }
}

pub(crate) fn texts_of(map: BTreeMap<String, Value>) -> BTreeMap<String, String> {
    map.into_iter()
        .map(|(name, value)| (name, text_of(value)))
        .collect()
}

fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}

/// The value, unless it is null or an empty text: an absent number is sent either way.
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    let value = Option::<Value>::deserialize(from)?;
    Ok(value.filter(|value| value.as_str() != Some("")))
}

fn unwrapped<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    match present(from)? {
        None => Ok(None),
        Some(Value::String(text)) => serde_json::from_str(&text)
            .map(Some)
            .map_err(|_| D::Error::custom("expected JSON")),
        Some(value) => typed(value).map(Some),
    }
}

fn typed<T: DeserializeOwned, E: Error>(value: Value) -> Result<T, E> {
    serde_json::from_value(value).map_err(|_| E::custom("another form than declared"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct All {
        #[serde(deserialize_with = "text")]
        text: Option<String>,
        #[serde(deserialize_with = "integer")]
        integer: Option<i32>,
        #[serde(deserialize_with = "long")]
        long: Option<i64>,
        #[serde(deserialize_with = "float")]
        float: Option<f64>,
        #[serde(deserialize_with = "boolean")]
        boolean: Option<bool>,
        #[serde(deserialize_with = "text_map")]
        text_map: Option<BTreeMap<String, String>>,
        #[serde(deserialize_with = "count_map")]
        count_map: Option<BTreeMap<String, i64>>,
        #[serde(deserialize_with = "list")]
        list: Option<Vec<String>>,
        #[serde(deserialize_with = "first")]
        first: Option<String>,
    }

    fn check(json: &str, expected: &All) {
        assert_eq!(
            &serde_json::from_str::<All>(json).expect(json),
            expected,
            "{json}"
        );
    }

    #[test]
    fn other_forms_are_taken() {
        let text = |text: &str| All {
            text: Some(text.to_owned()),
            ..All::default()
        };
        check("{}", &All::default());
        check(
            r#"{"text":null,"integer":null,"list":null}"#,
            &All::default(),
        );
        check(r#"{"text":12}"#, &text("12"));
        check(r#"{"text":["a"]}"#, &text(r#"["a"]"#));
        check(
            r#"{"integer":"12"}"#,
            &All {
                integer: Some(12),
                ..All::default()
            },
        );
        check(r#"{"integer":""}"#, &All::default());
        check(
            r#"{"long":"9007199254740993"}"#,
            &All {
                long: Some(9_007_199_254_740_993),
                ..All::default()
            },
        );
        check(
            r#"{"float":"0.5"}"#,
            &All {
                float: Some(0.5),
                ..All::default()
            },
        );
        check(
            r#"{"boolean":"True"}"#,
            &All {
                boolean: Some(true),
                ..All::default()
            },
        );
    }

    #[test]
    fn maps_and_lists_may_be_wrapped() {
        let tags: BTreeMap<_, _> = [("a".to_owned(), "1".to_owned())].into();
        for json in [r#"{"text_map":{"a":1}}"#, r#"{"text_map":"{\"a\":\"1\"}"}"#] {
            check(
                json,
                &All {
                    text_map: Some(tags.clone()),
                    ..All::default()
                },
            );
        }
        check(
            r#"{"count_map":{"a":1,"b":"2","c":null}}"#,
            &All {
                count_map: Some([("a".to_owned(), 1), ("b".to_owned(), 2)].into()),
                ..All::default()
            },
        );
        for json in [
            r#"{"list":["a"]}"#,
            r#"{"list":"[\"a\"]"}"#,
            r#"{"list":"a"}"#,
        ] {
            check(
                json,
                &All {
                    list: Some(vec!["a".to_owned()]),
                    ..All::default()
                },
            );
        }
        check(
            r#"{"first":["a","b"]}"#,
            &All {
                first: Some("a".to_owned()),
                ..All::default()
            },
        );
    }

    #[test]
    fn forms_nobody_declared_are_errors() {
        for json in [
            r#"{"integer":"x"}"#,
            r#"{"integer":4294967296}"#,
            r#"{"integer":1.5}"#,
            r#"{"float":"NaN"}"#,
            r#"{"boolean":1}"#,
            r#"{"text_map":[1]}"#,
            r#"{"list":[{}]}"#,
        ] {
            assert!(serde_json::from_str::<All>(json).is_err(), "{json}");
        }
    }
}
