//! How one parameter becomes text and back: what the generated operations call.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{ParamError, Params};

/// A value that is plain text on the wire.
pub(crate) trait ParamText: Sized {
    /// What an unreadable text is not, with its article: `is not …`.
    const WHAT: &'static str;
    /// Whether an empty text is a value; where it is not, an empty parameter counts as absent.
    const MAY_BE_EMPTY: bool = false;

    fn to_text(&self) -> Cow<'_, str>;
    fn from_text(text: &str) -> Option<Self>;
}

/// An object that is spread over numbered names.
pub(crate) trait FlatItem: Sized {
    fn to_flat<'a>(&'a self, prefix: &str, params: &mut Params<'a>);
    fn from_flat(params: &Params<'_>) -> Result<Self, ParamError>;
}

impl ParamText for String {
    const WHAT: &'static str = "a text";
    const MAY_BE_EMPTY: bool = true;

    fn to_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }

    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

/// Sent in lower case; read in any letter case, because the Python client sends `True`.
impl ParamText for bool {
    const WHAT: &'static str = "true or false";

    fn to_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }

    fn from_text(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("true") {
            Some(true)
        } else if text.eq_ignore_ascii_case("false") {
            Some(false)
        } else {
            None
        }
    }
}

impl ParamText for i32 {
    const WHAT: &'static str = "a whole number of 32 bits";

    fn to_text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl ParamText for i64 {
    const WHAT: &'static str = "a whole number of 64 bits";

    fn to_text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl<'a> Params<'a> {
    pub(crate) fn put<T: ParamText>(&mut self, name: &'static str, value: Option<&'a T>) {
        if let Some(value) = value {
            self.push(name, value.to_text());
        }
    }

    /// One member of an object under numbered names.
    pub(crate) fn put_member<T: ParamText>(
        &mut self,
        prefix: &str,
        name: &str,
        value: Option<&'a T>,
    ) {
        if let Some(value) = value {
            self.push(format!("{prefix}.{name}"), value.to_text());
        }
    }

    pub(crate) fn put_json<T: Serialize>(&mut self, name: &'static str, value: Option<&T>) {
        if let Some(value) = value {
            let text = serde_json::to_string(value).expect("maps have text keys");
            self.push(name, text);
        }
    }

    pub(crate) fn put_texts<T: ParamText>(&mut self, name: &str, values: Option<&'a Vec<T>>) {
        for (number, value) in (1..).zip(values.into_iter().flatten()) {
            self.push(format!("{name}.{number}"), value.to_text());
        }
    }

    pub(crate) fn put_flat<T: FlatItem>(&mut self, name: &str, values: Option<&'a Vec<T>>) {
        for (number, value) in (1..).zip(values.into_iter().flatten()) {
            value.to_flat(&format!("{name}.{number}"), self);
        }
    }

    pub(crate) fn read<T: ParamText>(&self, name: &'static str) -> Result<Option<T>, ParamError> {
        match self.get(name) {
            None => Ok(None),
            Some("") if !T::MAY_BE_EMPTY => Ok(None),
            Some(text) => parse(name, text).map(Some),
        }
    }

    /// The gateway counts an empty value of a mandatory parameter as absent.
    pub(crate) fn require<T: ParamText>(&self, name: &'static str) -> Result<T, ParamError> {
        match self.get(name) {
            None | Some("") => Err(ParamError::missing(name)),
            Some(text) => parse(name, text),
        }
    }

    /// The JSON document in `name`. The reason of an error tells place and expectation, no content.
    pub(crate) fn read_json<T: DeserializeOwned>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, ParamError> {
        let Some(text) = self.get(name).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        serde_json::from_str(text)
            .map(Some)
            .map_err(|error| not_json(name, &error))
    }

    pub(crate) fn require_json<T: DeserializeOwned>(
        &self,
        name: &'static str,
    ) -> Result<T, ParamError> {
        self.read_json(name)?
            .ok_or_else(|| ParamError::missing(name))
    }

    /// A JSON object of texts; numbers and booleans in it are taken as their text.
    pub(crate) fn read_text_map(
        &self,
        name: &'static str,
    ) -> Result<Option<BTreeMap<String, String>>, ParamError> {
        let map: Option<BTreeMap<String, Value>> = self.read_json(name)?;
        Ok(map.map(crate::tolerant::texts_of))
    }

    pub(crate) fn require_text_map(
        &self,
        name: &'static str,
    ) -> Result<BTreeMap<String, String>, ParamError> {
        self.read_text_map(name)?
            .ok_or_else(|| ParamError::missing(name))
    }

    pub(crate) fn read_texts<T: ParamText>(
        &self,
        name: &'static str,
    ) -> Result<Option<Vec<T>>, ParamError> {
        let mut found = BTreeMap::new();
        for (number, rest, text) in self.numbered(name) {
            if rest.is_empty() {
                found.entry(number).or_insert(parse(name, text)?);
            }
        }
        Ok((!found.is_empty()).then(|| found.into_values().collect()))
    }

    pub(crate) fn read_flat<T: FlatItem>(
        &self,
        name: &'static str,
    ) -> Result<Option<Vec<T>>, ParamError> {
        let mut items: BTreeMap<u32, Params<'_>> = BTreeMap::new();
        for (number, rest, text) in self.numbered(name) {
            items.entry(number).or_default().push(rest, text);
        }
        if items.is_empty() {
            return Ok(None);
        }
        items
            .values()
            .map(T::from_flat)
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// The pairs `name.N` and `name.N.rest` as number, rest and value.
    fn numbered<'b>(&'b self, name: &'b str) -> impl Iterator<Item = (u32, &'b str, &'b str)> {
        self.iter().filter_map(move |(key, value)| {
            let key = key.strip_prefix(name)?.strip_prefix('.')?;
            let (number, rest) = key.split_once('.').unwrap_or((key, ""));
            Some((number.parse().ok()?, rest, value))
        })
    }
}

fn parse<T: ParamText>(name: &'static str, text: &str) -> Result<T, ParamError> {
    T::from_text(text).ok_or_else(|| ParamError::invalid(name, format!("it is not {}", T::WHAT)))
}

fn not_json(name: &str, error: &serde_json::Error) -> ParamError {
    let (line, column) = (error.line(), error.column());
    let what = if error.is_data() {
        "its JSON has another form than declared"
    } else {
        "it is not a JSON document"
    };
    ParamError::invalid(name, format!("{what} (line {line}, column {column})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(value: &str) -> Params<'_> {
        [("P", value)].into_iter().collect()
    }

    #[test]
    fn booleans_are_read_in_any_letter_case() {
        for (text, expected) in [
            ("true", Ok(Some(true))),
            ("True", Ok(Some(true))),
            ("FALSE", Ok(Some(false))),
            ("", Ok(None)),
            (
                "1",
                Err(ParamError::invalid("P", "it is not true or false")),
            ),
        ] {
            assert_eq!(one(text).read::<bool>("P"), expected, "{text}");
        }
    }

    #[test]
    fn numbers_keep_to_their_width() {
        assert_eq!(one("2147483647").read("P"), Ok(Some(i32::MAX)));
        assert_eq!(one("2147483648").read("P"), Ok(Some(2_147_483_648_i64)));
        for text in ["2147483648", "1.0", " 1", "x"] {
            let error = one(text).read::<i32>("P").unwrap_err();
            assert_eq!(error.code(), "InvalidP");
            assert!(
                !error.to_string().contains(text),
                "the value is not repeated: {error}"
            );
        }
    }

    #[test]
    fn an_empty_mandatory_value_is_missing() {
        let error = one("").require::<String>("P").unwrap_err();
        assert_eq!(error.code(), "MissingP");
        assert_eq!(error.to_string(), "P is mandatory for this action.");
        assert_eq!(one("").read::<String>("P"), Ok(Some(String::new())));
    }

    #[test]
    fn bad_json_is_told_without_its_content() {
        for (text, expected) in [
            ("{secret", "it is not a JSON document (line 1, column 2)"),
            (
                "[\"secret\"]",
                "its JSON has another form than declared (line 1, column 0)",
            ),
        ] {
            let error = one(text).read_text_map("P").unwrap_err();
            assert_eq!(error, ParamError::invalid("P", expected));
        }
        assert_eq!(
            one(r#"{"a":1,"b":"x"}"#)
                .read_text_map("P")
                .unwrap()
                .unwrap()["a"],
            "1"
        );
        let deep = "[".repeat(100_000);
        assert!(one(&deep).read_json::<Value>("P").is_err());
    }

    #[test]
    fn numbered_names_are_read_by_number_not_by_place() {
        let check = |query: &str, expected: Option<Vec<&str>>| {
            let params = Params::parse(query).expect(query);
            let found = params.read_texts::<String>("A").expect(query);
            let expected = expected.map(|list| list.iter().map(ToString::to_string).collect());
            assert_eq!(found, expected, "{query}");
        };
        check("A.2=b&A.1=a&A.10=c", Some(vec!["a", "b", "c"]));
        check("A.1=a&A.1=b", Some(vec!["a"]));
        check("A.x=a&AB.1=b&A=c&A.1.Name=d&A.99999999999=e", None);
    }
}
