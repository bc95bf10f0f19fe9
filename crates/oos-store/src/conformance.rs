//! The suite that every store passes.
//!
//! Whoever writes a [`Store`] runs [`all`] in a test; this crate needs no runtime, so the caller
//! drives the future. Every case starts with an empty store and panics, with its name, on the
//! first thing that is not as the contract of [`Store`] says.
//!
//! ```
//! use oos_store::{MemoryStore, conformance};
//!
//! # fn block_on<F: std::future::Future>(f: F) -> F::Output {
//! #     let mut f = std::pin::pin!(f);
//! #     let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
//! #     loop { if let std::task::Poll::Ready(out) = f.as_mut().poll(&mut cx) { return out; } }
//! # }
//! block_on(conformance::all(|| async { MemoryStore::new(conformance::KINDS) }));
//! ```

mod commits;
mod conditions;
mod logs;
mod orders;
mod refusals;

use crate::{
    BoxFuture, Changes, CommitError, Direction, Expect, Field, Kind, Page, Query, Record, Store,
};
use std::fmt;

/// The kinds of the stores that the cases are run on.
pub static KINDS: &[&Kind] = &[&ITEM, &NOTE, &EVENT, &TRACE];

/// Looked up by indexes.
static ITEM: Kind = Kind::records(
    "suite_item",
    &[
        Field::text("team"),
        Field::text("name"),
        Field::int("rank"),
        Field::int("due"),
    ],
    &[&["team", "rank"], &["rank"], &["team", "name", "due"]],
);

/// The same fields, but none of them is indexed.
static NOTE: Kind = Kind::records(
    "suite_note",
    &[
        Field::text("team"),
        Field::text("name"),
        Field::int("rank"),
        Field::int("due"),
    ],
    &[],
);

static EVENT: Kind = Kind::log("suite_event");
static TRACE: Kind = Kind::log("suite_trace");

/// One case of the suite.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Case {
    /// What the case is called in a panic.
    pub name: &'static str,
    /// Runs the case on an empty store of [`KINDS`]; panics if the store does not pass.
    pub run: for<'a> fn(&'a dyn Store) -> BoxFuture<'a, ()>,
}

macro_rules! cases {
    ($($module:ident :: { $($case:ident),+ $(,)? }),+ $(,)?) => {
        &[$($(Case {
            name: concat!(stringify!($module), "::", stringify!($case)),
            run: |store| Box::pin($module::$case(store)),
        }),+),+]
    };
}

/// All cases, for those who want a test of its own for each.
pub static CASES: &[Case] = cases! {
    commits::{
        puts_are_read_back, versions_count_puts, absent_wants_nothing, version_wants_that_version,
        any_takes_everything, deletes_remove, a_failed_commit_changes_nothing,
        the_first_conflict_is_named, changes_see_those_before_them, kinds_are_apart,
        nothing_to_change_is_fine, bodies_of_a_megabyte, of_commits_at_once_one_wins,
        a_dropped_commit_is_made, many_changes_are_one_commit,
    },
    conditions::{
        equal, one_of_several, ranges, ranges_that_cross, parts_of_texts, tags, all_have_to_hold,
        replaced_values_are_forgotten, counts,
    },
    orders::{
        keys_are_ordered_by_bytes, missing_values_are_smallest, ties_are_ordered_by_key,
        pages_lose_and_repeat_nothing, pages_go_on_while_records_change, limits,
        pages_of_one_value, cursors_travel_as_text,
    },
    logs::{
        streams_keep_their_order, numbers_grow_over_all_streams, logs_are_paged_both_ways,
        several_streams_are_merged, an_entry_and_its_record_are_one_commit, an_unknown_stream_is_empty,
    },
    refusals::{changes_that_are_not_declared, queries_that_are_not_declared, refusal_before_conflict},
};

/// Runs every case on a store of its own, which `factory` makes with [`KINDS`].
///
/// # Panics
/// If the store does not pass a case.
pub async fn all<F, Fut, S>(factory: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = S>,
    S: Store,
{
    for case in CASES {
        let store = factory().await;
        (case.run)(&store).await;
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Case").field(&self.name).finish()
    }
}

async fn commit(store: &dyn Store, changes: Changes) {
    let shown = format!("{changes:.200?}");
    if let Err(error) = store.commit(changes).await {
        panic!("a commit that has to succeed failed: {error}\n{shown}");
    }
}

/// Puts records whatever their keys hold.
async fn put(store: &dyn Store, kind: &'static Kind, records: impl IntoIterator<Item = Record>) {
    let changes = records.into_iter().fold(Changes::new(), |changes, record| {
        changes.put(kind, record, Expect::Any)
    });
    commit(store, changes).await;
}

/// Commits what can not be done and gives the index of the conflict.
async fn conflict(store: &dyn Store, changes: Changes) -> (usize, &'static str, String) {
    match store.commit(changes).await {
        Err(CommitError::Conflict { index, kind, key }) => (index, kind, key),
        other => panic!("a commit that has to conflict brought {other:?}"),
    }
}

async fn read(store: &dyn Store, query: Query) -> Page {
    let asked = format!("{query:?}");
    match store.read(query).await {
        Ok(page) => page,
        Err(error) => panic!("a read that has to succeed failed: {error}\n{asked}"),
    }
}

async fn get(store: &dyn Store, kind: &'static Kind, key: &str) -> Option<Record> {
    let mut page = read(store, Query::key(kind, key)).await;
    assert!(
        page.records.len() <= 1,
        "one key, several records: {page:?}"
    );
    page.records.pop()
}

async fn version(store: &dyn Store, kind: &'static Kind, key: &str) -> Option<u64> {
    get(store, kind, key).await.map(|record| record.version)
}

/// The keys of a page.
async fn keys(store: &dyn Store, query: Query) -> Vec<String> {
    read(store, query)
        .await
        .records
        .into_iter()
        .map(|record| record.key)
        .collect()
}

/// Asserts which keys a query brings on both kinds of records, in the order of the keys.
async fn check_keys(store: &dyn Store, query: impl Fn(&'static Kind) -> Query, expected: &[&str]) {
    for kind in [&ITEM, &NOTE] {
        let query = query(kind);
        assert_eq!(keys(store, query.clone()).await, expected, "{query:?}");
    }
}

/// Reads to the end in pages of this size; the pages hold nothing beside what they are asked for.
async fn pages(store: &dyn Store, query: Query, limit: usize) -> Vec<Record> {
    let mut found = Vec::new();
    let mut query = query.limit(limit);
    loop {
        let page = read(store, query.clone()).await;
        assert!(
            page.records.len() <= limit,
            "more than {limit} records: {query:?}"
        );
        found.extend(page.records);
        assert!(found.len() < 100_000, "the pages do not end: {query:?}");
        if page.next.is_none() {
            return found;
        }
        query = query.after(page.next);
    }
}

const BOTH: [Direction; 2] = [Direction::Ascending, Direction::Descending];
