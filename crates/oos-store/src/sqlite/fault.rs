//! What goes wrong below, in words.

use crate::{CommitError, ReadError};
use rusqlite::ErrorCode;
use std::error::Error;
use thiserror::Error;

/// An error of `SQLite`, without naming its type to anyone.
#[derive(Debug, Error)]
#[error("{0}")]
pub(super) struct Kept(rusqlite::Error);

/// The text of an error that several have to be told.
#[derive(Debug, Error)]
#[error("{0}")]
pub(super) struct Below(pub(super) String);

/// The file does not hold what was stored.
#[derive(Debug, Error)]
#[error("the store's file is damaged: {0}: put a copy in its place")]
pub(super) struct Damage(pub(super) String);

#[derive(Debug, Error)]
#[error("the store is closed")]
pub(super) struct Closed;

/// After a sync that failed nobody knows what a crash would leave.
#[derive(Debug, Error)]
#[error("the disk failed in a commit, and does not yet take another that would decide it")]
pub(super) struct Unsettled;

/// Why a page was not read.
#[derive(Debug)]
pub(super) enum Fault {
    Below(rusqlite::Error),
    Damage(Damage),
}

impl Kept {
    pub(super) fn of(error: rusqlite::Error) -> Self {
        Self(error)
    }
}

impl Fault {
    pub(super) fn damage(what: impl Into<String>) -> Self {
        Self::Damage(Damage(what.into()))
    }

    pub(super) fn into_read_error(self) -> ReadError {
        match self {
            Self::Below(error) => unreadable(Kept(error)),
            Self::Damage(damage) => unreadable(damage),
        }
    }

    /// The reason of a refusal.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Below(error) => reason(error),
            Self::Damage(damage) => damage.to_string(),
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Below(error)
    }
}

pub(super) fn unreadable(source: impl Error + Send + Sync + 'static) -> ReadError {
    let source = Box::new(source);
    ReadError::Unreadable { source }
}

pub(super) fn unknown(source: impl Error + Send + Sync + 'static) -> CommitError {
    let source = Box::new(source);
    CommitError::Unknown { source }
}

pub(super) fn refused(reason: &dyn ToString) -> CommitError {
    let reason = reason.to_string();
    CommitError::Refused { reason }
}

/// What is wrong and how to mend it.
pub(super) fn reason(error: &rusqlite::Error) -> String {
    let mend = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => {
            "it is full: make room on its disk, or raise its bound, and try again"
        }
        Some(ErrorCode::ReadOnly) => {
            "its file can not be written: give write permission to it and its folder"
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "its file is damaged: put a copy in its place"
        }
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
            "its disk fails: see to the disk and try again"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program has locked its file: close that and try again"
        }
        Some(ErrorCode::TooBig) => "a value is larger than the file can hold (1 GB)",
        Some(ErrorCode::OutOfMemory) => "there is not enough memory",
        _ => "its file could not be changed",
    };
    format!("{mend} ({error})")
}
