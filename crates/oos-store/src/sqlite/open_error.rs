//! Why a store could not be opened.

use super::fault::Kept;
use rusqlite::ErrorCode;
use std::{
    fmt, io,
    path::{Path, PathBuf},
};
use thiserror::Error;

type Below = Box<dyn std::error::Error + Send + Sync>;

/// A store that could not be opened. Nothing in the folder was changed, unless the disk failed in
/// the middle: then the next attempt finishes or undoes it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another store, of this or another process, holds the folder.
    #[error(
        "the data folder {} is in use{}: stop that process, use what it serves, or take another folder",
        folder.display(), Holder(*pid, endpoint.as_deref())
    )]
    Held {
        /// The folder.
        folder: PathBuf,
        /// The process that holds it, if it could be read.
        pid: Option<u32>,
        /// What that process [announced](super::SqliteStore::announce).
        endpoint: Option<String>,
    },
    /// The folder, or a file of it, can not be made, opened or locked, or the system gives no
    /// thread.
    #[error("the data folder {} can not be used: see that it can be made and written", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The file may only be read.
    #[error("the store {} can not be written: give write permission to the file and its folder", file.display())]
    ReadOnly {
        /// The file of the store.
        file: PathBuf,
    },
    /// There is no room for what opening has to write.
    #[error("there is no room for the store {}: make room on its disk, or raise its bound", file.display())]
    Full {
        /// The file of the store.
        file: PathBuf,
    },
    /// The file belongs to another program.
    #[error("the file {} is a database of another program: take another data folder", file.display())]
    Foreign {
        /// The file.
        file: PathBuf,
    },
    /// The file was made by a later version.
    #[error(
        "the store {} has layout {found}, this version knows layouts up to {known}: use the version that made it",
        file.display()
    )]
    Newer {
        /// The file of the store.
        file: PathBuf,
        /// Its layout.
        found: i64,
        /// The last layout that is known here.
        known: i64,
    },
    /// A kind can not be brought to what is declared now.
    #[error("the store {} can not be migrated: {reason}: use the version that made it", file.display())]
    Kind {
        /// The file of the store.
        file: PathBuf,
        /// What does not fit, in words.
        reason: String,
    },
    /// The file is no database, or a damaged one.
    #[error("the store {} is damaged: put a copy in its place, or take another data folder", file.display())]
    Damaged {
        /// The file of the store.
        file: PathBuf,
        /// What was found below.
        #[source]
        source: Below,
    },
    /// Everything else that went wrong below.
    #[error("the store {} can not be opened", file.display())]
    Database {
        /// The file of the store.
        file: PathBuf,
        /// What was found below.
        #[source]
        source: Below,
    },
}

impl OpenError {
    pub(super) fn folder(folder: &Path, source: io::Error) -> Self {
        let folder = folder.to_owned();
        Self::Folder { folder, source }
    }

    pub(super) fn damaged(file: &Path, what: &str) -> Self {
        let (file, source) = (file.to_owned(), what.into());
        Self::Damaged { file, source }
    }

    pub(super) fn of(file: &Path, error: rusqlite::Error) -> Self {
        let file = file.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { file },
            Some(ErrorCode::DiskFull) => Self::Full { file },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged {
                file,
                source: Kept::of(error).into(),
            },
            _ => Self::Database {
                file,
                source: Kept::of(error).into(),
            },
        }
    }
}

/// Says as much of a holder as is known.
struct Holder<'a>(Option<u32>, Option<&'a str>);

impl fmt::Display for Holder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(pid) = self.0 {
            write!(f, " by process {pid}")?;
        }
        match self.1 {
            Some(endpoint) => write!(f, " at {endpoint}"),
            None => Ok(()),
        }
    }
}
