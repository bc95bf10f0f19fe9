//! What came back for one call.

use std::fmt;

use serde_json::Value;

/// The answer to one call: the typed output and everything it came with.
///
/// `H` is how headers are kept and `B` how bytes are; a client fills in what its HTTP library
/// has, so nothing is copied. `Debug` shows the length of the raw text, never the text.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Answer<O, H = Vec<(String, String)>, B = Vec<u8>> {
    /// The fields that this crate knows.
    pub output: O,
    /// The id of the call, from the body or else from `x-acs-request-id`.
    pub request_id: Option<String>,
    /// The HTTP status.
    pub status: u16,
    /// The HTTP headers.
    pub headers: H,
    /// The body as it came.
    pub raw: B,
}

impl<O, H, B> Answer<O, H, B> {
    /// Puts an answer together.
    pub fn new(output: O, request_id: Option<String>, status: u16, headers: H, raw: B) -> Self {
        Self {
            output,
            request_id,
            status,
            headers,
            raw,
        }
    }

    /// The same answer with another output.
    pub fn map<P>(self, change: impl FnOnce(O) -> P) -> Answer<P, H, B> {
        let Self {
            output,
            request_id,
            status,
            headers,
            raw,
        } = self;
        Answer {
            output: change(output),
            request_id,
            status,
            headers,
            raw,
        }
    }
}

impl<O, H, B: AsRef<[u8]>> Answer<O, H, B> {
    /// A field of the raw body by JSON pointer (RFC 6901), for what the output does not know:
    /// `/Execution/NewField`. `None` when there is no such field or the body is not JSON.
    ///
    /// Reads the whole body on every call.
    #[must_use]
    pub fn raw_field(&self, pointer: &str) -> Option<Value> {
        let mut body: Value = serde_json::from_slice(self.raw.as_ref()).ok()?;
        body.pointer_mut(pointer).map(Value::take)
    }
}

impl<O: fmt::Debug, H, B: AsRef<[u8]>> fmt::Debug for Answer<O, H, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("output", &self.output)
            .field("request_id", &self.request_id)
            .field("status", &self.status)
            .field("raw_length", &self.raw.as_ref().len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fields_are_read_from_the_raw_body() {
        let raw = br#"{"A":{"B":[1,{"C/D":"x"}]}}"#.to_vec();
        let answer = Answer::new((), None, 200, (), raw);
        assert_eq!(answer.raw_field("/A/B/1/C~1D"), Some(Value::from("x")));
        assert_eq!(answer.raw_field("/A/Z"), None);
        assert_eq!(answer.raw_field("A"), None);
        assert_eq!(
            Answer::new((), None, 200, (), b"<html>".to_vec()).raw_field(""),
            None
        );
        assert!(!format!("{answer:?}").contains("C/D"));
    }
}
