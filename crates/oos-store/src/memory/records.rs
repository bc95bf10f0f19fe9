//! The records of one kind.

use super::{index::Index, plan::Plan};
use crate::{Condition, Cursor, Direction, FieldValue, KEY, Kind, Page, Query, Record};
use std::sync::Arc;

pub(super) struct RecordTable {
    by_key: Index,
    others: Vec<Index>,
}

/// What a read found, before it is copied.
pub(super) struct Found {
    records: Vec<Arc<Record>>,
    more: bool,
    total: Option<u64>,
}

impl RecordTable {
    pub(super) fn new(kind: &Kind) -> Self {
        let others = kind
            .indexes
            .iter()
            .map(|fields| Index::new(fields))
            .collect();
        Self {
            by_key: Index::new(&[]),
            others,
        }
    }

    pub(super) fn version(&self, key: &str) -> Option<u64> {
        self.by_key.get(key.as_bytes()).map(|record| record.version)
    }

    pub(super) fn put(&mut self, mut record: Record) {
        let old = self.by_key.get(record.key.as_bytes()).cloned();
        record.version = old.as_ref().map_or(0, |old| old.version) + 1;
        self.replace(old.as_deref(), Some(&Arc::new(record)));
    }

    pub(super) fn delete(&mut self, key: &str) {
        let old = self.by_key.get(key.as_bytes()).cloned();
        self.replace(old.as_deref(), None);
    }

    pub(super) fn find(&self, query: &Query) -> Found {
        let total = query.count.then(|| self.count(query));
        let wanted = if query.limit == 0 {
            0
        } else {
            query.limit.saturating_add(1)
        };
        let mut records = self.first(query, wanted);
        let more = records.len() > query.limit;
        records.truncate(query.limit);
        Found {
            records,
            more,
            total,
        }
    }

    fn count(&self, query: &Query) -> u64 {
        if let Some(key) = the_key(query) {
            return self
                .by_key
                .get(key)
                .is_some_and(|record| query.meets(record))
                .into();
        }
        let plan = Plan::choose(query, &self.by_key, &self.others);
        rows(plan).filter(|record| query.meets(record)).count() as u64
    }

    /// The first records behind the cursor, at most `wanted`.
    fn first(&self, query: &Query, wanted: usize) -> Vec<Arc<Record>> {
        let fits = |record: &&Arc<Record>| query.meets(record) && query.is_behind_start(record);
        if let Some(key) = the_key(query) {
            return self
                .by_key
                .get(key)
                .filter(fits)
                .into_iter()
                .take(wanted)
                .cloned()
                .collect();
        }
        let plan = Plan::choose(query, &self.by_key, &self.others).behind_cursor(query);
        let ordered = plan.ordered;
        let rows = rows(plan).filter(fits);
        match (ordered, query.direction) {
            (true, Direction::Ascending) => rows.take(wanted).cloned().collect(),
            (true, Direction::Descending) => rows.rev().take(wanted).cloned().collect(),
            (false, _) => smallest(rows.collect(), wanted, query),
        }
    }

    fn replace(&mut self, old: Option<&Record>, new: Option<&Arc<Record>>) {
        self.by_key.replace(old, new);
        for index in &mut self.others {
            index.replace(old, new);
        }
    }
}

impl Found {
    pub(super) fn into_page(self, query: &Query) -> Page {
        let last = self.records.last().filter(|_| self.more);
        let next = last.map(|last| Cursor::behind(last, query.kind.shape, query.order));
        let records = self
            .records
            .iter()
            .map(|record| Record::clone(record))
            .collect();
        Page {
            records,
            next,
            total: self.total,
        }
    }
}

/// The key of a query for one record.
fn the_key(query: &Query) -> Option<&[u8]> {
    query
        .conditions
        .iter()
        .find_map(|condition| match condition {
            Condition::Equal(KEY, FieldValue::Text(key)) => Some(key.as_bytes()),
            _ => None,
        })
}

fn rows(plan: Plan<'_>) -> impl DoubleEndedIterator<Item = &Arc<Record>> {
    let index = plan.index;
    plan.spans.into_iter().flat_map(|span| index.span(span))
}

fn smallest(mut rows: Vec<&Arc<Record>>, wanted: usize, query: &Query) -> Vec<Arc<Record>> {
    if wanted < rows.len() {
        rows.select_nth_unstable_by(wanted, |one, other| query.compare(one, other));
        rows.truncate(wanted);
    }
    rows.sort_unstable_by(|one, other| query.compare(one, other));
    rows.into_iter().cloned().collect()
}
