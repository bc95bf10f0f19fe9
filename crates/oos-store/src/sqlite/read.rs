//! Reads one page from one state of the file.

use super::{
    blob,
    codec::{Sealed, decode_tags},
    fault::Fault,
    select::{Select, Value, segments},
};
use crate::{Cursor, FieldType, FieldValue, Kind, Page, Query, Record, Shape};
use bytes::Bytes;
use rusqlite::{Connection, Row, types::ValueRef};
use std::collections::BTreeMap;

pub(super) fn page(connection: &Connection, query: &Query) -> Result<Page, Fault> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    let page = page_of_state(connection, query);
    let ended = connection
        .prepare_cached("ROLLBACK")
        .and_then(|mut end| end.execute([]));
    let page = page?;
    ended?;
    Ok(page)
}

fn page_of_state(connection: &Connection, query: &Query) -> Result<Page, Fault> {
    let select = Select::of(query);
    let mut page = Page::default();
    if query.count {
        page.total = Some(count(connection, query, &select)?);
    }
    if query.limit == 0 {
        return Ok(page);
    }
    let wanted = query.limit.saturating_add(1);
    for segment in segments(query) {
        let left = wanted - page.records.len();
        let limit = if select.filtered { usize::MAX } else { left };
        let sql = select.page(&columns(query.kind.shape, declared(query.kind)), &segment);
        let values = select.values.iter().chain(&segment.values);
        let mut take = |record| {
            page.records.push(record);
            page.records.len() < wanted
        };
        each(connection, query, &select, (&sql, values, limit), &mut take)?;
        if page.records.len() == wanted {
            page.records.truncate(query.limit);
            let last = page.records.last();
            page.next = last.map(|last| Cursor::behind(last, query.kind.shape, query.order));
            break;
        }
    }
    Ok(page)
}

fn count(connection: &Connection, query: &Query, select: &Select<'_>) -> Result<u64, Fault> {
    if select.filtered {
        let mut total = 0;
        let sql = select.page(
            &columns(query.kind.shape, declared(query.kind)),
            &segments(&query.clone().after(None))[0],
        );
        let mut take = |_| {
            total += 1;
            true
        };
        let values = select.values.iter();
        each(
            connection,
            query,
            select,
            (&sql, values, usize::MAX),
            &mut take,
        )?;
        return Ok(total);
    }
    let mut statement = connection.prepare_cached(&select.count())?;
    for (at, value) in select.values.iter().enumerate() {
        bind(&mut statement, at + 1, value)?;
    }
    let mut rows = statement.raw_query();
    let total = rows.next()?.map_or(Ok(0), |row| row.get::<_, i64>(0))?;
    Ok(u64::try_from(total).unwrap_or(0))
}

/// Hands out records until one is not taken.
fn each<'v>(
    connection: &Connection,
    query: &Query,
    select: &Select<'_>,
    (sql, values, limit): (&str, impl Iterator<Item = &'v Value<'v>>, usize),
    take: &mut dyn FnMut(Record) -> bool,
) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut at = 0;
    for value in values {
        at += 1;
        bind(&mut statement, at, value)?;
    }
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    statement.raw_bind_parameter(at + 1, limit)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let record = record(connection, row, query.kind)?;
        match query.meets(&record) {
            true if !take(record) => break,
            false if !select.filtered => {
                let what = "an index does not fit what it points to";
                return Err(Fault::damage(what));
            }
            _ => {}
        }
    }
    Ok(())
}

fn bind(
    statement: &mut rusqlite::Statement<'_>,
    at: usize,
    value: &Value<'_>,
) -> rusqlite::Result<()> {
    match value {
        Value::Int(value) => statement.raw_bind_parameter(at, value),
        Value::Text(value) => statement.raw_bind_parameter(at, value),
    }
}

/// The columns that [`Unsealed::of`] takes.
pub(super) fn columns<'k>(
    shape: Shape,
    fields: impl Iterator<Item = (&'k str, FieldType)>,
) -> String {
    match shape {
        Shape::Log => "stream, number, checksum, blob, NULL, body".to_owned(),
        Shape::Records => {
            let names = fields.map(|(name, _)| format!("f_{name}"));
            let fixed = ["key, version, checksum, blob, tags, body".to_owned()];
            fixed
                .into_iter()
                .chain(names)
                .collect::<Vec<_>>()
                .join(", ")
        }
    }
}

fn declared(kind: &Kind) -> impl Iterator<Item = (&'static str, FieldType)> {
    kind.fields
        .iter()
        .map(|field| (field.name, field.field_type))
}

/// A row as it lies in the file.
pub(super) struct Unsealed<'k> {
    pub(super) key: String,
    pub(super) number: i64,
    pub(super) blob: Option<i64>,
    pub(super) tags: Option<Vec<u8>>,
    pub(super) body: Bytes,
    pub(super) fields: BTreeMap<&'k str, FieldValue>,
    checksum: i64,
}

impl<'k> Unsealed<'k> {
    /// A row, compared with its checksum.
    pub(super) fn of(
        row: &Row<'_>,
        declared: impl Iterator<Item = (&'k str, FieldType)>,
    ) -> Result<Self, Fault> {
        let row = Self {
            key: text(as_bytes(row.get_ref(0)?))?,
            number: row.get(1)?,
            checksum: row.get(2)?,
            blob: row.get(3)?,
            tags: row.get(4)?,
            body: Bytes::copy_from_slice(as_bytes(row.get_ref(5)?)),
            fields: fields(row, declared)?,
        };
        if row.seal() == row.checksum {
            Ok(row)
        } else {
            Err(Fault::damage("a record is not the one that was stored"))
        }
    }

    /// The checksum of what is here.
    pub(super) fn seal(&self) -> i64 {
        let sealed = Sealed {
            number: self.number,
            key: &self.key,
            fields: Some(&self.fields),
            tags: self.tags.as_deref(),
            blob: self.blob,
            body: &self.body,
        };
        sealed.checksum()
    }
}

fn fields<'k>(
    row: &Row<'_>,
    declared: impl Iterator<Item = (&'k str, FieldType)>,
) -> Result<BTreeMap<&'k str, FieldValue>, Fault> {
    let mut fields = BTreeMap::new();
    for (at, (name, field_type)) in declared.enumerate() {
        let value = match (row.get_ref(6 + at)?, field_type) {
            (ValueRef::Null, _) => continue,
            (ValueRef::Integer(value), FieldType::Int) => FieldValue::Int(value),
            (ValueRef::Text(value), FieldType::Text) => FieldValue::Text(text(value)?),
            _ => return Err(Fault::damage("a field has a value of another type")),
        };
        fields.insert(name, value);
    }
    Ok(fields)
}

fn record(connection: &Connection, row: &Row<'_>, kind: &Kind) -> Result<Record, Fault> {
    let row = Unsealed::of(row, declared(kind))?;
    let tags = decode_tags(row.tags.as_deref());
    let tags = tags.ok_or_else(|| Fault::damage("the tags of a record can not be read"))?;
    let body = match row.blob {
        Some(id) => blob::read(connection, id)?,
        None => row.body,
    };
    let mut record = Record::new(row.key).with_tags(tags).with_body(body);
    record.fields = row.fields;
    record.version = u64::try_from(row.number).unwrap_or(0);
    Ok(record)
}

fn as_bytes(value: ValueRef<'_>) -> &[u8] {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
        _ => &[],
    }
}

fn text(bytes: &[u8]) -> Result<String, Fault> {
    let text = std::str::from_utf8(bytes).map(str::to_owned);
    text.map_err(|_| Fault::damage("a text is no UTF-8"))
}
