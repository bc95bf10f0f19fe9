//! The texts that keys consist of.

use crate::CredentialsErrorKind::Invalid;
use crate::{AccessKey, CredentialsError};
use std::borrow::Cow;

/// The three texts of a key as they were found, and what they are called where they were found.
pub(crate) struct Found<'a> {
    pub(crate) id: (&'a str, Option<&'a str>),
    pub(crate) secret: (&'a str, Option<&'a str>),
    pub(crate) token: (&'a str, Option<&'a str>),
    /// Where that is, with a preposition: ` of profile x`. Empty if the names say it.
    pub(crate) place: &'a str,
}

impl Found<'_> {
    /// The key.
    ///
    /// # Errors
    /// If one of the texts can not be part of a key, or id or secret is not there.
    pub(crate) fn key(
        &self,
        provider: impl Into<Cow<'static, str>>,
    ) -> Result<AccessKey, CredentialsError> {
        self.read()
            .map_err(|problem| CredentialsError::new(Invalid, provider, problem))
    }

    fn read(&self) -> Result<AccessKey, String> {
        let place = self.place;
        let clean = |(name, value): (&str, Option<&str>)| match value.map(clean) {
            None | Some(Ok("")) => Ok(None),
            Some(Ok(value)) => Ok(Some(value.to_owned())),
            Some(Err(index)) => Err(odd_character(index, name, place)),
        };
        let missing = |(name, _): (&str, Option<&str>)| format!("{name}{place} is not set");
        let id = clean(self.id)?.ok_or_else(|| missing(self.id))?;
        let secret = clean(self.secret)?.ok_or_else(|| missing(self.secret))?;
        let key = AccessKey::new(id, secret);
        Ok(match clean(self.token)? {
            Some(token) => key.with_security_token(token),
            None => key,
        })
    }
}

/// The text without white space around it, which files and variables often end in.
///
/// # Errors
/// The number, from 1, of a character that no key has: the server would only say that the signature
/// is wrong.
pub(crate) fn clean(text: &str) -> Result<&str, usize> {
    let text = text.trim();
    match text.chars().position(|c| !c.is_ascii_graphic()) {
        Some(index) => Err(index + 1),
        None => Ok(text),
    }
}

/// What is wrong with such a text.
pub(crate) fn odd_character(index: usize, name: &str, place: &str) -> String {
    format!(
        "character {index} of {name}{place} is one that no access key has: set it without blanks, \
         line breaks and quotes of a word processor"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_is_dropped_and_odd_characters_are_refused() {
        let check = |text: &str, expected: Result<&str, usize>| assert_eq!(clean(text), expected);
        check("s\r\n", Ok("s"));
        check(" \n", Ok(""));
        check("a b", Err(2));
        check("ab\0", Err(3));
        check("\u{201c}a\u{201d}", Err(1));
    }

    #[test]
    fn a_key_needs_id_and_secret() {
        let check = |id: Option<&str>, secret: Option<&str>, expected: Result<(), &str>| {
            let found = Found {
                id: ("id", id),
                secret: ("secret", secret),
                token: ("token", None),
                place: " of x",
            };
            let result = found
                .key("p")
                .map(|_| ())
                .map_err(|error| error.to_string());
            assert_eq!(result, expected.map_err(|problem| format!("p: {problem}")));
        };
        check(Some("a"), Some("b\n"), Ok(()));
        check(None, Some("b"), Err("id of x is not set"));
        check(Some("a"), Some(" "), Err("secret of x is not set"));
    }
}
