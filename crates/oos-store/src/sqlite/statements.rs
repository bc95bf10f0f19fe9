//! The statements that change a kind's tables.

use super::codec::Sealed;
use crate::{FieldType, FieldValue, Kind, Record};
use rusqlite::{Connection, OptionalExtension, Row, Statement, types::ValueRef};
use std::collections::BTreeMap;

/// Updates prepared for one kind; a record whose change needs yet another one is written whole.
const MAX_UPDATES: usize = 32;
/// A bit for each field: set if the column is written.
type Mask = u64;
const WHOLE: Mask = Mask::MAX;

pub(super) struct RecordStatements<'c> {
    connection: &'c Connection,
    kind: &'static Kind,
    /// The fields that no index holds: writing them costs nothing.
    unindexed: Mask,
    look: Statement<'c>,
    insert: Statement<'c>,
    updates: Vec<(Mask, Statement<'c>)>,
    remove: Statement<'c>,
    add_tag: Statement<'c>,
    remove_tag: Statement<'c>,
}

/// What a put has to know of the row before.
pub(super) struct Old {
    pub(super) version: i64,
    pub(super) blob: Option<i64>,
    pub(super) tags: Option<Vec<u8>>,
    /// The fields that a record would change.
    changed: Mask,
}

/// A record with what its row needs beside it.
pub(super) struct NewRow<'a> {
    pub(super) record: &'a Record,
    pub(super) version: i64,
    pub(super) blob: Option<i64>,
    pub(super) tags: Option<&'a [u8]>,
    pub(super) body: &'a [u8],
}

impl<'c> RecordStatements<'c> {
    pub(super) fn new(connection: &'c Connection, kind: &'static Kind) -> rusqlite::Result<Self> {
        let (name, fields) = (kind.name, kind.fields);
        let prepare = |sql: String| connection.prepare(&sql);
        let columns = fields.iter().map(|field| format!(", f_{}", field.name));
        let columns = columns.collect::<String>();
        let marks = (0..fields.len()).map(|at| format!(", ?{}", at + FIRST_FIELD));
        let marks = marks.collect::<String>();
        Ok(Self {
            connection,
            kind,
            unindexed: unindexed(kind),
            look: prepare(format!(
                "SELECT version, blob, tags{columns} FROM r_{name} WHERE key = ?1"
            ))?,
            insert: prepare(format!(
                "INSERT INTO r_{name} (key, version, checksum, blob, tags, body{columns})
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6{marks}) ON CONFLICT (key) DO NOTHING"
            ))?,
            updates: vec![(WHOLE, prepare(update(kind, WHOLE))?)],
            remove: prepare(format!("DELETE FROM r_{name} WHERE key = ?1"))?,
            add_tag: prepare(format!(
                "INSERT OR REPLACE INTO t_{name} VALUES (?1, ?2, ?3)"
            ))?,
            remove_tag: prepare(format!(
                "DELETE FROM t_{name} WHERE name = ?1 AND value = ?2 AND key = ?3"
            ))?,
        })
    }

    /// The row of a key, compared with a record that is to take its place.
    pub(super) fn look(
        &mut self,
        key: &str,
        record: Option<&Record>,
    ) -> rusqlite::Result<Option<Old>> {
        let kind = self.kind;
        let old = self.look.query_row([key], |row| {
            Ok(Old {
                version: row.get(0)?,
                blob: row.get(1)?,
                tags: row.get(2)?,
                changed: record.map_or(Ok(WHOLE), |record| changed(row, kind, record))?,
            })
        });
        old.optional()
    }

    /// Whether there was no row with this key, so that there is one now.
    pub(super) fn insert(&mut self, row: &NewRow<'_>) -> rusqlite::Result<bool> {
        bind(&mut self.insert, self.kind, row, WHOLE)?;
        self.insert.raw_execute().map(|rows| rows == 1)
    }

    pub(super) fn update(&mut self, row: &NewRow<'_>, old: &Old) -> rusqlite::Result<()> {
        let (place, mask) = self.update_for(old.changed | self.unindexed)?;
        let statement = &mut self.updates[place].1;
        bind(statement, self.kind, row, mask)?;
        statement.raw_execute().map(|_| ())
    }

    pub(super) fn remove(&mut self, key: &str) -> rusqlite::Result<()> {
        self.remove.execute([key]).map(|_| ())
    }

    pub(super) fn retag(
        &mut self,
        key: &str,
        old: &BTreeMap<String, String>,
        new: &BTreeMap<String, String>,
    ) -> rusqlite::Result<()> {
        for (name, value) in old {
            self.remove_tag.execute((name, value, key))?;
        }
        for (name, value) in new {
            self.add_tag.execute((name, value, key))?;
        }
        Ok(())
    }

    /// The update that leaves alone the indexes whose fields stay as they are.
    fn update_for(&mut self, mask: Mask) -> rusqlite::Result<(usize, Mask)> {
        if let Some(place) = self.updates.iter().position(|(known, _)| *known == mask) {
            return Ok((place, mask));
        }
        if self.updates.len() == MAX_UPDATES {
            return Ok((0, WHOLE));
        }
        let statement = self.connection.prepare(&update(self.kind, mask))?;
        self.updates.push((mask, statement));
        Ok((self.updates.len() - 1, mask))
    }
}

pub(super) struct LogStatements<'c> {
    last: Statement<'c>,
    insert: Statement<'c>,
    /// The number of the last entry, if it is known.
    number: Option<i64>,
}

impl<'c> LogStatements<'c> {
    pub(super) fn new(connection: &'c Connection, kind: &'static Kind) -> rusqlite::Result<Self> {
        let name = kind.name;
        Ok(Self {
            last: connection.prepare(&format!("SELECT max(number) FROM l_{name}"))?,
            insert: connection.prepare(&format!(
                "INSERT INTO l_{name} (number, stream, checksum, blob, body)
                    VALUES (?1, ?2, ?3, ?4, ?5)"
            ))?,
            number: None,
        })
    }

    pub(super) fn append(
        &mut self,
        stream: &str,
        body: &[u8],
        blob: Option<i64>,
    ) -> rusqlite::Result<()> {
        let last = match self.number {
            Some(last) => last,
            None => self
                .last
                .query_row([], |row| row.get::<_, Option<i64>>(0))?
                .unwrap_or(0),
        };
        let number = last.saturating_add(1);
        let sealed = Sealed {
            number,
            key: stream,
            fields: None,
            tags: None,
            blob,
            body,
        };
        self.insert
            .execute((number, stream, sealed.checksum(), blob, body))?;
        self.number = Some(number);
        Ok(())
    }

    /// Entries were taken back.
    pub(super) fn forget(&mut self) {
        self.number = None;
    }
}

/// The number of the first parameter that is a field.
const FIRST_FIELD: usize = 7;

fn update(kind: &Kind, mask: Mask) -> String {
    let fields = kind
        .fields
        .iter()
        .enumerate()
        .filter(|(at, _)| is_in(mask, *at));
    let fields = fields.map(|(at, field)| format!(", f_{} = ?{}", field.name, at + FIRST_FIELD));
    let fields = fields.collect::<String>();
    format!(
        "UPDATE r_{} SET version = ?2, checksum = ?3, blob = ?4, tags = ?5, body = ?6{fields}
            WHERE key = ?1",
        kind.name
    )
}

fn bind(
    statement: &mut Statement<'_>,
    kind: &Kind,
    row: &NewRow<'_>,
    mask: Mask,
) -> rusqlite::Result<()> {
    let record = row.record;
    let sealed = Sealed {
        number: row.version,
        key: &record.key,
        fields: Some(&record.fields),
        tags: row.tags,
        blob: row.blob,
        body: row.body,
    };
    statement.raw_bind_parameter(1, record.key.as_str())?;
    statement.raw_bind_parameter(2, row.version)?;
    statement.raw_bind_parameter(3, sealed.checksum())?;
    statement.raw_bind_parameter(4, row.blob)?;
    statement.raw_bind_parameter(5, row.tags)?;
    statement.raw_bind_parameter(6, row.body)?;
    for (at, field) in kind
        .fields
        .iter()
        .enumerate()
        .filter(|(at, _)| is_in(mask, *at))
    {
        let at = at + FIRST_FIELD;
        match record.fields.get(field.name) {
            None => statement.raw_bind_parameter(at, rusqlite::types::Null)?,
            Some(FieldValue::Int(value)) => statement.raw_bind_parameter(at, value)?,
            Some(FieldValue::Text(value)) => statement.raw_bind_parameter(at, value.as_str())?,
        }
    }
    Ok(())
}

fn changed(row: &Row<'_>, kind: &Kind, record: &Record) -> rusqlite::Result<Mask> {
    if kind.fields.len() > Mask::BITS as usize {
        return Ok(WHOLE);
    }
    let mut mask = 0;
    for (at, field) in kind.fields.iter().enumerate() {
        let new = record.fields.get(field.name);
        let same = match (row.get_ref(3 + at)?, new, field.field_type) {
            (ValueRef::Null, None, _) => true,
            (ValueRef::Integer(old), Some(FieldValue::Int(new)), FieldType::Int) => old == *new,
            (ValueRef::Text(old), Some(FieldValue::Text(new)), FieldType::Text) => {
                old == new.as_bytes()
            }
            _ => false,
        };
        if !same {
            mask |= 1 << at;
        }
    }
    Ok(mask)
}

fn unindexed(kind: &Kind) -> Mask {
    let indexed = |name: &str| kind.indexes.iter().any(|index| index.contains(&name));
    let places = kind.fields.iter().enumerate().take(Mask::BITS as usize);
    let unindexed = places.filter(|(_, field)| !indexed(field.name));
    unindexed.fold(0, |mask, (at, _)| mask | 1 << at)
}

/// Fields behind the last bit are always written.
fn is_in(mask: Mask, at: usize) -> bool {
    at >= Mask::BITS as usize || mask >> at & 1 == 1
}
