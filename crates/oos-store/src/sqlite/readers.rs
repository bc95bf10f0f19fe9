//! Threads that read, each on a connection of its own.

use super::{connection::Database, fault, read};
use crate::{Page, Query, ReadError};
use futures_channel::oneshot;
use rusqlite::Connection;
use std::{
    collections::VecDeque,
    io,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

pub(super) struct Readers {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    database: Arc<Database>,
    queue: Mutex<VecDeque<Task>>,
    ready: Condvar,
    stopped: Arc<AtomicBool>,
}

struct Task {
    query: Query,
    answer: oneshot::Sender<Result<Page, ReadError>>,
}

/// Steps of `SQLite` after which a read looks whether the store is being closed.
const STEPS: i32 = 10_000;

impl Readers {
    pub(super) fn start(database: &Arc<Database>, count: usize) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            database: Arc::clone(database),
            queue: Mutex::default(),
            ready: Condvar::new(),
            stopped: Arc::default(),
        });
        let mut readers = Self {
            shared,
            threads: Vec::new(),
        };
        for _ in 0..count {
            let shared = Arc::clone(&readers.shared);
            let thread = thread::Builder::new().name("oos-store-reader".to_owned());
            readers.threads.push(thread.spawn(move || shared.run())?);
        }
        Ok(readers)
    }

    /// Nothing if the store is being closed.
    pub(super) async fn read(&self, query: Query) -> Option<Result<Page, ReadError>> {
        let (answer, answered) = oneshot::channel();
        self.shared.lock().push_back(Task { query, answer });
        self.shared.ready.notify_one();
        answered.await.ok()
    }

    /// Gives up what is being read: whoever waited for it is gone.
    pub(super) fn stop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.shared.lock().clear();
        self.shared.ready.notify_all();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn run(&self) {
        let mut connection = None;
        while let Some(task) = self.next() {
            if task.answer.is_canceled() {
                continue;
            }
            let page = self.read(&mut connection, &task.query);
            let _ = task.answer.send(page);
        }
    }

    fn next(&self) -> Option<Task> {
        let mut queue = self.lock();
        loop {
            if self.stopped.load(Ordering::SeqCst) {
                return None;
            }
            if let Some(task) = queue.pop_front() {
                return Some(task);
            }
            queue = self
                .ready
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn read(&self, connection: &mut Option<Connection>, query: &Query) -> Result<Page, ReadError> {
        let open = match connection.take() {
            Some(open) => open,
            None => self
                .open()
                .map_err(|error| fault::unreadable(fault::Kept::of(error)))?,
        };
        let page = read::page(&open, query).map_err(fault::Fault::into_read_error);
        // A connection whose state did not end is of no use.
        *connection = Some(open).filter(Connection::is_autocommit);
        page
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let mut connection = self.database.open_reader()?;
        let stopped = Arc::clone(&self.stopped);
        connection.progress_handler(STEPS, Some(move || stopped.load(Ordering::SeqCst)))?;
        Ok(connection)
    }

    /// A panic can not leave the queue half changed.
    fn lock(&self) -> MutexGuard<'_, VecDeque<Task>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
