//! Durable records behind one small trait.
//!
//! A caller declares its [`Kind`]s, commits [`Changes`] atomically, and reads pages of records by
//! [`Query`]. This crate must not know what the records mean: it knows nothing of OOS, of JSON, or
//! of time.
//!
//! ```
//! use oos_store::{Changes, Expect, Field, Kind, MemoryStore, Query, Record, Store};
//!
//! # fn block_on<F: std::future::Future>(f: F) -> F::Output {
//! #     let mut f = std::pin::pin!(f);
//! #     let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
//! #     loop { if let std::task::Poll::Ready(out) = f.as_mut().poll(&mut cx) { return out; } }
//! # }
//! static BOOKS: Kind = Kind::records("book", &[Field::text("author"), Field::int("year")], &[&["author", "year"]]);
//!
//! let store = MemoryStore::new(&[&BOOKS]);
//! let book = Record::new("emma").with("author", "Austen").with("year", 1815).with_body("…");
//! block_on(store.commit(Changes::new().put(&BOOKS, book, Expect::Absent)))?;
//!
//! let page = block_on(store.read(Query::of(&BOOKS).equal("author", "Austen")))?;
//! assert_eq!(page.records[0].key, "emma");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod changes;
mod check;
pub mod conformance;
mod cursor;
mod error;
mod kind;
mod matching;
mod memory;
mod query;
mod record;
mod sqlite;

pub use changes::{Change, Changes, Expect};
pub use cursor::Cursor;
pub use error::{CommitError, ReadError};
pub use futures_core::future::BoxFuture;
pub use kind::{Field, FieldType, Kind, Shape};
pub use memory::MemoryStore;
pub use query::{Condition, Direction, KEY, Page, Query, SEQUENCE};
pub use record::{FieldValue, Record};
pub use sqlite::{OpenError, SqliteOptions, SqliteStore};

use std::fmt::Debug;

/// Keeps records.
///
/// Contract:
/// * `commit` is atomic: all of the changes, or none of them. `Ok` means that they are as durable
///   as this store makes anything, and that every later `read` sees them.
/// * Each change expects the state that the changes before it leave. The first that finds another
///   one is named in [`CommitError::Conflict`].
/// * [`CommitError::Refused`] comes before any expectation is looked at.
/// * [`CommitError::Conflict`] and [`CommitError::Refused`] mean that nothing was changed;
///   [`CommitError::Unknown`] that nobody can tell: read before going on.
/// * A commit begins when its future is first polled. From then on dropping the future does not
///   undo it: it is made before any commit that begins later is answered.
/// * `read` sees one consistent state, which contains every commit that was answered before the
///   call.
pub trait Store: Debug + Send + Sync + 'static {
    /// Reads one page.
    ///
    /// # Errors
    /// [`ReadError`] if the query names something that its kind does not declare, or if the store
    /// can not be read.
    fn read(&self, query: Query) -> BoxFuture<'_, Result<Page, ReadError>>;

    /// Makes the changes, all or none.
    ///
    /// # Errors
    /// See the contract of the trait.
    fn commit(&self, changes: Changes) -> BoxFuture<'_, Result<(), CommitError>>;
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::Arc,
        task::{Context, Poll, Wake, Waker},
    };

    struct Unpark(std::thread::Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    /// Drives a future that waits for other threads.
    pub(crate) fn wait<F: Future>(future: F) -> F::Output {
        let mut future = pin!(future);
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        let mut context = Context::from_waker(&waker);
        loop {
            match future.as_mut().poll(&mut context) {
                Poll::Ready(output) => return output,
                Poll::Pending => std::thread::park(),
            }
        }
    }

    /// Drives a future that never waits for anything outside.
    pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
        }
    }
}
