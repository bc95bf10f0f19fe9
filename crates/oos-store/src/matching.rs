//! Which records a query means, and in which order: the same for every store.

use crate::{
    Condition, Cursor, Direction, FieldValue, KEY, Query, Record, Shape, cursor::entry_number,
};
use std::{cmp::Ordering, ops::Bound};

impl Query {
    /// Whether a record of the kind meets all conditions.
    #[must_use]
    pub fn meets(&self, record: &Record) -> bool {
        self.conditions
            .iter()
            .all(|condition| holds(condition, &record.key, Some(record)))
    }

    /// Whether the entries of a stream meet all conditions, for a kind that is a log.
    pub(crate) fn meets_stream(&self, stream: &str) -> bool {
        self.conditions
            .iter()
            .all(|condition| holds(condition, stream, None))
    }

    /// The order of two records of the kind.
    #[must_use]
    pub fn compare(&self, one: &Record, other: &Record) -> Ordering {
        self.directed(self.place(one).cmp(&self.place(other)))
    }

    /// Whether a record of the kind comes behind the cursor that the query starts from.
    #[must_use]
    pub fn is_behind_start(&self, record: &Record) -> bool {
        let Some(cursor) = &self.after else {
            return true;
        };
        let start = self.place_of_cursor(cursor);
        self.directed(self.place(record).cmp(&start)) == Ordering::Greater
    }

    fn directed(&self, ordering: Ordering) -> Ordering {
        match self.direction {
            Direction::Ascending => ordering,
            Direction::Descending => ordering.reverse(),
        }
    }

    fn place<'a>(&self, record: &'a Record) -> Place<'a> {
        match self.kind.shape {
            Shape::Log => (Some(Value::Int(entry_number(record.version))), ""),
            Shape::Records if self.order == KEY => (None, &record.key),
            Shape::Records => (record.fields.get(self.order).map(Value::of), &record.key),
        }
    }

    fn place_of_cursor<'a>(&self, cursor: &'a Cursor) -> Place<'a> {
        match self.kind.shape {
            Shape::Log => (cursor.value.as_ref().map(Value::of), ""),
            Shape::Records => (cursor.value.as_ref().map(Value::of), &cursor.key),
        }
    }
}

/// What records are ordered by. No value is smaller than every value.
type Place<'a> = (Option<Value<'a>>, &'a str);

/// A [`FieldValue`] of someone else, or a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Value<'a> {
    Int(i64),
    Text(&'a str),
}

impl<'a> Value<'a> {
    fn of(value: &'a FieldValue) -> Self {
        match value {
            FieldValue::Int(value) => Self::Int(*value),
            FieldValue::Text(value) => Self::Text(value),
        }
    }
}

/// An entry of a log has no record of its own: it has no fields and no tags.
fn holds(condition: &Condition, key: &str, record: Option<&Record>) -> bool {
    let value = |field: &str| match field {
        KEY => Some(Value::Text(key)),
        _ => record?.fields.get(field).map(Value::of),
    };
    match condition {
        Condition::Equal(field, wanted) => value(field) == Some(Value::of(wanted)),
        Condition::In(field, wanted) => {
            value(field).is_some_and(|value| wanted.iter().any(|wanted| Value::of(wanted) == value))
        }
        Condition::Range(field, from, to) => {
            value(field).is_some_and(|value| is_above(value, from) && is_below(value, to))
        }
        Condition::Contains(field, part) => {
            matches!(value(field), Some(Value::Text(text)) if text.contains(part.as_str()))
        }
        Condition::HasTag(name, wanted) => {
            let value = record.and_then(|record| record.tags.get(name));
            value.is_some_and(|value| wanted.as_ref().is_none_or(|wanted| wanted == value))
        }
    }
}

fn is_above(value: Value<'_>, bound: &Bound<FieldValue>) -> bool {
    match bound {
        Bound::Included(bound) => value >= Value::of(bound),
        Bound::Excluded(bound) => value > Value::of(bound),
        Bound::Unbounded => true,
    }
}

fn is_below(value: Value<'_>, bound: &Bound<FieldValue>) -> bool {
    match bound {
        Bound::Included(bound) => value <= Value::of(bound),
        Bound::Excluded(bound) => value < Value::of(bound),
        Bound::Unbounded => true,
    }
}
