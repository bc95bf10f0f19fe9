//! What the `SQLite` store promises beyond the suite of stores: that it lasts, that it is held by
//! one process, that it is migrated, and what is told when it can not be opened.

mod store_support;

use oos_store::{
    Changes, CommitError, Condition, Direction, Expect, Field, FieldValue, KEY, Kind, OpenError,
    Query, Record, SqliteOptions, SqliteStore, Store,
};
use std::{error::Error, fs, path::Path};
use store_support::{Temporary, block_on};

static TASK: Kind = Kind::records(
    "task",
    &[Field::text("state"), Field::int("due")],
    &[&["state", "due"]],
);
static EVENT: Kind = Kind::log("event");
static KINDS: &[&Kind] = &[&TASK, &EVENT];

fn open(folder: &Temporary) -> SqliteStore {
    SqliteStore::open(folder.path(), KINDS).expect("the folder is free")
}

fn task(number: i64) -> Record {
    Record::new(format!("task-{number:04}"))
        .with("state", if number % 2 == 0 { "waiting" } else { "done" })
        .with("due", number)
        .with_tags([("env".to_owned(), format!("e{}", number % 3))])
        .with_body(format!("body of {number}"))
}

fn unit(number: i64) -> Changes {
    let entry = format!("entry {number}");
    Changes::new()
        .put(&TASK, task(number), Expect::Any)
        .append(&EVENT, "s", entry)
}

fn commit(store: &dyn Store, changes: Changes) {
    block_on(store.commit(changes)).expect("nothing is in the way");
}

fn records(store: &dyn Store, query: Query) -> Vec<Record> {
    block_on(store.read(query))
        .expect("the store can be read")
        .records
}

fn keys(store: &dyn Store, query: Query) -> Vec<String> {
    records(store, query)
        .into_iter()
        .map(|record| record.key)
        .collect()
}

#[test]
fn all_of_it_is_there_again() {
    let folder = Temporary::new();
    let store = open(&folder);
    (0..50).for_each(|number| commit(&store, unit(number)));
    commit(&store, unit(7));
    commit(
        &store,
        Changes::new().delete(&TASK, "task-0009", Expect::Any),
    );
    let big = task(100).with_body(vec![5; 300_000]);
    commit(&store, Changes::new().put(&TASK, big, Expect::Absent));
    let before = (
        records(&store, Query::of(&TASK)),
        records(&store, Query::of(&EVENT)),
    );
    assert_eq!((before.0.len(), before.1.len()), (50, 51));
    store.close();
    for _ in 0..2 {
        let store = open(&folder);
        assert_eq!(records(&store, Query::of(&TASK)), before.0);
        assert_eq!(records(&store, Query::of(&EVENT)), before.1);
        assert_eq!(keys(&store, Query::of(&TASK).tagged("env", "e1")).len(), 18);
    }
    let store = open(&folder);
    commit(&store, unit(200));
    let last = records(
        &store,
        Query::of(&EVENT).ordered(oos_store::SEQUENCE, Direction::Descending),
    );
    assert_eq!(last[0].version, before.1[50].version + 1, "numbers go on");
}

#[test]
fn commits_that_wait_share_transactions() {
    let folder = Temporary::new();
    let store = open(&folder);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("it starts");
    runtime.block_on(async {
        let commits = (0..2_000).map(|number| store.commit(unit(number)));
        for answer in futures_util::future::join_all(commits).await {
            answer.expect("nothing is in the way");
        }
    });
    assert!(
        store.transactions() < 500,
        "{} transactions",
        store.transactions()
    );
    let query = Query::of(&TASK).limit(0).counted();
    assert_eq!(
        block_on(store.read(query)).expect("it can be read").total,
        Some(2_000)
    );
}

#[test]
fn what_has_begun_is_made_though_the_store_is_dropped() {
    let folder = Temporary::new();
    let store = open(&folder);
    for number in 0..100 {
        let mut commit = store.commit(unit(number));
        let waker = std::task::Waker::noop();
        let _ = commit
            .as_mut()
            .poll(&mut std::task::Context::from_waker(waker));
    }
    drop(store);
    assert_eq!(records(&open(&folder), Query::of(&TASK)).len(), 100);
}

#[test]
fn a_folder_is_held_by_one_store() {
    let folder = Temporary::new();
    let store = open(&folder);
    let held = || match SqliteStore::open(folder.path(), KINDS) {
        Err(OpenError::Held { pid, endpoint, .. }) => (pid, endpoint),
        other => panic!("{other:?}"),
    };
    let own = Some(std::process::id());
    assert_eq!(held(), (own, None));
    store
        .announce("http://127.0.0.1:8080\u{1b}[31m\nx")
        .expect("the folder can be written");
    let endpoint = "http://127.0.0.1:8080 [31m x".to_owned();
    assert_eq!(held(), (own, Some(endpoint)));
    let error = SqliteStore::open(folder.path(), KINDS)
        .expect_err("it is held")
        .to_string();
    let said = format!(
        "in use by process {} at http://127.0.0.1:8080",
        std::process::id()
    );
    assert!(error.contains(&said), "{error}");
    commit(&store, unit(1));
    fs::write(folder.path().join("store.holder"), b"\xff not a pid").expect("it can be written");
    assert_eq!(held(), (None, None));
    drop(store);
    assert_eq!(records(&open(&folder), Query::of(&TASK)).len(), 1);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_look_into_the_folder() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Temporary::new();
    let store = open(&folder);
    commit(&store, unit(1));
    store.announce("here").expect("the folder can be written");
    let mode = |path: &Path| {
        let metadata = fs::metadata(path).expect("it is there");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(folder.path()), 0o700);
    let files = fs::read_dir(folder.path()).expect("it can be read");
    let files = files
        .map(|file| file.expect("it is there").path())
        .collect::<Vec<_>>();
    assert!(files.len() >= 5, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

/// Kinds of one name as they were declared at several times.
mod ages {
    use super::{Field, Kind};

    pub(super) static FIRST: Kind = Kind::records(
        "task",
        &[Field::text("state"), Field::int("due")],
        &[&["due"]],
    );
    pub(super) static MORE: Kind = Kind::records(
        "task",
        &[
            Field::text("owner"),
            Field::text("state"),
            Field::int("due"),
            Field::int("size"),
        ],
        &[&["owner", "size"], &["state", "due"], &["due"]],
    );
    pub(super) static LESS: Kind = Kind::records("task", &[Field::int("size")], &[]);
    pub(super) static TYPED: Kind = Kind::records("task", &[Field::text("due")], &[]);
    pub(super) static LOG: Kind = Kind::log("task");
}

fn open_as(folder: &Temporary, kind: &'static Kind) -> SqliteStore {
    SqliteStore::open(folder.path(), &[kind]).expect("the kind is migrated")
}

#[test]
fn older_kinds_are_migrated() {
    let folder = Temporary::new();
    let store = open_as(&folder, &ages::FIRST);
    let put = (0..300).fold(Changes::new(), |all, n| {
        all.put(&ages::FIRST, task(n), Expect::Any)
    });
    commit(&store, put);
    let before = records(&store, Query::of(&ages::FIRST));
    drop(store);

    let store = open_as(&folder, &ages::MORE);
    assert_eq!(
        records(&store, Query::of(&ages::MORE)),
        before,
        "nothing is lost"
    );
    assert!(keys(&store, Query::of(&ages::MORE).equal("owner", "ann")).is_empty());
    let owned = task(5).with("owner", "ann").with("size", 9);
    commit(
        &store,
        Changes::new().put(&ages::MORE, owned, Expect::Version(1)),
    );
    assert_eq!(
        keys(&store, Query::of(&ages::MORE).equal("owner", "ann")),
        ["task-0005"]
    );
    let ordered = Query::of(&ages::MORE)
        .equal("state", "done")
        .ordered("due", Direction::Descending);
    assert_eq!(keys(&store, ordered.limit(1)), ["task-0299"]);
    drop(store);

    let store = open_as(&folder, &ages::LESS);
    let all = records(&store, Query::of(&ages::LESS));
    assert_eq!(all.len(), 300);
    assert_eq!(
        (all[5].version, all[5].fields.len()),
        (2, 1),
        "{:?}",
        all[5]
    );
    assert_eq!(all[5].fields["size"], FieldValue::Int(9));
    assert_eq!(
        keys(&store, Query::of(&ages::LESS).tagged("env", "e2")).len(),
        100
    );
    drop(store);

    let store = open_as(&folder, &ages::FIRST);
    let task_5 = records(&store, Query::key(&ages::FIRST, "task-0005"));
    assert!(
        task_5[0].fields.is_empty(),
        "dropped values do not come back: {task_5:?}"
    );
}

#[test]
fn kinds_that_can_not_be_migrated_are_named() {
    let folder = Temporary::new();
    let store = open_as(&folder, &ages::FIRST);
    commit(
        &store,
        Changes::new().put(&ages::FIRST, task(1), Expect::Any),
    );
    drop(store);
    for (kind, said) in [
        (
            &ages::TYPED,
            "`task.due` held int and is now declared as text",
        ),
        (
            &ages::LOG,
            "`task` was declared as records and is now declared as log",
        ),
    ] {
        let error = SqliteStore::open(folder.path(), &[&EVENT, kind]).expect_err("it does not fit");
        assert!(matches!(error, OpenError::Kind { .. }), "{error:?}");
        assert!(error.to_string().contains(said), "{error}");
    }
    let store = open_as(&folder, &ages::FIRST);
    assert_eq!(
        records(&store, Query::of(&ages::FIRST)),
        [{
            let mut stored = task(1);
            stored.version = 1;
            stored
        }]
    );
}

#[test]
fn a_kind_that_is_not_declared_any_more_stays() {
    let folder = Temporary::new();
    commit(&open(&folder), unit(1));
    let store = SqliteStore::open(folder.path(), &[&EVENT]).expect("the folder is free");
    let refused = block_on(store.commit(unit(2)));
    assert!(
        matches!(refused, Err(CommitError::Refused { .. })),
        "{refused:?}"
    );
    drop(store);
    assert_eq!(keys(&open(&folder), Query::of(&TASK)), ["task-0001"]);
}

#[test]
fn what_is_no_store_is_left_alone() {
    let folder = Temporary::new();
    fs::create_dir_all(folder.path()).expect("it can be made");
    let file = folder.path().join("store.db");
    let error =
        |folder: &Temporary| SqliteStore::open(folder.path(), KINDS).expect_err("it is no store");
    for text in [
        "no database, but long enough to be taken for the head of one".repeat(9),
        "x".into(),
        String::new(),
    ] {
        fs::write(&file, &text).expect("it can be written");
        assert!(matches!(error(&folder), OpenError::Damaged { .. }));
        assert_eq!(fs::read(&file).expect("it is there"), text.as_bytes());
    }
    fs::remove_file(&file).expect("it is there");
    fs::create_dir(&file).expect("it can be made");
    let failed = error(&folder);
    assert!(failed.source().is_some(), "{failed:?}");
    fs::remove_dir(&file).expect("it is there");
    commit(&open(&folder), unit(1));
    fs::rename(&file, folder.path().join("away")).expect("it is there");
    fs::write(folder.path().join("store.db-wal"), "rest").expect("it can be written");
    assert!(matches!(error(&folder), OpenError::Damaged { .. }));
}

#[test]
fn a_folder_that_can_not_be_made_is_named() {
    let folder = Temporary::new();
    fs::write(folder.path(), "a file").expect("it can be written");
    let error = SqliteStore::open(folder.path().join("data"), KINDS).expect_err("no folder");
    assert!(matches!(error, OpenError::Folder { .. }), "{error:?}");
    assert!(error.to_string().contains("data"), "{error}");
    fs::remove_file(folder.path()).expect("it is there");
}

#[test]
fn a_full_store_refuses_and_goes_on_when_there_is_room() {
    let folder = Temporary::new();
    let options = || SqliteOptions::new().max_bytes(1 << 20);
    let store = options()
        .open(folder.path(), KINDS)
        .expect("the folder is free");
    let large = |number: i64| {
        let record = task(number).with_body(vec![1; 20_000]);
        Changes::new()
            .put(&TASK, record, Expect::Any)
            .append(&EVENT, "s", vec![2; 20_000])
    };
    let fits = (0..1000).take_while(|&number| match block_on(store.commit(large(number))) {
        Ok(()) => true,
        Err(CommitError::Refused { reason }) => {
            assert!(reason.contains("full"), "{reason}");
            false
        }
        Err(other) => panic!("{other:?}"),
    });
    let fits = fits.count();
    assert!((5..100).contains(&fits), "{fits} fit");
    assert_eq!(records(&store, Query::of(&TASK)).len(), fits);
    assert_eq!(records(&store, Query::of(&EVENT)).len(), fits);
    commit(
        &store,
        Changes::new().delete(&TASK, "task-0000", Expect::Any),
    );
    commit(&store, Changes::new().put(&TASK, task(2000), Expect::Any));
    drop(store);
    let store = open(&folder);
    assert_eq!(records(&store, Query::of(&TASK)).len(), fits);
    commit(&store, large(3000));
}

#[cfg(unix)]
#[test]
fn a_store_opens_if_its_file_can_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Temporary::new();
    commit(&open(&folder), unit(1));
    let file = folder.path().join("store.db");
    let set = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode));
    set(0o400).expect("it is ours");
    // Some users may write whatever the permissions are.
    let can_write = fs::OpenOptions::new().write(true).open(&file).is_ok();
    match SqliteStore::open(folder.path(), KINDS) {
        Ok(store) => {
            assert!(can_write);
            commit(&store, unit(2));
        }
        Err(error) => {
            assert!(!can_write, "{error}");
            assert!(matches!(error, OpenError::ReadOnly { .. }), "{error:?}");
        }
    }
    set(0o600).expect("it is ours");
    commit(&open(&folder), unit(3));
}

#[test]
fn more_values_than_a_statement_holds_are_compared_all_the_same() {
    let folder = Temporary::new();
    let store = open(&folder);
    (0..20).for_each(|number| commit(&store, unit(number)));
    let many = (0..40_000)
        .map(|number| FieldValue::Int(number * 3))
        .collect::<Vec<_>>();
    let query = Query::of(&TASK)
        .filter(Condition::In("due", many))
        .ordered("due", Direction::Descending);
    let page = block_on(store.read(query.clone().limit(3).counted())).expect("it can be read");
    assert_eq!(page.total, Some(7));
    let found = page.records.iter().map(|record| record.key.as_str());
    assert_eq!(
        found.collect::<Vec<_>>(),
        ["task-0018", "task-0015", "task-0012"]
    );
    let rest = keys(&store, query.after(page.next));
    assert_eq!(rest, ["task-0009", "task-0006", "task-0003", "task-0000"]);
    let names = (0..40_000)
        .map(|number| format!("task-{number:04}").into())
        .collect();
    let query = Query::of(&TASK).filter(Condition::In(KEY, names));
    assert_eq!(keys(&store, query).len(), 20);
}

#[test]
fn several_threads_read_while_one_writes() {
    let folder = Temporary::new();
    let store = open(&folder);
    std::thread::scope(|scope| {
        scope.spawn(|| (0..200).for_each(|number| commit(&store, unit(number))));
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..100 {
                    let query = Query::of(&EVENT).counted();
                    let page = block_on(store.read(query)).expect("it can be read");
                    let count = page.records.len() as u64;
                    assert_eq!(page.total, Some(count), "a page is of one state");
                    assert!(page.records.iter().map(|entry| entry.version).eq(1..=count));
                }
            });
        }
    });
}
