//! Whether changes and queries keep to what is declared: the same for every store.

use crate::{
    Change, Changes, CommitError, Condition, Cursor, FieldType, FieldValue, KEY, Kind, Query,
    ReadError, Record, SEQUENCE, Shape,
};
use std::ops::Bound;

impl Changes {
    /// Whether a store of these kinds can make the changes; expectations are not looked at.
    ///
    /// # Errors
    /// [`CommitError::Refused`] for the first change whose kind is not among these, has another
    /// shape, or does not declare a field, or whose field has a value of another type.
    pub fn check(&self, kinds: &[&'static Kind]) -> Result<(), CommitError> {
        for (index, change) in self.list().iter().enumerate() {
            check_change(change, kinds).map_err(|problem| CommitError::Refused {
                reason: format!("change {index}: {problem}"),
            })?;
        }
        Ok(())
    }
}

impl Query {
    /// Whether a store of these kinds can answer the query.
    ///
    /// # Errors
    /// [`ReadError::Refused`] if the kind is not among these, if a condition or the order names a
    /// field that the kind does not declare or a value of another type, or if the cursor is none
    /// of this order.
    pub fn check(&self, kinds: &[&'static Kind]) -> Result<(), ReadError> {
        let check = || {
            let kind = declared(kinds, self.kind)?;
            self.conditions
                .iter()
                .try_for_each(|condition| check_condition(condition, kind))?;
            let order = order_type(self.order, kind)?;
            self.after
                .as_ref()
                .map_or(Ok(()), |cursor| check_cursor(cursor, order, kind))
        };
        check().map_err(|reason| ReadError::Refused { reason })
    }
}

fn check_change(change: &Change, kinds: &[&'static Kind]) -> Result<(), String> {
    let kind = declared(kinds, change.kind())?;
    match (change, kind.shape) {
        (Change::Put { record, .. }, Shape::Records) => check_record(record, kind),
        (Change::Delete { .. }, Shape::Records) | (Change::Append { .. }, Shape::Log) => Ok(()),
        (Change::Put { .. } | Change::Delete { .. }, Shape::Log) => {
            Err(format!("`{}` is a log, it is only appended to", kind.name))
        }
        (Change::Append { .. }, Shape::Records) => {
            Err(format!("`{}` is no log, its records are put", kind.name))
        }
    }
}

fn check_record(record: &Record, kind: &Kind) -> Result<(), String> {
    record.fields.iter().try_for_each(|(name, value)| {
        let field = kind.fields.iter().find(|field| field.name == *name);
        let field = field.ok_or_else(|| not_declared(kind, name))?;
        check_type(kind, name, field.field_type, value)
    })
}

fn check_condition(condition: &Condition, kind: &Kind) -> Result<(), String> {
    match condition {
        Condition::Equal(field, value) => check_values(kind, field, [value]),
        Condition::In(field, values) => check_values(kind, field, values),
        Condition::Range(field, from, to) => {
            check_values(kind, field, [from, to].into_iter().filter_map(limit))
        }
        Condition::Contains(field, _) => match condition_type(field, kind)? {
            FieldType::Text => Ok(()),
            FieldType::Int => Err(format!("`{}.{field}` holds no text to look in", kind.name)),
        },
        Condition::HasTag(..) => match kind.shape {
            Shape::Records => Ok(()),
            Shape::Log => Err(format!(
                "`{}` is a log, its entries have no tags",
                kind.name
            )),
        },
    }
}

fn check_values<'a>(
    kind: &Kind,
    field: &str,
    values: impl IntoIterator<Item = &'a FieldValue>,
) -> Result<(), String> {
    let field_type = condition_type(field, kind)?;
    values
        .into_iter()
        .try_for_each(|value| check_type(kind, field, field_type, value))
}

fn check_type(
    kind: &Kind,
    field: &str,
    wanted: FieldType,
    value: &FieldValue,
) -> Result<(), String> {
    match (wanted, value) {
        (FieldType::Text, FieldValue::Text(_)) | (FieldType::Int, FieldValue::Int(_)) => Ok(()),
        (FieldType::Text, FieldValue::Int(_)) => Err(format!(
            "`{}.{field}` holds text, not an integer",
            kind.name
        )),
        (FieldType::Int, FieldValue::Text(_)) => Err(format!(
            "`{}.{field}` holds an integer, not text",
            kind.name
        )),
    }
}

fn check_cursor(cursor: &Cursor, order: Order, kind: &Kind) -> Result<(), String> {
    let fits = match (order, &cursor.value) {
        (Order::Key | Order::Field(_), None) => true,
        (Order::Field(wanted), Some(value)) => check_type(kind, "", wanted, value).is_ok(),
        (Order::Sequence, Some(FieldValue::Int(number))) => *number >= 0,
        (Order::Key, Some(_)) | (Order::Sequence, _) => false,
    };
    if fits {
        Ok(())
    } else {
        Err("the cursor belongs to another order".to_owned())
    }
}

#[derive(Clone, Copy)]
enum Order {
    Key,
    Sequence,
    Field(FieldType),
}

fn order_type(order: &str, kind: &Kind) -> Result<Order, String> {
    match kind.shape {
        Shape::Log if order == SEQUENCE => Ok(Order::Sequence),
        Shape::Log => Err(format!(
            "`{}` is a log, it is ordered by `{SEQUENCE}` only",
            kind.name
        )),
        Shape::Records if order == KEY => Ok(Order::Key),
        Shape::Records => condition_type(order, kind).map(Order::Field),
    }
}

fn condition_type(field: &str, kind: &Kind) -> Result<FieldType, String> {
    if field == KEY {
        return Ok(FieldType::Text);
    }
    let at = kind
        .position(field)
        .ok_or_else(|| not_declared(kind, field))?;
    Ok(kind.fields[at].field_type)
}

fn declared(kinds: &[&'static Kind], wanted: &Kind) -> Result<&'static Kind, String> {
    match kinds.iter().find(|kind| kind.name == wanted.name) {
        Some(kind) if std::ptr::eq(*kind, wanted) || *kind == wanted => Ok(kind),
        Some(_) => Err(format!("the kind `{}` is declared otherwise", wanted.name)),
        None => Err(format!("the kind `{}` is not declared", wanted.name)),
    }
}

fn not_declared(kind: &Kind, field: &str) -> String {
    format!("`{}` does not declare the field `{field}`", kind.name)
}

fn limit(bound: &Bound<FieldValue>) -> Option<&FieldValue> {
    match bound {
        Bound::Included(value) | Bound::Excluded(value) => Some(value),
        Bound::Unbounded => None,
    }
}
