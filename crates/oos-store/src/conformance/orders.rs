//! In which order records come, and how pages follow each other.

use super::{BOTH, ITEM, NOTE, check_keys, commit, keys, pages, put, read};
use crate::{Changes, Cursor, Direction, Expect, KEY, Query, Record, Store};

pub(super) async fn keys_are_ordered_by_bytes(store: &dyn Store) {
    let ordered = [
        "", "A", "B", "a", "a b", "a-", "a1", "aa", "z", "é", "ö", "键", "\u{ffff}", "😀",
    ];
    let mut mixed = ordered;
    mixed.reverse();
    mixed.swap(3, 9);
    for kind in [&ITEM, &NOTE] {
        put(
            store,
            kind,
            mixed.map(|key| Record::new(key).with("name", key)),
        )
        .await;
    }
    check_keys(store, Query::of, &ordered).await;
    check_keys(
        store,
        |kind| Query::of(kind).ordered("name", Direction::Ascending),
        &ordered,
    )
    .await;
    let mut turned = ordered;
    turned.reverse();
    check_keys(
        store,
        |kind| Query::of(kind).ordered(KEY, Direction::Descending),
        &turned,
    )
    .await;
    check_keys(
        store,
        |kind| Query::of(kind).ordered("name", Direction::Descending),
        &turned,
    )
    .await;
}

pub(super) async fn missing_values_are_smallest(store: &dyn Store) {
    for kind in [&ITEM, &NOTE] {
        let some = [("d", i64::MIN), ("b", 0), ("c", i64::MAX)];
        put(
            store,
            kind,
            some.map(|(key, rank)| Record::new(key).with("rank", rank)),
        )
        .await;
        put(store, kind, [Record::new("z"), Record::new("a")]).await;
    }
    let up = ["a", "z", "d", "b", "c"];
    check_keys(
        store,
        |kind| Query::of(kind).ordered("rank", Direction::Ascending),
        &up,
    )
    .await;
    let down = ["c", "b", "d", "z", "a"];
    check_keys(
        store,
        |kind| Query::of(kind).ordered("rank", Direction::Descending),
        &down,
    )
    .await;
}

pub(super) async fn ties_are_ordered_by_key(store: &dyn Store) {
    for kind in [&ITEM, &NOTE] {
        let records = [("c", 1, 9), ("a", 1, 5), ("b", 0, 7), ("d", 0, 1)];
        let records = records.map(|(key, rank, due)| {
            Record::new(key)
                .with("team", "t")
                .with("name", "n")
                .with("rank", rank)
                .with("due", due)
        });
        put(store, kind, records).await;
    }
    let by = |field, direction| move |kind| Query::of(kind).ordered(field, direction);
    let [up, down] = BOTH;
    check_keys(store, by("rank", up), &["b", "d", "a", "c"]).await;
    check_keys(store, by("rank", down), &["c", "a", "d", "b"]).await;
    check_keys(store, by("team", down), &["d", "c", "b", "a"]).await;
    let of_team = |field, direction| move |kind| by(field, direction)(kind).equal("team", "t");
    check_keys(store, of_team("rank", down), &["c", "a", "d", "b"]).await;
    check_keys(store, of_team("name", up), &["a", "b", "c", "d"]).await;
    check_keys(store, of_team("due", down), &["c", "b", "a", "d"]).await;
    check_keys(store, of_team("team", down), &["d", "c", "b", "a"]).await;
}

/// Sixty records; ranks and teams are shared by many and lacking in some.
async fn fill(store: &dyn Store) {
    for kind in [&ITEM, &NOTE] {
        let records = (0..60_i64).map(|number| {
            Record::new(format!("k{:02}", number * 37 % 60))
                .with_some("rank", (number % 5 != 0).then_some(number % 4))
                .with_some(
                    "team",
                    (number % 7 != 0).then_some(if number % 2 == 0 { "red" } else { "blue" }),
                )
                .with_some("name", (number % 3 != 0).then_some("same"))
        });
        put(store, kind, records).await;
    }
}

pub(super) async fn pages_lose_and_repeat_nothing(store: &dyn Store) {
    fill(store).await;
    for kind in [&ITEM, &NOTE] {
        for direction in BOTH {
            for field in [KEY, "rank", "team", "name", "due"] {
                let all = Query::of(kind).ordered(field, direction);
                for query in [
                    all.clone(),
                    all.clone().equal("team", "red"),
                    all.equal("rank", 1),
                ] {
                    let whole = read(store, query.clone()).await;
                    assert_eq!(whole.next, None, "all are on one page: {query:?}");
                    for limit in [1, 2, 7, 59, 60, 61] {
                        let found = pages(store, query.clone(), limit).await;
                        assert_eq!(found, whole.records, "in pages of {limit}: {query:?}");
                    }
                }
            }
        }
    }
}

pub(super) async fn pages_go_on_while_records_change(store: &dyn Store) {
    for kind in [&ITEM, &NOTE] {
        for direction in BOTH {
            let fresh = ["a", "b", "c", "d", "e"].map(|key| Record::new(key).with("rank", 1));
            put(store, kind, fresh).await;
            let query = Query::of(kind).ordered("rank", direction).limit(3);
            let first = read(store, query.clone()).await;
            assert_eq!(first.records[2].key, "c");
            commit(store, Changes::new().delete(kind, "c", Expect::Any)).await;
            let rest = keys(store, query.after(first.next)).await;
            let expected = match direction {
                Direction::Ascending => ["d", "e"],
                Direction::Descending => ["b", "a"],
            };
            assert_eq!(
                rest, expected,
                "the record of the cursor need not be there any more"
            );
        }
    }
}

pub(super) async fn limits(store: &dyn Store) {
    fill(store).await;
    for kind in [&ITEM, &NOTE] {
        for query in [
            Query::of(kind),
            Query::of(kind).ordered("rank", Direction::Descending),
        ] {
            let none = read(store, query.clone().limit(0)).await;
            assert!(none.records.is_empty() && none.next.is_none(), "{none:?}");
            let one = read(store, query.clone().limit(1)).await;
            assert_eq!((one.records.len(), one.next.is_some()), (1, true));
            let exact = read(store, query.clone().limit(60)).await;
            assert_eq!(
                (exact.records.len(), exact.next),
                (60, None),
                "nothing is left"
            );
            let most = read(store, query.limit(usize::MAX)).await;
            assert_eq!((most.records.len(), most.next), (60, None));
        }
        let key = read(store, Query::key(kind, "k00").limit(1)).await;
        assert_eq!((key.records.len(), key.next), (1, None));
        assert!(
            keys(store, Query::key(kind, "k00").limit(0))
                .await
                .is_empty()
        );
    }
}

pub(super) async fn pages_of_one_value(store: &dyn Store) {
    fill(store).await;
    for kind in [&ITEM, &NOTE] {
        let all = || Query::of(kind).ordered("rank", Direction::Ascending);
        let page = read(store, all().equal("rank", 2).limit(4)).await;
        let below = read(store, all().equal("rank", 1).after(page.next.clone())).await;
        assert!(
            below.records.is_empty(),
            "the cursor stands behind all of them"
        );
        let above = read(store, all().equal("rank", 3).after(page.next.clone())).await;
        let whole = read(store, all().equal("rank", 3)).await;
        assert_eq!(
            above.records, whole.records,
            "the cursor stands before all of them"
        );
    }
}

pub(super) async fn cursors_travel_as_text(store: &dyn Store) {
    fill(store).await;
    for field in [KEY, "rank", "team"] {
        let query = Query::of(&ITEM)
            .ordered(field, Direction::Descending)
            .limit(13);
        let page = read(store, query.clone()).await;
        let next = page.next.expect("there are more than 13");
        let read_back = Cursor::decode(&next.encode());
        assert_eq!(read_back.as_ref(), Some(&next));
        let rest = keys(store, query.clone().after(read_back)).await;
        assert_eq!(rest, keys(store, query.after(Some(next))).await);
    }
}
