//! A store that fails as planned, and that tells what it was made to hold.

use futures_core::future::BoxFuture;
use oos_store::{Change, Changes, CommitError, FieldValue, Kind, MemoryStore};
use oos_store::{Page, Query, ReadError, Store};
use std::fmt;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

/// Rows that stand for the ones that a gateway attaches to a command: its answer, by token.
pub static TOKEN: Kind = Kind::records("token", &[], &[]);

/// What becomes of a commit or of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "tests choose among all of them")]
pub enum Fate {
    /// It is done at once.
    Done,
    /// It is done when it is first polled, and answered so many polls later.
    Slow(u32),
    /// The store refuses; nothing is done. A read finds the store unreadable.
    Refused,
    /// It is done, and nobody can tell. A read finds the store unreadable.
    UnknownDone,
    /// It is not done, and nobody can tell. A read finds the store unreadable.
    UnknownLost,
    /// It is done and never answered: the process stops here.
    DoneThenSilence,
    /// It is not done and never answered: the process stops here.
    Silence,
}

/// So many polls after its begin a commit fails: time for the driver to make the next turn.
const LATE: u32 = 3;

/// A put that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a row of data")]
pub struct Put {
    /// The number of its commit, from 0.
    pub commit: u64,
    /// The name of the kind.
    pub kind: &'static str,
    /// The key.
    pub key: String,
    /// The field `status`, for the kinds that have it.
    pub status: Option<String>,
    /// The field `settled`, for the kind that has it.
    pub settled: bool,
}

type Plan<T> = Box<dyn FnMut(T) -> Fate + Send>;

/// A store in memory with a plan of failures.
pub struct PlannedStore {
    inner: MemoryStore,
    commits: AtomicU64,
    commit_plan: Mutex<Plan<u64>>,
    read_plan: Mutex<Plan<&'static str>>,
    puts: Mutex<Vec<Put>>,
    silent: AtomicBool,
}

impl Default for PlannedStore {
    fn default() -> Self {
        Self::new()
    }
}

impl PlannedStore {
    /// An empty store that does everything at once.
    #[must_use]
    pub fn new() -> Self {
        let kinds: Vec<_> = oos_engine::KINDS.into_iter().chain([&TOKEN]).collect();
        Self {
            inner: MemoryStore::new(&kinds),
            commits: AtomicU64::new(0),
            commit_plan: Mutex::new(Box::new(|_| Fate::Done)),
            read_plan: Mutex::new(Box::new(|_| Fate::Done)),
            puts: Mutex::default(),
            silent: AtomicBool::new(false),
        }
    }

    /// Whether a commit or a read has come to silence since the store was last healed.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.silent.load(Ordering::SeqCst)
    }

    /// Decides of every commit from now on, by its number from 0.
    pub fn plan_commits(&self, plan: impl FnMut(u64) -> Fate + Send + 'static) {
        *lock(&self.commit_plan) = Box::new(plan);
    }

    /// Decides of every read from now on, by the name of its kind.
    pub fn plan_reads(&self, plan: impl FnMut(&'static str) -> Fate + Send + 'static) {
        *lock(&self.read_plan) = Box::new(plan);
    }

    /// From now on everything is done at once.
    pub fn heal(&self) {
        self.silent.store(false, Ordering::SeqCst);
        self.plan_commits(|_| Fate::Done);
        self.plan_reads(|_| Fate::Done);
    }

    /// How many commits were asked for.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::SeqCst)
    }

    /// Every put that was made, in its order.
    #[must_use]
    pub fn puts(&self) -> Vec<Put> {
        lock(&self.puts).clone()
    }

    async fn silence<T>(&self) -> T {
        self.silent.store(true, Ordering::SeqCst);
        std::future::pending().await
    }

    async fn make(&self, number: u64, changes: Changes) -> Result<(), CommitError> {
        let puts = puts_of(number, &changes);
        self.inner.commit(changes).await?;
        lock(&self.puts).extend(puts);
        Ok(())
    }
}

fn puts_of(commit: u64, changes: &Changes) -> Vec<Put> {
    let put = |change: &Change| match change {
        Change::Put { kind, record, .. } => Some(Put {
            commit,
            kind: kind.name,
            key: record.key.clone(),
            status: match record.fields.get("status") {
                Some(FieldValue::Text(status)) => Some(status.clone()),
                _ => None,
            },
            settled: record.fields.get("settled") == Some(&FieldValue::Int(1)),
        }),
        _ => None,
    };
    changes.list().iter().filter_map(put).collect()
}

impl Store for PlannedStore {
    fn read(&self, query: Query) -> BoxFuture<'_, Result<Page, ReadError>> {
        Box::pin(async move {
            let fate = lock(&self.read_plan)(query.kind.name);
            match fate {
                Fate::Done => self.inner.read(query).await,
                Fate::Slow(polls) => {
                    let answer = self.inner.read(query).await;
                    pause(polls).await;
                    answer
                }
                Fate::Refused | Fate::UnknownDone | Fate::UnknownLost => {
                    Err(ReadError::Unreadable {
                        source: "as planned".into(),
                    })
                }
                Fate::Silence | Fate::DoneThenSilence => self.silence().await,
            }
        })
    }

    fn commit(&self, changes: Changes) -> BoxFuture<'_, Result<(), CommitError>> {
        Box::pin(async move {
            let number = self.commits.fetch_add(1, Ordering::SeqCst);
            let fate = lock(&self.commit_plan)(number);
            match fate {
                Fate::Done => self.make(number, changes).await,
                Fate::Slow(polls) => {
                    let answer = self.make(number, changes).await;
                    pause(polls).await;
                    answer
                }
                Fate::Refused => {
                    pause(LATE).await;
                    Err(CommitError::Refused {
                        reason: "as planned".to_owned(),
                    })
                }
                Fate::UnknownDone => {
                    // A conflict is a known outcome, whatever the plan says.
                    self.make(number, changes).await?;
                    pause(LATE).await;
                    Err(unknown())
                }
                Fate::UnknownLost => {
                    pause(LATE).await;
                    Err(unknown())
                }
                Fate::DoneThenSilence => {
                    self.make(number, changes).await?;
                    self.silence().await
                }
                Fate::Silence => self.silence().await,
            }
        })
    }
}

fn unknown() -> CommitError {
    CommitError::Unknown {
        source: "as planned".into(),
    }
}

async fn pause(polls: u32) {
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for PlannedStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PlannedStore")
            .field("commits", &self.commits)
            .finish_non_exhaustive()
    }
}
