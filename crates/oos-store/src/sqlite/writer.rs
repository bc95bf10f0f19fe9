//! The one thread that writes.

mod group;
mod log;

use super::{
    apply::Tables,
    connection::Database,
    fault::{Closed, refused, unknown},
};
use crate::{Changes, CommitError};
use futures_channel::oneshot;
use group::Session;
use rusqlite::Connection;
use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, JoinHandle},
};

/// Hands commits to the thread that writes.
pub(super) struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

pub(super) enum Job {
    Commit(Commit),
    /// Finds out what a crash would leave; answers whether that is known now.
    Settle(oneshot::Sender<bool>),
    /// Brings the rest of the write-ahead log into the database while nobody writes.
    Checkpoint(Sender<()>),
}

pub(super) struct Commit {
    changes: Changes,
    answer: oneshot::Sender<Result<(), CommitError>>,
}

/// What the thread that makes checkpoints is woken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wake {
    /// The write-ahead log is long.
    Checkpoint,
    /// The write-ahead log may soon have this many pages.
    Room(u32),
    Stop,
}

impl Writer {
    pub(super) fn start(
        database: &Arc<Database>,
        connection: Connection,
        waker: Sender<Wake>,
    ) -> io::Result<Self> {
        let (jobs, queue) = channel();
        let database = Arc::clone(database);
        let thread = thread::Builder::new().name("oos-store-writer".to_owned());
        let thread = thread.spawn(move || run(&database, connection, &queue, &waker))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(super) fn jobs(&self) -> Option<Sender<Job>> {
        self.jobs.clone()
    }

    pub(super) async fn commit(&self, changes: Changes) -> Result<(), CommitError> {
        let (answer, answered) = oneshot::channel();
        self.send(Job::Commit(Commit { changes, answer }))?;
        answered.await.unwrap_or_else(|_| Err(unknown(Closed)))
    }

    pub(super) async fn settle(&self) -> bool {
        let (answer, answered) = oneshot::channel();
        self.send(Job::Settle(answer)).is_ok() && answered.await.unwrap_or(false)
    }

    /// Waits for all that was handed in.
    pub(super) fn stop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A thread that failed has answered to nobody; there is nobody left to tell.
            let _ = thread.join();
        }
    }

    fn send(&self, job: Job) -> Result<(), CommitError> {
        let jobs = self.jobs.as_ref().ok_or_else(|| refused(&Closed))?;
        jobs.send(job).map_err(|_| refused(&Closed))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Job {
    /// Answers a job that can not even be begun.
    fn fail(self, reason: &str) {
        match self {
            Self::Commit(commit) => commit.answer(Err(refused(&reason))),
            Self::Settle(answer) => {
                let _ = answer.send(false);
            }
            Self::Checkpoint(_) => {}
        }
    }
}

impl Commit {
    fn answer(self, answer: Result<(), CommitError>) {
        // Who has dropped the commit does not want to know.
        let _ = self.answer.send(answer);
    }
}

/// Works until all who hand in jobs are gone; takes a new connection when the old one is of no use.
fn run(database: &Database, first: Connection, jobs: &Receiver<Job>, waker: &Sender<Wake>) {
    let mut end = serve(database, first, jobs, waker, None);
    while end == End::Broken {
        let Ok(job) = jobs.recv() else {
            return;
        };
        match database.open_writer() {
            Ok(connection) => end = serve(database, connection, jobs, waker, Some(job)),
            Err(error) => job.fail(&error.to_string()),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum End {
    Closed,
    /// The connection is of no use.
    Broken,
}

fn serve(
    database: &Database,
    mut connection: Connection,
    jobs: &Receiver<Job>,
    waker: &Sender<Wake>,
    first: Option<Job>,
) -> End {
    let watched = database.watch_log(&mut connection);
    let tables = watched.and_then(|()| Tables::new(&connection, &database.kinds));
    match tables {
        Ok(tables) => Session::new(database, &connection, tables, jobs, waker).serve(first),
        Err(error) => {
            if let Some(job) = first {
                job.fail(&super::fault::reason(&error));
            }
            End::Broken
        }
    }
}
