//! A store in a file.

mod apply;
mod blob;
mod checkpoint;
mod codec;
mod connection;
mod fault;
mod folder;
mod migrate;
mod open_error;
mod read;
mod readers;
mod schema;
mod seam;
mod select;
mod statements;
#[cfg(test)]
mod tests;
mod writer;

pub use open_error::OpenError;

use crate::{BoxFuture, Changes, CommitError, Kind, Page, Query, ReadError, Store};
use checkpoint::Checkpointer;
use connection::Database;
use fault::Closed;
use folder::Folder;
use readers::Readers;
use seam::Seam;
use std::{
    fmt, io,
    path::Path,
    sync::{Arc, mpsc::channel},
};
use writer::Writer;

/// A store in a `SQLite` file, in a data folder of its own.
///
/// Durability: an answered commit is on the disk (`synchronous=FULL`): it survives the end of the
/// process, of the system, and of the power. Commits that wait at the same time share one sync.
///
/// What is left of a damaged file:
/// * A write-ahead log that is cut or garbled at some byte, as after a crash: every commit whose
///   part of the log lies before that byte is there, whole; of the others none is, not even in
///   part. A crash damages only what was not answered yet.
/// * A database file that is cut is refused when it is opened. One that is garbled is refused
///   then, or when the damaged part is read: a record that comes back is the record that was put,
///   as each has a checksum. Damage may hide records.
///
/// A folder is held by one store at a time, of whatever process. Dropping the store waits for the
/// commits that have begun, and gives the folder back.
pub struct SqliteStore {
    // Dropped in this order: the connection of the writer is closed last, which empties the
    // write-ahead log, and the folder is held until then.
    readers: Readers,
    checkpointer: Checkpointer,
    writer: Writer,
    database: Arc<Database>,
    folder: Folder,
}

/// How a [`SqliteStore`] is opened.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    max_bytes: Option<u64>,
    readers: usize,
    seam: Seam,
}

impl SqliteStore {
    /// Opens the store of a folder, or makes a new one; the folder may be new too. A store that was
    /// made with older kinds is brought to these: see [`SqliteOptions::open`].
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(folder: impl AsRef<Path>, kinds: &[&'static Kind]) -> Result<Self, OpenError> {
        SqliteOptions::new().open(folder, kinds)
    }

    /// Tells where this process is reached, for who tries to open the folder meanwhile: see
    /// [`OpenError::Held`]. Control characters become blanks; more than 200 characters are cut.
    ///
    /// # Errors
    /// If the file in the folder can not be written.
    pub fn announce(&self, endpoint: &str) -> io::Result<()> {
        self.folder.announce(endpoint)
    }

    /// How many transactions this store has brought to the disk since it was opened: with many
    /// commits at a time far fewer than commits.
    #[must_use]
    pub fn transactions(&self) -> u64 {
        self.database.transactions()
    }

    /// Waits for the commits that have begun and closes the store, as dropping it does.
    pub fn close(self) {
        drop(self);
    }

    async fn read_page(&self, query: Query) -> Result<Page, ReadError> {
        query.check(&self.database.kinds)?;
        if self.database.is_unsettled() && !self.writer.settle().await {
            return Err(fault::unreadable(fault::Unsettled));
        }
        let answer = self.readers.read(query).await;
        answer.unwrap_or_else(|| Err(fault::unreadable(Closed)))
    }

    async fn commit_changes(&self, changes: Changes) -> Result<(), CommitError> {
        changes.check(&self.database.kinds)?;
        self.writer.commit(changes).await
    }
}

impl SqliteOptions {
    /// No bound but the disk.
    #[must_use]
    pub fn new() -> Self {
        Self {
            max_bytes: None,
            readers: 4,
            seam: Seam::default(),
        }
    }

    /// The same options with a bound for the database file. Commits that would need more are
    /// [refused](CommitError::Refused). The write-ahead log beside it is not counted. A store that
    /// is larger already can be opened and read, and can not grow.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// The same options with this many threads that read, at least one; 4 if not said.
    #[must_use]
    pub fn readers(mut self, threads: usize) -> Self {
        self.readers = threads.max(1);
        self
    }

    /// Opens the store of a folder, or makes a new one; the folder may be new too.
    ///
    /// A kind that was declared otherwise when the store was last open is migrated, all kinds at
    /// once or none: records have no value in a field that is new until they are put again; a
    /// field that is declared no more is dropped with its values; indexes are made and removed. A
    /// kind that is declared no more stays as it is. Of several kinds of one name the first counts.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(
        self,
        folder: impl AsRef<Path>,
        kinds: &[&'static Kind],
    ) -> Result<SqliteStore, OpenError> {
        let folder = Folder::hold(folder.as_ref())?;
        let database = Database::new(folder.path(), kinds, self.max_bytes, self.seam);
        database.create_if_new()?;
        let mut connection = database.open_writer()?;
        migrate::migrate(&mut connection, &database)?;
        let database = Arc::new(database);
        let start = || {
            let (waker, calls) = channel();
            let writer = Writer::start(&database, connection, waker.clone())?;
            let checkpointer = Checkpointer::start(&database, waker, calls, writer.jobs())?;
            let readers = Readers::start(&database, self.readers)?;
            Ok((readers, checkpointer, writer))
        };
        let (readers, checkpointer, writer) =
            start().map_err(|source| OpenError::folder(folder.path(), source))?;
        Ok(SqliteStore {
            readers,
            checkpointer,
            writer,
            database,
            folder,
        })
    }
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl Store for SqliteStore {
    fn read(&self, query: Query) -> BoxFuture<'_, Result<Page, ReadError>> {
        Box::pin(self.read_page(query))
    }

    fn commit(&self, changes: Changes) -> BoxFuture<'_, Result<(), CommitError>> {
        Box::pin(self.commit_changes(changes))
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.readers.stop();
        self.checkpointer.stop();
        self.writer.stop();
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore")
            .field("folder", &self.folder.path())
            .finish_non_exhaustive()
    }
}
