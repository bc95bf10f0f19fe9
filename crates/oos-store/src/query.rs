//! What to read, and what comes back.

use crate::{Cursor, FieldValue, Kind, Record};
use std::ops::Bound;

/// The name by which conditions and orders mean the key of a record.
pub const KEY: &str = "key";

/// The name by which orders of a log mean the number of the entry.
pub const SEQUENCE: &str = "sequence";

/// A page of the records of one kind that meet all conditions.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Query {
    /// The kind.
    pub kind: &'static Kind,
    /// All of them have to hold.
    pub conditions: Vec<Condition>,
    /// The field to order by: a declared one or [`KEY`]; for a log only [`SEQUENCE`]. No value is
    /// smaller than every value: first upwards, last downwards. Records of equal values are ordered
    /// by their keys, in the same direction.
    pub order: &'static str,
    /// Upwards or downwards.
    pub direction: Direction,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// At most this many records. A page of limit 0 is empty and has no next one.
    pub limit: usize,
    /// Whether to count all records that meet the conditions, wherever the page starts.
    pub count: bool,
}

/// Upwards or downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third direction")]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// What a record has to meet. Fields are declared ones or [`KEY`]; for a log only [`KEY`]. A field
/// without a value meets no condition.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a store has to treat every condition"
)]
pub enum Condition {
    /// The field holds this value.
    Equal(&'static str, FieldValue),
    /// The field holds one of these values; no value means that no record is met.
    In(&'static str, Vec<FieldValue>),
    /// The field lies between these bounds; between bounds that cross lies nothing.
    Range(&'static str, Bound<FieldValue>, Bound<FieldValue>),
    /// The text of the field contains this text, letter case included.
    Contains(&'static str, String),
    /// The record has this tag, with this value if one is given. Not for a log.
    HasTag(String, Option<String>),
}

/// What a read brings.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Page {
    /// The records in their order.
    pub records: Vec<Record>,
    /// Where to go on; absent on the last page.
    pub next: Option<Cursor>,
    /// How many records meet the conditions, if that was asked.
    pub total: Option<u64>,
}

impl Query {
    /// All records of a kind, smallest key first (for a log: oldest entry first), at most 1,000.
    #[must_use]
    pub fn of(kind: &'static Kind) -> Self {
        let order = match kind.shape {
            crate::Shape::Records => KEY,
            crate::Shape::Log => SEQUENCE,
        };
        Self {
            kind,
            conditions: Vec::new(),
            order,
            direction: Direction::Ascending,
            after: None,
            limit: 1000,
            count: false,
        }
    }

    /// The record of a key, or the entries of a stream.
    #[must_use]
    pub fn key(kind: &'static Kind, key: impl Into<String>) -> Self {
        Self::of(kind).equal(KEY, key.into())
    }

    /// The same query with one more condition.
    #[must_use]
    pub fn filter(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// The same query for records whose field holds this value.
    #[must_use]
    pub fn equal(self, field: &'static str, value: impl Into<FieldValue>) -> Self {
        self.filter(Condition::Equal(field, value.into()))
    }

    /// The same query for records with this tag.
    #[must_use]
    pub fn tagged(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.filter(Condition::HasTag(name.into(), Some(value.into())))
    }

    /// The same query in this order.
    #[must_use]
    pub fn ordered(mut self, field: &'static str, direction: Direction) -> Self {
        (self.order, self.direction) = (field, direction);
        self
    }

    /// The same query from where a page ended.
    #[must_use]
    pub fn after(mut self, cursor: Option<Cursor>) -> Self {
        self.after = cursor;
        self
    }

    /// The same query with at most this many records a page.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// The same query, counting all that meets the conditions.
    #[must_use]
    pub fn counted(mut self) -> Self {
        self.count = true;
        self
    }
}
