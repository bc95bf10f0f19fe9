//! What is appended, and how it is read.

use super::{BOTH, EVENT, ITEM, TRACE, commit, conflict, get, pages, put, read};
use crate::{Changes, Condition, Direction, Expect, KEY, Query, Record, SEQUENCE, Store};

async fn bodies(store: &dyn Store, query: Query) -> Vec<String> {
    let records = read(store, query).await.records;
    records
        .iter()
        .map(|record| String::from_utf8_lossy(&record.body).into_owned())
        .collect()
}

/// Entries `x0`, `y1`, `z2`, `x3` … of the streams `x`, `y` and `z`.
async fn fill(store: &dyn Store, count: usize) {
    for number in 0..count {
        let stream = ["x", "y", "z"][number % 3];
        commit(
            store,
            Changes::new().append(&EVENT, stream, format!("{stream}{number}")),
        )
        .await;
    }
}

pub(super) async fn streams_keep_their_order(store: &dyn Store) {
    let changes = Changes::new()
        .append(&EVENT, "x", "1")
        .append(&EVENT, "y", "2")
        .append(&EVENT, "x", "3")
        .append(&TRACE, "x", "4")
        .append(&EVENT, "", "5");
    commit(store, changes).await;
    commit(
        store,
        Changes::new()
            .append(&EVENT, "x", "")
            .append(&EVENT, "X", "6"),
    )
    .await;
    assert_eq!(bodies(store, Query::key(&EVENT, "x")).await, ["1", "3", ""]);
    assert_eq!(bodies(store, Query::key(&EVENT, "y")).await, ["2"]);
    assert_eq!(bodies(store, Query::key(&EVENT, "")).await, ["5"]);
    assert_eq!(bodies(store, Query::key(&TRACE, "x")).await, ["4"]);
    assert_eq!(
        bodies(store, Query::of(&EVENT)).await,
        ["1", "2", "3", "5", "", "6"]
    );
    let newest = Query::key(&EVENT, "x").ordered(SEQUENCE, Direction::Descending);
    assert_eq!(bodies(store, newest.clone()).await, ["", "3", "1"]);
    assert_eq!(bodies(store, newest.limit(1)).await, [""]);
}

pub(super) async fn numbers_grow_over_all_streams(store: &dyn Store) {
    fill(store, 7).await;
    let failed = Changes::new().append(&EVENT, "x", "never").put(
        &ITEM,
        Record::new("a"),
        Expect::Version(1),
    );
    conflict(store, failed).await;
    fill(store, 7).await;
    let entries = read(store, Query::of(&EVENT)).await.records;
    assert_eq!(entries.len(), 14);
    assert!(entries[0].version > 0, "a stored entry has a number");
    assert!(
        entries.is_sorted_by(|one, next| one.version < next.version),
        "{entries:?}"
    );
    assert!(
        entries
            .iter()
            .all(|entry| entry.fields.is_empty() && entry.tags.is_empty())
    );
    let stream = read(store, Query::key(&EVENT, "x")).await.records;
    let expected = entries
        .into_iter()
        .filter(|entry| entry.key == "x")
        .collect::<Vec<_>>();
    assert_eq!(
        stream, expected,
        "an entry has one number, however it is found"
    );
}

pub(super) async fn logs_are_paged_both_ways(store: &dyn Store) {
    fill(store, 30).await;
    for direction in BOTH {
        for query in [Query::of(&EVENT), Query::key(&EVENT, "y")] {
            let query = query.ordered(SEQUENCE, direction);
            let whole = read(store, query.clone().counted()).await;
            assert_eq!(whole.total, Some(whole.records.len() as u64));
            for limit in [1, 3, 9, 10, 11, 30] {
                let found = pages(store, query.clone(), limit).await;
                assert_eq!(found, whole.records, "in pages of {limit}: {query:?}");
            }
            let none = read(store, query.limit(0)).await;
            assert!(none.records.is_empty() && none.next.is_none());
        }
    }
    let newest = Query::key(&EVENT, "y").limit(9);
    let page = read(store, newest.clone()).await;
    assert!(page.next.is_some(), "there are ten");
    commit(store, Changes::new().append(&EVENT, "y", "late")).await;
    assert_eq!(
        bodies(store, newest.after(page.next)).await,
        ["y28", "late"]
    );
}

pub(super) async fn several_streams_are_merged(store: &dyn Store) {
    fill(store, 9).await;
    let streams = vec!["z".into(), "x".into(), "nowhere".into(), "x".into()];
    let query = Query::of(&EVENT)
        .filter(Condition::In(KEY, streams))
        .counted();
    assert_eq!(
        bodies(store, query.clone()).await,
        ["x0", "z2", "x3", "z5", "x6", "z8"]
    );
    assert_eq!(read(store, query.clone().limit(2)).await.total, Some(6));
    let keys = pages(store, query.clone(), 4)
        .await
        .into_iter()
        .map(|entry| entry.key);
    assert_eq!(keys.collect::<Vec<_>>(), ["x", "z", "x", "z", "x", "z"]);
    let narrowed = query.filter(Condition::Contains(KEY, "z".to_owned()));
    assert_eq!(bodies(store, narrowed).await, ["z2", "z5", "z8"]);
}

pub(super) async fn an_entry_and_its_record_are_one_commit(store: &dyn Store) {
    put(store, &ITEM, [Record::new("a")]).await;
    let changes = |version| {
        Changes::new().append(&EVENT, "a", "changed").put(
            &ITEM,
            Record::new("a").with("rank", 1),
            Expect::Version(version),
        )
    };
    assert_eq!(conflict(store, changes(7)).await.0, 1);
    assert!(bodies(store, Query::key(&EVENT, "a")).await.is_empty());
    commit(store, changes(1)).await;
    assert_eq!(bodies(store, Query::key(&EVENT, "a")).await, ["changed"]);
    assert_eq!(
        get(store, &ITEM, "a").await.map(|record| record.version),
        Some(2)
    );
}

pub(super) async fn an_unknown_stream_is_empty(store: &dyn Store) {
    fill(store, 3).await;
    let page = read(store, Query::key(&EVENT, "nowhere").counted()).await;
    assert!(
        page.records.is_empty() && page.next.is_none() && page.total == Some(0),
        "{page:?}"
    );
}
