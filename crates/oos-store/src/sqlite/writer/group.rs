//! Commits that wait at the same time are made in one transaction.

use super::{Commit, End, Job, Wake, log::Log};
use crate::{
    Change, CommitError,
    sqlite::{
        apply::{Stop, Tables},
        connection::Database,
        fault::{self, Unsettled, refused, unknown},
    },
};
use rusqlite::{Connection, ErrorCode};
use std::{
    collections::VecDeque,
    sync::mpsc::{Receiver, Sender},
    thread,
};

/// A transaction makes at most so many commits,
const MAX_COMMITS: usize = 1024;
/// or so many bytes of bodies, unless one commit alone has more.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// How often the thread lets others run while it waits for those it has just answered: far less
/// time than a sync, which they can then share.
const PATIENCE: u32 = 64;

type Answer = Result<(), CommitError>;

/// The writer while its connection is good.
pub(super) struct Session<'c> {
    database: &'c Database,
    connection: &'c Connection,
    tables: Tables<'c>,
    log: Log<'c>,
    jobs: &'c Receiver<Job>,
    /// Jobs that were taken from the queue and not begun.
    waiting: VecDeque<Job>,
    /// How many are likely to wait soon: those answered last, and those who waited then.
    expected: usize,
}

impl<'c> Session<'c> {
    pub(super) fn new(
        database: &'c Database,
        connection: &'c Connection,
        tables: Tables<'c>,
        jobs: &'c Receiver<Job>,
        waker: &'c Sender<Wake>,
    ) -> Self {
        Self {
            database,
            connection,
            tables,
            log: Log::new(waker),
            jobs,
            waiting: VecDeque::new(),
            expected: 0,
        }
    }

    pub(super) fn serve(mut self, first: Option<Job>) -> End {
        self.waiting.extend(first);
        loop {
            let Some(job) = self.next() else {
                return End::Closed;
            };
            match job {
                Job::Commit(commit) => {
                    let group = self.gather(commit);
                    self.make(group, Care::Whole);
                }
                Job::Settle(answer) => {
                    let _ = answer.send(self.settle());
                }
                Job::Checkpoint(done) => {
                    self.checkpoint();
                    let _ = done.send(());
                }
            }
            if !self.connection.is_autocommit() {
                for job in self.waiting {
                    job.fail("its file could not be changed");
                }
                return End::Broken;
            }
        }
    }

    /// The next job; nothing if there is nobody left.
    fn next(&mut self) -> Option<Job> {
        self.waiting.pop_front().or_else(|| self.jobs.recv().ok())
    }

    /// The commits that wait or are likely to wait soon, up to the next other job.
    fn gather(&mut self, first: Commit) -> Vec<Commit> {
        let (mut bytes, mut idle) = (first.size(), 0);
        let mut group = vec![first];
        while group.len() < MAX_COMMITS && bytes < MAX_BYTES {
            match self
                .waiting
                .pop_front()
                .or_else(|| self.jobs.try_recv().ok())
            {
                Some(Job::Commit(commit)) => {
                    bytes += commit.size();
                    group.push(commit);
                }
                Some(other) => {
                    self.waiting.push_front(other);
                    break;
                }
                None if group.len() < self.expected && idle < PATIENCE => {
                    idle += 1;
                    thread::yield_now();
                }
                None => break,
            }
        }
        group
    }

    /// Takes in who waits before others are answered, who are likely to come back.
    fn expect_back(&mut self, answered: usize) {
        self.waiting.extend(self.jobs.try_iter());
        self.expected = self.waiting.len() + answered;
    }

    /// Makes a group and answers it.
    fn make(&mut self, group: Vec<Commit>, care: Care) {
        if self.database.is_unsettled() && !self.settle() {
            return answer_all(group, || Err(refused(&Unsettled)));
        }
        let answers = self.transact(&group, care);
        self.expect_back(group.len());
        match answers {
            Ok(answers) => {
                for (commit, answer) in group.into_iter().zip(answers) {
                    commit.answer(answer);
                }
            }
            Err(Failed::Undone) if care == Care::Whole => self.make(group, Care::Savepoints),
            Err(Failed::Undone) => {
                for commit in group {
                    self.make(vec![commit], Care::Whole);
                }
            }
            Err(Failed::NotMade(error)) => {
                let reason = fault::reason(&error);
                answer_all(group, || Err(refused(&reason)));
            }
            Err(Failed::Unknown(error, answers)) => answer_unknown(group, answers, &error),
        }
        self.log.look(self.database.log_pages());
    }

    /// The answers of a group, all on the disk.
    fn transact(&mut self, group: &[Commit], care: Care) -> Result<Vec<Answer>, Failed> {
        let begun = self.connection.execute_batch("BEGIN IMMEDIATE");
        begun.map_err(Failed::NotMade)?;
        let answers = self.apply_all(group, care)?;
        if answers.iter().all(Result::is_err) {
            self.roll_back();
            return Ok(answers);
        }
        let (connection, seam) = (self.connection, &self.database.seam);
        match seam.commit(|| connection.execute_batch("COMMIT")) {
            Ok(()) => {
                self.database.count_transaction();
                Ok(answers)
            }
            Err(error) => Err(self.failed_commit(error, answers)),
        }
    }

    fn apply_all(&mut self, group: &[Commit], care: Care) -> Result<Vec<Answer>, Failed> {
        let mut answers = Vec::with_capacity(group.len());
        for commit in group {
            let rows = self.connection.total_changes();
            let answer = match care {
                Care::Whole => self.apply(commit),
                Care::Savepoints => self.apply_in_savepoint(commit),
            };
            let undone = match (&answer, care) {
                (Ok(()), _) => false,
                // A conflict that was found before anything was changed has nothing to undo.
                (Err(CommitError::Conflict { .. }), Care::Whole) => {
                    self.connection.total_changes() != rows
                }
                (Err(_), Care::Whole) => true,
                (Err(_), Care::Savepoints) => self.connection.is_autocommit(),
            };
            if undone && group.len() > 1 {
                self.roll_back();
                return Err(Failed::Undone);
            }
            answers.push(answer);
        }
        Ok(answers)
    }

    fn apply(&mut self, commit: &Commit) -> Answer {
        self.tables
            .apply(&commit.changes)
            .map_err(|stop| match stop {
                Stop::Conflict { index, kind, key } => CommitError::Conflict { index, kind, key },
                Stop::Fault(fault) => refused(&fault.reason()),
            })
    }

    fn apply_in_savepoint(&mut self, commit: &Commit) -> Answer {
        let below = |error| refused(&fault::reason(&error));
        self.connection
            .prepare_cached("SAVEPOINT one")
            .and_then(|mut s| s.execute([]))
            .map_err(below)?;
        let answer = self.apply(commit);
        if answer.is_err() && !self.connection.is_autocommit() {
            self.tables.forget();
            if self.connection.execute_batch("ROLLBACK TO one").is_err() {
                self.roll_back();
                return answer;
            }
        }
        if !self.connection.is_autocommit() {
            let release = self.connection.prepare_cached("RELEASE one");
            release.and_then(|mut s| s.execute([])).map_err(below)?;
        }
        answer
    }

    /// A commit that failed may lie whole in the write-ahead log, where a crash would find it.
    /// Another one that succeeds takes its place there.
    fn failed_commit(&mut self, error: rusqlite::Error, answers: Vec<Answer>) -> Failed {
        self.roll_back();
        // A log that has no room does not hold it whole.
        if error.sqlite_error_code() == Some(ErrorCode::DiskFull) || self.settle() {
            return Failed::NotMade(error);
        }
        self.database.set_unsettled(true);
        Failed::Unknown(error, answers)
    }

    fn settle(&mut self) -> bool {
        let connection = self.connection;
        let begun =
            connection.execute_batch("BEGIN IMMEDIATE; UPDATE settled SET times = times + 1");
        let settled = begun.and_then(|()| {
            self.database
                .seam
                .commit(|| connection.execute_batch("COMMIT"))
        });
        if settled.is_err() {
            self.roll_back();
            return false;
        }
        self.database.set_unsettled(false);
        true
    }

    fn roll_back(&mut self) {
        self.tables.forget();
        if !self.connection.is_autocommit() {
            // If even this fails the connection is given up: see `serve`.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }

    fn checkpoint(&mut self) {
        // The log stays as it is if this fails; the next checkpoint tries again.
        let _ = self
            .connection
            .execute_batch("PRAGMA wal_checkpoint(PASSIVE)");
    }
}

/// How a commit of a group is kept from the others if it can not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    /// The whole group is undone and made again with savepoints: without them, it is a quarter
    /// cheaper, and few commits fail after they have changed something.
    Whole,
    /// A savepoint for each commit.
    Savepoints,
}

/// Why a group has no answers.
enum Failed {
    /// Nothing was made, by the fault of one: the others have to be made again.
    Undone,
    NotMade(rusqlite::Error),
    Unknown(rusqlite::Error, Vec<Answer>),
}

/// Those that were not to be made were not made, but they were compared with what may not be.
fn answer_unknown(group: Vec<Commit>, answers: Vec<Answer>, error: &rusqlite::Error) {
    let text = error.to_string();
    for (commit, answer) in group.into_iter().zip(answers) {
        commit.answer(match answer {
            Ok(()) => Err(unknown(fault::Below(text.clone()))),
            Err(_) => Err(refused(&Unsettled)),
        });
    }
}

fn answer_all(group: Vec<Commit>, answer: impl Fn() -> Answer) {
    for commit in group {
        commit.answer(answer());
    }
}

impl Commit {
    /// Bytes of its bodies.
    fn size(&self) -> usize {
        let size = |change: &Change| match change {
            Change::Put { record, .. } => record.body.len(),
            Change::Delete { .. } => 0,
            Change::Append { body, .. } => body.len(),
        };
        self.changes.list().iter().map(size).sum()
    }
}
