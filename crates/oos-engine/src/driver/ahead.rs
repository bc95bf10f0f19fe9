//! Turns that are made while the one before them is being committed, so that the machines and the
//! disk work at the same time.
//!
//! Such a turn is handed to the store only when the one before it is committed, and nothing of it
//! is visible before its own commit. If the one before it fails, it was never made: its inputs are
//! taken again.

use super::{Active, Busy, Done, Driver, MOST_INPUTS_A_TURN};
use crate::Moment;
use crate::command::Queued;
use crate::turn::{Resident, Turn};
use futures_util::stream::StreamExt;
use oos_store::Changes;
use std::future::poll_fn;
use std::task::Poll;

/// A turn that waits for the one before it to be committed, and what it will write.
#[derive(Debug)]
pub(super) struct Ahead {
    pub(super) turn: Box<Turn>,
    pub(super) changes: Changes,
}

impl Ahead {
    /// The inputs, to be taken again.
    pub(super) fn unmake(self) -> impl Iterator<Item = Queued> {
        self.turn.unmake()
    }
}

impl Active {
    /// A turn with the inputs that wait, if the execution is in memory.
    pub(super) fn make_turn(&mut self, now: Moment) -> Option<(Box<Turn>, Changes)> {
        let resident = self.resident.take()?;
        let count = self.queue.len().min(MOST_INPUTS_A_TURN);
        let inputs = self.queue.drain(..count).collect();
        let (turn, changes) = Turn::make(resident, inputs, now);
        Some((Box::new(turn), changes))
    }
}

impl Driver {
    /// Lets work that was pushed lately begin, so that the store has a commit before the turn
    /// ahead of it is made. Work that is done may be handed out.
    pub(super) async fn begin_work(&mut self) -> Option<Done> {
        poll_fn(|context| match self.work.poll_next_unpin(context) {
            Poll::Ready(done) => Poll::Ready(done),
            Poll::Pending => Poll::Ready(None),
        })
        .await
    }

    /// The execution is in memory for a turn ahead.
    pub(super) fn lent(&mut self, key: &str, resident: Resident) {
        let Some(active) = self.active.get_mut(key) else {
            return;
        };
        active.resident = Some(resident);
        if !active.queue.is_empty() {
            self.eager.insert(key.to_owned());
        }
    }

    /// Makes one turn on top of one that is being committed; tells whether there was one to make.
    pub(super) fn make_turn_ahead(&mut self) -> bool {
        let now = self.now();
        while let Some(key) = self.eager.pop_first() {
            let Some(active) = self.active.get_mut(&key) else {
                continue;
            };
            let committing = active.busy == Some(Busy::Committing);
            if !committing || active.ahead.is_some() || active.queue.is_empty() {
                continue;
            }
            if let Some((turn, changes)) = active.make_turn(now) {
                active.ahead = Some(Ahead { turn, changes });
                return true;
            }
        }
        false
    }
}
