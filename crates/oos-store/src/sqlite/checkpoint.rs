//! Brings the write-ahead log into the database, beside the thread that writes.

use super::{
    connection::Database,
    writer::{Job, Wake},
};
use rusqlite::Connection;
use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, JoinHandle},
};

/// So few pages are left to the writer: with it the log is done, and begins anew.
const SHORT_REST: i64 = 512;
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
    while let Ok(Wake::Checkpoint) = calls.recv() {
        if calls.try_iter().any(|wake| wake == Wake::Stop) {
            return;
        }
        // The log only grows if this fails; the next wake tries again.
        if connection.is_none() {
            connection = database.open_checkpointer().ok();
        }
        let rest = connection.as_ref().map(rest_after_passes);
        match rest {
            Some(Ok(rest)) if rest > 0 => finish(jobs),
            Some(Err(_)) => connection = None,
            _ => {}
        }
    }
}

/// The pages that are left after as many passes as help.
fn rest_after_passes(connection: &Connection) -> rusqlite::Result<i64> {
    let mut rest = i64::MAX;
    for _ in 0..MAX_PASSES {
        let before = rest;
        rest = pass(connection)?;
        if rest <= SHORT_REST || rest >= before {
            break;
        }
    }
    Ok(rest)
}

fn pass(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        let (all, done) = (row.get::<_, i64>(1)?, row.get::<_, i64>(2)?);
        Ok(all.saturating_sub(done))
    })
}

fn finish(jobs: &Sender<Job>) {
    let (done, is_done) = channel();
    if jobs.send(Job::Checkpoint(done)).is_ok() {
        // A writer that ends instead has nothing to finish.
        let _ = is_done.recv();
    }
}
