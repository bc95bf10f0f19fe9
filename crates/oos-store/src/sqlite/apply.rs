//! Makes changes inside a transaction.

use super::{
    blob::Blobs,
    codec::{decode_tags, encode_tags},
    fault::Fault,
    statements::{LogStatements, NewRow, Old, RecordStatements},
};
use crate::{Change, Changes, Expect, Kind, Record, Shape};
use rusqlite::Connection;

/// All tables, ready to be changed.
pub(super) struct Tables<'c> {
    tables: Vec<(&'static Kind, Table<'c>)>,
    blobs: Blobs<'c>,
}

enum Table<'c> {
    Records(Box<RecordStatements<'c>>),
    Log(LogStatements<'c>),
}

/// Why changes are not made.
pub(super) enum Stop {
    Conflict {
        index: usize,
        kind: &'static str,
        key: String,
    },
    Fault(Fault),
}

impl<'c> Tables<'c> {
    pub(super) fn new(
        connection: &'c Connection,
        kinds: &[&'static Kind],
    ) -> rusqlite::Result<Self> {
        let table = |kind: &&'static Kind| {
            let table = match kind.shape {
                Shape::Records => {
                    Table::Records(Box::new(RecordStatements::new(connection, kind)?))
                }
                Shape::Log => Table::Log(LogStatements::new(connection, kind)?),
            };
            Ok((*kind, table))
        };
        Ok(Self {
            tables: kinds.iter().map(table).collect::<rusqlite::Result<_>>()?,
            blobs: Blobs::new(connection)?,
        })
    }

    /// Makes changes that were checked; stops at the first that can not be made, with those before
    /// it made.
    pub(super) fn apply(&mut self, changes: &Changes) -> Result<(), Stop> {
        for (index, change) in changes.list().iter().enumerate() {
            let wanted = change.kind();
            let table = self
                .tables
                .iter_mut()
                .find(|(kind, _)| kind.name == wanted.name);
            let blobs = &mut self.blobs;
            let made = match (change, table) {
                (Change::Put { record, expect, .. }, Some((_, Table::Records(table)))) => {
                    put(table, blobs, record, *expect)
                }
                (Change::Delete { key, expect, .. }, Some((_, Table::Records(table)))) => {
                    delete(table, blobs, key, *expect)
                }
                (Change::Append { stream, body, .. }, Some((_, Table::Log(table)))) => {
                    append(table, blobs, stream, body)
                }
                _ => unreachable!("the check knows kinds and shapes"),
            };
            if !made? {
                return Err(conflict(index, change));
            }
        }
        Ok(())
    }

    /// What was applied was taken back.
    pub(super) fn forget(&mut self) {
        for (_, table) in &mut self.tables {
            if let Table::Log(log) = table {
                log.forget();
            }
        }
    }
}

/// Whether the key holds what is expected; only then the record is put.
fn put(
    table: &mut RecordStatements<'_>,
    blobs: &mut Blobs<'_>,
    record: &Record,
    expect: Expect,
) -> Result<bool, Fault> {
    // Whether a key is free the insertion finds out itself: most records are new.
    let old = match expect {
        Expect::Absent => None,
        Expect::Version(_) | Expect::Any => table.look(&record.key, Some(record))?,
    };
    if !is_met(expect, old.as_ref()) {
        return Ok(false);
    }
    let tags = encode_tags(&record.tags);
    let (body, blob) = blobs.keep(&record.body)?;
    let row = NewRow {
        record,
        version: old.as_ref().map_or(0, |old| old.version).saturating_add(1),
        blob,
        tags: tags.as_deref(),
        body,
    };
    let old_tags = old.as_ref().and_then(|old| old.tags.as_deref());
    match &old {
        None if !table.insert(&row)? => return Ok(false),
        None => {}
        Some(old) => {
            table.update(&row, old)?;
            blobs.release(old.blob)?;
        }
    }
    if old_tags != tags.as_deref() {
        table.retag(&record.key, &readable(old_tags)?, &record.tags)?;
    }
    Ok(true)
}

fn delete(
    table: &mut RecordStatements<'_>,
    blobs: &mut Blobs<'_>,
    key: &str,
    expect: Expect,
) -> Result<bool, Fault> {
    let old = table.look(key, None)?;
    if !is_met(expect, old.as_ref()) {
        return Ok(false);
    }
    if let Some(old) = old {
        table.retag(
            key,
            &readable(old.tags.as_deref())?,
            &std::collections::BTreeMap::new(),
        )?;
        table.remove(key)?;
        blobs.release(old.blob)?;
    }
    Ok(true)
}

fn append(
    table: &mut LogStatements<'_>,
    blobs: &mut Blobs<'_>,
    stream: &str,
    body: &[u8],
) -> Result<bool, Fault> {
    let (body, blob) = blobs.keep(body)?;
    table.append(stream, body, blob)?;
    Ok(true)
}

fn readable(tags: Option<&[u8]>) -> Result<std::collections::BTreeMap<String, String>, Fault> {
    decode_tags(tags).ok_or_else(|| Fault::damage("the tags of a record can not be read"))
}

fn is_met(expect: Expect, old: Option<&Old>) -> bool {
    match (expect, old) {
        (Expect::Any, _) | (Expect::Absent, None) => true,
        (Expect::Absent, Some(_)) | (Expect::Version(_), None) => false,
        (Expect::Version(wanted), Some(old)) => u64::try_from(old.version) == Ok(wanted),
    }
}

fn conflict(index: usize, change: &Change) -> Stop {
    let key = match change {
        Change::Put { record, .. } => &record.key,
        Change::Delete { key, .. } => key,
        Change::Append { stream, .. } => stream,
    };
    let (kind, key) = (change.kind().name, key.clone());
    Stop::Conflict { index, kind, key }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
