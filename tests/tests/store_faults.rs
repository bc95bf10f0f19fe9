//! What the `SQLite` store makes of files that are cut, garbled or full: more than 500 faults, each
//! on a copy of the same store. No fault may bring a panic, a hang or a record that was not put.

mod store_support;

use oos_store::{
    Changes, CommitError, Expect, Field, Kind, Query, Record, SqliteOptions, SqliteStore, Store,
};
use std::{fs, path::Path};
use store_support::{Temporary, block_on};

static TASK: Kind = Kind::records(
    "task",
    &[Field::text("state"), Field::int("due")],
    &[&["state", "due"]],
);
static EVENT: Kind = Kind::log("event");
static KINDS: &[&Kind] = &[&TASK, &EVENT];

/// Bytes of the head of the write-ahead log, of the head of each page in it, and of a page.
const LOG_HEAD: usize = 32;
const FRAME: usize = 24 + 4096;

/// The files of a store.
struct Files {
    database: Vec<u8>,
    log: Vec<u8>,
}

/// Everything that can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct State {
    tasks: Vec<Record>,
    events: Vec<Record>,
}

/// A store as a crash leaves it, with the length of the log and the state after each commit.
struct History {
    files: Files,
    states: Vec<(usize, State)>,
}

fn changes(number: i64) -> Changes {
    let small = u8::try_from(number).expect("it is small");
    let body = vec![b'a' + small % 26; 40 * usize::from(small % 9)];
    let record = Record::new(format!("task-{:02}", number % 17))
        .with("state", if number % 2 == 0 { "waiting" } else { "done" })
        .with("due", number)
        .with_tags([("env".to_owned(), format!("e{}", number % 3))])
        .with_body(body.clone());
    let changes = Changes::new().put(&TASK, record, Expect::Any);
    match number % 10 {
        3 => changes.delete(&TASK, format!("task-{:02}", number % 5), Expect::Any),
        7 => changes.append(&EVENT, "large", vec![small; 70_000]),
        _ => changes.append(&EVENT, format!("s{}", number % 4), body),
    }
}

fn open(folder: &Path) -> Result<SqliteStore, oos_store::OpenError> {
    SqliteOptions::new().readers(1).open(folder, KINDS)
}

fn state(store: &SqliteStore) -> Result<State, oos_store::ReadError> {
    let read = |kind| block_on(store.read(Query::of(kind))).map(|page| page.records);
    Ok(State {
        tasks: read(&TASK)?,
        events: read(&EVENT)?,
    })
}

/// The log in its file, without the room behind it.
fn log(file: &Path) -> Vec<u8> {
    let mut bytes = fs::read(file).unwrap_or_default();
    let frames = bytes
        .get(LOG_HEAD..)
        .unwrap_or_default()
        .chunks_exact(FRAME);
    let of_this_log = |frame: &&[u8]| frame[8..16] == bytes[16..24];
    let frames = frames.take_while(of_this_log).count();
    bytes.truncate(LOG_HEAD + frames * FRAME);
    bytes
}

fn length(file: &Path) -> usize {
    fs::metadata(file).map_or(0, |file| usize::try_from(file.len()).expect("it is small"))
}

impl History {
    fn of(commits: i64) -> Self {
        let folder = Temporary::new();
        let store = open(folder.path()).expect("the folder is free");
        let file = folder.path().join("store.db-wal");
        let mut states = vec![(log(&file).len(), State::default())];
        for number in 0..commits {
            block_on(store.commit(changes(number))).expect("nothing is in the way");
            states.push((log(&file).len(), state(&store).expect("it can be read")));
        }
        let lengths = states.iter().map(|(length, _)| length);
        assert!(
            lengths.is_sorted_by(|one, next| one < next),
            "the log began anew"
        );
        let database = fs::read(folder.path().join("store.db")).expect("it is there");
        let log = log(&file);
        Self {
            files: Files { database, log },
            states,
        }
    }

    /// The state that the first bytes of the log hold.
    fn at(&self, bytes: usize) -> State {
        let whole = self
            .states
            .iter()
            .rev()
            .find(|(length, _)| *length <= bytes);
        whole.map(|(_, state)| state.clone()).unwrap_or_default()
    }
}

impl Files {
    fn put(&self, folder: &Path) {
        fs::create_dir_all(folder).expect("it can be made");
        fs::write(folder.join("store.db"), &self.database).expect("it can be written");
        if !self.log.is_empty() {
            fs::write(folder.join("store.db-wal"), &self.log).expect("it can be written");
        }
    }
}

/// A store of these files has exactly this state, and takes the next commit.
fn check_state(files: &Files, expected: &State, fault: &str) {
    let folder = Temporary::new();
    files.put(folder.path());
    let store = open(folder.path()).unwrap_or_else(|error| panic!("{fault}: {error:?}"));
    let found = state(&store).unwrap_or_else(|error| panic!("{fault}: {error:?}"));
    assert!(
        found == *expected,
        "{fault}: {} tasks and {} events instead of {} and {}",
        found.tasks.len(),
        found.events.len(),
        expected.tasks.len(),
        expected.events.len()
    );
    block_on(store.commit(changes(1))).unwrap_or_else(|error| panic!("{fault}: {error:?}"));
    drop(store);
    let store = open(folder.path()).unwrap_or_else(|error| panic!("{fault}: {error:?}"));
    let found = state(&store).unwrap_or_else(|error| panic!("{fault}: {error:?}"));
    assert_eq!(found.events.len(), expected.events.len() + 1, "{fault}");
}

/// Places that look at random, the same in each run.
fn places(count: usize, length: usize) -> impl Iterator<Item = usize> {
    let mut seed = 0x2545_f491_u64;
    (0..count).map(move |_| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("it has 31 bits") % length
    })
}

#[test]
fn a_log_that_is_cut_holds_each_commit_before_the_cut_and_nothing_else() {
    let history = History::of(40);
    let whole = history.files.log.len();
    let ends = history
        .states
        .iter()
        .flat_map(|(end, _)| [end - 1, *end, end + 1]);
    let cuts = ends.chain(places(60, whole)).chain([0, 1, LOG_HEAD, whole]);
    let mut faults = 0;
    for cut in cuts.filter(|cut| *cut <= whole) {
        let (database, log) = (
            history.files.database.clone(),
            history.files.log[..cut].to_vec(),
        );
        check_state(
            &Files { database, log },
            &history.at(cut),
            &format!("cut at {cut}"),
        );
        faults += 1;
    }
    assert!(faults > 180, "{faults}");
}

#[test]
fn a_log_that_is_garbled_holds_each_commit_before_the_damage_and_nothing_else() {
    let history = History::of(40);
    let whole = history.files.log.len();
    for place in places(120, whole).chain(0..LOG_HEAD) {
        let (database, mut log) = (history.files.database.clone(), history.files.log.clone());
        log[place] ^= 1 << (place % 8);
        let good = match place.checked_sub(LOG_HEAD) {
            Some(place) => LOG_HEAD + place / FRAME * FRAME,
            None => 0,
        };
        check_state(
            &Files { database, log },
            &history.at(good),
            &format!("garbled at {place}"),
        );
    }
}

#[test]
fn a_log_with_a_tail_of_rubbish_loses_nothing() {
    let history = History::of(10);
    for length in [1, 23, 24, 4095, FRAME, 3 * FRAME + 7] {
        let (database, mut log) = (history.files.database.clone(), history.files.log.clone());
        let last = log[log.len() - FRAME..].to_vec();
        log.extend(last.iter().cycle().take(length));
        let expected = history.at(usize::MAX);
        check_state(
            &Files { database, log },
            &expected,
            &format!("a tail of {length}"),
        );
    }
}

/// A closed store: one file.
fn closed() -> (Files, State) {
    let folder = Temporary::new();
    let store = open(folder.path()).expect("the folder is free");
    (0..60).for_each(|number| block_on(store.commit(changes(number))).expect("there is room"));
    let state = state(&store).expect("it can be read");
    drop(store);
    assert_eq!(length(&folder.path().join("store.db-wal")), 0);
    let database = fs::read(folder.path().join("store.db")).expect("it is there");
    (
        Files {
            database,
            log: Vec::new(),
        },
        state,
    )
}

/// What is read is what was put, in its order; whether all of it came.
fn check_part(found: &[Record], put: &[Record], fault: &str) -> bool {
    let mut rest = put.iter();
    for record in found {
        assert!(
            rest.any(|other| other == record),
            "{fault}: {record:?} was not put"
        );
    }
    found.len() == put.len()
}

/// Whether the fault was noticed: by an error, or by records that are missing.
fn is_noticed(files: &Files, put: &State, fault: &str) -> bool {
    let folder = Temporary::new();
    files.put(folder.path());
    let store = match open(folder.path()) {
        Ok(store) => store,
        Err(error) => {
            assert!(error.to_string().contains("store.db"), "{fault}: {error}");
            return true;
        }
    };
    let mut noticed = false;
    for (kind, put) in [(&TASK, &put.tasks), (&EVENT, &put.events)] {
        match block_on(store.read(Query::of(kind))) {
            Ok(page) => noticed |= !check_part(&page.records, put, fault),
            Err(error) => {
                let source = std::error::Error::source(&error).expect("it says what is wrong");
                assert!(!source.to_string().is_empty(), "{fault}");
                noticed = true;
            }
        }
    }
    for state in ["waiting", "done"] {
        let query = Query::of(&TASK).equal("state", state);
        if let Ok(page) = block_on(store.read(query)) {
            let put = put
                .tasks
                .iter()
                .filter(|task| task.fields["state"] == state.into());
            check_part(&page.records, &put.cloned().collect::<Vec<_>>(), fault);
        }
    }
    // Into damage nobody has to write; a commit that is answered is there.
    let fresh = Changes::new().put(&TASK, Record::new("fresh"), Expect::Any);
    if block_on(store.commit(fresh)).is_ok()
        && let Ok(page) = block_on(store.read(Query::key(&TASK, "fresh")))
    {
        assert_eq!(page.records.len(), 1, "{fault}");
    }
    noticed
}

#[test]
fn a_database_that_is_cut_is_noticed() {
    let (files, put) = closed();
    let whole = files.database.len();
    let ends = (0..8).flat_map(|page| [page * 4096, page * 4096 + 1, whole - page * 4096 - 1]);
    for cut in ends.chain(places(80, whole)) {
        let (database, log) = (files.database[..cut].to_vec(), Vec::new());
        let fault = format!("cut at {cut} of {whole}");
        assert!(
            is_noticed(&Files { database, log }, &put, &fault),
            "{fault}"
        );
    }
}

#[test]
fn a_database_that_is_garbled_brings_no_record_that_was_not_put() {
    let (files, put) = closed();
    let mut noticed = 0;
    // Most bytes are those of large bodies: the others are looked at more closely.
    let head = places(120, files.database.len().min(24 * 4096));
    for place in head.chain(places(120, files.database.len())).chain(0..100) {
        let (mut database, log) = (files.database.clone(), Vec::new());
        database[place] ^= if place % 2 == 0 {
            0xff
        } else {
            1 << (place % 8)
        };
        noticed += usize::from(is_noticed(
            &Files { database, log },
            &put,
            &format!("garbled at {place}"),
        ));
    }
    assert!(noticed > 100, "{noticed} of 340 were noticed");
}

#[test]
fn a_full_store_keeps_what_it_answered_whatever_its_bound() {
    for pages in 20..60_u64 {
        let folder = Temporary::new();
        let options = SqliteOptions::new().readers(1).max_bytes(pages * 4096);
        let store = options
            .open(folder.path(), KINDS)
            .expect("an empty store fits");
        let mut expected = State::default();
        let (mut made, mut refused) = (0, 0);
        for number in 0..40 {
            match block_on(store.commit(changes(number))) {
                Ok(()) => made += 1,
                Err(CommitError::Refused { reason }) => {
                    assert!(reason.contains("full"), "{reason}");
                    assert_eq!(
                        state(&store).expect("it can be read"),
                        expected,
                        "{pages} pages"
                    );
                    refused += 1;
                }
                Err(other) => panic!("{other:?}"),
            }
            expected = state(&store).expect("it can be read");
        }
        assert!(
            made > 0 && refused > 0,
            "{made} made, {refused} refused with {pages} pages"
        );
        assert!(!expected.events.is_empty());
        drop(store);
        let store = open(folder.path()).expect("the folder is free again");
        assert_eq!(
            state(&store).expect("it can be read"),
            expected,
            "{pages} pages"
        );
        block_on(store.commit(changes(7))).expect("without the bound there is room");
    }
}
