//! A request as it arrived at a server.

use std::collections::BTreeSet;
use std::fmt;

use crate::ClaimError;
use crate::form::{MAX_PARAMETERS, Parameter, decode_form, is_form};
use crate::sendable::has_no_control_character;

/// The most headers that a request may have.
pub const MAX_HEADERS: usize = 256;

/// The most names that `SignedHeaders` may list.
pub const MAX_SIGNED_HEADERS: usize = 128;

/// A request exactly as it stood on the wire.
#[derive(Clone, Copy)]
pub struct ReceivedRequest<'a> {
    /// The method as received; its spelling is part of the signed text.
    pub method: &'a str,
    /// The path as received, still percent-encoded.
    pub path: &'a str,
    /// What follows the `?`, undecoded; empty if there is none.
    pub raw_query: &'a str,
    /// Every header line; names in any spelling, repeated names as often as they came.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// The whole body, content encoding not undone.
    pub body: &'a [u8],
}

impl<'a> ReceivedRequest<'a> {
    /// The decoded parameters of query and form body. A name in the body hides it in the query, as in the
    /// official clients, which merge the two in this order; within each of them repeated names are kept.
    ///
    /// # Errors
    /// As [`decode_form`]; [`ClaimError::NotText`] also for a form body or a `Content-Type` that is not UTF-8.
    pub fn parameters(&self) -> Result<Vec<Parameter<'a>>, ClaimError> {
        let mut pairs = decode_form(self.raw_query)?;
        let form = self.form_parameters()?;
        if !form.is_empty() {
            let hidden: BTreeSet<&str> = form.iter().map(|(name, _)| &**name).collect();
            pairs.retain(|(name, _)| !hidden.contains(&**name));
            pairs.extend(form);
        }
        if pairs.len() > MAX_PARAMETERS {
            return Err(ClaimError::TooMany {
                what: "parameters",
                limit: MAX_PARAMETERS,
            });
        }
        Ok(pairs)
    }

    pub(crate) fn form_parameters(&self) -> Result<Vec<Parameter<'a>>, ClaimError> {
        if self.body.is_empty() || !self.has_form_body()? {
            return Ok(Vec::new());
        }
        let text = std::str::from_utf8(self.body).map_err(|_| ClaimError::NotText {
            part: "the form body",
        })?;
        decode_form(text)
    }

    pub(crate) fn has_form_body(&self) -> Result<bool, ClaimError> {
        Ok(self.sole_header("content-type")?.is_some_and(is_form))
    }

    /// The trimmed value of a header that may stand once at most.
    pub(crate) fn sole_header(&self, name: &'static str) -> Result<Option<&'a str>, ClaimError> {
        let mut values = self.header_values(name);
        let first = values.next().transpose()?;
        if values.next().is_some() {
            return Err(ClaimError::Repeated { name });
        }
        Ok(first)
    }

    /// The trimmed values of a header, lower-case or not.
    pub(crate) fn header_values(
        &self,
        name: &str,
    ) -> impl Iterator<Item = Result<&'a str, ClaimError>> {
        let same = move |(candidate, _): &&(&str, &[u8])| candidate.eq_ignore_ascii_case(name);
        self.headers.iter().filter(same).map(|(_, value)| {
            // A line break would make one header look like two in the canonical request.
            std::str::from_utf8(value)
                .ok()
                .filter(|text| has_no_control_character(text))
                .map(str::trim)
                .ok_or(ClaimError::NotText {
                    part: "a signed header",
                })
        })
    }
}

impl fmt::Debug for ReceivedRequest<'_> {
    /// Shows neither values nor body: they hold the signature, and may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        f.debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query_bytes", &self.raw_query.len())
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: (&str, &[u8]) = ("Content-Type", b"application/x-www-form-urlencoded");

    fn request<'a>(
        raw_query: &'a str,
        headers: &'a [(&'a str, &'a [u8])],
        body: &'a [u8],
    ) -> ReceivedRequest<'a> {
        ReceivedRequest {
            method: "POST",
            path: "/",
            raw_query,
            headers,
            body,
        }
    }

    #[test]
    fn the_body_hides_the_query() {
        let request = request("A=1&B=2&B=3&C=4", &[FORM], b"B=x&D=5&D=6");
        let pairs = request.parameters().expect("readable");
        let shown: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(shown, ["A=1", "C=4", "B=x", "D=5", "D=6"]);
    }

    #[test]
    fn only_a_form_body_has_parameters() {
        let json = request("A=1", &[("content-type", b"application/json")], b"B=x");
        assert_eq!(json.parameters().expect("readable").len(), 1);
        let bytes = request("", &[FORM], b"\xff");
        assert_eq!(
            bytes.parameters(),
            Err(ClaimError::NotText {
                part: "the form body"
            })
        );
        let twice = request("", &[FORM, FORM], b"a=b");
        assert_eq!(
            twice.parameters(),
            Err(ClaimError::Repeated {
                name: "content-type"
            })
        );
    }

    #[test]
    fn the_limit_holds_for_query_and_body_together() {
        let query = "a&".repeat(MAX_PARAMETERS);
        let request = request(&query, &[FORM], b"b");
        let limit = MAX_PARAMETERS;
        assert_eq!(
            request.parameters(),
            Err(ClaimError::TooMany {
                what: "parameters",
                limit
            })
        );
    }

    #[test]
    fn debug_shows_no_values() {
        let headers: [(&str, &[u8]); 1] = [("authorization", b"hidden")];
        let shown = format!("{:?}", request("Value=hidden", &headers, b"hidden"));
        assert!(shown.contains("authorization"));
        assert!(!shown.contains("hidden"), "{shown}");
    }
}
