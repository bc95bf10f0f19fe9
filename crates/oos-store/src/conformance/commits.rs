//! What commits do, and what failed ones do not.

use super::{EVENT, ITEM, NOTE, commit, conflict, get, keys, put, read, version};
use crate::{BoxFuture, Changes, CommitError, Expect, Query, Record, Store};
use std::{
    future::poll_fn,
    task::{Context, Poll, Waker},
};

pub(super) async fn puts_are_read_back(store: &dyn Store) {
    assert_eq!(get(store, &ITEM, "a").await, None);
    let record = Record::new("a")
        .with("team", "red")
        .with("rank", i64::MIN)
        .with("due", i64::MAX)
        .with_tags([
            ("env".to_owned(), "test".to_owned()),
            (String::new(), String::new()),
        ])
        .with_body(&b"\x00\xff not text \x80"[..]);
    commit(
        store,
        Changes::new().put(&ITEM, record.clone(), Expect::Absent),
    )
    .await;
    let mut stored = record;
    stored.version = 1;
    assert_eq!(get(store, &ITEM, "a").await, Some(stored));
    put(store, &ITEM, [Record::new("")]).await;
    assert_eq!(
        version(store, &ITEM, "").await,
        Some(1),
        "the empty text is a key"
    );
}

pub(super) async fn versions_count_puts(store: &dyn Store) {
    for expected in 1..=3 {
        let mut record = Record::new("a").with_body(vec![7; 3]);
        record.version = 99;
        put(store, &ITEM, [record]).await;
        assert_eq!(version(store, &ITEM, "a").await, Some(expected));
    }
    commit(store, Changes::new().delete(&ITEM, "a", Expect::Any)).await;
    put(store, &ITEM, [Record::new("a")]).await;
    assert_eq!(
        version(store, &ITEM, "a").await,
        Some(1),
        "a new record begins anew"
    );
}

pub(super) async fn absent_wants_nothing(store: &dyn Store) {
    let changes = || Changes::new().put(&ITEM, Record::new("a"), Expect::Absent);
    commit(store, changes()).await;
    assert_eq!(
        conflict(store, changes()).await,
        (0, ITEM.name, "a".to_owned())
    );
    assert_eq!(version(store, &ITEM, "a").await, Some(1));
    conflict(store, Changes::new().delete(&ITEM, "a", Expect::Absent)).await;
    assert_eq!(version(store, &ITEM, "a").await, Some(1));
    commit(store, Changes::new().delete(&ITEM, "b", Expect::Absent)).await;
}

pub(super) async fn version_wants_that_version(store: &dyn Store) {
    let changes = |version| {
        Changes::new().put(
            &ITEM,
            Record::new("a").with("rank", 5),
            Expect::Version(version),
        )
    };
    assert_eq!(
        conflict(store, changes(1)).await,
        (0, ITEM.name, "a".to_owned())
    );
    conflict(store, changes(0)).await;
    put(store, &ITEM, [Record::new("a")]).await;
    conflict(store, changes(2)).await;
    conflict(store, changes(u64::MAX)).await;
    commit(store, changes(1)).await;
    conflict(store, changes(1)).await;
    conflict(store, Changes::new().delete(&ITEM, "a", Expect::Version(1))).await;
    assert_eq!(version(store, &ITEM, "a").await, Some(2));
    commit(store, Changes::new().delete(&ITEM, "a", Expect::Version(2))).await;
    assert_eq!(get(store, &ITEM, "a").await, None);
}

pub(super) async fn any_takes_everything(store: &dyn Store) {
    put(store, &ITEM, [Record::new("a").with("rank", 1)]).await;
    put(store, &ITEM, [Record::new("a").with("rank", 2)]).await;
    let rank = get(store, &ITEM, "a")
        .await
        .and_then(|record| record.fields.get("rank").cloned());
    assert_eq!(rank, Some(2.into()));
    commit(store, Changes::new().delete(&ITEM, "never", Expect::Any)).await;
}

pub(super) async fn deletes_remove(store: &dyn Store) {
    put(
        store,
        &ITEM,
        ["a", "b"].map(|key| Record::new(key).with("team", "red")),
    )
    .await;
    commit(store, Changes::new().delete(&ITEM, "a", Expect::Any)).await;
    assert_eq!(get(store, &ITEM, "a").await, None);
    assert_eq!(keys(store, Query::of(&ITEM)).await, ["b"]);
    assert_eq!(
        keys(store, Query::of(&ITEM).equal("team", "red")).await,
        ["b"]
    );
}

pub(super) async fn a_failed_commit_changes_nothing(store: &dyn Store) {
    put(
        store,
        &ITEM,
        ["a", "b"].map(|key| Record::new(key).with("rank", 1)),
    )
    .await;
    let changes = Changes::new()
        .put(&ITEM, Record::new("a").with("rank", 2), Expect::Version(1))
        .delete(&ITEM, "b", Expect::Any)
        .put(&ITEM, Record::new("c"), Expect::Absent)
        .put(&NOTE, Record::new("n"), Expect::Absent)
        .append(&EVENT, "s", "never")
        .put(&ITEM, Record::new("d"), Expect::Version(1));
    assert_eq!(
        conflict(store, changes).await,
        (5, ITEM.name, "d".to_owned())
    );
    let first = get(store, &ITEM, "a")
        .await
        .expect("the record was put before");
    assert_eq!(
        (first.version, first.fields.get("rank")),
        (1, Some(&1.into()))
    );
    assert_eq!(
        keys(store, Query::of(&ITEM).equal("rank", 1)).await,
        ["a", "b"]
    );
    assert_eq!(keys(store, Query::of(&ITEM)).await, ["a", "b"]);
    assert_eq!(get(store, &NOTE, "n").await, None);
    assert!(read(store, Query::of(&EVENT)).await.records.is_empty());
}

pub(super) async fn the_first_conflict_is_named(store: &dyn Store) {
    put(store, &ITEM, [Record::new("a")]).await;
    let changes = Changes::new()
        .append(&EVENT, "s", "x")
        .put(&ITEM, Record::new("z"), Expect::Absent)
        .put(&NOTE, Record::new("b"), Expect::Version(4))
        .put(&ITEM, Record::new("a"), Expect::Absent)
        .delete(&ITEM, "c", Expect::Version(1));
    assert_eq!(
        conflict(store, changes).await,
        (2, NOTE.name, "b".to_owned())
    );
}

pub(super) async fn changes_see_those_before_them(store: &dyn Store) {
    let record = |rank: i64| Record::new("a").with("rank", rank);
    let changes = Changes::new()
        .put(&ITEM, record(1), Expect::Absent)
        .put(&ITEM, record(2), Expect::Version(1))
        .delete(&ITEM, "a", Expect::Version(2))
        .put(&ITEM, record(3), Expect::Absent)
        .put(&ITEM, record(4), Expect::Any)
        .put(&ITEM, record(5), Expect::Version(2));
    commit(store, changes).await;
    let last = get(store, &ITEM, "a")
        .await
        .expect("the record was put last");
    assert_eq!(
        (last.version, last.fields.get("rank")),
        (3, Some(&5.into()))
    );
    assert_eq!(
        keys(store, Query::of(&ITEM).ordered("rank", super::BOTH[0])).await,
        ["a"]
    );
    let twice = Changes::new()
        .put(&ITEM, Record::new("b"), Expect::Absent)
        .put(&ITEM, Record::new("b"), Expect::Absent);
    assert_eq!(conflict(store, twice).await, (1, ITEM.name, "b".to_owned()));
    assert_eq!(get(store, &ITEM, "b").await, None);
    let gone =
        Changes::new()
            .delete(&ITEM, "a", Expect::Any)
            .delete(&ITEM, "a", Expect::Version(3));
    assert_eq!(conflict(store, gone).await.0, 1);
    assert_eq!(version(store, &ITEM, "a").await, Some(3));
}

pub(super) async fn kinds_are_apart(store: &dyn Store) {
    let changes = Changes::new()
        .put(&ITEM, Record::new("a").with_body("item"), Expect::Absent)
        .put(&NOTE, Record::new("a").with_body("note"), Expect::Absent)
        .append(&EVENT, "a", "event");
    commit(store, changes).await;
    commit(store, Changes::new().delete(&ITEM, "a", Expect::Version(1))).await;
    let note = get(store, &NOTE, "a").await.map(|record| record.body);
    assert_eq!(note.as_deref(), Some(&b"note"[..]));
    assert_eq!(keys(store, Query::of(&EVENT)).await, ["a"]);
}

pub(super) async fn nothing_to_change_is_fine(store: &dyn Store) {
    commit(store, Changes::new()).await;
    assert!(keys(store, Query::of(&ITEM)).await.is_empty());
}

pub(super) async fn bodies_of_a_megabyte(store: &dyn Store) {
    let body = (0..1_048_576_u32)
        .map(|at| at.to_le_bytes()[(at % 3) as usize])
        .collect::<Vec<_>>();
    let changes = Changes::new()
        .put(
            &ITEM,
            Record::new("big").with_body(body.clone()),
            Expect::Absent,
        )
        .append(&EVENT, "big", body.clone());
    commit(store, changes).await;
    let record = get(store, &ITEM, "big").await.expect("the record was put");
    assert!(
        record.body == body,
        "a record's body of 1 MB came back changed"
    );
    let entries = read(store, Query::key(&EVENT, "big")).await.records;
    assert!(
        entries.len() == 1 && entries[0].body == body,
        "an entry of 1 MB came back changed"
    );
}

pub(super) async fn of_commits_at_once_one_wins(store: &dyn Store) {
    let contender = |number: i64| {
        let record = Record::new("prize").with("rank", number);
        let own = Record::new(format!("own-{number}"));
        Changes::new()
            .put(&ITEM, own, Expect::Absent)
            .put(&ITEM, record, Expect::Absent)
    };
    let answers = together(
        (0..20)
            .map(|number| store.commit(contender(number)))
            .collect(),
    )
    .await;
    let winners = answers
        .iter()
        .enumerate()
        .filter(|(_, answer)| answer.is_ok());
    let winners = winners.map(|(number, _)| number).collect::<Vec<_>>();
    assert_eq!(
        winners.len(),
        1,
        "one of the commits has to win: {answers:?}"
    );
    for answer in answers {
        assert!(
            matches!(answer, Ok(()) | Err(CommitError::Conflict { index: 1, .. })),
            "{answer:?}"
        );
    }
    let own = format!("own-{}", winners[0]);
    assert_eq!(
        keys(store, Query::of(&ITEM)).await,
        [own, "prize".to_owned()]
    );
}

pub(super) async fn a_dropped_commit_is_made(store: &dyn Store) {
    for number in 0..20_i64 {
        let changes = ["a", "b", "c"].iter().fold(Changes::new(), |changes, key| {
            changes.put(&ITEM, Record::new(*key).with("rank", number), Expect::Any)
        });
        let mut dropped = store.commit(changes);
        let _ = dropped
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        drop(dropped);
        put(store, &NOTE, [Record::new("later")]).await;
        let query = Query::of(&ITEM).equal("rank", number);
        let made = keys(store, query).await;
        assert_eq!(
            made,
            ["a", "b", "c"],
            "a commit that has begun is made whole, dropped or not"
        );
    }
}

pub(super) async fn many_changes_are_one_commit(store: &dyn Store) {
    let changes = || {
        (0..500).fold(Changes::new(), |changes, number| {
            let record = Record::new(format!("{number:04}")).with("rank", number % 7);
            changes
                .put(&ITEM, record, Expect::Absent)
                .append(&EVENT, "s", vec![1])
        })
    };
    let mut failing = changes();
    failing.extend(Changes::new().put(&ITEM, Record::new("0499"), Expect::Version(2)));
    assert_eq!(conflict(store, failing).await.0, 1000);
    assert!(keys(store, Query::of(&ITEM)).await.is_empty());
    commit(store, changes()).await;
    assert_eq!(keys(store, Query::of(&ITEM)).await.len(), 500);
    assert_eq!(keys(store, Query::of(&EVENT)).await.len(), 500);
}

/// Drives futures side by side and gives their answers in the same order.
async fn together<T>(mut futures: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    let mut answers = futures.iter().map(|_| None).collect::<Vec<_>>();
    poll_fn(|context| {
        for (future, answer) in futures.iter_mut().zip(&mut answers) {
            if answer.is_none()
                && let Poll::Ready(output) = future.as_mut().poll(context)
            {
                *answer = Some(output);
            }
        }
        if answers.iter().all(Option::is_some) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    answers.into_iter().flatten().collect()
}
