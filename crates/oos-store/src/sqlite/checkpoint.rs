//! Brings the write-ahead log into the database, beside the thread that writes.

use super::{
    connection::Database,
    writer::{Job, Wake},
};
use rusqlite::Connection;
use std::{
    io, iter,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, JoinHandle},
};

/// Pages of the write-ahead log from which on it is brought into the database: 16 MB.
pub(super) const LONG_LOG: u32 = 4096;
/// So few pages are left to the writer: with it the log is done, and begins anew.
const SHORT_REST: u32 = 512;
/// While others write, the rest may never get short.
const MAX_PASSES: u32 = 8;

pub(super) struct Checkpointer {
    waker: Sender<Wake>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(super) fn start(
        database: &Arc<Database>,
        waker: Sender<Wake>,
        calls: Receiver<Wake>,
        jobs: Option<Sender<Job>>,
    ) -> io::Result<Self> {
        let database = Arc::clone(database);
        let thread = thread::Builder::new().name("oos-store-checkpoint".to_owned());
        let run = move || {
            if let Some(jobs) = jobs {
                run(&database, &calls, &jobs);
            }
        };
        let thread = Some(thread.spawn(run)?);
        Ok(Self { waker, thread })
    }

    pub(super) fn stop(&mut self) {
        let _ = self.waker.send(Wake::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(database: &Database, calls: &Receiver<Wake>, jobs: &Sender<Job>) {
    let mut connection = None;
    while let Ok(wake) = calls.recv() {
        let wakes: Vec<_> = iter::once(wake).chain(calls.try_iter()).collect();
        if wakes.contains(&Wake::Stop) {
            return;
        }
        for wake in wakes {
            match wake {
                // A log without room is slower, nothing else.
                Wake::Room(pages) => drop(database.lengthen_log(pages)),
                Wake::Checkpoint if database.log_pages() >= LONG_LOG => {
                    checkpoint(database, &mut connection, jobs);
                }
                Wake::Checkpoint | Wake::Stop => {}
            }
        }
    }
}

/// The log only grows if this fails; the next wake tries again.
fn checkpoint(database: &Database, kept: &mut Option<Connection>, jobs: &Sender<Job>) {
    let connection = match kept.take() {
        Some(connection) => Ok(connection),
        None => database.open_checkpointer(),
    };
    *kept = connection
        .ok()
        .filter(|connection| shorten(database, connection).is_ok());
    if kept.is_some() {
        // So that the writer, which has to wait for this, has little to sync.
        let _ = database.sync();
        finish(jobs);
    }
}

/// Brings in as much of the log as can be done beside the writer.
fn shorten(database: &Database, connection: &Connection) -> rusqlite::Result<()> {
    let mut rest = u32::MAX;
    for _ in 0..MAX_PASSES {
        let before = rest;
        rest = database.log_pages().saturating_sub(pass(connection)?);
        if rest <= SHORT_REST || rest >= before {
            break;
        }
    }
    Ok(())
}

/// How many pages of the log are in the database now; the writer may have added others meanwhile.
fn pass(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok(u32::try_from(row.get::<_, i64>(2)?).unwrap_or(0))
    })
}

fn finish(jobs: &Sender<Job>) {
    let (done, is_done) = channel();
    if jobs.send(Job::Checkpoint(done)).is_ok() {
        // A writer that ends instead has nothing to finish.
        let _ = is_done.recv();
    }
}
