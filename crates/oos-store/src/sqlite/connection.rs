//! The file of a store and the connections to it.

use super::{
    OpenError,
    folder::{private_file, remove_if_there, sync_folder},
    migrate, schema,
    seam::Seam,
};
use crate::Kind;
use rusqlite::{Connection, OpenFlags, config::DbConfig, hooks::Wal};
use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

const FILE: &str = "store.db";
/// A store that is being made; it takes its name when it is whole.
const NEW_FILE: &str = "store.new";
/// How long a program that looks into the file may lock it.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of a page in the write-ahead log, with its head.
const FRAME: u64 = 4096 + 24;
/// Statements kept by a connection that reads.
const STATEMENTS: usize = 64;

/// What all threads of a store share.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) file: PathBuf,
    pub(super) kinds: Vec<&'static Kind>,
    pub(super) seam: Seam,
    max_bytes: Option<u64>,
    transactions: AtomicU64,
    unsettled: AtomicBool,
    /// How many pages the write-ahead log has.
    log_pages: Arc<AtomicU32>,
    /// The database file, once it was synced beside the writer. As long as it is open elsewhere it
    /// stays open here: who closes a file gives back all locks that the process has on it.
    kept_open: Mutex<Option<File>>,
}

impl Database {
    pub(super) fn new(
        folder: &Path,
        kinds: &[&'static Kind],
        max_bytes: Option<u64>,
        seam: Seam,
    ) -> Self {
        let mut distinct = Vec::<&'static Kind>::new();
        for kind in kinds {
            if distinct.iter().all(|known| known.name != kind.name) {
                distinct.push(kind);
            }
        }
        Self {
            file: folder.join(FILE),
            kinds: distinct,
            seam,
            max_bytes,
            transactions: AtomicU64::new(0),
            unsettled: AtomicBool::new(false),
            log_pages: Arc::default(),
            kept_open: Mutex::default(),
        }
    }

    /// Makes the file whole before it has its name, so that an empty or half one is known as
    /// damaged.
    pub(super) fn create_if_new(&self) -> Result<(), OpenError> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        let failed = |source| OpenError::folder(folder, source);
        if self.file.try_exists().map_err(failed)? {
            return if self.is_cut_short().map_err(failed)? {
                Err(OpenError::damaged(&self.file, "it is cut short"))
            } else {
                Ok(())
            };
        }
        if fs::metadata(self.log_file()).is_ok_and(|log| log.len() > 0) {
            let what = "its database file is missing beside its write-ahead log";
            return Err(OpenError::damaged(&self.file, what));
        }
        let new = folder.join(NEW_FILE);
        for name in ["store.new", "store.new-journal", "store.new-wal"] {
            remove_if_there(&folder.join(name)).map_err(failed)?;
        }
        let file = private_file(&new).map_err(failed)?;
        self.create(&new)
            .map_err(|error| OpenError::of(&self.file, error))?;
        file.sync_all().map_err(failed)?;
        fs::rename(&new, &self.file).map_err(failed)?;
        sync_folder(folder).map_err(failed)
    }

    fn create(&self, file: &Path) -> rusqlite::Result<()> {
        let connection = open(file)?;
        connection.execute_batch("PRAGMA auto_vacuum=INCREMENTAL")?;
        self.bound(&connection)?;
        connection.execute_batch(&schema::base())?;
        migrate::set_layout(&connection)?;
        connection.close().map_err(|(_, error)| error)
    }

    pub(super) fn open_writer(&self) -> Result<Connection, OpenError> {
        // Before anything of another program is changed.
        let open = || {
            let connection = open(&self.file)?;
            let ours = migrate::is_ours(&connection)?;
            Ok((connection, ours))
        };
        let (connection, ours) = open().map_err(|error| OpenError::of(&self.file, error))?;
        if !ours {
            let file = self.file.clone();
            return Err(OpenError::Foreign { file });
        }
        self.set_up(&connection)
            .map_err(|error| OpenError::of(&self.file, error))?;
        match connection.is_readonly(rusqlite::MAIN_DB) {
            Ok(false) => Ok(connection),
            Ok(true) => Err(OpenError::ReadOnly {
                file: self.file.clone(),
            }),
            Err(error) => Err(OpenError::of(&self.file, error)),
        }
    }

    /// A connection that never writes a page.
    pub(super) fn open_reader(&self) -> rusqlite::Result<Connection> {
        let connection = open(&self.file)?;
        connection.execute_batch("PRAGMA query_only=ON")?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }

    pub(super) fn open_checkpointer(&self) -> rusqlite::Result<Connection> {
        let connection = open(&self.file)?;
        set_durability(&connection)?;
        Ok(connection)
    }

    pub(super) fn transactions(&self) -> u64 {
        self.transactions.load(Ordering::Relaxed)
    }

    pub(super) fn count_transaction(&self) {
        self.transactions.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts the pages of the write-ahead log after each transaction of this connection.
    pub(super) fn watch_log(&self, connection: &mut Connection) -> rusqlite::Result<()> {
        let counter = Arc::clone(&self.log_pages);
        connection.wal_hook(Some(move |_: &mut Wal, pages| {
            counter.store(u32::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))
    }

    pub(super) fn log_pages(&self) -> u32 {
        self.log_pages.load(Ordering::Relaxed)
    }

    /// Brings to the disk what was written into the database file, but not the log.
    pub(super) fn sync(&self) -> io::Result<()> {
        let mut kept = self
            .kept_open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let file = match kept.take() {
            Some(file) => file,
            None => File::options().write(true).open(&self.file)?,
        };
        kept.insert(file).sync_data()
    }

    /// Makes the file of the write-ahead log this long, if it is shorter: a sync is faster if the
    /// file has not grown. What is added is no part of the log.
    pub(super) fn lengthen_log(&self, pages: u32) -> io::Result<()> {
        // Other than SQLite this writes at the end only, so the two never meet.
        let mut file = File::options().append(true).open(self.log_file())?;
        let missing = (u64::from(pages) * FRAME).saturating_sub(file.metadata()?.len());
        io::copy(&mut io::repeat(0).take(missing), &mut file)?;
        file.sync_data()
    }

    /// Whether a crash may bring back a commit that reads do not show.
    pub(super) fn is_unsettled(&self) -> bool {
        self.unsettled.load(Ordering::SeqCst)
    }

    pub(super) fn set_unsettled(&self, unsettled: bool) {
        self.unsettled.store(unsettled, Ordering::SeqCst);
    }

    /// Whether the file has fewer pages than its head says. `SQLite` takes an empty file for a new
    /// one, and fills up the last page.
    fn is_cut_short(&self) -> io::Result<bool> {
        let mut file = File::open(&self.file)?;
        let metadata = file.metadata()?;
        let mut head = [0; 100];
        match file.read_exact(&mut head) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(true),
            read => read?,
        }
        // Pages may still be in the write-ahead log.
        let log = fs::metadata(self.log_file()).map_or(0, |log| log.len());
        let [.., one, two, three, four] = head[..32] else {
            return Ok(false);
        };
        let pages = u64::from(u32::from_be_bytes([one, two, three, four]));
        let size = match u16::from_be_bytes([head[16], head[17]]) {
            1 => 65_536,
            size => u64::from(size),
        };
        Ok(log == 0 && metadata.len() < pages * size)
    }

    fn log_file(&self) -> PathBuf {
        self.file.with_extension("db-wal")
    }

    fn set_up(&self, connection: &Connection) -> rusqlite::Result<()> {
        connection.execute_batch("PRAGMA journal_mode=WAL")?;
        set_durability(connection)?;
        // Savepoints of a group stay in memory. More pages would not be faster: `SQLite` looks at
        // all of them at the end of a transaction that has moved some.
        connection.execute_batch("PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384")?;
        self.bound(connection)
    }

    fn bound(&self, connection: &Connection) -> rusqlite::Result<()> {
        let Some(bytes) = self.max_bytes else {
            return Ok(());
        };
        let size = connection.query_row("PRAGMA page_size", [], |row| row.get::<_, i64>(0))?;
        let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / size.max(1);
        let pages = pages.clamp(1, 4_294_967_294);
        connection.execute_batch(&format!("PRAGMA max_page_count={pages}"))
    }
}

fn open(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    // The file may come from anywhere.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.execute_batch("PRAGMA cell_size_check=ON")?;
    Ok(connection)
}

fn set_durability(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA synchronous=FULL;
         PRAGMA fullfsync=ON;
         PRAGMA checkpoint_fullfsync=ON;
         PRAGMA wal_autocheckpoint=0;
         PRAGMA journal_size_limit=67108864",
    )
}
