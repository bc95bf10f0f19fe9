//! Bytes of tags and checksums.

use crate::FieldValue;
use std::collections::BTreeMap;

type Tags = BTreeMap<String, String>;

/// What a checksum of a record covers.
pub(super) struct Sealed<'a> {
    /// The version of a record, the number of an entry.
    pub(super) number: i64,
    pub(super) key: &'a str,
    pub(super) fields: Option<&'a BTreeMap<&'a str, FieldValue>>,
    pub(super) tags: Option<&'a [u8]>,
    pub(super) blob: Option<i64>,
    pub(super) body: &'a [u8],
}

impl Sealed<'_> {
    /// CRC-32; every part is told apart from the next one by its length. A field without a value
    /// adds nothing, so a field that is declared later changes no checksum.
    pub(super) fn checksum(&self) -> i64 {
        let mut head = Vec::with_capacity(256);
        head.extend(self.number.to_le_bytes());
        push(&mut head, self.key.as_bytes());
        head.extend(self.blob.unwrap_or(0).to_le_bytes());
        push(&mut head, self.tags.unwrap_or(&[]));
        for (name, value) in self.fields.into_iter().flatten() {
            push(&mut head, name.as_bytes());
            match value {
                FieldValue::Int(value) => head.extend(value.to_le_bytes()),
                FieldValue::Text(value) => push(&mut head, value.as_bytes()),
            }
        }
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&head);
        hasher.update(self.body);
        i64::from(hasher.finalize())
    }
}

/// No bytes for no tags.
pub(super) fn encode_tags(tags: &Tags) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for (name, value) in tags {
        push(&mut bytes, name.as_bytes());
        push(&mut bytes, value.as_bytes());
    }
    (!bytes.is_empty()).then_some(bytes)
}

/// Nothing if the bytes were not made by [`encode_tags`].
pub(super) fn decode_tags(bytes: Option<&[u8]>) -> Option<Tags> {
    let mut rest = bytes.unwrap_or(&[]);
    let mut tags = Tags::new();
    while !rest.is_empty() {
        let name = take(&mut rest)?;
        tags.insert(name, take(&mut rest)?);
    }
    Some(tags)
}

fn push(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend((part.len() as u64).to_le_bytes());
    bytes.extend(part);
}

fn take(rest: &mut &[u8]) -> Option<String> {
    let (length, tail) = rest.split_first_chunk()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (text, tail) = tail.split_at_checked(length)?;
    *rest = tail;
    std::str::from_utf8(text).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_come_back_and_cut_ones_do_not() {
        let tags = [("", ""), ("env", "test"), ("é", "\0")];
        let tags = tags.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let tags = Tags::from(tags);
        let bytes = encode_tags(&tags).expect("there are tags");
        assert_eq!(decode_tags(Some(&bytes)), Some(tags));
        assert_eq!(encode_tags(&Tags::new()), None);
        assert_eq!(decode_tags(None), Some(Tags::new()));
        for end in 1..bytes.len() {
            let read = decode_tags(Some(&bytes[..end]));
            assert!(read.is_none_or(|read| read.len() < 3), "cut at {end}");
        }
        assert_eq!(decode_tags(Some(&[0xff; 40])), None);
    }

    #[test]
    fn every_part_counts() {
        let (none, some) = (BTreeMap::new(), BTreeMap::from([("a", FieldValue::Int(0))]));
        let sum = |number, key, fields, tags, blob, body| {
            let fields = Some(fields);
            let sealed = Sealed {
                number,
                key,
                fields,
                tags,
                blob,
                body,
            };
            sealed.checksum()
        };
        let sums = [
            sum(1, "k", &none, None, None, b"body"),
            sum(2, "k", &none, None, None, b"body"),
            sum(1, "kb", &none, None, None, b"ody"),
            sum(1, "k", &some, None, None, b"body"),
            sum(1, "k", &none, Some(b"t"), None, b"body"),
            sum(1, "k", &none, None, Some(1), b"body"),
            sum(1, "k", &none, None, None, b"bodY"),
        ];
        for (at, one) in sums.iter().enumerate() {
            assert!(!sums[at + 1..].contains(one), "{at}");
        }
    }
}
