//! A store that keeps everything in memory.

mod index;
mod log;
mod plan;
mod records;

use crate::{
    BoxFuture, Change, Changes, CommitError, Expect, Kind, Page, Query, ReadError, Shape, Store,
};
use log::LogTable;
use records::RecordTable;
use std::{
    collections::HashMap,
    fmt,
    sync::{PoisonError, RwLock},
};

/// A store that keeps everything in memory, for simulations and for work that need not last.
///
/// Reads and commits are done while their future is first polled; none of them waits. The same
/// calls in the same order leave the same state and the same answers.
pub struct MemoryStore {
    kinds: Vec<&'static Kind>,
    /// One for each kind, in the same order.
    tables: RwLock<Vec<Table>>,
}

enum Table {
    Records(RecordTable),
    Log(LogTable),
}

impl MemoryStore {
    /// An empty store of these kinds. Of several kinds of one name the first counts.
    #[must_use]
    pub fn new(kinds: &[&'static Kind]) -> Self {
        let tables = kinds.iter().map(|kind| match kind.shape {
            Shape::Records => Table::Records(RecordTable::new(kind)),
            Shape::Log => Table::Log(LogTable::default()),
        });
        Self {
            kinds: kinds.to_vec(),
            tables: RwLock::new(tables.collect()),
        }
    }

    fn read_now(&self, query: &Query) -> Result<Page, ReadError> {
        query.check(&self.kinds)?;
        // A panic can not leave a table half changed, so a poisoned lock is as good as any.
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        match &tables[self.place(query.kind)] {
            Table::Log(table) => Ok(table.read(query)),
            Table::Records(table) => {
                let found = table.find(query);
                // Records are copied after the lock is given back.
                drop(tables);
                Ok(found.into_page(query))
            }
        }
    }

    fn commit_now(&self, changes: Changes) -> Result<(), CommitError> {
        changes.check(&self.kinds)?;
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        self.check_expectations(&tables, &changes)?;
        for change in changes.into_list() {
            let table = &mut tables[self.place(change.kind())];
            match (change, table) {
                (Change::Put { record, .. }, Table::Records(table)) => table.put(record),
                (Change::Delete { key, .. }, Table::Records(table)) => table.delete(&key),
                (Change::Append { stream, body, .. }, Table::Log(table)) => {
                    table.append(&stream, body);
                }
                (_, Table::Records(_) | Table::Log(_)) => unreachable!("the check knows shapes"),
            }
        }
        Ok(())
    }

    /// Compares each expectation with what the changes before it would leave.
    fn check_expectations(&self, tables: &[Table], changes: &Changes) -> Result<(), CommitError> {
        let mut left = HashMap::<(usize, &str), Option<u64>>::new();
        for (index, change) in changes.list().iter().enumerate() {
            let (key, expect, stays) = match change {
                Change::Put { record, expect, .. } => (record.key.as_str(), *expect, true),
                Change::Delete { key, expect, .. } => (key.as_str(), *expect, false),
                Change::Append { .. } => continue,
            };
            let place = self.place(change.kind());
            let before = left.get(&(place, key)).copied();
            let before = before.unwrap_or_else(|| tables[place].version(key));
            if !expect.is_met(before) {
                let (kind, key) = (self.kinds[place].name, key.to_owned());
                return Err(CommitError::Conflict { index, kind, key });
            }
            left.insert((place, key), stays.then(|| before.unwrap_or(0) + 1));
        }
        Ok(())
    }

    fn place(&self, wanted: &Kind) -> usize {
        let found = self.kinds.iter().position(|kind| kind.name == wanted.name);
        found.expect("the check lets only declared kinds pass")
    }
}

impl Store for MemoryStore {
    fn read(&self, query: Query) -> BoxFuture<'_, Result<Page, ReadError>> {
        Box::pin(async move { self.read_now(&query) })
    }

    fn commit(&self, changes: Changes) -> BoxFuture<'_, Result<(), CommitError>> {
        Box::pin(async move { self.commit_now(changes) })
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.kinds.iter().map(|kind| kind.name).collect::<Vec<_>>();
        f.debug_struct("MemoryStore")
            .field("kinds", &names)
            .finish_non_exhaustive()
    }
}

impl Table {
    fn version(&self, key: &str) -> Option<u64> {
        match self {
            Self::Records(table) => table.version(key),
            Self::Log(_) => None,
        }
    }
}

impl Expect {
    fn is_met(self, version: Option<u64>) -> bool {
        match self {
            Self::Absent => version.is_none(),
            Self::Version(wanted) => version == Some(wanted),
            Self::Any => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Record, conformance, tests::block_on};

    #[test]
    fn passes_the_suite() {
        block_on(conformance::all(|| async {
            MemoryStore::new(conformance::KINDS)
        }));
    }

    #[test]
    fn debug_shows_no_body() {
        static NOTE: Kind = Kind::records("note", &[], &[]);
        static DIARY: Kind = Kind::log("diary");
        let changes = Changes::new()
            .put(
                &NOTE,
                Record::new("a").with_body("confidential"),
                Expect::Any,
            )
            .append(&DIARY, "today", "confidential");
        let shown = format!("{changes:?}");
        assert!(
            shown.contains("12 bytes") && !shown.contains("confidential"),
            "{shown}"
        );
        let store = MemoryStore::new(&[&NOTE, &DIARY]);
        block_on(store.commit(changes)).expect("nothing is expected of the keys");
        assert_eq!(
            format!("{store:?}"),
            r#"MemoryStore { kinds: ["note", "diary"], .. }"#
        );
    }
}
