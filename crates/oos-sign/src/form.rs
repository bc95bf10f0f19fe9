//! Reading `application/x-www-form-urlencoded` text: the wire form of queries and form bodies.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::ClaimError;

/// The most parameters that a request may have.
pub const MAX_PARAMETERS: usize = 10_000;

/// A decoded name and value.
pub type Parameter<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The media type of a form body.
pub(crate) const FORM_MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// Decodes a query or a form body, in the order of the wire.
///
/// `+` is a blank. A `%` that no two hex digits follow stands for itself. Repeated names are kept,
/// a name without `=` has the empty value, and empty pieces between two `&` are skipped. The
/// verifier reads requests through this function, so a server that uses it too sees exactly what was signed.
///
/// # Errors
/// [`ClaimError::TooMany`] above [`MAX_PARAMETERS`]; [`ClaimError::NotText`] when a decoded name or value
/// is not UTF-8.
///
/// ```
/// let pairs = oos_sign::decode_form("Content=a+b%26c&Empty&bad=%zz")?;
/// assert_eq!(pairs, [("Content", "a b&c"), ("Empty", ""), ("bad", "%zz")].map(|(n, v)| (n.into(), v.into())));
/// # Ok::<(), oos_sign::ClaimError>(())
/// ```
pub fn decode_form(text: &str) -> Result<Vec<Parameter<'_>>, ClaimError> {
    let mut pairs = Vec::new();
    for piece in text.split('&').filter(|piece| !piece.is_empty()) {
        if pairs.len() == MAX_PARAMETERS {
            return Err(ClaimError::TooMany {
                what: "parameters",
                limit: MAX_PARAMETERS,
            });
        }
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        pairs.push((decode(name)?, decode(value)?));
    }
    Ok(pairs)
}

/// Whether a `Content-Type` names a form, with or without parameters such as a charset.
pub(crate) fn is_form(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case(FORM_MEDIA_TYPE)
}

fn decode(text: &str) -> Result<Cow<'_, str>, ClaimError> {
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return Ok(Cow::Borrowed(text));
    }
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        return utf8(&spaced).map(|decoded| Cow::Owned(decoded.into_owned()));
    }
    utf8(text)
}

fn utf8(text: &str) -> Result<Cow<'_, str>, ClaimError> {
    percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| ClaimError::NotText {
            part: "a parameter",
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let pairs = decode_form(text).expect("readable");
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (&**n, &**v)).collect();
        assert_eq!(pairs, expected, "{text}");
    }

    #[test]
    fn decodes_as_forms_do() {
        check("", &[]);
        check("&&a=1&&", &[("a", "1")]);
        check(
            "a=1&a=1&b&c=&=d",
            &[("a", "1"), ("a", "1"), ("b", ""), ("c", ""), ("", "d")],
        );
        check("a%20b=c+d%2B%e5%90%8D", &[("a b", "c d+名")]);
        check(
            "a=%&b=%4&c=%g0&d=%%41",
            &[("a", "%"), ("b", "%4"), ("c", "%g0"), ("d", "%A")],
        );
        check("a=b=c?d#e;f", &[("a", "b=c?d#e;f")]);
    }

    #[test]
    fn refuses_what_is_not_text_or_too_much() {
        assert_eq!(
            decode_form("a=%FF"),
            Err(ClaimError::NotText {
                part: "a parameter"
            })
        );
        let many = "a&".repeat(MAX_PARAMETERS);
        assert_eq!(
            decode_form(&many).expect("at the limit").len(),
            MAX_PARAMETERS
        );
        let limit = MAX_PARAMETERS;
        assert_eq!(
            decode_form(&(many + "a")),
            Err(ClaimError::TooMany {
                what: "parameters",
                limit
            })
        );
    }

    #[test]
    fn knows_a_form_by_its_media_type() {
        assert!(is_form("application/x-www-form-urlencoded"));
        assert!(is_form(
            " Application/X-WWW-Form-urlencoded ; charset=utf-8"
        ));
        assert!(!is_form("application/json"));
        assert!(!is_form(""));
    }
}
