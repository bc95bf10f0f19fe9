//! Which records a query brings.

use super::{ITEM, NOTE, check_keys, commit, keys, put, read};
use crate::{Changes, Condition, Direction, Expect, FieldValue, KEY, Kind, Query, Record, Store};
use std::ops::Bound;

/// Six records with values, doubles of them, and holes.
async fn fill(store: &dyn Store) {
    for kind in [&ITEM, &NOTE] {
        let records = [
            Record::new("a")
                .with("team", "red")
                .with("name", "Ann")
                .with("rank", 3)
                .with("due", 10),
            Record::new("b")
                .with("team", "red")
                .with("name", "ann")
                .with("rank", -1),
            Record::new("c")
                .with("team", "blue")
                .with("name", "50% off_")
                .with("rank", 3),
            Record::new("d")
                .with("team", "")
                .with("name", "键 Ann")
                .with("due", -10),
            Record::new("e").with("rank", 0).with("due", 0),
            Record::new("f")
                .with("team", "red")
                .with("name", "x\\y")
                .with("rank", 3)
                .with("due", 9),
        ];
        put(store, kind, records).await;
    }
}

pub(super) async fn equal(store: &dyn Store) {
    fill(store).await;
    check_keys(
        store,
        |kind| Query::of(kind).equal("team", "red"),
        &["a", "b", "f"],
    )
    .await;
    check_keys(store, |kind| Query::of(kind).equal("team", ""), &["d"]).await;
    check_keys(store, |kind| Query::of(kind).equal("team", "RED"), &[]).await;
    check_keys(store, |kind| Query::of(kind).equal("team", "re"), &[]).await;
    check_keys(
        store,
        |kind| Query::of(kind).equal("rank", 3),
        &["a", "c", "f"],
    )
    .await;
    check_keys(store, |kind| Query::of(kind).equal("rank", 0), &["e"]).await;
    check_keys(store, |kind| Query::of(kind).equal(KEY, "c"), &["c"]).await;
    check_keys(store, |kind| Query::of(kind).equal(KEY, "C"), &[]).await;
}

pub(super) async fn one_of_several(store: &dyn Store) {
    fill(store).await;
    let query = |field, values: &[FieldValue]| {
        let values = values.to_vec();
        move |kind| Query::of(kind).filter(Condition::In(field, values.clone()))
    };
    let teams = ["red".into(), "blue".into(), "red".into(), "green".into()];
    check_keys(store, query("team", &teams), &["a", "b", "c", "f"]).await;
    check_keys(
        store,
        query("rank", &[3.into(), (-1).into()]),
        &["a", "b", "c", "f"],
    )
    .await;
    check_keys(
        store,
        query(KEY, &["f".into(), "a".into(), "z".into(), "f".into()]),
        &["a", "f"],
    )
    .await;
    check_keys(store, query("rank", &[]), &[]).await;
    let descending =
        |kind| query("rank", &[0.into(), 3.into()])(kind).ordered("rank", Direction::Descending);
    check_keys(store, descending, &["f", "c", "a", "e"]).await;
}

fn range(
    field: &'static str,
    from: Bound<impl Into<FieldValue> + Clone>,
    to: Bound<impl Into<FieldValue> + Clone>,
) -> impl Fn(&'static Kind) -> Query {
    move |kind| {
        let (from, to) = (from.clone().map(Into::into), to.clone().map(Into::into));
        Query::of(kind).filter(Condition::Range(field, from, to))
    }
}

const OPEN: Bound<i64> = Bound::Unbounded;

pub(super) async fn ranges(store: &dyn Store) {
    use Bound::{Excluded, Included, Unbounded};
    fill(store).await;
    check_keys(
        store,
        range("rank", Included(0), Included(3)),
        &["a", "c", "e", "f"],
    )
    .await;
    check_keys(
        store,
        range("rank", Excluded(0), Unbounded::<i64>),
        &["a", "c", "f"],
    )
    .await;
    check_keys(store, range("rank", OPEN, Excluded(0)), &["b"]).await;
    check_keys(store, range("rank", OPEN, OPEN), &["a", "b", "c", "e", "f"]).await;
    check_keys(
        store,
        range("due", Included(-10), Excluded(10)),
        &["d", "e", "f"],
    )
    .await;
    check_keys(
        store,
        range("team", Included(""), Excluded("red")),
        &["c", "d"],
    )
    .await;
    check_keys(store, range("name", Excluded("Ann"), Included("x")), &["b"]).await;
    check_keys(
        store,
        range(KEY, Excluded("b"), Included("e")),
        &["c", "d", "e"],
    )
    .await;
    check_keys(store, range(KEY, Included("b"), Excluded("c")), &["b"]).await;
    let soon = |kind| range("due", OPEN, Included(9))(kind).ordered("due", Direction::Descending);
    check_keys(store, soon, &["f", "e", "d"]).await;
    let red = |kind| range("rank", Included(0), OPEN)(kind).equal("team", "red");
    check_keys(store, red, &["a", "f"]).await;
}

pub(super) async fn ranges_that_cross(store: &dyn Store) {
    use Bound::{Excluded, Included};
    fill(store).await;
    check_keys(store, range("rank", Included(4), Included(2)), &[]).await;
    check_keys(store, range("rank", Excluded(3), Excluded(3)), &[]).await;
    check_keys(store, range("rank", Included(3), Excluded(3)), &[]).await;
    check_keys(store, range(KEY, Excluded("z"), Excluded("a")), &[]).await;
    let twice = |kind| {
        let low = Condition::Range("rank", Bound::Unbounded, Included(0.into()));
        range("rank", Included(0), OPEN)(kind).filter(low)
    };
    check_keys(store, twice, &["e"]).await;
}

pub(super) async fn parts_of_texts(store: &dyn Store) {
    fill(store).await;
    let part = |field: &'static str, part: &'static str| {
        move |kind| Query::of(kind).filter(Condition::Contains(field, part.to_owned()))
    };
    check_keys(store, part("name", "Ann"), &["a", "d"]).await;
    check_keys(store, part("name", "nn"), &["a", "b", "d"]).await;
    check_keys(store, part("name", "键"), &["d"]).await;
    check_keys(store, part("name", "%"), &["c"]).await;
    check_keys(store, part("name", "f_"), &["c"]).await;
    check_keys(store, part("name", "A_n"), &[]).await;
    check_keys(store, part("name", "\\"), &["f"]).await;
    check_keys(store, part("name", ""), &["a", "b", "c", "d", "f"]).await;
    check_keys(store, part(KEY, "a"), &["a"]).await;
}

pub(super) async fn tags(store: &dyn Store) {
    let tagged = |key: &str, tags: &[(&str, &str)]| {
        let tags = tags
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Record::new(key).with_tags(tags)
    };
    for kind in [&ITEM, &NOTE] {
        let records = [
            tagged("a", &[("env", "prod"), ("owner", "ann")]),
            tagged("b", &[("env", "test")]),
            tagged("c", &[("ENV", "prod"), ("owner", "")]),
            Record::new("d"),
        ];
        put(store, kind, records).await;
    }
    let named = |name: &'static str| {
        move |kind| Query::of(kind).filter(Condition::HasTag(name.to_owned(), None))
    };
    check_keys(store, |kind| Query::of(kind).tagged("env", "prod"), &["a"]).await;
    check_keys(store, |kind| Query::of(kind).tagged("env", "Prod"), &[]).await;
    check_keys(store, |kind| Query::of(kind).tagged("owner", ""), &["c"]).await;
    check_keys(store, named("env"), &["a", "b"]).await;
    check_keys(store, named("owner"), &["a", "c"]).await;
    let both = |kind| Query::of(kind).tagged("env", "prod").tagged("owner", "ann");
    check_keys(store, both, &["a"]).await;
    put(store, &ITEM, [tagged("a", &[("owner", "bob")])]).await;
    assert!(
        keys(store, Query::of(&ITEM).tagged("env", "prod"))
            .await
            .is_empty()
    );
    assert_eq!(
        keys(store, Query::of(&ITEM).tagged("owner", "bob")).await,
        ["a"]
    );
}

pub(super) async fn all_have_to_hold(store: &dyn Store) {
    fill(store).await;
    let both = |kind| Query::of(kind).equal("team", "red").equal("rank", 3);
    check_keys(store, both, &["a", "f"]).await;
    check_keys(store, |kind| both(kind).equal("due", 9), &["f"]).await;
    check_keys(store, |kind| both(kind).equal(KEY, "b"), &[]).await;
    check_keys(store, |kind| both(kind).equal("team", "blue"), &[]).await;
    check_keys(
        store,
        |kind| Query::of(kind).equal(KEY, "a").equal(KEY, "b"),
        &[],
    )
    .await;
}

pub(super) async fn replaced_values_are_forgotten(store: &dyn Store) {
    fill(store).await;
    for kind in [&ITEM, &NOTE] {
        put(
            store,
            kind,
            [Record::new("a").with("team", "blue"), Record::new("b")],
        )
        .await;
        commit(store, Changes::new().delete(kind, "f", Expect::Any)).await;
    }
    check_keys(store, |kind| Query::of(kind).equal("team", "red"), &[]).await;
    check_keys(
        store,
        |kind| Query::of(kind).equal("team", "blue"),
        &["a", "c"],
    )
    .await;
    check_keys(store, |kind| Query::of(kind).equal("rank", 3), &["c"]).await;
    check_keys(store, range("rank", OPEN, OPEN), &["c", "e"]).await;
}

pub(super) async fn counts(store: &dyn Store) {
    fill(store).await;
    for kind in [&ITEM, &NOTE] {
        let red = || Query::of(kind).equal("team", "red");
        assert_eq!(read(store, red()).await.total, None, "nobody asked");
        assert_eq!(read(store, red().counted()).await.total, Some(3));
        let first = read(store, red().counted().limit(1)).await;
        assert_eq!((first.total, first.records.len()), (Some(3), 1));
        let rest = read(store, red().counted().after(first.next)).await;
        assert_eq!(
            (rest.total, rest.records.len()),
            (Some(3), 2),
            "of all pages, not of the rest"
        );
        assert_eq!(
            read(store, Query::of(kind).counted().limit(0)).await.total,
            Some(6)
        );
        assert_eq!(
            read(store, Query::key(kind, "a").counted()).await.total,
            Some(1)
        );
        assert_eq!(
            read(store, Query::key(kind, "z").counted()).await.total,
            Some(0)
        );
    }
}
