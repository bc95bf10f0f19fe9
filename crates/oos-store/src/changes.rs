//! What a commit changes.

use crate::{Kind, Record, record::Length};
use bytes::Bytes;
use std::fmt;

/// Changes that are made together or not at all.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    list: Vec<Change>,
}

/// One change. `Debug` shows the length of bodies only.
#[derive(Clone)]
#[expect(clippy::exhaustive_enums, reason = "a store has to treat every change")]
pub enum Change {
    /// Stores a record in the place of what its key held. The store counts the version.
    Put {
        /// The kind, of shape [`Records`](crate::Shape::Records).
        kind: &'static Kind,
        /// The record; its version is ignored.
        record: Record,
        /// What the key has to hold for the commit to succeed.
        expect: Expect,
    },
    /// Removes the record of a key, if there is one.
    Delete {
        /// The kind, of shape [`Records`](crate::Shape::Records).
        kind: &'static Kind,
        /// The key.
        key: String,
        /// What the key has to hold for the commit to succeed.
        expect: Expect,
    },
    /// Adds an entry at the end of a stream.
    Append {
        /// The kind, of shape [`Log`](crate::Shape::Log).
        kind: &'static Kind,
        /// The stream.
        stream: String,
        /// The entry.
        body: Bytes,
    },
}

/// What a key has to hold before a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a store has to treat every expectation"
)]
pub enum Expect {
    /// Nothing.
    Absent,
    /// A record of this version.
    Version(u64),
    /// Anything or nothing.
    Any,
}

impl Changes {
    /// No changes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same changes and a put.
    #[must_use]
    pub fn put(mut self, kind: &'static Kind, record: Record, expect: Expect) -> Self {
        self.list.push(Change::Put {
            kind,
            record,
            expect,
        });
        self
    }

    /// The same changes and a removal.
    #[must_use]
    pub fn delete(mut self, kind: &'static Kind, key: impl Into<String>, expect: Expect) -> Self {
        self.list.push(Change::Delete {
            kind,
            key: key.into(),
            expect,
        });
        self
    }

    /// The same changes and a log entry.
    #[must_use]
    pub fn append(
        mut self,
        kind: &'static Kind,
        stream: impl Into<String>,
        body: impl Into<Bytes>,
    ) -> Self {
        self.list.push(Change::Append {
            kind,
            stream: stream.into(),
            body: body.into(),
        });
        self
    }

    /// Adds all changes of another list, in its order.
    pub fn extend(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// The changes in their order; an index in [`CommitError`](crate::CommitError) counts in it.
    #[must_use]
    pub fn list(&self) -> &[Change] {
        &self.list
    }

    /// The changes in their order.
    #[must_use]
    pub fn into_list(self) -> Vec<Change> {
        self.list
    }

    /// The number of changes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is nothing to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl Change {
    /// The kind that is changed.
    #[must_use]
    pub fn kind(&self) -> &'static Kind {
        match self {
            Self::Put { kind, .. } | Self::Delete { kind, .. } | Self::Append { kind, .. } => kind,
        }
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind().name;
        match self {
            Self::Put { record, expect, .. } => {
                write!(f, "Put({kind}, {expect:?}, {record:?})")
            }
            Self::Delete { key, expect, .. } => write!(f, "Delete({kind}, {expect:?}, {key:?})"),
            Self::Append { stream, body, .. } => {
                write!(f, "Append({kind}, {stream:?}, {:?})", Length(body))
            }
        }
    }
}
