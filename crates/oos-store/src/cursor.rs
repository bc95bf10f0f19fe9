//! Where a page ended, and how that travels as text.

use crate::{FieldValue, KEY, Record, Shape};

/// Where a page ended: the order value and the key of its last record.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cursor {
    /// The value in the order field, if there is one; absent if the order is by [`KEY`]. For a
    /// log, the number of the entry.
    pub value: Option<FieldValue>,
    /// The key; for a log, the stream.
    pub key: String,
}

/// The first byte of an encoded cursor: another layout takes another number.
const LAYOUT: u8 = 1;
const NO_VALUE: u8 = 0;
const INT: u8 = 1;
const TEXT: u8 = 2;

impl Cursor {
    /// The place right behind a record of this shape, in this order.
    #[must_use]
    pub fn behind(record: &Record, shape: Shape, order: &str) -> Self {
        let value = match shape {
            Shape::Log => Some(FieldValue::Int(entry_number(record.version))),
            Shape::Records if order == KEY => None,
            Shape::Records => record.fields.get(order).cloned(),
        };
        Self {
            value,
            key: record.key.clone(),
        }
    }

    /// Opaque text of letters, digits, `-` and `_`. It hides nothing: who has the text can read
    /// the value and the key.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut bytes = vec![LAYOUT];
        match &self.value {
            None => bytes.push(NO_VALUE),
            Some(FieldValue::Int(value)) => {
                bytes.push(INT);
                bytes.extend(value.to_be_bytes());
            }
            Some(FieldValue::Text(value)) => {
                bytes.push(TEXT);
                bytes.extend((value.len() as u64).to_be_bytes());
                bytes.extend(value.as_bytes());
            }
        }
        bytes.extend(self.key.as_bytes());
        to_text(&bytes)
    }

    /// The cursor of a text that [`Cursor::encode`] made; `None` for every other text. Whether the
    /// cursor fits a query is checked when the query is read.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = to_bytes(text)?;
        let [LAYOUT, tag, rest @ ..] = bytes.as_slice() else {
            return None;
        };
        let (value, key) = match *tag {
            NO_VALUE => (None, rest),
            INT => {
                let (value, key) = rest.split_first_chunk()?;
                (Some(FieldValue::Int(i64::from_be_bytes(*value))), key)
            }
            TEXT => {
                let (length, rest) = rest.split_first_chunk()?;
                let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
                let (value, key) = rest.split_at_checked(length)?;
                (Some(FieldValue::Text(utf8(value)?)), key)
            }
            _ => return None,
        };
        Some(Self {
            value,
            key: utf8(key)?,
        })
    }
}

/// The number of a log entry as a value. A log of more than 2^63 entries does not happen.
pub(crate) fn entry_number(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

fn utf8(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

/// The URL-safe alphabet of RFC 4648, section 5.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64url without padding.
fn to_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=chunk.len() {
            let digit = group >> (18 - 6 * at) & 63;
            text.push(char::from(ALPHABET[digit as usize]));
        }
    }
    text
}

/// The reverse of [`to_text`]; each value has one text only, so left-over bits have to be 0.
fn to_bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        let mut group = 0;
        for at in 0..4 {
            group = group << 6 | chunk.get(at).map_or(Some(0), |&digit| value_of(digit))?;
        }
        let [_, whole @ ..] = group.to_be_bytes();
        let (taken, left) = whole.split_at_checked(chunk.len() - 1)?;
        if taken.is_empty() || left.iter().any(|&byte| byte != 0) {
            return None;
        }
        bytes.extend(taken);
    }
    Some(bytes)
}

fn value_of(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(value: Option<FieldValue>, key: &str) -> Cursor {
        Cursor {
            value,
            key: key.to_owned(),
        }
    }

    #[test]
    fn text_leads_back_to_the_cursor() {
        let values = [
            None,
            Some(i64::MIN.into()),
            Some((-1).into()),
            Some("".into()),
            Some("é\0".into()),
        ];
        for value in values {
            for key in ["", "a", "ab", "abc", "exec-1", "键", "\u{10ffff}/?&=%"] {
                let cursor = cursor(value.clone(), key);
                let text = cursor.encode();
                let safe = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
                assert!(text.chars().all(safe), "{text}");
                assert_eq!(Cursor::decode(&text), Some(cursor), "{text}");
            }
        }
    }

    #[test]
    fn text_of_others_is_no_cursor() {
        let foreign = [
            "", "A", "AQ", "AQ=", "AQA=", "AQA ", "é", "AQM", "AgAx", "AQB", "null", "0",
        ];
        for text in foreign {
            assert_eq!(Cursor::decode(text), None, "{text}");
        }
        let long = to_text(&[
            LAYOUT, TEXT, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, b'a',
        ]);
        assert_eq!(Cursor::decode(&long), None);
        assert_eq!(Cursor::decode(&to_text(&[LAYOUT, INT, 1, 2, 3])), None);
        assert_eq!(Cursor::decode(&to_text(&[LAYOUT, NO_VALUE, 0xc3])), None);
    }

    #[test]
    fn each_cut_of_a_text_is_safe_to_read() {
        let text = cursor(Some("waiting".into()), "exec-0123456789").encode();
        for end in 0..text.len() {
            let read = Cursor::decode(&text[..end]);
            assert!(read.is_none_or(|read| read.encode() == text[..end]));
        }
    }
}
