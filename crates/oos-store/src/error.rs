//! Why a store did not do it.

use std::error::Error;
use thiserror::Error;

/// A commit that did not succeed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CommitError {
    /// A key does not hold what a change expects; nothing was changed. Read again and decide anew.
    #[error("change {index} expects another state of `{key}` ({kind})")]
    Conflict {
        /// The first change, counted from 0, whose expectation does not hold.
        index: usize,
        /// Its kind.
        kind: &'static str,
        /// Its key.
        key: String,
    },
    /// The changes can not be made as they are (a kind, field or type that is not declared), or
    /// the store can not take them (full, read-only); nothing was changed.
    #[error("the store refuses the changes: {reason}")]
    Refused {
        /// What is wrong, in words.
        reason: String,
    },
    /// Nobody can tell whether the changes were made.
    #[error("the outcome of the commit is not known")]
    Unknown {
        /// What happened below.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

/// A read that did not succeed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The query names something that its kind does not declare.
    #[error("the store refuses the query: {reason}")]
    Refused {
        /// What is wrong, in words.
        reason: String,
    },
    /// The store can not be read.
    #[error("the store can not be read")]
    Unreadable {
        /// What happened below.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}
