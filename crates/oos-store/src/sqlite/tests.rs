//! What only a look from inside can tell.

use super::{SqliteOptions, SqliteStore, seam::Seam};
use crate::{
    Changes, CommitError, Expect, Field, Kind, Query, ReadError, Record, Store, conformance,
    tests::wait,
};
use rusqlite::Connection;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    task::{Context, Poll, Waker},
};

static NOTE: Kind = Kind::records("note", &[Field::int("rank")], &[&["rank"]]);
static DIARY: Kind = Kind::log("diary");
static KINDS: &[&Kind] = &[&NOTE, &DIARY];

/// A folder that goes away with the test.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("oos-store-{}-{number}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.0, KINDS).expect("the folder is free")
    }

    fn open_with(&self, seam: Seam) -> SqliteStore {
        let mut options = SqliteOptions::new();
        options.seam = seam;
        options.open(&self.0, KINDS).expect("the folder is free")
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn put(key: &str, rank: i64) -> Changes {
    Changes::new().put(&NOTE, Record::new(key).with("rank", rank), Expect::Any)
}

fn ranks(store: &SqliteStore) -> Vec<i64> {
    let page = wait(store.read(Query::of(&NOTE))).expect("the store can be read");
    let rank = |record: &Record| match record.fields.get("rank") {
        Some(crate::FieldValue::Int(rank)) => *rank,
        other => panic!("{other:?}"),
    };
    page.records.iter().map(rank).collect()
}

fn pragma(connection: &Connection, name: &str) -> String {
    let value = connection.query_row(&format!("PRAGMA {name}"), [], |row| {
        Ok(match row.get_ref(0)? {
            rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            _ => row.get::<_, i64>(0)?.to_string(),
        })
    });
    value.expect("the pragma exists")
}

#[test]
fn passes_the_suite() {
    for case in conformance::CASES {
        let folder = Temporary::new();
        let store = SqliteStore::open(&folder.0, conformance::KINDS).expect("the folder is free");
        wait((case.run)(&store));
    }
}

#[test]
fn the_writer_syncs_each_transaction() {
    let folder = Temporary::new();
    let store = folder.open();
    let expected = [
        ("synchronous", "2"),
        ("journal_mode", "wal"),
        ("auto_vacuum", "2"),
        ("wal_autocheckpoint", "0"),
        ("fullfsync", "1"),
        ("checkpoint_fullfsync", "1"),
        ("encoding", "UTF-8"),
        ("user_version", "1"),
    ];
    let writer = store
        .database
        .open_writer()
        .expect("a second connection opens");
    for (name, value) in expected {
        assert_eq!(pragma(&writer, name), value, "{name}");
    }
    let checkpointer = store
        .database
        .open_checkpointer()
        .expect("a third connection opens");
    assert_eq!(pragma(&checkpointer, "synchronous"), "2");
    assert_eq!(pragma(&checkpointer, "wal_autocheckpoint"), "0");
}

/// A gate that commits of the writer come to, and the reports of those that came.
fn gate() -> (Seam, Receiver<()>, Sender<()>) {
    let (reached, reports) = channel();
    let (open, opened) = channel();
    let opened = Mutex::new(opened);
    let seam = Seam::around_commit(move |commit| {
        let _ = reached.send(());
        let _ = opened.lock().expect("nobody panics").recv();
        commit()
    });
    (seam, reports, open)
}

#[test]
fn no_answer_leaves_before_the_commit_returned() {
    let folder = Temporary::new();
    let (seam, reports, open) = gate();
    let store = folder.open_with(seam);
    let mut commit = store.commit(put("a", 1));
    let poll = |commit: &mut crate::BoxFuture<'_, _>| {
        commit
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
    };
    assert!(matches!(poll(&mut commit), Poll::Pending));
    reports.recv().expect("the writer comes to its commit");
    for _ in 0..100 {
        assert!(
            matches!(poll(&mut commit), Poll::Pending),
            "the commit has not returned"
        );
    }
    assert_eq!(ranks(&store), [], "what is not committed is not read");
    open.send(()).expect("the writer waits");
    wait(commit).expect("nothing is in the way");
    assert_eq!(ranks(&store), [1]);
    drop(open);
}

#[test]
fn what_waits_behind_a_commit_is_one_transaction() {
    let folder = Temporary::new();
    let (seam, reports, open) = gate();
    let store = folder.open_with(seam);
    let mut commits = (0..100)
        .map(|at| store.commit(put(&format!("{at:03}"), at)))
        .collect::<Vec<_>>();
    let mut begin = |at: usize| {
        let poll = commits[at]
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(poll.is_pending());
    };
    begin(0);
    reports.recv().expect("the writer comes to its commit");
    (1..100).for_each(&mut begin);
    // Both transactions may pass.
    drop(open);
    for commit in commits {
        wait(commit).expect("nothing is in the way");
    }
    assert_eq!(store.transactions(), 2);
    assert_eq!(ranks(&store), (0..100).collect::<Vec<_>>());
}

fn failure(code: i32) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None)
}

#[test]
fn a_failed_commit_that_another_one_settles_was_not_made() {
    let folder = Temporary::new();
    let fails = Arc::new(AtomicBool::new(false));
    let failing = Arc::clone(&fails);
    let store = folder.open_with(Seam::around_commit(move |commit| {
        if failing.swap(false, Ordering::SeqCst) {
            return Err(failure(rusqlite::ffi::SQLITE_IOERR));
        }
        commit()
    }));
    wait(store.commit(put("a", 1))).expect("the disk is well");
    fails.store(true, Ordering::SeqCst);
    match wait(store.commit(put("a", 2))) {
        Err(CommitError::Refused { reason }) => assert!(reason.contains("disk"), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(ranks(&store), [1]);
    wait(store.commit(put("a", 3))).expect("the disk is well again");
    assert_eq!(ranks(&store), [3]);
}

#[test]
fn while_the_outcome_is_open_nothing_is_read_and_nothing_made() {
    let folder = Temporary::new();
    let fails = Arc::new(AtomicBool::new(false));
    let failing = Arc::clone(&fails);
    let store = folder.open_with(Seam::around_commit(move |commit| {
        if failing.load(Ordering::SeqCst) {
            return Err(failure(rusqlite::ffi::SQLITE_IOERR));
        }
        commit()
    }));
    wait(store.commit(put("a", 1))).expect("the disk is well");
    fails.store(true, Ordering::SeqCst);
    let unknown = wait(store.commit(put("a", 2)));
    assert!(
        matches!(unknown, Err(CommitError::Unknown { .. })),
        "{unknown:?}"
    );
    let read = wait(store.read(Query::of(&NOTE)));
    assert!(
        matches!(read, Err(ReadError::Unreadable { .. })),
        "{read:?}"
    );
    let refused = wait(store.commit(put("b", 3)));
    assert!(
        matches!(refused, Err(CommitError::Refused { .. })),
        "{refused:?}"
    );
    fails.store(false, Ordering::SeqCst);
    assert_eq!(ranks(&store), [1], "a read settles it");
    wait(store.commit(put("b", 3))).expect("the disk is well again");
    assert_eq!(ranks(&store), [1, 3]);
}

#[test]
fn a_conflict_with_what_was_not_made_is_none() {
    let folder = Temporary::new();
    let (fails, gate_reached) = (Arc::new(AtomicU32::new(0)), channel());
    let (reached, reports) = gate_reached;
    let (open, opened) = channel::<()>();
    let (calls, opened) = (Arc::clone(&fails), Mutex::new(opened));
    let store = folder.open_with(Seam::around_commit(move |commit| {
        match calls.fetch_add(1, Ordering::SeqCst) {
            0 => {
                let _ = reached.send(());
                let _ = opened.lock().expect("nobody panics").recv();
                commit()
            }
            1 => Err(failure(rusqlite::ffi::SQLITE_IOERR)),
            _ => commit(),
        }
    }));
    let absent = || Changes::new().put(&NOTE, Record::new("k").with("rank", 7), Expect::Absent);
    let mut commits = [
        store.commit(put("a", 1)),
        store.commit(absent()),
        store.commit(absent()),
    ];
    for (at, commit) in commits.iter_mut().enumerate() {
        assert!(
            commit
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
        if at == 0 {
            reports.recv().expect("the writer comes to its commit");
        }
    }
    drop(open);
    let [first, second, third] = commits.map(wait);
    first.expect("nothing is in the way");
    for answer in [second, third] {
        assert!(
            matches!(answer, Err(CommitError::Refused { .. })),
            "{answer:?}"
        );
    }
    wait(store.commit(absent())).expect("the key is free");
}

#[test]
fn a_file_that_may_only_be_read_refuses_commits() {
    let folder = Temporary::new();
    let deny = Arc::new(AtomicBool::new(true));
    let store = folder.open();
    wait(store.commit(put("a", 1))).expect("nothing is in the way");
    drop(store);
    let denied = Arc::clone(&deny);
    let store = folder.open_with(Seam::around_commit(move |commit| {
        if denied.load(Ordering::SeqCst) {
            return Err(failure(rusqlite::ffi::SQLITE_READONLY));
        }
        commit()
    }));
    assert_eq!(ranks(&store), [1]);
    assert!(wait(store.commit(put("a", 2))).is_err());
    deny.store(false, Ordering::SeqCst);
    wait(store.commit(put("a", 3))).expect("the file may be written again");
    assert_eq!(ranks(&store), [3]);
}

fn blobs(folder: &Path) -> (i64, i64, i64) {
    let connection = Connection::open(folder.join("store.db")).expect("the file is there");
    let sql = "SELECT (SELECT count(*) FROM blobs), (SELECT count(*) FROM blob_bodies),
        (SELECT coalesce(sum(uses), 0) FROM blobs)";
    let counts = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    counts.expect("the tables are there")
}

#[test]
fn large_bodies_are_kept_once_and_leave_with_their_last_use() {
    let folder = Temporary::new();
    let store = folder.open();
    let body = |byte: u8| vec![byte; 70_000];
    let put = |key: &str, body: Vec<u8>| {
        let record = Record::new(key).with("rank", 1).with_body(body);
        wait(store.commit(Changes::new().put(&NOTE, record, Expect::Any))).expect("there is room");
    };
    put("a", body(1));
    put("b", body(1));
    assert_eq!(blobs(&folder.0), (1, 1, 2));
    put("a", body(1));
    assert_eq!(blobs(&folder.0), (1, 1, 2), "the same body again");
    put("a", body(2));
    assert_eq!(blobs(&folder.0), (2, 2, 2));
    wait(store.commit(Changes::new().append(&DIARY, "s", body(2)))).expect("there is room");
    assert_eq!(blobs(&folder.0), (2, 2, 3));
    put("a", vec![0; 64 * 1024]);
    assert_eq!(blobs(&folder.0), (2, 2, 2), "64 KB stay with the record");
    wait(store.commit(Changes::new().delete(&NOTE, "b", Expect::Any))).expect("there is room");
    assert_eq!(blobs(&folder.0), (1, 1, 1));
    let refused = Changes::new()
        .put(&NOTE, Record::new("c").with_body(body(3)), Expect::Any)
        .delete(&NOTE, "c", Expect::Absent);
    wait(store.commit(refused)).expect_err("the second change conflicts");
    assert_eq!(blobs(&folder.0), (1, 1, 1));
    let page = wait(store.read(Query::of(&DIARY))).expect("the store can be read");
    assert_eq!(page.records[0].body, body(2));
}

#[test]
fn the_log_is_brought_in_while_commits_go_on() {
    let folder = Temporary::new();
    let store = folder.open();
    let log = || fs::metadata(folder.0.join("store.db-wal")).map_or(0, |log| log.len());
    let mut longest = 0;
    for round in 0..400_i64 {
        let changes = (0..8).fold(Changes::new(), |changes, at| {
            let record = Record::new(format!("{at}")).with("rank", round);
            changes.put(&NOTE, record.with_body(vec![1; 60_000]), Expect::Any)
        });
        wait(store.commit(changes)).expect("there is room");
        longest = longest.max(log());
    }
    assert!(
        longest > 16 << 20,
        "the log has grown to {longest} bytes only"
    );
    assert!(
        longest < 128 << 20,
        "the log of 192 MB of bodies has {longest} bytes"
    );
    assert_eq!(ranks(&store), [399; 8]);
    drop(store);
    assert_eq!(log(), 0, "a closed store is one file");
    assert_eq!(ranks(&folder.open()), [399; 8]);
}

#[test]
fn the_room_behind_the_log_is_no_part_of_it() {
    let folder = Temporary::new();
    let store = folder.open();
    let length = || {
        let log = fs::metadata(folder.0.join("store.db-wal"));
        log.expect("the store is open").len()
    };
    wait(store.commit(put("a", 1))).expect("there is room");
    assert!(length() < 500 * 4120);
    store.database.lengthen_log(500).expect("there is room");
    assert_eq!(length(), 500 * 4120);
    wait(store.commit(put("b", 2))).expect("there is room");
    store.database.lengthen_log(400).expect("there is room");
    assert_eq!(length(), 500 * 4120);

    let crashed = Temporary::new();
    fs::create_dir_all(&crashed.0).expect("a folder can be made");
    for name in ["store.db", "store.db-wal"] {
        fs::copy(folder.0.join(name), crashed.0.join(name)).expect("it can be copied");
    }
    assert_eq!(ranks(&crashed.open()), [1, 2]);
}

#[test]
fn the_log_stays_short_though_somebody_always_commits() {
    let folder = Temporary::new();
    let store = Arc::new(folder.open());
    let longest = std::thread::scope(|scope| {
        let write = |thread: usize| {
            let store = Arc::clone(&store);
            move || {
                for round in 0..600_i64 {
                    let record = Record::new(format!("{thread}-{}", round % 8)).with("rank", round);
                    let record = record.with_body(vec![1; 60_000]);
                    let changes = Changes::new().put(&NOTE, record, Expect::Any);
                    wait(store.commit(changes)).expect("there is room");
                }
            }
        };
        let writers: Vec<_> = (0..8).map(|thread| scope.spawn(write(thread))).collect();
        let mut longest = 0;
        while writers.iter().any(|writer| !writer.is_finished()) {
            let log = fs::metadata(folder.0.join("store.db-wal"));
            longest = longest.max(log.map_or(0, |log| log.len()));
            std::thread::yield_now();
        }
        longest
    });
    assert!(
        longest < 128 << 20,
        "the log of 288 MB of bodies has {longest} bytes"
    );
}

/// What `SQLite` does for each part of a query.
fn plans(store: &SqliteStore, query: &Query) -> Vec<String> {
    let connection = store.database.open_reader().expect("the file is there");
    let select = super::select::Select::of(query);
    let segments = super::select::segments(query);
    let plan = |segment| {
        let sql = format!("EXPLAIN QUERY PLAN {}", select.page("*", segment));
        let mut statement = connection.prepare(&sql).expect("the query is well-formed");
        let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3));
        steps
            .map(|step| step.expect("a step has a text"))
            .collect::<Vec<_>>()
            .join("; ")
    };
    segments.iter().map(plan).collect()
}

#[test]
fn pages_go_straight_to_their_place() {
    use crate::{Cursor, Direction, KEY, SEQUENCE};
    static STEP: Kind = Kind::records(
        "step",
        &[Field::text("run"), Field::int("due"), Field::text("state")],
        &[&["run", "due"], &["due"]],
    );
    let folder = Temporary::new();
    let store = SqliteStore::open(&folder.0, &[&STEP, &DIARY]).expect("the folder is free");
    let check = |query: &Query, expected: &[&str]| {
        let plans = plans(&store, query);
        assert_eq!(plans.len(), expected.len(), "{query:?}: {plans:?}");
        for (plan, expected) in plans.iter().zip(expected) {
            assert!(
                plan.contains(expected) && !plan.contains("TEMP"),
                "{query:?}: {plan}"
            );
        }
    };
    let cursor = |value: Option<crate::FieldValue>| {
        Some(Cursor {
            value,
            key: "k".to_owned(),
        })
    };
    let (due, of_run) = ("(f_due,key)>(?,?)", "(f_run=? AND (f_due,key)>(?,?))");
    for direction in [Direction::Ascending, Direction::Descending] {
        let up = direction == Direction::Ascending;
        let all = Query::of(&STEP).ordered("due", direction);
        let run = all.clone().equal("run", "r");
        check(&all, &["SCAN r_step USING INDEX i_step_1"]);
        check(&run, &["SEARCH r_step USING INDEX i_step_0 (f_run=?)"]);
        let key = Query::of(&STEP).ordered(KEY, direction);
        let key = key.after(cursor(None));
        check(
            &key,
            &[if up {
                "SEARCH r_step USING PRIMARY KEY (key>?)"
            } else {
                "(key<?)"
            }],
        );
        if up {
            check(&all.after(cursor(Some(5.into()))), &[due]);
            check(
                &run.after(cursor(Some(5.into()))),
                &[of_run.trim_matches(['(', ')'])],
            );
        } else {
            let down = ["(f_due,key)<(?,?)", "(f_due=?)"];
            check(&all.after(cursor(Some(5.into()))), &down);
        }
        let log = Query::key(&DIARY, "s").ordered(SEQUENCE, direction);
        let log = log.after(cursor(Some(5.into())));
        check(
            &log,
            &["SEARCH l_diary USING INDEX i_diary_0 (stream=? AND rowid"],
        );
    }
}
