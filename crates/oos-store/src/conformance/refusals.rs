//! What a store refuses.

use super::{EVENT, ITEM, NOTE, keys, read};
use crate::{
    Changes, CommitError, Condition, Cursor, Direction, Expect, Field, FieldValue, KEY, Kind,
    Query, ReadError, Record, SEQUENCE, Store,
};
use std::ops::Bound;

static UNKNOWN: Kind = Kind::records("suite_unknown", &[Field::text("team")], &[]);
static UNKNOWN_LOG: Kind = Kind::log("suite_unknown_log");
/// Has the name of a declared kind, but not its fields.
static OTHER_NOTE: Kind = Kind::records("suite_note", &[Field::int("team")], &[]);
static NOTE_AS_LOG: Kind = Kind::log("suite_note");

async fn refused(store: &dyn Store, changes: Changes) {
    let shown = format!("{changes:?}");
    match store.commit(changes).await {
        Err(CommitError::Refused { reason }) => assert!(!reason.is_empty(), "{shown}"),
        other => panic!("changes that have to be refused brought {other:?}\n{shown}"),
    }
}

async fn refused_read(store: &dyn Store, query: Query) {
    let shown = format!("{query:?}");
    match store.read(query).await {
        Err(ReadError::Refused { reason }) => assert!(!reason.is_empty(), "{shown}"),
        other => panic!("a query that has to be refused brought {other:?}\n{shown}"),
    }
}

pub(super) async fn changes_that_are_not_declared(store: &dyn Store) {
    let before = || {
        Changes::new()
            .put(&ITEM, Record::new("a"), Expect::Any)
            .append(&EVENT, "s", "x")
    };
    let record = || Record::new("b");
    let wrong = [
        Changes::new().put(&UNKNOWN, record(), Expect::Any),
        Changes::new().delete(&UNKNOWN, "b", Expect::Any),
        Changes::new().append(&UNKNOWN_LOG, "s", "x"),
        Changes::new().put(&OTHER_NOTE, record().with("team", 1), Expect::Any),
        Changes::new().append(&NOTE_AS_LOG, "s", "x"),
        Changes::new().put(&EVENT, record(), Expect::Any),
        Changes::new().delete(&EVENT, "s", Expect::Any),
        Changes::new().append(&ITEM, "s", "x"),
        Changes::new().put(&ITEM, record().with("colour", "red"), Expect::Any),
        Changes::new().put(&ITEM, record().with(KEY, "b"), Expect::Any),
        Changes::new().put(&ITEM, record().with("team", 1), Expect::Any),
        Changes::new().put(&ITEM, record().with("rank", "1"), Expect::Any),
    ];
    for changes in wrong {
        let mut all = before();
        all.extend(changes);
        refused(store, all).await;
        assert!(
            keys(store, Query::of(&ITEM)).await.is_empty(),
            "nothing may be changed"
        );
        assert!(
            read(store, Query::of(&EVENT)).await.records.is_empty(),
            "nothing may be changed"
        );
    }
}

pub(super) async fn queries_that_are_not_declared(store: &dyn Store) {
    let up = Direction::Ascending;
    let of = |kind, condition| Query::of(kind).filter(condition);
    let cursor = |value: Option<FieldValue>| {
        Some(Cursor {
            value,
            key: "a".to_owned(),
        })
    };
    let above =
        |value: FieldValue| Condition::Range("rank", Bound::Included(value), Bound::Unbounded);
    let below =
        |value: FieldValue| Condition::Range("team", Bound::Unbounded, Bound::Excluded(value));
    for query in [
        Query::of(&UNKNOWN),
        Query::of(&UNKNOWN_LOG),
        Query::of(&OTHER_NOTE),
        Query::of(&NOTE_AS_LOG),
        Query::of(&ITEM).equal("colour", "red"),
        Query::of(&ITEM).equal("team", 1),
        Query::of(&NOTE).equal("rank", "1"),
        Query::of(&ITEM).equal(KEY, 1),
        of(&ITEM, Condition::In("rank", vec![1.into(), "2".into()])),
        of(&ITEM, Condition::In("colour", Vec::new())),
        of(&ITEM, above("1".into())),
        of(&ITEM, below(1.into())),
        of(
            &ITEM,
            Condition::Range("colour", Bound::Unbounded, Bound::Unbounded),
        ),
        of(&ITEM, Condition::Contains("rank", "1".to_owned())),
        of(&ITEM, Condition::Contains("colour", String::new())),
        of(&EVENT, Condition::HasTag("env".to_owned(), None)),
        Query::of(&EVENT).equal("team", "red"),
        Query::of(&EVENT).equal(SEQUENCE, 1),
        Query::of(&ITEM).ordered("colour", up),
        Query::of(&ITEM).ordered(SEQUENCE, up),
        Query::of(&EVENT).ordered(KEY, up),
        Query::of(&ITEM).after(cursor(Some("a".into()))),
        Query::of(&ITEM)
            .ordered("rank", up)
            .after(cursor(Some("a".into()))),
        Query::of(&ITEM)
            .ordered("team", up)
            .after(cursor(Some(1.into()))),
        Query::of(&EVENT).after(cursor(None)),
        Query::of(&EVENT).after(cursor(Some("a".into()))),
        Query::of(&EVENT).after(cursor(Some((-1).into()))),
    ] {
        refused_read(store, query.clone()).await;
        refused_read(store, query.limit(0).counted()).await;
    }
}

pub(super) async fn refusal_before_conflict(store: &dyn Store) {
    let changes = Changes::new()
        .put(&ITEM, Record::new("a"), Expect::Version(3))
        .put(&ITEM, Record::new("b").with("rank", "1"), Expect::Any);
    refused(store, changes).await;
    assert!(keys(store, Query::of(&ITEM)).await.is_empty());
}
