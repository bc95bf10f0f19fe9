//! A query as SQL.

use super::schema;
use crate::{Condition, Cursor, Direction, FieldValue, KEY, Query, Shape};
use std::{cmp::Ordering, fmt::Write, ops::Bound};

/// More values than this are compared outside: a statement holds 32,766.
const MAX_VALUES: usize = 10_000;

/// What a query wants of the rows, wherever the page starts.
pub(super) struct Select<'q> {
    query: &'q Query,
    conditions: String,
    pub(super) values: Vec<Value<'q>>,
    /// Whether rows come that do not meet the query.
    pub(super) filtered: bool,
}

/// A part of the rows behind the cursor; all of one part come before those of the next.
pub(super) struct Segment<'q> {
    condition: &'static str,
    column: String,
    pub(super) values: Vec<Value<'q>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value<'q> {
    Int(i64),
    Text(&'q str),
}

impl<'q> Select<'q> {
    pub(super) fn of(query: &'q Query) -> Self {
        let mut select = Self {
            query,
            conditions: "1".to_owned(),
            values: Vec::new(),
            filtered: false,
        };
        for condition in &query.conditions {
            select.add(condition);
        }
        select
    }

    /// The statement that counts.
    pub(super) fn count(&self) -> String {
        let table = schema::table(self.query.kind);
        format!("SELECT count(*) FROM {table} WHERE {}", self.conditions)
    }

    /// The statement of a segment; its last parameter bounds the rows.
    pub(super) fn page(&self, columns: &str, segment: &Segment<'_>) -> String {
        let table = schema::table(self.query.kind);
        let behind = segment.condition.replace('#', &segment.column);
        format!(
            "SELECT {columns} FROM {table} WHERE {}{behind} ORDER BY {} LIMIT ?",
            self.conditions,
            self.order()
        )
    }

    fn order(&self) -> String {
        let down = match self.query.direction {
            Direction::Ascending => "",
            Direction::Descending => " DESC",
        };
        match (self.query.kind.shape, order(self.query)) {
            (Shape::Log, _) => format!("number{down}"),
            (Shape::Records, KEY) => format!("key{down}"),
            (Shape::Records, field) => format!("f_{field}{down}, key{down}"),
        }
    }

    fn add(&mut self, condition: &'q Condition) {
        match condition {
            Condition::Equal(field, value) => self.compare(field, "=", value),
            Condition::In(field, values) => self.one_of(field, values),
            Condition::Range(field, from, to) => {
                self.text(&format!(" AND {} NOT NULL", self.column(field)));
                match from {
                    Bound::Included(value) => self.compare(field, ">=", value),
                    Bound::Excluded(value) => self.compare(field, ">", value),
                    Bound::Unbounded => {}
                }
                match to {
                    Bound::Included(value) => self.compare(field, "<=", value),
                    Bound::Excluded(value) => self.compare(field, "<", value),
                    Bound::Unbounded => {}
                }
            }
            Condition::Contains(field, part) => {
                self.text(&format!(" AND instr({}, ?) > 0", self.column(field)));
                self.values.push(Value::Text(part));
            }
            Condition::HasTag(name, value) => self.tagged(name, value.as_deref()),
        }
    }

    fn compare(&mut self, field: &str, operator: &str, value: &'q FieldValue) {
        self.text(&format!(" AND {} {operator} ?", self.column(field)));
        self.values.push(Value::of(value));
    }

    fn one_of(&mut self, field: &str, values: &'q [FieldValue]) {
        if self.values.len() + values.len() > MAX_VALUES {
            self.filtered = true;
            return;
        }
        let marks = vec!["?"; values.len()].join(",");
        self.text(&format!(" AND {} IN ({marks})", self.column(field)));
        self.values.extend(values.iter().map(Value::of));
    }

    fn tagged(&mut self, name: &'q str, value: Option<&'q str>) {
        let kind = self.query.kind.name;
        self.text(&format!(
            " AND key IN (SELECT key FROM t_{kind} WHERE name = ?"
        ));
        self.values.push(Value::Text(name));
        if let Some(value) = value {
            self.text(" AND value = ?");
            self.values.push(Value::Text(value));
        }
        self.text(")");
    }

    fn column(&self, field: &str) -> String {
        match (self.query.kind.shape, field) {
            (Shape::Log, _) => "stream".to_owned(),
            (Shape::Records, KEY) => "key".to_owned(),
            (Shape::Records, field) => format!("f_{field}"),
        }
    }

    fn text(&mut self, text: &str) {
        // Writing to a text does not fail.
        let _ = self.conditions.write_str(text);
    }
}

/// The parts of the rows behind the cursor, in the order of the query. Rows without a value come
/// before all others upwards, after them downwards: a condition for both would keep `SQLite` from
/// going straight to the place in an index.
pub(super) fn segments(query: &Query) -> Vec<Segment<'_>> {
    let Some(cursor) = &query.after else {
        return vec![segment("", "", [])];
    };
    let up = query.direction == Direction::Ascending;
    let key = Value::Text(&cursor.key);
    if query.kind.shape == Shape::Log {
        let number = cursor.value.as_ref().map_or(Value::Int(0), Value::of);
        let condition = if up {
            " AND number > ?"
        } else {
            " AND number < ?"
        };
        return vec![segment(condition, "", [number])];
    }
    let behind_key = if up { " AND key > ?" } else { " AND key < ?" };
    if query.order == KEY {
        return vec![segment(behind_key, "", [key])];
    }
    if let Some(value) = equal_to(query, query.order) {
        return of_one_value(query, cursor, value, behind_key);
    }
    let column = format!("f_{}", query.order);
    match (cursor.value.as_ref().map(Value::of), up) {
        (Some(value), true) => vec![segment(" AND (#, key) > (?, ?)", &column, [value, key])],
        (Some(value), false) => vec![
            segment(" AND (#, key) < (?, ?)", &column, [value, key]),
            segment(" AND # IS NULL", &column, []),
        ],
        (None, true) => vec![
            segment(" AND # IS NULL AND key > ?", &column, [key]),
            segment(" AND # NOT NULL", &column, []),
        ],
        (None, false) => vec![segment(" AND # IS NULL AND key < ?", &column, [key])],
    }
}

/// All rows have this value in the field of the order.
fn of_one_value<'q>(
    query: &Query,
    cursor: &'q Cursor,
    value: &FieldValue,
    behind_key: &'static str,
) -> Vec<Segment<'q>> {
    let ordering = Some(Value::of(value)).cmp(&cursor.value.as_ref().map(Value::of));
    let ordering = match query.direction {
        Direction::Ascending => ordering,
        Direction::Descending => ordering.reverse(),
    };
    match ordering {
        Ordering::Less => Vec::new(),
        Ordering::Equal => vec![segment(behind_key, "", [Value::Text(&cursor.key)])],
        Ordering::Greater => vec![segment("", "", [])],
    }
}

fn segment<'q, const N: usize>(
    condition: &'static str,
    column: &str,
    values: [Value<'q>; N],
) -> Segment<'q> {
    let (column, values) = (column.to_owned(), values.to_vec());
    Segment {
        condition,
        column,
        values,
    }
}

/// The order by a field that has only one value is the order by key.
fn order(query: &Query) -> &'static str {
    if equal_to(query, query.order).is_some() {
        KEY
    } else {
        query.order
    }
}

fn equal_to<'q>(query: &'q Query, wanted: &str) -> Option<&'q FieldValue> {
    query
        .conditions
        .iter()
        .find_map(|condition| match condition {
            Condition::Equal(field, value) if *field == wanted => Some(value),
            _ => None,
        })
}

impl<'q> Value<'q> {
    fn of(value: &'q FieldValue) -> Self {
        match value {
            FieldValue::Int(value) => Self::Int(*value),
            FieldValue::Text(value) => Self::Text(value),
        }
    }
}
