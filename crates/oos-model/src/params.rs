//! The parameters of one call, as ordered name and value pairs.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;

use crate::ParamError;

/// The parameters of one call in the order they are sent.
///
/// Names are case-sensitive. A list of objects is spread over numbered names
/// (`Filter.1.Name`, `Filter.1.Value.2`, counted from 1); everything else is one pair, where
/// structured values are one compact JSON document.
///
/// Values borrow from the operation they were made of, so encoding a call copies no text.
/// [`Params::into_owned`] cuts the tie. `Debug` shows names and lengths, never values: a value may
/// be a secret.
///
/// ```
/// use oos_model::Params;
///
/// let params = Params::parse("TemplateName=a%20b&MaxResults=50")?;
/// assert_eq!(params.get("TemplateName"), Some("a b"));
/// # Ok::<(), oos_model::ParamError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Params<'a> {
    /// The most pairs [`Params::parse`] and [`Params::parse_into`] take.
    pub const MAX_PAIRS: usize = 4096;

    /// No parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No parameters, with room for `capacity` of them.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            pairs: Vec::with_capacity(capacity),
        }
    }

    /// Reads a URL query or an `application/x-www-form-urlencoded` body; `+` is a blank.
    ///
    /// # Errors
    /// [`ParamError::Invalid`] when a name or value is not UTF-8 or there are more than
    /// [`Params::MAX_PAIRS`] pairs.
    pub fn parse(text: &'a str) -> Result<Self, ParamError> {
        let mut params = Self::new();
        params.parse_into(text)?;
        Ok(params)
    }

    /// Appends what [`Params::parse`] reads: the gateway merges the query and a form body.
    ///
    /// # Errors
    /// As [`Params::parse`]; the limit counts the pairs that are already there.
    pub fn parse_into(&mut self, text: &'a str) -> Result<(), ParamError> {
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if self.pairs.len() == Self::MAX_PAIRS {
                return Err(ParamError::invalid(
                    "Parameters",
                    "there are too many of them",
                ));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name)
                .ok_or_else(|| ParamError::invalid("Parameters", "a name is not UTF-8"))?;
            let Some(value) = decode(value) else {
                return Err(ParamError::invalid(name, "it is not UTF-8"));
            };
            self.pairs.push((name, value));
        }
        Ok(())
    }

    /// Appends one pair.
    pub fn push(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
        self.pairs.push((name.into(), value.into()));
    }

    /// Gives `name` this value in its first place, or appends it.
    pub fn set(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
        let name = name.into();
        match self.pairs.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value.into(),
            None => self.pairs.push((name, value.into())),
        }
    }

    /// The value of `name`; of several with this name, the first.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_ref())
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_ref()))
    }

    /// The pairs themselves, as a signer takes them.
    #[must_use]
    pub fn pairs(&self) -> &[(Cow<'a, str>, Cow<'a, str>)] {
        &self.pairs
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is no pair.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The same pairs, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> Params<'static> {
        let owned = |(name, value): (Cow<'a, str>, Cow<'a, str>)| {
            (
                Cow::Owned(name.into_owned()),
                Cow::Owned(value.into_owned()),
            )
        };
        Params {
            pairs: self.pairs.into_iter().map(owned).collect(),
        }
    }
}

impl fmt::Debug for Params<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self
            .iter()
            .map(|(name, value)| (name, format!("{} bytes", value.len())));
        f.debug_map().entries(shown).finish()
    }
}

impl<'a, N, V> FromIterator<(N, V)> for Params<'a>
where
    N: Into<Cow<'a, str>>,
    V: Into<Cow<'a, str>>,
{
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let pairs = pairs
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        Self {
            pairs: pairs.collect(),
        }
    }
}

impl<'a, N, V> Extend<(N, V)> for Params<'a>
where
    N: Into<Cow<'a, str>>,
    V: Into<Cow<'a, str>>,
{
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, pairs: I) {
        self.pairs.extend(
            pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into())),
        );
    }
}

fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('+') {
        return percent_decode_str(text).decode_utf8().ok();
    }
    let blanks = text.replace('+', " ");
    let decoded = percent_decode_str(&blanks).decode_utf8().ok()?;
    Some(Cow::Owned(decoded.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let params = Params::parse(text).expect(text);
            assert_eq!(params.iter().collect::<Vec<_>>(), expected, "{text}");
        };
        check("", &[]);
        check("a=1&b=", &[("a", "1"), ("b", "")]);
        check("&&a&", &[("a", "")]);
        check(
            "a=x%3Dy%26&%E4%B8%AD=%E6%96%87",
            &[("a", "x=y&"), ("中", "文")],
        );
        check("a=b+c%2B", &[("a", "b c+")]);
        check("a=1=2", &[("a", "1=2")]);
        check("a=%zz%", &[("a", "%zz%")]);
    }

    #[test]
    fn what_is_not_text_is_refused() {
        assert_eq!(Params::parse("a=%ff").unwrap_err().name(), "a");
        assert_eq!(Params::parse("%ff=a").unwrap_err().name(), "Parameters");
        let many = "a=1&".repeat(Params::MAX_PAIRS + 1);
        assert_eq!(Params::parse(&many).unwrap_err().name(), "Parameters");
    }

    #[test]
    fn the_first_of_two_counts_and_set_replaces_it() {
        let mut params: Params<'_> = [("a", "1"), ("b", "2"), ("a", "3")].into_iter().collect();
        assert_eq!(params.get("a"), Some("1"));
        params.set("a", "4");
        params.set("c", "5");
        let expected = [("a", "4"), ("b", "2"), ("a", "3"), ("c", "5")];
        assert_eq!(params.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn debug_hides_values() {
        let params: Params<'_> = [("Value", "hunter2")].into_iter().collect();
        assert_eq!(format!("{params:?}"), r#"{"Value": "7 bytes"}"#);
    }
}
