//! An index: records under byte strings whose order is the order of the indexed fields.

use crate::{FieldValue, Record};
use std::{collections::BTreeMap, ops::Bound, sync::Arc};

/// Records by their values in some fields and then by their key. Without fields: by key.
pub(super) struct Index {
    fields: &'static [&'static str],
    entries: BTreeMap<Vec<u8>, Arc<Record>>,
}

/// The entries from `from` up to, not including, `to`; no `to` means to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Vec<u8>,
    pub(super) to: Option<Vec<u8>>,
}

impl Index {
    pub(super) fn new(fields: &'static [&'static str]) -> Self {
        Self {
            fields,
            entries: BTreeMap::new(),
        }
    }

    pub(super) fn fields(&self) -> &'static [&'static str] {
        self.fields
    }

    pub(super) fn get(&self, entry: &[u8]) -> Option<&Arc<Record>> {
        self.entries.get(entry)
    }

    /// Enters `new` in the place of `old`.
    pub(super) fn replace(&mut self, old: Option<&Record>, new: Option<&Arc<Record>>) {
        let before = old.map(|record| self.entry(record));
        let after = new.map(|record| (self.entry(record), Arc::clone(record)));
        if let Some(before) = before
            && after.as_ref().is_none_or(|(entry, _)| *entry != before)
        {
            self.entries.remove(&before);
        }
        self.entries.extend(after);
    }

    pub(super) fn span(&self, span: Span) -> impl DoubleEndedIterator<Item = &Arc<Record>> {
        let to = span.to.map_or(Bound::Unbounded, Bound::Excluded);
        self.entries
            .range((Bound::Included(span.from), to))
            .map(|(_, record)| record)
    }

    fn entry(&self, record: &Record) -> Vec<u8> {
        let mut entry = Vec::with_capacity(self.fields.len() * 24 + record.key.len());
        for field in self.fields {
            push_value(&mut entry, record.fields.get(field));
        }
        entry.extend(record.key.as_bytes());
        entry
    }
}

const MISSING: u8 = 0;
const INT: u8 = 1;
const TEXT: u8 = 2;

/// Adds a value so that byte strings compare as the values do, whatever follows them.
pub(super) fn push_value(entry: &mut Vec<u8>, value: Option<&FieldValue>) {
    match value {
        None => entry.push(MISSING),
        Some(FieldValue::Int(value)) => {
            entry.push(INT);
            // With its sign turned over the smallest number has the smallest bytes.
            entry.extend((value ^ i64::MIN).to_be_bytes());
        }
        Some(FieldValue::Text(value)) => {
            entry.push(TEXT);
            for &byte in value.as_bytes() {
                entry.push(byte);
                if byte == 0 {
                    entry.push(0xff);
                }
            }
            // Smaller than what any longer text has here: another byte, or 0 and 0xff.
            entry.extend([0, 1]);
        }
    }
}

impl Span {
    /// All entries that start with these bytes.
    pub(super) fn starting_with(prefix: Vec<u8>) -> Self {
        let mut to = prefix.clone();
        while to.last() == Some(&u8::MAX) {
            to.pop();
        }
        let to = to.last_mut().map(|last| *last += 1).map(|()| to);
        Self { from: prefix, to }
    }

    /// The entry of exactly these bytes.
    pub(super) fn only(entry: Vec<u8>) -> Self {
        let to = Some(behind(entry.clone()));
        Self { from: entry, to }
    }

    /// Leaves out what comes before these bytes.
    pub(super) fn cut_below(&mut self, from: Vec<u8>) {
        if self.from < from {
            self.from = from;
        }
    }

    /// Leaves out these bytes and what comes behind them.
    pub(super) fn cut_above(&mut self, to: Vec<u8>) {
        if self.to.as_ref().is_none_or(|end| *end > to) {
            self.to = Some(to);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.to.as_ref().is_some_and(|to| *to <= self.from)
    }
}

/// The smallest bytes that are greater than these.
pub(super) fn behind(mut entry: Vec<u8>) -> Vec<u8> {
    entry.push(0);
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(value: Option<&FieldValue>, key: &str) -> Vec<u8> {
        let mut entry = Vec::new();
        push_value(&mut entry, value);
        entry.extend(key.as_bytes());
        entry
    }

    #[test]
    fn entries_compare_as_values_and_keys_do() {
        let texts = [
            "", "\0", "\0\0", "\0\u{1}", "\u{1}", "a", "a\0", "a\0b", "ab", "b", "é", "键",
        ];
        let ints = [i64::MIN, -256, -1, 0, 1, 255, 256, i64::MAX];
        let values = ints
            .map(FieldValue::Int)
            .into_iter()
            .chain(texts.map(FieldValue::from));
        let values = std::iter::once(None)
            .chain(values.map(Some))
            .collect::<Vec<_>>();
        let places = values
            .iter()
            .flat_map(|value| ["", "\0", "a", "é"].map(|key| (value, key)));
        let places = places.collect::<Vec<_>>();
        for (value, key) in &places {
            let entry = bytes(value.as_ref(), key);
            for (other, other_key) in &places {
                let order = (value, key).cmp(&(other, other_key));
                assert_eq!(
                    entry.cmp(&bytes(other.as_ref(), other_key)),
                    order,
                    "{value:?} {other:?}"
                );
            }
            let span = Span::starting_with(bytes(value.as_ref(), ""));
            assert!(span.from <= entry && span.to.is_some_and(|to| entry < to));
        }
    }

    #[test]
    fn spans_end_where_nothing_can_follow() {
        assert_eq!(Span::starting_with(Vec::new()).to, None);
        assert_eq!(Span::starting_with(vec![0xff, 0xff]).to, None);
        assert_eq!(Span::starting_with(vec![1, 0xff]).to, Some(vec![2]));
        let mut span = Span::starting_with(vec![1]);
        span.cut_below(vec![5]);
        assert!(span.is_empty());
    }
}
