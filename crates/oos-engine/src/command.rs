//! What the outside asks of an engine, and what it gets.

use crate::input::Input;
use crate::{Execution, Outcome, Refusal};
use futures_channel::oneshot;
use oos_store::Changes;
use oos_template::Template;
use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// Rows that a caller wants written in the same commit as the outcome of its command: its token
/// row, for one. It may be asked again, when a commit has to be made again.
pub struct Attach(pub(crate) Box<dyn Fn(&Outcome) -> Changes + Send + Sync>);

impl Attach {
    /// Rows that depend on the outcome.
    #[must_use]
    pub fn new(rows: impl Fn(&Outcome) -> Changes + Send + Sync + 'static) -> Self {
        Self(Box::new(rows))
    }

    /// No rows.
    #[must_use]
    pub fn nothing() -> Self {
        Self::new(|_| Changes::new())
    }
}

impl fmt::Debug for Attach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Attach")
    }
}

/// Why a command has no outcome.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The command does not fit the execution; nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Another commit has written one of the attached rows first; nothing was changed.
    #[error("another call has written the attached row first")]
    AttachmentConflict,
    /// The store failed; whether anything was changed is in the text.
    #[error("the store failed: {0}")]
    Store(String),
    /// The engine has stopped.
    #[error("the engine has stopped")]
    Stopped,
}

pub(crate) type Reply = oneshot::Sender<Result<Outcome, CommandError>>;

/// A command on its way to the driver.
#[derive(Debug)]
pub(crate) struct Command {
    /// The key of the execution.
    pub(crate) key: String,
    /// The id of the execution, for the error when there is none.
    pub(crate) id: String,
    /// The template, with a command that starts an execution.
    pub(crate) template: Option<Arc<Template>>,
    pub(crate) queued: Queued,
}

/// Something that an execution is to take.
#[derive(Debug)]
pub(crate) struct Queued {
    pub(crate) ask: Ask,
    pub(crate) attach: Option<Attach>,
    pub(crate) reply: Option<Reply>,
}

#[derive(Debug)]
pub(crate) enum Ask {
    /// Begin to exist.
    Start(Box<Execution>),
    /// Take this input.
    Input(Input),
}

impl Queued {
    /// An input from inside, which nobody waits for.
    pub(crate) fn inside(input: Input) -> Self {
        Self {
            ask: Ask::Input(input),
            attach: None,
            reply: None,
        }
    }

    /// Tells whoever asked, if anybody did; they may have gone meanwhile.
    pub(crate) fn answer(self, outcome: Result<Outcome, CommandError>) {
        if let Some(reply) = self.reply {
            let _ = reply.send(outcome);
        }
    }
}
