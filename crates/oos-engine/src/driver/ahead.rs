//! Turns that are made while the one before them is being committed, so that the machines and the
//! disk work at the same time.
//!
//! Such a turn takes inputs until the one before it is committed; only then it is handed to the
//! store, and nothing of it is visible before its own commit. If the one before it fails, it was
//! never made: its inputs are taken again.

use super::{Active, Busy, Done, Driver, MOST_INPUTS_A_TURN};
use crate::Moment;
use crate::turn::{Draft, Resident, Turn};
use futures_util::stream::StreamExt;
use oos_store::Changes;
use std::future::poll_fn;
use std::task::Poll;

impl Active {
    /// A turn with the inputs that wait, if the execution is in memory.
    pub(super) fn make_turn(&mut self, now: Moment) -> Option<(Box<Turn>, Changes)> {
        let mut draft = Draft::new(self.resident.take()?);
        let count = self.queue.len().min(MOST_INPUTS_A_TURN);
        for queued in self.queue.drain(..count) {
            draft.take(queued, now);
        }
        let (turn, changes) = draft.finish();
        Some((Box::new(turn), changes))
    }

    /// Lets the turn ahead take the input that has waited longest; tells whether it did.
    fn take_ahead(&mut self, now: Moment) -> bool {
        if self.busy != Some(Busy::Committing) || self.queue.is_empty() {
            return false;
        }
        if self.ahead.is_none() {
            self.ahead = self.resident.take().map(Draft::new);
        }
        let open = |draft: &&mut Draft| draft.inputs() < MOST_INPUTS_A_TURN;
        let Some(draft) = self.ahead.as_mut().filter(open) else {
            return false;
        };
        let queued = self.queue.pop_front();
        queued.map(|queued| draft.take(queued, now)).is_some()
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

    /// Lets one turn on top of one that is being committed take one more input; tells whether there
    /// was one to take.
    pub(super) fn make_turn_ahead(&mut self) -> bool {
        while let Some(key) = self.eager.pop_first() {
            let now = self.now();
            let Some(active) = self.active.get_mut(&key) else {
                continue;
            };
            if active.take_ahead(now) {
                if !active.queue.is_empty() {
                    self.eager.insert(key);
                }
                return true;
            }
        }
        false
    }
}
