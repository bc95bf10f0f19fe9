//! The entries of one log.

use crate::{Condition, Cursor, Direction, FieldValue, KEY, Page, Query, Record, Shape};
use bytes::Bytes;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

#[derive(Default)]
pub(super) struct LogTable {
    /// The entry of number n is at n - 1: nothing is ever removed.
    entries: Vec<Entry>,
    /// The places of the entries of each stream, smallest first; never none.
    streams: BTreeMap<Arc<str>, Vec<usize>>,
}

struct Entry {
    stream: Arc<str>,
    body: Bytes,
}

/// Places of entries, smallest first.
enum Places<'a> {
    All,
    Stream(&'a [usize]),
    Several(Vec<usize>),
}

impl LogTable {
    pub(super) fn append(&mut self, stream: &str, body: Bytes) {
        let place = self.entries.len();
        let stream = if let Some(places) = self.streams.get_mut(stream) {
            let name = Arc::clone(&self.entries[places[0]].stream);
            places.push(place);
            name
        } else {
            let name = Arc::<str>::from(stream);
            self.streams.insert(Arc::clone(&name), vec![place]);
            name
        };
        self.entries.push(Entry { stream, body });
    }

    pub(super) fn read(&self, query: &Query) -> Page {
        let places = self.places(query);
        let total = query.count.then(|| self.count(&places, query));
        let wanted = if query.limit == 0 {
            0
        } else {
            query.limit.saturating_add(1)
        };
        let mut records = self.first(&places, query, wanted);
        let more = records.len() > query.limit;
        records.truncate(query.limit);
        let last = records.last().filter(|_| more);
        let next = last.map(|last| Cursor::behind(last, Shape::Log, query.order));
        Page {
            records,
            next,
            total,
        }
    }

    fn places(&self, query: &Query) -> Places<'_> {
        let stream = |value: &FieldValue| match value {
            FieldValue::Text(stream) => self
                .streams
                .get(stream.as_str())
                .map_or(&[][..], Vec::as_slice),
            FieldValue::Int(_) => &[],
        };
        for condition in &query.conditions {
            match condition {
                Condition::Equal(KEY, value) => return Places::Stream(stream(value)),
                Condition::In(KEY, values) => {
                    let distinct = values.iter().collect::<BTreeSet<_>>();
                    let mut places = distinct
                        .into_iter()
                        .flat_map(stream)
                        .copied()
                        .collect::<Vec<_>>();
                    places.sort_unstable();
                    return Places::Several(places);
                }
                _ => {}
            }
        }
        Places::All
    }

    fn count(&self, places: &Places<'_>, query: &Query) -> u64 {
        let count = |places: &[usize]| places.iter().filter(|at| self.fits(**at, query)).count();
        let found = match places {
            // All entries of a stream meet the same conditions.
            Places::Stream(places) => match places.first() {
                Some(first) if self.fits(*first, query) => places.len(),
                _ => 0,
            },
            Places::Several(places) => count(places),
            Places::All if query.conditions.is_empty() => self.entries.len(),
            Places::All => (0..self.entries.len())
                .filter(|at| self.fits(*at, query))
                .count(),
        };
        found as u64
    }

    fn first(&self, places: &Places<'_>, query: &Query, wanted: usize) -> Vec<Record> {
        let window = self.window(query);
        let places: Box<dyn DoubleEndedIterator<Item = usize>> = match places {
            Places::All => Box::new(window),
            Places::Stream(places) => Box::new(within(places, &window).iter().copied()),
            Places::Several(places) => Box::new(within(places, &window).iter().copied()),
        };
        let fits = |at: &usize| self.fits(*at, query);
        match query.direction {
            Direction::Ascending => places
                .filter(fits)
                .take(wanted)
                .map(|at| self.record(at))
                .collect(),
            Direction::Descending => places
                .rev()
                .filter(fits)
                .take(wanted)
                .map(|at| self.record(at))
                .collect(),
        }
    }

    /// The places behind the cursor of the query.
    fn window(&self, query: &Query) -> Range<usize> {
        let end = self.entries.len();
        let Some(cursor) = &query.after else {
            return 0..end;
        };
        let number = match cursor.value {
            Some(FieldValue::Int(number)) => usize::try_from(number).unwrap_or(usize::MAX),
            _ => 0,
        };
        match query.direction {
            Direction::Ascending => number.min(end)..end,
            Direction::Descending => 0..number.saturating_sub(1).min(end),
        }
    }

    fn fits(&self, at: usize, query: &Query) -> bool {
        query.meets_stream(&self.entries[at].stream)
    }

    fn record(&self, at: usize) -> Record {
        let entry = &self.entries[at];
        let mut record = Record::new(&*entry.stream).with_body(entry.body.clone());
        record.version = at as u64 + 1;
        record
    }
}

fn within<'a>(places: &'a [usize], window: &Range<usize>) -> &'a [usize] {
    let from = places.partition_point(|at| *at < window.start);
    let to = places.partition_point(|at| *at < window.end);
    &places[from..to.max(from)]
}
