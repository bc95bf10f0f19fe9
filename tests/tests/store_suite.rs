//! Each store passes the suite of stores, and does what a list without any index would do.

mod store_support;

use oos_store::{
    Change, Changes, CommitError, Condition, Cursor, Direction, Expect, Field, FieldValue, KEY,
    Kind, MemoryStore, Page, Query, Record, SEQUENCE, Shape, SqliteStore, Store, conformance,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use std::{cmp::Ordering, collections::BTreeMap, ops::Bound};
use store_support::{Temporary, block_on};

#[test]
fn memory_store_passes_each_case() {
    assert!(
        conformance::CASES.len() > 30,
        "the suite has lost its cases"
    );
    for case in conformance::CASES {
        println!("{}", case.name);
        block_on((case.run)(&MemoryStore::new(conformance::KINDS)));
    }
}

#[test]
fn sqlite_store_passes_each_case() {
    for case in conformance::CASES {
        println!("{}", case.name);
        let folder = Temporary::new();
        let store = SqliteStore::open(folder.path(), conformance::KINDS);
        block_on((case.run)(&store.expect("the folder is free")));
    }
}

static COUNTER: Kind = Kind::records("counter", &[], &[]);

#[test]
fn threads_lose_no_commit() {
    let folder = Temporary::new();
    let sqlite = SqliteStore::open(folder.path(), &[&COUNTER]).expect("the folder is free");
    let stores: [&dyn Store; 2] = [&MemoryStore::new(&[&COUNTER]), &sqlite];
    stores.into_iter().for_each(count_to_200);
}

fn count_to_200(store: &dyn Store) {
    let add_one = || loop {
        let page = block_on(store.read(Query::key(&COUNTER, "c"))).expect("the kind is declared");
        let expect = page
            .records
            .first()
            .map_or(Expect::Absent, |old| Expect::Version(old.version));
        match block_on(store.commit(Changes::new().put(&COUNTER, Record::new("c"), expect))) {
            Ok(()) => return,
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..50).for_each(|_| add_one()));
        }
    });
    let page = block_on(store.read(Query::key(&COUNTER, "c"))).expect("the kind is declared");
    assert_eq!(page.records[0].version, 200);
}

const FIELDS: &[Field] = &[Field::text("team"), Field::int("rank"), Field::int("due")];

static INDEXED: Kind = Kind::records(
    "indexed",
    FIELDS,
    &[
        &["team", "rank"],
        &["due"],
        &["team"],
        &["rank", "team", "due"],
    ],
);
static PLAIN: Kind = Kind::records("plain", FIELDS, &[]);
static LOG: Kind = Kind::log("log");

const TEXTS: &[&str] = &["", "\0", "a", "a\0", "ab", "b", "é", "键"];

/// Records and entries in lists, searched from end to end.
#[derive(Default, Clone)]
struct Model {
    records: Vec<(&'static str, Record)>,
    entries: Vec<Record>,
}

impl Model {
    /// The index of the first change that can not be made.
    fn commit(&mut self, changes: &[Change]) -> Result<(), usize> {
        let mut next = self.clone();
        for (index, change) in changes.iter().enumerate() {
            next.apply(change).ok_or(index)?;
        }
        *self = next;
        Ok(())
    }

    fn apply(&mut self, change: &Change) -> Option<()> {
        match change {
            Change::Put {
                kind,
                record,
                expect,
            } => {
                let before = self.take(kind, &record.key, *expect)?;
                let mut record = record.clone();
                record.version = before + 1;
                self.records.push((kind.name, record));
            }
            Change::Delete { kind, key, expect } => {
                self.take(kind, key, *expect)?;
            }
            Change::Append { stream, body, .. } => {
                self.entries
                    .push(Record::new(stream.clone()).with_body(body.clone()));
            }
        }
        Some(())
    }

    /// Removes a record and gives its version, 0 if there is none; nothing if another is expected.
    fn take(&mut self, kind: &Kind, key: &str, expect: Expect) -> Option<u64> {
        let found = |(name, record): &(&str, Record)| *name == kind.name && record.key == key;
        let version = self
            .records
            .iter()
            .find(|held| found(held))
            .map(|(_, held)| held.version);
        let fits = match expect {
            Expect::Any => true,
            Expect::Absent => version.is_none(),
            Expect::Version(wanted) => version == Some(wanted),
        };
        self.records.retain(|held| !(fits && found(held)));
        fits.then_some(version.unwrap_or(0))
    }

    /// All records of a query in its order; entries are numbered from 1 without a hole.
    fn read(&self, query: &Query) -> Vec<Record> {
        let all = match query.kind.shape {
            Shape::Records => {
                let of_kind = self
                    .records
                    .iter()
                    .filter(|(name, _)| *name == query.kind.name);
                of_kind.map(|(_, record)| record.clone()).collect()
            }
            Shape::Log => numbered(&self.entries),
        };
        let meets = |record: &Record| query.conditions.iter().all(|wanted| holds(wanted, record));
        let mut found = all.into_iter().filter(meets).collect::<Vec<_>>();
        found.sort_by(|one, other| order(query, one, other));
        found
    }
}

fn numbered(entries: &[Record]) -> Vec<Record> {
    let number = |(at, entry): (u64, &Record)| {
        let mut entry = entry.clone();
        entry.version = at;
        entry
    };
    (1..).zip(entries).map(number).collect()
}

fn value(record: &Record, field: &str) -> Option<FieldValue> {
    if field == KEY {
        Some(record.key.as_str().into())
    } else {
        record.fields.get(field).cloned()
    }
}

fn holds(condition: &Condition, record: &Record) -> bool {
    match condition {
        Condition::Equal(field, wanted) => value(record, field).as_ref() == Some(wanted),
        Condition::In(field, wanted) => value(record, field).is_some_and(|v| wanted.contains(&v)),
        Condition::Range(field, from, to) => value(record, field).is_some_and(|v| {
            let above = match from {
                Bound::Included(bound) => v >= *bound,
                Bound::Excluded(bound) => v > *bound,
                Bound::Unbounded => true,
            };
            let below = match to {
                Bound::Included(bound) => v <= *bound,
                Bound::Excluded(bound) => v < *bound,
                Bound::Unbounded => true,
            };
            above && below
        }),
        Condition::Contains(field, part) => match value(record, field) {
            Some(FieldValue::Text(text)) => text.contains(part),
            _ => false,
        },
        Condition::HasTag(name, None) => record.tags.contains_key(name),
        Condition::HasTag(name, Some(wanted)) => record.tags.get(name) == Some(wanted),
    }
}

fn order(query: &Query, one: &Record, other: &Record) -> Ordering {
    let place = |record: &Record| match query.order {
        SEQUENCE => (None, record.version, String::new()),
        field => (value(record, field), 0, record.key.clone()),
    };
    let ordering = place(one).cmp(&place(other));
    if query.direction == Direction::Descending {
        ordering.reverse()
    } else {
        ordering
    }
}

fn text() -> impl Strategy<Value = String> {
    select(TEXTS).prop_map(str::to_owned)
}

fn int() -> impl Strategy<Value = i64> {
    prop_oneof![4 => -1..3_i64, 1 => select(&[i64::MIN, i64::MAX][..])]
}

fn record() -> impl Strategy<Value = Record> {
    let fields = (option::of(text()), option::of(int()), option::of(int()));
    let tags = proptest::collection::btree_map(select(&["env", "owner"][..]), text(), 0..2);
    (text(), fields, tags, vec(any::<u8>(), 0..4)).prop_map(
        |(key, (team, rank, due), tags, body)| {
            let record = Record::new(key)
                .with_some("team", team)
                .with_some("rank", rank);
            let tags = tags
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value));
            record.with_some("due", due).with_tags(tags).with_body(body)
        },
    )
}

fn expect() -> impl Strategy<Value = Expect> {
    prop_oneof![
        6 => Just(Expect::Any),
        1 => Just(Expect::Absent),
        1 => (0..4_u64).prop_map(Expect::Version),
    ]
}

fn kind() -> impl Strategy<Value = &'static Kind> {
    prop_oneof![3 => Just(&INDEXED), 1 => Just(&PLAIN)]
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        5 => (kind(), record(), expect())
            .prop_map(|(kind, record, expect)| Change::Put { kind, record, expect }),
        1 => (kind(), text(), expect())
            .prop_map(|(kind, key, expect)| Change::Delete { kind, key, expect }),
        2 => (text(), vec(any::<u8>(), 0..4))
            .prop_map(|(stream, body)| Change::Append { kind: &LOG, stream, body: body.into() }),
    ]
}

fn changes(list: Vec<Change>) -> Changes {
    list.into_iter()
        .fold(Changes::new(), |changes, change| match change {
            Change::Put {
                kind,
                record,
                expect,
            } => changes.put(kind, record, expect),
            Change::Delete { kind, key, expect } => changes.delete(kind, key, expect),
            Change::Append { kind, stream, body } => changes.append(kind, stream, body),
        })
}

/// A condition on a field of values like this.
fn on(
    field: &'static str,
    value: impl Strategy<Value = FieldValue> + Clone + 'static,
) -> BoxedStrategy<Condition> {
    let bound = prop_oneof![
        value.clone().prop_map(Bound::Included),
        value.clone().prop_map(Bound::Excluded),
        Just(Bound::Unbounded),
    ];
    let several = vec(value.clone(), 0..4);
    prop_oneof![
        value.prop_map(move |value| Condition::Equal(field, value)),
        several.prop_map(move |values| Condition::In(field, values)),
        (bound.clone(), bound).prop_map(move |(from, to)| Condition::Range(field, from, to)),
    ]
    .boxed()
}

fn on_text(field: &'static str) -> impl Strategy<Value = Condition> {
    let contains = text().prop_map(move |part| Condition::Contains(field, part));
    prop_oneof![3 => on(field, select(TEXTS).prop_map(FieldValue::from)), 1 => contains]
}

fn on_int(field: &'static str) -> BoxedStrategy<Condition> {
    on(
        field,
        select(&[i64::MIN, -1, 0, 1, 2, i64::MAX][..]).prop_map(FieldValue::from),
    )
}

fn condition() -> impl Strategy<Value = Condition> {
    let tag = (select(&["env", "owner", "none"][..]), option::of(text()))
        .prop_map(|(name, value)| Condition::HasTag(name.to_owned(), value));
    prop_oneof![
        3 => on_text("team"),
        3 => on_int("rank"),
        2 => on_int("due"),
        1 => on_text(KEY),
        1 => tag,
    ]
}

fn query() -> impl Strategy<Value = Query> {
    let up = any::<bool>().prop_map(|up| {
        if up {
            Direction::Ascending
        } else {
            Direction::Descending
        }
    });
    let order = select(&[KEY, "team", "rank", "due"][..]);
    let of_records = (kind(), vec(condition(), 0..4), order, up.clone());
    let of_log = (Just(&LOG), vec(on_text(KEY), 0..2), Just(SEQUENCE), up);
    let of_log = of_log.prop_map(|(kind, conditions, order, direction)| {
        let all = Query::of(kind).ordered(order, direction);
        conditions.into_iter().fold(all, Query::filter)
    });
    let of_records = of_records.prop_map(|(kind, conditions, order, direction)| {
        let all = Query::of(kind).ordered(order, direction);
        conditions.into_iter().fold(all, Query::filter)
    });
    prop_oneof![4 => of_records, 1 => of_log]
}

fn read(store: &dyn Store, query: &Query) -> Page {
    block_on(store.read(query.clone())).expect("all that is asked for is declared")
}

/// Every page until the end, each cursor by way of its text.
fn pages(store: &dyn Store, query: &Query, limit: usize) -> Vec<Record> {
    let (mut found, mut query) = (Vec::new(), query.clone().limit(limit));
    loop {
        let page = read(store, &query);
        found.extend(page.records);
        let Some(next) = page.next else { return found };
        let next = Cursor::decode(&next.encode());
        query = query.after(Some(next.expect("a cursor can be read back")));
        assert!(found.len() < 10_000, "the pages do not end");
    }
}

static KINDS: &[&Kind] = &[&INDEXED, &PLAIN, &LOG];

fn check_commit(
    store: &dyn Store,
    model: &mut Model,
    list: Vec<Change>,
) -> Result<(), TestCaseError> {
    let expected = model.commit(&list);
    let answer = match block_on(store.commit(changes(list))) {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict { index, .. }) => Err(index),
        Err(other) => panic!("{other}"),
    };
    prop_assert_eq!(answer, expected);
    Ok(())
}

fn check_query(
    store: &dyn Store,
    model: &Model,
    query: &Query,
    limit: usize,
) -> Result<(), TestCaseError> {
    let expected = model.read(query);
    let page = read(store, &query.clone().counted());
    prop_assert_eq!(page.total, Some(expected.len() as u64));
    prop_assert_eq!(&page.records, &expected);
    prop_assert_eq!(pages(store, query, limit), expected);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn sqlite_store_does_what_lists_do(
        rounds in vec((vec(vec(change(), 1..6), 1..9), vec((query(), 1..5_usize), 6)), 1..4),
    ) {
        let (folder, mut model) = (Temporary::new(), Model::default());
        for (commits, queries) in rounds {
            let store = SqliteStore::open(folder.path(), KINDS).expect("the folder is free again");
            for list in commits {
                check_commit(&store, &mut model, list)?;
            }
            for (query, limit) in queries {
                check_query(&store, &model, &query, limit)?;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn memory_store_does_what_lists_do(
        commits in vec(vec(change(), 1..6), 1..25),
        queries in vec((query(), 1..5_usize), 12),
    ) {
        let (store, mut model) = (MemoryStore::new(KINDS), Model::default());
        for list in commits {
            check_commit(&store, &mut model, list)?;
        }
        for (query, limit) in queries {
            check_query(&store, &model, &query, limit)?;
        }
    }

    #[test]
    fn a_cursor_of_any_query_is_read_or_refused_but_never_panics(
        records in vec(record(), 0..8),
        query in query(),
        key in text(),
        number in any::<i64>(),
    ) {
        let store = MemoryStore::new(&[&INDEXED, &PLAIN, &LOG]);
        let put = records.into_iter().fold(Changes::new(), |all, one| {
            all.append(&LOG, one.key.clone(), one.body.clone()).put(&INDEXED, one, Expect::Any)
        });
        block_on(store.commit(put)).expect("nothing is expected");
        let due = Record::new(key).with("due", number).with("rank", number).with("team", "a");
        let all = read(&store, &query);
        for order in [KEY, "due", "team"] {
            let cursor = Cursor::behind(&due, Shape::Records, order);
            if let Ok(page) = block_on(store.read(query.clone().after(Some(cursor)))) {
                prop_assert!(all.records.ends_with(&page.records), "{page:?} is no end of {all:?}");
            }
        }
    }

    #[test]
    fn hostile_cursor_texts_do_no_harm(text in "[A-Za-z0-9_-]{0,40}|\\PC{0,20}") {
        if let Some(cursor) = Cursor::decode(&text) {
            prop_assert_eq!(cursor.encode(), text);
        }
    }
}

#[test]
fn the_model_knows_a_wrong_answer() {
    let mut model = Model::default();
    let put = |rank: i64| Change::Put {
        kind: &PLAIN,
        record: Record::new("a").with("rank", rank),
        expect: Expect::Absent,
    };
    assert_eq!(model.commit(&[put(1), put(2)]), Err(1));
    assert!(model.read(&Query::of(&PLAIN)).is_empty());
    assert_eq!(model.commit(&[put(1)]), Ok(()));
    let found = model.read(&Query::of(&PLAIN).equal("rank", 1));
    assert_eq!(
        found[0].fields,
        BTreeMap::from([("rank", FieldValue::Int(1))])
    );
}
