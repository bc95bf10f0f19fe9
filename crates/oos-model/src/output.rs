//! How an answer becomes JSON and back: what the generated outputs call.

use serde::Serialize;

use crate::record::{self, Record};

/// Why the text of an answer is not the answer expected.
///
/// It tells the place, never the content: an answer may hold secrets. The text itself stays with
/// whoever received it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer {what} (line {line}, column {column})")]
pub struct DecodeError {
    what: &'static str,
    line: usize,
    column: usize,
}

impl DecodeError {
    /// Line in the text of the answer, from 1; 0 when there is no text.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Column in that line, in bytes, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }
}

/// Reads an answer into `record`.
pub(crate) fn decode(json: &[u8], record: &mut dyn Record) -> Result<(), DecodeError> {
    let mut from = serde_json::Deserializer::from_slice(json);
    let read = record::read(&mut from, record).and_then(|()| from.end());
    read.map_err(|error| DecodeError {
        what: match error.classify() {
            serde_json::error::Category::Data => "has a field of an undeclared form",
            serde_json::error::Category::Eof => "ends too early",
            _ => "is not JSON",
        },
        line: error.line(),
        column: error.column(),
    })
}

pub(crate) fn encode<T: Serialize>(output: &T) -> Vec<u8> {
    serde_json::to_vec(output).expect("maps have text keys")
}

macro_rules! output {
    ($name:ident) => {
        impl $crate::Output for $name {
            fn decode(json: &[u8]) -> Result<Self, $crate::DecodeError> {
                let mut output = Self::default();
                $crate::output::decode(json, &mut output)?;
                Ok(output)
            }

            fn encode(&self) -> Vec<u8> {
                $crate::output::encode(self)
            }

            fn request_id(&self) -> Option<&str> {
                self.request_id.as_deref()
            }

            fn set_request_id(&mut self, request_id: String) {
                self.request_id = Some(request_id);
            }
        }
    };
}
pub(crate) use output;
